//! Where the parts of a script stand in its file.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Location, Spanned};

/// Something wrong in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong, and what was expected.
    pub message: String,
    /// The line as it is written.
    pub text: String,
}

impl std::error::Error for ScriptError {}

/// Characters of a source line that are shown.
const SHOWN: usize = 160;

impl fmt::Display for ScriptError {
    /// `line:column: message`, the line, and a caret under the place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)?;
        if self.text.trim().is_empty() {
            return Ok(());
        }
        let column = (self.column as usize).saturating_sub(1);
        let skipped = if column < SHOWN { 0 } else { column - SHOWN / 2 };
        let part: String = self.text.chars().skip(skipped).take(SHOWN).collect();
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let indent = " ".repeat(column - skipped);
        write!(f, "\n{margin} |\n{number} | {part}\n{margin} | {indent}^")
    }
}

impl ScriptError {
    /// A mistake at a location of the file that holds `text`.
    pub(super) fn at(location: Location, text: &str, message: &str) -> Self {
        let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX).max(1);
        let (line, column) = (number(location.line()), number(location.column()));
        let shown = text.lines().nth(line as usize - 1).unwrap_or_default();
        Self { line, column, message: message.to_owned(), text: shown.to_owned() }
    }

    /// What the YAML library says, with the place in front and said once.
    pub(super) fn of(e: &serde_yaml::Error, text: &str) -> Self {
        let said = e.to_string();
        let said = said.lines().next().unwrap_or_default();
        let said = said.strip_prefix("error: ").unwrap_or(said);
        let said = said.split(" at line ").next().unwrap_or_default();
        // Some begin with the place, some end with it.
        let said = match said.strip_prefix("line ").and_then(|s| s.split_once(": ")) {
            Some((_, message)) => message,
            None => said,
        };
        Self::at(e.location().unwrap_or(Location::UNKNOWN), text, said)
    }
}

/// How scripts are read.
pub(super) fn options() -> serde_yaml::Options {
    serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: None,
        merge_keys: serde_yaml::options::MergeKeyPolicy::Error,
    }
}

/// The place of what is called `path` in a file, or of what is nearest around it:
/// `packets[2].packet[0].ipv6.ipv6.src`.
pub(super) fn find(text: &str, path: &str) -> Location {
    let root: Result<Spanned<Tree>, _> = serde_yaml::from_str_with_options(text, options());
    let Ok(root) = root else { return Location::UNKNOWN };
    let (mut node, mut place, mut rest) = (&root.value, root.referenced, path);
    loop {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let next = match node {
            Tree::List(list) => index(rest).and_then(|(i, rest)| Some((list.get(i)?, rest))),
            Tree::Map(map) => {
                let found = map.iter().find_map(|(key, value)| {
                    let after = rest.strip_prefix(key.value.as_str())?;
                    let ends = after.is_empty() || after.starts_with(['.', '[']);
                    ends.then_some((key, value, after))
                });
                found.map(|(key, value, after)| {
                    place = key.referenced;
                    (value, after)
                })
            }
            Tree::Leaf => None,
        };
        let Some((value, after)) = next else { return place };
        if matches!(node, Tree::List(_)) || after.is_empty() && matches!(value.value, Tree::Leaf) {
            place = value.referenced;
        }
        (node, rest) = (&value.value, after);
    }
}

/// `[3].more` is the index 3 and what is behind it.
fn index(path: &str) -> Option<(usize, &str)> {
    let (number, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((number.parse().ok()?, rest))
}

/// A file of which only places count.
enum Tree {
    Leaf,
    List(Vec<Spanned<Tree>>),
    Map(Vec<(Spanned<String>, Spanned<Tree>)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_str<E>(self, _: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Map(entries))
    }
}
