//! Faulty nodes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use mip6_conformance::roles::{Fault, Faults, faults};
use mip6_conformance::run::matrix::concerns;
use mip6_conformance::run::suite::{Job, run_all, threads};
use mip6_conformance::run::verdict::Verdict;
use mip6_conformance::run::{Options, run};
use mip6_dissect::rules::Req;

use crate::{jobs, suite};

/// Each fault with the jobs that are about what it breaks.
fn pairs<'s>(jobs: &[Job<'s>]) -> Vec<(&'static Fault, Job<'s>)> {
    let mut pairs = Vec::new();
    for fault in faults::all() {
        for job in jobs {
            let about = job.case.requirements.iter().any(|r| fault.breaks.contains(&r.as_str()));
            if about && concerns(fault, job.case.role) {
                pairs.push((fault, *job));
            }
        }
    }
    pairs
}

#[test]
fn faults_have_names_of_their_own_and_break_requirements_that_exist() {
    let mut names = BTreeSet::new();
    for fault in faults::all() {
        assert!(names.insert(fault.name), "{} twice", fault.name);
        let family = fault.name.split('.').next().unwrap_or_default();
        assert!(["any", "ha", "mn", "cn", "ar"].contains(&family), "{}", fault.name);
        for id in fault.breaks {
            assert!(Req::find(id).is_some(), "{} breaks {id}, which does not exist", fault.name);
        }
    }
}

/// Whether a case fails on a node with a fault.
fn notices(job: &Job<'_>, fault: &'static Fault) -> bool {
    let faults = Faults::none().with(fault);
    let options = Options { faults, seed: 1, bare: true, ..Options::default() };
    run(job.case, job.instance, &suite().sources, &options).verdict == Verdict::Fail
}

/// Every fault is noticed by a case about what it breaks, and every case notices a
/// fault: one that breaks what the case is about, or else any.
#[test]
fn every_fault_is_noticed_and_every_case_notices_one() {
    let jobs = jobs();
    let pairs = pairs(&jobs);
    let mut killed: BTreeMap<&str, bool> = faults::all().map(|f| (f.name, false)).collect();
    let mut idle: BTreeSet<&str> = jobs.iter().map(|j| j.case.id.as_str()).collect();
    let work = |i: usize| notices(&pairs[i].1, pairs[i].0);
    run_all(pairs.len(), threads(), work, |i, noticed| {
        if noticed {
            let (fault, job) = &pairs[i];
            killed.insert(fault.name, true);
            idle.remove(job.case.id.as_str());
        }
        ControlFlow::Continue(())
    });
    let rest: Vec<&Job<'_>> = jobs.iter().filter(|j| idle.contains(j.case.id.as_str())).collect();
    let work = |i: usize| {
        let job = rest[i];
        faults::all().filter(|f| concerns(f, job.case.role)).any(|f| notices(job, f))
    };
    run_all(rest.len(), threads(), work, |i, noticed| {
        if noticed {
            idle.remove(rest[i].case.id.as_str());
        }
        ControlFlow::Continue(())
    });
    let survivors: Vec<&str> = killed.iter().filter(|(_, k)| !**k).map(|(name, _)| *name).collect();
    assert!(survivors.is_empty(), "nobody notices {survivors:#?}");
    assert!(idle.is_empty(), "these notice nothing: {idle:#?}");
}
