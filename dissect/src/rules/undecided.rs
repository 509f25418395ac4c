//! Why a requirement could not be judged.

use std::fmt;

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
    /// It depends on how an unclear specification is read.
    Reading,
}

impl Undecided {
    /// All reasons.
    pub const ALL: [Self; 5] = [Self::NoKey, Self::Late, Self::OneWay, Self::Lost, Self::Reading];

    /// The reason, as reports have it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoKey => "no key",
            Self::Late => "the capture began too late",
            Self::OneWay => "only one direction was captured",
            Self::Lost => "frames are missing",
            Self::Reading => "an open reading of the specification",
        }
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}
