//! Packets for mobile nodes and from them, RFC 6275 10.4.2, 10.4.5 and 10.4.6.

use std::net::Ipv6Addr;

use mip6_security::Mode;
use mip6_wire::icmpv6::{Icmpv6Body, kind};
use mip6_wire::ip::{Ipv6, proto};

use super::{HomeAgent, faults};
use crate::roles::Context;
use crate::roles::host::{Problem, Received, ends, is_link_local};

/// The least MTU of IPv6, RFC 8200 5.
const LEAST_MTU: usize = 1280;

impl HomeAgent {
    /// A packet for an address of a mobile node has been intercepted.
    pub(super) fn intercepted(&mut self, cx: &mut Context<'_>, p: &Received) {
        let to = p.destination;
        if !is_link_local(to) {
            return self.deliver(cx, to, p.octets.clone());
        }
        // Not out of the link: discarded, and its sender is told.
        if cx.host.faults.has(&faults::TUNNELS_LINK_LOCAL) {
            if let Some(home) = self.defence.sharing(to).first().copied() {
                self.deliver(cx, home, p.octets.clone());
            }
        } else if !cx.host.faults.has(&faults::SILENT_ON_LINK_LOCAL) {
            let now = cx.now;
            cx.host.problem_on(now, p.interface, &p.wire, Problem::AddressUnreachable);
        }
    }

    /// Sends a packet through the tunnel to the mobile node of a home address.
    pub(super) fn deliver(&mut self, cx: &mut Context<'_>, home: Ipv6Addr, octets: Vec<u8>) {
        if let Some(agent) = self.served.get(&home).map(|s| s.agent) {
            deliver(cx, agent, home, octets);
        }
    }

    /// A packet has come out of a tunnel and is for others.
    pub(super) fn tunnelled(&mut self, cx: &mut Context<'_>, p: &Received) {
        let Some(tunnel) = p.tunnel else { return };
        let Some(inner) = p.octets.get(p.at..) else { return };
        let faulty = cx.host.faults.clone();
        let esp = tunnel.protected.is_some_and(|p| p.mode == Mode::Tunnel);
        let home = if is_link_local(p.source) {
            // Whose it is shows by the tunnel alone (RFC 6275 10.4.3).
            self.groups.home_at(tunnel.source)
        } else {
            Some(p.source)
        };
        let binding = home.and_then(|h| cx.host.tables.registration(h));
        let known = match binding {
            Some(b) => b.careof == tunnel.source || esp || faulty.has(&faults::ANY_TUNNEL_SOURCE),
            None => faulty.has(&faults::ANY_INNER_SOURCE),
        };
        if !known {
            return cx
                .event(format!("discarded from {}: {} is not there", tunnel.source, p.source));
        }
        if let Err(why) = cx.host.admits_tunnelled(p, home.unwrap_or(p.source))
            && !faulty.has(&faults::ANY_TUNNEL_PROTECTION)
        {
            return cx.event(format!("discarded from {}: {why}", tunnel.source));
        }
        if faulty.has(&faults::NO_REVERSE_TUNNEL) {
            return;
        }
        if p.destination.is_multicast() {
            if let Some(home) = home {
                self.sent_to_group(cx, home, p, inner);
            }
            return;
        }
        // DHCPv6 and the like between link-local addresses end here (10.4.4).
        if is_link_local(p.source) || is_link_local(p.destination) {
            return;
        }
        let now = cx.now;
        if cx.host.tables.proxied.contains_key(&p.destination) {
            return self.deliver(cx, p.destination, inner.to_vec());
        }
        let mut inner = inner.to_vec();
        if faulty.has(&faults::REWRITES_SOURCE) {
            inner[8..24].copy_from_slice(&tunnel.destination.octets());
        }
        cx.host.forward(now, inner, None);
    }

