//! Putting text on the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text::{clip, width};
use crate::theme::Theme;

/// Writes a text into a row of an area, from a column on, as far as there is
/// room; gives the column behind it.
pub(crate) fn put(
    buffer: &mut Buffer,
    area: Rect,
    column: u16,
    row: u16,
    text: &str,
    style: Style,
) -> u16 {
    if row >= area.height || column >= area.width {
        return column;
    }
    let room = usize::from(area.width - column);
    let (end, _) = buffer.set_stringn(area.x + column, area.y + row, text, room, style);
    end - area.x
}

/// Gives a row of an area a style, from its first column to its last.
pub(crate) fn row_style(buffer: &mut Buffer, area: Rect, row: u16, style: Style) {
    if row < area.height {
        buffer.set_style(Rect { y: area.y + row, height: 1, ..area }, style);
    }
}

/// The head line of a pane: a title, a rule, and something at the right.
pub(crate) fn head(
    buffer: &mut Buffer,
    area: Rect,
    title: &str,
    right: &str,
    focused: bool,
    theme: &Theme,
) {
    if area.height == 0 {
        return;
    }
    let style = if focused { theme.title_focused } else { theme.title };
    let sign = if focused { "━" } else { "─" };
    let columns = usize::from(area.width);
    put(buffer, area, 0, 0, &sign.repeat(columns), style);
    let right = clip(right, columns / 2);
    let room = columns.saturating_sub(width(right) + 8);
    put(buffer, area, 2, 0, &format!(" {} ", clip(title, room)), style);
    if !right.is_empty() {
        let at = columns.saturating_sub(width(right) + 4) as u16;
        put(buffer, area, at, 0, &format!(" {right} "), style);
    }
}

/// Which row of a window stands where: `from..to` of what is shown in it.
pub(crate) fn window(top: u64, len: usize, rows: u16) -> std::ops::Range<usize> {
    let from = usize::try_from(top).unwrap_or(len).min(len);
    from..(from + usize::from(rows)).min(len)
}
