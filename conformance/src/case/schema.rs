//! The JSON schema of cases, for editors.

use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, schema_for};
use serde_json::{Value, json};

use super::document::CaseFile;

/// The schema of a case. Wherever a value may stand, the name of a parameter may.
pub fn schema() -> Schema {
    let mut schema = schema_for!(CaseFile);
    OrParameter.transform(&mut schema);
    bare_commands(&mut schema);
    // They are looked for when all else is read, so that all is said at once.
    schema.insert("required".into(), json!(["id", "title", "role", "requirements", "steps"]));
    schema
}

/// A command all of whose arguments may be left out may be its name alone.
fn bare_commands(schema: &mut Schema) {
    let Some(defs) = schema.get("$defs").cloned() else { return };
    let variants = schema.pointer_mut("/$defs/CommandDoc/oneOf").and_then(Value::as_array_mut);
    let Some(variants) = variants else { return };
    let is_bare = |arguments: &Value| {
        let name = arguments["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/"));
        let found = name.map_or(arguments, |name| &defs[name]);
        found.get("required").is_none()
    };
    let names: Vec<_> = variants
        .iter()
        .filter_map(|v| v["properties"].as_object())
        .flat_map(|p| p.iter().filter(|(_, arguments)| is_bare(arguments)))
        .map(|(name, _)| name.clone())
        .collect();
    variants.push(json!({"description": "A command without arguments.", "enum": names}));
}

/// What the name of a parameter looks like.
const NAME: &str = r"^\$";

struct OrParameter;

impl Transform for OrParameter {
    /// What is inside first: what is added is not to be changed in turn.
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        or_parameter(schema);
    }
}

fn or_parameter(schema: &mut Schema) {
    let Some(of) = schema.as_object_mut() else { return };
    let name = json!({"type": "string", "pattern": NAME});
    // Variants of an enum, each with its description.
    if let Some(Value::Array(variants)) = of.get_mut("oneOf")
        && variants.iter().any(|v| v.get("const").is_some())
    {
        variants.push(name);
        return;
    }
    if let Some(values) = of.remove("enum") {
        of.remove("type");
        of.insert("anyOf".into(), json!([{"enum": values}, name]));
        return;
    }
    let mut types = match of.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => {
            all.iter().filter_map(|t| Some(t.as_str()?.to_owned())).collect()
        }
        _ => return,
    };
    let is_text = types.iter().any(|t| t == "string");
    if is_text {
        if let Some(Value::String(pattern)) = of.get_mut("pattern")
            && pattern != NAME
        {
            *pattern = format!("{NAME}|{pattern}");
        }
    } else if types.iter().any(|t| matches!(t.as_str(), "integer" | "number" | "boolean")) {
        types.push("string".into());
        of.insert("type".into(), json!(types));
        of.insert("pattern".into(), NAME.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_may_stand_for_a_value() {
        let schema = schema();
        let link = schema.pointer("/$defs/Link/properties").unwrap();
        assert_eq!(link["mtu"]["type"], json!(["integer", "null", "string"]));
        assert_eq!(link["mtu"]["pattern"], json!(NAME));
        assert!(link["delay"]["pattern"].as_str().unwrap().starts_with(r"^\$|"), "{link}");
        let commands = schema.pointer("/$defs/CommandDoc/oneOf").unwrap().as_array().unwrap();
        let bare = commands.last().unwrap()["enum"].as_array().unwrap();
        assert!(bare.contains(&json!("register")) && bare.contains(&json!("update")), "{bare:?}");
        assert!(!bare.contains(&json!("echo")), "{bare:?}");
        let required = schema.pointer("/required").unwrap();
        assert_eq!(*required, json!(["id", "title", "role", "requirements", "steps"]));
    }
}
