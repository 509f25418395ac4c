//! What changes around a mobile node: routers, lifetimes, groups; and noise.

use mip6_conformance::network::Place;
use mip6_conformance::roles::command::Prefix;
use mip6_conformance::roles::mobile_node::faults::*;
use mip6_conformance::roles::{Command, Fault, Interface};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOption};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags, kind};
use mip6_wire::ip::{Ipv6, Routing};
use mip6_wire::mobility::{Message, Mobility};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::scene::*;
use super::strangers::*;

fn with(setup: Setup, fault: Option<&'static Fault>) -> Setup {
    match fault {
        Some(f) => setup.faulty(f),
        None => setup,
    }
}

/// A Router Advertisement of a router that is new on the link.
fn stranger_advertises() -> Vec<Header<'static>> {
    let prefix = prefix(0x77);
    let body = NdBody::PrefixInformation {
        len: 64,
        flags: 0xc0,
        valid: 1000,
        preferred: 1000,
        reserved: 0,
        prefix,
    };
    let within = kind::ROUTER_ADVERTISEMENT;
    let option = NdOption { within, ..NdOption::new(3, body) };
    let body = Icmpv6Body::RouterAdvertisement {
        hop_limit: 64,
        flags: RaFlags::empty(),
        lifetime: 1000,
        reachable: 0,
        retrans: 0,
        options: option.to_padded(&mip6_wire::codes::RFC6275).into(),
    };
    let from = "fe80::bad".parse().unwrap();
    let ip = Ipv6 { hop_limit: 255, ..Ipv6::new(from, "ff02::1".parse().unwrap()) };
    vec![Header::Ipv6(ip), Header::Icmpv6(Icmpv6::new(within, body))]
}

#[test]
fn a_new_router_does_not_make_it_leave_one_that_is_there() {
    shows(&HASTY_HANDOVER, &Some(careof(FOREIGN).to_string()), |f| {
        let setup = with(Setup { unaware: true, ..Setup::default() }, f);
        let mut s = setup.build();
        s.go(FOREIGN);
        s.wait(10_000);
        s.put(stranger_advertises());
        s.state("care-of")
    });
}

#[test]
fn another_care_of_address_takes_the_place_of_a_deprecated_one() {
    let other = mip6_conformance::roles::host::from_station(prefix(0x22), STATION);
    shows(&KEEPS_DEPRECATED, &Some(other), |f| {
        let mut s = with(Setup::default(), f).build();
        s.go(FOREIGN);
        s.wait(10_000);
        for (p, preferred) in [(prefix(0x22), 4000), (prefix(FOREIGN), 10)] {
            let valid = 5000;
            let command = Command::Prefix(Prefix {
                interface: Interface(1),
                prefix: p,
                len: 64,
                valid,
                preferred,
            });
            let router = mip6_conformance::network::NodeId(0);
            s.network.command(router, &command);
        }
        s.wait(6_000);
        // The old one runs out when it is not advertised as preferred any more.
        s.network.command(
            mip6_conformance::network::NodeId(0),
            &Command::Prefix(Prefix {
                interface: Interface(1),
                prefix: prefix(FOREIGN),
                len: 64,
                valid: 5000,
                preferred: 0,
            }),
        );
        s.wait(20_000);
        s.bound(s.agents[0])
    });
}

#[test]
fn at_home_without_a_binding_it_asks_whether_its_address_is_free() {
    shows(&NO_DETECTION_AT_HOME, &1, |f| {
        let mut s = with(Setup::default(), f).build();
        s.go(HOME);
        s.wait(10_000);
        let all = s.icmp(0, kind::NEIGHBOR_SOLICITATION);
        all.iter().filter(|(_, m)| m[8..24] == home().octets()).count()
    });
}

#[test]
fn lifetimes_keep_to_those_of_addresses() {
    shows(&OUTLIVES_ADDRESSES, &true, |f| {
        let mut s = with(Setup { valid: 200, ..Setup::default() }, f).build();
        s.go(FOREIGN);
        s.wait(10_000);
        let all = s.mobility(0, 5);
        all.iter().all(|(_, m)| u16::from_be_bytes([m[10], m[11]]) <= 50)
    });
}

#[test]
fn refresh_advice_of_the_home_agent_is_followed() {
    shows(&IGNORES_ADVICE, &true, |f| {
        let mut setup = with(Setup::default(), f);
        setup.agent.refresh_advice = Some(40);
        let mut s = setup.build();
        s.go(FOREIGN);
        s.wait(100_000);
        s.mobility(0, 5).len() >= 3
    });
}

