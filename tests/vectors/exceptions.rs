//! Where vectors and this project part, and why. Names of vectors are
//! patterns, with `*` for anything.

use crate::claim::{Claim, Vector, fits};

const INET6: &str = "scapy_inet6_mip6.json";
const DHCP6: &str = "scapy_dhcp6.json";
const PYPCAPKIT: &str = "pypcapkit_mh.json";
const PCAP4J: &str = "pcap4j_icmp6_mip.json";
const YAKLANG: &str = "yaklang_mh.json";

const TYPE_42: &str = "the type is overridden: 42 is no Alternate Care-of Address";
const TYPE_3: &str = "the type is overridden: 3 is no Binding Refresh Advice (RFC 6275 6.2.4)";
const LENGTH_9: &str = "the length is overridden: a Home Address option has 16 (RFC 6275 6.3)";
const NO_OPTION: &str = "octets that are no option: their first four are read as code and length";
const SECONDS: &str = "lifetimes of RFC 5568 6.2.2 and 6.2.3 are in seconds, not in units of 4";

/// Values that differ: file, vectors, their name of the value, reason.
const DIFFERS: &[(&str, &str, &str, &str)] = &[
    (INET6, "MIP6OptAltCoA(otype=42,*", "MIP6OptAltCoA.acoa", TYPE_42),
    (INET6, "MIP6OptAltCoA - dissection", "MIP6OptAltCoA.acoa", TYPE_42),
    (INET6, "MIP6OptBRAdvice(otype=3,*", "MIP6OptBRAdvice.rinter", TYPE_3),
    (INET6, "MIP6OptBRAdvice - dissection", "MIP6OptBRAdvice.rinter", TYPE_3),
    (INET6, "HAO(optlen=9,*", "HAO.hoa", LENGTH_9),
    (INET6, "HAO - Dissection with specific values", "HAO.hoa", LENGTH_9),
    (
        INET6,
        "ICMPv6NDOptLLA - Basic Dissection",
        "ICMPv6NDOptLLA.lla",
        "length 1 is 8 octets, which leave 5 to the address (RFC 5568 6.4.3)",
    ),
    (
        INET6,
        "MIP6MH_CoT - Dissection (default values)",
        "IPv6.payload isinstance MIP6MH_HoT",
        "scapy's Care-of Test is a kind of Home Test; the type is 4 (RFC 6275 6.1.6)",
    ),
    (DHCP6, "DHCP6OptIAAddress(optlen=4369,*", "DHCP6OptIAAddress.iaaddropts", NO_OPTION),
    (
        DHCP6,
        "DHCP6OptIAAddress - Dissection with specific values",
        "DHCP6OptIAAddress.iaaddropts[].load",
        NO_OPTION,
    ),
    (DHCP6, "DHCP6OptIAPrefix(*", "DHCP6OptIAPrefix.iaprefopts", NO_OPTION),
    (
        DHCP6,
        "DHCP6OptIAPrefix - Dissection with specific values",
        "DHCP6OptIAPrefix.iaprefopts[].load",
        NO_OPTION,
    ),
    (PYPCAPKIT, "FBU, RFC 5568 6.2.2", "lifetime_s", SECONDS),
    (PYPCAPKIT, "FBack, RFC 5568 6.2.3", "lifetime_s", SECONDS),
    (
        PCAP4J,
        "IcmpV6MobilePrefixAdvertisementPacketTest.pcap",
        "option.reserved",
        "the frame has 0xffde: 222 is its lower octet",
    ),
];

const OVERRIDE: &str = "the length is overridden and goes past the octets given";
const NONCE_LENGTH: &str =
    "scapy gives Nonce Indices 16 or 18 octets; they have 4 (RFC 6275 6.2.6)";
const BAD_LENGTH: &str = "scapy says length 16 over the 12 octets of its default authenticator";
const NINE_OCTETS: &str = "9 octets under length 1, which is 8 (RFC 5568 6.4.3)";
const NOT_COUNTED: &str = "the length leaves out octets behind it, which are no option";

