//! What can be wrong with a capture.

use std::io;

use mip6_wire::layout::Value;
use thiserror::Error;

/// Why a capture could not be read, or not to its end. Positions count octets
/// from the start of the (decompressed) input.
#[derive(Debug, Error)]
pub enum CaptureError {
    /// The file could not be opened.
    #[error("cannot open: {0}")]
    Open(#[source] io::Error),
    /// A directory where a file was expected.
    #[error("is a directory; name a capture file in it")]
    Directory,
    /// Reading failed.
    #[error("read failed at octet {at}: {source}")]
    Read {
        /// Where.
        at: u64,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("is empty; a pcap or pcapng file was expected")]
    Empty,
    /// It begins with something else.
    #[error(
        "is no capture: begins with {}; expected the magic number of pcap \
         (d4c3b2a1, a1b2c3d4, 4d3cb2a1, a1b23c4d), pcapng (0a0d0d0a) or gzip (1f8b)",
        hex(.found)
    )]
    NotACapture {
        /// Its first octets.
        found: Vec<u8>,
    },
    /// The input ends inside a record.
    #[error("truncated at octet {at}: {what} needs {need} octets, {have} are left")]
    Truncated {
        /// Where the record begins.
        at: u64,
        /// What was being read.
        what: &'static str,
        /// Octets of the record.
        need: u64,
        /// Octets that are there.
        have: u64,
    },
    /// A record that cannot be right.
    #[error("damaged at octet {at}: {what}")]
    Damaged {
        /// Where the record begins.
        at: u64,
        /// What is wrong, and what was expected.
        what: String,
    },
    /// Capturing from an interface failed.
    #[error("{0}")]
    Live(String),
}

fn hex(octets: &[u8]) -> String {
    Value::Bytes(octets).to_string()
}
