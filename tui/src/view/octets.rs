//! The octets of the packet under the cursor, those of the field chosen in the
//! tree lit up.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint::{head, put};
use crate::keymap::Pane;
use crate::layout::inner;
use crate::state::State;
use crate::theme::Theme;

/// Octets in a row.
const ROW: usize = 16;
/// Column of the first octet: an offset of five digits and two spaces.
const HEX: u16 = 8;
/// Column of the first octet as text: two digits and a space for each, and a
/// space after the eighth and the last.
const TEXT: u16 = HEX + 16 * 3 + 2;

/// Column of an octet in hexadecimal.
fn column(i: u16) -> u16 {
    HEX + i * 3 + u16::from(i >= 8)
}

/// Which octet of a row is at a column of the pane.
pub fn octet_at(x: u16) -> Option<u16> {
    (0..ROW as u16).find(|i| (column(*i)..column(*i) + 2).contains(&x) || TEXT + i == x)
}

pub(super) fn draw(state: &State, area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let focused = state.pane() == Pane::Octets;
    let packets = &state.packets;
    let detail = packets.detail.as_ref();
    let source = detail.and_then(|d| d.sources.get(usize::from(packets.source)));
    let (Some(detail), Some(source)) = (detail, source) else {
        head(buffer, area, "Octets", "", focused, theme);
        return;
    };
    let title = format!("{}: {} octets", source.title, source.octets.len());
    let others = match detail.sources.len() {
        1 => String::new(),
        n => format!("o: {} of {n}", packets.source + 1),
    };
    head(buffer, area, &title, &others, focused, theme);
    let line = packets.line().and_then(|l| detail.lines.get(l));
    let lit = line.filter(|l| l.source == packets.source).map_or(0..0, |l| l.octets.clone());
    let top = usize::try_from(packets.octets_top).unwrap_or(0);
    let rows = source.octets.chunks(ROW).enumerate().skip(top).take(inner(area).into());
    let mut cell = String::new();
    for (i, octets) in rows {
        let y = 1 + (i - top) as u16;
        put(buffer, area, 1, y, &format!("{:05x}", i * ROW), theme.dim);
        for (j, octet) in octets.iter().enumerate() {
            let at = i * ROW + j;
            let mut style = if lit.contains(&at) { theme.octets } else { theme.text };
            if focused && at == packets.octet {
                style = theme.cursor;
            }
            cell.clear();
            // Writing to a String cannot fail.
            let _ = write!(cell, "{octet:02x}");
            // What is lit is lit between its octets too.
            if lit.contains(&at) && lit.contains(&(at + 1)) && j + 1 < octets.len() {
                cell.push(' ');
                if j == 7 {
                    cell.push(' ');
                }
            }
            put(buffer, area, column(j as u16), y, &cell, style);
            let shown = if (b' '..=b'~').contains(octet) { char::from(*octet) } else { '·' };
            put(buffer, area, TEXT + j as u16, y, shown.encode_utf8(&mut [0; 4]), style);
        }
    }
}
