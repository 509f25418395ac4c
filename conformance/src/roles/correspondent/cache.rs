//! Bindings of a correspondent: keeping, refreshing, ending. RFC 6275 9.1, 9.3.4,
//! 9.5.5 and 9.6.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::MhFormat;
use mip6_wire::header::{Header, read_packet};
use mip6_wire::icmpv6::{Icmpv6Body, kind};
use mip6_wire::mobility::{Message, Mobility};

use super::{Correspondent, faults};
use crate::roles::Context;
use crate::roles::host::{Binding, CacheKey, Outgoing, Received};
use crate::roles::mobility::Update;
use crate::time::Instant;

/// A binding that a packet has used within this time is in use.
const IN_USE: Duration = Duration::from_mins(1);
/// A refresh is asked for this long before the end, or at three quarters of a
/// short lifetime.
const MARGIN: Duration = Duration::from_secs(15);
/// Binding Refresh Requests for one end of a binding; each waits twice as long as
/// the one before.
const REQUESTS: u8 = 3;
/// How long the first of them waits.
const REQUEST_AGAIN: Duration = Duration::from_secs(1);
/// Destination Unreachable messages that are persistent (RFC 6275 9.3.4).
const PERSISTENT: u8 = 3;
/// Within this time.
const PERSISTENCE: Duration = Duration::from_mins(1);

/// Those that come within this time of one that counts are about the same: packets
/// that waited together, or copies of them.
const BURST: Duration = Duration::from_secs(1);

/// What a correspondent has to do later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Due {
    /// A binding ends, or what is remembered of it.
    End(CacheKey),
    /// Its mobile node is to be asked to refresh it.
    Refresh(CacheKey),
}

/// What there is to know of a binding beside the host's table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// The address that the mobile node has registered with.
    own: Ipv6Addr,
    /// Until when nonces that authorized Binding Updates are accepted: so long its
    /// sequence number is remembered (RFC 6275 5.2.8).
    proven: Instant,
    /// Binding Refresh Requests that were sent about its end.
    requests: u8,
    /// Errors that say its care-of address cannot be reached.
    unreachable: Unreachable,
}

/// Destination Unreachable messages about a care-of address.
#[derive(Clone, Copy, Debug, Default)]
struct Unreachable {
    /// How many, those of a burst counted once.
    count: u8,
    /// When the first came.
    since: Instant,
    /// When the last that counts came.
    last: Instant,
}

impl Correspondent {
    /// Keeps a binding in place of the one before.
    pub(super) fn keep(
        &mut self,
        cx: &mut Context<'_>,
        update: &Update,
        binding: Binding,
        proven: Instant,
    ) {
        let home = update.home;
        let key = cx.host.tables.key(update.correspondent, home);
        let before = self.records.get(&key).map_or(Instant::START, |r| r.proven);
        let asking = self.records.get(&key).is_some_and(|r| r.requests > 0)
            && cx.host.faults.has(&faults::KEEPS_ASKING);
        let record = Record {
            own: update.correspondent,
            proven: before.max(proven),
            requests: 0,
            unreachable: Unreachable::default(),
        };
        self.records.insert(key, record);
        cx.host.tables.bindings.insert(key, binding);
        let lifetime = binding.until.since(cx.now);
        let faults = &cx.host.faults;
        if !faults.has(&faults::NEVER_EXPIRES) {
            let early = faults.has(&faults::EXPIRES_EARLY);
            self.timers
                .set(Due::End(key), if early { cx.now + lifetime / 2 } else { binding.until });
        }
        if self.config.refresh_requests {
            let at = binding.until - MARGIN.min(lifetime / 4);
            self.timers.set(Due::Refresh(key), if asking { cx.now + REQUEST_AGAIN } else { at });
        }
        cx.event(format!(
            "binding of {home} accepted at {} for {} s",
            binding.careof,
            lifetime.as_secs()
        ));
    }

