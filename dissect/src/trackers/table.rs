//! A table that forgets the oldest when it is full.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// Entries by key, at most `room` of them.
#[derive(Debug)]
pub(super) struct Table<K, V> {
    entries: HashMap<K, V>,
    /// Keys as they came.
    order: VecDeque<K>,
    room: usize,
    forgotten: u64,
}

impl<K: Clone + Eq + Hash, V: Default> Table<K, V> {
    pub(super) fn new(room: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), room, forgotten: 0 }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key)
    }

    /// The entry of a key, made if there is none; the oldest goes for it if
    /// there is no room.
    pub(super) fn entry(&mut self, key: K) -> &mut V {
        if !self.entries.contains_key(&key) {
            if self.order.len() >= self.room
                && let Some(oldest) = self.order.pop_front()
            {
                self.entries.remove(&oldest);
                self.forgotten += 1;
            }
            self.order.push_back(key.clone());
        }
        self.entries.entry(key).or_default()
    }

    /// Entries in the order in which they came.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.order.iter().filter_map(|k| Some((k, self.entries.get(k)?)))
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }
}
