//! Many cases, several at a time.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use super::verdict::{Outcome, Verdict};
use super::{Options, run, skipped};
use crate::case::{Case, Instance, Sources};
use crate::subject::Subject;

/// A case to be run, with its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Job<'s> {
    /// The case.
    pub case: &'s Case,
    /// The instance of it.
    pub instance: &'s Instance,
}

impl Job<'_> {
    /// Runs it, or says why it does not apply to the node under test.
    pub fn run(&self, subject: &Subject, sources: &Sources, options: &Options) -> Outcome {
        match subject.lacks(self.case) {
            Some(why) => skipped(self.case, self.instance, &why),
            None => run(self.case, self.instance, sources, options),
        }
    }
}

/// Threads that the machine has room for.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Runs jobs, `threads` at a time. Their outcomes come to `each` in the order of
/// the jobs; once it breaks, no further ones are begun and none comes.
pub fn run_all<T: Send>(
    jobs: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
    mut each: impl FnMut(usize, T) -> ControlFlow<()>,
) {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, jobs.max(1)) {
            let (sender, next, stop, work) = (sender.clone(), &next, &stop, &work);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= jobs || sender.send((i, work(i))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (i, outcome) in receiver {
            waiting.insert(i, outcome);
            while let Some(outcome) = waiting.remove(&due) {
                if !stop.load(Ordering::Relaxed) && each(due, outcome).is_break() {
                    stop.store(true, Ordering::Relaxed);
                }
                due += 1;
            }
        }
    });
}

/// Whether a verdict is one that stops a run that is to fail fast.
pub fn is_bad(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Fail | Verdict::Error)
}
