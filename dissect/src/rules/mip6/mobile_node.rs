//! Sending while away, RFC 6275 11.3.1 and 11.3.4, and Type 2 routing headers
//! on what must not have them, 9.3.2.

use mip6_wire::checksum::Sum;
use mip6_wire::icmpv6::{Icmpv6, kind};
use mip6_wire::ip::{ipv6_fields, proto};
use mip6_wire::transport::{port, tcp_fields, udp_fields};

use crate::packet::{ChecksumStatus, Proto, checksum_status, covered};
use crate::rules::id::*;
use crate::rules::judge::Judge;

/// Where a packet with a Home Address option goes.
pub(in crate::rules) fn judge_ipv6(j: &mut Judge<'_, '_>) {
    let Some(chain) = j.chain() else { return };
    let Some(home) = chain.home else { return };
    let destination = chain.wire_destination;
    // A Key Exchange Request does this on purpose (reading C3).
    let request = j.packet.layers.iter().any(|l| {
        l.chain == j.here().chain
            && l.proto == Proto::Mobility
            && j.packet.profile.codes(l.dialect).mh(l.kind).is_lke()
    });
    if !request {
        j.holds(MIP6_MN_PKT_007, !destination.is_unicast_link_local(), |d| {
            d.field(&ipv6_fields::DESTINATION, 24)
                .found(format!("{destination} with a Home Address option"))
                .wanted("none towards a link-local address")
        });
    }
    j.holds(MIP6_MN_PKT_017, !destination.is_multicast(), |d| {
        d.layer(home.layer)
            .found(format!("Home Address option towards {destination}"))
            .wanted("none towards a multicast group")
    });
}

pub(in crate::rules) fn judge_icmpv6(j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
    judge_checksum(j);
    let Some(chain) = j.chain() else { return };
    let home = chain.home;
    match h.kind {
        kind::ROUTER_SOLICITATION..=kind::REDIRECT => {
            j.holds(MIP6_MN_PKT_008, home.is_none(), |d| {
                d.layer(home.map_or(0, |h| h.layer))
                    .found("Home Address option with Neighbor Discovery")
                    .wanted("none")
            });
            let route = j.home_route();
            j.holds(MIP6_CN_PKT_002, route.is_none(), |d| {
                d.layer(route.unwrap_or(0))
                    .found("Type 2 routing header with Neighbor Discovery")
                    .wanted("none")
            });
        }
        kind::MLD_QUERY | kind::MLD_REPORT | kind::MLD_DONE | kind::MLD_REPORT_V2 => {
            j.holds(MIP6_MN_PKT_015, home.is_none(), |d| {
                d.layer(home.map_or(0, |h| h.layer))
                    .found("Home Address option with Multicast Listener Discovery")
                    .wanted("none on a foreign link")
            });
        }
        _ => {}
    }
}

pub(in crate::rules) fn judge_udp(j: &mut Judge<'_, '_>) {
    judge_checksum(j);
    // Of all that goes by, only the ports matter.
    let &[s0, s1, d0, d1, ..] = j.packet.octets(j.here()) else { return };
    let ports = [u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1])];
    if ports.iter().any(|p| matches!(*p, port::IKE | port::IKE_NAT)) {
        let Some(chain) = j.chain() else { return };
        let home = chain.home;
        j.holds(MIP6_MN_PKT_012, home.is_none(), |d| {
            d.layer(home.map_or(0, |h| h.layer))
                .found("Home Address option with key management")
                .wanted("none: it runs from the care-of address")
        });
    }
}

/// The checksum of what a mobile node sends covers the home address. Other
/// wrong checksums may be an interface's that had yet to compute them.
pub(in crate::rules) fn judge_checksum(j: &mut Judge<'_, '_>) {
    let Some(chain) = j.chain().filter(|c| c.home.is_some()) else { return };
    let (protocol, field, at) = match j.here().proto {
        Proto::Udp => (proto::UDP, &udp_fields::CHECKSUM, 6),
        Proto::Tcp => (proto::TCP, &tcp_fields::CHECKSUM, 16),
        Proto::Icmpv6 => (proto::ICMPV6, &mip6_wire::icmpv6::fields::CHECKSUM, 2),
        _ => return,
    };
    let status = checksum_status(j.packet, j.here());
    if status == ChecksumStatus::Unverified {
        return;
    }
    let wire = status == ChecksumStatus::Bad
        && covered(j.packet, j.here()).is_some_and(|octets| {
            Sum::pseudo_v6(&chain.wire_source, &chain.destination(), octets.len(), protocol)
                .over(octets)
                .is_right()
        });
    j.holds(MIP6_MN_PKT_005, !wire, |d| {
        d.field(field, at)
            .found("computed over the care-of address")
            .wanted("computed over the home address")
    });
}
