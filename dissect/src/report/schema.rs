//! The shapes of what is printed as JSON, for their schemas. `mip6 check` and
//! `mip6 rules` serialize these types; `mip6 dissect -T json` writes the same
//! shape directly, and a test reads its output back into them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Totals;

/// A line of `mip6 check --format json`.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(untagged)]
#[schemars(title = "A line of `mip6 check --format json`")]
pub enum CheckLine<'a> {
    /// A finding.
    Finding(CheckFinding<'a>),
    /// A requirement that could not be judged.
    Inconclusive(CheckInconclusive<'a>),
    /// A capture that could not be read to its end.
    Trouble(CheckTrouble<'a>),
    /// The last line.
    Summary(CheckSummary),
}

/// A finding.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CheckFinding<'a> {
    /// The capture.
    pub file: Cow<'a, str>,
    /// Frame number in it, from 1.
    pub frame: u64,
    /// The requirement.
    pub id: Cow<'a, str>,
    /// How bad it is: must, should or may.
    pub level: Cow<'a, str>,
    /// Document and section of the requirement.
    pub source: Cow<'a, str>,
    /// What was found and what was wanted.
    pub message: Cow<'a, str>,
    /// Index of the layer in the packet, from 0.
    pub layer: usize,
    /// Protocol of the layer.
    pub proto: Cow<'a, str>,
    /// The field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Cow<'a, str>>,
    /// Offset of the field in the frame, in octets (in the reassembled packet,
    /// if it stands in one).
    pub offset: usize,
    /// What was found.
    pub found: Cow<'a, str>,
    /// What was wanted.
    pub wanted: Cow<'a, str>,
    /// The baseline knows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub known: bool,
}

/// A requirement that applied to packets of a capture and could not be judged.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CheckInconclusive<'a> {
    /// The capture.
    pub file: Cow<'a, str>,
    /// The requirement.
    pub id: Cow<'a, str>,
    /// Document and section of the requirement.
    pub source: Cow<'a, str>,
    /// Why: what was missing.
    pub inconclusive: Cow<'a, str>,
    /// How often.
    pub count: u64,
}

/// A capture that could not be read, or not to its end.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CheckTrouble<'a> {
    /// The capture.
    pub file: Cow<'a, str>,
    /// Frames that were read.
    pub frames: u64,
    /// What is wrong and where.
    pub error: Cow<'a, str>,
}

/// The last line.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CheckSummary {
    /// Sums.
    pub summary: Totals,
}

/// A line of `mip6 bindings --format json`: what a packet did.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "A line of `mip6 bindings --format json`")]
pub enum BindingLine {
    /// To a binding.
    Binding {
        /// Frame number, from 1.
        frame: u64,
        /// When it was captured, UTC, RFC 3339 with nanoseconds.
        time: String,
        /// The mobile node's home address.
        home: Ipv6Addr,
        /// Where the mobile node is.
        careof: Ipv6Addr,
        /// Its home agent or correspondent.
        peer: Ipv6Addr,
        /// home agent, correspondent, or peer if that was not seen.
        role: Cow<'static, str>,
        /// asked, asked-to-delete, accepted, deleted, refused, or unasked: an
        /// acknowledgement of what was not captured.
        event: Cow<'static, str>,
        /// Sequence number.
        sequence: u16,
        /// Lifetime in seconds, asked for or granted.
        lifetime: u32,
        /// Status of a refusal or of an answer to what was not captured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u8>,
    },
    /// To a return routability exchange.
    Test {
        /// Frame number, from 1.
        frame: u64,
        /// When it was captured, UTC, RFC 3339 with nanoseconds.
        time: String,
        /// The home or care-of address that is tested.
        address: Ipv6Addr,
        /// The correspondent.
        peer: Ipv6Addr,
        /// home or care-of.
        test: Cow<'static, str>,
        /// asked or answered.
        event: Cow<'static, str>,
        /// Nonce index of the answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nonce_index: Option<u16>,
    },
    /// To the discovery of home agents or prefixes.
    Discovery {
        /// Frame number, from 1.
        frame: u64,
        /// When it was captured, UTC, RFC 3339 with nanoseconds.
        time: String,
        /// Who discovers: for prefixes its home address.
        node: Ipv6Addr,
        /// Who is asked, or answers: an anycast address or a home agent.
        peer: Ipv6Addr,
        /// Identifier of the message.
        identifier: u16,
        /// home-agents or prefixes.
        of: Cow<'static, str>,
        /// asked, answered, or unasked: an answer whose request was not captured.
        event: Cow<'static, str>,
        /// How many the answer has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<usize>,
    },
    /// To an association of Local Key Exchange.
    LocalAssociation {
        /// Frame number, from 1.
        frame: u64,
        /// When it was captured, UTC, RFC 3339 with nanoseconds.
        time: String,
        /// The care-of address it is for.
        careof: Ipv6Addr,
        /// The access router's address in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        router: Option<Ipv6Addr>,
        /// Lifetime in seconds, asked for or granted.
        lifetime: u32,
        /// Its key is known.
        key_known: bool,
        /// requested, acknowledged, renewed, refused, proved, invalidated, used or
        /// expired.
        event: Cow<'static, str>,
        /// Status of a refusal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u8>,
        /// The new care-of address that a binding was made for by it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        binding: Option<Ipv6Addr>,
    },
    /// To a security association.
    Association {
        /// Frame number, from 1.
        frame: u64,
        /// When it was captured, UTC, RFC 3339 with nanoseconds.
        time: String,
        /// esp or ah.
        protocol: Cow<'static, str>,
        /// Security Parameters Index.
        spi: u32,
        /// Source that upper layers see.
        source: Ipv6Addr,
        /// Destination that upper layers see.
        destination: Ipv6Addr,
        /// Its name in the key file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// first: its first packet; wrong-integrity: the first wrong integrity
        /// check value; anew: its sequence numbers begin anew.
        event: Cow<'static, str>,
    },
}

