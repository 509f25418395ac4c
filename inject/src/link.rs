//! Links: frames out and in, on interfaces of this machine.

mod error;
mod open;
mod pace;
mod packet;
#[cfg(feature = "libpcap")]
mod pcap;
mod sys;
mod tun;
mod virtual_link;
mod vlan;
mod wait;

use std::os::fd::BorrowedFd;
use std::time::{Duration, SystemTime};

pub use error::LinkError;
pub use open::open;
pub use pace::{Timed, play};
pub use packet::PacketLink;
#[cfg(feature = "libpcap")]
pub use pcap::PcapLink;
pub use tun::{TunKind, TunLink};
pub use virtual_link::{VirtualLink, virtual_pair};
pub(crate) use vlan::carried;
pub use wait::{wait, wait_also};

/// Octets of an Ethernet header.
pub(crate) const ETHERNET: usize = 14;
/// What an MTU is where nobody says.
const USUAL_MTU: usize = 1500;
/// Octets of room for frames that came and wait to be read: some hundred
/// milliseconds of the fastest traffic that can be dissected.
const BUFFER: usize = 32 << 20;

/// A link that frames go over: Ethernet, whatever is beneath.
pub trait Link: Send {
    /// Its name, for people.
    fn name(&self) -> &str;

    /// Sends Ethernet frames, in order; how many went out before the first that did
    /// not.
    fn send(&mut self, frames: &[&[u8]]) -> Result<usize, LinkError>;

    /// The next frame, if one comes `within` this time. With [`Duration::ZERO`] it
    /// does not wait. Signals do not end the wait.
    fn receive(&mut self, within: Duration) -> Result<Option<Received<'_>>, LinkError>;

    /// What becomes readable when a frame comes, for poll(2) and its like; [`wait`]
    /// does that. A link may hold frames that it has read already: they are had by
    /// [`Link::receive`] until it gives none, and only then does the descriptor say
    /// something. Links without a descriptor are asked by [`Link::has_frame`].
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    /// Whether a frame is here that [`Link::receive`] gives without asking the kernel.
    fn has_frame(&self) -> bool {
        false
    }

    /// Octets that a frame can carry behind its Ethernet header and VLAN tag.
    fn mtu(&self) -> usize;

    /// The interface's own link-layer address.
    fn station(&self) -> [u8; 6];

    /// Frames that came since the link was opened and were lost before they could be
    /// read, because there was no room for them.
    fn lost(&mut self) -> u64 {
        0
    }
}

/// A frame that came.
#[derive(Clone, Copy, Debug)]
pub struct Received<'l> {
    /// When it came, by the kernel's clock.
    pub at: SystemTime,
    /// From its Ethernet header on, with the VLAN tags that it had on the link.
    pub octets: &'l [u8],
    /// Whether this host sent it: the kernel or another program. What was sent
    /// through the same link is not received.
    pub own: bool,
    /// Whether the sum of its transport header is yet to be computed: by hardware,
    /// had it gone out on a real link. Such frames are of this host, or of one that
    /// is joined to it by a veth pair.
    pub unsummed: bool,
}

/// How a link is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The VLAN that frames go into and come from: its tag is put on and taken off,
    /// and other frames do not come. Without one, frames are as they are on the link.
    pub vlan: Option<u16>,
    /// Whether frames come that are for other stations.
    pub promiscuous: bool,
    /// Whether frames come that this host sends.
    pub own: bool,
    /// Octets of room for frames that wait to be read. More than the limit of the
    /// system needs `CAP_NET_ADMIN`; without it the limit is what there is.
    pub buffer: usize,
    /// Which frames come, in the language of libpcap (pcap-filter(7)); links through
    /// libpcap have this, others refuse it.
    pub filter: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { vlan: None, promiscuous: false, own: false, buffer: BUFFER, filter: None }
    }
}
