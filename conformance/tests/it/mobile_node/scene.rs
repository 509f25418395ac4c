//! A home link with its home agents, two foreign links and a correspondent; a
//! router between them.

use std::fmt::Write;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use mip6_conformance::network::{LinkConfig, LinkId, Network, NodeId, Place, Sent};
use mip6_conformance::roles::command::{Datagram, Echo};
use mip6_conformance::roles::correspondent::{self, Correspondent, CorrespondentConfig};
use mip6_conformance::roles::home_agent::{HomeAgent, HomeAgentConfig};
use mip6_conformance::roles::host::{Address, Databases, HostConfig, Route, from_station};
use mip6_conformance::roles::mobile_node::{MobileNode, MobileNodeConfig};
use mip6_conformance::roles::mobility::Mobility;
use mip6_conformance::roles::router::{HomeAgentInformation, PrefixConfig, Router, RouterConfig};
use mip6_conformance::roles::{Command, Config, Fault, Faults, Interface, Module, Node};
use mip6_dissect::rules::Level;
use mip6_security::keys::{self, Keys};

use crate::evidence;

pub(crate) const HOME: u16 = 1;
pub(crate) const FOREIGN: u16 = 2;
pub(crate) const OTHER: u16 = 3;
pub(crate) const PEERS: u16 = 4;
pub(crate) const STATION: [u8; 6] = [2, 0, 0, 0, 0, 0x99];

/// The prefix of a link.
pub(crate) fn prefix(link: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, link, 0, 0, 0, 0, 0)
}

/// An address on a link.
pub(crate) fn on(link: u16, id: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, link, 0, 0, 0, 0, id)
}

/// The home address.
pub(crate) fn home() -> Ipv6Addr {
    from_station(prefix(HOME), STATION)
}

/// The care-of address on a link.
pub(crate) fn careof(link: u16) -> Ipv6Addr {
    from_station(prefix(link), STATION)
}

/// The home agent.
pub(crate) fn agent() -> Ipv6Addr {
    on(HOME, 2)
}

/// The correspondent.
pub(crate) fn peer() -> Ipv6Addr {
    on(PEERS, 0xc)
}

/// How a scene is set up.
pub(crate) struct Setup {
    pub(crate) mobile: MobileNodeConfig,
    pub(crate) agents: u16,
    pub(crate) agent: HomeAgentConfig,
    pub(crate) correspondent: CorrespondentConfig,
    pub(crate) faults: Faults,
    pub(crate) unaware: bool,
    pub(crate) protected: bool,
    /// Valid lifetime of foreign prefixes.
    pub(crate) valid: u32,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            mobile: MobileNodeConfig::new(home(), 64, Some(agent())),
            agents: 1,
            agent: HomeAgentConfig::default(),
            correspondent: CorrespondentConfig::default(),
            faults: Faults::none(),
            unaware: false,
            protected: false,
            valid: 2_592_000,
        }
    }
}

impl Setup {
    pub(crate) fn with(mut self, f: impl FnOnce(&mut MobileNodeConfig)) -> Self {
        f(&mut self.mobile);
        self
    }

    pub(crate) fn faulty(mut self, fault: &'static Fault) -> Self {
        self.faults = self.faults.with(fault);
        self
    }

    pub(crate) fn build(self) -> Scene {
        Scene::new(self)
    }
}

pub(crate) struct Scene {
    pub(crate) network: Network,
    pub(crate) links: [LinkId; 4],
    pub(crate) mobile: NodeId,
    pub(crate) agents: Vec<NodeId>,
    pub(crate) peer: NodeId,
    keys: Keys,
}

fn advertised(interface: u16, link: u16, valid: u32) -> RouterConfig {
    let mut prefix = PrefixConfig::new(prefix(link), 64).with_address(on(link, 1));
    prefix.valid = valid;
    prefix.preferred = valid.min(604_800);
    RouterConfig::new(Interface(interface))
        .every(Duration::from_secs(3), Duration::from_secs(4))
        .prefix(prefix)
}

