//! The display filter, or what is asked for, with the word at fault underlined
//! and names that complete it.

use mip6_dissect::fields::Registry;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::widgets::{Clear, Widget};

use super::paint::put;
use crate::layout::Regions;
use crate::state::State;
use crate::state::prompt::{Prompt, Question};
use crate::text::{clip, end_cut, skip, width};
use crate::theme::Theme;

/// Names that are shown at once.
const NAMES: usize = 8;

/// Draws it; gives where the cursor is.
pub(super) fn draw(
    state: &State,
    regions: &Regions,
    theme: &Theme,
    buffer: &mut Buffer,
) -> Option<Position> {
    let area = regions.filter;
    let Some(prompt) = &state.prompt else {
        if state.filter.text.is_empty() {
            put(buffer, area, 1, 0, "/ display filter", theme.dim);
        } else {
            let at = put(buffer, area, 1, 0, "Filter: ", theme.key);
            put(buffer, area, at, 0, &state.filter.text, theme.text);
        }
        return None;
    };
    let start = put(buffer, area, 1, 0, prompt.question.words(), theme.key);
    let room = usize::from(area.width.saturating_sub(start + 1));
    let before = width(prompt.line.before());
    // The cursor is always seen.
    let hidden = (before + 1).saturating_sub(room);
    let text = prompt.line.text();
    put(buffer, area, start, 0, clip(skip(text, hidden), room), theme.text);
    if text.is_empty() {
        put(buffer, area, start + 2, 0, &again(state, prompt.question), theme.dim);
    }
    if let Some((at, message)) = &prompt.error {
        fault(prompt, at, (start, hidden), theme, area, buffer);
        // What is being typed may become right.
        if prompt.names.is_empty() {
            let row = Rect { y: area.y + 1, ..area };
            Clear.render(row, buffer);
            put(buffer, row, 1, 0, &end_cut(message, usize::from(row.width) - 2), theme.error);
        }
    }
    names(prompt, start, area, theme, buffer);
    let x = (usize::from(start) + before - hidden) as u16;
    Some(Position::new((area.x + x).min(area.right().saturating_sub(1)), area.y))
}

/// What Enter alone does.
fn again(state: &State, question: Question) -> String {
    match question {
        Question::Find if !state.sought.is_empty() => format!("Enter: {} again", state.sought),
        Question::FindText if !state.sought_text.is_empty() => {
            format!("Enter: {} again", state.sought_text)
        }
        _ => String::new(),
    }
}

/// Underlines what is wrong.
fn fault(
    prompt: &Prompt,
    at: &std::ops::Range<usize>,
    (start, hidden): (u16, usize),
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let text = prompt.line.text();
    let from = width(text.get(..at.start).unwrap_or_default());
    let len = width(text.get(at.clone()).unwrap_or_default()).max(1);
    let style = theme.error.add_modifier(Modifier::UNDERLINED);
    for column in from..from + len {
        let Some(x) = column.checked_sub(hidden) else { continue };
        let x = area.x.saturating_add(start).saturating_add(x as u16);
        if x < area.right() {
            buffer.set_style(Rect::new(x, area.y, 1, 1), style);
        }
    }
}

/// Names that can stand for the one being typed, with their labels.
fn names(prompt: &Prompt, start: u16, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    if prompt.names.is_empty() {
        return;
    }
    let chosen = prompt.chosen.unwrap_or(0);
    let first = (chosen + 1).saturating_sub(NAMES);
    let shown: Vec<&&str> = prompt.names.iter().skip(first).take(NAMES).collect();
    let widest = shown.iter().map(|n| width(n)).max().unwrap_or(0);
    let room = usize::from(area.width.saturating_sub(start + 1)).min(widest + 40);
    let y = area.y + 1;
    let height = (shown.len() as u16).min(buffer.area.height.saturating_sub(y));
    let popup = Rect::new(area.x + start, y, room as u16, height);
    Clear.render(popup, buffer);
    for (i, name) in shown.into_iter().enumerate() {
        let here = prompt.chosen == Some(first + i);
        let style = if here { theme.cursor } else { theme.cursor_away };
        let fields = Registry::get().lookup(name).ok();
        let label = fields.and_then(|f| f.first()).map_or("protocol", |f| f.label);
        let pad = " ".repeat(widest - width(name));
        let line = format!(" {name}{pad}  {label}");
        let line = format!("{line:room$}");
        put(buffer, popup, 0, i as u16, clip(&line, room), style);
    }
    let more = prompt.names.len().saturating_sub(first + NAMES);
    if more > 0 && height > 0 {
        let text = format!(" {more} more ");
        let at = popup.width.saturating_sub(width(&text) as u16);
        put(buffer, popup, at, height - 1, &text, theme.cursor_away);
    }
}
