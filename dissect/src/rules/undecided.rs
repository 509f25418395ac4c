//! Why a requirement could not be judged.

use std::fmt;

use mip6_security::mobility::local::Reading as LocalReading;

/// What was missing to judge a requirement: such a verdict is inconclusive,
/// and never a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Undecided {
    /// No key for what is protected.
    NoKey,
    /// The packet before it was not captured, soon after the capture began.
    Late,
    /// Of this conversation only one direction was captured.
    OneWay,
    /// Frames of this conversation are missing.
    Lost,
    /// Where the key exchange data of draft-liu-mobileip-lke-01 end is told by the
    /// access router's key alone, which was not captured (reading B5).
    Vague,
    /// It depends on how draft-liu-mobileip-lke-01 is read: it is right by this
    /// reading, and wrong by the default.
    Reading(LocalReading),
}

impl Undecided {
    /// All reasons.
    pub const ALL: [Self; 7] = [
        Self::NoKey,
        Self::Late,
        Self::OneWay,
        Self::Lost,
        Self::Vague,
        Self::Reading(LocalReading::Seconds),
        Self::Reading(LocalReading::WithinTwo),
    ];

    /// Its place in `ALL`.
    pub(super) fn place(self) -> usize {
        Self::ALL.iter().position(|w| *w == self).unwrap_or(0)
    }

    /// The reason, as reports have it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoKey => "no key",
            Self::Late => "the capture began too late",
            Self::OneWay => "only one direction was captured",
            Self::Lost => "frames are missing",
            Self::Vague => "an open reading of the specification: B5, where key exchange data end",
            Self::Reading(LocalReading::Seconds) => {
                "an open reading of the specification: D2, the unit of a requested lifetime"
            }
            Self::Reading(LocalReading::WithinTwo) => {
                "an open reading of the specification: F9, when the first solicitation comes"
            }
            Self::Reading(_) => "an open reading of the specification",
        }
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}