impl Scene {
    fn new(setup: Setup) -> Self {
        let mut network = Network::new(7);
        let names = ["home", "foreign", "other", "peers"];
        let links = names.map(|n| network.link(LinkConfig::named(n)));
        let text = if setup.protected { key_file() } else { "associations: []\n".into() };
        let keys = keys::parse_file("keys".as_ref(), &text).unwrap();
        let databases = |node: &str| {
            keys.policy.as_ref().filter(|_| setup.protected).map(|policy| {
                Arc::new(Databases {
                    policy: policy.clone(),
                    node: node.into(),
                    associations: keys.associations.clone(),
                })
            })
        };
        let interfaces = [HOME, FOREIGN, OTHER, PEERS];
        let host = HostConfig {
            stations: interfaces.iter().map(|l| [2, 0, 0, 0, 1, *l as u8]).collect(),
            addresses: interfaces
                .iter()
                .enumerate()
                .map(|(i, l)| Address::configured(Interface(i as u16), on(*l, 1), 64))
                .collect(),
            forwards: true,
            ..HostConfig::default()
        };
        let advertises =
            vec![advertised(1, FOREIGN, setup.valid), advertised(2, OTHER, setup.valid)];
        let modules = vec![Box::new(Router::new(advertises)) as Box<dyn Module>];
        let router =
            network.node(Node::new(Config { host, modules, seed: 1, ..Config::default() }));
        for (i, link) in links.iter().enumerate() {
            let place = Place { node: router, interface: Interface(i as u16) };
            network.attach(place, Some(*link));
        }
        let agents = (0..setup.agents)
            .map(|n| {
                let host = HostConfig {
                    stations: vec![[2, 0, 0, 0, 2, n as u8]],
                    addresses: vec![Address::configured(Interface(0), on(HOME, 2 + n), 64)],
                    forwards: true,
                    routes: vec![default_route(HOME)],
                    databases: databases("ha"),
                    ..HostConfig::default()
                };
                let mut link = RouterConfig::new(Interface(0))
                    .every(Duration::from_secs(3), Duration::from_secs(4))
                    .prefix(PrefixConfig::new(prefix(HOME), 64).with_address(on(HOME, 2 + n)));
                link.home_agent = Some(HomeAgentInformation { preference: 10 - n, lifetime: None });
                let config = HomeAgentConfig { links: vec![link], ..setup.agent.clone() };
                let modules: Vec<Box<dyn Module>> =
                    vec![Box::new(Mobility::default()), Box::new(HomeAgent::new(config))];
                let seed = 10 + u64::from(n);
                let node =
                    network.node(Node::new(Config { host, modules, seed, ..Config::default() }));
                network.attach(Place { node, interface: Interface(0) }, Some(links[0]));
                node
            })
            .collect();
        let host = HostConfig {
            stations: vec![[2, 0, 0, 0, 3, 1]],
            addresses: vec![Address::configured(Interface(0), peer(), 64)],
            routes: vec![default_route(PEERS)],
            ..HostConfig::default()
        };
        let modules = correspondent::modules(setup.correspondent.clone());
        let peer = network.node(Node::new(Config { host, modules, seed: 3, ..Config::default() }));
        network.attach(Place { node: peer, interface: Interface(0) }, Some(links[3]));
        let host = HostConfig {
            stations: vec![STATION],
            autoconfigure: true,
            unaware: setup.unaware,
            databases: databases("mn"),
            ..HostConfig::default()
        };
        let modules: Vec<Box<dyn Module>> = vec![
            Box::new(Mobility::default()),
            Box::new(MobileNode::new(setup.mobile)),
            Box::new(Correspondent::new(CorrespondentConfig::default())),
        ];
        let faults = setup.faults;
        let mobile = network.node(Node::new(Config { host, modules, faults, seed: 9 }));
        network.run_for(Duration::from_secs(5));
        Self { network, links, mobile, agents, peer, keys }
    }

