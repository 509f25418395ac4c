//! Steps of a case, one after the other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use mip6_inject::{Datum, Scope};

use super::lab::Lab;
use super::observe::Observer;
use super::plan::Plan;
use crate::case::Phase;
use crate::case::step::Fields;
use crate::case::step::{Action, Step};
use crate::network::{Fate, NodeId};
use crate::run::verdict::{Mark, StepRecord};
use crate::time::Instant;

/// How long a packet is waited for, if the case does not say.
pub(super) const WINDOW: Duration = Duration::from_secs(3);

/// How long packets may be under way before somebody acts.
const UNDER_WAY: Duration = Duration::from_secs(1);

/// Runs steps.
pub(super) struct Engine<'k> {
    pub(super) lab: Lab,
    pub(super) observer: Observer<'k>,
    pub(super) under_test: usize,
    pub(super) saved: BTreeMap<String, Datum>,
    /// Packets that have names, by their place among those sent.
    pub(super) named: BTreeMap<String, usize>,
    pub(super) marks: Vec<Mark>,
    pub(super) records: Vec<StepRecord>,
    /// What was sent before the last stimulus is not looked at.
    pub(super) since: usize,
    /// Frames that an expectation has taken.
    pub(super) taken: Vec<usize>,
    /// Frames of the step at hand.
    pub(super) frames: Vec<u64>,
    /// Sequence numbers of associations that crafted packets use.
    pub(super) sequences: BTreeMap<String, u64>,
    /// By how much the node under test may be early or late.
    pub(super) tolerance: Duration,
    /// What a reading of the draft excuses.
    pub(super) notes: Vec<String>,
}

/// Why a step did not hold.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// What was expected.
    pub(super) expected: String,
    /// What was observed.
    pub(super) observed: String,
    /// It says nothing of the node under test.
    pub(super) inconclusive: bool,
}

impl Failure {
    pub(super) fn new(expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Self { expected: expected.into(), observed: observed.into(), inconclusive: false }
    }

    /// A step that could not be done.
    pub(super) fn undone(expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Self { inconclusive: true, ..Self::new(expected, observed) }
    }
}

/// Which packets are meant.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'s> {
    pub(super) from: usize,
    pub(super) on: Option<usize>,
    pub(super) fields: &'s Fields,
}

/// What names mean at a point of a case.
pub(super) struct Names<'e> {
    pub(super) plan: &'e Plan,
    pub(super) saved: &'e BTreeMap<String, Datum>,
}

/// The same, on its own.
pub(super) struct OwnNames {
    pub(super) plan: Plan,
    pub(super) saved: BTreeMap<String, Datum>,
}

impl Scope for OwnNames {
    fn lookup(&self, name: &str) -> Option<Datum> {
        Names { plan: &self.plan, saved: &self.saved }.lookup(name)
    }
}

impl Scope for Names<'_> {
    fn lookup(&self, name: &str) -> Option<Datum> {
        self.saved.get(name).cloned().or_else(|| self.plan.attribute(name))
    }
}

