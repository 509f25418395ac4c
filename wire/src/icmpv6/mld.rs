//! Multicast Listener Discovery, RFC 2710 3 and RFC 3810 5.

use std::net::Ipv6Addr;

use super::message::fields::RESERVED;
use super::message::kind;
use crate::layout::{Bytes, Driver, Field, Layout, Space, Step};

/// Fields of Multicast Listener Discovery.
pub mod fields {
    use crate::layout::{Names, fields};

    static RECORDS: Names = &[
        (1, "Mode is include"),
        (2, "Mode is exclude"),
        (3, "Change to include"),
        (4, "Change to exclude"),
        (5, "Allow new sources"),
        (6, "Block old sources"),
    ];

    fields! {
        MAX_DELAY = "icmpv6.mld.maximum_response_delay", "Maximum response delay (ms)", Dec;
        MAX_CODE = "icmpv6.mld.maximum_response_code", "Maximum response code", Dec;
        ADDRESS = "icmpv6.mld.multicast_address", "Multicast address", Ipv6;
        FLAGS = "icmpv6.mld.flag", "Flags", Hex;
        FLAG_RESERVED = "icmpv6.mld.flag.reserved", "Reserved", Dec, mask 0xf0;
        FLAG_S = "icmpv6.mld.flag.s", "Suppress router-side processing (S)", Bool, mask 0x08;
        FLAG_QRV = "icmpv6.mld.flag.qrv", "Querier's robustness variable", Dec, mask 0x07;
        INTERVAL = "icmpv6.mld.qqi", "Querier's query interval code", Dec;
        SOURCES = "icmpv6.mld.nb_sources", "Number of sources", Dec;
        SOURCE = "icmpv6.mld.source_address", "Source address", Ipv6;
        RECORDS_COUNT = "icmpv6.mldr.nb_mcast_records", "Number of multicast address records", Dec;
        RECORD_TYPE = "icmpv6.mldr.mar.record_type", "Record type", Dec, names RECORDS;
        RECORD_AUX_LEN = "icmpv6.mldr.mar.aux_data_len", "Auxiliary data length (4 octet units)", Dec;
        RECORD_SOURCES = "icmpv6.mldr.mar.nb_sources", "Number of sources", Dec;
        RECORD_ADDRESS = "icmpv6.mldr.mar.multicast_address", "Multicast address", Ipv6;
        RECORD_SOURCE = "icmpv6.mldr.mar.source_address", "Source address", Ipv6;
        RECORD_AUX = "icmpv6.mldr.mar.auxiliary_data", "Auxiliary data", Bytes;
        TAIL = "icmpv6.mld.tail", "Octets after the message", Bytes;
    }
}
use fields::*;

/// Fields that queries of version 1 do not have.
const ONLY_V2: [&Field; 8] =
    [&MAX_CODE, &FLAGS, &FLAG_RESERVED, &FLAG_S, &FLAG_QRV, &INTERVAL, &SOURCES, &SOURCE];

/// The body of a Multicast Listener Discovery message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields carry the names of their formats")]
pub enum Mld<'a> {
    /// RFC 2710 3: query, report and done.
    V1 { delay: u16, reserved: u16, address: Ipv6Addr, tail: Bytes<'a> },
    /// RFC 3810 5.1.
    QueryV2 {
        code: u16,
        reserved: u16,
        address: Ipv6Addr,
        flags: u8,
        interval: u8,
        count: u16,
        sources: Bytes<'a>,
        tail: Bytes<'a>,
    },
    /// RFC 3810 5.2.
    ReportV2 { reserved: u16, count: u16, records: Bytes<'a> },
}

impl Mld<'_> {
    pub(super) fn blank(kind: u8) -> Self {
        if kind == kind::MLD_REPORT_V2 {
            Self::ReportV2 { reserved: 0, count: 0, records: Bytes::Borrowed(&[]) }
        } else {
            let address = Ipv6Addr::UNSPECIFIED;
            Self::V1 { delay: 0, reserved: 0, address, tail: Bytes::Borrowed(&[]) }
        }
    }
}

impl<'a> Mld<'a> {
    pub(super) fn layout<D: Driver<'a>>(&mut self, kind: u8, d: &mut D) -> Step {
        // A query of 28 octets or more is version 2 (RFC 3810 8.1); 4 of them
        // have been read. One that is made is by the fields it is to have.
        let long = if D::READING { d.left() >= 24 } else { ONLY_V2.iter().any(|f| d.given(f)) };
        let second = kind == kind::MLD_QUERY && long;
        if let (true, Self::V1 { tail, .. }) = (second, &self) {
            let (address, sources) = (Ipv6Addr::UNSPECIFIED, tail.clone());
            *self = Self::QueryV2 {
                code: 0,
                reserved: 0,
                address,
                flags: 0,
                interval: 0,
                count: 0,
                sources,
                tail: Bytes::Borrowed(&[]),
            };
        }
        match self {
            Self::V1 { delay, reserved, address, tail } => {
                d.int(&MAX_DELAY, delay)?;
                d.int(&RESERVED, reserved)?;
                d.ipv6(&ADDRESS, address)?;
                d.rest(&TAIL, tail)
            }
            Self::QueryV2 { code, reserved, address, flags, interval, count, sources, tail } => {
                d.int(&MAX_CODE, code)?;
                d.int(&RESERVED, reserved)?;
                d.ipv6(&ADDRESS, address)?;
                d.bits(const { &[&FLAGS, &FLAG_RESERVED, &FLAG_S, &FLAG_QRV] }, flags)?;
                d.int(&INTERVAL, interval)?;
                d.int(&SOURCES, count)?;
                let n = (d.left() / 16).min(usize::from(*count));
                d.list(&SOURCE, 16, n, sources)?;
                d.rest(&TAIL, tail)
            }
            Self::ReportV2 { reserved, count, records } => {
                d.int(&RESERVED, reserved)?;
                d.int(&RECORDS_COUNT, count)?;
                d.area(Space::MldRecords, records)
            }
        }
    }
}

/// A multicast address record, RFC 3810 5.2.5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Record type: 1 to 6.
    pub kind: u8,
    /// Length of the auxiliary data in units of 4 octets.
    pub aux_len: u8,
    /// Number of sources.
    pub count: u16,
    /// The multicast address.
    pub address: Ipv6Addr,
    /// Source addresses, 16 octets each.
    pub sources: Bytes<'a>,
    /// Auxiliary data.
    pub aux: Bytes<'a>,
}

impl Record<'_> {
    /// A record of a group without sources.
    pub fn new(kind: u8, address: Ipv6Addr) -> Self {
        Self { kind, address, ..Self::default() }
    }
}

impl Default for Record<'_> {
    fn default() -> Self {
        Self {
            kind: 0,
            aux_len: 0,
            count: 0,
            address: Ipv6Addr::UNSPECIFIED,
            sources: Bytes::Borrowed(&[]),
            aux: Bytes::Borrowed(&[]),
        }
    }
}

impl<'a> Layout<'a> for Record<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&RECORD_TYPE, &mut self.kind)?;
        d.int(&RECORD_AUX_LEN, &mut self.aux_len)?;
        d.int(&RECORD_SOURCES, &mut self.count)?;
        d.ipv6(&RECORD_ADDRESS, &mut self.address)?;
        d.list(&RECORD_SOURCE, 16, usize::from(self.count), &mut self.sources)?;
        d.bytes(&RECORD_AUX, usize::from(self.aux_len) * 4, &mut self.aux)
    }

    fn title(&self) -> &'static str {
        "Multicast address record"
    }
}
