//! What a node has to do later: one table, by kind.

use std::collections::BTreeSet;
use std::hash::Hash;

use crate::roles::Table;
use crate::time::Instant;

/// Deadlines by key; each key has one at most.
#[derive(Clone, Debug)]
pub struct Timers<K> {
    by_key: Table<K, Instant>,
    by_time: BTreeSet<(Instant, K)>,
}

impl<K> Default for Timers<K> {
    fn default() -> Self {
        Self { by_key: Table::default(), by_time: BTreeSet::new() }
    }
}

impl<K: Ord + Hash + Copy> Timers<K> {
    /// Sets the deadline of a key, in place of the one it had.
    pub fn set(&mut self, key: K, at: Instant) {
        self.clear(key);
        self.by_key.insert(key, at);
        self.by_time.insert((at, key));
    }

    /// Forgets the deadline of a key.
    pub fn clear(&mut self, key: K) {
        if let Some(at) = self.by_key.remove(&key) {
            self.by_time.remove(&(at, key));
        }
    }

    /// The deadline of a key.
    pub fn get(&self, key: K) -> Option<Instant> {
        self.by_key.get(&key).copied()
    }

    /// The earliest deadline.
    pub fn next(&self) -> Option<Instant> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// Takes out a key whose deadline has come, the earliest first.
    pub fn expired(&mut self, now: Instant) -> Option<K> {
        let (at, key) = *self.by_time.first()?;
        if at > now {
            return None;
        }
        self.clear(key);
        Some(key)
    }
}
