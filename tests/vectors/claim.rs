//! What somebody says of a packet, and what it is held against.

use mip6_dissect::capture::LinkType;

/// A packet and what is said of it.
pub(crate) struct Vector {
    /// Name of the file it comes from.
    pub(crate) file: String,
    /// What its source calls it.
    pub(crate) name: String,
    /// Octets of a frame: those of the vector with what they need around them.
    pub(crate) octets: Vec<u8>,
    pub(crate) link: LinkType,
    pub(crate) claims: Vec<Claim>,
}

/// A value that the source of a vector asserts.
pub(crate) struct Claim {
    /// What they call it.
    pub(crate) theirs: String,
    pub(crate) rule: Rule,
    /// Which of several values of the same name, from 0.
    pub(crate) nth: usize,
    pub(crate) want: Want,
}

impl Claim {
    pub(crate) fn new(theirs: impl Into<String>, rule: Rule, want: impl Into<Want>) -> Self {
        Self { theirs: theirs.into(), rule, nth: 0, want: want.into() }
    }

    pub(crate) fn nth(mut self, nth: usize) -> Self {
        self.nth = nth;
        self
    }
}

/// An asserted value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Number(u64),
    Octets(Vec<u8>),
    Text(String),
    Many(Vec<Want>),
}

impl From<u64> for Want {
    fn from(n: u64) -> Self {
        Self::Number(n)
    }
}

impl From<&str> for Want {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<u8>> for Want {
    fn from(octets: Vec<u8>) -> Self {
        Self::Octets(octets)
    }
}

/// What a claim is held against. Fields are given by name; several names,
/// separated by spaces, are taken as one field, since a packet has only those
/// of its own message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// The value of the fields.
    Is(&'static str),
    /// The last value of the fields.
    Last(&'static str),
    /// All values of the fields, in order.
    All(&'static str),
    /// Values of the fields in this order, with others between them.
    Among(&'static str),
    /// How many values the fields have.
    Count(&'static str),
    /// The value of the fields times a number of units.
    Units(u64, &'static str),
    /// The values of the fields as bits of a number, the first the highest.
    Flags(&'static str),
    /// Octets of the fields from an offset on; as many as given, or all for 0.
    Part(&'static str, usize, usize),
    /// The same of the second value of the fields.
    SecondPart(&'static str, usize, usize),
    /// An item of so many octets in the fields.
    Item(&'static str, usize),
    /// The octets that the fields begin with.
    Begins(&'static str),
    /// The octets that the fields end with.
    Ends(&'static str),
    /// How many octets the fields have.
    Octets(&'static str),
    /// One of the names in the value of the fields, which commas separate.
    Listed(&'static str),
    /// How many names commas separate in the value of the fields.
    ListedCount(&'static str),
    /// The name of the value, empty if it has none.
    Named(&'static str),
    /// How many bits the fields have.
    Width(&'static str),
    /// The next payload of the IKE payload of this type.
    NextAfter(u64),
    /// What is in a PadN of the field tree, which may be nothing.
    Padding,
    /// Something is called so in the field tree of the Mobility Header.
    Titled,
    /// Octets of the mobility option.
    OptionOctets,
    /// Octets of the Mobility Header.
    MessageOctets,
    /// Whether something cannot be read.
    Unreadable,
    /// A requirement that the packet is found to break.
    Breaks,
    /// Nothing here says it, for a reason.
    Unmapped(&'static str),
    /// The mapping does not know it, which is a mistake in this test.
    Missing,
}

/// Names of a source and what they mean here. `*` in a name stands for
/// anything; the first line that fits holds.
pub(crate) type Mapping = &'static [(&'static str, Rule)];

/// What a name of a source means here.
pub(crate) fn rule_of(mapping: Mapping, name: &str) -> Rule {
    let line = mapping.iter().find(|(pattern, _)| fits(pattern, name));
    line.map_or(Rule::Missing, |(_, rule)| *rule)
}

/// Whether a name is what a pattern, with `*` for anything, says.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => {
            name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail)
        }
    }
}
