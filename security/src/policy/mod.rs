//! Security policy and associations of a node, in the notation of
//! draft-ietf-mobileip-mipv6-ha-ipsec-04 5.1 and of RFC 3776 5.1:
//!
//! ```text
//! mobile node SPD OUT:
//!   - IF source = home_address_1 & destination = home_agent_1 &
//!        proto = MH
//!     THEN USE SA1
//!
//! mobile node SAD:
//!   - SA1(OUT, spi_a, home_agent_1, ESP, TRANSPORT):
//!     source = home_address_1 & destination = home_agent_1 & proto = MH
//! ```
//!
//! Conditions may also have `|`, `not` (or `!`), parentheses, `mh_type = BU`,
//! `icmp6_type = MPS`, `source_port = 500` and `destination_port = 500`;
//! actions also BYPASS and DISCARD. `#` begins a comment, and a name that
//! would be taken for something else stands in quotes.
//!
//! [`Written`] is the text, names kept; [`Policy`] has values for the names,
//! from the key file, and decides about packets. Policies also come from
//! what `ip xfrm policy` prints and from `spdadd` commands of `setkey`.

mod bind;
mod cases;
mod faults;
mod foreign;
mod lexer;
mod names;
mod parser;
mod printer;
mod selector;
mod setkey;
mod spd;
mod written;
mod xfrm;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::keys::{self, KeyFileError};

pub use selector::{Interface, Network, Selector, Selectors};
pub use spd::{Action, Decision, Node, Pattern, Rule, SadEntry};
pub use written::{
    Block, Condition, Direction, Field, Part, Word, Written, WrittenAction, WrittenAssociation,
    WrittenPattern, WrittenRule, WrittenSelector,
};

pub(crate) use bind::bind;
pub(crate) use lexer::{Origin, is_heading};
pub(crate) use names::Names;
pub(crate) use {parser::parse as read, setkey::parse as setkey, xfrm::parse as xfrm};

/// Policies of the nodes of a file. `Display` writes them in the notation.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The file that it was read from.
    pub path: PathBuf,
    /// Each node, in the order of its first heading.
    pub nodes: Vec<Node>,
    /// What is doubtful, but no contradiction.
    pub warnings: Vec<Warning>,
    /// As it was written, names kept.
    pub written: Written,
}

/// Something doubtful in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is doubtful.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl Policy {
    /// The node of a name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|n| n.name == name)
    }

    /// Every association of the SADs, node by node.
    pub(crate) fn associations<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a SadEntry> {
        self.nodes.iter().flat_map(Node::associations).filter(move |a| a.name == name)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.fmt(f)
    }
}

/// Reads the policy of a file: a key file that has one, the bare notation, or
/// another form.
pub fn load(path: &Path) -> Result<Policy, KeyFileError> {
    keys::read(path).and_then(|file| required(path, file))
}

/// Reads the policy in the text of a file; `path` is what errors call it.
pub fn parse(path: &Path, text: &str) -> Result<Policy, KeyFileError> {
    keys::parse_file(path, text).and_then(|file| required(path, file))
}

fn required(path: &Path, file: keys::Keys) -> Result<Policy, KeyFileError> {
    file.policy.ok_or_else(|| {
        let message = "no policy is in it: expected `policy:`, or a heading as \
                       `mobile node SPD OUT:`";
        KeyFileError::at(path, keys::Fault::new(1, 1, message))
    })
}

/// Reads the notation alone, without values for its names.
pub fn parse_notation(path: &Path, text: &str) -> Result<Written, KeyFileError> {
    read(text, Origin::START).map_err(|fault| KeyFileError::at(path, fault))
}
