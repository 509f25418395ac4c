//! The field tree of the packet under the cursor, or what its nodes do with it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::list::sign;
use super::paint::{head, put, row_style, window};
use crate::keymap::Pane;
use crate::layout::inner;
use crate::state::State;
use crate::text::skip;
use crate::theme::Theme;

pub(super) fn draw(state: &State, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let focused = state.pane() == Pane::Tree;
    let packets = &state.packets;
    let Some(detail) = &packets.detail else {
        head(buffer, area, "Fields", "", focused, theme);
        return;
    };
    let what = if packets.steps { "Steps of packet" } else { "Fields of packet" };
    let title = format!("{what} {}", detail.frame + 1);
    if packets.steps {
        head(buffer, area, &title, "i shows fields", focused, theme);
        return steps(state, area, theme, buffer);
    }
    let line = packets.line().and_then(|l| detail.lines.get(l));
    let field = line.and_then(|l| l.field).unwrap_or_default();
    head(buffer, area, &title, field, focused, theme);
    let shown = detail.shown(&packets.tree.closed);
    let rows = window(packets.tree.list.top, shown.len(), inner(area));
    for (y, at) in rows.enumerate() {
        let Some(line) = shown.get(at).and_then(|l| detail.lines.get(*l)) else { continue };
        let y = 1 + y as u16;
        let at_cursor = at as u64 == packets.tree.list.cursor;
        let style = match at_cursor {
            true if focused => theme.cursor,
            true => theme.cursor_away,
            false if line.level.is_some() => sign(line.level, theme).1,
            false if line.depth == 0 => theme.text.add_modifier(ratatui::style::Modifier::BOLD),
            false => theme.text,
        };
        if at_cursor {
            row_style(buffer, area, y, style);
        }
        let fold = match &line.heading {
            Some(h) if packets.tree.closed.contains(h) => "▸ ",
            Some(_) => "▾ ",
            None => "  ",
        };
        put(buffer, area, 0, y, sign(line.level, theme).0, style);
        let text = format!("{}{fold}{}", "  ".repeat(line.depth.into()), line.text);
        put(buffer, area, 1, y, skip(&text, packets.tree.shift.into()), style);
    }
}

fn steps(state: &State, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let Some(detail) = &state.packets.detail else { return };
    if detail.has_no_steps() {
        put(buffer, area, 1, 1, "Not protected by IPsec.", theme.dim);
    }
    let lines = detail.steps(area.width);
    let rows = window(state.packets.steps_list.top, lines.len(), inner(area));
    for (y, at) in rows.enumerate() {
        let Some(line) = lines.get(at) else { continue };
        put(buffer, area, 1, 1 + y as u16, line, theme.text);
    }
}