/// A line of `mip6 dissect -T json`.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A line of `mip6 dissect -T json`")]
pub struct DissectLine {
    /// Frame number, from 1.
    pub frame: u64,
    /// When it was captured, UTC, RFC 3339 with nanoseconds.
    pub time: String,
    /// Octets captured.
    pub caplen: u64,
    /// Octets on the link.
    pub len: u64,
    /// Headers, outermost first.
    pub layers: Vec<DissectLayer>,
    /// Where dissection ended early, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub malformed: Option<String>,
    /// Requirements it breaks.
    pub findings: Vec<DissectFinding>,
}

/// A header.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DissectLayer {
    /// Protocol, by the name filters use.
    pub proto: String,
    /// Offset in the frame, or in the reassembled packet.
    pub offset: u64,
    /// Octets.
    pub len: u64,
    /// Stands in the n-th packet reassembled from fragments, not in the frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reassembled: Option<u8>,
    /// Values by field name: numbers, true and false, or text; a list where a
    /// field occurs more than once.
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// A requirement that a packet breaks.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DissectFinding {
    /// The requirement.
    pub id: String,
    /// How bad it is: must, should or may.
    pub level: String,
    /// Document and section of the requirement.
    pub source: String,
    /// Index of the layer, from 0.
    pub layer: usize,
    /// Protocol of the layer.
    pub proto: String,
    /// The field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Offset of the field.
    pub offset: usize,
    /// What was found.
    pub found: String,
    /// What was wanted.
    pub wanted: String,
    /// Both in a line.
    pub message: String,
}

/// A line of `mip6 rules --format json`.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(untagged)]
#[schemars(title = "A line of `mip6 rules --format json`")]
pub enum RulesLine<'a> {
    /// A requirement.
    Requirement(RuleLine<'a>),
    /// The last line.
    Summary(RulesSummary),
}

/// A requirement.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleLine<'a> {
    /// Its id.
    pub id: Cow<'a, str>,
    /// Which nodes it is on.
    pub role: Cow<'a, str>,
    /// MUST, MUST NOT, SHOULD, SHOULD NOT, MAY or INFO.
    pub level: Cow<'a, str>,
    /// Document and section.
    pub source: Cow<'a, str>,
    /// The requirement.
    pub text: Cow<'a, str>,
    /// How it shows: P in a capture, A when provoked.
    pub observe: Cow<'a, str>,
    /// What checks it, or what a check would need.
    pub checks: Vec<String>,
    /// Conformance cases that are about it.
    pub cases: Vec<Cow<'a, str>>,
    /// Faults that break it, each noticed by a case.
    pub faults: Vec<Cow<'a, str>>,
}

/// The last line.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RulesSummary {
    /// Sums.
    pub summary: Coverage,
}

/// How many requirements are checked.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Requirements.
    pub requirements: usize,
    /// Judged by a passive rule of their own.
    pub passive: usize,
    /// Reported by the rule of another requirement.
    pub through_another: usize,
    /// Judged by a conformance case.
    pub by_case: usize,
    /// Not judged yet: a node must be provoked.
    pub not_yet: usize,
    /// Not judged, for the reason given.
    pub not_judged: usize,
}