impl Engine<'_> {
    /// Takes a step and records it.
    pub(super) fn step(&mut self, phase: Phase, step: &Step) -> Result<(), Failure> {
        self.frames.clear();
        let at = self.lab.now();
        let outcome = self.take(&step.value).map_err(|failure| self.explained(failure));
        // Who does not do what is expected may not be there any more.
        if outcome.as_ref().is_err_and(|f| !f.inconclusive)
            && let Some(way) = self.lab.network.way()
        {
            way.look();
        }
        let outcome = match self.lab.network.trouble() {
            // Whatever the step came to, it says nothing more of the node.
            Some(trouble) if phase != Phase::Cleanup => Err(Failure {
                expected: super::tell::step(&step.value),
                observed: trouble.what,
                inconclusive: !trouble.of_node,
            }),
            _ => outcome,
        };
        self.records.push(StepRecord {
            at,
            line: step.place.line.into(),
            phase: phase.name(),
            text: super::tell::step(&step.value),
            frames: std::mem::take(&mut self.frames),
            held: outcome.is_ok(),
        });
        outcome
    }

    fn take(&mut self, action: &Action) -> Result<(), Failure> {
        match action {
            Action::Do(s) => self.act(s),
            Action::Send(s) => self.craft(s),
            Action::Alter(s) => self.alter(s),
            Action::Expect(s) => self.expect(s),
            Action::Silence(s) => self.silence(s),
            Action::Count(s) => self.count(s),
            Action::Repeat(s) => self.repeat(s),
            Action::Wait(period) => {
                self.pass(period.0);
                Ok(())
            }
            Action::Network(s) => self.network(s),
            Action::Move(s) => {
                let node = self.node(&s.node.value)?;
                let to = s.to.as_ref().map(|l| self.link(&l.value)).transpose()?;
                self.stimulus();
                self.lab.move_to(node, to);
                Ok(())
            }
            Action::State(s) => self.state(s),
            Action::Rules(s) => self.rules(s),
        }
    }

    /// A failure that says what the names in its expectation mean.
    fn explained(&self, failure: Failure) -> Failure {
        let names = self.names();
        let mut expected = failure.expected.clone();
        let mut told = Vec::new();
        for word in failure.expected.split('$').skip(1) {
            let end = word.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)));
            let name = word[..end.unwrap_or(word.len())].trim_end_matches('.');
            if let (false, Some(value)) = (told.contains(&name), names.lookup(name)) {
                let lead = if told.is_empty() { ", where " } else { ", " };
                // Writing to a String cannot fail.
                let _ = write!(expected, "{lead}${name} is {value}");
                told.push(name);
            }
        }
        Failure { expected, ..failure }
    }

    /// From here on is what a stimulus brings about. What is under way arrives
    /// first: whoever acts knows what has been expected so far.
    pub(super) fn stimulus(&mut self) {
        // What is on a wire cannot be seen: it has as long as the node may be late.
        if self.lab.network.way().is_some() {
            self.pass(self.tolerance);
        }
        let until = self.lab.now() + UNDER_WAY;
        if !self.lab.network.is_quiet() {
            self.lab.network.run(until, crate::network::Network::is_quiet);
        }
        self.since = self.lab.network.sent().len();
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, time: Duration) {
        self.lab.network.run_for(time);
        self.observer.watch(self.lab.network.sent());
    }

    pub(super) fn node(&self, name: &str) -> Result<usize, Failure> {
        self.lab.plan.node(name).ok_or_else(|| Failure::undone(format!("a node {name}"), "none"))
    }

    pub(super) fn link(&self, name: &str) -> Result<usize, Failure> {
        self.lab.plan.link(name).ok_or_else(|| Failure::undone(format!("a link {name}"), "none"))
    }

    pub(super) fn names(&self) -> Names<'_> {
        Names { plan: &self.lab.plan, saved: &self.saved }
    }

    /// Waits until a packet comes that is wanted; its place among those sent.
    pub(super) fn wait_for(
        &mut self,
        wanted: Wanted<'_>,
        until: Instant,
        from: usize,
    ) -> Result<Option<usize>, Failure> {
        self.observer.watch(self.lab.network.sent());
        let mut at = from;
        let mut found = self.search(wanted, &mut at)?;
        let Self { lab, observer, saved, taken, .. } = self;
        let names = Names { plan: &lab.plan, saved };
        let mut wrong = None;
        if found.is_none() {
            lab.network.run(until, |network| {
                observer.watch(network.sent());
                match search(network.sent(), observer, taken, &names, wanted, &mut at) {
                    Ok(hit) => {
                        found = hit;
                        hit.is_some()
                    }
                    Err(failure) => {
                        wrong = Some(failure);
                        true
                    }
                }
            });
        }
        wrong.map_or(Ok(found), Err)
    }

    /// A packet that is wanted among those already sent, from `at` on, which moves
    /// behind what has been looked at.
    pub(super) fn search(
        &self,
        wanted: Wanted<'_>,
        at: &mut usize,
    ) -> Result<Option<usize>, Failure> {
        let names = self.names();
        search(self.lab.network.sent(), &self.observer, &self.taken, &names, wanted, at)
    }

    /// Marks a frame of the evidence.
    pub(super) fn mark(&mut self, frame: usize, comment: impl Into<String>, failed: bool) {
        let number = frame as u64 + 1;
        self.frames.push(number);
        self.marks.push(Mark { frame: number, comment: comment.into(), failed });
    }

    /// Frames that links lost since the last stimulus, though the case did not
    /// want it.
    pub(super) fn lost(&self) -> usize {
        self.lost_since(self.since)
    }

    fn lost_since(&self, since: usize) -> usize {
        let sent = self.lab.network.sent();
        sent.iter().skip(since).filter(|s| s.fate == Fate::Lost).count()
    }

    /// A failure, unless losses may be why: what was lost earlier may have left the
    /// node in another state than the case believes.
    pub(super) fn failed(&self, failure: Failure) -> Failure {
        match self.lost_since(0) {
            0 => failure,
            n => Failure {
                inconclusive: true,
                observed: format!("{}; the links lost {n} frames", failure.observed),
                ..failure
            },
        }
    }

    /// The packet that came nearest to what is wanted, and in what it differs.
    pub(super) fn nearest(&self, wanted: Wanted<'_>, from: usize) -> Option<(usize, String)> {
        let names = self.names();
        let sent = self.lab.network.sent();
        let best = (from..sent.len())
            .filter(|i| !self.taken.contains(i) && suits_place(&sent[*i], wanted))
            .filter_map(|i| {
                let n = self.observer.frame(i)?.suits(wanted.fields, &names).ok()?;
                (n > 0).then_some((n, i))
            })
            .max_by_key(|(n, i)| (*n, std::cmp::Reverse(*i)))?;
        let seen = self.observer.frame(best.1)?;
        let mut differs = Vec::new();
        for (name, predicate) in wanted.fields.iter() {
            let values = seen.values(name);
            if predicate.value.holds(&values, &names) == Ok(true) {
                continue;
            }
            let have: Vec<String> = values.iter().map(|v| v.value.to_string()).collect();
            let have = if have.is_empty() { "absent".to_owned() } else { have.join(", ") };
            differs.push(format!("{name} was {have}"));
        }
        Some((best.1, differs.join("; ")))
    }
}

fn suits_place(s: &crate::network::Sent, wanted: Wanted<'_>) -> bool {
    s.from.node == NodeId(wanted.from) && wanted.on.is_none_or(|l| s.link.0 == l)
}

fn search(
    sent: &[crate::network::Sent],
    observer: &Observer<'_>,
    taken: &[usize],
    names: &Names<'_>,
    wanted: Wanted<'_>,
    at: &mut usize,
) -> Result<Option<usize>, Failure> {
    while *at < sent.len() {
        let i = *at;
        *at += 1;
        if taken.contains(&i) || !suits_place(&sent[i], wanted) {
            continue;
        }
        let Some(seen) = observer.frame(i) else { continue };
        let suits = seen
            .suits(wanted.fields, names)
            .map_err(|e| Failure::undone("predicates that have an answer", e.to_string()))?;
        if suits == wanted.fields.len() {
            return Ok(Some(i));
        }
    }
    Ok(None)
}
