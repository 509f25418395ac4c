//! The mobile node, RFC 6275 11 (also 5.2, 8.5 and 12) and RFC 3776.
//!
//! One struct holds the state; each file implements one of its machines: where it
//! is (`movement`), home registration (`home`) and what answers it (`answers`),
//! coming home (`returning`), return routability and correspondent registration
//! (`routability`, `correspondent`), errors (`errors`), discovery of home agents
//! (`discovery`) and of home prefixes (`prefixes`), multicast membership
//! (`multicast`), Local Key Exchange (`local`).

mod answers;
mod commands;
mod config;
mod constants;
mod correspondent;
mod discovery;
mod errors;
pub mod faults;
mod home;
mod list;
pub mod local;
mod messages;
mod movement;
mod multicast;
mod prefixes;
mod returning;
mod routability;
mod update;

pub use config::{MobileNodeConfig, Optimize};
pub use local::{LocalConfig, Way};

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv6Addr;

use mip6_wire::icmpv6::{Icmpv6Body, kind};
use mip6_wire::mobility::Message;

use super::command::Command;
use super::host::{Delivery, Notice, Received, Timers, is_routable};
use super::node::{Context, Handled, Module};
use super::{Fault, Interface};
use crate::time::Instant;
use list::{Key, List};

/// Where a mobile node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Location {
    /// It has not found out yet.
    Unknown,
    /// On its home link.
    Home(Interface),
    /// On another link.
    Away,
}

/// What a mobile node has to do later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Task {
    /// A Binding Update to the home agent is to be sent again, or the registration
    /// to be refreshed.
    Home(Ipv6Addr),
    /// The same with a correspondent.
    Correspondent(Key),
    /// A Home Test Init is to be sent again.
    HomeTest(Key),
    /// A Care-of Test Init is to be sent again.
    CareofTest(Key),
    /// A binding ends.
    Expiry(Key),
    /// A node may be sent Binding Updates again.
    Barred(Key),
    /// Home agents are to be asked for again.
    Discovery,
    /// Home prefixes are to be solicited again.
    Solicitation,
    /// A home prefix is about to end.
    Prefixes,
    /// Advertisements of a router are missing.
    Advertisements(Interface),
    /// No router of a link has advertised itself.
    NoRouter(Interface),
    /// A lifetime of the primary care-of address ends.
    Careof,
    /// The home agent's link-layer address is to be asked for again.
    Returning,
    /// A home address is to be advertised on the home link again.
    Announcement(Ipv6Addr),
    /// Something of Local Key Exchange.
    Local(local::Duty),
}

/// A mobile node.
#[derive(Debug)]
pub struct MobileNode {
    config: MobileNodeConfig,
    location: Location,
    /// The primary care-of address, and where it is.
    careof: Option<(Ipv6Addr, Interface)>,
    /// Home agents, the best first.
    agents: Vec<Ipv6Addr>,
    /// The one to register with.
    agent: Option<Ipv6Addr>,
    list: List,
    timers: Timers<Task>,
    anchors: BTreeMap<Interface, movement::Anchor>,
    /// Home addresses that somebody else has (status 134).
    duplicates: BTreeSet<Ipv6Addr>,
    discovery: discovery::Discovery,
    prefixes: prefixes::HomePrefixes,
    returning: Option<returning::Returning>,
    announcements: BTreeMap<Ipv6Addr, u32>,
    membership: multicast::Membership,
    local: local::Local,
}

impl MobileNode {
    /// A mobile node that does not know where it is.
    pub fn new(config: MobileNodeConfig) -> Self {
        Self {
            location: Location::Unknown,
            careof: None,
            agents: config.agent.into_iter().collect(),
            agent: config.agent,
            list: List::default(),
            timers: Timers::default(),
            anchors: BTreeMap::new(),
            duplicates: BTreeSet::new(),
            discovery: discovery::Discovery::default(),
            prefixes: prefixes::HomePrefixes::default(),
            returning: None,
            announcements: BTreeMap::new(),
            membership: multicast::Membership::new(&config.groups),
            local: local::Local::default(),
            config,
        }
    }

    /// It acts by itself.
    fn automatic(&self) -> bool {
        !self.config.manual
    }

