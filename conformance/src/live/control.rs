//! How a node that stands alone is asked and told: a line of JSON for each request,
//! one for its answer, over a socket of the file system.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::roles::Command;

/// What a node can be asked or told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Request {
    /// What it has: bindings, associations, counters.
    State {},
    /// Its faults.
    Faults {},
    /// To have a fault, or to have it no more.
    Fault {
        /// Its name.
        name: String,
        /// Whether it has it.
        on: bool,
    },
    /// To be another node, by the text of a node's file, on no link yet.
    Configure {
        /// The file.
        file: String,
    },
    /// That an interface has come to a link, or has been cut off.
    Link {
        /// Which of its interfaces.
        interface: u16,
        /// The name of the link.
        link: Option<String>,
    },
    /// To do something.
    Command(Command),
    /// To end.
    Stop {},
}

/// What it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Answer {
    /// Why it was not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it has, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub state: BTreeMap<String, String>,
    /// Its faults.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
}

impl Answer {
    /// It was not done.
    pub(super) fn error(why: &impl ToString) -> Self {
        Self { error: Some(why.to_string()), ..Self::default() }
    }
}

/// The node's end.
#[derive(Debug)]
pub(super) struct Server {
    path: PathBuf,
    listener: UnixListener,
    asking: Vec<Asking>,
}

/// Somebody who asks.
#[derive(Debug)]
struct Asking {
    stream: UnixStream,
    /// What has come of a line.
    line: Vec<u8>,
}

/// Askers at a time.
const MOST: usize = 16;
/// Octets of the longest request.
const LONGEST: usize = 1 << 20;

impl Server {
    /// Listens at a path, for its owner alone. A socket that nobody listens at any
    /// more is replaced.
    pub(super) fn listen(path: &Path) -> io::Result<Self> {
        let old = std::fs::symlink_metadata(path);
        if old.is_ok_and(|m| m.file_type().is_socket()) {
            if UnixStream::connect(path).is_ok() {
                let message = "a node that runs already listens there";
                return Err(io::Error::new(ErrorKind::AddrInUse, message));
            }
            std::fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        listener.set_nonblocking(true)?;
        Ok(Self { path: path.to_owned(), listener, asking: Vec::new() })
    }

    /// What becomes readable when somebody asks.
    pub(super) fn descriptors(&self) -> Vec<BorrowedFd<'_>> {
        let asking = self.asking.iter().map(|a| a.stream.as_fd());
        std::iter::once(self.listener.as_fd()).chain(asking).collect()
    }

    /// Answers those who have asked.
    pub(super) fn serve(&mut self, mut answer: impl FnMut(Request) -> Answer) {
        while let Ok((stream, _)) = self.listener.accept() {
            if self.asking.len() < MOST && stream.set_nonblocking(true).is_ok() {
                self.asking.push(Asking { stream, line: Vec::new() });
            }
        }
        self.asking.retain_mut(|a| a.serve(&mut answer));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If it is gone already, so much the better.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Asking {
    /// Answers what has come; whether more may come.
    fn serve(&mut self, answer: &mut impl FnMut(Request) -> Answer) -> bool {
        let mut piece = [0; 4096];
        loop {
            match self.stream.read(&mut piece) {
                Ok(0) => return false,
                Ok(n) => self.line.extend_from_slice(piece.get(..n).unwrap_or_default()),
                Err(e) if e.kind() == ErrorKind::WouldBlock => break,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
            if self.line.len() > LONGEST {
                return false;
            }
        }
        while let Some(end) = self.line.iter().position(|o| *o == b'\n') {
            let line: Vec<u8> = self.line.drain(..=end).collect();
            let told = match serde_json::from_slice(&line) {
                Ok(request) => answer(request),
                Err(e) => Answer::error(&format!("this is no request: {e}")),
            };
            let Ok(mut text) = serde_json::to_vec(&told) else { return false };
            text.push(b'\n');
            // An answer is short: who does not read it is given up.
            if self.stream.set_nonblocking(false).is_err()
                || self.stream.set_write_timeout(Some(Duration::from_millis(100))).is_err()
                || self.stream.write_all(&text).is_err()
                || self.stream.set_nonblocking(true).is_err()
            {
                return false;
            }
        }
        true
    }
}

/// The end of who asks.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<UnixStream>,
}

impl Client {
    /// Connects to the socket of a node, which has so long for every answer.
    pub fn connect(path: &Path, within: Duration) -> io::Result<Self> {
        let stream = UnixStream::connect(path)?;
        stream.set_read_timeout(Some(within))?;
        stream.set_write_timeout(Some(within))?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Asks, and waits for the answer.
    pub fn ask(&mut self, request: &Request) -> io::Result<Answer> {
        let mut text = serde_json::to_vec(request)?;
        text.push(b'\n');
        self.stream.get_mut().write_all(&text)?;
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(serde_json::from_str(&line)?)
    }
}
