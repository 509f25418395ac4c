//! The list of packets.

use mip6_dissect::rules::Level;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::paint::{head, put, row_style};
use crate::keymap::Pane;
use crate::layout::inner;
use crate::state::State;
use crate::state::packets::Row;
use crate::state::settings::{Column, TimeFormat};
use crate::text::{end_cut, grouped, middle_cut, skip, width};
use crate::theme::Theme;

/// The signs in front of a row: the worst finding, and a mark.
const SIGNS: u16 = 2;
/// No column but the last is wider.
const WIDEST: usize = 40;
/// Terminals of fewer columns are narrow.
const NARROW: u16 = 100;

pub(super) fn draw(state: &State, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let focused = state.pane() == Pane::List;
    let packets = &state.packets;
    let len = packets.len(&state.frames);
    let here = if len == 0 { 0 } else { packets.list.cursor + 1 };
    let right = format!("{} of {}", grouped(here), grouped(len));
    head(buffer, area, "", &right, focused, theme);
    let columns = columns(state, area);
    let cells: Vec<Vec<String>> = packets.rows.iter().map(|r| texts(state, r, &columns)).collect();
    let widths = widths(&columns, area, &cells);
    let style = if focused { theme.title_focused } else { theme.title };
    let titles: Vec<String> = columns.iter().map(|(_, c)| c.title().to_owned()).collect();
    let line = join(&columns, &titles, &widths);
    let room = usize::from(area.width).saturating_sub(width(&right) + 6);
    let line = format!(" {} ", end_cut(skip(line.trim_end(), packets.shift.into()), room));
    put(buffer, area, SIGNS - 1, 0, &line, style);
    if packets.rows.is_empty() && inner(area) > 0 {
        put(buffer, area, SIGNS, 1, nothing(state), theme.dim);
    }
    for (i, (row, cells)) in packets.rows.iter().zip(&cells).enumerate() {
        let y = 1 + i as u16;
        let at_cursor = packets.list.top + i as u64 == packets.list.cursor;
        let marked = packets.marks.contains(&(row.frame as u32));
        let style = match (at_cursor, marked) {
            (true, _) if focused => theme.cursor,
            (true, _) => theme.cursor_away,
            (_, true) => theme.mark,
            _ => colour(row, theme),
        };
        if at_cursor {
            row_style(buffer, area, y, style);
        }
        let (sign, sign_style) = sign(row.level, theme);
        put(buffer, area, 0, y, sign, if at_cursor { style } else { sign_style });
        put(buffer, area, 1, y, if marked { "*" } else { " " }, style);
        let line = if row.gone {
            let why = match &state.live {
                Some(_) => "it has been let go",
                None => "the file has changed",
            };
            format!("{} cannot be read any more: {why}", row.frame + 1)
        } else {
            join(&columns, cells, &widths)
        };
        put(buffer, area, SIGNS, y, skip(&line, packets.shift.into()), style);
    }
}

/// Why there is nothing to show.
fn nothing(state: &State) -> &'static str {
    let filtered = state.packets.matches.is_some();
    match (filtered, state.capture.caught_up) {
        (true, _) if state.filter_share().is_some() => "looking…",
        (true, _) => "no packet matches the filter",
        (false, false) => "reading…",
        (false, true) => "no packets",
    }
}

/// The sign of a level.
pub(super) fn sign(level: Option<Level>, theme: &Theme) -> (&'static str, Style) {
    match level {
        Some(Level::Must) => ("!", theme.must),
        Some(Level::Should) => ("?", theme.should),
        Some(Level::May) => ("·", theme.may),
        None => (" ", theme.text),
    }
}

fn colour(row: &Row, theme: &Theme) -> Style {
    match row.protocol {
        _ if row.level == Some(Level::Must) => theme.must,
        "MIPv6" => theme.mobility,
        "ESP" | "AH" => theme.protected,
        _ if row.protected => theme.protected,
        "ICMPv6" => theme.neighbors,
        _ => theme.text,
    }
}

/// The columns there is room for, each with its place among all: on narrow
/// terminals, what a packet is about matters more than its length.
fn columns(state: &State, area: Rect) -> Vec<(usize, Column)> {
    let all = state.columns.iter().copied().enumerate();
    let narrow = area.width < NARROW && state.columns.contains(&Column::Info);
    all.filter(|(_, c)| !narrow || *c != Column::Length).collect()
}

/// What the columns of a row say.
fn texts(state: &State, row: &Row, columns: &[(usize, Column)]) -> Vec<String> {
    let text = |(i, column): &(usize, Column)| match column {
        Column::Number => (row.frame + 1).to_string(),
        Column::Time => time(state, row),
        _ => row.cells.get(*i).cloned().unwrap_or_default(),
    };
    columns.iter().map(text).collect()
}

fn time(state: &State, row: &Row) -> String {
    let since = |earlier| {
        let (negative, secs, nanos) = row.time.since(earlier);
        format!("{}{secs}.{:06}", if negative { "-" } else { "" }, nanos / 1_000)
    };
    let first = state.frames.began().unwrap_or(row.time);
    match state.settings.time {
        TimeFormat::Relative => since(first),
        TimeFormat::Delta => since(row.before),
        // 2023-11-14T22:13:20.000000000Z
        TimeFormat::Day => {
            let date = row.time.to_string();
            let day = date.split_once('T').map_or(date.as_str(), |(_, d)| d);
            day.get(..15).unwrap_or(day).to_owned()
        }
        TimeFormat::Date => {
            let date = row.time.to_string().replace('T', " ");
            date.get(..26).unwrap_or(&date).to_owned()
        }
    }
}

/// How wide each column is: as its widest cell, addresses cut where there is not
/// room enough for what comes after them.
fn widths(columns: &[(usize, Column)], area: Rect, cells: &[Vec<String>]) -> Vec<usize> {
    let share = if area.width < NARROW { 14 } else { usize::from(area.width) / 5 };
    let last = columns.len().saturating_sub(1);
    let of = |(i, (_, column)): (usize, &(usize, Column))| {
        let widest = cells.iter().filter_map(|c| c.get(i)).map(|c| width(c)).max().unwrap_or(0);
        let widest = widest.max(width(column.title()));
        match column {
            Column::Info => widest.max(20),
            Column::Source | Column::Destination if i < last => widest.min(share),
            _ if i < last => widest.min(WIDEST),
            _ => widest,
        }
    };
    columns.iter().enumerate().map(of).collect()
}

fn join(columns: &[(usize, Column)], cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (((_, column), cell), room) in columns.iter().zip(cells).zip(widths) {
        let cell = match column {
            Column::Source | Column::Destination => middle_cut(cell, *room),
            Column::Info => cell.clone(),
            _ => end_cut(cell, *room),
        };
        let pad = " ".repeat(room.saturating_sub(width(&cell)));
        let right = matches!(column, Column::Number | Column::Time | Column::Length);
        if right {
            line.push_str(&pad);
            line.push_str(&cell);
        } else {
            line.push_str(&cell);
            line.push_str(&pad);
        }
        line.push(' ');
    }
    line
}
