//! What is done beside the drawing: reading a capture from its beginning to its
//! end, to filter, find or judge. Each job has a thread of its own, tells what it
//! has found as it goes, and can be cancelled.

mod filter;
mod find;
mod judge;
mod save;
mod sight;

pub use filter::{FilterNews, filter};
pub use find::{FindNews, Query, find};
pub use judge::{Happening, JudgeNews, Noted, Protected, Use, What, judge};
pub use save::save;
pub use sight::{Sight, Subject};

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

use mip6_dissect::capture::{Capture, CaptureError, Frame, Timestamp};
use mip6_dissect::packet::Packet;

use crate::capture::{At, Context, Store};

/// How often a job tells what it has found.
const TELL: Duration = Duration::from_millis(50);
/// How long a job waits for frames that are not there yet.
const WAIT: Duration = Duration::from_millis(20);
/// Frames between two looks at the clock.
const STEP: u64 = 64;

/// How far the capture is known.
#[derive(Debug, Default)]
pub struct Known {
    /// Frames that are there as a whole.
    pub frames: AtomicU64,
    /// There will be no more.
    pub ended: AtomicBool,
    /// When the first frame was captured.
    pub began: OnceLock<Timestamp>,
}

/// A job under way; it ends when this is dropped.
#[derive(Debug, Default)]
pub struct Job {
    cancelled: Arc<AtomicBool>,
}

impl Job {
    /// Of a scan.
    pub fn of(scan: &Scan) -> Self {
        Self { cancelled: Arc::clone(&scan.cancelled) }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

/// A capture to be read from its beginning to its end.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The file.
    pub file: Arc<Store>,
    /// By what packets are read.
    pub context: Context,
    /// How far the capture is known.
    pub known: Arc<Known>,
    /// Nobody waits for it any more.
    pub cancelled: Arc<AtomicBool>,
}

/// How a scan goes on after a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Go,
    /// There is something to be told now.
    Tell,
    Stop,
}

/// How far a scan has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    /// Frames read, counted from the beginning of the capture.
    read: u64,
    /// Frames that had been let go before they could be read.
    missed: u64,
    /// All there are have been read.
    waiting: bool,
    /// There will be no more.
    ended: bool,
}

impl Scan {
    /// Gives each frame that is kept to `each`, with its number in the capture, and
    /// from time to time calls `tell`: at the end, and before it waits for more.
    /// Ends when it is cancelled, or at the end of a capture that cannot grow or is
    /// not what it was, or when one of both says so.
    fn walk(
        &self,
        mut each: impl FnMut(Frame<'_>) -> Then,
        mut tell: impl FnMut(Progress) -> Then,
    ) -> Result<(), CaptureError> {
        let mut start = self.file.start();
        let mut capture = Capture::from_reader(At::from(&self.file, start))?;
        let mut told = Instant::now();
        let mut now = Progress { read: start.frame, missed: 0, waiting: false, ended: false };
        while !self.cancelled.load(Ordering::Relaxed) {
            // In this order: frames may come before the end.
            let ended = self.known.ended.load(Ordering::Acquire);
            if now.read >= self.known.frames.load(Ordering::Acquire) {
                if tell(Progress { waiting: true, ended, ..now }) == Then::Stop || ended {
                    break;
                }
                sleep(WAIT);
                continue;
            }
            let frame = match capture.next_frame() {
                Ok(Some(frame)) => frame,
                other => {
                    let error = other.err();
                    // Whoever is slower than frames come goes on with the oldest.
                    start = self.file.start();
                    if start.frame > now.read {
                        now.missed += start.frame - now.read;
                        now.read = start.frame;
                        capture = Capture::from_reader(At::from(&self.file, start))?;
                        continue;
                    }
                    // Damage ends the list of frames, which says so.
                    tell(Progress { waiting: true, ended: true, ..now });
                    return error.map_or(Ok(()), Err);
                }
            };
            now.read += 1;
            let then = each(Frame { number: now.read, ..frame });
            if then == Then::Stop {
                break;
            }
            let due = now.read.is_multiple_of(STEP) && told.elapsed() >= TELL;
            if due || then == Then::Tell {
                told = Instant::now();
                if tell(now) == Then::Stop {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Gives number and octets of each frame there is to `each`, and how many were
    /// missed to `tell`.
    #[cfg(test)]
    pub(crate) fn each_index(&self, mut each: impl FnMut(u64, &[u8]), mut tell: impl FnMut(u64)) {
        let walked = self.walk(
            |frame| {
                each(frame.number, frame.data);
                Then::Go
            },
            |now| {
                tell(now.missed);
                if now.waiting { Then::Stop } else { Then::Go }
            },
        );
        walked.unwrap();
    }

    /// Gives each packet from the frame of an index on to `each`, and says how far
    /// it has come, as `walk` does.
    fn run(
        &self,
        from: u64,
        mut each: impl FnMut(&Packet<'_>) -> Then,
        mut tell: impl FnMut(Progress) -> Then,
    ) {
        let mut dissector = self.context.dissector();
        let walked = self.walk(
            |frame| {
                if frame.number <= from {
                    return Then::Go;
                }
                let first = *self.known.began.get().unwrap_or(&frame.time);
                let mut packet = dissector.dissect(frame);
                packet.first = first;
                each(&packet)
            },
            &mut tell,
        );
        // What is wrong with the capture is said by who lists its frames.
        drop(walked);
    }
}
