//! The list of differences that have a reason.
//!
//! ```text
//! : the reason, on lines that begin with a colon
//! CAPTURE FIELD FIELD …
//! ```
//!
//! The last `*` of a capture or a field stands for anything. Lines that begin
//! with `#` are left out.

use std::collections::BTreeSet;
use std::path::Path;

use super::Compare;

/// A list, read from a file.
pub(crate) struct Differences {
    lines: Vec<Line>,
}

struct Line {
    number: usize,
    capture: String,
    fields: Vec<String>,
}

impl Differences {
    /// Reads it; whoever broke it is told where.
    pub(crate) fn load(path: &Path) -> Self {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut lines = Vec::new();
        let mut reason = false;
        for (i, line) in text.lines().enumerate() {
            let number = i + 1;
            if line.starts_with(':') {
                reason = true;
            } else if line.trim().is_empty() {
                reason = false;
            } else if !line.starts_with('#') {
                assert!(reason, "{}:{number}: no reason above it", path.display());
                let mut words = line.split_whitespace().map(str::to_owned);
                let capture = words.next().unwrap_or_default();
                lines.push(Line { number, capture, fields: words.collect() });
            }
        }
        Self { lines }
    }

    /// The entry that a difference stands in: line and place in it.
    pub(crate) fn find(&self, capture: &str, field: &str) -> Option<(usize, usize)> {
        self.lines
            .iter()
            .enumerate()
            .filter(|(_, l)| fits(&l.capture, capture))
            .find_map(|(i, l)| Some((i, l.fields.iter().position(|f| fits(f, field))?)))
    }

    /// Entries that no difference between these captures needed. Without the
    /// collection, nothing can be said of its entries.
    pub(crate) fn stale(
        &self,
        used: &BTreeSet<(usize, usize)>,
        captures: &[Compare],
    ) -> Vec<String> {
        let whole = captures.iter().any(|c| c.name.starts_with("collection/"));
        let mut stale = Vec::new();
        for (i, l) in self.lines.iter().enumerate() {
            let collected = ["collection/", "protected/"];
            if !whole && collected.iter().any(|c| l.capture.starts_with(c)) {
                continue;
            }
            for (j, field) in l.fields.iter().enumerate() {
                if !used.contains(&(i, j)) {
                    stale.push(format!("line {}: {} {field}: no difference", l.number, l.capture));
                }
            }
        }
        stale
    }

    /// The first word of every line, in lists of names alone.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|l| l.capture.as_str())
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.rsplit_once('*') {
        None => pattern == name,
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
    }
}
