//! What hosts can do wrong.

use crate::roles::faults::faults;

faults! {
    /// RFC 4443 2.4 (a).
    NO_ERRORS = "any.no-errors", "sends no ICMPv6 errors",
        ["MIP6-MH-018", "MIP6-MH-021"];
    /// RFC 6275 8.3.
    FILTERS_TYPE_2 = "ar.filters-type-2",
        "takes Type 2 routing headers for those of type 0 where these are filtered",
        ["MIP6-RH2-013"];
    /// RFC 6275 7.3 and 7.4.
    MINDS_STRANGE_OPTIONS = "any.minds-strange-options",
        "discards Neighbor Solicitations and Advertisements with options that belong elsewhere",
        ["MIP6-ND-007", "MIP6-ND-013"];
}
