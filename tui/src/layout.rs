//! Where everything is on the screen. `update` needs it to know what a page is
//! and what the mouse points at, `view` to draw.

use ratatui::layout::Rect;

use crate::keymap::View;
use crate::state::State;

/// Fewer columns than this are too few.
pub const MIN_WIDTH: u16 = 40;
/// Fewer rows than this are too few.
pub const MIN_HEIGHT: u16 = 10;
/// From so many columns on, octets stand beside the tree.
const WIDE: u16 = 130;
/// Columns that 16 octets take, with their offset, in hexadecimal and as text.
const OCTETS_WIDTH: u16 = 74;

/// Regions of the screen. A pane's first row is its head line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Regions {
    /// The bar of views.
    pub bar: Rect,
    /// The display filter, or what is asked for.
    pub filter: Rect,
    /// The list of packets; the upper pane of other views.
    pub upper: Rect,
    /// The field tree; the lower pane of other views.
    pub lower: Rect,
    /// The octets.
    pub octets: Rect,
    /// What there is to say.
    pub status: Rect,
    /// Keys.
    pub hints: Rect,
    /// The octets stand beside the tree.
    pub beside: bool,
}

impl Regions {
    /// Of a state.
    pub fn new(state: &State) -> Self {
        let (width, height) = state.size;
        let row = |y: u16| Rect::new(0, y.min(height), width, 1.min(height.saturating_sub(y)));
        let body = height.saturating_sub(4);
        let share =
            if state.view == View::Packets { state.settings.list } else { state.settings.upper };
        let upper = part(body, share);
        let below = body - upper;
        let mut regions = Self {
            bar: row(0),
            filter: row(1),
            upper: Rect::new(0, 2, width, upper),
            lower: Rect::new(0, 2 + upper, width, below),
            octets: Rect::default(),
            status: row(height.saturating_sub(2)),
            hints: row(height.saturating_sub(1)),
            beside: false,
        };
        if state.view != View::Packets {
            return regions;
        }
        let lower = regions.lower;
        if width >= WIDE {
            let octets = part(width, state.settings.octets).min(OCTETS_WIDTH);
            let tree = width - octets;
            regions.lower = Rect { width: tree, ..lower };
            regions.octets = Rect::new(tree, lower.y, octets, below);
            regions.beside = true;
        } else {
            let octets = part(below, state.settings.octets.min(80));
            let tree = below - octets;
            regions.lower = Rect { height: tree, ..lower };
            regions.octets = Rect::new(0, lower.y + tree, width, octets);
        }
        regions
    }

    /// Whether the terminal is too small for any of it.
    pub fn too_small(size: (u16, u16)) -> bool {
        size.0 < MIN_WIDTH || size.1 < MIN_HEIGHT
    }
}

/// Regions of the screen of a report: a tree, and a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// What is open.
    pub bar: Rect,
    /// How far the run is.
    pub filter: Rect,
    /// The tree of cases.
    pub upper: Rect,
    /// What is said of a case: below, or beside the tree.
    pub lower: Rect,
    /// What there is to say.
    pub status: Rect,
    /// Keys.
    pub hints: Rect,
}

impl Panes {
    /// Of a terminal; `upper` per cent of it are for the tree.
    pub fn new((width, height): (u16, u16), upper: u16) -> Self {
        let row = |y: u16| Rect::new(0, y.min(height), width, 1.min(height.saturating_sub(y)));
        let body = height.saturating_sub(4);
        let whole = Rect::new(0, 2.min(height), width, body);
        let (upper, lower) = if width >= WIDE {
            let tree = part(width, upper);
            let case = Rect { x: tree, width: width - tree, ..whole };
            (Rect { width: tree, ..whole }, case)
        } else {
            let tree = part(body, upper);
            let case = Rect { y: whole.y + tree, height: body - tree, ..whole };
            (Rect { height: tree, ..whole }, case)
        };
        let (status, hints) = (row(height.saturating_sub(2)), row(height.saturating_sub(1)));
        Self { bar: row(0), filter: row(1), upper, lower, status, hints }
    }
}

/// Rows of a pane below its head line.
pub fn inner(pane: Rect) -> u16 {
    pane.height.saturating_sub(1)
}

/// A share of something, so that both parts have room for two rows.
fn part(whole: u16, share: u16) -> u16 {
    let part = u32::from(whole) * u32::from(share) / 100;
    (part as u16).clamp(2.min(whole), whole.saturating_sub(2).max(2.min(whole)))
}
