//! The table of keys of a report: what they do, and how help and the last line
//! call it.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::keymap::{Key, c, control, k};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table says what each does")]
pub enum Action {
    Help,
    Quit,
    NextPane,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Open,
    Toggle,
    Verdict,
    Search,
    Find,
    All,
    NextBad,
    PreviousBad,
    Again,
    Grow,
    Shrink,
    Theme,
    Back,
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The keys, the first of which hints name.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// In a few words.
    pub help: &'static str,
    /// In a word, if the last line tells of it.
    pub hint: Option<&'static str>,
}

const fn bind(
    keys: &'static [Key],
    action: Action,
    help: &'static str,
    hint: Option<&'static str>,
) -> Binding {
    Binding { keys, action, help, hint }
}

/// The table.
pub const BINDINGS: &[Binding] = &[
    bind(
        &[k(KeyCode::Enter)],
        Action::Open,
        "the evidence of the case, at the frame where it failed; open or close",
        Some("evidence"),
    ),
    bind(
        &[c('v')],
        Action::Verdict,
        "only cases that fail, are inconclusive, …; all",
        Some("verdict"),
    ),
    bind(
        &[c('/')],
        Action::Search,
        "only cases with words: id, title, requirement, message",
        Some("search"),
    ),
    bind(&[c('u')], Action::All, "all cases again", None),
    bind(&[c('f')], Action::Find, "find text: the next case, or line of what is said of it", None),
    bind(&[c('n')], Action::NextBad, "the next case that fails, or is in error", Some("next bad")),
    bind(&[c('N')], Action::PreviousBad, "the one before", None),
    bind(
        &[c('r')],
        Action::Again,
        "run the case again, if the node is the embedded one",
        Some("run again"),
    ),
    bind(
        &[k(KeyCode::Tab), k(KeyCode::BackTab)],
        Action::NextPane,
        "tree, or what is said of the case",
        Some("pane"),
    ),
    bind(&[c('?'), k(KeyCode::F(1))], Action::Help, "this help", Some("help")),
    bind(&[c('q'), control('c')], Action::Quit, "quit", Some("quit")),
    bind(&[k(KeyCode::Down), c('j')], Action::Down, "down", None),
    bind(&[k(KeyCode::Up), c('k')], Action::Up, "up", None),
    bind(&[k(KeyCode::Left), c('h')], Action::Left, "close, or to what it is part of", None),
    bind(&[k(KeyCode::Right), c('l')], Action::Right, "open", None),
    bind(&[c(' ')], Action::Toggle, "open or close", None),
    bind(
        &[k(KeyCode::PageDown), control('f'), control('d')],
        Action::PageDown,
        "a page down",
        None,
    ),
    bind(&[k(KeyCode::PageUp), control('b'), control('u')], Action::PageUp, "a page up", None),
    bind(&[k(KeyCode::Home), c('g')], Action::Top, "to the first", None),
    bind(&[k(KeyCode::End), c('G')], Action::Bottom, "to the last", None),
    bind(&[c('+'), c('>')], Action::Grow, "more room for this pane", None),
    bind(&[c('-'), c('<')], Action::Shrink, "less room for this pane", None),
    bind(&[c('T')], Action::Theme, "colours: dark, light, colour-blind, none", None),
    bind(&[k(KeyCode::Esc)], Action::Back, "back to the tree; forget the message", None),
];

/// What a key does.
pub fn action(event: &KeyEvent) -> Option<Action> {
    BINDINGS.iter().find(|b| b.keys.iter().any(|k| k.is(event))).map(|b| b.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings() {
        let all: Vec<Key> = BINDINGS.iter().flat_map(|b| b.keys).copied().collect();
        for (i, key) in all.iter().enumerate() {
            assert!(!all[..i].contains(key), "{}", key.name());
        }
    }
}
