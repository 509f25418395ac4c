//! Where something stands in a file, and mistakes that are about it.

use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

/// A place in a file of a suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Index of the file in its [`Sources`].
    pub file: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A value and the place where it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct At<T> {
    /// Where.
    pub place: Place,
    /// What.
    pub value: T,
}

/// Texts without their places.
pub fn texts(list: &[At<String>]) -> impl Iterator<Item = &str> {
    list.iter().map(|t| t.value.as_str())
}

/// The name by which `At` asks the reader of trees for its place.
pub(super) const AT: &str = "$mip6.at";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Placed<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Placed<T> {
            type Value = At<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value of a case")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<At<T>, A::Error> {
                use serde::de::Error;
                let missing = || A::Error::custom("expected a place and a value");
                let mut number = || seq.next_element::<u32>()?.ok_or_else(missing);
                let place = Place { file: number()?, line: number()?, column: number()? };
                let value = seq.next_element()?.ok_or_else(missing)?;
                Ok(At { place, value })
            }
        }

        d.deserialize_tuple_struct(AT, 4, Placed(std::marker::PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// A file of a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path below the folder of the cases, with slashes:
    /// `home-agent/registration/accept.yaml`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// The files of a suite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(Arc<Vec<Source>>);

impl Sources {
    /// Takes the files in the order of their indices.
    pub(super) fn new(files: Vec<Source>) -> Self {
        Self(Arc::new(files))
    }

    /// All files.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    /// The path of the file of a place; empty if it is in none of these.
    pub fn path(&self, place: Place) -> &str {
        self.0.get(place.file as usize).map_or("", |s| &s.path)
    }

    /// The line of a place; empty if there is none.
    pub fn line(&self, place: Place) -> &str {
        let text = self.0.get(place.file as usize).map_or("", |s| &s.text);
        text.lines().nth((place.line as usize).saturating_sub(1)).unwrap_or_default()
    }

    /// A place for people: `path:line:column`.
    pub fn show(&self, place: Place) -> String {
        format!("{}:{}:{}", self.path(place), place.line, place.column)
    }
}

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl Mistake {
    /// A mistake.
    pub(super) fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into() }
    }
}

/// All that is wrong with a suite, in the order of files and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    /// The mistakes; never none.
    pub list: Vec<Mistake>,
    /// The files they are in.
    pub sources: Sources,
}

impl std::error::Error for Mistakes {}

/// Characters of a source line that are shown.
const SHOWN: usize = 160;

impl fmt::Display for Mistakes {
    /// For each mistake `path:line:column: message`, the line, and a caret under
    /// the place. Control characters are shown as `?`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, m) in self.list.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{}: {}", self.sources.show(m.place), plain(&m.message))?;
            let line = self.sources.line(m.place);
            if line.trim().is_empty() {
                continue;
            }
            // Of a long line, what is around the place.
            let column = (m.place.column as usize).saturating_sub(1);
            let skipped = if column < SHOWN { 0 } else { column - SHOWN / 2 };
            let part: String = line.chars().skip(skipped).take(SHOWN).collect();
            let number = m.place.line.to_string();
            let margin = " ".repeat(number.len());
            let indent = " ".repeat(column - skipped);
            let part = plain(&part);
            write!(f, "\n{margin} |\n{number} | {part}\n{margin} | {indent}^")?;
        }
        Ok(())
    }
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}