    /// Deletes a binding as its mobile node asks, RFC 6275 9.5.3.
    pub(super) fn delete(&mut self, cx: &mut Context<'_>, update: &Update, proven: Instant) {
        let key = cx.host.tables.key(update.correspondent, update.home);
        if let Some(record) = self.records.get_mut(&key) {
            record.proven = record.proven.max(proven);
        }
        if let Some(binding) = cx.host.tables.bindings.get_mut(&key) {
            binding.sequence = update.sequence;
        }
        self.retire(cx, key);
        cx.event(format!("binding of {} deleted", update.home));
    }

    /// A binding has come to its end, or what was remembered of it.
    pub(super) fn end(&mut self, cx: &mut Context<'_>, key: CacheKey) {
        if cx.host.tables.bindings.get(&key).is_some_and(|b| !b.deleted) {
            self.retire(cx, key);
            cx.event(format!("binding of {} has expired", key.1));
        } else {
            cx.host.tables.bindings.remove(&key);
            self.records.remove(&key);
        }
    }

    /// Ends a binding. Its sequence number is remembered as long as one of its
    /// nonces is accepted, so that no Binding Update can be replayed (RFC 6275
    /// 5.2.8).
    fn retire(&mut self, cx: &mut Context<'_>, key: CacheKey) {
        self.timers.clear(Due::Refresh(key));
        let proven = self.records.get(&key).map_or(cx.now, |r| r.proven);
        if proven < cx.now || cx.host.faults.has(&faults::FORGETS_DELETED) {
            self.timers.clear(Due::End(key));
            self.records.remove(&key);
            cx.host.tables.bindings.remove(&key);
            return;
        }
        if let Some(binding) = cx.host.tables.bindings.get_mut(&key) {
            binding.deleted = true;
            binding.until = proven;
        }
        // The nonce is accepted at that very instant still.
        self.timers.set(Due::End(key), proven + Duration::from_micros(1));
        self.bound(cx);
    }

    /// Keeps what is remembered of ended bindings within the room for bindings: if
    /// there is more, all nonces become invalid and it is needed no longer (RFC 6275
    /// 5.2.8).
    fn bound(&mut self, cx: &mut Context<'_>) {
        let bindings = &mut cx.host.tables.bindings;
        let deleted: Vec<CacheKey> =
            bindings.iter().filter(|(_, b)| b.deleted).map(|(k, _)| *k).collect();
        if deleted.len() <= self.config.max_bindings {
            return;
        }
        for key in deleted {
            bindings.remove(&key);
            self.records.remove(&key);
            self.timers.clear(Due::End(key));
        }
        self.nonces.invalidate();
        cx.event("too many bindings have ended: nonces are no longer accepted");
    }

    /// Whether there is room for one binding more: else the one that has not been
    /// used for longest makes room, unless it is in use (RFC 6275 9.6).
    pub(super) fn has_room(&mut self, cx: &mut Context<'_>) -> bool {
        let bindings = cx.host.tables.bindings.iter();
        let alive: Vec<(CacheKey, Instant)> =
            bindings.filter(|(_, b)| !b.deleted).map(|(key, b)| (*key, b.used)).collect();
        if alive.len() < self.config.max_bindings {
            return true;
        }
        let idle = alive.into_iter().min_by_key(|(_, used)| *used);
        let Some((key, _)) = idle.filter(|(_, used)| cx.now.since(*used) > IN_USE) else {
            return false;
        };
        self.retire(cx, key);
        cx.event(format!("binding of {} has made room", key.1));
        true
    }

    /// Asks a mobile node to refresh its binding, if that is in use.
    pub(super) fn refresh(&mut self, cx: &mut Context<'_>, key: CacheKey) {
        let binding = cx.host.tables.bindings.get(&key).filter(|b| !b.deleted).copied();
        let (Some(binding), Some(record)) = (binding, self.records.get_mut(&key)) else { return };
        let used = binding.used > binding.since && cx.now.since(binding.used) <= IN_USE
            || cx.host.faults.has(&faults::KEEPS_ASKING);
        let storm = cx.host.faults.has(&faults::REFRESH_STORM);
        if !used || record.requests >= REQUESTS && !storm {
            return;
        }
        let wait = if storm {
            REQUEST_AGAIN / 20
        } else {
            REQUEST_AGAIN * (1 << record.requests.min(REQUESTS))
        };
        record.requests = record.requests.saturating_add(1);
        self.timers.set(Due::Refresh(key), cx.now + wait);
        self.request_refresh(cx, key);
    }

