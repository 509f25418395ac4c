//! Fields by name: which there are, and what a packet holds.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::layout::{Field, Sink, Value};
use mip6_wire::names::nearest;

use crate::predicate::Occurrence;

/// Names of all fields of headers.
static NAMES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| mip6_wire::all_fields().map(|f| f.id).collect());

/// Whether there is a field of this name, in some header.
pub fn is_field(name: &str) -> bool {
    NAMES.contains(name)
}

/// What to say about a name that is no field: the nearest ones, if any is near.
pub(crate) fn meant(name: &str) -> String {
    suggestion(&nearest(name, NAMES.iter().copied()))
}

/// `: did you mean a, b?`, or nothing.
pub(crate) fn suggestion(near: &[&str]) -> String {
    if near.is_empty() { String::new() } else { format!(", did you mean {}?", near.join(", ")) }
}

/// The fields of a packet, in its order. A sink, so that whatever visits fields
/// can fill it.
#[derive(Clone, Debug, Default)]
pub struct Fields<'a> {
    seen: Vec<(&'static Field, Occurrence<'a>)>,
}

impl<'a> Fields<'a> {
    /// All occurrences of a field.
    pub fn of(&self, name: &str) -> Vec<Occurrence<'a>> {
        self.seen.iter().filter(|(f, _)| f.id == name).map(|(_, o)| *o).collect()
    }

    /// Every field with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Field, &Occurrence<'a>)> {
        self.seen.iter().map(|(f, o)| (*f, o))
    }
}

impl<'a> Sink<'a> for Fields<'a> {
    const ACTIVE: bool = true;

    fn leaf(&mut self, f: &'static Field, _: usize, raw: &'a [u8]) {
        self.seen.push((f, Occurrence::of(f, raw)));
    }

    fn derived(&mut self, f: &'static Field, _: usize, v: Value<'a>) {
        self.seen.push((f, Occurrence::derived(v)));
    }
}

/// A packet as it goes out, whose fields can be asked for.
#[derive(Clone, Debug)]
pub struct Written {
    octets: Vec<u8>,
    /// Where each header begins, and the end.
    starts: Vec<usize>,
}

impl Written {
    /// Writes a packet.
    pub fn new(headers: &[Header<'_>], codes: &Codes) -> Self {
        let mut starts = vec![0];
        for header in headers {
            let last = starts.last().copied().unwrap_or(0);
            starts.push(last + header.to_bytes(codes).len());
        }
        Self { octets: write_packet(headers, codes), starts }
    }

    /// The octets of the whole packet.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// The octets of the packet from header `n` on.
    pub fn from_header(&self, n: usize) -> &[u8] {
        self.starts.get(n).and_then(|at| self.octets.get(*at..)).unwrap_or_default()
    }

    /// The fields of `headers`, from which this was written.
    pub fn fields<'o>(&'o self, headers: &[Header<'_>], codes: &'o Codes) -> Fields<'o> {
        let mut fields = Fields::default();
        for (header, span) in headers.iter().zip(self.starts.windows(2)) {
            let octets = &self.octets[span[0]..span[1]];
            header.visit(octets, span[0], codes, &mut fields);
        }
        fields
    }
}
