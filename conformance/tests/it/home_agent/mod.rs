//! Home agents: a home link, a foreign link, a router between them, and a mobile
//! node that sends what the tests tell it.

mod discovery;
mod protected;
mod registration;
mod scale;
mod tunnel;

use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use mip6_conformance::network::{LinkConfig, LinkId, Network, NodeId, Place};
use mip6_conformance::roles::command::Echo;
use mip6_conformance::roles::home_agent::{HomeAgent, HomeAgentConfig};
use mip6_conformance::roles::host::{Address, Databases, HostConfig, Route};
use mip6_conformance::roles::mobility::Mobility as Checks;
use mip6_conformance::roles::router::{HomeAgentInformation, PrefixConfig, Router, RouterConfig};
use mip6_conformance::roles::{Command, Config, Fault, Faults, Interface, Module, Node};
use mip6_security::keys::Keys;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, read_packet, write_packet};
use mip6_wire::ip::{DestinationOptions, Ipv6, Ipv6Option, Ipv6OptionsBuilder};
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{Message, Mobility, OptionBody, UpdateFlags};

use super::evidence;

const PLACE: Interface = Interface(0);
const HOME_PREFIX: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0);

fn home(n: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, n)
}

fn foreign(n: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, n)
}

/// The home agent.
fn agent() -> Ipv6Addr {
    home(2)
}

/// The home address.
fn hoa() -> Ipv6Addr {
    home(0xa)
}

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A home agent with a prefix and a preference of 5, which advertises seldom.
fn config() -> HomeAgentConfig {
    let prefix = PrefixConfig::new(HOME_PREFIX, 64).with_address(agent());
    let mut link = RouterConfig::new(PLACE).prefix(prefix);
    link.home_agent = Some(HomeAgentInformation { preference: 5, lifetime: None });
    HomeAgentConfig { links: vec![link], ..HomeAgentConfig::default() }
}

struct Scene {
    network: Network,
    home: LinkId,
    foreign: LinkId,
    agent: NodeId,
    mobile: NodeId,
    /// A host on the home link.
    neighbor: NodeId,
    /// A host on the foreign link.
    peer: NodeId,
    sequence: u16,
    mark: usize,
    /// The mobile node is on its home link.
    at_home: bool,
}

/// A Binding Acknowledgement.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u8,
    sequence: u16,
    lifetime: u16,
    to: Ipv6Addr,
    routed: bool,
    refresh: Option<u16>,
}

/// A Binding Update.
#[derive(Clone, Copy)]
struct Bu {
    home: Ipv6Addr,
    careof: Ipv6Addr,
    /// With a Home Address option.
    option: bool,
    sequence: u16,
    lifetime: u16,
    flags: UpdateFlags,
    alternate: Option<Ipv6Addr>,
}

fn host(n: u8, address: Ipv6Addr) -> HostConfig {
    let mut router = address.segments();
    router[7] = 1;
    let default = Route {
        prefix: Ipv6Addr::UNSPECIFIED,
        len: 0,
        interface: PLACE,
        via: Some(Ipv6Addr::from(router)),
    };
    HostConfig {
        stations: vec![[2, 0, 0, 0, 0, n]],
        addresses: vec![Address::configured(PLACE, address, 64)],
        routes: vec![default],
        ..HostConfig::default()
    }
}

impl Scene {
    fn new(config: HomeAgentConfig, fault: Option<&'static Fault>) -> Self {
        Self::with(config, None, fault)
    }

    fn with(
        config: HomeAgentConfig,
        databases: Option<Arc<Databases>>,
        fault: Option<&'static Fault>,
    ) -> Self {
        let mut network = Network::new(1);
        let home_link = network.link(LinkConfig::named("home"));
        let foreign_link = network.link(LinkConfig::named("foreign"));
        let add = |network: &mut Network, host: HostConfig, modules, faults, links: &[LinkId]| {
            let seed = host.stations[0][5].into();
            let id = network.node(Node::new(Config { host, modules, faults, seed }));
            for (i, link) in links.iter().enumerate() {
                network.attach(Place { node: id, interface: Interface(i as u16) }, Some(*link));
            }
            id
        };
        let none = Faults::none;
        let mut router = host(1, home(1));
        router.stations.push([2, 0, 0, 0, 1, 1]);
        router.addresses.push(Address::configured(Interface(1), foreign(1), 64));
        (router.forwards, router.routes) = (true, Vec::new());
        let mut away = RouterConfig::new(Interface(1))
            .prefix(PrefixConfig::new(foreign(0), 64).with_address(foreign(1)));
        away.interval_option = false;
        let modules: Vec<Box<dyn Module>> = vec![Box::new(Router::new(vec![away]))];
        add(&mut network, router, modules, none(), &[home_link, foreign_link]);
        let faults = fault.map_or_else(Faults::none, |f| Faults::none().with(f));
        let modules: Vec<Box<dyn Module>> =
            vec![Box::new(Checks::default()), Box::new(HomeAgent::new(config))];
        let serving = HostConfig { forwards: true, databases, ..host(2, agent()) };
        let agent = add(&mut network, serving, modules, faults, &[home_link]);
        let puppet = HostConfig { silent: true, ..host(10, foreign(0xa)) };
        let mobile = add(&mut network, puppet, Vec::new(), none(), &[foreign_link]);
        let neighbor = add(&mut network, host(5, home(5)), Vec::new(), none(), &[home_link]);
        let peer = add(&mut network, host(6, foreign(6)), Vec::new(), none(), &[foreign_link]);
        network.run_for(secs(3));
        let mark = network.sent().len();
        Self {
            network,
            home: home_link,
            foreign: foreign_link,
            agent,
            mobile,
            neighbor,
            peer,
            sequence: 100,
            mark,
            at_home: false,
        }
    }

