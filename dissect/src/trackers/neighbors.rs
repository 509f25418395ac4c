//! Neighbor Discovery for home addresses, RFC 6275 10.4.1 and 11.5.5.

use std::net::Ipv6Addr;

use mip6_wire::codes::NdFormat;
use mip6_wire::icmpv6::nd::NdOptions;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, NaFlags, fields as field, kind};
use mip6_wire::ip::ipv6_fields;
use mip6_wire::mobility::UpdateFlags;

use super::advertisements::Advertisements;
use super::homes::{Announced, Home, Homes, Probe};
use super::link::{Link, Mac, link_layer, mac};
use super::time::{PATIENCE, TWICE, instant, nanos};
use crate::capture::Timestamp;
use crate::packet::Chain;
use crate::rules::id::*;
use crate::rules::{Judge, Level, Req, Undecided};

const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
/// `MAX_NEIGHBOR_ADVERTISEMENT`, RFC 4861 10, and the one that is retransmitted.
const MOST: u32 = 4;
const FLAGS_AT: usize = 4;
const TARGET_AT: usize = 8;
const OPTIONS_AT: usize = 24;
/// Who announces, in `Near::announced`.
const AGENT: usize = 0;
const MOBILE: usize = 1;

/// Receivers discard what came through a router (RFC 4861 7.1).
fn is_on_link(chain: &Chain) -> bool {
    chain.hop_limit == 255 && chain.outer.is_none()
}

/// Takes in a Router Solicitation.
pub(super) fn router_solicitation(
    j: &mut Judge<'_, '_>,
    homes: &Homes,
    routers: &mut Advertisements,
) {
    let Some(chain) = j.chain() else { return };
    if !is_on_link(chain) {
        return;
    }
    routers.solicitation(j);
    let (source, ip, time) = (chain.wire_source, chain.ip, j.packet.frame.time);
    if source.is_unspecified() {
        return;
    }
    // RFC 6275 11.5.3. Whoever is no mobile node keeps it; whoever is at home
    // again may have said so where nobody captured it.
    let home = homes.get(&source).is_some_and(|h| h.is_bound(time) && !h.is_leaving());
    j.holds(MIP6_MN_MOV_008, !home, |d| {
        d.level(Level::Should)
            .layer(ip)
            .field(&ipv6_fields::SOURCE, 8)
            .found(format!("{source}, the home address"))
            .wanted("a link-local address, or none")
    });
}

/// Takes in a Neighbor Solicitation.
pub(super) fn solicitation(
    j: &mut Judge<'_, '_>,
    target: Ipv6Addr,
    homes: &mut Homes,
    routers: &Advertisements,
) {
    let Some(chain) = j.chain() else { return };
    let (source, time) = (chain.wire_source, j.packet.frame.time);
    if !is_on_link(chain) {
        return;
    }
    if !source.is_unspecified() {
        return from_home(j, source, homes, routers);
    }
    let Some((home, local)) = homes.find(target) else { return };
    let Some(link) = Link::of(j) else { return };
    let own = home.station_at_home();
    let own = own.is_some_and(|l| (l.place, l.from) == (link.place, link.from));
    let bound = home.is_bound(time);
    let near = home.near.get_or_insert_default();
    for announced in &mut near.announced {
        announced.asked = true;
    }
    if !own || local || !bound {
        near.probes[usize::from(local)] = Some(Probe { time, link, answered: false });
    } else {
        j.holds(MIP6_MN_HOME_005, false, |d| {
            d.field(&field::NS_TARGET, TARGET_AT)
                .found(format!("Duplicate Address Detection of {target}"))
                .wanted("none while there is a binding")
        });
    }
}

