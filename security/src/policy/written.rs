//! A policy as it is written: names are kept as names.

use crate::association::{Mode, Protocol};

/// Nesting of parentheses and negations that is taken.
pub(super) const MAX_DEPTH: usize = 64;

/// Direction of packets, seen from the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Packets that it sends.
    Out,
    /// Packets that it receives.
    In,
}

impl Direction {
    /// Its name in the notation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Out => "OUT",
            Self::In => "IN",
        }
    }
}

/// A word and where it stands. Words are equal by their text.
#[derive(Clone, Debug, Default)]
pub struct Word {
    /// The text, without quotes.
    pub text: String,
    /// Line, from 1; 0 if it was not read.
    pub line: usize,
    /// Column, from 1; 0 if it was not read.
    pub column: usize,
}

impl Word {
    /// A word that was not read from a file.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Word {}

/// A policy: blocks in the order in which they stand. `Display` writes the
/// notation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Each heading with its entries. A node has as many blocks as it likes;
    /// their entries follow each other.
    pub blocks: Vec<Block>,
}

/// A heading and the entries under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Name of the node, free text.
    pub node: Word,
    /// What it is a list of, and the list.
    pub part: Part,
}

/// What stands under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// `SPD OUT:` or `SPD IN:`.
    Spd(Direction, Vec<WrittenRule>),
    /// `SAD:`.
    Sad(Vec<WrittenAssociation>),
}

/// `- IF condition THEN action`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenRule {
    /// Which packets.
    pub condition: Condition<WrittenSelector>,
    /// What is done with them.
    pub action: WrittenAction,
}

/// `- name(direction, SPI, destination, protocol, mode): selectors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenAssociation {
    /// Its name.
    pub name: Word,
    /// IN or OUT.
    pub direction: Direction,
    /// Its Security Parameters Index.
    pub spi: Word,
    /// Its destination.
    pub destination: Word,
    /// ESP or AH.
    pub protocol: Protocol,
    /// TRANSPORT or TUNNEL; ANY for what other forms of file leave open.
    pub mode: Mode,
    /// Which packets it is for.
    pub selectors: Condition<WrittenSelector>,
}

/// A boolean expression about the fields of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition<S> {
    /// `a & b`: two at least.
    All(Vec<Self>),
    /// `a | b`: two at least.
    Any(Vec<Self>),
    /// `not a`.
    Not(Box<Self>),
    /// A field and its value.
    Is(S),
}

impl<S> Condition<S> {
    /// The same condition about something else.
    pub(super) fn map<T, E>(
        &self,
        f: &mut impl FnMut(&S) -> Result<T, E>,
    ) -> Result<Condition<T>, E> {
        let mut all = |parts: &[Self]| parts.iter().map(|p| p.map(f)).collect::<Result<_, E>>();
        Ok(match self {
            Self::All(parts) => Condition::All(all(parts)?),
            Self::Any(parts) => Condition::Any(all(parts)?),
            Self::Not(part) => Condition::Not(Box::new(part.map(f)?)),
            Self::Is(selector) => Condition::Is(f(selector)?),
        })
    }
}

/// `field = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenSelector {
    /// Which field.
    pub field: Field,
    /// A name, an address, a number; `any` is whatever the field holds.
    pub value: Word,
}

/// A field that conditions are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `interface = any`.
    Interface,
    /// `interface = tunnel to`.
    TunnelTo,
    /// `interface = tunnel from`.
    TunnelFrom,
    /// Source that upper layers see.
    Source,
    /// Destination that upper layers see.
    Destination,
    /// Upper-layer protocol.
    Proto,
    /// Type of the Mobility Header, RFC 4877 4.2.
    MhType,
    /// Type of the ICMPv6 message, RFC 4877.
    IcmpType,
    /// Source port, RFC 4301 4.4.1.1.
    SourcePort,
    /// Destination port, likewise.
    DestinationPort,
}

impl Field {
    /// What stands in front of its value.
    pub(super) const fn phrase(self) -> &'static str {
        match self {
            Self::Interface => "interface =",
            Self::TunnelTo => "interface = tunnel to",
            Self::TunnelFrom => "interface = tunnel from",
            Self::Source => "source =",
            Self::Destination => "destination =",
            Self::Proto => "proto =",
            Self::MhType => "mh_type =",
            Self::IcmpType => "icmp6_type =",
            Self::SourcePort => "source_port =",
            Self::DestinationPort => "destination_port =",
        }
    }
}

/// What a rule does with its packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenAction {
    /// `USE`: a security association by name.
    Use(Word),
    /// `CREATE`: an association to be negotiated.
    Create(WrittenPattern),
    /// `BYPASS`: sent and received without IPsec, RFC 4301 4.4.1.
    Bypass,
    /// `DISCARD`: neither sent nor received, RFC 4301 4.4.1.
    Discard,
}

/// What is negotiated: `ESP TUNNEL SA: gateway = a & local phase 1 identity = b`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPattern {
    /// ESP or AH.
    pub protocol: Protocol,
    /// TRANSPORT or TUNNEL.
    pub mode: Mode,
    /// Where a tunnel ends, `outer destination` in RFC 3776.
    pub gateway: Option<Word>,
    /// Identity that the node shows in phase 1.
    pub local_identity: Option<Word>,
    /// Identity that its peer must show in phase 1.
    pub peer_identity: Option<Word>,
}
