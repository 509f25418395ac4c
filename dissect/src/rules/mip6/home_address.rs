//! The Home Address destination option, RFC 6275 6.3.

use mip6_wire::ip::options::{Ipv6OptionRef, fields as field, kind};
use mip6_wire::ip::{DestinationOptions, HopByHop};

use crate::packet::Proto;
use crate::rules::address::is_unicast_routable;
use crate::rules::id::*;
use crate::rules::judge::Judge;

/// Octets of an options header in front of its first option.
const OPTIONS_AT: usize = 2;

pub(in crate::rules) fn judge_hop_by_hop(j: &mut Judge<'_, '_>, h: &HopByHop<'_>) {
    for o in h.list().flatten().filter(|o| o.kind == kind::HOME_ADDRESS) {
        j.holds(MIP6_HAO_001, false, |d| {
            d.field(&field::TYPE, OPTIONS_AT + o.offset)
                .found("Home Address option in a Hop-by-Hop Options header")
                .wanted("in a Destination Options header")
        });
    }
}

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &DestinationOptions<'_>) {
    let mut any = false;
    for o in h.list().flatten().filter(|o| o.kind == kind::HOME_ADDRESS) {
        any = true;
        shape(j, &o);
    }
    if !any {
        return;
    }
    place(j);
    // Counted once, where the last of them stands.
    let Some(chain) = j.chain().filter(|c| c.home.is_some_and(|h| h.layer == j.layer)) else {
        return;
    };
    let count = chain.home_count;
    j.holds(MIP6_HAO_004, count <= 1, |d| {
        d.found(format!("{count} Home Address options")).wanted("at most one per IPv6 header")
    });
}

fn shape(j: &mut Judge<'_, '_>, o: &Ipv6OptionRef<'_>) {
    let (at, len) = (OPTIONS_AT + o.offset, o.data.len());
    j.holds(MIP6_HAO_001, len == 16, |d| d.field(&field::LEN, at + 1).found(len).wanted("16"));
    j.holds(MIP6_HAO_001, at % 8 == 6, |d| {
        d.field(&field::TYPE, at)
            .found(format!("Home Address option at offset {at}"))
            .wanted("an offset of 8n+6")
    });
    if let Some(a) = o.home_address() {
        j.holds(MIP6_HAO_002, is_unicast_routable(a), |d| {
            d.field(&field::HOME_ADDRESS, at + 2).found(a).wanted("a unicast routable address")
        });
    }
}

/// After a routing header, before Fragment, AH and ESP.
fn place(j: &mut Judge<'_, '_>) {
    let own = j.here().chain;
    let layers = &j.packet.layers;
    let before = (0..j.layer).find(|i| {
        layers[*i].chain == own
            && (layers[*i].proto == Proto::Fragment || layers[*i].is_protection())
    });
    j.holds(MIP6_HAO_003, before.is_none(), |d| {
        d.found(format!("behind the {}", before.map_or("", |i| layers[i].proto.title())))
            .wanted("in front of Fragment, AH and ESP headers")
    });
    let after = layers[j.layer + 1..].iter().find(|l| l.chain == own && l.proto == Proto::Routing);
    j.holds(MIP6_HAO_003, after.is_none(), |d| {
        d.found("in front of a routing header").wanted("behind it")
    });
}
