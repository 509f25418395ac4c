//! Multicast Listener Discovery, the listener's part: RFC 3810 6, and RFC 2710
//! where an older router asks (RFC 3810 8.2).

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::header::Header;
use mip6_wire::icmpv6::mld::{Mld, Record};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ip::options::{OptionBody, kind as option_kind};
use mip6_wire::ip::{HopByHop, Ipv6Option, Ipv6Options, Ipv6OptionsBuilder, proto};
use mip6_wire::layout::to_bytes;
use rand::RngExt;

use super::super::Interface;
use super::received::Received;
use super::{ALL_NODES, ALL_ROUTERS, Host, Outgoing, Task, is_link_local};
use crate::time::Instant;

/// What a host still has to tell of its groups.
#[derive(Debug, Default)]
pub(super) struct Listener {
    /// Changes that are to be reported again, and how often.
    changes: BTreeMap<(Interface, Ipv6Addr), (u8, u8)>,
    /// Until when a link is taken to have a router of version 1.
    old: BTreeMap<Interface, Instant>,
}

/// Robustness variable, RFC 3810 9.1: how often a change is told.
const ROBUSTNESS: u8 = 2;
/// Unsolicited report interval, RFC 3810 9.11.
const AGAIN: Duration = Duration::from_secs(1);
/// Older version querier present timeout, RFC 3810 9.12, with the defaults of
/// the query interval and the query response interval.
const OLD: Duration = Duration::from_secs(260);
/// Changes that wait to be told again; a group that finds no room is told once.
const ROOM: usize = 1024;
/// Records in a report of the least MTU: 20 octets each.
const RECORDS: usize = 60;
/// All MLDv2-capable routers, RFC 3810 5.2.14.
const REPORTS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x16);

/// Record types, RFC 3810 5.2.12.
const IS_EXCLUDE: u8 = 2;
const TO_INCLUDE: u8 = 3;
const TO_EXCLUDE: u8 = 4;

/// Whether a group is told of: those of all nodes and of the node itself are not
/// (RFC 3810 6).
fn is_told(group: Ipv6Addr) -> bool {
    group != ALL_NODES && group.segments()[0] & 0xf > 1
}

impl Host {
    /// Receives packets for a multicast address, and tells routers of it.
    pub fn join(&mut self, now: Instant, interface: Interface, group: Ipv6Addr) {
        if self.groups.insert((interface, group)) {
            self.changed(now, interface, group, TO_EXCLUDE);
        }
    }

    /// No longer receives packets for a multicast address, and tells routers.
    pub fn leave(&mut self, now: Instant, interface: Interface, group: Ipv6Addr) {
        if self.groups.remove(&(interface, group)) {
            self.timers.clear(Task::Listen(interface, Some(group)));
            self.changed(now, interface, group, TO_INCLUDE);
        }
    }

    /// Tells a new link of the groups that were joined before, or forgets what was
    /// still to be told on one that is cut off.
    pub(super) fn listen(&mut self, now: Instant, interface: Interface) {
        self.listener.old.remove(&interface);
        self.listener.changes.retain(|(i, _), _| *i != interface);
        self.timers.clear(Task::Listen(interface, None));
        for group in self.joined(interface) {
            self.timers.clear(Task::Listen(interface, Some(group)));
            self.changed(now, interface, group, TO_EXCLUDE);
        }
    }

    /// Groups of an interface that routers are told of.
    fn joined(&self, interface: Interface) -> Vec<Ipv6Addr> {
        let here = self.groups.iter().filter(|(i, g)| *i == interface && is_told(*g));
        let mut here: Vec<Ipv6Addr> = here.map(|(_, g)| *g).collect();
        here.sort_unstable();
        here
    }

    fn changed(&mut self, now: Instant, interface: Interface, group: Ipv6Addr, record: u8) {
        if !self.is_up(interface) || !is_told(group) {
            return;
        }
        self.tell_groups(now, interface, &[(record, group)]);
        let changes = &mut self.listener.changes;
        if changes.len() < ROOM || changes.contains_key(&(interface, group)) {
            changes.insert((interface, group), (record, ROBUSTNESS - 1));
            if self.timers.get(Task::Report(interface)).is_none() {
                let at = now + self.within(AGAIN);
                self.timers.set(Task::Report(interface), at);
            }
        }
    }

    /// Changes are to be told again.
    pub(super) fn report_due(&mut self, now: Instant, interface: Interface) {
        let mut records = Vec::new();
        let mut more = false;
        self.listener.changes.retain(|(i, group), (record, left)| {
            if *i != interface {
                return true;
            }
            records.push((*record, *group));
            *left = left.saturating_sub(1);
            more |= *left > 0;
            *left > 0
        });
        self.tell_groups(now, interface, &records);
        if more {
            let at = now + self.within(AGAIN);
            self.timers.set(Task::Report(interface), at);
        }
    }

    /// A query is to be answered: of all groups, or of one.
    pub(super) fn listen_due(&mut self, now: Instant, interface: Interface, of: Option<Ipv6Addr>) {
        let groups = match of {
            Some(group) if self.groups.contains(&(interface, group)) => vec![group],
            Some(_) => return,
            None => self.joined(interface),
        };
        let records: Vec<_> = groups.into_iter().map(|g| (IS_EXCLUDE, g)).collect();
        self.tell_groups(now, interface, &records);
    }

