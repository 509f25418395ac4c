//! Lists of options, made and put together.

use mip6_wire::codes::Codes;
use mip6_wire::icmpv6::nd::{NdBody, NdOption};
use mip6_wire::ip::Ipv6Option;
use mip6_wire::ip::options::{OptionBody as Ipv6Body, kind as ipv6_option};
use mip6_wire::items::{self, Item, pad};
use mip6_wire::layout::{Space, to_bytes};
use mip6_wire::mobility::options::alignment;
use mip6_wire::mobility::{MobilityOption, OptionBody};
use mip6_wire::names::nearest;

use crate::craft::{self, CraftError, Fault, Values};
use crate::fields::suggestion;
use crate::kind;
use crate::spec::OptionSpec;
use crate::term::Scope;

/// Where a list stands.
pub(crate) struct Place<'p> {
    /// What it is written in.
    pub(crate) space: Space,
    /// Octets of its header in front of it.
    pub(crate) at: usize,
    /// Whether it is padded.
    pub(crate) padding: bool,
    pub(crate) scope: &'p dyn Scope,
    pub(crate) codes: &'static Codes,
    /// What a person calls the header around it.
    pub(crate) title: &'static str,
    /// Where the header stands in its spec.
    pub(crate) path: &'p str,
}

/// The octets of a list of options.
pub(crate) fn make(options: &[OptionSpec], place: &Place<'_>) -> Result<Vec<u8>, CraftError> {
    let mut list = List::new(place);
    for (i, option) in options.iter().enumerate() {
        let octets = one(option, place, &format!("{}.options[{i}]", place.path))?;
        list.push(&octets, matches!(option, OptionSpec::Raw(_)));
    }
    Ok(list.finish())
}

/// The octets of one option, which stands at `at` of its spec.
pub(crate) fn one(option: &OptionSpec, place: &Place<'_>, at: &str) -> Result<Vec<u8>, CraftError> {
    match option {
        OptionSpec::Raw(raw) => craft::octets(raw, place.scope).map_err(|f| f.at(at)),
        OptionSpec::Unknown { kind, data } => {
            let kind = craft::octet(kind, place.scope).map_err(|f| f.at(at))?;
            let data = data.as_ref().map(|data| craft::hex(data, place.scope));
            let data = data.transpose().map_err(|f| f.at(at))?.unwrap_or_default();
            unknown(place, kind, data).ok_or_else(|| not_an_option("unknown", place).at(at))
        }
        OptionSpec::Of(name, body) => {
            let item = kind::item(place.space, name, place.codes);
            let item = item.ok_or_else(|| not_an_option(name, place).at(at))?;
            let at = format!("{at}.{name}");
            let mut values = Values::new(body, place.scope, place.codes, at.clone(), "this option");
            let octets = items::make(item, &mut values, place.codes);
            values.finish()?;
            octets.ok_or_else(|| not_an_option(name, place).at(&at))
        }
    }
}

fn not_an_option(name: &str, place: &Place<'_>) -> Fault {
    let near = nearest(name, kind::names_in(place.space));
    Fault::NotAnOption { place: place.title, meant: suggestion(&near) }
}

/// An option that is type, length and data.
fn unknown(place: &Place<'_>, kind: u8, data: Vec<u8>) -> Option<Vec<u8>> {
    Some(match place.space {
        Space::Ipv6 => {
            let option = Ipv6Option::new(kind, Ipv6Body::Unknown(data.into()));
            to_bytes(&option, place.codes)
        }
        Space::Mobility(_) => {
            let option = MobilityOption::new(kind, OptionBody::Unknown(data.into()));
            to_bytes(&option, place.codes)
        }
        Space::Nd(_) => NdOption::new(kind, NdBody::Unknown(data.into())).to_padded(place.codes),
        _ => return None,
    })
}

/// A list that grows, with the padding that its items need.
pub(crate) struct List<'p> {
    place: &'p Place<'p>,
    octets: Vec<u8>,
}

impl<'p> List<'p> {
    pub(crate) fn new(place: &'p Place<'p>) -> Self {
        Self { place, octets: Vec::new() }
    }

    /// Appends an item; `raw` ones stand where they are put.
    pub(crate) fn push(&mut self, item: &[u8], raw: bool) {
        if let (true, false, Some(kind)) = (self.place.padding, raw, item.first()) {
            let (n, m) = self.alignment(*kind, item.len().saturating_sub(2));
            let at = self.place.at + self.octets.len();
            pad(&mut self.octets, (n + m - at % n) % n);
        }
        self.octets.extend_from_slice(item);
    }

    /// The octets, filled up to the unit of the header around them.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let at = self.place.at + self.octets.len();
        match self.place.space {
            _ if !self.place.padding => {}
            Space::Ipv6 | Space::Mobility(_) => pad(&mut self.octets, (8 - at % 8) % 8),
            // No-operation and end of list, RFC 9293 3.1, are a single octet.
            Space::Tcp => self.octets.resize(self.octets.len() + (4 - at % 4) % 4, 0),
            _ => {}
        }
        self.octets
    }

    fn alignment(&self, kind: u8, len: usize) -> (usize, usize) {
        match self.place.space {
            Space::Ipv6 => ipv6_option::alignment(kind),
            Space::Mobility(within) => {
                let format = self.place.codes.option(within, kind, len);
                alignment(format, len).unwrap_or((1, 0))
            }
            _ => (1, 0),
        }
    }
}

/// Whether a list can have options that are type, length and data.
pub(crate) fn has_unknown(space: Space) -> bool {
    matches!(space, Space::Ipv6 | Space::Mobility(_) | Space::Nd(_))
}

/// Whether an item, by its type, is padding.
pub(crate) fn is_padding(space: Space, item: &[u8]) -> bool {
    let padded = matches!(space, Space::Ipv6 | Space::Mobility(_));
    padded && matches!(item.first(), Some(0 | 1))
}

/// Whether an item is one of this name.
pub(crate) fn is_named(space: Space, item: &[u8], name: &str, codes: &Codes) -> bool {
    let (Some(&kind), len) = (item.first(), item.get(1).copied().unwrap_or(0)) else {
        return false;
    };
    match space {
        Space::Mobility(within) => codes.option(within, kind, len.into()).slug() == name,
        Space::Nd(within) => codes.nd(within, kind, len).slug() == name,
        _ => match kind::item(space, name, codes) {
            Some(Item::Ipv6(wanted)) => wanted == kind,
            _ => false,
        },
    }
}
