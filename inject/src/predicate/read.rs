//! Predicates read from YAML.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use super::{Condition, Predicate};
use crate::term::{Term, float, sum};

/// Keys of a predicate that is a map.
const KEYS: &[&str] = &[
    "not", "below", "above", "at-least", "at-most", "in", "within", "count", "first", "last",
    "value", "plus",
];

impl<'de> Deserialize<'de> for Predicate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(PredicateVisitor)
    }
}

struct PredicateVisitor;

impl<'de> Visitor<'de> for PredicateVisitor {
    type Value = Predicate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, `present`, `absent`, or a map of conditions such as {at-least: 1}")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Predicate, E> {
        Ok(Condition::Is(u64::from(v).into()).into())
    }

    fn visit_i64<E>(self, v: i64) -> Result<Predicate, E> {
        Ok(Condition::Is(Term::Literal(crate::Datum::Number(v.into()))).into())
    }

    fn visit_u64<E>(self, v: u64) -> Result<Predicate, E> {
        Ok(Condition::Is(v.into()).into())
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Predicate, E> {
        Err(float(v))
    }

    fn visit_str<E>(self, v: &str) -> Result<Predicate, E> {
        Ok(match v {
            "present" => Condition::Present,
            "absent" => Condition::Absent,
            v => Condition::Is(v.into()),
        }
        .into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Predicate, A::Error> {
        let mut conditions = Vec::new();
        let (mut value, mut plus) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            let condition: fn(Term) -> Condition = match key.as_str() {
                "in" => {
                    conditions.push(Condition::In(map.next_value()?));
                    continue;
                }
                "value" => {
                    value = Some(map.next_value()?);
                    continue;
                }
                "plus" => {
                    plus = Some(map.next_value()?);
                    continue;
                }
                "not" => Condition::Not,
                "below" => Condition::Below,
                "above" => Condition::Above,
                "at-least" => Condition::AtLeast,
                "at-most" => Condition::AtMost,
                "within" => Condition::Within,
                "count" => Condition::Count,
                "first" => Condition::First,
                "last" => Condition::Last,
                _ => return Err(de::Error::unknown_field(&key, KEYS)),
            };
            conditions.push(condition(map.next_value()?));
        }
        if value.is_some() || plus.is_some() {
            conditions.push(Condition::Is(sum(value, plus)?));
        }
        if conditions.is_empty() {
            return Err(de::Error::custom("an empty map, expected a condition such as {not: 0}"));
        }
        Ok(Predicate { conditions })
    }
}

impl JsonSchema for Predicate {
    fn schema_name() -> Cow<'static, str> {
        "Predicate".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let term = g.subschema_for::<Term>();
        json_schema!({
            "description": "What must hold of a field: a value, present, absent, or conditions",
            "anyOf": [
                {"type": ["integer", "boolean", "string"]},
                {
                    "type": "object",
                    "minProperties": 1,
                    "properties": {
                        "not": term, "below": term, "above": term, "at-least": term,
                        "at-most": term, "in": {"type": "array", "items": term},
                        "within": term, "count": term, "first": term, "last": term,
                        "value": term, "plus": term,
                    },
                    "dependentRequired": {"value": ["plus"], "plus": ["value"]},
                    "additionalProperties": false,
                },
            ],
        })
    }
}
