//! Multicast membership through the tunnel, RFC 6275 11.3.4, and packets out of
//! the tunnel that are for many.

use std::collections::BTreeSet;
use std::net::Ipv6Addr;

use mip6_wire::header::{Header, read_packet};
use mip6_wire::icmpv6::mld::Mld;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ip::options::kind as option_kind;
use mip6_wire::ip::{HopByHop, Ipv6};

use super::{Location, MobileNode, faults, has};
use crate::roles::host::Received;
use crate::roles::node::{Context, Handled};

/// Groups that it is a member of at most.
const GROUPS: usize = 64;

/// Membership in groups of the home link.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    groups: BTreeSet<Ipv6Addr>,
    /// The home agent has asked through the tunnel since the binding was made.
    asked: bool,
}

impl Membership {
    pub(super) fn new(groups: &[Ipv6Addr]) -> Self {
        Self { groups: groups.iter().copied().take(GROUPS).collect(), asked: false }
    }

    /// Without a binding it must be asked again.
    pub(super) fn forget(&mut self) {
        self.asked = false;
    }
}

impl MobileNode {
    /// Becomes a member of a group.
    pub(super) fn join(&mut self, cx: &mut Context<'_>, group: Ipv6Addr) {
        if self.membership.groups.len() < GROUPS && group.is_multicast() {
            self.membership.groups.insert(group);
        }
        match self.location {
            Location::Home(interface) => cx.host.join(cx.now, interface, group),
            _ if self.membership.asked => self.report(cx, group),
            _ => {}
        }
    }

    /// A home registration has been made.
    pub(super) fn membership_due(&mut self, cx: &mut Context<'_>, _home: Ipv6Addr) {
        if has(cx, &faults::REPORTS_UNASKED) {
            self.report_all(cx);
        }
    }

    /// A packet for others has come out of a tunnel.
    pub(super) fn out_of_tunnel(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        let from_agent = p.tunnel.is_some_and(|t| {
            cx.host.tables.away.values().any(|a| a.agent == t.source && a.registered)
        });
        if !from_agent || !p.destination.is_multicast() {
            return Handled::No;
        }
        let codes = cx.codes();
        let inner = p.octets.get(p.at..).unwrap_or_default();
        let headers = read_packet(inner, codes);
        let query =
            headers.iter().any(|h| matches!(h, Header::Icmpv6(m) if m.kind == kind::MLD_QUERY));
        if query && has(cx, &faults::IGNORES_QUERY) {
            return Handled::Yes;
        }
        if query {
            self.membership.asked = true;
            self.report_all(cx);
        } else if self.membership.groups.contains(&p.destination) {
            cx.event(format!("multicast packet from {} to {}", p.source, p.destination));
        }
        Handled::Yes
    }

    fn report_all(&mut self, cx: &mut Context<'_>) {
        let groups: Vec<Ipv6Addr> = self.membership.groups.iter().copied().collect();
        for group in groups {
            self.report(cx, group);
        }
    }

    /// Reports a membership to the home agent, RFC 2710 3: from a link-local
    /// address, with Router Alert, hop limit 1.
    fn report(&mut self, cx: &mut Context<'_>, group: Ipv6Addr) {
        let home = self.config.homes.first().copied();
        let Some(away) = home.and_then(|h| cx.host.tables.away.get(&h).copied()) else { return };
        let Some((_, interface)) = self.careof.filter(|_| away.registered) else { return };
        let Some(local) = cx.host.link_local(interface) else { return };
        let ip = Ipv6 { hop_limit: 1, ..Ipv6::new(local, group) };
        let tail = Vec::new().into();
        let body = Mld::V1 { delay: 0, reserved: 0, address: group, tail };
        let message = Icmpv6::new(kind::MLD_REPORT, Icmpv6Body::Mld(body));
        // Router Alert for Multicast Listener Discovery, and PadN.
        let alert = vec![option_kind::ROUTER_ALERT, 2, 0, 0, option_kind::PADN, 0];
        let mut headers =
            vec![Header::Ipv6(ip), Header::HopByHop(HopByHop::new(alert)), Header::Icmpv6(message)];
        if has(cx, &faults::BARES_MEMBERSHIP) {
            headers.insert(0, Header::Ipv6(Ipv6::new(away.careof, away.agent)));
            return cx.host.output(cx.now, &headers, None, None);
        }
        cx.host.enter_tunnel(cx.now, &headers, away.careof, away.agent, away.agent);
    }
}
