//! ICMPv6: errors, echo, Neighbor Discovery, the four Mobile IPv6 messages,
//! Multicast Listener Discovery.

mod message;
pub mod mld;
pub mod nd;

pub use message::{Icmpv6, Icmpv6Body, NaFlags, RaFlags, fields, kind};

use crate::layout::Field;

/// All fields of ICMPv6.
pub fn all_fields() -> impl Iterator<Item = &'static Field> {
    [fields::FIELDS, mld::fields::FIELDS, nd::fields::FIELDS].into_iter().flatten().copied()
}
