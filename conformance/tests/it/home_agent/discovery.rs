//! Discovery of home agents and of prefixes.

use mip6_conformance::roles::command::Prefix;
use mip6_conformance::roles::home_agent::{faults as wrong, home_agents_anycast};
use mip6_wire::codes::NdFormat;
use mip6_wire::icmpv6::nd::{NdBody, NdOption, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags, kind};

use super::*;

/// Asks for home agents; who is told, by whom.
fn discover(scene: &mut Scene) -> (Ipv6Addr, Vec<Ipv6Addr>) {
    scene.mark = scene.network.sent().len();
    let body = Icmpv6Body::HomeAgentRequest { identifier: 9, reserved: 0 };
    let anycast = home_agents_anycast(HOME_PREFIX, 64);
    let ip = Ipv6::new(foreign(0xa), anycast);
    let request = Icmpv6::new(kind::HOME_AGENT_REQUEST, body);
    scene.output(&[Header::Ipv6(ip), Header::Icmpv6(request)]);
    scene.network.run_for(secs(2));
    let packets = scene.packets(scene.agent, scene.home);
    let reply = packets.iter().find_map(|p| match p.as_slice() {
        [
            Header::Ipv6(ip),
            Header::Icmpv6(Icmpv6 {
                body: Icmpv6Body::HomeAgentReply { identifier, addresses, .. },
                ..
            }),
        ] => {
            assert_eq!((*identifier, ip.destination), (9, foreign(0xa)));
            let all = addresses
                .chunks_exact(16)
                .map(|a| Ipv6Addr::from(<[u8; 16]>::try_from(a).unwrap()));
            Some((ip.source, all.collect()))
        }
        _ => None,
    });
    reply.expect("a reply")
}

/// The neighbour advertises itself as a home agent.
fn advertise(
    scene: &mut Scene,
    home_agent: bool,
    told: Option<(u16, u16)>,
    addresses: &[Ipv6Addr],
) {
    let option = |format, body: NdBody<'static>| {
        let number = RFC6275.nd_number(format).unwrap();
        NdOption::new(number, body).to_padded(&RFC6275)
    };
    let mut options = Vec::new();
    for address in addresses {
        let body = NdBody::PrefixInformation {
            len: 64,
            flags: 0xe0,
            valid: 100,
            preferred: 100,
            reserved: 0,
            prefix: *address,
        };
        options.extend(option(NdFormat::PrefixInformation, body));
    }
    if let Some((preference, lifetime)) = told {
        let body = NdBody::HomeAgentInformation { reserved: 0, preference, lifetime };
        options.extend(option(NdFormat::HomeAgentInformation, body));
    }
    let mut flags = RaFlags::empty();
    flags.set(RaFlags::H, home_agent);
    let body = Icmpv6Body::RouterAdvertisement {
        hop_limit: 64,
        flags,
        lifetime: 300,
        reachable: 0,
        retrans: 0,
        options: options.into(),
    };
    let local = scene.network.get(scene.neighbor).unwrap().host().link_local(PLACE).unwrap();
    let ip = Ipv6 { hop_limit: 255, ..Ipv6::new(local, "ff02::1".parse().unwrap()) };
    let message = Icmpv6::new(kind::ROUTER_ADVERTISEMENT, body);
    scene.network.output(scene.neighbor, &[Header::Ipv6(ip), Header::Icmpv6(message)], PLACE);
    scene.network.run_for(secs(1));
}

#[test]
fn home_agents_are_listed_by_preference() {
    let mut scene = Scene::new(config(), None);
    assert_eq!(discover(&mut scene), (agent(), vec![agent()]));
    advertise(&mut scene, true, Some((9, 60)), &[home(5)]);
    assert_eq!(discover(&mut scene).1, [home(5), agent()]);
    advertise(&mut scene, true, None, &[home(5)]);
    assert_eq!(discover(&mut scene).1, [agent(), home(5)]);
    // Its addresses end with their prefixes, it ends with its lifetime.
    scene.network.run_for(secs(101));
    assert_eq!(discover(&mut scene).1, [agent()]);
    advertise(&mut scene, true, Some((9, 5)), &[home(5)]);
    scene.network.run_for(secs(5));
    assert_eq!(discover(&mut scene).1, [agent()]);
    for gone in [(false, None), (true, Some((9, 0)))] {
        advertise(&mut scene, true, Some((9, 60)), &[home(5)]);
        assert_eq!(discover(&mut scene).1, [home(5), agent()]);
        advertise(&mut scene, gone.0, gone.1, &[home(5)]);
        assert_eq!(discover(&mut scene).1, [agent()]);
    }
    scene.assert_honest();
}

#[test]
fn equally_preferred_home_agents_take_turns() {
    let orders = |fault| {
        let mut scene = Scene::new(config(), fault);
        advertise(&mut scene, true, Some((5, 60)), &[home(5)]);
        let mut first: Vec<Ipv6Addr> = (0..20).map(|_| discover(&mut scene).1[0]).collect();
        first.sort();
        first.dedup();
        first.len()
    };
    assert_eq!((orders(None), orders(Some(&wrong::FIXED_ORDER))), (2, 1));
}

