//! What keys do.

use mip6_dissect::filter::Filter;

use super::news::{arrive, judge};
use super::seek::seek;
use super::step::{self, draw_conversation, octets_follow, step};
use super::{Effect, Form};
use crate::jobs::Query;
use crate::keymap::{Action, Pane, View};
use crate::layout::inner;
use crate::state::list::Step;
use crate::state::prompt::{Prompt, Question};
use crate::state::settings::Settings;
use crate::state::{FilterStatus, State};

/// Columns that a list moves to the side.
const SHIFT: u16 = 8;
/// Per cent that a pane grows.
const GROWTH: i32 = 5;

/// Does what a key is for.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => state.quit = true,
        Action::Help => state.help = Some(0),
        Action::Show(view) => return show(state, view),
        Action::NextPane => next_pane(state, true),
        Action::PreviousPane => next_pane(state, false),
        Action::Up => step(state, Step::By(-1)),
        Action::Down => step(state, Step::By(1)),
        Action::PageUp => step(state, Step::Pages(-1)),
        Action::PageDown => step(state, Step::Pages(1)),
        Action::Top => step(state, Step::First),
        Action::Bottom => {
            // Who goes to the end of what grows wants to stay there.
            state.packets.tail |= state.live.is_some() && state.pane() == Pane::List;
            step(state, Step::Last);
        }
        Action::Left => sideways(state, false),
        Action::Right => sideways(state, true),
        Action::Open => return open(state),
        Action::Toggle => return toggle(state),
        Action::Back => state.panes.packets = Pane::List,
        Action::Report if state.of_report => state.left = true,
        Action::Report => state.complain("this was not opened from a report"),
        Action::Grow => grow(state, GROWTH),
        Action::Shrink => grow(state, -GROWTH),
        Action::Filter => ask(state, Question::Filter),
        Action::FilterByField => return by_field(state, true),
        Action::FilterWithoutField => return by_field(state, false),
        Action::AllPackets => return set_filter(state, ""),
        Action::FollowBinding | Action::FollowAssociation | Action::FollowExchange => {
            return follow(state, action);
        }
        Action::Find if state.view == View::Packets => ask(state, Question::Find),
        Action::Find => ask(state, Question::FindText),
        Action::FindNext if state.view == View::Packets => return find(state, true),
        Action::FindPrevious if state.view == View::Packets => return find(state, false),
        Action::FindNext => seek(state, true),
        Action::FindPrevious => seek(state, false),
        Action::GoTo => ask(state, Question::GoTo),
        Action::Mark => mark(state),
        Action::NextMark => next_mark(state),
        Action::Tail => {
            state.packets.tail = !state.packets.tail;
            if state.packets.tail {
                step::packets(state, Step::Last);
                state.say("staying at the end");
            }
        }
        Action::TimeFormat => {
            state.settings.time = state.settings.time.next();
            state.say(format!("time: {}", state.settings.time.words()));
        }
        Action::Columns => ask(state, Question::Columns),
        Action::CopyField => return copy_field(state),
        Action::CopyHex => return copy(state, Form::Hex),
        Action::CopySpec => return copy(state, Form::Spec),
        Action::Write => ask(state, Question::Write),
        Action::WriteShown => ask(state, Question::WriteShown),
        Action::Steps => {
            state.packets.steps = !state.packets.steps;
            state.panes.packets = if state.packets.steps { Pane::Tree } else { Pane::List };
        }
        Action::NextSource => {
            let sources = state.packets.detail.as_ref().map_or(1, |d| d.sources.len());
            state.packets.source = (state.packets.source + 1) % sources.max(1) as u8;
            step::octet(state, 0);
        }
        Action::Keys => ask(state, Question::Keys),
        Action::Policy => ask(state, Question::Policy),
        Action::Reload => {
            let (keys, policy) = (state.keys.path.clone(), state.keys.policy.clone());
            if keys.is_none() && policy.is_none() {
                state.complain("there is nothing to read again: K loads keys, P a policy");
                return Vec::new();
            }
            return vec![Effect::Load(keys, policy)];
        }
        Action::Theme => {
            state.settings.theme = state.settings.theme.next();
            state.say(format!("colours: {}", state.settings.theme.words()));
        }
        Action::Group => {
            state.findings.reorder();
            state.say(format!("findings {}", state.findings.order.words()));
        }
    }
    Vec::new()
}

