//! The suite itself: its cases pass on honest nodes, notice faults, and say the
//! same in every run.

mod coverage;
mod docs;
mod faults;
mod honest;

use mip6_conformance::case::Suite;
use mip6_conformance::run::suite::{Job, run_all, threads};
use mip6_conformance::run::verdict::Outcome;
use mip6_conformance::run::{Options, run};
use mip6_conformance::select::Selection;

fn suite() -> &'static Suite {
    Suite::embedded().unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn jobs() -> Vec<Job<'static>> {
    Selection::default().jobs(suite())
}

/// Runs jobs, all at the same time as the machine can.
fn outcomes(jobs: &[Job<'_>], options: &Options) -> Vec<Outcome> {
    let mut all = Vec::new();
    let work = |i: usize| run(jobs[i].case, jobs[i].instance, &suite().sources, options);
    run_all(jobs.len(), threads(), work, |_, outcome| {
        all.push(outcome);
        std::ops::ControlFlow::Continue(())
    });
    all
}

/// A number from the environment.
fn wanted(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |n| n.parse().unwrap_or_else(|_| panic!("{name}={n}")))
}
