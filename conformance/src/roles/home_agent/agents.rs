//! The Home Agents List of each home link (RFC 6275 10.1, 10.5.1), and dynamic
//! home agent address discovery out of it.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::NdBody;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags, kind};
use mip6_wire::layout::Bytes;
use rand::{Rng, RngExt};

use super::links::lasting;
use super::{HomeAgent, faults};
use crate::roles::host::{Outgoing, Received, Timers, is_routable};
use crate::roles::router::INFINITE;
use crate::roles::{Context, Interface};
use crate::time::Instant;

/// Another home agent on a link.
#[derive(Clone, Debug)]
struct Agent {
    preference: u16,
    /// Global addresses, and when the prefix of each ends.
    addresses: Vec<(Ipv6Addr, Option<Instant>)>,
}

/// The other home agents of all links, by link-local address.
#[derive(Debug, Default)]
pub(super) struct Agents {
    list: BTreeMap<(Interface, Ipv6Addr), Agent>,
    lifetimes: Timers<(Interface, Ipv6Addr)>,
}

/// Home agents that are remembered; one more takes the place of the least
/// preferred.
const ROOM: usize = 1024;
/// Addresses that are remembered of each.
const ADDRESSES: usize = 16;
/// Addresses in a reply: what fits into 1280 octets behind 48 of headers.
const REPLY: usize = (1280 - 48) / 16;

