//! Wire formats of Mobile IPv6 and what surrounds it.
//!
//! Every format is declared once, as a [`layout::Layout`]; reading, writing,
//! sizing and the names of fields come from that declaration. Unknown values
//! keep their number, reserved bits are data, padding and option order
//! survive: octets that decode re-encode to the same octets. A length or
//! checksum that is not set is computed, one that is set is sent as given.
//!
//! Nothing here knows a clock, a socket, a file or a key.
//!
//! ```
//! use mip6_wire::codes::RFC6275;
//! use mip6_wire::layout::Reader;
//! use mip6_wire::mobility::{Message, Mobility, UpdateFlags};
//!
//! // A Binding Update: sequence 7, A and H, lifetime 60 units of 4 seconds.
//! let octets = [59, 1, 5, 0, 0, 0, 0, 7, 0xc0, 0, 0, 60, 1, 2, 0, 0];
//! let mut reader = Reader::new(&octets, octets.len(), &RFC6275);
//! let mobility: Mobility = reader.read().unwrap();
//! assert_eq!(
//!     mobility.message,
//!     Message::BindingUpdate {
//!         sequence: 7,
//!         flags: UpdateFlags::A | UpdateFlags::H,
//!         lifetime: 60,
//!     }
//! );
//! ```
//!
//! ```
//! use mip6_wire::codes::RFC6275;
//! use mip6_wire::header::{Header, write_packet};
//! use mip6_wire::ip::Ipv6;
//! use mip6_wire::mobility::{Message, Mobility};
//!
//! let packet = write_packet(
//!     &[
//!         Header::Ipv6(Ipv6::new("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap())),
//!         Header::Mobility(Mobility::new(0, Message::BindingRefreshRequest { reserved: 0 }, &[][..])),
//!     ],
//!     &RFC6275,
//! );
//! assert_eq!(packet.len(), 48);
//! ```

#![forbid(unsafe_code)]

pub mod checksum;
pub mod codes;
pub mod dhcpv6;
pub mod header;
pub mod icmpv6;
pub mod ike;
pub mod ip;
pub mod items;
pub mod layout;
pub mod link;
pub mod lke;
pub mod mobility;
pub mod names;
mod options;
pub mod transport;

/// Every field of every format here.
pub fn all_fields() -> impl Iterator<Item = &'static layout::Field> {
    link::all_fields()
        .chain(ip::all_fields())
        .chain(transport::all_fields())
        .chain(icmpv6::all_fields())
        .chain(mobility::all_fields())
        .chain(ike::all_fields())
        .chain(dhcpv6::all_fields())
        .chain(std::iter::once(&layout::UNREAD))
}
