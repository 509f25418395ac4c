//! Key files: security associations as this program writes them down, and as
//! others do; keys of Mobile IPv6's own messages as this program does.
//!
//! - YAML, see [`yaml`];
//! - Wireshark's `esp_sa` table;
//! - what `ip xfrm state` prints (as root, for it hides keys from others);
//! - `add` commands of `setkey`.
//!
//! A file may also hold a [policy]: in YAML, alone in its
//! notation, as `ip xfrm policy` prints it, or as `spdadd` commands.
//!
//! Errors say where and what, and never show a key.

mod esp_sa;
mod mobility;
pub(crate) mod setkey;
#[cfg(test)]
mod tests;
pub(crate) mod text;
pub(crate) mod xfrm;
pub mod yaml;

use std::io::Read;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::algorithm::{Encryption, Integrity, KeyError};
use crate::association::{Association, Associations, Mode, Protocol};
use crate::mobility::authentication::AuthenticationKeys;
use crate::mobility::local::LocalKeys;
use crate::policy::{self, Policy};

/// What a key file holds.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Security associations of IPsec.
    pub associations: Associations,
    /// Keys of the authentication option, RFC 4285.
    pub authentication: AuthenticationKeys,
    /// Keys of Local Key Exchange.
    pub local: LocalKeys,
    /// Policies of nodes, if it has any.
    pub policy: Option<Policy>,
    /// Files that were read, the key file first.
    pub files: Vec<PathBuf>,
}

/// What can be wrong with a key file.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// It cannot be read.
    #[error("{path}: cannot read keys: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{path}:{line}:{column}: {message}")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// Column, from 1.
        column: u64,
        /// What is wrong, and what was expected.
        message: String,
    },
}

impl KeyFileError {
    /// A fault in a file, or in another that it names.
    pub(crate) fn at(path: &Path, fault: Fault) -> Self {
        let Fault { file, line, column, message } = fault;
        Self::Wrong { path: file.unwrap_or_else(|| path.to_owned()), line, column, message }
    }
}

/// A fault in the text of a key file, before its name is known.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Another file that it is in.
    file: Option<PathBuf>,
    line: u64,
    column: u64,
    message: String,
}

impl Fault {
    pub(crate) fn new(line: usize, column: usize, message: impl Into<String>) -> Self {
        Self { file: None, line: line as u64, column: column as u64, message: message.into() }
    }

    /// Line and column.
    pub(crate) fn place(&self) -> (u64, u64) {
        (self.line, self.column)
    }

    fn in_file(self, path: &Path) -> Self {
        Self { file: Some(path.to_owned()), ..self }
    }
}

/// Reads the keys in a key file of any of the forms.
pub fn load(path: &Path) -> Result<Keys, KeyFileError> {
    parse(path, &text_of(path)?)
}

/// Reads the keys in the text of a key file; `path` is what errors call it, and
/// files that it names are looked for beside it. Policies of other programs are
/// not looked at.
pub fn parse(path: &Path, text: &str) -> Result<Keys, KeyFileError> {
    contents(path, text, false)
}

/// Reads keys and policy of a file of any of the forms.
pub fn read(path: &Path) -> Result<Keys, KeyFileError> {
    parse_file(path, &text_of(path)?)
}

/// Reads keys and policy in the text of a file.
pub fn parse_file(path: &Path, text: &str) -> Result<Keys, KeyFileError> {
    contents(path, text, true)
}

/// Reads a text; one that has no end is no key file.
pub(crate) fn read_text(path: &Path) -> std::io::Result<String> {
    const MOST: u64 = 64 * 1024 * 1024;
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    if file.take(MOST + 1).read_to_string(&mut text)? as u64 > MOST {
        let message = format!("more than {} MiB, which no keys need", MOST >> 20);
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, message));
    }
    Ok(text)
}

fn text_of(path: &Path) -> Result<String, KeyFileError> {
    read_text(path).map_err(|source| KeyFileError::Read { path: path.to_owned(), source })
}

