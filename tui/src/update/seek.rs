//! Text found in the lines of a view that is no list of packets.

use std::collections::BTreeSet;

use mip6_conformance::report::diagram::Row;
use mip6_dissect::rules::{Level, Req};

use super::step::step;
use crate::keymap::Pane;
use crate::state::State;
use crate::state::findings::{Findings, Line, Under};
use crate::state::keys::Flow;
use crate::state::list::Step;

/// Goes to the next line that has what was looked for last, or the one before.
pub(super) fn seek(state: &mut State, forward: bool) {
    let text = state.sought_text.to_lowercase();
    if text.is_empty() {
        return state.complain("nothing has been looked for; f asks what to find");
    }
    let (found, here) = match state.pane() {
        Pane::Findings => (findings(&state.findings, &text), state.findings.list.cursor),
        Pane::Associations => {
            let flows = state.keys.flows.iter();
            (places(flows.map(|f| has(&flow(f), &text))), state.keys.list.cursor)
        }
        Pane::Nodes | Pane::Diagram => {
            state.panes.conversations = Pane::Diagram;
            let rows = state.conversations.diagram.iter().flat_map(|d| &d.rows);
            (places(rows.map(|r| has(&row(r), &text))), state.conversations.rows.cursor)
        }
        Pane::List | Pane::Tree | Pane::Octets => return,
    };
    // Behind the last comes the first.
    let at = if forward {
        found.iter().find(|at| **at > here).or(found.first())
    } else {
        found.iter().rev().find(|at| **at < here).or(found.last())
    };
    match at {
        Some(at) => step(state, Step::To(*at)),
        None => state.complain(format!("not found: {}", state.sought_text)),
    }
}

fn has(line: &str, text: &str) -> bool {
    line.to_lowercase().contains(text)
}

fn places(lines: impl Iterator<Item = bool>) -> Vec<u64> {
    (0..).zip(lines).filter_map(|(at, has)| has.then_some(at)).collect()
}

/// Lines of findings that have a text: what a closed rule hides counts as its own.
fn findings(f: &Findings, text: &str) -> Vec<u64> {
    let hidden: BTreeSet<(Under, Req, Level)> = f
        .all
        .iter()
        .filter(|n| has(&n.finding.message(), text) || node(n.node, text))
        .map(|n| (f.under(n), n.finding.requirement, n.finding.level))
        .collect();
    let line = |line: &Line| match line {
        Line::Under(under, _) => has(&under.words(), text),
        Line::Rule(under, req, level, _) => {
            let r = req.get();
            let within = !f.is_open(line) && hidden.contains(&(*under, *req, *level));
            within || [r.id, r.text, r.source].into_iter().any(|t| has(t, text))
        }
        Line::One(i) => {
            f.all.get(*i).is_some_and(|n| has(&n.finding.message(), text) || node(n.node, text))
        }
    };
    places(f.lines.iter().map(line))
}

fn node(node: Option<std::net::Ipv6Addr>, text: &str) -> bool {
    node.is_some_and(|n| has(&n.to_string(), text))
}

/// What stands in the line of an association, and below it.
fn flow(f: &Flow) -> String {
    let mut line = format!("{} {:#010x} {} {} {} ", f.protocol, f.spi, f.ends.0, f.ends.1, f.name);
    line.push_str(&f.algorithms);
    for (why, ..) in f.uses.iter().flat_map(|u| &u.reasons) {
        line.push(' ');
        line.push_str(why);
    }
    line
}

/// What stands in a row of a diagram.
fn row(row: &Row) -> String {
    match row {
        Row::Packet(p) => {
            let notes: Vec<&str> = p.notes.iter().map(|n| n.text.as_str()).collect();
            format!("{} {} {} {}", p.label, p.addresses.0, p.addresses.1, notes.join(" "))
        }
        Row::Folded(f) => f.to_string(),
        Row::Step(s) => s.text.clone(),
    }
}
