//! A home link, three links with access routers of Local Key Exchange, a correspondent,
//! and a link that joins their routers.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_conformance::network::{LinkConfig, LinkId, Network, NodeId, Place};
use mip6_conformance::roles::command::Echo;
use mip6_conformance::roles::correspondent::{self, Correspondent, CorrespondentConfig};
use mip6_conformance::roles::home_agent::{HomeAgent, HomeAgentConfig};
use mip6_conformance::roles::host::{Address, HostConfig, Route, from_station};
use mip6_conformance::roles::local::keys::router_key;
use mip6_conformance::roles::mobile_node::{LocalConfig, MobileNode, MobileNodeConfig, Way};
use mip6_conformance::roles::mobility::Mobility;
use mip6_conformance::roles::router::local::{AccessRouterConfig, modules};
use mip6_conformance::roles::router::{HomeAgentInformation, PrefixConfig, Router, RouterConfig};
use mip6_conformance::roles::{Command, Config, Faults, Interface, Module, Node};
use mip6_dissect::rules::Level;
use mip6_security::keys::Keys;
use mip6_wire::codes::LKE01;
use mip6_wire::header::{Header, read_packet};
use mip6_wire::mobility::Message;

use crate::evidence;

pub(super) const HOME: u16 = 1;
/// Links with access routers.
pub(super) const LINKS: [u16; 3] = [2, 3, 4];
const PEERS: u16 = 5;
const CORE: u16 = 6;
const STATION: [u8; 6] = [2, 0, 0, 0, 0, 0x99];

fn prefix(link: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, link, 0, 0, 0, 0, 0)
}

pub(super) fn on(link: u16, id: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, link, 0, 0, 0, 0, id)
}

pub(super) fn home() -> Ipv6Addr {
    careof(HOME)
}

/// The mobile node on a link.
pub(super) fn careof(link: u16) -> Ipv6Addr {
    from_station(prefix(link), STATION)
}

pub(super) fn agent() -> Ipv6Addr {
    on(HOME, 2)
}

pub(super) fn peer() -> Ipv6Addr {
    on(PEERS, 0xc)
}

/// The access router of a link, by its address there.
pub(super) fn router(link: u16) -> Ipv6Addr {
    on(link, 1)
}

pub(super) struct Setup {
    pub(super) mobile: MobileNodeConfig,
    pub(super) faults: Faults,
    /// Longest lifetime of associations, in seconds.
    pub(super) maximum: u16,
    pub(super) finished: bool,
    /// The first link that has an access router is the home agent's too.
    pub(super) agent_serves: bool,
}

impl Default for Setup {
    fn default() -> Self {
        let mut mobile = MobileNodeConfig::new(home(), 64, Some(agent()));
        mobile.local = Some(LocalConfig::default());
        Self { mobile, faults: Faults::none(), maximum: 1800, finished: false, agent_serves: false }
    }
}

impl Setup {
    pub(super) fn way(mut self, way: Way) -> Self {
        self.mobile.local = Some(LocalConfig { way, ..LocalConfig::default() });
        self
    }

    pub(super) fn build(self) -> Scene {
        Scene::new(self)
    }
}

pub(super) struct Scene {
    pub(super) network: Network,
    links: Vec<LinkId>,
    pub(super) mobile: NodeId,
    pub(super) peer: NodeId,
    routers: Vec<NodeId>,
    keys: Keys,
}

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn advertised(interface: u16, link: u16, address: Ipv6Addr) -> RouterConfig {
    let config = RouterConfig::new(Interface(interface))
        .every(secs(3), secs(4))
        .prefix(PrefixConfig::new(prefix(link), 64).with_address(address));
    RouterConfig { lifetime: 9000, ..config }
}

fn route(to: u16, interface: u16, via: Ipv6Addr) -> Route {
    Route { prefix: prefix(to), len: 64, interface: Interface(interface), via: Some(via) }
}

fn default_route(link: u16) -> Route {
    let via = Some(on(link, 1));
    Route { prefix: Ipv6Addr::UNSPECIFIED, len: 0, interface: Interface(0), via }
}

