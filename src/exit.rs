//! Exit codes, the same for every subcommand.

use std::process::ExitCode;

/// How a run ended. Where several apply, the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Clean, or passed.
    Clean = 0,
    /// Findings, or failed cases.
    Findings = 1,
    /// Wrong usage, or input that could not be read (to its end).
    Input = 2,
    /// The environment or a privilege is missing.
    Environment = 3,
    /// A fault of the program's.
    Internal = 4,
}

impl From<Exit> for ExitCode {
    fn from(e: Exit) -> Self {
        Self::from(e as u8)
    }
}