/// RFC 6275 11.5.5: on the home link, the home address is not used before it is
/// de-registered. A de-registration may not have been captured.
fn from_home(j: &mut Judge<'_, '_>, source: Ipv6Addr, homes: &Homes, routers: &Advertisements) {
    let time = j.packet.frame.time;
    let Some(home) = homes.get(&source) else { return };
    let Some(link) = Link::of(j).filter(|l| routers.is_on_link(source, l.place)) else { return };
    // What the home agent sends is its own doing.
    if routers.station(home.agent, link.place) == Some(link.from) {
        return;
    }
    let early = home.is_bound(time) && !home.is_leaving();
    let ip = j.chain().map_or(0, |c| c.ip);
    j.holds(MIP6_MN_HOME_013, !early, |d| {
        d.level(Level::Should)
            .layer(ip)
            .field(&ipv6_fields::SOURCE, 8)
            .found(format!("{source} on the home link, while there is a binding"))
            .wanted("a de-registration first")
    });
}

/// A Neighbor Advertisement, as far as it is judged.
struct Advertised {
    flags: NaFlags,
    target: Ipv6Addr,
    /// The target is the link-local address.
    local: bool,
    /// It goes to all nodes.
    multicast: bool,
    /// Its Target Link-layer Address option.
    link_layer: Option<Mac>,
    /// Station that sent it.
    from: Option<Mac>,
    source: Ipv6Addr,
    time: Timestamp,
}

/// Takes in a Neighbor Advertisement.
pub(super) fn advertisement(
    j: &mut Judge<'_, '_>,
    h: &Icmpv6<'_>,
    homes: &mut Homes,
    routers: &Advertisements,
) {
    let Icmpv6Body::NeighborAdvertisement { flags, target, options } = &h.body else { return };
    let Some((home, local)) = homes.find(*target) else { return };
    let Some(chain) = j.chain() else { return };
    if !is_on_link(chain) || !j.list_whole {
        return;
    }
    let link = Link::of(j);
    let list = NdOptions::new(options, kind::NEIGHBOR_ADVERTISEMENT, j.codes());
    // An access router of Local Key Exchange forwards what the mobile node has said
    // (draft-liu-mobileip-lke-01 4.3).
    if list.clone().flatten().any(|o| o.format == NdFormat::DadAuthenticationReply) {
        return;
    }
    let a = Advertised {
        flags: *flags,
        target: *target,
        local,
        multicast: chain.wire_destination == ALL_NODES,
        link_layer: link_layer(list, NdFormat::TargetLinkLayer),
        from: link.map(|l| l.from),
        source: chain.wire_source,
        time: j.packet.frame.time,
    };
    let agent = link.and_then(|l| routers.station(home.agent, l.place));
    let by_agent = a.source == home.agent
        || routers.link_local(home.agent) == Some(a.source)
        || agent.is_some() && agent == a.from;
    if by_agent {
        if home.is_away(a.time) && !home.is_leaving() {
            by_home_agent(j, &a, home);
        }
    } else if let (Some(own), Some(link)) = (home.station_at_home(), link)
        && (own.place, own.from) == (link.place, link.from)
        && !local
    {
        let near = home.near.get_or_insert_default();
        near.resolved = a.link_layer.or(near.resolved);
        if a.multicast && home.deleted.is_some_and(|t| instant(a.time) - t.get() < PATIENCE) {
            by_mobile_node(j, &a, &mut near.announced[MOBILE]);
        }
    }
}

