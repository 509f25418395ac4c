//! A packet taken apart: lines of its field tree, and octets.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use mip6_dissect::filter::Filter;
use mip6_dissect::packet::{Packet, Proto};
use mip6_dissect::rules::{Finding, Level};
use mip6_dissect::steps::{steps, write_steps};
use mip6_dissect::tree::{NodeKind, Tree, escape_line, node_line};
use mip6_wire::layout::{Field, Kind, Value};

use super::list::List;
use crate::text::wrap;

/// A packet taken apart.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// Index of its frame.
    pub frame: u64,
    /// By which keys it was read: `State::generation`.
    pub generation: u64,
    /// Lines of the field tree.
    pub lines: Vec<FieldLine>,
    /// Octets: of the frame, then what was put together or opened.
    pub sources: Vec<Octets>,
    /// What its nodes do under IPsec.
    steps: String,
    /// Filters that find what belongs to it.
    pub follow: super::follow::Follow,
}

/// Octets that headers stand in.
#[derive(Clone, Debug, Default)]
pub struct Octets {
    /// What they are.
    pub title: &'static str,
    /// They themselves.
    pub octets: Vec<u8>,
}

/// A line of the field tree.
#[derive(Clone, Debug, Default)]
pub struct FieldLine {
    /// Depth, 0 for a layer.
    pub depth: u8,
    /// What it says.
    pub text: String,
    /// Which of the sources its octets are in.
    pub source: u8,
    /// Its octets.
    pub octets: Range<usize>,
    /// Name of the field.
    pub field: Option<&'static str>,
    /// The display filter that finds it: the protocol, or the field and its value.
    pub filter: Option<String>,
    /// A rule found something here.
    pub level: Option<Level>,
    /// What it is under: its layer's title, for what is closed.
    pub heading: Option<String>,
    /// Index of the layer it is part of.
    pub layer: Option<usize>,
}

impl Detail {
    /// Of a packet and what rules found in it.
    pub fn new(packet: &Packet<'_>, findings: &[Finding]) -> Self {
        let tree = Tree::new(packet);
        let mut lines: Vec<FieldLine> = Vec::with_capacity(tree.nodes.len() + findings.len() + 1);
        for (i, node) in tree.nodes.iter().enumerate() {
            let parent = tree.nodes.get(i + 1).is_some_and(|n| n.depth > node.depth);
            let text = node_line(packet, node);
            let layer = node.layer.and_then(|l| packet.layers.get(l));
            let (field, filter) = match &node.kind {
                NodeKind::Layer(_) => {
                    (None, Some(layer.map_or("frame", |l| l.proto.id()).to_owned()))
                }
                NodeKind::Leaf(f, raw) => (Some(*f), Some(filter_of(f, &f.value(raw), raw))),
                NodeKind::Derived(f, v) => (Some(*f), Some(filter_of(f, v, &[]))),
                NodeKind::Group(_) | NodeKind::Stop(_) => (None, None),
            };
            let filter = filter.filter(|f| Filter::parse(f).is_ok());
            let level = findings
                .iter()
                .filter(|f| Some(f.layer) == node.layer && is_at(f, node.depth, node.offset, field))
                .map(|f| f.level)
                .max();
            lines.push(FieldLine {
                depth: node.depth,
                heading: parent.then(|| heading(&text)),
                text,
                source: layer.map_or(0, |l| l.source),
                octets: node.offset..node.offset + node.len,
                field: field.map(|f| f.id),
                filter,
                level,
                layer: node.layer,
            });
        }
        append(&mut lines, packet, findings);
        let mut told = Vec::new();
        // Writing to memory does not fail.
        let _ = write_steps(&mut told, &steps(packet));
        let told = String::from_utf8_lossy(&told).into_owned();
        Self {
            frame: packet.frame.number - 1,
            generation: 0,
            lines,
            sources: sources(packet),
            steps: told.replace("\n    ", "\n").trim_start().to_owned(),
            follow: super::follow::Follow::new(packet),
        }
    }

    /// Whether its nodes do nothing under IPsec.
    pub fn has_no_steps(&self) -> bool {
        self.steps.is_empty()
    }

    /// What its nodes do under IPsec, in lines for a pane of so many columns.
    pub fn steps(&self, columns: u16) -> Vec<String> {
        wrap(&self.steps, usize::from(columns.saturating_sub(2)))
    }

    /// Indices of lines that are shown, where headings in `closed` are closed.
    pub fn shown(&self, closed: &BTreeSet<String>) -> Vec<usize> {
        let mut shown = Vec::with_capacity(self.lines.len());
        let mut hidden_below = None;
        for (i, line) in self.lines.iter().enumerate() {
            if hidden_below.is_some_and(|depth| line.depth > depth) {
                continue;
            }
            hidden_below = None;
            shown.push(i);
            if line.heading.as_ref().is_some_and(|h| closed.contains(h)) {
                hidden_below = Some(line.depth);
            }
        }
        shown
    }

    /// The deepest line whose octets an octet is among.
    pub fn line_at(&self, source: u8, octet: usize) -> Option<usize> {
        let here = self
            .lines
            .iter()
            .enumerate()
            .filter(|(_, l)| l.source == source && l.octets.contains(&octet));
        // Of two bit fields in an octet, the first; a part before the whole.
        here.min_by_key(|(i, l)| (l.octets.len(), std::cmp::Reverse(l.depth), *i)).map(|(i, _)| i)
    }
}

