//! The Type 2 routing header, RFC 6275 6.4.

use mip6_wire::ip::{Routing, RoutingBody, routing_fields as field};

use crate::packet::Proto;
use crate::rules::address::is_unicast_routable;
use crate::rules::id::*;
use crate::rules::judge::Judge;

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Routing<'_>) {
    if h.kind != 2 {
        return;
    }
    let (len, left) = (h.len.get(), h.segments_left);
    j.holds(MIP6_RH2_001, len == 2, |d| d.field(&field::LEN, 1).found(len).wanted("2"));
    j.holds(MIP6_RH2_001, left == 1, |d| d.field(&field::SEGMENTS_LEFT, 3).found(left).wanted("1"));
    if let RoutingBody::Home { reserved, home_address, .. } = &h.body {
        j.holds(MIP6_RH2_002, *reserved == 0, |d| {
            d.field(&field::MIPV6_RESERVED, 4)
                .found(format!("{reserved:#010x}"))
                .wanted("0x00000000")
        });
        j.holds(MIP6_RH2_003, is_unicast_routable(*home_address), |d| {
            d.field(&field::HOME_ADDRESS, 8)
                .found(home_address)
                .wanted("a unicast routable address")
        });
    }
    order(j);
}

fn order(j: &mut Judge<'_, '_>) {
    let own = j.here().chain;
    let layers = &j.packet.layers;
    let other = |r: std::ops::Range<usize>| {
        r.into_iter().find(|i| {
            layers[*i].chain == own
                && layers[*i].readable
                && layers[*i].proto == Proto::Routing
                && !layers[*i].is_home_route()
        })
    };
    let (before, after) = (other(0..j.layer), other(j.layer + 1..layers.len()));
    if before.is_some() || after.is_some() {
        j.holds(MIP6_RH2_006, after.is_none(), |d| {
            d.found("in front of another routing header").wanted("behind it")
        });
    }
    // RFC 2460 4.1: a routing header comes before Fragment, AH and ESP.
    let misplaced = (0..j.layer).find(|i| {
        layers[*i].chain == own
            && (layers[*i].proto == Proto::Fragment || layers[*i].is_protection())
    });
    j.holds(MIP6_RH2_008, misplaced.is_none(), |d| {
        d.found(format!("behind the {}", misplaced.map_or("", |i| layers[i].proto.title())))
            .wanted("in front of Fragment, AH and ESP headers")
    });
}