    /// Takes the mobile node to a link.
    pub(crate) fn go(&mut self, link: u16) {
        let place = Place { node: self.mobile, interface: Interface(0) };
        self.network.attach(place, Some(self.links[usize::from(link) - 1]));
    }

    pub(crate) fn wait(&mut self, millis: u64) {
        self.network.run_for(Duration::from_millis(millis));
    }

    pub(crate) fn tell(&mut self, command: &Command) {
        self.network.command(self.mobile, command);
    }

    /// A state of the mobile node.
    pub(crate) fn state(&self, name: &str) -> Option<String> {
        let node = self.network.get(self.mobile)?;
        let all = node.state(self.network.now());
        all.into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// What the mobile node has as the binding at a node.
    pub(crate) fn binding(&self, at: Ipv6Addr) -> Option<String> {
        self.state(&format!("binding.{}.{at}", home()))
    }

    /// The care-of address that a node has for the home address.
    pub(crate) fn bound(&self, node: NodeId) -> Option<Ipv6Addr> {
        let node = self.network.get(node)?;
        node.host().tables.alive().find(|(h, _)| *h == home()).map(|(_, b)| b.careof)
    }

    pub(crate) fn echo(&mut self, to: Ipv6Addr, from: Option<Ipv6Addr>) {
        self.tell(&Command::Echo(Echo {
            to,
            from,
            interface: None,
            octets: 16,
            hop_limit: None,
            identifier: 5,
            sequence: 1,
        }));
    }

    /// The correspondent sends the mobile node a datagram.
    pub(crate) fn datagram(&mut self) {
        let datagram = Datagram {
            to: home(),
            from: None,
            octets: 16,
            source_port: 1000,
            destination_port: 2000,
        };
        self.network.command(self.peer, &Command::Datagram(datagram));
    }

    /// Frames of the mobile node since `from`, behind the Ethernet header.
    pub(crate) fn sent(&self, from: usize) -> Vec<(u64, Vec<u8>)> {
        let own = |s: &&Sent| s.from.node == self.mobile;
        let sent = self.network.sent()[from..].iter().filter(own);
        sent.map(|s| (s.at.micros() / 1000, s.octets[14..].to_vec())).collect()
    }

    /// How many frames there are.
    pub(crate) fn mark(&self) -> usize {
        self.network.sent().len()
    }

    /// Mobility Headers of a type that the mobile node has sent, in the clear or
    /// through the tunnel: when, and from the Mobility Header on.
    pub(crate) fn mobility(&self, from: usize, kind: u8) -> Vec<(u64, Vec<u8>)> {
        let sent = self.sent(from).into_iter();
        sent.filter_map(|(at, p)| Some((at, upper(&p, 135)?)))
            .filter(|(_, m)| m.get(2) == Some(&kind))
            .collect()
    }

    /// ICMPv6 messages of a type that the mobile node has sent.
    pub(crate) fn icmp(&self, from: usize, kind: u8) -> Vec<(u64, Vec<u8>)> {
        let sent = self.sent(from).into_iter();
        sent.filter_map(|(at, p)| Some((at, upper(&p, 58)?)))
            .filter(|(_, m)| m.first() == Some(&kind))
            .collect()
    }

    /// Whether the node has told something with these words.
    pub(crate) fn told(&self, words: &str) -> bool {
        self.network.told().iter().any(|t| t.text.contains(words))
    }

    /// Nothing breaks a requirement of level must; but for those that want IPsec, if
    /// there is none.
    #[track_caller]
    pub(crate) fn honest(&self) {
        if !self.keys.associations.is_empty() {
            evidence::assert_honest(&self.network, &self.keys);
            return;
        }
        let (_, findings) = evidence::judge(&self.network, &self.keys);
        let musts: Vec<String> = findings
            .into_iter()
            .filter(|(level, text)| *level == Level::Must && !text.contains("MIP6-SEC-001"))
            .map(|(_, text)| text)
            .collect();
        assert!(musts.is_empty(), "{}\n{:#?}", musts.join("\n"), self.network.told());
    }

    /// A link loses everything from now on, or nothing any more.
    pub(crate) fn lose(&mut self, link: u16, all: bool) {
        let id = self.links[usize::from(link) - 1];
        if let Some(config) = self.network.link_mut(id) {
            config.loss = if all { 1.0 } else { 0.0 };
        }
    }
}

fn default_route(link: u16) -> Route {
    Route { prefix: Ipv6Addr::UNSPECIFIED, len: 0, interface: Interface(0), via: Some(on(link, 1)) }
}

/// From the upper-layer header of a protocol on, past extension headers and
/// tunnels.
fn upper(packet: &[u8], wanted: u8) -> Option<Vec<u8>> {
    let (mut next, mut at) = (*packet.get(6)?, 40);
    loop {
        match next {
            n if n == wanted => return Some(packet.get(at..)?.to_vec()),
            41 => return upper(packet.get(at..)?, wanted),
            0 | 43 | 60 => {
                next = *packet.get(at)?;
                at += (usize::from(*packet.get(at + 1)?) + 1) * 8;
            }
            _ => return None,
        }
    }
}

/// Keys and policies of the mobile node and its home agent, RFC 3776 5.
fn key_file() -> String {
    // The upper two in transport mode, the lower in tunnel mode.
    let kinds = [("MH", false, 1), ("ICMPv6", false, 3), ("MH", true, 5)];
    let mut policy = String::new();
    let mut associations = String::new();
    for (node, mobile) in [("mn", true), ("ha", false)] {
        let end = if mobile { "agent" } else { "home" };
        let ends = |tunnel: bool, toward: bool| match (tunnel, toward) {
            (false, true) => ("home", "agent"),
            (false, false) => ("agent", "home"),
            (true, true) => ("home", "any"),
            (true, false) => ("any", "home"),
        };
        for (direction, outward) in [("OUT", true), ("IN", false)] {
            writeln!(policy, "  {node} SPD {direction}:").unwrap();
            for (proto, tunnel, n) in kinds {
                let toward = mobile == outward;
                let (s, d) = ends(tunnel, toward);
                let n = n + u32::from(!toward);
                let way = if outward { "to" } else { "from" };
                let interface = if tunnel {
                    format!("interface = tunnel {way} {end} & ")
                } else {
                    String::new()
                };
                writeln!(
                    policy,
                    "    - IF {interface}source = {s} & destination = {d} & proto = {proto}\n      \
                     THEN USE SA{n}"
                )
                .unwrap();
            }
        }
        writeln!(policy, "  {node} SAD:").unwrap();
        for (proto, tunnel, n) in kinds {
            for back in [false, true] {
                let n = n + u32::from(back);
                let direction = if mobile == back { "IN" } else { "OUT" };
                let to = if back { "home" } else { "agent" };
                let mode = if tunnel { "TUNNEL" } else { "TRANSPORT" };
                let (s, d) = ends(tunnel, !back);
                writeln!(
                    policy,
                    "    - SA{n}({direction}, spi_{n}, {to}, ESP, {mode}):\n      \
                     source = {s} & destination = {d} & proto = {proto}"
                )
                .unwrap();
            }
        }
    }
    for n in 1..7 {
        writeln!(
            associations,
            "  - {{name: SA{n}, encryption: {{algorithm: aes-cbc, key: {:0>32}}}, integrity: \
             {{algorithm: hmac-sha1-96, key: {:0>40}}}}}",
            format!("{n}1"),
            format!("{n}2"),
        )
        .unwrap();
    }
    let mut spis = String::new();
    for n in 1..7 {
        writeln!(spis, "  spi_{n}: {:#x}", 0x1000 + n).unwrap();
    }
    format!(
        "policy: |\n{policy}names:\n  home: {}\n  agent: {}\n{spis}associations:\n{associations}",
        home(),
        agent()
    )
}
