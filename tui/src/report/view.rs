//! Draws a report.

use mip6_conformance::report::Totals;
use mip6_conformance::run::verdict::Verdict;
use mip6_dissect::tree::escape_line;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget};

use super::board::{Board, Focus};
use super::case::Tone;
use super::keys::BINDINGS;
use super::outline::{Line, Only};
use super::seek::{Prompt, Question};
use crate::layout::{MIN_HEIGHT, MIN_WIDTH, Regions, inner};
use crate::text::{clip, counted, end_cut, grouped, skip, width};
use crate::theme::{Theme, ThemeName};
use crate::view::paint::{head, put, row_style, window};

/// After so long without a result, it is said that there was none.
const QUIET: u64 = 30_000;
/// Columns for the keys of a line of help.
const KEYS: usize = 16;

/// Draws the screen.
pub fn draw(board: &Board, frame: &mut Frame<'_>) {
    let name = if board.plain { ThemeName::Plain } else { board.settings.theme };
    let theme = &Theme::new(name);
    let area = frame.area();
    if (area.width, area.height) != board.size {
        // The terminal has another size by now: news of that are on their way.
        return;
    }
    let buffer = frame.buffer_mut();
    if Regions::too_small(board.size) {
        let text = format!("{MIN_WIDTH}x{MIN_HEIGHT} at least; q quits");
        put(buffer, area, 0, 0, &text, theme.error);
        return;
    }
    let panes = board.panes();
    bar(board, panes.bar, theme, buffer);
    let asked = board.prompt.as_ref();
    let cursor = asked.map(|prompt| asked_for(board, prompt, panes.filter, theme, buffer));
    if cursor.is_none() {
        progress(board, panes.filter, theme, buffer);
    }
    tree(board, panes.upper, theme, buffer);
    case(board, panes.lower, theme, buffer);
    status(board, panes.status, theme, buffer);
    hints(panes.hints, theme, buffer);
    if let Some(top) = board.help {
        return help(top, area, theme, buffer);
    }
    if let Some(at) = cursor {
        frame.set_cursor_position(at);
    }
}

/// What is being typed; gives where the cursor is.
fn asked_for(
    board: &Board,
    prompt: &Prompt,
    area: Rect,
    theme: &Theme,
    buffer: &mut Buffer,
) -> Position {
    let start = put(buffer, area, 1, 0, prompt.question.words(), theme.key);
    let room = usize::from(area.width.saturating_sub(start + 1));
    let before = width(prompt.line.before());
    // The cursor is always seen.
    let hidden = (before + 1).saturating_sub(room);
    put(buffer, area, start, 0, clip(skip(prompt.line.text(), hidden), room), theme.text);
    let again = prompt.question == Question::Text && prompt.line.text().is_empty();
    if again && !board.sought.is_empty() {
        put(buffer, area, start + 2, 0, &format!("Enter: {} again", board.sought), theme.dim);
    }
    let x = (usize::from(start) + before - hidden) as u16;
    Position::new((area.x + x).min(area.right().saturating_sub(1)), area.y)
}

fn bar(board: &Board, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    row_style(buffer, area, 0, theme.bar);
    let column = put(buffer, area, 0, 0, " Conformance ", theme.bar_here);
    let node = board.plan.as_ref().map_or("", |p| p.node.as_str());
    let room = usize::from(area.width.saturating_sub(column + 2));
    let name = end_cut(&format!("{node} · {}", board.name), room);
    let name = name.trim_start_matches(" · ");
    let at = area.width.saturating_sub(width(name) as u16 + 1);
    put(buffer, area, at, 0, name, theme.dim);
}

/// How far the run is, and how it went so far.
fn progress(board: &Board, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let o = &board.outline;
    let (done, all) = (o.totals.cases, o.totals.cases + o.pending);
    let mut text = if o.pending > 0 && all > 0 {
        let room = u64::from(area.width / 8);
        let full = done * room / all;
        let bar = "█".repeat(full as usize) + &"░".repeat((room - full) as usize);
        format!("{bar} {} of {}", grouped(done), counted(all, "case"))
    } else {
        counted(all, "case")
    };
    text.push_str(&elapsed(board, done, o.pending));
    let column = put(buffer, area, 1, 0, &text, theme.text) + 2;
    let mut right = area.width;
    for verdict in Verdict::ALL.into_iter().rev() {
        let n = o.totals.of(verdict);
        let text = format!("{} {}", grouped(n), verdict.name());
        let style = if n > 0 { style(Some(verdict), theme) } else { theme.dim };
        // Where there is no room for all, what is there matters more.
        let short = area.width < 120 && n == 0;
        let at = right.saturating_sub(width(&text) as u16 + 2);
        if !short && at >= column {
            put(buffer, area, at, 0, &text, style);
            right = at;
        }
    }
}

