//! Numbers that follow from the rest of a packet, where no layout computes them.

use mip6_wire::header::Header;
use mip6_wire::icmpv6::mld::Mld;
use mip6_wire::icmpv6::{Icmpv6Body, kind};
use mip6_wire::ip::RoutingBody;
use mip6_wire::mobility::Message;

use crate::spec::{Body, HeaderSpec, PacketSpec};

/// Octets of an address in a list.
const ADDRESS: usize = 16;

/// Computes counts and lengths in one header, where the spec sets none.
pub(super) fn header(header: &mut Header<'_>, body: &Body) {
    let unset = |name: &str| !body.sets(name);
    match header {
        Header::Ipv4(h) if unset("ip.hdr_words") => {
            let words = (20 + h.options.len()).div_ceil(4).min(15) as u8;
            h.version_words = h.version_words & 0xf0 | words;
        }
        Header::Tcp(h) if unset("tcp.hdr_words") => {
            let words = (20 + h.options.len()).div_ceil(4).min(15) as u16;
            h.words_flags = h.words_flags & 0x0fff | words << 12;
        }
        Header::Routing(h) => {
            let addresses = match &mut h.body {
                RoutingBody::Home { .. } => 1,
                RoutingBody::Source { addresses, .. } => addresses.len() / ADDRESS,
                RoutingBody::Segment { last, addresses, .. } => {
                    // The last entry counts from 0, RFC 8754 2.
                    let entry = (addresses.len() / ADDRESS).saturating_sub(1);
                    if unset("ipv6.routing.srh.last_entry") {
                        *last = entry as u8;
                    }
                    entry
                }
                RoutingBody::Rpl { .. } | RoutingBody::Unknown(_) => 0,
            };
            if unset("ipv6.routing.segleft") {
                h.segments_left = addresses as u8;
            }
        }
        Header::Mobility(h) => {
            if let Message::HomeAgentSwitch { count, addresses, .. } = &mut h.message
                && unset("mip6.has.num_addrs")
            {
                *count = (addresses.len() / ADDRESS) as u8;
            }
        }
        Header::Icmpv6(h) => {
            if let Icmpv6Body::Mld(Mld::QueryV2 { count, sources, .. }) = &mut h.body
                && unset("icmpv6.mld.nb_sources")
            {
                *count = (sources.len() / ADDRESS) as u16;
            }
        }
        _ => {}
    }
}

/// Neighbor Discovery wants a hop limit of 255 (RFC 4861 6.1 and 7.1), which a
/// packet has unless its spec sets another.
pub(super) fn hop_limits(headers: &mut [Header<'_>], spec: &PacketSpec) {
    let discovery = |h: &Header<'_>| matches!(h, Header::Icmpv6(m) if (kind::ROUTER_SOLICITATION..=kind::REDIRECT).contains(&m.kind));
    let Some(message) = headers.iter().position(discovery) else { return };
    let around = headers[..message].iter().rposition(|h| matches!(h, Header::Ipv6(_)));
    let Some(around) = around else { return };
    if let (Header::Ipv6(ip), Some(HeaderSpec::Of(_, body))) =
        (&mut headers[around], spec.headers.get(around))
        && !body.sets("ipv6.hlim")
    {
        ip.hop_limit = 255;
    }
}
