//! What hosts can do wrong.

use crate::roles::faults::faults;

faults! {
    /// RFC 4443 2.4 (a).
    NO_ERRORS = "any.no-errors", "sends no ICMPv6 errors",
        ["MIP6-MH-018", "MIP6-MH-021", "MIP6-HAO-005"];
    /// RFC 4443 2.4 (e).
    ERRORS_TO_MANY = "any.errors-to-many",
        "sends ICMPv6 errors about packets to many", ["MIP6-HAO-007"];
    /// RFC 6275 6.3.
    POINTS_WRONG_AT_OPTION = "any.points-wrong-at-option",
        "points past the option that it complains of", ["MIP6-HAO-006"];
    /// RFC 6275 8.1.
    HALF_MOBILE = "any.half-mobile",
        "knows Home Address options without knowing Mobility Headers", ["MIP6-NODE-001"];
    /// RFC 6275 9.2.
    ERRORS_BY_BINDING = "any.errors-by-binding",
        "sends ICMPv6 errors about a care-of address through its binding", ["MIP6-MH-023"];
    /// RFC 6275 9.2.
    ACCEPTS_CHECKSUMS = "any.accepts-checksums",
        "accepts any checksum", ["MIP6-MH-015", "MIP6-MH-024", "MIP6-CN-BA-001", "MIP6-MH-025"];
    /// RFC 6275 9.2.
    READS_PAST_SHORT_HEADERS = "any.reads-past-short-headers",
        "reads what stands behind a Header Len that is too small", ["MIP6-MH-020", "MIP6-MH-024"];
    /// RFC 6275 9.3.3 and 9.5.4.
    ANSWERS_GROUPS = "any.answers-groups",
        "answers packets whose source is a multicast address",
        ["MIP6-CN-PKT-008", "MIP6-CN-BA-008", "MIP6-CN-BA-001"];
    /// RFC 3776 4.1.
    NO_ESP = "any.no-esp", "discards what ESP protects",
        ["IPSEC-SUP-001", "IPSEC-SUP-005", "IPSEC-FMT-017"];
    /// RFC 3776 4.1.
    NO_TUNNEL_ESP = "any.no-tunnel-esp", "knows ESP in transport mode alone",
        ["IPSEC-SUP-004", "MIP6-NODE-026", "MIP6-HA-RRP-001"];
    /// RFC 3776 4.2.
    SELECTS_BY_WIRE = "any.selects-by-care-of",
        "asks its security policies by care-of addresses",
        ["IPSEC-POL-001", "IPSEC-POL-002", "IPSEC-STEP-002", "IPSEC-SUP-001", "IPSEC-FMT-017"];
    /// RFC 3776 4.2.
    DROPS_TUNNEL_KEYS = "any.drops-tunnel-keys",
        "gives up the security associations of its tunnel when the mobile node is home",
        ["IPSEC-POL-006"];
    /// RFC 6275 9.3.2.
    FORGETS_ROUTES_IN_MTU = "any.forgets-routes-in-mtu",
        "does not count the routing header when it splits packets for the path MTU",
        ["MIP6-CN-PKT-006"];
    /// RFC 6275 9.3.1.
    WANTS_BINDINGS = "any.wants-bindings",
        "wants a binding for each Home Address option, whatever follows it",
        ["MIP6-HAO-011", "MIP6-MN-CREG-015"];
    /// RFC 6275 9.3.1.
    BELIEVES_ALL = "any.believes-all",
        "takes any Home Address option for true",
        ["MIP6-HAO-010", "MIP6-HAO-012", "MIP6-NODE-004", "MIP6-SEC-012"];
    /// RFC 6275 9.3.1.
    BELIEVES_ANY_CAREOF = "any.believes-any-care-of",
        "takes a Home Address option for true whose binding has another care-of address",
        ["MIP6-HAO-010"];
    /// RFC 6275 9.3.1.
    SHOWS_CAREOF = "any.shows-care-of",
        "shows upper layers the care-of address as the source", ["MIP6-HAO-013"];
    /// RFC 6275 9.3.2.
    IGNORES_BINDINGS = "any.ignores-bindings",
        "sends to home addresses in spite of bindings",
        ["MIP6-CN-PKT-001", "MIP6-NODE-005", "MIP6-NODE-011", "MIP6-HAO-013", "MIP6-CN-BU-018"];
    /// RFC 6275 6.1.
    ROUTES_MOBILITY = "any.routes-mobility",
        "sends Mobility Headers by its bindings", ["MIP6-MH-014", "MIP6-MH-012", "MIP6-RR-025"];
    /// RFC 6275 8.2.
    ANSWERS_ROUTES = "any.answers-routes",
        "answers Type 2 routing headers that it does not follow with errors",
        ["MIP6-RH2-009", "MIP6-RH2-010", "MIP6-RH2-011", "MIP6-RH2-012"];
    /// RFC 6275 11.3.3.
    ACCEPTS_ROUTE_LENGTH = "any.accepts-route-length",
        "follows Type 2 routing headers of another length than 2", ["MIP6-RH2-010"];
    /// RFC 6275 11.3.3.
    ACCEPTS_SEGMENTS_LEFT = "any.accepts-segments-left",
        "takes packets whose Type 2 routing header has not one segment left",
        ["MIP6-RH2-011"];
    /// RFC 6275 6.4.1.
    MINDS_ROUTE_RESERVED = "any.minds-route-reserved",
        "discards packets whose Type 2 routing header has reserved bits set",
        ["MIP6-RH2-002"];
    /// RFC 6275 6.4.
    FOLLOWS_ROUTES = "any.follows-routes",
        "forwards packets by Type 2 routing headers to other nodes",
        ["MIP6-RH2-004", "MIP6-RH2-012", "MIP6-SEC-013"];
    /// RFC 6275 7.3 and 7.4.
    MINDS_ROUTER_OPTIONS = "any.minds-router-options",
        "discards Neighbor Solicitations with options that are for Router Advertisements alone",
        ["MIP6-ND-007", "MIP6-ND-013", "LKE-SEC-009"];
    /// RFC 6275 6.4.1.
    REVERSES_ROUTES = "any.reverses-routes",
        "answers a routing header with a routing header", ["MIP6-RH2-007"];
    /// RFC 6275 8.3.
    FILTERS_TYPE_2 = "ar.filters-type-2",
        "takes Type 2 routing headers for those of type 0 where these are filtered",
        ["MIP6-RH2-013"];
    /// RFC 6275 7.3 and 7.4.
    MINDS_STRANGE_OPTIONS = "any.minds-strange-options",
        "discards Neighbor Solicitations and Advertisements with options that belong elsewhere",
        ["MIP6-ND-007", "MIP6-ND-013", "LKE-SEC-009"];
}
