//! Which way packets go: through the tunnel between home agent and mobile node,
//! or straight between care-of address and correspondent. RFC 6275 9.3.2, 10.4.6
//! and 11.3.1, RFC 3776 4.3.

use std::net::Ipv6Addr;

use mip6_wire::icmpv6::kind;
use mip6_wire::ip::ipv6_fields;

use super::time::{SECOND, TWICE, now, unseen};
use super::{Registration, Registrations};
use crate::packet::{Chain, Layer, Proto};
use crate::rules::id::*;
use crate::rules::{Judge, Level, Req};

const SOURCE_AT: usize = 8;
const DESTINATION_AT: usize = 24;
/// What is on its way when a mobile node moves.
const ON_THE_WAY: i64 = SECOND;
/// MH Types of Binding Update and Binding Acknowledgement.
const REGISTRATION: [u8; 2] = [5, 6];

/// Judges the way of a packet at the IPv6 header that is judged.
pub(super) fn judge(j: &mut Judge<'_, '_>, registrations: &Registrations) {
    let Some(chain) = j.chain().filter(|c| c.ip == j.layer) else { return };
    if let Some(outer) = chain.outer {
        let outer = &j.packet.chains[usize::from(outer)];
        tunnelled(j, outer, chain, registrations);
    } else if chain.home.is_some() || chain.route.is_some() {
        straight(j, chain, registrations);
    }
}

/// The layers that belong to a chain.
fn layers<'j>(j: &Judge<'j, '_>, chain: &Chain) -> impl Iterator<Item = &'j Layer> {
    let own = j.packet.layers[chain.ip].chain;
    j.packet.layers.iter().filter(move |l| l.chain == own)
}

/// Registrations may leave the way of the other packets (RFC 4877 3), and go
/// ahead of the binding they make.
fn is_registration(j: &Judge<'_, '_>, chain: &Chain) -> bool {
    layers(j, chain).any(|l| l.proto == Proto::Mobility && REGISTRATION.contains(&l.kind))
}

fn tunnelled(j: &mut Judge<'_, '_>, outer: &Chain, inner: &Chain, registrations: &Registrations) {
    let (to, from) = (outer.wire_destination, outer.wire_source);
    if registrations.may_be_agent(to)
        && let Some((agent, known)) = registrations.home(inner.wire_source)
        && agent == to
    {
        if !is_registration(j, inner) {
            upwards(j, outer, inner.wire_source, known);
        }
    } else if registrations.may_be_agent(from)
        && let Some((agent, known)) = registrations.home(inner.wire_destination)
        && agent == from
        && !is_registration(j, inner)
    {
        downwards(j, outer, inner.wire_destination, known);
    }
    if inner.wire_destination.is_multicast() {
        multicast(j, outer, inner, registrations);
    }
}

/// From the mobile node: the outer source is where it said that it is.
fn upwards(j: &mut Judge<'_, '_>, outer: &Chain, home: Ipv6Addr, known: &Registration) {
    let (r, time) = (by_protection(j, IPSEC_PRO_005, MIP6_MN_PKT_009), now(j));
    let source = outer.wire_source;
    let asked = known.asked().filter(|(careof, _)| *careof == source);
    let Some(accepted) = known.accepted().filter(|a| a.until() > time) else {
        // Registered, or about to be; or at home, and this is another tunnel.
        if asked.is_some() {
            j.holds(r, true, |d| d);
        } else if !known.is_gone() {
            j.undecided(r, unseen(j, true));
        }
        return;
    };
    let left = known.before().filter(|(careof, _)| *careof == source);
    if left.is_some_and(|(_, when)| time - when < ON_THE_WAY) {
        return;
    }
    let right = accepted.careof == source || asked.is_some();
    let wanted = accepted.careof;
    j.holds(r, right, |d| {
        d.layer(outer.ip)
            .field(&ipv6_fields::SOURCE, SOURCE_AT)
            .found(source)
            .wanted(format!("{wanted}, the care-of address registered for {home}"))
    });
}

/// To the mobile node: the outer destination is where its home agent bound it.
fn downwards(j: &mut Judge<'_, '_>, outer: &Chain, home: Ipv6Addr, known: &Registration) {
    let (r, time) = (by_protection(j, IPSEC_PRO_007, MIP6_HA_TUN_001), now(j));
    let destination = outer.wire_destination;
    let Some(accepted) = known.accepted().filter(|a| a.until() > time) else {
        if !known.is_gone() {
            j.undecided(r, unseen(j, true));
        }
        return;
    };
    // The home agent may have taken an update whose answer is yet to come.
    let asked = known.asked().is_some_and(|(careof, _)| careof == destination);
    if time - accepted.since < TWICE || (asked && accepted.careof != destination) {
        return;
    }
    let wanted = accepted.careof;
    j.holds(r, wanted == destination, |d| {
        d.layer(outer.ip)
            .field(&ipv6_fields::DESTINATION, DESTINATION_AT)
            .found(destination)
            .wanted(format!("{wanted}, where {home} is bound"))
    });
}

fn by_protection(j: &Judge<'_, '_>, protected: Req, plain: Req) -> Req {
    if j.is_protected() { protected } else { plain }
}

