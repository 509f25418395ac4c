//! A router on one or several links: Router Advertisements of RFC 4861 6.2 with
//! what RFC 6275 7 has changed. Its host forwards.

mod advertise;
mod config;
pub mod faults;
pub mod local;
mod prefixes;

pub use config::{HomeAgentInformation, INFINITE, PrefixConfig, RouterConfig};
pub use prefixes::AdvertisedNow;

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::icmpv6::kind;

use super::Interface;
use super::command::{Command, Prefix};
use super::host::{
    Address, Notice, Received, Timers, is_link_local, is_routable, with_identifier, within,
};
use super::node::{Context, Handled, Module};
use crate::time::Instant;
use advertise::{ANSWER_DELAY, Advertiser, random};

/// A router, or the part of a home agent that is one.
#[derive(Debug, Default)]
pub struct Router {
    links: Vec<Advertiser>,
    /// Answers that are to be sent to one host alone.
    answers: Timers<(Interface, Ipv6Addr)>,
    answering: usize,
}

/// Answers that wait at a time; who comes later is answered with all.
const ROOM: usize = 64;

impl Router {
    /// A router that advertises on these interfaces.
    pub fn new(configs: Vec<RouterConfig>) -> Self {
        Self { links: configs.into_iter().map(Advertiser::new).collect(), ..Self::default() }
    }

    /// How it is set up on an interface now.
    pub fn config(&self, interface: Interface) -> Option<&RouterConfig> {
        self.links.iter().map(|l| &l.config).find(|c| c.interface == interface)
    }

    /// The prefixes that it advertises on an interface, with their lifetimes.
    pub fn prefixes(&self, now: Instant, interface: Interface) -> Vec<AdvertisedNow> {
        let link = self.links.iter().find(|l| l.config.interface == interface);
        link.map(|l| l.prefixes.now(now).collect()).unwrap_or_default()
    }

    /// Changes what it says of itself as a home agent; `None` is not to be one.
    pub fn set_home_agent(
        &mut self,
        cx: &mut Context<'_>,
        interface: Interface,
        agent: Option<HomeAgentInformation>,
    ) {
        if let Some(link) = self.links.iter_mut().find(|l| l.config.interface == interface)
            && link.config.home_agent != agent
        {
            link.config.home_agent = agent;
            link.hurry(cx);
        }
    }

    /// Changes what it says of a prefix: a new one, other lifetimes, or its end
    /// with a valid lifetime of 0. A known prefix keeps its flags; the lifetimes
    /// of a deprecated one count down. False if it has nothing to do with the
    /// interface.
    pub fn set_prefix(&mut self, cx: &mut Context<'_>, told: &Prefix) -> bool {
        let Some(link) = self.links.iter_mut().find(|l| l.config.interface == told.interface)
        else {
            return false;
        };
        let known = link.prefixes.get(told.prefix, told.len).copied();
        let mut config = known.unwrap_or_else(|| PrefixConfig::new(told.prefix, told.len));
        (config.valid, config.preferred) = (told.valid, told.preferred);
        config.counts_down = known.is_some_and(|k| k.counts_down) || told.preferred == 0;
        if known.is_none() {
            let uses = link.prefixes.now(cx.now).any(|p| p.config.router_address.is_some());
            let own = own_address(cx, told);
            config.router_address = own.filter(|_| uses || link.config.home_agent.is_some());
        }
        if !link.prefixes.set(cx.now, config) {
            cx.event(format!("no room for {}/{}", told.prefix, told.len));
            return true;
        }
        cx.event(format!(
            "advertises {}/{}, valid for {} s, preferred for {} s",
            told.prefix, told.len, told.valid, told.preferred
        ));
        link.hurry(cx);
        true
    }

    /// A Router Solicitation has come in, RFC 4861 6.2.6.
    fn solicited(&mut self, cx: &mut Context<'_>, p: &Received) {
        let Some(link) = self.links.iter_mut().find(|l| l.config.interface == p.interface) else {
            return;
        };
        if !link.config.advertises {
            return;
        }
        let waits = self.answers.get((p.interface, p.source)).is_some();
        if link.config.unicast && !p.source.is_unspecified() && (waits || self.answering < ROOM) {
            if !waits {
                self.answering += 1;
                let delay = random(&mut cx.host.rng, Duration::ZERO, ANSWER_DELAY);
                self.answers.set((p.interface, p.source), cx.now + delay);
            }
        } else {
            link.solicited(cx);
        }
    }
}