/// What keys do while help is shown.
pub(super) fn in_help(state: &mut State, top: u16, action: Option<Action>) {
    let page = state.size.1.saturating_sub(3).max(1);
    let lines = crate::view::help_lines(state.pane()).len() as u16;
    let last = lines.saturating_sub(page);
    state.help = match action {
        Some(Action::Down) => Some((top + 1).min(last)),
        Some(Action::Up) => Some(top.saturating_sub(1)),
        Some(Action::PageDown) => Some((top + page).min(last)),
        Some(Action::PageUp) => Some(top.saturating_sub(page)),
        Some(Action::Top) => Some(0),
        Some(Action::Bottom) => Some(last),
        _ => None,
    };
}

/// Shows a view; what it needs is begun.
pub(super) fn show(state: &mut State, view: View) -> Vec<Effect> {
    let from = (state.view, state.packets.here(&state.frames));
    state.view = view;
    let mut effects = Vec::new();
    if view != View::Packets && state.judged.is_none() {
        effects.push(judge(state, 1));
    }
    if let (View::Conversations, (View::Packets, Some(frame))) = (view, from) {
        state.conversations.show(frame);
    }
    draw_conversation(state);
    step::regain(state);
    effects
}

fn next_pane(state: &mut State, forward: bool) {
    let packets = [Pane::List, Pane::Tree, Pane::Octets];
    let conversations = [Pane::Nodes, Pane::Diagram];
    let (panes, here): (&[Pane], &mut Pane) = match state.view {
        View::Packets => (&packets, &mut state.panes.packets),
        View::Conversations => (&conversations, &mut state.panes.conversations),
        View::Findings | View::Keys => return,
    };
    let at = panes.iter().position(|p| p == here).unwrap_or(0);
    let by = if forward { 1 } else { panes.len() - 1 };
    if let Some(next) = panes.get((at + by) % panes.len()) {
        *here = *next;
    }
}

fn sideways(state: &mut State, right: bool) {
    let shift = |n: u16| if right { n.saturating_add(SHIFT) } else { n.saturating_sub(SHIFT) };
    match state.pane() {
        Pane::List => state.packets.shift = shift(state.packets.shift).min(400),
        Pane::Tree if state.packets.steps => {}
        Pane::Tree => fold(state, right),
        Pane::Octets => {
            let to = state.packets.octet as i64 + if right { 1 } else { -1 };
            step::octet(state, to);
        }
        Pane::Findings => match (right, state.findings.here()) {
            (true, Some(line)) if !state.findings.is_open(&line) => {
                state.findings.toggle();
            }
            (false, Some(line)) if state.findings.is_open(&line) => {
                state.findings.toggle();
            }
            (false, _) => state.findings.outwards(),
            (true, _) => {}
        },
        Pane::Nodes => {
            let rows = step::lanes_height(state.regions().upper.height);
            let c = &mut state.conversations;
            let top = if right { c.lanes_top + 1 } else { c.lanes_top.saturating_sub(1) };
            c.lanes_top = top.min(c.lanes.len().saturating_sub(rows.into()));
        }
        Pane::Diagram | Pane::Associations => {}
    }
    step::regain(state);
}

/// Opens or closes the line under the cursor; what cannot be closed leads to what
/// it is part of, what cannot be opened moves the text.
fn fold(state: &mut State, open: bool) {
    let height = inner(state.regions().lower);
    let packets = &mut state.packets;
    let (Some(at), Some(detail)) = (packets.line(), &packets.detail) else { return };
    let Some(line) = detail.lines.get(at) else { return };
    let closed = line.heading.as_ref().is_some_and(|h| packets.tree.closed.contains(h));
    match (&line.heading, open) {
        (Some(heading), true) if closed => {
            packets.tree.closed.remove(heading);
        }
        (Some(heading), false) if !closed && packets.tree.shift == 0 => {
            packets.tree.closed.insert(heading.clone());
        }
        (_, true) => packets.tree.shift = (packets.tree.shift + SHIFT).min(400),
        (_, false) if packets.tree.shift > 0 => packets.tree.shift -= SHIFT,
        (_, false) => {
            let above = detail.lines.get(..at).unwrap_or_default();
            if let Some(parent) = above.iter().rposition(|l| l.depth < line.depth) {
                packets.select_line(parent, height);
                octets_follow(state);
            }
        }
    }
}

