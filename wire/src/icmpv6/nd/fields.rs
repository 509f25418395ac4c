//! Fields of Neighbor Discovery options.

use crate::layout::fields;

fields! {
    TYPE = "icmpv6.opt.type", "Type", Dec;
    LEN = "icmpv6.opt.length", "Length (8 octet units)", Dec;
    DATA = "icmpv6.opt.data", "Option data", Bytes;
    EXTRA = "icmpv6.opt.extra", "Octets after the option's format", Bytes;
    RESERVED = "icmpv6.opt.reserved", "Reserved", Bytes;

    SOURCE_LLA = "icmpv6.opt.src_linkaddr", "Source link-layer address", Link;
    TARGET_LLA = "icmpv6.opt.target_linkaddr", "Target link-layer address", Link;
    PREFIX_LEN = "icmpv6.opt.prefix.length", "Prefix length", Dec;
    PREFIX_FLAGS = "icmpv6.opt.prefix.flag", "Flags", Hex;
    PREFIX_L = "icmpv6.opt.prefix.flag.l", "On-link (L)", Bool, mask 0x80;
    PREFIX_A = "icmpv6.opt.prefix.flag.a", "Autonomous address configuration (A)", Bool, mask 0x40;
    PREFIX_R = "icmpv6.opt.prefix.flag.r", "Router address (R)", Bool, mask 0x20;
    PREFIX_RESERVED = "icmpv6.opt.prefix.flag.reserved", "Reserved", Dec, mask 0x1f;
    PREFIX_VALID = "icmpv6.opt.prefix.valid_lifetime", "Valid lifetime (s)", Dec;
    PREFIX_PREFERRED = "icmpv6.opt.prefix.preferred_lifetime", "Preferred lifetime (s)", Dec;
    PREFIX = "icmpv6.opt.prefix", "Prefix", Ipv6;
    REDIRECTED = "icmpv6.opt.redirected_header", "Redirected packet", Bytes;
    MTU = "icmpv6.opt.mtu", "MTU", Dec;
    SHORTCUT = "icmpv6.opt.nbma.shortcut_limit", "Shortcut limit", Dec;
    INTERVAL = "icmpv6.opt.advertisement_interval", "Advertisement interval (ms)", Dec;
    HA_RESERVED = "icmpv6.opt.home_agent_reserved", "Reserved", Hex;
    HA_PREFERENCE = "icmpv6.opt.home_agent_preference", "Home agent preference", Dec;
    HA_LIFETIME = "icmpv6.opt.home_agent_lifetime", "Home agent lifetime (s)", Dec;
    ADDRESS_LIST = "icmpv6.opt.ipv6_address", "Address", Ipv6;
    TIMESTAMP = "icmpv6.opt.timestamp", "Timestamp", Send;
    NONCE = "icmpv6.opt.nonce", "Nonce", Bytes;
    KEY_HASH = "icmpv6.opt.rsa.key_hash", "Key hash", Bytes;
    SIGNATURE = "icmpv6.opt.rsa.signature", "Signature and padding", Bytes;
    CGA_PAD = "icmpv6.opt.cga.pad_length", "Pad length", Dec;
    CGA_RESERVED = "icmpv6.opt.cga.reserved", "Reserved", Hex;
    CGA = "icmpv6.opt.cga.parameters", "CGA parameters and padding", Bytes;
    AP_CODE = "icmpv6.opt.ipa.option_code", "Option code", Dec;
    AP_LEN = "icmpv6.opt.ipa.prefix_len", "Prefix length", Dec;
    AP_RESERVED = "icmpv6.opt.ipa.reserved", "Reserved", Hex;
    AP_ADDRESS = "icmpv6.opt.ipa.ipv6_address", "Address", Ipv6;
    NRP_CODE = "icmpv6.opt.nrpi.option_code", "Option code", Dec;
    NRP_LEN = "icmpv6.opt.nrpi.prefix_len", "Prefix length", Dec;
    NRP_RESERVED = "icmpv6.opt.nrpi.reserved", "Reserved", Hex;
    NRP_PREFIX = "icmpv6.opt.nrpi.prefix", "Prefix", Ipv6;
    LLA_CODE = "icmpv6.opt.lla.option_code", "Option code", Dec;
    LLA = "icmpv6.opt.lla.bytes", "Link-layer address", Bytes;
    NAACK_CODE = "icmpv6.opt.naack.option_code", "Option code", Dec;
    NAACK_STATUS = "icmpv6.opt.naack.status", "Status", Dec;
    MAP_DISTANCE = "icmpv6.opt.map.distance", "Distance", Dec, mask 0xf0;
    MAP_PREFERENCE = "icmpv6.opt.map.preference", "Preference", Dec, mask 0x0f;
    MAP_FLAGS = "icmpv6.opt.map.flag", "Flags", Hex;
    MAP_R = "icmpv6.opt.map.flag.r", "RCoA (R)", Bool, mask 0x80;
    MAP_RESERVED = "icmpv6.opt.map.flag.reserved", "Reserved", Dec, mask 0x7f;
    MAP_VALID = "icmpv6.opt.map.valid_lifetime", "Valid lifetime (s)", Dec;
    MAP_ADDRESS = "icmpv6.opt.map.global_address", "Global address", Ipv6;
    ROUTE_FLAGS = "icmpv6.opt.route_info.flag", "Flags", Hex;
    ROUTE_PREFERENCE = "icmpv6.opt.route_info.flag.route_preference", "Route preference", Dec, mask 0x18;
    ROUTE_RESERVED = "icmpv6.opt.route_info.flag.reserved", "Reserved", Dec, mask 0xe7;
    ROUTE_LIFETIME = "icmpv6.opt.route_lifetime", "Route lifetime (s)", Dec;
    DNS_LIFETIME = "icmpv6.opt.rdnss.lifetime", "Lifetime (s)", Dec;
    DNS_SERVER = "icmpv6.opt.rdnss", "Recursive DNS server", Ipv6;
    DNSSL_LIFETIME = "icmpv6.opt.dnssl.lifetime", "Lifetime (s)", Dec;
    DNSSL = "icmpv6.opt.dnssl", "Domain names", Domain;
    FLAGS_EXPANSION = "icmpv6.opt.efo_flags", "Flags", Bytes;
    CAPTIVE_PORTAL = "icmpv6.opt.captive_portal", "Captive portal", PaddedText;
    PREF64_LIFETIME = "icmpv6.opt.pref64.scaled_lifetime", "Scaled lifetime (8 s units)", Dec, mask 0xfff8;
    PREF64_PLC = "icmpv6.opt.pref64.plc", "Prefix length code", Hex, mask 0x0007;
    PREF64_PREFIX = "icmpv6.opt.pref64.prefix", "Prefix", Ipv6;

    LKE_MAX_LIFETIME = "lke.cap.max_lifetime", "Maximum lifetime (s)", Dec;
    LKE_PUBLIC_KEY = "lke.cap.public_key", "Public key and padding", Bytes;
    LKE_RESERVED = "lke.dad.reserved", "Reserved", Hex;
    LKE_NONCE = "lke.dad.nonce", "Nonce", Hex;
    LKE_AR_ADDRESS = "lke.dad.ar_address", "Access router address", Ipv6;
    LKE_FRONT = "lke.dad.front", "Padding in front", Bytes;
    LKE_HMAC = "lke.dad.hmac", "HMAC-SHA1", Bytes;
    LKE_PADDING = "lke.dad.padding", "Padding", Bytes;
}
