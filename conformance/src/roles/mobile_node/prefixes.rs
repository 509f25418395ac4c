//! Mobile prefix discovery, RFC 6275 11.4.2 and 11.4.3.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use rand::Rng;

use super::constants::{INITIAL_SOLICIT, MAX_BINDACK};
use super::list::{Goal, Key};
use super::{Location, MobileNode, Task, faults, has};
use crate::roles::host::{Outgoing, Received, with_identifier, within};
use crate::roles::node::Context;
use crate::time::Instant;

/// Home addresses that it has at most.
const HOMES: usize = 8;
/// A home address is about to become invalid when this is left, or a quarter.
const ABOUT_TO_END: Duration = Duration::from_mins(10);

/// What is known of the home prefix.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct HomePrefixes {
    valid_until: Option<Instant>,
    /// Identifier of the last solicitation, until it is answered.
    identifier: Option<u16>,
    /// Identifier of the last solicitation that was answered.
    answered: Option<u16>,
    interval: Duration,
    /// Prefix discovery is to come before the next registration (status 1).
    needed: bool,
}

impl HomePrefixes {
    /// When the home prefix ends; `None` is not known.
    pub(super) fn valid_until(&self) -> Option<Instant> {
        self.valid_until
    }

    pub(super) fn need(&mut self) {
        self.needed = true;
    }

    pub(super) fn needed(&self) -> bool {
        self.needed
    }

    /// Registers without: there is no binding any more, so nobody would answer.
    pub(super) fn do_without(&mut self) {
        self.needed = false;
    }
}

impl MobileNode {
    /// Asks the home agent for the prefixes of the home link, if it does not do so
    /// already.
    pub(super) fn solicit_prefixes(&mut self, cx: &mut Context<'_>) {
        if self.prefixes.identifier.is_some() && self.automatic() {
            return;
        }
        self.prefixes.interval = INITIAL_SOLICIT;
        self.send_solicitation(cx);
    }

    fn send_solicitation(&mut self, cx: &mut Context<'_>) {
        let home = self.config.homes.first().copied();
        let (Some(home), Some(agent)) = (home, self.agent) else { return };
        let careof = self.careof.map(|(c, _)| c).filter(|_| self.location == Location::Away);
        let Some(careof) = careof else {
            return cx.event("prefixes are solicited away from home alone");
        };
        let identifier =
            if has(cx, &faults::COUNTS_IDENTIFIERS) { 1 } else { cx.host.rng.next_u32() as u16 };
        self.prefixes.identifier = Some(identifier);
        let options = Vec::new().into();
        let body = Icmpv6Body::PrefixSolicitation { identifier, reserved: 0, options };
        let message = Icmpv6::new(kind::PREFIX_SOLICITATION, body);
        let mut p = Outgoing::new(agent, vec![Header::Icmpv6(message)]);
        p.source = Some(home);
        p.careof_source = Some(careof);
        p.direct = has(cx, &faults::SOLICITS_IN_CLEAR);
        cx.send(p);
        if self.automatic() {
            self.timers.set(Task::Solicitation, cx.now + self.prefixes.interval);
        }
    }

    /// No advertisement has come.
    pub(super) fn solicitation_due(&mut self, cx: &mut Context<'_>) {
        if self.prefixes.identifier.is_none() || self.location != Location::Away {
            self.prefixes.identifier = None;
            return;
        }
        if !has(cx, &faults::NO_BACK_OFF) {
            self.prefixes.interval = (self.prefixes.interval * 2).min(MAX_BINDACK);
        }
        self.send_solicitation(cx);
    }

    /// The home prefix is about to end.
    pub(super) fn prefixes_due(&mut self, cx: &mut Context<'_>) {
        let asks = self.automatic() && self.config.prefix_discovery;
        if asks && !has(cx, &faults::LETS_HOME_END) {
            self.solicit_prefixes(cx);
        }
    }

