//! Frames of an interface, put by as they come.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[cfg(feature = "libpcap")]
use mip6_dissect::capture::LiveCapture;
use mip6_dissect::capture::{
    Capture, CaptureError, CaptureWriter, FileFormat, Frame, LinkType, Place, Places,
};

use super::index::Batch;
use super::input::At;
use super::{Entry, IndexNews, Store};

/// Frames are told of so long after they came, at the latest.
const TELL: Duration = Duration::from_millis(50);
/// How long nobody looks for frames after there was none.
const WAIT: Duration = Duration::from_millis(5);
/// How often rate and losses are told.
const COUNT: Duration = Duration::from_secs(1);
/// Frames have numbers of 32 bits where much is kept of each.
const MOST: u64 = u32::MAX as u64;

/// Where frames come from.
pub(crate) trait Coming {
    /// The next frame, `None` if none is there yet.
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, CaptureError>;
    /// Frames that were lost so far.
    fn dropped(&mut self) -> u64;
    /// What frames begin with.
    fn link(&self) -> LinkType;
    /// Whether none can come until somebody does something.
    fn is_down(&self) -> bool;
}

/// An interface.
#[cfg(feature = "libpcap")]
pub(super) struct Wire {
    /// What captures from it.
    pub(super) capture: LiveCapture,
    /// Its name.
    pub(super) name: String,
}

#[cfg(feature = "libpcap")]
impl Coming for Wire {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, CaptureError> {
        self.capture.next_frame()
    }

    fn dropped(&mut self) -> u64 {
        self.capture.dropped()
    }

    fn link(&self) -> LinkType {
        self.capture.link()
    }

    /// libpcap goes on when an interface goes down, and does not say so; Linux tells
    /// who asks. Where nobody can be asked, it is taken to be up.
    fn is_down(&self) -> bool {
        const UP: u32 = 1;
        let flags = std::fs::read_to_string(format!("/sys/class/net/{}/flags", self.name));
        let flags = flags
            .ok()
            .and_then(|text| u32::from_str_radix(text.trim().trim_start_matches("0x"), 16).ok());
        flags.is_some_and(|flags| flags & UP == 0)
    }
}

/// Frames as they come, and the ring in which they are put by.
pub(super) struct Live {
    frames: Box<dyn Coming + Send>,
    writer: CaptureWriter<Vec<u8>>,
    store: Arc<Store>,
    /// Octets of the capture, with those that wait to be written.
    end: u64,
    /// How many frames there have been, and how many of them have been written.
    come: u64,
    written: u64,
}

impl Live {
    /// Begins a ring of so many octets.
    pub(super) fn new(frames: Box<dyn Coming + Send>, limit: u64) -> io::Result<Self> {
        let format = FileFormat::Pcap { nanos: false };
        let mut writer = CaptureWriter::new(Vec::new(), format, false)?;
        writer.interface(frames.link())?;
        let head = std::mem::take(writer.get_mut());
        let store = Arc::new(Store::ring(tempfile::tempfile()?, &head, limit)?);
        Ok(Self { frames, writer, store, end: head.len() as u64, come: 0, written: 0 })
    }

    /// Where frames are put by.
    pub(super) fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// What reads its frames again.
    fn places(&self) -> Result<Option<Places>, CaptureError> {
        let mut capture = Capture::from_reader(At::new(&self.store))?;
        capture.keep_places();
        Ok(capture.places())
    }

    /// Writes what waits, and tells of it; before that, of what has been let go for
    /// it.
    fn flush<T: Fn(IndexNews)>(&mut self, batch: &mut Batch<T>) -> Result<(), CaptureError> {
        let octets = self.writer.get_mut();
        if let Some(start) = self.store.make_room(self.written, octets.len() as u64) {
            (batch.tell)(IndexNews::LetGo(start.frame));
        }
        if let Err(e) = self.store.append(octets) {
            // What is not there is not told of.
            batch.entries.clear();
            octets.clear();
            return Err(CaptureError::Live(format!("capturing has ended: frames are put by: {e}")));
        }
        octets.clear();
        self.written = self.come;
        batch.flush();
        Ok(())
    }

    /// Takes a frame, if there is one.
    fn take<T>(&mut self, batch: &mut Batch<T>) -> Result<bool, CaptureError> {
        let Some(f) = self.frames.next_frame()? else { return Ok(false) };
        let before = self.writer.get_mut().len();
        let written = self.writer.frame(0, f.time, f.data, f.len);
        written.map_err(|source| CaptureError::Read { at: 0, source })?;
        let octets = (self.writer.get_mut().len() - before) as u32;
        let place = Place { offset: self.end, octets };
        batch.entries.push(Entry::new(place, f.time, 0));
        self.end += u64::from(octets);
        self.come += 1;
        Ok(true)
    }

    /// Captures until it is stopped.
    pub(super) fn read<T: Fn(IndexNews)>(
        mut self,
        batch: &mut Batch<T>,
        stop: &AtomicBool,
    ) -> Result<(), CaptureError> {
        batch.places = self.places()?;
        let (mut told, mut counted, mut before) = (Instant::now(), Instant::now(), 0);
        let mut quiet = false;
        let end = loop {
            if stop.load(Ordering::Relaxed) {
                break Ok(());
            }
            if self.come >= MOST {
                break Err(CaptureError::Live(format!("capturing has ended: {MOST} packets")));
            }
            let waited = match self.take(batch) {
                Ok(taken) => !taken,
                Err(e) => break Err(e),
            };
            let much = self.writer.get_mut().len() as u64 >= self.store.part();
            if waited || much || told.elapsed() >= TELL || batch.is_full() {
                if let Err(e) = self.flush(batch) {
                    break Err(e);
                }
                told = Instant::now();
                if waited && !quiet {
                    (batch.tell)(IndexNews::CaughtUp(0));
                }
            }
            quiet = waited;
            if waited {
                sleep(WAIT);
            }
            if counted.elapsed() >= COUNT {
                let rate = (self.come - before) as f64 / counted.elapsed().as_secs_f64();
                let dropped = self.frames.dropped();
                let down = self.frames.is_down();
                (batch.tell)(IndexNews::Live { rate: rate as u64, dropped, down });
                (counted, before) = (Instant::now(), self.come);
            }
        };
        // Nothing that was captured is lost, whatever ended it.
        let end = end.and(self.flush(batch));
        (batch.tell)(IndexNews::Live { rate: 0, dropped: self.frames.dropped(), down: false });
        end
    }
}
