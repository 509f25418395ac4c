//! Binding Updates and Acknowledgements together with the links they cross, and
//! with those before. RFC 6275 10.3, 11.4.2, 11.5 and RFC 3963 5.

use std::net::Ipv6Addr;

use mip6_wire::ip::ipv6_fields;
use mip6_wire::link::ethernet_fields as link_field;
use mip6_wire::mobility::UpdateFlags;

use super::advertisements::Advertisements;
use super::homes::{Home, Probe};
use super::link::{Link, mac};
use super::registrations::{Event, What};
use super::time::{PATIENCE, SECOND, instant, nanos, tolerance};
use crate::rules::id::*;
use crate::rules::{Judge, Level};

/// `RetransTimer` by default, RFC 4861 10, in milliseconds.
const RETRANS_TIMER: u32 = 1_000;

/// RFC 3963 5.2 and 5.8, explicit mode: prefixes in each update, but none when
/// de-registering. A mobile router may change its mode.
pub(super) fn network(j: &mut Judge<'_, '_>, before: Option<&Home>, lifetime: u16, prefixes: bool) {
    if lifetime == 0 {
        j.holds(NEMO_014, !prefixes, |d| {
            d.level(Level::Should)
                .found("Mobile Network Prefix options in a de-registration")
                .wanted("none")
        });
    } else if before.is_some_and(|b| b.is_explicit() && b.flags.contains(UpdateFlags::R)) {
        j.contains(NEMO_003, prefixes, |d| {
            d.level(Level::Should)
                .found("no Mobile Network Prefix option, unlike before")
                .wanted("one for each prefix in each Binding Update")
        });
    }
}

/// RFC 6275 11.5.5: back on the home link.
pub(super) fn at_home(
    j: &mut Judge<'_, '_>,
    e: &Event,
    link: Link,
    before: Option<&Home>,
    routers: &Advertisements,
) {
    if e.what != What::AskedToDelete {
        return;
    }
    if let Some(agent) = routers.station(e.peer, link.place) {
        j.holds(MIP6_MN_HOME_004, link.to == agent, |d| {
            d.layer(0)
                .field(&link_field::DESTINATION, 0)
                .found(mac(link.to))
                .wanted(format!("{}, the home agent's", mac(agent)))
        });
    }
    let time = j.packet.frame.time;
    if let Some(before) = before.filter(|b| b.is_bound(time)) {
        let own = |p: &&Probe| {
            let here = (p.link.place, p.link.from) == (link.place, link.from);
            here && !p.answered && nanos(time, p.time) < PATIENCE
        };
        let probe = before.near.as_ref().and_then(|n| n.probes[0].as_ref()).filter(own);
        j.holds(MIP6_MN_HOME_005, probe.is_none(), |d| {
            let ms = probe.map_or(0, |p| nanos(time, p.time) / 1_000_000);
            // The solicitation that asks for the home agent's link-layer address looks
            // the same.
            d.level(Level::Should)
                .found(format!("Duplicate Address Detection of {} {ms} ms before", e.home))
                .wanted("none while there is a binding")
        });
    }
}

/// RFC 6275 11.5.4: the care-of address has a prefix of the router that the
/// mobile node uses. It is the mobile node that hands the frame to the router if
/// it has shown itself to be a host. A prefix may have been advertised before the
/// capture began.
pub(super) fn first_hop(
    j: &mut Judge<'_, '_>,
    link: Link,
    source: Ipv6Addr,
    routers: &Advertisements,
) {
    if !routers.is_host(link.place, link.from) {
        return;
    }
    let Some(right) = routers.advertises(link.place, link.to, source) else { return };
    let ip = j.chain().map_or(0, |c| c.ip);
    j.holds(MIP6_MN_MOV_010, right, |d| {
        d.level(Level::Should)
            .layer(ip)
            .field(&ipv6_fields::SOURCE, 8)
            .found(source)
            .wanted("an address of a prefix that the default router advertises")
    });
}

/// RFC 6275 10.3.1: Duplicate Address Detection ends before the acknowledgement.
/// Without an advertised Retrans Timer, the home agent's own may be shorter than
/// the default.
pub(super) fn tested(
    j: &mut Judge<'_, '_>,
    home: &Home,
    e: &Event,
    link: Option<Link>,
    routers: &Advertisements,
) {
    let time = j.packet.frame.time;
    let advertised = routers.retrans(e.peer);
    let wait = i64::from(advertised.unwrap_or(RETRANS_TIMER)) * (SECOND / 1_000);
    let requirements = [MIP6_HA_BU_011, MIP6_HA_BU_014];
    for (r, probe) in requirements.into_iter().zip(home.near.iter().flat_map(|n| n.probes)) {
        // The link-local address counts if L says so.
        if r == MIP6_HA_BU_014 && !home.flags.contains(UpdateFlags::L) {
            continue;
        }
        let Some(probe) = probe.filter(|p| instant(p.time) >= home.begun) else { continue };
        let place = probe.link.place;
        let agent = routers.station(e.peer, place);
        let agent = agent.or_else(|| link.filter(|l| l.place == place).map(|l| l.from));
        if agent != Some(probe.link.from) {
            continue;
        }
        let gap = nanos(time, probe.time);
        j.holds(r, gap >= wait - tolerance(wait), |d| {
            let d = if advertised.is_none() { d.level(Level::Should) } else { d };
            d.found(format!("{} ms after its Neighbor Solicitation", gap / 1_000_000))
                .wanted(format!("{} ms after it", wait / 1_000_000))
        });
    }
}

/// RFC 6275 10.3.2: a refusal to a mobile node on the home link goes to its
/// station.
pub(super) fn refused(j: &mut Judge<'_, '_>, home: &Home, link: Option<Link>) {
    let (Some(asked), Some(link)) = (home.station_at_home(), link) else { return };
    // Both on one link: the home agent answers where it was asked.
    if (asked.place, asked.to) != (link.place, link.from) {
        return;
    }
    let right =
        link.to == asked.from || home.near.as_ref().is_some_and(|n| n.resolved == Some(link.to));
    j.holds(MIP6_HA_DEREG_007, right, |d| {
        d.layer(0)
            .field(&link_field::DESTINATION, 0)
            .found(mac(link.to))
            .wanted(format!("{}, where the Binding Update came from", mac(asked.from)))
    });
}
