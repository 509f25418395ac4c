//! Who said what to whom: mobile nodes, what became of their bindings, and the
//! sequence diagram of one of them.

use mip6_conformance::report::diagram::{Packet, Row, To};
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
    let nodes = counted(c.nodes.len() as u64, "mobile node");
    let right = match c.more {
        0 => nodes,
        more => format!("{nodes}; {} more packets not kept", grouped(more)),
    };
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
    count: usize,
    first: u16,
    gap: u16,
}

impl Columns {
    fn new(n: usize, area: Rect) -> Self {
        let room = area.width.saturating_sub(ASIDE + 2);
        let gap = (room / n.max(1) as u16).clamp(4, GAP);
        Self { count: n, first: ASIDE + gap / 2, gap }
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
    let mut sheet = Sheet { columns, area, theme, buffer };
    for (i, column) in diagram.columns.iter().enumerate() {
        sheet.name(i, &column.name, &column.role);
    }
    for (y, at) in window(c.rows.top, len, diagram_rows(area.height)).enumerate() {
        let Some(row) = diagram.rows.get(at) else { continue };
        let here = at as u64 == c.rows.cursor;
        let style = match (row, here) {
            (_, true) if focused => theme.cursor,
            (_, true) => theme.cursor_away,
            (Row::Packet(p), _) if p.failed() => theme.must,
            (Row::Packet(p), _) if !p.notes.is_empty() => theme.should,
            (Row::Packet(_), _) => theme.text,
            _ => theme.dim,
        };
        sheet.row(row, 3 + 2 * y as u16, style);
        if here {
            let aside = Rect { width: ASIDE, ..area };
            row_style(sheet.buffer, aside, 3 + 2 * y as u16, style);
        }
    }
}

/// What a diagram is drawn on.
struct Sheet<'a> {
    columns: Columns,
    area: Rect,
    theme: &'a Theme,
    buffer: &'a mut Buffer,
}

impl Sheet<'_> {
    fn put(&mut self, x: u16, y: u16, text: &str, style: Style) {
        put(self.buffer, self.area, x, y, text, style);
    }

    /// The name of a node, and what it is, above its column.
    fn name(&mut self, column: usize, name: &str, role: &str) {
        let role = match role {
            "mobile-node" => "MN",
            "home-agent" => "HA",
            "correspondent" => "CN",
            "access-router" => "AR",
            _ => "",
        };
        let (room, x) = (usize::from(self.columns.gap.saturating_sub(1)), self.columns.x(column));
        let name = middle_cut(name, room);
        let centred = |text: &str| x.saturating_sub(width(text) as u16 / 2);
        self.put(centred(role), 1, role, self.theme.key);
        self.put(centred(&name), 2, &name, self.theme.text);
    }

    /// Two lines: what a row says, and the arrow.
    fn row(&mut self, row: &Row, y: u16, style: Style) {
        for i in 0..self.columns.count {
            for line in 0..2 {
                self.put(self.columns.x(i), y + line, "│", self.theme.dim);
            }
        }
        match row {
            Row::Packet(p) => self.packet(p, y, style),
            Row::Folded(f) => {
                self.aside(&f.at.to_string(), f.frames.first().copied(), y);
                self.put(ASIDE + 1, y + 1, &format!("… {f}"), style);
            }
            Row::Step(s) => {
                self.aside(&s.at.to_string(), None, y);
                self.put(ASIDE + 1, y + 1, &s.text, style);
            }
        }
    }

    /// Time and number of a row.
    fn aside(&mut self, at: &str, number: Option<u64>, y: u16) {
        let time = clip(at.trim_end_matches(" s"), 11);
        self.put(1, y, &format!("{time:>11}"), self.theme.dim);
        if let Some(number) = number {
            self.put(1, y + 1, &format!("{number:>11}"), self.theme.dim);
        }
    }

    fn packet(&mut self, p: &Packet, y: u16, style: Style) {
        let Some(hop) = p.hops.first() else { return };
        self.aside(&p.at().to_string(), Some(hop.frame), y);
        if !p.notes.is_empty() {
            self.put(ASIDE - 4, y + 1, if p.failed() { "!" } else { "?" }, style);
        }
        let from = self.columns.x(hop.from);
        let to: Vec<u16> = match &hop.to {
            To::Node(to) => vec![self.columns.x(*to)],
            To::Link(all) => all.iter().map(|c| self.columns.x(*c)).collect(),
        };
        let left = to.iter().copied().fold(from, u16::min);
        let right = to.iter().copied().fold(from, u16::max);
        let tunnel = if p.tunnelled { " [tunnel]" } else { "" };
        let note = p.notes.first().map_or(String::new(), |n| format!("  ! {}", n.text));
        let text = format!("{}{tunnel}{note}", p.label.replace(" [tunnel]", ""));
        // What does not fit to the right of the arrow's beginning begins further
        // left.
        let fits = width(&text) <= usize::from(self.area.width.saturating_sub(left + 3));
        let start = if fits { left + 2 } else { ASIDE + 1 };
        let room = usize::from(self.area.width.saturating_sub(start + 1));
        self.put(start, y, &end_cut(&text, room), style);
        if left == right {
            return self.put(left, y + 1, "├──┐", style);
        }
        let line = if p.tunnelled { "═" } else { "─" };
        self.put(left + 1, y + 1, &line.repeat(usize::from(right - left - 1)), style);
        match hop.to {
            To::Node(_) if from == left => self.put(right - 1, y + 1, "►", style),
            To::Node(_) => self.put(left + 1, y + 1, "◄", style),
            To::Link(_) => to.into_iter().for_each(|x| self.put(x, y + 1, "◆", style)),
        }
    }
}
