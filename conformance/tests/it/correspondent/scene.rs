//! A correspondent and a mobile node made by hand, on one link: its home address
//! and its care-of addresses are there together.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_conformance::network::{LinkConfig, Network, NodeId, Place};
use mip6_conformance::roles::command::{Command, Echo};
use mip6_conformance::roles::correspondent::{self, CorrespondentConfig};
use mip6_conformance::roles::host::{Address, HostConfig, Route};
use mip6_conformance::roles::{Config, Fault, Faults, Interface, Node};
use mip6_security::mobility::BindingKey;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, read_packet, write_packet};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ip::{DestinationOptions, Ipv6, Ipv6Option, Ipv6OptionsBuilder};
use mip6_wire::layout::to_bytes;
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{Message, Mobility, OptionBody, UpdateFlags};

pub(super) const CN: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0xc);
pub(super) const HOME: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 9, 0, 0, 0, 0, 0x99);
pub(super) const CAREOF: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0xa1);
pub(super) const OTHER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0xa2);
pub(super) const PLACE: Interface = Interface(0);
const STATIONS: [[u8; 6]; 2] = [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]];

/// A nonce index and the token made with it.
pub(super) type Proof = (u16, u64);

/// A Binding Update, and what is wrong with it.
#[derive(Clone, Debug)]
pub(super) struct Bu {
    pub(super) sequence: u16,
    pub(super) lifetime: u16,
    pub(super) flags: UpdateFlags,
    pub(super) home: Ipv6Addr,
    pub(super) source: Ipv6Addr,
    pub(super) alternate: Option<Ipv6Addr>,
    pub(super) home_option: bool,
    pub(super) indices: Option<(u16, u16)>,
    pub(super) key: Option<BindingKey>,
    /// Options in front of all others, as they are.
    pub(super) front: Vec<u8>,
    /// The Alternate Care-of Address option comes behind the nonce indices.
    pub(super) swapped: bool,
    /// Padding behind the authenticator.
    pub(super) padded: bool,
    pub(super) broken: bool,
}

impl Bu {
    /// A registration of `CAREOF` with two proofs.
    pub(super) fn new(sequence: u16, home: Proof, careof: Proof) -> Self {
        Self {
            sequence,
            lifetime: 15,
            flags: UpdateFlags::A,
            home: HOME,
            source: CAREOF,
            alternate: None,
            home_option: true,
            indices: Some((home.0, careof.0)),
            key: Some(BindingKey::new(home.1, Some(careof.1))),
            front: Vec::new(),
            swapped: false,
            padded: false,
            broken: false,
        }
    }

    /// The deletion with a home keygen token.
    pub(super) fn deletion(sequence: u16, home: Proof) -> Self {
        let key = Some(BindingKey::new(home.1, None));
        let indices = Some((home.0, 0));
        Self { lifetime: 0, key, indices, ..Self::new(sequence, home, (0, 0)) }
    }

    pub(super) fn headers(&self) -> Vec<Header<'static>> {
        let mut options = OptionsBuilder::new(12).raw(&self.front);
        let alternate = |options: OptionsBuilder| match self.alternate {
            Some(address) => options.option(3, OptionBody::AlternateCareof { address }, &RFC6275),
            None => options,
        };
        if !self.swapped {
            options = alternate(options);
        }
        if let Some((home, careof)) = self.indices {
            options = options.option(4, OptionBody::NonceIndices { home, careof }, &RFC6275);
        }
        if self.swapped {
            options = alternate(options);
        }
        if self.key.is_some() {
            let authenticator = vec![0; 12].into();
            options =
                options.option(5, OptionBody::BindingAuthorization { authenticator }, &RFC6275);
        }
        if self.padded {
            options = options.raw(&[1, 6, 0, 0, 0, 0, 0, 0]);
        }
        let message = Message::BindingUpdate {
            sequence: self.sequence,
            flags: self.flags,
            lifetime: self.lifetime,
        };
        let mut header = Mobility::new(5, message, options.build());
        if let Some(key) = self.key {
            let octets = to_bytes::<Mobility<'_>>(&header, &RFC6275);
            let at = octets.len() - 12 - if self.padded { 8 } else { 0 };
            let careof = self.alternate.unwrap_or(self.source);
            let careof = if self.lifetime == 0 { self.home } else { careof };
            let mut mac = key.authenticator(careof, CN, &octets, at).unwrap();
            mac[0] ^= u8::from(self.broken);
            header.options.to_mut()[at - 12..at].copy_from_slice(&mac);
        }
        let mut headers = vec![Header::Ipv6(Ipv6::new(self.source, CN))];
        if self.home_option {
            headers.push(home_address(self.home));
        }
        headers.push(Header::Mobility(header));
        headers
    }
}