/// Findings as lines at the end.
fn append(lines: &mut Vec<FieldLine>, packet: &Packet<'_>, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    let worst = findings.iter().map(|f| f.level).max();
    let text = format!("Findings: {}", findings.len());
    lines.push(FieldLine {
        heading: Some("Findings".into()),
        text,
        level: worst,
        ..FieldLine::default()
    });
    for f in findings {
        let r = f.requirement.get();
        let text = format!(
            "{} {}, {}: {}",
            f.level.name().to_uppercase(),
            r.id,
            r.source,
            escape_line(&f.message())
        );
        let source = packet.layers.get(f.layer).map_or(0, |l| l.source);
        lines.push(FieldLine {
            depth: 1,
            text,
            source,
            octets: f.offset..f.offset + 1,
            level: Some(f.level),
            layer: Some(f.layer),
            ..FieldLine::default()
        });
    }
}

/// Whether a finding is about a node of its layer.
fn is_at(f: &Finding, depth: u8, offset: usize, field: Option<&'static Field>) -> bool {
    match f.field {
        Some(wanted) => {
            depth == 0 || field.is_some_and(|have| have.id == wanted.id) && f.offset == offset
        }
        None => depth == 0,
    }
}

/// What a closed line is remembered by: its text as far as values do not change
/// it.
fn heading(text: &str) -> String {
    let end = text.find([':', '(']).unwrap_or(text.len());
    let kept = text.get(..end).unwrap_or(text);
    if kept.starts_with("Frame ") { "Frame".to_owned() } else { kept.trim_end().to_owned() }
}

fn sources(packet: &Packet<'_>) -> Vec<Octets> {
    let frame = Octets { title: "Frame", octets: packet.frame.data.to_vec() };
    let mut sources = vec![frame];
    let last = packet.layers.iter().map(|l| l.source).max().unwrap_or(0);
    for number in 1..=last {
        let first = packet.layers.iter().position(|l| l.source == number);
        let before = first.and_then(|i| packet.layers.get(i.checked_sub(1)?));
        let title = match before.map(|l| l.proto) {
            Some(Proto::Esp) => "Opened ESP",
            _ => "Put together",
        };
        sources.push(Octets { title, octets: packet.source(number).to_vec() });
    }
    sources
}

/// The display filter that finds a field's value.
fn filter_of(field: &Field, value: &Value<'_>, raw: &[u8]) -> String {
    let id = field.id;
    match (field.kind, value) {
        (Kind::None, _) | (_, Value::None) => id.to_owned(),
        (_, Value::Bytes(_) | Value::Link(_)) if raw.is_empty() => id.to_owned(),
        (_, Value::Bytes(_) | Value::Link(_)) => {
            let octets: Vec<String> = raw.iter().map(|o| format!("{o:02x}")).collect();
            format!("{id} == {}", octets.join(":"))
        }
        (_, Value::Ntp(v) | Value::Send(v)) => format!("{id} == {v}"),
        (_, Value::Text(text)) => format!("{id} == {}", quoted(text)),
        (_, Value::Domain(_)) => format!("{id} == {}", quoted(value.to_string().as_bytes())),
        _ => format!("{id} == {value}"),
    }
}

/// A string as filters have it.
fn quoted(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for b in text {
        match b {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(*b));
            }
            b' '..=b'~' => out.push(char::from(*b)),
            // Writing to a String cannot fail.
            _ => drop(write!(out, "\\x{b:02x}")),
        }
    }
    out.push('"');
    out
}

/// The tree as somebody looks at it.
#[derive(Clone, Debug)]
pub struct TreeView {
    /// Cursor and window, among lines that are shown.
    pub list: List,
    /// Headings that are closed.
    pub closed: BTreeSet<String>,
    /// Columns that lines are moved to the left.
    pub shift: u16,
}

impl Default for TreeView {
    fn default() -> Self {
        // What the list says already, and what is seldom of interest.
        let closed = ["Frame", "Ethernet II"].map(str::to_owned).into();
        Self { list: List::default(), closed, shift: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_finds_its_packet() {
        let mut filters = 0;
        crate::testing::each_packet(|packet| {
            for line in Detail::new(packet, &[]).lines {
                let Some(filter) = line.filter else { continue };
                filters += 1;
                // `frame` is everything there is.
                let found = Filter::parse(&filter).unwrap().matches(packet);
                assert!(found, "{}: {filter}", line.text);
            }
        });
        assert!(filters > 10_000, "{filters}");
    }

    #[test]
    fn octets_lead_to_their_field_and_back() {
        crate::testing::each_packet(|packet| {
            let detail = Detail::new(packet, &[]);
            for (source, octets) in detail.sources.iter().enumerate() {
                for at in 0..octets.octets.len() {
                    let line = detail.line_at(source as u8, at).map(|l| &detail.lines[l]);
                    let right =
                        |l: &FieldLine| l.octets.contains(&at) && usize::from(l.source) == source;
                    // Nothing tells of padding behind what has been opened.
                    assert!(line.map_or(source > 0, right));
                }
            }
        });
    }

    #[test]
    fn closed_headings_hide_what_is_below_them() {
        let line = |depth, heading: Option<&str>| FieldLine {
            depth,
            heading: heading.map(str::to_owned),
            ..FieldLine::default()
        };
        let lines = vec![
            line(0, Some("A")),
            line(1, Some("B")),
            line(2, None),
            line(1, None),
            line(0, None),
        ];
        let detail = Detail { lines, ..Detail::default() };
        let closed = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        assert_eq!(detail.shown(&closed(&[])), [0, 1, 2, 3, 4]);
        assert_eq!(detail.shown(&closed(&["B"])), [0, 1, 3, 4]);
        assert_eq!(detail.shown(&closed(&["A", "B"])), [0, 4]);
    }
}
