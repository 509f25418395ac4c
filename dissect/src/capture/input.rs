//! A buffer over any input, of a size that does not grow with it.

use std::io::{self, Read};
use std::ops::Range;

use flate2::read::MultiGzDecoder;

use super::CaptureError;

/// Fits into a second-level cache, so that the copy out of the kernel is read
/// back from there.
const BUFFER: usize = 128 * 1024;

/// No record of a capture is believed to be larger.
pub(super) const MAX_RECORD: usize = 16 * 1024 * 1024;

/// What gzip begins with, RFC 1952 2.3.1.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What a reader gives, decompressed if it begins as gzip does, and whether it
/// does.
pub fn plain<'r>(mut reader: impl Read + 'r) -> io::Result<(Box<dyn Read + 'r>, bool)> {
    let mut head = Vec::new();
    reader.by_ref().take(MAGIC.len() as u64).read_to_end(&mut head)?;
    let compressed = head == MAGIC;
    let whole = io::Cursor::new(head).chain(reader);
    Ok((
        if compressed { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) },
        compressed,
    ))
}

pub(super) struct Input {
    reader: Box<dyn Read>,
    buffer: Vec<u8>,
    /// First octet not consumed.
    start: usize,
    /// End of what has been read.
    end: usize,
    /// Octets consumed before `start`.
    consumed: u64,
}

impl Input {
    /// Looks for gzip and decompresses it.
    pub(super) fn new(reader: Box<dyn Read>) -> Result<Self, CaptureError> {
        let mut plain = Self::plain(reader);
        if plain.peek(2)? != MAGIC {
            return Ok(plain);
        }
        let head = io::Cursor::new(plain.buffer[..plain.end].to_vec());
        Ok(Self::plain(Box::new(MultiGzDecoder::new(head.chain(plain.reader)))))
    }

    fn plain(reader: Box<dyn Read>) -> Self {
        Self { reader, buffer: vec![0; BUFFER], start: 0, end: 0, consumed: 0 }
    }

    /// Octets consumed so far.
    pub(super) fn position(&self) -> u64 {
        self.consumed
    }

    /// Up to `n` octets from here without consuming them; fewer at the end.
    #[inline]
    pub(super) fn peek(&mut self, n: usize) -> Result<&[u8], CaptureError> {
        if self.end - self.start < n {
            self.fill(n)?;
        }
        Ok(&self.buffer[self.start..self.end.min(self.start + n)])
    }

    /// Consumes `n` octets that `peek` has shown; `get` finds them until the
    /// next `peek`.
    #[inline]
    pub(super) fn consume(&mut self, n: usize) -> Range<usize> {
        let range = self.start..self.start + n;
        self.start += n;
        self.consumed += n as u64;
        range
    }

    /// What the ranges of `consume` are in.
    #[inline]
    pub(super) fn octets(&self) -> &[u8] {
        &self.buffer
    }

    #[cold]
    fn fill(&mut self, n: usize) -> Result<(), CaptureError> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < n {
            self.buffer.resize(n.min(MAX_RECORD), 0);
        }
        while self.end < n {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => break,
                Ok(got) => self.end += got,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => {
                    let at = self.consumed + self.end as u64;
                    return Err(CaptureError::Read { at, source });
                }
            }
        }
        Ok(())
    }
}
