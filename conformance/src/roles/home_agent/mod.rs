//! A home agent: RFC 6275 10, on links whose router it is. It shares the binding
//! cache of its host with the correspondent that every home agent is, too.
//!
//! Each concern has its own file, state and timers: registration and release of
//! bindings, duplicate address detection, defence of addresses, tunnels,
//! multicast groups, the Home Agents List, prefix delivery. Nothing goes over all
//! bindings unless a prefix changes.

mod agents;
mod config;
mod defence;
mod delivery;
mod detection;
pub mod faults;
mod groups;
mod links;
mod registration;
mod release;
mod tunnel;

pub use config::HomeAgentConfig;
pub(super) use defence::Defence;
pub(super) use tunnel::{deliver, relay};

use std::net::Ipv6Addr;

use mip6_wire::codes::MhFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body};
use mip6_wire::mobility::{Message, Mobility};

use super::host::{
    Delivery as Place, Notice, Outgoing, Received, Timers, is_link_local, solicited_node,
    with_identifier,
};
use super::mobility::Update;
use super::router::{HomeAgentInformation, Router};
use super::{Command, Context, Handled, Interface, Module, Table};
use crate::time::Instant;
use agents::Agents;
use delivery::Delivery;
use detection::Detection;
use groups::Groups;
use links::Links;

/// A home address that is served.
#[derive(Clone, Copy, Debug)]
struct Served {
    /// Its home link.
    interface: Interface,
    /// The address with which its mobile node has registered.
    agent: Ipv6Addr,
    /// Its care-of address.
    careof: Ipv6Addr,
}

/// A home agent.
#[derive(Debug)]
pub struct HomeAgent {
    config: HomeAgentConfig,
    router: Router,
    links: Links,
    served: Table<Ipv6Addr, Served>,
    /// When bindings, or what is remembered of them, end.
    lifetimes: Timers<Ipv6Addr>,
    detection: Detection,
    defence: Defence,
    groups: Groups,
    agents: Agents,
    delivery: Delivery,
}

impl HomeAgent {
    /// A home agent without bindings.
    pub fn new(config: HomeAgentConfig) -> Self {
        Self {
            router: Router::new(config.links.clone()),
            config,
            links: Links::default(),
            served: Table::default(),
            lifetimes: Timers::default(),
            detection: Detection::default(),
            defence: Defence::default(),
            groups: Groups::default(),
            agents: Agents::default(),
            delivery: Delivery::default(),
        }
    }

    /// The home addresses that it serves, in order.
    fn homes(&self) -> Vec<Ipv6Addr> {
        let mut homes: Vec<Ipv6Addr> = self.served.keys().copied().collect();
        homes.sort_unstable();
        homes
    }

    /// The links that it serves.
    fn interfaces(&self) -> impl Iterator<Item = Interface> + '_ {
        let links = self.config.links.iter().map(|l| l.interface);
        links.filter(|i| self.router.config(*i).is_some_and(|c| c.home_agent.is_some()))
    }

    /// The home-agents anycast addresses of the prefixes of a link.
    fn join_anycast(&mut self, cx: &mut Context<'_>, interface: Interface) {
        if !self.config.dhaad {
            return;
        }
        for p in self.router.prefixes(cx.now, interface) {
            let address = home_agents_anycast(p.config.prefix, p.config.len);
            let now = cx.now;
            cx.host.tables.anycast.insert(address, interface);
            cx.host.join(now, interface, solicited_node(address));
        }
    }

    /// An ICMPv6 message for this node; the host has done with it what hosts do.
    fn icmpv6(&mut self, cx: &mut Context<'_>, p: &Received, message: &Icmpv6<'_>) -> Handled {
        match &message.body {
            Icmpv6Body::NeighborAdvertisement { .. } | Icmpv6Body::NeighborSolicitation { .. } => {
                if let Some(home) = self.detection.heard(p, message) {
                    self.refuted(cx, home);
                }
            }
            Icmpv6Body::RouterAdvertisement { options, .. }
                if is_link_local(p.source) && self.interfaces().any(|i| i == p.interface) =>
            {
                let options = owned(options, message.kind, cx);
                self.agents.heard(cx, p, message, &options);
                for prefix in self.links.heard(cx, p, message, options.into_iter()) {
                    self.prefix_changed(cx, &prefix);
                }
            }
            Icmpv6Body::HomeAgentRequest { identifier, reserved } => {
                if *reserved == 0 || !cx.host.faults.has(&faults::MINDS_REQUEST_RESERVED) {
                    self.discover(cx, p, *identifier);
                }
                return Handled::Yes;
            }
            Icmpv6Body::PrefixSolicitation { identifier, reserved, options } => {
                let minds = cx.host.faults.has(&faults::MINDS_SOLICITATION_EXTRAS);
                if !minds || *reserved == 0 && options.is_empty() {
                    self.prefixes_solicited(cx, p, *identifier);
                }
                return Handled::Yes;
            }
            body if message.is_error() => self.relay(cx, body, message.kind),
            _ => {}
        }
        Handled::No
    }

    /// Asks a mobile node to refresh its binding: at its home address, and so
    /// through the tunnel (RFC 6275 9.5.5).
    fn ask(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) -> bool {
        let Some(agent) = self.served.get(&home).map(|s| s.agent) else { return false };
        let now = cx.now;
        if let Some(binding) = cx.host.tables.registrations.get_mut(&home) {
            binding.asked = Some(now);
        }
        let kind = cx.codes().mh_number(MhFormat::BindingRefreshRequest).unwrap_or(0);
        let message = Message::BindingRefreshRequest { reserved: 0 };
        let header = Header::Mobility(Mobility::new(kind, message, Vec::new()));
        let mut out = Outgoing::new(home, vec![header]).from(agent);
        if cx.host.faults.has(&faults::ROUTES_REFRESH_REQUESTS) {
            out.careof_destination = cx.host.tables.registration(home).map(|b| b.careof);
        }
        cx.send(out);
        true
    }
}

