//! Something that is asked for in the line of prompts.

use std::ops::Range;

use mip6_dissect::fields::Registry;
use mip6_dissect::filter::Filter;
use mip6_dissect::packet::Proto;

use super::line::Line;
use crate::jobs::Query;

/// Names that are offered at most.
const OFFERED: usize = 200;
/// A name of fewer characters is not completed unasked.
const ENOUGH: usize = 2;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// A display filter.
    Filter,
    /// What to find.
    Find,
    /// Text to find in the lines of a view.
    FindText,
    /// The number of a packet.
    GoTo,
    /// A key file.
    Keys,
    /// A policy file.
    Policy,
    /// A file to write packets to.
    Write,
    /// A file to write all packets to that are shown.
    WriteShown,
    /// Columns.
    Columns,
}

impl Question {
    /// What stands in front of the line.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Filter => "Filter: ",
            Self::Find => "Find (after `=` a filter): ",
            Self::FindText => "Find: ",
            Self::GoTo => "Go to packet: ",
            Self::Keys => "Key file: ",
            Self::Policy => "Policy file: ",
            Self::Write => "Write to (.pcapng, .yaml, .hex): ",
            Self::WriteShown => "Write all shown to (.pcapng, .yaml, .hex): ",
            Self::Columns => "Columns: ",
        }
    }
}

/// A prompt.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What is asked for.
    pub question: Question,
    /// What has been typed.
    pub line: Line,
    /// Names that can stand for the one being typed.
    pub names: Vec<&'static str>,
    /// Which of them has been put in.
    pub chosen: Option<usize>,
    /// What is wrong with it, and where.
    pub error: Option<(Range<usize>, String)>,
    /// How far back in the history the line is from.
    back: usize,
    /// What was typed before the history was looked at.
    typed: String,
}

impl Prompt {
    /// A prompt whose line begins as `text`.
    pub fn new(question: Question, text: impl Into<String>) -> Self {
        let mut prompt = Self {
            question,
            line: Line::new(text),
            names: Vec::new(),
            chosen: None,
            error: None,
            back: 0,
            typed: String::new(),
        };
        prompt.check();
        prompt
    }

    /// To be called when the line has changed.
    pub fn changed(&mut self) {
        self.chosen = None;
        let name = self.line.name();
        let complete = matches!(self.question, Question::Filter | Question::Columns)
            || self.question == Question::Find && self.line.text().starts_with('=');
        self.names = if complete && name.len() >= ENOUGH { names(name) } else { Vec::new() };
        if self.names.len() == 1 && self.names.first() == Some(&self.line.name()) {
            self.names.clear();
        }
        self.check();
    }

    /// Looks what is wrong with the line.
    fn check(&mut self) {
        let text = self.line.text();
        let failed = match self.question {
            Question::Filter if !text.trim().is_empty() => {
                Filter::parse(text).err().map(|e| (0, e))
            }
            Question::Find => Query::parse(text).err().map(|e| (1, e)),
            _ => None,
        };
        self.error = failed.map(|(shift, e)| (e.at.start + shift..e.at.end + shift, e.message));
    }

    /// Completes the name in front of the cursor: as far as all names go along, or
    /// to one after the other.
    pub fn complete(&mut self, forward: bool) {
        if self.names.is_empty() {
            self.names = names(self.line.name());
        }
        let n = self.names.len();
        let Some(first) = self.names.first() else { return };
        if self.chosen.is_none() {
            let common = self.names.iter().fold(*first, |c, name| common(c, name));
            if common.len() > self.line.name().len() && n > 1 {
                self.line.replace_name(common);
                return self.check();
            }
        }
        let next = match self.chosen {
            None if forward => 0,
            None => n - 1,
            Some(at) if forward => (at + 1) % n,
            Some(at) => (at + n - 1) % n,
        };
        self.chosen = Some(next);
        if let Some(name) = self.names.get(next) {
            self.line.replace_name(name);
        }
        self.check();
    }

    /// Goes back in a history (the latest last), or forth.
    pub fn recall(&mut self, history: &[String], back: bool) {
        if self.back == 0 {
            self.line.text().clone_into(&mut self.typed);
        }
        let at =
            if back { (self.back + 1).min(history.len()) } else { self.back.saturating_sub(1) };
        self.back = at;
        let text = match at {
            0 => self.typed.clone(),
            n => history.get(history.len() - n).cloned().unwrap_or_default(),
        };
        self.line = Line::new(text);
        self.names.clear();
        self.chosen = None;
        self.check();
    }
}

/// Fields and protocols whose names begin so.
fn names(start: &str) -> Vec<&'static str> {
    if start.is_empty() {
        return Vec::new();
    }
    let fields = Registry::get().names().map(|(name, _)| name);
    let protocols = Proto::ALL.into_iter().map(Proto::id);
    let mut all: Vec<_> = fields.chain(protocols).filter(|n| n.starts_with(start)).collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(OFFERED);
    all
}

/// What two names begin with.
fn common<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.get(..same).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_in_turn() {
        let mut prompt = Prompt::new(Question::Filter, "mip6.bu.se");
        prompt.changed();
        prompt.complete(true);
        assert_eq!(prompt.line.text(), "mip6.bu.seqnr");
        let mut prompt = Prompt::new(Question::Filter, "mip6.b");
        prompt.changed();
        assert!(prompt.names.len() > 3);
        prompt.complete(true);
        let first = prompt.line.text().to_owned();
        prompt.complete(true);
        prompt.complete(false);
        assert_eq!(prompt.line.text(), first);
        let mut prompt = Prompt::new(Question::Filter, "mip6.mhtype == 5 && ");
        prompt.complete(true);
        assert_eq!(prompt.line.text(), "mip6.mhtype == 5 && ");
    }

    #[test]
    fn the_history_goes_back_and_forth() {
        let history = ["esp".to_owned(), "mipv6".to_owned()];
        let mut prompt = Prompt::new(Question::Filter, "typed");
        for (back, text) in
            [(true, "mipv6"), (true, "esp"), (true, "esp"), (false, "mipv6"), (false, "typed")]
        {
            prompt.recall(&history, back);
            assert_eq!(prompt.line.text(), text);
        }
    }

    #[test]
    fn the_word_at_fault_is_known() {
        let prompt = Prompt::new(Question::Filter, "mip6.mhtyp == 5");
        assert_eq!(prompt.error.map(|(at, _)| at), Some(0..10));
        let prompt = Prompt::new(Question::Find, "=mip6.mhtyp == 5");
        assert_eq!(prompt.error.map(|(at, _)| at), Some(1..11));
    }
}
