//! From a case's evidence to its diagram.

use std::collections::{BTreeMap, BTreeSet};

use mip6_dissect::tree::escape_line;

use super::{Column, Diagram, Hop, Note, Packet, Row, Step, To, fold};
use crate::report::evidence::{Evidence, Sight};
use crate::run::verdict::{Outcome, StepRecord};

/// How many packets back a forwarded packet is looked for.
const REACH: usize = 16;

impl Diagram {
    /// The diagram of a case: who sent and who received by the addresses on
    /// Ethernet. A packet that a router forwards is one row, if no step began
    /// meanwhile; Neighbor Discovery that nobody marked is folded.
    pub fn new(outcome: &Outcome, evidence: &Evidence) -> Self {
        let mut stations = Stations::new(outcome, evidence);
        let mut rows = Rows { rows: Vec::new(), tails: Vec::new() };
        let steps = places(&outcome.steps, &evidence.frames);
        let mut steps = steps.into_iter().zip(&outcome.steps).peekable();
        for (i, sight) in evidence.frames.iter().enumerate() {
            while let Some((_, step)) = steps.next_if(|(place, _)| *place <= i) {
                rows.step(step);
            }
            let hop = Hop {
                frame: sight.number,
                at: sight.at,
                link: escape_line(evidence.link(sight)),
                from: stations.column(sight.source),
                to: stations.to(i, sight),
                lost: outcome.lost.binary_search(&sight.number).is_ok(),
            };
            rows.packet(sight, hop, notes(outcome, sight.number));
        }
        for (_, step) in steps {
            rows.step(step);
        }
        // What a rule found is worth a row, as a mark is.
        let kept: BTreeSet<u64> = outcome.findings.iter().map(|(frame, _)| *frame).collect();
        let rows = fold::fold(rows.rows, evidence, &kept);
        let title = escape_line(&format!("{}: {}", outcome.case, outcome.title));
        Self { title, columns: stations.columns, rows }
    }
}

fn notes(outcome: &Outcome, frame: u64) -> Vec<Note> {
    let marks = outcome.marks.iter().filter(|m| m.frame == frame);
    marks.map(|m| Note { frame, text: escape_line(&m.comment), failed: m.failed }).collect()
}

/// In front of which frame (an index) each step began. A frame of a step before
/// may have the same time, one of the step itself shows that it has begun.
fn places(steps: &[StepRecord], frames: &[Sight]) -> Vec<usize> {
    let mut least = 0;
    let mut places = Vec::with_capacity(steps.len());
    for step in steps {
        let place = frames.partition_point(|f| f.at < step.at).max(least);
        let own = step.frames.iter().filter_map(|n| usize::try_from(n.checked_sub(1)?).ok());
        let place = own.clone().min().map_or(place, |first| first.clamp(least, place.max(least)));
        places.push(place);
        least = own.max().map_or(place, |last| place.max(last + 1)).min(frames.len());
    }
    places
}

/// Rows being put together.
struct Rows {
    rows: Vec<Row>,
    /// Rows of packets since the last step that may go on: row, digest.
    tails: Vec<(usize, u64)>,
}

impl Rows {
    fn step(&mut self, s: &StepRecord) {
        self.tails.clear();
        let (text, phase) = (escape_line(&s.text), s.phase);
        self.rows.push(Row::Step(Step { at: s.at, line: s.line, phase, text, held: s.held }));
    }

    fn packet(&mut self, sight: &Sight, hop: Hop, notes: Vec<Note>) {
        if let Some(digest) = sight.digest {
            for (row, other) in self.tails.iter().rev().take(REACH) {
                let Some(Row::Packet(p)) = self.rows.get_mut(*row) else { continue };
                let arrived = p.hops.last().is_some_and(|h| {
                    let there = matches!(&h.to, To::Node(n) if *n == hop.from);
                    there && !h.lost && h.from != hop.from && h.link != hop.link
                });
                if *other == digest && arrived {
                    p.hops.push(hop);
                    p.notes.extend(notes);
                    return;
                }
            }
            self.tails.push((self.rows.len(), digest));
        }
        let (label, addresses) = (escape_line(&sight.info), sight.addresses.clone());
        let tunnelled = sight.tunnelled;
        self.rows.push(Row::Packet(Packet { label, addresses, tunnelled, hops: vec![hop], notes }));
    }
}

/// Who is who, and where.
struct Stations {
    columns: Vec<Column>,
    /// Column by link-layer address.
    known: BTreeMap<[u8; 6], usize>,
    /// Index of a frame and its link, where a station sent or was sent to.
    seen: BTreeMap<[u8; 6], Vec<(usize, u32)>>,
    /// The column of all others, once there is one.
    others: Option<usize>,
}

impl Stations {
    fn new(outcome: &Outcome, evidence: &Evidence) -> Self {
        let mut nodes: Vec<_> = outcome.nodes.iter().collect();
        nodes.sort_by_key(|n| rank(&n.role));
        let mut known = BTreeMap::new();
        for (column, node) in nodes.iter().enumerate() {
            known.extend(node.stations.iter().map(|s| (*s, column)));
        }
        let mut seen: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (i, f) in evidence.frames.iter().enumerate() {
            for station in [f.source, f.destination].into_iter().flatten() {
                if known.contains_key(&station) {
                    seen.entry(station).or_default().push((i, f.interface));
                }
            }
        }
        let columns = nodes.into_iter().map(|n| Column {
            name: escape_line(&n.name),
            role: escape_line(&n.role),
            under_test: n.under_test,
        });
        Self { columns: columns.collect(), known, seen, others: None }
    }

    fn column(&mut self, station: Option<[u8; 6]>) -> usize {
        if let Some(column) = station.and_then(|s| self.known.get(&s)) {
            return *column;
        }
        *self.others.get_or_insert_with(|| {
            let (name, role) = ("others".to_owned(), String::new());
            self.columns.push(Column { name, role, under_test: false });
            self.columns.len() - 1
        })
    }

    fn to(&mut self, frame: usize, sight: &Sight) -> To {
        match sight.destination {
            // The lowest bit of the first octet: a group address (IEEE 802).
            Some(d) if d[0] & 1 == 1 => To::Link(self.on_link(frame, sight)),
            other => To::Node(self.column(other)),
        }
    }

    /// Columns of the nodes that are on the link of a frame: where they were
    /// last seen, else where they are seen next.
    fn on_link(&self, frame: usize, sight: &Sight) -> Vec<usize> {
        let sender = sight.source.and_then(|s| self.known.get(&s));
        let here = self.seen.iter().filter(|(_, seen)| {
            let after = seen.partition_point(|(i, _)| *i <= frame);
            let place = after.checked_sub(1).and_then(|i| seen.get(i)).or_else(|| seen.first());
            place.is_some_and(|(_, link)| *link == sight.interface)
        });
        let columns = here.filter_map(|(station, _)| self.known.get(station));
        columns
            .filter(|c| Some(*c) != sender)
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }
}

/// Mobile nodes stand on the left, what they talk to on the right, routers
/// between.
fn rank(role: &str) -> u8 {
    match role {
        "mobile-node" => 0,
        "access-router" | "router" => 1,
        "home-agent" => 2,
        "correspondent" => 3,
        _ => 4,
    }
}
