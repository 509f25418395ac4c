//! Checksums of upper layers, over the addresses that count.

use mip6_wire::checksum::Sum;
use mip6_wire::ip::{Ipv4, proto};
use mip6_wire::mobility::Mobility;

use super::{Chain, Layer, Packet, Proto};

/// Whether a checksum is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChecksumStatus {
    /// It is right.
    Good,
    /// It is wrong.
    Bad,
    /// It cannot be told: not captured as a whole, a fragment, a quotation, or
    /// a UDP checksum of 0.
    Unverified,
}

/// Start of the pseudo-header of a layer in `chain`: the home address for
/// source (RFC 6275 6.1.1 and 11.3.1), the end of the route for destination
/// (RFC 8200 8.1).
pub fn pseudo_header(packet: &Packet<'_>, chain: &Chain, len: usize, protocol: u8) -> Sum {
    let ip = &packet.layers[chain.ip];
    let ipv4 = if ip.proto == Proto::Ipv4 { packet.read::<Ipv4<'_>>(ip) } else { None };
    match ipv4 {
        Some(h) => Sum::pseudo_v4(h.source, h.destination, len, protocol),
        None => Sum::pseudo_v6(&chain.source(), &chain.destination(), len, protocol),
    }
}

/// Octets that the checksum of a layer covers, if all are there: its own for a
/// Mobility Header, up to the end of the packet for the others.
pub(crate) fn covered<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<&'a [u8]> {
    let chain = packet.chain(layer)?;
    if chain.quoted || chain.fragment || !chain.complete || !layer.readable || !layer.is_complete()
    {
        return None;
    }
    if layer.proto == Proto::Mobility {
        Some(packet.octets(layer))
    } else {
        let source = packet.source(layer.source);
        source.get(layer.offset as usize..chain.end as usize)
    }
}

/// The checksum of a layer.
pub fn checksum_status(packet: &Packet<'_>, layer: &Layer) -> ChecksumStatus {
    let protocol = match layer.proto {
        Proto::Mobility => proto::MOBILITY,
        Proto::Icmpv6 => proto::ICMPV6,
        // Octets 6 and 7; 0 says that there is none.
        Proto::Udp if packet.octets(layer).get(6..8) == Some(&[0, 0]) => {
            return ChecksumStatus::Unverified;
        }
        Proto::Udp => proto::UDP,
        Proto::Tcp => proto::TCP,
        _ => return ChecksumStatus::Unverified,
    };
    let (Some(chain), Some(octets)) = (packet.chain(layer), covered(packet, layer)) else {
        return ChecksumStatus::Unverified;
    };
    let sum = pseudo_header(packet, chain, octets.len(), protocol).over(octets);
    if sum.is_right() || (chain.home.is_some() && is_over_wire(packet, layer, octets)) {
        ChecksumStatus::Good
    } else {
        ChecksumStatus::Bad
    }
}

/// Whether the checksum of a message of Local Key Exchange is right over the source in
/// the IPv6 header (reading C5).
#[cold]
fn is_over_wire(packet: &Packet<'_>, layer: &Layer, octets: &[u8]) -> bool {
    let header = || packet.read::<Mobility<'_>>(layer);
    layer.proto == Proto::Mobility
        && header().is_some_and(|h| h.format().is_lke())
        && packet.chain(layer).is_some_and(|chain| {
            let (source, destination) = (chain.wire_source, chain.destination());
            let pseudo = Sum::pseudo_v6(&source, &destination, octets.len(), proto::MOBILITY);
            pseudo.over(octets).is_right()
        })
}
