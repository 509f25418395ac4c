//! Links and what they do to frames.

use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;

use crate::time::Instant;

/// A link, by the order in which they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub usize);

/// How a link treats frames.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkConfig {
    /// What people call it.
    pub name: String,
    /// How long frames are under way.
    pub delay: Duration,
    /// Share of frames that are lost, 0 to 1.
    pub loss: f64,
    /// Share of frames that arrive twice, 0 to 1.
    pub duplicate: f64,
    /// Share of frames that are overtaken by those behind them, 0 to 1.
    pub reorder: f64,
    /// Octets of an IPv6 packet that it carries; longer ones are lost.
    pub mtu: usize,
    /// Frames that are lost whatever happens: the next ones.
    pub lose_next: u32,
}

impl LinkConfig {
    /// A link that carries everything in 100 microseconds.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            delay: Duration::from_micros(100),
            loss: 0.0,
            duplicate: 0.0,
            reorder: 0.0,
            mtu: 1500,
            lose_next: 0,
        }
    }
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) config: LinkConfig,
}

/// Octets of an Ethernet header.
const ETHERNET: usize = 14;

impl Link {
    pub(super) fn new(config: LinkConfig) -> Self {
        Self { config }
    }

    /// Whether a frame, from its Ethernet header on, is longer than the link takes.
    pub(super) fn is_too_long(&self, octets: &[u8]) -> bool {
        octets.len() > self.config.mtu + ETHERNET
    }

    /// When a frame arrives, each time that it does.
    pub(super) fn carry(&mut self, octets: &[u8], now: Instant, rng: &mut StdRng) -> Vec<Instant> {
        if self.is_too_long(octets) {
            return Vec::new();
        }
        let c = &mut self.config;
        if c.lose_next > 0 {
            c.lose_next -= 1;
            return Vec::new();
        }
        // Randomness is drawn for what may happen alone: an ideal link has the
        // same trace under every seed.
        let mut happens = |share: f64| share > 0.0 && rng.random_bool(share.min(1.0));
        if happens(c.loss) {
            return Vec::new();
        }
        let at = now + if happens(c.reorder) { c.delay * 3 } else { c.delay };
        if happens(c.duplicate) { vec![at, at + c.delay] } else { vec![at] }
    }
}
