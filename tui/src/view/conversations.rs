//! Who said what to whom: mobile nodes, what became of their bindings, and the
//! sequence diagram of one of them.

use mip6_conformance::report::diagram::{Diagram, Packet, Row, To};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::lanes;
use super::paint::{head, put, row_style, window};
use crate::keymap::Pane;
use crate::layout::Regions;
use crate::state::State;
use crate::text::{clip, counted, end_cut, grouped, middle_cut, width};
use crate::theme::Theme;
use crate::update::{diagram_rows, nodes_height};

/// Columns for time and number in front of the diagram.
const ASIDE: u16 = 18;
/// Columns between two nodes at most.
const GAP: u16 = 46;

pub(super) fn draw(state: &State, regions: &Regions, theme: &Theme, buffer: &mut Buffer) {
    nodes(state, regions.upper, theme, buffer);
    diagram(state, regions.lower, theme, buffer);
}

fn nodes(state: &State, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let c = &state.conversations;
    let focused = state.pane() == Pane::Nodes;
    let mut right = counted(c.nodes.len() as u64, "mobile node");
    if c.more > 0 {
        right.push_str(&format!("; {} more packets not kept", grouped(c.more)));
    }
    head(buffer, area, "Mobile nodes and their bindings", &right, focused, theme);
    if c.nodes.is_empty() {
        let done = state.judged_share().is_none();
        let text = if done { "no binding was asked for in this capture" } else { "looking…" };
        put(buffer, area, 1, 1, text, theme.dim);
        return;
    }
    let rows = nodes_height(area.height);
    for (y, at) in window(c.list.top, c.nodes.len(), rows).enumerate() {
        let Some(node) = c.nodes.get(at) else { continue };
        let y = 1 + y as u16;
        let here = at as u64 == c.list.cursor;
        let style = match here {
            true if focused => theme.cursor,
            true => theme.cursor_away,
            false => theme.text,
        };
        if here {
            row_style(buffer, area, y, style);
        }
        let agent = node.agent.map_or("no home agent".to_owned(), |a| format!("home agent {a}"));
        let peers = match node.correspondents {
            0 => String::new(),
            n => format!(", {}", counted(n as u64, "correspondent")),
        };
        let text = format!("{}: {agent}{peers}, {}", node.home, counted(node.packets, "packet"));
        put(buffer, area, 1, y, &end_cut(&text, usize::from(area.width) - 1), style);
    }
    let top = 1 + rows;
    let below = Rect { y: area.y + top, height: area.height.saturating_sub(top), ..area };
    lanes::draw(state, below, theme, buffer);
}

/// Where the columns of a diagram stand.
struct Columns {
    first: u16,
    gap: u16,
}

impl Columns {
    fn new(n: usize, area: Rect) -> Self {
        let n = n.max(1) as u16;
        let room = area.width.saturating_sub(ASIDE + 2);
        let gap = (room / n).clamp(4, GAP);
        Self { first: ASIDE + gap / 2, gap }
    }

    fn x(&self, column: usize) -> u16 {
        self.first.saturating_add(self.gap.saturating_mul(column as u16))
    }
}

