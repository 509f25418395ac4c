//! Spans of time between packets, in nanoseconds, and how to know one again.

use std::hash::BuildHasher;

use crate::capture::Timestamp;
use crate::rules::{Judge, Undecided};

pub(super) const SECOND: i64 = 1_000_000_000;
/// Within this, the same message is the same packet seen twice, on its way in
/// and out of a router.
pub(super) const TWICE: i64 = SECOND / 5;
/// `MAX_BINDACK_TIMEOUT` (RFC 6275 12) and some: nobody waits longer for an
/// answer.
pub(super) const PATIENCE: i64 = 40 * SECOND;

/// How much a span may differ from the one it should be: clocks and schedulers
/// are coarse, and the point of capture is not the node.
pub(super) fn tolerance(span: i64) -> i64 {
    (span / 10).max(SECOND / 20)
}

/// Time from one packet to a later one.
#[inline]
pub(super) fn nanos(later: Timestamp, earlier: Timestamp) -> i64 {
    instant(later).saturating_sub(instant(earlier))
}

/// A point in time in half the room. Times so far off that sums of them would not
/// fit, which only damage makes, are brought back.
#[inline]
pub(super) fn instant(t: Timestamp) -> i64 {
    const FAR: i64 = i64::MAX / 4;
    t.secs.saturating_mul(SECOND).saturating_add(i64::from(t.nanos)).clamp(-FAR, FAR)
}

/// When the packet that is judged was captured.
#[inline]
pub(super) fn now(j: &Judge<'_, '_>) -> i64 {
    instant(j.packet.frame.time)
}

/// Why what a packet answers may not have been captured; `known`, whether
/// anything was captured from the node that it answers.
pub(super) fn unseen(j: &Judge<'_, '_>, known: bool) -> Undecided {
    if nanos(j.packet.frame.time, j.packet.first) < PATIENCE {
        Undecided::Late
    } else if known {
        Undecided::Lost
    } else {
        Undecided::OneWay
    }
}

/// What octets are known again by.
pub(super) fn digest(octets: &[u8]) -> u64 {
    foldhash::fast::FixedState::with_seed(0).hash_one(octets)
}
