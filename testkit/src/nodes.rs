//! Nodes under bad treatment: frames of an honest run that something happened
//! to, links that come and go, commands, timers that come early. Whatever comes,
//! a node neither panics nor goes round in circles, and what it sends and
//! remembers stays in bounds.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_conformance::network::{LinkConfig, Network, Place};
use mip6_conformance::roles::command::{Datagram, Echo, Prefix, TestInit, Update};
use mip6_conformance::roles::correspondent::{self, Correspondent, CorrespondentConfig};
use mip6_conformance::roles::home_agent::{HomeAgent, HomeAgentConfig};
use mip6_conformance::roles::host::{Address, HostConfig, Route};
use mip6_conformance::roles::mobile_node::{MobileNode, MobileNodeConfig};
use mip6_conformance::roles::mobility::Mobility;
use mip6_conformance::roles::router::{HomeAgentInformation, PrefixConfig, Router, RouterConfig};
use mip6_conformance::roles::{Command, Config, Input, Interface, Module, Node, Output};
use mip6_conformance::time::Instant;

use crate::mend::mend;
use crate::random::Random;

/// A node to be treated badly.
#[derive(Clone, Copy, Debug)]
pub struct Cast {
    /// What it is.
    pub name: &'static str,
    /// Makes it; its interfaces are not connected.
    pub build: fn() -> Node,
    /// The link of each of its interfaces in the honest run.
    pub on: &'static [usize],
}

/// The nodes. They talk to each other in the honest run, the mobile node away from
/// home.
pub const NODES: [Cast; 5] = [
    Cast { name: "router", build: router, on: &[0, 1] },
    Cast { name: "host", build: || host(2, Vec::new()), on: &[0] },
    Cast { name: "correspondent", build: correspondent, on: &[1] },
    Cast { name: "home agent", build: home_agent, on: &[0] },
    Cast { name: "mobile node", build: mobile_node, on: &[1] },
];

/// Frames and events that may come of one input.
const MOST_OUTPUTS: usize = 5_000;
/// Octets that may come of one input.
const MOST_OCTETS: usize = 4 << 20;
/// Timers that may come in one instant.
const MOST_TIMERS: usize = 5_000;

/// The home agent's address and the mobile node's home address.
const AGENT: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0xa);
const HOME: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0xb);
const ROUTER: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1),
    Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 1),
];

fn address(number: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, number - 1, 0, 0, 0, 0, 0x10 + number)
}

fn router() -> Node {
    let config = |i: u16| {
        let address = ROUTER[usize::from(i)];
        let prefix = Ipv6Addr::from_bits(address.to_bits() >> 64 << 64);
        let config = RouterConfig::new(Interface(i))
            .every(Duration::from_secs(3), Duration::from_secs(10))
            .prefix(PrefixConfig::new(prefix, 64).with_address(address));
        let agent = HomeAgentInformation { preference: i, lifetime: None };
        RouterConfig { home_agent: Some(agent), unicast: i == 1, mtu: Some(1500), ..config }
    };
    let host = HostConfig {
        stations: vec![[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 1, 1]],
        addresses: (0..2)
            .map(|i| Address::configured(Interface(i), ROUTER[usize::from(i)], 64))
            .collect(),
        forwards: true,
        redirects: true,
        filters_type0: true,
        ..HostConfig::default()
    };
    let modules = vec![Box::new(Router::new(vec![config(0), config(1)])) as _];
    Node::new(Config { host, modules, seed: 1, ..Config::default() })
}

fn host(number: u16, modules: Vec<Box<dyn Module>>) -> Node {
    let via = ROUTER[usize::from(number - 2)];
    let host = HostConfig {
        stations: vec![[2, 0, 0, 0, 0, number as u8]],
        addresses: vec![Address::configured(Interface(0), address(number), 64)],
        autoconfigure: true,
        routes: vec![default_route(via)],
        ..HostConfig::default()
    };
    Node::new(Config { host, modules, seed: number.into(), ..Config::default() })
}

