//! A list with a cursor, of which a window is shown.

/// Where cursor and window are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The entry under the cursor.
    pub cursor: u64,
    /// The first entry that is shown.
    pub top: u64,
}

/// A step of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many entries, up if it is below zero.
    By(i64),
    /// So many pages.
    Pages(i64),
    /// To the first.
    First,
    /// To the last.
    Last,
    /// To an entry.
    To(u64),
}

impl List {
    /// Takes a step in a list of `len` entries of which `height` are shown.
    pub fn step(&mut self, step: Step, len: u64, height: u16) {
        let last = len.saturating_sub(1);
        let page = i64::from(height.max(2)) - 1;
        self.cursor = match step {
            Step::By(n) => self.cursor.saturating_add_signed(n),
            Step::Pages(n) => self.cursor.saturating_add_signed(n * page),
            Step::First => 0,
            Step::Last => last,
            Step::To(n) => n,
        };
        let room = u64::from(height.max(1));
        // Who comes from afar wants to see what is around.
        if matches!(step, Step::To(_)) && !(self.top..self.top + room).contains(&self.cursor) {
            self.top = self.cursor.saturating_sub(room / 2);
        }
        self.fit(len, height);
    }

    /// Moves the window alone, and the cursor with it where it would leave it.
    pub fn scroll(&mut self, by: i64, len: u64, height: u16) {
        let room = u64::from(height.max(1));
        self.top = self.top.saturating_add_signed(by).min(len.saturating_sub(room));
        self.cursor = self.cursor.clamp(self.top, self.top + room - 1);
        self.fit(len, height);
    }

    /// Puts cursor and window where they can be.
    pub fn fit(&mut self, len: u64, height: u16) {
        let room = u64::from(height.max(1));
        self.cursor = self.cursor.min(len.saturating_sub(1));
        self.top = self.top.min(self.cursor).min(len.saturating_sub(room));
        if self.cursor >= self.top + room {
            self.top = self.cursor + 1 - room;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_in_the_window() {
        let mut list = List::default();
        let steps = [
            (Step::By(-1), 0, 0),
            (Step::By(1), 1, 0),
            (Step::Pages(1), 10, 1),
            (Step::Last, 99, 90),
            (Step::By(1), 99, 90),
            (Step::Pages(-1), 90, 90),
            (Step::By(-1), 89, 89),
            (Step::To(50), 50, 45),
            (Step::To(53), 53, 45),
            (Step::First, 0, 0),
        ];
        for (step, cursor, top) in steps {
            list.step(step, 100, 10);
            assert_eq!((list.cursor, list.top), (cursor, top), "{step:?}");
        }
        list.scroll(20, 100, 10);
        assert_eq!((list.cursor, list.top), (20, 20));
        list.fit(5, 10);
        assert_eq!((list.cursor, list.top), (4, 0));
        list.fit(0, 10);
        assert_eq!((list.cursor, list.top), (0, 0));
    }
}
