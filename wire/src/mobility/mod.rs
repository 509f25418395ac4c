//! The Mobility Header (RFC 6275 6.1), its messages and its options.

mod header;
mod message;
pub mod options;
mod status;

pub use header::{Mobility, fields as header_fields};
pub use message::{AckFlags, HandoverFlags, Message, UpdateFlags, fields as message_fields};
pub use options::{MobilityOption, OptionBody};
pub use status::{
    BINDING_ERROR_STATUS, BINDING_REVOCATION_STATUS, BINDING_REVOCATION_TRIGGER, BINDING_STATUS,
    FAST_BINDING_STATUS,
};

use crate::layout::Field;

/// All fields of the Mobility Header, its messages and options.
pub fn all_fields() -> impl Iterator<Item = &'static Field> {
    [
        header_fields::FIELDS,
        message_fields::FIELDS,
        options::fields::FIELDS,
        options::sub_fields::FIELDS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
