//! Terms read from YAML.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use super::Term;
use crate::datum::Datum;

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(TermVisitor)
    }
}

struct TermVisitor;

/// What one scalar means; the same in all visitors of values.
pub(crate) fn float<E: de::Error>(_: f64) -> E {
    E::custom(
        "a number with a point or an exponent, expected a whole number; octets that look like one go in quotes",
    )
}

impl<'de> Visitor<'de> for TermVisitor {
    type Value = Term;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, $name, or {value: $name, plus: N}")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Term, E> {
        Ok(Term::Literal(Datum::Bool(v)))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Term, E> {
        Ok(Term::Literal(Datum::Number(v.into())))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Term, E> {
        Ok(v.into())
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Term, E> {
        Err(float(v))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Term, E> {
        if v == "$" {
            return Err(E::custom("`$` without a name"));
        }
        Ok(v.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Term, A::Error> {
        let (mut value, mut plus) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            let slot = match key.as_str() {
                "value" => &mut value,
                "plus" => &mut plus,
                _ => return Err(de::Error::unknown_field(&key, &["value", "plus"])),
            };
            if slot.replace(map.next_value::<Term>()?).is_some() {
                return Err(de::Error::custom(format_args!("`{key}` twice")));
            }
        }
        sum(value, plus)
    }
}

/// `{value, plus}`, both of which must be there.
pub(crate) fn sum<E: de::Error>(value: Option<Term>, plus: Option<Term>) -> Result<Term, E> {
    let value = Box::new(value.ok_or_else(|| E::missing_field("value"))?);
    let plus = Box::new(plus.ok_or_else(|| E::missing_field("plus"))?);
    Ok(Term::Sum { value, plus })
}

impl JsonSchema for Term {
    fn schema_name() -> Cow<'static, str> {
        "Term".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let term = g.subschema_for::<Self>();
        json_schema!({
            "description": "A value, $name, or a sum that wraps at the width of its field",
            "anyOf": [
                {"type": ["integer", "boolean", "string"]},
                {
                    "type": "object",
                    "properties": {"value": term, "plus": term},
                    "required": ["value", "plus"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}
