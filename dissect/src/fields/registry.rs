//! Every field there is, by public name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use mip6_wire::layout::Field;
use mip6_wire::names::nearest;
use thiserror::Error;

use super::protection::fields as protection;
use crate::packet::Proto;

/// Fields of a frame that no header holds.
pub mod frame {
    use mip6_wire::layout::{Field, Kind};

    /// Number in the capture, from 1.
    pub static NUMBER: Field = Field::new("frame.number", "Frame number", Kind::Dec);
    /// Capture time, seconds since 1970-01-01 UTC.
    pub static TIME_EPOCH: Field = Field::new("frame.time_epoch", "Epoch time", Kind::Time);
    /// Seconds since the first frame.
    pub static TIME_RELATIVE: Field =
        Field::new("frame.time_relative", "Time since first frame", Kind::Time);
    /// Octets on the link.
    pub static LEN: Field = Field::new("frame.len", "Frame length on the wire", Kind::Dec);
    /// Octets captured.
    pub static CAP_LEN: Field = Field::new("frame.cap_len", "Frame length captured", Kind::Dec);
    /// Interface it was captured on.
    pub static INTERFACE: Field = Field::new("frame.interface_id", "Interface", Kind::Dec);

    /// What the capture says beside it.
    pub static COMMENT: Field = Field::new("frame.comment", "Comment", Kind::Text);

    /// The fields of a frame.
    pub static FIELDS: &[&Field] =
        &[&NUMBER, &TIME_EPOCH, &TIME_RELATIVE, &LEN, &CAP_LEN, &INTERFACE, &COMMENT];
}

/// Fields that follow from a packet as a whole.
pub mod generated {
    use mip6_wire::layout::{Field, Kind, Names};

    static STATUS: Names = &[(0, "Bad"), (1, "Good"), (2, "Unverified")];

    /// Whether the checksum of a Mobility Header is right.
    pub static MOBILITY_CHECKSUM: Field =
        Field::new("mip6.csum.status", "Checksum status", Kind::Dec).names(STATUS);
    /// Why a Mobility Header was taken for Local Key Exchange or not.
    pub static MOBILITY_DIALECT: Field =
        Field::new("mip6.dialect", "Read by profile auto because of", Kind::Text);
    /// Whether the checksum of an ICMPv6 message is right.
    pub static ICMPV6_CHECKSUM: Field =
        Field::new("icmpv6.checksum.status", "Checksum status", Kind::Dec).names(STATUS);
    /// Whether the checksum of a UDP datagram is right.
    pub static UDP_CHECKSUM: Field =
        Field::new("udp.checksum.status", "Checksum status", Kind::Dec).names(STATUS);
    /// Whether the checksum of a TCP segment is right.
    pub static TCP_CHECKSUM: Field =
        Field::new("tcp.checksum.status", "Checksum status", Kind::Dec).names(STATUS);

    /// The fields of this module.
    pub static FIELDS: &[&Field] =
        &[&MOBILITY_CHECKSUM, &MOBILITY_DIALECT, &ICMPV6_CHECKSUM, &UDP_CHECKSUM, &TCP_CHECKSUM];
}

/// Names that stand for several fields, as in Wireshark.
const ALIASES: &[(&str, &[&str])] = &[
    ("eth.addr", &["eth.dst", "eth.src"]),
    ("ip.addr", &["ip.src", "ip.dst"]),
    ("ipv6.addr", &["ipv6.src", "ipv6.dst"]),
    ("tcp.port", &["tcp.srcport", "tcp.dstport"]),
    ("udp.port", &["udp.srcport", "udp.dstport"]),
];

/// Fields by name.
#[derive(Debug)]
pub struct Registry {
    by_name: BTreeMap<&'static str, Vec<&'static Field>>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);

/// A name that no field has.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("no field is called `{name}`{}", hint(.like))]
pub struct UnknownField {
    /// The name.
    pub name: String,
    /// Names that are like it.
    pub like: Vec<&'static str>,
}

fn hint(like: &[&str]) -> String {
    if like.is_empty() {
        return "; `mip6 dissect --list-fields` lists them".to_owned();
    }
    format!("; did you mean {}?", like.join(" or "))
}

impl Registry {
    /// The registry of all fields.
    pub fn get() -> &'static Self {
        &REGISTRY
    }

    fn new() -> Self {
        let mut by_name: BTreeMap<_, Vec<&'static Field>> = BTreeMap::new();
        let own = frame::FIELDS
            .iter()
            .chain(generated::FIELDS)
            .chain(protection::ESP)
            .chain(protection::AH)
            .copied();
        for f in mip6_wire::all_fields().chain(own) {
            by_name.entry(f.id).or_default().push(f);
        }
        for (alias, names) in ALIASES {
            let fields = names.iter().flat_map(|n| by_name[n].clone()).collect();
            by_name.insert(alias, fields);
        }
        Self { by_name }
    }

    /// The fields of a name: mostly one; several for an alias, or where the
    /// same name occurs in several formats.
    pub fn lookup(&self, name: &str) -> Result<&[&'static Field], UnknownField> {
        self.by_name
            .get(name)
            .map(Vec::as_slice)
            .ok_or_else(|| UnknownField { name: name.to_owned(), like: self.like(name) })
    }

    /// All names in alphabetical order, with one of their fields.
    pub fn names(&self) -> impl Iterator<Item = (&'static str, &'static Field)> {
        self.by_name.iter().map(|(n, f)| (*n, f[0]))
    }

    /// Up to three names nearest to `name`.
    fn like(&self, name: &str) -> Vec<&'static str> {
        let protos = Proto::ALL.map(Proto::id);
        nearest(name, self.by_name.keys().copied().chain(protos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_one_kind_of_value() {
        for (name, fields) in &Registry::get().by_name {
            for f in fields {
                assert_eq!(f.kind, fields[0].kind, "{name}");
            }
        }
    }

    #[test]
    fn every_field_is_looked_for_somewhere() {
        for (name, fields) in &Registry::get().by_name {
            let mut wanted = crate::fields::Wanted::default();
            wanted.add(fields);
            let sought = wanted.among_frame() || Proto::ALL.into_iter().any(|p| wanted.among(p));
            assert!(sought, "{name}");
        }
    }

    #[test]
    fn a_misspelt_name_brings_its_neighbours() {
        let e = Registry::get().lookup("mip6.bu.seqno").unwrap_err();
        assert!(e.like.contains(&"mip6.bu.seqnr"), "{e}");
    }
}
