//! What hosts can do wrong.

use crate::roles::faults::faults;

faults! {
    /// RFC 4443 2.4 (a).
    NO_ERRORS = "any.no-errors", "sends no ICMPv6 errors",
        ["MIP6-MH-018", "MIP6-MH-021"];
}
