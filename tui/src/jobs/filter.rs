//! Which packets match a display filter.

use std::cell::{Cell, RefCell};
use std::thread::{JoinHandle, spawn};

use mip6_dissect::filter::Filter;

use super::{Scan, Then};

/// The first matches are told at once: they make a screen.
const FIRST: usize = 64;

/// What the job tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterNews {
    /// Indices of frames that match, in order, after those told before.
    pub frames: Vec<u32>,
    /// Frames looked at so far.
    pub scanned: u64,
    /// Frames that were let go before they could be looked at.
    pub missed: u64,
    /// All there are have been looked at, and there will be no more.
    pub ended: bool,
}

/// Starts the job.
pub fn filter(
    scan: Scan,
    filter: Filter,
    tell: impl Fn(FilterNews) + Send + 'static,
) -> JoinHandle<()> {
    spawn(move || {
        let found = RefCell::new(Vec::new());
        let mut first = true;
        let mut last = None;
        let missed = Cell::new(0);
        let send = |scanned, ended| {
            tell(FilterNews { frames: found.take(), scanned, missed: missed.get(), ended });
            Then::Go
        };
        scan.run(
            0,
            |packet| {
                if filter.matches(packet) {
                    let mut found = found.borrow_mut();
                    found.push((packet.frame.number - 1) as u32);
                    let many = first && found.len() >= FIRST;
                    drop(found);
                    if many {
                        first = false;
                        send(packet.frame.number, false);
                    }
                }
                Then::Go
            },
            |now| {
                let (scanned, ended) = (now.read, now.ended);
                missed.set(now.missed);
                // Nothing new is told once.
                if last == Some((scanned, ended)) {
                    return Then::Go;
                }
                last = Some((scanned, ended));
                send(scanned, ended)
            },
        );
    })
}
