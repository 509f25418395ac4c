//! Packets changed by field names.
//!
//! ```yaml
//! packets: {mip6.mhtype: 6}             # which; all if left out
//! set: {mip6.ba.status: 135}            # every occurrence in the packet
//! options:
//!   in: mobility                        # which header; found by the options if left out
//!   remove: [binding-refresh-advice]    # all of a name
//!   front: []
//!   back: [{nonce-indices: {mip6.ni.hni: 1}}]
//!   padding: aligned                    # or none
//! headers:
//!   remove: [routing]
//!   insert: [{after: ipv6, header: {hop-by-hop: {}}}]
//! damage:
//!   checksum: true                      # a wrong one, in the innermost header that has one
//!   truncate: 60                        # octets that are left, from the IP header on
//!   append: "0000"
//!   flip: {offset: 41, bits: 0x80}      # likewise counted
//! drop: false
//! duplicate: 0                          # copies besides the packet itself
//! ```
//!
//! Headers are removed first, then fields set, then options changed, then headers
//! inserted, then damage done. Lengths that change, checksums and what names a
//! neighbour are computed anew unless `set` sets them.

mod changes;
mod damage;
mod links;
mod read;

pub(crate) use damage::checksum;

use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::layout::Space;
use schemars::JsonSchema;
use serde::Deserialize;
use thiserror::Error;

use changes::{Changes, spaces};

use crate::craft::{CraftError, Crafter};
use crate::fields::Written;
use crate::kind::{self, HeaderKind};
use crate::list;
use crate::predicate::{Predicate, PredicateError};
use crate::spec::{HeaderSpec, OptionSpec, Padding, RawSpec, Setting};
use crate::term::{Scope, Term};

/// What is done to packets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Alteration {
    /// Which packets: what their fields must hold. All, if left out.
    #[serde(deserialize_with = "read::by_field")]
    #[schemars(with = "std::collections::BTreeMap<String, Predicate>")]
    pub packets: Vec<(String, Predicate)>,
    /// Fields and their new values.
    #[serde(deserialize_with = "read::by_field")]
    #[schemars(with = "std::collections::BTreeMap<String, Setting>")]
    pub set: Vec<(String, Setting)>,
    /// Options to remove and add.
    pub options: OptionChanges,
    /// Headers to remove and insert.
    pub headers: HeaderChanges,
    /// Damage to the octets.
    pub damage: Damage,
    /// The packet is lost.
    pub drop: bool,
    /// Copies of it besides itself.
    pub duplicate: usize,
}

/// Changes to a list of options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct OptionChanges {
    /// The header they are in; if left out, the innermost whose options have the
    /// names.
    #[schemars(with = "Option<String>")]
    pub r#in: Option<HeaderKind>,
    /// Names of options to remove.
    #[serde(deserialize_with = "read::option_names")]
    pub remove: Vec<String>,
    /// Options to put in front.
    pub front: Vec<OptionSpec>,
    /// Options to put at the back.
    pub back: Vec<OptionSpec>,
    /// Padding of the list, if it changes.
    #[schemars(with = "Option<String>")]
    pub padding: Padding,
}

/// Changes to the headers of a packet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct HeaderChanges {
    /// Names of headers to remove, all of a name.
    #[schemars(with = "Vec<String>")]
    pub remove: Vec<HeaderKind>,
    /// Headers to insert.
    pub insert: Vec<Insert>,
}

/// A header to insert: `{after: ipv6, header: {fragment: {}}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insert {
    /// Where.
    pub place: Place,
    /// What.
    pub header: HeaderSpec,
}

/// Beside the first header of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In front of it.
    Before(HeaderKind),
    /// Behind it.
    After(HeaderKind),
}

/// Damage to the octets of a packet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Damage {
    /// The checksum of the innermost header that has one is wrong.
    pub checksum: bool,
    /// Octets that are left, counted from the IP header.
    pub truncate: Option<usize>,
    /// Octets behind the end.
    pub append: Option<RawSpec>,
    /// Bits of an octet that are turned.
    pub flip: Option<Flip>,
}

/// Bits to turn.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flip {
    /// Offset of the octet from the IP header.
    pub offset: usize,
    /// Which of its bits.
    pub bits: Term,
}

/// What has become of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Altered {
    /// It was not meant.
    Untouched,
    /// It is lost.
    Dropped,
    /// It is sent, changed, so many times.
    Sent {
        /// How often: 1, or more where it is duplicated.
        copies: usize,
    },
}

