//! What a mobile node can do wrong.

use crate::roles::faults::faults;

faults! {
    /// RFC 6275 11.3.1.
    SOURCES_CAREOF = "mn.sources-care-of",
        "sends from its care-of address what belongs to its home address", ["MIP6-MN-PKT-001"];
    /// RFC 6275 11.3.1.
    NEVER_DIRECT = "mn.never-direct",
        "sends through the tunnel to correspondents that have a binding", ["MIP6-MN-PKT-003", "MIP6-NODE-030"];
    /// RFC 6275 11.3.3.
    FOREIGN_TUNNEL = "mn.accepts-foreign-tunnel",
        "accepts packets out of tunnels that are not its home agent's", ["MIP6-MN-PKT-013", "MIP6-MN-PKT-019"];
    /// RFC 6275 11.3.3.
    IGNORES_ROUTING_HEADER = "mn.ignores-routing-header",
        "discards packets with a Type 2 routing header", ["MIP6-MN-PKT-014", "MIP6-NODE-032", "IPSEC-POL-002", "IPSEC-STEP-004"];
    /// RFC 6275 11.3.3.
    FOREIGN_ROUTE = "mn.accepts-foreign-route",
        "accepts a Type 2 routing header with an address that is not its own", ["MIP6-SEC-013", "MIP6-RH2-005"];
    /// RFC 6275 11.7.3.
    ACCEPTS_UNPROTECTED = "mn.accepts-unprotected",
        "accepts Binding Acknowledgements that IPsec was to protect", ["MIP6-MN-BA-001"];
    /// RFC 3776 6.8.
    ANY_ASSOCIATION = "mn.any-association",
        "accepts what is protected by any security association", ["IPSEC-STEP-008"];
    /// RFC 6275 6.1.8.
    ACK_WITHOUT_ROUTE = "mn.accepts-ack-without-route",
        "accepts Binding Acknowledgements without a Type 2 routing header", ["IPSEC-STEP-004"];
    /// RFC 6275 11.3.5.
    IGNORES_PARAMETER_PROBLEM = "mn.ignores-parameter-problem",
        "goes on with nodes that do not know the Mobility Header", ["MIP6-MN-ERR-001", "MIP6-MN-ERR-004", "MIP6-NODE-034"];
    /// RFC 6275 11.3.5.
    BINDS_ON_ERROR = "mn.binds-on-error",
        "begins route optimization because of an ICMPv6 error", ["MIP6-MN-ERR-002"];
    /// RFC 6275 11.3.5.
    STOPS_ON_OPTION_PROBLEM = "mn.stops-on-option-problem",
        "stops route optimization because of a Parameter Problem of code 2", ["MIP6-MN-ERR-003"];
    /// RFC 6275 11.3.6.
    BELIEVES_STRANGER = "mn.believes-stranger",
        "gives up its bindings because of a Binding Error of a stranger", ["MIP6-MN-ERR-005"];
    /// RFC 6275 11.3.6.
    IGNORES_AGENT_ERROR = "mn.ignores-agent-error",
        "does not register again when its home agent has lost the binding", ["MIP6-MN-ERR-006"];
    /// RFC 6275 11.3.6.
    IGNORES_BINDING_ERROR = "mn.ignores-binding-error",
        "goes on sending directly after a Binding Error", ["MIP6-MN-ERR-007", "MIP6-NODE-033"];
    /// RFC 6275 11.3.6.
    OBEYS_UNEXPECTED = "mn.obeys-unexpected-error",
        "gives up route optimization because of a Binding Error of status 2 that answers nothing", ["MIP6-MN-ERR-009"];
    /// RFC 6275 11.3.6.
    IGNORES_UNRECOGNIZED = "mn.ignores-unrecognized",
        "goes on with a correspondent that does not know its messages", ["MIP6-MN-ERR-010"];
    /// RFC 6275 6.1.9.
    CHECKS_RESERVED = "mn.minds-reserved",
        "discards messages whose reserved bits are not zero", ["MIP6-MSG-030", "MIP6-MSG-002", "MIP6-MSG-023"];
    /// RFC 6275 6.1.8 and 6.8.
    REJECTS_UNKNOWN = "mn.minds-unknown-options",
        "discards messages with options that it does not know", ["MIP6-MSG-031", "MIP6-MSG-028", "MIP6-ICMP-016"];
    /// RFC 6275 11.4.1.
    NO_DISCOVERY = "mn.no-discovery",
        "does not look for home agents", ["MIP6-MN-DHAAD-001", "MIP6-NODE-043"];
    /// RFC 6275 11.4.1.
    SINGLE_DISCOVERY = "mn.single-discovery",
        "asks for home agents once", ["MIP6-MN-DHAAD-007"];
    /// RFC 6275 11.4.1.
    HASTY_DISCOVERY = "mn.hasty-discovery",
        "repeats requests for home agents at a constant rate", ["MIP6-MN-DHAAD-008", "MIP6-TMR-009"];
    /// RFC 6275 11.4.1.
    ENDLESS_DISCOVERY = "mn.endless-discovery",
        "repeats requests for home agents for ever", ["MIP6-MN-DHAAD-008", "MIP6-TMR-009"];
    /// RFC 6275 11.4.1.
    REVERSES_AGENTS = "mn.reverses-agents",
        "tries the last home agent of the list first", ["MIP6-MN-DHAAD-003"];
    /// RFC 6275 11.4.1.
    FORGETS_AGENTS = "mn.forgets-agents",
        "asks for home agents again instead of trying the next", ["MIP6-MN-DHAAD-004"];
    /// RFC 6275 11.4.1.
    LEAVES_AGENT = "mn.leaves-agent",
        "registers a new care-of address with another home agent", ["MIP6-MN-DHAAD-005"];
    /// RFC 6275 11.4.1.
    STICKS_TO_AGENT = "mn.sticks-to-agent",
        "tries no other home agent", ["MIP6-MN-DHAAD-006", "MIP6-MN-BU-011"];
    /// RFC 6275 6.6.
    IGNORES_DISCOVERY_IDENTIFIER = "mn.ignores-discovery-identifier",
        "accepts any reply to its request for home agents", ["MIP6-MN-DHAAD-009"];
    /// RFC 6275 11.4.2.
    LETS_HOME_END = "mn.lets-home-end",
        "does not ask for prefixes when its home address is about to end", ["MIP6-MN-MPD-001"];
    /// RFC 6275 11.4.2.
    COUNTS_IDENTIFIERS = "mn.constant-identifier",
        "solicits prefixes with the same identifier every time", ["MIP6-MN-MPD-004"];
    /// RFC 6275 11.4.2.
    SOLICITS_IN_CLEAR = "mn.solicits-in-clear",
        "solicits prefixes without the protection that policy asks for", ["MIP6-MN-MPD-003"];
    /// RFC 6275 11.4.2.
    KEEPS_PAST_PREFIX = "mn.keeps-past-prefix",
        "leaves bindings longer than its home prefix lasts", ["MIP6-MN-MPD-007"];
    /// RFC 6275 11.4.3.
    FOREIGN_PREFIXES = "mn.accepts-foreign-prefixes",
        "accepts prefixes from others than its home agent", ["MIP6-MN-MPD-008"];
    /// RFC 6275 11.4.3.
    PREFIXES_WITHOUT_ROUTE = "mn.accepts-prefixes-without-route",
        "accepts prefixes without a Type 2 routing header", ["MIP6-MN-MPD-009"];
    /// RFC 6275 11.4.3.
    UNSOLICITED_PREFIXES = "mn.accepts-unsolicited-prefixes",
        "accepts prefixes that it has not asked for", ["MIP6-MN-MPD-010", "MIP6-MN-MPD-012"];
    /// RFC 6275 11.4.3.
    PREFIXES_TWICE = "mn.accepts-prefixes-twice",
        "accepts a second answer to a solicitation", ["MIP6-MN-MPD-012"];
    /// RFC 6275 11.4.3.
    IGNORES_UNSOLICITED = "mn.ignores-unsolicited-prefixes",
        "does not ask when prefixes come unasked", ["MIP6-MN-MPD-011"];
    /// RFC 6275 11.4.3.
    IGNORES_PREFIXES = "mn.ignores-prefixes",
        "takes nothing from a Mobile Prefix Advertisement", ["MIP6-MN-MPD-013", "MIP6-NODE-040"];
    /// RFC 6275 11.7.3.
    NO_PREFIX_SOLICITATION = "mn.no-prefix-solicitation",
        "does not ask for prefixes after status 1", ["MIP6-MN-MPD-015", "MIP6-MN-BA-008"];
    /// RFC 6275 11.7.1.
    REFRESHES_BEFORE_PREFIXES = "mn.refreshes-before-prefixes",
        "registers again after status 1 before it knows its prefixes", ["MIP6-MN-BU-017"];
    /// RFC 6275 11.7.1.
    NO_REGISTRATION = "mn.no-registration",
        "does not register a new care-of address", ["MIP6-MN-MOV-001", "MIP6-MN-MOV-014", "MIP6-NODE-035", "MIP6-NODE-038"];
    /// RFC 6275 11.5.1.
    HASTY_HANDOVER = "mn.hasty-handover",
        "leaves a router that is there for one that it has just heard of", ["MIP6-MN-MOV-002"];
    /// RFC 6275 11.5.1.
    IGNORES_INTERVAL = "mn.ignores-interval",
        "does not notice that advertisements are missing", ["MIP6-MN-MOV-004", "MIP6-ND-024"];
    /// RFC 6275 11.5.2.
    DOES_NOT_KNOW_HOME = "mn.does-not-know-home",
        "takes its home link for a foreign one", ["MIP6-MN-MOV-005", "MIP6-MSG-019"];
    /// RFC 6275 11.5.3.
    KEEPS_DEPRECATED = "mn.keeps-deprecated",
        "keeps a care-of address that is deprecated", ["MIP6-MN-MOV-006"];
    /// RFC 6275 11.5.4.
    DROPS_PREVIOUS_CAREOF = "mn.drops-previous-care-of",
        "gives up its care-of address as soon as it has another", ["MIP6-MN-MOV-012"];
    /// RFC 6275 11.5.4.
    KEEPS_UNREACHABLE_CAREOF = "mn.keeps-unreachable-care-of",
        "keeps care-of addresses of links that it has left", ["MIP6-MN-MOV-013"];
    /// RFC 6275 11.5.5.
    DEREGISTERS_WITH_LIFETIME = "mn.deregisters-with-lifetime",
        "de-registers with a lifetime of 60 s", ["MIP6-MSG-019", "MIP6-MN-HOME-002"];
    /// RFC 6275 11.5.5.
    DETECTS_HOME_ADDRESS = "mn.detects-home-address",
        "asks for its home address though its home agent has it", ["MIP6-MN-HOME-005"];
    /// RFC 6275 11.5.5.
    NO_DETECTION_AT_HOME = "mn.no-detection-at-home",
        "does not ask for its home address when its bindings have ended", ["MIP6-MN-HOME-006"];
    /// RFC 6275 11.5.5.
    SILENT_RETURNING = "mn.silent-returning",
        "does not answer for its home address until it is acknowledged", ["MIP6-MN-HOME-007"];
    /// RFC 6275 11.5.5.
    NO_ANNOUNCEMENT = "mn.no-announcement",
        "does not advertise its home address when it is back", ["MIP6-MN-HOME-008", "MIP6-MN-HOME-009"];
    /// RFC 6275 11.5.5.
    ASKS_FOR_AGENT = "mn.asks-for-agent",
        "asks for its home agent's link-layer address though it was told", ["MIP6-MN-HOME-004"];
    /// RFC 6275 11.5.5.
    ENDLESS_ANNOUNCEMENT = "mn.endless-announcement",
        "advertises its home address for ever when it is back", ["MIP6-MN-HOME-010"];
    /// RFC 6275 11.5.5.
    SOLICITS_FROM_HOME = "mn.solicits-from-home",
        "solicits its home agent from its home address", ["MIP6-MN-HOME-003"];
    /// RFC 6275 11.5.5.
    DEREGISTERS_ELSEWHERE = "mn.deregisters-elsewhere",
        "de-registers with another home agent than it has registered with", ["MIP6-MN-HOME-002"];
    /// RFC 6275 11.7.2.
    KEEPS_CORRESPONDENTS = "mn.keeps-correspondents",
        "leaves its bindings at correspondents when it is back", ["MIP6-MN-HOME-012"];
    /// RFC 6275 11.5.5.
    USES_HOME_EARLY = "mn.uses-home-early",
        "uses its home address before it has de-registered", ["MIP6-MN-HOME-001", "MIP6-MN-HOME-013"];
    /// RFC 6275 11.5.5.
    TUNNELS_AT_HOME = "mn.tunnels-at-home",
        "sends through the tunnel when it is home again", ["IPSEC-POL-005", "IPSEC-IKE2-012"];
    /// RFC 6275 11.6.2.
    HOME_TEST_OUTSIDE_TUNNEL = "mn.accepts-home-test-outside-tunnel",
        "accepts a Home Test that has not come through the tunnel", ["MIP6-MN-RR-003", "IPSEC-STEP-008"];
    /// RFC 6275 11.6.2.
    IGNORES_HOME_COOKIE = "mn.ignores-home-cookie",
        "accepts a Home Test with any cookie", ["MIP6-MN-RR-003", "MIP6-MN-RR-012"];
    /// RFC 6275 11.6.2.
    SECOND_HOME_TEST = "mn.accepts-second-home-test",
        "takes the token of a second Home Test", ["MIP6-MN-RR-003"];
    /// RFC 6275 11.6.2.
    CAREOF_TEST_ELSEWHERE = "mn.accepts-care-of-test-elsewhere",
        "accepts a Care-of Test to another address than its care-of address", ["MIP6-MN-RR-004"];
    /// RFC 6275 11.6.2.
    IGNORES_CAREOF_COOKIE = "mn.ignores-care-of-cookie",
        "accepts a Care-of Test with any cookie", ["MIP6-MN-RR-004", "MIP6-MN-RR-012"];
    /// RFC 6275 11.6.2.
    SECOND_CAREOF_TEST = "mn.accepts-second-care-of-test",
        "takes the token of a second Care-of Test", ["MIP6-MN-RR-004"];
    /// RFC 6275 11.6.2.
    NO_UPDATE_AFTER_TESTS = "mn.no-update-after-tests",
        "sends no Binding Update after return routability", ["MIP6-MN-RR-006", "MIP6-NODE-037"];
    /// RFC 6275 11.7.2.
    TESTS_FOR_TESTS = "mn.tests-for-tests",
        "begins return routability because of a test message", ["MIP6-MN-RR-008"];
    /// RFC 6275 11.7.2.
    OPTIMIZES_UNTUNNELLED = "mn.optimizes-with-tunnel-end",
        "begins return routability with the end of the tunnel", ["MIP6-MN-RR-009"];
    /// RFC 6275 11.7.2.
    OPTIMIZES_WIRE_SOURCE = "mn.optimizes-wire-source",
        "begins return routability with the care-of address of a mobile correspondent", ["MIP6-MN-RR-010"];
    /// RFC 6275 8.5.
    ALWAYS_OPTIMIZES = "mn.always-optimizes",
        "optimizes routes though it is told not to", ["MIP6-NODE-044"];
    /// RFC 6275 11.7.2.
    BINDS_BEFORE_HOME = "mn.binds-before-home",
        "begins correspondent registration before its home registration", ["MIP6-MN-CREG-003"];
    /// RFC 6275 11.8.
    REPEATS_COOKIES = "mn.repeats-cookies",
        "repeats test messages with the same cookie", ["MIP6-MN-RR-011", "MIP6-RR-004"];
    /// RFC 6275 5.2.7.
    KEEPS_OLD_TOKENS = "mn.keeps-old-tokens",
        "uses keygen tokens again however old they are", ["MIP6-RR-022"];
    /// RFC 6275 5.2.9.
    KEEPS_UNANSWERED_ROUTE = "mn.keeps-unanswered-route",
        "sends directly to a correspondent that answers no more tests",
        ["MIP6-RR-026", "MIP6-TMR-013"];
    /// RFC 6275 11.7.1.
    NO_RETRANSMISSION = "mn.no-retransmission",
        "sends Binding Updates once", ["MIP6-MN-BU-010"];
    /// RFC 6275 11.8.
    NO_BACK_OFF = "mn.no-back-off",
        "repeats messages at a constant rate", ["MIP6-TMR-004", "MIP6-MN-MPD-014", "MIP6-TMR-002"];
    /// RFC 6275 11.8.
    SHARES_BACK_OFF = "mn.shares-back-off",
        "repeats both tests when one of them is not answered", ["MIP6-TMR-006"];
    /// RFC 6275 11.8.
    FLOODS = "mn.floods",
        "keeps to no rate", ["MIP6-TMR-007", "MIP6-MN-MOV-007"];
    /// RFC 6275 11.8 and 13.
    FIXED_FIRST_TIMEOUT = "mn.fixed-first-timeout",
        "repeats its first registration after 1 s", ["MIP6-NODE-045", "MIP6-TMR-001", "MIP6-MN-BU-018"];
    /// RFC 6275 11.7.2 and 11.8.
    REPEATS_SEQUENCE = "mn.repeats-sequence",
        "uses a sequence number again", ["MIP6-TMR-008", "MIP6-MN-CREG-009", "MIP6-MN-CREG-011"];
    /// RFC 6275 11.7.1.
    IGNORES_SEQUENCE_ANSWER = "mn.ignores-sequence-answer",
        "does not take the sequence number of status 135", ["MIP6-MN-BU-013", "MIP6-MN-BA-007"];
    /// RFC 6275 11.7.1.
    ONE_HOME = "mn.one-home",
        "registers its first home address alone", ["MIP6-MN-BU-014"];
    /// RFC 6275 11.7.1.
    REUSES_DUPLICATE = "mn.reuses-duplicate",
        "registers a home address again that somebody else has", ["MIP6-MN-BU-015"];
    /// RFC 6275 6.1.7.
    COUNTS_SECONDS = "mn.counts-seconds",
        "asks for lifetimes in seconds", ["MIP6-TMR-015"];
    /// RFC 6275 11.7.1.
    NO_HOME_FLAG = "mn.no-home-flag",
        "registers at home without H", ["MIP6-MN-BU-001"];
    /// RFC 6275 11.7.1.
    NO_ACKNOWLEDGE_FLAG = "mn.no-acknowledge-flag",
        "registers at home without A", ["MIP6-MN-BU-002"];
    /// RFC 6275 11.7.1.
    NO_ALTERNATE = "mn.no-alternate",
        "registers at home without an Alternate Care-of Address option", ["MIP6-MN-BU-004"];
    /// RFC 6275 11.7.1.
    SETS_KEY_FLAG = "mn.sets-key-flag",
        "sets K though its keys are manual ones", ["MIP6-MN-BU-007", "MIP6-MSG-013"];
    /// RFC 6275 11.7.1.
    OUTLIVES_ADDRESSES = "mn.outlives-addresses",
        "asks for lifetimes longer than its addresses last", ["MIP6-MN-BU-009", "MIP6-MN-MPD-006"];
    /// RFC 6275 11.6.3.
    KEEPS_OLD_TUNNEL = "mn.keeps-old-tunnel",
        "leaves its tunnel at the old care-of address until it is acknowledged", ["IPSEC-PRO-006", "MIP6-MN-RR-007"];
    /// RFC 6275 11.7.2.
    FORGETS_CORRESPONDENTS = "mn.forgets-correspondents",
        "does not tell correspondents its new care-of address", ["MIP6-MN-CREG-001", "MIP6-NODE-029"];
    /// RFC 6275 5.2.6.
    LONG_CORRESPONDENT_LIFETIME = "mn.long-correspondent-lifetime",
        "asks correspondents for 840 s", ["MIP6-MN-CREG-012", "MIP6-MN-CREG-005"];
    /// RFC 6275 11.3.1.
    TUNNELS_FROM_HOME = "mn.tunnels-from-home",
        "enters the tunnel with its home address outside too", ["MIP6-MN-PKT-009"];
    /// RFC 6275 11.3.1.
    TUNNELS_CARE_OF = "mn.tunnels-care-of",
        "sends through the tunnel what comes from its care-of address", ["MIP6-MN-PKT-004"];
    /// RFC 6275 11.7.2.
    CAREOF_INDEX_IN_DELETION = "mn.care-of-index-in-deletion",
        "deletes bindings with a care-of nonce index", ["MIP6-MN-CREG-006"];
    /// RFC 6275 11.7.2.
    NO_AUTHENTICATOR = "mn.no-authenticator",
        "sends correspondents Binding Updates without Binding Authorization Data", ["MIP6-MN-CREG-007", "MIP6-MN-RR-005"];
    /// RFC 6275 11.1.
    USES_ENDED_BINDING = "mn.uses-ended-binding",
        "goes on sending directly when a binding has ended", ["MIP6-MN-CREG-013"];
    /// RFC 6275 11.7.3.
    ACCEPTS_BAD_AUTHENTICATOR = "mn.accepts-bad-authenticator",
        "accepts Binding Acknowledgements of correspondents without a right authenticator", ["MIP6-MN-BA-001", "MIP6-MN-BA-007"];
    /// RFC 6275 11.7.3.
    ACCEPTS_MISPLACED_AUTHENTICATOR = "mn.accepts-misplaced-authenticator",
        "accepts Binding Authorization Data that do not stand last", ["MIP6-MN-BA-002"];
    /// RFC 6275 11.7.3.
    IGNORES_ACK_SEQUENCE = "mn.ignores-ack-sequence",
        "accepts Binding Acknowledgements with any sequence number", ["MIP6-MN-BA-003"];
    /// RFC 6275 11.7.3.
    RETRANSMITS_AFTER_ACK = "mn.retransmits-after-ack",
        "repeats Binding Updates that have been accepted", ["MIP6-MN-BA-004"];
    /// RFC 6275 11.7.3.
    IGNORES_GRANTED_LIFETIME = "mn.ignores-granted-lifetime",
        "takes the lifetime that it asked for instead of what it was granted", ["MIP6-MN-BA-005", "MIP6-MN-BA-006", "MIP6-MN-BU-016"];
    /// RFC 6275 11.7.3.
    REPEATS_REFUSED = "mn.repeats-refused",
        "repeats Binding Updates that have been refused as they are", ["MIP6-MN-BA-009"];
    /// RFC 6275 11.7.3.
    OBEYS_CORRESPONDENT_ADVICE = "mn.obeys-correspondent-advice",
        "takes a Refresh Advice from a correspondent", ["MIP6-MN-BA-010"];
    /// RFC 6275 11.7.3.
    IGNORES_ADVICE = "mn.ignores-advice",
        "does not refresh as its home agent advises", ["MIP6-MN-BA-011"];
    /// RFC 6275 6.2.4.
    FOLLOWS_LATE_ADVICE = "mn.follows-late-advice",
        "refreshes when it is advised to, though the binding has ended by then",
        ["MIP6-MN-BA-006", "MIP6-MN-BA-011"];
    /// RFC 6275 6.1.8.
    REJECTS_UNKNOWN_SUCCESS = "mn.rejects-unknown-success",
        "takes status values from 2 to 127 for refusals", ["MIP6-MN-BA-013"];
    /// RFC 6275 6.1.8.
    ACCEPTS_UNKNOWN_REFUSAL = "mn.accepts-unknown-refusal",
        "takes unknown status values from 128 for success", ["MIP6-MN-BA-013"];
    /// RFC 6275 11.7.4.
    IGNORES_REFRESH_REQUEST = "mn.ignores-refresh-request",
        "does not answer a Binding Refresh Request", ["MIP6-MN-BA-014", "MIP6-NODE-039", "MIP6-MN-BA-016"];
    /// RFC 6275 11.7.4.
    ANSWERS_STRANGER = "mn.answers-stranger",
        "answers a Binding Refresh Request of a stranger", ["MIP6-MN-BA-015"];
    /// RFC 6275 11.3.4.
    REPORTS_UNASKED = "mn.reports-unasked",
        "reports memberships through the tunnel before it is asked", ["MIP6-MN-PKT-016"];
    /// RFC 6275 5.5.
    BARES_MEMBERSHIP = "mn.bares-membership",
        "reports memberships through the tunnel without the protection of the tunnel", ["MIP6-SEC-008", "IPSEC-SUP-007"];
    /// RFC 6275 11.3.4.
    IGNORES_QUERY = "mn.ignores-query",
        "does not answer queries for memberships through the tunnel", ["MIP6-NODE-041"];
    /// RFC 6275 8.5.
    NO_DECAPSULATION = "mn.no-decapsulation",
        "discards packets that come through the tunnel", ["MIP6-NODE-031"];
    /// RFC 6275 8.5.
    IGNORES_ACK = "mn.ignores-acknowledgements",
        "takes no Binding Acknowledgements", ["MIP6-NODE-036", "MIP6-NODE-038"];
}
