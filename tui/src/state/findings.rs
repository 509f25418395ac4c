//! What rules found, in the order that somebody wants.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv6Addr;

use mip6_dissect::rules::{GROUPS, Level, Req};

use super::list::List;
use crate::jobs::Noted;

/// Findings that are kept one by one.
const ROOM: usize = 100_000;

/// How findings are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The worst first.
    #[default]
    Severity,
    /// By groups of requirements.
    Requirement,
    /// By who sent what is wrong.
    Node,
}

impl Order {
    /// The next one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Severity => Self::Requirement,
            Self::Requirement => Self::Node,
            Self::Node => Self::Severity,
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Severity => "by severity",
            Self::Requirement => "by requirement",
            Self::Node => "by node",
        }
    }
}

/// What findings are put under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Under {
    /// A level; the worst comes first.
    Level(std::cmp::Reverse<Level>),
    /// A group of requirements, by its number.
    Group(usize),
    /// A node, if one is known.
    Node(Option<Ipv6Addr>),
}

impl Under {
    /// In words.
    pub fn words(self) -> String {
        match self {
            Self::Level(level) => level.0.name().to_uppercase(),
            Self::Group(n) => {
                GROUPS.get(n).map_or(String::new(), |(id, title)| format!("{id}: {title}"))
            }
            Self::Node(Some(node)) => node.to_string(),
            Self::Node(None) => "no address".to_owned(),
        }
    }
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// What requirements are put under, and how many findings there are.
    Under(Under, u64),
    /// A requirement that was broken, how badly, and how often.
    Rule(Under, Req, Level, u64),
    /// A finding, by its number.
    One(usize),
}

/// What rules found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// One by one, in the order of frames.
    pub all: Vec<Noted>,
    /// How many more there are, or were.
    pub more: u64,
    /// The newest are kept where there is no room for all, else the first.
    pub newest: bool,
    /// How often each level was found.
    pub levels: BTreeMap<Level, u64>,
    /// How they are put together.
    pub order: Order,
    /// Lines that are shown.
    pub lines: Vec<Line>,
    /// Cursor and window.
    pub list: List,
    /// Lines are not those of all that is known.
    stale: bool,
    open: BTreeSet<(Under, Option<Req>)>,
}

impl Findings {
    /// Takes findings in.
    pub fn take(&mut self, new: Vec<Noted>) {
        for noted in new {
            *self.levels.entry(noted.finding.level).or_default() += 1;
            if self.newest && self.all.len() == ROOM {
                self.forget(ROOM / 8);
                self.more += ROOM as u64 / 8;
            }
            if self.all.len() < ROOM {
                self.all.push(noted);
            } else {
                self.more += 1;
            }
        }
        self.stale = true;
    }

    /// Puts lines in order, if there is something new.
    pub fn settle(&mut self) {
        if std::mem::take(&mut self.stale) {
            self.arrange();
        }
    }

    /// Lets findings in frames in front of the one of an index go.
    pub fn let_go(&mut self, first: u64) {
        let gone = self.all.partition_point(|n| u64::from(n.frame) < first);
        if gone > 0 {
            self.forget(gone);
            self.stale = true;
        }
    }

    /// Forgets the first so many.
    fn forget(&mut self, gone: usize) {
        for noted in self.all.drain(..gone.min(self.all.len())) {
            if let Some(count) = self.levels.get_mut(&noted.finding.level) {
                *count = count.saturating_sub(1);
            }
        }
        for line in &mut self.lines {
            if let Line::One(i) = line {
                // What is gone is none of those that are there.
                *i = i.checked_sub(gone).unwrap_or(usize::MAX);
            }
        }
    }

    /// Forgets all findings; what is open stays so.
    pub fn clear(&mut self) {
        self.all.clear();
        self.levels.clear();
        self.more = 0;
        self.arrange();
    }

    /// Puts them together another way.
    pub fn reorder(&mut self) {
        self.order = self.order.next();
        self.list = List::default();
        self.arrange();
    }

