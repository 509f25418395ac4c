//! Scripts: files of packets, with the times at which they go out.
//!
//! ```yaml
//! names: {mn: 2001:db8:b::99, ha: 2001:db8:a::1}
//! packets:
//!   - [{ipv6: {ipv6.src: $mn, ipv6.dst: $ha}}, {udp: {udp.dstport: 9}}]
//!   - for: {seq: 1..3}
//!     every: 100 ms
//!     packet:
//!       - ipv6: {ipv6.src: $mn, ipv6.dst: $ha}
//!       - mobility: {mip6.mhtype: 5, mip6.bu.seqnr: $seq}
//! ```

mod authorize;
mod place;
mod read;
mod run;
mod span;

use std::collections::BTreeMap;

use mip6_wire::codes::{Codes, LKE01, RFC6275};
use schemars::JsonSchema;
use serde::Deserialize;

pub use authorize::Authorize;
pub use place::ScriptError;
pub use read::{Loop, Values};
pub use run::{Made, RunError, Stations};
pub use span::Span;

use crate::alter::Alteration;
use crate::fragment::Fragmentation;
use crate::spec::PacketSpec;
use crate::term::Term;

/// A file of packets.
#[derive(Clone, Debug)]
pub struct Script {
    file: ScriptFile,
    /// As it was written, for places.
    text: String,
}

/// What a script's file holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScriptFile {
    /// What a packet may write as `$name`.
    #[serde(default)]
    pub names: BTreeMap<String, Term>,
    /// A key file, beside this file: security associations by name.
    pub keys: Option<String>,
    /// What frames begin with.
    #[serde(default)]
    pub link: LinkLayer,
    /// Link-layer addresses of frames whose packets name none.
    #[serde(default)]
    pub stations: StationNames,
    /// What code points mean.
    #[serde(default)]
    pub profile: CodeTable,
    /// The packets, in order.
    pub packets: Vec<Item>,
}

/// What frames of a script begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LinkLayer {
    /// Ethernet, which is put in front of packets that begin with anything but
    /// `ethernet` or `raw`.
    #[default]
    Ethernet,
    /// An IP packet.
    Raw,
    /// Linux cooked capture, which specs write as `raw`.
    Cooked,
    /// Linux cooked capture v2, likewise.
    Cooked2,
    /// BSD loopback, likewise.
    Null,
    /// BSD loopback in network octet order, likewise.
    Loop,
    /// IEEE 802.11, likewise.
    Ieee80211,
    /// IEEE 802.11 with a radiotap header, likewise.
    Radiotap,
}

/// Link-layer addresses of frames.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StationNames {
    /// Where they come from: 02:00:5e:10:00:01 by default, or the interface's.
    pub from: Option<Term>,
    /// Where they go: 02:00:5e:10:00:02 by default; of a multicast packet the
    /// address that RFC 2464 7 gives.
    pub to: Option<Term>,
}

/// What code points mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum CodeTable {
    /// What IANA registered.
    #[default]
    #[serde(rename = "rfc6275")]
    Rfc6275,
    /// As Local Key Exchange has them.
    #[serde(rename = "lke-01")]
    Lke01,
}

impl CodeTable {
    /// The table.
    pub fn codes(self) -> &'static Codes {
        match self {
            Self::Rfc6275 => &RFC6275,
            Self::Lke01 => &LKE01,
        }
    }

    /// Its name in scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfc6275 => "rfc6275",
            Self::Lke01 => "lke-01",
        }
    }
}

impl LinkLayer {
    /// The link types of captures, as in <https://www.tcpdump.org/linktypes.html>,
    /// and the names for them.
    const TABLE: &'static [(Self, &'static str, u32)] = &[
        (Self::Ethernet, "ethernet", 1),
        (Self::Raw, "raw", 101),
        (Self::Cooked, "cooked", 113),
        (Self::Cooked2, "cooked2", 276),
        (Self::Null, "null", 0),
        (Self::Loop, "loop", 108),
        (Self::Ieee80211, "ieee80211", 105),
        (Self::Radiotap, "radiotap", 127),
    ];

    /// Number of the link type in captures.
    pub fn number(self) -> u32 {
        Self::TABLE.iter().find(|(l, ..)| *l == self).map_or(1, |(.., number)| *number)
    }

    /// Its name in scripts.
    pub fn name(self) -> &'static str {
        Self::TABLE.iter().find(|(l, ..)| *l == self).map_or("ethernet", |(_, name, _)| name)
    }

    /// What frames of a captured link type begin with; `None` of one that scripts
    /// cannot have. The several numbers for bare IP packets are one here.
    pub fn of_number(number: u32) -> Option<Self> {
        const RAW: [u32; 4] = [12, 14, 228, 229];
        if RAW.contains(&number) {
            return Some(Self::Raw);
        }
        Self::TABLE.iter().find(|(.., n)| *n == number).map(|(l, ..)| *l)
    }
}

/// A packet or several, once or again and again.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// What goes out.
    pub what: What,
    /// A name that takes one value after another.
    pub each: Option<Loop>,
    /// How often; with a loop, how often all of it.
    pub times: u32,
    /// Time from the packet before.
    pub after: Option<Span>,
    /// Time from the beginning of one round to that of the next.
    pub every: Option<Span>,
}

/// What an item sends.
#[derive(Clone, Debug)]
pub enum What {
    /// A packet.
    Packet(Box<Single>),
    /// Packets, one after the other.
    Sequence(Vec<Item>),
}

impl Default for What {
    fn default() -> Self {
        Self::Sequence(Vec::new())
    }
}

/// A packet and what is done to it before it goes out.
#[derive(Clone, Debug, Default)]
pub struct Single {
    /// Its headers.
    pub packet: PacketSpec,
    /// Whether it is written without the word `packet`.
    bare: bool,
    /// Binding Authorization Data that is computed.
    pub authorize: Option<Authorize>,
    /// Changes, after all was computed.
    pub alter: Option<Alteration>,
    /// Fragmentation, after that.
    pub fragment: Option<Fragmentation>,
    /// What code points mean, if not as in the rest of the script.
    pub profile: Option<CodeTable>,
}

impl Script {
    /// Reads a script.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let file = serde_yaml::from_str_with_options(text, place::options())
            .map_err(|e| ScriptError::of(&e, text))?;
        Ok(Self { file, text: text.to_owned() })
    }

    /// The key file that it names, relative to its own.
    pub fn keys(&self) -> Option<&str> {
        self.file.keys.as_deref()
    }

    /// What its frames begin with.
    pub fn link(&self) -> LinkLayer {
        self.file.link
    }

    /// The same script with other frames.
    #[must_use]
    pub fn with_link(mut self, link: LinkLayer) -> Self {
        self.file.link = link;
        self
    }

    /// A mistake at a path of the file.
    fn error(&self, path: &str, message: &str) -> ScriptError {
        ScriptError::at(place::find(&self.text, path), &self.text, message)
    }
}
