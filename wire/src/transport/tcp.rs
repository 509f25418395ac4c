//! TCP, RFC 9293 3.1.

use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Space, Step};

/// Fields of TCP.
pub mod fields {
    use crate::layout::{Names, fields};

    static OPTIONS: Names = &[
        (0, "End of option list"),
        (1, "No-operation"),
        (2, "Maximum segment size"),
        (3, "Window scale"),
        (4, "SACK permitted"),
        (5, "SACK"),
        (8, "Timestamps"),
    ];

    fields! {
        SOURCE = "tcp.srcport", "Source port", Dec;
        DESTINATION = "tcp.dstport", "Destination port", Dec;
        SEQUENCE = "tcp.seq_raw", "Sequence number", Dec;
        ACK_NUMBER = "tcp.ack_raw", "Acknowledgment number", Dec;
        HEADER_WORDS = "tcp.hdr_words", "Header length (4 octet units)", Dec, mask 0xf000;
        HEADER_LEN = "tcp.hdr_len", "Header length", Dec;
        FLAGS = "tcp.flags", "Flags", Hex, mask 0x0fff;
        SYN = "tcp.flags.syn", "Syn", Bool, mask 0x002;
        ACK = "tcp.flags.ack", "Acknowledgment", Bool, mask 0x010;
        FIN = "tcp.flags.fin", "Fin", Bool, mask 0x001;
        RESET = "tcp.flags.reset", "Reset", Bool, mask 0x004;
        WINDOW = "tcp.window_size_value", "Window", Dec;
        CHECKSUM = "tcp.checksum", "Checksum", Hex;
        URGENT = "tcp.urgent_pointer", "Urgent pointer", Dec;
        OPTION_KIND = "tcp.option_kind", "Kind", Dec, names OPTIONS;
        OPTION_LEN = "tcp.option_len", "Length", Dec;
        OPTION_DATA = "tcp.option_data", "Data", Bytes;
    }
}
use fields::*;

/// TCP header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tcp<'a> {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub destination: u16,
    /// Sequence number.
    pub sequence: u32,
    /// Acknowledgment number.
    pub acknowledgment: u32,
    /// Header length in words (4 bits) and flags (12).
    pub words_flags: u16,
    /// Window.
    pub window: u16,
    /// Checksum.
    pub checksum: Auto<u16>,
    /// Urgent pointer.
    pub urgent: u16,
    /// Options as they stand.
    pub options: Bytes<'a>,
}

impl Tcp<'_> {
    /// Octets of this header by its own account.
    pub fn header_octets(&self) -> usize {
        usize::from(self.words_flags >> 12) * 4
    }
}

impl<'a> Layout<'a> for Tcp<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&SOURCE, &mut self.source)?;
        d.int(&DESTINATION, &mut self.destination)?;
        d.int(&SEQUENCE, &mut self.sequence)?;
        d.int(&ACK_NUMBER, &mut self.acknowledgment)?;
        d.bits(
            const { &[&HEADER_WORDS, &FLAGS, &ACK, &RESET, &SYN, &FIN] },
            &mut self.words_flags,
        )?;
        d.derived(&HEADER_LEN, self.header_octets() as u64);
        d.int(&WINDOW, &mut self.window)?;
        d.auto(&CHECKSUM, &mut self.checksum, Fix::Checksum)?;
        d.int(&URGENT, &mut self.urgent)?;
        if D::READING {
            d.limit(self.header_octets())?;
        }
        d.area(Space::Tcp, &mut self.options)
    }

    fn title(&self) -> &'static str {
        "Transmission Control Protocol"
    }
}

/// One TCP option; kinds 0 and 1 are a single octet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TcpOption<'a> {
    kind: u8,
    len: Auto<u8>,
    data: Bytes<'a>,
}

impl<'a> Layout<'a> for TcpOption<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&OPTION_KIND, &mut self.kind)?;
        if self.kind < 2 {
            return Ok(());
        }
        d.auto(&OPTION_LEN, &mut self.len, Fix::Own { unit: 1, less: 0 })?;
        if D::READING {
            d.limit(usize::from(self.len.get()))?;
        }
        d.rest(&OPTION_DATA, &mut self.data)
    }

    fn title(&self) -> &'static str {
        OPTION_KIND.name_of(u64::from(self.kind)).unwrap_or("Unknown TCP option")
    }
}
