//! What is looked for in a report: words that narrow the tree down, text in cases
//! or in what is said of one, and cases that fail.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::board::{Board, Focus};
use super::outline::Line;
use crate::state::line::{self, Typed};

/// What is being typed.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What for.
    pub question: Question,
    /// What has been typed.
    pub line: line::Line,
    /// The words that were looked for before.
    before: String,
}

/// What a prompt of a report asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Words of cases that are shown.
    Words,
    /// Text to go to.
    Text,
}

impl Question {
    /// What stands in front of the line.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Words => "Only cases with: ",
            Self::Text => "Find: ",
        }
    }
}

impl Board {
    /// Asks for something.
    pub(super) fn ask(&mut self, question: Question) {
        let before = self.outline.words.clone();
        let text = match question {
            Question::Words => before.clone(),
            // An empty line is what was looked for last.
            Question::Text => String::new(),
        };
        self.prompt = Some(Prompt { question, line: line::Line::new(text), before });
    }

    /// Takes in what is pasted.
    pub(super) fn paste(&mut self, text: &str) {
        if let Some(prompt) = &mut self.prompt {
            prompt.line.insert(text);
            self.retyped();
        }
    }

    /// A key while something is typed.
    pub(super) fn typed(&mut self, key: KeyEvent) {
        let Some(prompt) = &mut self.prompt else { return };
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let left = match key.code {
            KeyCode::Enter => {
                let (question, text) = (prompt.question, prompt.line.text().trim().to_owned());
                self.prompt = None;
                if question == Question::Text {
                    if !text.is_empty() {
                        self.sought = text;
                    }
                    if !self.sought.is_empty() {
                        self.find();
                    }
                }
                return;
            }
            KeyCode::Esc => true,
            KeyCode::Char('c' | 'g') if control => true,
            _ => match prompt.line.key(key) {
                Typed::Changed => {
                    self.retyped();
                    false
                }
                Typed::Left => true,
                Typed::Moved | Typed::Nothing => false,
            },
        };
        if left && let Some(prompt) = self.prompt.take() {
            // As if nothing had been typed.
            let before = if prompt.line.text().is_empty() { "" } else { prompt.before.as_str() };
            if prompt.question == Question::Words {
                self.narrow(before);
            }
        }
    }

    /// The tree follows what is typed.
    fn retyped(&mut self) {
        if let Some(prompt) = &self.prompt
            && prompt.question == Question::Words
        {
            let words = prompt.line.text().to_owned();
            self.narrow(&words);
        }
    }

    /// Shows only cases with these words.
    pub(super) fn narrow(&mut self, words: &str) {
        self.outline.words = words.trim().to_lowercase();
        self.arrange();
    }

    /// Goes to the next case, or line of what is said of one, that has the text.
    fn find(&mut self) {
        let text = self.sought.to_lowercase();
        let found = match self.focus {
            Focus::Tree => {
                let outline = &self.outline;
                // What is closed is opened where it hides a case that is meant.
                let hidden = outline.hiding(&text);
                self.outline.chosen.extend(hidden.into_iter().map(|key| (key, true)));
                self.arrange();
                let outline = &self.outline;
                let has = |l: &Line| outline.has(l, &text);
                let at = after(&outline.lines, self.list.cursor as usize, has);
                at.map(|at| self.step_to(at))
            }
            Focus::Case => {
                let lines = self.shown.as_ref().map_or(&[][..], |s| &s.lines.1);
                let has = |(_, l): &(_, String)| l.to_lowercase().contains(&text);
                let at = after(lines, self.text.top as usize, has);
                at.map(|at| {
                    // The line goes to the top, where it can.
                    self.text.top = at as u64;
                    self.text.cursor = at as u64;
                    self.regain();
                })
            }
        };
        if found.is_none() {
            self.say(format!("not found: {}", self.sought), true);
        }
    }

    /// Goes to the next line that something is wrong under; what is closed is
    /// opened.
    pub(super) fn seek(&mut self, forward: bool) {
        let bad = |l: &Line| l.totals.fail + l.totals.error > 0;
        // A closed line may hide what is looked for, and so may those under it.
        let closed = |l: &&Line| bad(l) && l.entry.is_none() && !l.open;
        loop {
            let keys = self.outline.lines.iter().filter(closed).map(|l| l.key.clone());
            let keys: Vec<String> = keys.collect();
            if keys.is_empty() {
                break;
            }
            self.outline.chosen.extend(keys.into_iter().map(|key| (key, true)));
            self.arrange();
        }
        let here = self.list.cursor as usize;
        let wanted = |l: &Line| l.entry.is_some() && bad(l);
        let lines = &self.outline.lines;
        let found = if forward {
            let rest = lines.iter().enumerate().skip(here + 1);
            rest.into_iter().find(|(_, l)| wanted(l)).map(|(i, _)| i)
        } else {
            lines.get(..here).unwrap_or_default().iter().rposition(wanted)
        };
        match found {
            Some(at) => self.step_to(at),
            None => self.say("there is none that fails", true),
        }
    }
}

/// The first behind a place that is so; behind the last comes the first.
fn after<T>(all: &[T], here: usize, is: impl Fn(&T) -> bool) -> Option<usize> {
    let behind = all.iter().skip(here + 1).position(&is).map(|at| at + here + 1);
    behind.or_else(|| all.iter().position(is))
}
