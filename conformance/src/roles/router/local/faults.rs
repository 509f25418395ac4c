//! What access routers of Local Key Exchange can do wrong.

use rand::RngExt;

use crate::roles::Context;
use crate::roles::faults::faults;

faults! {
    /// Draft 2.1.
    NO_CAPABILITY = "ar.no-capability",
        "does not advertise Local Key Exchange", ["LKE-RA-002"];
    /// Draft 3.1.1.
    CAPABILITY_WITHOUT_H = "ar.capability-without-h",
        "advertises Local Key Exchange with the H bit clear", ["LKE-RA-001", "LKE-RA-002"];
    /// Draft 3.1.1.
    LONG_CAPABILITY = "ar.long-capability",
        "has an LKE Capability option that is 16 octets longer than its content",
        ["LKE-RA-003"];
    /// Draft 3.1.1.
    OUTLIVES_ROUTER = "ar.maximum-outlives-router",
        "advertises a Maximum Lifetime longer than its Router Lifetime", ["LKE-RA-004"];
    /// Draft 3.1.1.
    OUTLIVES_HOME_AGENT = "ar.maximum-outlives-home-agent",
        "advertises a Maximum Lifetime longer than its Home Agent Lifetime", ["LKE-RA-005"];
    /// Draft 3.1.1.
    INFINITE_MAXIMUM = "ar.infinite-maximum",
        "advertises an infinite Maximum Lifetime", ["LKE-RA-006"];
    /// Draft 3.1.1 and 4.1.
    SHORT_MAXIMUM = "ar.short-maximum",
        "advertises a Maximum Lifetime of ten seconds", ["LKE-RA-007"];
    /// Draft 3.1.1.
    NO_RSA_KEY = "ar.advertises-no-rsa-key",
        "advertises something that is no RSA key", ["LKE-RA-008", "LKE-RA-009"];
    /// Draft 4.1.
    SMALL_KEY = "ar.advertises-small-key",
        "advertises a key of 384 bits", ["LKE-RA-009", "LKE-RA-010"];
    /// Draft 2.1.
    CHANGING_KEY = "ar.changes-key",
        "advertises another key each time", ["LKE-RA-011"];

    /// Draft 2.1.
    NO_ASSOCIATION = "ar.makes-no-association",
        "acknowledges key exchanges and makes no association", ["LKE-AR-KE-001"];
    /// Draft 2.1.
    NEVER_RENEWS = "ar.never-renews",
        "refuses keys while there is an association", ["LKE-AR-KE-001", "LKE-AR-KE-002"];
    /// Draft 2.1 and 4.2.
    KEEPS_OLD_KEY = "ar.keeps-old-key",
        "goes on accepting the key of the association before", ["LKE-AR-KE-002"];
    /// Draft 2.1 and 3.2.2.
    UNSIGNED_ACKNOWLEDGEMENT = "ar.unsigned-acknowledgement",
        "acknowledges without HMAC", ["LKE-AR-KE-003", "LKE-KEA-007"];
    /// Draft 2.1 and 3.2.2.
    WRONG_HMAC = "ar.wrong-hmac",
        "acknowledges with an HMAC by another key", ["LKE-AR-KE-003", "LKE-KEA-007"];
    /// Draft 4.2.
    IGNORES_IPSEC = "ar.ignores-ipsec",
        "exchanges keys with mobile nodes with which it has an IPsec security association",
        ["LKE-AR-KE-004"];
    /// Draft 6.2.
    UNLIMITED = "ar.unlimited-requests",
        "looks at every request", ["LKE-AR-KE-005", "LKE-AR-KE-006", "LKE-SEC-002"];
    /// Draft 6.
    ANY_ADDRESSES = "ar.accepts-any-addresses",
        "accepts requests from and to addresses that are not link-local",
        ["LKE-AR-KE-007", "LKE-SEC-001", "LKE-AR-KE-012"];
    /// Draft 6.
    ANY_HOP_LIMIT = "ar.accepts-any-hop-limit",
        "accepts requests with any hop limit",
        ["LKE-AR-KE-008", "LKE-SEC-001", "LKE-AR-KE-012"];
    /// Draft 6.5.
    REPLAYS = "ar.accepts-replays",
        "accepts any sequence number in requests", ["LKE-AR-KE-009", "LKE-SEC-006"];
    /// Draft 3.2.1.
    ANY_DATA = "ar.accepts-any-data",
        "takes key exchange data that hold no key for a key of zeros", ["LKE-AR-KE-010"];
    /// Draft 3.2.1.
    NO_LIFETIME = "ar.takes-no-lifetime",
        "makes associations for requests of no lifetime", ["LKE-AR-KE-001"];
    /// Draft 3.2.2.
    GRANTS_MAXIMUM = "ar.grants-maximum",
        "grants the maximum, whatever was asked for", ["LKE-AR-KE-011"];
    /// Draft 3.2.2.
    GRANTS_ALL = "ar.grants-all",
        "grants what was asked for, whatever the maximum", ["LKE-AR-KE-011", "LKE-KEA-004"];
    /// Draft 1.1.
    ENDLESS = "ar.endless-associations",
        "never lets an association expire", ["LKE-AR-KE-013"];
    /// Draft 6.2.
    UNBOUNDED = "ar.unbounded-associations",
        "makes associations beyond the room that it has", ["LKE-SEC-003"];

    /// Draft 3.2.2.
    GLOBAL_SOURCE = "ar.acknowledges-from-global-address",
        "acknowledges key exchanges from its global address", ["LKE-KEA-001"];
    /// Draft 3.2.2.
    OTHER_HOP_LIMIT = "ar.acknowledges-with-other-hop-limit",
        "acknowledges key exchanges with a hop limit of 64", ["LKE-KEA-001"];
    /// Draft 2.1.
    NO_CAREOF = "ar.acknowledges-without-careof",
        "leaves the care-of address out of acknowledgements", ["LKE-KEA-002"];
    /// Draft 3.2.2.
    OTHER_SEQUENCE = "ar.acknowledges-other-sequence",
        "acknowledges the next sequence number", ["LKE-KEA-003"];
    /// Draft 3.2.2.
    COUNTS_SECONDS = "ar.counts-seconds",
        "counts the granted lifetime in seconds", ["LKE-KEA-004"];
    /// Draft 3.2.2.
    LOCAL_IN_OPTION = "ar.link-local-in-acknowledgement",
        "gives its link-local address for Binding Updates", ["LKE-KEA-005"];
    /// Draft 3.2.2.
    OTHER_PREFIX = "ar.address-of-other-prefix",
        "gives an address of another prefix than the care-of address's", ["LKE-KEA-006"];
    /// Draft 3.2.2.
    RESERVED = "ar.sets-reserved",
        "sets the reserved octet of acknowledgements", ["LKE-KEA-008"];

    /// Draft 2.1 and 4.3.
    NO_DETECTION = "ar.no-detection",
        "takes an association for valid without duplicate address detection",
        ["LKE-DAD-AR-001", "LKE-DAD-AR-006", "LKE-DAD-AR-012", "LKE-DAD-AR-013", "LKE-SEC-005"];
    /// Draft 2.1 and 4.3.
    LATE_DETECTION = "ar.late-detection",
        "begins duplicate address detection four seconds after the exchange",
        ["LKE-DAD-AR-001"];
    /// Draft 2.1 and 4.3.
    PLAIN_DETECTION = "ar.plain-detection",
        "solicits without authentication request", ["LKE-DAD-AR-002"];
    /// Draft 3.1.2.
    WRONG_REQUEST = "ar.wrong-hmac-in-solicitation",
        "puts an HMAC by another key into authentication requests", ["LKE-DAD-AR-003"];
    /// Draft 3.1.2.
    OLD_NONCE = "ar.repeats-nonces",
        "has the same nonce in all authentication requests", ["LKE-DAD-AR-004"];
    /// Draft 2.1.
    BEARS_OTHERS = "ar.bears-others",
        "ignores advertisements without authentication reply",
        ["LKE-DAD-AR-005", "LKE-DAD-AR-012", "LKE-SEC-005"];
    /// Draft 2.1 and 4.3.
    BEARS_SILENCE = "ar.bears-silence",
        "takes silence for proof that nobody else has the address", ["LKE-DAD-AR-006"];
    /// Draft 2.1 and 4.3.
    ANY_REPLY = "ar.accepts-any-reply",
        "does not verify authentication replies", ["LKE-DAD-AR-006"];
    /// Draft 2.1 and 4.3.
    KEEPS_NOTHING = "ar.keeps-no-advertisement",
        "keeps no advertisement of the mobile node", ["LKE-DAD-AR-007", "LKE-DAD-AR-008"];
    /// Draft 2.1 and 4.3.
    FORWARDS_AFTER_END = "ar.forwards-after-end",
        "goes on forwarding the advertisement when the association has ended",
        ["LKE-DAD-AR-009", "LKE-AR-KE-002"];
    /// Draft 2.1, 4.3 and 4.4.
    FORWARDS_AFTER_UPDATE = "ar.forwards-after-update",
        "goes on forwarding the advertisement when there is a binding",
        ["LKE-DAD-AR-010", "LKE-BU-012"];
    /// Draft 4.3.
    ANY_SOURCE = "ar.accepts-replies-of-others",
        "accepts authentication replies from other addresses than the care-of address",
        ["LKE-DAD-AR-011"];
    /// Draft 7.
    MINDS_STATION = "ar.minds-stations",
        "accepts authentication replies of that station alone that has asked for a key",
        ["LKE-SEC-008"];
    /// Draft 6.1.
    SERVES_CONTESTED = "ar.serves-contested",
        "serves addresses for which duplicate address detection has failed",
        ["LKE-DAD-AR-005", "LKE-DAD-AR-012", "LKE-DAD-AR-013", "LKE-SEC-005"];
    /// Draft 3.1.2.
    DETECTS_AS_ITSELF = "ar.solicits-from-own-address",
        "solicits from its link-local address", ["LKE-DAD-AR-014"];

    /// Draft 2.1.
    ONLY_ASKED = "ar.acknowledges-when-asked",
        "acknowledges Binding Updates only where they ask for it", ["LKE-BU-008"];
    /// Draft 2.1 and 4.2.
    ANY_ASSOCIATION = "ar.takes-any-association",
        "tries the keys of all associations", ["LKE-BU-009"];
    /// Draft 2.1.
    ANY_AUTHENTICATOR = "ar.accepts-any-authenticator",
        "does not verify the authenticators of Binding Updates", ["LKE-BU-010"];
    /// Draft 2.1.
    SILENT = "ar.refuses-silently",
        "discards Binding Updates that it does not accept", ["LKE-BU-011", "LKE-BU-009"];
    /// Draft 2.1.
    NO_BINDING = "ar.makes-no-binding",
        "acknowledges Binding Updates and makes no binding", ["LKE-BU-012"];
    /// Draft 4.4.
    DETECTS_AGAIN = "ar.detects-at-update",
        "performs duplicate address detection before it acknowledges a Binding Update",
        ["LKE-BU-013"];
    /// Draft 4.2.
    RELEASES_FOR_ANYBODY = "ar.releases-for-anybody",
        "deletes bindings by Binding Updates that no association authorizes",
        ["LKE-BU-014"];
    /// Draft 2.1.
    NO_TUNNEL = "ar.no-tunnel",
        "discards packets for mobile nodes that have a binding", ["LKE-BU-015", "LKE-BU-012"];
    /// Draft 2.1.
    NO_REVERSE_TUNNEL = "ar.no-reverse-tunnel",
        "discards packets from the tunnels of mobile nodes", ["LKE-BU-015"];
    /// Draft 1.1.
    OUTLIVES_ASSOCIATION = "ar.outlives-association",
        "grants bindings lifetimes beyond that of the association", ["LKE-BU-016"];
    /// RFC 6275 9.5.1.
    OLD_UPDATES = "ar.accepts-old-updates",
        "accepts any sequence number in Binding Updates", ["LKE-BU-017"];

    /// Draft 2.1.
    WRONG_AUTHENTICATOR = "ar.wrong-authenticator",
        "acknowledges Binding Updates with an authenticator by another key", ["LKE-BA-002"];
    /// Draft 3.2.3.
    RESERVED_IN_REQUEST = "ar.sets-reserved-in-finished-request",
        "sets the reserved bits of Finished Message Requests", ["LKE-BA-003"];
    /// Draft 3.2.4.
    MINDS_RESERVED = "ar.minds-reserved-in-finished",
        "ignores Finished messages whose reserved octet is not zero", ["LKE-BA-009"];
    /// Draft 3.2.4.
    ANY_FINISHED = "ar.accepts-any-finished",
        "takes any Finished message for the one that it waits for", ["LKE-BA-010"];
}

/// What a faulty access router makes of its public key.
pub(in crate::roles::router) fn spoil_key(key: &mut Vec<u8>, cx: &mut Context<'_>) {
    let faulty = cx.host.faults.clone();
    if faulty.has(&NO_RSA_KEY) {
        key.fill(0x30);
    }
    if faulty.has(&SMALL_KEY) {
        // SEQUENCE { INTEGER of 384 bits, INTEGER 65537 }.
        *key = [&[0x30, 0x38, 2, 0x31, 0, 0xc5][..], &[0x37; 46], &[0x0d, 2, 3, 1, 0, 1]].concat();
    }
    if faulty.has(&CHANGING_KEY)
        && let [.., middle, _] = key.as_mut_slice()
    {
        // The second octet of the exponent 65537: another key to whoever compares.
        *middle = cx.host.rng.random();
    }
    if faulty.has(&LONG_CAPABILITY) {
        key.extend([0; 16]);
    }
}