#[test]
fn the_tunnel_moves_with_the_binding_update() {
    shows(&KEEPS_OLD_TUNNEL, &1, |f| {
        let mut s = with(Setup::default(), f).build();
        s.go(FOREIGN);
        s.wait(10_000);
        s.lose(HOME, true);
        s.go(OTHER);
        s.wait(6_000);
        let before = s.mark();
        let inner = vec![ip(agent(), careof(OTHER)), ip(on(PEERS, 9), home()), echo()];
        s.put_on(OTHER, inner);
        s.icmp(before, kind::ECHO_REPLY).len()
    });
}

#[test]
fn groups_are_reported_through_the_tunnel_when_it_is_asked() {
    let group = "ff1e::77".parse().unwrap();
    for (fault, reports) in [(None, true), (Some(&IGNORES_QUERY), false)] {
        let mut setup = with(Setup::default(), fault).with(|c| c.groups = vec![group]);
        setup.agent.multicast = true;
        let mut s = setup.build();
        s.go(FOREIGN);
        s.wait(200_000);
        let all = s.icmp(0, kind::MLD_REPORT);
        assert_eq!(!all.is_empty(), reports, "{:#?}", s.network.told());
        s.honest();
    }
}

#[test]
fn a_prefix_more_is_a_home_address_more() {
    let mut s = Setup::default().build();
    s.go(FOREIGN);
    s.wait(10_000);
    let agent_node = s.agents[0];
    s.network.command(
        agent_node,
        &Command::Prefix(Prefix {
            interface: Interface(0),
            prefix: prefix(0x11),
            len: 64,
            valid: 5000,
            preferred: 4000,
        }),
    );
    s.wait(30_000);
    s.tell(&Command::SolicitPrefixes);
    s.wait(10_000);
    let other = mip6_conformance::roles::host::from_station(prefix(0x11), STATION);
    assert!(s.told(&format!("home address {other}")), "{:#?}", s.network.told());
    s.honest();
}

#[test]
fn the_same_link_again_is_no_movement() {
    let mut s = Setup::default().build();
    s.go(FOREIGN);
    s.wait(10_000);
    s.go(FOREIGN);
    s.wait(10_000);
    // The same link again: the same care-of address, which is bound already.
    assert_eq!(s.bound(s.agents[0]), Some(careof(FOREIGN)));
    assert!(s.mobility(0, 5).len() <= 2, "{:#?}", s.network.told());
    s.honest();
}

#[test]
fn noise_does_no_harm() {
    let mut s = Scene::settled(None, true);
    let mut rng = StdRng::seed_from_u64(5);
    for i in 0..2_000 {
        let octets = |rng: &mut StdRng, most: u32| -> Vec<u8> {
            let n = rng.next_u32() % most;
            (0..n).map(|_| rng.next_u32() as u8).collect()
        };
        let random = octets(&mut rng, 64);
        let upper = if i % 2 == 0 {
            let kind = (rng.next_u32() % 10) as u8;
            let format = mip6_wire::codes::MhFormat::Unknown;
            let mut data = random;
            data.resize(data.len().next_multiple_of(8) + 2, 0);
            let body = Message::Opaque { format, data: data.into() };
            Header::Mobility(Mobility::new(kind, body, Vec::new()))
        } else {
            let kinds = [1, 2, 3, 4, 130, 134, 135, 136, 137, 145, 147];
            let kind = kinds[(rng.next_u32() % 11) as usize];
            Header::Icmpv6(Icmpv6::new(kind, Icmpv6Body::Unknown(random.into())))
        };
        let from = [agent(), peer(), "fe80::1".parse().unwrap()][(rng.next_u32() % 3) as usize];
        let mut ip = Ipv6::new(from, careof(FOREIGN));
        ip.hop_limit = 255;
        let mut all = vec![Header::Ipv6(ip)];
        match rng.next_u32() % 3 {
            0 => all.push(Header::Routing(Routing::home(home()))),
            1 => all.push(Header::Ipv6(Ipv6::new(from, home()))),
            _ => {}
        }
        all.push(upper);
        s.put(all);
    }
    // Wherever that has led it: a new link sets it right.
    let place = Place { node: s.mobile, interface: Interface(0) };
    s.network.attach(place, None);
    s.go(OTHER);
    s.wait(60_000);
    let told: Vec<_> = s.network.told().iter().rev().take(30).collect();
    assert_eq!(s.bound(s.agents[0]), Some(careof(OTHER)), "{told:#?}");
}
