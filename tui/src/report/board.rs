//! What the screen shows of a report, and how keys change it.

use mip6_conformance::run::verdict::Verdict;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::case::{Case, Tone};
use super::follow::{News, Plan, Row};
use super::keys::{Action, BINDINGS, action};
use super::outline::{Line, Only, Outline};
use super::seek::{Prompt, Question};
use crate::layout::{Panes, inner};
use crate::state::Notice;
use crate::state::list::{List, Step};
use crate::state::settings::Settings;

/// Per cent that a pane grows.
const GROWTH: i32 = 5;

/// The pane that keys go to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The tree of cases.
    #[default]
    Tree,
    /// What is said of the case.
    Case,
}

/// What is to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Show the evidence of the case under the cursor.
    Open,
    /// Run a case again, by its id.
    Again(String),
    /// Draw everything anew.
    Redraw,
}

/// What is shown of the case under the cursor.
#[derive(Debug)]
pub(super) struct Shown {
    /// The case, and where its result was; if that changes, it is read again.
    pub(super) of: (usize, Option<super::Place>),
    /// What the result says, or why it cannot be read.
    pub(super) case: Result<Case, String>,
    /// Its lines for a pane of so many columns.
    pub(super) lines: (u16, Vec<(Tone, String)>),
}

/// The state.
#[derive(Debug, Default)]
pub struct Board {
    /// The folder; fit for a terminal.
    pub name: String,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What is kept between runs.
    pub settings: Settings,
    /// No colours.
    pub plain: bool,
    /// The pane that keys go to.
    pub focus: Focus,
    /// Where the cursor is in the tree.
    pub list: List,
    /// Which lines of the case are shown.
    pub text: List,
    /// Help is shown, from this line on.
    pub help: Option<u16>,
    /// Something to be said.
    pub notice: Option<Notice>,
    /// What is being typed.
    pub prompt: Option<Prompt>,
    /// What was looked for last.
    pub sought: String,
    /// The plan of the run, but for its cases.
    pub plan: Option<Plan>,
    /// The run has ended, after so many milliseconds.
    pub ended: Option<u64>,
    /// What time it is, in milliseconds since 1970.
    pub now_ms: u64,
    /// When something was heard of the run.
    pub heard_ms: u64,
    /// Lines that could not be understood.
    pub damaged: u64,
    /// Why results cannot be read.
    pub trouble: Option<String>,
    /// Why the plan cannot be read.
    pub no_plan: Option<String>,
    /// All that there is has been read.
    pub caught_up: bool,
    /// The case that is being run again.
    pub again: Option<String>,
    /// The border between the panes is dragged.
    pub dragged: bool,
    /// The end.
    pub quit: bool,
    pub(super) outline: Outline,
    pub(super) shown: Option<Shown>,
}

impl Board {
    /// The line under the cursor.
    pub fn line(&self) -> Option<&Line> {
        self.outline.lines.get(usize::try_from(self.list.cursor).ok()?)
    }

    /// Where everything is on the screen.
    pub fn panes(&self) -> Panes {
        Panes::new(self.size, self.settings.upper)
    }

    /// Says something.
    pub(super) fn say(&mut self, text: impl AsRef<str>, bad: bool) {
        let line = text.as_ref().lines().next().unwrap_or_default();
        let text = mip6_dissect::tree::escape_line(line);
        self.notice = Some(Notice { text, bad });
    }

    /// Something is known of the files.
    pub(super) fn news(&mut self, news: News) {
        match news {
            News::Anew => {
                self.outline.clear();
                (self.ended, self.damaged, self.trouble) = (None, 0, None);
                (self.plan, self.no_plan) = (None, None);
                self.caught_up = false;
                self.shown = None;
            }
            News::Plan(mut plan) => {
                self.outline.plan(&plan);
                plan.cases = Vec::new();
                self.plan = Some(*plan);
                self.no_plan = None;
            }
            News::Rows(rows) => {
                self.trouble = None;
                self.heard_ms = self.now_ms;
                for row in &rows {
                    self.outline.take(row, false);
                }
            }
            News::Damaged(lines) => self.damaged += lines,
            News::Ended(ms) => self.ended = Some(ms),
            News::NoPlan(text) => self.no_plan = Some(text),
            News::Trouble(text) => self.trouble = Some(text),
            News::CaughtUp => self.caught_up = true,
        }
        self.arrange();
    }

    /// A case has been run again.
    pub(super) fn ran(&mut self, row: &Row) {
        self.outline.take(row, true);
        self.say(format!("run again: {}", row.verdict.name()), row.verdict != Verdict::Pass);
        self.arrange();
    }

    /// Makes the tree anew; the cursor stays on its line.
    pub(super) fn arrange(&mut self) {
        let key = self.line().map(|l| l.key.clone());
        self.outline.arrange();
        let at = self.outline.lines.iter().position(|l| Some(&l.key) == key.as_ref());
        if let Some(at) = at {
            let scrolled = self.list.cursor - self.list.top;
            self.list.cursor = at as u64;
            self.list.top = self.list.cursor.saturating_sub(scrolled);
        }
        self.regain();
    }

    /// Puts cursors where they can be.
    pub(super) fn regain(&mut self) {
        let panes = self.panes();
        self.list.fit(self.outline.lines.len() as u64, inner(panes.upper));
        let lines = self.shown.as_ref().map_or(0, |s| s.lines.1.len());
        self.text.scroll(0, lines as u64, inner(panes.lower));
    }

