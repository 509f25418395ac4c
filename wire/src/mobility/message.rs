//! Mobility Header messages: what stands between the common header and the
//! options.

use std::net::Ipv6Addr;

use bitflags::bitflags;

use crate::codes::MhFormat;
use crate::layout::{Bytes, Driver, Layout, Step, flag_word};

/// Fields of the messages.
pub mod fields {
    use super::super::status::*;
    use crate::layout::{Names, fields};

    static BR_TYPE: Names =
        &[(1, "Binding Revocation Indication"), (2, "Binding Revocation Acknowledgement")];
    static FB_TYPE: Names = &[(1, "Flow Binding Indication"), (2, "Flow Binding Acknowledgement")];
    static LRA_STATUS: Names =
        &[(0, "Success"), (128, "Localized routing not allowed"), (129, "MN not attached")];
    static UPN_REASON: Names = &[
        (0, "Reserved"),
        (1, "Force re-registration"),
        (2, "Update session parameters"),
        (3, "Vendor specific reason"),
        (4, "ANI parameters requested"),
        (5, "QoS service request"),
        (8, "Flow mobility"),
    ];
    static UPA_STATUS: Names = &[
        (0, "Success"),
        (128, "Failed to update session parameters"),
        (129, "Missing vendor specific option"),
        (130, "Cannot meet QoS service request"),
    ];