/// Options of an advertisement, as their own.
fn owned(options: &[u8], within: u8, cx: &Context<'_>) -> Vec<NdBody<'static>> {
    let bodies = NdOptions::new(options, within, cx.codes()).flatten().map(|o| o.body());
    bodies
        .filter_map(|body| match body {
            NdBody::PrefixInformation { len, flags, valid, preferred, reserved, prefix } => {
                Some(NdBody::PrefixInformation { len, flags, valid, preferred, reserved, prefix })
            }
            NdBody::HomeAgentInformation { reserved, preference, lifetime } => {
                Some(NdBody::HomeAgentInformation { reserved, preference, lifetime })
            }
            _ => None,
        })
        .collect()
}

/// The home-agents anycast address of a prefix, RFC 2526 2: of an interface
/// identifier of 64 bits in EUI-64 format the universal/local bit is zero, of
/// others all bits but the anycast identifier are ones.
pub fn home_agents_anycast(prefix: Ipv6Addr, len: u8) -> Ipv6Addr {
    if len == 64 {
        return with_identifier(prefix, 0xfdff_ffff_ffff_fffe);
    }
    let ones = u128::MAX.checked_shr(len.into()).unwrap_or(0);
    Ipv6Addr::from_bits((prefix.to_bits() & !ones) | (ones & !1))
}

impl Module for HomeAgent {
    fn link(&mut self, cx: &mut Context<'_>, interface: Interface, up: bool) {
        if cx.host.faults.has(&faults::FIXED_PREFERENCE)
            && let Some(own) = self.router.config(interface).and_then(|c| c.home_agent)
        {
            let own = HomeAgentInformation { preference: 0, ..own };
            self.router.set_home_agent(cx, interface, Some(own));
        }
        self.router.link(cx, interface, up);
        if up && self.interfaces().any(|i| i == interface) {
            self.join_anycast(cx, interface);
        }
    }

    fn received(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        match p.delivery {
            Place::Own => {}
            Place::Intercepted => {
                self.intercepted(cx, p);
                return Handled::Yes;
            }
            Place::Group => {
                self.grouped(cx, p);
                return Handled::No;
            }
            Place::Tunnelled => {
                self.tunnelled(cx, p);
                return Handled::Yes;
            }
            Place::Unbound => return Handled::No,
        }
        if let Some(message) = p.icmpv6(cx.codes()) {
            return match self.icmpv6(cx, p, &message) {
                Handled::Yes => Handled::Yes,
                Handled::No => self.router.received(cx, p),
            };
        }
        match Update::read(p, cx.codes(), &cx.host.faults) {
            Some(Ok(update)) if update.is_home() && cx.host.has(update.correspondent) => {
                self.update(cx, p, &update);
                Handled::Yes
            }
            _ => Handled::No,
        }
    }

    fn notice(&mut self, cx: &mut Context<'_>, notice: &Notice) {
        self.router.notice(cx, notice);
    }

    fn command(&mut self, cx: &mut Context<'_>, command: &Command) -> Handled {
        if let Command::RefreshRequest { home } = command {
            return if self.ask(cx, *home) { Handled::Yes } else { Handled::No };
        }
        if matches!(command, Command::Restart) {
            self.restart(cx);
            return self.router.command(cx, command);
        }
        if let Command::AdvertisePrefixes { to } = command {
            return if self.tell_now(cx, *to) { Handled::Yes } else { Handled::No };
        }
        let handled = self.router.command(cx, command);
        if let (Handled::Yes, Command::Prefix(told)) = (handled, command) {
            self.join_anycast(cx, told.interface);
            let all = self.links.prefixes(&self.router, cx.now, told.interface);
            let changed = all.into_iter().find(|p| p.len == told.len && p.covers(told.prefix));
            if let Some(prefix) = changed {
                self.prefix_changed(cx, &prefix);
            }
        }
        handled
    }

    fn timer(&mut self, cx: &mut Context<'_>) {
        while let Some(home) = self.detection.expired(cx.now) {
            self.detected(cx, home);
        }
        self.expire(cx);
        self.defence.timer(cx);
        self.agents.timer(cx);
        self.groups_due(cx);
        self.deliveries_due(cx);
        if self.router.deadline().is_some_and(|at| at <= cx.now) {
            self.router.timer(cx);
        }
    }

    fn deadline(&self) -> Option<Instant> {
        [
            self.router.deadline(),
            self.lifetimes.next(),
            self.detection.deadline(),
            self.defence.deadline(),
            self.agents.deadline(),
            self.groups.deadline(),
            self.delivery.deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn state(&self, now: Instant) -> Vec<(String, String)> {
        let mut out = self.router.state(now);
        out.push(("waiting".into(), self.detection.len().to_string()));
        out.push(("home-agents".into(), self.agents.len().to_string()));
        out
    }
}
