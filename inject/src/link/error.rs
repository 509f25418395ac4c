//! What goes wrong with links.

use std::io;

use thiserror::Error;

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

impl From<LinkError> for io::Error {
    fn from(e: LinkError) -> Self {
        Self::other(e)
    }
}
