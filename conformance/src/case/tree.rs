//! A YAML file as a tree that knows where everything stands. Fragments and
//! parameters are put together in it, before it becomes a case.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Location, Spanned};

use super::place::{Mistake, Place};

/// A node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// Where it stands.
    pub(super) place: Place,
    /// What it is.
    pub(super) value: Value,
    /// Something in it that was wrong has been taken out, and said: what is
    /// missing for that reason is not said too.
    pub(super) damaged: bool,
}

/// What a node can be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// A whole number.
    Number(i128),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) place: Place,
    pub(super) name: String,
}

impl Node {
    pub(super) fn new(place: Place, value: Value) -> Self {
        Self { place, value, damaged: false }
    }

    /// The value of a key, if this is a map that has it.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.entries().iter().find(|(k, _)| k.name == name).map(|(_, n)| n)
    }

    /// Keys and values; none if this is no map.
    pub(super) fn entries(&self) -> &[(Key, Self)] {
        match &self.value {
            Value::Map(map) => map,
            _ => &[],
        }
    }

    /// Elements; none if this is no list.
    pub(super) fn elements(&self) -> &[Self] {
        match &self.value {
            Value::List(list) => list,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The name behind `$`, if it is such a text; `$$` only stands for `$`.
    pub(super) fn name(&self) -> Option<&str> {
        self.text()?.strip_prefix('$').filter(|name| !name.starts_with('$'))
    }

    /// Takes a key out of a map.
    pub(super) fn remove(&mut self, name: &str) {
        if let Value::Map(map) = &mut self.value {
            map.retain(|(k, _)| k.name != name);
        }
    }

    /// The same as JSON, without places. Keys keep their order: links and nodes are
    /// numbered by it.
    pub(super) fn json(&self, out: &mut String) {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        match &self.value {
            Value::Null => out.push_str("null"),
            Value::Bool(b) => out.push_str(&b.to_string()),
            Value::Number(n) => out.push_str(&n.to_string()),
            Value::Text(t) => out.push_str(&text(t)),
            Value::List(list) => {
                for (i, node) in list.iter().enumerate() {
                    out.push(if i == 0 { '[' } else { ',' });
                    node.json(out);
                }
                out.push_str(if list.is_empty() { "[]" } else { "]" });
            }
            Value::Map(map) => {
                for (i, (key, node)) in map.iter().enumerate() {
                    out.push(if i == 0 { '{' } else { ',' });
                    out.push_str(&text(&key.name));
                    out.push(':');
                    node.json(out);
                }
                out.push_str(if map.is_empty() { "{}" } else { "}" });
            }
        }
    }

    /// Calls `f` with this node and all below it, in the order of the file.
    pub(super) fn walk<'a>(&'a self, f: &mut impl FnMut(&'a Self)) {
        f(self);
        match &self.value {
            Value::List(list) => list.iter().for_each(|n| n.walk(f)),
            Value::Map(map) => map.iter().for_each(|(_, n)| n.walk(f)),
            _ => {}
        }
    }
}

/// The tree of a file. What is no YAML at all is one mistake.
pub(super) fn parse(file: u32, text: &str) -> Result<Node, Mistake> {
    let options = serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        merge_keys: serde_yaml::options::MergeKeyPolicy::Error,
    };
    let raw: Spanned<Raw> = serde_yaml::from_str_with_options(text, options).map_err(|e| {
        let at = e.location().unwrap_or(Location::UNKNOWN);
        let message = e.to_string();
        Mistake::new(place(file, at), said(&message))
    })?;
    Ok(node(file, raw, text))
}

/// What the YAML library says, in words of cases. The place is said once, in
/// front.
fn said(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or_default();
    match message.strip_prefix("duplicate mapping key: ").and_then(|m| m.split_once(", ")) {
        Some((key, _)) => format!("key `{key}` twice: expected once"),
        None if message.starts_with("YAML merge keys") => {
            "`<<` is not read here: expected a fragment in `use`".into()
        }
        None => message.to_owned(),
    }
}

fn place(file: u32, at: Location) -> Place {
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX).max(1);
    Place { file, line: number(at.line()), column: number(at.column()) }
}

fn node(file: u32, raw: Spanned<Raw>, text: &str) -> Node {
    let at = place(file, raw.referenced);
    let value = match raw.value {
        Raw::Null => Value::Null,
        Raw::Bool(v) => Value::Bool(v),
        // Digits with a zero in front are hexadecimal octets more often than a number.
        Raw::Number(n) => match written(raw.defined, text) {
            Some(s) if is_octets(s) => Value::Text(s.to_owned()),
            _ => Value::Number(n),
        },
        // `1e3` is three hexadecimal digits or text; cases have no fractions.
        Raw::Float(n) => {
            Value::Text(written(raw.defined, text).map_or(n.to_string(), str::to_owned))
        }
        Raw::Text(text) => Value::Text(text),
        Raw::List(list) => Value::List(list.into_iter().map(|n| node(file, n, text)).collect()),
        Raw::Map(map) => {
            let entry = |(k, n): (Spanned<String>, _)| {
                let key = Key { place: place(file, k.referenced), name: k.value };
                (key, node(file, n, text))
            };
            Value::Map(map.into_iter().map(entry).collect())
        }
    };
    Node::new(at, value)
}

/// A plain scalar as it was written.
fn written(at: Location, text: &str) -> Option<&str> {
    let span = at.span();
    let from = usize::try_from(span.byte_offset()?).ok()?;
    let len = usize::try_from(span.byte_len()?).ok()?;
    Some(text.get(from..from.checked_add(len)?)?.trim())
}

fn is_octets(written: &str) -> bool {
    written.len() > 1 && written.starts_with('0') && written.bytes().all(|b| b.is_ascii_digit())
}

/// A node as the YAML library gives it.
enum Raw {
    Null,
    Bool(bool),
    Number(i128),
    Float(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Raw, E> {
        Ok(Raw::Number(v.into()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Raw, E> {
        Ok(Raw::Number(v.into()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Raw, E> {
        Ok(Raw::Float(v))
    }

    fn visit_str<E>(self, v: &str) -> Result<Raw, E> {
        Ok(Raw::Text(v.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(n) = seq.next_element()? {
            list.push(n);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}