/// A Mobile Prefix Advertisement: when in seconds, to whom, identifier and prefixes
/// with their valid lifetimes.
type Told = (u64, Ipv6Addr, u16, Vec<(Ipv6Addr, u32)>);

/// Mobile Prefix Advertisements since the mark.
fn prefixes(scene: &Scene) -> Vec<Told> {
    let sent = scene.network.sent()[scene.mark..].iter();
    sent.filter(|s| s.from.node == scene.agent && s.link == scene.home)
        .filter_map(|s| {
            let packet = read_packet(&s.octets[14..], &RFC6275);
            let [Header::Ipv6(ip), Header::Routing(_), Header::Icmpv6(m)] = packet.as_slice()
            else {
                return None;
            };
            let Icmpv6Body::PrefixAdvertisement { identifier, options, .. } = &m.body else {
                return None;
            };
            let all = NdOptions::new(options, m.kind, &RFC6275).flatten();
            let all = all.filter_map(|o| match o.body() {
                NdBody::PrefixInformation { prefix, valid, .. } => Some((prefix, valid)),
                _ => None,
            });
            Some((s.at.micros() / 1_000_000, ip.destination, *identifier, all.collect()))
        })
        .collect()
}

fn solicit(scene: &mut Scene, option: bool) {
    scene.mark = scene.network.sent().len();
    let mut packet = vec![Header::Ipv6(Ipv6::new(foreign(0xa), agent()))];
    if option {
        let option = Ipv6Option::home_address(hoa());
        let list = Ipv6OptionsBuilder::default().option(&option).build();
        packet.push(Header::DestinationOptions(DestinationOptions::new(list)));
    }
    let body =
        Icmpv6Body::PrefixSolicitation { identifier: 77, reserved: 0, options: Vec::new().into() };
    packet.push(Header::Icmpv6(Icmpv6::new(kind::PREFIX_SOLICITATION, body)));
    scene.output(&packet);
}

#[test]
fn solicitations_of_registered_mobile_nodes_are_answered() {
    let mut scene = Scene::new(config(), None);
    solicit(&mut scene, true);
    scene.network.run_for(secs(2));
    assert_eq!(prefixes(&scene), []);
    scene.register();
    solicit(&mut scene, false);
    scene.network.run_for(secs(2));
    assert_eq!(prefixes(&scene), []);
    solicit(&mut scene, true);
    scene.network.run_for(Duration::from_millis(300));
    let told = prefixes(&scene);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].1, told[0].2), (foreign(0xa), 77));
    assert_eq!(told[0].3, [(agent(), 2_592_000)]);
    // Not more often than once in a second.
    solicit(&mut scene, true);
    scene.network.run_for(Duration::from_millis(300));
    assert_eq!(prefixes(&scene), []);
    scene.network.run_for(secs(1));
    assert_eq!(prefixes(&scene).len(), 1);
    scene.assert_honest();
}

#[test]
fn a_change_of_prefixes_is_told_until_it_is_acknowledged() {
    let few = |fault| {
        let config = HomeAgentConfig {
            min_prefix_interval: secs(10),
            max_prefix_interval: secs(20),
            ..config()
        };
        Scene::new(config, fault)
    };
    let mut scene = few(None);
    let bu = Bu { lifetime: 1000, ..scene.bu() };
    scene.send(bu, secs(3));
    solicit(&mut scene, true);
    scene.network.run_for(secs(2));
    scene.mark = scene.network.sent().len();
    let prefix = "2001:db8:3::".parse().unwrap();
    let told = Prefix { interface: PLACE, prefix, len: 64, valid: 900, preferred: 800 };
    scene.network.command(scene.agent, &Command::Prefix(told));
    scene.network.run_for(secs(45));
    let told = prefixes(&scene);
    let times: Vec<u64> = told.iter().map(|t| t.0 - told[0].0).collect();
    assert_eq!(times[..4], [0, 3, 9, 21]);
    assert_eq!(told[0].3.len(), 2);
    // Acknowledged: no more than the regular ones.
    let mut scene = few(None);
    let bu = Bu { lifetime: 1000, ..scene.bu() };
    scene.send(bu, secs(3));
    scene.network.run(scene.network.now() + secs(30), |n| {
        n.told().last().is_some_and(|t| t.text.contains("prefixes told"))
    });
    solicit(&mut scene, true);
    scene.network.run_for(secs(9));
    assert_eq!(prefixes(&scene).len(), 1);
    scene.assert_honest();
}

#[test]
fn nothing_is_told_after_a_binding_has_ended() {
    let config = HomeAgentConfig {
        min_prefix_interval: secs(10),
        max_prefix_interval: secs(11),
        ..config()
    };
    let told = |fault| {
        let mut scene = Scene::new(config.clone(), fault);
        let bu = Bu { lifetime: 3, ..scene.bu() };
        scene.send(bu, secs(40));
        (prefixes(&scene).len(), scene)
    };
    assert!(told(Some(&wrong::ADVERTISES_AFTER_EXPIRY)).0 > 1);
    let (before, mut scene) = told(None);
    assert_eq!(before, 1);
    // It has missed that: told again when it is back.
    let bu = scene.bu();
    scene.send(bu, secs(4));
    assert_eq!(prefixes(&scene).len(), 1);
}
