//! What each mobility option says after its length octet.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::fields::*;
use crate::codes::OptionFormat;
use crate::layout::{Bytes, Driver, Field, Layout, Space, Step, U24};

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

impl<'a> Layout<'a> for OptionBody<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        match self {
            Self::Unknown(data) => d.rest(&OPTION_DATA, data),
            Self::Pad1 => Ok(()),
            Self::PadN(data) => d.rest(&PADN, data),
            Self::BindingRefreshAdvice { interval } => d.int(&REFRESH_INTERVAL, interval),
            Self::AlternateCareof { address } => d.ipv6(&ALTERNATE_COA, address),
            Self::NonceIndices { home, careof } => {
                d.int(&HOME_INDEX, home)?;
                d.int(&CAREOF_INDEX, careof)
            }
            Self::BindingAuthorization { authenticator } => d.rest(&AUTHENTICATOR, authenticator),
            Self::Prefix { reserved, len, prefix, .. } => {
                d.int(&MNP_RESERVED, reserved)?;
                d.int(&MNP_LEN, len)?;
                d.ipv6(&MNP_PREFIX, prefix)
            }
            Self::LinkLayerAddress { code, address } => {
                d.int(&LLA_CODE_FIELD, code)?;
                d.rest(&LLA, address)
            }
            Self::MobileNodeIdentifier { subtype, identifier } => {
                d.int(&MN_ID_SUBTYPE_FIELD, subtype)?;
                d.rest(&MN_ID, identifier)
            }
            Self::Authentication { subtype, spi, data } => {
                d.int(&AUTH_SUBTYPE_FIELD, subtype)?;
                d.int(&AUTH_SPI, spi)?;
                d.rest(&AUTH_DATA, data)
            }
            Self::ReplayProtection { timestamp } => d.int(&REPLAY_TIMESTAMP, timestamp),
            Self::Opaque { format, data } => d.rest(opaque_field(*format), data),
            Self::DnsUpdate { status, flags, identity } => {
                d.int(&DNS_STATUS_FIELD, status)?;
                d.bits(const { &[&DNS_R, &DNS_RESERVED] }, flags)?;
                d.rest(&DNS_IDENTITY, identity)
            }
            Self::VendorSpecific { vendor, subtype, data } => {
                d.int(&VENDOR, vendor)?;
                d.int(&VENDOR_SUBTYPE, subtype)?;
                d.rest(&VENDOR_DATA, data)
            }
            Self::ServiceSelection { identifier } => d.rest(&SERVICE, identifier),
            Self::FastBindingAuthorization { spi, authenticator } => {
                d.int(&BADF_SPI, spi)?;
                d.rest(&BADF_AUTHENTICATOR, authenticator)
            }
            Self::HandoffIndicator { reserved, indicator } => {
                d.int(&HANDOFF_RESERVED, reserved)?;
                d.int(&HANDOFF_INDICATOR, indicator)
            }
            Self::AccessTechnology { reserved, technology } => {
                d.int(&ATT_RESERVED, reserved)?;
                d.int(&ATT, technology)
            }
            Self::LinkLayerIdentifier { reserved, identifier } => {
                d.int(&LLI_RESERVED, reserved)?;
                d.rest(&LLI, identifier)
            }
            Self::Address { format, address } => match format {
                OptionFormat::ServingMaar => d.ipv6(&MAAR_ADDRESS, address),
                OptionFormat::DlifLinkLocal => d.ipv6(&DLIF_LINK_LOCAL, address),
                _ => d.ipv6(&LINK_LOCAL, address),
            },
            Self::Timestamp { timestamp } => d.int(&TIMESTAMP, timestamp),
            Self::RestartCounter { counter } => d.int(&RESTART_COUNTER, counter),
            Self::Ipv4HomeAddress { flags, address } => {
                d.bits(const { &[&V4HA_LEN, &V4HA_P, &V4HA_RESERVED_BITS] }, flags)?;
                d.ipv4(&V4HA, address)
            }
            Self::Ipv4AddressAcknowledgement { status, len, address } => {
                d.int(&V4AA_STATUS, status)?;
                d.bits(const { &[&V4AA_LEN, &V4AA_RESERVED] }, len)?;
                d.ipv4(&V4HA, address)
            }
            Self::NatDetection { flags, refresh } => {
                d.bits(const { &[&NAT_F, &NAT_RESERVED] }, flags)?;
                d.int(&NAT_REFRESH, refresh)
            }
            Self::Ipv4CareofAddress { reserved, address } => {
                d.int(&V4COA_RESERVED, reserved)?;
                d.ipv4(&V4COA, address)
            }
            Self::GreKey { reserved, key } => {
                d.int(&GRE_RESERVED, reserved)?;
                if D::READING {
                    *key = (d.left() >= 4).then_some(0);
                }
                match key {
                    Some(key) => d.int(&GRE_KEY, key),
                    None => Ok(()),
                }
            }
            Self::Ipv6AddressPrefix { code, len, address } => {
                d.int(&AP_CODE_FIELD, code)?;
                d.int(&AP_LEN, len)?;
                d.ipv6(if *code == 4 { &AP_PREFIX } else { &AP_ADDRESS }, address)
            }
            Self::BindingIdentifier { bid, status, flags, careof } => {
                d.int(&BID, bid)?;
                d.int(&BID_STATUS, status)?;
                d.bits(const { &[&BID_H, &BID_PRIORITY] }, flags)?;
                careof.layout(d, &BID_IPV4, &BID_IPV6)
            }
            Self::Ipv4HomeAddressRequest { flags, address } => {
                d.bits(const { &[&V4REQ_LEN, &V4REQ_RESERVED] }, flags)?;
                d.ipv4(&V4HA, address)
            }
            Self::Ipv4HomeAddressReply { status, len, address } => {
                d.int(&V4REP_STATUS, status)?;
                d.bits(const { &[&V4REP_LEN, &V4REP_RESERVED] }, len)?;
                d.ipv4(&V4HA, address)
            }
            Self::Ipv4DefaultRouter { reserved, address } => {
                d.int(&V4ROUTER_RESERVED, reserved)?;
                d.ipv4(&V4ROUTER, address)
            }
            Self::Ipv4DhcpSupport { flags } => {
                d.bits(const { &[&V4DHCP_RESERVED, &V4DHCP_S] }, flags)
            }
            Self::ContextRequest { reserved, requests } => {
                d.int(&CONTEXT_RESERVED, reserved)?;
                d.area(Space::ContextRequests, requests)
            }
            Self::MobilityAnchorAddress { code, reserved, address } => {
                d.int(&LMA_CODE_FIELD, code)?;
                d.int(&LMA_RESERVED, reserved)?;
                address.layout(d, &LMA_IPV4, &LMA_IPV6)
            }
            Self::InterfaceIdentifier { reserved, identifier } => {
                d.int(&IID_RESERVED, reserved)?;
                d.array(&IID, identifier)
            }
            Self::TransientBinding { flags, lifetime } => {
                d.bits(const { &[&TRANSIENT_RESERVED, &TRANSIENT_L] }, flags)?;
                d.int(&TRANSIENT_LIFETIME, lifetime)
            }
            Self::FlowSummary { ids } => {
                let n = d.left() / 2;
                d.list(&FLOW_SUMMARY_ID, 2, n, ids)
            }
            Self::FlowIdentification { id, priority, reserved, status, options } => {
                d.int(&FLOW_ID, id)?;
                d.int(&FLOW_PRIORITY, priority)?;
                d.int(&FLOW_RESERVED, reserved)?;
                d.int(&FLOW_STATUS, status)?;
                d.area(Space::Flow, options)
            }
            Self::RedirectCapability { reserved } => d.int(&CAPABILITY_RESERVED, reserved),
            Self::Redirect { flags, address } => {
                d.bits(const { &[&REDIRECT_K, &REDIRECT_N, &REDIRECT_RESERVED] }, flags)?;
                address.layout(d, &REDIRECT_IPV4, &REDIRECT_IPV6)
            }
            Self::LoadInformation { priority, sessions, max_sessions, used, max } => {
                d.int(&LOAD_PRIORITY, priority)?;
                d.int(&LOAD_SESSIONS, sessions)?;
                d.int(&LOAD_MAX_SESSIONS, max_sessions)?;
                d.int(&LOAD_USED, used)?;
                d.int(&LOAD_MAX, max)
            }
            Self::AlternateIpv4Careof { address } => d.ipv4(&ALTERNATE_IPV4, address),
            Self::NodeGroupIdentifier { subtype, reserved, id } => {
                d.int(&GROUP_SUBTYPE, subtype)?;
                d.int(&GROUP_RESERVED, reserved)?;
                d.int(&GROUP_ID, id)
            }
            Self::MagAddress { reserved, len, address } => {
                d.int(&MAG_RESERVED, reserved)?;
                d.int(&MAG_LEN, len)?;
                d.ipv6(&MAG_ADDRESS, address)
            }
            Self::AccessNetworkIdentifier { options } => d.area(Space::AccessNetwork, options),
            Self::Ipv4TrafficOffload { flags, options } => {
                d.bits(const { &[&OFFLOAD_M, &OFFLOAD_RESERVED] }, flags)?;
                d.area(Space::Flow, options)
            }
            Self::MulticastSelector { protocol, flags, count, records } => {
                d.int(&SELECTOR_PROTOCOL, protocol)?;
                d.bits(const { &[&SELECTOR_M, &SELECTOR_RESERVED] }, flags)?;
                d.int(&SELECTOR_COUNT, count)?;
                d.rest(&SELECTOR_DATA, records)
            }
            Self::DelegatedPrefix { flags, len, prefix } => {
                d.bits(const { &[&DELEGATED_V, &DELEGATED_RESERVED] }, flags)?;
                d.int(&DELEGATED_LEN, len)?;
                prefix.layout(d, &DELEGATED_IPV4, &DELEGATED_IPV6)
            }
            Self::MulticastSubscription { protocol, context, .. } => {
                d.int(&SUBSCRIPTION_TYPE, protocol)?;
                d.rest(&SUBSCRIPTION_DATA, context)
            }
            Self::QualityOfService { id, class, operation, reserved, attributes } => {
                d.int(&QOS_SR, id)?;
                d.int(&QOS_CLASS, class)?;
                d.int(&QOS_OPERATION, operation)?;
                d.int(&QOS_RESERVED, reserved)?;
                d.rest(&QOS_ATTRIBUTES, attributes)
            }
            Self::UserPlaneAddress { reserved, address } => {
                d.int(&USER_PLANE_RESERVED, reserved)?;
                address.layout(d, &USER_PLANE_IPV4, &USER_PLANE_IPV6)
            }
            Self::Multicast { code, status, data, .. } => {
                d.int(&MULTICAST_CODE, code)?;
                d.int(&MULTICAST_STATUS, status)?;
                d.rest(&MULTICAST_DATA, data)
            }
            Self::MultipathBinding { technology, label, bid, flags } => {
                d.int(&MULTIPATH_ATT, technology)?;
                d.int(&MULTIPATH_LABEL, label)?;
                d.int(&MULTIPATH_BID, bid)?;
                d.bits(const { &[&MULTIPATH_B, &MULTIPATH_O, &MULTIPATH_RESERVED] }, flags)
            }
            Self::MagIdentifier { subtype, reserved, identifier } => {
                d.int(&MAG_ID_SUBTYPE, subtype)?;
                d.int(&MAG_ID_RESERVED, reserved)?;
                d.rest(&MAG_ID, identifier)
            }
            Self::PreviousMaar { reserved, len, address, prefix } => {
                d.int(&MAAR_RESERVED, reserved)?;
                d.int(&MAAR_LEN, len)?;
                d.ipv6(&MAAR_ADDRESS, address)?;
                d.ipv6(&MAAR_PREFIX, prefix)
            }
            Self::DlifLinkLayer { reserved, address } => {
                d.int(&DLIF_RESERVED, reserved)?;
                d.rest(&DLIF_LINK_LAYER, address)
            }
            Self::RequestedLifetime { lifetime } => d.int(&REQUESTED_LIFETIME, lifetime),
            Self::ArAddress { address } => d.ipv6(&AR_ADDRESS, address),
            Self::LkeHmac { hmac } => d.array(&LKE_HMAC, hmac),
            Self::FinishedRequest { flags, nonce } => {
                d.bits(const { &[&FINISHED_R, &FINISHED_RESERVED] }, flags)?;
                d.int(&FINISHED_NONCE, nonce)
            }
        }
    }

    fn title(&self) -> &'static str {
        self.format().title()
    }
}

/// The field over the octets of an option that is nothing else.
fn opaque_field(format: OptionFormat) -> &'static Field {
    match format {
        OptionFormat::CgaParameters => &CGA_PARAMETERS,
        OptionFormat::Signature => &SIGNATURE,
        OptionFormat::PermanentKeygenToken => &PERMANENT_TOKEN,
        OptionFormat::CareofTestOption => &CAREOF_TOKEN,
        OptionFormat::ExperimentalOption => &EXPERIMENTAL,
        OptionFormat::MagParameters => &MAG_PARAMETERS,
        _ => &OPTION_DATA,
    }
}
