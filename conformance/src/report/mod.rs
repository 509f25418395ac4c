//! What a run of cases prints and writes, for people and for machines.
//!
//! Whatever comes from packets, cases or nodes is escaped on its way out:
//! nothing in it reaches a terminal or a browser as more than text.

pub mod diagram;
mod evidence;
mod html;
mod human;
mod json;
mod junit;
mod markup;
pub mod schema;

use std::io;
use std::time::Duration;

pub use evidence::{Evidence, Noise, Sight};
pub use html::Html;
pub use human::Human;
pub use json::Json;
pub use junit::Junit;

use crate::run::verdict::{Outcome, Verdict};

/// A case that has finished.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What became of it.
    pub outcome: &'a Outcome,
    /// Where its evidence was written, as a path with `/`, relative to the
    /// report; none if it was not kept.
    pub evidence: Option<&'a str>,
}

/// Hears of each case as it finishes, then the end.
pub trait Report {
    /// A case has finished.
    fn case(&mut self, case: &Case<'_>) -> io::Result<()>;
    /// All have, and it took this long.
    fn end(&mut self, took: Duration) -> io::Result<()>;
}

/// How many cases ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Cases.
    pub cases: u64,
    /// The node did what is required.
    pub pass: u64,
    /// It did not.
    pub fail: u64,
    /// Nothing could be said.
    pub inconclusive: u64,
    /// Not applicable to the node.
    pub skip: u64,
    /// The harness failed.
    pub error: u64,
}

impl Totals {
    /// Counts a case.
    pub fn add(&mut self, verdict: Verdict) {
        self.cases += 1;
        *match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Inconclusive => &mut self.inconclusive,
            Verdict::Skip => &mut self.skip,
            Verdict::Error => &mut self.error,
        } += 1;
    }

    /// Cases that ended so.
    pub fn of(&self, verdict: Verdict) -> u64 {
        match verdict {
            Verdict::Pass => self.pass,
            Verdict::Fail => self.fail,
            Verdict::Inconclusive => self.inconclusive,
            Verdict::Skip => self.skip,
            Verdict::Error => self.error,
        }
    }

    /// What the run as a whole says: error before fail before inconclusive
    /// before pass; skip if nothing applied.
    pub fn verdict(&self) -> Verdict {
        let worst = [Verdict::Error, Verdict::Fail, Verdict::Inconclusive, Verdict::Pass];
        worst.into_iter().find(|v| self.of(*v) > 0).unwrap_or(Verdict::Skip)
    }
}

/// A duration in milliseconds, rounded.
fn millis(d: Duration) -> u64 {
    u64::try_from((d.as_micros() + 500) / 1_000).unwrap_or(u64::MAX)
}
