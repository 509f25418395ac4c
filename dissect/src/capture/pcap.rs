//! pcap files of either octet order, with microseconds or nanoseconds.

use std::ops::Range;

use pcap_parser::{PcapHeader, parse_pcap_header};

use super::input::{Input, MAX_RECORD};
use super::{CaptureError, Found, LinkType, Timestamp};

/// Octets of the file header.
const HEADER: usize = 24;
/// Octets in front of each frame.
const RECORD: usize = 16;

#[derive(Clone, Debug)]
pub(super) struct Pcap {
    link: LinkType,
    big_endian: bool,
    nanoseconds: bool,
}

/// Whether a file that begins like this is a pcap file.
pub(super) fn is_magic(head: &[u8]) -> bool {
    matches!(
        head,
        [0xd4, 0xc3, 0xb2, 0xa1]
            | [0xa1, 0xb2, 0xc3, 0xd4]
            | [0x4d, 0x3c, 0xb2, 0xa1]
            | [0xa1, 0xb2, 0x3c, 0x4d]
    )
}

impl Pcap {
    pub(super) fn new(input: &mut Input) -> Result<Self, CaptureError> {
        let head = input.peek(HEADER)?;
        let have = head.len() as u64;
        let Ok((_, header)) = parse_pcap_header(head) else {
            let (at, need) = (0, HEADER as u64);
            return Err(CaptureError::Truncated { at, what: "the pcap file header", need, have });
        };
        let pcap = Self::from_header(&header);
        input.consume(HEADER);
        Ok(pcap)
    }

    fn from_header(header: &PcapHeader) -> Self {
        Self {
            // The upper bits say whether frames end with a check sequence.
            link: LinkType(header.network.0 as u32 & 0xffff),
            big_endian: header.is_bigendian(),
            nanoseconds: header.is_nanosecond_precision(),
        }
    }

    pub(super) fn next(&mut self, input: &mut Input) -> Result<Option<Found>, CaptureError> {
        let at = input.position();
        let head = input.peek(RECORD)?;
        if head.is_empty() {
            return Ok(None);
        }
        let Some(head) = head.first_chunk::<RECORD>().copied() else {
            let (need, have) = (RECORD as u64, head.len() as u64);
            return Err(CaptureError::Truncated { at, what: "a packet record header", need, have });
        };
        let caplen = self.word(&head, 8) as usize;
        let total = RECORD + caplen;
        if total > MAX_RECORD {
            let what = format!(
                "a packet record claims {caplen} captured octets, more than the {MAX_RECORD} believed"
            );
            return Err(CaptureError::Damaged { at, what });
        }
        let have = input.peek(total)?.len();
        if have < total {
            let (need, have) = (total as u64, have as u64);
            return Err(CaptureError::Truncated { at, what: "a packet record", need, have });
        }
        let range = input.consume(total);
        Ok(Some(self.found(&head, range)))
    }

    /// Reads a record again, all of which is `record`.
    pub(super) fn again(&self, record: &[u8]) -> Option<Found> {
        let head = record.first_chunk::<RECORD>()?;
        Some(self.found(head, 0..record.len()))
    }

    fn word(&self, head: &[u8; RECORD], i: usize) -> u32 {
        let octets = [head[i], head[i + 1], head[i + 2], head[i + 3]];
        if self.big_endian { u32::from_be_bytes(octets) } else { u32::from_le_bytes(octets) }
    }

    /// What the record in `range` is, by what it begins with.
    fn found(&self, head: &[u8; RECORD], range: Range<usize>) -> Found {
        // Some writers leave more than a second's worth in the fraction.
        let unit = if self.nanoseconds { 1 } else { 1_000 };
        let nanos = u64::from(self.word(head, 4)) * unit;
        let time = Timestamp {
            secs: i64::from(self.word(head, 0)) + (nanos / 1_000_000_000) as i64,
            nanos: (nanos % 1_000_000_000) as u32,
        };
        Found {
            octets: range.len() as u32,
            data: range.start + RECORD..range.end,
            time,
            len: self.word(head, 12),
            link: self.link,
            interface: 0,
            comment: 0..0,
        }
    }
}