    fields! {
        BRR_RESERVED = "mip6.binding_refresh_request", "Reserved", Bytes;

        HOTI_RESERVED = "mip6.hoti.reserved", "Reserved", Hex;
        HOTI_COOKIE = "mip6.hoti.cookie", "Home Init Cookie", Hex;
        COTI_RESERVED = "mip6.coti.reserved", "Reserved", Hex;
        COTI_COOKIE = "mip6.coti.cookie", "Care-of Init Cookie", Hex;
        HOT_INDEX = "mip6.hot.nindex", "Home Nonce Index", Dec;
        HOT_COOKIE = "mip6.hot.cookie", "Home Init Cookie", Hex;
        HOT_TOKEN = "mip6.hot.token", "Home Keygen Token", Hex;
        COT_INDEX = "mip6.cot.nindex", "Care-of Nonce Index", Dec;
        COT_COOKIE = "mip6.cot.cookie", "Care-of Init Cookie", Hex;
        COT_TOKEN = "mip6.cot.token", "Care-of Keygen Token", Hex;

        BU_SEQUENCE = "mip6.bu.seqnr", "Sequence number", Dec;
        BU_A = "mip6.bu.a_flag", "Acknowledge (A)", Bool, mask 0x8000;
        BU_H = "mip6.bu.h_flag", "Home Registration (H)", Bool, mask 0x4000;
        BU_L = "mip6.bu.l_flag", "Link-Local Address Compatibility (L)", Bool, mask 0x2000;
        BU_K = "mip6.bu.k_flag", "Key Management Mobility Capability (K)", Bool, mask 0x1000;
        BU_M = "mip6.bu.m_flag", "MAP Registration (M)", Bool, mask 0x0800;
        BU_R = "mip6.nemo.bu.r_flag", "Mobile Router (R)", Bool, mask 0x0400;
        BU_P = "mip6.bu.p_flag", "Proxy Registration (P)", Bool, mask 0x0200;
        BU_F = "mip6.bu.f_flag", "Forcing UDP encapsulation (F)", Bool, mask 0x0100;
        BU_T = "mip6.bu.t_flag", "TLV-header format (T)", Bool, mask 0x0080;
        BU_B = "mip6.bu.b_flag", "Bulk Binding Update (B)", Bool, mask 0x0040;
        BU_S = "mip6.bu.s_flag", "Multicast Signaling (S)", Bool, mask 0x0020;
        BU_D = "mip6.bu.d_flag", "Distributed Mobility (D)", Bool, mask 0x0010;
        BU_RESERVED = "mip6.bu.reserved", "Reserved", Hex, mask 0x000f;
        BU_LIFETIME = "mip6.bu.lifetime", "Lifetime (4 s units)", Dec;

        BA_STATUS = "mip6.ba.status", "Status", Dec, names BINDING_STATUS;
        BA_K = "mip6.ba.k_flag", "Key Management Mobility Capability (K)", Bool, mask 0x80;
        BA_R = "mip6.nemo.ba.r_flag", "Mobile Router (R)", Bool, mask 0x40;
        BA_P = "mip6.ba.p_flag", "Proxy Registration (P)", Bool, mask 0x20;
        BA_T = "mip6.ba.t_flag", "TLV-header format (T)", Bool, mask 0x10;
        BA_B = "mip6.ba.b_flag", "Bulk Binding Update (B)", Bool, mask 0x08;
        BA_S = "mip6.ba.s_flag", "Multicast Signaling (S)", Bool, mask 0x04;
        BA_D = "mip6.ba.d_flag", "Distributed Mobility (D)", Bool, mask 0x02;
        BA_RESERVED = "mip6.ba.reserved", "Reserved", Hex, mask 0x01;
        BA_SEQUENCE = "mip6.ba.seqnr", "Sequence number", Dec;
        BA_LIFETIME = "mip6.ba.lifetime", "Lifetime (4 s units)", Dec;

        BE_STATUS = "mip6.be.status", "Status", Dec, names BINDING_ERROR_STATUS;
        BE_RESERVED = "mip6.be.reserved", "Reserved", Hex;
        BE_HOME_ADDRESS = "mip6.be.haddr", "Home Address", Ipv6;

        FBU_SEQUENCE = "mip6.fbu.seqnr", "Sequence number", Dec;
        FBU_A = "mip6.fbu.a_flag", "Acknowledge (A)", Bool, mask 0x80;
        FBU_H = "mip6.fbu.h_flag", "Home Registration (H)", Bool, mask 0x40;
        FBU_L = "mip6.fbu.l_flag", "Link-Local Address Compatibility (L)", Bool, mask 0x20;
        FBU_K = "mip6.fbu.k_flag", "Key Management Mobility Capability (K)", Bool, mask 0x10;
        FBU_RESERVED_BITS = "mip6.fbu.reserved_bits", "Reserved", Hex, mask 0x0f;
        FBU_RESERVED = "mip6.fbu.reserved", "Reserved", Hex;
        FBU_LIFETIME = "mip6.fbu.lifetime", "Lifetime (s)", Dec;

        FBACK_STATUS = "mip6.fback.status", "Status", Dec, names FAST_BINDING_STATUS;
        FBACK_K = "mip6.fback.k_flag", "Key Management Mobility Capability (K)", Bool, mask 0x80;
        FBACK_RESERVED = "mip6.fback.reserved", "Reserved", Hex, mask 0x7f;
        FBACK_SEQUENCE = "mip6.fback.seqnr", "Sequence number", Dec;
        FBACK_LIFETIME = "mip6.fback.lifetime", "Lifetime (s)", Dec;

        FNA_RESERVED = "mip6.fast_neighbor_advertisement", "Reserved", Bytes;
        MESSAGE_DATA = "mip6.unknown_type_data", "Message data", Bytes;

        HAS_COUNT = "mip6.has.num_addrs", "Number of addresses", Dec;
        HAS_RESERVED = "mip6.has.reserved", "Reserved", Hex;
        HAS_ADDRESS = "mip6.has.address", "Home agent address", Ipv6;

        HB_RESERVED = "mip6.hb.reserved", "Reserved", Hex, mask 0xfffc;
        HB_U = "mip6.hb.u_flag", "Unsolicited (U)", Bool, mask 0x2;
        HB_R = "mip6.hb.r_flag", "Response (R)", Bool, mask 0x1;
        HB_SEQUENCE = "mip6.hb.seqnr", "Sequence number", Dec;

        HI_SEQUENCE = "mip6.hi.seqnr", "Sequence number", Dec;
        HI_S = "mip6.hi.s_flag", "Assigned address configuration (S)", Bool, mask 0x80;
        HI_U = "mip6.hi.u_flag", "Buffer (U)", Bool, mask 0x40;
        HI_P = "mip6.hi.p_flag", "Proxy (P)", Bool, mask 0x20;
        HI_F = "mip6.hi.f_flag", "Forwarding (F)", Bool, mask 0x10;
        HI_RESERVED = "mip6.hi.reserved_bits", "Reserved", Hex, mask 0x0f;
        HI_CODE = "mip6.hi.code", "Code", Dec;
        HACK_SEQUENCE = "mip6.hack.seqnr", "Sequence number", Dec;
        HACK_U = "mip6.hack.u_flag", "Buffer (U)", Bool, mask 0x80;
        HACK_P = "mip6.hack.p_flag", "Proxy (P)", Bool, mask 0x40;
        HACK_F = "mip6.hack.f_flag", "Forwarding (F)", Bool, mask 0x20;
        HACK_RESERVED = "mip6.hack.reserved_bits", "Reserved", Hex, mask 0x1f;
        HACK_CODE = "mip6.hack.code", "Code", Dec;

        BR_KIND = "mip6.bri_br.type", "Binding revocation type", Dec, names BR_TYPE;
        BRI_TRIGGER = "mip6.bri_r.trigger", "Revocation trigger", Dec, names BINDING_REVOCATION_TRIGGER;
        BRA_STATUS = "mip6.bri_status", "Status", Dec, names BINDING_REVOCATION_STATUS;
        BR_SEQUENCE = "mip6.bri_seqnr", "Sequence number", Dec;
        BRI_P = "mip6.bri_ip", "Proxy Binding (P)", Bool, mask 0x8000;
        BRI_V = "mip6.bri_iv", "IPv4 HoA Binding Only (V)", Bool, mask 0x4000;
        BRI_G = "mip6.bri_ig", "Global (G)", Bool, mask 0x2000;
        BRA_P = "mip6.bri_ap", "Proxy Binding (P)", Bool, mask 0x8000;
        BRA_V = "mip6.bri_av", "IPv4 HoA Binding Only (V)", Bool, mask 0x4000;
        BRA_G = "mip6.bri_ag", "Global (G)", Bool, mask 0x2000;
        BR_RESERVED = "mip6.bri_res", "Reserved", Hex, mask 0x1fff;

        LRI_SEQUENCE = "mip6.lri.sequence", "Sequence number", Dec;
        LRI_RESERVED = "mip6.lri.reserved", "Reserved", Hex;
        LRI_LIFETIME = "mip6.lri.lifetime", "Lifetime (s)", Hex;
        LRA_SEQUENCE = "mip6.lra.sequence", "Sequence number", Dec;
        LRA_U = "mip6.lri.unsolicited", "Unsolicited (U)", Bool, mask 0x80;
        LRA_RESERVED = "mip6.lra.reserved", "Reserved", Hex, mask 0x7f;
        LRA_STATUS_FIELD = "mip6.lra.status", "Status", Dec, names LRA_STATUS;
        LRA_LIFETIME = "mip6.lra.lifetime", "Lifetime (s)", Hex;

        UPN_SEQUENCE = "mip6.upn.seqnr", "Sequence number", Dec;
        UPN_REASON_FIELD = "mip6.upn.reason", "Notification reason", Dec, names UPN_REASON;
        UPN_A = "mip6.upn.a_flag", "Acknowledgement requested (A)", Bool, mask 0x8000;
        UPN_D = "mip6.upn.d_flag", "Retransmission (D)", Bool, mask 0x4000;
        UPN_RESERVED = "mip6.upn.reserved", "Reserved", Hex, mask 0x3fff;
        UPA_SEQUENCE = "mip6.upa.seqnr", "Sequence number", Dec;
        UPA_STATUS_FIELD = "mip6.upa.status", "Status", Dec, names UPA_STATUS;
        UPA_RESERVED = "mip6.upa.reserved", "Reserved", Hex;

        FB_KIND = "mip6.fb.type", "Flow binding type", Dec, names FB_TYPE;
        FB_SEQUENCE = "mip6.fb.seqnr", "Sequence number", Dec;
        FB_TRIGGER = "mip6.fb.trigger", "Trigger", Dec;
        FB_STATUS = "mip6.fb.status", "Status", Dec;
        FB_A = "mip6.fb.a_flag", "Acknowledge (A)", Bool, mask 0x80;
        FB_RESERVED = "mip6.fb.reserved", "Reserved", Hex, mask 0x7f;

        SQ_SEQUENCE = "mip6.subq.seqnr", "Sequence number", Dec;
        SQ_RESERVED = "mip6.subq.reserved", "Reserved", Hex;
        SR_SEQUENCE = "mip6.subr.seqnr", "Sequence number", Dec;
        SR_I = "mip6.subr.i_flag", "Multicast Information (I)", Bool, mask 0x80;
        SR_RESERVED = "mip6.subr.reserved", "Reserved", Hex, mask 0x7f;

        KER_SEQUENCE = "lke.ker.seqnr", "Sequence number", Dec;
        KER_DATA = "lke.ker.data", "Key exchange data", Bytes;
        KEA_STATUS = "lke.kea.status", "Status", Dec, names BINDING_STATUS;
        KEA_RESERVED = "lke.kea.reserved", "Reserved", Hex;
        KEA_SEQUENCE = "lke.kea.seqnr", "Sequence number", Dec;
        KEA_LIFETIME = "lke.kea.lifetime", "Lifetime (4 s units)", Dec;
        FIN_STATUS = "lke.fin.status", "Status", Dec, names BINDING_STATUS;
        FIN_RESERVED = "lke.fin.reserved", "Reserved", Hex;
        FIN_SEQUENCE = "lke.fin.seqnr", "Sequence number", Dec;
        FIN_LIFETIME = "lke.fin.lifetime", "Lifetime (4 s units)", Dec;
        FIN_NONCE = "lke.fin.nonce", "Nonce", Hex;
    }
}
use fields::*;