impl Scene {
    fn new(setup: Setup) -> Self {
        let mut network = Network::new(7);
        let names = ["home", "first", "second", "third", "peers", "core"];
        let links: Vec<LinkId> = names.map(|n| network.link(LinkConfig::named(n))).into();
        let mut keys = Keys::default();
        let attach = |network: &mut Network, node: NodeId, on: &[u16]| {
            for (i, link) in on.iter().enumerate() {
                let place = Place { node, interface: Interface(i as u16) };
                network.attach(place, Some(links[usize::from(*link) - 1]));
            }
        };
        // In the middle.
        let between = [HOME, PEERS, CORE];
        let host = HostConfig {
            stations: between.iter().map(|l| [2, 0, 0, 0, 1, *l as u8]).collect(),
            addresses: (0..)
                .zip(between)
                .map(|(i, l)| Address::configured(Interface(i), on(l, 1), 64))
                .collect(),
            forwards: true,
            routes: LINKS.iter().map(|l| route(*l, 2, on(CORE, *l))).collect(),
            ..HostConfig::default()
        };
        let plain: Vec<Box<dyn Module>> = vec![Box::new(Router::new(Vec::new()))];
        let node = Node::new(Config { host, modules: plain, seed: 1, ..Config::default() });
        let node = network.node(node);
        attach(&mut network, node, &between);
        let mut routers = Vec::new();
        for link in LINKS {
            let places = [link, CORE];
            let mut routes = vec![route(HOME, 1, on(CORE, 1)), route(PEERS, 1, on(CORE, 1))];
            let others = LINKS.iter().filter(|l| **l != link);
            routes.extend(others.map(|l| route(*l, 1, on(CORE, *l))));
            let host = HostConfig {
                stations: vec![[2, 0, 0, 0, 4, link as u8], [2, 0, 0, 0, 5, link as u8]],
                addresses: vec![
                    Address::configured(Interface(0), router(link), 64),
                    Address::configured(Interface(1), on(CORE, link), 64),
                ],
                forwards: true,
                routes,
                codes: Some(&LKE01),
                ..HostConfig::default()
            };
            let key = router_key(1024, link.into()).unwrap();
            keys.local.add_router((*key).clone());
            let config = AccessRouterConfig {
                maximum: setup.maximum,
                finished: setup.finished.then_some(secs(5)),
                ..AccessRouterConfig::new(vec![advertised(0, link, router(link))], key)
            };
            let seed = 20 + u64::from(link);
            let modules = modules(config);
            let node = network.node(Node::new(Config { host, modules, seed, ..Config::default() }));
            attach(&mut network, node, &places);
            routers.push(node);
        }
        let host = HostConfig {
            stations: vec![[2, 0, 0, 0, 2, 0]],
            addresses: vec![Address::configured(Interface(0), agent(), 64)],
            forwards: true,
            routes: vec![default_route(HOME)],
            ..HostConfig::default()
        };
        let mut link = advertised(0, HOME, agent());
        link.home_agent = Some(HomeAgentInformation { preference: 10, lifetime: None });
        let config = HomeAgentConfig { links: vec![link], ..HomeAgentConfig::default() };
        let served: Vec<Box<dyn Module>> =
            vec![Box::new(Mobility::default()), Box::new(HomeAgent::new(config))];
        let node = Node::new(Config { host, modules: served, seed: 10, ..Config::default() });
        let node = network.node(node);
        attach(&mut network, node, &[HOME]);
        let host = HostConfig {
            stations: vec![[2, 0, 0, 0, 3, 1]],
            addresses: vec![Address::configured(Interface(0), peer(), 64)],
            routes: vec![default_route(PEERS)],
            ..HostConfig::default()
        };
        let modules = correspondent::modules(CorrespondentConfig::default());
        let peer = network.node(Node::new(Config { host, modules, seed: 3, ..Config::default() }));
        attach(&mut network, peer, &[PEERS]);
        let host = HostConfig {
            stations: vec![STATION],
            autoconfigure: true,
            codes: Some(&LKE01),
            ..HostConfig::default()
        };
        let mut mobile = setup.mobile;
        if setup.agent_serves {
            mobile.agent = Some(router(LINKS[0]));
        }
        let modules: Vec<Box<dyn Module>> = vec![
            Box::new(Mobility::default().knowing(9, 1)),
            Box::new(MobileNode::new(mobile)),
            Box::new(Correspondent::new(CorrespondentConfig::default())),
        ];
        let faults = setup.faults;
        let mobile = network.node(Node::new(Config { host, modules, faults, seed: 9 }));
        network.run_for(secs(5));
        Self { network, links, mobile, peer, routers, keys }
    }

    /// Takes the mobile node to a link, and lets it settle there.
    pub(super) fn go(&mut self, link: u16) {
        let place = Place { node: self.mobile, interface: Interface(0) };
        self.network.attach(place, Some(self.links[usize::from(link) - 1]));
    }

