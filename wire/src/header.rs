//! Any header of a packet, and packets written from lists of them.

mod fill;
mod read;

pub use read::{read_packet, read_payload};

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::checksum::Sum;
use crate::codes::Codes;
use crate::dhcpv6::Dhcpv6;
use crate::icmpv6::Icmpv6;
use crate::ike::IkeMessage;
use crate::ip::{
    Authentication, DestinationOptions, Esp, Fragment, HopByHop, Ipv4, Ipv6, Routing, proto,
};
use crate::layout::{Bytes, Fix, Pending, Writer};
use crate::link::{CookedV1, CookedV2, Ethernet, Loopback, Vlan, ethertype};
use crate::mobility::Mobility;
use crate::transport::{Tcp, Udp};

/// One header of a packet, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header<'a> {
    /// Ethernet II.
    Ethernet(Ethernet),
    /// IEEE 802.1Q tag.
    Vlan(Vlan),
    /// Linux cooked capture v1.
    CookedV1(CookedV1),
    /// Linux cooked capture v2.
    CookedV2(CookedV2),
    /// BSD loopback.
    Loopback(Loopback),
    /// IPv4.
    Ipv4(Ipv4<'a>),
    /// IPv6.
    Ipv6(Ipv6),
    /// Hop-by-Hop Options.
    HopByHop(HopByHop<'a>),
    /// Destination Options.
    DestinationOptions(DestinationOptions<'a>),
    /// Routing header.
    Routing(Routing<'a>),
    /// Fragment header.
    Fragment(Fragment),
    /// Authentication Header.
    Authentication(Authentication<'a>),
    /// Encapsulating Security Payload.
    Esp(Esp<'a>),
    /// Mobility Header.
    Mobility(Mobility<'a>),
    /// ICMPv6.
    Icmpv6(Icmpv6<'a>),
    /// UDP.
    Udp(Udp),
    /// TCP.
    Tcp(Tcp<'a>),
    /// IKE.
    Ike(IkeMessage<'a>),
    /// DHCPv6.
    Dhcpv6(Dhcpv6<'a>),
    /// Octets without a format here, or that do not fit theirs.
    Raw(Bytes<'a>),
}

/// Calls `$body` with the layout inside a header; `Raw` has none.
macro_rules! with_layout {
    ($header:expr, $layout:ident => $body:expr, $raw:ident => $other:expr) => {
        match $header {
            Header::Ethernet($layout) => $body,
            Header::Vlan($layout) => $body,
            Header::CookedV1($layout) => $body,
            Header::CookedV2($layout) => $body,
            Header::Loopback($layout) => $body,
            Header::Ipv4($layout) => $body,
            Header::Ipv6($layout) => $body,
            Header::HopByHop($layout) => $body,
            Header::DestinationOptions($layout) => $body,
            Header::Routing($layout) => $body,
            Header::Fragment($layout) => $body,
            Header::Authentication($layout) => $body,
            Header::Esp($layout) => $body,
            Header::Mobility($layout) => $body,
            Header::Icmpv6($layout) => $body,
            Header::Udp($layout) => $body,
            Header::Tcp($layout) => $body,
            Header::Ike($layout) => $body,
            Header::Dhcpv6($layout) => $body,
            Header::Raw($raw) => $other,
        }
    };
}

use with_layout;

impl<'a> Header<'a> {
    /// The octets of this header alone; what depends on its neighbours and is
    /// not set is zero.
    pub fn to_bytes(&self, codes: &Codes) -> Vec<u8> {
        let mut w = Writer::new(codes);
        self.write(&mut w);
        w.finish().0
    }

    fn write<'w>(&self, w: &mut Writer<'w>)
    where
        'a: 'w,
    {
        with_layout!(self, layout => w.write(layout), raw => w.raw(raw));
    }

    /// IP protocol number by which the header in front announces this one.
    pub fn protocol(&self) -> Option<u8> {
        Some(match self {
            Self::Ipv4(_) => proto::IPV4,
            Self::Ipv6(_) => proto::IPV6,
            Self::HopByHop(_) => proto::HOP_BY_HOP,
            Self::DestinationOptions(_) => proto::DESTINATION_OPTIONS,
            Self::Routing(_) => proto::ROUTING,
            Self::Fragment(_) => proto::FRAGMENT,
            Self::Authentication(_) => proto::AH,
            Self::Esp(_) => proto::ESP,
            Self::Mobility(_) => proto::MOBILITY,
            Self::Icmpv6(_) => proto::ICMPV6,
            Self::Udp(_) => proto::UDP,
            Self::Tcp(_) => proto::TCP,
            _ => return None,
        })
    }

    /// EtherType by which a link layer in front announces this one.
    pub fn ethertype(&self) -> Option<u16> {
        Some(match self {
            Self::Ipv4(_) => ethertype::IPV4,
            Self::Ipv6(_) => ethertype::IPV6,
            Self::Vlan(_) => ethertype::VLAN,
            _ => return None,
        })
    }
}

/// Writes a packet from its headers, in order. Whatever a header leaves to be
/// computed is: next headers, lengths, checksums. Whatever it sets is sent as
/// it is.
pub fn write_packet(headers: &[Header<'_>], codes: &Codes) -> Vec<u8> {
    let mut w = Writer::new(codes);
    let mut starts = Vec::with_capacity(headers.len() + 1);
    for header in headers {
        starts.push(w.len());
        header.write(&mut w);
    }
    starts.push(w.len());
    let (mut out, pending) = w.finish();
    // Checksums cover the other computed fields, inner ones before outer.
    for p in pending.iter().filter(|p| p.fix != Fix::Checksum) {
        let value = plain_value(p, headers, &starts, out.len());
        p.fill(&mut out, value);
    }
    for p in pending.iter().rev().filter(|p| p.fix == Fix::Checksum) {
        let value = u64::from(checksum(p, headers, &starts, &out, codes));
        p.fill(&mut out, value);
    }
    out
}

/// Index of the header that begins at `start`.
fn index_of(start: usize, starts: &[usize]) -> usize {
    starts.iter().rposition(|s| *s == start).unwrap_or(0).min(starts.len().saturating_sub(2))
}

fn plain_value(p: &Pending, headers: &[Header<'_>], starts: &[usize], total: usize) -> u64 {
    let index = index_of(p.start, starts);
    let following = headers.get(index + 1);
    match p.fix {
        Fix::Payload => (total - starts[index + 1]) as u64,
        Fix::Whole => (total - p.start) as u64,
        Fix::Next => match following {
            Some(h) => u64::from(h.protocol().unwrap_or(proto::NONE)),
            None => u64::from(proto::NONE),
        },
        Fix::EtherType => u64::from(following.and_then(Header::ethertype).unwrap_or(0)),
        Fix::Own { .. } | Fix::Checksum => 0,
    }
}

/// Addresses that an upper-layer checksum covers: of the innermost IP header
/// before `index`, with the home address of a Home Address option for source
/// (RFC 6275 6.1.1) and the last address of a routing header for destination
/// (RFC 8200 8.1), or that of an option of Local Key Exchange in its place.
enum Addresses {
    V4(Ipv4Addr, Ipv4Addr),
    V6(Ipv6Addr, Ipv6Addr),
    None,
}

fn addresses(headers: &[Header<'_>], index: usize, codes: &Codes) -> Addresses {
    let Some(ip) =
        headers[..index].iter().rposition(|h| matches!(h, Header::Ipv4(_) | Header::Ipv6(_)))
    else {
        return Addresses::None;
    };
    match &headers[ip] {
        Header::Ipv4(v4) => Addresses::V4(v4.source, v4.destination),
        Header::Ipv6(v6) => {
            let (mut source, mut destination) = (v6.source, v6.destination);
            for h in &headers[ip..index] {
                match h {
                    Header::DestinationOptions(d) => {
                        let home = d.list().flatten().find_map(|o| o.home_address());
                        source = home.unwrap_or(source);
                        if matches!(headers[index], Header::Mobility(_)) {
                            let careof = d.list().flatten().find_map(|o| o.careof_address(codes));
                            destination = careof.unwrap_or(destination);
                        }
                    }
                    Header::Routing(r) => {
                        destination = r.final_destination().unwrap_or(destination);
                    }
                    _ => {}
                }
            }
            Addresses::V6(source, destination)
        }
        _ => Addresses::None,
    }
}

fn checksum(
    p: &Pending,
    headers: &[Header<'_>],
    starts: &[usize],
    out: &[u8],
    codes: &Codes,
) -> u16 {
    let index = index_of(p.start, starts);
    let header = &headers[index];
    // A Mobility Header's checksum covers the header and nothing after it
    // (RFC 6275 6.1.1), an IPv4 one likewise; the others cover their payload.
    let end = match header {
        Header::Ipv4(_) | Header::Mobility(_) => starts[index + 1],
        _ => out.len(),
    };
    let covered = &out[p.start..end];
    if matches!(header, Header::Ipv4(_)) {
        return Sum::default().over(covered).checksum();
    }
    let protocol = header.protocol().unwrap_or(proto::NONE);
    let pseudo = match addresses(headers, index, codes) {
        Addresses::V4(s, d) => Sum::pseudo_v4(s, d, covered.len(), protocol),
        Addresses::V6(s, d) => Sum::pseudo_v6(&s, &d, covered.len(), protocol),
        Addresses::None => Sum::default(),
    };
    let value = pseudo.over(covered).checksum();
    // UDP sends 0xffff for a checksum of 0, which means none (RFC 768).
    if value == 0 && matches!(header, Header::Udp(_)) { 0xffff } else { value }
}
