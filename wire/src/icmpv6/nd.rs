//! Neighbor Discovery options, RFC 4861 4.6 and the specifications of each.

pub mod fields;
mod list;

pub use list::{NdOptionRef, NdOptions};

use std::net::Ipv6Addr;

use crate::codes::{Codes, NdFormat};
use crate::layout::{Auto, Bytes, Driver, Fix, Halt, Layout, Step, size_of_layout, to_bytes};

use fields::*;

/// One Neighbor Discovery option: type, length in units of 8 octets, body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NdOption<'a> {
    /// ICMPv6 type of the message around, on which the meaning may depend.
    pub within: u8,
    /// Type.
    pub kind: u8,
    /// Length in units of 8 octets, type and length included.
    pub len: Auto<u8>,
    /// What the option says.
    pub body: NdBody<'a>,
    /// Octets of the option behind its format.
    pub extra: Bytes<'a>,
}

/// The body of a Neighbor Discovery option.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields carry the names of their formats")]
pub enum NdBody<'a> {
    /// No format, or octets that do not fit theirs.
    Unknown(Bytes<'a>),
    /// RFC 4861 4.6.1.
    LinkLayer { format: NdFormat, address: Bytes<'a> },
    /// RFC 4861 4.6.2 with the R flag of RFC 6275 7.2; lifetimes in seconds.
    PrefixInformation {
        len: u8,
        flags: u8,
        valid: u32,
        preferred: u32,
        reserved: u32,
        prefix: Ipv6Addr,
    },
    /// RFC 4861 4.6.3.
    RedirectedHeader { reserved: [u8; 6], packet: Bytes<'a> },
    /// RFC 4861 4.6.4.
    Mtu { reserved: u16, mtu: u32 },
    /// RFC 2491 5.3.1.
    ShortcutLimit { limit: u8, reserved: [u8; 5] },
    /// RFC 6275 7.3; in milliseconds.
    AdvertisementInterval { reserved: u16, interval: u32 },
    /// RFC 6275 7.4; lifetime in seconds. Bit 0x8000 of the reserved field is
    /// the R flag of RFC 3963 4.4.
    HomeAgentInformation { reserved: u16, preference: u16, lifetime: u16 },
    /// RFC 3122 3.1.
    AddressList { format: NdFormat, reserved: [u8; 6], addresses: Bytes<'a> },
    /// RFC 3971 5.1.
    Cga { pad: u8, reserved: u8, parameters: Bytes<'a> },
    /// RFC 3971 5.2.
    RsaSignature { reserved: u16, key_hash: [u8; 16], signature: Bytes<'a> },
    /// RFC 3971 5.3.1.
    Timestamp { reserved: [u8; 6], timestamp: u64 },
    /// RFC 3971 5.3.2.
    Nonce { nonce: Bytes<'a> },
    /// RFC 5568 6.4.1.
    AddressPrefix { code: u8, len: u8, reserved: u32, address: Ipv6Addr },
    /// RFC 4068 6.4.2.
    NewRouterPrefix { code: u8, len: u8, reserved: u32, prefix: Ipv6Addr },
    /// RFC 5568 6.4.3.
    LinkLayerCode { code: u8, address: Bytes<'a> },
    /// RFC 5568 6.4.6.
    NeighborAck { code: u8, status: u8, reserved: u32 },
    /// RFC 5380 4.
    AnchorPoint { distance: u8, flags: u8, valid: u32, address: Ipv6Addr },
    /// RFC 4191 2.3; lifetime in seconds, 0, 8 or 16 octets of prefix.
    RouteInformation { len: u8, flags: u8, lifetime: u32, prefix: Bytes<'a> },
    /// RFC 8106 5.1.
    DnsServers { reserved: u16, lifetime: u32, addresses: Bytes<'a> },
    /// RFC 8106 5.2.
    DnsSearchList { reserved: u16, lifetime: u32, names: Bytes<'a> },
    /// RFC 5175 4.
    FlagsExpansion { flags: [u8; 6] },
    /// RFC 8910 2.3.
    CaptivePortal { uri: Bytes<'a> },
    /// RFC 8781 4.
    Pref64 { lifetime_plc: u16, prefix: [u8; 12] },
    /// draft-liu-mobileip-lke-01 3.1.1; lifetime in seconds.
    LkeCapability { max_lifetime: u16, public_key: Bytes<'a> },
    /// draft-liu-mobileip-lke-01 3.1.2 and 3.1.3, 48 octets with the padding
    /// that the figures leave out: behind the HMAC, or in `front` of it.
    DadAuthentication {
        format: NdFormat,
        reserved: u16,
        nonce: u32,
        ar_address: Ipv6Addr,
        front: Bytes<'a>,
        hmac: [u8; 20],
        padding: Bytes<'a>,
    },
}

const EMPTY: Bytes<'static> = Bytes::Borrowed(&[]);
const ANY: Ipv6Addr = Ipv6Addr::UNSPECIFIED;

impl Default for NdBody<'_> {
    fn default() -> Self {
        Self::Unknown(EMPTY)
    }
}

impl NdBody<'_> {
    /// The empty body of a format.
    pub fn blank(format: NdFormat) -> Self {
        use NdFormat as F;
        match format {
            F::SourceLinkLayer | F::TargetLinkLayer => Self::LinkLayer { format, address: EMPTY },
            F::PrefixInformation => Self::PrefixInformation {
                len: 0,
                flags: 0,
                valid: 0,
                preferred: 0,
                reserved: 0,
                prefix: ANY,
            },
            F::RedirectedHeader => Self::RedirectedHeader { reserved: [0; 6], packet: EMPTY },
            F::Mtu => Self::Mtu { reserved: 0, mtu: 0 },
            F::ShortcutLimit => Self::ShortcutLimit { limit: 0, reserved: [0; 5] },
            F::AdvertisementInterval => Self::AdvertisementInterval { reserved: 0, interval: 0 },
            F::HomeAgentInformation => {
                Self::HomeAgentInformation { reserved: 0, preference: 0, lifetime: 0 }
            }
            F::SourceAddressList | F::TargetAddressList => {
                Self::AddressList { format, reserved: [0; 6], addresses: EMPTY }
            }
            F::Cga => Self::Cga { pad: 0, reserved: 0, parameters: EMPTY },
            F::RsaSignature => {
                Self::RsaSignature { reserved: 0, key_hash: [0; 16], signature: EMPTY }
            }
            F::Timestamp => Self::Timestamp { reserved: [0; 6], timestamp: 0 },
            F::Nonce => Self::Nonce { nonce: EMPTY },
            F::AddressPrefix => Self::AddressPrefix { code: 0, len: 0, reserved: 0, address: ANY },
            F::NewRouterPrefix => {
                Self::NewRouterPrefix { code: 0, len: 0, reserved: 0, prefix: ANY }
            }
            F::LinkLayer => Self::LinkLayerCode { code: 0, address: EMPTY },
            F::NeighborAck => Self::NeighborAck { code: 0, status: 0, reserved: 0 },
            F::MobilityAnchorPoint => {
                Self::AnchorPoint { distance: 0, flags: 0, valid: 0, address: ANY }
            }
            F::RouteInformation => {
                Self::RouteInformation { len: 0, flags: 0, lifetime: 0, prefix: EMPTY }
            }
            F::DnsServers => Self::DnsServers { reserved: 0, lifetime: 0, addresses: EMPTY },
            F::DnsSearchList => Self::DnsSearchList { reserved: 0, lifetime: 0, names: EMPTY },
            F::FlagsExpansion => Self::FlagsExpansion { flags: [0; 6] },
            F::CaptivePortal => Self::CaptivePortal { uri: EMPTY },
            F::Pref64 => Self::Pref64 { lifetime_plc: 0, prefix: [0; 12] },
            F::LkeCapability => Self::LkeCapability { max_lifetime: 0, public_key: EMPTY },
            F::DadAuthenticationRequest | F::DadAuthenticationReply => Self::DadAuthentication {
                format,
                reserved: 0,
                nonce: 0,
                ar_address: ANY,
                front: EMPTY,
                hmac: [0; 20],
                padding: EMPTY,
            },
            F::Unknown
            | F::TrustAnchor
            | F::Certificate
            | F::HandoverKeyRequest
            | F::HandoverKeyReply
            | F::HandoverAssist
            | F::MobileNodeIdentifier => Self::default(),
        }
    }
}

impl<'a> Layout<'a> for NdBody<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        match self {
            Self::Unknown(data) => d.rest(&DATA, data),
            Self::LinkLayer { format: NdFormat::SourceLinkLayer, address } => {
                d.rest(&SOURCE_LLA, address)
            }
            Self::LinkLayer { address, .. } => d.rest(&TARGET_LLA, address),
            Self::PrefixInformation { len, flags, valid, preferred, reserved, prefix } => {
                d.int(&PREFIX_LEN, len)?;
                d.bits(
                    const { &[&PREFIX_FLAGS, &PREFIX_L, &PREFIX_A, &PREFIX_R, &PREFIX_RESERVED] },
                    flags,
                )?;
                d.int(&PREFIX_VALID, valid)?;
                d.int(&PREFIX_PREFERRED, preferred)?;
                d.int(&RESERVED, reserved)?;
                d.ipv6(&PREFIX, prefix)
            }
            Self::RedirectedHeader { reserved, packet } => {
                d.array(&RESERVED, reserved)?;
                d.rest(&REDIRECTED, packet)
            }
            Self::Mtu { reserved, mtu } => {
                d.int(&RESERVED, reserved)?;
                d.int(&MTU, mtu)
            }
            Self::ShortcutLimit { limit, reserved } => {
                d.int(&SHORTCUT, limit)?;
                d.array(&RESERVED, reserved)
            }
            Self::AdvertisementInterval { reserved, interval } => {
                d.int(&RESERVED, reserved)?;
                d.int(&INTERVAL, interval)
            }
            Self::HomeAgentInformation { reserved, preference, lifetime } => {
                d.int(&HA_RESERVED, reserved)?;
                d.int(&HA_PREFERENCE, preference)?;
                d.int(&HA_LIFETIME, lifetime)
            }
            Self::AddressList { reserved, addresses, .. } => {
                d.array(&RESERVED, reserved)?;
                let n = d.left() / 16;
                d.list(&ADDRESS_LIST, 16, n, addresses)
            }
            Self::Cga { pad, reserved, parameters } => {
                d.int(&CGA_PAD, pad)?;
                d.int(&CGA_RESERVED, reserved)?;
                d.rest(&CGA, parameters)
            }
            Self::RsaSignature { reserved, key_hash, signature } => {
                d.int(&RESERVED, reserved)?;
                d.array(&KEY_HASH, key_hash)?;
                d.rest(&SIGNATURE, signature)
            }
            Self::Timestamp { reserved, timestamp } => {
                d.array(&RESERVED, reserved)?;
                d.int(&TIMESTAMP, timestamp)
            }
            Self::Nonce { nonce } => d.rest(&NONCE, nonce),
            Self::AddressPrefix { code, len, reserved, address } => {
                d.int(&AP_CODE, code)?;
                d.int(&AP_LEN, len)?;
                d.int(&AP_RESERVED, reserved)?;
                d.ipv6(&AP_ADDRESS, address)
            }
            Self::NewRouterPrefix { code, len, reserved, prefix } => {
                d.int(&NRP_CODE, code)?;
                d.int(&NRP_LEN, len)?;
                d.int(&NRP_RESERVED, reserved)?;
                d.ipv6(&NRP_PREFIX, prefix)
            }
            Self::LinkLayerCode { code, address } => {
                d.int(&LLA_CODE, code)?;
                d.rest(&LLA, address)
            }
            Self::NeighborAck { code, status, reserved } => {
                d.int(&NAACK_CODE, code)?;
                d.int(&NAACK_STATUS, status)?;
                d.int(&RESERVED, reserved)
            }
            Self::AnchorPoint { distance, flags, valid, address } => {
                d.bits(const { &[&MAP_DISTANCE, &MAP_PREFERENCE] }, distance)?;
                d.bits(const { &[&MAP_FLAGS, &MAP_R, &MAP_RESERVED] }, flags)?;
                d.int(&MAP_VALID, valid)?;
                d.ipv6(&MAP_ADDRESS, address)
            }
            Self::RouteInformation { len, flags, lifetime, prefix } => {
                d.int(&PREFIX_LEN, len)?;
                d.bits(const { &[&ROUTE_FLAGS, &ROUTE_PREFERENCE, &ROUTE_RESERVED] }, flags)?;
                d.int(&ROUTE_LIFETIME, lifetime)?;
                d.rest(&PREFIX, prefix)
            }
            Self::DnsServers { reserved, lifetime, addresses } => {
                d.int(&RESERVED, reserved)?;
                d.int(&DNS_LIFETIME, lifetime)?;
                let n = d.left() / 16;
                d.list(&DNS_SERVER, 16, n, addresses)
            }
            Self::DnsSearchList { reserved, lifetime, names } => {
                d.int(&RESERVED, reserved)?;
                d.int(&DNSSL_LIFETIME, lifetime)?;
                d.rest(&DNSSL, names)
            }
            Self::FlagsExpansion { flags } => d.array(&FLAGS_EXPANSION, flags),
            Self::CaptivePortal { uri } => d.rest(&CAPTIVE_PORTAL, uri),
            Self::Pref64 { lifetime_plc, prefix } => {
                d.bits(const { &[&PREF64_LIFETIME, &PREF64_PLC] }, lifetime_plc)?;
                d.array(&PREF64_PREFIX, prefix)
            }
            Self::LkeCapability { max_lifetime, public_key } => {
                d.int(&LKE_MAX_LIFETIME, max_lifetime)?;
                d.rest(&LKE_PUBLIC_KEY, public_key)
            }
            Self::DadAuthentication {
                reserved, nonce, ar_address, front, hmac, padding, ..
            } => {
                d.int(&LKE_RESERVED, reserved)?;
                d.int(&LKE_NONCE, nonce)?;
                d.ipv6(&LKE_AR_ADDRESS, ar_address)?;
                let n = if D::READING {
                    crate::lke::padding_before_hmac(d.peek())
                } else {
                    front.len()
                };
                if n > 0 || d.given(&LKE_FRONT) {
                    d.bytes(&LKE_FRONT, n, front)?;
                }
                d.array(&LKE_HMAC, hmac)?;
                d.rest(&LKE_PADDING, padding)
            }
        }
    }

    fn title(&self) -> &'static str {
        "Neighbor Discovery option body"
    }
}

impl<'a> NdOption<'a> {
    /// An option of type `kind`.
    pub fn new(kind: u8, body: NdBody<'a>) -> Self {
        Self { kind, body, ..Self::default() }
    }

    /// Octets of the option, padded with zeros to a multiple of 8.
    pub fn to_padded(&self, codes: &Codes) -> Vec<u8> {
        let mut option = self.clone();
        let short = size_of_layout(&option, codes) % 8;
        if short > 0 {
            option.extra.to_mut().resize(self.extra.len() + 8 - short, 0);
        }
        to_bytes(&option, codes)
    }
}

impl<'a> Layout<'a> for NdOption<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&TYPE, &mut self.kind)?;
        d.auto(&LEN, &mut self.len, Fix::Own { unit: 8, less: 0 })?;
        if D::READING {
            let units = self.len.get();
            if units == 0 {
                return Err(Halt);
            }
            d.limit(usize::from(units) * 8)?;
            self.body = NdBody::blank(d.codes().nd(self.within, self.kind, units));
        }
        if !d.attempt(&mut self.body) {
            self.body = NdBody::default();
            self.body.layout(d)?;
        }
        d.rest(&EXTRA, &mut self.extra)
    }

    fn title(&self) -> &'static str {
        match &self.body {
            NdBody::Unknown(_) => "Neighbor Discovery option",
            NdBody::LinkLayer { format, .. }
            | NdBody::AddressList { format, .. }
            | NdBody::DadAuthentication { format, .. } => format.title(),
            NdBody::PrefixInformation { .. } => NdFormat::PrefixInformation.title(),
            NdBody::RedirectedHeader { .. } => NdFormat::RedirectedHeader.title(),
            NdBody::Mtu { .. } => NdFormat::Mtu.title(),
            NdBody::ShortcutLimit { .. } => NdFormat::ShortcutLimit.title(),
            NdBody::AdvertisementInterval { .. } => NdFormat::AdvertisementInterval.title(),
            NdBody::HomeAgentInformation { .. } => NdFormat::HomeAgentInformation.title(),
            NdBody::Cga { .. } => NdFormat::Cga.title(),
            NdBody::RsaSignature { .. } => NdFormat::RsaSignature.title(),
            NdBody::Timestamp { .. } => NdFormat::Timestamp.title(),
            NdBody::Nonce { .. } => NdFormat::Nonce.title(),
            NdBody::AddressPrefix { .. } => NdFormat::AddressPrefix.title(),
            NdBody::NewRouterPrefix { .. } => NdFormat::NewRouterPrefix.title(),
            NdBody::LinkLayerCode { .. } => NdFormat::LinkLayer.title(),
            NdBody::NeighborAck { .. } => NdFormat::NeighborAck.title(),
            NdBody::AnchorPoint { .. } => NdFormat::MobilityAnchorPoint.title(),
            NdBody::RouteInformation { .. } => NdFormat::RouteInformation.title(),
            NdBody::DnsServers { .. } => NdFormat::DnsServers.title(),
            NdBody::DnsSearchList { .. } => NdFormat::DnsSearchList.title(),
            NdBody::FlagsExpansion { .. } => NdFormat::FlagsExpansion.title(),
            NdBody::CaptivePortal { .. } => NdFormat::CaptivePortal.title(),
            NdBody::Pref64 { .. } => NdFormat::Pref64.title(),
            NdBody::LkeCapability { .. } => NdFormat::LkeCapability.title(),
        }
    }
}
