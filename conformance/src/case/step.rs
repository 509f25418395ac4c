//! Steps of a case.

use mip6_inject::{Alteration, PacketSpec, Predicate, Term};
use schemars::JsonSchema;
use serde::Deserialize;

use super::command::CommandDoc;
use super::place::At;
use super::values::{Map, Percent, Period};

/// A step and where it stands.
pub type Step = At<Action>;

/// Predicates by the names of fields.
pub type Fields = Map<At<Predicate>>;

/// What is done or expected: a map of one key.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Action {
    /// A node acts.
    Do(Box<Do>),
    /// A crafted packet is sent.
    Send(Box<Send>),
    /// Packets that a node sends are changed from here on.
    Alter(Box<Alter>),
    /// A packet must come.
    Expect(Box<Expect>),
    /// No such packet may come.
    Silence(Box<Silence>),
    /// So many such packets must come.
    Count(Box<Count>),
    /// A packet must be repeated at growing intervals.
    Repeat(Box<Repeat>),
    /// Time goes by.
    Wait(Period),
    /// A link changes.
    Network(Box<Network>),
    /// A node goes to another link.
    Move(Move),
    /// What a node says of itself, where it does.
    State(Box<State>),
    /// Passive rules judge what a node sends.
    Rules(Box<Rules>),
}

impl Action {
    /// The key of the step.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Do(_) => "do",
            Self::Send(_) => "send",
            Self::Alter(_) => "alter",
            Self::Expect(_) => "expect",
            Self::Silence(_) => "silence",
            Self::Count(_) => "count",
            Self::Repeat(_) => "repeat",
            Self::Wait(_) => "wait",
            Self::Network(_) => "network",
            Self::Move(_) => "move",
            Self::State(_) => "state",
            Self::Rules(_) => "rules",
        }
    }

    /// Whether it can fail by what the node under test does.
    pub const fn is_expectation(&self) -> bool {
        matches!(
            self,
            Self::Expect(_)
                | Self::Silence(_)
                | Self::Count(_)
                | Self::Repeat(_)
                | Self::State(_)
                | Self::Rules(_)
        )
    }

    /// Requirements that the step alone is about, if it names any.
    pub fn requirements(&self) -> &[At<String>] {
        match self {
            Self::Expect(s) => &s.requirements,
            Self::Silence(s) => &s.requirements,
            Self::Count(s) => &s.requirements,
            Self::Repeat(s) => &s.requirements,
            Self::State(s) => &s.requirements,
            Self::Rules(s) => &s.hold,
            _ => &[],
        }
    }
}

/// A node acts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Do {
    /// The node.
    pub node: At<String>,
    /// What it does.
    pub command: At<CommandDoc>,
}

/// A crafted packet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Send {
    /// The node in whose name it is sent: by its interface, its link-layer
    /// address, its keys.
    pub from: At<String>,
    /// The link; the one the node is on, if that is one.
    pub on: Option<At<String>>,
    /// The packet.
    pub packet: At<PacketSpec>,
    /// The authenticator of its Binding Authorization Data option is computed; it is
    /// zero if left out.
    pub authorize: Option<Authorize>,
    /// The secret of Local Key Exchange that it is made with.
    pub local_key: Option<LocalKeyDoc>,
    /// How many; one if left out.
    pub times: Option<u32>,
    /// Time between them; none if left out.
    pub every: Option<Period>,
    /// What later steps call it.
    #[serde(rename = "as")]
    pub name: Option<At<String>>,
}

/// The key of an association of Local Key Exchange (draft-liu-mobileip-lke-01). An
/// HMAC or an authenticator that is all zeros in the packet is computed by it. In a
/// Key Exchange Request without data, it is encrypted for an access router.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LocalKeyDoc {
    /// Hexadecimal digits: 16 octets, or others where that is to be wrong.
    pub key: At<String>,
    /// The access router that it is encrypted for; the destination's, if there is
    /// but one.
    pub router: Option<At<String>>,
    /// Readings of the draft other than the default: `E4a`.
    #[serde(default)]
    #[schemars(schema_with = "mip6_dissect::profile::readings_schema")]
    pub readings: Vec<At<String>>,
}

/// Octets by hexadecimal digits.
pub fn octets_of(digits: &str) -> Option<Vec<u8>> {
    let digit = |c: char| c.to_digit(16).map(|d| d as u8);
    let digits: Vec<u8> = digits.chars().map(digit).collect::<Option<_>>()?;
    let pairs = digits.chunks(2);
    pairs.map(|p| Some(p.first()? << 4 | p.get(1)?)).collect()
}

/// What an authenticator is computed with (RFC 6275 6.2.7).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Authorize {
    /// Home keygen token.
    pub home_token: Term,
    /// Care-of keygen token; none if left out, as to delete a binding.
    pub careof_token: Option<Term>,
    /// Care-of address; the source of the packet, if left out.
    pub careof: Option<Term>,
    /// The correspondent; the destination of the packet, if left out.
    pub correspondent: Option<Term>,
}

/// Changes to packets that a node sends.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Alter {
    /// The node that sends them.
    pub node: At<String>,
    /// How many of those that are meant; all, if left out.
    pub times: Option<u32>,
    /// It is done behind the computation of authenticators, which then no longer
    /// fit; in front of it, if left out. IPsec comes later still.
    #[serde(default)]
    pub signed: bool,
    /// Which packets, and what is changed.
    pub change: At<Alteration>,
}