    /// Home addresses that it may use.
    fn homes(&self, cx: &Context<'_>) -> Vec<Ipv6Addr> {
        let usable = self
            .config
            .homes
            .iter()
            .filter(|h| !self.duplicates.contains(h) || has(cx, &faults::REUSES_DUPLICATE));
        let most = if has(cx, &faults::ONE_HOME) { 1 } else { usize::MAX };
        usable.copied().take(most).collect()
    }

    /// Whether a home address has a binding at the home agent.
    fn registered(&self, home: Ipv6Addr, now: Instant) -> bool {
        let entry = self.agent.and_then(|agent| self.list.get((home, agent)));
        entry.is_some_and(|e| e.bound(now).is_some())
    }

    /// A packet that came in says something beside what is in it: it came through
    /// the tunnel, from a correspondent without a binding (RFC 6275 11.7.2).
    fn tunnelled(&mut self, cx: &mut Context<'_>, p: &Received) {
        let Some(tunnel) = p.tunnel else { return };
        let mobility = p.protocol == mip6_wire::ip::proto::MOBILITY;
        let test = p.mobility(cx.codes()).is_some_and(|m| {
            matches!(
                m.message,
                Message::HomeTestInit { .. }
                    | Message::CareofTestInit { .. }
                    | Message::HomeTest { .. }
                    | Message::CareofTest { .. }
            )
        });
        // Nor do errors make entries (RFC 6275 11.3.5).
        let error = p.icmpv6(cx.codes()).is_some_and(|m| m.is_error());
        let excluded =
            error || if has(cx, &faults::TESTS_FOR_TESTS) { mobility && !test } else { mobility };
        let peer = if has(cx, &faults::OPTIMIZES_WIRE_SOURCE) { p.wire_source } else { p.source };
        let previous = &cx.host.tables.previous;
        let to_careof =
            cx.host.has(tunnel.destination) || previous.contains_key(&tunnel.destination);
        let to_home = self.config.homes.contains(&p.destination);
        let same = tunnel.source == p.wire_source && !has(cx, &faults::OPTIMIZES_UNTUNNELLED);
        if excluded || !to_careof || !to_home || same || !is_routable(peer) {
            return;
        }
        let wanted = self.config.optimizes(peer) || has(cx, &faults::ALWAYS_OPTIMIZES);
        let agent = Some(peer) == self.agent && !has(cx, &faults::OPTIMIZES_UNTUNNELLED);
        if self.automatic() && wanted && !agent {
            self.optimize(cx, (p.destination, peer), list::Goal::Bind);
        }
    }

