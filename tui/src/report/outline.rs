//! Cases as a tree: role, area, case, row of parameters.

use std::collections::HashMap;

use mip6_conformance::report::Totals;
use mip6_conformance::run::verdict::Verdict;
use mip6_dissect::tree::escape_line;

use super::follow::{Place, Plan, Row};
use crate::text::{clip, end_cut};

/// Entries that are kept; more are counted.
const MOST: usize = 50_000;
/// Up to so many, all are shown at the beginning.
const FEW: usize = 60;
/// Columns of a title or an id that are kept.
const COLUMNS: usize = 200;
/// Columns of what is known of a case that are searched.
const SEARCHED: usize = 600;

/// A case that has been run, or will be. Text is fit for a terminal.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its id as in results.
    pub(super) id: String,
    pub(super) title: String,
    role: String,
    area: String,
    case: String,
    /// The row of parameters, empty if there is none.
    row: String,
    /// None while it has not been run.
    pub(super) verdict: Option<Verdict>,
    /// What is known of it, in small letters, to be searched.
    words: String,
    pub(super) place: Option<Place>,
    /// It has been run again.
    pub(super) again: bool,
}

impl Entry {
    fn new(id: &str, role: &str) -> Self {
        let fit = |text: &str| end_cut(&escape_line(text), COLUMNS);
        let (case, row) = id.split_once('/').unwrap_or((id, ""));
        // The area is what stands behind the role: `ha.registration.lifetime`.
        let area = case.split('.').nth(1).unwrap_or_default();
        Self {
            title: String::new(),
            role: fit(role),
            area: fit(area),
            case: fit(case),
            row: fit(row),
            id: id.to_owned(),
            words: searched(id),
            verdict: None,
            place: None,
            again: false,
        }
    }

    /// Whether all words of a text, which is in small letters, stand in it.
    fn has(&self, text: &str) -> bool {
        text.split_whitespace().all(|word| self.words.contains(word))
    }

    /// Its id, fit for a terminal.
    pub(super) fn name(&self) -> String {
        end_cut(&escape_line(&self.id), COLUMNS)
    }

    /// Where it stands in the tree.
    fn path(&self) -> [&str; 4] {
        [&self.role, &self.area, &self.case, &self.row]
    }
}

/// A text as it is searched.
fn searched(text: &str) -> String {
    clip(text, SEARCHED).to_lowercase()
}

/// Which cases are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    /// All.
    #[default]
    All,
    /// Those of a verdict.
    Of(Verdict),
    /// Those that have not been run.
    Pending,
}

impl Only {
    /// The next choice.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::All => Self::Of(Verdict::Fail),
            Self::Of(Verdict::Fail) => Self::Of(Verdict::Inconclusive),
            Self::Of(Verdict::Inconclusive) => Self::Of(Verdict::Error),
            Self::Of(Verdict::Error) => Self::Of(Verdict::Skip),
            Self::Of(Verdict::Skip) => Self::Of(Verdict::Pass),
            Self::Of(Verdict::Pass) => Self::Pending,
            Self::Pending => Self::All,
        }
    }

    /// As people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Of(verdict) => verdict.name(),
            Self::Pending => "not run yet",
        }
    }

    fn lets(self, verdict: Option<Verdict>) -> bool {
        match self {
            Self::All => true,
            Self::Of(wanted) => verdict == Some(wanted),
            Self::Pending => verdict.is_none(),
        }
    }
}

/// A line of the tree.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What it is called; no other line is called so.
    pub key: String,
    /// How deep it stands.
    pub depth: usize,
    /// Its name.
    pub name: String,
    /// The case, as an index; none of what has cases under it.
    pub(super) entry: Option<usize>,
    /// It is open.
    pub open: bool,
    /// How those under it, or it itself, ended.
    pub totals: Totals,
    /// Cases under it that have not been run.
    pub pending: u64,
}

/// All cases, and the tree of those that are shown.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) entries: Vec<Entry>,
    by_id: HashMap<String, usize>,
    pub(super) lines: Vec<Line>,
    /// Lines that somebody has opened or closed.
    pub(super) chosen: HashMap<String, bool>,
    pub(super) only: Only,
    /// Only cases with these words, in small letters.
    pub(super) words: String,
    /// How all cases ended.
    pub(super) totals: Totals,
    pub(super) pending: u64,
    /// Results that there was no room for.
    pub(super) more: u64,
}