    /// What a finding is put under.
    pub fn under(&self, noted: &Noted) -> Under {
        match self.order {
            Order::Severity => Under::Level(std::cmp::Reverse(noted.finding.level)),
            Order::Requirement => {
                let group = noted.finding.requirement.get().group();
                Under::Group(GROUPS.iter().position(|(g, _)| *g == group).unwrap_or(GROUPS.len()))
            }
            Order::Node => Under::Node(noted.node),
        }
    }

    /// Makes the lines anew; the cursor stays where it is.
    fn arrange(&mut self) {
        let here = self.lines.get(self.list.cursor as usize).copied();
        let mut groups: BTreeMap<Under, BTreeMap<(Req, Level), Vec<usize>>> = BTreeMap::new();
        for (i, noted) in self.all.iter().enumerate() {
            let rules = groups.entry(self.under(noted)).or_default();
            rules.entry((noted.finding.requirement, noted.finding.level)).or_default().push(i);
        }
        self.lines.clear();
        for (under, rules) in groups {
            let count = rules.values().map(|r| r.len() as u64).sum();
            self.lines.push(Line::Under(under, count));
            if self.open.contains(&(under, None)) {
                continue;
            }
            for ((req, level), found) in rules {
                self.lines.push(Line::Rule(under, req, level, found.len() as u64));
                if self.open.contains(&(under, Some(req))) {
                    self.lines.extend(found.into_iter().map(Line::One));
                }
            }
        }
        let same = |line: &Line| match (here, line) {
            (Some(Line::Under(a, _)), Line::Under(b, _)) => a == *b,
            (Some(Line::Rule(a, was, how, _)), Line::Rule(b, is, now, _)) => {
                (a, was, how) == (*b, *is, *now)
            }
            (Some(here), line) => here == *line,
            (None, _) => false,
        };
        if let Some(at) = self.lines.iter().position(same) {
            self.list.cursor = at as u64;
        }
    }

    /// The line under the cursor.
    pub fn here(&self) -> Option<Line> {
        self.lines.get(self.list.cursor as usize).copied()
    }

    /// Opens or closes the line under the cursor; whether there was one to be
    /// opened. What stands at the outermost is open from the beginning, rules are
    /// closed.
    pub fn toggle(&mut self) -> bool {
        let key = match self.here() {
            Some(Line::Under(under, _)) => (under, None),
            Some(Line::Rule(under, req, ..)) => (under, Some(req)),
            Some(Line::One(_)) | None => return false,
        };
        if !self.open.remove(&key) {
            self.open.insert(key);
        }
        self.arrange();
        true
    }

    /// Whether a line has been opened.
    pub fn is_open(&self, line: &Line) -> bool {
        match line {
            Line::Under(under, _) => !self.open.contains(&(*under, None)),
            Line::Rule(under, req, ..) => self.open.contains(&(*under, Some(*req))),
            Line::One(_) => false,
        }
    }

    /// From a finding to its rule, from a rule to what it is under.
    pub fn outwards(&mut self) {
        let upto = self.lines.get(..self.list.cursor as usize).unwrap_or_default();
        let at = match self.here() {
            Some(Line::One(_)) => upto.iter().rposition(|l| matches!(l, Line::Rule(..))),
            Some(Line::Rule(..)) => upto.iter().rposition(|l| matches!(l, Line::Under(..))),
            Some(Line::Under(..)) | None => None,
        };
        if let Some(at) = at {
            self.list.cursor = at as u64;
        }
    }

    /// The requirement of the line under the cursor.
    pub fn requirement(&self) -> Option<Req> {
        match self.here()? {
            Line::Rule(_, req, ..) => Some(req),
            Line::One(i) => self.all.get(i).map(|n| n.finding.requirement),
            Line::Under(..) => None,
        }
    }

    /// The finding under the cursor; the first of a rule.
    pub fn one(&self) -> Option<&Noted> {
        match self.here()? {
            Line::One(i) => self.all.get(i),
            Line::Rule(under, req, level, _) => self.all.iter().find(|n| {
                let of = (self.under(n), n.finding.requirement, n.finding.level);
                of == (under, req, level)
            }),
            Line::Under(..) => None,
        }
    }
}