/// Vectors that cannot be read to their end: file, vectors, reason.
const DAMAGED: &[(&str, &str, &str)] = &[
    (INET6, "MIP6OptMobNetPrefix(olen=42,*", OVERRIDE),
    (INET6, "MIP6OptMobNetPrefix - dissection", OVERRIDE),
    (INET6, "MIP6OptBRAdvice(otype=3,*", OVERRIDE),
    (INET6, "MIP6OptBRAdvice - dissection", OVERRIDE),
    (INET6, "HAO(optlen=9,*", LENGTH_9),
    (INET6, "HAO - Dissection with specific values", LENGTH_9),
    (INET6, "MIP6OptNonceIndices*", NONCE_LENGTH),
    (INET6, "MIP6MH_BU(*MIP6OptNonceIndices()])", NONCE_LENGTH),
    (INET6, "MIP6MH_BU(*MIP6OptBindingAuthData()])", BAD_LENGTH),
    (INET6, "ICMPv6NDOptMAP(len=5,*", OVERRIDE),
    (INET6, "ICMPv6NDOptMAP - Dissection with specific values", OVERRIDE),
    (INET6, "ICMPv6NDOptIPAddr(len=5,*", OVERRIDE),
    (INET6, "ICMPv6NDOptIPAddr - Dissection with specific values", OVERRIDE),
    (INET6, "ICMPv6NDOptHAInfo(len=2,*", OVERRIDE),
    (INET6, "ICMPv6NDOptHAInfo - Dissection with specific values", OVERRIDE),
    (INET6, "ICMPv6NDOptLLA*", NINE_OCTETS),
    (DHCP6, "DHCP6OptIA_NA(optlen=4369,*", OVERRIDE),
    (DHCP6, "DHCP6OptIA_NA - Dissection with specific values", OVERRIDE),
    (DHCP6, "DHCP6OptIA_TA(optlen=4369,*", OVERRIDE),
    (DHCP6, "DHCP6OptIA_TA - Dissection with specific values", OVERRIDE),
    (DHCP6, "DHCP6OptIA_PD - Dissection with specific values", OVERRIDE),
    (DHCP6, "DHCP6OptClientId(optlen=80,*", OVERRIDE),
    (DHCP6, "DHCP6OptServerId(optlen=80,*", OVERRIDE),
    (DHCP6, "DHCP6OptServerUnicast(*optlen=42)", OVERRIDE),
    (DHCP6, "DHCP6OptServerUnicast - Dissection with specific values (test 2)", OVERRIDE),
    (DHCP6, "DHCP6OptStatusCode(optlen=42,*", OVERRIDE),
    (DHCP6, "DHCP6OptPref(optlen=65535,*", OVERRIDE),
    (DHCP6, "DHCP6OptPref - Dissection with specific values", OVERRIDE),
    (DHCP6, "DHCP6OptIAAddress(optlen=4369,*", OVERRIDE),
    (DHCP6, "DHCP6OptIAAddress - Dissection with specific values", NO_OPTION),
    (DHCP6, "DHCP6OptIAPrefix(*", NO_OPTION),
    (DHCP6, "DHCP6OptIAPrefix - Dissection with specific values", NO_OPTION),
    (DHCP6, "DHCP6OptClientId dissection with specific duid value", NOT_COUNTED),
    (DHCP6, "DHCP6OptServerId dissection with specific duid value", NOT_COUNTED),
    (DHCP6, "DHCP6OptClientFQDN - Dissection with one fqdn", NOT_COUNTED),
];

/// Vectors with nothing to compare: file, vectors, reason.
const BARE: &[(&str, &str, &str)] = &[
    (INET6, "IPv6ExtHdrHopByHop()", "says nothing but which header it is"),
    (DHCP6, "DHCP6NTPSubOpt*", "suboptions of NTP Server (RFC 5908), which has no format here"),
    (DHCP6, "DHCP6OptUnknown()", "says nothing but that it is unknown"),
    (YAKLANG, "statement: 256 Pad1 accepted, more rejected (their limit)", "a limit of its own"),
];

/// Why a value differs.
pub(crate) fn differs(vector: &Vector, claim: &Claim) -> Option<&'static str> {
    let found = DIFFERS
        .iter()
        .find(|(file, name, theirs, _)| is(vector, file, name) && *theirs == claim.theirs);
    found.map(|(.., why)| *why)
}

/// Why a vector cannot be read to its end.
pub(crate) fn damaged(vector: &Vector) -> Option<&'static str> {
    DAMAGED.iter().find(|(file, name, _)| is(vector, file, name)).map(|(.., why)| *why)
}

/// Why a vector has nothing to compare.
pub(crate) fn bare(vector: &Vector) -> Option<&'static str> {
    BARE.iter().find(|(file, name, _)| is(vector, file, name)).map(|(.., why)| *why)
}

/// Entries about no vector, or no value of one, in the files that are there.
pub(crate) fn stale(vectors: &[Vector]) -> Vec<String> {
    let there = |file: &str| vectors.iter().any(|v| v.file == file);
    let mut stale = Vec::new();
    for (file, name, theirs, _) in DIFFERS {
        let mut claims = vectors.iter().filter(|v| is(v, file, name)).flat_map(|v| &v.claims);
        if there(file) && !claims.any(|c| c.theirs == *theirs) {
            stale.push(format!("DIFFERS: {file}, {name}, {theirs}"));
        }
    }
    for (list, entries) in [("DAMAGED", DAMAGED), ("BARE", BARE)] {
        for (file, name, _) in entries {
            if there(file) && !vectors.iter().any(|v| is(v, file, name)) {
                stale.push(format!("{list}: {file}, {name}"));
            }
        }
    }
    stale
}

fn is(vector: &Vector, file: &str, name: &str) -> bool {
    vector.file == file && fits(name, &vector.name)
}
