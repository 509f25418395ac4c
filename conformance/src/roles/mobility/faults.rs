//! What nodes with mobility can do wrong, whatever their role.

use crate::roles::faults::faults;

faults! {
    /// RFC 6275 9.2.
    IGNORES_UNKNOWN_TYPES = "any.ignores-unknown-types",
        "sends no Binding Error about an unknown MH Type",
        ["MIP6-MH-016", "MIP6-NODE-007", "MIP6-MH-024", "LKE-SEC-009"];
    /// RFC 6275 9.2.
    ACCEPTS_PAYLOAD = "any.accepts-payload",
        "accepts a Mobility Header with another Payload Proto than 59", ["MIP6-MH-017", "MIP6-MH-024", "MIP6-CN-BA-001", "MIP6-MH-025"];
    /// RFC 6275 9.2.
    SILENT_ON_PAYLOAD = "any.silent-on-payload",
        "does not answer another Payload Proto than 59", ["MIP6-MH-018"];
    /// RFC 6275 9.2.
    POINTS_WRONG_AT_PAYLOAD = "any.points-wrong-at-payload",
        "points past the Payload Proto that it complains of", ["MIP6-MH-019"];
    /// RFC 6275 9.2.
    SILENT_ON_SHORT = "any.silent-on-short-header",
        "does not answer a Header Len that is too small", ["MIP6-MH-021", "MIP6-MH-024"];
    /// RFC 6275 9.2.
    POINTS_WRONG_AT_SHORT = "any.points-wrong-at-short-header",
        "points past the Header Len that it complains of", ["MIP6-MH-022"];
    /// RFC 6275 6.1.1.
    MINDS_RESERVED = "any.minds-reserved",
        "discards Mobility Headers whose reserved octet is not zero", ["MIP6-MH-005"];
    /// RFC 6275 6.2.1.
    ACCEPTS_OVERRUN = "any.accepts-overrun",
        "accepts options that run past the end of the message", ["MIP6-OPT-018", "MIP6-CN-BA-001", "MIP6-CN-BU-014"];
    /// RFC 6275 6.2.1.
    DISCARDS_UNKNOWN_OPTIONS = "any.discards-unknown-options",
        "discards messages with an option that it does not know",
        ["MIP6-OPT-005", "MIP6-MSG-021", "MIP6-MSG-028", "MIP6-MSG-031", "MIP6-MSG-032"];
    /// RFC 6275 6.2.3.
    MINDS_PADDING = "any.minds-padding",
        "discards messages whose padding is not zero", ["MIP6-OPT-010"];
    /// RFC 6275 9.3.1.
    SILENT_ON_UNBOUND = "any.silent-on-unbound",
        "sends no Binding Error about a home address without binding",
        ["MIP6-HAO-012"];
    /// RFC 6275 6.3 and 9.1.
    BINDS_BY_OPTION = "any.binds-by-option",
        "makes a binding of a Home Address option", ["MIP6-HAO-008", "MIP6-NODE-050"];
    /// RFC 6275 15.1.
    DIES = "any.dies",
        "falls silent for ever after options that run past the end of a message",
        ["MIP6-SEC-014"];
    /// RFC 6275 9.3.3.
    UNLIMITED_ERRORS = "any.unlimited-errors",
        "sends any number of Binding Errors", ["MIP6-CN-PKT-010"];
    /// RFC 6275 9.3.3.
    ERROR_WITHOUT_HOME = "any.error-without-home",
        "puts the source into the home address of a Binding Error", ["MIP6-CN-PKT-009"];
    /// RFC 6275 9.3.3.
    ERROR_TO_HOME = "any.error-to-home",
        "sends Binding Errors to the home address",
        ["MIP6-CN-PKT-007", "MIP6-CN-PKT-011", "MIP6-SEC-012"];
    /// RFC 6275 6.1.2.
    MINDS_REQUEST_RESERVED = "any.minds-request-reserved",
        "discards Binding Refresh Requests whose reserved field is not zero",
        ["MIP6-MSG-002"];
    /// RFC 6275 6.1.7.
    MINDS_UPDATE_RESERVED = "any.minds-update-reserved",
        "discards Binding Updates with reserved flags", ["MIP6-MSG-010"];
    /// RFC 6275 6.2.
    WANTS_ORDER = "any.wants-order",
        "discards a care-of address behind nonce indices", ["MIP6-OPT-019"];
    /// RFC 6275 6.2.5 and 9.5.1.
    IGNORES_ALTERNATE = "any.ignores-alternate",
        "takes the source for the care-of address in spite of an Alternate Care-of Address option",
        ["MIP6-OPT-014", "MIP6-CN-BU-009", "MIP6-CN-BU-017", "MIP6-HA-BU-023",
         "IPSEC-FMT-005"];
    /// RFC 6275 9.5.1.
    ACCEPTS_UNROUTABLE_HOME = "any.accepts-unroutable-home",
        "binds home addresses that are not unicast routable",
        ["MIP6-CN-BU-001", "MIP6-CN-BU-014", "MIP6-HAO-009"];
    /// RFC 6275 6.1.7.
    ACCEPTS_UNROUTABLE_CAREOF = "any.accepts-unroutable-careof",
        "binds care-of addresses that are not unicast routable",
        ["MIP6-MSG-017", "MIP6-CN-BU-014", "MIP6-CN-BA-001"];
    /// RFC 6275 9.5.1.
    ACCEPTS_HOME_INDICES = "any.accepts-home-indices",
        "accepts nonce indices in a home registration", ["MIP6-CN-BU-010", "MIP6-CN-BA-001", "MIP6-CN-BU-014"];
    /// RFC 6275 9.5.1.
    IGNORES_SEQUENCE = "any.ignores-sequence",
        "accepts any sequence number",
        ["MIP6-CN-BU-002", "MIP6-CN-BU-011", "MIP6-CN-BU-015", "MIP6-HA-BA-012"];
    /// RFC 6275 9.5.1.
    COMPARES_PLAINLY = "any.compares-plainly",
        "compares sequence numbers without regard to their going round",
        ["MIP6-CN-BU-004", "MIP6-NODE-049"];
    /// RFC 6275 9.5.1.
    BEGINS_AT_ZERO = "any.begins-at-zero",
        "takes 0 for the last sequence number when there is no binding", ["MIP6-CN-BU-003"];
    /// RFC 6275 9.5.1.
    ECHOES_SEQUENCE = "any.echoes-sequence",
        "does not say the last sequence number when it refuses another",
        ["MIP6-CN-BU-011", "MIP6-HA-BA-012"];
    /// RFC 6275 9.5.1.
    CHANGES_TYPE = "any.changes-type",
        "lets a Binding Update change the registration type",
        ["MIP6-CN-BU-012", "MIP6-HA-BA-013"];
    /// RFC 6275 6.1.7.
    COUNTS_SECONDS = "any.counts-seconds",
        "takes lifetimes for seconds", ["MIP6-TMR-015", "MIP6-MSG-027"];
    /// RFC 6275 9.5.4.
    IGNORES_ACKNOWLEDGE = "any.ignores-acknowledge",
        "does not acknowledge what it accepts",
        ["MIP6-CN-BA-002", "MIP6-HA-BA-001", "MIP6-NODE-010", "MIP6-NODE-021"];
    /// RFC 6275 9.5.4.
    ACKNOWLEDGES_ALL = "any.acknowledges-all",
        "acknowledges what it accepts unasked", ["MIP6-CN-BA-004"];
    /// RFC 6275 9.5.4.
    REFUSES_SILENTLY = "any.refuses-silently",
        "does not say that it refuses unless it is asked to acknowledge", ["MIP6-CN-BA-003", "MIP6-HA-BA-001"];
    /// RFC 6275 9.5.4.
    ACKNOWLEDGES_HOME = "any.acknowledges-home",
        "sends acknowledgements to the home address without routing header",
        ["MIP6-CN-BA-009", "MIP6-CN-BA-011", "MIP6-HA-BA-010"];
    /// RFC 6275 9.5.4.
    ACKNOWLEDGES_CAREOF = "any.acknowledges-care-of",
        "sends acknowledgements to the care-of address instead of the source",
        ["MIP6-CN-BA-009"];
    /// RFC 6275 9.5.4.
    ROUTES_ALL_ACKNOWLEDGEMENTS = "any.routes-all-acknowledgements",
        "puts a routing header into every acknowledgement", ["MIP6-CN-BA-010"];
}
