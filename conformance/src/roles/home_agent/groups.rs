//! Multicast group membership of mobile nodes, RFC 6275 10.4.3, by Multicast
//! Listener Discovery through the tunnel (RFC 2710, RFC 3810).

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::header::{Header, read_packet};
use mip6_wire::icmpv6::mld::{Mld, Record};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ip::options::{OptionBody, kind as option_kind};
use mip6_wire::ip::{HopByHop, Ipv6, Ipv6Option, Ipv6OptionsBuilder};
use mip6_wire::layout::{Bytes, Reader};

use super::{HomeAgent, HomeAgentConfig, faults};
use crate::roles::Context;
use crate::roles::host::{ALL_NODES, Outgoing, Received, Timers, is_link_local};
use crate::time::Instant;

/// Robustness variable, RFC 3810 9.1: queries until a membership ends.
const ROBUSTNESS: u32 = 2;
/// Query response interval, RFC 3810 9.3.
const RESPONSE: Duration = Duration::from_secs(10);
/// Groups of one mobile node; more are not taken in.
const GROUPS: usize = 64;

/// Who listens to what.
#[derive(Debug, Default)]
pub(super) struct Groups {
    members: BTreeSet<(Ipv6Addr, Ipv6Addr)>,
    /// The groups of each home address.
    joined: BTreeMap<Ipv6Addr, BTreeSet<Ipv6Addr>>,
    /// Memberships that end if nobody reports them, by group and home address.
    ends: Timers<(Ipv6Addr, Ipv6Addr)>,
    /// Queries by home address.
    queries: Timers<Ipv6Addr>,
    /// Home addresses by care-of address.
    careof: BTreeSet<(Ipv6Addr, Ipv6Addr)>,
}

impl Groups {
    /// A mobile node has registered a care-of address.
    pub(super) fn moved(
        &mut self,
        config: &HomeAgentConfig,
        cx: &Context<'_>,
        home: Ipv6Addr,
        before: Option<Ipv6Addr>,
        careof: Ipv6Addr,
    ) {
        if let Some(before) = before {
            self.careof.remove(&(before, home));
        }
        if config.multicast {
            self.careof.insert((careof, home));
            if self.queries.get(home).is_none() {
                self.queries.set(home, cx.now);
            }
        }
    }

    /// A mobile node is no longer served.
    pub(super) fn forget(&mut self, home: Ipv6Addr, careof: Ipv6Addr) {
        self.careof.remove(&(careof, home));
        self.queries.clear(home);
        for group in self.joined.remove(&home).unwrap_or_default() {
            self.members.remove(&(group, home));
            self.ends.clear((group, home));
        }
    }

    /// The home address of the mobile node at a care-of address.
    pub(super) fn home_at(&self, careof: Ipv6Addr) -> Option<Ipv6Addr> {
        let from = (careof, Ipv6Addr::UNSPECIFIED);
        self.careof.range(from..).next().filter(|(c, _)| *c == careof).map(|(_, home)| *home)
    }

    fn join(&mut self, group: Ipv6Addr, home: Ipv6Addr, until: Instant) -> bool {
        let groups = self.joined.entry(home).or_default();
        if !groups.contains(&group) && groups.len() >= GROUPS {
            return false;
        }
        groups.insert(group);
        self.ends.set((group, home), until);
        self.members.insert((group, home))
    }

    fn leave(&mut self, group: Ipv6Addr, home: Ipv6Addr) -> bool {
        self.ends.clear((group, home));
        if let Some(groups) = self.joined.get_mut(&home) {
            groups.remove(&group);
        }
        self.members.remove(&(group, home))
    }

    fn listeners(&self, group: Ipv6Addr) -> Vec<Ipv6Addr> {
        let from = (group, Ipv6Addr::UNSPECIFIED);
        self.members.range(from..).take_while(|(g, _)| *g == group).map(|(_, home)| *home).collect()
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.ends.next().into_iter().chain(self.queries.next()).min()
    }
}

impl HomeAgent {
    /// A multicast packet has come out of the tunnel of a mobile node.
    pub(super) fn sent_to_group(
        &mut self,
        cx: &mut Context<'_>,
        home: Ipv6Addr,
        p: &Received,
        inner: &[u8],
    ) {
        let headers = read_packet(inner, cx.codes());
        let mld = headers.iter().find_map(|h| match h {
            Header::Icmpv6(m) => match &m.body {
                Icmpv6Body::Mld(body) => Some((m.kind, body.clone())),
                _ => None,
            },
            _ => None,
        });
        if !self.config.multicast {
            // Silently ignored (RFC 6275 10.4.3).
            if mld.is_some() && cx.host.faults.has(&faults::COMPLAINS_OF_REPORTS) {
                let quoted = inner[..inner.len().min(1232)].to_vec().into();
                let body = Icmpv6Body::Error { length: 0, reserved: [0; 3], quoted };
                let message = Icmpv6::new(kind::DESTINATION_UNREACHABLE, body);
                let to = p.tunnel.map_or(p.source, |t| t.source);
                let mut out = Outgoing::new(to, vec![Header::Icmpv6(message)]);
                out.direct = true;
                cx.send(out);
            }
            return;
        }
        if let Some((number, body)) = mld {
            // Over no hop but the tunnel (RFC 2710 3).
            if p.hop_limit == 1 {
                self.reported(cx, home, number, &body);
            }
            return;
        }
        let Some(interface) = self.served.get(&home).map(|s| s.interface) else { return };
        if !is_global(p.destination) || is_link_local(p.source) || inner[7] <= 1 {
            return;
        }
        let mut octets = inner.to_vec();
        octets[7] -= 1;
        let now = cx.now;
        let headers = read_packet(&octets, cx.codes());
        cx.host.output(now, &headers, Some(interface), None);
        for other in self.groups.listeners(p.destination) {
            if other != home {
                self.deliver(cx, other, inner.to_vec());
            }
        }
    }

