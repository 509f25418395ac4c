//! Where each frame is.

use std::collections::VecDeque;

use mip6_dissect::capture::{Place, Timestamp};

/// Entries to a block: the list grows by blocks, so that nothing is copied and
/// no room kept twice as large as what it holds.
const BLOCK: usize = 1 << 14;

/// What is kept of each frame: 24 octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    offset: u64,
    /// Nanoseconds since 1970, as far as 64 bits go.
    time: i64,
    octets: u32,
    /// Index of the interface in the capture.
    pub interface: u32,
}

impl Entry {
    /// Of a frame at a place.
    pub fn new(place: Place, time: Timestamp, interface: u32) -> Self {
        let nanos = i128::from(time.secs) * 1_000_000_000 + i128::from(time.nanos);
        Self {
            offset: place.offset,
            time: nanos.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
            octets: place.octets,
            interface,
        }
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        Place { offset: self.offset, octets: self.octets }
    }

    /// When it was captured.
    pub fn time(&self) -> Timestamp {
        const SECOND: i64 = 1_000_000_000;
        Timestamp { secs: self.time.div_euclid(SECOND), nanos: self.time.rem_euclid(SECOND) as u32 }
    }
}

/// The frames known so far, in their order. Frames are counted from 0 here, and
/// from 1 where people see them. The oldest may have been let go.
#[derive(Debug, Default)]
pub struct Frames {
    /// All but the last are full.
    blocks: VecDeque<Vec<Entry>>,
    /// How many blocks have been let go.
    without: usize,
    first: u64,
    began: Option<Timestamp>,
}

impl Frames {
    /// How many there have been.
    pub fn len(&self) -> u64 {
        let before = (self.without + self.blocks.len().saturating_sub(1)) * BLOCK;
        self.blocks.back().map_or(self.first, |last| (before + last.len()) as u64)
    }

    /// Whether there has been none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Index of the first that is kept.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// How many are kept.
    pub fn kept(&self) -> u64 {
        self.len() - self.first
    }

    /// When the very first was captured.
    pub fn began(&self) -> Option<Timestamp> {
        self.began
    }

    /// The frame of an index, if it is kept.
    pub fn get(&self, index: u64) -> Option<&Entry> {
        let at = usize::try_from(index).ok().filter(|_| index >= self.first)?;
        self.blocks.get((at / BLOCK).checked_sub(self.without)?)?.get(at % BLOCK)
    }

    /// Appends frames.
    pub fn extend(&mut self, entries: &[Entry]) {
        let mut rest = entries;
        self.began = self.began.or(entries.first().map(Entry::time));
        while !rest.is_empty() {
            if self.blocks.back().is_none_or(|b| b.len() == BLOCK) {
                // The first may stay small; where there is one, there are more.
                let room = if self.blocks.is_empty() { 0 } else { BLOCK };
                self.blocks.push_back(Vec::with_capacity(room));
            }
            let Some(block) = self.blocks.back_mut() else { return };
            let (now, later) = rest.split_at(rest.len().min(BLOCK - block.len()));
            block.extend_from_slice(now);
            rest = later;
        }
    }

    /// Lets those go that are in front of the one of an index.
    pub fn let_go(&mut self, first: u64) {
        self.first = first.clamp(self.first, self.len());
        // The last block says how many there have been.
        while self.blocks.len() > 1 && ((self.without + 1) * BLOCK) as u64 <= self.first {
            self.blocks.pop_front();
            self.without += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_takes_24_octets() {
        assert_eq!(size_of::<Entry>(), 24);
    }

    #[test]
    fn frames_keep_their_order() {
        let entry = |i: u64| Entry { offset: i, time: i as i64, octets: 1, interface: 0 };
        let mut frames = Frames::default();
        assert!(frames.is_empty() && frames.get(0).is_none());
        let all: Vec<Entry> = (0..3 * BLOCK as u64 + 5).map(entry).collect();
        for part in all.chunks(7_001) {
            frames.extend(part);
        }
        assert_eq!(frames.len(), all.len() as u64);
        assert!((0..).zip(&all).all(|(i, e)| frames.get(i) == Some(e)));
        assert!(frames.get(frames.len()).is_none());
    }

    #[test]
    fn the_oldest_are_let_go() {
        let entry = |i: u64| Entry { offset: i, time: i as i64, octets: 1, interface: 0 };
        let mut frames = Frames::default();
        let mut len = 0;
        for first in [0, 1, 70, 20_000, 20_001, 100_000] {
            let more: Vec<Entry> = (len..len + 30_000).map(entry).collect();
            frames.extend(&more);
            len += 30_000;
            frames.let_go(first);
            let first = first.min(len);
            assert_eq!((frames.len(), frames.first(), frames.kept()), (len, first, len - first));
            assert!((0..first).all(|i| frames.get(i).is_none()));
            assert!((first..len).all(|i| frames.get(i) == Some(&entry(i))));
            assert!(frames.blocks.len() <= (len - first).div_ceil(BLOCK as u64) as usize + 1);
        }
        frames.let_go(5);
        assert_eq!(frames.first(), 100_000, "what has been let go stays so");
        assert_eq!(frames.began(), Some(entry(0).time()));
        frames.let_go(u64::MAX);
        assert_eq!((frames.kept(), frames.len()), (0, len));
        frames.extend(&[entry(len)]);
        assert_eq!(frames.get(len), Some(&entry(len)));
    }

    #[test]
    fn times_before_1970_are_times_too() {
        let time = Timestamp { secs: -2, nanos: 999_999_999 };
        assert_eq!(Entry::new(Place::default(), time, 0).time(), time);
    }
}