/// A packet must come.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expect {
    /// The node that sends it; the one under test, if left out.
    pub from: Option<At<String>>,
    /// The link; any, if left out.
    pub on: Option<At<String>>,
    /// What it is like.
    pub fields: Fields,
    /// How long it is waited for; the runner's default, if left out.
    pub within: Option<Period>,
    /// When it must come, counted from a packet of an earlier step.
    pub after: Option<After>,
    /// Values of fields that later steps use by these names.
    #[serde(default)]
    pub save: Map<At<String>>,
    /// What later steps call the packet.
    #[serde(rename = "as")]
    pub name: Option<At<String>>,
    /// A reading of Local Key Exchange by which no such packet need come, `F21a`: if
    /// nothing comes that has any of these fields so, the case goes on, and its verdict
    /// says by which reading.
    pub tolerates: Option<At<String>>,
    /// Requirements that it is about, of those of the case.
    #[serde(default)]
    pub requirements: Vec<At<String>>,
}

/// Time since a packet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct After {
    /// What an earlier step calls the packet.
    pub packet: At<String>,
    /// Least and most time since it.
    pub between: At<(Period, Period)>,
}

/// No such packet may come.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Silence {
    /// The node that must not send it; the one under test, if left out.
    pub from: Option<At<String>>,
    /// The link; any, if left out.
    pub on: Option<At<String>>,
    /// What it would be like.
    pub fields: Fields,
    /// How long.
    #[serde(rename = "for")]
    pub period: Period,
    /// A reading of Local Key Exchange by which such a packet may come, `E2b`: where that
    /// is chosen and one comes, the case is inconclusive.
    pub tolerates: Option<At<String>>,
    /// Requirements that it is about, of those of the case.
    #[serde(default)]
    pub requirements: Vec<At<String>>,
}

/// So many packets must come.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Count {
    /// The node that sends them; the one under test, if left out.
    pub from: Option<At<String>>,
    /// The link; any, if left out.
    pub on: Option<At<String>>,
    /// What they are like.
    pub fields: Fields,
    /// How long they are counted.
    #[serde(rename = "for")]
    pub period: Period,
    /// Neither more nor fewer.
    pub exactly: Option<u32>,
    /// Not fewer.
    pub at_least: Option<u32>,
    /// Not more.
    pub at_most: Option<u32>,
    /// Requirements that it is about, of those of the case.
    #[serde(default)]
    pub requirements: Vec<At<String>>,
}

/// A packet must be repeated at growing intervals, each `factor` times the one
/// before, up to `at-most`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Repeat {
    /// The node that sends it; the one under test, if left out.
    pub from: Option<At<String>>,
    /// The link; any, if left out.
    pub on: Option<At<String>>,
    /// What it is like.
    pub fields: Fields,
    /// How many are waited for, the first included; two or more.
    pub times: At<u32>,
    /// How long the first is waited for; the runner's default, if left out.
    pub within: Option<Period>,
    /// Interval between the first two.
    pub first: Period,
    /// What an interval grows by; 1 if left out.
    pub factor: Option<At<u32>>,
    /// The longest interval.
    pub at_most: Option<At<Period>>,
    /// How far an interval may be off, to both sides.
    pub tolerance: Option<Percent>,
    /// Values of fields of the last that later steps use by these names.
    #[serde(default)]
    pub save: Map<At<String>>,
    /// What later steps call the last.
    #[serde(rename = "as")]
    pub name: Option<At<String>>,
    /// Requirements that it is about, of those of the case.
    #[serde(default)]
    pub requirements: Vec<At<String>>,
}

/// A link changes; what is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Network {
    /// The link.
    pub link: At<String>,
    /// Octets of the largest packet.
    pub mtu: Option<At<u32>>,
    /// Time from one node to another.
    pub delay: Option<Period>,
    /// Share of frames that are lost.
    pub loss: Option<Percent>,
    /// Share of frames that arrive twice.
    pub duplicate: Option<Percent>,
    /// Share of frames that arrive behind later ones.
    pub reorder: Option<Percent>,
    /// Frames that are lost.
    pub drop: Option<Drop>,
}

/// Frames that are lost.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Drop {
    /// The node that sends them; any, if left out.
    pub from: Option<At<String>>,
    /// What they are like.
    pub fields: Fields,
    /// How many; all from here on, if left out.
    pub count: Option<u32>,
}

/// A node goes to another link.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Move {
    /// The node.
    pub node: At<String>,
    /// The link; nowhere, if left out.
    pub to: Option<At<String>>,
}

/// Passive rules judge what a node sends, since the last stimulus. If they have
/// nothing to judge, the step is inconclusive.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rules {
    /// The node that sends; the one under test, if left out.
    pub from: Option<At<String>>,
    /// Requirements that are kept, each of those of the case.
    pub hold: Vec<At<String>>,
    /// How long; only what has been sent until now, if left out.
    #[serde(rename = "for")]
    pub period: Option<Period>,
    /// Findings that only say what is unusual count too, as of another reading of a
    /// draft.
    #[serde(default)]
    pub strictly: bool,
}

/// What a node says of itself. One that says nothing makes the step inconclusive.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct State {
    /// The node; the one under test, if left out.
    pub node: Option<At<String>>,
    /// How many bindings it has.
    pub bindings: Option<u32>,
    /// What else it says, by names that it gives.
    #[serde(default)]
    pub fields: Fields,
    /// Requirements that it is about, of those of the case.
    #[serde(default)]
    pub requirements: Vec<At<String>>,
}
