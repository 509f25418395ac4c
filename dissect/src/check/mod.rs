//! Judging captures as a whole: what was found, where first, how often.

mod baseline;
mod outcome;

pub use baseline::{Baseline, BaselineError, BaselineFile, Known};
pub use outcome::{Checker, FileOutcome, Place, RuleOutcome, Totals};