impl Outline {
    /// Forgets all cases.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.by_id.clear();
        self.more = 0;
    }

    fn entry(&mut self, id: &str, role: &str) -> Option<&mut Entry> {
        let at = match self.by_id.get(id) {
            Some(at) => *at,
            None if self.entries.len() >= MOST => {
                self.more += 1;
                return None;
            }
            None => {
                self.by_id.insert(id.to_owned(), self.entries.len());
                self.entries.push(Entry::new(id, role));
                self.entries.len() - 1
            }
        };
        self.entries.get_mut(at)
    }

    pub(super) fn plan(&mut self, plan: &Plan) {
        for (id, role) in &plan.cases {
            self.entry(id, role);
        }
    }

    /// Takes a result in; `again` if it has been run again.
    pub(super) fn take(&mut self, row: &Row, again: bool) {
        if let Some(entry) = self.entry(&row.id, &row.role) {
            entry.title = end_cut(&escape_line(&row.title), COLUMNS);
            (entry.verdict, entry.place) = (Some(row.verdict), Some(row.place));
            entry.words = searched(&format!("{} {} {}", row.id, row.title, row.said));
            entry.again = again;
        }
    }

    /// Whether a line is a case that has the words of a text.
    pub(super) fn has(&self, line: &Line, text: &str) -> bool {
        let entry = line.entry.and_then(|i| self.entries.get(i));
        entry.is_some_and(|e| e.has(text))
    }

    /// What hides cases that have the words of a text: whatever is above them.
    pub(super) fn hiding(&self, text: &str) -> Vec<String> {
        let only = self.only;
        let shown = self.entries.iter().filter(|e| only.lets(e.verdict) && e.has(&self.words));
        let mut keys = Vec::new();
        for [role, area, case, _] in shown.filter(|e| e.has(text)).map(Entry::path) {
            keys.push(format!("/{role}"));
            keys.push(format!("/{role}/{area}"));
            keys.push(format!("/{role}/{area}/{case}"));
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Makes the lines anew.
    pub(super) fn arrange(&mut self) {
        (self.totals, self.pending) = (Totals::default(), 0);
        for entry in &self.entries {
            match entry.verdict {
                Some(verdict) => self.totals.add(verdict),
                None => self.pending += 1,
            }
        }
        let only = self.only;
        let mut shown: Vec<usize> = (0..self.entries.len())
            .filter(|i| {
                let entry = self.entries.get(*i);
                entry.is_some_and(|e| only.lets(e.verdict) && e.has(&self.words))
            })
            .collect();
        // Rows stay in the order of their case.
        shown.sort_by(|a, b| {
            let path = |i: &usize| self.entries.get(*i).map(|e| (rank(&e.role), e.path()));
            let key = |i| path(i).map(|(rank, [role, area, case, _])| (rank, role, area, case));
            key(a).cmp(&key(b)).then(a.cmp(b))
        });
        let few = shown.len() <= FEW;
        let mut lines = Vec::new();
        self.level(&shown, 0, "", few, &mut lines);
        self.lines = lines;
    }

    /// The lines of cases that stand together, from a depth on.
    fn level(&self, shown: &[usize], depth: usize, above: &str, few: bool, lines: &mut Vec<Line>) {
        let path = |i: &usize| self.entries.get(*i).map_or([""; 4], Entry::path);
        let mut rest = shown;
        while let Some(first) = rest.first() {
            let name = path(first).get(depth).copied().unwrap_or_default();
            let same = |i: &usize| path(i).get(depth).copied() == Some(name);
            // Rows are never taken together.
            let n = if depth >= 3 { 1 } else { rest.iter().take_while(|i| same(i)).count() };
            let (group, others) = rest.split_at(n.max(1));
            rest = others;
            let lone = group.len() == 1 && path(first)[3].is_empty();
            let mut line = Line { depth, ..Line::default() };
            line.key = format!("{above}/{name}");
            for i in group {
                match self.entries.get(*i).and_then(|e| e.verdict) {
                    Some(verdict) => line.totals.add(verdict),
                    None => line.pending += 1,
                }
            }
            line.name = if name.is_empty() { "-".to_owned() } else { name.to_owned() };
            if depth >= 3 || depth == 2 && lone {
                line.entry = Some(*first);
                line.key = format!("{}#{first}", line.key);
                lines.push(line);
                continue;
            }
            let chosen = self.chosen.get(&line.key).copied();
            line.open = chosen.unwrap_or(few || depth == 0);
            let (open, key) = (line.open, line.key.clone());
            lines.push(line);
            if open {
                self.level(group, depth + 1, &key, few, lines);
            }
        }
    }
}

/// Roles in the order in which people look for them.
fn rank(role: &str) -> usize {
    let known = ["home-agent", "mobile-node", "correspondent", "access-router"];
    known.iter().position(|r| *r == role).unwrap_or(known.len())
}
