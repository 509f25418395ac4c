//! An IPv6 host: what every role stands on. RFC 8200, 4861, 4862, 4443.
//!
//! Packets that come in end in the host's inbox, once headers, protection and
//! fragments have been dealt with; modules take them from there. Packets go out
//! by [`Host::send`], which knows of home addresses and care-of addresses what
//! the modules have put into its [`Tables`].

mod addresses;
mod discovery;
mod errors;
mod extensions;
pub mod faults;
mod forward;
mod fragments;
mod listener;
mod neighbors;
mod paths;
mod protection;
mod receive;
mod received;
mod resolve;
mod routes;
mod send;
mod sign;
mod tables;
mod timers;
mod validity;

pub use addresses::{
    ALL_NODES, ALL_ROUTERS, Address, LINK_LOCAL, from_station, group_station, is_link_local,
    is_routable, solicited_node, with_identifier, within,
};
pub use discovery::detection;
pub use errors::Problem;
pub use forward::ends;
pub use protection::{Databases, Protected};
pub use received::{Delivery, Received, Tunnel};
pub use routes::{AdvertisedPrefix, DefaultRouter, Route};
pub use send::{Names, Outgoing};
pub use sign::{BindingSign, Sign};
pub use tables::{Away, Binding, CacheKey, Notice, Tables};
pub use timers::Timers;

use std::collections::VecDeque;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use mip6_wire::codes::Codes;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::table::Set;
use super::{Event, Faults, Interface, Output};
use crate::time::Instant;
use neighbors::Neighbors;
use protection::Protection;

/// How a host is set up.
#[derive(Clone, Debug, Default)]
pub struct HostConfig {
    /// Link-layer address of each interface.
    pub stations: Vec<[u8; 6]>,
    /// Addresses configured by hand.
    pub addresses: Vec<Address>,
    /// Forms addresses from advertised prefixes (RFC 4862 5.5).
    pub autoconfigure: bool,
    /// Forwards packets that are not for itself.
    pub forwards: bool,
    /// Tells hosts of better first hops (RFC 4861 8.2).
    pub redirects: bool,
    /// Lets no packet with a type 0 routing header through (RFC 5095 4.2).
    pub filters_type0: bool,
    /// Swallows packets that no upper layer wants instead of answering them with
    /// errors.
    pub silent: bool,
    /// Routes besides what is on its links and its default routers.
    pub routes: Vec<Route>,
    /// Is not told by its interfaces that they have come to another link.
    pub unaware: bool,
    /// Security policy and associations.
    pub databases: Option<Arc<Databases>>,
    /// Code points that it speaks; `None` are those that IANA has registered.
    pub codes: Option<&'static Codes>,
}

/// One interface.
#[derive(Clone, Debug)]
struct Port {
    station: [u8; 6],
    up: bool,
    mtu: usize,
    hop_limit: u8,
    retrans: Duration,
    reachable: Duration,
    solicitations: u8,
}

impl Port {
    /// With the defaults of RFC 4861 6.3.2.
    fn new(station: [u8; 6]) -> Self {
        Self {
            station,
            up: false,
            mtu: 1500,
            hop_limit: 64,
            retrans: Duration::from_secs(1),
            reachable: Duration::from_secs(30),
            solicitations: 0,
        }
    }
}

/// What a host has to do later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Task {
    /// Duplicate address detection of an address ends.
    Detection(Ipv6Addr),
    /// A neighbour is to be solicited again, or given up.
    Neighbor(Interface, Ipv6Addr),
    /// Routers of a link are to be solicited again.
    Solicitation(Interface),
    /// A lifetime of an address, a prefix or a router ends.
    Lifetimes,
    /// Fragments have waited long enough.
    Reassembly,
    /// Changes of the groups of a link are to be told again.
    Report(Interface),
    /// A query of all groups of a link, or of one, is to be answered.
    Listen(Interface, Option<Ipv6Addr>),
}

