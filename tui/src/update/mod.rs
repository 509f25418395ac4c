//! How the state changes. Nothing here reads a file or draws: what is to be done
//! outside comes back as effects.

mod act;
mod mouse;
mod news;
mod prompt;
mod seek;
mod step;

use std::path::PathBuf;
use std::sync::Arc;

use mip6_dissect::filter::Filter;
use mip6_security::keys::Keys;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent};

use crate::capture::IndexNews;
use crate::jobs::{FilterNews, FindNews, JudgeNews, Query};
use crate::keymap;
use crate::state::State;

pub(crate) use act::go_to;
pub use step::regain;
pub(crate) use step::{diagram_rows, nodes_height};

/// What happens to a state.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Something was done with the mouse.
    Mouse(MouseEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has so many columns and rows now.
    Resize(u16, u16),
    /// Of the thread that reads the capture.
    Index(IndexNews),
    /// Of the filter of a number.
    Filter(u64, FilterNews),
    /// Of a search.
    Find(FindNews),
    /// Of the run of a number that judges.
    Judge(u64, JudgeNews),
    /// Keys and policy have been read: what was said meanwhile.
    Keys(Arc<Keys>, Vec<String>),
    /// Something was done, or not.
    Done(Result<String, String>),
    /// Packets were written, or not.
    Saved(Result<String, String>),
    /// The program is to end.
    End,
}

impl Msg {
    /// Whether somebody at the terminal waits for what becomes of it.
    pub(crate) fn is_input(&self) -> bool {
        matches!(
            self,
            Self::Key(_) | Self::Mouse(_) | Self::Paste(_) | Self::Resize(..) | Self::End
        )
    }
}

/// What is to be done outside.
#[derive(Debug)]
pub enum Effect {
    /// Filter all packets.
    Filter(u64, Box<Filter>),
    /// Stop filtering.
    NoFilter,
    /// Find from the frame of an index on, forward or back.
    Find(Query, u64, bool),
    /// Judge the capture, as the run of a number.
    Judge(u64),
    /// Read keys and policy from these files.
    Load(Option<PathBuf>, Option<PathBuf>),
    /// Copy text to the clipboard.
    CopyText(String),
    /// Copy packets to the clipboard, by indices of their frames.
    Copy(Form, Vec<u64>),
    /// Write packets to a file, in the form that its name asks for: those of these
    /// indices, or all.
    Write(PathBuf, Option<Vec<u32>>),
    /// Stay as it is, but draw everything anew.
    Redraw,
}

/// What packets are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Hexadecimal digits.
    Hex,
    /// A spec of `mip6 craft`.
    Spec,
}

/// Changes the state.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
        Msg::Key(key) => pressed(state, key),
        Msg::Mouse(event) => mouse::mouse(state, event),
        Msg::Paste(text) => {
            if let Some(prompt) = &mut state.prompt {
                prompt.line.insert(&text);
                prompt.changed();
            }
            Vec::new()
        }
        Msg::Resize(width, height) => {
            state.size = (width, height);
            regain(state);
            vec![Effect::Redraw]
        }
        Msg::Index(news) => {
            news::index(state, news);
            Vec::new()
        }
        Msg::Filter(number, news) => {
            news::filter(state, number, news);
            Vec::new()
        }
        Msg::Find(found) => {
            news::found(state, found);
            Vec::new()
        }
        Msg::Judge(number, news) => {
            news::judged(state, number, news);
            Vec::new()
        }
        Msg::Keys(keys, warnings) => news::keys(state, &keys, warnings),
        Msg::Done(done) => {
            news::done(state, done);
            Vec::new()
        }
        Msg::Saved(done) => {
            state.saving = false;
            news::done(state, done);
            Vec::new()
        }
        Msg::End => {
            state.quit = true;
            Vec::new()
        }
    }
}

fn pressed(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    if key.code == KeyCode::Char('l') && key.modifiers.contains(KeyModifiers::CONTROL) {
        return vec![Effect::Redraw];
    }
    if state.prompt.is_some() {
        return prompt::key(state, key);
    }
    let action = keymap::action(state.pane(), &key);
    if let Some(top) = state.help {
        act::in_help(state, top, action);
        return Vec::new();
    }
    let Some(action) = action else { return Vec::new() };
    state.notice = None;
    act::act(state, action)
}
