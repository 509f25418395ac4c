//! IKEv1 (RFC 2408, 2409, 2407) and IKEv2 (RFC 7296): headers and payload
//! chains. What is encrypted stays opaque.

mod attribute;
mod message;
mod names;
mod payload;
mod proposal;

pub use attribute::{Attribute, AttributeKind, fields as attribute_fields};
pub use message::{IkeMessage, fields as message_fields};
pub use payload::{Payload, PayloadBody, fields as payload_fields, kind};
pub use proposal::{Proposal, Selector, Transform, fields as proposal_fields};

use crate::layout::Field;

/// All fields of IKE.
pub fn all_fields() -> impl Iterator<Item = &'static Field> {
    [
        message_fields::FIELDS,
        payload_fields::FIELDS,
        proposal_fields::FIELDS,
        attribute_fields::FIELDS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