    /// Sends a Binding Refresh Request: to the home address, whatever the binding
    /// says (RFC 6275 9.5.5).
    pub(super) fn request_refresh(&mut self, cx: &mut Context<'_>, key: CacheKey) {
        let Some(record) = self.records.get(&key) else { return };
        let home = key.1;
        let kind = cx.codes().mh_number(MhFormat::BindingRefreshRequest).unwrap_or_default();
        let message = Message::BindingRefreshRequest { reserved: 0 };
        let header = Header::Mobility(Mobility::new(kind, message, Vec::new()));
        if let Some(binding) = cx.host.tables.bindings.get_mut(&key) {
            binding.asked = Some(cx.now);
        }
        let out = Outgoing::new(home, vec![header]).from(record.own);
        cx.event(format!("Binding Refresh Request to {home}"));
        cx.send(out);
    }

    /// A Binding Update has come: no more requests about the end that was near.
    pub(super) fn stop_requests(&mut self, cx: &mut Context<'_>, key: CacheKey) {
        if !cx.host.faults.has(&faults::REFRESH_STORM)
            && self.records.get(&key).is_some_and(|r| r.requests > 0)
        {
            self.timers.clear(Due::Refresh(key));
        }
    }

    /// A packet has come from a care-of address: it can be reached.
    pub(super) fn heard(&mut self, key: CacheKey) {
        if let Some(record) = self.records.get_mut(&key) {
            record.unreachable = Unreachable::default();
        }
    }

    /// An ICMPv6 message: errors that persist end a binding (RFC 6275 9.3.4).
    pub(super) fn icmpv6(&mut self, cx: &mut Context<'_>, p: &Received) {
        let codes = cx.codes();
        let Some(message) = p.icmpv6(codes) else { return };
        // Who says that a port is not open has been reached.
        if message.kind != kind::DESTINATION_UNREACHABLE || message.code == 4 {
            return;
        }
        let Icmpv6Body::Error { quoted, .. } = &message.body else { return };
        let headers = read_packet(quoted, codes);
        let Some(Header::Ipv6(ip)) = headers.first() else { return };
        let home = headers.iter().find_map(|h| match h {
            Header::Routing(r) if r.kind == 2 => r.final_destination(),
            _ => None,
        });
        let Some(home) = home else { return };
        // A correspondent that is mobile itself has sent from its care-of address.
        let own = headers.iter().find_map(|h| match h {
            Header::DestinationOptions(h) => h.list().flatten().find_map(|o| o.home_address()),
            _ => None,
        });
        let own = own.unwrap_or(ip.source);
        if !cx.host.has(own) && !cx.host.is_home_address(own) {
            return;
        }
        let key = cx.host.tables.key(own, home);
        let binding = cx.host.tables.bindings.get(&key);
        let bound = binding.is_some_and(|b| !b.deleted && b.careof == ip.destination);
        let Some(record) = self.records.get_mut(&key).filter(|_| bound) else { return };
        let Unreachable { count, since, last } = record.unreachable;
        let fresh = count == 0 || cx.now.since(since) > PERSISTENCE;
        record.unreachable = if fresh {
            Unreachable { count: 1, since: cx.now, last: cx.now }
        } else if cx.now.since(last) < BURST {
            record.unreachable
        } else {
            Unreachable { count: count.saturating_add(1), since, last: cx.now }
        };
        let faulty = &cx.host.faults;
        let enough = if faulty.has(&faults::ENDS_ON_FIRST_ERROR) { 1 } else { PERSISTENT };
        if record.unreachable.count >= enough && !faulty.has(&faults::IGNORES_UNREACHABLE) {
            self.retire(cx, key);
            cx.event(format!("binding of {home} given up: {} cannot be reached", ip.destination));
        }
    }
}
