//! A packet as one JSON object.

use std::fmt::Display;

use mip6_wire::layout::{Field, Sink, Value};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use smallvec::SmallVec;

use crate::fields::{Wanted, visit_frame, visit_layer};
use crate::packet::Packet;
use crate::rules::Finding;

/// A packet as `mip6 dissect -T json` prints it.
pub struct JsonPacket<'p, 'a> {
    /// The packet.
    pub packet: &'p Packet<'a>,
    /// Only these fields, and layers that have them; all, if there are none.
    pub wanted: Option<&'p Wanted>,
    /// What is wrong with it.
    pub findings: &'p [Finding],
}

impl Serialize for JsonPacket<'_, '_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let frame = &self.packet.frame;
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("frame", &frame.number)?;
        map.serialize_entry("time", &Shown(frame.time))?;
        map.serialize_entry("caplen", &frame.data.len())?;
        map.serialize_entry("len", &frame.len)?;
        map.serialize_entry("layers", &Layers(self))?;
        if let Some(problem) = &self.packet.problem {
            map.serialize_entry("malformed", &Shown(&problem.stop))?;
        }
        map.serialize_entry("findings", self.findings)?;
        map.end()
    }
}

struct Shown<T>(T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

struct Layers<'j, 'p, 'a>(&'j JsonPacket<'p, 'a>);

impl Serialize for Layers<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let JsonPacket { packet, wanted, .. } = *self.0;
        let mut seq = s.serialize_seq(None)?;
        let mut values = Values { wanted, found: SmallVec::new() };
        if wanted.is_some_and(Wanted::among_frame) {
            visit_frame(packet, &mut values);
            let len = packet.frame.data.len();
            let layer = Layer { proto: "frame", offset: 0, len, source: 0, values: &values };
            seq.serialize_element(&layer)?;
        }
        for layer in packet.layers {
            if wanted.is_some_and(|w| !w.among(layer.proto)) {
                continue;
            }
            values.found.clear();
            visit_layer(packet, layer, &mut values);
            if wanted.is_none() || !values.found.is_empty() {
                seq.serialize_element(&Layer {
                    proto: layer.proto.id(),
                    offset: layer.offset as usize,
                    len: layer.len as usize,
                    source: layer.source,
                    values: &values,
                })?;
            }
        }
        seq.end()
    }
}

struct Layer<'v, 'a> {
    proto: &'static str,
    offset: usize,
    len: usize,
    source: u8,
    values: &'v Values<'v, 'a>,
}

impl Serialize for Layer<'_, '_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("proto", self.proto)?;
        map.serialize_entry("offset", &self.offset)?;
        map.serialize_entry("len", &self.len)?;
        if self.source > 0 {
            map.serialize_entry("reassembled", &self.source)?;
        }
        map.serialize_entry("fields", &Fields(&self.values.found))?;
        map.end()
    }
}

/// Values in order of the octets.
struct Values<'v, 'a> {
    wanted: Option<&'v Wanted>,
    found: SmallVec<[(&'static Field, Value<'a>); 16]>,
}

impl<'a> Sink<'a> for Values<'_, 'a> {
    const ACTIVE: bool = true;

    #[inline]
    fn leaf(&mut self, f: &'static Field, _: usize, raw: &'a [u8]) {
        if self.wants(f) {
            self.found.push((f, f.value(raw)));
        }
    }

    #[inline]
    fn wants(&self, f: &'static Field) -> bool {
        self.wanted.is_none_or(|w| w.contains(f))
    }

    #[inline]
    fn derived(&mut self, f: &'static Field, _: usize, v: Value<'a>) {
        if self.wants(f) {
            self.found.push((f, v));
        }
    }
}

/// One entry per name; a name that occurs more than once has a list.
struct Fields<'v, 'a>(&'v [(&'static Field, Value<'a>)]);

impl Serialize for Fields<'_, '_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        for (i, (f, v)) in self.0.iter().enumerate() {
            let same = |(g, _): &&(&'static Field, Value<'_>)| g.id == f.id;
            if self.0[..i].iter().any(|e| same(&e)) {
                continue;
            }
            if self.0[i + 1..].iter().any(|e| same(&e)) {
                let all: Vec<_> =
                    self.0[i..].iter().filter(same).map(|(_, v)| json_value(*v)).collect();
                map.serialize_entry(f.id, &all)?;
            } else {
                map.serialize_entry(f.id, &json_value(*v))?;
            }
        }
        map.end()
    }
}

/// A value as JSON: numbers printed in decimal are numbers, flags are true or
/// false, everything else is text.
pub fn json_value(v: Value<'_>) -> impl Serialize {
    Json(v)
}

struct Json<'a>(Value<'a>);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Uint { value, hex_digits: 0 } => s.serialize_u64(value),
            Value::Int(v) => s.serialize_i64(v),
            Value::Bool(b) => s.serialize_bool(b),
            Value::None => s.serialize_bool(true),
            v => s.collect_str(&v),
        }
    }
}