    /// A Mobile Prefix Advertisement has come in.
    pub(super) fn prefixes_advertised(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        identifier: u16,
        options: &[u8],
    ) {
        let from_agent = Some(p.source) == self.agent || has(cx, &faults::FOREIGN_PREFIXES);
        let routed = p.home_route || has(cx, &faults::PREFIXES_WITHOUT_ROUTE);
        if !from_agent || !routed {
            return;
        }
        let again = self.prefixes.answered == Some(identifier) && has(cx, &faults::PREFIXES_TWICE);
        let solicited = self.prefixes.identifier == Some(identifier) || again;
        if !solicited && !has(cx, &faults::UNSOLICITED_PREFIXES) {
            // It may be true, but is not believed: better ask.
            if self.automatic() && !has(cx, &faults::IGNORES_UNSOLICITED) {
                self.solicit_prefixes(cx);
            }
            return;
        }
        if has(cx, &faults::REJECTS_UNKNOWN)
            && NdOptions::new(options, kind::PREFIX_ADVERTISEMENT, cx.codes())
                .flatten()
                .any(|o| matches!(o.body(), NdBody::Unknown(_)))
        {
            return;
        }
        self.prefixes.answered = self.prefixes.identifier.take().or(self.prefixes.answered);
        let waited = std::mem::take(&mut self.prefixes.needed);
        self.timers.clear(Task::Solicitation);
        if has(cx, &faults::IGNORES_PREFIXES) {
            return;
        }
        for o in NdOptions::new(options, kind::PREFIX_ADVERTISEMENT, cx.codes()).flatten() {
            if let NdBody::PrefixInformation { len, flags, valid, preferred, prefix, .. } = o.body()
                && preferred <= valid
            {
                self.home_prefix(cx, (prefix, len), flags, valid);
            }
        }
        if waited && self.automatic() && self.location == Location::Away {
            // Registrations that were due meanwhile had to wait (RFC 6275 11.7.1).
            for home in self.homes(cx) {
                if self.timers.get(Task::Home(home)).is_none() {
                    self.register(cx, home);
                }
            }
        }
    }

    /// What a Router Advertisement on the home link would have said of a prefix.
    fn home_prefix(
        &mut self,
        cx: &mut Context<'_>,
        (prefix, len): (Ipv6Addr, u8),
        flags: u8,
        valid: u32,
    ) {
        let (own, own_len) = (self.config.prefix, self.config.prefix_len);
        let lifetime = Duration::from_secs(valid.into());
        let until = cx.now + lifetime;
        if len == own_len && within(prefix, own, len) {
            cx.event(format!("home prefix {prefix}/{len} is valid for {valid} s"));
            let shortened = self.prefixes.valid_until.is_none_or(|t| until < t);
            self.prefixes.valid_until = (valid != u32::MAX).then_some(until);
            if valid == u32::MAX {
                return self.timers.clear(Task::Prefixes);
            }
            self.timers.set(Task::Prefixes, until - ABOUT_TO_END.min(lifetime / 4));
            if shortened && self.automatic() && !has(cx, &faults::KEEPS_PAST_PREFIX) {
                self.shorten(cx, until);
            }
            return;
        }
        // A home address by another prefix, with the identifier of the first one.
        let autonomous = flags & 0x40 != 0 && len == 64 && valid > 0;
        let room = self.config.homes.len() < HOMES;
        let first = self.config.homes.first().copied();
        let Some(first) = first.filter(|_| autonomous && self.config.autoconfigure && room) else {
            return;
        };
        let home = with_identifier(prefix, first.to_bits() as u64);
        if self.config.homes.contains(&home) {
            return;
        }
        cx.event(format!("home address {home}"));
        self.config.homes.push(home);
        cx.host.tables.homes.insert(home);
        if self.automatic() && self.location == Location::Away {
            self.register(cx, home);
        }
    }

    /// Bindings must not outlive the home prefix.
    fn shorten(&mut self, cx: &mut Context<'_>, until: Instant) {
        let now = cx.now;
        let late: Vec<(Key, bool)> = self
            .list
            .iter()
            .filter(|(_, e)| e.bound(now).is_some_and(|b| b.until > until))
            .map(|(k, e)| (k, e.home_agent))
            .collect();
        for ((home, peer), home_agent) in late {
            if home_agent && Some(peer) == self.agent {
                self.register(cx, home);
            } else if !home_agent {
                self.optimize(cx, (home, peer), Goal::Bind);
            }
        }
    }
}
