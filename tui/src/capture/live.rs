//! Frames of an interface, put by as they come.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use mip6_dissect::capture::{
    Capture, CaptureError, CaptureWriter, FileFormat, LiveCapture, Place, Places,
};

use super::index::Batch;
use super::input::At;
use super::{Entry, IndexNews};

/// Frames are told of so long after they came, at the latest.
const TELL: Duration = Duration::from_millis(50);
/// How long nobody looks for frames after there was none.
const WAIT: Duration = Duration::from_millis(5);
/// How often rate and losses are told.
const COUNT: Duration = Duration::from_secs(1);

/// An interface, and the file in which its frames are put by.
pub(super) struct Live {
    capture: LiveCapture,
    writer: CaptureWriter<Vec<u8>>,
    file: Arc<File>,
    /// Octets of the file, with those that wait to be written.
    end: u64,
    /// Octets that wait.
    waiting: u64,
    limit: u64,
}

impl Live {
    /// Begins a file of at most so many octets.
    pub(super) fn new(capture: LiveCapture, file: &Arc<File>, limit: u64) -> io::Result<Self> {
        let format = FileFormat::Pcap { nanos: false };
        let mut writer = CaptureWriter::new(Vec::new(), format, false)?;
        writer.interface(capture.link())?;
        let end = writer.get_mut().len() as u64;
        let mut live = Self { capture, writer, file: Arc::clone(file), end, waiting: 0, limit };
        live.flush()?;
        Ok(live)
    }

    /// What reads its frames again.
    fn places(&self) -> Result<Option<Places>, CaptureError> {
        let mut capture = Capture::from_reader(At::new(&self.file))?;
        capture.keep_places();
        Ok(capture.places())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut file = &*self.file;
        file.write_all(self.writer.get_mut())?;
        self.writer.get_mut().clear();
        self.waiting = 0;
        Ok(())
    }

    /// Captures until it is stopped, or the file is full.
    pub(super) fn read<T: Fn(IndexNews)>(
        mut self,
        batch: &mut Batch<T>,
        stop: &AtomicBool,
    ) -> Result<(), CaptureError> {
        let failed = |source| CaptureError::Read { at: 0, source };
        batch.places = self.places()?;
        let (mut told, mut counted, mut frames) = (Instant::now(), Instant::now(), 0u64);
        let mut quiet = false;
        while !stop.load(Ordering::Relaxed) {
            let waited = match self.capture.next_frame()? {
                Some(f) => {
                    self.writer.frame(0, f.time, f.data, f.len).map_err(failed)?;
                    let octets = self.writer.get_mut().len() as u64 - self.waiting;
                    batch.entries.push(Entry::new(
                        Place { offset: self.end, octets: octets as u32 },
                        f.time,
                        0,
                    ));
                    self.waiting += octets;
                    self.end += octets;
                    frames += 1;
                    false
                }
                None => true,
            };
            if waited || told.elapsed() >= TELL || batch.is_full() {
                self.flush().map_err(failed)?;
                batch.flush();
                told = Instant::now();
                if waited && !quiet {
                    (batch.tell)(IndexNews::CaughtUp(0));
                }
                quiet = waited;
            }
            if waited {
                sleep(WAIT);
            }
            if counted.elapsed() >= COUNT {
                let rate = frames as f64 / counted.elapsed().as_secs_f64();
                let dropped = self.capture.dropped();
                (batch.tell)(IndexNews::Live { rate: rate as u64, dropped });
                (counted, frames) = (Instant::now(), 0);
            }
            if self.end >= self.limit {
                self.flush().map_err(failed)?;
                let mib = self.limit >> 20;
                let message = format!("capturing has ended: the limit of {mib} MiB is reached");
                return Err(CaptureError::Live(message));
            }
        }
        self.flush().map_err(failed)
    }
}
