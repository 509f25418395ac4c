//! From packets to a diagram, from events to bars.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_conformance::report::diagram::{Column, Diagram, Folded, Hop, Note, Packet, Row, To};
use mip6_conformance::time::Instant;
use mip6_dissect::capture::Timestamp;
use mip6_dissect::packet::Proto;
use mip6_dissect::rules::Level;
use mip6_dissect::trackers::{LocalWhat, What as Registered};
use mip6_dissect::tree::escape_line;

use super::people::{People, Who};
use super::{Lane, Span};
use crate::jobs::{Happening, Noted, Protected, Sight, Subject, What};
use crate::text::counted;

/// Security associations that have bars at most.
const ASSOCIATIONS: usize = 16;

/// The diagram of a mobile node's conversations: at most `most` packets, those
/// around the frame `near`, or the first.
pub(super) fn diagram(
    home: Ipv6Addr,
    people: &People,
    sights: &[Sight],
    findings: &[Noted],
    near: Option<u64>,
    most: usize,
) -> Diagram {
    let own: Vec<&Sight> = sights.iter().filter(|s| people.mobile_of(s) == Some(home)).collect();
    let at = near.map_or(0, |n| own.partition_point(|s| u64::from(s.frame) < n));
    let start = at.saturating_sub(most / 2).min(own.len().saturating_sub(most));
    let shown = own.get(start..own.len().min(start + most)).unwrap_or_default();
    let began = sights.first().map_or(Timestamp::default(), |s| s.time);

    let ends = |s: &Sight| (people.who(s.ends.0), people.who(s.ends.1));
    let mut all: Vec<Who> = shown.iter().flat_map(|s| <[Who; 2]>::from(ends(s))).collect();
    all.retain(|w| *w != Who::Group);
    all.sort_unstable();
    all.dedup();
    let columns: BTreeMap<Who, usize> = all.iter().enumerate().map(|(i, w)| (*w, i)).collect();
    let column = |who: Who| columns.get(&who).copied().unwrap_or(0);

    let mut rows = Vec::with_capacity(shown.len());
    for s in shown {
        let (from, to) = ends(s);
        let from = column(from);
        let to = match to {
            Who::Group => To::Link((0..all.len()).filter(|c| *c != from).collect()),
            other => To::Node(column(other)),
        };
        let frame = u64::from(s.frame) + 1;
        let hop =
            Hop { frame, at: instant(s.time, began), link: String::new(), from, to, lost: false };
        rows.push((
            s.subject == Subject::Neighbors,
            Row::Packet(Packet {
                label: escape_line(&s.label),
                addresses: (s.ends.0.to_string(), s.ends.1.to_string()),
                tunnelled: s.tunnelled,
                hops: vec![hop],
                notes: notes(findings, s.frame),
            }),
        ));
    }
    let title = format!("conversations of {home}");
    Diagram { title, columns: all.iter().map(|w| named(*w)).collect(), rows: fold(rows) }
}

/// Puts neighbouring packets that are no more than noise into one row.
fn fold(rows: Vec<(bool, Row)>) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::with_capacity(rows.len());
    let mut run: Vec<Row> = Vec::new();
    for (noise, row) in rows {
        let plain = noise && matches!(&row, Row::Packet(p) if p.notes.is_empty());
        if plain {
            run.push(row);
        } else {
            end(&mut out, &mut run);
            out.push(row);
        }
    }
    end(&mut out, &mut run);
    out
}

fn end(out: &mut Vec<Row>, run: &mut Vec<Row>) {
    if run.len() < 2 {
        return out.append(run);
    }
    let at = match run.first() {
        Some(Row::Packet(p)) => p.at(),
        _ => Instant::START,
    };
    let frames = run.drain(..).flat_map(|r| super::numbers(&r)).collect();
    out.push(Row::Folded(Folded { at, frames, what: "of neighbour discovery" }));
}

fn named(who: Who) -> Column {
    let (name, role) = match who {
        Who::Mobile(a) => (a.to_string(), "mobile-node"),
        Who::Router(a) => (a.to_string(), "access-router"),
        Who::Agent(a) => (a.to_string(), "home-agent"),
        Who::Correspondent(a) => (a.to_string(), "correspondent"),
        Who::Other(a) => (a.to_string(), ""),
        Who::Group => ("all nodes".to_owned(), ""),
    };
    Column { name, role: role.to_owned(), under_test: false }
}