    /// A key was pressed.
    pub(super) fn key(&mut self, key: KeyEvent) -> Option<Effect> {
        if key.kind == KeyEventKind::Release {
            return None;
        }
        if key.code == KeyCode::Char('l') && key.modifiers.contains(KeyModifiers::CONTROL) {
            return Some(Effect::Redraw);
        }
        if self.prompt.is_some() {
            self.typed(key);
            return None;
        }
        let action = action(&key);
        if let Some(top) = self.help {
            self.in_help(top, action);
            return None;
        }
        self.notice = None;
        action.and_then(|a| self.act(a))
    }

    fn in_help(&mut self, top: u16, action: Option<Action>) {
        let page = self.size.1.saturating_sub(3).max(1);
        let last = (BINDINGS.len() as u16).saturating_sub(page);
        self.help = match action {
            Some(Action::Down) => Some((top + 1).min(last)),
            Some(Action::Up) => Some(top.saturating_sub(1)),
            Some(Action::PageDown | Action::Bottom) => Some((top + page).min(last)),
            Some(Action::PageUp | Action::Top) => Some(top.saturating_sub(page)),
            _ => None,
        };
    }

    pub(super) fn act(&mut self, action: Action) -> Option<Effect> {
        match action {
            Action::Help => self.help = Some(0),
            Action::Quit => self.quit = true,
            Action::NextPane => {
                self.focus = match self.focus {
                    Focus::Tree => Focus::Case,
                    Focus::Case => Focus::Tree,
                };
            }
            Action::Up => self.step(Step::By(-1)),
            Action::Down => self.step(Step::By(1)),
            Action::PageUp => self.step(Step::Pages(-1)),
            Action::PageDown => self.step(Step::Pages(1)),
            Action::Top => self.step(Step::First),
            Action::Bottom => self.step(Step::Last),
            Action::Left => self.fold(false),
            Action::Right => self.fold(true),
            Action::Toggle => self.toggle(),
            Action::Open if self.line()?.entry.is_some() => return Some(Effect::Open),
            Action::Open => self.toggle(),
            Action::Verdict => {
                self.outline.only = self.outline.only.next();
                self.arrange();
                self.say(format!("shown: {}", self.outline.only.words()), false);
            }
            Action::Search => self.ask(Question::Words),
            Action::Find => self.ask(Question::Text),
            Action::All => {
                self.outline.only = Only::All;
                self.narrow("");
                self.say("shown: all", false);
            }
            Action::NextBad => self.seek(true),
            Action::PreviousBad => self.seek(false),
            Action::Again => return self.run_again(),
            Action::Grow => self.grow(GROWTH),
            Action::Shrink => self.grow(-GROWTH),
            Action::Theme => {
                self.settings.theme = self.settings.theme.next();
                self.say(format!("colours: {}", self.settings.theme.words()), false);
            }
            Action::Back => self.focus = Focus::Tree,
        }
        None
    }

    fn grow(&mut self, by: i32) {
        let by = if self.focus == Focus::Case { -by } else { by };
        self.settings.upper = (i32::from(self.settings.upper) + by).clamp(10, 90) as u16;
        self.regain();
    }

    fn step(&mut self, step: Step) {
        let panes = self.panes();
        match self.focus {
            Focus::Tree => {
                self.list.step(step, self.outline.lines.len() as u64, inner(panes.upper));
            }
            Focus::Case => {
                let height = inner(panes.lower);
                let len = self.shown.as_ref().map_or(0, |s| s.lines.1.len()) as u64;
                // Text has no cursor: the window moves.
                let by = match step {
                    Step::By(n) => n,
                    Step::Pages(n) => n * (i64::from(height.max(2)) - 1),
                    Step::First => -(self.text.top as i64),
                    Step::Last => len as i64,
                    Step::To(n) => n as i64 - self.text.top as i64,
                };
                self.text.scroll(by, len, height);
            }
        }
    }

    fn toggle(&mut self) {
        let Some(line) = self.line().filter(|l| l.entry.is_none()) else { return };
        let (key, open) = (line.key.clone(), line.open);
        self.outline.chosen.insert(key, !open);
        self.arrange();
    }

    /// Opens or closes the line under the cursor; what cannot be closed leads to
    /// what it is part of.
    fn fold(&mut self, open: bool) {
        let Some(line) = self.line() else { return };
        if line.entry.is_none() && line.open != open {
            return self.toggle();
        }
        let (depth, at) = (line.depth, self.list.cursor as usize);
        let above = self.outline.lines.get(..at).unwrap_or_default();
        if let Some(parent) = above.iter().rposition(|l| l.depth < depth).filter(|_| !open) {
            self.step_to(parent);
        }
    }

    pub(super) fn step_to(&mut self, line: usize) {
        let height = inner(self.panes().upper);
        self.list.step(Step::To(line as u64), self.outline.lines.len() as u64, height);
    }

    fn run_again(&mut self) -> Option<Effect> {
        let entry = self.line()?.entry.and_then(|i| self.outline.entries.get(i));
        let refused = match (entry, &self.plan) {
            (None, _) => "choose a case: groups are not run again",
            (_, None) => "how cases of this report were run is not known: it has no run.json",
            (_, Some(plan)) if !plan.reference => {
                "not against the embedded node: run it yourself, with --iut and --live"
            }
            _ if self.again.is_some() => "one case at a time: another is being run",
            (Some(entry), _) if !entry.id.trim().is_empty() => {
                let id = entry.id.clone();
                self.again = Some(entry.name());
                return Some(Effect::Again(id));
            }
            _ => "this case has no id",
        };
        self.say(refused, true);
        None
    }
}
