//! Standard output and standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, StdoutLock, Write};

use mip6_dissect::tree::escape_line;

use crate::exit::Exit;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Whoever read standard output is gone: there is nobody to talk to.
    ReaderGone,
    /// Something to be said on standard error.
    Failed(Exit, String),
}

impl From<io::Error> for Stop {
    fn from(e: io::Error) -> Self {
        match e.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Failed(Exit::Environment, format!("cannot write standard output: {e}")),
        }
    }
}

impl From<serde_json::Error> for Stop {
    fn from(e: serde_json::Error) -> Self {
        io::Error::from(e).into()
    }
}

impl Stop {
    /// Wrong usage or unreadable input.
    pub(crate) fn input(message: impl Display) -> Self {
        Self::Failed(Exit::Input, message.to_string())
    }
}

/// Buffered standard output.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 * 1024, io::stdout().lock())
}

/// Says something on standard error, on one line for each line of it, without
/// anything that controls a terminal.
pub(crate) fn complain(message: &str) {
    let mut err = io::stderr().lock();
    for (i, line) in message.lines().enumerate() {
        let lead = if i == 0 { "mip6: " } else { "      " };
        // Nobody can be told that nobody can be told.
        let _ = writeln!(err, "{lead}{}", escape_line(line));
    }
}

/// Whether to write colour: on a terminal that wants it. `NO_COLOR`,
/// `CLICOLOR_FORCE` and the like count.
pub(crate) fn use_color() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}
