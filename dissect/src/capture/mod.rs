//! Capture files and streams: frames out, one at a time, with flat memory; and
//! frames in, to files.

mod error;
mod find;
mod input;
#[cfg(feature = "libpcap")]
mod live;
mod pcap;
mod pcapng;
mod place;
mod write;

pub use error::CaptureError;
pub use find::{FindError, find};
pub use input::plain;
#[cfg(feature = "libpcap")]
pub use live::LiveCapture;
pub use place::{Place, Places};
pub use write::{CaptureWriter, FileFormat};

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::time::SystemTime;

use input::Input;

/// One captured frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Number in the capture, from 1.
    pub number: u64,
    /// When it was captured.
    pub time: Timestamp,
    /// Octets it had on the link.
    pub len: u32,
    /// Octets that were captured.
    pub data: &'a [u8],
    /// What the octets begin with.
    pub link: LinkType,
    /// Index of the interface in the capture.
    pub interface: u32,
    /// What somebody wrote beside it (pcapng, the first opt_comment), UTF-8;
    /// empty if nobody did.
    pub comment: &'a [u8],
}

/// A point in time: seconds since 1970-01-01 UTC and nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    pub secs: i64,
    /// Nanoseconds, below 10^9.
    pub nanos: u32,
}

impl fmt::Display for Timestamp {
    /// As RFC 3339 has it, UTC, with nanoseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mip6_wire::layout::timestamp(self.secs, self.nanos, f)
    }
}

impl From<SystemTime> for Timestamp {
    /// What is before 1970 becomes its beginning.
    fn from(at: SystemTime) -> Self {
        let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { secs: since.as_secs() as i64, nanos: since.subsec_nanos() }
    }
}

impl Timestamp {
    /// Time since `earlier`: seconds and nanoseconds, with a sign.
    pub fn since(self, earlier: Self) -> (bool, u64, u32) {
        let total = |t: Self| i128::from(t.secs) * 1_000_000_000 + i128::from(t.nanos);
        let d = total(self) - total(earlier);
        let a = d.unsigned_abs();
        (d < 0, (a / 1_000_000_000) as u64, (a % 1_000_000_000) as u32)
    }
}

/// Number of a link type, as in <https://www.tcpdump.org/linktypes.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkType(pub u32);

#[allow(missing_docs, reason = "names as in the list of link types")]
impl LinkType {
    pub const NULL: Self = Self(0);
    pub const ETHERNET: Self = Self(1);
    pub const RAW_BSD: Self = Self(12);
    pub const RAW_OPENBSD: Self = Self(14);
    pub const RAW: Self = Self(101);
    pub const IEEE802_11: Self = Self(105);
    pub const LOOP: Self = Self(108);
    pub const LINUX_SLL: Self = Self(113);
    pub const IEEE802_11_RADIOTAP: Self = Self(127);
    pub const IPV4: Self = Self(228);
    pub const IPV6: Self = Self(229);
    pub const LINUX_SLL2: Self = Self(276);

    /// Whether frames of this type can be dissected.
    pub fn is_known(self) -> bool {
        matches!(
            self,
            Self::NULL
                | Self::ETHERNET
                | Self::RAW_BSD
                | Self::RAW_OPENBSD
                | Self::RAW
                | Self::IEEE802_11
                | Self::LOOP
                | Self::LINUX_SLL
                | Self::IEEE802_11_RADIOTAP
                | Self::IPV4
                | Self::IPV6
                | Self::LINUX_SLL2
        )
    }

    /// Whether nodes have addresses on links of this type. Cooked captures may
    /// come from links that have and links that have not.
    pub fn has_addresses(self) -> bool {
        matches!(self, Self::ETHERNET | Self::IEEE802_11 | Self::IEEE802_11_RADIOTAP)
    }
}

/// Reads a capture frame by frame: pcap or pcapng, of either octet order,
/// perhaps compressed by gzip.
pub struct Capture {
    input: Input,
    format: Format,
    frames: u64,
    /// Set once the input has failed: nothing after that is believed.
    done: bool,
    /// Octets of the record or block that was read last.
    last: u32,
    /// Of sections that are over, if somebody wants to read frames again.
    places: Option<Places>,
}

enum Format {
    Pcap(pcap::Pcap),
    PcapNg(pcapng::PcapNg),
}

/// What a format reader found: where the frame is and what is known of it.
struct Found {
    data: std::ops::Range<usize>,
    time: Timestamp,
    len: u32,
    link: LinkType,
    interface: u32,
    comment: std::ops::Range<usize>,
    /// Octets of the record or block as a whole.
    octets: u32,
}

impl Found {
    /// The frame, of which the ranges count from the start of `octets`.
    fn frame(self, number: u64, octets: &[u8]) -> Frame<'_> {
        let Self { time, link, interface, .. } = self;
        let data = octets.get(self.data).unwrap_or_default();
        let comment = octets.get(self.comment).unwrap_or_default();
        // A record that claims more octets captured than there were on the
        // link is taken at its captured length.
        let len = self.len.max(data.len() as u32);
        Frame { number, time, len, data, link, interface, comment }
    }
}

impl Capture {
    /// Opens a file; `-` is standard input.
    pub fn open(path: &Path) -> Result<Self, CaptureError> {
        if path.as_os_str() == "-" {
            return Self::from_reader(std::io::stdin());
        }
        let file = std::fs::File::open(path).map_err(CaptureError::Open)?;
        if file.metadata().is_ok_and(|m| m.is_dir()) {
            return Err(CaptureError::Directory);
        }
        Self::from_reader(file)
    }

    /// Reads from anything that reads.
    pub fn from_reader(reader: impl Read + 'static) -> Result<Self, CaptureError> {
        let mut input = Input::new(Box::new(reader))?;
        let head = input.peek(4)?;
        let format = match head {
            [] => return Err(CaptureError::Empty),
            [0x0a, 0x0d, 0x0d, 0x0a] => Format::PcapNg(pcapng::PcapNg::new()),
            head if pcap::is_magic(head) => Format::Pcap(pcap::Pcap::new(&mut input)?),
            head => return Err(CaptureError::NotACapture { found: head.to_vec() }),
        };
        Ok(Self { input, format, frames: 0, done: false, last: 0, places: None })
    }

    /// The next frame, `None` at the end. After an error the capture is over;
    /// what was read before it stays valid.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, CaptureError> {
        if self.done {
            return Ok(None);
        }
        let found = match &mut self.format {
            Format::Pcap(p) => p.next(&mut self.input),
            Format::PcapNg(p) => p.next(&mut self.input, self.places.as_mut()),
        };
        match found {
            Ok(Some(found)) => {
                self.last = found.octets;
                self.frames += 1;
                Ok(Some(found.frame(self.frames, self.input.octets())))
            }
            Ok(None) => {
                self.done = true;
                Ok(None)
            }
            Err(e) => {
                self.done = true;
                Err(e)
            }
        }
    }

    /// Name of an interface (pcapng, if_name), if it has one and its
    /// description has been read.
    pub fn interface_name(&self, interface: u32) -> Option<&str> {
        match &self.format {
            Format::Pcap(_) => None,
            Format::PcapNg(p) => p.interface_name(interface),
        }
    }

    /// Octets of the capture read so far (after decompression).
    pub fn position(&self) -> u64 {
        self.input.position()
    }
}
