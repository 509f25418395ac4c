//! Routers: what they advertise and when.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_conformance::network::{LinkConfig, LinkId, Network, NodeId, Place};
use mip6_conformance::roles::command::Prefix;
use mip6_conformance::roles::host::{Address, HostConfig};
use mip6_conformance::roles::router::faults as wrong;
use mip6_conformance::roles::router::{HomeAgentInformation, PrefixConfig, Router, RouterConfig};
use mip6_conformance::roles::{Command, Config, Fault, Faults, Interface, Node};
use mip6_security::keys::Keys;
use mip6_wire::codes::RFC6275;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags};
use mip6_wire::layout::Reader;

use super::evidence;

const PREFIX: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0);
const ROUTER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1);
const PLACE: Interface = Interface(0);

fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A link with a router and, one second later, a host.
struct Scene {
    network: Network,
    link: LinkId,
    router: NodeId,
    host: NodeId,
}

fn config() -> RouterConfig {
    RouterConfig::new(PLACE).prefix(PrefixConfig::new(PREFIX, 64).with_address(ROUTER))
}

fn scene(config: RouterConfig, fault: Option<&'static Fault>) -> Scene {
    let mut network = Network::new(1);
    let link = network.link(LinkConfig::named("link"));
    let host = HostConfig {
        stations: vec![[2, 0, 0, 0, 0, 1]],
        addresses: vec![Address::configured(PLACE, ROUTER, 64)],
        forwards: true,
        ..HostConfig::default()
    };
    let faults = fault.map_or_else(Faults::none, |f| Faults::none().with(f));
    let modules = vec![Box::new(Router::new(vec![config])) as _];
    let router = network.node(Node::new(Config { host, modules, faults, seed: 1 }));
    let host = HostConfig {
        stations: vec![[2, 0, 0, 0, 0, 2]],
        autoconfigure: true,
        ..HostConfig::default()
    };
    let host = network.node(Node::new(Config { host, seed: 2, ..Config::default() }));
    network.attach(Place { node: router, interface: PLACE }, Some(link));
    network.run_for(millis(900));
    network.attach(Place { node: host, interface: PLACE }, Some(link));
    Scene { network, link, router, host }
}

/// A Router Advertisement that was sent.
struct Advertised {
    at: u64,
    to: Ipv6Addr,
    flags: RaFlags,
    lifetime: u16,
    options: Vec<NdBody<'static>>,
}

impl Scene {
    /// Router Advertisements since the beginning, times in milliseconds.
    fn advertised(&self) -> Vec<Advertised> {
        let sent = self.network.sent().iter().filter(|s| s.from.node == self.router);
        sent.filter(|s| s.octets[20] == 58 && s.octets[54] == 134)
            .map(|s| {
                let octets: &'static [u8] = s.octets[54..].to_vec().leak();
                let message: Icmpv6<'static> =
                    Reader::new(octets, octets.len(), &RFC6275).read().unwrap();
                let Icmpv6Body::RouterAdvertisement { flags, lifetime, options, .. } = message.body
                else {
                    panic!("no advertisement")
                };
                let options: &'static [u8] = options.into_owned().leak();
                let options = NdOptions::new(options, 134, &RFC6275);
                let mut to = [0; 16];
                to.copy_from_slice(&s.octets[38..54]);
                Advertised {
                    at: s.at.micros() / 1000,
                    to: to.into(),
                    flags,
                    lifetime,
                    options: options.map(|o| o.unwrap().body()).collect(),
                }
            })
            .collect()
    }

    fn address(&self) -> Option<Ipv6Addr> {
        let host = self.network.get(self.host)?.host();
        host.global(self.network.now(), PLACE)
    }

    fn prefix(&mut self, prefix: &str, valid: u32, preferred: u32) {
        let prefix = prefix.parse().unwrap();
        let prefix = Prefix { interface: PLACE, prefix, len: 64, valid, preferred };
        self.network.command(self.router, &Command::Prefix(prefix));
    }
}

