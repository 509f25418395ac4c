//! Retransmissions that wait twice as long each time.

use super::time::{TWICE, nanos, tolerance};
use crate::capture::Timestamp;
use crate::rules::{Judge, Req, Undecided};

/// The retransmissions of one message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    last: Timestamp,
    /// How long the next retransmission has to wait.
    wait: i64,
    /// Retransmissions so far.
    count: u32,
}

impl Backoff {
    /// A message sent for the first time, to be sent again after `wait`.
    pub(super) fn new(time: Timestamp, wait: i64) -> Self {
        Self { last: time, wait, count: 0 }
    }

    /// The message again. Says which retransmission it is; `None` for the same
    /// packet seen twice.
    pub(super) fn again(&mut self, time: Timestamp) -> Option<u32> {
        if nanos(time, self.last) < TWICE {
            return None;
        }
        self.count += 1;
        Some(self.count)
    }

    /// Judges whether the retransmission waited long enough, and whether it is
    /// one of at most `most`; waits do not grow beyond `cap`. In a wait that is too
    /// long, others may have been lost, and it cannot be judged; but the first may
    /// take its time. As waits only grow, what is known of them remains the least.
    pub(super) fn judge(
        &mut self,
        j: &mut Judge<'_, '_>,
        r: Req,
        most: Option<u32>,
        cap: Option<i64>,
    ) {
        let time = j.packet.frame.time;
        let (gap, wait, count) = (nanos(time, self.last), self.wait, self.count);
        self.last = time;
        if let Some(most) = most.filter(|m| count > *m) {
            j.holds(r, false, |d| {
                d.found(format!("retransmission {count}")).wanted(format!("at most {most}"))
            });
            return;
        }
        if count > 1 && gap > wait + tolerance(wait) {
            return j.undecided(r, Undecided::Lost);
        }
        let enough = gap >= wait - tolerance(wait);
        j.holds(r, enough, |d| {
            d.found(format!("retransmission {count} after {} ms", gap / 1_000_000))
                .wanted(format!("after {} ms", wait / 1_000_000))
        });
        // By the specification the next wait is twice this one, as it was.
        let next = if enough { wait } else { gap }.saturating_mul(2);
        self.wait = cap.map_or(next, |c| next.min(c));
    }
}
