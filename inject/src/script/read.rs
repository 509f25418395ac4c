//! Items of scripts read from YAML.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor, value};

use super::{Authorize, CodeTable, Item, Single, Span, What};
use crate::alter::Alteration;
use crate::fragment::Fragmentation;
use crate::spec::PacketSpec;
use crate::term::Term;

/// `{seq: 1..10}`: a name and the values that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// What packets write as `$name`.
    pub name: String,
    /// Its values.
    pub values: Values,
}

/// The values of a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// `1..10`: from the first to the last, both included.
    Range(i64, i64),
    /// A list.
    List(Vec<Term>),
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(ValuesVisitor)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a range such as 1..10, or a list of values")
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Values, E> {
        let wrong = || E::invalid_value(de::Unexpected::Str(v), &self);
        let (from, to) = v.split_once("..").ok_or_else(wrong)?;
        let (from, to) = (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
        if from > to {
            return Err(E::custom(format_args!(
                "the range {v} is empty, expected its end not below its beginning"
            )));
        }
        Ok(Values::Range(from, to))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Values, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(Values::List)
    }
}

impl<'de> Deserialize<'de> for Loop {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_map(LoopVisitor)
    }
}

struct LoopVisitor;

impl<'de> Visitor<'de> for LoopVisitor {
    type Value = Loop;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one name and its values, such as {seq: 1..10}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loop, A::Error> {
        let first = map.next_entry()?;
        let (name, values) = first.ok_or_else(|| de::Error::invalid_length(0, &self))?;
        if map.next_key::<String>()?.is_some() {
            return Err(de::Error::invalid_length(2, &"one name: another goes into a sequence"));
        }
        Ok(Loop { name, values })
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(ItemVisitor)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a packet: a list of headers, or a map with `packet` or `packets`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Item, A::Error> {
        let packet = PacketSpec::deserialize(value::SeqAccessDeserializer::new(seq))?;
        let single = Single { packet, bare: true, ..Single::default() };
        Ok(Item { what: What::Packet(Box::new(single)), times: 1, ..Item::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Item, A::Error> {
        Written::deserialize(value::MapAccessDeserializer::new(map))?.item()
    }
}

/// An item as a map.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    /// A packet: its headers in order.
    packet: Option<PacketSpec>,
    /// A sequence of packets.
    packets: Option<Vec<Item>>,
    /// A name that takes one value after another.
    #[serde(rename = "for")]
    each: Option<Loop>,
    /// How often; with `for`, how often all of it.
    #[serde(default = "once")]
    times: u32,
    /// Time from the packet before.
    after: Option<Span>,
    /// Time from the beginning of one round to that of the next.
    every: Option<Span>,
    /// Binding Authorization Data that is computed.
    authorize: Option<Authorize>,
    /// Changes, after all was computed.
    alter: Option<Alteration>,
    /// Fragmentation, after that.
    fragment: Option<Fragmentation>,
    /// What code points mean in this packet.
    profile: Option<CodeTable>,
}

fn once() -> u32 {
    1
}

impl Written {
    fn item<E: de::Error>(self) -> Result<Item, E> {
        let single = [
            ("authorize", self.authorize.is_some()),
            ("alter", self.alter.is_some()),
            ("fragment", self.fragment.is_some()),
            ("profile", self.profile.is_some()),
        ];
        let what = match (self.packet, self.packets) {
            (Some(packet), None) => What::Packet(Box::new(Single {
                packet,
                bare: false,
                authorize: self.authorize,
                alter: self.alter,
                fragment: self.fragment,
                profile: self.profile,
            })),
            (None, Some(packets)) => {
                if let Some((name, _)) = single.iter().find(|(_, there)| *there) {
                    return Err(E::custom(format_args!(
                        "`{name}` of a sequence, expected it beside one `packet`"
                    )));
                }
                What::Sequence(packets)
            }
            _ => return Err(E::custom("expected one of `packet` and `packets`")),
        };
        let repeats = self.each.is_some() || self.times != 1;
        if self.every.is_some() && !repeats {
            return Err(E::custom("`every` of what is sent once, expected `times` or `for`"));
        }
        let Self { each, times, after, every, .. } = self;
        Ok(Item { what, each, times, after, every })
    }
}

impl JsonSchema for Loop {
    fn schema_name() -> Cow<'static, str> {
        "Loop".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let term = g.subschema_for::<Term>();
        json_schema!({
            "description": "A name and the values that it takes",
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {
                "anyOf": [
                    {"type": "string", "pattern": "^-?[0-9]+\\.\\.-?[0-9]+$"},
                    {"type": "array", "items": term},
                ],
            },
        })
    }
}

impl JsonSchema for Item {
    fn schema_name() -> Cow<'static, str> {
        "Item".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let (packet, written) = (g.subschema_for::<PacketSpec>(), g.subschema_for::<Written>());
        json_schema!({
            "description": "A packet, or several, once or again and again",
            "anyOf": [packet, written],
        })
    }
}
