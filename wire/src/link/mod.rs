//! Link layers: Ethernet and VLAN tags, Linux cooked capture, BSD loopback.

mod cooked;
mod ethernet;
mod null;

pub use cooked::{CookedV1, CookedV2, fields as cooked_fields};
pub use ethernet::{Ethernet, Vlan, ethertype, fields as ethernet_fields};
pub use null::{Loopback, fields as null_fields};

use crate::layout::Field;

/// All fields of the link layers.
pub fn all_fields() -> impl Iterator<Item = &'static Field> {
    [ethernet_fields::FIELDS, cooked_fields::FIELDS, null_fields::FIELDS]
        .into_iter()
        .flatten()
        .copied()
}
