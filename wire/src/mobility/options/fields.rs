//! Fields of the mobility options.

use super::super::status::BINDING_STATUS;
use crate::layout::{Names, fields};

static MN_ID_SUBTYPE: Names = &[
    (1, "NAI"),
    (2, "IPv6 address"),
    (3, "IMSI"),
    (4, "P-TMSI"),
    (5, "EUI-48 address"),
    (6, "EUI-64 address"),
    (7, "GUTI"),
    (8, "DUID"),
];
static AUTH_SUBTYPE: Names = &[(1, "MN-HA"), (2, "MN-AAA")];
static LLA_CODE: Names = &[
    (0, "Wildcard"),
    (1, "New access point"),
    (2, "Mobile node"),
    (3, "New access router"),
    (4, "Source"),
    (5, "Current access router"),
    (6, "No prefix information"),
    (7, "No fast handovers support"),
];
static DNS_STATUS: Names = &[
    (0, "DNS update performed"),
    (128, "Reason unspecified"),
    (129, "Administratively prohibited"),
    (130, "DNS update failed"),
];
static HANDOFF: Names = &[
    (1, "Attachment over a new interface"),
    (2, "Handoff between two interfaces"),
    (3, "Handoff between mobile access gateways"),
    (4, "Handoff state unknown"),
    (5, "Handoff state not changed"),
];
static ACCESS_TECHNOLOGY: Names = &[
    (1, "Virtual"),
    (2, "PPP"),
    (3, "IEEE 802.3"),
    (4, "IEEE 802.11a/b/g"),
    (5, "IEEE 802.16e"),
    (6, "3GPP GERAN"),
    (7, "3GPP UTRAN"),
    (8, "3GPP E-UTRAN"),
    (9, "3GPP2 eHRPD"),
    (10, "3GPP2 HRPD"),
    (11, "3GPP2 1xRTT"),
    (12, "3GPP2 UMB"),
    (13, "3GPP NB-IOT"),
];
static IPV4_STATUS: Names = &[
    (0, "Success"),
    (128, "Failure, reason unspecified"),
    (129, "Administratively prohibited"),
    (130, "Incorrect IPv4 home address"),
    (131, "Invalid IPv4 address"),
    (132, "Dynamic IPv4 home address assignment not available"),
    (133, "Prefix allocation unauthorized"),
];
static AP_CODE: Names = &[
    (1, "Old care-of address"),
    (2, "New care-of address"),
    (3, "New access router address"),
    (4, "New access router prefix"),
];
static LMA_CODE: Names = &[(1, "IPv6 address"), (2, "IPv4 address")];