fn instant(time: Timestamp, began: Timestamp) -> Instant {
    match time.since(began) {
        (false, secs, nanos) => Instant::START + Duration::new(secs, nanos),
        (true, ..) => Instant::START,
    }
}

fn notes(findings: &[Noted], frame: u32) -> Vec<Note> {
    let from = findings.partition_point(|n| n.frame < frame);
    let here = findings.get(from..).unwrap_or_default().iter().take_while(|n| n.frame == frame);
    here.map(|n| {
        let r = n.finding.requirement.get();
        let text = format!("{}: {}", r.id, n.finding.message());
        Note {
            frame: u64::from(frame) + 1,
            text: escape_line(&text),
            failed: n.finding.level == Level::Must,
        }
    })
    .collect()
}

/// What became of a mobile node's bindings, local associations and security
/// associations.
pub(super) fn lanes(
    home: Ipv6Addr,
    people: &People,
    happenings: &[Happening],
    protected: &[Protected],
    span: Option<(Timestamp, Timestamp)>,
) -> Vec<Lane> {
    let mut bindings: BTreeMap<Ipv6Addr, (bool, Vec<Span>, Ipv6Addr)> = BTreeMap::new();
    let mut locals: BTreeMap<Ipv6Addr, Vec<Span>> = BTreeMap::new();
    for h in happenings {
        match h.what {
            What::Binding(e) if e.home == home => {
                let lane = bindings.entry(e.peer).or_insert((false, Vec::new(), e.careof));
                lane.0 |= e.home_registration == Some(true);
                if matches!(e.what, Registered::Accepted | Registered::Deleted) {
                    cut(&mut lane.1, h.time);
                }
                if e.what == Registered::Accepted {
                    let moved = !lane.1.is_empty() && lane.2 != e.careof;
                    lane.2 = e.careof;
                    let brief = format!("{} s", e.lifetime);
                    let note = (format!("at {} for {brief}", e.careof), brief);
                    lane.1.push(life(h, e.lifetime, note, moved));
                }
            }
            What::Local(e) if people.is_of(e.careof, home) => {
                let lane = locals.entry(e.careof).or_default();
                match e.what {
                    LocalWhat::Acknowledged | LocalWhat::Renewed => {
                        cut(lane, h.time);
                        let brief = format!("{} s", e.lifetime);
                        let note = (format!("for {brief}"), brief);
                        lane.push(life(h, e.lifetime, note, false));
                    }
                    LocalWhat::Invalidated | LocalWhat::Expired => cut(lane, h.time),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let mut lanes: Vec<Lane> = Vec::new();
    let mut bindings: Vec<_> = bindings.into_iter().collect();
    bindings.sort_by_key(|(peer, (agent, ..))| (!*agent, *peer));
    for (peer, (agent, spans, _)) in bindings {
        let role = if agent { "home agent" } else { "peer" };
        lanes.push(Lane { title: format!("{role} {peer}"), spans });
    }
    for (careof, spans) in locals {
        lanes.push(Lane { title: format!("local key {careof}"), spans });
    }
    let ends = |p: &&Protected| people.is_of(p.ends.0, home) || people.is_of(p.ends.1, home);
    for p in protected.iter().filter(ends).take(ASSOCIATIONS) {
        let name = if p.protocol == Proto::Esp { "ESP" } else { "AH" };
        let brief = counted(p.uses.packets, "packet");
        let note = (format!("{brief}, {} opened", p.uses.opened), brief);
        let (from, until) = p.uses.times;
        let spans = vec![Span { from, until, note, moved: false, frame: p.uses.first }];
        lanes.push(Lane { title: format!("{name} {:#010x}", p.spi), spans });
    }
    if span.is_none() {
        lanes.clear();
    }
    lanes
}

fn life(h: &Happening, lifetime: u32, note: (String, String), moved: bool) -> Span {
    let mut until = h.time;
    until.secs = until.secs.saturating_add(i64::from(lifetime));
    Span { from: h.time, until, note, moved, frame: h.frame }
}

/// What lived until now lives no longer.
fn cut(spans: &mut [Span], now: Timestamp) {
    if let Some(last) = spans.last_mut() {
        last.until = last.until.min(now);
    }
}
