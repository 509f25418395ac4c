//! Links: frames out and in, on interfaces of this machine.

mod pace;
mod packet;

use std::io;
use std::time::{Duration, SystemTime};

use thiserror::Error;

pub use pace::{Timed, play};
pub use packet::PacketLink;

/// Octets of an Ethernet header.
pub(crate) const ETHERNET: usize = 14;
/// Octets of a VLAN tag.
const TAG: usize = 4;

/// A link that frames go over.
pub trait Link {
    /// Sends Ethernet frames, in order; how many went out before the first that did
    /// not.
    fn send(&mut self, frames: &[&[u8]]) -> Result<usize, LinkError>;

    /// The next frame, if one comes `within` this time.
    fn receive(&mut self, within: Duration) -> Result<Option<Received<'_>>, LinkError>;

    /// Octets that a frame can carry behind its Ethernet header and VLAN tag.
    fn mtu(&self) -> usize;

    /// The interface's own link-layer address.
    fn station(&self) -> [u8; 6];
}

/// A frame that came.
#[derive(Clone, Copy, Debug)]
pub struct Received<'l> {
    /// When it came, by the kernel's clock.
    pub at: SystemTime,
    /// From its Ethernet header on.
    pub octets: &'l [u8],
}

/// Why a link cannot be had, or does not carry a frame.
#[derive(Debug, Error)]
pub enum LinkError {
    /// An interface that there is not.
    #[error("there is no interface {name}; there are {}", .there.join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
        /// Those that there are.
        there: Vec<String>,
    },
    /// An interface that is down.
    #[error("interface {0} is down: `ip link set {0} up` brings it up")]
    Down(String),
    /// An interface without link-layer addresses.
    #[error("interface {0} is no Ethernet: it has no link-layer address of 6 octets")]
    NotEthernet(String),
    /// No right to a packet socket.
    #[error(
        "no right to send and receive frames: this needs CAP_NET_RAW; run it as root, or \
         `setcap cap_net_raw+ep` the program"
    )]
    Privilege,
    /// A frame that does not fit.
    #[error(
        "{octets} octets behind the Ethernet header do not fit the MTU of {name}, which is {mtu}"
    )]
    Long {
        /// The interface.
        name: String,
        /// Octets that the frame carries.
        octets: usize,
        /// Octets that it could carry.
        mtu: usize,
    },
    /// Anything else the kernel says.
    #[error("interface {name}: {error}")]
    System {
        /// The interface.
        name: String,
        /// What it says.
        error: io::Error,
    },
}

/// Octets that a frame carries behind its Ethernet header and VLAN tags, which do
/// not count for the MTU.
pub(crate) fn carried(frame: &[u8]) -> usize {
    const VLAN: [u8; 2] = [0x81, 0x00];
    let tagged = frame.get(12..14) == Some(&VLAN[..]);
    frame.len().saturating_sub(ETHERNET + if tagged { TAG } else { 0 })
}

/// A frame with a VLAN tag of this number behind its addresses.
pub(crate) fn tagged(frame: &[u8], vlan: u16) -> Vec<u8> {
    let at = frame.len().min(ETHERNET - 2);
    let mut octets = Vec::with_capacity(frame.len() + TAG);
    octets.extend_from_slice(&frame[..at]);
    octets.extend_from_slice(&[0x81, 0x00]);
    octets.extend_from_slice(&vlan.to_be_bytes());
    octets.extend_from_slice(&frame[at..]);
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_stands_behind_the_addresses_and_does_not_count() {
        let frame: Vec<u8> = (0..60).collect();
        let with = tagged(&frame, 42);
        assert_eq!(with[..12], frame[..12]);
        assert_eq!(with[12..16], [0x81, 0, 0, 42]);
        assert_eq!(with[16..], frame[12..]);
        assert_eq!((carried(&frame), carried(&with)), (46, 46));
        assert_eq!(carried(&[0; 3]), 0);
    }
}