    fn mobility(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        let codes = cx.codes();
        let Some(m) = p.mobility(codes) else { return Handled::No };
        match m.message {
            Message::BindingAcknowledgement { .. } => {
                if !self.locally_acknowledged(cx, p, &m) {
                    self.acknowledged(cx, p, &m);
                }
            }
            Message::KeyExchangeAcknowledgement { .. } if self.config.local.is_some() => {
                self.key_acknowledged(cx, p, &m);
            }
            Message::HomeTest { nonce_index, cookie, token } => {
                self.home_test(cx, p, nonce_index, cookie, token);
            }
            Message::CareofTest { nonce_index, cookie, token } => {
                self.careof_test(cx, p, nonce_index, cookie, token);
            }
            Message::BindingError { status, home_address, reserved } => {
                self.binding_error(cx, p, status, home_address, reserved);
            }
            Message::BindingRefreshRequest { reserved } => {
                if reserved == 0 || !has(cx, &faults::CHECKS_RESERVED) {
                    self.refresh_requested(cx, p);
                }
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn icmpv6(&mut self, cx: &mut Context<'_>, p: &Received) {
        let codes = cx.codes();
        let Some(message) = p.icmpv6(codes) else { return };
        match &message.body {
            Icmpv6Body::RouterAdvertisement { options, .. } => {
                self.router_advertised(cx, p, options);
            }
            Icmpv6Body::NeighborSolicitation { target, .. } => {
                self.address_solicited(cx, p, *target);
            }
            Icmpv6Body::NeighborAdvertisement { target, .. } => {
                self.address_claimed(cx, p, *target);
                self.neighbor_advertised(cx, p, *target);
            }
            Icmpv6Body::HomeAgentReply { identifier, addresses, .. } => {
                self.home_agents(cx, *identifier, addresses);
            }
            Icmpv6Body::PrefixAdvertisement { identifier, options, .. } => {
                self.prefixes_advertised(cx, p, *identifier, options);
            }
            Icmpv6Body::ParameterProblem { quoted, .. }
                if message.kind == kind::PARAMETER_PROBLEM =>
            {
                self.parameter_problem(cx, p, message.code, quoted);
            }
            _ => {}
        }
    }
}

/// Whether a node has a fault.
fn has(cx: &Context<'_>, fault: &'static Fault) -> bool {
    cx.host.faults.has(fault)
}

impl Module for MobileNode {
    fn start(&mut self, cx: &mut Context<'_>) {
        cx.host.tables.homes.extend(self.config.homes.iter().copied());
    }

    fn link(&mut self, cx: &mut Context<'_>, interface: Interface, up: bool) {
        if cx.host.hears_links() {
            self.link_changed(cx, interface, up);
        }
    }

    fn received(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        match p.delivery {
            Delivery::Own => {}
            Delivery::Tunnelled => return self.out_of_tunnel(cx, p),
            _ => return Handled::No,
        }
        self.tunnelled(cx, p);
        match p.protocol {
            mip6_wire::ip::proto::MOBILITY => self.mobility(cx, p),
            mip6_wire::ip::proto::ICMPV6 => {
                self.icmpv6(cx, p);
                Handled::No
            }
            _ => Handled::No,
        }
    }

    fn notice(&mut self, cx: &mut Context<'_>, notice: &Notice) {
        match *notice {
            Notice::Detected { address, unique } => self.detected(cx, address, unique),
            Notice::Unreachable { interface, address, router } => {
                if router {
                    self.router_lost(cx, interface, address);
                }
            }
        }
    }

    fn command(&mut self, cx: &mut Context<'_>, command: &Command) -> Handled {
        self.commanded(cx, command)
    }

    fn timer(&mut self, cx: &mut Context<'_>) {
        while let Some(task) = self.timers.expired(cx.now) {
            match task {
                Task::Home(home) => self.home_due(cx, home),
                Task::Correspondent(key) => self.correspondent_due(cx, key),
                Task::HomeTest(key) => self.home_test_due(cx, key),
                Task::CareofTest(key) => self.careof_test_due(cx, key),
                Task::Expiry(key) => self.expired(cx, key),
                Task::Barred(key) => self.unbarred(cx, key),
                Task::Discovery => self.discovery_due(cx),
                Task::Solicitation => self.solicitation_due(cx),
                Task::Prefixes => self.prefixes_due(cx),
                Task::Advertisements(interface) => self.advertisements_missing(cx, interface),
                Task::NoRouter(interface) => {
                    if let Some(local) = cx.host.link_local(interface) {
                        cx.host.detect_again(cx.now, local);
                    }
                }
                Task::Careof => self.settle(cx),
                Task::Returning => self.returning_due(cx),
                Task::Announcement(home) => self.announce(cx, home),
                Task::Local(duty) => self.local_due(cx, duty),
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.timers.next()
    }

    fn state(&self, now: Instant) -> Vec<(String, String)> {
        let location = match self.location {
            Location::Unknown => "unknown",
            Location::Home(_) => "home",
            Location::Away => "away",
        };
        let mut out = vec![("location".into(), location.into())];
        if let Some((careof, _)) = self.careof {
            out.push(("care-of".into(), careof.to_string()));
        }
        if let Some(agent) = self.agent {
            out.push(("home-agent".into(), agent.to_string()));
        }
        let bound: Vec<_> =
            self.list.iter().filter_map(|(k, e)| e.bound(now).map(|b| (k, b))).collect();
        out.push(("bindings".into(), bound.len().to_string()));
        for ((home, peer), b) in bound {
            out.push((format!("binding.{home}.{peer}"), b.careof.to_string()));
        }
        if self.config.local.is_some() {
            self.local.state(now, &mut out);
        }
        out
    }
}
