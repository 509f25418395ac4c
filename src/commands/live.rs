//! `mip6 conform --live`: cases on real interfaces, one after the other.

use std::cell::RefCell;
use std::io::Write;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mip6_conformance::case::Sources;
use mip6_conformance::live::description::Hooks;
use mip6_conformance::live::preflight::{self, State};
use mip6_conformance::live::{Quiet, Refusal, Rig, RigError};
use mip6_conformance::run::suite::Job;
use mip6_conformance::run::verdict::{Outcome, Verdict};
use mip6_conformance::run::{Options, run, run_with, skipped, unprepared};
use mip6_conformance::subject::Subject;
use mip6_dissect::tree::escape_line;

use super::node::{environment, interrupt, open};
use crate::exit::Exit;
use crate::output::{Stop, complain, stdout};
use crate::privilege::drop_all;

/// The way to a node on real interfaces.
pub(super) struct Live {
    rig: Rc<RefCell<Rig>>,
    stop: Arc<AtomicBool>,
    /// The kernel is kept away from the interfaces until this goes.
    _quiet: Quiet,
}

impl Live {
    /// Opens the interfaces that a description names.
    pub(super) fn open(subject: &Subject) -> Result<Self, Stop> {
        let Some(live) = &subject.live else { return Err(unreachable(subject)) };
        let stop = interrupt()?;
        let mut quiet = Quiet::new();
        let rig = Rig::open(live, stop.clone(), |name| open(name, &mut quiet))
            .map_err(|e: RigError| environment(&e))?;
        // Nobody knows what rights hooks need.
        if live.hooks == Hooks::default() {
            drop_all()?;
        }
        Ok(Self { rig: Rc::new(RefCell::new(rig)), stop, _quiet: quiet })
    }

    /// Runs cases; each outcome comes to `each` as soon as it is there.
    pub(super) fn run(
        &self,
        jobs: &[Job<'_>],
        subject: &Subject,
        sources: &Sources,
        options: &Options,
        mut each: impl FnMut(Outcome) -> ControlFlow<()>,
    ) {
        let longest = subject.live.as_ref().map(mip6_conformance::live::description::Live::longest);
        for job in jobs {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let (case, instance) = (job.case, job.instance);
            if let Some(why) = subject.lacks(case) {
                if each(skipped(case, instance, &why)).is_break() {
                    break;
                }
                continue;
            }
            // How long it lasts is known of honest nodes in the virtual network.
            let bare = Options { bare: true, ..Options::default() };
            let lasts = run(case, instance, sources, &bare).lasted;
            let outcome = match longest.filter(|most| lasts > *most) {
                Some(most) => {
                    let why =
                        format!("it lasts {} s, {} s are allowed", lasts.as_secs(), most.as_secs());
                    skipped(case, instance, &why)
                }
                None => self.one(job, sources, options),
            };
            if each(outcome).is_break() {
                break;
            }
        }
        let times = self.rig.borrow().losses();
        if times > 0 {
            complain(&format!(
                "warning: between cases the node under test was no longer there and was started \
                 again, {times} time{}; the events of the case behind it say how it was lost",
                if times == 1 { "" } else { "s" }
            ));
        }
    }

    /// Looks whether the node is there.
    fn look(&self) -> Vec<preflight::Check> {
        let mut rig = self.rig.borrow_mut();
        rig.connect_all();
        preflight::after(&mut rig)
    }

    fn one(&self, job: &Job<'_>, sources: &Sources, options: &Options) -> Outcome {
        let (case, instance) = (job.case, job.instance);
        let mut outcome = match Rig::begin(&self.rig, instance, options) {
            Ok(wired) => run_with(case, instance, sources, options, Some(wired)),
            Err(Refusal::Skip(why)) => skipped(case, instance, &why),
            Err(Refusal::Unprepared(why)) => unprepared(case, instance, &why),
        };
        let mut rig = self.rig.borrow_mut();
        let lost = rig.lost();
        if lost > 0 && outcome.verdict == Verdict::Fail {
            outcome.verdict = Verdict::Inconclusive;
            let message = outcome.message.take().unwrap_or_default();
            outcome.message = Some(format!("{message} (this machine lost {lost} frames)"));
        }
        let at = mip6_conformance::time::Instant::START + outcome.lasted;
        outcome.events.extend(rig.said().into_iter().map(|line| (at, String::new(), line)));
        outcome
    }
}

/// `mip6 conform --preflight`.
pub(super) fn preflight(subject: &Subject) -> Result<Exit, Stop> {
    let Some(live) = &subject.live else { return Err(unreachable(subject)) };
    let mut worst = State::Well;
    let mut out = stdout();
    let mut tell = |checks: Vec<preflight::Check>| {
        for check in checks {
            worst = worst.max(check.state);
            writeln!(out, "{:8} {}", check.state.name(), escape_line(&check.what))?;
            if !check.mend.is_empty() {
                writeln!(out, "         to mend it: {}", escape_line(&check.mend))?;
            }
        }
        out.flush()
    };
    tell(preflight::before(live))?;
    match Live::open(subject) {
        Ok(live) => tell(live.look())?,
        Err(Stop::Failed(_, why)) => {
            let mend = String::new();
            tell(vec![preflight::Check { state: State::Wrong, what: why, mend }])?;
        }
        Err(stop) => return Err(stop),
    }
    Ok(if worst == State::Wrong { Exit::Environment } else { Exit::Clean })
}

fn unreachable(subject: &Subject) -> Stop {
    Stop::input(format!(
        "the description of {} does not say how it is reached: expected key `live`",
        subject.name
    ))
}
