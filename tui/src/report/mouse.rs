//! The mouse over a report: what is clicked is chosen, and opened if it was; the
//! border between tree and case is dragged; the wheel scrolls what it is over.

use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::board::{Board, Effect, Focus};
use super::keys::Action;
use crate::layout::{Panes, inner};

/// Lines that a turn of the wheel scrolls.
const WHEEL: i64 = 3;

impl Board {
    /// Something was done with the mouse.
    pub(super) fn mouse(&mut self, event: MouseEvent) -> Option<Effect> {
        if self.help.is_some() || self.prompt.is_some() {
            return None;
        }
        let (panes, at) = (self.panes(), Position::new(event.column, event.row));
        let by = match event.kind {
            MouseEventKind::Down(MouseButton::Left) => return self.click(&panes, at),
            MouseEventKind::Drag(MouseButton::Left) if self.dragged => {
                self.drag(&panes, at);
                return None;
            }
            MouseEventKind::Up(_) => {
                self.dragged = false;
                return None;
            }
            MouseEventKind::ScrollUp => -WHEEL,
            MouseEventKind::ScrollDown => WHEEL,
            _ => return None,
        };
        if panes.upper.contains(at) {
            self.list.scroll(by, self.outline.lines.len() as u64, inner(panes.upper));
        } else if panes.lower.contains(at) {
            let lines = self.shown.as_ref().map_or(0, |s| s.lines.1.len()) as u64;
            self.text.scroll(by, lines, inner(panes.lower));
        }
        None
    }

    fn click(&mut self, panes: &Panes, at: Position) -> Option<Effect> {
        let row = |area: Rect| (at.y - area.y).checked_sub(1).map(u64::from);
        let beside = panes.lower.x > 0;
        self.dragged =
            if beside { at.x == panes.lower.x } else { at.y == panes.lower.y } && at.y > 1;
        if panes.lower.contains(at) {
            self.focus = Focus::Case;
        }
        if !panes.upper.contains(at) {
            return None;
        }
        self.focus = Focus::Tree;
        let line = self.list.top + row(panes.upper)?;
        if line >= self.outline.lines.len() as u64 {
            return None;
        }
        if line == self.list.cursor {
            return self.act(Action::Open);
        }
        self.list.cursor = line;
        self.regain();
        None
    }

    fn drag(&mut self, panes: &Panes, at: Position) {
        let (part, whole) = if panes.lower.x > 0 {
            (at.x, self.size.0)
        } else {
            (at.y.saturating_sub(panes.upper.y), self.size.1.saturating_sub(4))
        };
        let share = u32::from(part) * 100 / u32::from(whole.max(1));
        self.settings.upper = share.clamp(10, 90) as u16;
        self.regain();
    }
}