/// How long the run has taken, and how long it still will.
fn elapsed(board: &Board, done: u64, pending: u64) -> String {
    if let Some(ms) = board.ended {
        return format!(" in {}", time(ms));
    }
    let Some(plan) = &board.plan else { return String::new() };
    let ms = board.now_ms.saturating_sub(plan.began_ms);
    let left = ms.checked_div(done).and_then(|each| each.checked_mul(pending));
    match left {
        Some(left) if pending > 0 => format!(", {}, {} left", time(ms), time(left)),
        _ => format!(", {}", time(ms)),
    }
}

/// A duration as people say it.
fn time(ms: u64) -> String {
    let seconds = ms / 1_000;
    match seconds {
        0..10 => format!("{seconds}.{} s", ms % 1_000 / 100),
        10..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3_600, seconds / 60 % 60),
    }
}

fn tree(board: &Board, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let o = &board.outline;
    let focused = board.focus == Focus::Tree;
    let only = (o.only != Only::All).then(|| o.only.words().to_owned());
    let with = (!o.words.is_empty()).then(|| format!("with {}", escape_line(&o.words)));
    let only: Vec<String> = only.into_iter().chain(with).collect();
    let right = if only.is_empty() { String::new() } else { format!("only: {}", only.join(", ")) };
    head(buffer, area, "Cases", &right, focused, theme);
    if o.lines.is_empty() {
        let text = match (o.entries.is_empty(), board.caught_up) {
            (false, _) => "no case is so; u shows all",
            (true, false) => "reading…",
            (true, true) => "no case has finished yet",
        };
        put(buffer, area, 1, 1, text, theme.dim);
    }
    for (y, at) in window(board.list.top, o.lines.len(), inner(area)).enumerate() {
        let Some(line) = o.lines.get(at) else { continue };
        let y = 1 + y as u16;
        let here = at as u64 == board.list.cursor;
        let (sign, rest, verdict) = words(board, line);
        let style = match here {
            true if focused => theme.cursor,
            true => theme.cursor_away,
            false => theme.text,
        };
        if here {
            row_style(buffer, area, y, style);
        }
        let sign_style = if here { style } else { self::style(verdict, theme) };
        let x = put(buffer, area, 1 + 2 * line.depth as u16, y, &sign, sign_style);
        let room = usize::from(area.width.saturating_sub(x + 1));
        put(buffer, area, x + 1, y, &end_cut(&rest, room), style);
    }
}

/// The sign of a line, its text, and how it went.
fn words(board: &Board, line: &Line) -> (String, String, Option<Verdict>) {
    let t = &line.totals;
    let verdict = (t.cases > 0).then(|| t.verdict());
    let Some(entry) = line.entry.and_then(|i| board.outline.entries.get(i)) else {
        let fold = if line.open { "▾" } else { "▸" };
        return (fold.to_owned(), format!("{}  {}", line.name, sums(t, line.pending)), verdict);
    };
    let sign = match entry.verdict {
        Some(Verdict::Pass) => "pass",
        Some(Verdict::Fail) => "FAIL",
        Some(Verdict::Inconclusive) => "inc.",
        Some(Verdict::Skip) => "skip",
        Some(Verdict::Error) => "ERR.",
        None => "  · ",
    };
    let again = if entry.again { " (again)" } else { "" };
    (sign.to_owned(), format!("{}{again}  {}", line.name, entry.title), verdict)
}

/// How cases under a line went, in a few words.
fn sums(totals: &Totals, pending: u64) -> String {
    let mut parts = Vec::new();
    for verdict in Verdict::ALL {
        let n = totals.of(verdict);
        if n > 0 {
            parts.push(format!("{} {}", grouped(n), verdict.name()));
        }
    }
    if pending > 0 {
        parts.push(format!("{} to come", grouped(pending)));
    }
    parts.join(", ")
}

fn style(verdict: Option<Verdict>, theme: &Theme) -> Style {
    match verdict {
        Some(Verdict::Pass) => theme.good,
        Some(Verdict::Fail) => theme.must,
        Some(Verdict::Inconclusive) => theme.should,
        Some(Verdict::Skip) | None => theme.dim,
        Some(Verdict::Error) => theme.error,
    }
}

