//! A report being looked at: its state and all that is outside of it. Evidence is
//! looked at in a session of its own, which is left again.

use std::os::unix::fs::FileExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use mip6_dissect::profile::Profile;
use ratatui::Frame;
use tempfile::TempDir;

use super::again;
use super::board::{Board, Effect, Shown};
use super::case::Case;
use super::follow::{Follower, News, Place, open, start};
use crate::capture::Source;
use crate::session::WriteSpec;
use crate::state::settings::Settings;
use crate::update::Msg;
use crate::{Config, Session};

/// How often news of the evidence that is looked at are asked for.
const GLANCE: Duration = Duration::from_millis(30);

/// What looking at a report begins with.
pub struct WatchConfig {
    /// The folder of the report.
    pub folder: PathBuf,
    /// The program that runs cases again.
    pub program: PathBuf,
    /// What code points mean in evidence.
    pub profile: Profile,
    /// Writes specs.
    pub spec: WriteSpec,
    /// What was kept of the last run.
    pub settings: Settings,
    /// No colours.
    pub plain: bool,
    /// What time it is, in milliseconds since 1970.
    pub clock: fn() -> u64,
}

/// What comes to a report.
#[derive(Debug)]
pub(crate) enum Told {
    /// Of the terminal.
    Screen(Msg),
    /// Of its files.
    News(News),
    /// A case has been run again, or not.
    Ran(String, Result<TempDir, String>),
}

/// A report being looked at.
pub struct Watch {
    /// What the screen shows of it.
    pub board: Board,
    /// Evidence that is looked at instead.
    pub evidence: Option<Session>,
    config: WatchConfig,
    /// Reports of cases that were run again: of number 1 and on.
    again: Vec<TempDir>,
    stop: Arc<AtomicBool>,
    sender: Sender<Told>,
    receiver: Receiver<Told>,
}

impl Watch {
    /// Opens a report, for a terminal of so many columns and rows. Fails where the
    /// folder has none.
    pub fn new(config: WatchConfig, size: (u16, u16)) -> Result<Self, String> {
        let there = |name| config.folder.join(name).exists();
        if !there("results.jsonl") && !there("run.json") {
            return Err("no report: there is no results.jsonl, which `mip6 conform --report` \
                        writes"
                .to_owned());
        }
        let (sender, receiver) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let news = sender.clone();
        // Whoever does not listen any more has ended.
        let tell = move |n| drop(news.send(Told::News(n)));
        start(config.folder.clone(), Arc::clone(&stop), tell);
        let name = config.folder.file_name().unwrap_or(config.folder.as_os_str());
        let board = Board {
            name: mip6_dissect::tree::escape_line(&name.to_string_lossy()),
            size,
            settings: config.settings.clone().sound(),
            plain: config.plain,
            now_ms: (config.clock)(),
            ..Board::default()
        };
        Ok(Self { board, evidence: None, config, again: Vec::new(), stop, sender, receiver })
    }

    /// Whoever has something to tell tells it here.
    pub(crate) fn sender(&self) -> Sender<Told> {
        self.sender.clone()
    }

    /// Takes in what comes of the terminal. Whether the screen is to be drawn as if
    /// nothing were on it.
    pub fn handle(&mut self, msg: Msg) -> bool {
        if let Msg::Resize(width, height) = msg {
            self.board.size = (width, height);
            self.board.regain();
        }
        if matches!(msg, Msg::End) {
            self.board.quit = true;
        }
        if let Some(session) = &mut self.evidence {
            let redraw = session.handle(msg);
            return self.leave() || redraw;
        }
        let effect = match msg {
            Msg::Key(key) => self.board.key(key),
            Msg::Mouse(event) => self.board.mouse(event),
            Msg::Paste(text) => {
                self.board.paste(&text);
                None
            }
            Msg::Resize(..) => Some(Effect::Redraw),
            _ => None,
        };
        effect.is_some_and(|effect| self.perform(effect))
    }

