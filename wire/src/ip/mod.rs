//! IPv6, its extension headers, and IPv4.

mod ah;
mod esp;
mod ext;
mod fragment;
mod ipv4;
mod ipv6;
pub mod options;
pub mod proto;
mod routing;

pub use ah::{Authentication, fields as ah_fields};
pub use esp::{Esp, fields as esp_fields};
pub use ext::{DestinationOptions, HopByHop, fields as ext_fields};
pub use fragment::{Fragment, fields as fragment_fields};
pub use ipv4::{Ipv4, fields as ipv4_fields};
pub use ipv6::{Ipv6, fields as ipv6_fields};
pub use options::{Ipv6Option, Ipv6Options, Ipv6OptionsBuilder};
pub use routing::{Routing, RoutingBody, fields as routing_fields};

use crate::layout::Field;

/// All fields of IP and its extension headers.
pub fn all_fields() -> impl Iterator<Item = &'static Field> {
    [
        ipv6_fields::FIELDS,
        ext_fields::FIELDS,
        options::fields::FIELDS,
        routing_fields::FIELDS,
        fragment_fields::FIELDS,
        ah_fields::FIELDS,
        esp_fields::FIELDS,
        ipv4_fields::FIELDS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