bitflags! {
    /// Flags of a Binding Update: RFC 6275 6.1.7 and the registry.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct UpdateFlags: u16 {
        /// Acknowledge.
        const A = 0x8000;
        /// Home Registration.
        const H = 0x4000;
        /// Link-Local Address Compatibility.
        const L = 0x2000;
        /// Key Management Mobility Capability.
        const K = 0x1000;
        /// MAP Registration, RFC 5380.
        const M = 0x0800;
        /// Mobile Router, RFC 3963.
        const R = 0x0400;
        /// Proxy Registration, RFC 5213.
        const P = 0x0200;
        /// Forcing UDP encapsulation, RFC 5555.
        const F = 0x0100;
        /// TLV-header format, RFC 5845.
        const T = 0x0080;
        /// Bulk Binding Update, RFC 6602.
        const B = 0x0040;
        /// Multicast Signaling, RFC 7161.
        const S = 0x0020;
        /// Distributed mobility, RFC 8885.
        const D = 0x0010;
    }
}
flag_word!(UpdateFlags, u16);

bitflags! {
    /// Flags of a Binding Acknowledgement: RFC 6275 6.1.8 and the registry.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct AckFlags: u8 {
        /// Key Management Mobility Capability.
        const K = 0x80;
        /// Mobile Router, RFC 3963.
        const R = 0x40;
        /// Proxy Registration, RFC 5213.
        const P = 0x20;
        /// TLV-header format, RFC 5845.
        const T = 0x10;
        /// Bulk Binding Update, RFC 6602.
        const B = 0x08;
        /// Multicast Signaling, RFC 7161.
        const S = 0x04;
        /// Distributed mobility, RFC 8885.
        const D = 0x02;
    }
}
flag_word!(AckFlags, u8);

