//! An access router between two links, and a mobile node that is made of packets.

use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use mip6_conformance::network::{LinkConfig, Network, NodeId, Place};
use mip6_conformance::roles::correspondent::{Correspondent, CorrespondentConfig};
use mip6_conformance::roles::host::{
    Address, BindingSign, HostConfig, Sign, from_station, group_station, solicited_node,
};
use mip6_conformance::roles::local::LocalSign;
use mip6_conformance::roles::local::keys::router_key;
use mip6_conformance::roles::router::local::{AccessRouterConfig, modules};
use mip6_conformance::roles::router::{PrefixConfig, RouterConfig};
use mip6_conformance::roles::{Config, Fault, Faults, Interface, Node};
use mip6_dissect::check::FileOutcome;
use mip6_dissect::rules::Level;
use mip6_security::keys::Keys;
use mip6_security::mobility::BindingKey;
use mip6_security::mobility::local::{Envelope, LocalKey, Reading, RouterKey};
use mip6_wire::codes::{Codes, LKE01, NdFormat};
use mip6_wire::header::{Header, read_packet, write_packet};
use mip6_wire::icmpv6::nd::{NdBody, NdOption};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, NaFlags, kind};
use mip6_wire::ip::{DestinationOptions, Ipv6, Ipv6Option, Ipv6OptionsBuilder};
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{Message, Mobility, OptionBody, UpdateFlags};

use super::super::evidence::judge;
pub(super) use super::said::{Said, routed, said};

pub(super) const CODES: &Codes = &LKE01;
const NEAR_PREFIX: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0);
const FAR_PREFIX: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 0);
/// The access router on its links.
pub(super) const ROUTER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1);
pub(super) const FAR_ROUTER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 1);
const ROUTER_STATION: [u8; 6] = [2, 0, 0, 0, 0, 1];
const FAR_STATION: [u8; 6] = [2, 0, 0, 0, 1, 1];
/// A correspondent on the far link.
pub(super) const PEER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 7);
const PEER_STATION: [u8; 6] = [2, 0, 0, 0, 0, 7];
/// Octets of a Binding Update and of a Finished message in front of their options.
const UPDATE_FIXED: usize = 12;
const FINISHED_FIXED: usize = 16;

pub(super) fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

pub(super) fn key(n: u8) -> LocalKey {
    LocalKey::new([n; 16])
}

/// Who a mobile node is, on the near link first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mobile {
    pub(super) station: [u8; 6],
    pub(super) local: Ipv6Addr,
    pub(super) careof: Ipv6Addr,
    /// On the far link.
    pub(super) next: Ipv6Addr,
}

impl Mobile {
    pub(super) fn new(n: u16) -> Self {
        let [high, low] = n.to_be_bytes();
        let station = [2, 0, 0, 1, high, low];
        let local = from_station(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), station);
        let careof = from_station(NEAR_PREFIX, station);
        Self { station, local, careof, next: from_station(FAR_PREFIX, station) }
    }
}

/// The network.
pub(super) struct Scene {
    pub(super) network: Network,
    pub(super) router: NodeId,
    near: Place,
    far: Place,
    pub(super) key: Arc<RouterKey>,
    mark: usize,
}

/// A Key Exchange Request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asks {
    pub(super) mobile: Mobile,
    pub(super) sequence: u16,
    pub(super) key: LocalKey,
    pub(super) lifetime: u16,
    pub(super) padding: Reading,
}

impl Asks {
    pub(super) fn new(mobile: Mobile, sequence: u16, n: u8) -> Self {
        Self { mobile, sequence, key: key(n), lifetime: 100, padding: Reading::Pkcs1 }
    }

    pub(super) fn packet(&self, router: &RouterKey) -> Vec<Header<'static>> {
        let random: Vec<u8> =
            (0..512u32).map(|i| (i * 7 + u32::from(self.sequence)) as u8).collect();
        let envelope = Envelope { reading: self.padding, random: &random };
        self.with_data(router.public().seal(&self.key, &envelope).unwrap())
    }

    pub(super) fn with_data(&self, data: Vec<u8>) -> Vec<Header<'static>> {
        let body = OptionBody::RequestedLifetime { lifetime: self.lifetime };
        let options = OptionsBuilder::new(8 + data.len()).option(3, body, CODES).build();
        self.with(data, options)
    }

    pub(super) fn with(&self, data: Vec<u8>, options: Vec<u8>) -> Vec<Header<'static>> {
        let router = from_station(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), ROUTER_STATION);
        let message = Message::KeyExchangeRequest { sequence: self.sequence, data: data.into() };
        vec![
            ip(self.mobile.local, router, 255),
            home_option(self.mobile.careof),
            Header::Mobility(Mobility::new(8, message, options)),
        ]
    }
}