/// RFC 6275 11.3.4: what a mobile node sends to a group through the tunnel is
/// from its home address; membership itself may be from a link-local one.
fn multicast(j: &mut Judge<'_, '_>, outer: &Chain, inner: &Chain, registrations: &Registrations) {
    let Some(home) = registrations.at_careof(outer.wire_source) else { return };
    let Some((agent, _)) = registrations.home(home) else { return };
    let source = inner.wire_source;
    if agent != outer.wire_destination || source.is_unicast_link_local() || source.is_unspecified()
    {
        return;
    }
    // Another home address at the same care-of address is as good.
    let other = registrations.home(source).is_some_and(|(a, _)| a == agent);
    j.holds(MIP6_MN_PKT_018, source == home || other, |d| {
        d.field(&ipv6_fields::SOURCE, SOURCE_AT)
            .found(format!("{source} to the group {}", inner.wire_destination))
            .wanted(format!("the home address {home}"))
    });
}

/// Route optimization: a binding with the correspondent comes first.
fn straight(j: &mut Judge<'_, '_>, chain: &Chain, registrations: &Registrations) {
    // Signalling goes its own way; what ESP hides may be signalling.
    let mut payload = false;
    for l in layers(j, chain) {
        match (l.proto, l.kind) {
            (Proto::Icmpv6, kind::HOME_AGENT_REQUEST..=kind::PREFIX_ADVERTISEMENT) => return,
            (Proto::Udp | Proto::Tcp | Proto::Icmpv6, _) => payload = true,
            _ => {}
        }
    }
    if !payload {
        return;
    }
    let (home, peer, careof, up) = match (chain.home, chain.route) {
        (Some(h), None) => (h.address, chain.destination(), chain.wire_source, true),
        (None, Some((layer, home))) if j.packet.layers[layer].is_home_route() => {
            (home, chain.source(), chain.wire_destination, false)
        }
        // Two mobile nodes with each other: two bindings, each its own.
        _ => return,
    };
    let r = if up { MIP6_MN_PKT_004 } else { MIP6_CN_PKT_005 };
    let time = now(j);
    let Some(known) = registrations.with(home, peer) else {
        return j.undecided(r, unseen(j, false));
    };
    // The way of almost all packets, which looks at nothing else.
    if let Some(accepted) = known.accepted().filter(|a| a.until() >= time)
        && (!up || accepted.careof == careof)
    {
        j.holds(r, true, |d| d);
        if up {
            j.holds(MIP6_MN_CREG_013, true, |d| d);
            j.holds(MIP6_MN_PKT_003, true, |d| d);
        }
        return;
    }
    let asked = known.asked();
    let lately = asked.is_some_and(|(_, when)| time - when < ON_THE_WAY)
        || known.before().is_some_and(|(_, when)| time - when < ON_THE_WAY);
    let header = |left: bool| {
        if left { "a Home Address option" } else { "a Type 2 routing header" }
    };
    let Some(accepted) = known.accepted() else {
        if known.is_gone() && !lately {
            j.holds(r, false, |d| {
                d.found(format!("{} without a binding: it was refused or deleted", header(up)))
                    .wanted("packets through the home agent")
            });
        } else if !known.is_gone() {
            j.undecided(r, unseen(j, true));
        }
        return;
    };
    let over = time - accepted.until();
    if over > ON_THE_WAY {
        // A later update may have had an answer that was not captured.
        if asked.is_some_and(|(_, when)| when > accepted.since) {
            return j.undecided(r, unseen(j, true));
        }
        let r = if up { MIP6_MN_CREG_013 } else { MIP6_CN_PKT_005 };
        return j.holds(r, false, |d| {
            d.found(format!("{} {} s after the binding ended", header(up), over / SECOND))
                .wanted("packets through the home agent")
        });
    }
    j.holds(r, true, |d| d);
    if !up {
        return;
    }
    j.holds(MIP6_MN_CREG_013, true, |d| d);
    let moving = asked.is_some_and(|(asked, _)| asked == careof) || lately;
    if accepted.careof != careof && !moving {
        let wanted = accepted.careof;
        j.holds(MIP6_MN_PKT_003, false, |d| {
            d.level(Level::Should)
                .field(&ipv6_fields::SOURCE, SOURCE_AT)
                .found(careof)
                .wanted(format!("{wanted}, which is registered with {peer}"))
        });
    }
}

/// RFC 3776 4.2: protection of the tunnel is for what enters it. Care-of tests
/// go straight to the correspondent. Where that is a mobile node itself, away from
/// home, its own tunnel is the last leg to it and the first from it (RFC 6275 5.2.9).
pub(super) fn careof_test(j: &mut Judge<'_, '_>, init: bool, registrations: &Registrations) {
    let Some(chain) = j.chain() else { return };
    let correspondent = if init { chain.wire_destination } else { chain.wire_source };
    let outer = chain.outer.map(|o| &j.packet.chains[usize::from(o)]);
    let inside = outer.filter(|_| j.is_protected()).is_some_and(|outer| {
        let (source, destination) = (outer.wire_source, outer.wire_destination);
        [(source, destination), (destination, source)].into_iter().any(|(careof, agent)| {
            let home = registrations.at_careof(careof).filter(|h| *h != correspondent);
            home.and_then(|h| registrations.home(h)).is_some_and(|(a, _)| a == agent)
        })
    });
    j.holds(IPSEC_POL_003, !inside, |d| {
        d.found("a care-of test in the tunnel to the home agent")
            .wanted("a packet straight between care-of address and correspondent")
    });
}