    /// The next Binding Update, a registration for 400 s.
    fn bu(&mut self) -> Bu {
        self.sequence = self.sequence.wrapping_add(1);
        Bu {
            home: hoa(),
            careof: foreign(0xa),
            option: true,
            sequence: self.sequence,
            lifetime: 100,
            flags: UpdateFlags::A | UpdateFlags::H,
            alternate: None,
        }
    }

    /// Sends a Binding Update and lets `wait` pass; the acknowledgements.
    fn send(&mut self, bu: Bu, wait: Duration) -> Vec<Answer> {
        self.mark = self.network.sent().len();
        self.output(&update(&bu));
        self.network.run_for(wait);
        self.answers()
    }

    /// Registers, and returns what is answered.
    fn register(&mut self) -> Vec<Answer> {
        let bu = self.bu();
        self.send(bu, secs(3))
    }

    fn output(&mut self, headers: &[Header<'_>]) {
        if !self.at_home {
            return self.network.output(self.mobile, headers, PLACE);
        }
        // It knows the home agent's link-layer address.
        let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 10, 0x86, 0xdd];
        frame.extend(write_packet(headers, &RFC6275));
        self.network.inject(Place { node: self.mobile, interface: PLACE }, &frame);
    }

    /// Packets since the mark that a node has sent on a link.
    fn packets(&self, from: NodeId, link: LinkId) -> Vec<Vec<Header<'_>>> {
        let sent = self.network.sent()[self.mark..].iter();
        sent.filter(|s| s.from.node == from && s.link == link)
            .map(|s| read_packet(&s.octets[14..], &RFC6275))
            .collect()
    }

    fn answers(&self) -> Vec<Answer> {
        self.packets(self.agent, self.home).iter().filter_map(|p| answer(p)).collect()
    }

    /// Lets a node send an Echo Request.
    fn echo(&mut self, from: NodeId, to: Ipv6Addr, octets: usize) {
        self.mark = self.network.sent().len();
        let echo = Echo {
            to,
            from: None,
            interface: Some(PLACE),
            octets,
            hop_limit: None,
            identifier: 1,
            sequence: 1,
        };
        self.network.command(from, &Command::Echo(echo));
        self.network.run_for(secs(5));
    }

    /// Asserts that the home agent broke no rule; that nothing is protected here
    /// is what the test wanted.
    #[track_caller]
    fn assert_honest(&self) {
        let (_, findings) = evidence::judge(&self.network, &Keys::default());
        let from = format!("node {})", self.agent.0);
        let wrong: Vec<&String> = findings
            .iter()
            .filter(|(level, _)| *level == mip6_dissect::rules::Level::Must)
            .map(|(_, text)| text)
            .filter(|t| t.contains(&from) && !t.contains("MIP6-SEC-001"))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", self.network.told());
    }
}

/// A Binding Update as it goes over the wire.
fn update(bu: &Bu) -> Vec<Header<'static>> {
    let mut headers = vec![Header::Ipv6(Ipv6::new(bu.careof, agent()))];
    if bu.option {
        let option = Ipv6Option::home_address(bu.home);
        let list = Ipv6OptionsBuilder::default().option(&option).build();
        headers.push(Header::DestinationOptions(DestinationOptions::new(list)));
    }
    let (sequence, flags, lifetime) = (bu.sequence, bu.flags, bu.lifetime);
    let message = Message::BindingUpdate { sequence, flags, lifetime };
    let mut options = OptionsBuilder::new(12);
    if let Some(address) = bu.alternate {
        options = options.option(3, OptionBody::AlternateCareof { address }, &RFC6275);
    }
    headers.push(Header::Mobility(Mobility::new(5, message, options.build())));
    headers
}

fn answer(packet: &[Header<'_>]) -> Option<Answer> {
    let Some(Header::Ipv6(ip)) = packet.first() else { return None };
    packet.iter().find_map(|h| match h {
        Header::Mobility(m) => match m.message {
            Message::BindingAcknowledgement { status, sequence, lifetime, .. } => {
                let mut options =
                    mip6_wire::mobility::options::Options::new(&m.options, m.format(), &RFC6275);
                let refresh = options.find_map(|o| match o.ok()?.body() {
                    OptionBody::BindingRefreshAdvice { interval } => Some(interval),
                    _ => None,
                });
                let routed = packet.iter().any(|h| matches!(h, Header::Routing(_)));
                Some(Answer { status, sequence, lifetime, to: ip.destination, routed, refresh })
            }
            _ => None,
        },
        _ => None,
    })
}