pub(super) fn ip(source: Ipv6Addr, destination: Ipv6Addr, hop_limit: u8) -> Header<'static> {
    Header::Ipv6(Ipv6 { hop_limit, ..Ipv6::new(source, destination) })
}

pub(super) fn home_option(home: Ipv6Addr) -> Header<'static> {
    let option = Ipv6Option::home_address(home);
    let list = Ipv6OptionsBuilder::default().option(&option).build();
    Header::DestinationOptions(DestinationOptions::new(list))
}

/// A Binding Update of a mobile node on the far link.
#[derive(Clone, Copy, Debug)]
pub(super) struct Updates {
    pub(super) mobile: Mobile,
    pub(super) sequence: u16,
    pub(super) key: Option<LocalKey>,
    pub(super) lifetime: u16,
    pub(super) flags: UpdateFlags,
}

impl Updates {
    pub(super) fn new(mobile: Mobile, sequence: u16, n: u8) -> Self {
        let flags = UpdateFlags::A | UpdateFlags::H;
        Self { mobile, sequence, key: Some(key(n)), lifetime: 10, flags }
    }

    pub(super) fn packet(&self) -> Vec<Header<'static>> {
        let message = Message::BindingUpdate {
            sequence: self.sequence,
            flags: self.flags,
            lifetime: self.lifetime,
        };
        let mut options = OptionsBuilder::new(UPDATE_FIXED);
        if self.key.is_some() {
            let authenticator = vec![0; 12].into();
            options = options.option(5, OptionBody::BindingAuthorization { authenticator }, CODES);
        }
        let mut packet = vec![
            ip(self.mobile.next, ROUTER, 64),
            home_option(self.mobile.careof),
            Header::Mobility(Mobility::new(5, message, options.build())),
        ];
        if let Some(key) = self.key {
            LocalSign::new(key).apply(&mut packet, CODES);
        }
        packet
    }

    /// The same, authorized by tokens of return routability.
    pub(super) fn by_tokens(&self) -> Vec<Header<'static>> {
        let mut packet = Self { key: Some(key(0)), ..*self }.packet();
        if let Some(Header::Mobility(m)) = packet.last_mut() {
            let authenticator = vec![0; 12].into();
            m.options = OptionsBuilder::new(UPDATE_FIXED)
                .option(4, OptionBody::NonceIndices { home: 0, careof: 0 }, CODES)
                .option(5, OptionBody::BindingAuthorization { authenticator }, CODES)
                .build()
                .into();
        }
        let sign = BindingSign {
            key: BindingKey::new(1, None),
            careof: self.mobile.next,
            correspondent: ROUTER,
        };
        Sign::Binding(sign).apply(&mut packet, CODES);
        packet
    }
}

impl Scene {
    pub(super) fn new(fault: Option<&'static Fault>) -> Self {
        Self::with(fault, |_| {})
    }

    pub(super) fn with(
        fault: Option<&'static Fault>,
        change: impl FnOnce(&mut AccessRouterConfig),
    ) -> Self {
        let mut network = Network::new(1);
        let links = ["near", "far"].map(|name| network.link(LinkConfig::named(name)));
        let host = HostConfig {
            stations: vec![ROUTER_STATION, FAR_STATION],
            addresses: vec![
                Address::configured(Interface(0), ROUTER, 64),
                Address::configured(Interface(1), FAR_ROUTER, 64),
            ],
            forwards: true,
            codes: Some(CODES),
            ..HostConfig::default()
        };
        let on = |n: u16, prefix, own| {
            let prefix = PrefixConfig::new(prefix, 64).with_address(own);
            RouterConfig::new(Interface(n)).every(secs(3), secs(4)).prefix(prefix)
        };
        let links_of = [on(0, NEAR_PREFIX, ROUTER), on(1, FAR_PREFIX, FAR_ROUTER)];
        let links_of = links_of.map(|l| RouterConfig { lifetime: 1800, ..l });
        let key = router_key(1024, 1).unwrap();
        let mut config = AccessRouterConfig::new(links_of.into(), key.clone());
        change(&mut config);
        let key = config.key.clone();
        let mut all = modules(config);
        all.push(Box::new(Correspondent::new(CorrespondentConfig::default())));
        let faults = fault.map_or_else(Faults::none, |f| Faults::none().with(f));
        let router = network.node(Node::new(Config { host, modules: all, faults, seed: 7 }));
        let mut place = |station| {
            let host =
                HostConfig { stations: vec![station], silent: true, ..HostConfig::default() };
            let node = network.node(Node::new(Config { host, ..Config::default() }));
            Place { node, interface: Interface(0) }
        };
        let (near, far) = (place([2, 0, 0, 9, 0, 1]), place([2, 0, 0, 9, 0, 2]));
        network.attach(near, Some(links[0]));
        network.attach(far, Some(links[1]));
        for (i, link) in links.into_iter().enumerate() {
            let place = Place { node: router, interface: Interface(i as u16) };
            network.attach(place, Some(link));
        }
        network.run_for(secs(3));
        let mark = network.sent().len();
        Self { network, router, near, far, key, mark }
    }