impl Agents {
    /// A valid Router Advertisement has come in.
    pub(super) fn heard(
        &mut self,
        cx: &Context<'_>,
        p: &Received,
        message: &Icmpv6<'_>,
        options: &[NdBody<'static>],
    ) {
        let Icmpv6Body::RouterAdvertisement { flags, lifetime: router, .. } = message.body else {
            return;
        };
        let faults = &cx.host.faults;
        let key = (p.interface, p.source);
        if !flags.contains(RaFlags::H) {
            if !faults.has(&faults::KEEPS_FORMER_AGENTS) {
                self.remove(key);
            }
            return;
        }
        let told = options.iter().find_map(|o| match o {
            NdBody::HomeAgentInformation { preference, lifetime, .. } => {
                Some((*preference, *lifetime))
            }
            _ => None,
        });
        let (preference, lifetime) = told.unwrap_or_else(|| {
            let wrong = faults.has(&faults::WRONG_AGENT_DEFAULTS);
            if wrong { (u16::MAX, 0) } else { (0, router) }
        });
        if lifetime == 0 {
            if !faults.has(&faults::KEEPS_ENDED_AGENTS) {
                self.remove(key);
            }
            return;
        }
        if !self.list.contains_key(&key) && self.list.len() >= ROOM {
            let least = self.list.iter().min_by_key(|(_, a)| a.preference);
            match least.map(|(k, a)| (*k, a.preference)) {
                Some((least, p)) if p < preference => self.remove(least),
                _ => return,
            }
        }
        let stubborn = faults.has(&faults::NEVER_UPDATES_AGENTS) && self.list.contains_key(&key);
        let agent = self.list.entry(key).or_insert(Agent { preference, addresses: Vec::new() });
        if !stubborn {
            agent.preference = preference;
            self.lifetimes.set(key, cx.now + lasting(lifetime.into()));
        }
        for option in options {
            let NdBody::PrefixInformation { flags, valid, prefix, .. } = *option else { continue };
            let whole = flags & 0x20 != 0 || faults.has(&faults::LISTS_BARE_PREFIXES);
            if !whole || !is_routable(prefix) {
                continue;
            }
            agent.addresses.retain(|(a, _)| *a != prefix);
            let until = (valid != INFINITE).then(|| cx.now + lasting(valid));
            if valid > 0 && agent.addresses.len() < ADDRESSES {
                agent.addresses.push((prefix, until));
            }
        }
    }

    fn remove(&mut self, key: (Interface, Ipv6Addr)) {
        self.list.remove(&key);
        self.lifetimes.clear(key);
    }

    /// Lifetimes have ended.
    pub(super) fn timer(&mut self, cx: &Context<'_>) {
        while let Some(key) = self.lifetimes.expired(cx.now) {
            if !cx.host.faults.has(&faults::KEEPS_EXPIRED_AGENTS) {
                self.list.remove(&key);
            }
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.lifetimes.next()
    }

    /// Home agents of a link by preference and addresses whose prefixes are
    /// valid.
    fn on(
        &self,
        cx: &Context<'_>,
        interface: Option<Interface>,
    ) -> impl Iterator<Item = (u16, Vec<Ipv6Addr>)> {
        let (now, all) = (cx.now, cx.host.faults.has(&faults::KEEPS_ENDED_ADDRESSES));
        self.list.iter().filter(move |((i, _), _)| interface.is_none_or(|w| w == *i)).map(
            move |(_, agent)| {
                let valid =
                    agent.addresses.iter().filter(|(_, t)| all || t.is_none_or(|t| t > now));
                (agent.preference, valid.map(|(a, _)| *a).collect())
            },
        )
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }
}

impl HomeAgent {
    /// A Home Agent Address Discovery Request has come in, to the anycast address
    /// of a home prefix or to an own one.
    pub(super) fn discover(&mut self, cx: &mut Context<'_>, p: &Received, identifier: u16) {
        if !self.config.dhaad || !is_routable(p.wire_source) {
            return;
        }
        let to = p.wire_destination;
        let anycast = cx.host.tables.anycast.get(&to).copied();
        let own = cx.host.addresses().iter().find(|a| a.address == to).and_then(|a| a.interface);
        let Some(interface) = anycast.or(own).filter(|i| self.interfaces().any(|s| s == *i)) else {
            return;
        };
        let Some(source) = cx.host.global(cx.now, interface) else { return };
        let faulty = cx.host.faults.clone();
        if faulty.has(&faults::SILENT_ON_DISCOVERY) {
            return;
        }
        let mut addresses = self.ordered(cx, interface);
        if !faulty.has(&faults::LONG_REPLIES) {
            addresses.truncate(REPLY);
        }
        let octets: Vec<u8> = addresses.iter().flat_map(Ipv6Addr::octets).collect();
        let body = Icmpv6Body::HomeAgentReply {
            identifier,
            reserved: 0,
            addresses: octets.into(),
            tail: Bytes::Borrowed(&[]),
        };
        let message = Icmpv6::new(kind::HOME_AGENT_REPLY, body);
        let mut out = Outgoing::new(p.wire_source, vec![Header::Icmpv6(message)]).from(source);
        if faulty.has(&faults::REPLIES_AS_ANYCAST) {
            out.source = Some(to);
        }
        // Straight to the source of the request (RFC 6275 6.5).
        out.direct = true;
        cx.event(format!("{} home agents told to {}", addresses.len(), p.wire_source));
        cx.send(out);
    }

    /// Global addresses of all home agents of a link, this one among them: by
    /// preference, else in random order.
    fn ordered(&self, cx: &mut Context<'_>, interface: Interface) -> Vec<Ipv6Addr> {
        let faulty = cx.host.faults.clone();
        let here = |a: &&crate::roles::host::Address| {
            a.interface == Some(interface) && !a.tentative && is_routable(a.address)
        };
        let own: Vec<Ipv6Addr> =
            cx.host.addresses().iter().filter(here).map(|a| a.address).collect();
        let link = if faulty.has(&faults::ONE_LIST) { None } else { Some(interface) };
        let config = self.router.config(interface).and_then(|c| c.home_agent);
        let preference = config.map_or(0, |h| h.preference);
        let mut agents = vec![(preference, own)];
        if !faulty.has(&faults::LISTS_ITSELF_ALONE) {
            agents.extend(self.agents.on(cx, link));
        }
        let rng = &mut cx.host.rng;
        let mut keyed: Vec<(u16, u32, Vec<Ipv6Addr>)> =
            agents.into_iter().map(|(p, a)| (p, rng.next_u32(), a)).collect();
        if faulty.has(&faults::FIXED_ORDER) {
            keyed.sort_by_key(|(p, _, a)| (u16::MAX - p, a.first().copied()));
        } else if faulty.has(&faults::IGNORES_PREFERENCE) {
            keyed.sort_by_key(|(_, random, _)| *random);
        } else {
            keyed.sort_by_key(|(p, random, _)| (u16::MAX - p, *random));
        }
        if !faulty.has(&faults::FIXED_ORDER) {
            for (_, _, addresses) in &mut keyed {
                for i in (1..addresses.len()).rev() {
                    addresses.swap(i, rng.random_range(0..=i));
                }
            }
        }
        keyed.into_iter().flat_map(|(_, _, a)| a).collect()
    }
}
