//! UDP, RFC 768.

use crate::layout::{Auto, Driver, Fix, Layout, Step};

/// Fields of UDP.
pub mod fields {
    use crate::layout::fields;

    fields! {
        SOURCE = "udp.srcport", "Source port", Dec;
        DESTINATION = "udp.dstport", "Destination port", Dec;
        LEN = "udp.length", "Length", Dec;
        CHECKSUM = "udp.checksum", "Checksum", Hex;
    }
}
use fields::*;

/// Ports that select a format here.
pub mod port {
    /// IKE, RFC 7296.
    pub const IKE: u16 = 500;
    /// IKE and ESP behind address translators, RFC 3948.
    pub const IKE_NAT: u16 = 4500;
    /// DHCPv6 client, RFC 8415.
    pub const DHCPV6_CLIENT: u16 = 546;
    /// DHCPv6 server and relay, RFC 8415.
    pub const DHCPV6_SERVER: u16 = 547;
}

/// UDP header, 8 octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Udp {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub destination: u16,
    /// Octets of header and data.
    pub len: Auto<u16>,
    /// Checksum; 0 is none.
    pub checksum: Auto<u16>,
}

impl Udp {
    /// A header between two ports.
    pub fn new(source: u16, destination: u16) -> Self {
        Self { source, destination, ..Self::default() }
    }
}

impl<'a> Layout<'a> for Udp {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&SOURCE, &mut self.source)?;
        d.int(&DESTINATION, &mut self.destination)?;
        d.auto(&LEN, &mut self.len, Fix::Whole)?;
        d.auto(&CHECKSUM, &mut self.checksum, Fix::Checksum)
    }

    fn title(&self) -> &'static str {
        "User Datagram Protocol"
    }
}
