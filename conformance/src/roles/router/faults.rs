//! What routers can do wrong.

use crate::roles::faults::faults;

faults! {
    /// RFC 6275 7.5.
    SLOW = "ar.slow-advertisements",
        "never advertises itself more often than every three seconds",
        ["MIP6-ND-016", "MIP6-ND-023", "MIP6-NODE-014"];
    /// RFC 6275 7.5.
    ALWAYS_UNSOLICITED = "ar.always-unsolicited",
        "advertises itself without being asked where that is switched off",
        ["MIP6-ND-022"];
    /// RFC 6275 7.3 and 8.3.
    NO_INTERVAL_OPTION = "ar.no-interval-option",
        "never sends the Advertisement Interval option", ["MIP6-ND-025", "MIP6-NODE-013"];
    /// RFC 6275 7.3 and 8.3.
    ALWAYS_INTERVAL_OPTION = "ar.always-interval-option",
        "sends the Advertisement Interval option where that is switched off",
        ["MIP6-ND-025", "MIP6-NODE-013"];
    /// RFC 6275 7.3.
    INTERVAL_IN_SECONDS = "ar.interval-in-seconds",
        "counts the advertised interval in seconds", ["MIP6-ND-006"];
    /// RFC 6275 7.2.
    CHANGING_ADDRESS = "ar.changing-router-address",
        "advertises another whole address each time", ["MIP6-ND-005"];
}
