//! From a frame to its IP packet: link layers.

use mip6_wire::ip::proto;
use mip6_wire::link::{CookedV1, CookedV2, Ethernet, Loopback, Vlan, ethertype};

use super::Proto;
use super::walk::{Next, Walk};
use crate::capture::LinkType;

/// Stacked VLAN tags beyond this are not followed.
const MAX_TAGS: usize = 8;

impl Walk<'_, '_> {
    /// Reads the link layer and says what follows.
    pub(super) fn link_layer(&mut self) -> Next {
        match self.link {
            LinkType::ETHERNET => self.ethernet(),
            LinkType::LINUX_SLL => {
                let read = self.read::<CookedV1>(Proto::Cooked);
                read.map_or(Next::Stop, |h| by_ethertype(h.protocol.get()))
            }
            LinkType::LINUX_SLL2 => {
                let read = self.read::<CookedV2>(Proto::Cooked);
                read.map_or(Next::Stop, |h| by_ethertype(h.protocol.get()))
            }
            LinkType::NULL | LinkType::LOOP => self.loopback(),
            LinkType::RAW | LinkType::RAW_BSD | LinkType::RAW_OPENBSD => self.by_version(),
            LinkType::IPV4 => Next::Protocol(proto::IPV4),
            LinkType::IPV6 => Next::Protocol(proto::IPV6),
            LinkType::IEEE802_11 => self.ieee80211(0),
            LinkType::IEEE802_11_RADIOTAP => match self.peek() {
                // Version, padding, length of the header (little-endian).
                [_, _, low, high, ..] => {
                    self.ieee80211(usize::from(u16::from_le_bytes([*low, *high])))
                }
                _ => Next::Data,
            },
            _ => Next::Data,
        }
    }

    fn ethernet(&mut self) -> Next {
        let Some(h) = self.read::<Ethernet>(Proto::Ethernet) else { return Next::Stop };
        let mut kind = h.kind.get();
        for _ in 0..MAX_TAGS {
            if !matches!(
                kind,
                ethertype::VLAN | ethertype::SERVICE_VLAN | ethertype::OLD_SERVICE_VLAN
            ) {
                break;
            }
            let Some(h) = self.read::<Vlan>(Proto::Vlan) else { return Next::Stop };
            kind = h.kind.get();
        }
        by_ethertype(kind)
    }

    fn loopback(&mut self) -> Next {
        match self.read::<Loopback>(Proto::Loopback) {
            Some(l) if l.is_ipv6() => Next::Protocol(proto::IPV6),
            Some(l) if l.is_ipv4() => Next::Protocol(proto::IPV4),
            Some(_) => Next::Data,
            None => Next::Stop,
        }
    }

    fn by_version(&self) -> Next {
        match self.peek().first().map(|b| b >> 4) {
            Some(4) => Next::Protocol(proto::IPV4),
            Some(6) => Next::Protocol(proto::IPV6),
            _ => Next::Data,
        }
    }

    /// Data frames with an LLC/SNAP header, after `skip` octets of radio
    /// information; their own header is passed over, not shown.
    fn ieee80211(&mut self, skip: usize) -> Next {
        let octets = self.peek();
        let Some([control, flags]) = octets.get(skip..skip + 2) else { return Next::Data };
        let (kind, subtype) = (control >> 2 & 3, control >> 4);
        let protected = flags & 0x40 != 0;
        if kind != 2 || subtype & 4 != 0 || protected {
            return Next::Data;
        }
        let mut len = 24;
        if flags & 3 == 3 {
            len += 6;
        }
        if subtype & 8 != 0 {
            len += 2;
            // With QoS control, the Order flag announces HT control.
            if flags & 0x80 != 0 {
                len += 4;
            }
        }
        let at = skip + len;
        let Some([0xaa, 0xaa, 0x03, _, _, _, high, low]) = octets.get(at..at + 8) else {
            return Next::Data;
        };
        let kind = u16::from_be_bytes([*high, *low]);
        self.skip(at + 8);
        by_ethertype(kind)
    }
}

fn by_ethertype(kind: u16) -> Next {
    match kind {
        ethertype::IPV6 => Next::Protocol(proto::IPV6),
        ethertype::IPV4 => Next::Protocol(proto::IPV4),
        _ => Next::Data,
    }
}