bitflags! {
    /// Flags of a Handover Initiate, RFC 5568 6.2.1.1 and RFC 5949 6.1.1. A
    /// Handover Acknowledge has U, P and F one place further left.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct HandoverFlags: u8 {
        /// Assigned address configuration.
        const S = 0x80;
        /// Buffer.
        const U = 0x40;
        /// Proxy.
        const P = 0x20;
        /// Forwarding.
        const F = 0x10;
    }
}
flag_word!(HandoverFlags, u8);

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
    /// draft-liu-mobileip-lke-01 3.2.4; lifetime in units of 4 seconds.
    Finished { status: u8, reserved: u8, sequence: u16, lifetime: u16, nonce: u32 },
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
    pub fn blank(format: MhFormat, body: &'a [u8]) -> Self {
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
                data: Bytes::Borrowed(crate::lke::key_exchange_data(body)),
            },
            F::KeyExchangeAcknowledgement => Self::KeyExchangeAcknowledgement {
                status: 0,
                reserved: 0,
                sequence: 0,
                lifetime: 0,
            },
            F::Finished => {
                Self::Finished { status: 0, reserved: 0, sequence: 0, lifetime: 0, nonce: 0 }
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

impl<'a> Layout<'a> for Message<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        match self {
            Self::BindingRefreshRequest { reserved } => d.int(&BRR_RESERVED, reserved),
            Self::HomeTestInit { reserved, cookie } => {
                d.int(&HOTI_RESERVED, reserved)?;
                d.int(&HOTI_COOKIE, cookie)
            }
            Self::CareofTestInit { reserved, cookie } => {
                d.int(&COTI_RESERVED, reserved)?;
                d.int(&COTI_COOKIE, cookie)
            }
            Self::HomeTest { nonce_index, cookie, token } => {
                d.int(&HOT_INDEX, nonce_index)?;
                d.int(&HOT_COOKIE, cookie)?;
                d.int(&HOT_TOKEN, token)
            }
            Self::CareofTest { nonce_index, cookie, token } => {
                d.int(&COT_INDEX, nonce_index)?;
                d.int(&COT_COOKIE, cookie)?;
                d.int(&COT_TOKEN, token)
            }
            Self::BindingUpdate { sequence, flags, lifetime } => {
                d.int(&BU_SEQUENCE, sequence)?;
                d.bits(
                    const {
                        &[
                            &BU_A,
                            &BU_H,
                            &BU_L,
                            &BU_K,
                            &BU_M,
                            &BU_R,
                            &BU_P,
                            &BU_F,
                            &BU_T,
                            &BU_B,
                            &BU_S,
                            &BU_D,
                            &BU_RESERVED,
                        ]
                    },
                    flags,
                )?;
                d.int(&BU_LIFETIME, lifetime)
            }
            Self::BindingAcknowledgement { status, flags, sequence, lifetime } => {
                d.int(&BA_STATUS, status)?;
                d.bits(
                    const { &[&BA_K, &BA_R, &BA_P, &BA_T, &BA_B, &BA_S, &BA_D, &BA_RESERVED] },
                    flags,
                )?;
                d.int(&BA_SEQUENCE, sequence)?;
                d.int(&BA_LIFETIME, lifetime)
            }
            Self::BindingError { status, reserved, home_address } => {
                d.int(&BE_STATUS, status)?;
                d.int(&BE_RESERVED, reserved)?;
                d.ipv6(&BE_HOME_ADDRESS, home_address)
            }
            Self::FastBindingUpdate { sequence, flags, reserved, lifetime } => {
                d.int(&FBU_SEQUENCE, sequence)?;
                d.bits(const { &[&FBU_A, &FBU_H, &FBU_L, &FBU_K, &FBU_RESERVED_BITS] }, flags)?;
                d.int(&FBU_RESERVED, reserved)?;
                d.int(&FBU_LIFETIME, lifetime)
            }
            Self::FastBindingAcknowledgement { status, flags, sequence, lifetime } => {
                d.int(&FBACK_STATUS, status)?;
                d.bits(const { &[&FBACK_K, &FBACK_RESERVED] }, flags)?;
                d.int(&FBACK_SEQUENCE, sequence)?;
                d.int(&FBACK_LIFETIME, lifetime)
            }
            Self::FastNeighborAdvertisement { reserved } => d.int(&FNA_RESERVED, reserved),
            Self::Opaque { data, .. } => d.rest(&MESSAGE_DATA, data),
            Self::HomeAgentSwitch { count, reserved, addresses } => {
                d.int(&HAS_COUNT, count)?;
                d.int(&HAS_RESERVED, reserved)?;
                d.list(&HAS_ADDRESS, 16, usize::from(*count), addresses)
            }
            Self::Heartbeat { flags, sequence } => {
                d.bits(const { &[&HB_RESERVED, &HB_U, &HB_R] }, flags)?;
                d.int(&HB_SEQUENCE, sequence)
            }
            Self::HandoverInitiate { sequence, flags, code } => {
                d.int(&HI_SEQUENCE, sequence)?;
                d.bits(const { &[&HI_S, &HI_U, &HI_P, &HI_F, &HI_RESERVED] }, flags)?;
                d.int(&HI_CODE, code)
            }
            Self::HandoverAcknowledge { sequence, flags, code } => {
                d.int(&HACK_SEQUENCE, sequence)?;
                d.bits(const { &[&HACK_U, &HACK_P, &HACK_F, &HACK_RESERVED] }, flags)?;
                d.int(&HACK_CODE, code)
            }
            Self::BindingRevocation { kind, code, sequence, flags } => {
                d.int(&BR_KIND, kind)?;
                let indication = *kind == 1;
                d.int(if indication { &BRI_TRIGGER } else { &BRA_STATUS }, code)?;
                d.int(&BR_SEQUENCE, sequence)?;
                if indication {
                    d.bits(const { &[&BRI_P, &BRI_V, &BRI_G, &BR_RESERVED] }, flags)
                } else {
                    d.bits(const { &[&BRA_P, &BRA_V, &BRA_G, &BR_RESERVED] }, flags)
                }
            }
            Self::LocalizedRoutingInitiation { sequence, reserved, lifetime } => {
                d.int(&LRI_SEQUENCE, sequence)?;
                d.int(&LRI_RESERVED, reserved)?;
                d.int(&LRI_LIFETIME, lifetime)
            }
            Self::LocalizedRoutingAcknowledgement { sequence, flags, status, lifetime } => {
                d.int(&LRA_SEQUENCE, sequence)?;
                d.bits(const { &[&LRA_U, &LRA_RESERVED] }, flags)?;
                d.int(&LRA_STATUS_FIELD, status)?;
                d.int(&LRA_LIFETIME, lifetime)
            }
            Self::UpdateNotification { sequence, reason, flags } => {
                d.int(&UPN_SEQUENCE, sequence)?;
                d.int(&UPN_REASON_FIELD, reason)?;
                d.bits(const { &[&UPN_A, &UPN_D, &UPN_RESERVED] }, flags)
            }
            Self::UpdateNotificationAcknowledgement { sequence, status, reserved } => {
                d.int(&UPA_SEQUENCE, sequence)?;
                d.int(&UPA_STATUS_FIELD, status)?;
                d.array(&UPA_RESERVED, reserved)
            }
            Self::FlowBinding { kind, sequence, code, flags } => {
                d.int(&FB_KIND, kind)?;
                d.int(&FB_SEQUENCE, sequence)?;
                d.int(if *kind == 1 { &FB_TRIGGER } else { &FB_STATUS }, code)?;
                d.bits(const { &[&FB_A, &FB_RESERVED] }, flags)
            }
            Self::SubscriptionQuery { sequence, reserved } => {
                d.int(&SQ_SEQUENCE, sequence)?;
                d.int(&SQ_RESERVED, reserved)
            }
            Self::SubscriptionResponse { sequence, flags } => {
                d.int(&SR_SEQUENCE, sequence)?;
                d.bits(const { &[&SR_I, &SR_RESERVED] }, flags)
            }
            Self::KeyExchangeRequest { sequence, data } => {
                d.int(&KER_SEQUENCE, sequence)?;
                let n = data.len();
                d.bytes(&KER_DATA, n, data)
            }
            Self::KeyExchangeAcknowledgement { status, reserved, sequence, lifetime } => {
                d.int(&KEA_STATUS, status)?;
                d.int(&KEA_RESERVED, reserved)?;
                d.int(&KEA_SEQUENCE, sequence)?;
                d.int(&KEA_LIFETIME, lifetime)
            }
            Self::Finished { status, reserved, sequence, lifetime, nonce } => {
                d.int(&FIN_STATUS, status)?;
                d.int(&FIN_RESERVED, reserved)?;
                d.int(&FIN_SEQUENCE, sequence)?;
                d.int(&FIN_LIFETIME, lifetime)?;
                d.int(&FIN_NONCE, nonce)
            }
        }
    }

    fn title(&self) -> &'static str {
        self.format().title()
    }
}
