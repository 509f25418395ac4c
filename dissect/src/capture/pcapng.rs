//! pcapng files: sections of either octet order, several interfaces, each with
//! its own link type and clock.

use std::ops::Range;

use pcap_parser::traits::PcapNGPacketBlock;
use pcap_parser::{Block, OptionCode, parse_block_be, parse_block_le};

use super::input::{Input, MAX_RECORD};
use super::{CaptureError, Found, LinkType, Places, Timestamp};

/// Type and length.
const BLOCK_HEADER: usize = 8;
const SECTION_HEADER: u32 = 0x0a0d_0d0a;
/// Packet Block, obsolete but still found.
const OLD_PACKET: u32 = 2;
const MAX_INTERFACES: usize = 1 << 16;
/// Octets that are kept of the name of an interface.
const MAX_NAME: usize = 64;
/// opt_endofopt and opt_comment.
const END_OF_OPTIONS: u16 = 0;
const COMMENT: u16 = 1;

#[derive(Clone, Debug)]
pub(super) struct PcapNg {
    big_endian: bool,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Debug)]
struct Interface {
    link: LinkType,
    snaplen: u32,
    /// Units of the timestamps per second.
    resolution: u64,
    /// Added to the timestamps, in seconds.
    offset: i64,
    /// if_name.
    name: Option<Box<str>>,
}

impl PcapNg {
    pub(super) fn new() -> Self {
        Self { big_endian: false, interfaces: Vec::new() }
    }

    /// Interfaces described so far.
    pub(super) fn interfaces(&self) -> usize {
        self.interfaces.len()
    }

    pub(super) fn interface_name(&self, interface: u32) -> Option<&str> {
        self.interfaces.get(interface as usize)?.name.as_deref()
    }

    fn u16(&self, octets: [u8; 2]) -> u16 {
        if self.big_endian { u16::from_be_bytes(octets) } else { u16::from_le_bytes(octets) }
    }

    fn u32(&self, octets: &[u8]) -> u32 {
        let mut a = [0; 4];
        a.copy_from_slice(&octets[..4]);
        if self.big_endian { u32::from_be_bytes(a) } else { u32::from_le_bytes(a) }
    }

    pub(super) fn next(
        &mut self,
        input: &mut Input,
        mut places: Option<&mut Places>,
    ) -> Result<Option<Found>, CaptureError> {
        loop {
            let at = input.position();
            let head = input.peek(BLOCK_HEADER + 4)?;
            if head.is_empty() {
                return Ok(None);
            }
            if head.len() < BLOCK_HEADER + 4 {
                let (need, have) = (12, head.len() as u64);
                return Err(CaptureError::Truncated { at, what: "a block", need, have });
            }
            if head[..4] == SECTION_HEADER.to_be_bytes() {
                if let Some(places) = &mut places {
                    places.end_of_section(at, self)?;
                }
                self.big_endian = match head[8..12] {
                    [0x1a, 0x2b, 0x3c, 0x4d] => true,
                    [0x4d, 0x3c, 0x2b, 0x1a] => false,
                    _ => {
                        let what = "a section header without the octet-order magic 1a2b3c4d";
                        return Err(CaptureError::Damaged { at, what: what.into() });
                    }
                };
                self.interfaces.clear();
            }
            let (kind, total) = (self.u32(head), self.u32(&head[4..]) as usize);
            if total < 12 || !total.is_multiple_of(4) || total > MAX_RECORD {
                let what = format!(
                    "a block claims {total} octets; expected a multiple of 4 from 12 to {MAX_RECORD}"
                );
                return Err(CaptureError::Damaged { at, what });
            }
            let block = input.peek(total)?;
            if block.len() < total {
                let (need, have) = (total as u64, block.len() as u64);
                return Err(CaptureError::Truncated { at, what: "a block", need, have });
            }
            let found = self.block(kind, block, at)?;
            let range = input.consume(total);
            if let Some(mut found) = found {
                for part in [&mut found.data, &mut found.comment] {
                    *part = range.start + part.start..range.start + part.end;
                }
                return Ok(Some(found));
            }
        }
    }

    /// Reads a packet's block again, all of which is `block`; `None` if it is
    /// none.
    pub(super) fn again(&mut self, block: &[u8], at: u64) -> Result<Option<Found>, CaptureError> {
        match block.get(..4) {
            Some(kind) => self.block(self.u32(kind), block, at),
            None => Ok(None),
        }
    }

