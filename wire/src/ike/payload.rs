//! IKE payloads: the generic header and the body of each type.

use super::AttributeKind;
use super::names;
use crate::layout::{Auto, Bytes, Driver, Field, Fix, Halt, Layout, Space, Step};

/// Fields of payloads.
pub mod fields {
    use super::names;
    use crate::layout::fields;

    fields! {
        TYPE = "isakmp.typepayload", "Payload", Dec, names names::PAYLOADS;
        NEXT = "isakmp.nextpayload", "Next payload", Dec, names names::PAYLOADS;
        CRITICAL = "isakmp.criticalpayload", "Critical", Bool, mask 0x80;
        RESERVED7 = "isakmp.reserved7", "Reserved", Hex, mask 0x7f;
        RESERVED = "isakmp.reserved", "Reserved", Bytes;
        LEN = "isakmp.payloadlength", "Payload length", Dec;
        DATA = "isakmp.datapayload", "Payload data", Bytes;

        SA_DOI = "isakmp.sa.doi", "Domain of interpretation", Dec;
        SA_SITUATION = "isakmp.sa.situation", "Situation", Bytes;
        KE_GROUP = "isakmp.key_exchange.dh_group", "Diffie-Hellman group", Dec, names names::GROUPS;
        KE_DATA = "isakmp.key_exchange.data", "Key exchange data", Bytes;
        ID_TYPE = "isakmp.id.type", "ID type", Dec, names names::IDENTITIES;
        ID_PROTOCOL = "isakmp.id.protoid", "Protocol ID", Dec;
        ID_PORT = "isakmp.id.port", "Port", Dec;
        ID_IPV4 = "isakmp.id.data.ipv4_addr", "Identification", Ipv4;
        ID_IPV6 = "isakmp.id.data.ipv6_addr", "Identification", Ipv6;
        ID_FQDN = "isakmp.id.data.fqdn", "Identification", Text;
        ID_USER_FQDN = "isakmp.id.data.user_fqdn", "Identification", Text;
        ID_KEY = "isakmp.id.data.key_id", "Identification", Bytes;
        ID_DATA = "isakmp.id.data.octets", "Identification", Bytes;
        CERT_ENCODING = "isakmp.cert.encoding", "Certificate encoding", Dec;
        CERT_DATA = "isakmp.cert.octets", "Certificate", Bytes;
        CERTREQ_TYPE = "isakmp.certreq.type", "Certificate type", Dec;
        CERTREQ_DATA = "isakmp.certreq.octets", "Certificate authority", Bytes;
        AUTH_METHOD = "isakmp.auth.method", "Authentication method", Dec, names names::AUTH_METHODS;
        AUTH_DATA = "isakmp.auth.data", "Authentication data", Bytes;
        HASH = "isakmp.hash", "Hash", Bytes;
        SIGNATURE = "isakmp.sig", "Signature", Bytes;
        NONCE = "isakmp.nonce", "Nonce", Bytes;
        NOTIFY_DOI = "isakmp.notify.doi", "Domain of interpretation", Dec;
        NOTIFY_PROTOCOL = "isakmp.notify.protoid", "Protocol ID", Dec, names names::PROTOCOLS;
        SPI_SIZE = "isakmp.spisize", "SPI size", Dec;
        SPI = "isakmp.spi", "SPI", Bytes;
        NOTIFY_TYPE = "isakmp.notify.msgtype", "Notify message type", Dec, names names::NOTIFICATIONS;
        NOTIFY_DATA = "isakmp.notify.data", "Notification data", Bytes;
        DELETE_DOI = "isakmp.delete.doi", "Domain of interpretation", Dec;
        DELETE_PROTOCOL = "isakmp.delete.protoid", "Protocol ID", Dec, names names::PROTOCOLS;
        DELETE_COUNT = "isakmp.spinum", "Number of SPIs", Dec;
        DELETE_SPI = "isakmp.delete.spi", "Deleted SPI", Bytes;
        VENDOR = "isakmp.vid_bytes", "Vendor ID", Bytes;
        SELECTORS = "isakmp.ts.number", "Number of traffic selectors", Dec;
        ENCRYPTED = "isakmp.enc.octets", "Initialization vector, ciphertext and checksum", Bytes;
        FRAGMENT = "isakmp.frag.number", "Fragment number", Dec;
        FRAGMENTS = "isakmp.frag.total", "Total fragments", Dec;
        CFG_TYPE = "isakmp.cfg.type", "Type", Dec, names names::CONFIGURATION;
        CFG_ID = "isakmp.cfg.identifier", "Identifier", Dec;
        EAP = "isakmp.eap.data", "EAP message", Bytes;
        NAT_HASH = "isakmp.ike.nat_hash", "Hash of address and port", Bytes;
    }
}
use fields::*;