    /// An ICMPv6 error about a packet that went through a tunnel: its sender
    /// inside is told (RFC 6275 9.3.4, RFC 2473 8).
    pub(super) fn relay(&mut self, cx: &mut Context<'_>, body: &Icmpv6Body<'_>, number: u8) {
        relay(cx, body, number, |home| self.served.contains_key(&home));
    }
}

/// Sends a packet through the tunnel from a home agent to the mobile node of a home
/// address.
pub(in crate::roles) fn deliver(
    cx: &mut Context<'_>,
    agent: Ipv6Addr,
    home: Ipv6Addr,
    mut octets: Vec<u8>,
) {
    let now = cx.now;
    let Some((source, _)) = ends(&octets) else { return };
    let Some(binding) = cx.host.tables.registrations.get_mut(&home).filter(|b| !b.deleted) else {
        return;
    };
    binding.used = now;
    let careof = binding.careof;
    // Own packets have not come over a hop.
    if !cx.host.has(source) {
        if octets[7] <= 1 {
            return cx.host.problem(now, &octets, Problem::HopLimit);
        }
        octets[7] -= 1;
    }
    let mtu = cx.host.path_mtu(now, careof).saturating_sub(Ipv6::OCTETS).max(LEAST_MTU);
    if octets.len() > mtu && !cx.host.faults.has(&faults::NO_TOO_BIG) {
        return cx.host.problem(now, &octets, Problem::TooBig(mtu));
    }
    if cx.host.faults.has(&faults::NO_TUNNEL) {
        return;
    }
    let near = if cx.host.faults.has(&faults::TUNNELS_AS_SENDER) { source } else { agent };
    cx.host.enter_tunnel_octets(now, &octets, near, careof, home);
}

/// An ICMPv6 error about a packet that went through a tunnel to a home address that
/// is served: its sender inside is told (RFC 6275 9.3.4, RFC 2473 8).
pub(in crate::roles) fn relay(
    cx: &mut Context<'_>,
    body: &Icmpv6Body<'_>,
    number: u8,
    serves: impl Fn(Ipv6Addr) -> bool,
) {
    let Some(quoted) = body.quoted() else { return };
    let Some((source, _)) = ends(quoted) else { return };
    let Some(at) = inside(quoted) else { return };
    let inner = quoted[at..].to_vec();
    let Some((_, destination)) = ends(&inner) else { return };
    let ours = cx.host.has(source) && serves(destination);
    if !ours || cx.host.faults.has(&faults::RELAYS_NO_ERRORS) {
        return;
    }
    let now = cx.now;
    match body {
        Icmpv6Body::PacketTooBig { mtu, .. } => {
            let len = Ipv6::OCTETS + usize::from(u16::from_be_bytes([inner[4], inner[5]]));
            let mut mtu = (*mtu as usize).saturating_sub(at).max(LEAST_MTU);
            if cx.host.faults.has(&faults::RELAYS_OUTER_MTU) {
                mtu += at;
            }
            if len > LEAST_MTU || cx.host.faults.has(&faults::RELAYS_SMALL) {
                cx.host.problem(now, &inner, Problem::TooBig(mtu));
            }
        }
        _ if matches!(
            number,
            kind::DESTINATION_UNREACHABLE | kind::TIME_EXCEEDED | kind::PARAMETER_PROBLEM
        ) =>
        {
            cx.host.problem(now, &inner, Problem::AddressUnreachable);
        }
        _ => {}
    }
}

/// Where the packet inside a tunnel packet begins; `None` where ESP hides it.
fn inside(outer: &[u8]) -> Option<usize> {
    let mut next = *outer.get(6)?;
    let mut at = Ipv6::OCTETS;
    while matches!(next, proto::HOP_BY_HOP | proto::DESTINATION_OPTIONS | proto::ROUTING) {
        next = *outer.get(at)?;
        at += (usize::from(*outer.get(at + 1)?) + 1) * 8;
    }
    (next == proto::IPV6 && at < outer.len()).then_some(at)
}