fn correspondent() -> Node {
    host(3, correspondent::modules(CorrespondentConfig::default()))
}

/// On the first link.
fn home_agent() -> Node {
    let home = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0);
    let prefix = PrefixConfig::new(home, 64).with_address(AGENT);
    let agent = HomeAgentInformation { preference: 9, lifetime: None };
    let link = RouterConfig::new(Interface(0)).prefix(prefix);
    let link = RouterConfig { home_agent: Some(agent), ..link };
    let config =
        HomeAgentConfig { links: vec![link], multicast: true, ..HomeAgentConfig::default() };
    let host = HostConfig {
        stations: vec![[2, 0, 0, 0, 0, 4]],
        addresses: vec![Address::configured(Interface(0), AGENT, 64)],
        forwards: true,
        routes: vec![default_route(ROUTER[0])],
        ..HostConfig::default()
    };
    let modules: Vec<Box<dyn Module>> =
        vec![Box::new(Mobility::default()), Box::new(HomeAgent::new(config))];
    Node::new(Config { host, modules, seed: 4, ..Config::default() })
}

fn mobile_node() -> Node {
    let mut config = MobileNodeConfig::new(HOME, 64, Some(AGENT));
    config.groups = vec![Ipv6Addr::new(0xff05, 0, 0, 0, 0, 0, 0, 0x77)];
    let host = HostConfig {
        stations: vec![[2, 0, 0, 0, 0, 5]],
        autoconfigure: true,
        ..HostConfig::default()
    };
    let mut modules: Vec<Box<dyn Module>> =
        vec![Box::new(Mobility::default()), Box::new(MobileNode::new(config))];
    modules.push(Box::new(Correspondent::new(CorrespondentConfig::default())));
    Node::new(Config { host, modules, seed: 5, ..Config::default() })
}

fn default_route(via: Ipv6Addr) -> Route {
    let prefix = Ipv6Addr::UNSPECIFIED;
    Route { prefix, len: 0, interface: Interface(0), via: Some(via) }
}

/// Commands of every kind, to one of the nodes.
fn commands() -> Vec<Command> {
    let to = [address(2), address(3), AGENT, HOME, Ipv6Addr::LOCALHOST, ALL_NODES];
    let mut all = vec![
        Command::Register { lifetime: None },
        Command::Deregister,
        Command::Update(Update::default()),
        Command::DiscoverHomeAgent { to: None },
        Command::SolicitPrefixes,
        Command::Advertise { interface: Interface(0), on: false },
        Command::Advertise { interface: Interface(0), on: true },
    ];
    for (i, to) in to.into_iter().enumerate() {
        for octets in [0, 1400, 4000, usize::MAX] {
            all.push(Command::Echo(Echo {
                to,
                from: None,
                interface: None,
                octets,
                hop_limit: (i == 1).then_some(1),
                identifier: 1,
                sequence: octets as u16,
            }));
        }
        let (source_port, destination_port) = (1000, 2000);
        let octets = 40;
        let datagram = Datagram { to, from: None, octets, source_port, destination_port };
        all.push(Command::Datagram(datagram));
        all.push(Command::Optimize { peer: to, lifetime: None });
        all.push(Command::RefreshRequest { home: to });
        all.push(Command::TestInit(TestInit { peer: to, home: true, careof: true }));
        let prefix = Ipv6Addr::new(0x2001, 0xdb8, 0x100 + i as u16, 0, 0, 0, 0, 0);
        for valid in [0, 60, u32::MAX] {
            let interface = Interface(i as u16 % 3);
            let prefix = Prefix { interface, prefix, len: 64, valid, preferred: valid / 2 };
            all.push(Command::Prefix(prefix));
        }
    }
    all
}

const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);

