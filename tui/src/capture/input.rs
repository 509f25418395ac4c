//! The file behind a capture. What cannot be read twice (standard input, pipes,
//! compressed files) is put by, decompressed, in a file without a name.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(feature = "libpcap")]
use mip6_dissect::capture::LiveCapture;
use mip6_dissect::capture::{Capture, CaptureError, plain};

#[cfg(any(feature = "libpcap", test))]
use super::live::Live;
#[cfg(feature = "libpcap")]
use super::live::Wire;
use super::{Start, Store};

/// What is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A capture file; `-` is standard input.
    File(PathBuf),
    /// An interface.
    Interface(Interface),
}

/// An interface to capture from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its name.
    pub name: String,
    /// Capture filter in libpcap's syntax.
    pub filter: Option<String>,
    /// Octets of frames that are kept, the newest; never fewer than 8 MiB.
    pub limit: u64,
}

/// A capture that has been opened: its octets can be read in any order.
pub struct Opened {
    /// What people call it.
    pub name: String,
    /// Where it was found, if it was not put by.
    pub path: Option<PathBuf>,
    /// What is read: the file itself, or what was put by of it so far.
    pub file: Arc<Store>,
    /// What is put by, and not read yet.
    pub(super) stream: Option<Stream>,
}

/// What can be read once.
pub(super) enum Stream {
    /// A capture, perhaps compressed.
    Octets(Box<dyn Read + Send>),
    /// Frames as they come.
    #[cfg(any(feature = "libpcap", test))]
    Live(Box<Live>),
}

/// What has become of a file since it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Its name is gone, or names another file.
    Name,
    /// It has become shorter than what was read of it.
    Octets,
}

impl Opened {
    /// Opens a capture; fails where it is none, or cannot be read.
    pub fn new(source: &Source) -> Result<Self, CaptureError> {
        let path = match source {
            Source::File(path) => path,
            Source::Interface(interface) => return Self::live(interface),
        };
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        if path.as_os_str() == "-" {
            return Self::put_by("standard input".to_owned(), Box::new(io::stdin()));
        }
        let file = File::open(path).map_err(CaptureError::Open)?;
        let meta = file.metadata().map_err(CaptureError::Open)?;
        if meta.is_dir() {
            return Err(CaptureError::Directory);
        }
        let mut head = [0; 2];
        let compressed =
            meta.is_file() && file.read_exact_at(&mut head, 0).is_ok() && head == [0x1f, 0x8b];
        if compressed || !meta.is_file() {
            return Self::put_by(name, Box::new(file));
        }
        let file = Arc::new(Store::new(file));
        // Says what is wrong while there is somebody to read it.
        Capture::from_reader(At::new(&file))?;
        Ok(Self { name, path: Some(path.clone()), file, stream: None })
    }

    fn put_by(name: String, stream: Box<dyn Read + Send>) -> Result<Self, CaptureError> {
        let file = Arc::new(Store::new(tempfile::tempfile().map_err(CaptureError::Open)?));
        Ok(Self { name, path: None, file, stream: Some(Stream::Octets(stream)) })
    }

    #[cfg(feature = "libpcap")]
    fn live(interface: &Interface) -> Result<Self, CaptureError> {
        let filter = interface.filter.as_deref();
        let capture = LiveCapture::open_for_many(&interface.name, filter)?;
        let name = interface.name.clone();
        let wire = Wire { capture, name: name.clone() };
        Self::coming(name, Box::new(wire), interface.limit)
    }

    /// Frames as they come; so many octets of them are kept.
    #[cfg(any(feature = "libpcap", test))]
    pub(crate) fn coming(
        name: String,
        frames: Box<dyn super::live::Coming + Send>,
        limit: u64,
    ) -> Result<Self, CaptureError> {
        let live = Live::new(frames, limit).map_err(CaptureError::Open)?;
        let file = Arc::clone(live.store());
        Ok(Self { name, path: None, file, stream: Some(Stream::Live(Box::new(live))) })
    }

    #[cfg(not(feature = "libpcap"))]
    fn live(interface: &Interface) -> Result<Self, CaptureError> {
        Err(CaptureError::Live(format!(
            "cannot capture from interface {}: this mip6 was built without libpcap (feature \
             `libpcap`)",
            interface.name
        )))
    }

    /// What has become of the file, of which `read` octets have been read.
    pub fn gone(path: &Path, file: &File, read: u64) -> Option<Gone> {
        let Ok(now) = file.metadata() else { return Some(Gone::Name) };
        if now.len() < read {
            return Some(Gone::Octets);
        }
        let same = std::fs::metadata(path)
            .is_ok_and(|named| (named.dev(), named.ino()) == (now.dev(), now.ino()));
        (!same).then_some(Gone::Name)
    }
}

/// Reads octets from the beginning, whoever else reads them; of a ring, the head
/// and then what is kept.
#[derive(Debug)]
pub(crate) struct At {
    store: Arc<Store>,
    next: u64,
    /// Where the head ends, and where it goes on.
    jump: (u64, u64),
}

impl At {
    pub(crate) fn new(store: &Arc<Store>) -> Self {
        Self::from(store, store.start())
    }

    /// From a frame on.
    pub(crate) fn from(store: &Arc<Store>, start: Start) -> Self {
        Self { store: Arc::clone(store), next: 0, jump: (store.head(), start.offset) }
    }

    /// Octets read so far.
    pub(super) fn position(&self) -> u64 {
        self.next
    }
}

impl Read for At {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (head, start) = self.jump;
        if self.next == head {
            self.next = start;
        }
        let len = if self.next < head {
            buffer.len().min((head - self.next) as usize)
        } else {
            buffer.len()
        };
        let n = self.store.read_at(buffer.get_mut(..len).unwrap_or_default(), self.next)?;
        self.next += n as u64;
        Ok(n)
    }
}

/// Reads a stream, decompressed, and puts by what it reads.
pub(super) struct Spool {
    stream: Box<dyn Read>,
    file: Arc<Store>,
}

impl Spool {
    pub(super) fn new(stream: Box<dyn Read + Send>, file: &Arc<Store>) -> io::Result<Self> {
        let (stream, _) = plain(stream)?;
        Ok(Self { stream, file: Arc::clone(file) })
    }
}

impl Read for Spool {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        self.file.append(buffer.get(..n).unwrap_or_default())?;
        Ok(n)
    }
}
