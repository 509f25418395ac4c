//! BSD loopback, `LINKTYPE_NULL` and `LINKTYPE_LOOP`.

use crate::layout::{Driver, Layout, Step};

/// Fields of the loopback header.
pub mod fields {
    use crate::layout::fields;

    fields! {
        FAMILY = "null.family_octets", "Address family (sender's octet order)", Bytes;
    }
}
use fields::*;

/// Loopback header: an address family in the octet order of the capturing
/// machine (`LINKTYPE_NULL`) or of the network (`LINKTYPE_LOOP`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loopback {
    /// The family as it stands.
    pub family: [u8; 4],
}

impl Loopback {
    /// The address family, whichever way it was written: all in use are small.
    pub fn family(&self) -> u32 {
        let big = u32::from_be_bytes(self.family);
        if big < 0x1_0000 { big } else { big.swap_bytes() }
    }

    /// Whether an IPv6 packet follows, by the numbers of the BSDs, macOS and
    /// Linux.
    pub fn is_ipv6(&self) -> bool {
        matches!(self.family(), 10 | 24 | 28 | 30)
    }

    /// Whether an IPv4 packet follows.
    pub fn is_ipv4(&self) -> bool {
        self.family() == 2
    }
}

impl<'a> Layout<'a> for Loopback {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.array(&FAMILY, &mut self.family)
    }

    fn title(&self) -> &'static str {
        "Null/Loopback"
    }
}
