//! Hop-by-Hop Options and Destination Options headers, RFC 8200 4.3 and 4.6.

use super::options::Ipv6Options;
use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Space, Step};

/// Fields of the options headers.
pub mod fields {
    use crate::layout::fields;

    fields! {
        HOP_NEXT = "ipv6.hopopts.nxt", "Next header", Dec, names crate::ip::proto::NAMES;
        HOP_LEN = "ipv6.hopopts.len", "Length", Dec;
        HOP_LEN_OCTETS = "ipv6.hopopts.len_oct", "Length in octets", Dec;
        DST_NEXT = "ipv6.dstopts.nxt", "Next header", Dec, names crate::ip::proto::NAMES;
        DST_LEN = "ipv6.dstopts.len", "Length", Dec;
        DST_LEN_OCTETS = "ipv6.dstopts.len_oct", "Length in octets", Dec;
    }
}
use fields::*;

macro_rules! options_header {
    ($(#[$doc:meta])* $name:ident, $title:literal, $next:ident, $len:ident, $octets:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name<'a> {
            /// Protocol of the next header.
            pub next: Auto<u8>,
            /// Length in units of 8 octets, not counting the first 8.
            pub len: Auto<u8>,
            /// Options as they stand.
            pub options: Bytes<'a>,
        }

        impl<'a> $name<'a> {
            /// A header around a list of options.
            pub fn new(options: impl Into<Bytes<'a>>) -> Self {
                Self { options: options.into(), ..Self::default() }
            }

            /// Walks the options.
            #[inline]
            pub fn list(&self) -> Ipv6Options<'_> {
                Ipv6Options::new(&self.options)
            }
        }

        impl<'a> Layout<'a> for $name<'a> {
            #[inline]
            fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
                d.auto(&$next, &mut self.next, Fix::Next)?;
                d.auto(&$len, &mut self.len, Fix::Own { unit: 8, less: 1 })?;
                let octets = (usize::from(self.len.get()) + 1) * 8;
                d.derived(&$octets, octets as u64);
                d.limit(octets)?;
                d.area(Space::Ipv6, &mut self.options)
            }

            fn title(&self) -> &'static str {
                $title
            }
        }
    };
}

options_header! {
    /// Hop-by-Hop Options header, RFC 8200 4.3.
    HopByHop, "IPv6 Hop-by-Hop Options", HOP_NEXT, HOP_LEN, HOP_LEN_OCTETS
}
options_header! {
    /// Destination Options header, RFC 8200 4.6.
    DestinationOptions, "Destination Options for IPv6", DST_NEXT, DST_LEN, DST_LEN_OCTETS
}
