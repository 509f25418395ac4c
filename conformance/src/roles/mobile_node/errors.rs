//! ICMPv6 errors and Binding Errors, RFC 6275 11.3.5 and 11.3.6.

use std::net::Ipv6Addr;

use mip6_wire::header::{Header, read_packet};

use super::list::{Goal, Key};
use super::{Location, MobileNode, faults, has};
use crate::roles::host::Received;
use crate::roles::node::Context;

impl MobileNode {
    /// A Parameter Problem has come in. Code 1 in answer to a Mobility Header: its
    /// destination knows nothing of mobility.
    pub(super) fn parameter_problem(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        code: u8,
        quoted: &[u8],
    ) {
        let headers = read_packet(quoted, cx.codes());
        let Some(Header::Ipv6(ip)) = headers.first() else { return };
        let peer = ip.destination;
        let mobility = headers.iter().any(|h| matches!(h, Header::Mobility(_)));
        if code == 2 {
            cx.event(format!("{} does not know an option that was sent to {peer}", p.source));
            if !has(cx, &faults::STOPS_ON_OPTION_PROBLEM) {
                return;
            }
            for key in self.with_peer(peer) {
                self.bar(cx, key);
            }
            return;
        }
        if code != 1 || !mobility || has(cx, &faults::IGNORES_PARAMETER_PROBLEM) {
            return;
        }
        let automatic = self.automatic();
        let keys = self.with_peer(peer);
        if keys.is_empty()
            && has(cx, &faults::BINDS_ON_ERROR)
            && let Some(home) = self.config.homes.first().copied()
        {
            return self.optimize(cx, (home, peer), Goal::Bind);
        }
        for key in keys {
            let Some(entry) = self.list.get(key) else { continue };
            if !entry.expects() {
                continue;
            }
            let home_agent = entry.home_agent;
            cx.event(format!("{peer} does not know the Mobility Header"));
            if home_agent {
                if automatic {
                    self.home_refused(cx, key, 133);
                }
            } else {
                self.bar(cx, key);
            }
        }
    }

    /// Entries of a node.
    fn with_peer(&self, peer: Ipv6Addr) -> Vec<Key> {
        self.list.iter().filter(|((_, p), _)| *p == peer).map(|(k, _)| k).collect()
    }

    /// A Binding Error has come in.
    pub(super) fn binding_error(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        status: u8,
        home: Ipv6Addr,
        reserved: u8,
    ) {
        if reserved != 0 && has(cx, &faults::CHECKS_RESERVED) {
            return;
        }
        // Of an unknown type the home address is not told: any entry of the node.
        let known = |key: &Key| key.0 == home || status == 2;
        let mut keys: Vec<Key> = self.with_peer(p.source).into_iter().filter(known).collect();
        if keys.is_empty() && has(cx, &faults::BELIEVES_STRANGER) {
            keys = self.list.iter().filter(|(_, e)| !e.home_agent).map(|(k, _)| k).collect();
        }
        for key in keys {
            let Some(entry) = self.list.get(key) else { continue };
            let (home_agent, expects) = (entry.home_agent, entry.expects());
            match status {
                1 => {
                    cx.event(format!("{} has no binding of {}", key.1, key.0));
                    self.without_binding_at(cx, key, home_agent);
                }
                2 if expects && !home_agent && !has(cx, &faults::IGNORES_UNRECOGNIZED)
                    || !home_agent && has(cx, &faults::OBEYS_UNEXPECTED) =>
                {
                    cx.event(format!("{} does not know a message: no route optimization", key.1));
                    self.bar(cx, key);
                }
                _ => {}
            }
        }
    }

    /// A node has no binding, though it should.
    fn without_binding_at(&mut self, cx: &mut Context<'_>, key: Key, home_agent: bool) {
        if home_agent {
            let away = self.location == Location::Away;
            // One Binding Update is enough, however often it is told.
            let under_way = self.list.get(key).is_some_and(|e| e.outstanding.is_some());
            let wanted = self.automatic() && away && !under_way;
            if wanted && !has(cx, &faults::IGNORES_AGENT_ERROR) {
                if let Some(entry) = self.list.get_mut(key) {
                    entry.binding = None;
                }
                self.without_binding(cx, key.0);
                self.register(cx, key.0);
            }
        } else if !has(cx, &faults::IGNORES_BINDING_ERROR) {
            self.stop_correspondent(cx, key);
            self.timers.clear(super::Task::Expiry(key));
            self.list.remove(key);
        }
    }
}
