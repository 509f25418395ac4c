//! Waiting for several links at once.

use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;

use super::Link;

/// Waits until a frame can be had from at least one of these links, for `within` at
/// the most. For each link, in their order, whether [`Link::receive`] has something
/// to say: a frame, or why there will be none. Links without a descriptor are asked
/// once a millisecond.
pub fn wait(links: &[&dyn Link], within: Duration) -> Vec<bool> {
    wait_also(links, &[], within)
}

/// The same, and the wait ends too when one of these descriptors can be read from:
/// sockets that are no links.
pub fn wait_also(links: &[&dyn Link], others: &[BorrowedFd<'_>], within: Duration) -> Vec<bool> {
    /// How often links without a descriptor are asked.
    const ASK: Duration = Duration::from_millis(1);
    let begin = Instant::now();
    let blind = links.iter().any(|l| l.descriptor().is_none());
    let own = links.iter().filter_map(|l| l.descriptor());
    let descriptors: Vec<BorrowedFd<'_>> = own.chain(others.iter().copied()).collect();
    loop {
        let held: Vec<bool> = links.iter().map(|l| l.has_frame()).collect();
        let rest = within.saturating_sub(begin.elapsed());
        let rest = match (held.contains(&true), blind) {
            (true, _) => Duration::ZERO,
            (false, true) => rest.min(ASK),
            (false, false) => rest,
        };
        let mut readable = poll(&descriptors, rest).into_iter();
        let mut ready = Vec::with_capacity(links.len());
        for (link, held) in links.iter().zip(held) {
            let polled = link.descriptor().is_some() && readable.next().unwrap_or(false);
            ready.push(held || polled);
        }
        let other = readable.any(|r| r);
        if other || ready.contains(&true) || begin.elapsed() >= within {
            return ready;
        }
    }
}

/// Which of these can be read from within this time, or have failed.
pub(super) fn poll(descriptors: &[BorrowedFd<'_>], within: Duration) -> Vec<bool> {
    let end = Instant::now() + within;
    let mut polled: Vec<PollFd<'_>> =
        descriptors.iter().map(|d| PollFd::new(*d, PollFlags::POLLIN)).collect();
    loop {
        let rest = end.saturating_duration_since(Instant::now());
        match ppoll(&mut polled, Some(TimeSpec::from_duration(rest)), None) {
            Err(Errno::EINTR) => {}
            // What the kernel cannot wait for, `receive` says.
            Err(_) => return vec![true; descriptors.len()],
            Ok(_) => return polled.iter().map(|p| p.any().unwrap_or(true)).collect(),
        }
    }
}
