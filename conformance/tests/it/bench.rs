//! One node on one or two links, and what is sent to it by hand.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_conformance::network::{LinkConfig, LinkId, Network, NodeId, Place};
use mip6_conformance::roles::host::{Address, HostConfig, group_station};
use mip6_conformance::roles::{Config, Fault, Faults, Interface, Node};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, read_packet, write_packet};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body};
use mip6_wire::ip::Ipv6;
use mip6_wire::layout::Auto;
use mip6_wire::link::{Ethernet, ethertype};

pub(crate) const PLACE: Interface = Interface(0);
/// Link-layer address of the node's first interface.
pub(crate) const STATION: [u8; 6] = [2, 0, 0, 0, 0, 1];
/// Link-layer address that packets by hand come from.
pub(crate) const PEER_STATION: [u8; 6] = [2, 0, 0, 0, 0, 9];
/// The node's address on the first link, and a neighbour's.
pub(crate) const NODE: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1);
pub(crate) const PEER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 9);
pub(crate) const PEER_LOCAL: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 9);

/// A node, and somebody on its first link who sends by hand.
pub(crate) struct Bench {
    pub(crate) network: Network,
    pub(crate) node: NodeId,
    pub(crate) links: [LinkId; 2],
    peer: NodeId,
}

impl Bench {
    /// With a host that has `NODE`; a second interface and address where it
    /// forwards. Nothing is connected yet but the peer.
    pub(crate) fn new(mut host: HostConfig, fault: Option<&'static Fault>) -> Self {
        let mut network = Network::new(1);
        let links = ["near", "far"].map(|name| network.link(LinkConfig::named(name)));
        host.stations = vec![STATION];
        host.addresses = vec![Address::configured(PLACE, NODE, 64)];
        if host.forwards {
            host.stations.push([2, 0, 0, 0, 1, 1]);
            let far = Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 1);
            host.addresses.push(Address::configured(Interface(1), far, 64));
        }
        let faults = fault.map_or_else(Faults::none, |f| Faults::none().with(f));
        let node = Node::new(Config { host, faults, seed: 7, ..Config::default() });
        let node = network.node(node);
        // Without an address of its own: it answers nothing.
        let peer = HostConfig { stations: vec![[2, 0, 0, 0, 0, 8]], ..HostConfig::default() };
        let peer = network.node(Node::new(Config { host: peer, ..Config::default() }));
        network.attach(Place { node: peer, interface: PLACE }, Some(links[0]));
        Self { network, node, links, peer }
    }

    /// The same, connected, its addresses settled.
    pub(crate) fn settled(host: HostConfig, fault: Option<&'static Fault>) -> Self {
        let mut bench = Self::new(host, fault);
        bench.connect();
        bench.wait(20_000);
        bench
    }

    pub(crate) fn connect(&mut self) {
        let interfaces: Vec<Interface> =
            self.network.get(self.node).unwrap().host().interfaces().collect();
        for interface in interfaces {
            let link = self.links[interface.index()];
            self.network.attach(Place { node: self.node, interface }, Some(link));
        }
    }

    /// Lets milliseconds pass.
    pub(crate) fn wait(&mut self, millis: u64) {
        self.network.run_for(Duration::from_millis(millis));
    }

    /// Sends a packet by hand to the node, or to a group.
    pub(crate) fn send(&mut self, headers: &[Header<'_>]) {
        let Header::Ipv6(ip) = &headers[0] else { panic!("no IPv6 header") };
        let group = ip.destination.is_multicast();
        let to = if group { group_station(ip.destination) } else { STATION };
        self.send_to(to, &write_packet(headers, &RFC6275));
    }

    /// Sends octets from the IPv6 header on to a station.
    pub(crate) fn send_to(&mut self, to: [u8; 6], packet: &[u8]) {
        let header =
            Ethernet { destination: to, source: PEER_STATION, kind: Auto::Fixed(ethertype::IPV6) };
        let mut frame = Header::Ethernet(header).to_bytes(&RFC6275);
        frame.extend_from_slice(packet);
        self.network.inject(Place { node: self.peer, interface: PLACE }, &frame);
    }

    /// Frames that the node has sent since frame `from` of the network, read.
    pub(crate) fn answers(&self, from: usize) -> Vec<Vec<Header<'static>>> {
        let sent = self.network.sent()[from..].iter().filter(|s| s.from.node == self.node);
        sent.map(|s| read_packet(s.octets[14..].to_vec().leak(), &RFC6275)).collect()
    }

    /// What the node sends within two seconds of a packet by hand.
    pub(crate) fn ask(&mut self, headers: &[Header<'_>]) -> Vec<Vec<Header<'static>>> {
        let from = self.network.sent().len();
        self.send(headers);
        self.wait(2000);
        self.answers(from)
    }

    /// Types and codes of the ICMPv6 messages that it sends then.
    pub(crate) fn ask_kinds(&mut self, headers: &[Header<'_>]) -> Vec<(u8, u8)> {
        let from = self.network.sent().len();
        self.send(headers);
        self.wait(2000);
        self.kinds(from)
    }

    /// Types and codes of the ICMPv6 messages that the node has sent since frame
    /// `from`, but for those by which it looks for neighbours.
    pub(crate) fn kinds(&self, from: usize) -> Vec<(u8, u8)> {
        let all = self.answers(from);
        let kinds = all.iter().filter_map(|p| icmpv6(p)).map(|m| (m.kind, m.code));
        kinds.filter(|(kind, _)| *kind != 135).collect()
    }

    pub(crate) fn mark(&self) -> usize {
        self.network.sent().len()
    }
}

/// IPv6 header with a hop limit.
pub(crate) fn ip(source: Ipv6Addr, destination: Ipv6Addr, hop_limit: u8) -> Header<'static> {
    Header::Ipv6(Ipv6 { hop_limit, ..Ipv6::new(source, destination) })
}

/// An ICMPv6 message of code 0.
pub(crate) fn message(kind: u8, body: Icmpv6Body<'static>) -> Header<'static> {
    Header::Icmpv6(Icmpv6::new(kind, body))
}

/// An Echo Request with octets of data.
pub(crate) fn echo(octets: usize) -> Header<'static> {
    let data = vec![7; octets].into();
    message(128, Icmpv6Body::Echo { identifier: 1, sequence: 1, data })
}

/// The ICMPv6 message of a packet.
pub(crate) fn icmpv6<'p>(packet: &'p [Header<'static>]) -> Option<&'p Icmpv6<'static>> {
    packet.iter().find_map(|h| match h {
        Header::Icmpv6(m) => Some(m),
        _ => None,
    })
}