/// RFC 6275 10.4.1: what the home agent says of the home address.
fn by_home_agent(j: &mut Judge<'_, '_>, a: &Advertised, home: &mut Home) {
    let ip = j.chain().map_or(0, |c| c.ip);
    let defended = home.is_local_defended();
    if a.local || !defended {
        j.holds(MIP6_HA_BU_013, defended || !a.local, |d| {
            d.field(&field::NA_TARGET, TARGET_AT)
                .found(format!("{}, without L in the Binding Update", a.target))
                .wanted("the home address alone")
        });
    }
    if a.local && !defended {
        return;
    }
    let solicited = a.flags.contains(NaFlags::S);
    if !solicited {
        let r = if a.local { MIP6_HA_ND_002 } else { MIP6_HA_ND_001 };
        let to = j.chain().map_or(ALL_NODES, |c| c.wire_destination);
        j.holds(r, a.multicast, |d| {
            d.layer(ip).field(&ipv6_fields::DESTINATION, 24).found(to).wanted("ff02::1")
        });
    }
    router_flag(j, a, home);
    if !a.multicast {
        return;
    }
    j.holds(MIP6_HA_ND_004, !solicited, |d| {
        d.field(&field::NA_S, FLAGS_AT).found("set").wanted("clear towards all nodes")
    });
    let probed = home.is_probed(a.from);
    let (bound, begun) = (home.is_bound(a.time), home.begun);
    let near = home.near.get_or_insert_default();
    let asked = near.announced[AGENT].asked && probed;
    if let Some(probe) = &mut near.probes[usize::from(a.local)] {
        probe.answered = true;
    }
    if !asked {
        overrides(j, a, MIP6_HA_ND_004);
    }
    own_station(j, a, MIP6_HA_ND_003);
    j.holds(MIP6_HA_ND_005, a.source != a.target, |d| {
        d.layer(ip)
            .field(&ipv6_fields::SOURCE, 8)
            .found(format!("{}, the home address", a.source))
            .wanted("an address of the home agent")
    });
    if a.local {
        return;
    }
    let first = near.announced[AGENT].count == 0 && !bound;
    let tested = near.probes[0].is_some_and(|p| instant(p.time) >= begun);
    if first && !tested {
        j.undecided(MIP6_HA_BU_011, Undecided::Lost);
    }
    if !asked {
        repeated(j, MIP6_HA_ND_006, &mut near.announced[AGENT], a.time);
    }
}

/// A mobile router's home agent says that it is a router (RFC 3963 6.2); others
/// are hosts.
fn router_flag(j: &mut Judge<'_, '_>, a: &Advertised, home: &Home) {
    let set = a.flags.contains(NaFlags::R);
    if !home.flags.contains(UpdateFlags::R) {
        let solicited = a.flags.contains(NaFlags::S);
        let r = if solicited { MIP6_HA_ND_007 } else { MIP6_HA_ND_004 };
        j.holds(r, !set, |d| {
            d.field(&field::NA_R, FLAGS_AT).found("set").wanted("clear for a mobile node")
        });
    } else if home.router {
        j.holds(NEMO_009, set, |d| {
            d.field(&field::NA_R, FLAGS_AT).found("clear").wanted("set for a mobile router")
        });
    }
}

/// RFC 6275 11.5.5: what the mobile node says at home of its home address.
fn by_mobile_node(j: &mut Judge<'_, '_>, a: &Advertised, announced: &mut Announced) {
    j.holds(MIP6_MN_HOME_008, !a.flags.contains(NaFlags::S), |d| {
        d.field(&field::NA_S, FLAGS_AT).found("set").wanted("clear towards all nodes")
    });
    overrides(j, a, MIP6_MN_HOME_008);
    own_station(j, a, MIP6_MN_HOME_008);
    repeated(j, MIP6_MN_HOME_010, announced, a.time);
}

/// An answer to a solicitation that was not captured may have it clear.
fn overrides(j: &mut Judge<'_, '_>, a: &Advertised, r: Req) {
    j.holds(r, a.flags.contains(NaFlags::O), |d| {
        d.level(Level::Should).field(&field::NA_O, FLAGS_AT).found("clear").wanted("set")
    });
}

/// The Target Link-layer Address option is there, and has the sender's own. Of a
/// node with several stations, another may send.
fn own_station(j: &mut Judge<'_, '_>, a: &Advertised, r: Req) {
    j.holds(r, a.link_layer.is_some(), |d| {
        d.at(OPTIONS_AT).found("no Target Link-layer Address option").wanted("one")
    });
    if let (Some(told), Some(from)) = (a.link_layer, a.from) {
        j.holds(r, told == from, |d| {
            d.level(Level::Should)
                .at(OPTIONS_AT)
                .found(mac(told))
                .wanted(format!("{}, the sender's own", mac(from)))
        });
    }
}

/// How often it is said.
fn repeated(j: &mut Judge<'_, '_>, r: Req, announced: &mut Announced, time: Timestamp) {
    if announced.count > 0 && nanos(time, announced.last) < TWICE {
        return;
    }
    announced.count += 1;
    announced.last = time;
    let count = announced.count;
    j.holds(r, count <= MOST, |d| {
        d.found(format!("{count} advertisements")).wanted("one, and at most 3 more")
    });
}