fields! {
    OPTION_TYPE = "mip6.mobility_opt", "Mobility option", Dec;
    OPTION_LEN = "mip6.mobility_opt.len", "Length", Dec;
    OPTION_DATA = "mip6.mobility_opt.data", "Option data", Bytes;
    OPTION_EXTRA = "mip6.mobility_opt.extra", "Octets after the option's format", Bytes;

    PADN = "mip6.padn", "Padding", Bytes;
    REFRESH_INTERVAL = "mip6.bra.interval", "Refresh interval (4 s units)", Dec;
    ALTERNATE_COA = "mip6.acoa.acoa", "Alternate care-of address", Ipv6;
    HOME_INDEX = "mip6.ni.hni", "Home nonce index", Dec;
    CAREOF_INDEX = "mip6.ni.cni", "Care-of nonce index", Dec;
    AUTHENTICATOR = "mip6.bad.auth", "Authenticator", Bytes;

    MNP_RESERVED = "mip6.nemo.mnp.reserved", "Reserved", Hex;
    MNP_LEN = "mip6.nemo.mnp.pfl", "Prefix length", Dec;
    MNP_PREFIX = "mip6.nemo.mnp.mnp", "Prefix", Ipv6;
    LLA_CODE_FIELD = "mip6.lla.optcode", "Option code", Dec, names LLA_CODE;
    LLA = "mip6.lla", "Link-layer address", Link;
    MN_ID_SUBTYPE_FIELD = "mip6.mnid.subtype", "Subtype", Dec, names MN_ID_SUBTYPE;
    MN_ID = "mip6.mnid.identifier", "Identifier", Text;
    AUTH_SUBTYPE_FIELD = "mip6.auth.subtype", "Subtype", Dec, names AUTH_SUBTYPE;
    AUTH_SPI = "mip6.auth.mobility_spi", "Mobility SPI", Dec;
    AUTH_DATA = "mip6.auth.auth_data", "Authentication data", Bytes;
    REPLAY_TIMESTAMP = "mip6.mseg_id.timestamp", "Timestamp", Ntp;

    CGA_PARAMETERS = "mip6.cgar.cga_par", "CGA parameters", Bytes;
    SIGNATURE = "mip6.sign.sign", "Signature", Bytes;
    PERMANENT_TOKEN = "mip6.phkt.phkt", "Permanent home keygen token", Bytes;
    CAREOF_TOKEN = "mip6.mocot.co_keygen_tok", "Care-of keygen token", Bytes;

    DNS_STATUS_FIELD = "mip6.dnsu.status", "Status", Dec, names DNS_STATUS;
    DNS_R = "mip6.dnsu.flag.r", "Remove (R)", Bool, mask 0x80;
    DNS_RESERVED = "mip6.dnsu.reserved", "Reserved", Hex, mask 0x7f;
    DNS_IDENTITY = "mip6.dnsu.mn_id", "Mobile node identity", Bytes;
    EXPERIMENTAL = "mip6.em.data", "Data", Bytes;
    VENDOR = "mip6.vsm.vendorId", "Vendor ID", Dec;
    VENDOR_SUBTYPE = "mip6.vsm.subtype", "Subtype", Dec;
    VENDOR_DATA = "mip6.vsm.data", "Data", Bytes;
    SERVICE = "mip6.ss.identifier", "Identifier", Text;
    BADF_SPI = "mip6.badff.spi", "SPI", Dec;
    BADF_AUTHENTICATOR = "mip6.badff.auth", "Authenticator", Bytes;

    HANDOFF_RESERVED = "mip6.hi.reserved", "Reserved", Dec;
    HANDOFF_INDICATOR = "mip6.hi", "Handoff indicator", Dec, names HANDOFF;
    ATT_RESERVED = "mip6.att.reserved", "Reserved", Dec;
    ATT = "mip6.att", "Access technology type", Dec, names ACCESS_TECHNOLOGY;
    LLI_RESERVED = "mip6.mnlli.reserved", "Reserved", Dec;
    LLI = "mip6.mnlli.lli", "Link-layer identifier", Bytes;
    LINK_LOCAL = "mip6.lila_lla", "Link-local address", Ipv6;
    TIMESTAMP = "mip6.timestamp_tmp", "Timestamp", Send;
    RESTART_COUNTER = "mip6.rc", "Restart counter", Dec;

    V4HA_LEN = "mip6.ipv4ha.preflen", "Prefix length", Dec, mask 0xfc00;
    V4HA_P = "mip6.ipv4ha.p_flag", "Mobile network prefix (P)", Bool, mask 0x0200;
    V4HA_RESERVED_BITS = "mip6.ipv4ha.reserved_bits", "Reserved", Hex, mask 0x01ff;
    V4HA = "mip6.ipv4ha.ha", "IPv4 home address", Ipv4;
    V4AA_STATUS = "mip6.ipv4aa.sts", "Status", Dec, names IPV4_STATUS;
    V4AA_LEN = "mip6.ipv4aa.preflen", "Prefix length", Dec, mask 0xfc;
    V4AA_RESERVED = "mip6.ipv4aa.reserved", "Reserved", Hex, mask 0x03;
    NAT_F = "mip6.natd.f_flag", "UDP encapsulation required (F)", Bool, mask 0x8000;
    NAT_RESERVED = "mip6.natd.reserved", "Reserved", Dec, mask 0x7fff;
    NAT_REFRESH = "mip6.natd.refresh_t", "Refresh time (s)", Dec;
    V4COA_RESERVED = "mip6.ipv4coa.reserved", "Reserved", Dec;
    V4COA = "mip6.ipv4coa.addr", "IPv4 care-of address", Ipv4;
    GRE_RESERVED = "mip6.gre.reserved", "Reserved", Hex;
    GRE_KEY = "mip6.gre_key", "GRE key", Dec;

    AP_CODE_FIELD = "mip6.mhipv6ap.opt_code", "Option code", Dec, names AP_CODE;
    AP_LEN = "mip6.mhipv6ap.len", "Prefix length", Dec;
    AP_ADDRESS = "mip6.mhipv6ap.ipv6_address", "IPv6 address", Ipv6;
    AP_PREFIX = "mip6.mhipv6ap.prefix", "IPv6 prefix", Ipv6;
    BID = "mip6.bi.bid", "Binding ID", Dec;
    BID_STATUS = "mip6.bi.status", "Status", Dec, names BINDING_STATUS;
    BID_H = "mip6.bi.h_flag", "Simultaneous home and foreign binding (H)", Bool, mask 0x80;
    BID_PRIORITY = "mip6.bi.priority", "Priority", Dec, mask 0x7f;
    BID_IPV4 = "mip6.bi.coa_ipv4", "IPv4 care-of address", Ipv4;
    BID_IPV6 = "mip6.bi.coa_ipv6", "IPv6 care-of address", Ipv6;

    V4REQ_LEN = "mip6.ipv4hareq.preflen", "Prefix length", Dec, mask 0xfc00;
    V4REQ_RESERVED = "mip6.ipv4hareq.reserved", "Reserved", Hex, mask 0x03ff;
    V4REP_STATUS = "mip6.ipv4harep.status", "Status", Dec;
    V4REP_LEN = "mip6.ipv4harep.preflen", "Prefix length", Dec, mask 0xfc;
    V4REP_RESERVED = "mip6.ipv4harep.reserved", "Reserved", Hex, mask 0x03;
    V4ROUTER_RESERVED = "mip6.ipv4dra.reserved", "Reserved", Dec;
    V4ROUTER = "mip6.ipv4dra.dra", "IPv4 default-router address", Ipv4;
    V4DHCP_RESERVED = "mip6.ipv4dsm.reserved", "Reserved", Dec, mask 0xfffe;
    V4DHCP_S = "mip6.ipv4dsm.s_flag", "DHCP support mode (S)", Bool, mask 0x0001;
    CONTEXT_RESERVED = "mip6.cr.reserved", "Reserved", Dec;
    CONTEXT_TYPE = "mip6.cr.req_type", "Requested option", Dec;
    CONTEXT_LEN = "mip6.cr.req_length", "Request length", Dec;
    CONTEXT_DATA = "mip6.vsm.req_data", "Request data", Bytes;
    LMA_CODE_FIELD = "mip6.lmaa.opt_code", "Option code", Dec, names LMA_CODE;
    LMA_RESERVED = "mip6.lmaa.reserved", "Reserved", Dec;
    LMA_IPV4 = "mip6.lmaa.ipv4", "Local mobility anchor address", Ipv4;
    LMA_IPV6 = "mip6.lmaa.ipv6", "Local mobility anchor address", Ipv6;
    IID_RESERVED = "mip6.iid.reserved", "Reserved", Hex;
    IID = "mip6.iid.iid", "Interface identifier", Bytes;
    TRANSIENT_RESERVED = "mip6.transient.reserved", "Reserved", Hex, mask 0xfe;
    TRANSIENT_L = "mip6.transient.l_flag", "Late path switch (L)", Bool, mask 0x01;
    TRANSIENT_LIFETIME = "mip6.transient.lifetime", "Lifetime (0.1 s units)", Dec;

    FLOW_SUMMARY_ID = "mip6.flow_summary.fid", "Flow identifier", Dec;
    FLOW_ID = "mip6.flow.fid", "Flow identifier", Dec;
    FLOW_PRIORITY = "mip6.flow.priority", "Flow priority", Dec;
    FLOW_RESERVED = "mip6.flow.reserved", "Reserved", Hex;
    FLOW_STATUS = "mip6.flow.status", "Status", Dec;

    CAPABILITY_RESERVED = "mip6.recap.reserved", "Reserved", Hex;
    REDIRECT_K = "mip6.redir.k", "IPv6 address present (K)", Bool, mask 0x8000;
    REDIRECT_N = "mip6.redir.n", "IPv4 address present (N)", Bool, mask 0x4000;
    REDIRECT_RESERVED = "mip6.redir.reserved", "Reserved", Hex, mask 0x3fff;
    REDIRECT_IPV6 = "mip6.redir.addr_r2lma_ipv6", "IPv6 r2LMA address", Ipv6;
    REDIRECT_IPV4 = "mip6.redir.addr_r2lma_ipv4", "IPv4 r2LMA address", Ipv4;
    LOAD_PRIORITY = "mip6.load_inf.priority", "Priority", Dec;
    LOAD_SESSIONS = "mip6.load_inf.sessions_in_use", "Sessions in use", Dec;
    LOAD_MAX_SESSIONS = "mip6.load_inf.maximum_sessions", "Maximum sessions", Dec;
    LOAD_USED = "mip6.load_inf.used_capacity", "Used capacity (kB/s)", Dec;
    LOAD_MAX = "mip6.load_inf.maximum_capacity", "Maximum capacity (kB/s)", Dec;
    ALTERNATE_IPV4 = "mip6.alt_ip4", "Alternate IPv4 care-of address", Ipv4;
    GROUP_SUBTYPE = "mip6.mng.sub_type", "Subtype", Dec;
    GROUP_RESERVED = "mip6.mng.reserved", "Reserved", Dec;
    GROUP_ID = "mip6.mng.mng_id", "Mobile node group identifier", Dec;
    MAG_RESERVED = "mip6.mag_ipv6.reserved", "Reserved", Hex;
    MAG_LEN = "mip6.mag_ipv6.address_length", "Address length", Dec;
    MAG_ADDRESS = "mip6.mag_ipv6.address", "Address", Ipv6;

    OFFLOAD_M = "mip6.offload.m_flag", "Offload mode (M)", Bool, mask 0x80000000;
    OFFLOAD_RESERVED = "mip6.offload.reserved", "Reserved", Hex, mask 0x7fffffff;
    SELECTOR_PROTOCOL = "mip6.mcast_selector.protocol", "Protocol", Dec;
    SELECTOR_M = "mip6.mcast_selector.m_flag", "Mode (M)", Bool, mask 0x80;
    SELECTOR_RESERVED = "mip6.mcast_selector.reserved", "Reserved", Hex, mask 0x7f;
    SELECTOR_COUNT = "mip6.mcast_selector.records", "Number of records", Dec;
    SELECTOR_DATA = "mip6.mcast_selector.data", "Multicast address records", Bytes;
    DELEGATED_V = "mip6.dmnp.v_flag", "IPv4 prefix (V)", Bool, mask 0x80;
    DELEGATED_RESERVED = "mip6.dmnp.reserved", "Reserved", Dec, mask 0x7f;
    DELEGATED_LEN = "mip6.dmnp.prefix_len", "Prefix length", Dec;
    DELEGATED_IPV4 = "mip6.dmnp.dmnp_ipv4", "Delegated mobile network prefix", Ipv4;
    DELEGATED_IPV6 = "mip6.dmnp.dmnp_ipv6", "Delegated mobile network prefix", Ipv6;
    SUBSCRIPTION_TYPE = "mip6.subscription.type", "Membership protocol", Dec;
    SUBSCRIPTION_DATA = "mip6.subscription.data", "Membership context", Bytes;
    QOS_SR = "mip6.qos.sr_id", "Service request identifier", Dec;
    QOS_CLASS = "mip6.qos.tc", "Traffic class", Hex;
    QOS_OPERATION = "mip6.qos.oc", "Operational code", Dec;
    QOS_RESERVED = "mip6.qos.reserved", "Reserved", Bytes;
    QOS_ATTRIBUTES = "mip6.qos.attributes", "Attributes", Bytes;
    USER_PLANE_RESERVED = "mip6.lma_up.reserved", "Reserved", Hex;
    USER_PLANE_IPV4 = "mip6.lma_up.ipv4", "User-plane address", Ipv4;
    USER_PLANE_IPV6 = "mip6.lma_up.ipv6", "User-plane address", Ipv6;
    MULTICAST_CODE = "mip6.mcast.code", "Option code", Dec;
    MULTICAST_STATUS = "mip6.mcast.status", "Reserved or status", Dec;
    MULTICAST_DATA = "mip6.mcast.data", "Report payload", Bytes;
    MAG_PARAMETERS = "mip6.mag_param.data", "Sub-options", Bytes;
    MULTIPATH_ATT = "mip6.multipath.att", "Access technology type", Dec, names ACCESS_TECHNOLOGY;
    MULTIPATH_LABEL = "mip6.multipath.label", "Interface label", Dec;
    MULTIPATH_BID = "mip6.multipath.bid", "Binding ID", Dec;
    MULTIPATH_B = "mip6.multipath.b_flag", "Bulk re-registration (B)", Bool, mask 0x800000;
    MULTIPATH_O = "mip6.multipath.o_flag", "Overwrite (O)", Bool, mask 0x400000;
    MULTIPATH_RESERVED = "mip6.multipath.reserved", "Reserved", Hex, mask 0x3fffff;
    MAG_ID_SUBTYPE = "mip6.mag_id.subtype", "Subtype", Dec, names MN_ID_SUBTYPE;
    MAG_ID_RESERVED = "mip6.mag_id.reserved", "Reserved", Hex;
    MAG_ID = "mip6.mag_id.identifier", "Identifier", Bytes;
    MAAR_RESERVED = "mip6.maar.reserved", "Reserved", Hex;
    MAAR_LEN = "mip6.maar.prefix_len", "Prefix length", Dec;
    MAAR_ADDRESS = "mip6.maar.address", "MAAR address", Ipv6;
    MAAR_PREFIX = "mip6.maar.prefix", "Home network prefix", Ipv6;
    DLIF_LINK_LOCAL = "mip6.dlif.link_local", "Link-local address", Ipv6;
    DLIF_RESERVED = "mip6.dlif.reserved", "Reserved", Hex;
    DLIF_LINK_LAYER = "mip6.dlif.link_layer", "Link-layer address", Bytes;

    REQUESTED_LIFETIME = "lke.requested_lifetime", "Requested lifetime", Dec;
    AR_ADDRESS = "lke.ar_address", "Access router address", Ipv6;
    LKE_HMAC = "lke.hmac", "HMAC-SHA1", Bytes;
    FINISHED_R = "lke.finished.r_flag", "Finished message requested (r)", Bool, mask 0x8000;
    FINISHED_RESERVED = "lke.finished.reserved", "Reserved", Hex, mask 0x7fff;
    FINISHED_NONCE = "lke.finished.nonce", "Nonce", Hex;
}