fn toggle(state: &mut State) -> Vec<Effect> {
    match state.pane() {
        Pane::Tree if !state.packets.steps => {
            let packets = &mut state.packets;
            let line = packets.line().and_then(|l| packets.detail.as_ref()?.lines.get(l));
            if let Some(heading) = line.and_then(|l| l.heading.clone())
                && !packets.tree.closed.remove(&heading)
            {
                packets.tree.closed.insert(heading);
            }
        }
        Pane::Findings => {
            if !state.findings.toggle()
                && let Some(noted) = state.findings.one()
            {
                let (frame, at) = (noted.frame, (noted.finding.layer, noted.finding.offset));
                return go_to(state, u64::from(frame), Some(at));
            }
        }
        _ => {}
    }
    step::regain(state);
    Vec::new()
}

fn open(state: &mut State) -> Vec<Effect> {
    match state.pane() {
        Pane::List => state.panes.packets = Pane::Tree,
        Pane::Nodes => state.panes.conversations = Pane::Diagram,
        Pane::Diagram => {
            if let Some(frame) = state.conversations.frame() {
                return go_to(state, frame, None);
            }
        }
        Pane::Associations => {
            let Some(flow) = state.keys.here() else { return Vec::new() };
            let filter = format!("{}.spi == {:#010x}", flow.protocol.to_lowercase(), flow.spi);
            state.view = View::Packets;
            return set_filter(state, &filter);
        }
        Pane::Tree | Pane::Octets | Pane::Findings => {}
    }
    Vec::new()
}

/// Goes to a packet, and to a field in it: layer and offset. A filter that hides it
/// is taken away.
pub(crate) fn go_to(state: &mut State, frame: u64, field: Option<(usize, usize)>) -> Vec<Effect> {
    state.view = View::Packets;
    state.packets.tail = false;
    state.packets.steps = false;
    let mut effects = Vec::new();
    if state.packets.place_of(frame, &state.frames).is_err() {
        effects = set_filter(state, "");
    }
    state.packets.wanted = Some(frame);
    state.packets.wanted_field = field;
    if field.is_some() {
        state.panes.packets = Pane::Tree;
    }
    arrive(state);
    effects
}

/// Lets only packets through that match; all, if the text is empty. The packet
/// under the cursor stays there if it matches.
pub(super) fn set_filter(state: &mut State, text: &str) -> Vec<Effect> {
    let here = state.packets.here(&state.frames);
    text.trim().clone_into(&mut state.filter.text);
    if state.filter.text.is_empty() {
        let number = state.filter.number + 1;
        state.filter = FilterStatus { number, ..FilterStatus::default() };
        state.packets.matches = None;
        state.packets.wanted = here;
        arrive(state);
        return vec![Effect::NoFilter];
    }
    let Some(filter) = state.parsed_filter() else { return Vec::new() };
    let text = state.filter.text.clone();
    state.settings.remember(&text);
    vec![start_filter(state, filter)]
}

/// Begins to filter, from the first packet.
pub(super) fn start_filter(state: &mut State, filter: Filter) -> Effect {
    let here = state.packets.here(&state.frames);
    state.filter.number += 1;
    (state.filter.scanned, state.filter.missed) = (0, 0);
    state.filter.ended = false;
    state.packets.matches = Some(Vec::new());
    state.packets.wanted = here;
    Effect::Filter(state.filter.number, Box::new(filter))
}

fn by_field(state: &mut State, with: bool) -> Vec<Effect> {
    let packets = &state.packets;
    let line = packets.line().and_then(|l| packets.detail.as_ref()?.lines.get(l));
    let Some(filter) = line.and_then(|l| l.filter.clone()) else {
        state.complain("no filter asks for this line; choose a field");
        return Vec::new();
    };
    let filter = if with { filter } else { format!("!({filter})") };
    set_filter(state, &filter)
}

