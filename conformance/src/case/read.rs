//! Trees become types. What is wrong in one place is taken out and said, and
//! reading goes on without it, so that all mistakes of a file come at once.

use std::fmt;

use mip6_wire::names::nearest;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _,
    IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};

use super::place::{AT, Mistake, Place};
use super::tree::{Key, Node, Value};

/// Mistakes of one tree that are said.
const MOST: usize = 100;

/// Reads a tree. Mistakes are added to `mistakes`; `None` if there were any.
pub(super) fn read<T: DeserializeOwned>(root: &Node, mistakes: &mut Vec<Mistake>) -> Option<T> {
    let mut fault = match T::deserialize(Tree(root)) {
        Ok(value) => return Some(value),
        Err(fault) => fault,
    };
    let mut root = root.clone();
    for _ in 0..MOST {
        let path: Vec<usize> = fault.path.iter().rev().copied().collect();
        if !is_damaged(&root, &path) {
            let place = fault.place.unwrap_or(root.place);
            mistakes.push(Mistake::new(place, fault.message.clone()));
        }
        if !remove(&mut root, &path) {
            break;
        }
        match T::deserialize(Tree(&root)) {
            Ok(_) => break,
            Err(next) => fault = next,
        }
    }
    None
}

/// Whether the node at the end of `path` lacks what was taken out of it.
fn is_damaged(root: &Node, path: &[usize]) -> bool {
    let mut node = root;
    for i in path {
        let next = match &node.value {
            Value::Map(map) => map.get(*i).map(|(_, n)| n),
            Value::List(list) => list.get(*i),
            _ => None,
        };
        let Some(next) = next else { return false };
        node = next;
    }
    node.damaged
}

/// Takes out the node at the end of `path`; false if that is the root.
fn remove(root: &mut Node, path: &[usize]) -> bool {
    let Some((last, path)) = path.split_last() else { return false };
    let mut node = root;
    for i in path {
        let next = match &mut node.value {
            Value::Map(map) => map.get_mut(*i).map(|(_, n)| n),
            Value::List(list) => list.get_mut(*i),
            _ => None,
        };
        let Some(next) = next else { return false };
        node = next;
    }
    node.damaged = true;
    match &mut node.value {
        Value::Map(map) if *last < map.len() => drop(map.remove(*last)),
        Value::List(list) if *last < list.len() => drop(list.remove(*last)),
        _ => return false,
    }
    true
}

/// Why a tree is not what was wanted.
#[derive(Debug)]
pub(super) struct Fault {
    place: Option<Place>,
    /// Indices of the way from the node, innermost first.
    path: Vec<usize>,
    message: String,
}

impl Fault {
    fn at(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }

    fn below(mut self, index: usize) -> Self {
        self.path.push(index);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { place: None, path: Vec::new(), message: message.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::custom(format!("expected {}, found {}", plain(wanted), shown(&found)))
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::invalid_type(found, wanted)
    }

    fn invalid_length(found: usize, wanted: &dyn de::Expected) -> Self {
        Self::custom(format!("expected {}, found {found}", plain(wanted)))
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Self::custom(unknown("", found, known))
    }

    fn unknown_field(found: &str, known: &'static [&'static str]) -> Self {
        Self::custom(unknown("key ", found, known))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format!("expected key `{field}` here"))
    }
}

fn unknown(what: &str, found: &str, known: &[&'static str]) -> String {
    match nearest(found, known.iter().copied()).as_slice() {
        [] => format!("unknown {what}`{found}`: expected {}", known.join(", ")),
        near => format!("unknown {what}`{found}`; did you mean {}?", near.join(" or ")),
    }
}

/// What Rust wants, for people.
fn plain(wanted: &dyn de::Expected) -> String {
    let wanted = wanted.to_string();
    match wanted.as_str() {
        "u8" => "a number from 0 to 255".into(),
        "u16" => "a number from 0 to 65535".into(),
        "u32" => "a number from 0 to 4294967295".into(),
        "u64" | "usize" => "a number that is not negative".into(),
        "i16" => "a number from -32768 to 32767".into(),
        "i64" => "a number".into(),
        "a boolean" => "true or false".into(),
        "a string" => "text".into(),
        "a sequence" => "a list".into(),
        s if s.starts_with("a tuple of size ") => s.replace("a tuple of size", "a list of"),
        s if s.starts_with("struct ") || s.starts_with("enum ") => "a map".into(),
        _ => wanted,
    }
}

fn shown(found: &Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(b) => b.to_string(),
        Unexpected::Unsigned(n) => n.to_string(),
        Unexpected::Signed(n) => n.to_string(),
        Unexpected::Str(s) => format!("`{s}`"),
        Unexpected::Unit | Unexpected::Option => "nothing".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "a map".into(),
        other => other.to_string(),
    }
}

/// A node, to be read.
#[derive(Clone, Copy)]
struct Tree<'a>(&'a Node);

impl Tree<'_> {
    fn any<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.0.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(b) => visitor.visit_bool(*b),
            Value::Number(n) => match (u64::try_from(*n), i64::try_from(*n)) {
                (Ok(n), _) => visitor.visit_u64(n),
                (_, Ok(n)) => visitor.visit_i64(n),
                _ => Err(Fault::custom("expected a number of at most 64 bits")),
            },
            Value::Text(s) => visitor.visit_str(s),
            Value::List(list) => elements(list, visitor),
            Value::Map(map) => visitor.visit_map(Entries { map, next: 0 }),
        }
    }

    /// A map, for which nothing stands too.
    fn map<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.0.value {
            Value::Null => visitor.visit_map(Entries { map: &[], next: 0 }),
            // What is derived would take the elements for its fields, in order.
            Value::List(_) => Err(Fault::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.any(visitor),
        }
    }

    fn place(self) -> Place {
        self.0.place
    }
}

