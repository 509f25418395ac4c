//! Dynamic Home Agent Address Discovery, RFC 6275 11.4.1.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use rand::Rng;

use super::constants::{AGENTS, DHAAD_RETRIES, INITIAL_DHAAD};
use super::{Location, MobileNode, Task, faults, has};
use crate::roles::home_agent::home_agents_anycast;
use crate::roles::host::{Outgoing, is_routable};
use crate::roles::node::Context;

/// A request under way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Discovery {
    /// Its identifier; `None` if none is under way.
    identifier: Option<u16>,
    /// Where it goes, if not to the anycast address.
    to: Option<Ipv6Addr>,
    interval: Duration,
    retries: u32,
}

impl MobileNode {
    /// Asks for home agents of the home link, if it does not do so already.
    pub(super) fn discover(&mut self, cx: &mut Context<'_>) {
        if self.discovery.identifier.is_some() || has(cx, &faults::NO_DISCOVERY) {
            return;
        }
        self.discover_at(cx, None);
    }

    /// Asks for home agents anew.
    pub(super) fn discover_at(&mut self, cx: &mut Context<'_>, to: Option<Ipv6Addr>) {
        let identifier = Some(cx.host.rng.next_u32() as u16);
        self.discovery = Discovery { identifier, to, interval: INITIAL_DHAAD, retries: 0 };
        self.send_discovery(cx);
    }

    /// The home agents that are known do not serve: are there others?
    pub(super) fn discover_others(&mut self, cx: &mut Context<'_>) {
        cx.event("no home agent serves");
        self.discover(cx);
    }

    fn send_discovery(&mut self, cx: &mut Context<'_>) {
        let Some(identifier) = self.discovery.identifier else { return };
        let Some((careof, interface)) = self.careof else {
            self.discovery.identifier = None;
            return cx.event("no care-of address to ask for home agents from");
        };
        let anycast = home_agents_anycast(self.config.prefix, self.config.prefix_len);
        let to = self.discovery.to.unwrap_or(anycast);
        let body = Icmpv6Body::HomeAgentRequest { identifier, reserved: 0 };
        let message = Icmpv6::new(kind::HOME_AGENT_REQUEST, body);
        let mut p = Outgoing::new(to, vec![Header::Icmpv6(message)]).on(interface);
        p.source = Some(careof);
        cx.send(p);
        if self.automatic() {
            self.timers.set(Task::Discovery, cx.now + self.discovery.interval);
        }
    }

    /// No reply has come.
    pub(super) fn discovery_due(&mut self, cx: &mut Context<'_>) {
        if self.discovery.identifier.is_none() {
            return;
        }
        let ended = self.discovery.retries >= DHAAD_RETRIES;
        if ended && !has(cx, &faults::ENDLESS_DISCOVERY) || has(cx, &faults::SINGLE_DISCOVERY) {
            self.discovery.identifier = None;
            return cx.event("no home agent has answered");
        }
        self.discovery.retries += 1;
        if !has(cx, &faults::HASTY_DISCOVERY) {
            self.discovery.interval *= 2;
        }
        self.send_discovery(cx);
    }

    /// A Home Agent Address Discovery Reply has come in.
    pub(super) fn home_agents(&mut self, cx: &mut Context<'_>, identifier: u16, list: &[u8]) {
        let wanted = self.discovery.identifier;
        let ignores = has(cx, &faults::IGNORES_DISCOVERY_IDENTIFIER);
        if wanted.is_none() || wanted != Some(identifier) && !ignores {
            return;
        }
        self.discovery.identifier = None;
        self.timers.clear(Task::Discovery);
        let addresses = list.chunks_exact(16).filter_map(|a| <[u8; 16]>::try_from(a).ok());
        let mut agents: Vec<Ipv6Addr> =
            addresses.map(Ipv6Addr::from).filter(|a| is_routable(*a)).take(AGENTS).collect();
        if has(cx, &faults::REVERSES_AGENTS) {
            agents.reverse();
        }
        cx.event(format!("{} home agents", agents.len()));
        if agents.is_empty() {
            return;
        }
        self.agents = agents;
        let now = cx.now;
        let home = self.config.homes.first().copied().unwrap_or(Ipv6Addr::UNSPECIFIED);
        let barred = |a: Ipv6Addr| self.list.get((home, a)).is_some_and(|e| e.is_barred(now));
        // With a registration, its home agent stays.
        let keeps = self.agent.is_some_and(|a| self.registered(home, now) && !barred(a));
        if keeps {
            return;
        }
        let next = self.agents.iter().copied().find(|a| !barred(*a));
        let Some(next) = next else { return };
        let other = self.agent != Some(next);
        self.agent = Some(next);
        if self.automatic() && self.location == Location::Away && other {
            self.register_all(cx);
        }
    }
}
