//! What keys opened, and why they did not open the rest.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint::{head, put, row_style, window};
use crate::layout::{Regions, inner};
use crate::state::State;
use crate::state::keys::Flow;
use crate::text::{counted, end_cut, grouped, middle_cut, width, wrap};
use crate::theme::Theme;

pub(super) fn draw(state: &State, regions: &Regions, theme: &Theme, buffer: &mut Buffer) {
    let area = regions.upper;
    let k = &state.keys;
    let title = "Security associations: SPI, packets opened, source, destination, name";
    head(buffer, area, title, &grouped(k.flows.len() as u64), true, theme);
    if k.flows.is_empty() {
        let done = state.judged_share().is_none();
        let text =
            if done { "no packet is under ESP or AH, and no key is known" } else { "looking…" };
        put(buffer, area, 1, 1, text, theme.dim);
    }
    for (y, at) in window(k.list.top, k.flows.len(), inner(area)).enumerate() {
        let Some(flow) = k.flows.get(at) else { continue };
        let y = 1 + y as u16;
        let here = at as u64 == k.list.cursor;
        let style = match &flow.uses {
            _ if here => theme.cursor,
            None => theme.dim,
            Some(uses) if uses.opened == uses.packets => theme.good,
            Some(_) => theme.should,
        };
        if here {
            row_style(buffer, area, y, style);
        }
        put(buffer, area, 1, y, &line(flow, area.width), style);
    }
    below(state, regions.lower, theme, buffer);
}

fn line(flow: &Flow, columns: u16) -> String {
    let share = usize::from(columns) / 4;
    let count = match &flow.uses {
        None => "unused".to_owned(),
        Some(uses) => format!("{} of {}", grouped(uses.opened), grouped(uses.packets)),
    };
    let end = |text: &str| {
        let text = middle_cut(text, share);
        let pad = " ".repeat(share.saturating_sub(width(&text)));
        format!("{text}{pad}")
    };
    let name = if flow.name.is_empty() { "no key" } else { &flow.name };
    format!(
        "{:<3} {:#010x} {count:>13}  {} {} {name}",
        flow.protocol,
        flow.spi,
        end(&flow.ends.0),
        end(&flow.ends.1)
    )
}

fn below(state: &State, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let k = &state.keys;
    let file = |what: &str, path: &Option<std::path::PathBuf>| match path {
        Some(path) => {
            let path = mip6_dissect::tree::escape_line(&path.to_string_lossy());
            format!("{what}: {path}")
        }
        None => format!("{what}: none"),
    };
    let files = format!("{}, {}", file("keys", &k.path), file("policy", &k.policy));
    head(buffer, area, "Association", &end_cut(&files, 60), false, theme);
    let mut y = 1;
    let columns = usize::from(area.width.saturating_sub(2));
    let mut say = |text: &str, style| {
        for line in wrap(text, columns) {
            put(buffer, area, 1, y, &line, style);
            y += 1;
        }
    };
    let Some(flow) = k.here() else {
        say("K loads a key file, P a policy; R reads both again.", theme.dim);
        return;
    };
    let name = if flow.name.is_empty() { String::new() } else { format!("{}: ", flow.name) };
    let head = format!(
        "{name}{} {:#010x} from {} to {}",
        flow.protocol, flow.spi, flow.ends.0, flow.ends.1
    );
    say(&head, theme.text);
    if !flow.algorithms.is_empty() {
        say(&format!("Algorithms and mode: {}", flow.algorithms), theme.text);
    }
    match &flow.uses {
        None => say("No packet of the capture is under it.", theme.dim),
        Some(uses) => {
            let counts = format!(
                "{}, the first is {}; {} opened or verified",
                counted(uses.packets, "packet"),
                uses.first + 1,
                grouped(uses.opened)
            );
            say(&counts, theme.text);
            for (why, count, frame) in &uses.reasons {
                let text = format!("{} not: {why} (first: packet {})", grouped(*count), frame + 1);
                say(&text, theme.should);
            }
        }
    }
    for warning in &k.warnings {
        say(&mip6_dissect::tree::escape_line(warning), theme.error);
    }
    say("", theme.text);
    say("Enter shows its packets; there, i tells what its nodes do, step by step.", theme.dim);
}