impl Module for Router {
    fn link(&mut self, cx: &mut Context<'_>, interface: Interface, up: bool) {
        for link in self.links.iter_mut().filter(|l| l.config.interface == interface) {
            link.silence();
            if up && source(cx, interface).is_some() {
                link.hurry(cx);
            }
        }
    }

    fn received(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        let solicitation =
            p.icmpv6(cx.codes()).is_some_and(|m| m.kind == kind::ROUTER_SOLICITATION);
        if !solicitation {
            return Handled::No;
        }
        self.solicited(cx, p);
        Handled::Yes
    }

    /// Once its link-local address is known to be its own, it begins.
    fn notice(&mut self, cx: &mut Context<'_>, notice: &Notice) {
        let Notice::Detected { address, unique: true } = notice else { return };
        if !is_link_local(*address) {
            return;
        }
        for link in &mut self.links {
            if link.config.advertises && source(cx, link.config.interface) == Some(*address) {
                link.hurry(cx);
            }
        }
    }

    fn command(&mut self, cx: &mut Context<'_>, command: &Command) -> Handled {
        match command {
            Command::Prefix(prefix) if self.set_prefix(cx, prefix) => Handled::Yes,
            Command::Advertise { interface, on } => {
                let link = self.links.iter_mut().find(|l| l.config.interface == *interface);
                let Some(link) = link else { return Handled::No };
                link.switch(cx, *on);
                Handled::Yes
            }
            Command::Restart => {
                for link in &mut self.links {
                    link.hurry(cx);
                }
                Handled::Yes
            }
            _ => Handled::No,
        }
    }

    fn timer(&mut self, cx: &mut Context<'_>) {
        while let Some((interface, to)) = self.answers.expired(cx.now) {
            self.answering -= 1;
            let link = self.links.iter().find(|l| l.config.interface == interface);
            if let (Some(link), Some(local)) = (link, source(cx, interface))
                && link.config.advertises
            {
                link.send(cx, local, to);
            }
        }
        for link in &mut self.links {
            if link.next.is_none_or(|at| at > cx.now) {
                continue;
            }
            match source(cx, link.config.interface) {
                Some(local) if link.speaks() => {
                    for gone in link.due(cx, local) {
                        cx.event(format!("no longer advertises {}/{}", gone.prefix, gone.len));
                        withdraw(cx, link.config.interface, &gone);
                    }
                }
                _ => link.next = None,
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.links.iter().filter_map(|l| l.next).chain(self.answers.next()).min()
    }

    fn state(&self, now: Instant) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for link in &self.links {
            let c = &link.config;
            let place = c.interface.index();
            out.push((format!("advertises.{place}"), c.advertises.to_string()));
            for p in link.prefixes.now(now) {
                let name = format!("prefix.{place}.{}/{}", p.config.prefix, p.config.len);
                out.push((name, format!("{} {}", p.valid, p.preferred)));
            }
        }
        out
    }
}

/// The link-local address from which it may send.
fn source(cx: &Context<'_>, interface: Interface) -> Option<Ipv6Addr> {
    let local = cx.host.link_local(interface)?;
    let ready = cx.host.addresses().iter().any(|a| a.address == local && !a.tentative);
    (ready && cx.host.is_up(interface)).then_some(local)
}

/// The router's address in a prefix, a new one if it has none there: with the
/// interface identifier of its link-local address.
fn own_address(cx: &mut Context<'_>, p: &Prefix) -> Option<Ipv6Addr> {
    let here =
        |a: &&Address| a.interface == Some(p.interface) && within(a.address, p.prefix, p.len);
    if let Some(known) = cx.host.addresses().iter().find(here) {
        return Some(known.address);
    }
    if p.len != 64 || !is_routable(p.prefix) {
        return None;
    }
    let local = cx.host.link_local(p.interface)?;
    let address = with_identifier(p.prefix, local.to_bits() as u64);
    let now = cx.now;
    cx.host.assign(now, Address::configured(p.interface, address, p.len));
    Some(address)
}

/// Gives up the addresses of a prefix that it no longer advertises.
fn withdraw(cx: &mut Context<'_>, interface: Interface, gone: &PrefixConfig) {
    let here =
        |a: &&Address| a.interface == Some(interface) && within(a.address, gone.prefix, gone.len);
    let addresses: Vec<Ipv6Addr> =
        cx.host.addresses().iter().filter(here).map(|a| a.address).collect();
    for address in addresses {
        let now = cx.now;
        cx.host.unassign(now, address);
    }
}
