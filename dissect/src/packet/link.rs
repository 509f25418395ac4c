//! From a frame to its IP packet: link layers.

use mip6_wire::header::Header;
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
        match self.packet.frame.link {
            LinkType::ETHERNET => self.ethernet(),
            LinkType::LINUX_SLL => {
                let Some(h) = self.read::<CookedV1>(Proto::Cooked, Header::CookedV1) else {
                    return Next::Stop;
                };
                self.ethertype(h)
            }
            LinkType::LINUX_SLL2 => {
                let Some(h) = self.read::<CookedV2>(Proto::Cooked, Header::CookedV2) else {
                    return Next::Stop;
                };
                self.ethertype(h)
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
        let Some(h) = self.read::<Ethernet>(Proto::Ethernet, Header::Ethernet) else {
            return Next::Stop;
        };
        let mut kind = self.last_ethertype(h);
        for _ in 0..MAX_TAGS {
            if !matches!(
                kind,
                ethertype::VLAN | ethertype::SERVICE_VLAN | ethertype::OLD_SERVICE_VLAN
            ) {
                break;
            }
            let Some(h) = self.read::<Vlan>(Proto::Vlan, Header::Vlan) else { return Next::Stop };
            kind = self.last_ethertype(h);
        }
        by_ethertype(kind)
    }

    fn ethertype(&self, layer: usize) -> Next {
        by_ethertype(self.last_ethertype(layer))
    }

    fn last_ethertype(&self, layer: usize) -> u16 {
        match &self.packet.layers[layer].header {
            Header::Ethernet(h) => h.kind.get(),
            Header::Vlan(h) => h.kind.get(),
            Header::CookedV1(h) => h.protocol.get(),
            Header::CookedV2(h) => h.protocol.get(),
            _ => 0,
        }
    }

    fn loopback(&mut self) -> Next {
        let Some(h) = self.read::<Loopback>(Proto::Loopback, Header::Loopback) else {
            return Next::Stop;
        };
        match &self.packet.layers[h].header {
            Header::Loopback(l) if l.is_ipv6() => Next::Protocol(proto::IPV6),
            Header::Loopback(l) if l.is_ipv4() => Next::Protocol(proto::IPV4),
            _ => Next::Data,
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