    /// A message of Multicast Listener Discovery has come in.
    pub(super) fn listener_message(&mut self, now: Instant, p: &Received, number: u8, m: &Mld<'_>) {
        let interface = p.interface;
        if !is_link_local(p.source) || p.hop_limit != 1 || !has_router_alert(&p.wire) {
            return;
        }
        let (address, delay) = match m {
            // Version 1: milliseconds.
            Mld::V1 { delay, address, .. } if number == kind::MLD_QUERY => {
                self.listener.old.insert(interface, now + OLD);
                (*address, u64::from(*delay))
            }
            // Somebody else has told of a group (RFC 2710 4).
            Mld::V1 { address, .. } if number == kind::MLD_REPORT => {
                if self.is_old(now, interface) {
                    self.timers.clear(Task::Listen(interface, Some(*address)));
                }
                return;
            }
            Mld::QueryV2 { code, address, .. } => (*address, response_delay(*code)),
            _ => return,
        };
        let at = now + self.within(Duration::from_millis(delay));
        let general = address.is_unspecified();
        // Each group has an answer of its own in version 1.
        let of: Vec<Option<Ipv6Addr>> = if general && self.is_old(now, interface) {
            self.joined(interface).into_iter().map(Some).collect()
        } else if general {
            vec![None]
        } else if self.groups.contains(&(interface, address)) && is_told(address) {
            vec![Some(address)]
        } else {
            return;
        };
        // An answer of all that comes earlier does for one, too (RFC 3810 6.2).
        let all = self.timers.get(Task::Listen(interface, None));
        for of in of {
            let sooner = self.timers.get(Task::Listen(interface, of)).is_some_and(|t| t <= at);
            if !sooner && all.is_none_or(|t| t > at) {
                self.timers.set(Task::Listen(interface, of), at);
            }
        }
    }

    fn is_old(&self, now: Instant, interface: Interface) -> bool {
        self.listener.old.get(&interface).is_some_and(|until| *until > now)
    }

    /// Sends records in reports, or in the messages of version 1.
    fn tell_groups(&mut self, now: Instant, interface: Interface, records: &[(u8, Ipv6Addr)]) {
        if self.is_old(now, interface) {
            for (record, group) in records {
                let (number, to) = match *record {
                    TO_INCLUDE => (kind::MLD_DONE, ALL_ROUTERS),
                    _ => (kind::MLD_REPORT, *group),
                };
                let body = Mld::V1 { delay: 0, reserved: 0, address: *group, tail: [][..].into() };
                self.send_listener(now, interface, to, Icmpv6::new(number, Icmpv6Body::Mld(body)));
            }
            return;
        }
        for records in records.chunks(RECORDS) {
            let octets: Vec<u8> = records
                .iter()
                .flat_map(|(record, group)| to_bytes(&Record::new(*record, *group), self.codes))
                .collect();
            let count = records.len() as u16;
            let body = Mld::ReportV2 { reserved: 0, count, records: octets.into() };
            let message = Icmpv6::new(kind::MLD_REPORT_V2, Icmpv6Body::Mld(body));
            self.send_listener(now, interface, REPORTS, message);
        }
    }

    /// With a Router Alert and a hop limit of 1, from the link-local address once
    /// it is known to be unique (RFC 3810 5 and 5.2.13).
    fn send_listener(
        &mut self,
        now: Instant,
        interface: Interface,
        to: Ipv6Addr,
        message: Icmpv6<'static>,
    ) {
        let alert =
            Ipv6Option::new(option_kind::ROUTER_ALERT, OptionBody::RouterAlert { value: 0 });
        let list = Ipv6OptionsBuilder::default().option(&alert).build();
        let mut p = Outgoing::new(to, vec![Header::Icmpv6(message)]).on(interface);
        p.front = vec![Header::HopByHop(HopByHop::new(list))];
        p.hop_limit = Some(1);
        p.direct = true;
        p.source = Some(self.settled_local(interface).unwrap_or(Ipv6Addr::UNSPECIFIED));
        self.send(now, p);
    }

    /// The link-local address of an interface, once it is known to be unique.
    pub(super) fn settled_local(&self, interface: Interface) -> Option<Ipv6Addr> {
        let local = self.link_local(interface)?;
        self.addresses.iter().any(|a| a.address == local && !a.tentative).then_some(local)
    }

    /// A random time up to `most`.
    fn within(&mut self, most: Duration) -> Duration {
        let micros = u64::try_from(most.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.rng.random_range(0..=micros))
    }
}

/// Milliseconds of a maximum response code, RFC 3810 5.1.3.
fn response_delay(code: u16) -> u64 {
    if code < 0x8000 {
        return u64::from(code);
    }
    let exponent = code >> 12 & 7;
    u64::from(code & 0xfff | 0x1000) << (exponent + 3)
}

/// Whether a packet has the Router Alert option in Hop-by-Hop Options.
fn has_router_alert(wire: &[u8]) -> bool {
    if wire.get(6) != Some(&proto::HOP_BY_HOP) {
        return false;
    }
    let end = wire.get(41).map_or(0, |len| 40 + (usize::from(*len) + 1) * 8);
    let mut options = Ipv6Options::new(wire.get(42..end).unwrap_or_default()).flatten();
    options.any(|o| o.kind == option_kind::ROUTER_ALERT)
}

#[cfg(test)]
mod tests {
    use super::response_delay;

    #[test]
    fn response_codes_have_an_exponent_from_32768_on() {
        assert_eq!(response_delay(10_000), 10_000);
        assert_eq!(response_delay(0x8000), 0x1000 << 3);
        assert_eq!(response_delay(0xffff), 0x1fff << 10);
    }
}