fn follow(state: &mut State, action: Action) -> Vec<Effect> {
    let follow = state.packets.detail.as_ref().map(|d| d.follow.clone()).unwrap_or_default();
    let (filter, what) = match action {
        Action::FollowBinding => (follow.binding, "binding"),
        Action::FollowAssociation => (follow.association, "security association"),
        _ => (follow.exchange, "exchange"),
    };
    if let Some(filter) = filter {
        return set_filter(state, &filter);
    }
    state.complain(format!("this packet is of no {what} that can be followed"));
    Vec::new()
}

/// Looks for what was looked for last.
pub(super) fn find(state: &mut State, forward: bool) -> Vec<Effect> {
    if state.sought.is_empty() {
        state.complain("nothing has been looked for; f asks what to find");
        return Vec::new();
    }
    let (Ok(query), Some(from)) = (Query::parse(&state.sought), state.packets.here(&state.frames))
    else {
        return Vec::new();
    };
    state.searching = true;
    vec![Effect::Find(query, from, forward)]
}

fn mark(state: &mut State) {
    let Some(frame) = state.packets.here(&state.frames) else { return };
    if !state.packets.marks.remove(&(frame as u32)) {
        state.packets.marks.insert(frame as u32);
    }
    let marks = state.packets.marks.len();
    state.say(format!("{} marked", crate::text::counted(marks as u64, "packet")));
}

fn next_mark(state: &mut State) {
    let here = state.packets.here(&state.frames).unwrap_or(0) as u32;
    let marks = &state.packets.marks;
    let shown = |frame: &&u32| state.packets.place_of(u64::from(**frame), &state.frames).is_ok();
    let next = marks.range(here.saturating_add(1)..).find(shown);
    let next = next.or_else(|| marks.iter().find(shown)).copied();
    match next.map(|frame| state.packets.place_of(u64::from(frame), &state.frames)) {
        Some(Ok(place)) => step::packets(state, Step::To(place)),
        _ => state.complain("no packet is marked; m marks one"),
    }
}

fn copy_field(state: &mut State) -> Vec<Effect> {
    let packets = &state.packets;
    let text = if state.pane() == Pane::List {
        let row = packets.rows.get((packets.list.cursor - packets.list.top) as usize);
        row.map(|r| r.cells.iter().filter(|c| !c.is_empty()).cloned().collect::<Vec<_>>().join(" "))
    } else {
        let line = packets.line().and_then(|l| packets.detail.as_ref()?.lines.get(l));
        line.map(|l| l.text.clone())
    };
    text.map(Effect::CopyText).into_iter().collect()
}

fn copy(state: &State, form: Form) -> Vec<Effect> {
    let here = state.packets.here(&state.frames);
    here.map(|frame| Effect::Copy(form, vec![frame])).into_iter().collect()
}

fn ask(state: &mut State, question: Question) {
    let shown = |path: &Option<std::path::PathBuf>| {
        path.as_ref().map_or(String::new(), |p| p.to_string_lossy().into_owned())
    };
    let text = match question {
        Question::Filter => state.filter.text.clone(),
        Question::Columns => state.settings.columns.join(" "),
        Question::Keys => shown(&state.keys.path),
        Question::Policy => shown(&state.keys.policy),
        // An empty line is what was looked for last.
        Question::Find | Question::FindText => String::new(),
        Question::GoTo | Question::Write | Question::WriteShown => String::new(),
    };
    state.prompt = Some(Prompt::new(question, text));
}

fn grow(state: &mut State, by: i32) {
    let regions = state.regions();
    let Settings { list, octets, upper, .. } = &mut state.settings;
    let (share, by) = match (state.view, state.panes.packets) {
        (View::Packets, Pane::Octets) => (octets, by),
        (View::Packets, Pane::Tree) if regions.beside => (octets, -by),
        (View::Packets, Pane::Tree) => (list, -by),
        (View::Packets, _) => (list, by),
        (View::Conversations, _) if state.panes.conversations == Pane::Diagram => (upper, -by),
        _ => (upper, by),
    };
    *share = (i32::from(*share) + by).clamp(10, 90) as u16;
    step::regain(state);
}
