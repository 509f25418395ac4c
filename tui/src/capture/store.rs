//! The octets of a capture, whoever reads them: a file, or a ring in a file, in
//! which the newest octets take the place of the oldest.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Parts of a ring: so much of it is let go at once.
const PARTS: u64 = 16;
/// Octets of the smallest ring: a part of it has room for any frame.
pub const SMALLEST: u64 = PARTS << 19;

/// The octets of a capture, by where they stand in it. Those of a ring stand
/// where they would stand if nothing had been let go.
#[derive(Debug)]
pub struct Store {
    file: File,
    ring: Option<Ring>,
}

/// A ring: behind a head that stays, octet `i` stands at `i` modulo `room`.
#[derive(Debug)]
struct Ring {
    head: u64,
    room: u64,
    held: Mutex<Held>,
}

/// What a ring holds.
#[derive(Debug)]
struct Held {
    start: Start,
    /// Where what has been written ends.
    end: u64,
    /// Where parts begin that may be the first to be kept, in order.
    parts: VecDeque<Start>,
}

/// The oldest frame that is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// Its index.
    pub frame: u64,
    /// Where it is.
    pub offset: u64,
}

impl Store {
    /// Of a file as it is.
    pub fn new(file: File) -> Self {
        Self { file, ring: None }
    }

    /// A ring in an empty file, of at most `limit` octets with its head; it is
    /// never smaller than 8 MiB.
    pub fn ring(file: File, head: &[u8], limit: u64) -> io::Result<Self> {
        file.write_all_at(head, 0)?;
        let end = head.len() as u64;
        let start = Start { frame: 0, offset: end };
        let held = Held { start, end, parts: VecDeque::new() };
        let room = limit.max(SMALLEST) - end;
        Ok(Self { file, ring: Some(Ring { head: end, room, held: Mutex::new(held) }) })
    }

    /// The file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The oldest frame that is kept; of a file, the beginning.
    pub fn start(&self) -> Start {
        self.ring.as_ref().map_or_else(Start::default, |ring| ring.held().start)
    }

    /// Octets that stay whatever is let go.
    pub(super) fn head(&self) -> u64 {
        self.ring.as_ref().map_or(0, |ring| ring.head)
    }

    /// Octets of a part of a ring: no more than that is appended at once.
    pub fn part(&self) -> u64 {
        self.ring.as_ref().map_or(u64::MAX, |ring| ring.room / PARTS)
    }

    /// Reads octets at a place; fewer than there is room for, if there are no more.
    /// Fails if they have been let go.
    pub(super) fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        match &self.ring {
            None => self.file.read_at(buffer, at),
            Some(ring) => ring.read_at(&self.file, buffer, at),
        }
    }

    /// Reads as many octets as there is room for.
    pub(super) fn read_exact_at(&self, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
        while !buffer.is_empty() {
            let n = self.read_at(buffer, at)?;
            if n == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            buffer = buffer.get_mut(n..).unwrap_or_default();
            at += n as u64;
        }
        Ok(())
    }

    /// Makes room for `octets` more, the first of them of the frame of an index.
    /// The oldest frame that is kept then, if that is not the one before.
    pub fn make_room(&self, frame: u64, octets: u64) -> Option<Start> {
        let ring = self.ring.as_ref()?;
        let mut held = ring.held();
        let last = held.parts.back().map_or(held.start.offset, |p| p.offset);
        if held.end >= last + ring.room / PARTS {
            let part = Start { frame, offset: held.end };
            held.parts.push_back(part);
        }
        let before = held.start;
        while held.end + octets > held.start.offset + ring.room {
            held.start = held.parts.pop_front()?;
        }
        (held.start != before).then_some(held.start)
    }

    /// Writes octets behind all others, for which room has been made.
    pub fn append(&self, octets: &[u8]) -> io::Result<()> {
        let Some(ring) = &self.ring else {
            return io::Write::write_all(&mut &self.file, octets);
        };
        let mut at = ring.held().end;
        let mut rest = octets;
        while !rest.is_empty() {
            let (place, room) = ring.place(at);
            let (now, later) = rest.split_at(rest.len().min(room as usize));
            self.file.write_all_at(now, place)?;
            at += now.len() as u64;
            rest = later;
        }
        ring.held().end = at;
        Ok(())
    }
}

impl Ring {
    fn held(&self) -> MutexGuard<'_, Held> {
        // Numbers are whole, whoever has panicked.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where in the file an octet stands, and how many stand there in a row.
    fn place(&self, at: u64) -> (u64, u64) {
        if at < self.head {
            return (at, self.head - at);
        }
        let into = (at - self.head) % self.room;
        (self.head + into, self.room - into)
    }

    fn read_at(&self, file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let (place, room) = self.place(at);
        let room = room.min(self.held().end.saturating_sub(at));
        let len = buffer.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        let n = file.read_at(buffer.get_mut(..len).unwrap_or_default(), place)?;
        // Room is made before anything is written there: if these octets are still
        // kept, they are what they were.
        if at >= self.head && at < self.held().start.offset {
            return Err(io::Error::other("these octets have been let go"));
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of a number.
    fn frame(number: u64, octets: u64) -> Vec<u8> {
        let mut frame = vec![number as u8; octets as usize];
        frame[..8].copy_from_slice(&number.to_be_bytes());
        frame
    }

    #[test]
    fn the_newest_take_the_place_of_the_oldest() {
        let store = Store::ring(tempfile::tempfile().unwrap(), b"head", 0).unwrap();
        let mut places = Vec::new();
        let mut end = 4;
        let mut let_go = 0;
        for number in 0..900u64 {
            let octets = 20_000 + number * 37 % 9_000;
            if let Some(start) = store.make_room(number, octets) {
                assert!(start.frame > let_go);
                let_go = start.frame;
            }
            store.append(&frame(number, octets)).unwrap();
            places.push((end, octets));
            end += octets;
            assert!(store.file().metadata().unwrap().len() <= SMALLEST);
            let kept: u64 = places[let_go as usize..].iter().map(|(_, n)| n).sum();
            assert!(kept <= SMALLEST && (let_go == 0 || kept > SMALLEST / 10 * 9), "{kept}");
        }
        let start = store.start();
        assert_eq!((start.frame, start.offset), (let_go, places[let_go as usize].0));
        let mut head = [0; 4];
        store.read_exact_at(&mut head, 0).unwrap();
        assert_eq!(&head, b"head");
        for (number, (at, octets)) in (0..).zip(places) {
            let mut read = vec![0; octets as usize];
            let there = store.read_exact_at(&mut read, at);
            assert_eq!(there.is_ok(), number >= let_go, "{number}");
            assert!(there.is_err() || read == frame(number, octets), "{number}");
        }
        assert_eq!(store.read_at(&mut [0; 9], end).unwrap(), 0, "nothing is read twice");
    }

    #[test]
    fn a_file_is_what_it_is() {
        let store = Store::new(tempfile::tempfile().unwrap());
        assert_eq!(store.make_room(0, 1 << 40), None);
        store.append(b"octets").unwrap();
        let mut read = [0; 9];
        assert_eq!(store.read_at(&mut read, 2).unwrap(), 4);
        assert_eq!((&read[..4], store.start()), (&b"tets"[..], Start::default()));
    }
}