/// Payload types.
#[allow(missing_docs, reason = "the names of RFC 2408 3.1 and RFC 7296 3.2")]
pub mod kind {
    pub const V1_SA: u8 = 1;
    pub const V1_PROPOSAL: u8 = 2;
    pub const V1_TRANSFORM: u8 = 3;
    pub const V1_KEY_EXCHANGE: u8 = 4;
    pub const V1_IDENTIFICATION: u8 = 5;
    pub const V1_CERTIFICATE: u8 = 6;
    pub const V1_CERTIFICATE_REQUEST: u8 = 7;
    pub const V1_HASH: u8 = 8;
    pub const V1_SIGNATURE: u8 = 9;
    pub const V1_NONCE: u8 = 10;
    pub const V1_NOTIFICATION: u8 = 11;
    pub const V1_DELETE: u8 = 12;
    pub const V1_VENDOR: u8 = 13;
    pub const V1_ATTRIBUTE: u8 = 14;
    pub const V1_NAT_DISCOVERY: u8 = 20;
    pub const V1_NAT_DISCOVERY_DRAFT: u8 = 130;
    pub const SA: u8 = 33;
    pub const KEY_EXCHANGE: u8 = 34;
    pub const ID_INITIATOR: u8 = 35;
    pub const ID_RESPONDER: u8 = 36;
    pub const CERTIFICATE: u8 = 37;
    pub const CERTIFICATE_REQUEST: u8 = 38;
    pub const AUTHENTICATION: u8 = 39;
    pub const NONCE: u8 = 40;
    pub const NOTIFY: u8 = 41;
    pub const DELETE: u8 = 42;
    pub const VENDOR: u8 = 43;
    pub const TS_INITIATOR: u8 = 44;
    pub const TS_RESPONDER: u8 = 45;
    pub const ENCRYPTED: u8 = 46;
    pub const CONFIGURATION: u8 = 47;
    pub const EAP: u8 = 48;
    pub const ENCRYPTED_FRAGMENT: u8 = 53;
}

/// One payload: generic header and body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload<'a> {
    /// Type of this payload; the payload in front of it says so.
    pub kind: u8,
    /// Major version of the message.
    pub major: u8,
    /// Type of the next payload, 0 for none.
    pub next: u8,
    /// Reserved in IKEv1; the critical bit and 7 reserved ones in IKEv2.
    pub flags: u8,
    /// Octets of generic header and body.
    pub len: Auto<u16>,
    /// What the type defines.
    pub body: PayloadBody<'a>,
    /// Octets of the payload behind its format.
    pub extra: Bytes<'a>,
}

