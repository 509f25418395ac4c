//! From the command line to the end.

use std::io;
use std::time::Duration;

use mip6_dissect::capture::CaptureError;
use ratatui::Frame;
use ratatui::crossterm::terminal;
use thiserror::Error;

use crate::report::Told;
use crate::terminal::{Screen, has_panicked};
use crate::{Config, Session, Watch, WatchConfig, saved, view};

/// How long nothing may happen before somebody looks whether something has.
const TICK: Duration = Duration::from_millis(250);

/// Why the inspector could not begin, or ended.
#[derive(Debug, Error)]
pub enum Failure {
    /// The capture cannot be opened.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// There is no report.
    #[error("{0}")]
    Report(String),
    /// There is no terminal, or it fails.
    #[error("{0}")]
    Terminal(#[from] io::Error),
    /// A fault of the program's, which has been said.
    #[error("the inspector has failed; nothing of the capture was changed")]
    Internal,
}

/// What is shown on a terminal.
trait Scene {
    /// Reads what is about to be drawn.
    fn look(&mut self);
    /// Draws it.
    fn draw(&self, frame: &mut Frame<'_>);
    /// Waits: whether something happened, and whether all is to be drawn anew.
    fn wait(&mut self, timeout: Duration) -> (bool, bool);
    /// Text for the clipboard that nobody has taken yet.
    fn clipboard(&mut self) -> Option<String>;
    /// Whether this is the end.
    fn has_ended(&self) -> bool;
}

impl Scene for Session {
    fn look(&mut self) {
        Session::look(self);
    }

    fn draw(&self, frame: &mut Frame<'_>) {
        view::draw(&self.state, frame);
    }

    fn wait(&mut self, timeout: Duration) -> (bool, bool) {
        Session::wait(self, timeout)
    }

    fn clipboard(&mut self) -> Option<String> {
        self.clipboard.take()
    }

    fn has_ended(&self) -> bool {
        self.state.quit
    }
}

impl Scene for Watch {
    fn look(&mut self) {
        Watch::look(self);
    }

    fn draw(&self, frame: &mut Frame<'_>) {
        Watch::draw(self, frame);
    }

    fn wait(&mut self, timeout: Duration) -> (bool, bool) {
        Watch::wait(self, timeout)
    }

    fn clipboard(&mut self) -> Option<String> {
        self.evidence.as_mut()?.clipboard.take()
    }

    fn has_ended(&self) -> bool {
        self.board.quit
    }
}

/// Runs the inspector until somebody quits. Gives why the capture could not be
/// read to its end, if so.
pub fn run(config: Config) -> Result<Option<String>, Failure> {
    // What is wrong with a capture is said even where there is no terminal.
    let mut session = Session::new(config, terminal::size().unwrap_or((80, 24)))?;
    let sender = session.sender();
    play(&mut session, Screen::take(move |msg| sender.send(msg).is_ok())?)?;
    saved::save(&session.state.settings)?;
    Ok(session.state.capture.error.clone())
}

/// Shows a report until somebody quits.
pub fn watch(config: WatchConfig) -> Result<(), Failure> {
    let size = terminal::size().unwrap_or((80, 24));
    let mut watch = Watch::new(config, size).map_err(Failure::Report)?;
    let sender = watch.sender();
    play(&mut watch, Screen::take(move |msg| sender.send(Told::Screen(msg)).is_ok())?)?;
    saved::save(&watch.board.settings)?;
    Ok(())
}

fn play(scene: &mut impl Scene, mut screen: Screen) -> Result<(), Failure> {
    let mut redraw = false;
    let mut changed = true;
    while !scene.has_ended() {
        if changed {
            if redraw {
                screen.clear()?;
            }
            scene.look();
            screen.terminal.draw(|frame| scene.draw(frame))?;
        }
        (changed, redraw) = scene.wait(TICK);
        if let Some(text) = scene.clipboard() {
            Screen::copy(&text)?;
        }
        if has_panicked() {
            return Err(Failure::Internal);
        }
    }
    Ok(())
}