/// Why a packet could not be altered.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AlterError {
    /// A predicate that cannot be judged.
    #[error("packets.{field}: {error}")]
    Predicate {
        /// The field.
        field: String,
        /// Why.
        error: PredicateError,
    },
    /// A new value, option or header that cannot be made.
    #[error(transparent)]
    Craft(#[from] CraftError),
    /// A field to set that the packet does not have.
    #[error("set.{0}: the packet has no such field")]
    NoField(String),
    /// A header that the packet does not have.
    #[error("{at}: the packet has no header `{}`", kind.name())]
    NoHeader {
        /// The place in the alteration.
        at: String,
        /// The header.
        kind: HeaderKind,
    },
    /// An option to remove that the packet does not have.
    #[error("options.remove: the packet has no option `{0}`")]
    NoOption(String),
    /// An option to add without a list for it.
    #[error("{0}: the packet has no list of options for it")]
    NoList(String),
    /// A checksum to damage that the packet does not have.
    #[error("damage.checksum: the packet has no checksum")]
    NoChecksum,
    /// Damage behind the end of a packet.
    #[error("{at}: octet {offset} of a packet of {octets}")]
    Beyond {
        /// The place in the alteration.
        at: &'static str,
        /// The offset.
        offset: usize,
        /// Octets of the packet.
        octets: usize,
    },
}

impl Alteration {
    /// Whether a packet is meant.
    pub fn selects(
        &self,
        headers: &[Header<'_>],
        scope: &dyn Scope,
        codes: &Codes,
    ) -> Result<bool, AlterError> {
        if self.packets.is_empty() {
            return Ok(true);
        }
        let written = Written::new(headers, codes);
        let fields = written.fields(headers, codes);
        for (field, predicate) in &self.packets {
            let holds = predicate.holds(&fields.of(field), scope);
            if !holds.map_err(|error| AlterError::Predicate { field: field.clone(), error })? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Changes a packet, if it is meant. After an error it may be half changed.
    pub fn apply(
        &self,
        headers: &mut Vec<Header<'static>>,
        scope: &dyn Scope,
        codes: &'static Codes,
    ) -> Result<Altered, AlterError> {
        if !self.selects(headers, scope, codes)? {
            return Ok(Altered::Untouched);
        }
        if self.drop {
            return Ok(Altered::Dropped);
        }
        for (i, kind) in self.headers.remove.iter().enumerate() {
            let is = |h: &Header<'_>| HeaderKind::of(h) == Some(*kind);
            let mut any = false;
            while let Some(at) = headers.iter().position(is) {
                links::remove(headers, at);
                any = true;
            }
            if !any {
                let at = format!("headers.remove[{i}]");
                return Err(AlterError::NoHeader { at, kind: *kind });
            }
        }
        self.change(headers, scope, codes)?;
        let crafter = Crafter::new(scope, codes);
        for (i, insert) in self.headers.insert.iter().enumerate() {
            let at = format!("headers.insert[{i}]");
            let header = crafter.header(&insert.header, &at)?;
            let (kind, behind) = match insert.place {
                Place::Before(kind) => (kind, 0),
                Place::After(kind) => (kind, 1),
            };
            let beside = headers.iter().position(|h| HeaderKind::of(h) == Some(kind));
            let beside = beside.ok_or(AlterError::NoHeader { at, kind })?;
            links::insert(headers, beside + behind, header);
        }
        self.damage.apply(headers, scope, codes)?;
        Ok(Altered::Sent { copies: 1 + self.duplicate })
    }

    /// Sets fields and changes options.
    fn change(
        &self,
        headers: &mut [Header<'static>],
        scope: &dyn Scope,
        codes: &'static Codes,
    ) -> Result<(), AlterError> {
        let spaces: Vec<_> = headers.iter().map(|h| self.list_in(h, codes)).collect();
        let mut changes = Changes::new(self, scope, codes);
        for (place, options) in [("front", &self.options.front), ("back", &self.options.back)] {
            for (i, option) in options.iter().enumerate() {
                let at = format!("options.{place}[{i}]");
                let has = |space: &Space| match option {
                    OptionSpec::Of(name, _) => kind::item(*space, name, codes).is_some(),
                    OptionSpec::Raw(_) => true,
                    OptionSpec::Unknown { .. } => list::has_unknown(*space),
                };
                let header = spaces.iter().rposition(|space| space.as_ref().is_some_and(has));
                let header = header.ok_or_else(|| AlterError::NoList(at.clone()))?;
                changes.add(header, place == "front", option, at);
            }
        }
        let structural = !self.headers.remove.is_empty() || !self.headers.insert.is_empty();
        if !structural && !changes.any() {
            return Ok(());
        }
        for (i, header) in headers.iter_mut().enumerate() {
            changes.header(i, header)?;
        }
        changes.finish()
    }

    /// The list of options in a header, if this may change it.
    fn list_in(&self, header: &Header<'static>, codes: &'static Codes) -> Option<Space> {
        let meant = self.options.r#in.is_none_or(|kind| HeaderKind::of(header) == Some(kind));
        if meant { spaces(header, codes) } else { None }
    }
}
