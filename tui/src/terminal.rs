//! The terminal: taken, and given back whatever happens.

use std::io::{self, IsTerminal, Stdout, Write, stdout};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::spawn;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{
    self, DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
    Event,
};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::layout::Rect;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::update::Msg;

/// Some thread has panicked.
static PANICKED: AtomicBool = AtomicBool::new(false);
/// The terminal is ours.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, given back when this is dropped.
pub(crate) struct Screen {
    /// To draw on.
    pub(crate) terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes the terminal; keys, mouse and signals are told from now on, until
    /// nobody listens.
    pub(crate) fn take<T>(tell: T) -> io::Result<Self>
    where
        T: Fn(Msg) -> bool + Clone + Send + 'static,
    {
        if !stdout().is_terminal() {
            return Err(io::Error::other(
                "standard output is no terminal; `mip6 dissect` prints packets",
            ));
        }
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICKED.store(true, Ordering::Relaxed);
            give_back();
            before(info);
        }));
        let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
        let end = tell.clone();
        spawn(move || {
            for _ in signals.forever() {
                if !end(Msg::End) {
                    break;
                }
            }
        });
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::Relaxed);
        execute!(stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste)
            .inspect_err(|_| give_back())?;
        spawn(move || listen(&tell));
        let terminal =
            Terminal::new(CrosstermBackend::new(stdout())).inspect_err(|_| give_back())?;
        Ok(Self { terminal })
    }

    /// Forgets what is on the screen: all of it is drawn the next time.
    ///
    /// `Terminal::clear` asks the terminal where its cursor is, and would wait in
    /// vain for the answer, which goes to the thread that listens for keys.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Puts a text into the clipboard of the terminal, by the control sequence
    /// OSC 52.
    pub(crate) fn copy(text: &str) -> io::Result<()> {
        let mut out = stdout();
        write!(out, "\x1b]52;c;{}\x07", base64(text.as_bytes()))?;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Whether some thread has panicked: what is shown may be wrong.
pub(crate) fn has_panicked() -> bool {
    PANICKED.load(Ordering::Relaxed)
}

/// Gives the terminal back, once.
fn give_back() {
    if !TAKEN.swap(false, Ordering::Relaxed) {
        return;
    }
    // A terminal that is gone needs nothing.
    let _ = execute!(stdout(), DisableBracketedPaste, DisableMouseCapture, LeaveAlternateScreen);
    let _ = disable_raw_mode();
}

fn listen(tell: &impl Fn(Msg) -> bool) {
    loop {
        let msg = match event::read() {
            Ok(Event::Key(key)) => Msg::Key(key),
            Ok(Event::Mouse(mouse)) => Msg::Mouse(mouse),
            Ok(Event::Paste(text)) => Msg::Paste(text),
            Ok(Event::Resize(width, height)) => Msg::Resize(width, height),
            Ok(_) => continue,
            // The terminal is gone.
            Err(_) => Msg::End,
        };
        let end = matches!(msg, Msg::End);
        if !tell(msg) || end {
            return;
        }
    }
}

/// Octets in Base64, RFC 4648 4.
fn base64(octets: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(octets.len().div_ceil(3) * 4);
    for three in octets.chunks(3) {
        let word = three.iter().enumerate().fold(0, |w, (i, o)| w | u32::from(*o) << (16 - 8 * i));
        for i in 0..4 {
            if i > three.len() {
                out.push('=');
            } else if let Some(digit) = DIGITS.get((word >> (18 - 6 * i) & 63) as usize) {
                out.push(char::from(*digit));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    /// RFC 4648 section 10.
    #[test]
    fn base64_is_that_of_the_rfc() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, wanted) in vectors {
            assert_eq!(base64(text.as_bytes()), wanted);
        }
    }
}
