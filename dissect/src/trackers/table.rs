//! A table that forgets the oldest when it is full.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use foldhash::fast::RandomState;
use smallvec::{Array, SmallVec};

/// Appends to a short list; the first goes if there is no room.
pub(super) fn remember<A: Array>(list: &mut SmallVec<A>, item: A::Item) {
    if list.len() == list.inline_size() {
        list.remove(0);
    }
    list.push(item);
}

/// Entries by key, at most `room` of them.
#[derive(Debug)]
pub(super) struct Table<K, V> {
    entries: HashMap<K, V, RandomState>,
    /// Keys as they came.
    order: VecDeque<K>,
    room: usize,
    forgotten: u64,
}

impl<K: Clone + Eq + Hash, V: Default> Table<K, V> {
    pub(super) fn new(room: usize) -> Self {
        Self { entries: HashMap::default(), order: VecDeque::new(), room, forgotten: 0 }
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
        if self.order.len() >= self.room
            && !self.entries.contains_key(&key)
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
            self.forgotten += 1;
        }
        match self.entries.entry(key) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                self.order.push_back(entry.key().clone());
                entry.insert(V::default())
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries in the order in which they came.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.order.iter().filter_map(|k| Some((k, self.entries.get(k)?)))
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }
}