/// Frames of a run in which every node behaves as it should, each command
/// included.
pub fn honest() -> Vec<Vec<u8>> {
    let mut network = Network::new(1);
    let links = ["first", "second"].map(|name| network.link(LinkConfig::named(name)));
    let nodes: Vec<_> = NODES
        .iter()
        .map(|cast| {
            let node = network.node((cast.build)());
            let interfaces: Vec<_> =
                network.get(node).into_iter().flat_map(|n| n.host().interfaces()).collect();
            for (interface, on) in interfaces.into_iter().zip(cast.on) {
                network.attach(Place { node, interface }, links.get(*on).copied());
            }
            node
        })
        .collect();
    network.run_for(Duration::from_secs(5));
    for command in commands() {
        for node in &nodes {
            network.command(*node, &command);
        }
        network.run_for(Duration::from_millis(1500));
    }
    let mut all: Vec<Vec<u8>> = network.sent().iter().map(|s| s.octets.to_vec()).collect();
    all.sort();
    all.dedup();
    all
}

/// A node, and the time.
#[derive(Debug)]
pub struct Victim {
    node: Node,
    now: Instant,
    interfaces: u16,
}

impl Victim {
    /// A node whose interfaces are connected, after a few seconds.
    pub fn new(cast: &Cast) -> Self {
        let node = (cast.build)();
        let interfaces = node.host().interfaces().count() as u16;
        let mut victim = Self { node, now: Instant::START, interfaces };
        for i in 0..interfaces {
            victim.input(&Input::Link { interface: Interface(i), up: true });
        }
        victim.pass(Duration::from_secs(5));
        victim
    }

    /// A frame comes in on one of its interfaces.
    pub fn frame(&mut self, interface: u8, octets: &[u8]) {
        let interface = Interface(u16::from(interface) % self.interfaces.max(1));
        self.input(&Input::Frame { interface, octets });
    }

    /// Something comes in.
    ///
    /// # Panics
    /// If more comes of it than may.
    pub fn input(&mut self, input: &Input<'_>) {
        self.node.handle(self.now, input);
        let (mut outputs, mut octets) = (0, 0);
        while let Some(output) = self.node.poll() {
            outputs += 1;
            octets += match output {
                Output::Frame { octets, .. } => octets.len(),
                Output::Event(event) => event.0.len(),
            };
        }
        assert!(outputs <= MOST_OUTPUTS, "{outputs} outputs after {input:?}");
        assert!(octets <= MOST_OCTETS, "{octets} octets after {input:?}");
    }

    /// Time passes, with every timer in it; no more than some of them, for
    /// intervals may be short.
    ///
    /// # Panics
    /// If timers come without end in one instant.
    pub fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        let mut at_once = 0;
        for _ in 0..10 * MOST_TIMERS {
            let Some(at) = self.node.deadline().filter(|at| *at <= until) else { break };
            at_once = if at > self.now { 0 } else { at_once + 1 };
            assert!(at_once < MOST_TIMERS, "timers without end at {}", self.now);
            self.now = self.now.max(at);
            self.input(&Input::Timer);
        }
        self.now = self.now.max(until);
    }

    /// How much it remembers, as a measure: characters that all of its state takes
    /// when it is written down.
    pub fn remembers(&self) -> usize {
        format!("{:?}", self.node).len()
    }
}

/// What to do with a node, out of octets: a fuzzer's, or random ones.
#[derive(Debug)]
pub struct Treatment {
    frames: Vec<Vec<u8>>,
    commands: Vec<Command>,
}

impl Default for Treatment {
    fn default() -> Self {
        Self { frames: honest(), commands: commands() }
    }
}

impl Treatment {
    /// Treats a node as octets say: the first chooses it, then come steps.
    pub fn apply(&self, data: &[u8]) {
        let Some((which, mut rest)) = data.split_first() else { return };
        let mut victim = Victim::new(&NODES[usize::from(*which) % NODES.len()]);
        while let Some(left) = self.step(&mut victim, rest) {
            rest = left;
        }
        // Everything that it has begun comes to an end.
        victim.pass(Duration::from_secs(100));
    }

