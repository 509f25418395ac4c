//! Steps of cursors, and what follows from them.

use crate::keymap::Pane;
use crate::layout::inner;
use crate::state::State;
use crate::state::list::{List, Step};

/// Octets in a row.
const ROW: usize = 16;

/// Takes a step in the pane that keys go to.
pub(super) fn step(state: &mut State, step: Step) {
    let regions = state.regions();
    match state.pane() {
        Pane::List => packets(state, step),
        Pane::Tree if state.packets.steps => {
            let len =
                state.packets.detail.as_ref().map_or(0, |d| d.steps(regions.lower.width).len())
                    as u64;
            let top = state.packets.steps_list.top;
            // Text has no cursor: the window moves.
            let height = inner(regions.lower);
            let by = match step {
                Step::By(n) => n,
                Step::Pages(n) => n * (i64::from(height.max(2)) - 1),
                Step::First => -(top as i64),
                Step::Last => len as i64,
                Step::To(n) => n as i64 - top as i64,
            };
            state.packets.steps_list.scroll(by, len, height);
        }
        Pane::Tree => {
            let closed = &state.packets.tree.closed;
            let len = state.packets.detail.as_ref().map_or(0, |d| d.shown(closed).len()) as u64;
            state.packets.tree.list.step(step, len, inner(regions.lower));
            octets_follow(state);
        }
        Pane::Octets => {
            let Some(detail) = &state.packets.detail else { return };
            let source = detail.sources.get(usize::from(state.packets.source));
            let len = source.map_or(0, |s| s.octets.len());
            let page = usize::from(inner(regions.octets).max(2)) - 1;
            let here = state.packets.octet as i64;
            let to = match step {
                Step::By(n) => here + n * ROW as i64,
                Step::Pages(n) => here + n * (page * ROW) as i64,
                Step::First => 0,
                Step::Last => len as i64 - 1,
                Step::To(n) => n as i64,
            };
            octet(state, to);
        }
        Pane::Findings => {
            let f = &mut state.findings;
            f.list.step(step, f.lines.len() as u64, inner(regions.upper));
        }
        Pane::Nodes => {
            let c = &mut state.conversations;
            c.wanted = None;
            c.list.step(step, c.nodes.len() as u64, nodes_height(regions.upper.height));
            draw_conversation(state);
        }
        Pane::Diagram => {
            let c = &mut state.conversations;
            c.wanted = None;
            let len = c.diagram.as_ref().map_or(0, |d| d.rows.len()) as u64;
            c.rows.step(step, len, diagram_rows(regions.lower.height));
        }
        Pane::Associations => {
            let k = &mut state.keys;
            k.list.step(step, k.flows.len() as u64, inner(regions.upper));
        }
    }
}

/// Rows of mobile nodes in a pane of so many rows: lanes are below them.
pub(crate) fn nodes_height(pane: u16) -> u16 {
    (pane.saturating_sub(1) / 3).max(1)
}

/// Rows of bars in that pane: below the mobile nodes and a scale.
pub(crate) fn lanes_height(pane: u16) -> u16 {
    pane.saturating_sub(2 + nodes_height(pane))
}

/// Rows of a diagram in a pane of so many rows: a head line, the names of nodes,
/// and two for each row.
pub(crate) fn diagram_rows(pane: u16) -> u16 {
    (pane.saturating_sub(3) / 2).max(1)
}

/// Takes a step in the list of packets.
pub(super) fn packets(state: &mut State, step: Step) {
    let (len, height) = (state.packets.len(&state.frames), inner(state.regions().upper));
    state.packets.tail &= step == Step::Last;
    state.packets.wanted = None;
    state.packets.wanted_field = None;
    state.packets.list.step(step, len, height);
}

/// Puts the cursor on an octet, and that of the tree on its field.
pub(super) fn octet(state: &mut State, to: i64) {
    let height = inner(state.regions().lower);
    let packets = &mut state.packets;
    let Some(detail) = &packets.detail else { return };
    let Some(source) = detail.sources.get(usize::from(packets.source)) else { return };
    let last = source.octets.len().saturating_sub(1);
    packets.octet = usize::try_from(to).unwrap_or(0).min(last);
    if let Some(line) = detail.line_at(packets.source, packets.octet) {
        packets.select_line(line, height);
    }
    show_octet(state);
}

/// Shows the octets of the field under the cursor.
pub(super) fn octets_follow(state: &mut State) {
    let packets = &mut state.packets;
    let line = packets.line();
    let Some(line) = line.and_then(|l| packets.detail.as_ref()?.lines.get(l)) else { return };
    packets.source = line.source;
    packets.octet = line.octets.start;
    show_octet(state);
}

fn show_octet(state: &mut State) {
    let height = inner(state.regions().octets);
    let packets = &mut state.packets;
    let Some(detail) = &packets.detail else { return };
    let len = detail.sources.get(usize::from(packets.source)).map_or(0, |s| s.octets.len());
    packets.octet = packets.octet.min(len.saturating_sub(1));
    let mut rows = List { cursor: (packets.octet / ROW) as u64, top: packets.octets_top };
    rows.fit(len.div_ceil(ROW) as u64, height);
    packets.octets_top = rows.top;
}

/// Puts all cursors where they can be: something has become smaller, or larger.
pub fn regain(state: &mut State) {
    let regions = state.regions();
    let len = state.packets.len(&state.frames);
    state.packets.list.fit(len, inner(regions.upper));
    if let Some(detail) = &state.packets.detail {
        let shown = detail.shown(&state.packets.tree.closed).len() as u64;
        state.packets.tree.list.fit(shown, inner(regions.lower));
        let steps = detail.steps(regions.lower.width).len() as u64;
        state.packets.steps_list.scroll(0, steps, inner(regions.lower));
    }
    show_octet(state);
    let f = &mut state.findings;
    f.list.fit(f.lines.len() as u64, inner(regions.upper));
    let k = &mut state.keys;
    k.list.fit(k.flows.len() as u64, inner(regions.upper));
    let c = &mut state.conversations;
    c.list.fit(c.nodes.len() as u64, nodes_height(regions.upper.height));
    let rows = c.diagram.as_ref().map_or(0, |d| d.rows.len()) as u64;
    c.rows.fit(rows, diagram_rows(regions.lower.height));
}

/// Draws the conversation that is chosen, if it is looked at.
pub(super) fn draw_conversation(state: &mut State) {
    if state.view != crate::keymap::View::Conversations {
        return;
    }
    let height = diagram_rows(state.regions().lower.height);
    let protected = state.judged.as_ref().map_or(&[][..], |j| &j.protected);
    state.conversations.draw(&state.findings.all, protected, height);
}
