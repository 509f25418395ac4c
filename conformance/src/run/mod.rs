//! Running cases: what a case describes is built, its steps are taken, and what
//! became of it is an [`Outcome`] with its evidence.

mod act;
mod engine;
mod evidence;
mod expect;
mod lab;
mod local;
pub mod matrix;
mod nodes;
mod observe;
mod plan;
mod routes;
mod rules;
mod security;
mod sign;
mod single;
pub mod suite;
mod tell;
pub mod verdict;

pub use lab::Weather;
pub use single::{Described, DescribedInterface, Single};

use std::collections::BTreeMap;
use std::time::{Duration, Instant as Clock};

use mip6_dissect::capture::Timestamp;
use mip6_security::keys::Keys;

use crate::case::fixed::Fixed;
use crate::case::{Case, Instance, Phase, Place, Sources};
use crate::network::Outside;
use crate::roles::Faults;
use crate::roles::local::Readings;
use engine::{Engine, Failure};
use lab::Lab;
use observe::Observer;
use verdict::{Decided, NodeRecord, Outcome, Verdict};

/// How cases are run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Faults of the node under test.
    pub faults: Faults,
    /// What links do to frames besides what cases say.
    pub weather: Weather,
    /// From which all randomness comes.
    pub seed: u64,
    /// By which readings nodes speak Local Key Exchange that cases say nothing of.
    pub readings: Readings,
    /// The verdict is enough: no evidence is kept, and rules are not asked.
    pub bare: bool,
}

/// A node under test that is on a wire.
#[derive(Debug)]
pub struct Wired {
    /// The way to it.
    pub way: Box<dyn Outside>,
    /// Addresses that are given.
    pub fixed: Fixed,
    /// By how much it may be late or early, in time of the case.
    pub tolerance: Duration,
    /// When the case begins.
    pub began: Timestamp,
}

/// Runs an instance of a case with reference nodes in the virtual network.
pub fn run(case: &Case, instance: &Instance, sources: &Sources, options: &Options) -> Outcome {
    run_with(case, instance, sources, options, None)
}

/// The same with a node under test that may be on a wire.
pub fn run_with(
    case: &Case,
    instance: &Instance,
    sources: &Sources,
    options: &Options,
    wired: Option<Wired>,
) -> Outcome {
    let began = Clock::now();
    let mut outcome = blank(case, instance);
    let tolerance = wired.as_ref().map_or(Duration::ZERO, |w| w.tolerance);
    if let Some(wired) = &wired {
        outcome.started = wired.began;
    }
    match Lab::new(instance, options, wired) {
        Ok(lab) => in_lab(lab, instance, sources, options, tolerance, &mut outcome),
        Err(why) => outcome.message = Some(format!("the case cannot be set up: {why}")),
    }
    outcome.took = began.elapsed();
    outcome
}

/// The outcome of a case that does not apply to the node under test.
pub fn skipped(case: &Case, instance: &Instance, why: &str) -> Outcome {
    let verdict = Verdict::Skip;
    Outcome { verdict, message: Some(why.to_owned()), ..blank(case, instance) }
}

/// The outcome of a case whose node could not be prepared for it.
pub fn unprepared(case: &Case, instance: &Instance, why: &str) -> Outcome {
    let verdict = Verdict::Inconclusive;
    Outcome { verdict, message: Some(why.to_owned()), ..blank(case, instance) }
}

fn blank(case: &Case, instance: &Instance) -> Outcome {
    Outcome {
        case: instance.id.clone(),
        title: case.title.clone(),
        role: case.role.name().to_owned(),
        requirements: case.requirements.clone(),
        verdict: Verdict::Error,
        message: None,
        decided: None,
        steps: Vec::new(),
        nodes: Vec::new(),
        lasted: Duration::ZERO,
        took: Duration::ZERO,
        evidence: Vec::new(),
        started: observe::timestamp(crate::time::Instant::START),
        keys: Keys::default(),
        key_file: String::new(),
        lost: Vec::new(),
        marks: Vec::new(),
        findings: Vec::new(),
        events: Vec::new(),
    }
}

fn in_lab(
    lab: Lab,
    instance: &Instance,
    sources: &Sources,
    options: &Options,
    tolerance: Duration,
    outcome: &mut Outcome,
) {
    let Some(under_test) = lab.plan.node(&instance.under_test) else {
        outcome.message = Some(format!("no node is called {}", instance.under_test));
        return;
    };
    outcome.nodes = lab
        .plan
        .nodes
        .iter()
        .map(|n| NodeRecord {
            name: n.name.clone(),
            role: n.role.name().to_owned(),
            under_test: n.name == instance.under_test,
            stations: n.interfaces.iter().map(|i| i.station).collect(),
        })
        .collect();
    let keys = lab.keys.clone();
    if !options.bare {
        outcome.key_file.clone_from(&lab.key_file);
        outcome.keys = Keys::clone(&keys);
    }
    let profile = lab.profile();
    let mut engine = Engine {
        lab,
        observer: Observer::new(&profile, &keys.associations),
        under_test,
        saved: BTreeMap::new(),
        named: BTreeMap::new(),
        marks: Vec::new(),
        records: Vec::new(),
        since: 0,
        taken: Vec::new(),
        frames: Vec::new(),
        sequences: BTreeMap::new(),
        tolerance,
        notes: Vec::new(),
    };
    let mut failed: Option<(Phase, Failure, Place, usize)> = None;
    for (phase, step) in instance.all_steps() {
        // Whatever happened, what was set up is cleaned up.
        if failed.is_some() && phase != Phase::Cleanup {
            continue;
        }
        if let Err(failure) = engine.step(phase, step)
            && failed.is_none()
        {
            let index = engine.records.len().saturating_sub(1);
            failed = Some((phase, failure, step.place, index));
        }
    }
    outcome.lasted = engine.lab.now().since(crate::time::Instant::START);
    outcome.verdict = match &failed {
        None => Verdict::Pass,
        Some((Phase::Setup | Phase::Cleanup, ..)) => Verdict::Inconclusive,
        Some((_, failure, ..)) if failure.inconclusive => Verdict::Inconclusive,
        Some(_) => Verdict::Fail,
    };
    if !engine.notes.is_empty() && failed.is_none() {
        outcome.message = Some(engine.notes.join("; "));
    }
    if let Some((phase, failure, place, step)) = failed {
        let precondition = match phase {
            Phase::Setup => "a precondition did not hold: ",
            Phase::Steps | Phase::Cleanup => "",
        };
        outcome.message = Some(format!("{precondition}{}: {}", failure.expected, failure.observed));
        outcome.decided = Some(Decided {
            file: sources.path(place).to_owned(),
            line: place.line.into(),
            step,
            expected: failure.expected,
            observed: failure.observed,
        });
    }
    if !options.bare {
        evidence::collect(engine, outcome);
        evidence::heed_readings(outcome, instance.readings(&options.readings));
    }
}
