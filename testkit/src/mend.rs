//! Lengths and checksums of packets that something happened to, put right: so
//! that the damage gets further than to the first check.

use std::net::Ipv6Addr;

use mip6_wire::checksum::Sum;
use mip6_wire::ip::proto;

/// Octets of an Ethernet header and of an IPv6 header.
const ETHERNET: usize = 14;
const IPV6: usize = 40;

/// Mends the payload length of an IPv6 packet in an Ethernet frame, and the
/// checksum of its upper layer where that can be found.
pub fn mend(frame: &mut [u8]) {
    let Some(packet) = frame.get_mut(ETHERNET..) else { return };
    if packet.len() < IPV6 {
        return;
    }
    let len = u16::try_from(packet.len() - IPV6).unwrap_or(u16::MAX);
    packet[4..6].copy_from_slice(&len.to_be_bytes());
    let (mut next, mut at) = (packet[6], IPV6);
    let mut source = address(&packet[8..24]);
    let mut destination = address(&packet[24..40]);
    while matches!(next, proto::HOP_BY_HOP | proto::DESTINATION_OPTIONS | proto::ROUTING) {
        let Some(header) = packet.get(at..at + 8) else { return };
        let len = (usize::from(header[1]) + 1) * 8;
        let Some(header) = packet.get(at..at + len) else { return };
        // A Home Address option and a Type 2 routing header have the addresses that
        // upper layers see.
        if next == proto::DESTINATION_OPTIONS
            && let Some(option) = header.windows(18).find(|w| w[..2] == [0xc9, 16])
        {
            source = address(&option[2..]);
        }
        if next == proto::ROUTING && header[2] == 2 && header[3] == 1 && len == 24 {
            destination = address(&header[8..]);
        }
        (next, at) = (header[0], at + len);
    }
    let field = at
        + match next {
            proto::ICMPV6 => 2,
            proto::UDP => 6,
            proto::MOBILITY => 4,
            _ => return,
        };
    if packet.get(field..field + 2).is_none() {
        return;
    }
    packet[field..field + 2].fill(0);
    let upper = &packet[at..];
    let len = match next {
        proto::MOBILITY => (usize::from(upper[1]) + 1) * 8,
        _ => upper.len(),
    };
    let covered = &upper[..len.min(upper.len())];
    let sum = Sum::pseudo_v6(&source, &destination, covered.len(), next).over(covered).checksum();
    let sum = sum.to_be_bytes();
    packet[field..field + 2].copy_from_slice(&sum);
}

/// The address in 16 octets.
fn address(octets: &[u8]) -> Ipv6Addr {
    <[u8; 16]>::try_from(octets).map_or(Ipv6Addr::UNSPECIFIED, Ipv6Addr::from)
}
