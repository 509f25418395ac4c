//! The bar of views, and what is open.

use ratatui::buffer::Buffer;

use super::paint::{put, row_style};
use crate::keymap::View;
use crate::layout::Regions;
use crate::state::State;
use crate::text::{end_cut, width};
use crate::theme::Theme;

/// What a view is called in the bar.
fn label(number: usize, view: View) -> String {
    format!(" {} {} ", number + 1, view.title())
}

/// The view whose name is at a column of the bar.
pub fn view_at(column: u16) -> Option<View> {
    let mut end = 0;
    View::ALL.into_iter().enumerate().find_map(|(i, view)| {
        end += width(&label(i, view)) as u16;
        (column < end).then_some(view)
    })
}

pub(super) fn draw(state: &State, regions: &Regions, theme: &Theme, buffer: &mut Buffer) {
    let area = regions.bar;
    row_style(buffer, area, 0, theme.bar);
    let mut column = 0;
    for (i, view) in View::ALL.into_iter().enumerate() {
        let style = if view == state.view { theme.bar_here } else { theme.bar };
        column = put(buffer, area, column, 0, &label(i, view), style);
    }
    let room = usize::from(area.width.saturating_sub(column + 2));
    let name = end_cut(&state.name, room);
    let at = area.width.saturating_sub(width(&name) as u16 + 1);
    put(buffer, area, at, 0, &name, theme.dim);
}
