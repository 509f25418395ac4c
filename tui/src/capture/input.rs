//! The file behind a capture. What cannot be read twice (standard input, pipes,
//! compressed files) is put by, decompressed, in a file without a name.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(feature = "libpcap")]
use mip6_dissect::capture::LiveCapture;
use mip6_dissect::capture::{Capture, CaptureError, plain};

#[cfg(feature = "libpcap")]
use super::live::Live;

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
    /// Octets of frames that are put by; then capturing ends.
    pub limit: u64,
}

/// A capture that has been opened: its octets can be read in any order.
pub struct Opened {
    /// What people call it.
    pub name: String,
    /// Where it was found, if it was not put by.
    pub path: Option<PathBuf>,
    /// What is read: the file itself, or what was put by of it so far.
    pub file: Arc<File>,
    /// What is put by, and not read yet.
    pub(super) stream: Option<Stream>,
}

/// What can be read once.
pub(super) enum Stream {
    /// A capture, perhaps compressed.
    Octets(Box<dyn Read + Send>),
    /// Frames as they come.
    #[cfg(feature = "libpcap")]
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
        let file = Arc::new(file);
        // Says what is wrong while there is somebody to read it.
        Capture::from_reader(At::new(&file))?;
        Ok(Self { name, path: Some(path.clone()), file, stream: None })
    }

    fn put_by(name: String, stream: Box<dyn Read + Send>) -> Result<Self, CaptureError> {
        let file = Arc::new(tempfile::tempfile().map_err(CaptureError::Open)?);
        Ok(Self { name, path: None, file, stream: Some(Stream::Octets(stream)) })
    }

    #[cfg(feature = "libpcap")]
    fn live(interface: &Interface) -> Result<Self, CaptureError> {
        let capture = LiveCapture::open(&interface.name, interface.filter.as_deref())?;
        let capture = capture.without_waiting()?;
        let file = Arc::new(tempfile::tempfile().map_err(CaptureError::Open)?);
        let live = Live::new(capture, &file, interface.limit).map_err(CaptureError::Open)?;
        let stream = Some(Stream::Live(Box::new(live)));
        Ok(Self { name: interface.name.clone(), path: None, file, stream })
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

/// Reads a file from its beginning, whoever else reads it.
#[derive(Debug)]
pub(crate) struct At {
    file: Arc<File>,
    at: u64,
}

impl At {
    pub(crate) fn new(file: &Arc<File>) -> Self {
        Self { file: Arc::clone(file), at: 0 }
    }

    /// Octets read so far.
    pub(super) fn position(&self) -> u64 {
        self.at
    }
}

impl Read for At {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read_at(buffer, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}

/// Reads a stream, decompressed, and puts by what it reads.
pub(super) struct Spool {
    stream: Box<dyn Read>,
    file: Arc<File>,
}

impl Spool {
    pub(super) fn new(stream: Box<dyn Read + Send>, file: &Arc<File>) -> io::Result<Self> {
        let (stream, _) = plain(stream)?;
        Ok(Self { stream, file: Arc::clone(file) })
    }
}

impl Read for Spool {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        let mut file = &*self.file;
        file.write_all(buffer.get(..n).unwrap_or_default())?;
        Ok(n)
    }
}
