//! Rules from RFC 6275.

pub(super) mod discovery;
pub(super) mod header;
pub(super) mod home_address;
pub(super) mod icmpv6;
pub(super) mod message;
pub(super) mod mobile_node;
pub(super) mod option;
pub(super) mod registration;
pub(super) mod routing;

use mip6_wire::codes::MhFormat;

/// The messages that RFC 6275 itself defines; others have rules of their own.
pub(super) fn is_base(format: MhFormat) -> bool {
    use MhFormat as F;
    matches!(
        format,
        F::BindingRefreshRequest
            | F::HomeTestInit
            | F::CareofTestInit
            | F::HomeTest
            | F::CareofTest
            | F::BindingUpdate
            | F::BindingAcknowledgement
            | F::BindingError
    )
}
