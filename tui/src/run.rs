//! From the command line to the end.

use std::io;
use std::time::Duration;

use mip6_dissect::capture::CaptureError;
use ratatui::crossterm::terminal;
use thiserror::Error;

use crate::terminal::{Screen, has_panicked};
use crate::{Config, Session, saved, view};

/// How long nothing may happen before somebody looks whether something has.
const TICK: Duration = Duration::from_millis(250);

/// Why the inspector could not begin, or ended.
#[derive(Debug, Error)]
pub enum Failure {
    /// The capture cannot be opened.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// There is no terminal, or it fails.
    #[error("{0}")]
    Terminal(#[from] io::Error),
    /// A fault of the program's, which has been said.
    #[error("the inspector has failed; nothing of the capture was changed")]
    Internal,
}

/// Runs the inspector until somebody quits. Gives why the capture could not be
/// read to its end, if so.
pub fn run(config: Config) -> Result<Option<String>, Failure> {
    // What is wrong with a capture is said even where there is no terminal.
    let mut session = Session::new(config, terminal::size().unwrap_or((80, 24)))?;
    let mut screen = Screen::take(session.sender())?;
    let mut redraw = false;
    let mut changed = true;
    while !session.state.quit {
        if changed {
            if redraw {
                screen.terminal.clear()?;
            }
            session.look();
            screen.terminal.draw(|frame| view::draw(&session.state, frame))?;
        }
        (changed, redraw) = session.wait(TICK);
        if let Some(text) = session.clipboard.take() {
            Screen::copy(&text)?;
        }
        if has_panicked() {
            return Err(Failure::Internal);
        }
    }
    drop(screen);
    saved::save(&session.state.settings)?;
    Ok(session.state.capture.error.clone())
}
