//! What went from node to node in a case, in time order: a sequence diagram,
//! drawn as SVG or by whoever else wants to.

mod build;
mod fold;
mod svg;
mod text;

use std::fmt;

pub(super) use svg::STYLE;
pub use svg::svg;
pub(super) use svg::write as write_svg;

use crate::time::Instant;

/// A sequence diagram: columns are nodes, rows are frames and steps from the
/// first to the last. Every text is a line without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// What it shows, in a line.
    pub title: String,
    /// Nodes, from left to right.
    pub columns: Vec<Column>,
    /// What happened, from top to bottom.
    pub rows: Vec<Row>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the case: `ha`; `others` for all that are none of its nodes.
    pub name: String,
    /// Its role: `home-agent`; empty for others.
    pub role: String,
    /// Whether it is the node under test.
    pub under_test: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A step of the case began.
    Step(Step),
    /// A packet went over one link or, forwarded, over several.
    Packet(Packet),
    /// Frames that are not shown one by one.
    Folded(Folded),
}

/// A step of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When it began.
    pub at: Instant,
    /// Line in the case's file.
    pub line: u64,
    /// `setup`, `steps` or `cleanup`.
    pub phase: &'static str,
    /// In a sentence.
    pub text: String,
    /// Whether it held.
    pub held: bool,
}

/// A packet on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// What it is about, with what was opened, in a line.
    pub label: String,
    /// Source and destination of its innermost IP header.
    pub addresses: (String, String),
    /// An IP header stands in another.
    pub tunnelled: bool,
    /// Links that it went over, at least one.
    pub hops: Vec<Hop>,
    /// What is to be said of it.
    pub notes: Vec<Note>,
}

impl Packet {
    /// When it was first sent.
    pub fn at(&self) -> Instant {
        self.hops.first().map_or(Instant::START, |h| h.at)
    }

    /// Whether it is why the case failed.
    pub fn failed(&self) -> bool {
        self.notes.iter().any(|n| n.failed)
    }
}

/// A packet on one link: a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Number in the evidence, from 1.
    pub frame: u64,
    /// When it was sent.
    pub at: Instant,
    /// Name of the link, empty if it has none.
    pub link: String,
    /// Column of the sender.
    pub from: usize,
    /// Where it went.
    pub to: To,
    /// Nobody received it.
    pub lost: bool,
}

/// Where a frame went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// To one node: its column.
    Node(usize),
    /// To every node on the link: columns in ascending order, without that of
    /// the sender.
    Link(Vec<usize>),
}

/// What is to be said of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its number in the evidence.
    pub frame: u64,
    /// What is to be said.
    pub text: String,
    /// It is why the case failed.
    pub failed: bool,
}

/// Frames that are not shown one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// When the first was sent.
    pub at: Instant,
    /// Their numbers in the evidence.
    pub frames: Vec<u64>,
    /// What of: `of neighbour discovery`, or `not shown`.
    pub what: &'static str,
}

impl fmt::Display for Folded {
    /// `3 frames of neighbour discovery`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} frames {}", self.frames.len(), self.what)
    }
}
