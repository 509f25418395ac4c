//! What hosts can do wrong.

use crate::roles::faults::faults;

faults! {
    /// RFC 4443 2.4 (a).
    NO_ERRORS = "any.no-errors", "sends no ICMPv6 errors",
        ["MIP6-MH-018", "MIP6-MH-021"];
    /// RFC 8200 4.2 and RFC 6275 6.3.
    SILENT_ON_UNKNOWN_OPTION = "any.silent-on-unknown-option",
        "does not answer options that it does not know", ["MIP6-HAO-005"];
    /// RFC 6275 6.3.
    POINTS_WRONG_AT_OPTION = "any.points-wrong-at-option",
        "points past the option that it does not know", ["MIP6-HAO-006"];
    /// RFC 6275 6.3.
    ERRORS_ABOUT_MULTICAST = "any.errors-about-multicast",
        "answers options that it does not know in packets to many", ["MIP6-HAO-007"];
    /// RFC 6275 8.1.
    HALF_MOBILE = "any.half-mobile",
        "knows Home Address options without knowing Mobility Headers", ["MIP6-NODE-001"];
}
