//! Findings of a capture, counted by rule.

use std::collections::BTreeMap;
use std::io;

use mip6_security::keys::Keys;
use mip6_wire::layout::Why;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Baseline;
use crate::capture::{Capture, CaptureError, Timestamp};
use crate::packet::{Dissector, ReassemblyStats};
use crate::profile::Profile;
use crate::rules::{Finding, Level, Req, Undecided, Verdicts, judge_policy, judge_with};
use crate::trackers::Trackers;

/// Places kept for each rule and capture.
const FIRST: usize = 3;

/// Judges captures one after the other.
pub struct Checker {
    profile: Profile,
    verdicts: Verdicts,
    baseline: Baseline,
    keys: Keys,
    alone: bool,
}

/// What was found in one capture.
#[derive(Debug, Default)]
pub struct FileOutcome {
    /// Name of the capture.
    pub file: String,
    /// Frames read.
    pub frames: u64,
    /// Frames of which a header could not be read, or not to its end.
    pub malformed: u64,
    /// Conversations that were forgotten for room.
    pub forgotten: u64,
    /// Frames cut by the capture, of which the missing part was not judged.
    pub cut: u64,
    /// Frames of a link type that is not known.
    pub unknown_link: u64,
    /// Link types that are not known.
    pub unknown_link_types: Vec<u32>,
    /// Broken rules, by requirement and level of the findings.
    pub rules: BTreeMap<(Req, Level), RuleOutcome>,
    /// How often each requirement applied.
    pub applied: BTreeMap<Req, u64>,
    /// How often each requirement applied and could not be judged, and why.
    pub undecided: BTreeMap<(Req, Undecided), u64>,
    /// Fragments put together and given up.
    pub reassembly: ReassemblyStats,
    /// Why the capture was not read to its end.
    pub error: Option<CaptureError>,
}

/// What was found of one rule in one capture.
#[derive(Clone, Debug, Default)]
pub struct RuleOutcome {
    /// How often.
    pub count: u64,
    /// How many of them a baseline knows.
    pub known: u64,
    /// The first few.
    pub places: Vec<Place>,
}

/// Where something was found.
#[derive(Clone, Debug)]
pub struct Place {
    /// Frame number.
    pub frame: u64,
    /// When it was captured.
    pub time: Timestamp,
    /// The finding.
    pub finding: Finding,
}

/// Sums over captures.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Summary")]
pub struct Totals {
    /// Captures.
    pub files: u64,
    /// Frames.
    pub frames: u64,
    /// Findings, without those the baseline knows.
    pub findings: u64,
    /// Findings of level must.
    pub must: u64,
    /// Findings of level should.
    pub should: u64,
    /// Findings of level may.
    pub may: u64,
    /// Findings that the baseline knows.
    pub known: u64,
    /// Frames of which a header could not be read to its end.
    pub malformed: u64,
    /// How often a requirement was judged.
    pub judged: u64,
    /// How often a requirement applied and could not be judged.
    pub inconclusive: u64,
    /// Captures that could not be read, or not to their end.
    pub unreadable: u64,
}

impl Checker {
    /// A checker that reads numbers as `profile` says and judges requirements
    /// for which `keep` says yes. Findings in `baseline` are known.
    pub fn new(profile: Profile, baseline: Baseline, keep: impl Fn(&str) -> bool) -> Self {
        let mut verdicts = Verdicts::new();
        verdicts.select(keep);
        Self { profile, verdicts, baseline, keys: Keys::default(), alone: false }
    }

    /// Opens what these security associations protect, and judges it; verifies
    /// what the other keys make; judges packets by the policy, if one is there.
    #[must_use]
    pub fn keys(mut self, keys: Keys) -> Self {
        self.keys = keys;
        self
    }

    /// Judges each packet alone, and no conversations: for captures of packets
    /// that have nothing to do with each other.
    #[must_use]
    pub fn alone(mut self, alone: bool) -> Self {
        self.alone = alone;
        self
    }

