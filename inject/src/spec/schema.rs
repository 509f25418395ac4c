//! JSON schemas of specs.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{HeaderSpec, OptionSpec, PacketSpec, RawSpec, Setting};
use crate::kind::{HeaderKind, item_names};
use crate::term::Term;

impl JsonSchema for PacketSpec {
    fn schema_name() -> Cow<'static, str> {
        "Packet".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A packet: its headers in order",
            "type": "array",
            "minItems": 1,
            "items": g.subschema_for::<HeaderSpec>(),
        })
    }
}

impl JsonSchema for HeaderSpec {
    fn schema_name() -> Cow<'static, str> {
        "Header".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let mut of = Map::new();
        for kind in HeaderKind::ALL {
            let body = match kind {
                HeaderKind::Raw => g.subschema_for::<RawSpec>().into(),
                HeaderKind::Esp | HeaderKind::Ah => body(g, true),
                _ => body(g, false),
            };
            of.insert(kind.name().to_owned(), body);
        }
        one_key("A header: what is not set in it is computed", &of)
    }
}

impl JsonSchema for OptionSpec {
    fn schema_name() -> Cow<'static, str> {
        "Option".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let term = g.subschema_for::<Term>();
        let mut of = Map::new();
        for name in item_names() {
            of.insert(name.to_owned(), body(g, false));
        }
        of.insert("raw".to_owned(), g.subschema_for::<RawSpec>().into());
        let unknown = json!({
            "type": "object",
            "properties": {"type": term, "data": term},
            "required": ["type"],
            "additionalProperties": false,
        });
        of.insert("unknown".to_owned(), unknown);
        one_key("An option of a list", &of)
    }
}

impl JsonSchema for RawSpec {
    fn schema_name() -> Cow<'static, str> {
        "Octets".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let term = g.subschema_for::<Term>();
        json_schema!({
            "description": "Hexadecimal digits, $name, or so many octets",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"octets": term},
                    "required": ["octets"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

impl JsonSchema for Setting {
    fn schema_name() -> Cow<'static, str> {
        "Setting".into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let term = g.subschema_for::<Term>();
        json_schema!({
            "description": "What a field is set to; a list for a field that is one",
            "anyOf": [term, {"type": "array", "items": term}],
        })
    }
}

/// A map of one key of several, or the key alone.
fn one_key(description: &str, of: &Map<String, Value>) -> Schema {
    let bare: Vec<_> =
        of.keys().filter(|k| !matches!(k.as_str(), "raw" | "unknown")).cloned().collect();
    json_schema!({
        "description": description,
        "anyOf": [
            {"enum": bare},
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "properties": of,
                "additionalProperties": false,
            },
        ],
    })
}

/// What is set in a header or option.
fn body(g: &mut SchemaGenerator, sealed: bool) -> Value {
    let term = g.subschema_for::<Term>();
    let setting = g.subschema_for::<Setting>();
    let mut properties = json!({
        "options": {"type": "array", "items": g.subschema_for::<OptionSpec>()},
        "padding": {"enum": ["aligned", "none"]},
    });
    if sealed {
        properties["association"] = json!({"type": "string"});
        properties["iv"] = json!(term);
        properties["icv"] = json!(term);
    }
    json!({
        "type": ["object", "null"],
        "properties": properties,
        "patternProperties": {"\\.": setting},
        "additionalProperties": false,
    })
}
