//! A table that forgets the oldest when it is full.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use smallvec::{Array, SmallVec};

/// Appends to a short list; the first goes if there is no room.
pub(super) fn remember<A: Array>(list: &mut SmallVec<A>, item: A::Item) {
    if list.len() == list.inline_size() {
        list.remove(0);
    }
    list.push(item);
}

/// Entries to a chunk: the table grows by chunks, so that nothing is copied and
/// no room kept twice as large as what it holds.
const CHUNK: u32 = 256;

/// Entries by key, at most `room` of them. Each has a number, in the order in
/// which they came; the index keeps numbers alone.
#[derive(Debug)]
pub(super) struct Table<K, V> {
    index: HashTable<u32>,
    chunks: VecDeque<Vec<Entry<K, V>>>,
    /// Numbers of the oldest entry and of the next to come.
    first: u32,
    next: u32,
    room: usize,
    forgotten: u64,
    hasher: RandomState,
}

/// A key, and what is kept of it right behind: whoever looks at one wants the
/// other.
#[derive(Debug)]
#[repr(C)]
struct Entry<K, V> {
    key: K,
    value: V,
}

/// The number of an entry, which finds it without its key as long as it is
/// remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number(u32);

/// Where an entry stands.
fn place(number: u32, first: u32) -> (usize, usize) {
    let chunk = (number / CHUNK).wrapping_sub(first / CHUNK) % (u32::MAX / CHUNK + 1);
    (chunk as usize, (number % CHUNK) as usize)
}

impl<K: Eq + Hash, V: Default> Table<K, V> {
    pub(super) fn new(room: usize) -> Self {
        Self {
            index: HashTable::new(),
            chunks: VecDeque::new(),
            first: 0,
            next: 0,
            room,
            forgotten: 0,
            hasher: RandomState::default(),
        }
    }

    /// The number of a key's entry.
    pub(super) fn number(&self, key: &K) -> Option<Number> {
        self.find(key).map(Number)
    }

    /// The key and the entry of a number; `None` if it has been forgotten.
    pub(super) fn at(&self, number: Number) -> Option<(&K, &V)> {
        let back = self.next.wrapping_sub(number.0);
        if back == 0 || back > self.next.wrapping_sub(self.first) {
            return None;
        }
        let (chunk, at) = place(number.0, self.first);
        let entry = &self.chunks[chunk][at];
        Some((&entry.key, &entry.value))
    }

    /// The entry of a number, to be changed.
    pub(super) fn at_mut(&mut self, number: Number) -> Option<&mut V> {
        self.at(number)?;
        let (chunk, at) = place(number.0, self.first);
        Some(&mut self.chunks[chunk][at].value)
    }

    #[inline]
    fn find(&self, key: &K) -> Option<u32> {
        // Most captures have nothing for most tables.
        if self.index.is_empty() {
            return None;
        }
        self.search(key)
    }

    fn search(&self, key: &K) -> Option<u32> {
        let (chunks, first) = (&self.chunks, self.first);
        let is = |number: &u32| {
            let (chunk, at) = place(*number, first);
            chunks[chunk][at].key == *key
        };
        self.index.find(self.hasher.hash_one(key), is).copied()
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let (chunk, at) = place(self.find(key)?, self.first);
        Some(&self.chunks[chunk][at].value)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.at_mut(self.number(key)?)
    }

    /// The entry of a key, made if there is none; the oldest goes for it if
    /// there is no room.
    pub(super) fn entry(&mut self, key: K) -> &mut V {
        self.numbered(key).1
    }

    /// The entry of a key, likewise, and its number.
    pub(super) fn numbered(&mut self, key: K) -> (Number, &mut V) {
        let number = match self.find(&key) {
            Some(number) => number,
            None => self.insert(key),
        };
        let (chunk, at) = place(number, self.first);
        (Number(number), &mut self.chunks[chunk][at].value)
    }

    fn insert(&mut self, key: K) -> u32 {
        if self.index.len() >= self.room {
            self.forget_oldest();
        }
        let number = self.next;
        if number.is_multiple_of(CHUNK) {
            // The first may stay small; where there is one, there are more.
            let room = if self.chunks.is_empty() { 0 } else { CHUNK as usize };
            self.chunks.push_back(Vec::with_capacity(room));
        }
        let hash = self.hasher.hash_one(&key);
        if let Some(chunk) = self.chunks.back_mut() {
            chunk.push(Entry { key, value: V::default() });
        }
        self.next = self.next.wrapping_add(1);
        let (chunks, first, hasher) = (&self.chunks, self.first, &self.hasher);
        self.index.insert_unique(hash, number, |n| {
            let (chunk, at) = place(*n, first);
            hasher.hash_one(&chunks[chunk][at].key)
        });
        number
    }

    fn forget_oldest(&mut self) {
        let oldest = self.first;
        let (chunk, at) = place(oldest, oldest);
        let hash = self.hasher.hash_one(&self.chunks[chunk][at].key);
        if let Ok(entry) = self.index.find_entry(hash, |n| *n == oldest) {
            entry.remove();
        }
        self.first = self.first.wrapping_add(1);
        if self.first.is_multiple_of(CHUNK) {
            self.chunks.pop_front();
        }
        self.forgotten += 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Entries in the order in which they came.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let gone = (self.first % CHUNK) as usize;
        self.chunks.iter().flatten().skip(gone).map(|e| (&e.key, &e.value))
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a list that is searched from end to end.
        #[test]
        fn the_oldest_goes_first(
            keys in prop::collection::vec(0u16..900, 0..2000),
            room in 1usize..700,
            start in prop_oneof![Just(0u32), Just(u32::MAX - 300)],
        ) {
            let start = start / CHUNK * CHUNK;
            let mut table = Table::<u16, u32>::new(room);
            (table.first, table.next) = (start, start);
            let mut model: Vec<(u16, u32)> = Vec::new();
            let mut forgotten = 0;
            let mut numbers = Vec::new();
            for key in keys {
                let (number, count) = table.numbered(key);
                *count += 1;
                numbers.push((key, number));
                if let Some((_, n)) = model.iter_mut().find(|(k, _)| *k == key) {
                    *n += 1;
                    continue;
                }
                if model.len() == room {
                    model.remove(0);
                    forgotten += 1;
                }
                model.push((key, 1));
            }
            prop_assert_eq!(table.forgotten(), forgotten);
            prop_assert!(table.iter().map(|(k, v)| (*k, *v)).eq(model.iter().copied()));
            // A number finds its own entry, or none.
            for (key, number) in numbers {
                if let Some((of, found)) = table.at(number) {
                    prop_assert_eq!((*of, Some(found)), (key, table.get(&key)));
                }
            }
            for key in 0..900 {
                let wanted = model.iter().find(|(k, _)| *k == key).map(|(_, n)| n);
                prop_assert_eq!(table.get(&key), wanted);
                let number = table.number(&key);
                prop_assert_eq!(number.and_then(|n| table.at(n)).map(|(_, n)| n), wanted);
            }
        }
    }
}