/// A Destination Options header with a Home Address option.
pub(super) fn home_address(home: Ipv6Addr) -> Header<'static> {
    let option = Ipv6Option::home_address(home);
    Header::DestinationOptions(DestinationOptions::new(
        Ipv6OptionsBuilder::default().option(&option).build(),
    ))
}

/// A message of the Mobility Header from a source.
pub(super) fn message(
    source: Ipv6Addr,
    kind: u8,
    message: Message<'static>,
) -> Vec<Header<'static>> {
    let header = Header::Mobility(Mobility::new(kind, message, Vec::new()));
    vec![Header::Ipv6(Ipv6::new(source, CN)), header]
}

/// An Echo Request, with a home address or without.
pub(super) fn echo(source: Ipv6Addr, home: Option<Ipv6Addr>) -> Vec<Header<'static>> {
    let body = Icmpv6Body::Echo { identifier: 1, sequence: 1, data: vec![7; 8].into() };
    let mut headers = vec![Header::Ipv6(Ipv6::new(source, CN))];
    headers.extend(home.map(home_address));
    headers.push(Header::Icmpv6(Icmpv6::new(kind::ECHO_REQUEST, body)));
    headers
}

pub(super) struct Scene {
    pub(super) network: Network,
    pub(super) cn: NodeId,
    peer: NodeId,
    from: usize,
}

impl Scene {
    pub(super) fn new(fault: Option<&'static Fault>) -> Self {
        Self::with(CorrespondentConfig::default(), fault)
    }

    pub(super) fn with(config: CorrespondentConfig, fault: Option<&'static Fault>) -> Self {
        Self::of(correspondent::modules(config), fault, 1)
    }

    pub(super) fn of(
        modules: Vec<Box<dyn mip6_conformance::roles::Module>>,
        fault: Option<&'static Fault>,
        seed: u64,
    ) -> Self {
        let mut network = Network::new(seed);
        let link = network.link(LinkConfig::named("link"));
        let prefix = |a: Ipv6Addr| Route { prefix: a, len: 64, interface: PLACE, via: None };
        let mut add = |n: usize, addresses: &[Ipv6Addr], modules, faults| {
            let host = HostConfig {
                stations: vec![STATIONS[n]],
                addresses: addresses.iter().map(|a| Address::configured(PLACE, *a, 64)).collect(),
                routes: vec![prefix(CN), prefix(HOME)],
                silent: n == 1,
                ..HostConfig::default()
            };
            let node = Node::new(Config { host, modules, faults, seed: seed + n as u64 });
            let id = network.node(node);
            network.attach(Place { node: id, interface: PLACE }, Some(link));
            id
        };
        let faults = fault.map_or_else(Faults::none, |f| Faults::none().with(f));
        let cn = add(0, &[CN], modules, faults);
        let peer = add(1, &[CAREOF, OTHER, HOME], Vec::new(), Faults::none());
        network.run_for(Duration::from_secs(5));
        Self { network, cn, peer, from: 0 }
    }

