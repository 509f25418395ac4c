//! The mouse: what is clicked is chosen, borders are dragged, the wheel scrolls
//! what it is over.

use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::step::{self, draw_conversation, octets_follow};
use super::{Effect, act};
use crate::keymap::{Pane, View};
use crate::layout::{Regions, inner};
use crate::state::list::Step;
use crate::state::{Border, State};

/// Lines that a turn of the wheel scrolls.
const WHEEL: i64 = 3;

/// Something was done with the mouse.
pub(super) fn mouse(state: &mut State, event: MouseEvent) -> Vec<Effect> {
    if state.help.is_some() || state.prompt.is_some() {
        return Vec::new();
    }
    let regions = state.regions();
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => return down(state, &regions, at),
        MouseEventKind::Drag(MouseButton::Left) => drag(state, &regions, at),
        MouseEventKind::Up(_) => state.dragged = None,
        MouseEventKind::ScrollUp => wheel(state, &regions, at, -WHEEL),
        MouseEventKind::ScrollDown => wheel(state, &regions, at, WHEEL),
        _ => {}
    }
    Vec::new()
}

/// The pane at a place, and its rectangle.
fn pane_at(state: &State, regions: &Regions, at: Position) -> Option<(Pane, Rect)> {
    let panes: &[(Pane, Rect)] = match state.view {
        View::Packets => &[
            (Pane::List, regions.upper),
            (Pane::Tree, regions.lower),
            (Pane::Octets, regions.octets),
        ],
        View::Findings => &[(Pane::Findings, regions.upper)],
        View::Conversations => &[(Pane::Nodes, regions.upper), (Pane::Diagram, regions.lower)],
        View::Keys => &[(Pane::Associations, regions.upper)],
    };
    panes.iter().find(|(_, area)| area.contains(at)).copied()
}

fn down(state: &mut State, regions: &Regions, at: Position) -> Vec<Effect> {
    if regions.bar.contains(at) {
        let view = crate::view::view_at(at.x);
        return view.map_or_else(Vec::new, |v| act::show(state, v));
    }
    if regions.filter.contains(at) {
        return act::act(state, crate::keymap::Action::Filter);
    }
    state.dragged = border(state, regions, at);
    let Some((pane, area)) = pane_at(state, regions, at) else { return Vec::new() };
    match pane {
        Pane::List | Pane::Tree | Pane::Octets => state.panes.packets = pane,
        Pane::Nodes | Pane::Diagram => state.panes.conversations = pane,
        Pane::Findings | Pane::Associations => {}
    }
    let Some(line) = (at.y - area.y).checked_sub(1).map(u64::from) else { return Vec::new() };
    match pane {
        Pane::List => {
            let to = state.packets.list.top + line;
            if to < state.packets.len(&state.frames) {
                step::packets(state, Step::To(to));
            }
        }
        Pane::Tree if state.packets.steps => {}
        Pane::Tree => {
            let list = &mut state.packets.tree.list;
            let again = list.cursor == list.top + line;
            list.cursor = list.top + line;
            step::regain(state);
            octets_follow(state);
            if again {
                return act::act(state, crate::keymap::Action::Toggle);
            }
        }
        Pane::Octets => {
            if let Some(octet) = crate::view::octet_at(at.x - area.x) {
                let row = state.packets.octets_top + line;
                step::octet(state, (row * 16) as i64 + i64::from(octet));
            }
        }
        Pane::Findings => {
            let list = &mut state.findings.list;
            let again = list.cursor == list.top + line;
            list.cursor = list.top + line;
            step::regain(state);
            if again {
                return act::act(state, crate::keymap::Action::Toggle);
            }
        }
        Pane::Nodes => {
            let c = &mut state.conversations;
            if line < u64::from(step::nodes_height(area.height)) {
                c.list.cursor = c.list.top + line;
                step::regain(state);
                draw_conversation(state);
            }
        }
        Pane::Diagram => {
            let rows = &mut state.conversations.rows;
            rows.cursor = rows.top + line.saturating_sub(2) / 2;
            step::regain(state);
        }
        Pane::Associations => {
            state.keys.list.cursor = state.keys.list.top + line;
            step::regain(state);
        }
    }
    Vec::new()
}

/// The border at a place: the head line below it.
fn border(state: &State, regions: &Regions, at: Position) -> Option<Border> {
    let packets = state.view == View::Packets;
    let octets = regions.octets;
    if packets && regions.beside && octets.contains(at) && at.x == octets.x {
        return Some(Border::Octets);
    }
    if packets && !regions.beside && octets.contains(at) && at.y == octets.y {
        return Some(Border::Octets);
    }
    let head = at.y == regions.lower.y;
    head.then_some(if packets { Border::List } else { Border::Upper })
}

fn drag(state: &mut State, regions: &Regions, at: Position) {
    let Some(border) = state.dragged else { return };
    let (top, width, height) = (regions.upper.y, state.size.0, state.size.1.saturating_sub(4));
    let share = |part: u16, whole: u16| {
        (u32::from(part) * 100 / u32::from(whole.max(1))).clamp(10, 90) as u16
    };
    match border {
        Border::List => state.settings.list = share(at.y.saturating_sub(top), height),
        Border::Upper => state.settings.upper = share(at.y.saturating_sub(top), height),
        Border::Octets if regions.beside => {
            state.settings.octets = share(width.saturating_sub(at.x), width);
        }
        Border::Octets => {
            let below = regions.lower.height + regions.octets.height;
            let end = regions.lower.y + below;
            state.settings.octets = share(end.saturating_sub(at.y), below);
        }
    }
    step::regain(state);
}

fn wheel(state: &mut State, regions: &Regions, at: Position, by: i64) {
    let Some((pane, area)) = pane_at(state, regions, at) else { return };
    let height = inner(area);
    match pane {
        Pane::List => {
            let len = state.packets.len(&state.frames);
            state.packets.tail = false;
            state.packets.wanted = None;
            state.packets.list.scroll(by, len, height);
        }
        Pane::Tree => {
            let packets = &mut state.packets;
            let Some(detail) = &packets.detail else { return };
            if packets.steps {
                let len = detail.steps(area.width).len() as u64;
                packets.steps_list.scroll(by, len, height);
            } else {
                let len = detail.shown(&packets.tree.closed).len() as u64;
                packets.tree.list.scroll(by, len, height);
            }
        }
        Pane::Octets => {
            let packets = &mut state.packets;
            let source =
                packets.detail.as_ref().and_then(|d| d.sources.get(usize::from(packets.source)));
            let rows = source.map_or(0, |s| s.octets.len()).div_ceil(16) as u64;
            let most = rows.saturating_sub(u64::from(height));
            packets.octets_top = packets.octets_top.saturating_add_signed(by).min(most);
        }
        Pane::Findings => {
            let f = &mut state.findings;
            f.list.scroll(by, f.lines.len() as u64, height);
        }
        Pane::Nodes => {
            let c = &mut state.conversations;
            c.list.scroll(by, c.nodes.len() as u64, step::nodes_height(area.height));
            draw_conversation(state);
        }
        Pane::Diagram => {
            let c = &mut state.conversations;
            let len = c.diagram.as_ref().map_or(0, |d| d.rows.len()) as u64;
            c.rows.scroll(by, len, step::diagram_rows(area.height));
        }
        Pane::Associations => {
            let k = &mut state.keys;
            k.list.scroll(by, k.flows.len() as u64, height);
        }
    }
}
