//! A line being typed.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key did to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Other text stands there.
    Changed,
    /// The cursor has moved, or could not.
    Moved,
    /// Something was to be taken away, and nothing was there.
    Left,
    /// Nothing: it is no key for a line.
    Nothing,
}

/// A line of text and where the cursor is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// Octets in front of the cursor.
    cursor: usize,
}

impl Line {
    /// A line that begins as `text`, the cursor behind it.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text }
    }

    /// Takes a key in.
    pub fn key(&mut self, key: KeyEvent) -> Typed {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Left => self.left(),
            KeyCode::Right => self.right(),
            KeyCode::Home => self.home(),
            KeyCode::End => self.end(),
            KeyCode::Char('a') if control => self.home(),
            KeyCode::Char('e') if control => self.end(),
            code => {
                match code {
                    KeyCode::Backspace => {
                        if !self.backspace() && self.text.is_empty() {
                            return Typed::Left;
                        }
                    }
                    KeyCode::Delete => self.delete(),
                    KeyCode::Char('u') if control => self.clear_before(),
                    KeyCode::Char('w') if control => self.clear_word(),
                    KeyCode::Char(c) if !control => self.insert(c.encode_utf8(&mut [0; 4])),
                    _ => return Typed::Nothing,
                }
                return Typed::Changed;
            }
        }
        Typed::Moved
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands in front of the cursor.
    pub fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    fn after(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    /// Types characters; those that control a terminal are left out.
    pub fn insert(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            self.text.insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
    }

    /// Takes the character in front of the cursor away; whether there was one.
    pub fn backspace(&mut self) -> bool {
        let there = self.before().chars().next_back();
        if let Some(c) = there {
            self.cursor -= c.len_utf8();
            self.text.remove(self.cursor);
        }
        there.is_some()
    }

    /// Takes the character at the cursor away.
    pub fn delete(&mut self) {
        if !self.after().is_empty() {
            self.text.remove(self.cursor);
        }
    }

    /// One character to the left.
    pub fn left(&mut self) {
        self.cursor -= self.before().chars().next_back().map_or(0, char::len_utf8);
    }

    /// One character to the right.
    pub fn right(&mut self) {
        self.cursor += self.after().chars().next().map_or(0, char::len_utf8);
    }

    /// To the beginning.
    pub fn home(&mut self) {
        self.cursor = 0;
    }

    /// To the end.
    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    /// Takes what is in front of the cursor away.
    pub fn clear_before(&mut self) {
        self.text.drain(..self.cursor);
        self.cursor = 0;
    }

    /// Takes the word in front of the cursor away.
    pub fn clear_word(&mut self) {
        let kept = self.before().trim_end();
        let start = kept.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        self.text.drain(start..self.cursor);
        self.cursor = start;
    }

    /// Octets of the name in front of the cursor: letters, digits and dots.
    pub fn name(&self) -> &str {
        let before = self.before();
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        before.get(before.trim_end_matches(inside).len()..).unwrap_or_default()
    }

    /// Puts a name in the place of the one in front of the cursor.
    pub fn replace_name(&mut self, with: &str) {
        let start = self.cursor - self.name().len();
        self.text.replace_range(start..self.cursor, with);
        self.cursor = start + with.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_and_taking_away() {
        let mut line = Line::new("mip6 é");
        line.insert("x\u{1b}y\n");
        assert_eq!(line.text(), "mip6 éxy");
        for _ in 0..3 {
            line.left();
        }
        line.insert("€");
        assert_eq!((line.before(), line.after()), ("mip6 €", "éxy"));
        line.delete();
        assert!(line.backspace());
        assert_eq!(line.text(), "mip6 xy");
        line.home();
        assert!(!line.backspace());
        line.right();
        line.clear_before();
        line.end();
        line.right();
        line.clear_word();
        assert_eq!(line.text(), "ip6 ");
        line.clear_word();
        assert_eq!(line.text(), "");
    }

    #[test]
    fn a_name_is_replaced() {
        let mut line = Line::new("esp || mip6.mh");
        assert_eq!(line.name(), "mip6.mh");
        line.replace_name("mip6.mhtype");
        assert_eq!(line.text(), "esp || mip6.mhtype");
        line.insert(" ");
        assert_eq!(line.name(), "");
    }
}