/// The body of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields carry the names of their formats")]
pub enum PayloadBody<'a> {
    /// Octets under one field: hash, signature, nonce and the like, or a type
    /// without a format.
    Opaque { kind: u8, data: Bytes<'a> },
    /// RFC 2407 4.6.1 and RFC 2408 3.4.
    V1Sa { doi: u32, situation: u32, proposals: Bytes<'a> },
    /// RFC 7296 3.3.
    Sa { proposals: Bytes<'a> },
    /// RFC 7296 3.4.
    KeyExchange { group: u16, reserved: u16, data: Bytes<'a> },
    /// RFC 2407 4.6.2.
    V1Identification { kind: u8, protocol: u8, port: u16, data: Bytes<'a> },
    /// RFC 7296 3.5.
    Identification { kind: u8, reserved: [u8; 3], data: Bytes<'a> },
    /// RFC 2408 3.9 and RFC 7296 3.6.
    Certificate { encoding: u8, data: Bytes<'a> },
    /// RFC 2408 3.10 and RFC 7296 3.7.
    CertificateRequest { encoding: u8, data: Bytes<'a> },
    /// RFC 7296 3.8.
    Authentication { method: u8, reserved: [u8; 3], data: Bytes<'a> },
    /// RFC 2408 3.14 with `doi`, RFC 7296 3.10 without.
    Notify {
        doi: Option<u32>,
        protocol: u8,
        spi_size: u8,
        kind: u16,
        spi: Bytes<'a>,
        data: Bytes<'a>,
    },
    /// RFC 2408 3.15 with `doi`, RFC 7296 3.11 without.
    Delete { doi: Option<u32>, protocol: u8, spi_size: u8, count: u16, spis: Bytes<'a> },
    /// RFC 7296 3.13.
    Selectors { count: u8, reserved: [u8; 3], selectors: Bytes<'a> },
    /// RFC 7383 2.5.
    EncryptedFragment { number: u16, total: u16, data: Bytes<'a> },
    /// RFC 7296 3.15, and the configuration method of IKEv1 with `identifier`.
    Configuration { kind: u8, reserved: u8, identifier: u16, attributes: Bytes<'a> },
}

const EMPTY: Bytes<'static> = Bytes::Borrowed(&[]);

impl Default for PayloadBody<'_> {
    fn default() -> Self {
        Self::Opaque { kind: 0, data: EMPTY }
    }
}

impl PayloadBody<'_> {
    fn blank(kind: u8) -> Self {
        match kind {
            kind::V1_SA => Self::V1Sa { doi: 0, situation: 0, proposals: EMPTY },
            kind::SA => Self::Sa { proposals: EMPTY },
            kind::KEY_EXCHANGE => Self::KeyExchange { group: 0, reserved: 0, data: EMPTY },
            kind::V1_IDENTIFICATION => {
                Self::V1Identification { kind: 0, protocol: 0, port: 0, data: EMPTY }
            }
            kind::ID_INITIATOR | kind::ID_RESPONDER => {
                Self::Identification { kind: 0, reserved: [0; 3], data: EMPTY }
            }
            kind::V1_CERTIFICATE | kind::CERTIFICATE => {
                Self::Certificate { encoding: 0, data: EMPTY }
            }
            kind::V1_CERTIFICATE_REQUEST | kind::CERTIFICATE_REQUEST => {
                Self::CertificateRequest { encoding: 0, data: EMPTY }
            }
            kind::AUTHENTICATION => {
                Self::Authentication { method: 0, reserved: [0; 3], data: EMPTY }
            }
            kind::V1_NOTIFICATION | kind::NOTIFY => Self::Notify {
                doi: (kind == kind::V1_NOTIFICATION).then_some(0),
                protocol: 0,
                spi_size: 0,
                kind: 0,
                spi: EMPTY,
                data: EMPTY,
            },
            kind::V1_DELETE | kind::DELETE => Self::Delete {
                doi: (kind == kind::V1_DELETE).then_some(0),
                protocol: 0,
                spi_size: 0,
                count: 0,
                spis: EMPTY,
            },
            kind::TS_INITIATOR | kind::TS_RESPONDER => {
                Self::Selectors { count: 0, reserved: [0; 3], selectors: EMPTY }
            }
            kind::ENCRYPTED_FRAGMENT => {
                Self::EncryptedFragment { number: 0, total: 0, data: EMPTY }
            }
            kind::V1_ATTRIBUTE | kind::CONFIGURATION => {
                Self::Configuration { kind: 0, reserved: 0, identifier: 0, attributes: EMPTY }
            }
            _ => Self::Opaque { kind, data: EMPTY },
        }
    }
}

/// The field over the octets of a payload that is nothing else.
fn opaque_field(kind: u8) -> &'static Field {
    match kind {
        kind::V1_KEY_EXCHANGE => &KE_DATA,
        kind::V1_HASH => &HASH,
        kind::V1_SIGNATURE => &SIGNATURE,
        kind::V1_NONCE | kind::NONCE => &NONCE,
        kind::V1_VENDOR | kind::VENDOR => &VENDOR,
        kind::V1_NAT_DISCOVERY | kind::V1_NAT_DISCOVERY_DRAFT => &NAT_HASH,
        kind::ENCRYPTED => &ENCRYPTED,
        kind::EAP => &EAP,
        _ => &DATA,
    }
}

/// The field over an identification of a type.
fn identity_field(kind: u8, octets: usize) -> &'static Field {
    match (kind, octets) {
        (1, 4) => &ID_IPV4,
        (5, 16) => &ID_IPV6,
        (2, _) => &ID_FQDN,
        (3, _) => &ID_USER_FQDN,
        (11, _) => &ID_KEY,
        _ => &ID_DATA,
    }
}

impl<'a> Layout<'a> for PayloadBody<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        match self {
            Self::Opaque { kind, data } => d.rest(opaque_field(*kind), data),
            Self::V1Sa { doi, situation, proposals } => {
                d.int(&SA_DOI, doi)?;
                d.int(&SA_SITUATION, situation)?;
                d.area(Space::IkeProposals { major: 1 }, proposals)
            }
            Self::Sa { proposals } => d.area(Space::IkeProposals { major: 2 }, proposals),
            Self::KeyExchange { group, reserved, data } => {
                d.int(&KE_GROUP, group)?;
                d.int(&RESERVED, reserved)?;
                d.rest(&KE_DATA, data)
            }
            Self::V1Identification { kind, protocol, port, data } => {
                d.int(&ID_TYPE, kind)?;
                d.int(&ID_PROTOCOL, protocol)?;
                d.int(&ID_PORT, port)?;
                d.rest(identity_field(*kind, d.left()), data)
            }
            Self::Identification { kind, reserved, data } => {
                d.int(&ID_TYPE, kind)?;
                d.array(&RESERVED, reserved)?;
                d.rest(identity_field(*kind, d.left()), data)
            }
            Self::Certificate { encoding, data } => {
                d.int(&CERT_ENCODING, encoding)?;
                d.rest(&CERT_DATA, data)
            }
            Self::CertificateRequest { encoding, data } => {
                d.int(&CERTREQ_TYPE, encoding)?;
                d.rest(&CERTREQ_DATA, data)
            }
            Self::Authentication { method, reserved, data } => {
                d.int(&AUTH_METHOD, method)?;
                d.array(&RESERVED, reserved)?;
                d.rest(&AUTH_DATA, data)
            }
            Self::Notify { doi, protocol, spi_size, kind, spi, data } => {
                if let Some(doi) = doi {
                    d.int(&NOTIFY_DOI, doi)?;
                }
                d.int(&NOTIFY_PROTOCOL, protocol)?;
                d.int(&SPI_SIZE, spi_size)?;
                d.int(&NOTIFY_TYPE, kind)?;
                d.bytes(&SPI, usize::from(*spi_size), spi)?;
                d.rest(&NOTIFY_DATA, data)
            }
            Self::Delete { doi, protocol, spi_size, count, spis } => {
                if let Some(doi) = doi {
                    d.int(&DELETE_DOI, doi)?;
                }
                d.int(&DELETE_PROTOCOL, protocol)?;
                d.int(&SPI_SIZE, spi_size)?;
                d.int(&DELETE_COUNT, count)?;
                let each = usize::from(*spi_size).max(1);
                let n = if *spi_size == 0 { 0 } else { usize::from(*count) };
                d.list(&DELETE_SPI, each, n, spis)
            }
            Self::Selectors { count, reserved, selectors } => {
                d.int(&SELECTORS, count)?;
                d.array(&RESERVED, reserved)?;
                d.area(Space::IkeSelectors, selectors)
            }
            Self::EncryptedFragment { number, total, data } => {
                d.int(&FRAGMENT, number)?;
                d.int(&FRAGMENTS, total)?;
                d.rest(&ENCRYPTED, data)
            }
            Self::Configuration { kind, reserved, identifier, attributes } => {
                d.int(&CFG_TYPE, kind)?;
                d.int(&RESERVED, reserved)?;
                d.int(&CFG_ID, identifier)?;
                d.area(Space::IkeAttributes(AttributeKind::Configuration), attributes)
            }
        }
    }

    fn title(&self) -> &'static str {
        "Payload body"
    }
}

impl<'a> Layout<'a> for Payload<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.derived(&TYPE, u64::from(self.kind));
        d.int(&NEXT, &mut self.next)?;
        if self.major == 1 {
            d.int(&RESERVED, &mut self.flags)?;
        } else {
            d.bits(const { &[&CRITICAL, &RESERVED7] }, &mut self.flags)?;
        }
        d.auto(&LEN, &mut self.len, Fix::Own { unit: 1, less: 0 })?;
        if D::READING {
            if self.len.get() < 4 {
                return Err(Halt);
            }
            d.limit(usize::from(self.len.get()))?;
            self.body = PayloadBody::blank(self.kind);
        }
        if !d.attempt(&mut self.body) {
            self.body = PayloadBody::default();
            self.body.layout(d)?;
        }
        d.rest(&DATA, &mut self.extra)
    }

    fn title(&self) -> &'static str {
        TYPE.name_of(u64::from(self.kind)).unwrap_or("Unknown payload")
    }
}
