//! Alterations read from YAML.

use std::fmt;
use std::marker::PhantomData;

use mip6_wire::names::nearest;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use super::{Insert, Place};
use crate::fields::{is_field, meant, suggestion};
use crate::kind::{HeaderKind, item_names};
use crate::spec::HeaderSpec;

/// A map from names of fields, in the order of the file.
pub(super) fn by_field<'de, D, T>(d: D) -> Result<Vec<(String, T)>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    d.deserialize_map(ByField(PhantomData))
}

struct ByField<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ByField<T> {
    type Value = Vec<(String, T)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(FieldName(name)) = map.next_key()? {
            fields.push((name, map.next_value()?));
        }
        Ok(fields)
    }
}

/// The name of a field that there is.
struct FieldName(String);

impl<'de> Deserialize<'de> for FieldName {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let name = String::deserialize(d)?;
        if !is_field(&name) {
            let meant = meant(&name);
            return Err(de::Error::custom(format_args!("unknown field `{name}`{meant}")));
        }
        Ok(Self(name))
    }
}

/// Names of options that there are.
pub(super) fn option_names<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(d)?;
    for name in &names {
        if !item_names().any(|n| n == name) {
            let meant = suggestion(&nearest(name, item_names()));
            return Err(de::Error::custom(format_args!("unknown option `{name}`{meant}")));
        }
    }
    Ok(names)
}

impl<'de> Deserialize<'de> for HeaderKind {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let name = String::deserialize(d)?;
        crate::spec::header_kind(&name)
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    before: Option<HeaderKind>,
    after: Option<HeaderKind>,
    header: HeaderSpec,
}

impl<'de> Deserialize<'de> for Insert {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let Written { before, after, header } = Written::deserialize(d)?;
        let place = match (before, after) {
            (Some(kind), None) => Place::Before(kind),
            (None, Some(kind)) => Place::After(kind),
            _ => return Err(de::Error::custom("expected one of `before` and `after`")),
        };
        Ok(Self { place, header })
    }
}

impl JsonSchema for Insert {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Insert".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = HeaderKind::ALL.iter().map(|k| k.name()).collect();
        json_schema!({
            "type": "object",
            "properties": {
                "before": {"enum": names},
                "after": {"enum": names},
                "header": g.subschema_for::<HeaderSpec>(),
            },
            "required": ["header"],
            "minProperties": 2,
            "maxProperties": 2,
            "additionalProperties": false,
        })
    }
}
