//! One sensible example of every message and option.

use std::net::{Ipv4Addr, Ipv6Addr};

use mip6_wire::codes::{MhFormat, NdFormat, OptionFormat};
use mip6_wire::icmpv6::nd::NdBody;
use mip6_wire::layout::{Bytes, U24};
use mip6_wire::mobility::options::AnyAddr;
use mip6_wire::mobility::{AckFlags, HandoverFlags, Message, OptionBody, UpdateFlags};

use crate::build::{
    ACCESS_ROUTER, CAREOF, CORRESPONDENT, HOME, HOME_AGENT, MOBILE_LOCAL, PREVIOUS_CAREOF,
};

/// The home network's IPv4 side.
const HOME_IPV4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 99);
/// The foreign network's IPv4 side.
const CAREOF_IPV4: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 7);
/// The home prefix.
pub const HOME_PREFIX: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0x100, 0, 0, 0, 0);
/// 2026-01-01 as a 64-bit NTP timestamp.
const NTP: u64 = 0xed00_5d80_8000_0000;
/// 2026-01-01 as a timestamp of RFC 3971.
const SEND: u64 = 0x6955_b900_8000;

fn octets(n: u8) -> Bytes<'static> {
    (0..n).map(|i| i.wrapping_mul(29).wrapping_add(3)).collect::<Vec<_>>().into()
}

fn text(s: &'static str) -> Bytes<'static> {
    Bytes::Borrowed(s.as_bytes())
}

/// Every Mobility Header message with a number of its own.
pub fn messages() -> Vec<Message<'static>> {
    let (sequence, lifetime) = (0x1234, 60);
    vec![
        Message::BindingRefreshRequest { reserved: 0 },
        Message::HomeTestInit { reserved: 0, cookie: 0x1122_3344_5566_7788 },
        Message::CareofTestInit { reserved: 0, cookie: 0x99aa_bbcc_ddee_ff00 },
        Message::HomeTest { nonce_index: 3, cookie: 0x1122_3344_5566_7788, token: 0x0102_0304 },
        Message::CareofTest { nonce_index: 4, cookie: 0x99aa_bbcc_ddee_ff00, token: 0x0506_0708 },
        Message::BindingUpdate { sequence, flags: UpdateFlags::A | UpdateFlags::H, lifetime },
        Message::BindingAcknowledgement { status: 0, flags: AckFlags::K, sequence, lifetime },
        Message::BindingError { status: 1, reserved: 0, home_address: HOME },
        Message::FastBindingUpdate { sequence, flags: 0xc0, reserved: 0, lifetime },
        Message::FastBindingAcknowledgement { status: 0, flags: 0, sequence, lifetime },
        Message::FastNeighborAdvertisement { reserved: 0 },
        Message::Opaque { format: MhFormat::Experimental, data: octets(10) },
        Message::HomeAgentSwitch {
            count: 1,
            reserved: 0,
            addresses: HOME_AGENT.octets().to_vec().into(),
        },
        Message::Heartbeat { flags: 1, sequence: 77 },
        Message::HandoverInitiate { sequence, flags: HandoverFlags::S | HandoverFlags::P, code: 0 },
        Message::HandoverAcknowledge { sequence, flags: 0x40, code: 0 },
        Message::BindingRevocation { kind: 1, code: 1, sequence, flags: 0x8000 },
        Message::LocalizedRoutingInitiation { sequence, reserved: 0, lifetime: 300 },
        Message::LocalizedRoutingAcknowledgement { sequence, flags: 0, status: 0, lifetime: 300 },
        Message::UpdateNotification { sequence, reason: 1, flags: 0x8000 },
        Message::UpdateNotificationAcknowledgement { sequence, status: 0, reserved: [0; 3] },
        Message::FlowBinding { kind: 1, sequence, code: 0, flags: 0x80 },
        Message::SubscriptionQuery { sequence: 5, reserved: 0 },
        Message::SubscriptionResponse { sequence: 5, flags: 0x80 },
    ]
}

/// The messages of Local Key Exchange, on the numbers of its draft.
pub fn lke_messages() -> Vec<Message<'static>> {
    vec![
        Message::KeyExchangeRequest { sequence: 9, data: octets(128) },
        Message::KeyExchangeAcknowledgement { status: 0, reserved: 0, sequence: 9, lifetime: 1800 },
        Message::Finished {
            status: 0,
            reserved: 0,
            sequence: 10,
            lifetime: 1800,
            nonce: 0xabcd,
            bare: (&[]).into(),
        },
    ]
}