    /// Sends a packet to the correspondent and waits for what it answers.
    pub(super) fn send(&mut self, headers: &[Header<'_>]) {
        self.send_octets(&write_packet(headers, &RFC6275));
    }

    pub(super) fn send_octets(&mut self, packet: &[u8]) {
        self.from = self.network.sent().len();
        self.flood_octets(packet);
        self.wait(100);
    }

    /// Sends a packet without waiting for an answer.
    pub(super) fn flood(&mut self, headers: &[Header<'_>]) {
        self.flood_octets(&write_packet(headers, &RFC6275));
    }

    pub(super) fn flood_octets(&mut self, packet: &[u8]) {
        let multicast = packet[24] == 0xff;
        let mut to = STATIONS[0];
        if multicast {
            to = [0x33, 0x33, packet[36], packet[37], packet[38], packet[39]];
        }
        let mut frame = [&to[..], &STATIONS[1], &[0x86, 0xdd]].concat();
        frame.extend_from_slice(packet);
        self.network.inject(Place { node: self.peer, interface: PLACE }, &frame);
    }

    /// Sends a packet to the home address, and answers that its destination cannot be
    /// reached; so long after the one before that both count.
    pub(super) fn unreachable(&mut self) {
        self.wait_secs(2);
        self.route();
        self.complain();
    }

    /// The same, unless the packet went without routing header.
    pub(super) fn unreachable_if_routed(&mut self) {
        self.wait_secs(2);
        if self.route() == Some((CAREOF, true)) {
            self.complain();
        }
    }

    fn complain(&mut self) {
        let answers = self.answers();
        let echo = answers.iter().find(|h| {
            h.iter().any(|h| matches!(h, Header::Icmpv6(m) if m.kind == kind::ECHO_REQUEST))
        });
        let quoted = write_packet(echo.expect("an Echo Request"), &RFC6275).into();
        let body = Icmpv6Body::Error { length: 0, reserved: [0; 3], quoted };
        let error = Icmpv6 { code: 3, ..Icmpv6::new(kind::DESTINATION_UNREACHABLE, body) };
        self.send(&[Header::Ipv6(Ipv6::new(OTHER, CN)), Header::Icmpv6(error)]);
    }

    pub(super) fn wait(&mut self, millis: u64) {
        self.network.run_for(Duration::from_millis(millis));
    }

    pub(super) fn wait_secs(&mut self, secs: u64) {
        self.from = self.network.sent().len();
        self.network.run_for(Duration::from_secs(secs));
    }

    /// Packets of the correspondent since the last one was sent to it, without
    /// Neighbor Discovery.
    pub(super) fn answers(&self) -> Vec<Vec<Header<'_>>> {
        let sent = self.network.sent()[self.from..].iter().filter(|s| s.from.node == self.cn);
        sent.map(|s| read_packet(&s.octets[14..], &RFC6275))
            .filter(|h| {
                !h.iter().any(|h| matches!(h, Header::Icmpv6(m) if (133..=137).contains(&m.kind)))
            })
            .collect()
    }

    /// Messages of the Mobility Header among them, with their destination.
    pub(super) fn messages(&self) -> Vec<(Ipv6Addr, Mobility<'_>)> {
        let all = self.answers().into_iter();
        all.filter_map(|headers| {
            let to = destination(&headers);
            let mobility = headers.into_iter().find_map(|h| match h {
                Header::Mobility(m) => Some(m),
                _ => None,
            })?;
            Some((to, mobility))
        })
        .collect()
    }

    /// Status and sequence number of its acknowledgement, and the lifetime.
    pub(super) fn acknowledged(&self) -> Option<(u8, u16, u16)> {
        self.messages().iter().find_map(|(_, m)| match m.message {
            Message::BindingAcknowledgement { status, sequence, lifetime, .. } => {
                Some((status, sequence, lifetime))
            }
            _ => None,
        })
    }

    pub(super) fn status(&self) -> Option<u8> {
        self.acknowledged().map(|a| a.0)
    }

    /// Status and home address of its Binding Error, and where it went.
    pub(super) fn error(&self) -> Option<(Ipv6Addr, u8, Ipv6Addr)> {
        self.messages().iter().find_map(|(to, m)| match m.message {
            Message::BindingError { status, home_address, .. } => Some((*to, status, home_address)),
            _ => None,
        })
    }

    /// Code and pointer of its Parameter Problem, and where that went.
    pub(super) fn problem(&self) -> Option<(Ipv6Addr, u8, u32)> {
        self.answers().iter().find_map(|headers| {
            headers.iter().find_map(|h| match h {
                Header::Icmpv6(m) => match &m.body {
                    Icmpv6Body::ParameterProblem { pointer, .. } => {
                        Some((destination(headers), m.code, *pointer))
                    }
                    _ => None,
                },
                _ => None,
            })
        })
    }

    pub(super) fn home_test(&mut self) -> Option<Proof> {
        self.home_test_of(HOME)
    }

    pub(super) fn home_test_of(&mut self, home: Ipv6Addr) -> Option<Proof> {
        self.send(&message(home, 1, Message::HomeTestInit { reserved: 0, cookie: 0x1234 }));
        self.messages().iter().find_map(|(to, m)| match m.message {
            Message::HomeTest { nonce_index, cookie: 0x1234, token } if *to == home => {
                Some((nonce_index, token))
            }
            _ => None,
        })
    }

    pub(super) fn careof_test(&mut self, careof: Ipv6Addr) -> Option<Proof> {
        self.send(&message(careof, 2, Message::CareofTestInit { reserved: 0, cookie: 0x5678 }));
        self.messages().iter().find_map(|(to, m)| match m.message {
            Message::CareofTest { nonce_index, cookie: 0x5678, token } if *to == careof => {
                Some((nonce_index, token))
            }
            _ => None,
        })
    }

    /// Both tests.
    pub(super) fn proofs(&mut self) -> (Proof, Proof) {
        (self.home_test().unwrap_or_default(), self.careof_test(CAREOF).unwrap_or_default())
    }

    /// Sends a Binding Update; the status of its acknowledgement.
    pub(super) fn update(&mut self, bu: &Bu) -> Option<u8> {
        self.send(&bu.headers());
        self.status()
    }

    /// Registers `CAREOF` with a sequence number.
    pub(super) fn register(&mut self, sequence: u16) -> (Proof, Proof) {
        let (home, careof) = self.proofs();
        self.update(&Bu::new(sequence, home, careof));
        (home, careof)
    }

    /// Where packets to the home address go: the destination on the wire of an
    /// Echo Request, and whether it has a routing header.
    pub(super) fn route(&mut self) -> Option<(Ipv6Addr, bool)> {
        self.echo_home(8);
        let answers = self.answers();
        let headers = answers.iter().find(|h| {
            h.iter().any(|h| matches!(h, Header::Icmpv6(m) if m.kind == kind::ECHO_REQUEST))
        })?;
        let routed = headers.iter().any(|h| matches!(h, Header::Routing(_)));
        Some((destination(headers), routed))
    }

    /// Has the correspondent send an Echo Request to the home address, with so many
    /// octets of data.
    pub(super) fn echo_home(&mut self, octets: usize) {
        let echo = Echo {
            to: HOME,
            from: None,
            interface: None,
            octets,
            hop_limit: None,
            identifier: 9,
            sequence: 1,
        };
        self.from = self.network.sent().len();
        self.network.command(self.cn, &Command::Echo(echo));
        self.wait(100);
    }

    /// Care-of address of the binding of the home address.
    pub(super) fn bound(&self) -> Option<Ipv6Addr> {
        let state = self.network.get(self.cn).unwrap().state(self.network.now());
        let name = format!("binding.{HOME}");
        state.iter().find(|(n, _)| *n == name).map(|(_, v)| v.parse().unwrap())
    }
}

fn destination(headers: &[Header<'_>]) -> Ipv6Addr {
    match headers.first() {
        Some(Header::Ipv6(ip)) => ip.destination,
        _ => Ipv6Addr::UNSPECIFIED,
    }
}
