//! Frames that go out at their times.

use std::time::{Duration, Instant};

use super::{Link, LinkError, carried};

/// A frame and when it goes out, from the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// When.
    pub at: Duration,
    /// From its Ethernet header on.
    pub octets: Vec<u8>,
}

/// Frames that go out together, if they are due.
const TOGETHER: usize = 64;

/// Sends frames at their times, or, with `rate`, so many in a second, whatever
/// their times are; `count` of them, from the beginning again where there are
/// fewer. Frames that do not fit the link are told before the first goes out. How
/// many went out, and how long that took.
pub fn play(
    link: &mut dyn Link,
    frames: &[Timed],
    rate: Option<f64>,
    count: Option<u64>,
) -> Result<(u64, Duration), LinkError> {
    let mtu = link.mtu();
    if let Some(octets) = frames.iter().map(|f| carried(&f.octets)).find(|n| *n > mtu) {
        return Err(LinkError::Long { name: link.name().to_owned(), octets, mtu });
    }
    let len = frames.len() as u64;
    let count = if frames.is_empty() { 0 } else { count.unwrap_or(len) };
    let round = frames.last().map_or(Duration::ZERO, |f| f.at);
    let nth = |n: u64| frames.get((n % len.max(1)) as usize);
    let due = |n: u64| {
        if let Some(rate) = rate {
            return Duration::try_from_secs_f64(n as f64 / rate).unwrap_or(Duration::MAX);
        }
        let rounds = u32::try_from(n / len.max(1)).unwrap_or(u32::MAX);
        let at = nth(n).map_or(Duration::ZERO, |f| f.at);
        round.saturating_mul(rounds).saturating_add(at)
    };
    let begin = Instant::now();
    let mut sent = 0;
    let mut batch: Vec<&[u8]> = Vec::with_capacity(TOGETHER);
    while sent < count {
        let wait = due(sent).saturating_sub(begin.elapsed());
        if !wait.is_zero() {
            std::thread::sleep(wait);
        }
        let now = begin.elapsed();
        batch.clear();
        for n in sent..count {
            if batch.len() == TOGETHER || !batch.is_empty() && due(n) > now {
                break;
            }
            batch.extend(nth(n).map(|f| &f.octets[..]));
        }
        sent += link.send(&batch)? as u64;
    }
    Ok((sent, begin.elapsed()))
}
