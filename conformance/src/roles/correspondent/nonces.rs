//! Nonces and node keys, RFC 6275 5.2.1, 5.2.2 and 5.2.7.

use std::collections::VecDeque;
use std::time::Duration;

use mip6_security::mobility::NodeKey;
use rand::RngExt;
use rand::rngs::StdRng;

use super::faults;
use crate::roles::Faults;
use crate::time::Instant;

/// Nonces that are kept; more than lifetimes and periods of RFC 6275 need.
const ROOM: usize = 64;

/// A nonce, with the node key of its time: its index tells both (RFC 6275 5.2.7).
#[derive(Clone, Debug)]
pub(super) struct Nonce {
    pub(super) index: u16,
    pub(super) key: NodeKey,
    pub(super) octets: [u8; 8],
    /// When a token was first made of it.
    first_used: Instant,
}

/// The nonces of a correspondent, the newest last.
#[derive(Clone, Debug)]
pub(super) struct Nonces {
    /// How long tokens are made of one.
    period: Duration,
    /// How long tokens made of one are accepted, from the first on.
    lifetime: Duration,
    last: Option<u16>,
    kept: VecDeque<Nonce>,
}

impl Nonces {
    pub(super) fn new(period: Duration, lifetime: Duration) -> Self {
        Self { period, lifetime, last: None, kept: VecDeque::new() }
    }

    /// The nonce to make a token of: made when it is needed, and not anew for every
    /// request (RFC 6275 5.2.7 and 9.4.1).
    pub(super) fn current(
        &mut self,
        now: Instant,
        rng: &mut StdRng,
        faults: &Faults,
    ) -> Option<&Nonce> {
        self.discard(now, faults);
        let old = |n: &Nonce| now.since(n.first_used) >= self.period;
        if self.kept.back().is_none_or(old) || faults.has(&faults::NONCE_PER_REQUEST) {
            // Indices go round; 0 is left out, since RFC 4866 gives it a meaning.
            let step = u16::from(!faults.has(&faults::REUSES_INDEX));
            let next = |i: u16| i.wrapping_add(step);
            let index = self.last.map_or_else(|| rng.random(), next).max(1);
            self.last = Some(index);
            if self.kept.len() >= ROOM {
                self.kept.pop_front();
            }
            let key = NodeKey::new(rng.random());
            self.kept.push_back(Nonce { index, key, octets: rng.random(), first_used: now });
        }
        self.kept.back()
    }

    /// The nonce of an index, if that is still accepted.
    pub(super) fn get(&mut self, now: Instant, index: u16, faults: &Faults) -> Option<&Nonce> {
        self.discard(now, faults);
        let found = self.kept.iter().position(|n| n.index == index);
        let any = faults.has(&faults::ACCEPTS_UNKNOWN_INDEX);
        let found = found.or_else(|| self.kept.len().checked_sub(1).filter(|_| any));
        self.kept.get(found?)
    }

    /// Until when a nonce is accepted.
    pub(super) fn until(&self, nonce: &Nonce) -> Instant {
        nonce.first_used + self.lifetime
    }

    /// How long a nonce is accepted.
    pub(super) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Accepts none of the nonces any longer (RFC 6275 5.2.8).
    pub(super) fn invalidate(&mut self) {
        self.kept.clear();
    }

    fn discard(&mut self, now: Instant, faults: &Faults) {
        if faults.has(&faults::ENDLESS_NONCES) {
            return;
        }
        let short = faults.has(&faults::SHORT_NONCES);
        let lifetime = if short { self.lifetime / 4 } else { self.lifetime };
        while self.kept.front().is_some_and(|n| now.since(n.first_used) > lifetime) {
            self.kept.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_nonce_lives_for_240_s_and_serves_for_30() {
        let mut rng = StdRng::seed_from_u64(1);
        let none = Faults::none();
        let mut nonces = Nonces::new(Duration::from_secs(30), Duration::from_secs(240));
        let at = |s| Instant::START + Duration::from_secs(s);
        let first = nonces.current(at(0), &mut rng, &none).unwrap().index;
        assert_eq!(nonces.current(at(29), &mut rng, &none).unwrap().index, first);
        assert_ne!(nonces.current(at(30), &mut rng, &none).unwrap().index, first);
        assert!(nonces.get(at(240), first, &none).is_some());
        assert!(nonces.get(at(241), first, &none).is_none());
    }

    #[test]
    fn indices_go_round_and_room_is_bounded() {
        let mut rng = StdRng::seed_from_u64(2);
        let faults = Faults::none().with(&faults::NONCE_PER_REQUEST);
        let mut nonces = Nonces::new(Duration::from_secs(30), Duration::from_secs(240));
        let mut last = None;
        for _ in 0..70_000 {
            let index = nonces.current(Instant::START, &mut rng, &faults).unwrap().index;
            assert_ne!(index, 0);
            let next = |l: u16| l.wrapping_add(1).max(1);
            assert!(last.is_none_or(|l| next(l) == index));
            last = Some(index);
        }
        assert_eq!(nonces.kept.len(), ROOM);
    }
}
