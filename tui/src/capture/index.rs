//! The thread that reads a capture once, from its beginning to its end and
//! beyond: a file that grows is followed.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::Duration;

use mip6_dissect::capture::{Capture, CaptureError, Places};

use super::input::{At, Gone, Spool, Stream};
use super::{Entry, Opened};

/// Frames that are told of at once, but for the first.
const BATCH: usize = 1 << 13;
/// Frames that make a first screen.
const FIRST: usize = 256;
/// How often the end of a file is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// What the thread tells.
#[derive(Debug)]
pub enum IndexNews {
    /// Frames, in order, and what reads them, if that has changed.
    Frames(Vec<Entry>, Option<Places>),
    /// Frames in front of the one of this index are not kept any more.
    LetGo(u64),
    /// Frames a second that come, and how many were lost so far.
    Live {
        /// Frames a second.
        rate: u64,
        /// Frames.
        dropped: u64,
        /// The interface is down.
        down: bool,
    },
    /// There is no more for now; this many octets of a record are there.
    CaughtUp(u64),
    /// The file is not what it was.
    Gone(Gone),
    /// There will be no more, for this reason if it is not the end.
    Ended(Option<String>),
}

/// Starts the thread. `stop` ends it.
pub fn start(
    opened: &mut Opened,
    tell: impl Fn(IndexNews) + 'static + Send,
    stop: Arc<AtomicBool>,
) -> JoinHandle<()> {
    let (file, path) = (Arc::clone(&opened.file), opened.path.clone());
    let stream = opened.stream.take();
    spawn(move || {
        let batch = Rc::new(RefCell::new(Batch::new(tell)));
        let end = match (stream, path) {
            #[cfg(any(feature = "libpcap", test))]
            (Some(Stream::Live(live)), _) => live.read(&mut batch.borrow_mut(), &stop),
            (Some(Stream::Octets(stream)), _) => Spool::new(stream, &file)
                .map_err(|source| CaptureError::Read { at: 0, source })
                .and_then(|spool| read(spool, &batch, &stop)),
            (None, Some(path)) => {
                let at = At::new(&file);
                let (batch, stop) = (Rc::clone(&batch), Arc::clone(&stop));
                let look = move |read| Opened::gone(&path, file.file(), read);
                let tail = Tail {
                    at,
                    look,
                    batch: Rc::clone(&batch),
                    stop: Arc::clone(&stop),
                    gone: None,
                };
                read(tail, &batch, &stop)
            }
            (None, None) => read(At::new(&file), &batch, &stop),
        };
        let mut batch = batch.borrow_mut();
        batch.flush();
        (batch.tell)(IndexNews::Ended(end.err().map(|e| e.to_string())));
    })
}

fn read<T: Fn(IndexNews)>(
    reader: impl Read + 'static,
    batch: &Rc<RefCell<Batch<T>>>,
    stop: &AtomicBool,
) -> Result<(), CaptureError> {
    let mut capture = Capture::from_reader(reader)?;
    capture.keep_places();
    let mut places: Option<Places> = None;
    while !stop.load(Ordering::Relaxed) {
        let Some(frame) = capture.next_frame()? else { break };
        let (time, interface) = (frame.time, frame.interface);
        let entry = Entry::new(capture.place(), time, interface);
        let mut batch = batch.borrow_mut();
        if !places.as_ref().is_some_and(|p| capture.covers(p)) {
            places = capture.places();
            batch.places.clone_from(&places);
        }
        batch.push(entry, capture.position());
    }
    Ok(())
}

/// Frames that have not been told of yet.
pub(super) struct Batch<T> {
    pub(super) entries: Vec<Entry>,
    pub(super) places: Option<Places>,
    /// How many make a batch.
    room: usize,
    /// Where the frames read so far end.
    end: u64,
    pub(super) tell: T,
}

impl<T: Fn(IndexNews)> Batch<T> {
    fn new(tell: T) -> Self {
        Self { entries: Vec::new(), places: None, room: FIRST, end: 0, tell }
    }