/// An IPv6 host.
#[derive(Debug)]
pub struct Host {
    /// What others have put in for sending and receiving.
    pub tables: Tables,
    /// Its faults.
    pub faults: Faults,
    /// Its randomness.
    pub rng: StdRng,
    config: HostConfig,
    codes: &'static Codes,
    ports: Vec<Port>,
    addresses: Vec<Address>,
    groups: Set<(Interface, Ipv6Addr)>,
    listener: listener::Listener,
    neighbors: Neighbors,
    prefixes: Vec<AdvertisedPrefix>,
    routers: Vec<DefaultRouter>,
    paths: paths::Paths,
    /// The frame at hand was sent to a group of stations.
    by_group: bool,
    /// Packets inside the one that came in.
    depth: u8,
    reassembly: fragments::Reassembly,
    protection: Protection,
    timers: Timers<Task>,
    inbox: VecDeque<Received>,
    notices: VecDeque<Notice>,
    out: VecDeque<Output>,
    fragment_ident: u32,
    alterations: Vec<send::Altering>,
    errors_left: errors::Bucket,
}

impl Host {
    /// A host whose interfaces are not connected yet.
    pub fn new(config: HostConfig, faults: Faults, seed: u64) -> Self {
        Self {
            tables: Tables::default(),
            faults,
            rng: StdRng::seed_from_u64(seed),
            codes: config.codes.unwrap_or(&mip6_wire::codes::RFC6275),
            ports: config.stations.iter().map(|s| Port::new(*s)).collect(),
            addresses: Vec::new(),
            groups: Set::default(),
            listener: listener::Listener::default(),
            neighbors: Neighbors::default(),
            prefixes: Vec::new(),
            routers: Vec::new(),
            paths: paths::Paths::default(),
            by_group: false,
            depth: 0,
            reassembly: fragments::Reassembly::default(),
            protection: Protection::new(config.databases.clone()),
            timers: Timers::default(),
            inbox: VecDeque::new(),
            notices: VecDeque::new(),
            out: VecDeque::new(),
            fragment_ident: 0,
            alterations: Vec::new(),
            errors_left: errors::Bucket::default(),
            config,
        }
    }

