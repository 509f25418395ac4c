//! What became of a case.

use std::time::Duration;

use mip6_dissect::capture::Timestamp;
use mip6_dissect::rules::Finding;
use mip6_security::keys::Keys;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Instant;

/// What a case says of the node under test.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The node did what is required.
    Pass,
    /// It did not.
    Fail,
    /// A precondition did not hold, or what decides was lost.
    Inconclusive,
    /// Not applicable to this node.
    Skip,
    /// The harness failed.
    Error,
}

impl Verdict {
    /// All verdicts, in the order in which reports count them.
    pub const ALL: [Self; 5] =
        [Self::Pass, Self::Fail, Self::Inconclusive, Self::Skip, Self::Error];

    /// As it stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
            Self::Skip => "skip",
            Self::Error => "error",
        }
    }
}

/// A case that has been run, or skipped.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Id of the case, with the name of its row of parameters behind a slash:
    /// `ha.registration.sequence/equal`.
    pub case: String,
    /// Its title.
    pub title: String,
    /// Role under test: `home-agent`.
    pub role: String,
    /// Requirements that it is about.
    pub requirements: Vec<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, if it is not a pass: one sentence. Of a pass, what was tolerated by a reading
    /// of the draft.
    pub message: Option<String>,
    /// The step that decided, if it is not a pass.
    pub decided: Option<Decided>,
    /// What happened, step by step.
    pub steps: Vec<StepRecord>,
    /// Nodes, in the order of the topology.
    pub nodes: Vec<NodeRecord>,
    /// Time on the case's own clock.
    pub lasted: Duration,
    /// Time that running it took.
    pub took: Duration,
    /// Everything that went over the links: pcapng, a comment on frames that
    /// mattered.
    pub evidence: Vec<u8>,
    /// What the clock of the evidence shows at `Instant::START`.
    pub started: Timestamp,
    /// Keys of the case: what ESP holds is shown opened.
    pub keys: Keys,
    /// The same as a key file, to lie beside the evidence; empty without keys.
    pub key_file: String,
    /// Frames of the evidence that nobody received, in ascending order.
    pub lost: Vec<u64>,
    /// Frames of the evidence that mattered, with what for.
    pub marks: Vec<Mark>,
    /// What passive rules found in the evidence, in packets of the node under
    /// test, with the frame's number.
    pub findings: Vec<(u64, Finding)>,
    /// Events of nodes, in order.
    pub events: Vec<(Instant, String, String)>,
}

/// The step that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The case's file.
    pub file: String,
    /// Line of the step, from 1.
    pub line: u64,
    /// Index in `Outcome::steps`.
    pub step: usize,
    /// What was expected.
    pub expected: String,
    /// What was observed.
    pub observed: String,
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// When it began.
    pub at: Instant,
    /// Line in the case's file.
    pub line: u64,
    /// `setup`, `steps` or `cleanup`.
    pub phase: &'static str,
    /// In a sentence.
    pub text: String,
    /// Frames of the evidence that belong to it, from 1.
    pub frames: Vec<u64>,
    /// Whether it held.
    pub held: bool,
}

/// A node of a case's topology.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRecord {
    /// Its name in the case: `ha`.
    pub name: String,
    /// Its role: `home-agent`.
    pub role: String,
    /// Whether it is the node under test.
    pub under_test: bool,
    /// Link-layer addresses, by which its frames are known.
    pub stations: Vec<[u8; 6]>,
}

/// A frame that mattered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Number in the evidence, from 1.
    pub frame: u64,
    /// What for.
    pub comment: String,
    /// It is why the case failed.
    pub failed: bool,
}
