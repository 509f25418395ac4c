//! The links of this machine that the interfaces of a node stand on.

use std::collections::BTreeMap;
use std::os::fd::BorrowedFd;
use std::time::{Duration, SystemTime};

use mip6_inject::link::{Link, LinkError, wait_also};

use super::sums;
use crate::roles::Interface;

/// Real links, and which interface of the node is on which of them.
#[derive(Default)]
pub struct Wires {
    wires: Vec<Wire>,
    /// Where to look first, so that none starves.
    turn: usize,
}

struct Wire {
    link: Box<dyn Link>,
    /// The link that it is; `None` is any that has no wire of its own.
    is: Option<String>,
    /// The interface of the node that is on it now.
    holds: Option<Interface>,
}

impl std::fmt::Debug for Wires {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.wires.iter().map(|w| w.link.name())).finish()
    }
}

/// A frame that came by a wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// When.
    pub at: SystemTime,
    /// To which interface of the node, or from it.
    pub interface: Interface,
    /// From the Ethernet header on.
    pub octets: Vec<u8>,
}

impl Wires {
    /// No wires yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a wire for the link of a name, or for all links without one of their own.
    pub fn add(&mut self, is: Option<&str>, link: Box<dyn Link>) {
        self.wires.push(Wire { link, is: is.map(str::to_owned), holds: None });
    }

    /// Opens the interfaces of this machine that stand for links: some for whatever
    /// link the node's interface of the same number is on, others by the names of
    /// links. `open` opens one by its name.
    pub fn open(
        any: &[&str],
        by_link: &BTreeMap<String, String>,
        mut open: impl FnMut(&str) -> Result<Box<dyn Link>, LinkError>,
    ) -> Result<Self, LinkError> {
        let mut wires = Self::new();
        for (link, interface) in by_link {
            wires.add(Some(link), open(interface)?);
        }
        for interface in any {
            wires.add(None, open(interface)?);
        }
        Ok(wires)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.wires.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.wires.is_empty()
    }

    /// An interface of the node comes to a link, or is cut off. Whether there is a
    /// wire for it.
    pub fn attach(&mut self, interface: Interface, link: Option<&str>) -> bool {
        for wire in self.wires.iter_mut().filter(|w| w.holds == Some(interface)) {
            wire.holds = None;
        }
        let Some(link) = link else { return true };
        let own = self.wires.iter().position(|w| w.is.as_deref() == Some(link));
        let numbered = || {
            let mut any = self.wires.iter().enumerate().filter(|(_, w)| w.is.is_none());
            any.nth(interface.index()).filter(|(_, w)| w.holds.is_none()).map(|(at, _)| at)
        };
        let free = || self.wires.iter().position(|w| w.is.is_none() && w.holds.is_none());
        let Some(at) = own.or_else(numbered).or_else(free) else { return false };
        self.wires[at].holds = Some(interface);
        true
    }

    /// Cuts all interfaces off, and forgets what came meanwhile.
    pub fn clear(&mut self) {
        for wire in &mut self.wires {
            wire.holds = None;
            while let Ok(Some(_)) = wire.link.receive(Duration::ZERO) {}
        }
    }

    /// The wire that an interface is on, as people call it.
    pub fn name(&self, interface: Interface) -> Option<&str> {
        self.wires.iter().find(|w| w.holds == Some(interface)).map(|w| w.link.name())
    }

    /// Sends a frame by an interface of the node; it is lost if that is on no wire.
    pub fn send(&mut self, interface: Interface, octets: &[u8]) -> Result<(), LinkError> {
        let Some(wire) = self.wires.iter_mut().find(|w| w.holds == Some(interface)) else {
            return Ok(());
        };
        wire.link.send(&[octets]).map(|_| ())
    }

    /// The next frame, waited for so long; the wait ends when one of `others` can be
    /// read from, too.
    pub fn next(
        &mut self,
        others: &[BorrowedFd<'_>],
        within: Duration,
    ) -> Result<Option<Came>, LinkError> {
        let came = self.take()?;
        if came.is_some() || within.is_zero() && others.is_empty() {
            return Ok(came);
        }
        let links: Vec<&dyn Link> = self.wires.iter().map(|w| &*w.link).collect();
        wait_also(&links, others, within);
        self.take()
    }

    /// Whether a frame has been read that nobody has taken yet.
    pub fn has_frame(&self) -> bool {
        self.wires.iter().any(|w| w.link.has_frame())
    }

    /// A frame that is here.
    fn take(&mut self) -> Result<Option<Came>, LinkError> {
        let n = self.wires.len();
        for i in 0..n {
            let at = (self.turn + i) % n;
            let wire = &mut self.wires[at];
            // What nobody is there for is taken too, so that it does not pile up.
            while let Some(frame) = wire.link.receive(Duration::ZERO)? {
                if let Some(interface) = wire.holds {
                    self.turn = at + 1;
                    let mut octets = frame.octets.to_vec();
                    if frame.unsummed {
                        sums::finish(&mut octets);
                    }
                    return Ok(Some(Came { at: frame.at, interface, octets }));
                }
            }
        }
        Ok(None)
    }

    /// Frames that came and were lost before they could be read.
    pub fn lost(&mut self) -> u64 {
        self.wires.iter_mut().map(|w| w.link.lost()).sum()
    }
}