    fn push(&mut self, entry: Entry, end: u64) {
        self.entries.push(entry);
        self.end = end;
        if self.is_full() {
            self.flush();
        }
    }

    /// Whether it is time to tell.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= self.room
    }

    pub(super) fn flush(&mut self) {
        if !self.entries.is_empty() {
            let entries = std::mem::take(&mut self.entries);
            (self.tell)(IndexNews::Frames(entries, self.places.take()));
            self.room = BATCH;
        }
    }
}

/// Reads a file and waits at its end for more.
struct Tail<T, L> {
    at: At,
    look: L,
    batch: Rc<RefCell<Batch<T>>>,
    stop: Arc<AtomicBool>,
    /// What was last told of it.
    gone: Option<Gone>,
}

impl<T: Fn(IndexNews), L: Fn(u64) -> Option<Gone>> Read for Tail<T, L> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut waiting = false;
        loop {
            let n = self.at.read(buffer)?;
            if n > 0 || buffer.is_empty() || self.stop.load(Ordering::Relaxed) {
                return Ok(n);
            }
            let mut batch = self.batch.borrow_mut();
            if !waiting {
                waiting = true;
                batch.flush();
                (batch.tell)(IndexNews::CaughtUp(self.at.position().saturating_sub(batch.end)));
            }
            let gone = (self.look)(self.at.position());
            if gone != self.gone {
                self.gone = gone;
                if let Some(gone) = gone {
                    (batch.tell)(IndexNews::Gone(gone));
                }
            }
            drop(batch);
            sleep(LOOK);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::mpsc::{Receiver, channel};

    use super::*;
    use crate::capture::Source;

    fn indexed(path: &std::path::Path) -> (Receiver<IndexNews>, Arc<AtomicBool>, JoinHandle<()>) {
        let mut opened = Opened::new(&Source::File(path.to_owned())).unwrap();
        let (tx, rx) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let tell = move |news| drop(tx.send(news));
        let thread = start(&mut opened, tell, Arc::clone(&stop));
        (rx, stop, thread)
    }

    fn next(rx: &Receiver<IndexNews>) -> IndexNews {
        rx.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    fn frames(news: &IndexNews) -> usize {
        match news {
            IndexNews::Frames(f, _) => f.len(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_that_grows_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("growing.pcap");
        let mut octets = Vec::new();
        mip6_testkit::traffic::write(&mut octets, 10).unwrap();
        let mut file = std::fs::File::create(&path).unwrap();
        let part = octets.len() - 20;
        file.write_all(&octets[..part]).unwrap();
        let (rx, stop, thread) = indexed(&path);
        assert_eq!(frames(&next(&rx)), 9);
        let IndexNews::CaughtUp(waiting) = next(&rx) else { panic!() };
        assert!(waiting > 0);
        file.write_all(&octets[part..]).unwrap();
        let mut news = next(&rx);
        if matches!(news, IndexNews::CaughtUp(_)) {
            news = next(&rx);
        }
        assert_eq!(frames(&news), 1);
        assert!(matches!(next(&rx), IndexNews::CaughtUp(0)));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(next(&rx), IndexNews::Gone(Gone::Name)));
        file.set_len(100).unwrap();
        assert!(matches!(next(&rx), IndexNews::Gone(Gone::Octets)));
        stop.store(true, Ordering::Relaxed);
        thread.join().unwrap();
    }

    #[test]
    fn what_is_compressed_is_put_by() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("capture.pcap.gz");
        let mut octets = Vec::new();
        mip6_testkit::traffic::write(&mut octets, 10).unwrap();
        let file = std::fs::File::create(&path).unwrap();
        let mut gz = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        gz.write_all(&octets).unwrap();
        gz.finish().unwrap();
        let (rx, _, thread) = indexed(&path);
        assert_eq!(frames(&next(&rx)), 10);
        assert!(matches!(next(&rx), IndexNews::Ended(None)));
        thread.join().unwrap();
    }
}