    /// Judges a capture to its end, or as far as it can be read. Each finding
    /// goes to `each`, with its frame number and time and whether the baseline
    /// knows it; `progress` hears how many octets have been read.
    pub fn check(
        &mut self,
        name: &str,
        capture: Result<Capture, CaptureError>,
        mut each: impl FnMut(u64, Timestamp, &Finding, bool) -> io::Result<()>,
        mut progress: impl FnMut(u64),
    ) -> io::Result<FileOutcome> {
        let mut outcome = FileOutcome { file: name.to_owned(), ..FileOutcome::default() };
        let mut capture = match capture {
            Ok(capture) => capture,
            Err(e) => {
                outcome.error = Some(e);
                return Ok(outcome);
            }
        };
        let mut dissector = Dissector::new(&self.profile).keys(&self.keys.associations);
        let mut trackers = (!self.alone).then(|| Trackers::with_keys(&self.keys));
        self.verdicts.reset();
        loop {
            if outcome.frames.is_multiple_of(1024) {
                progress(capture.position());
            }
            let frame = match capture.next_frame() {
                Ok(Some(frame)) => frame,
                Ok(None) => break,
                Err(e) => {
                    outcome.error = Some(e);
                    break;
                }
            };
            let packet = dissector.dissect(frame);
            outcome.frames += 1;
            if let Some(problem) = &packet.problem {
                match problem.stop.why {
                    Why::Cut { .. } => outcome.cut += 1,
                    _ => outcome.malformed += 1,
                }
            }
            if !frame.link.is_known() {
                outcome.unknown_link(frame.link.0);
            }
            judge_with(&packet, &mut self.verdicts, trackers.as_mut());
            if let Some(policy) = &self.keys.policy {
                judge_policy(&packet, &mut self.verdicts, policy);
            }
            if !self.verdicts.findings.is_empty() {
                for finding in self.verdicts.findings.drain(..) {
                    let known = self.baseline.takes(name, finding.requirement, finding.level);
                    each(frame.number, frame.time, &finding, known)?;
                    outcome.take(frame.number, frame.time, finding, known);
                }
            }
        }
        outcome.forgotten = trackers.map_or(0, |t| t.forgotten());
        outcome.reassembly = dissector.reassembler().stats();
        outcome.applied = self.verdicts.all_applied().collect();
        outcome.undecided = self.verdicts.all_undecided().collect();
        Ok(outcome)
    }
}

impl FileOutcome {
    #[cold]
    fn unknown_link(&mut self, link: u32) {
        self.unknown_link += 1;
        if !self.unknown_link_types.contains(&link) && self.unknown_link_types.len() < 16 {
            self.unknown_link_types.push(link);
        }
    }

    #[cold]
    fn take(&mut self, frame: u64, time: Timestamp, finding: Finding, known: bool) {
        let rule = self.rules.entry((finding.requirement, finding.level)).or_default();
        rule.count += 1;
        rule.known += u64::from(known);
        if rule.places.len() < FIRST {
            rule.places.push(Place { frame, time, finding });
        }
    }

    /// Whether the capture could be read and dissected as a whole.
    pub fn is_readable(&self) -> bool {
        self.error.is_none() && self.unknown_link == 0
    }

    /// Why it could not.
    pub fn trouble(&self) -> Option<String> {
        if let Some(e) = &self.error {
            return Some(e.to_string());
        }
        (self.unknown_link > 0).then(|| {
            format!(
                "{} of {} frames have a link type that cannot be dissected: {:?}",
                self.unknown_link, self.frames, self.unknown_link_types
            )
        })
    }

    /// The worst level found and not known to a baseline.
    pub fn worst(&self) -> Option<Level> {
        let new = self.rules.iter().filter(|(_, r)| r.count > r.known);
        new.map(|((_, level), _)| *level).max()
    }
}

impl Totals {
    /// Sums over outcomes.
    pub fn of<'o>(outcomes: impl IntoIterator<Item = &'o FileOutcome>) -> Self {
        let mut t = Self::default();
        for o in outcomes {
            t.files += 1;
            t.frames += o.frames;
            t.malformed += o.malformed;
            t.judged += o.applied.values().sum::<u64>();
            t.inconclusive += o.undecided.values().sum::<u64>();
            t.unreadable += u64::from(!o.is_readable());
            for ((_, level), r) in &o.rules {
                let new = r.count - r.known;
                t.known += r.known;
                t.findings += new;
                match level {
                    Level::Must => t.must += new,
                    Level::Should => t.should += new,
                    Level::May => t.may += new,
                }
            }
        }
        t
    }
}
