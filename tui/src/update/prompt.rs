//! Keys while something is asked for.

use std::path::PathBuf;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::act::{find, go_to, set_filter};
use super::seek::seek;
use super::{Effect, regain};
use crate::jobs::Query;
use crate::state::State;
use crate::state::line::Typed;
use crate::state::prompt::{Prompt, Question};
use crate::state::settings::Column;

/// A key for the prompt.
pub(super) fn key(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    let Some(prompt) = &mut state.prompt else { return Vec::new() };
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let filter = prompt.question == Question::Filter;
    match key.code {
        KeyCode::Esc => state.prompt = None,
        KeyCode::Char('c' | 'g') if control => state.prompt = None,
        KeyCode::Enter => return enter(state),
        KeyCode::Tab => prompt.complete(true),
        KeyCode::BackTab => prompt.complete(false),
        KeyCode::Up if filter => prompt.recall(&state.settings.history, true),
        KeyCode::Down if filter => prompt.recall(&state.settings.history, false),
        _ => match prompt.line.key(key) {
            Typed::Changed => prompt.changed(),
            // What is empty is left.
            Typed::Left => state.prompt = None,
            Typed::Moved | Typed::Nothing => {}
        },
    }
    Vec::new()
}

/// What has been typed counts.
fn enter(state: &mut State) -> Vec<Effect> {
    let Some(prompt) = state.prompt.take() else { return Vec::new() };
    let text = prompt.line.text().trim().to_owned();
    match answer(state, &prompt, &text) {
        Ok(effects) => effects,
        Err(message) => {
            // What is wrong can be put right.
            state.prompt = Some(prompt);
            state.complain(message);
            Vec::new()
        }
    }
}

fn answer(state: &mut State, prompt: &Prompt, text: &str) -> Result<Vec<Effect>, String> {
    let path = || (!text.is_empty()).then(|| PathBuf::from(text));
    match prompt.question {
        Question::Filter => {
            if let Some((_, message)) = &prompt.error {
                return Err(message.clone());
            }
            Ok(set_filter(state, text))
        }
        Question::Find => {
            Query::parse(text).map_err(|e| e.message)?;
            if !text.is_empty() {
                text.clone_into(&mut state.sought);
            }
            Ok(if state.sought.is_empty() { Vec::new() } else { find(state, true) })
        }
        Question::FindText => {
            if !text.is_empty() {
                text.clone_into(&mut state.sought_text);
            }
            if !state.sought_text.is_empty() {
                seek(state, true);
            }
            Ok(Vec::new())
        }
        Question::GoTo => {
            let wrong = || format!("`{text}` is no number of a packet");
            let number: u64 = text.parse().map_err(|_| wrong())?;
            let frame = number.checked_sub(1).ok_or_else(wrong)?;
            if frame >= state.frames.len() {
                return Err(format!("there are {} packets so far", state.frames.len()));
            }
            if frame < state.frames.first() {
                let first = state.frames.first();
                return Err(format!("packets up to {first} have been let go"));
            }
            Ok(go_to(state, frame, None))
        }
        Question::Keys => {
            state.keys.path = path();
            Ok(vec![Effect::Load(path(), state.keys.policy.clone())])
        }
        Question::Policy => {
            state.keys.policy = path();
            Ok(vec![Effect::Load(state.keys.path.clone(), path())])
        }
        Question::Write => {
            let path = path().ok_or("a file has a name")?;
            let marked: Vec<u32> = state.packets.marks.iter().copied().collect();
            let here = state.packets.here(&state.frames).map(|f| f as u32);
            let frames = if marked.is_empty() { here.into_iter().collect() } else { marked };
            Ok(vec![Effect::Write(path, Some(frames))])
        }
        Question::WriteShown => {
            let path = path().ok_or("a file has a name")?;
            Ok(vec![Effect::Write(path, state.packets.matches.clone())])
        }
        Question::Columns => {
            let names: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            state.columns = Column::parse_all(&names)?;
            if names.is_empty() {
                state.settings.columns = crate::state::settings::Settings::default().columns;
                state.columns = Column::parse_all(&state.settings.columns)?;
            } else {
                state.settings.columns = names;
            }
            state.generation += 1;
            regain(state);
            Ok(Vec::new())
        }
    }
}
