//! Links that exist in memory alone.

use std::collections::VecDeque;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use nix::errno::Errno;
use nix::sys::eventfd::{EfdFlags, EventFd};

use super::wait::poll;
use super::{Link, LinkError, Received, carried};

/// One end of a link in memory: what is sent on one end comes at the other, in order
/// and at once. Frames to an end that has been dropped are lost, as on a cable that
/// nobody holds.
#[derive(Debug)]
pub struct VirtualLink {
    name: String,
    station: [u8; 6],
    mtu: usize,
    here: Arc<End>,
    there: Arc<End>,
    /// The frame that was given out last.
    frame: Vec<u8>,
}

/// What has come to an end.
#[derive(Debug)]
struct End {
    frames: Mutex<VecDeque<(SystemTime, Vec<u8>)>>,
    /// Readable as long as there are frames.
    ready: EventFd,
}

impl End {
    fn new() -> Result<Self, Errno> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        Ok(Self { frames: Mutex::default(), ready: EventFd::from_flags(flags)? })
    }

    /// The frames are whole, even if somebody has failed who held them.
    fn frames(&self) -> MutexGuard<'_, VecDeque<(SystemTime, Vec<u8>)>> {
        self.frames.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The two ends of a new link, with these names and this MTU. Their link-layer
/// addresses are `02:00:00:00:00:01` and `02:00:00:00:00:02`.
pub fn virtual_pair(names: [&str; 2], mtu: usize) -> Result<(VirtualLink, VirtualLink), LinkError> {
    let end = |name: &str| {
        let end = End::new().map(Arc::new);
        end.map_err(|e| LinkError::System { name: name.to_owned(), error: e.into() })
    };
    let ends = [end(names[0])?, end(names[1])?];
    let link = |n: usize| VirtualLink {
        name: names[n].to_owned(),
        station: [0x02, 0, 0, 0, 0, n as u8 + 1],
        mtu,
        here: Arc::clone(&ends[n]),
        there: Arc::clone(&ends[1 - n]),
        frame: Vec::new(),
    };
    Ok((link(0), link(1)))
}

impl Link for VirtualLink {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, frames: &[&[u8]]) -> Result<usize, LinkError> {
        let fits = frames.iter().take_while(|f| carried(f) <= self.mtu).count();
        if let Some(long) = frames.get(fits).filter(|_| fits == 0) {
            let (name, octets, mtu) = (self.name.clone(), carried(long), self.mtu);
            return Err(LinkError::Long { name, octets, mtu });
        }
        let at = SystemTime::now();
        let mut there = self.there.frames();
        let first = there.is_empty();
        there.extend(frames.iter().take(fits).map(|f| (at, f.to_vec())));
        if first && fits > 0 {
            let failed = |e: Errno| LinkError::System { name: self.name.clone(), error: e.into() };
            self.there.ready.write(1).map_err(failed)?;
        }
        Ok(fits)
    }

    fn receive(&mut self, within: Duration) -> Result<Option<Received<'_>>, LinkError> {
        let begin = Instant::now();
        loop {
            let rest = within.saturating_sub(begin.elapsed());
            if !rest.is_zero() {
                poll(&[self.here.ready.as_fd()], rest);
            }
            let mut frames = self.here.frames();
            if let Some((at, frame)) = frames.pop_front() {
                if frames.is_empty() {
                    let failed =
                        |e: Errno| LinkError::System { name: self.name.clone(), error: e.into() };
                    self.here.ready.read().map_err(failed)?;
                }
                drop(frames);
                self.frame = frame;
                let octets = &self.frame;
                return Ok(Some(Received { at, octets, own: false, unsummed: false }));
            }
            if begin.elapsed() >= within {
                return Ok(None);
            }
        }
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.here.ready.as_fd())
    }

    fn mtu(&self) -> usize {
        self.mtu
    }

    fn station(&self) -> [u8; 6] {
        self.station
    }
}

#[cfg(test)]
mod tests {
    use super::super::wait;
    use super::*;

    fn frame(n: u8) -> [u8; 60] {
        [n; 60]
    }

    #[test]
    fn frames_come_at_the_other_end_in_order() {
        let (mut a, mut b) = virtual_pair(["a", "b"], 1500).unwrap();
        assert_eq!((a.name(), b.name()), ("a", "b"));
        assert_ne!(a.station(), b.station());
        assert!(b.receive(Duration::ZERO).unwrap().is_none());
        assert_eq!(wait(&[&a, &b], Duration::ZERO), [false, false]);
        assert_eq!(a.send(&[&frame(1), &frame(2)]).unwrap(), 2);
        assert_eq!(b.send(&[&frame(3)]).unwrap(), 1);
        for n in [1, 2] {
            assert_eq!(wait(&[&a, &b], Duration::from_secs(5)), [true, true]);
            assert_eq!(b.receive(Duration::ZERO).unwrap().unwrap().octets, frame(n));
        }
        assert!(b.receive(Duration::from_millis(5)).unwrap().is_none());
        assert_eq!(wait(&[&a, &b], Duration::from_secs(5)), [true, false]);
        assert_eq!(a.receive(Duration::ZERO).unwrap().unwrap().octets, frame(3));
    }

    #[test]
    fn a_frame_ends_a_wait_in_another_thread() {
        let (mut a, mut b) = virtual_pair(["a", "b"], 1500).unwrap();
        let waits = std::thread::spawn(move || {
            b.receive(Duration::from_secs(20)).unwrap().map(|r| r.octets.to_vec())
        });
        std::thread::sleep(Duration::from_millis(20));
        a.send(&[&frame(9)]).unwrap();
        assert_eq!(waits.join().unwrap().as_deref(), Some(&frame(9)[..]));
        // Nobody holds the other end any more.
        assert_eq!(a.send(&[&frame(9)]).unwrap(), 1);
    }

    #[test]
    fn what_is_too_long_does_not_go() {
        let (mut a, mut b) = virtual_pair(["a", "b"], 46).unwrap();
        let long = [0; 61];
        assert_eq!(a.send(&[&frame(1), &long, &frame(2)]).unwrap(), 1);
        let refused = a.send(&[&long]);
        assert!(matches!(refused, Err(LinkError::Long { octets: 47, mtu: 46, .. })));
        assert!(b.receive(Duration::ZERO).unwrap().is_some());
        assert!(b.receive(Duration::ZERO).unwrap().is_none());
    }
}
