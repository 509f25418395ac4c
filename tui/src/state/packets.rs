//! The list of packets, and the packet under the cursor.

use std::collections::BTreeSet;

use mip6_dissect::capture::Timestamp;
use mip6_dissect::rules::Level;

use super::detail::{Detail, TreeView};
use super::list::List;
use crate::capture::Frames;

/// Packets as somebody looks at them.
#[derive(Debug, Default)]
pub struct Packets {
    /// Indices of frames that match the filter; `None` without a filter.
    pub matches: Option<Vec<u32>>,
    /// Cursor and window, among packets that are shown.
    pub list: List,
    /// The packets of the window.
    pub rows: Vec<Row>,
    /// What `rows` were read for.
    pub rows_of: Option<(u64, u64, u64)>,
    /// Frames that somebody has marked.
    pub marks: BTreeSet<u32>,
    /// The packet under the cursor.
    pub detail: Option<Detail>,
    /// Its field tree.
    pub tree: TreeView,
    /// Which of its sources is shown as octets.
    pub source: u8,
    /// The octet under the cursor in that pane, and the first line shown.
    pub octet: usize,
    /// First line of octets that is shown.
    pub octets_top: u64,
    /// Whether steps under IPsec are shown instead of the tree.
    pub steps: bool,
    /// The window of the steps.
    pub steps_list: List,
    /// The cursor stays at the end.
    pub tail: bool,
    /// Columns that the list is moved to the left.
    pub shift: u16,
    /// A frame to which the cursor goes once it is known that it is shown.
    pub wanted: Option<u64>,
    /// A field of that frame to which the cursor of the tree goes: layer, offset.
    pub wanted_field: Option<(usize, usize)>,
}

/// A packet in the list.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Index of its frame.
    pub frame: u64,
    /// When it was captured.
    pub time: Timestamp,
    /// What the columns say, in their order; empty for time and number.
    pub cells: Vec<String>,
    /// Protocol, by which it is coloured.
    pub protocol: &'static str,
    /// It is under IPsec.
    pub protected: bool,
    /// The worst that rules found in it alone.
    pub level: Option<Level>,
    /// When the frame before it in the capture came.
    pub before: Timestamp,
    /// It could not be read again.
    pub gone: bool,
}

impl Packets {
    /// How many packets are shown.
    pub fn len(&self, frames: &Frames) -> u64 {
        self.matches.as_ref().map_or_else(|| frames.kept(), |m| m.len() as u64)
    }

    /// The frame of the packet at a place in the list.
    pub fn frame_at(&self, at: u64, frames: &Frames) -> Option<u64> {
        match &self.matches {
            Some(matches) => matches.get(usize::try_from(at).ok()?).map(|f| u64::from(*f)),
            None => frames.first().checked_add(at),
        }
    }

    /// Where in the list a frame is; else where the next one is.
    pub fn place_of(&self, frame: u64, frames: &Frames) -> Result<u64, u64> {
        match &self.matches {
            Some(matches) => {
                let found = matches.binary_search_by_key(&frame, |f| u64::from(*f));
                found.map(|at| at as u64).map_err(|at| at as u64)
            }
            None => frame.checked_sub(frames.first()).ok_or(0),
        }
    }

    /// The frame under the cursor.
    pub fn here(&self, frames: &Frames) -> Option<u64> {
        let frame = self.frame_at(self.list.cursor, frames)?;
        (frame < frames.len()).then_some(frame)
    }

    /// Lets go what belongs to frames in front of the one of an index, of which so
    /// many are new; what is shown stays where it is, as long as it is there.
    pub fn let_go(&mut self, first: u64, new: u64) {
        let gone = match &mut self.matches {
            None => new,
            Some(matches) => {
                let gone = matches.partition_point(|f| u64::from(*f) < first);
                matches.drain(..gone);
                gone as u64
            }
        };
        self.list.cursor = self.list.cursor.saturating_sub(gone);
        self.list.top = self.list.top.saturating_sub(gone);
        self.marks = self.marks.split_off(&u32::try_from(first).unwrap_or(u32::MAX));
        self.rows_of = None;
    }

    /// Index of the line under the cursor of the tree.
    pub fn line(&self) -> Option<usize> {
        let shown = self.detail.as_ref()?.shown(&self.tree.closed);
        shown.get(usize::try_from(self.tree.list.cursor).ok()?).copied()
    }

    /// Puts the cursor of the tree on a line; what it is in is opened.
    pub fn select_line(&mut self, line: usize, height: u16) {
        let Some(detail) = &self.detail else { return };
        let mut depth = u8::MAX;
        for above in detail.lines.get(..=line).unwrap_or_default().iter().rev() {
            if above.depth < depth {
                if depth != u8::MAX
                    && let Some(heading) = &above.heading
                {
                    self.tree.closed.remove(heading);
                }
                depth = above.depth;
            }
        }
        let shown = detail.shown(&self.tree.closed);
        if let Some(at) = shown.iter().position(|l| *l == line) {
            self.tree.list.cursor = at as u64;
            self.tree.list.fit(shown.len() as u64, height);
        }
    }

    /// Shows another packet. The cursor of the tree stays on the same field where
    /// there is one, else on the same layer.
    pub fn replace(&mut self, detail: Option<Detail>) {
        let was = self
            .line()
            .and_then(|l| self.detail.as_ref()?.lines.get(l))
            .map(|l| (l.field, l.depth, l.text.split(':').next().unwrap_or_default().to_owned()));
        self.detail = detail;
        self.steps_list = List::default();
        (self.source, self.octet, self.octets_top) = (0, 0, 0);
        let (Some(detail), Some((field, depth, text))) = (&self.detail, was) else { return };
        let shown = detail.shown(&self.tree.closed);
        let same = |l: &&usize| {
            detail.lines.get(**l).is_some_and(|l| {
                l.depth == depth && l.field == field && l.text.split(':').next() == Some(&text)
            })
        };
        let found = shown.iter().position(|l| same(&l));
        self.tree.list.cursor = found.unwrap_or(0) as u64;
        let line = found.and_then(|at| detail.lines.get(*shown.get(at)?));
        if let Some(line) = line {
            (self.source, self.octet) = (line.source, line.octets.start);
        }
    }

    /// Puts the cursor of the tree on the field of a layer at an offset.
    pub fn select_place(&mut self, layer: usize, offset: usize, height: u16) {
        let Some(detail) = &self.detail else { return };
        let own = |l: &&super::detail::FieldLine| l.layer == Some(layer);
        let of_layer =
            detail.lines.iter().filter(own).filter(|l| l.field.is_some() || l.depth == 0);
        let source = of_layer.clone().next().map_or(0, |l| l.source);
        let marked = detail.lines.iter().position(|l| {
            l.layer == Some(layer)
                && l.octets.start == offset
                && l.level.is_some()
                && l.field.is_some()
        });
        let field = marked
            .or_else(|| detail.line_at(source, offset))
            .or_else(|| detail.lines.iter().position(|l| l.layer == Some(layer)));
        if let Some(line) = field {
            let octets = detail.lines.get(line).map_or(0, |l| l.octets.start);
            self.source = source;
            self.octet = octets;
            self.select_line(line, height);
        }
    }
}