/// Every mobility option of RFC 6275 and its updates, padding apart.
pub fn options() -> Vec<OptionBody<'static>> {
    use OptionFormat as F;
    vec![
        OptionBody::BindingRefreshAdvice { interval: 30 },
        OptionBody::AlternateCareof { address: CAREOF },
        OptionBody::NonceIndices { home: 3, careof: 4 },
        OptionBody::BindingAuthorization { authenticator: octets(12) },
        OptionBody::Prefix {
            format: F::MobileNetworkPrefix,
            reserved: 0,
            len: 64,
            prefix: HOME_PREFIX,
        },
        OptionBody::LinkLayerAddress { code: 2, address: octets(6) },
        OptionBody::MobileNodeIdentifier { subtype: 1, identifier: text("mn@example.com") },
        OptionBody::Authentication { subtype: 1, spi: 0x1000, data: octets(12) },
        OptionBody::ReplayProtection { timestamp: NTP },
        OptionBody::Opaque { format: F::CgaRequest, data: octets(0) },
        OptionBody::Opaque { format: F::CgaParameters, data: octets(40) },
        OptionBody::Opaque { format: F::Signature, data: octets(64) },
        OptionBody::Opaque { format: F::PermanentKeygenToken, data: octets(16) },
        OptionBody::Opaque { format: F::CareofTestInitOption, data: octets(0) },
        OptionBody::Opaque { format: F::CareofTestOption, data: octets(8) },
        OptionBody::DnsUpdate { status: 0, flags: 0x80, identity: text("mn.example.com") },
        OptionBody::Opaque { format: F::ExperimentalOption, data: octets(4) },
        OptionBody::VendorSpecific { vendor: 32473, subtype: 1, data: octets(4) },
        OptionBody::ServiceSelection { identifier: text("internet") },
        OptionBody::FastBindingAuthorization { spi: 0x1001, authenticator: octets(12) },
        OptionBody::Prefix {
            format: F::HomeNetworkPrefix,
            reserved: 0,
            len: 64,
            prefix: HOME_PREFIX,
        },
        OptionBody::HandoffIndicator { reserved: 0, indicator: 1 },
        OptionBody::AccessTechnology { reserved: 0, technology: 4 },
        OptionBody::LinkLayerIdentifier { reserved: 0, identifier: octets(6) },
        OptionBody::Address { format: F::LinkLocalAddress, address: MOBILE_LOCAL },
        OptionBody::Timestamp { timestamp: SEND },
        OptionBody::RestartCounter { counter: 2 },
        OptionBody::Ipv4HomeAddress { flags: 24 << 10, address: HOME_IPV4 },
        OptionBody::Ipv4AddressAcknowledgement { status: 0, len: 24 << 2, address: HOME_IPV4 },
        OptionBody::NatDetection { flags: 0x8000, refresh: 110 },
        OptionBody::Ipv4CareofAddress { reserved: 0, address: CAREOF_IPV4 },
        OptionBody::GreKey { reserved: 0, key: Some(0x0102_0304) },
        OptionBody::Ipv6AddressPrefix { code: 1, len: 128, address: PREVIOUS_CAREOF },
        OptionBody::BindingIdentifier { bid: 7, status: 0, flags: 0, careof: AnyAddr::V6(CAREOF) },
        OptionBody::Ipv4HomeAddressRequest { flags: 24 << 10, address: HOME_IPV4 },
        OptionBody::Ipv4HomeAddressReply { status: 0, len: 24 << 2, address: HOME_IPV4 },
        OptionBody::Ipv4DefaultRouter { reserved: 0, address: Ipv4Addr::new(192, 0, 2, 1) },
        OptionBody::Ipv4DhcpSupport { flags: 0x8000 },
        OptionBody::ContextRequest { reserved: 0, requests: Bytes::Borrowed(&[22, 0, 26, 0]) },
        OptionBody::MobilityAnchorAddress {
            code: 1,
            reserved: 0,
            address: AnyAddr::V6(HOME_AGENT),
        },
        OptionBody::InterfaceIdentifier { reserved: 0, identifier: [2, 0, 0, 0xff, 0xfe, 0, 0, 9] },
        OptionBody::TransientBinding { flags: 0x80, lifetime: 30 },
        OptionBody::FlowSummary { ids: Bytes::Borrowed(&[0, 1, 0, 2]) },
        OptionBody::FlowIdentification {
            id: 1,
            priority: 10,
            reserved: 0,
            status: 0,
            options: Bytes::Borrowed(&[2, 2, 0, 7]),
        },
        OptionBody::RedirectCapability { reserved: 0 },
        OptionBody::Redirect { flags: 0x8000, address: AnyAddr::V6(HOME_AGENT) },
        OptionBody::LoadInformation {
            priority: 1,
            sessions: 100,
            max_sessions: 1000,
            used: 5000,
            max: 100_000,
        },
        OptionBody::AlternateIpv4Careof { address: CAREOF_IPV4 },
        OptionBody::NodeGroupIdentifier { subtype: 1, reserved: 0, id: 5 },
        OptionBody::MagAddress { reserved: 0, len: 128, address: ACCESS_ROUTER },
        OptionBody::AccessNetworkIdentifier {
            // Network identifier "wlan" at access point "ap1".
            options: Bytes::Borrowed(b"\x01\x0a\x00\x04wlan\x03ap1"),
        },
        OptionBody::Ipv4TrafficOffload { flags: 0, options: Bytes::Borrowed(&[]) },
        OptionBody::MulticastSelector { protocol: 1, flags: 0x80, count: 0, records: octets(0) },
        OptionBody::DelegatedPrefix { flags: 0, len: 56, prefix: AnyAddr::V6(HOME_PREFIX) },
        OptionBody::MulticastSubscription {
            format: F::MulticastSubscriptionIpv4,
            protocol: 1,
            context: octets(8),
        },
        OptionBody::MulticastSubscription {
            format: F::MulticastSubscriptionIpv6,
            protocol: 1,
            context: octets(20),
        },
        OptionBody::QualityOfService {
            id: 1,
            class: 46 << 2,
            operation: 1,
            reserved: U24(0),
            attributes: octets(6),
        },
        OptionBody::UserPlaneAddress { reserved: 0, address: AnyAddr::V6(HOME_AGENT) },
        OptionBody::Multicast { format: F::MulticastMobility, code: 0, status: 0, data: octets(4) },
        OptionBody::Multicast {
            format: F::MulticastAcknowledgement,
            code: 0,
            status: 0,
            data: octets(4),
        },
        OptionBody::Opaque { format: F::MagParameters, data: octets(6) },
        OptionBody::MultipathBinding { technology: 4, label: 1, bid: 2, flags: U24(0x80_0000) },
        OptionBody::MagIdentifier { subtype: 1, reserved: 0, identifier: text("mag1@example.com") },
        OptionBody::Prefix { format: F::AnchoredPrefix, reserved: 0, len: 64, prefix: HOME_PREFIX },
        OptionBody::Prefix { format: F::LocalPrefix, reserved: 0, len: 64, prefix: HOME_PREFIX },
        OptionBody::PreviousMaar {
            reserved: 0,
            len: 64,
            address: ACCESS_ROUTER,
            prefix: HOME_PREFIX,
        },
        OptionBody::Address { format: F::ServingMaar, address: ACCESS_ROUTER },
        OptionBody::Address { format: F::DlifLinkLocal, address: MOBILE_LOCAL },
        OptionBody::DlifLinkLayer { reserved: 0, address: octets(6) },
    ]
}

