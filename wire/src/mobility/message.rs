//! Mobility Header messages: what stands between the common header and the
//! options.

pub mod fields;
mod flags;
mod layout;

pub use flags::{AckFlags, HandoverFlags, UpdateFlags};

use std::net::Ipv6Addr;

use crate::codes::{Codes, MhFormat};
use crate::layout::Bytes;

/// A message without its options.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields carry the names of their formats")]
pub enum Message<'a> {
    /// RFC 6275 6.1.2.
    BindingRefreshRequest { reserved: u16 },
    /// RFC 6275 6.1.3.
    HomeTestInit { reserved: u16, cookie: u64 },
    /// RFC 6275 6.1.4.
    CareofTestInit { reserved: u16, cookie: u64 },
    /// RFC 6275 6.1.5.
    HomeTest { nonce_index: u16, cookie: u64, token: u64 },
    /// RFC 6275 6.1.6.
    CareofTest { nonce_index: u16, cookie: u64, token: u64 },
    /// RFC 6275 6.1.7; lifetime in units of 4 seconds.
    BindingUpdate { sequence: u16, flags: UpdateFlags, lifetime: u16 },
    /// RFC 6275 6.1.8; lifetime in units of 4 seconds.
    BindingAcknowledgement { status: u8, flags: AckFlags, sequence: u16, lifetime: u16 },
    /// RFC 6275 6.1.9.
    BindingError { status: u8, reserved: u8, home_address: Ipv6Addr },
    /// RFC 5568 6.2.2; lifetime in seconds, unlike that of a Binding Update (RFC
    /// 4068 6.3.1 had no unit of its own).
    FastBindingUpdate { sequence: u16, flags: u8, reserved: u8, lifetime: u16 },
    /// RFC 5568 6.2.3; lifetime in seconds.
    FastBindingAcknowledgement { status: u8, flags: u8, sequence: u16, lifetime: u16 },
    /// RFC 4068 6.3.3.
    FastNeighborAdvertisement { reserved: u16 },
    /// RFC 5096, and any type without a format.
    Opaque { format: MhFormat, data: Bytes<'a> },
    /// RFC 5142; `count` addresses of 16 octets.
    HomeAgentSwitch { count: u8, reserved: u8, addresses: Bytes<'a> },
    /// RFC 5847 3.3; U is bit 1 and R bit 0 of the flags.
    Heartbeat { flags: u16, sequence: u32 },
    /// RFC 5568 6.2.1.1.
    HandoverInitiate { sequence: u16, flags: HandoverFlags, code: u8 },
    /// RFC 5568 6.2.1.2.
    HandoverAcknowledge { sequence: u16, flags: u8, code: u8 },
    /// RFC 5846 5; `code` is a trigger in an indication, a status in an
    /// acknowledgement.
    BindingRevocation { kind: u8, code: u8, sequence: u16, flags: u16 },
    /// RFC 6705 10.1; lifetime in seconds.
    LocalizedRoutingInitiation { sequence: u16, reserved: u16, lifetime: u16 },
    /// RFC 6705 10.2; lifetime in seconds.
    LocalizedRoutingAcknowledgement { sequence: u16, flags: u8, status: u8, lifetime: u16 },
    /// RFC 7077 4.1.
    UpdateNotification { sequence: u16, reason: u16, flags: u16 },
    /// RFC 7077 4.2.
    UpdateNotificationAcknowledgement { sequence: u16, status: u8, reserved: [u8; 3] },
    /// RFC 7109 6.1; `code` is a trigger in an indication, a status in an
    /// acknowledgement.
    FlowBinding { kind: u16, sequence: u16, code: u8, flags: u8 },
    /// RFC 7161 4.3.1.
    SubscriptionQuery { sequence: u8, reserved: u8 },
    /// RFC 7161 4.3.2.
    SubscriptionResponse { sequence: u8, flags: u8 },
    /// draft-liu-mobileip-lke-01 3.2.1; the data are as long as the modulus of
    /// the access router's RSA key.
    KeyExchangeRequest { sequence: u16, data: Bytes<'a> },
    /// draft-liu-mobileip-lke-01 3.2.2; lifetime in units of 4 seconds.
    KeyExchangeAcknowledgement { status: u8, reserved: u8, sequence: u16, lifetime: u16 },
    /// draft-liu-mobileip-lke-01 3.2.4; lifetime in units of 4 seconds. The bare
    /// authenticator is empty where an option has it.
    Finished { status: u8, reserved: u8, sequence: u16, lifetime: u16, nonce: u32, bare: Bytes<'a> },
}

impl Default for Message<'_> {
    fn default() -> Self {
        Self::Opaque { format: MhFormat::Unknown, data: Bytes::Borrowed(&[]) }
    }
}

impl<'a> Message<'a> {
    /// The empty message of a format. `body` is what follows the common
    /// header: the Key Exchange Request does not say how long its data are.
    #[inline]
    pub fn blank(format: MhFormat, body: &'a [u8], codes: &Codes) -> Self {
        use MhFormat as F;
        match format {
            F::BindingRefreshRequest => Self::BindingRefreshRequest { reserved: 0 },
            F::HomeTestInit => Self::HomeTestInit { reserved: 0, cookie: 0 },
            F::CareofTestInit => Self::CareofTestInit { reserved: 0, cookie: 0 },
            F::HomeTest => Self::HomeTest { nonce_index: 0, cookie: 0, token: 0 },
            F::CareofTest => Self::CareofTest { nonce_index: 0, cookie: 0, token: 0 },
            F::BindingUpdate => {
                Self::BindingUpdate { sequence: 0, flags: UpdateFlags::empty(), lifetime: 0 }
            }
            F::BindingAcknowledgement => Self::BindingAcknowledgement {
                status: 0,
                flags: AckFlags::empty(),
                sequence: 0,
                lifetime: 0,
            },
            F::BindingError => {
                Self::BindingError { status: 0, reserved: 0, home_address: Ipv6Addr::UNSPECIFIED }
            }
            F::FastBindingUpdate => {
                Self::FastBindingUpdate { sequence: 0, flags: 0, reserved: 0, lifetime: 0 }
            }
            F::FastBindingAcknowledgement => {
                Self::FastBindingAcknowledgement { status: 0, flags: 0, sequence: 0, lifetime: 0 }
            }
            F::FastNeighborAdvertisement => Self::FastNeighborAdvertisement { reserved: 0 },
            F::Unknown | F::Experimental => Self::Opaque { format, data: Bytes::Borrowed(&[]) },
            F::HomeAgentSwitch => {
                Self::HomeAgentSwitch { count: 0, reserved: 0, addresses: Bytes::Borrowed(&[]) }
            }
            F::Heartbeat => Self::Heartbeat { flags: 0, sequence: 0 },
            F::HandoverInitiate => {
                Self::HandoverInitiate { sequence: 0, flags: HandoverFlags::empty(), code: 0 }
            }
            F::HandoverAcknowledge => Self::HandoverAcknowledge { sequence: 0, flags: 0, code: 0 },
            F::BindingRevocation => {
                Self::BindingRevocation { kind: 0, code: 0, sequence: 0, flags: 0 }
            }
            F::LocalizedRoutingInitiation => {
                Self::LocalizedRoutingInitiation { sequence: 0, reserved: 0, lifetime: 0 }
            }
            F::LocalizedRoutingAcknowledgement => Self::LocalizedRoutingAcknowledgement {
                sequence: 0,
                flags: 0,
                status: 0,
                lifetime: 0,
            },
            F::UpdateNotification => Self::UpdateNotification { sequence: 0, reason: 0, flags: 0 },
            F::UpdateNotificationAcknowledgement => {
                Self::UpdateNotificationAcknowledgement { sequence: 0, status: 0, reserved: [0; 3] }
            }
            F::FlowBinding => Self::FlowBinding { kind: 0, sequence: 0, code: 0, flags: 0 },
            F::SubscriptionQuery => Self::SubscriptionQuery { sequence: 0, reserved: 0 },
            F::SubscriptionResponse => Self::SubscriptionResponse { sequence: 0, flags: 0 },
            F::KeyExchangeRequest => Self::KeyExchangeRequest {
                sequence: 0,
                data: Bytes::Borrowed(crate::lke::key_exchange_data(body, codes)),
            },
            F::KeyExchangeAcknowledgement => Self::KeyExchangeAcknowledgement {
                status: 0,
                reserved: 0,
                sequence: 0,
                lifetime: 0,
            },
            F::Finished => {
                let bare = Bytes::Borrowed(crate::lke::bare_authenticator(body));
                Self::Finished { status: 0, reserved: 0, sequence: 0, lifetime: 0, nonce: 0, bare }
            }
        }
    }

    /// Which message it is.
    #[inline]
    pub fn format(&self) -> MhFormat {
        use MhFormat as F;
        match self {
            Self::BindingRefreshRequest { .. } => F::BindingRefreshRequest,
            Self::HomeTestInit { .. } => F::HomeTestInit,
            Self::CareofTestInit { .. } => F::CareofTestInit,
            Self::HomeTest { .. } => F::HomeTest,
            Self::CareofTest { .. } => F::CareofTest,
            Self::BindingUpdate { .. } => F::BindingUpdate,
            Self::BindingAcknowledgement { .. } => F::BindingAcknowledgement,
            Self::BindingError { .. } => F::BindingError,
            Self::FastBindingUpdate { .. } => F::FastBindingUpdate,
            Self::FastBindingAcknowledgement { .. } => F::FastBindingAcknowledgement,
            Self::FastNeighborAdvertisement { .. } => F::FastNeighborAdvertisement,
            Self::Opaque { format, .. } => *format,
            Self::HomeAgentSwitch { .. } => F::HomeAgentSwitch,
            Self::Heartbeat { .. } => F::Heartbeat,
            Self::HandoverInitiate { .. } => F::HandoverInitiate,
            Self::HandoverAcknowledge { .. } => F::HandoverAcknowledge,
            Self::BindingRevocation { .. } => F::BindingRevocation,
            Self::LocalizedRoutingInitiation { .. } => F::LocalizedRoutingInitiation,
            Self::LocalizedRoutingAcknowledgement { .. } => F::LocalizedRoutingAcknowledgement,
            Self::UpdateNotification { .. } => F::UpdateNotification,
            Self::UpdateNotificationAcknowledgement { .. } => F::UpdateNotificationAcknowledgement,
            Self::FlowBinding { .. } => F::FlowBinding,
            Self::SubscriptionQuery { .. } => F::SubscriptionQuery,
            Self::SubscriptionResponse { .. } => F::SubscriptionResponse,
            Self::KeyExchangeRequest { .. } => F::KeyExchangeRequest,
            Self::KeyExchangeAcknowledgement { .. } => F::KeyExchangeAcknowledgement,
            Self::Finished { .. } => F::Finished,
        }
    }
}
