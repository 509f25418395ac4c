//! Sending a Binding Update and noting it in the Binding Update List, RFC 6275
//! 11.7.1 and 11.7.2.

use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_wire::mobility::UpdateFlags;
use rand::Rng;

use super::list::{Key, Outstanding};
use super::messages::UpdateMessage;
use super::{MobileNode, faults, has};
use crate::roles::Interface;
use crate::roles::host::{Away, BindingSign, Outgoing, Sign};
use crate::roles::node::Context;

/// A Binding Update on its way.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) message: UpdateMessage,
    /// The care-of address that it is about: the home address in a deletion.
    pub(super) careof: Ipv6Addr,
    /// Source in the IPv6 header.
    pub(super) from: From,
    /// IPsec protects it as policy says.
    pub(super) protect: bool,
    /// What the authenticator is computed with.
    pub(super) key: Option<BindingKey>,
    /// Where it goes out, and the home agent's link-layer address: when returning
    /// home.
    pub(super) by: Option<(Interface, Option<[u8; 6]>)>,
}

/// Where a Binding Update comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// From the home address.
    Home,
    /// From a care-of address, with the home address in a Home Address option.
    Careof(Ipv6Addr),
    /// From a care-of address, without.
    Bare(Ipv6Addr),
}

impl MobileNode {
    /// The sequence number of the next Binding Update to a node.
    pub(super) fn next_sequence(&self, cx: &mut Context<'_>, key: Key) -> u16 {
        match self.list.sequence(key) {
            Some(last) if has(cx, &faults::REPEATS_SEQUENCE) => last,
            Some(last) => last.wrapping_add(1),
            None => self.config.first_sequence.unwrap_or_else(|| cx.host.rng.next_u32() as u16),
        }
    }

    /// Sends a Binding Update and notes it.
    pub(super) fn send_update(&mut self, cx: &mut Context<'_>, key: Key, plan: &Plan) {
        let (home, peer) = key;
        let now = cx.now;
        let m = &plan.message;
        let is_home = m.flags.contains(UpdateFlags::H);
        let Some(entry) = self.list.entry(key, now) else {
            return cx.event("the Binding Update List is full");
        };
        entry.home_agent |= is_home;
        entry.outstanding = Some(Outstanding {
            sequence: m.sequence,
            lifetime: m.lifetime,
            careof: plan.careof,
            at: now,
            link_local: m.flags.contains(UpdateFlags::L),
            key: plan.key,
        });
        let registered = entry.bound(now).is_some() || has(cx, &faults::BINDS_BEFORE_HOME);
        self.list.set_sequence(key, m.sequence);
        if is_home && m.lifetime > 0 {
            // The tunnel begins at the new care-of address from now on (RFC 6275
            // 11.6.3).
            let keeps = registered && has(cx, &faults::KEEPS_OLD_TUNNEL);
            if !keeps {
                let away = Away { agent: peer, careof: plan.careof, registered };
                cx.host.tables.away.insert(home, away);
            }
        }
        let mut p = Outgoing::new(peer, vec![m.header(cx.codes())]);
        match plan.from {
            From::Home => p.source = Some(home),
            From::Careof(careof) => {
                p.source = Some(home);
                p.careof_source = Some(careof);
            }
            From::Bare(careof) => p.source = Some(careof),
        }
        p.direct = !plan.protect;
        if let Some((interface, station)) = plan.by {
            p.interface = Some(interface);
            p.station = station;
        }
        let sign = |key| BindingSign { key, careof: plan.careof, correspondent: peer };
        p.sign = plan.key.map(|key| Sign::Binding(sign(key)));
        cx.event(format!(
            "Binding Update {} for {home} at {} to {peer}, lifetime {} s",
            m.sequence,
            plan.careof,
            u32::from(m.lifetime) * 4
        ));
        cx.send(p);
    }
}
