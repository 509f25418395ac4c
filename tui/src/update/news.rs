//! News of what goes on beside the drawing.

use std::sync::Arc;

use mip6_security::keys::Keys;

use super::{Effect, step};
use crate::capture::IndexNews;
use crate::jobs::{FilterNews, FindNews, JudgeNews};
use crate::state::list::Step;
use crate::state::{Judged, State};

/// Of the thread that reads the capture.
pub(super) fn index(state: &mut State, news: IndexNews) {
    match news {
        IndexNews::Frames(entries, _) => {
            state.capture.caught_up = false;
            state.capture.waiting = 0;
            state.frames.extend(&entries);
            if state.packets.tail {
                step::packets(state, Step::Last);
            }
            arrive(state);
        }
        IndexNews::LetGo(first) => let_go(state, first),
        IndexNews::Live { rate, dropped, down } => {
            if let Some(live) = &mut state.live {
                (live.rate, live.dropped, live.down) = (rate, dropped, down);
            }
        }
        IndexNews::CaughtUp(waiting) => {
            state.capture.caught_up = true;
            state.capture.waiting = waiting;
        }
        IndexNews::Gone(gone) => state.capture.gone = Some(gone),
        IndexNews::Ended(error) => {
            state.capture.ended = true;
            state.capture.caught_up = true;
            state.capture.error = error.map(|e| mip6_dissect::tree::escape_line(&e));
        }
    }
}

/// The oldest frames are not kept any more.
fn let_go(state: &mut State, first: u64) {
    let before = state.frames.first();
    if let Some(live) = state.live.filter(|_| before == 0) {
        let mib = crate::text::grouped(live.limit >> 20);
        state.say(format!("{mib} MiB are full: from now on the oldest packets go"));
    }
    state.frames.let_go(first);
    let first = state.frames.first();
    state.packets.let_go(first, first - before);
    state.findings.let_go(first);
    state.conversations.let_go(first);
    step::regain(state);
}

/// Of the filter of a number.
pub(super) fn filter(state: &mut State, number: u64, news: FilterNews) {
    if number != state.filter.number {
        return;
    }
    state.filter.scanned = news.scanned;
    state.filter.ended = news.ended;
    state.filter.missed = news.missed;
    if let Some(matches) = &mut state.packets.matches {
        // Some may have been let go meanwhile.
        let first = state.frames.first();
        matches.extend(news.frames.into_iter().filter(|f| u64::from(*f) >= first));
        if state.packets.tail {
            step::packets(state, Step::Last);
        }
        arrive(state);
    }
    step::regain(state);
}

/// Goes where somebody wants to go, if it is known now where that is.
pub(super) fn arrive(state: &mut State) {
    let Some(wanted) = state.packets.wanted else { return };
    let field = state.packets.wanted_field;
    let len = state.packets.len(&state.frames);
    let place = match state.packets.place_of(wanted, &state.frames) {
        Ok(place) if place < len => place,
        Err(next) if next < len => next,
        _ => {
            // As near as can be, and later nearer.
            step::packets(state, Step::Last);
            state.packets.wanted = Some(wanted);
            state.packets.wanted_field = field;
            return;
        }
    };
    step::packets(state, Step::To(place));
    state.packets.wanted_field = field;
}

/// Of a search.
pub(super) fn found(state: &mut State, found: FindNews) {
    state.searching = false;
    match found {
        Some(frame) => {
            state.packets.tail = false;
            if frame < state.frames.first() {
                state.say(format!("packet {} has it, and has been let go", frame + 1));
            } else if let Ok(place) = state.packets.place_of(frame, &state.frames) {
                step::packets(state, Step::To(place));
            } else {
                let number = frame + 1;
                state.say(format!("packet {number} has it, and does not match the filter"));
            }
        }
        None => state.complain(format!("not found: {}", state.sought)),
    }
}

/// Of the run of a number that judges.
pub(super) fn judged(state: &mut State, number: u64, news: JudgeNews) {
    let Some(judged) = &mut state.judged else { return };
    if judged.number != number {
        return;
    }
    judged.frames = news.judged;
    judged.ended = news.ended;
    judged.missed = news.missed;
    if !news.protected.is_empty() {
        judged.protected = news.protected;
        state.keys.arrange(&judged.protected);
    }
    if !news.findings.is_empty() {
        state.findings.take(news.findings);
    }
    if !(news.sights.is_empty() && news.happenings.is_empty()) {
        state.conversations.take(news.sights, news.happenings);
    }
    // Some of it may have been let go meanwhile.
    let first = state.frames.first();
    state.findings.let_go(first);
    state.conversations.let_go(first);
    if let Some(wanted) = state.conversations.wanted {
        state.conversations.show(wanted);
    }
    step::draw_conversation(state);
    step::regain(state);
}

/// Something was done, or not.
pub(super) fn done(state: &mut State, done: Result<String, String>) {
    match done {
        Ok(text) => state.say(mip6_dissect::tree::escape_line(&text)),
        Err(text) => state.complain(text),
    }
}

/// Keys have been read: everything is seen anew.
pub(super) fn keys(state: &mut State, keys: &Arc<Keys>, warnings: Vec<String>) -> Vec<Effect> {
    let associations = keys.associations.len();
    let warned = warnings.first().cloned();
    state.keys.warnings = warnings;
    state.keys.file = Arc::clone(keys);
    state.keys.arrange(&[]);
    state.generation += 1;
    let mut effects = Vec::new();
    if let Some(judged) = &state.judged {
        let number = judged.number + 1;
        effects.push(judge(state, number));
    }
    if let Some(filter) = state.parsed_filter() {
        effects.push(super::act::start_filter(state, filter));
    }
    if let Some(warning) = warned {
        state.complain(warning);
    } else {
        let policy = if keys.policy.is_some() { ", and a policy" } else { "" };
        let associations = crate::text::counted(associations as u64, "security association");
        state.say(format!("{associations}{policy}"));
    }
    effects
}

/// Begins to judge, from the first packet.
pub(super) fn judge(state: &mut State, number: u64) -> Effect {
    state.judged = Some(Judged { number, ..Judged::default() });
    state.findings.clear();
    state.conversations.clear();
    Effect::Judge(number)
}
