//! Bindings, local associations and security associations as bars over time.

use mip6_dissect::capture::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint::put;
use crate::state::State;
use crate::state::conversations::{Lane, Span};
use crate::text::{end_cut, width};
use crate::theme::Theme;

/// Columns for what a lane is.
const TITLE: u16 = 32;

pub(super) fn draw(state: &State, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let c = &state.conversations;
    let Some((from, until)) = c.span else { return };
    if area.height < 2 {
        return;
    }
    let scale = Scale { from, length: seconds(from, until).max(0.001), area };
    let end = format!("{:.3} s", scale.length);
    put(buffer, area, TITLE, 0, "0", theme.dim);
    put(buffer, area, area.width.saturating_sub(width(&end) as u16 + 1), 0, &end, theme.dim);
    put(buffer, area, 1, 0, "█ lives  ▲ has moved", theme.dim);
    if let Some(now) = c.time() {
        put(buffer, area, scale.column(now), 0, "▼", theme.key);
    }
    let rows = usize::from(area.height - 1);
    let top = c.lanes_top.min(c.lanes.len().saturating_sub(rows));
    let hidden = c.lanes.len().saturating_sub(top + rows);
    for (i, lane) in c.lanes.iter().skip(top).take(rows).enumerate() {
        let y = 1 + i as u16;
        let title = if hidden > 0 && i + 1 == rows {
            format!("{} → {hidden} more", end_cut(&lane.title, usize::from(TITLE) - 12))
        } else {
            lane.title.clone()
        };
        put(buffer, area, 1, y, &end_cut(&title, usize::from(TITLE) - 2), theme.text);
        bars(lane, &scale, y, theme, buffer);
    }
}

struct Scale {
    from: Timestamp,
    length: f64,
    area: Rect,
}

impl Scale {
    /// The column of a time, among those for bars.
    fn column(&self, time: Timestamp) -> u16 {
        let room = f64::from(self.area.width.saturating_sub(TITLE + 1));
        let share = (seconds(self.from, time) / self.length).clamp(0.0, 1.0);
        TITLE + (share * (room - 1.0).max(0.0)) as u16
    }
}

fn seconds(from: Timestamp, until: Timestamp) -> f64 {
    let (negative, secs, nanos) = until.since(from);
    let length = secs as f64 + f64::from(nanos) / 1e9;
    if negative { -length } else { length }
}

fn bars(lane: &Lane, scale: &Scale, y: u16, theme: &Theme, buffer: &mut Buffer) {
    for span in &lane.spans {
        let (from, until) = (scale.column(span.from), scale.column(span.until));
        let columns = usize::from(until.saturating_sub(from)) + 1;
        put(buffer, scale.area, from, y, &"█".repeat(columns), theme.good);
        if span.moved {
            put(buffer, scale.area, from, y, "▲", theme.mark);
        }
    }
    // Notes where there is room for them, the last one surely.
    let mut free = TITLE;
    for (i, span) in lane.spans.iter().enumerate() {
        let last = i + 1 == lane.spans.len();
        note(span, scale, y, &mut free, last, theme, buffer);
    }
}

fn note(
    span: &Span,
    scale: &Scale,
    y: u16,
    free: &mut u16,
    last: bool,
    theme: &Theme,
    buffer: &mut Buffer,
) {
    let (from, until) = (scale.column(span.from), scale.column(span.until));
    for note in [&span.note.0, &span.note.1] {
        let text = format!(" {note} ");
        let columns = width(&text) as u16;
        if from + 1 + columns < until && from + 1 >= *free {
            *free = put(buffer, scale.area, from + 1, y, &text, theme.text);
            return;
        }
        if last && until + 2 + columns < scale.area.width && until + 1 >= *free {
            *free = put(buffer, scale.area, until + 1, y, &text, theme.text);
            return;
        }
    }
}
