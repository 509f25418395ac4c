//! What goes over the links, taken apart: the fields of every frame.

use mip6_dissect::capture::{Frame, LinkType, Timestamp};
use mip6_dissect::fields::{Registry, visit_frame, visit_layer};
use mip6_dissect::packet::{Dissector, Packet};
use mip6_dissect::profile::Profile;
use mip6_inject::{Datum, Occurrence, PredicateError, Scope};
use mip6_security::Associations;
use mip6_security::keys::Keys;
use mip6_wire::layout::{Field, Sink, Value};

use crate::case::step::Fields;
use crate::network::Sent;
use crate::time::Instant;

/// Dissects frames in the order in which they are sent.
pub(super) struct Observer<'k> {
    dissector: Dissector<'k>,
    seen: Vec<Seen>,
}

/// A frame, taken apart.
#[derive(Debug, Default)]
pub(super) struct Seen {
    octets: Vec<u8>,
    values: Vec<(&'static Field, Stored)>,
}

/// A value of a field, kept.
#[derive(Debug)]
enum Stored {
    /// Where it stands in the octets that are kept.
    Raw(std::ops::Range<usize>),
    /// A number that follows from others.
    Number(u64),
    /// Text that follows from others.
    Text(Vec<u8>),
}

impl<'k> Observer<'k> {
    pub(super) fn new(profile: &'k Profile, keys: &'k Associations) -> Self {
        Self { dissector: Dissector::new(profile).keys(keys), seen: Vec::new() }
    }

    /// Takes apart what has been sent since the last time.
    pub(super) fn watch(&mut self, sent: &[Sent]) {
        for (i, s) in sent.iter().enumerate().skip(self.seen.len()) {
            let frame = Frame {
                number: i as u64 + 1,
                time: timestamp(s.at),
                len: s.octets.len() as u32,
                data: &s.octets,
                link: LinkType::ETHERNET,
                interface: s.link.0 as u32,
                comment: &[],
            };
            let packet = self.dissector.dissect(frame);
            self.seen.push(Seen::of(&packet));
        }
    }

    /// A frame, by its place among those sent.
    pub(super) fn frame(&self, i: usize) -> Option<&Seen> {
        self.seen.get(i)
    }
}

/// Whether a frame, from its Ethernet header on, is as the predicates want it.
pub(super) fn holds(
    octets: &[u8],
    fields: &Fields,
    scope: &dyn Scope,
    keys: &Keys,
    profile: &Profile,
) -> bool {
    let mut dissector = Dissector::new(profile).keys(&keys.associations);
    let frame = Frame {
        number: 1,
        time: timestamp(Instant::START),
        len: octets.len() as u32,
        data: octets,
        link: LinkType::ETHERNET,
        interface: 0,
        comment: &[],
    };
    let seen = Seen::of(&dissector.dissect(frame));
    seen.suits(fields, scope) == Ok(fields.len())
}

/// When a frame was sent, on the calendar of evidence.
pub(super) fn timestamp(at: Instant) -> Timestamp {
    // 2001-01-01, so that nobody takes it for a real capture.
    later(Timestamp { secs: 978_307_200, nanos: 0 }, at)
}

/// The same for a case that began at another time.
pub(super) fn later(began: Timestamp, at: Instant) -> Timestamp {
    let nanos = u64::from(began.nanos) + at.micros() % 1_000_000 * 1000;
    let secs = at.micros() / 1_000_000 + nanos / 1_000_000_000;
    Timestamp { secs: began.secs + secs as i64, nanos: (nanos % 1_000_000_000) as u32 }
}

impl<'a> Sink<'a> for Seen {
    const ACTIVE: bool = true;

    fn leaf(&mut self, f: &'static Field, _: usize, raw: &'a [u8]) {
        let at = self.octets.len();
        self.octets.extend_from_slice(raw);
        self.values.push((f, Stored::Raw(at..self.octets.len())));
    }

    fn derived(&mut self, f: &'static Field, _: usize, v: Value<'a>) {
        let stored = match v {
            Value::Text(t) => Stored::Text(t.to_vec()),
            other => Stored::Number(other.as_u64().unwrap_or_default()),
        };
        self.values.push((f, stored));
    }
}

impl Seen {
    fn of(packet: &Packet<'_>) -> Self {
        let mut seen = Self::default();
        visit_frame(packet, &mut seen);
        for layer in packet.layers {
            // What an error quotes is somebody else's packet.
            let quoted = layer.chain.is_some_and(|c| packet.chains[usize::from(c)].quoted);
            if !quoted {
                visit_layer(packet, layer, &mut seen);
            }
        }
        seen
    }

    /// The values of a field, by its name.
    pub(super) fn values(&self, name: &str) -> Vec<Occurrence<'_>> {
        let Ok(wanted) = Registry::get().lookup(name) else { return Vec::new() };
        self.values
            .iter()
            .filter(|(f, _)| wanted.contains(f))
            .map(|(f, stored)| match stored {
                Stored::Raw(range) => Occurrence::of(f, &self.octets[range.clone()]),
                Stored::Number(value) => {
                    Occurrence::derived(Value::Uint { value: *value, hex_digits: 0 })
                }
                Stored::Text(text) => Occurrence::derived(Value::Text(text)),
            })
            .collect()
    }

    /// How many of the predicates hold.
    pub(super) fn suits(
        &self,
        fields: &Fields,
        scope: &dyn Scope,
    ) -> Result<usize, PredicateError> {
        let mut n = 0;
        for (name, predicate) in fields.iter() {
            n += usize::from(predicate.value.holds(&self.values(name), scope)?);
        }
        Ok(n)
    }

    /// The octets of a field as they stand in the frame: its first value.
    pub(super) fn octets(&self, name: &str) -> Option<&[u8]> {
        let wanted = Registry::get().lookup(name).ok()?;
        self.values.iter().find_map(|(f, stored)| match stored {
            Stored::Raw(range) if wanted.contains(f) => Some(&self.octets[range.clone()]),
            _ => None,
        })
    }

    /// What a field was, to be used later: its first value.
    pub(super) fn value(&self, name: &str) -> Option<Datum> {
        self.values(name).first().map(|v| v.value.into())
    }
}