    /// The access router of a link.
    pub(super) fn router_of(&self, link: u16) -> NodeId {
        self.routers[usize::from(link - LINKS[0])]
    }

    pub(super) fn wait(&mut self, seconds: u64) {
        self.network.run_for(secs(seconds));
    }

    pub(super) fn state(&self, name: &str) -> Option<String> {
        let node = self.network.get(self.mobile)?;
        let all = node.state(self.network.now());
        all.into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The care-of address of the association with the access router of a link.
    pub(super) fn association(&self, link: u16) -> Option<String> {
        self.state(&format!("lbsa.{}", router(link)))
    }

    /// Where the access router of a link forwards to.
    pub(super) fn forwards(&self, link: u16) -> Option<String> {
        self.state(&format!("lbsa-binding.{}", router(link)))
    }

    /// The care-of address that the home agent has, as far as the mobile node knows.
    pub(super) fn registered(&self) -> Option<String> {
        self.state(&format!("binding.{}.{}", home(), agent()))
    }

    /// The correspondent sends an Echo Request; whether the answer comes back.
    pub(super) fn ping(&mut self, to: Ipv6Addr) -> bool {
        let from = self.mark();
        let echo = Echo {
            to,
            from: None,
            interface: None,
            octets: 16,
            hop_limit: None,
            identifier: 5,
            sequence: 1,
        };
        self.network.command(self.peer, &Command::Echo(echo));
        self.wait(1);
        let all = self.network.sent()[from..].iter();
        let on_peers = all.filter(|s| s.link == self.links[usize::from(PEERS) - 1]);
        let replied = |octets: &[u8]| {
            read_packet(&octets[14..], &LKE01).iter().any(|h| match h {
                Header::Icmpv6(m) => m.kind == 129,
                _ => false,
            })
        };
        on_peers.into_iter().any(|s| replied(&s.octets))
    }

    pub(super) fn mark(&self) -> usize {
        self.network.sent().len()
    }

    /// Mobility Headers of the mobile node since frame `from`: destination on the wire,
    /// and the message.
    pub(super) fn messages(&self, from: usize) -> Vec<(Ipv6Addr, Message<'static>)> {
        let sent = self.network.sent()[from..].iter().filter(|s| s.from.node == self.mobile);
        sent.filter_map(|s| {
            let headers = read_packet(s.octets[14..].to_vec().leak(), &LKE01);
            let Some(Header::Ipv6(ip)) = headers.first() else { return None };
            let to = ip.destination;
            headers.into_iter().find_map(|h| match h {
                Header::Mobility(m) => Some((to, m.message)),
                _ => None,
            })
        })
        .collect()
    }

    /// How many Binding Updates went to a node since frame `from`.
    pub(super) fn updates(&self, from: usize, to: Ipv6Addr) -> usize {
        let all = self.messages(from);
        let update = |m: &Message<'_>| matches!(m, Message::BindingUpdate { .. });
        all.iter().filter(|(d, m)| *d == to && update(m)).count()
    }

    /// How many requests there were since frame `from`.
    pub(super) fn requests(&self, from: usize) -> usize {
        let all = self.messages(from);
        all.iter().filter(|(_, m)| matches!(m, Message::KeyExchangeRequest { .. })).count()
    }

    /// Nothing that anybody sent breaks a requirement, but for the one that wants IPsec,
    /// of which there is none; those of level should neither where the mobile node is
    /// who could break them.
    #[track_caller]
    pub(super) fn honest(&self) {
        let (outcome, findings) = evidence::judge(&self.network, &self.keys);
        assert_eq!((outcome.trouble(), outcome.malformed), (None, 0));
        let about_local = |text: &str| text.contains("LKE-");
        let found: Vec<String> = findings
            .into_iter()
            .filter(|(level, text)| {
                *level == Level::Must || *level == Level::Should && about_local(text)
            })
            .map(|(_, text)| text)
            .filter(|text| !text.contains("MIP6-SEC-001"))
            .collect();
        assert!(found.is_empty(), "{}\n{:#?}", found.join("\n"), self.network.told());
    }

    /// Asserts that the rules have judged a requirement.
    #[track_caller]
    pub(super) fn judged(&self, ids: &[&str]) {
        let (outcome, _) = evidence::judge(&self.network, &self.keys);
        for id in ids {
            assert!(evidence::judged(&outcome, id) > 0, "nobody has judged {id}");
        }
    }
}