/// `foreign` is whether policies of other programs are wanted.
fn contents(path: &Path, text: &str, foreign: bool) -> Result<Keys, KeyFileError> {
    let mut keys = Keys { files: vec![path.to_owned()], ..Keys::default() };
    let first = text.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('#'));
    let with = |drafts, policy: fn(&str) -> Result<Option<Policy>, Fault>| {
        Ok((drafts, if foreign { policy(text)? } else { None }))
    };
    let found = match first.unwrap_or_default() {
        l if l.starts_with('"') || l.starts_with("esp_sa:") => {
            esp_sa::parse(text).map(|drafts| (drafts, None))
        }
        l if l.starts_with("src ") => xfrm::parse(text).and_then(|d| with(d, policy::xfrm)),
        l if ["add ", "flush", "spdadd ", "spdflush"].iter().any(|w| l.starts_with(w)) => {
            setkey::parse(text).and_then(|d| with(d, policy::setkey))
        }
        l if policy::is_heading(l) => policy::read(text, policy::Origin::START)
            .and_then(|written| policy::bind(written, &policy::Names::default()))
            .map(|policy| (Vec::new(), Some(policy))),
        _ => yaml::parse(text, &mut keys),
    };
    let found = found.and_then(|(drafts, policy)| {
        for draft in drafts {
            draft.add_to(&mut keys.associations)?;
        }
        keys.policy = policy.map(|mut p: Policy| {
            if p.path.as_os_str().is_empty() {
                path.clone_into(&mut p.path);
            }
            p
        });
        Ok(keys)
    });
    found.map_err(|fault| KeyFileError::at(path, fault))
}

/// Whether others than its owner can read a file: keys are nobody else's.
pub fn is_exposed(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// A word and where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl<T> Placed<T> {
    pub(crate) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.line, self.column, message)
    }
}

/// An association as a file has it, to be checked and set up.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    name: Option<String>,
    pub(crate) protocol: Option<Protocol>,
    pub(crate) spi: Placed<u32>,
    pub(crate) source: Option<IpAddr>,
    pub(crate) destination: Option<IpAddr>,
    pub(crate) mode: Mode,
    /// What kernels tie policies to associations with.
    pub(crate) reqid: Option<u32>,
    extended: bool,
    encryption: Option<Algorithm<Encryption>>,
    integrity: Option<Algorithm<Integrity>>,
}

/// An algorithm and its key.
pub(crate) struct Algorithm<T> {
    algorithm: Placed<T>,
    key: Placed<Vec<u8>>,
}

impl<T: std::fmt::Debug> std::fmt::Debug for Algorithm<T> {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.algorithm.value.fmt(f)
    }
}

impl Draft {
    fn add_to(self, all: &mut Associations) -> Result<(), Fault> {
        let spi = self.spi.value;
        let key = |k: &Option<Algorithm<Encryption>>| match k {
            Some(a) => (a.algorithm.value, a.key.value.clone()),
            None => (Encryption::Null, Vec::new()),
        };
        let (encryption, encryption_key) = key(&self.encryption);
        let (integrity, integrity_key) = match &self.integrity {
            Some(a) => (a.algorithm.value, a.key.value.clone()),
            None => (Integrity::Null, Vec::new()),
        };
        let made = match self.protocol.unwrap_or(Protocol::Esp) {
            Protocol::Esp => {
                Association::esp(spi, (encryption, &encryption_key), (integrity, &integrity_key))
            }
            Protocol::Ah if self.encryption.is_some() => {
                return Err(self.spi.fault("AH encrypts nothing: expected an integrity algorithm"));
            }
            Protocol::Ah => Association::ah(spi, (integrity, &integrity_key)),
        };
        let mut a = made.map_err(|e| {
            // Both name their algorithm: put the fault at the right key.
            let encryption = self.encryption.as_ref().filter(|_| {
                matches!(&e, KeyError::Size { algorithm, .. } if *algorithm == encryption.name())
            });
            match (encryption, &self.integrity) {
                (Some(a), _) => a.key.fault(e.to_string()),
                (None, Some(a)) => a.key.fault(e.to_string()),
                (None, None) => self.spi.fault(e.to_string()),
            }
        })?;
        if spi == 0 {
            return Err(self.spi.fault("an SPI is not 0 (RFC 4303 2.1)"));
        }
        if let Some(name) = self.name {
            a.name = name;
        }
        a.source = self.source;
        a.destination = self.destination;
        a.mode = self.mode;
        a.extended = self.extended;
        all.add(a).map_err(|e| self.spi.fault(e.to_string()))
    }
}
