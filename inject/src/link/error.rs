//! What goes wrong with links.

use std::io;

use thiserror::Error;

use super::TunKind;

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
    /// No right to a TUN or TAP interface.
    #[error(
        "no right to the {kind} interface {name}: this needs CAP_NET_ADMIN; run it as root, or \
         let root make it once: `ip tuntap add mode {kind} name {name} user USER`, \
         `ip link set {name} up`", kind = .kind.name()
    )]
    TunPrivilege {
        /// The interface.
        name: String,
        /// What it should be.
        kind: TunKind,
    },
    /// A system without TUN and TAP interfaces.
    #[error("there is no /dev/net/tun: `modprobe tun` brings it; containers need `--device`")]
    NoTun,
    /// An interface of another kind.
    #[error(
        "{name} cannot be a {kind} interface: it is of another kind, or its name is longer than \
         15 octets", kind = .kind.name()
    )]
    NotTun {
        /// The interface.
        name: String,
        /// What it should be.
        kind: TunKind,
    },
    /// A TUN or TAP interface whose other end somebody has.
    #[error("the other end of interface {0} is taken: another program has it open")]
    Busy(String),
    /// A program without libpcap.
    #[error("this program was built without libpcap: build it with `--features libpcap`")]
    NoPcap,
    /// A capture filter for a link that has none.
    #[error("{0} has no capture filter: `pcap:` in front of an interface's name has")]
    NoFilter(String),
    /// A capture filter that cannot be.
    #[error("capture filter `{filter}`: {error}")]
    Filter {
        /// The filter.
        filter: String,
        /// What libpcap says.
        error: String,
    },
    /// A VLAN where there is none.
    #[error("{0} has no VLANs: it carries IP packets without Ethernet; `tap:` has")]
    NoVlan(String),
    /// A frame on an interface that carries IP packets.
    #[error("{0} carries IP packets alone, and a frame is none: `tap:` carries others")]
    NotIp(String),
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
