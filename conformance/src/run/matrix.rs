//! The kill matrix: which cases notice which faults.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::suite::{Job, run_all};
use super::verdict::Verdict;
use super::{Options, run};
use crate::case::Sources;
use crate::case::topology::Role;
use crate::roles::{Fault, Faults};

/// Which cases failed with which faults.
#[derive(Debug, Default)]
pub struct Matrix {
    /// Cases that fail with a fault, by the name of the fault; a fault that
    /// survives has none.
    pub kills: BTreeMap<&'static str, Vec<String>>,
    /// Cases that no fault makes fail.
    pub idle: Vec<String>,
    /// Cases that do not pass on the honest node, with their verdicts.
    pub unsound: Vec<(String, Verdict)>,
    /// How many runs it took.
    pub runs: usize,
}

impl Matrix {
    /// Faults that no case notices.
    pub fn survivors(&self) -> impl Iterator<Item = &'static str> {
        self.kills.iter().filter(|(_, cases)| cases.is_empty()).map(|(name, _)| *name)
    }

    /// Every case passes on the honest node and notices a fault, and no fault
    /// survives.
    pub fn is_whole(&self) -> bool {
        self.unsound.is_empty() && self.idle.is_empty() && self.survivors().next().is_none()
    }
}

/// Whether nodes of a role can have a fault: its name begins with theirs.
pub fn concerns(fault: &Fault, role: Role) -> bool {
    let family = fault.name.split('.').next().unwrap_or_default();
    match role {
        Role::HomeAgent => matches!(family, "ha" | "any"),
        Role::MobileNode => matches!(family, "mn" | "any"),
        Role::Correspondent => matches!(family, "cn" | "any"),
        Role::Router | Role::AccessRouter => matches!(family, "ar" | "any"),
        Role::Host | Role::Puppet => false,
    }
}

/// Runs all jobs on honest nodes, and with each fault those of its role;
/// `progress` hears how many of how many runs are done.
pub fn matrix(
    jobs: &[Job<'_>],
    faults: &[&'static Fault],
    sources: &Sources,
    options: &Options,
    threads: usize,
    mut progress: impl FnMut(usize, usize),
) -> Matrix {
    let honest = (0..jobs.len()).map(|j| (None, j));
    let faulty = faults.iter().flat_map(|f| {
        let meant = move |(_, job): &(usize, &Job<'_>)| concerns(f, job.case.role);
        jobs.iter().enumerate().filter(meant).map(move |(j, _)| (Some(*f), j))
    });
    let all: Vec<(Option<&'static Fault>, usize)> = honest.chain(faulty).collect();
    let mut matrix = Matrix { runs: all.len(), ..Matrix::default() };
    for fault in faults {
        matrix.kills.insert(fault.name, Vec::new());
    }
    let mut unsound = BTreeSet::new();
    let mut killers = BTreeSet::new();
    let work = |i: usize| {
        let (fault, j) = all[i];
        let faults = fault.map_or_else(Faults::none, |f| Faults::none().with(f));
        let options = Options { faults, bare: true, ..options.clone() };
        run(jobs[j].case, jobs[j].instance, sources, &options).verdict
    };
    run_all(all.len(), threads, work, |i, verdict| {
        let (fault, j) = all[i];
        let id = &jobs[j].instance.id;
        match fault {
            None if verdict != Verdict::Pass => {
                unsound.insert(j);
                matrix.unsound.push((id.clone(), verdict));
            }
            Some(fault) if verdict == Verdict::Fail && !unsound.contains(&j) => {
                killers.insert(j);
                if let Some(cases) = matrix.kills.get_mut(fault.name) {
                    cases.push(id.clone());
                }
            }
            _ => {}
        }
        progress(i + 1, all.len());
        ControlFlow::Continue(())
    });
    // A case is one behaviour: it is enough that one of its instances notices.
    let noticing: BTreeSet<&str> = killers.iter().map(|j| jobs[*j].case.id.as_str()).collect();
    let mut idle: Vec<String> = jobs
        .iter()
        .map(|j| j.case.id.clone())
        .filter(|id| !noticing.contains(id.as_str()))
        .collect();
    idle.dedup();
    matrix.idle = idle;
    matrix
}