/// Times between those to all nodes.
fn gaps(advertised: &[Advertised]) -> Vec<u64> {
    let all = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
    let times: Vec<u64> = advertised.iter().filter(|a| a.to == all).map(|a| a.at).collect();
    times.windows(2).map(|w| w[1] - w[0]).collect()
}

#[test]
fn advertisements_come_quickly_at_first_and_then_by_the_defaults() {
    let mut s = scene(config(), None);
    s.network.run_for(Duration::from_hours(2));
    let advertised = s.advertised();
    let gaps = gaps(&advertised);
    let early = advertised.iter().filter(|a| a.at < 60_000).count();
    assert!((3..=5).contains(&early), "{gaps:?}");
    assert!(gaps.iter().all(|g| (3000..=600_000).contains(g)), "{gaps:?}");
    assert!(gaps.iter().skip(5).all(|g| *g >= 198_000), "{gaps:?}");
    let address = s.address().unwrap();
    assert_eq!(address.segments()[..4], PREFIX.segments()[..4]);
    let outcome = evidence::assert_honest(&s.network, &Keys::default());
    assert!(evidence::judged(&outcome, "MIP6-ND-006") > 0);
}

#[test]
fn intervals_may_be_as_short_as_mobility_wants_them() {
    let config = config().every(millis(30), millis(70));
    assert_eq!(config.lifetime, 1);
    let mut s = scene(config.clone(), None);
    s.network.run_for(Duration::from_secs(5));
    let gaps = gaps(&s.advertised());
    assert!(gaps.len() > 60 && gaps.iter().all(|g| (29..=70).contains(g)), "{gaps:?}");
    evidence::assert_honest(&s.network, &Keys::default());
    // 20 ms more than the longest, RFC 6275 7.5.
    let interval = NdBody::AdvertisementInterval { reserved: 0, interval: 90 };
    assert!(s.advertised()[0].options.contains(&interval));

    let mut s = scene(config, Some(&wrong::SLOW));
    s.network.run_for(Duration::from_secs(30));
    assert!(crate::router::gaps(&s.advertised()).iter().skip(1).all(|g| *g >= 3000));
}

#[test]
fn without_unsolicited_ones_only_solicitations_are_answered() {
    let quiet = RouterConfig { unsolicited: false, unicast: true, ..config() };
    let mut s = scene(quiet.clone(), None);
    s.network.run_for(Duration::from_hours(1));
    let advertised = s.advertised();
    assert_eq!(advertised.len(), 1, "one answer to the host");
    evidence::assert_honest(&s.network, &Keys::default());

    let mut s = scene(quiet, Some(&wrong::ALWAYS_UNSOLICITED));
    s.network.run_for(Duration::from_hours(1));
    assert!(s.advertised().len() > 4);
}

#[test]
fn the_interval_option_can_be_switched_off() {
    let interval = |a: &Advertised| {
        a.options.iter().any(|o| matches!(o, NdBody::AdvertisementInterval { .. }))
    };
    let off = RouterConfig { interval_option: false, ..config() };
    for (config, fault, there) in [
        (config(), None, true),
        (off.clone(), None, false),
        (config(), Some(&wrong::NO_INTERVAL_OPTION), false),
        (off, Some(&wrong::ALWAYS_INTERVAL_OPTION), true),
    ] {
        let mut s = scene(config, fault);
        s.network.run_for(Duration::from_mins(1));
        assert!(s.advertised().iter().all(|a| interval(a) == there), "{fault:?}");
    }
}