    /// Takes in one block; ranges count from its start.
    fn block(&mut self, kind: u32, block: &[u8], at: u64) -> Result<Option<Found>, CaptureError> {
        let damaged = |what: &str| CaptureError::Damaged { at, what: what.to_owned() };
        if kind == OLD_PACKET {
            return self
                .old_packet(block)
                .ok_or_else(|| damaged("a packet block that does not fit itself"))
                .map(Some);
        }
        let parsed = if self.big_endian { parse_block_be(block) } else { parse_block_le(block) };
        let Ok((_, parsed)) = parsed else {
            return Err(damaged(&format!(
                "a block of type {kind:#x} that contradicts itself (lengths or options)"
            )));
        };
        match parsed {
            Block::InterfaceDescription(i) => {
                if self.interfaces.len() >= MAX_INTERFACES {
                    return Err(damaged("more than 65536 interfaces in one section"));
                }
                let name = i.options.iter().find(|o| o.code == OptionCode::IfName);
                let name = name.and_then(|o| o.value.get(..o.len.into()));
                let name = name.map(|n| String::from_utf8_lossy(&n[..n.len().min(MAX_NAME)]));
                self.interfaces.push(Interface {
                    link: LinkType(i.linktype.0 as u32 & 0xffff),
                    snaplen: i.snaplen,
                    resolution: i.ts_resolution().filter(|r| *r > 0).unwrap_or(1_000_000),
                    offset: i.ts_offset(),
                    name: name.map(Into::into),
                });
                Ok(None)
            }
            Block::EnhancedPacket(e) => {
                let Some(interface) = self.interfaces.get(e.if_id as usize) else {
                    return Err(damaged(&format!(
                        "a packet of interface {}, of which no description came before",
                        e.if_id
                    )));
                };
                let len = e.packet_data().len();
                Ok(Some(Found {
                    data: 28..28 + len,
                    time: interface.time(u64::from(e.ts_high) << 32 | u64::from(e.ts_low)),
                    len: e.origlen,
                    link: interface.link,
                    interface: e.if_id,
                    comment: self.comment(block, 28 + len),
                    octets: block.len() as u32,
                }))
            }
            Block::SimplePacket(s) => {
                let Some(interface) = self.interfaces.first() else {
                    return Err(damaged("a simple packet without an interface description"));
                };
                let snaplen = if interface.snaplen == 0 { u32::MAX } else { interface.snaplen };
                let len = s.packet_data().len().min(snaplen as usize);
                let (time, link) = (Timestamp::default(), interface.link);
                Ok(Some(Found {
                    data: 12..12 + len,
                    time,
                    len: s.origlen,
                    link,
                    interface: 0,
                    comment: 0..0,
                    octets: block.len() as u32,
                }))
            }
            _ => Ok(None),
        }
    }

    /// Packet Block: interface and drops (2 octets each), timestamp, lengths,
    /// octets.
    fn old_packet(&self, block: &[u8]) -> Option<Found> {
        let id = block.get(8..10)?;
        let id = self.u16([id[0], id[1]]);
        let interface = self.interfaces.get(usize::from(id))?;
        let word = |at: usize| block.get(at..at + 4).map(|w| self.u32(w));
        let (high, low, caplen, len) = (word(12)?, word(16)?, word(20)? as usize, word(24)?);
        block.get(28..28 + caplen)?;
        Some(Found {
            data: 28..28 + caplen,
            time: interface.time(u64::from(high) << 32 | u64::from(low)),
            len,
            link: interface.link,
            interface: u32::from(id),
            comment: self.comment(block, 28 + caplen),
            octets: block.len() as u32,
        })
    }

    /// Where the first comment of a packet block is; `end` is that of the
    /// packet's octets, which options follow after padding to 4 octets.
    fn comment(&self, block: &[u8], end: usize) -> Range<usize> {
        let mut at = end.next_multiple_of(4);
        while let Some([a, b, c, d]) = block.get(at..at + 4) {
            let (code, len) = (self.u16([*a, *b]), usize::from(self.u16([*c, *d])));
            let value = at + 4..at + 4 + len;
            // The block's length is repeated behind the options.
            if code == END_OF_OPTIONS || value.end + 4 > block.len() {
                break;
            }
            if code == COMMENT {
                return value;
            }
            at = value.end.next_multiple_of(4);
        }
        0..0
    }
}

impl Interface {
    fn time(&self, units: u64) -> Timestamp {
        let fraction = u128::from(units % self.resolution) * 1_000_000_000;
        Timestamp {
            secs: ((units / self.resolution) as i64).wrapping_add(self.offset),
            nanos: (fraction / u128::from(self.resolution)) as u32,
        }
    }
}