impl<'de> Deserializer<'de> for Tree<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.any(visitor).map_err(|e| e.at(self.place()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
        .map_err(|e| e.at(self.place()))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self).map_err(|e| e.at(self.place()))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.0.value {
            Value::Null => visitor.visit_seq(Elements { list: &[], next: 0 }),
            _ => self.any(visitor),
        }
        .map_err(|e| e.at(self.place()))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let value = if name == AT {
            visitor.visit_seq(Placed { of: self, next: 0 })
        } else {
            self.any(visitor)
        };
        value.map_err(|e| e.at(self.place()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.map(visitor).map_err(|e| e.at(self.place()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.map(visitor).map_err(|e| e.at(self.place()))
    }

    /// An enum is the name of a variant, or a map of one key.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let variant = match &self.0.value {
            Value::Text(name) => Variant { name, place: self.place(), content: None },
            Value::Map(map) => match map.as_slice() {
                [(key, content)] => {
                    Variant { name: &key.name, place: key.place, content: Some(content) }
                }
                keys => {
                    let found: Vec<_> = keys.iter().map(|(k, _)| k.name.as_str()).collect();
                    let found = if found.is_empty() { "none".into() } else { found.join(", ") };
                    let wanted = variants.join(", ");
                    let fault =
                        Fault::custom(format!("expected one key of {wanted}; found {found}"));
                    return Err(fault.at(self.place()));
                }
            },
            _ => {
                let wanted = variants.join(", ");
                return Err(Fault::custom(format!("expected one of {wanted}")).at(self.place()));
            }
        };
        visitor.visit_enum(variant).map_err(|e| e.at(self.place()))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct tuple identifier ignored_any
    }
}

/// Reads a list, of which nothing may be left over.
fn elements<'de, V: Visitor<'de>>(list: &[Node], visitor: V) -> Result<V::Value, Fault> {
    let mut elements = Elements { list, next: 0 };
    let value = visitor.visit_seq(&mut elements)?;
    match list.get(elements.next) {
        None => Ok(value),
        Some(extra) => {
            let fault = Fault::custom(format!("expected {} here, found more", elements.next));
            Err(fault.at(extra.place).below(elements.next))
        }
    }
}

/// Elements of a list.
struct Elements<'a> {
    list: &'a [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let index = self.next;
        let Some(node) = self.list.get(index) else { return Ok(None) };
        self.next += 1;
        seed.deserialize(Tree(node)).map(Some).map_err(|e| e.at(node.place).below(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.list.len() - self.next)
    }
}

/// Entries of a map.
struct Entries<'a> {
    map: &'a [(Key, Node)],
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((key, _)) = self.map.get(self.next) else { return Ok(None) };
        let name = Node::new(key.place, Value::Text(key.name.clone()));
        seed.deserialize(Tree(&name)).map(Some).map_err(|e| {
            // Wherever it was noticed, it is the entry that goes.
            let fault = Fault { path: Vec::new(), ..e };
            fault.at(key.place).below(self.next)
        })
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let index = self.next;
        self.next += 1;
        let Some((_, node)) = self.map.get(index) else {
            return Err(Fault::custom("expected a value"));
        };
        seed.deserialize(Tree(node)).map_err(|e| e.at(node.place).below(index))
    }
}

/// A variant of an enum.
struct Variant<'a> {
    name: &'a str,
    place: Place,
    content: Option<&'a Node>,
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name: de::value::StrDeserializer<'_, Fault> = self.name.into_deserializer();
        let value = seed.deserialize(name).map_err(|e| e.at(self.place))?;
        Ok((value, self))
    }
}

impl Variant<'_> {
    /// Reads the content; a name alone has an empty one.
    fn content<T>(self, read: impl FnOnce(Tree<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        if let Some(node) = self.content {
            return read(Tree(node)).map_err(|e| e.at(node.place).below(0));
        }
        let nothing = Node::new(self.place, Value::Null);
        // What is missing in nothing, its name lacks.
        read(Tree(&nothing)).map_err(|e| Fault { path: Vec::new(), ..e }.at(self.place))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(node) if node.value == Value::Null => Ok(()),
            Some(Node { value: Value::Map(map), .. }) if map.is_empty() => Ok(()),
            Some(node) => {
                let message = format!("expected nothing behind `{}`", self.name);
                Err(Fault::custom(message).at(node.place).below(0))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        self.content(|tree| seed.deserialize(tree))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.content(|tree| tree.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.content(|tree| tree.deserialize_struct("", fields, visitor))
    }
}

/// A value and its place, for `At`.
struct Placed<'a> {
    of: Tree<'a>,
    next: u8,
}

impl<'de> SeqAccess<'de> for Placed<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Place { file, line, column } = self.of.place();
        let number = match self.next {
            0 => file,
            1 => line,
            2 => column,
            3 => {
                self.next = 4;
                return seed.deserialize(self.of).map(Some);
            }
            _ => return Ok(None),
        };
        self.next += 1;
        seed.deserialize(number.into_deserializer()).map(Some)
    }
}
