//! Draws the state. Reads it, and nothing else.

mod bar;
mod conversations;
mod findings;
mod help;
mod keys;
mod lanes;
mod list;
mod octets;
pub(crate) mod paint;
mod prompt;
mod status;
mod tree;

use ratatui::Frame;

use crate::keymap::View;
use crate::layout::Regions;
use crate::state::State;
use crate::theme::{Theme, ThemeName};

pub use bar::view_at;
pub use help::lines as help_lines;
pub use octets::octet_at;

/// Draws the screen.
pub fn draw(state: &State, frame: &mut Frame<'_>) {
    let name = if state.plain { ThemeName::Plain } else { state.settings.theme };
    let theme = &Theme::new(name);
    let area = frame.area();
    if (area.width, area.height) != state.size {
        // The terminal has another size by now: news of that are on their way.
        return;
    }
    let buffer = frame.buffer_mut();
    if Regions::too_small(state.size) {
        let (width, height) = (crate::layout::MIN_WIDTH, crate::layout::MIN_HEIGHT);
        let text = format!("{width}x{height} at least; q quits");
        paint::put(buffer, area, 0, 0, &text, theme.error);
        return;
    }
    let regions = state.regions();
    bar::draw(state, &regions, theme, buffer);
    match state.view {
        View::Packets => {
            list::draw(state, regions.upper, theme, buffer);
            tree::draw(state, regions.lower, theme, buffer);
            octets::draw(state, regions.octets, theme, buffer);
        }
        View::Findings => findings::draw(state, &regions, theme, buffer),
        View::Conversations => conversations::draw(state, &regions, theme, buffer),
        View::Keys => keys::draw(state, &regions, theme, buffer),
    }
    status::draw(state, &regions, theme, buffer);
    if let Some(top) = state.help {
        return help::draw(state, top, area, theme, buffer);
    }
    let cursor = prompt::draw(state, &regions, theme, buffer);
    if let Some(at) = cursor {
        frame.set_cursor_position(at);
    }
}
