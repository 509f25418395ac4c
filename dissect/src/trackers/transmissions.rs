//! Retransmission: the first interval, and its doubling. RFC 6275 11.8.

use super::time::{SECOND, tolerance};
use crate::rules::id::MIP6_TMR_004;
use crate::rules::{Judge, Level, Req, Undecided};

/// `MAX_BINDACK_TIMEOUT`, RFC 6275 12.
const MAX_TIMEOUT: i64 = 32 * SECOND;

/// Transmissions of one message without an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transmissions {
    /// From the last transmission to this one, in nanoseconds.
    pub(super) gap: i64,
    /// From the one before to the last, if that was one of the same message.
    pub(super) before: Option<i64>,
    /// Answers of the same node were captured: if this message had one, it
    /// would have been captured as well.
    pub(super) answers_show: bool,
}

/// What the first interval is to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Initial {
    /// Its requirement.
    pub(super) requirement: Req,
    /// The least that it may be, in nanoseconds.
    pub(super) least: i64,
    /// The most that it may be.
    pub(super) most: i64,
}

impl Transmissions {
    /// Judges a retransmission by its first interval, or by doubling the one before,
    /// up to `MAX_BINDACK_TIMEOUT`.
    pub(super) fn judge(self, j: &mut Judge<'_, '_>, first: Initial) {
        let (r, least, most) = match self.before {
            None => (first.requirement, first.least, first.most),
            Some(before) => {
                let wanted = before.saturating_mul(2).min(MAX_TIMEOUT);
                (MIP6_TMR_004, wanted, wanted)
            }
        };
        // Behind the longest interval there is a message of its own.
        if self.gap > MAX_TIMEOUT + tolerance(MAX_TIMEOUT) {
            return;
        }
        if !self.answers_show {
            // It may have been answered, and be another message.
            return j.undecided(r, Undecided::OneWay);
        }
        let early = self.gap < least - tolerance(least);
        let late = self.gap > most + tolerance(most);
        // Late by what a transmission takes that was not captured.
        let lost = late && {
            let skipped = least.saturating_add(least.saturating_mul(2).min(MAX_TIMEOUT));
            (self.gap - skipped).abs() <= tolerance(skipped)
        };
        if lost {
            return j.undecided(r, Undecided::Lost);
        }
        j.holds(r, !early && !late, |d| {
            // To be late is to be slow to recover, and harms nobody else.
            let d = if late { d.level(Level::Should.min(r.get().level.severity())) } else { d };
            let milliseconds = |t: i64| t / 1_000_000;
            let wanted = if least == most {
                format!("{} ms", milliseconds(least))
            } else {
                format!("{} to {} ms", milliseconds(least), milliseconds(most))
            };
            let behind = match self.before {
                None => String::new(),
                Some(before) => format!(" behind one of {} ms", milliseconds(before)),
            };
            d.found(format!("sent again after {} ms{behind}", milliseconds(self.gap)))
                .wanted(format!("again after {wanted} without an answer"))
        });
    }
}