/// The mobility options of Local Key Exchange and the message each belongs to.
pub fn lke_options() -> Vec<(MhFormat, OptionBody<'static>)> {
    vec![
        (MhFormat::KeyExchangeRequest, OptionBody::RequestedLifetime { lifetime: 1800 }),
        (MhFormat::KeyExchangeAcknowledgement, OptionBody::ArAddress { address: ACCESS_ROUTER }),
        (MhFormat::KeyExchangeAcknowledgement, OptionBody::LkeHmac { hmac: [0x5a; 20] }),
        (
            MhFormat::BindingAcknowledgement,
            OptionBody::FinishedRequest { flags: 0x8000, nonce: 0xabcd },
        ),
    ]
}

/// Every Neighbor Discovery option with a format.
pub fn nd_options() -> Vec<(NdFormat, NdBody<'static>)> {
    use NdFormat as F;
    vec![
        (F::SourceLinkLayer, NdBody::LinkLayer { format: F::SourceLinkLayer, address: octets(6) }),
        (F::TargetLinkLayer, NdBody::LinkLayer { format: F::TargetLinkLayer, address: octets(6) }),
        (F::PrefixInformation, home_prefix(HOME_AGENT)),
        (
            F::RedirectedHeader,
            NdBody::RedirectedHeader { reserved: [0; 6], packet: quoted().into() },
        ),
        (F::Mtu, NdBody::Mtu { reserved: 0, mtu: 1500 }),
        (F::ShortcutLimit, NdBody::ShortcutLimit { limit: 1, reserved: [0; 5] }),
        (F::AdvertisementInterval, NdBody::AdvertisementInterval { reserved: 0, interval: 100 }),
        (
            F::HomeAgentInformation,
            NdBody::HomeAgentInformation { reserved: 0, preference: 10, lifetime: 1800 },
        ),
        (
            F::SourceAddressList,
            NdBody::AddressList {
                format: F::SourceAddressList,
                reserved: [0; 6],
                addresses: CAREOF.octets().to_vec().into(),
            },
        ),
        (
            F::TargetAddressList,
            NdBody::AddressList {
                format: F::TargetAddressList,
                reserved: [0; 6],
                addresses: HOME.octets().to_vec().into(),
            },
        ),
        (F::Cga, NdBody::Cga { pad: 4, reserved: 0, parameters: octets(44) }),
        (
            F::RsaSignature,
            NdBody::RsaSignature { reserved: 0, key_hash: [0x11; 16], signature: octets(20) },
        ),
        (F::Timestamp, NdBody::Timestamp { reserved: [0; 6], timestamp: SEND }),
        (F::Nonce, NdBody::Nonce { nonce: octets(6) }),
        (
            F::AddressPrefix,
            NdBody::AddressPrefix { code: 1, len: 64, reserved: 0, address: PREVIOUS_CAREOF },
        ),
        (
            F::NewRouterPrefix,
            NdBody::NewRouterPrefix { code: 0, len: 64, reserved: 0, prefix: HOME_PREFIX },
        ),
        (F::LinkLayer, NdBody::LinkLayerCode { code: 2, address: octets(6) }),
        (F::NeighborAck, NdBody::NeighborAck { code: 0, status: 1, reserved: 0 }),
        (
            F::MobilityAnchorPoint,
            NdBody::AnchorPoint { distance: 0x1f, flags: 0x80, valid: 3600, address: HOME_AGENT },
        ),
        (
            F::RouteInformation,
            NdBody::RouteInformation {
                len: 64,
                flags: 0x08,
                lifetime: 3600,
                prefix: HOME_PREFIX.octets()[..8].to_vec().into(),
            },
        ),
        (
            F::DnsServers,
            NdBody::DnsServers {
                reserved: 0,
                lifetime: 600,
                addresses: CORRESPONDENT.octets().to_vec().into(),
            },
        ),
        (
            F::DnsSearchList,
            NdBody::DnsSearchList {
                reserved: 0,
                lifetime: 600,
                names: Bytes::Borrowed(b"\x07example\x03com\0"),
            },
        ),
        (F::FlagsExpansion, NdBody::FlagsExpansion { flags: [0; 6] }),
        (F::CaptivePortal, NdBody::CaptivePortal { uri: text("https://example.com/capport/api") }),
        (
            F::Pref64,
            NdBody::Pref64 {
                lifetime_plc: 600,
                prefix: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0],
            },
        ),
    ]
}

/// Prefix Information with L, A and R set and a router's whole address.
pub fn home_prefix(address: Ipv6Addr) -> NdBody<'static> {
    NdBody::PrefixInformation {
        len: 64,
        flags: 0xe0,
        valid: 86_400,
        preferred: 14_400,
        reserved: 0,
        prefix: address,
    }
}

/// The start of a packet as an error quotes it: an IPv6 header and 8 octets.
pub fn quoted() -> Vec<u8> {
    use mip6_wire::codes::RFC6275;
    use mip6_wire::header::{Header, write_packet};
    let payload = Header::Raw(octets(8));
    write_packet(&[crate::build::ip(CAREOF, CORRESPONDENT), payload], &RFC6275)
}
