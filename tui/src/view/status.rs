//! The lines at the end: what there is to say, and keys.

use ratatui::buffer::Buffer;

use super::paint::put;
use crate::capture::Gone;
use crate::keymap::hints;
use crate::layout::Regions;
use crate::state::State;
use crate::text::{clip, counted, grouped, width};
use crate::theme::Theme;

pub(super) fn draw(state: &State, regions: &Regions, theme: &Theme, buffer: &mut Buffer) {
    let area = regions.status;
    let (text, bad) = said(state);
    let room = usize::from(area.width).saturating_sub(width(&text) + 4);
    let counts = fitting(counts(state), if text.is_empty() { usize::MAX } else { room });
    let at = area.width.saturating_sub(width(&counts) as u16 + 1);
    put(buffer, area, at, 0, &counts, theme.dim);
    let style = if bad { theme.error } else { theme.text };
    let room = usize::from(at.saturating_sub(2));
    put(buffer, area, 1, 0, clip(&text, room), style);
    let area = regions.hints;
    let mut column = 1;
    let report = state.of_report.then(|| ("Backspace".to_owned(), "report"));
    for (key, hint) in report.into_iter().chain(hints(state.pane())) {
        if usize::from(column) + width(&key) + width(hint) + 1 > usize::from(area.width) {
            break;
        }
        column = put(buffer, area, column, 0, &key, theme.key);
        column = put(buffer, area, column + 1, 0, hint, theme.dim) + 2;
    }
}

/// What there is to say: a notice, else how the capture stands.
fn said(state: &State) -> (String, bool) {
    if let Some(notice) = &state.notice {
        return (notice.text.clone(), notice.bad);
    }
    let capture = &state.capture;
    if let Some(error) = &capture.error {
        return (error.clone(), true);
    }
    match capture.gone {
        Some(Gone::Octets) => {
            return ("the file has become shorter: some packets cannot be read".into(), true);
        }
        Some(Gone::Name) => {
            return ("the file has been removed or replaced; what was opened stays".into(), true);
        }
        None => {}
    }
    if state.live.is_some_and(|l| l.down) {
        return (format!("{} is down; capturing goes on when it is up", state.name), true);
    }
    if capture.waiting > 0 {
        let octets = grouped(capture.waiting);
        return (format!("the file ends inside a record, after {octets} octets of it"), true);
    }
    if state.saving {
        return ("writing packets".to_owned(), false);
    }
    if state.searching {
        return (format!("looking for {}", state.sought), false);
    }
    (String::new(), false)
}

/// Counts in a line: the last, and as many before it as there is room for. What is
/// said just now matters more.
fn fitting(parts: Vec<String>, room: usize) -> String {
    let mut line = String::new();
    for part in parts.into_iter().rev() {
        let longer = if line.is_empty() { part } else { format!("{part} · {line}") };
        if width(&longer) > room && !line.is_empty() {
            break;
        }
        line = longer;
    }
    line
}

/// How much there is, the most important last.
fn counts(state: &State) -> Vec<String> {
    let mut parts = Vec::new();
    let frames = state.frames.len();
    if let Some(share) = state.filter_share() {
        parts.push(format!("filtered {share} %"));
    }
    if let Some(share) = state.judged_share() {
        parts.push(format!("judged {share} %"));
    }
    if let Some(live) = state.live {
        if !state.capture.ended {
            parts.push(format!("{} a second", grouped(live.rate)));
        }
        if live.dropped > 0 {
            parts.push(format!("{} lost", grouped(live.dropped)));
        }
    }
    if state.filter.missed > 0 {
        parts.push(format!("{} not filtered", grouped(state.filter.missed)));
    }
    if let Some(judged) = state.judged.as_ref().filter(|j| j.missed > 0) {
        parts.push(format!("{} not judged", grouped(judged.missed)));
    }
    if state.packets.tail {
        parts.push("at the end".to_owned());
    }
    if !state.packets.marks.is_empty() {
        parts.push(format!("{} marked", state.packets.marks.len()));
    }
    let reading = if state.capture.caught_up { "" } else { "…" };
    let let_go = match state.frames.first() {
        0 => String::new(),
        n => format!(", {} let go", grouped(n)),
    };
    parts.push(format!("{}{let_go}{reading}", counted(frames, "packet")));
    parts
}