    /// Leaves the evidence, if that is wanted, or the program.
    fn leave(&mut self) -> bool {
        let Some(session) = &self.evidence else { return false };
        self.board.settings = session.state.settings.clone();
        self.board.quit |= session.state.quit;
        let left = session.state.left;
        if left {
            self.evidence = None;
        }
        left
    }

    fn perform(&mut self, effect: Effect) -> bool {
        let done = match effect {
            Effect::Redraw => return true,
            Effect::Open => self.open(),
            Effect::Again(id) => {
                let Some(plan) = &self.board.plan else { return false };
                let (sender, of) = (self.sender.clone(), id.clone());
                let tell = move |ran| drop(sender.send(Told::Ran(of, ran)));
                let stop = Arc::clone(&self.stop);
                again::start(&self.config.program, &id, &plan.options, stop, tell)
                    .inspect_err(|_| self.board.again = None)
            }
        };
        if let Err(why) = done {
            self.board.say(why, true);
        }
        self.evidence.is_some()
    }

    /// Opens the evidence of the case under the cursor.
    fn open(&mut self) -> Result<(), String> {
        self.read();
        let board = &self.board;
        let shown = board.shown.as_ref().ok_or("it has not been run yet")?;
        let case = shown.case.as_ref().map_err(Clone::clone)?;
        let relative = case.evidence.as_deref().ok_or("no evidence of this case was kept")?;
        let (at, place) = shown.of;
        let report = place.map_or(0, |p| p.report);
        let path = inside(self.folder(report), relative)
            .ok_or_else(|| format!("{relative}: is not in the report, and is not opened"))?;
        // A pipe would never end.
        open(&path).map_err(|e| format!("{relative}: {e}"))?;
        let keys = path.with_extension("keys");
        let config = Config {
            source: Source::File(path),
            profile: self.config.profile.clone(),
            keys: keys.is_file().then_some(keys),
            policy: None,
            spec: self.config.spec,
            settings: board.settings.clone(),
            plain: board.plain,
        };
        let mut session =
            Session::new(config, board.size).map_err(|e| format!("{relative}: {e}"))?;
        if let Some(entry) = board.outline.entries.get(at) {
            session.state.name = entry.name();
        }
        session.state.of_report = true;
        if let Some(frame) = case.failed {
            session.go_to(frame);
        }
        self.evidence = Some(session);
        Ok(())
    }

    /// The folder of a report of a number.
    fn folder(&self, report: usize) -> &Path {
        let again = report.checked_sub(1).and_then(|i| self.again.get(i));
        again.map_or(&self.config.folder, TempDir::path)
    }

    /// Reads what is about to be shown. To be called before it is drawn.
    pub fn look(&mut self) {
        self.board.now_ms = (self.config.clock)();
        match &mut self.evidence {
            Some(session) => session.look(),
            None => self.read(),
        }
    }

    /// Reads the case under the cursor, if it is not read yet.
    fn read(&mut self) {
        let of = self.board.line().and_then(|l| {
            let at = l.entry?;
            Some((at, self.board.outline.entries.get(at)?.place))
        });
        let width = self.board.panes().lower.width.saturating_sub(2);
        let Some(of @ (_, Some(place))) = of else {
            self.board.shown = None;
            return self.board.regain();
        };
        if self.board.shown.as_ref().is_none_or(|s| s.of != of) {
            let case = self.line(place).and_then(|line| Case::read(&line));
            self.board.text = crate::state::list::List::default();
            self.board.shown = Some(Shown { of, case, lines: (0, Vec::new()) });
        }
        if let Some(shown) = &mut self.board.shown
            && shown.lines.0 != width
        {
            shown.lines = match &shown.case {
                Ok(case) => (width, case.wrapped(width)),
                Err(why) => {
                    let text = format!("this result cannot be understood: {why}");
                    let lines = crate::text::wrap(&text, width.into());
                    (width, lines.into_iter().map(|l| (super::Tone::Bad, l)).collect())
                }
            };
        }
        self.board.regain();
    }