    pub(super) fn keys(&self) -> Keys {
        let mut keys = Keys::default();
        keys.local.add_router(RouterKey::clone(&self.key));
        keys
    }

    /// Asserts that nothing that the access router has sent breaks a requirement of
    /// level must; the mobile node may lie.
    #[track_caller]
    pub(super) fn assert_honest(&self) -> FileOutcome {
        let (outcome, findings) = judge(&self.network, &self.keys());
        let own = format!(" node {})", self.router.0);
        let musts: Vec<&String> = findings
            .iter()
            .filter(|(level, text)| *level == Level::Must && text.contains(&own))
            .map(|(_, text)| text)
            .collect();
        assert!(musts.is_empty(), "{musts:#?}\n{:#?}", self.network.told());
        outcome
    }

    /// Puts a packet on the near link.
    pub(super) fn near(&mut self, station: [u8; 6], packet: &[Header<'_>]) {
        self.put(self.near, ROUTER_STATION, station, packet);
    }

    /// Puts a packet on the far link.
    pub(super) fn far(&mut self, station: [u8; 6], packet: &[Header<'_>]) {
        self.put(self.far, FAR_STATION, station, packet);
    }

    /// The same for a correspondent there.
    pub(super) fn peer(&mut self, packet: &[Header<'_>]) {
        self.far(PEER_STATION, packet);
    }

    fn put(&mut self, place: Place, router: [u8; 6], station: [u8; 6], packet: &[Header<'_>]) {
        let octets = write_packet(packet, CODES);
        self.put_octets(place, router, station, &octets);
    }

    pub(super) fn put_near(&mut self, station: [u8; 6], octets: &[u8]) {
        self.put_octets(self.near, ROUTER_STATION, station, octets);
    }

    fn put_octets(&mut self, place: Place, router: [u8; 6], station: [u8; 6], octets: &[u8]) {
        let mut to = [0; 16];
        to.copy_from_slice(&octets[24..40]);
        let to = Ipv6Addr::from(to);
        let to = if to.is_multicast() { group_station(to) } else { router };
        let mut frame = [&to[..], &station, &[0x86, 0xdd]].concat();
        frame.extend_from_slice(octets);
        self.network.inject(place, &frame);
    }

    /// Lets time pass, and returns what the router has said meanwhile.
    pub(super) fn wait(&mut self, millis: u64) -> Vec<Said> {
        self.network.run_for(Duration::from_millis(millis));
        let said = self.packets().iter().filter_map(|p| said(p)).collect();
        self.mark = self.network.sent().len();
        said
    }

    /// Packets of the router since the last wait.
    pub(super) fn packets(&self) -> Vec<Vec<Header<'static>>> {
        let own = self.network.sent()[self.mark..].iter().filter(|s| s.from.node == self.router);
        own.map(|s| read_packet(Vec::leak(s.octets[14..].to_vec()), CODES)).collect()
    }

    /// Lets time pass, and returns the packets of the router.
    pub(super) fn packets_in(&mut self, millis: u64) -> Vec<Vec<Header<'static>>> {
        self.network.run_for(Duration::from_millis(millis));
        let all = self.packets();
        self.mark = self.network.sent().len();
        all
    }

    pub(super) fn request(&mut self, asks: &Asks) {
        let packet = asks.packet(&self.key.clone());
        self.near(asks.mobile.station, &packet);
    }

    /// A reply to the solicitation with a nonce.
    pub(super) fn reply(&mut self, mobile: Mobile, n: u8, nonce: u32) {
        let packet = reply(mobile, Some((key(n), nonce)));
        self.near(mobile.station, &packet);
    }

    /// A whole exchange with its detection.
    #[track_caller]
    pub(super) fn associate(&mut self, asks: &Asks, n: u8) {
        self.request(asks);
        let said = self.wait(500);
        let [Said::Exchange(0, ..), Said::Solicits(of, nonce)] = said[..] else {
            panic!("{said:?}")
        };
        assert_eq!(of, asks.mobile.careof);
        self.reply(asks.mobile, n, nonce);
        assert_eq!(self.wait(1500), []);
        assert_eq!(self.state(&format!("lbsa.{of}")).as_deref(), Some("valid"));
    }

    /// A Binding Update, and the status that it gets.
    #[track_caller]
    pub(super) fn update(&mut self, updates: &Updates) -> Option<u8> {
        self.far(updates.mobile.station, &updates.packet());
        // Who it is is asked first.
        self.resolve(updates.mobile);
        let said = self.wait(500);
        said.iter().find_map(|s| match s {
            Said::Binding(status, ..) => Some(*status),
            _ => None,
        })
    }

    /// Answers for a mobile node on the far link.
    pub(super) fn resolve(&mut self, mobile: Mobile) {
        self.neighbor(mobile.next, mobile.station);
    }

    /// Tells the router whose station an address on the far link is.
    pub(super) fn neighbor(&mut self, address: Ipv6Addr, station: [u8; 6]) {
        let mut options = vec![2, 1];
        options.extend(station);
        let body = Icmpv6Body::NeighborAdvertisement {
            flags: NaFlags::S | NaFlags::O,
            target: address,
            options: options.into(),
        };
        let message = Header::Icmpv6(Icmpv6::new(kind::NEIGHBOR_ADVERTISEMENT, body));
        self.network.run_for(Duration::from_millis(5));
        self.far(station, &[ip(address, FAR_ROUTER, 255), message]);
    }

    /// What the router says of itself.
    pub(super) fn state(&self, name: &str) -> Option<String> {
        let node = self.network.get(self.router)?;
        let all = node.state(self.network.now());
        all.into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }
}

/// An advertisement of a mobile node, with an authentication reply or without.
pub(super) fn reply(mobile: Mobile, proof: Option<(LocalKey, u32)>) -> Vec<Header<'static>> {
    let mut options = vec![2, 1];
    options.extend(mobile.station);
    if let Some((_, nonce)) = proof {
        let format = NdFormat::DadAuthenticationReply;
        let (hmac, padding) = ([0; 20], vec![0; 4].into());
        let body = NdBody::DadAuthentication {
            format,
            reserved: 0,
            nonce,
            ar_address: ROUTER,
            front: vec![].into(),
            hmac,
            padding,
        };
        let option = NdOption { within: 136, ..NdOption::new(8, body) };
        options.extend(option.to_padded(CODES));
    }
    let body = Icmpv6Body::NeighborAdvertisement {
        flags: NaFlags::O,
        target: mobile.careof,
        options: options.into(),
    };
    let all = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
    let message = Header::Icmpv6(Icmpv6::new(kind::NEIGHBOR_ADVERTISEMENT, body));
    let mut packet = vec![ip(mobile.careof, all, 255), message];
    if let Some((key, _)) = proof {
        LocalSign::new(key).apply(&mut packet, CODES);
    }
    packet
}

/// A solicitation of duplicate address detection.
pub(super) fn probe(target: Ipv6Addr) -> Vec<Header<'static>> {
    let body = Icmpv6Body::NeighborSolicitation { reserved: 0, target, options: Vec::new().into() };
    let message = Header::Icmpv6(Icmpv6::new(kind::NEIGHBOR_SOLICITATION, body));
    vec![ip(Ipv6Addr::UNSPECIFIED, solicited_node(target), 255), message]
}

/// A Finished message.
pub(super) fn finished(
    mobile: Mobile,
    n: u8,
    (reserved, sequence, nonce): (u8, u16, u32),
) -> Vec<Header<'static>> {
    let message = Message::Finished {
        status: 0,
        reserved,
        sequence,
        lifetime: 10,
        nonce,
        bare: vec![].into(),
    };
    let authenticator = vec![0; 12].into();
    let options = OptionsBuilder::new(FINISHED_FIXED)
        .option(5, OptionBody::BindingAuthorization { authenticator }, CODES)
        .build();
    let mut packet = vec![
        ip(mobile.next, ROUTER, 64),
        home_option(mobile.careof),
        Header::Mobility(Mobility::new(10, message, options)),
    ];
    LocalSign::new(key(n)).apply(&mut packet, CODES);
    packet
}
