//! The Mobility Header itself, RFC 6275 6.1 and 6.1.1.

use std::net::Ipv6Addr;

use mip6_security::mobility::local::Reading;
use mip6_wire::checksum::Sum;
use mip6_wire::codes::MhFormat;
use mip6_wire::ip::{Ipv6, proto};
use mip6_wire::mobility::{Message, header_fields as field};

use super::is_base;
use crate::packet::{Proto, covered};
use crate::rules::id::*;
use crate::rules::judge::Judge;
use crate::rules::listed::Listed;
use crate::rules::lke::by_reading;
use crate::rules::lke::message::other_carrier;
use crate::rules::{Level, Req};

const RESERVED_AT: usize = 3;
const CHECKSUM_AT: usize = 4;

/// Judges the header; whether its length and checksum let a receiver keep it.
pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Listed<'_>) -> bool {
    let layer = j.here();
    let claimed = (usize::from(h.len.get()) + 1) * 8;
    j.holds(MIP6_MH_001, true, |d| d);
    j.holds(MIP6_MH_002, h.payload_proto == proto::NONE, |d| {
        d.field(&field::PAYLOAD_PROTO, 0).found(h.payload_proto).wanted(proto::NONE)
    });
    let there = layer.len as usize;
    j.holds(MIP6_MH_003, claimed <= there, |d| {
        d.field(&field::HEADER_LEN, 1)
            .found(format!("{} ({claimed} octets)", h.len.get()))
            .wanted(format!("at most the {there} octets of the payload"))
    });
    leftover(j, h);
    // An MH Type of 16 bits has no reserved octet; what its rules say of that is theirs.
    if h.kind != 0 || !h.format().is_lke() {
        j.holds(MIP6_MH_004, h.reserved == 0, |d| {
            d.field(&field::RESERVED, RESERVED_AT)
                .found(format!("{:#04x}", h.reserved))
                .wanted("0x00")
        });
    }
    let sound = claimed == there && checksum(j, h);
    let Some(chain) = j.chain() else { return sound };
    let ip = &j.packet.layers[chain.ip];
    if ip.source == layer.source {
        let at = (layer.offset - ip.offset) as usize;
        j.holds(MIP6_MH_011, at.is_multiple_of(8), |d| {
            d.found(format!("Mobility Header {at} octets after the start of the IPv6 header"))
                .wanted("a multiple of 8")
        });
    }
    if !is_base(h.format()) {
        return sound;
    }
    if !matches!(h.message, Message::BindingAcknowledgement { .. }) {
        let route = j.home_route();
        j.holds(MIP6_MH_012, route.is_none(), |d| {
            d.layer(route.unwrap_or_default())
                .found(format!("Type 2 routing header with a {}", h.format().title()))
                .wanted("none but with a Binding Acknowledgement")
        });
    }
    if !matches!(h.message, Message::BindingUpdate { .. }) {
        j.holds(MIP6_MH_013, chain.home.is_none(), |d| {
            d.layer(chain.home.map_or(0, |h| h.layer))
                .found(format!("Home Address option with a {}", h.format().title()))
                .wanted("none but with a Binding Update")
        });
    }
    sound
}

/// Octets behind a Mobility Header that says nothing follows.
fn leftover(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    let next = j.packet.layers.get(j.layer + 1);
    if let (proto::NONE, Some(next)) = (h.payload_proto, next)
        && next.proto == Proto::Data
        && next.chain == j.here().chain
    {
        let (left, at) = (next.full_len, j.layer + 1);
        j.holds(MIP6_MH_003, false, |d| {
            d.layer(at)
                .found(format!("{left} octets behind the Mobility Header"))
                .wanted("a Header Len that counts them")
        });
    }
}

/// What the checksum was computed over, if it is not what it should be.
enum Wrong {
    WireSource,
    WireDestination,
    WireBoth,
    NextHeader(u8),
    Anything,
}

