//! The clock on the wall, as roles and cases know time.

use std::time::{Duration, Instant as Wall, SystemTime};

use mip6_dissect::capture::Timestamp;

use crate::time::Instant;

/// Time since the beginning of a run, by the clock on the wall.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began: Wall,
    /// The same on the calendar: by it the kernel says when frames came.
    date: SystemTime,
    /// Seconds of a run in a second.
    speed: u32,
}

impl Clock {
    /// A clock that begins now and goes so many times as fast as others.
    pub fn start(speed: u32) -> Self {
        Self { began: Wall::now(), date: SystemTime::now(), speed: speed.max(1) }
    }

    /// The time.
    pub fn now(&self) -> Instant {
        Instant::START + self.began.elapsed() * self.speed
    }

    /// The time of something on the calendar, not later than now.
    pub fn at(&self, date: SystemTime) -> Instant {
        let since = date.duration_since(self.date).unwrap_or_default();
        (Instant::START + since * self.speed).min(self.now())
    }

    /// How long to wait until then.
    pub fn until(&self, then: Instant) -> Duration {
        let rest = then.since(self.now());
        // Rounded up: who wakes too early only goes to sleep again.
        let nanos = rest.as_nanos().div_ceil(u128::from(self.speed));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// When it began, on the calendar.
    pub fn began(&self) -> Timestamp {
        self.date.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_waits_for_less() {
        let clock = Clock::start(20);
        let rest = clock.until(clock.now() + Duration::from_secs(2));
        assert!(rest <= Duration::from_millis(100), "{rest:?}");
        assert!(rest > Duration::from_millis(50), "{rest:?}");
        assert_eq!(clock.until(Instant::START), Duration::ZERO);
        assert!(clock.at(SystemTime::now()) <= clock.now());
    }
}
