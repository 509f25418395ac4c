//! What correspondents can do wrong.

use crate::roles::faults::faults;

faults! {
    /// RFC 6275 5.2.2.
    REUSES_INDEX = "cn.reuses-index",
        "gives new nonces the index of the one before", ["MIP6-RR-003"];
    /// RFC 6275 5.2.5.
    TOKENS_FOR_ANYONE = "cn.tokens-for-anyone",
        "makes the same tokens for all addresses", ["MIP6-RR-007", "MIP6-RR-008"];
    /// RFC 6275 5.2.1.
    OUTLIVES_RESTART = "cn.outlives-restart",
        "has its nonces and bindings still after a restart", ["MIP6-RR-029"];
    /// RFC 6275 9.5.1.
    KEEPS_SEQUENCE = "cn.keeps-sequence",
        "remembers the sequence number of the first Binding Update alone",
        ["MIP6-CN-BU-015", "MIP6-NODE-049"];
    /// RFC 6275 5.2.7.
    NONCE_PER_REQUEST = "cn.nonce-per-request",
        "makes a nonce for every request", ["MIP6-RR-021"];
    /// RFC 6275 5.2.7.
    SHORT_NONCES = "cn.short-nonces",
        "forgets nonces after a minute", ["MIP6-RR-018", "MIP6-TMR-011"];
    /// RFC 6275 5.2.7.
    ENDLESS_NONCES = "cn.endless-nonces",
        "accepts nonces for ever", ["MIP6-RR-019", "MIP6-TMR-011"];
    /// RFC 6275 5.2.2.
    ACCEPTS_UNKNOWN_INDEX = "cn.accepts-unknown-index",
        "takes the newest nonce for an index that it does not know",
        ["MIP6-RR-003", "MIP6-RR-029", "MIP6-CN-BU-005", "MIP6-CN-BU-013"];
    /// RFC 6275 5.2.5.
    RANDOM_TOKENS = "cn.random-tokens",
        "makes another home keygen token each time", ["MIP6-RR-007"];
    /// RFC 6275 5.2.5.
    EQUAL_TOKENS = "cn.equal-tokens",
        "makes care-of keygen tokens like home keygen tokens", ["MIP6-RR-008"];
    /// RFC 6275 5.2.5.
    REFUSES_EQUAL_INDICES = "cn.refuses-equal-indices",
        "discards Binding Updates whose nonce indices are equal", ["MIP6-RR-028"];
    /// RFC 6275 5.2.5.
    REMEMBERS_INITS = "cn.remembers-inits",
        "keeps state for each Test Init message until it has no more room", ["MIP6-RR-011"];
    /// RFC 6275 9.4.1.
    NO_HOME_TEST = "cn.no-home-test",
        "does not answer Home Test Init",
        ["MIP6-RR-005", "MIP6-CN-RR-003", "MIP6-CN-RR-004", "MIP6-NODE-001", "MIP6-NODE-008",
         "MIP6-NODE-009"];
    /// RFC 6275 9.4.2.
    NO_CAREOF_TEST = "cn.no-care-of-test",
        "does not answer Care-of Test Init",
        ["MIP6-RR-006", "MIP6-CN-RR-005", "MIP6-NODE-001", "MIP6-NODE-009"];
    /// RFC 6275 5.2.5.
    WRONG_COOKIE = "cn.wrong-cookie",
        "does not give cookies back as they came",
        ["MIP6-RR-005", "MIP6-RR-006", "MIP6-MSG-007", "MIP6-MSG-008"];
    /// RFC 6275 9.4.1 and 9.4.2.
    ANSWERS_HOME_OPTION = "cn.answers-home-option",
        "answers Test Init messages with a Home Address option",
        ["MIP6-CN-RR-001", "MIP6-CN-RR-002"];
    /// RFC 6275 6.1.3 and 6.1.4.
    MINDS_RESERVED = "cn.minds-reserved",
        "ignores Test Init messages whose reserved field is not zero",
        ["MIP6-MSG-004", "MIP6-MSG-006"];
    /// RFC 6275 9.4.3 and 15.4.1.
    TESTS_CAREOF = "cn.tests-care-of",
        "sends a Home Test to the care-of address of a binding",
        ["MIP6-CN-RR-004", "MIP6-CN-RR-006"];
    /// RFC 6275 8.2.
    ALWAYS_ON = "cn.always-on",
        "takes part in route optimization though it is disabled",
        ["MIP6-NODE-012", "MIP6-SEC-010"];
    /// RFC 6275 10.3.1.
    ACCEPTS_HOME_REGISTRATION = "cn.accepts-home-registration",
        "takes a home registration for any other", ["MIP6-HA-BU-003"];
    /// RFC 6275 6.1.7.
    MINDS_KEY_FLAG = "cn.minds-key-flag",
        "discards Binding Updates with flag K", ["MIP6-MSG-015"];
    /// RFC 6275 9.5.1.
    ACCEPTS_MISSING_INDICES = "cn.accepts-missing-indices",
        "accepts Binding Updates without nonce indices", ["MIP6-CN-BU-005", "MIP6-CN-BU-014"];
    /// RFC 6275 9.5.1.
    ACCEPTS_MISSING_AUTHENTICATOR = "cn.accepts-missing-authenticator",
        "accepts Binding Updates without authenticator", ["MIP6-CN-BU-007", "MIP6-CN-BU-014"];
    /// RFC 6275 9.5.1.
    ACCEPTS_TRAILING_PADDING = "cn.accepts-trailing-padding",
        "accepts an authenticator with padding behind it", ["MIP6-CN-BU-008"];
    /// RFC 6275 9.5.1.
    ACCEPTS_BAD_AUTHENTICATOR = "cn.accepts-bad-authenticator",
        "accepts any authenticator", ["MIP6-CN-BU-006", "MIP6-CN-BU-014"];
    /// RFC 6275 9.5.1.
    AUTHENTICATES_SOURCE = "cn.authenticates-source",
        "verifies authenticators with the source instead of the care-of address",
        ["MIP6-CN-BU-009"];
    /// RFC 6275 9.5.1.
    ANSWERS_DISCARDED = "cn.answers-discarded",
        "refuses with status 128 what is to be discarded",
        ["MIP6-CN-BU-006", "MIP6-CN-BU-007", "MIP6-CN-BU-014", "MIP6-CN-BA-001"];
    /// RFC 6275 9.5.1.
    VAGUE_ABOUT_NONCES = "cn.vague-about-nonces",
        "refuses unknown nonce indices with status 128", ["MIP6-CN-BU-013", "MIP6-RR-003"];
    /// RFC 6275 6.2.6.
    CHECKS_DELETION_INDEX = "cn.checks-deletion-index",
        "wants a known care-of nonce index to delete a binding",
        ["MIP6-OPT-016", "MIP6-CN-BU-016"];
    /// RFC 6275 9.5.2.
    BINDS_NOTHING = "cn.binds-nothing",
        "accepts Binding Updates without making a binding",
        ["MIP6-CN-BU-018", "MIP6-NODE-011", "MIP6-MSG-027"];
    /// RFC 6275 9.1.
    ONE_CACHE = "cn.one-cache",
        "has one binding cache for all of its addresses", ["MIP6-NODE-047"];
    /// RFC 6275 9.1.
    KEEPS_FIRST_CAREOF = "cn.keeps-first-care-of",
        "does not change the care-of address of a binding", ["MIP6-CN-BU-024"];
    /// RFC 6275 9.5.2.
    GRANTS_MORE = "cn.grants-more",
        "grants more lifetime than asked for", ["MIP6-CN-BU-019"];
    /// RFC 6275 5.2.6.
    GRANTS_LONG = "cn.grants-long",
        "grants more than MAX_RR_BINDING_LIFETIME", ["MIP6-RR-017", "MIP6-TMR-011"];
    /// RFC 6275 9.5.2 and 9.6.
    NEVER_EXPIRES = "cn.never-expires",
        "keeps bindings beyond their lifetime", ["MIP6-CN-BU-020", "MIP6-CN-BU-025"];
    /// RFC 6275 6.1.8.
    EXPIRES_EARLY = "cn.expires-early",
        "drops bindings at half their lifetime",
        ["MIP6-MSG-027", "MIP6-MSG-022", "MIP6-NODE-048"];
    /// RFC 6275 9.5.2.
    SILENT_WHEN_FULL = "cn.silent-when-full",
        "does not say that it has no room for a binding", ["MIP6-CN-BU-021", "MIP6-CN-BA-003"];
    /// RFC 6275 9.5.3.
    KEEPS_DELETED = "cn.keeps-deleted",
        "keeps the binding that it has agreed to delete", ["MIP6-MSG-020", "MIP6-CN-BU-022"];
    /// RFC 6275 9.5.3.
    CREATES_ON_DELETION = "cn.creates-on-deletion",
        "makes a binding when it is told to delete one that it has not", ["MIP6-CN-BU-022"];
    /// RFC 6275 5.2.8.
    FORGETS_DELETED = "cn.forgets-deleted",
        "forgets the sequence number of a binding with the binding",
        ["MIP6-RR-024", "MIP6-CN-BU-023", "MIP6-CN-BU-026"];
    /// RFC 6275 9.3.4.
    ENDS_ON_FIRST_ERROR = "cn.ends-on-first-error",
        "drops a binding at the first Destination Unreachable", ["MIP6-CN-PKT-013"];
    /// RFC 6275 9.3.4.
    IGNORES_UNREACHABLE = "cn.ignores-unreachable",
        "keeps a binding whose care-of address cannot be reached",
        ["MIP6-CN-PKT-012", "MIP6-NODE-006"];
    /// RFC 6275 9.5.5.
    REFRESH_STORM = "cn.refresh-storm",
        "sends Binding Refresh Requests without pause or end",
        ["MIP6-CN-BA-014"];
    /// RFC 6275 9.5.5.
    KEEPS_ASKING = "cn.keeps-asking",
        "goes on with Binding Refresh Requests after a Binding Update has come",
        ["MIP6-CN-BA-013"];
    /// RFC 6275 9.3.2.
    ROUTES_CAREOF = "cn.routes-care-of",
        "finds bindings by care-of addresses too", ["MIP6-CN-PKT-005"];
    /// RFC 6275 9.5.4.
    UNSIGNED = "cn.unsigned",
        "sends acknowledgements without authenticator", ["MIP6-CN-BA-007"];
    /// RFC 6275 9.5.4.
    SIGNS_NONCE_REFUSALS = "cn.signs-nonce-refusals",
        "puts an authenticator into refusals of nonces", ["MIP6-CN-BA-006"];
    /// RFC 6275 6.1.8.
    SETS_KEY_FLAG = "cn.sets-key-flag",
        "sets flag K in its acknowledgements", ["MIP6-MSG-025"];
}