    /// The line of a result.
    fn line(&self, place: Place) -> Result<Vec<u8>, String> {
        let file = open(&self.folder(place.report).join("results.jsonl"));
        let mut line = vec![0; place.len as usize];
        file.and_then(|f| f.read_exact_at(&mut line, place.at)).map_err(|e| e.to_string())?;
        Ok(line)
    }

    fn tell(&mut self, told: Told) -> bool {
        match told {
            Told::Screen(msg) => return self.handle(msg),
            Told::News(news) => self.board.news(news),
            Told::Ran(id, ran) => {
                self.board.again = None;
                match ran {
                    Ok(folder) => self.take(&id, folder),
                    Err(why) => self.board.say(format!("not run again: {why}"), true),
                }
            }
        }
        false
    }

    /// Takes in what running a case again has left.
    fn take(&mut self, id: &str, folder: TempDir) {
        let found = std::cell::RefCell::new(None);
        let case = again::case_of(id).0;
        let tell = |news| {
            if let News::Rows(rows) = news {
                let row = rows.into_iter().find(|r| r.id == case);
                let mut found = found.borrow_mut();
                *found = found.take().or(row);
            }
        };
        Follower::new(folder.path(), self.again.len() + 1).look(&tell);
        let Some(mut row) = found.into_inner() else {
            return self.board.say("not run again: there is no result of it", true);
        };
        id.clone_into(&mut row.id);
        self.again.push(folder);
        self.board.ran(&row);
    }

    /// Waits for something to happen, at most so long. Whether something did, and
    /// whether the screen is to be drawn as if nothing were on it.
    pub fn wait(&mut self, timeout: Duration) -> (bool, bool) {
        /// What comes is taken in for so long before the screen is drawn.
        const SLICE: Duration = Duration::from_millis(30);
        let timeout = if self.evidence.is_some() { timeout.min(GLANCE) } else { timeout };
        let mut any = false;
        let mut redraw = false;
        match self.receiver.recv_timeout(timeout) {
            Ok(told) => {
                any = true;
                redraw |= self.tell(told);
                let begun = Instant::now();
                while begun.elapsed() < SLICE && !self.board.quit {
                    let Ok(told) = self.receiver.try_recv() else { break };
                    redraw |= self.tell(told);
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        if let Some(session) = &mut self.evidence {
            let (more, again) = session.wait(Duration::ZERO);
            any |= more;
            redraw |= again;
        } else if self.board.ended.is_none() {
            // Time goes by while a run goes on.
            any |= (self.config.clock)() / 1_000 != self.board.now_ms / 1_000;
        }
        (any, redraw)
    }

    /// Whether something is still going on that will change the screen soon.
    pub fn is_busy(&self) -> bool {
        let evidence = self.evidence.as_ref().is_some_and(Session::is_busy);
        evidence || !self.board.caught_up || self.board.again.is_some()
    }

    /// Draws the screen.
    pub fn draw(&self, frame: &mut Frame<'_>) {
        match &self.evidence {
            Some(session) => crate::view::draw(&session.state, frame),
            None => super::draw(&self.board, frame),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// A path in a folder; none if it leads out of it, be it by a link.
fn inside(folder: &Path, relative: &str) -> Option<PathBuf> {
    let relative = Path::new(relative);
    let plain = relative.components().all(|c| matches!(c, Component::Normal(_)));
    let path = folder.join(relative);
    let leads_out = || {
        let whole = std::fs::canonicalize(&path).ok()?;
        Some(!whole.starts_with(std::fs::canonicalize(folder).ok()?))
    };
    // Of what is not there, opening it says so.
    (plain && !leads_out().unwrap_or(false)).then_some(path)
}
