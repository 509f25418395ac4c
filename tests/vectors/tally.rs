//! How much was compared.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Counts for one file of vectors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) vectors: usize,
    /// Values that are as they are said to be.
    pub(crate) equal: usize,
    /// Values that differ, as `exceptions` says.
    pub(crate) differing: usize,
    /// Values that nothing here says, by the reason.
    pub(crate) unmapped: BTreeMap<&'static str, usize>,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.vectors += other.vectors;
        self.equal += other.equal;
        self.differing += other.differing;
        for (why, n) in &other.unmapped {
            *self.unmapped.entry(why).or_default() += n;
        }
    }
}

/// Counts for each file of vectors; tests run at the same time.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<BTreeMap<String, Counts>>);

impl Tally {
    pub(crate) fn add(&self, file: &str, counts: &Counts) {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.entry(file.to_owned()).or_default().add(counts);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = Counts::default();
        for (file, counts) in files.iter() {
            line(f, file, counts)?;
            for (why, n) in &counts.unmapped {
                writeln!(f, "    {n}: {why}")?;
            }
            all.add(counts);
        }
        line(f, "all", &all)
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, c: &Counts) -> fmt::Result {
    writeln!(
        f,
        "{name}: {} vectors, {} values compared ({} differ as listed), {} without a field here",
        c.vectors,
        c.equal + c.differing,
        c.differing,
        c.unmapped.values().sum::<usize>()
    )
}
