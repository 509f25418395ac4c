//! What routers advertise, one time and the next, and what nodes make of it.

use std::net::Ipv6Addr;

use mip6_wire::codes::NdFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::RaFlags;
use mip6_wire::icmpv6::nd::NdBody;
use mip6_wire::link::Vlan;
use mip6_wire::mobility::{AckFlags, UpdateFlags};

use super::links::{
    AGENT, AWAY, EVERYBODY, MOBILE, NONE, ROUTER, advertise, answer, down, from_home,
    lasting_prefix, prefix, solicit_router, station, to_home, up, update,
};
use super::{Scene, Station};
use crate::build::{
    ACCESS_ROUTER, ACCESS_ROUTER_LOCAL, CAREOF, HOME_AGENT, HOME_AGENT_LOCAL, MOBILE_LOCAL,
    PREVIOUS_CAREOF, Packet,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![
        addresses(),
        two_links(),
        parts(),
        intervals(),
        home_agents(),
        unique_local(),
        default_router(),
        home_prefix(),
        mobile_router(),
    ]
}

const fn on(subnet: u16, host: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, 0, subnet, 0, 0, 0, host)
}

const TO_ALL: (Station, Station) = (ROUTER, EVERYBODY);

fn access(options: &[(NdFormat, NdBody<'_>)]) -> Packet {
    advertise(ACCESS_ROUTER_LOCAL, RaFlags::empty(), 1_800, 0, options)
}

fn addresses() -> Scene {
    let own = || prefix(ACCESS_ROUTER, true);
    let renumbered = || access(&[prefix(on(0x700, 1), true)]);
    Scene::new("conversations/router-addresses", "Addresses that routers advertise with R.")
        .conversation(10_000)
        .on(TO_ALL, "a router with its address", access(&[own()]), &[])
        .on(TO_ALL, "with another one too", access(&[own(), prefix(on(0x201, 1), true)]), &[])
        .on(TO_ALL, "with the first alone", access(&[own()]), &[])
        .on(
            (AGENT, EVERYBODY),
            "another router of the same link-local address, without R",
            access(&[prefix(on(0x800, 0), false)]),
            &[],
        )
        .on(
            TO_ALL,
            "none in some advertisement",
            access(&[prefix(on(0x200, 0), false)]),
            &["MIP6-ND-004"],
        )
        .on(TO_ALL, "and back", access(&[own()]), &[])
        .on(
            TO_ALL,
            "another address of the same prefix",
            access(&[prefix(on(0x200, 2), true)]),
            &["MIP6-ND-005"],
        )
        .on(TO_ALL, "the link is renumbered", renumbered(), &[])
        .on(
            TO_ALL,
            "or only the option left out",
            access(&[prefix(on(0x200, 2), true)]),
            &["MIP6-ND-005"],
        )
}

/// One station, one link-local address, two links.
fn two_links() -> Scene {
    let on_vlan = |id, host| {
        let mut packet = vec![Header::Vlan(Vlan { tag: id, ..Vlan::default() })];
        packet.extend(access(&[prefix(on(id, host), true)]));
        packet
    };
    Scene::new("conversations/router-of-two-links", "A router on two VLANs.")
        .conversation(1_000)
        .on(TO_ALL, "one link", on_vlan(10, 1), &[])
        .on(TO_ALL, "another", on_vlan(20, 1), &[])
        .on(TO_ALL, "the one again", on_vlan(10, 1), &[])
        .on(TO_ALL, "and the other", on_vlan(20, 1), &[])
        .on(TO_ALL, "another address there", on_vlan(20, 2), &["MIP6-ND-005"])
}

fn information(preference: u16) -> (NdFormat, NdBody<'static>) {
    let body = NdBody::HomeAgentInformation { reserved: 0, preference, lifetime: 900 };
    (NdFormat::HomeAgentInformation, body)
}

/// An advertisement of the home agent, with its address.
fn agent(lifetime: u16, more: &[(NdFormat, NdBody<'static>)]) -> Packet {
    let mut options = vec![station(NdFormat::SourceLinkLayer, AGENT), prefix(HOME_AGENT, true)];
    options.extend_from_slice(more);
    advertise(HOME_AGENT_LOCAL, RaFlags::H, lifetime, 0, &options)
}

fn parts() -> Scene {
    let home = (AGENT, EVERYBODY);
    let more = || prefix(on(0x101, 0), false);
    Scene::new("conversations/advertisement-parts", "Advertisements that are sent in parts.")
        .conversation(10)
        .on(home, "a part", agent(1_800, &[information(10)]), &[])
        .on(home, "and another", agent(1_800, &[information(10), more()]), &[])
        .pause(10)
        .on(home, "a part without information", agent(1_800, &[]), &[])
        .on(home, "and another", agent(1_800, &[more()]), &[])
        .pause(10)
        .on(home, "a preference that has changed", agent(1_800, &[information(20)]), &[])
        .pause(10)
        .on(home, "a part", agent(1_800, &[information(20)]), &[])
        .on(home, "and another without", agent(1_800, &[more()]), &["MIP6-ND-012"])
        .pause(10)
        .on(home, "a part", agent(1_800, &[information(20)]), &[])
        .on(home, "of other information", agent(1_800, &[information(30)]), &["MIP6-ND-012"])
        .pause(10)
        .on(home, "an advertisement", agent(1_800, &[information(30)]), &[])
        .on(home, "and the last when it ends", agent(0, &[information(31)]), &[])
}

fn intervals() -> Scene {
    let interval = |ms| {
        let body = NdBody::AdvertisementInterval { reserved: 0, interval: ms };
        access(&[(NdFormat::AdvertisementInterval, body)])
    };
    Scene::new("conversations/intervals", "Advertisements, sooner and later than they say.")
        .conversation(100)
        .inconclusive("MIP6-ND-006", 1)
        .on(TO_ALL, "at most 120 ms", interval(120), &[])
        .on(TO_ALL, "in time", interval(120), &[])
        .pause(1)
        .on(TO_ALL, "one or more may be lost", interval(120), &[])
        .on(TO_ALL, "at most 60 s", interval(60_000), &[])
        .pause(50)
        .on(TO_ALL, "in time", interval(60_000), &[])
}

fn home_agents() -> Scene {
    let home = (AGENT, EVERYBODY);
    let plain = || {
        let options =
            [station(NdFormat::SourceLinkLayer, AGENT), lasting_prefix(HOME_AGENT, true, 400)];
        advertise(HOME_AGENT_LOCAL, RaFlags::empty(), 1_800, 0, &options)
    };
    let station = [station(NdFormat::SourceLinkLayer, AGENT)];
    let nameless = advertise(HOME_AGENT_LOCAL, RaFlags::H, 1_800, 0, &station);
    Scene::new("conversations/home-agents", "Who is a home agent says so.")
        .conversation(1_000)
        .on(home, "a router that is no home agent yet", plain(), &[])
        .on((ROUTER, AGENT), "a registration", up(CAREOF, HOME_AGENT, update(1, AWAY, 100)), &[])
        .on(
            (AGENT, ROUTER),
            "longer than its prefix lasts",
            down(CAREOF, HOME_AGENT, answer(1, 0, NONE, 100)),
            &[],
        )
        .on(home, "a home agent", agent(1_800, &[]), &[])
        .on(home, "that does not say so", plain(), &["MIP6-ND-001"])
        .on((ROUTER, AGENT), "another", up(CAREOF, HOME_AGENT, update(2, AWAY, 101)), &[])
        .on(
            (AGENT, ROUTER),
            "granted for longer than the prefix lasts",
            down(CAREOF, HOME_AGENT, answer(2, 0, NONE, 101)),
            &["MIP6-HA-MPD-021"],
        )
        .pause(500)
        .on(home, "it was one", plain(), &[])
        .on(home, "and is one again", agent(1_800, &[]), &[])
        .on(home, "without its address", nameless, &["MIP6-ND-002"])
}

fn unique_local() -> Scene {
    let local: Ipv6Addr = "fd00:0:0:1::99".parse().unwrap_or(CAREOF);
    let alone: Ipv6Addr = "fd00:0:0:2::99".parse().unwrap_or(CAREOF);
    let both = || access(&[prefix(local, false), prefix(on(0x200, 0), false)]);
    let router_of =
        |a| advertise(HOME_AGENT_LOCAL, RaFlags::empty(), 1_800, 0, &[prefix(a, false)]);
    let register = |sequence, careof| up(careof, HOME_AGENT, update(sequence, AWAY, 60));
    Scene::new("conversations/unique-local", "Unique local addresses, with and without others.")
        .conversation(1_000)
        .on(TO_ALL, "a router with both kinds of prefix", both(), &[])
        .on((AGENT, EVERYBODY), "a router with one", router_of(alone), &[])
        .on((MOBILE, ROUTER), "a global care-of address", register(1, CAREOF), &[])
        .on((MOBILE, ROUTER), "a local one where there is no other", register(2, alone), &[])
        .on((MOBILE, ROUTER), "and where there is", register(3, local), &["MIP6-NODE-003"])
}

fn default_router() -> Scene {
    let register = |sequence, careof| up(careof, HOME_AGENT, update(sequence, AWAY, 60));
    Scene::new("conversations/default-router", "Care-of addresses by the router that is used.")
        .conversation(1_000)
        .inconclusive("MIP6-TMR-001", 2)
        .on((MOBILE, ROUTER), "nothing advertised yet", register(1, PREVIOUS_CAREOF), &[])
        .on(TO_ALL, "the access router", access(&[prefix(ACCESS_ROUTER, true)]), &[])
        .on((AGENT, ROUTER), "what a router forwards", register(2, PREVIOUS_CAREOF), &[])
        .on((MOBILE, EVERYBODY), "a host", solicit_router(MOBILE_LOCAL), &[])
        .on((MOBILE, ROUTER), "with an address of the link", register(3, CAREOF), &[])
        .on((MOBILE, AGENT), "by another router", register(4, PREVIOUS_CAREOF), &[])
        .on(
            (MOBILE, ROUTER),
            "with an address of the link before",
            register(5, PREVIOUS_CAREOF),
            &["MIP6-MN-MOV-010"],
        )
}

fn home_prefix() -> Scene {
    let register = |sequence, agent| up(CAREOF, agent, update(sequence, AWAY, 60));
    let other = on(0x101, 1);
    Scene::new("conversations/home-prefix", "Whom home registrations go to.")
        .conversation(1_000)
        .inconclusive("MIP6-TMR-001", 1)
        .on((MOBILE, ROUTER), "of a home link that is not known", register(1, on(0x900, 1)), &[])
        .on((AGENT, EVERYBODY), "the home link", agent(1_800, &[prefix(other, true)]), &[])
        .on((MOBILE, ROUTER), "the home prefix", register(2, HOME_AGENT), &[])
        .on((MOBILE, ROUTER), "another of the home link", register(3, other), &[])
        .on((MOBILE, ROUTER), "of no home link", register(4, on(0x900, 1)), &["MIP6-MSG-012"])
}

fn mobile_router() -> Scene {
    let flags = AWAY | UpdateFlags::R;
    let own = || advertise(MOBILE_LOCAL, RaFlags::empty(), 0, 0, &[]);
    let all = (MOBILE, EVERYBODY);
    Scene::new("conversations/visiting-router", "A mobile router on its egress interface.")
        .conversation(1_000)
        .on(all, "it looks for routers", solicit_router(MOBILE_LOCAL), &[])
        .on(all, "it is one, where it is not away", own(), &[])
        .on((MOBILE, ROUTER), "a registration", up(CAREOF, HOME_AGENT, update(1, flags, 60)), &[])
        .on(
            (ROUTER, MOBILE),
            "its answer",
            down(CAREOF, HOME_AGENT, answer(1, 0, AckFlags::R, 60)),
            &[],
        )
        .on(TO_ALL, "the access router", access(&[prefix(ACCESS_ROUTER, true)]), &[])
        .on(all, "the mobile router on the link it visits", own(), &["NEMO-015"])
        .on((MOBILE, AGENT), "it goes home", from_home(update(2, flags, 0)), &[])
        .on((AGENT, MOBILE), "and is there", to_home(answer(2, 0, NONE, 0)), &[])
        .on(all, "as a router", own(), &[])
}
