//! Vectors of the collection, and the way to what they hold.

use mip6_security::{Association, Encryption, Integrity};
use serde_json::Value;

/// Numbers of ESP and AH in the header in front of them.
pub(crate) const ESP: u8 = 50;
pub(crate) const AH: u8 = 51;

/// A vector of an algorithm that is not had.
pub(crate) struct Foreign {
    pub(crate) vector: &'static str,
    /// What the algorithm is called where it is had.
    pub(crate) names: &'static [&'static str],
    pub(crate) reason: &'static str,
}

impl Foreign {
    /// The entry is needed: nothing goes by the names.
    pub(crate) fn is_needed(&self) {
        for name in self.names {
            let known = Encryption::parse(name).is_ok() || Integrity::parse(name).is_ok();
            assert!(!known, "{}: {name} is had now, but: {}", self.vector, self.reason);
        }
    }
}

/// A file of the collection; where it is not, says so.
pub(crate) fn file(path: &str) -> Option<Value> {
    let path = mip6_testkit::collection::folder()?.join(path);
    match std::fs::read(&path) {
        Ok(octets) => Some(serde_json::from_slice(&octets).expect("JSON")),
        Err(e) => {
            eprintln!("skipped: {}: {e}", path.display());
            None
        }
    }
}

/// The vectors in a file.
pub(crate) fn vectors(file: &Value) -> &[Value] {
    file["vectors"].as_array().expect("an array of vectors")
}

/// A string in a vector.
pub(crate) fn text<'a>(vector: &'a Value, key: &str) -> &'a str {
    vector[key].as_str().unwrap_or_else(|| panic!("no {key} in {vector}"))
}

/// Associations of ESP without integrity whose key this may be, for one of an
/// algorithm that is not had.
pub(crate) fn any_encryption(key: &[u8]) -> impl Iterator<Item = Association> {
    let with = |e| Association::esp(1, (e, key), (Integrity::Null, &[]));
    Encryption::ALL.into_iter().filter_map(move |e| with(e).ok())
}

/// The same for AH.
pub(crate) fn any_integrity(key: &[u8]) -> impl Iterator<Item = Association> {
    Integrity::ALL.into_iter().filter_map(move |i| Association::ah(1, (i, key)).ok())
}

/// Where the header of `protocol` begins in an IP packet.
pub(crate) fn find(packet: &[u8], protocol: u8) -> usize {
    let (mut next, mut at) = match packet[0] >> 4 {
        4 => (packet[9], usize::from(packet[0] & 0xf) * 4),
        6 => (packet[6], 40),
        version => panic!("IP version {version}"),
    };
    while next != protocol {
        assert!(matches!(next, 0 | 43 | 60), "header {next} in front of {protocol}");
        next = packet[at];
        at += (usize::from(packet[at + 1]) + 1) * 8;
    }
    at
}
