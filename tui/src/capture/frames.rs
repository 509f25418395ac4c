//! Where each frame is.

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
/// from 1 where people see them.
#[derive(Debug, Default)]
pub struct Frames {
    blocks: Vec<Vec<Entry>>,
}

impl Frames {
    /// How many there are.
    pub fn len(&self) -> u64 {
        match self.blocks.split_last() {
            Some((last, full)) => (full.len() * BLOCK + last.len()) as u64,
            None => 0,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The frame of an index.
    pub fn get(&self, index: u64) -> Option<&Entry> {
        let index = usize::try_from(index).ok()?;
        self.blocks.get(index / BLOCK)?.get(index % BLOCK)
    }

    /// Appends frames.
    pub fn extend(&mut self, entries: &[Entry]) {
        let mut rest = entries;
        while !rest.is_empty() {
            if self.blocks.last().is_none_or(|b| b.len() == BLOCK) {
                // The first may stay small; where there is one, there are more.
                let room = if self.blocks.is_empty() { 0 } else { BLOCK };
                self.blocks.push(Vec::with_capacity(room));
            }
            let Some(block) = self.blocks.last_mut() else { return };
            let (now, later) = rest.split_at(rest.len().min(BLOCK - block.len()));
            block.extend_from_slice(now);
            rest = later;
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
    fn times_before_1970_are_times_too() {
        let time = Timestamp { secs: -2, nanos: 999_999_999 };
        assert_eq!(Entry::new(Place::default(), time, 0).time(), time);
    }
}
