//! What each mobility option says after its length octet.

mod layout;

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::codes::OptionFormat;
use crate::layout::{Bytes, Driver, Field, Step, U24};

/// The body of a mobility option.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields carry the names of their formats")]
pub enum OptionBody<'a> {
    /// No format, or octets that do not fit theirs.
    Unknown(Bytes<'a>),
    /// RFC 6275 6.2.2: nothing, not even a length.
    Pad1,
    /// RFC 6275 6.2.3.
    PadN(Bytes<'a>),
    /// RFC 6275 6.2.4; in units of 4 seconds.
    BindingRefreshAdvice { interval: u16 },
    /// RFC 6275 6.2.5.
    AlternateCareof { address: Ipv6Addr },
    /// RFC 6275 6.2.6.
    NonceIndices { home: u16, careof: u16 },
    /// RFC 6275 6.2.7.
    BindingAuthorization { authenticator: Bytes<'a> },
    /// RFC 3963 4.3, RFC 5213 8.3, RFC 8885 4.3 and 4.4: one layout, `format`
    /// tells which.
    Prefix { format: OptionFormat, reserved: u8, len: u8, prefix: Ipv6Addr },
    /// RFC 5568 6.4.3.
    LinkLayerAddress { code: u8, address: Bytes<'a> },
    /// RFC 4283 3.
    MobileNodeIdentifier { subtype: u8, identifier: Bytes<'a> },
    /// RFC 4285 5.
    Authentication { subtype: u8, spi: u32, data: Bytes<'a> },
    /// RFC 4285 6: NTP timestamp.
    ReplayProtection { timestamp: u64 },
    /// Options that are nothing but octets, or nothing at all: RFC 4866 5, RFC
    /// 5096, RFC 8127.
    Opaque { format: OptionFormat, data: Bytes<'a> },
    /// RFC 5026 8.1.
    DnsUpdate { status: u8, flags: u8, identity: Bytes<'a> },
    /// RFC 5094.
    VendorSpecific { vendor: u32, subtype: u8, data: Bytes<'a> },
    /// RFC 5149 3.
    ServiceSelection { identifier: Bytes<'a> },
    /// RFC 5568 6.4.5; the length octet counts the authenticator alone.
    FastBindingAuthorization { spi: u32, authenticator: Bytes<'a> },
    /// RFC 5213 8.4.
    HandoffIndicator { reserved: u8, indicator: u8 },
    /// RFC 5213 8.5.
    AccessTechnology { reserved: u8, technology: u8 },
    /// RFC 5213 8.6.
    LinkLayerIdentifier { reserved: u16, identifier: Bytes<'a> },
    /// RFC 5213 8.7, RFC 8885 4.6 and 4.7.
    Address { format: OptionFormat, address: Ipv6Addr },
    /// RFC 5213 8.8: 48 bits of seconds since 1970, 16 bits of fraction.
    Timestamp { timestamp: u64 },
    /// RFC 5847 3.4.
    RestartCounter { counter: u32 },
    /// RFC 5555 3.1.1: 6 bits of prefix length, P, 9 reserved bits.
    Ipv4HomeAddress { flags: u16, address: Ipv4Addr },
    /// RFC 5555 3.2.1: 6 bits of prefix length, 2 reserved bits.
    Ipv4AddressAcknowledgement { status: u8, len: u8, address: Ipv4Addr },
    /// RFC 5555 3.2.2.
    NatDetection { flags: u16, refresh: u32 },
    /// RFC 5555 3.1.2.
    Ipv4CareofAddress { reserved: u16, address: Ipv4Addr },
    /// RFC 5845 6.4; the key may be absent.
    GreKey { reserved: u16, key: Option<u32> },
    /// RFC 5568 6.4.2; code 4 makes the address a prefix.
    Ipv6AddressPrefix { code: u8, len: u8, address: Ipv6Addr },
    /// RFC 5648 4.1, RFC 6089 4.1.
    BindingIdentifier { bid: u16, status: u8, flags: u8, careof: AnyAddr },
    /// RFC 5844 3.3.1.
    Ipv4HomeAddressRequest { flags: u16, address: Ipv4Addr },
    /// RFC 5844 3.3.2.
    Ipv4HomeAddressReply { status: u8, len: u8, address: Ipv4Addr },
    /// RFC 5844 3.3.3.
    Ipv4DefaultRouter { reserved: u16, address: Ipv4Addr },
    /// RFC 5844 3.3.4.
    Ipv4DhcpSupport { flags: u16 },
    /// RFC 5949 6.2.1; requests of type, length and data.
    ContextRequest { reserved: u16, requests: Bytes<'a> },
    /// RFC 5949 6.2.2.
    MobilityAnchorAddress { code: u8, reserved: u8, address: AnyAddr },
    /// RFC 5949 6.2.3.
    InterfaceIdentifier { reserved: u16, identifier: [u8; 8] },
    /// RFC 6058 4.5; lifetime in units of 100 ms.
    TransientBinding { flags: u8, lifetime: u8 },
    /// RFC 6089 4.3; flow identifiers of 16 bits.
    FlowSummary { ids: Bytes<'a> },
    /// RFC 6089 4.2.
    FlowIdentification { id: u16, priority: u16, reserved: u8, status: u8, options: Bytes<'a> },
    /// RFC 6463 4.1.
    RedirectCapability { reserved: u16 },
    /// RFC 6463 4.2.
    Redirect { flags: u16, address: AnyAddr },
    /// RFC 6463 4.3.
    LoadInformation { priority: u16, sessions: u32, max_sessions: u32, used: u32, max: u32 },
    /// RFC 6463 4.4.
    AlternateIpv4Careof { address: Ipv4Addr },
    /// RFC 6602 4.2.
    NodeGroupIdentifier { subtype: u8, reserved: u8, id: u32 },
    /// RFC 6705 11.1.
    MagAddress { reserved: u8, len: u8, address: Ipv6Addr },
    /// RFC 6757 3.
    AccessNetworkIdentifier { options: Bytes<'a> },
    /// RFC 6909 4.
    Ipv4TrafficOffload { flags: u32, options: Bytes<'a> },
    /// RFC 7028 5.
    MulticastSelector { protocol: u8, flags: u8, count: u16, records: Bytes<'a> },
    /// RFC 7148 4.
    DelegatedPrefix { flags: u8, len: u8, prefix: AnyAddr },
    /// RFC 7161 4.1.
    MulticastSubscription { format: OptionFormat, protocol: u8, context: Bytes<'a> },
    /// RFC 7222 4.1.
    QualityOfService { id: u8, class: u8, operation: u8, reserved: U24, attributes: Bytes<'a> },
    /// RFC 7389 4.1.
    UserPlaneAddress { reserved: u16, address: AnyAddr },
    /// RFC 7411 5.3 and 5.4; the length octet counts words of `data`.
    Multicast { format: OptionFormat, code: u8, status: u8, data: Bytes<'a> },
    /// RFC 8278 4.1.
    MultipathBinding { technology: u8, label: u8, bid: u8, flags: U24 },
    /// RFC 8278 4.2.
    MagIdentifier { subtype: u8, reserved: u8, identifier: Bytes<'a> },
    /// RFC 8885 4.5.
    PreviousMaar { reserved: u8, len: u8, address: Ipv6Addr, prefix: Ipv6Addr },
    /// RFC 8885 4.8.
    DlifLinkLayer { reserved: u16, address: Bytes<'a> },
    /// draft-liu-mobileip-lke-01 3.2.1; the draft gives no unit.
    RequestedLifetime { lifetime: u16 },
    /// draft-liu-mobileip-lke-01 3.2.2.
    ArAddress { address: Ipv6Addr },
    /// draft-liu-mobileip-lke-01 3.2.2.
    LkeHmac { hmac: [u8; 20] },
    /// draft-liu-mobileip-lke-01 3.2.3.
    FinishedRequest { flags: u16, nonce: u32 },
}

/// An address whose family follows from the length around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnyAddr {
    /// No address.
    #[default]
    None,
    /// 4 octets.
    V4(Ipv4Addr),
    /// 16 octets.
    V6(Ipv6Addr),
}

impl AnyAddr {
    fn layout<'a, D: Driver<'a>>(
        &mut self,
        d: &mut D,
        v4: &'static Field,
        v6: &'static Field,
    ) -> Step {
        if D::READING {
            *self = match d.left() {
                16.. => Self::V6(Ipv6Addr::UNSPECIFIED),
                4.. => Self::V4(Ipv4Addr::UNSPECIFIED),
                _ => Self::None,
            };
        }
        // A value for the other family changes the family.
        match self {
            Self::None | Self::V4(_) if d.given(v6) => *self = Self::V6(Ipv6Addr::UNSPECIFIED),
            Self::None | Self::V6(_) if d.given(v4) => *self = Self::V4(Ipv4Addr::UNSPECIFIED),
            _ => {}
        }
        match self {
            Self::None => Ok(()),
            Self::V4(a) => d.ipv4(v4, a),
            Self::V6(a) => d.ipv6(v6, a),
        }
    }
}

const EMPTY: Bytes<'static> = Bytes::Borrowed(&[]);
const ANY6: Ipv6Addr = Ipv6Addr::UNSPECIFIED;
const ANY4: Ipv4Addr = Ipv4Addr::UNSPECIFIED;

impl Default for OptionBody<'_> {
    fn default() -> Self {
        Self::Unknown(EMPTY)
    }
}

impl OptionBody<'_> {
    /// The empty body of a format.
    pub fn blank(format: OptionFormat) -> Self {
        use OptionFormat as F;
        match format {
            F::Unknown => Self::Unknown(EMPTY),
            F::Pad1 => Self::Pad1,
            F::PadN => Self::PadN(EMPTY),
            F::BindingRefreshAdvice => Self::BindingRefreshAdvice { interval: 0 },
            F::AlternateCareof => Self::AlternateCareof { address: ANY6 },
            F::NonceIndices => Self::NonceIndices { home: 0, careof: 0 },
            F::BindingAuthorization => Self::BindingAuthorization { authenticator: EMPTY },
            F::MobileNetworkPrefix | F::HomeNetworkPrefix | F::AnchoredPrefix | F::LocalPrefix => {
                Self::Prefix { format, reserved: 0, len: 0, prefix: ANY6 }
            }
            F::LinkLayerAddress => Self::LinkLayerAddress { code: 0, address: EMPTY },
            F::MobileNodeIdentifier => Self::MobileNodeIdentifier { subtype: 0, identifier: EMPTY },
            F::Authentication => Self::Authentication { subtype: 0, spi: 0, data: EMPTY },
            F::ReplayProtection => Self::ReplayProtection { timestamp: 0 },
            F::CgaRequest
            | F::CgaParameters
            | F::Signature
            | F::PermanentKeygenToken
            | F::CareofTestInitOption
            | F::CareofTestOption
            | F::ExperimentalOption
            | F::MagParameters => Self::Opaque { format, data: EMPTY },
            F::DnsUpdate => Self::DnsUpdate { status: 0, flags: 0, identity: EMPTY },
            F::VendorSpecific => Self::VendorSpecific { vendor: 0, subtype: 0, data: EMPTY },
            F::ServiceSelection => Self::ServiceSelection { identifier: EMPTY },
            F::FastBindingAuthorization => {
                Self::FastBindingAuthorization { spi: 0, authenticator: EMPTY }
            }
            F::HandoffIndicator => Self::HandoffIndicator { reserved: 0, indicator: 0 },
            F::AccessTechnology => Self::AccessTechnology { reserved: 0, technology: 0 },
            F::LinkLayerIdentifier => Self::LinkLayerIdentifier { reserved: 0, identifier: EMPTY },
            F::LinkLocalAddress | F::ServingMaar | F::DlifLinkLocal => {
                Self::Address { format, address: ANY6 }
            }
            F::Timestamp => Self::Timestamp { timestamp: 0 },
            F::RestartCounter => Self::RestartCounter { counter: 0 },
            F::Ipv4HomeAddress => Self::Ipv4HomeAddress { flags: 0, address: ANY4 },
            F::Ipv4AddressAcknowledgement => {
                Self::Ipv4AddressAcknowledgement { status: 0, len: 0, address: ANY4 }
            }
            F::NatDetection => Self::NatDetection { flags: 0, refresh: 0 },
            F::Ipv4CareofAddress => Self::Ipv4CareofAddress { reserved: 0, address: ANY4 },
            F::GreKey => Self::GreKey { reserved: 0, key: None },
            F::Ipv6AddressPrefix => Self::Ipv6AddressPrefix { code: 0, len: 0, address: ANY6 },
            F::BindingIdentifier => {
                Self::BindingIdentifier { bid: 0, status: 0, flags: 0, careof: AnyAddr::None }
            }
            F::Ipv4HomeAddressRequest => Self::Ipv4HomeAddressRequest { flags: 0, address: ANY4 },
            F::Ipv4HomeAddressReply => {
                Self::Ipv4HomeAddressReply { status: 0, len: 0, address: ANY4 }
            }
            F::Ipv4DefaultRouter => Self::Ipv4DefaultRouter { reserved: 0, address: ANY4 },
            F::Ipv4DhcpSupport => Self::Ipv4DhcpSupport { flags: 0 },
            F::ContextRequest => Self::ContextRequest { reserved: 0, requests: EMPTY },
            F::MobilityAnchorAddress => {
                Self::MobilityAnchorAddress { code: 0, reserved: 0, address: AnyAddr::None }
            }
            F::InterfaceIdentifier => Self::InterfaceIdentifier { reserved: 0, identifier: [0; 8] },
            F::TransientBinding => Self::TransientBinding { flags: 0, lifetime: 0 },
            F::FlowSummary => Self::FlowSummary { ids: EMPTY },
            F::FlowIdentification => Self::FlowIdentification {
                id: 0,
                priority: 0,
                reserved: 0,
                status: 0,
                options: EMPTY,
            },
            F::RedirectCapability => Self::RedirectCapability { reserved: 0 },
            F::Redirect => Self::Redirect { flags: 0, address: AnyAddr::None },
            F::LoadInformation => {
                Self::LoadInformation { priority: 0, sessions: 0, max_sessions: 0, used: 0, max: 0 }
            }
            F::AlternateIpv4Careof => Self::AlternateIpv4Careof { address: ANY4 },
            F::NodeGroupIdentifier => Self::NodeGroupIdentifier { subtype: 0, reserved: 0, id: 0 },
            F::MagAddress => Self::MagAddress { reserved: 0, len: 0, address: ANY6 },
            F::AccessNetworkIdentifier => Self::AccessNetworkIdentifier { options: EMPTY },
            F::Ipv4TrafficOffload => Self::Ipv4TrafficOffload { flags: 0, options: EMPTY },
            F::MulticastSelector => {
                Self::MulticastSelector { protocol: 0, flags: 0, count: 0, records: EMPTY }
            }
            F::DelegatedPrefix => Self::DelegatedPrefix { flags: 0, len: 0, prefix: AnyAddr::None },
            F::MulticastSubscriptionIpv4 | F::MulticastSubscriptionIpv6 => {
                Self::MulticastSubscription { format, protocol: 0, context: EMPTY }
            }
            F::QualityOfService => Self::QualityOfService {
                id: 0,
                class: 0,
                operation: 0,
                reserved: U24(0),
                attributes: EMPTY,
            },
            F::UserPlaneAddress => Self::UserPlaneAddress { reserved: 0, address: AnyAddr::None },
            F::MulticastMobility | F::MulticastAcknowledgement => {
                Self::Multicast { format, code: 0, status: 0, data: EMPTY }
            }
            F::MultipathBinding => {
                Self::MultipathBinding { technology: 0, label: 0, bid: 0, flags: U24(0) }
            }
            F::MagIdentifier => Self::MagIdentifier { subtype: 0, reserved: 0, identifier: EMPTY },
            F::PreviousMaar => {
                Self::PreviousMaar { reserved: 0, len: 0, address: ANY6, prefix: ANY6 }
            }
            F::DlifLinkLayer => Self::DlifLinkLayer { reserved: 0, address: EMPTY },
            F::RequestedLifetime => Self::RequestedLifetime { lifetime: 0 },
            F::ArAddress => Self::ArAddress { address: ANY6 },
            F::LkeHmac => Self::LkeHmac { hmac: [0; 20] },
            F::FinishedRequest => Self::FinishedRequest { flags: 0, nonce: 0 },
        }
    }

    /// Which option it is.
    pub fn format(&self) -> OptionFormat {
        use OptionFormat as F;
        match self {
            Self::Unknown(_) => F::Unknown,
            Self::Pad1 => F::Pad1,
            Self::PadN(_) => F::PadN,
            Self::BindingRefreshAdvice { .. } => F::BindingRefreshAdvice,
            Self::AlternateCareof { .. } => F::AlternateCareof,
            Self::NonceIndices { .. } => F::NonceIndices,
            Self::BindingAuthorization { .. } => F::BindingAuthorization,
            Self::LinkLayerAddress { .. } => F::LinkLayerAddress,
            Self::MobileNodeIdentifier { .. } => F::MobileNodeIdentifier,
            Self::Authentication { .. } => F::Authentication,
            Self::ReplayProtection { .. } => F::ReplayProtection,
            Self::Prefix { format, .. }
            | Self::Opaque { format, .. }
            | Self::Address { format, .. }
            | Self::MulticastSubscription { format, .. }
            | Self::Multicast { format, .. } => *format,
            Self::DnsUpdate { .. } => F::DnsUpdate,
            Self::VendorSpecific { .. } => F::VendorSpecific,
            Self::ServiceSelection { .. } => F::ServiceSelection,
            Self::FastBindingAuthorization { .. } => F::FastBindingAuthorization,
            Self::HandoffIndicator { .. } => F::HandoffIndicator,
            Self::AccessTechnology { .. } => F::AccessTechnology,
            Self::LinkLayerIdentifier { .. } => F::LinkLayerIdentifier,
            Self::Timestamp { .. } => F::Timestamp,
            Self::RestartCounter { .. } => F::RestartCounter,
            Self::Ipv4HomeAddress { .. } => F::Ipv4HomeAddress,
            Self::Ipv4AddressAcknowledgement { .. } => F::Ipv4AddressAcknowledgement,
            Self::NatDetection { .. } => F::NatDetection,
            Self::Ipv4CareofAddress { .. } => F::Ipv4CareofAddress,
            Self::GreKey { .. } => F::GreKey,
            Self::Ipv6AddressPrefix { .. } => F::Ipv6AddressPrefix,
            Self::BindingIdentifier { .. } => F::BindingIdentifier,
            Self::Ipv4HomeAddressRequest { .. } => F::Ipv4HomeAddressRequest,
            Self::Ipv4HomeAddressReply { .. } => F::Ipv4HomeAddressReply,
            Self::Ipv4DefaultRouter { .. } => F::Ipv4DefaultRouter,
            Self::Ipv4DhcpSupport { .. } => F::Ipv4DhcpSupport,
            Self::ContextRequest { .. } => F::ContextRequest,
            Self::MobilityAnchorAddress { .. } => F::MobilityAnchorAddress,
            Self::InterfaceIdentifier { .. } => F::InterfaceIdentifier,
            Self::TransientBinding { .. } => F::TransientBinding,
            Self::FlowSummary { .. } => F::FlowSummary,
            Self::FlowIdentification { .. } => F::FlowIdentification,
            Self::RedirectCapability { .. } => F::RedirectCapability,
            Self::Redirect { .. } => F::Redirect,
            Self::LoadInformation { .. } => F::LoadInformation,
            Self::AlternateIpv4Careof { .. } => F::AlternateIpv4Careof,
            Self::NodeGroupIdentifier { .. } => F::NodeGroupIdentifier,
            Self::MagAddress { .. } => F::MagAddress,
            Self::AccessNetworkIdentifier { .. } => F::AccessNetworkIdentifier,
            Self::Ipv4TrafficOffload { .. } => F::Ipv4TrafficOffload,
            Self::MulticastSelector { .. } => F::MulticastSelector,
            Self::DelegatedPrefix { .. } => F::DelegatedPrefix,
            Self::QualityOfService { .. } => F::QualityOfService,
            Self::UserPlaneAddress { .. } => F::UserPlaneAddress,
            Self::MultipathBinding { .. } => F::MultipathBinding,
            Self::MagIdentifier { .. } => F::MagIdentifier,
            Self::PreviousMaar { .. } => F::PreviousMaar,
            Self::DlifLinkLayer { .. } => F::DlifLinkLayer,
            Self::RequestedLifetime { .. } => F::RequestedLifetime,
            Self::ArAddress { .. } => F::ArAddress,
            Self::LkeHmac { .. } => F::LkeHmac,
            Self::FinishedRequest { .. } => F::FinishedRequest,
        }
    }
}