fn checksum(j: &mut Judge<'_, '_>, h: &Listed<'_>) -> bool {
    let (Some(chain), Some(octets)) = (j.chain(), covered(j.packet, j.here())) else {
        return true;
    };
    let body = Sum::default().over(octets);
    let right = |s: &Ipv6Addr, d: &Ipv6Addr, next: u8| {
        let pseudo = Sum::pseudo_v6(s, d, octets.len(), next);
        pseudo.and(body).is_right()
    };
    let (source, destination) = (chain.source(), chain.destination());
    let good = right(&source, &destination, proto::MOBILITY);
    j.holds(MIP6_MH_006, true, |d| d);
    if chain.home.is_some() {
        j.holds(MIP6_MH_007, true, |d| d);
    }
    if chain.named().is_some() {
        j.holds(MIP6_MH_008, true, |d| d);
    }
    j.holds(MIP6_MH_009, true, |d| d);
    if good {
        return true;
    }
    // Over a care-of address in an option that is not known (reading C6): the rule for
    // what carries the address says so.
    if other_carrier(j, h).is_some_and(|(_, c)| right(&source, &c.address, proto::MOBILITY)) {
        return true;
    }
    let first = match j.packet.read::<Ipv6>(&j.packet.layers[chain.ip]) {
        Some(ip) if ip.version() == 6 => ip.next.get(),
        _ => proto::MOBILITY,
    };
    let wrong = if chain.home.is_some() && right(&chain.wire_source, &destination, proto::MOBILITY)
    {
        Wrong::WireSource
    } else if chain.named().is_some() && right(&source, &chain.wire_destination, proto::MOBILITY) {
        Wrong::WireDestination
    } else if chain.home.is_some()
        && right(&chain.wire_source, &chain.wire_destination, proto::MOBILITY)
    {
        Wrong::WireBoth
    } else if let Some(n) = [2, first].into_iter().find(|n| right(&source, &destination, *n)) {
        Wrong::NextHeader(n)
    } else {
        Wrong::Anything
    };
    let stored = h.checksum.get();
    let wanted = wanted(&source, &destination, octets);
    let (r, over): (Req, String) = match wrong {
        Wrong::WireSource => {
            (MIP6_MH_007, format!(", computed over the source {}", chain.wire_source))
        }
        Wrong::WireBoth => {
            let (source, destination) = (chain.wire_source, chain.wire_destination);
            (MIP6_MH_007, format!(", computed over the addresses {source} and {destination}"))
        }
        Wrong::WireDestination => {
            (MIP6_MH_008, format!(", computed over the destination {}", chain.wire_destination))
        }
        Wrong::NextHeader(n) => (MIP6_MH_009, format!(", computed over next header {n}")),
        Wrong::Anything => (MIP6_MH_006, String::new()),
    };
    let local = h.format().is_lke();
    if local && matches!(wrong, Wrong::WireSource) {
        // A reading of Local Key Exchange.
        let place = Some((&field::CHECKSUM, CHECKSUM_AT));
        by_reading(j, r, Reading::WireSource, Level::May, place);
        return true;
    }
    // So is the address in the place of a routing header (C6).
    let open = local && matches!(wrong, Wrong::WireDestination);
    j.holds(r, false, |d| {
        let d = if open { d.level(Level::May) } else { d };
        d.field(&field::CHECKSUM, CHECKSUM_AT)
            .found(format!("{stored:#06x}{over}"))
            .wanted(format!("{wanted:#06x}"))
    });
    false
}

/// The right checksum of a Mobility Header.
fn wanted(source: &Ipv6Addr, destination: &Ipv6Addr, octets: &[u8]) -> u16 {
    Sum::pseudo_v6(source, destination, octets.len(), proto::MOBILITY)
        .over(&octets[..CHECKSUM_AT])
        .over(&octets[CHECKSUM_AT + 2..])
        .checksum()
}

/// A payload of protocol 135 that cannot be read as a Mobility Header.
pub(in crate::rules) fn judge_broken(j: &mut Judge<'_, '_>) {
    let octets = j.packet.octets(j.here());
    let n = octets.len();
    let [_, len, kind, _, _, _, _, _, ..] = octets else {
        j.holds(MIP6_MH_001, false, |d| {
            d.found(format!("{n} octets under protocol 135"))
                .wanted("a Mobility Header of at least 8")
        });
        return;
    };
    let format = j.codes().mh(*kind);
    // Each message's own requirement says how short it may be.
    let r = match format {
        MhFormat::HomeTestInit => MIP6_MSG_003,
        MhFormat::CareofTestInit => MIP6_MSG_005,
        MhFormat::HomeTest => MIP6_MSG_007,
        MhFormat::CareofTest => MIP6_MSG_008,
        MhFormat::BindingUpdate => MIP6_MSG_011,
        MhFormat::BindingAcknowledgement => MIP6_MSG_023,
        MhFormat::BindingError => MIP6_MSG_029,
        _ => MIP6_MH_001,
    };
    let least = super::message::least_header_len(format);
    j.holds(r, false, |d| {
        d.field(&field::HEADER_LEN, 1)
            .found(format!("{len} in {} octets", octets.len()))
            .wanted(format!("at least {least} for a {}", format.title()))
    });
}
