//! Specs of packets: headers in order, each a map of one key.

mod read;
mod schema;

pub(crate) use read::header_kind;

use crate::kind::HeaderKind;
use crate::term::Term;

/// A packet to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PacketSpec {
    /// Its headers in order.
    pub headers: Vec<HeaderSpec>,
}

impl PacketSpec {
    /// Names of the security associations that it is sealed with.
    pub fn associations(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().filter_map(|header| match header {
            HeaderSpec::Of(_, Body { seal: Some(seal), .. }) => Some(seal.association.as_str()),
            _ => None,
        })
    }
}

/// A header to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderSpec {
    /// `raw: HEX` or `raw: {octets: N}`.
    Raw(RawSpec),
    /// A header of a format.
    Of(HeaderKind, Body),
}

impl HeaderSpec {
    /// Which header it is.
    pub fn kind(&self) -> HeaderKind {
        match self {
            Self::Raw(_) => HeaderKind::Raw,
            Self::Of(kind, _) => *kind,
        }
    }
}

/// Octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawSpec {
    /// As they are: hexadecimal digits, or what a name holds.
    Octets(Term),
    /// So many: 0, 1, 2 and so on.
    Count(Term),
}

/// What is set in a header or an option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Fields by name, with their values.
    pub fields: Vec<(String, Setting)>,
    /// Options inside, in order.
    pub options: Vec<OptionSpec>,
    /// Whether options are padded to their alignment and the list to whole
    /// units.
    pub padding: Padding,
    /// How ESP or AH is sealed.
    pub seal: Option<SealSpec>,
}

/// What a field is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A value.
    One(Term),
    /// The items of a list of values, such as addresses.
    Many(Vec<Term>),
}

/// Padding between and behind options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// What the specifications ask for.
    #[default]
    Aligned,
    /// None.
    None,
}

/// An option to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionSpec {
    /// `raw: HEX`.
    Raw(RawSpec),
    /// `unknown: {type: N, data: HEX}`.
    Unknown {
        /// Its type.
        kind: Term,
        /// Its data.
        data: Option<Term>,
    },
    /// An option of a format, by its name.
    Of(String, Body),
}

/// How ESP or AH is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealSpec {
    /// Name of the security association.
    pub association: String,
    /// Initialization vector; by default it follows from the sequence number.
    pub iv: Option<Term>,
    /// Integrity check value; the right one by default.
    pub icv: Option<IcvSpec>,
}

/// An integrity check value that is not computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IcvSpec {
    /// `wrong`: the right one with every bit of its first octet turned.
    Wrong,
    /// These octets, as many as the right one has.
    Octets(Term),
}

impl Body {
    /// The value that a field is set to.
    pub(crate) fn setting(&self, name: &str) -> Option<&Setting> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, s)| s)
    }

    /// Whether a field is set.
    pub(crate) fn sets(&self, name: &str) -> bool {
        self.setting(name).is_some()
    }
}