fn case(board: &Board, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let focused = board.focus == Focus::Case;
    let entry = board.line().and_then(|l| board.outline.entries.get(l.entry?));
    let title = entry.map_or("Case".to_owned(), super::outline::Entry::name);
    let lines = board.shown.as_ref().map_or(&[][..], |s| &s.lines.1);
    let from = board.text.top + 1;
    let to = (board.text.top + u64::from(inner(area))).min(lines.len() as u64);
    let right =
        if lines.is_empty() { String::new() } else { format!("{from} to {to} of {}", lines.len()) };
    head(buffer, area, &title, &right, focused, theme);
    let Some(entry) = entry else {
        if let Some(line) = board.line() {
            let text = format!("{}: {}", line.name, sums(&line.totals, line.pending));
            put(buffer, area, 1, 1, &end_cut(&text, usize::from(area.width) - 2), theme.text);
        }
        put(buffer, area, 1, 2, "Choose a case to see what became of it.", theme.dim);
        return;
    };
    if entry.verdict.is_none() {
        put(buffer, area, 1, 1, "It has not been run yet.", theme.dim);
        return;
    }
    for (y, at) in window(board.text.top, lines.len(), inner(area)).enumerate() {
        let Some((tone, text)) = lines.get(at) else { continue };
        let look = match tone {
            Tone::Plain => theme.text,
            Tone::Dim => theme.dim,
            Tone::Head => theme.key,
            Tone::Bad => theme.must,
            Tone::Verdict(verdict) => style(Some(*verdict), theme),
        };
        put(buffer, area, 1, 1 + y as u16, text, look);
    }
}

fn status(board: &Board, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let mut parts = Vec::new();
    if let Some(name) = &board.again {
        parts.push(format!("running {name} again"));
    }
    if board.damaged > 0 {
        parts.push(format!("{} not understood", counted(board.damaged, "line")));
    }
    if board.outline.more > 0 {
        parts.push(format!("no room for {}", counted(board.outline.more, "more case")));
    }
    let quiet = board.now_ms.saturating_sub(board.heard_ms);
    if board.ended.is_none() && board.caught_up && board.heard_ms > 0 && quiet > QUIET {
        parts.push(format!("no news for {}", time(quiet)));
    }
    let counts = end_cut(&parts.join(" · "), usize::from(area.width / 2));
    let at = area.width.saturating_sub(width(&counts) as u16 + 1);
    put(buffer, area, at, 0, &counts, theme.dim);
    let (text, bad) = match (&board.notice, board.trouble.as_ref().or(board.no_plan.as_ref())) {
        (Some(notice), _) => (notice.text.as_str(), notice.bad),
        (None, Some(trouble)) => (trouble.as_str(), true),
        (None, None) => ("", false),
    };
    let style = if bad { theme.error } else { theme.text };
    put(buffer, area, 1, 0, clip(text, usize::from(at.saturating_sub(2))), style);
}

fn hints(area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let mut column = 1;
    let hints = BINDINGS.iter().filter_map(|b| Some((b.keys.first()?.name(), b.hint?)));
    for (key, hint) in hints {
        if usize::from(column) + width(&key) + width(hint) + 1 > usize::from(area.width) {
            break;
        }
        column = put(buffer, area, column, 0, &key, theme.key);
        column = put(buffer, area, column + 1, 0, hint, theme.dim) + 2;
    }
}

fn help(top: u16, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let area = Rect { y: 1, height: area.height.saturating_sub(2), ..area };
    Clear.render(area, buffer);
    let rows = usize::from(area.height.saturating_sub(1));
    let more = BINDINGS.len().saturating_sub(usize::from(top) + rows);
    let right = if more > 0 { format!("{more} more below") } else { "any key closes".to_owned() };
    head(buffer, area, "Keys: conformance", &right, true, theme);
    for (y, b) in BINDINGS.iter().skip(top.into()).take(rows).enumerate() {
        let y = 1 + y as u16;
        let keys: Vec<String> = b.keys.iter().map(|k| k.name()).collect();
        let keys = keys.join(" ");
        let at = KEYS.saturating_sub(width(&keys)) as u16;
        put(buffer, area, at, y, &keys, theme.key);
        put(buffer, area, KEYS as u16 + 2, y, b.help, theme.text);
    }
}
