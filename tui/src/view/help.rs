//! Help, from the table of keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::paint::{head, put};
use crate::keymap::{BINDINGS, Pane};
use crate::state::State;
use crate::text::width;
use crate::theme::Theme;

/// Columns for the keys of a line.
const KEYS: usize = 16;

/// The keys of a pane and what they do.
pub fn lines(pane: Pane) -> Vec<(String, &'static str)> {
    let here = BINDINGS.iter().filter(|b| b.panes.contains(&pane));
    let mut here: Vec<_> = here.collect();
    // What is particular to the pane comes first.
    here.sort_by_key(|b| b.panes.len());
    here.into_iter()
        .map(|b| {
            let keys: Vec<String> = b.keys.iter().map(|k| k.name()).collect();
            (keys.join(" "), b.help)
        })
        .collect()
}

pub(super) fn draw(state: &State, top: u16, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let area = Rect { y: 1, height: area.height.saturating_sub(2), ..area };
    Clear.render(area, buffer);
    let lines = lines(state.pane());
    let rows = usize::from(area.height.saturating_sub(1));
    let more = lines.len().saturating_sub(usize::from(top) + rows);
    let right = if more > 0 { format!("{more} more below") } else { "any key closes".to_owned() };
    let title = format!("Keys: {}", state.view.title().to_lowercase());
    head(buffer, area, &title, &right, true, theme);
    for (y, (keys, help)) in lines.iter().skip(top.into()).take(rows).enumerate() {
        let y = 1 + y as u16;
        let at = KEYS.saturating_sub(width(keys)) as u16;
        put(buffer, area, at, y, keys, theme.key);
        put(buffer, area, KEYS as u16 + 2, y, help, theme.text);
    }
}