    /// One step, and the octets behind it: an octet says of which kind, its upper
    /// half on which interface.
    fn step<'d>(&self, victim: &mut Victim, data: &'d [u8]) -> Option<&'d [u8]> {
        let (op, rest) = data.split_first()?;
        let place = op >> 4;
        match op & 15 {
            // A frame as it stands, and one whose checksums are mended.
            kind @ (0 | 1) => {
                let (len, rest) = rest.split_first_chunk::<2>()?;
                let len = usize::from(u16::from_be_bytes(*len)).min(rest.len());
                let (frame, rest) = rest.split_at(len);
                let mut frame = frame.to_vec();
                if kind == 1 {
                    mend(&mut frame);
                }
                victim.frame(place, &frame);
                Some(rest)
            }
            2 => {
                let (up, rest) = rest.split_first()?;
                let interface = Interface(u16::from(place));
                victim.input(&Input::Link { interface, up: up & 1 == 1 });
                Some(rest)
            }
            3 => {
                let (number, rest) = rest.split_first()?;
                let command = &self.commands[usize::from(*number) % self.commands.len()];
                victim.input(&Input::Command(command));
                Some(rest)
            }
            4 => {
                victim.input(&Input::Timer);
                Some(rest)
            }
            // Time, from a millisecond to a day.
            5 | 6 => {
                let (exponent, rest) = rest.split_first()?;
                victim.pass(Duration::from_millis(1 << (exponent % 27)));
                Some(rest)
            }
            // An honest frame of which some octets are others.
            kind => {
                let (number, rest) = rest.split_first_chunk::<2>()?;
                let (changes, mut rest) = rest.split_first()?;
                let number = usize::from(u16::from_be_bytes(*number)) % self.frames.len();
                let mut frame = self.frames[number].clone();
                for _ in 0..changes % 4 {
                    let ([high, low, change], behind) = rest.split_first_chunk::<3>()?;
                    let at = usize::from(u16::from_be_bytes([*high, *low])) % frame.len();
                    frame[at] ^= change;
                    rest = behind;
                }
                if kind & 1 == 1 {
                    mend(&mut frame);
                }
                victim.frame(place, &frame);
                Some(rest)
            }
        }
    }

    /// Steps to start from: each honest frame, behind some of the others.
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for which in 0..NODES.len() {
            for (i, _) in self.frames.iter().enumerate().step_by(8) {
                let mut seed = vec![which as u8];
                for number in i..(i + 8).min(self.frames.len()) {
                    seed.push(7);
                    seed.extend((number as u16).to_be_bytes());
                    seed.extend([0, 5, 10]);
                }
                all.push(seed);
            }
            for number in 0..self.commands.len() {
                all.push(vec![which as u8, 3, number as u8, 5, 12]);
            }
        }
        all
    }

    /// Random octets of steps, mostly such as do something.
    pub fn random(&self, random: &mut Random, steps: usize) -> Vec<u8> {
        let mut out = vec![random.bits() as u8];
        for _ in 0..steps {
            let place = (random.bits() as u8) << 4;
            match random.below(16) {
                0 => out.extend([place & 0x10 | 2, u8::from(!random.once_in(4))]),
                1 => out.extend([3, random.bits() as u8]),
                2 => out.push(4),
                3 | 4 => out.extend([5, random.bits() as u8]),
                5 => {
                    let len = random.below(200);
                    out.push(place | (random.bits() as u8 & 1));
                    out.extend((len as u16).to_be_bytes());
                    out.extend(random.octets(len));
                }
                _ => {
                    let changes = random.below(4) as u8;
                    out.push(place | (7 + (random.bits() as u8 & 1)));
                    out.extend((random.below(self.frames.len()) as u16).to_be_bytes());
                    out.push(changes);
                    for _ in 0..changes {
                        // Headers are where it matters.
                        let at = 12 + random.below(120) as u16;
                        out.extend(at.to_be_bytes());
                        out.push(random.bits() as u8);
                    }
                }
            }
        }
        out
    }
}
