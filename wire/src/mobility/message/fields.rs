//! Fields of the messages.

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
    FIN_AUTHENTICATOR = "lke.fin.authenticator", "Bare authenticator", Bytes;
}
