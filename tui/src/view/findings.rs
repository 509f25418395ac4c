//! What rules found, and the requirement under the cursor.

use mip6_dissect::rules::{Level, Req};
use mip6_dissect::tree::escape_line;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::list::sign;
use super::paint::{head, put, row_style, window};
use crate::layout::{Regions, inner};
use crate::state::State;
use crate::state::findings::{Line, Under};
use crate::text::{end_cut, grouped, wrap};
use crate::theme::Theme;

pub(super) fn draw(state: &State, regions: &Regions, theme: &Theme, buffer: &mut Buffer) {
    let area = regions.upper;
    let f = &state.findings;
    let count = |level| f.levels.get(&level).copied().unwrap_or(0);
    let title = format!("Findings {}", f.order.words());
    let right = format!(
        "{} must, {} should, {} may",
        grouped(count(Level::Must)),
        grouped(count(Level::Should)),
        grouped(count(Level::May))
    );
    head(buffer, area, &title, &right, true, theme);
    if f.lines.is_empty() {
        let done = state.judged_share().is_none();
        let text = if done { "nothing was found to be wrong" } else { "judging…" };
        put(buffer, area, 1, 1, text, theme.dim);
    }
    for (y, at) in window(f.list.top, f.lines.len(), inner(area)).enumerate() {
        let Some(line) = f.lines.get(at) else { continue };
        let y = 1 + y as u16;
        let here = at as u64 == f.list.cursor;
        let (level, text) = describe(state, line);
        let style = if here { theme.cursor } else { sign(level, theme).1 };
        if here {
            row_style(buffer, area, y, style);
        }
        put(buffer, area, 0, y, sign(level, theme).0, style);
        put(buffer, area, 1, y, &end_cut(&text, usize::from(area.width) - 1), style);
    }
    below(state, regions.lower, theme, buffer);
}

fn describe(state: &State, line: &Line) -> (Option<Level>, String) {
    let f = &state.findings;
    let fold = if f.is_open(line) { "▾" } else { "▸" };
    match line {
        Line::Under(under, count) => {
            let level = match under {
                Under::Level(level) => Some(level.0),
                _ => None,
            };
            (level, format!("{fold} {} ({})", under.words(), grouped(*count)))
        }
        Line::Rule(_, req, level, count) => {
            let r = req.get();
            let text = format!("  {fold} {:<18} {:>7}  {}", r.id, grouped(*count), r.text);
            (Some(*level), text)
        }
        Line::One(i) => match f.all.get(*i) {
            Some(noted) => {
                let node = noted.node.map_or(String::new(), |n| format!(" {n}:"));
                let message = escape_line(&noted.finding.message());
                let text = format!("      packet {:>7}{node} {message}", noted.frame + 1);
                (Some(noted.finding.level), text)
            }
            None => (None, String::new()),
        },
    }
}

/// The requirement in full, its source, what checks it, and what was found.
fn below(state: &State, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let f = &state.findings;
    let Some(req) = f.requirement() else {
        head(buffer, area, "Requirement", "", false, theme);
        let more = match f.more {
            0 => String::new(),
            n => format!("; {} more were counted, and not kept", grouped(n)),
        };
        put(buffer, area, 1, 1, &format!("Choose a requirement or a finding{more}."), theme.dim);
        return;
    };
    let r = req.get();
    let right = format!("{} on {}", r.level.words(), r.role);
    head(buffer, area, &format!("{}, {}", r.id, r.source), &right, false, theme);
    let mut y = 1;
    let columns = usize::from(area.width.saturating_sub(2));
    let mut say = |text: &str, style| {
        for line in wrap(text, columns) {
            put(buffer, area, 1, y, &line, style);
            y += 1;
        }
    };
    if let Some(noted) = f.one() {
        let at = format!("Packet {}: ", noted.frame + 1);
        let text = format!("{at}{}", escape_line(&noted.finding.message()));
        say(&text, sign(Some(noted.finding.level), theme).1);
        say("", theme.text);
    }
    for line in requirement(req) {
        say(&line, theme.text);
    }
}

fn requirement(req: Req) -> Vec<String> {
    let r = req.get();
    let mut lines = vec![r.text.to_owned(), String::new(), format!("Shows: {}", r.observe)];
    lines.extend(r.checks.iter().map(|c| format!("Checked by: {c}")));
    lines
}
