//! The shapes of what `mip6 conform --format json` prints, for their schema.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::run::verdict::Verdict;

/// A line of `mip6 conform --format json`.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(untagged)]
#[schemars(title = "A line of `mip6 conform --format json`")]
pub enum ConformLine<'a> {
    /// A case.
    Case(Box<ConformCase<'a>>),
    /// The last line.
    Summary(ConformSummary),
}

/// A case that has finished.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformCase<'a> {
    /// Its id, with the name of its row of parameters behind a slash.
    pub case: Cow<'a, str>,
    /// Its title.
    pub title: Cow<'a, str>,
    /// Role under test.
    pub role: Cow<'a, str>,
    /// The verdict.
    pub verdict: Verdict,
    /// Requirements that it is about.
    pub requirements: Vec<Cow<'a, str>>,
    /// Milliseconds that running it took.
    pub ms: u64,
    /// Milliseconds on its own clock.
    pub virtual_ms: u64,
    /// Where its evidence was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Cow<'a, str>>,
    /// Why, if it is not a pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Cow<'a, str>>,
    /// The step that decided, if it is not a pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<ConformDecided<'a>>,
    /// What happened, step by step.
    pub steps: Vec<ConformStep<'a>>,
    /// Frames that mattered.
    pub frames: Vec<ConformFrame<'a>>,
    /// What passive rules found in packets of the node under test.
    pub findings: Vec<ConformFinding<'a>>,
    /// What nodes said of themselves.
    pub events: Vec<ConformEvent<'a>>,
}

/// The step that decided.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformDecided<'a> {
    /// The case's file.
    pub file: Cow<'a, str>,
    /// Line of the step, from 1.
    pub line: u64,
    /// Its index in `steps`, from 0.
    pub step: usize,
    /// What was expected.
    pub expected: Cow<'a, str>,
    /// What was observed.
    pub observed: Cow<'a, str>,
}

/// A step that was taken.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformStep<'a> {
    /// Microseconds on the case's clock when it began.
    pub at_us: u64,
    /// Line in the case's file.
    pub line: u64,
    /// setup, steps or cleanup.
    pub phase: Cow<'a, str>,
    /// In a sentence.
    pub text: Cow<'a, str>,
    /// Frames of the evidence that belong to it, from 1.
    pub frames: Vec<u64>,
    /// Whether it held.
    pub held: bool,
}

/// A frame that mattered.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformFrame<'a> {
    /// Number in the evidence, from 1.
    pub frame: u64,
    /// What for.
    pub comment: Cow<'a, str>,
    /// It is why the case failed.
    pub failed: bool,
}

/// A requirement that a packet breaks.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformFinding<'a> {
    /// Number of the frame in the evidence, from 1.
    pub frame: u64,
    /// The requirement.
    pub id: Cow<'a, str>,
    /// How bad it is: must, should or may.
    pub level: Cow<'a, str>,
    /// Document and section of the requirement.
    pub source: Cow<'a, str>,
    /// What was found and what was wanted.
    pub message: Cow<'a, str>,
}

/// What a node said of itself.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformEvent<'a> {
    /// Microseconds on the case's clock.
    pub at_us: u64,
    /// The node.
    pub node: Cow<'a, str>,
    /// What happened to it.
    pub event: Cow<'a, str>,
}

/// The last line.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformSummary {
    /// Sums.
    pub summary: ConformTotals,
}

/// How many cases ended how.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformTotals {
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
    /// Milliseconds that the run took.
    pub ms: u64,
}

/// `run.json` of a report: what is run, written before the first case.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(title = "`run.json` of a report of `mip6 conform`")]
pub struct ConformRun<'a> {
    /// Name of the node under test.
    pub node: Cow<'a, str>,
    /// It is the embedded one, in a virtual network.
    pub reference: bool,
    /// When the run began, in milliseconds since 1970.
    pub began_ms: u64,
    /// How cases are run.
    pub options: ConformOptions<'a>,
    /// What is going to be run; `results.jsonl` has what has been.
    pub cases: Vec<ConformPlanned<'a>>,
}

/// How cases are run: options of `mip6 conform`.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformOptions<'a> {
    /// Faults of the node under test.
    pub faults: Vec<Cow<'a, str>>,
    /// Where randomness comes from.
    pub seed: u64,
    /// Per cent of frames that links lose.
    pub loss: f64,
    /// Per cent of frames that arrive twice.
    pub duplicate: f64,
    /// Per cent of frames that are overtaken.
    pub reorder: f64,
    /// Folder of the cases, if they are not those of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases: Option<Cow<'a, str>>,
}

/// A case that is going to be run.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConformPlanned<'a> {
    /// Its id, as in results.
    pub case: Cow<'a, str>,
    /// Role under test.
    pub role: Cow<'a, str>,
}
