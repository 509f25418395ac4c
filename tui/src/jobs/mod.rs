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

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use mip6_dissect::capture::Capture;
use mip6_dissect::packet::Packet;

use crate::capture::{At, Context};

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
    pub file: Arc<File>,
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
    Stop,
}

impl Scan {
    /// Gives each packet from the frame of index `from` on to `each`, and from
    /// time to time, with the number of frames read, calls `tell`: at the end,
    /// and before it waits for more. Ends when it is cancelled, or at the end of
    /// a capture that cannot grow or is not what it was, or when one of both says
    /// so.
    fn run(
        &self,
        from: u64,
        mut each: impl FnMut(&Packet<'_>) -> Then,
        mut tell: impl FnMut(u64, bool) -> Then,
    ) {
        let Ok(mut capture) = Capture::from_reader(At::new(&self.file)) else {
            tell(0, true);
            return;
        };
        let mut dissector = self.context.dissector();
        let (mut read, mut told) = (0, Instant::now());
        let mut first = None;
        while !self.cancelled.load(Ordering::Relaxed) {
            // In this order: frames may come before the end.
            let ended = self.known.ended.load(Ordering::Acquire);
            if read >= self.known.frames.load(Ordering::Acquire) {
                if tell(read, ended) == Then::Stop || ended {
                    break;
                }
                sleep(WAIT);
                continue;
            }
            // Damage ends the list of frames, which says so.
            let Ok(Some(frame)) = capture.next_frame() else {
                tell(read, true);
                break;
            };
            read += 1;
            let first = *first.get_or_insert(frame.time);
            if read > from {
                let mut packet = dissector.dissect(frame);
                packet.first = first;
                if each(&packet) == Then::Stop {
                    break;
                }
            }
            if read.is_multiple_of(STEP) && told.elapsed() >= TELL {
                told = Instant::now();
                if tell(read, false) == Then::Stop {
                    break;
                }
            }
        }
    }
}