    /// A mobile node has reported what groups it listens to, or no longer.
    fn reported(&mut self, cx: &mut Context<'_>, home: Ipv6Addr, number: u8, body: &Mld<'_>) {
        if cx.host.faults.has(&faults::IGNORES_REPORTS) {
            return;
        }
        let until = cx.now + self.config.query_interval * ROBUSTNESS + RESPONSE;
        let mut change = |cx: &mut Context<'_>, group: Ipv6Addr, joins: bool| {
            if !group.is_multicast() {
                return;
            }
            if joins && self.groups.join(group, home, until) {
                cx.event(format!("{home} listens to {group}"));
            } else if !joins && self.groups.leave(group, home) {
                cx.event(format!("{home} no longer listens to {group}"));
            }
        };
        match body {
            Mld::V1 { address, .. } if number == kind::MLD_REPORT => change(cx, *address, true),
            Mld::V1 { address, .. } if number == kind::MLD_DONE => change(cx, *address, false),
            Mld::ReportV2 { count, records, .. } => {
                let codes = cx.codes();
                let mut reader = Reader::new(records, records.len(), codes);
                for _ in 0..*count {
                    let Ok(record) = reader.read::<Record<'_>>() else { return };
                    if let Some(joins) = joins(&record) {
                        change(cx, record.address, joins);
                    }
                }
            }
            _ => {}
        }
    }

    /// A multicast packet has come in on a home link for a group that this node
    /// is not in itself.
    pub(super) fn grouped(&mut self, cx: &mut Context<'_>, p: &Received) {
        let wide = cx.host.faults.has(&faults::TUNNELS_NARROW_GROUPS);
        if !self.config.multicast || is_link_local(p.source) || !(is_global(p.destination) || wide)
        {
            return;
        }
        for home in self.groups.listeners(p.destination) {
            if self.served.get(&home).is_some_and(|s| s.interface == p.interface) {
                self.deliver(cx, home, p.octets.clone());
            }
        }
    }

    /// Memberships end, queries are due.
    pub(super) fn groups_due(&mut self, cx: &mut Context<'_>) {
        while let Some((group, home)) = self.groups.ends.expired(cx.now) {
            self.groups.leave(group, home);
            cx.event(format!("{home} no longer listens to {group}"));
        }
        while let Some(home) = self.groups.queries.expired(cx.now) {
            if self.served.contains_key(&home) {
                self.query(cx, home);
                self.groups.queries.set(home, cx.now + self.config.query_interval);
            }
        }
    }

    /// Asks a mobile node through the tunnel what it listens to.
    fn query(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        let Some(served) = self.served.get(&home).copied() else { return };
        let Some(careof) = cx.host.tables.registration(home).map(|b| b.careof) else { return };
        let Some(local) = cx.host.link_local(served.interface) else { return };
        let ip = Ipv6 { hop_limit: 1, ..Ipv6::new(local, ALL_NODES) };
        let alert =
            Ipv6Option::new(option_kind::ROUTER_ALERT, OptionBody::RouterAlert { value: 0 });
        let alert = Ipv6OptionsBuilder::default().option(&alert).build();
        let body = Mld::QueryV2 {
            code: RESPONSE.as_millis() as u16,
            reserved: 0,
            address: Ipv6Addr::UNSPECIFIED,
            flags: ROBUSTNESS as u8,
            interval: query_code(self.config.query_interval),
            count: 0,
            sources: Bytes::Borrowed(&[]),
            tail: Bytes::Borrowed(&[]),
        };
        let message = Icmpv6::new(kind::MLD_QUERY, Icmpv6Body::Mld(body));
        let headers =
            [Header::Ipv6(ip), Header::HopByHop(HopByHop::new(alert)), Header::Icmpv6(message)];
        let now = cx.now;
        cx.host.enter_tunnel(now, &headers, served.agent, careof, home);
    }
}

/// A query interval as its code, RFC 3810 5.1.9: seconds up to 127, then with an
/// exponent.
fn query_code(interval: Duration) -> u8 {
    let secs = interval.as_secs().min(31_744);
    if secs < 128 {
        return secs as u8;
    }
    let exponent = (secs.ilog2() - 7).min(7);
    let mantissa = (secs >> (exponent + 3)) & 0xf;
    0x80 | (exponent as u8) << 4 | mantissa as u8
}

/// Whether a record says that its sender listens to the group; `None` says
/// nothing. Sources are not told apart.
fn joins(record: &Record<'_>) -> Option<bool> {
    match record.kind {
        // Mode is or changes to include: of no source is not to listen.
        1 | 3 => Some(record.count > 0),
        2 | 4 => Some(true),
        5 => Some(true),
        _ => None,
    }
}

/// Of global scope, RFC 4291 2.7.
fn is_global(group: Ipv6Addr) -> bool {
    group.is_multicast() && group.segments()[0] & 0xf == 0xe
}