    /// Code points that it speaks.
    pub fn codes(&self) -> &'static Codes {
        self.codes
    }

    /// An interface has been connected to a link, or cut off.
    pub fn link(&mut self, now: Instant, interface: Interface, up: bool) {
        let unaware = self.config.unaware;
        let Some(port) = self.ports.get_mut(interface.index()) else { return };
        if unaware && port.up {
            return;
        }
        let station = port.station;
        // What routers of the link before have said is forgotten.
        *port = Port { up, mtu: port.mtu, ..Port::new(station) };
        self.neighbors.forget(interface);
        self.routers.retain(|r| r.interface != interface);
        self.prefixes.retain(|p| p.interface != interface);
        self.paths.forget(interface, None);
        self.listen(now, interface);
        if !up {
            self.timers.clear(Task::Solicitation(interface));
            return;
        }
        self.join(now, interface, ALL_NODES);
        if self.config.forwards {
            self.join(now, interface, ALL_ROUTERS);
        }
        let local = from_station(LINK_LOCAL, station);
        if !self.addresses.iter().any(|a| a.address == local && a.interface == Some(interface)) {
            self.assign(now, Address::configured(interface, local, 64));
        } else if !self.tables.homes.is_empty() {
            // Unique on the link before, not yet on this one.
            self.suspect(local);
        }
        let own: Vec<Address> = self.config.addresses.clone();
        for address in own.into_iter().filter(|a| a.interface == Some(interface)) {
            if !self.has(address.address) {
                self.assign(now, address);
            }
        }
        if !self.config.forwards {
            self.solicit_routers(now, interface);
        }
    }

    /// Whether it hears of its interfaces that they have come to another link.
    pub fn hears_links(&self) -> bool {
        !self.config.unaware
    }

    /// Takes an interface to have come to another link: routers, prefixes and
    /// neighbours of the link before are forgotten, routers are solicited.
    pub fn forget_link(&mut self, now: Instant, interface: Interface) {
        self.neighbors.forget(interface);
        self.routers.retain(|r| r.interface != interface);
        self.prefixes.retain(|p| p.interface != interface);
        self.paths.forget(interface, None);
        self.listen(now, interface);
        if let Some(local) = self.link_local(interface) {
            self.suspect(local);
        }
        if let Some(port) = self.ports.get_mut(interface.index()) {
            *port = Port { up: port.up, ..Port::new(port.station) };
        }
        self.solicit_routers(now, interface);
    }

    /// Does what is due.
    pub fn timer(&mut self, now: Instant) {
        while let Some(task) = self.timers.expired(now) {
            match task {
                Task::Detection(address) => self.detected(now, address),
                Task::Neighbor(interface, address) => self.neighbor_due(now, interface, address),
                Task::Solicitation(interface) => self.solicit_routers(now, interface),
                Task::Lifetimes => self.expire(now),
                Task::Reassembly => self.reassembly_due(now),
                Task::Report(interface) => self.report_due(now, interface),
                Task::Listen(interface, of) => self.listen_due(now, interface, of),
            }
        }
    }

    /// When it has something to do next.
    pub fn deadline(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// A packet that has come in and is not dealt with.
    pub fn take(&mut self) -> Option<Received> {
        self.inbox.pop_front()
    }

    /// Forgets packets and notices that nobody has taken.
    pub(super) fn discard(&mut self) {
        self.inbox.clear();
        self.notices.clear();
    }

    /// Something that it has found out.
    pub fn notice(&mut self) -> Option<Notice> {
        self.notices.pop_front()
    }

    /// Something to be sent, or to be told.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Tells what has come about.
    pub fn event(&mut self, text: impl Into<String>) {
        self.out.push_back(Output::Event(Event(text.into())));
    }

    /// The interfaces.
    pub fn interfaces(&self) -> impl Iterator<Item = Interface> + use<> {
        (0..self.ports.len()).map(|i| Interface(i as u16))
    }

    /// Link-layer address of an interface.
    pub fn station(&self, interface: Interface) -> [u8; 6] {
        self.ports.get(interface.index()).map_or([0; 6], |p| p.station)
    }

    /// Its security associations by name, with sequence numbers sent and received.
    pub fn associations(&self) -> Vec<(String, String)> {
        self.protection.told()
    }

    /// Whether an interface is connected.
    pub fn is_up(&self, interface: Interface) -> bool {
        self.ports.get(interface.index()).is_some_and(|p| p.up)
    }

    /// Its addresses.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Forgets neighbours, paths and fragments, as by a restart; addresses, routers and
    /// security associations stay (RFC 6275 15.3).
    pub(in crate::roles) fn restart(&mut self) {
        for interface in self.interfaces() {
            self.neighbors.forget(interface);
            self.paths.forget(interface, None);
        }
        self.reassembly = fragments::Reassembly::default();
    }

    /// Forgets what its security associations have received.
    pub(in crate::roles) fn forget_replays(&mut self) {
        self.protection.forget_replays();
    }

    /// A mobile node is back home. The security associations of its tunnel stay for
    /// the next time that it is away (RFC 3776 4.2).
    pub(in crate::roles) fn tunnel_idle(&mut self) {
        if self.faults.has(&faults::DROPS_TUNNEL_KEYS) {
            self.protection.lose_tunnels();
        }
    }

    /// Whether an address is its own, tentative ones included.
    pub fn has(&self, address: Ipv6Addr) -> bool {
        self.addresses.iter().any(|a| a.address == address)
    }

    /// The link-local address of an interface.
    pub fn link_local(&self, interface: Interface) -> Option<Ipv6Addr> {
        let local = |a: &&Address| a.interface == Some(interface) && is_link_local(a.address);
        self.addresses.iter().find(local).map(|a| a.address)
    }

    /// A global address of an interface that can be used now.
    pub fn global(&self, now: Instant, interface: Interface) -> Option<Ipv6Addr> {
        let global =
            |a: &&Address| a.interface == Some(interface) && !a.tentative && is_routable(a.address);
        let mut all: Vec<&Address> = self.addresses.iter().filter(global).collect();
        all.sort_by_key(|a| a.is_deprecated(now));
        all.first().map(|a| a.address)
    }

    /// Default routers that it knows.
    pub fn routers(&self) -> &[DefaultRouter] {
        &self.routers
    }

    /// Prefixes that were advertised to it.
    pub fn prefixes(&self) -> &[AdvertisedPrefix] {
        &self.prefixes
    }
}
