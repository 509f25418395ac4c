//! Reading the packets that the screen is about to show.

use mip6_dissect::fields::{Registry, Wanted};
use mip6_dissect::packet::{Layer, Packet};
use mip6_dissect::rules::{Verdicts, judge};
use mip6_dissect::tree::{Columns, columns, escape_line};
use smallvec::SmallVec;

use super::Session;
use crate::layout::inner;
use crate::state::detail::Detail;
use crate::state::packets::Row;
use crate::state::settings::Column;
use crate::update::regain;

/// Of a value no more characters are kept for a column.
const CELL: usize = 200;

impl Session {
    /// Reads what the screen is about to show. To be called before it is drawn.
    pub fn look(&mut self) {
        self.state.findings.settle();
        regain(&mut self.state);
        self.rows();
        self.detail();
    }

    fn rows(&mut self) {
        let state = &mut self.state;
        let height = u64::from(inner(state.regions().upper));
        let len = state.packets.len(&state.frames);
        let top = state.packets.list.top;
        let count = height.min(len.saturating_sub(top));
        // What is shown at these places changes with the filter too.
        let key = (top, count, state.generation << 32 | state.filter.number);
        if state.packets.rows_of == Some(key) {
            return;
        }
        let mut rows = Vec::with_capacity(count as usize);
        for at in top..top + count {
            let Some(frame) = state.packets.frame_at(at, &state.frames) else { break };
            let Some(entry) = state.frames.get(frame) else { break };
            let before = frame.checked_sub(1).and_then(|f| state.frames.get(f)).unwrap_or(entry);
            let (time, before) = (entry.time(), before.time());
            let (columns, verdicts) = (&state.columns, &mut self.verdicts);
            let read = self
                .reader
                .look(&state.frames, frame, &self.context, |packet| row(packet, columns, verdicts));
            let row = read.unwrap_or_else(|| Row { gone: true, ..Row::default() });
            rows.push(Row { frame, time, before, ..row });
        }
        state.packets.rows = rows;
        state.packets.rows_of = Some(key);
    }

    fn detail(&mut self) {
        let state = &mut self.state;
        let Some(frame) = state.packets.here(&state.frames) else {
            state.packets.detail = None;
            return;
        };
        let generation = state.generation;
        let current = state
            .packets
            .detail
            .as_ref()
            .is_some_and(|d| (d.frame, d.generation) == (frame, generation));
        if !current {
            let verdicts = &mut self.verdicts;
            let read = self.reader.look(&state.frames, frame, &self.context, |packet| {
                verdicts.findings.clear();
                judge(packet, verdicts);
                Detail::new(packet, &verdicts.findings)
            });
            let detail = read.map(|mut detail| {
                detail.generation = generation;
                detail
            });
            state.packets.replace(detail);
        }
        let height = inner(state.regions().lower);
        if let Some((layer, offset)) = state.packets.wanted_field.take() {
            state.packets.select_place(layer, offset, height);
        }
        regain(state);
    }
}

fn row(packet: &Packet<'_>, columns_shown: &[Column], verdicts: &mut Verdicts) -> Row {
    verdicts.findings.clear();
    judge(packet, verdicts);
    let c = columns(packet);
    let cells = columns_shown.iter().map(|column| cell(packet, &c, *column)).collect();
    Row {
        cells,
        protocol: c.protocol,
        protected: packet.layers.iter().any(Layer::is_protection),
        level: verdicts.findings.iter().map(|f| f.level).max(),
        ..Row::default()
    }
}

fn cell(packet: &Packet<'_>, c: &Columns, column: Column) -> String {
    match column {
        // These are made when they are drawn.
        Column::Number | Column::Time => String::new(),
        Column::Source => c.source.clone(),
        Column::Destination => c.destination.clone(),
        Column::Protocol => c.protocol.to_owned(),
        Column::Length => c.len.to_string(),
        Column::Info => match packet.frame.comment {
            [] => c.info.clone(),
            comment => {
                let comment = escape_line(&String::from_utf8_lossy(comment));
                format!("{} # {comment}", c.info)
            }
        },
        Column::Field(name) => {
            let Ok(fields) = Registry::get().lookup(name) else { return String::new() };
            let mut wanted = Wanted::default();
            wanted.add(fields);
            let mut found = SmallVec::new();
            wanted.seek(packet, &mut found);
            let mut text = String::new();
            for f in &found {
                if text.len() > CELL {
                    text.push('…');
                    break;
                }
                if !text.is_empty() {
                    text.push(',');
                }
                let value = f.value.to_string();
                text.push_str(crate::text::clip(&value, CELL));
            }
            text
        }
    }
}
