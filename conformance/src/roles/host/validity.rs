//! Whether a message of Neighbor Discovery is to be believed: RFC 4861 6.1.1,
//! 6.1.2, 7.1.1, 7.1.2 and 8.1.

use std::net::Ipv6Addr;

use mip6_wire::codes::{Codes, NdFormat};
use mip6_wire::icmpv6::nd::NdOptions;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, NaFlags};

use super::is_link_local;
use super::received::Received;

/// Whether a message of Neighbor Discovery is valid; the checksum has been
/// verified. The length is that of its type, since it has been read as one.
/// Options that do not belong into a message are ignored, unless the fault of
/// minding them is there (`minds`).
pub(super) fn is_valid(p: &Received, message: &Icmpv6<'_>, codes: &Codes, minds: bool) -> bool {
    // From this link alone.
    if p.hop_limit != 255 || message.code != 0 || p.tunnel.is_some() {
        return false;
    }
    let Some(list) = message.body.nd_options() else { return false };
    let mut link_layer = false;
    for option in NdOptions::new(list, message.kind, codes) {
        let Ok(option) = option else { return false };
        // Advertisement Interval and Home Agent Information belong into Router
        // Advertisements.
        if minds && matches!(message.kind, 135 | 136) && matches!(option.kind, 7 | 8) {
            return false;
        }
        link_layer |= option.format == NdFormat::SourceLinkLayer;
    }
    let nameless = p.source.is_unspecified();
    match &message.body {
        Icmpv6Body::RouterSolicitation { .. } => !(nameless && link_layer),
        Icmpv6Body::RouterAdvertisement { .. } => is_link_local(p.source),
        Icmpv6Body::NeighborSolicitation { target, .. } => {
            let to_group = is_solicited_node(p.destination);
            !target.is_multicast() && (!nameless || to_group && !link_layer)
        }
        Icmpv6Body::NeighborAdvertisement { flags, target, .. } => {
            let answers_many = p.destination.is_multicast() && flags.contains(NaFlags::S);
            !target.is_multicast() && !answers_many
        }
        Icmpv6Body::Redirect { target, destination, .. } => {
            let toward_router = is_link_local(*target) || target == destination;
            is_link_local(p.source) && !destination.is_multicast() && toward_router
        }
        _ => false,
    }
}

/// Whether an address is one of the solicited-node multicast addresses.
fn is_solicited_node(a: Ipv6Addr) -> bool {
    a.is_multicast() && super::solicited_node(a) == a
}