#[test]
fn home_agents_say_that_they_are_and_what_is_not_the_default() {
    let information = |s: &Scene| {
        s.advertised()[0].options.iter().any(|o| matches!(o, NdBody::HomeAgentInformation { .. }))
    };
    for (preference, lifetime, there) in
        [(0, None, false), (0, Some(1800), false), (10, None, true), (0, Some(900), true)]
    {
        let home_agent = Some(HomeAgentInformation { preference, lifetime });
        let mut s = scene(RouterConfig { home_agent, ..config() }, None);
        s.network.run_for(Duration::from_mins(1));
        assert!(s.advertised().iter().all(|a| a.flags.contains(RaFlags::H)));
        assert_eq!(information(&s), there, "{preference} {lifetime:?}");
        let outcome = evidence::assert_honest(&s.network, &Keys::default());
        assert!(evidence::judged(&outcome, "MIP6-ND-002") > 0);
    }
}

#[test]
fn prefixes_come_and_are_deprecated_and_withdrawn() {
    let mut s = scene(config(), None);
    s.network.run_for(Duration::from_secs(30));
    let old = s.address().unwrap();
    s.prefix("2001:db8:2::", 7200, 3600);
    s.prefix("2001:db8:1::", 600, 0);
    s.network.run_for(Duration::from_secs(10));
    let new = s.address().unwrap();
    assert_ne!(old, new, "a deprecated address is not taken for what is new");
    assert_eq!(new.segments()[2], 2);
    // Its lifetime ends; that is said three times.
    s.network.run_for(Duration::from_hours(1));
    let zero = |a: &&Advertised| {
        a.options.iter().any(|o| {
            matches!(o, NdBody::PrefixInformation { valid: 0, prefix, .. } if *prefix == ROUTER)
        })
    };
    assert_eq!(s.advertised().iter().filter(zero).count(), 3);
    evidence::assert_honest(&s.network, &Keys::default());
    let router = s.network.get(s.router).unwrap();
    assert!(!router.host().has(ROUTER));
}

#[test]
fn a_router_that_stops_says_so() {
    let mut s = scene(config(), None);
    s.network.run_for(Duration::from_mins(1));
    assert_eq!(s.network.get(s.host).unwrap().host().routers().len(), 1);
    let before = s.advertised().len();
    s.network.command(s.router, &Command::Advertise { interface: PLACE, on: false });
    s.network.run_for(Duration::from_mins(1));
    let last = &s.advertised()[before..];
    assert_eq!(last.iter().map(|a| a.lifetime).collect::<Vec<_>>(), [0, 0, 0]);
    assert_eq!(s.network.get(s.host).unwrap().host().routers().len(), 0);
    s.network.command(s.router, &Command::Advertise { interface: PLACE, on: true });
    s.network.run_for(Duration::from_mins(1));
    assert_eq!(s.network.get(s.host).unwrap().host().routers().len(), 1);
    assert_eq!(s.network.link_mut(s.link).unwrap().name, "link");
}

#[test]
fn many_prefixes_go_into_several_packets_each_with_the_routers_address() {
    let mut many = config();
    many.home_agent = Some(HomeAgentInformation { preference: 3, lifetime: None });
    for n in 0..100 {
        let prefix = Ipv6Addr::new(0x2001, 0xdb8, 0x100 + n, 0, 0, 0, 0, 0);
        many.prefixes.push(PrefixConfig { autonomous: false, ..PrefixConfig::new(prefix, 64) });
    }
    let mut s = scene(many, None);
    s.network.run_for(Duration::from_secs(1));
    let advertised = s.advertised();
    let prefixes = |a: &Advertised| {
        a.options.iter().filter(|o| matches!(o, NdBody::PrefixInformation { .. })).count()
    };
    assert_eq!(advertised.iter().map(prefixes).sum::<usize>(), 100 + advertised.len());
    assert!(advertised.len() > 1);
    let whole = |a: &Advertised| {
        let address = |o: &NdBody<'_>| {
            matches!(o, NdBody::PrefixInformation { flags, prefix, .. }
                if flags & 0x20 != 0 && *prefix == ROUTER)
        };
        a.options.iter().any(address)
    };
    assert!(advertised.iter().all(whole));
    evidence::assert_honest(&s.network, &Keys::default());
}