fn diagram(state: &State, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let c = &state.conversations;
    let focused = state.pane() == Pane::Diagram;
    let Some(diagram) = &c.diagram else {
        head(buffer, area, "Sequence", "", focused, theme);
        return;
    };
    let len = diagram.rows.len();
    let right = format!("{} of {}", c.rows.cursor + 1, len);
    head(buffer, area, &format!("Sequence: {}", diagram.title), &right, focused, theme);
    let columns = Columns::new(diagram.columns.len(), area);
    for (i, column) in diagram.columns.iter().enumerate() {
        let room = usize::from(columns.gap.saturating_sub(1));
        let role = match column.role.as_str() {
            "mobile-node" => "MN",
            "home-agent" => "HA",
            "correspondent" => "CN",
            "access-router" => "AR",
            _ => "",
        };
        let (name, x) = (middle_cut(&column.name, room), columns.x(i));
        let centred = |text: &str| x.saturating_sub(width(text) as u16 / 2);
        put(buffer, area, centred(role), 1, role, theme.key);
        put(buffer, area, centred(&name), 2, &name, theme.text);
    }
    for (y, at) in window(c.rows.top, len, diagram_rows(area.height)).enumerate() {
        let Some(row) = diagram.rows.get(at) else { continue };
        let y = 3 + 2 * y as u16;
        for i in 0..diagram.columns.len() {
            for line in 0..2 {
                put(buffer, area, columns.x(i), y + line, "│", theme.dim);
            }
        }
        let here = at as u64 == c.rows.cursor;
        let style = match (row, here) {
            (_, true) if focused => theme.cursor,
            (_, true) => theme.cursor_away,
            (Row::Packet(p), _) if p.failed() => theme.must,
            (Row::Packet(p), _) if !p.notes.is_empty() => theme.should,
            (Row::Packet(_), _) => theme.text,
            _ => theme.dim,
        };
        match row {
            Row::Packet(p) => packet(diagram, p, &columns, y, style, area, theme, buffer),
            Row::Folded(f) => {
                aside(&f.at.to_string(), f.frames.first().copied(), y, area, theme, buffer);
                put(buffer, area, ASIDE + 1, y + 1, &format!("… {f}"), style);
            }
            Row::Step(s) => {
                aside(&s.at.to_string(), None, y, area, theme, buffer);
                put(buffer, area, ASIDE + 1, y + 1, &s.text, style);
            }
        }
        if here {
            let narrow = Rect { width: ASIDE, ..area };
            row_style(buffer, narrow, y, style);
        }
    }
}

/// Time and number of a row.
fn aside(at: &str, number: Option<u64>, y: u16, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let time = at.trim_end_matches(" s");
    put(buffer, area, 1, y, &format!("{:>11}", clip(time, 11)), theme.dim);
    if let Some(number) = number {
        put(buffer, area, 1, y + 1, &format!("{number:>11}"), theme.dim);
    }
}

#[allow(clippy::too_many_arguments, reason = "what it takes to draw an arrow")]
fn packet(
    diagram: &Diagram,
    p: &Packet,
    columns: &Columns,
    y: u16,
    style: Style,
    area: Rect,
    theme: &Theme,
    buffer: &mut Buffer,
) {
    let Some(hop) = p.hops.first() else { return };
    aside(&p.at().to_string(), Some(hop.frame), y, area, theme, buffer);
    if !p.notes.is_empty() {
        put(buffer, area, ASIDE - 4, y + 1, if p.failed() { "!" } else { "?" }, style);
    }
    let from = columns.x(hop.from);
    let (left, right, to) = match &hop.to {
        To::Node(to) => {
            let to = columns.x(*to);
            (from.min(to), from.max(to), Some(to))
        }
        To::Link(all) => {
            let all: Vec<u16> = all.iter().map(|c| columns.x(*c)).chain([from]).collect();
            let (left, right) = (all.iter().min(), all.iter().max());
            (left.copied().unwrap_or(from), right.copied().unwrap_or(from), None)
        }
    };
    let note = p.notes.first().map_or(String::new(), |n| format!("  ! {}", n.text));
    let tunnel = if p.tunnelled { " [tunnel]" } else { "" };
    let label = p.label.replace(" [tunnel]", "");
    let text = format!("{label}{tunnel}{note}");
    // What does not fit to the right of the arrow's beginning begins further left.
    let room = area.width.saturating_sub(left + 2);
    let start = if width(&text) as u16 > room { ASIDE + 1 } else { left + 2 };
    let room = usize::from(area.width.saturating_sub(start + 1));
    put(buffer, area, start, y, &end_cut(&text, room), style);
    let line = if p.tunnelled { "═" } else { "─" };
    if left == right {
        put(buffer, area, left, y + 1, "├──┐", style);
        return;
    }
    let dashes = line.repeat(usize::from(right - left - 1));
    put(buffer, area, left + 1, y + 1, &dashes, style);
    match to {
        Some(to) if to == right => {
            put(buffer, area, right - 1, y + 1, "►", style);
        }
        Some(_) => {
            put(buffer, area, left + 1, y + 1, "◄", style);
        }
        None => {
            for i in 0..diagram.columns.len() {
                let x = columns.x(i);
                if x != from && (left..=right).contains(&x) {
                    put(buffer, area, x, y + 1, "◆", style);
                }
            }
        }
    }
}
