//! Lists of mobility options: walking one without building it, and building
//! one with the padding that alignment asks for.

use super::{MobilityOption, OptionBody};
use crate::codes::{Codes, MhFormat, OptionFormat};
use crate::layout::{Reader, Stop, Why, to_bytes};

/// Octets that an option occupies, from its type octet on. Two formats count
/// their length otherwise than RFC 6275 6.2.1: RFC 5568 6.4.5 counts the
/// authenticator alone, RFC 7411 5.3 and 5.4 count words behind the first four
/// octets. Where that does not fit into `left`, the general reading stands.
pub(super) fn own_octets(format: OptionFormat, len: u8, left: usize) -> usize {
    let len = usize::from(len);
    let special = match format {
        OptionFormat::FastBindingAuthorization => len + 6,
        OptionFormat::MulticastMobility | OptionFormat::MulticastAcknowledgement => len * 4 + 4,
        _ => len + 2,
    };
    if special > left { len + 2 } else { special }
}

/// One option in a list, not yet understood.
#[derive(Clone, Copy, Debug)]
pub struct OptionRef<'a> {
    /// Offset of the type octet in the list.
    pub offset: usize,
    /// Option Type.
    pub kind: u8,
    /// What the type means here.
    pub format: OptionFormat,
    /// Octets after type and length; none for Pad1.
    pub data: &'a [u8],
    raw: &'a [u8],
    within: MhFormat,
    codes: &'a Codes,
}

impl<'a> OptionRef<'a> {
    /// Octets of the option, type and length included.
    pub fn octets(&self) -> &'a [u8] {
        self.raw
    }

    /// The option, understood. Octets that do not fit their format come back
    /// as `OptionBody::Unknown`.
    pub fn read(&self) -> MobilityOption<'a> {
        let mut option = MobilityOption { within: Some(self.within), ..MobilityOption::default() };
        let mut reader = Reader::new(self.raw, self.raw.len(), self.codes);
        // The walk has checked type and length, and a body that does not fit
        // its format is kept as it is: there is nothing left to fail.
        let _ = reader.read_into(&mut option);
        option
    }

    /// The body, understood.
    pub fn body(&self) -> OptionBody<'a> {
        self.read().body
    }
}

/// Walks a list of mobility options.
#[derive(Clone)]
pub struct Options<'a> {
    list: &'a [u8],
    pos: usize,
    within: MhFormat,
    codes: &'a Codes,
}

impl<'a> Options<'a> {
    /// The options in `list`, which stands in a message of format `within`.
    #[inline]
    pub fn new(list: &'a [u8], within: MhFormat, codes: &'a Codes) -> Self {
        Self { list, pos: 0, within, codes }
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = Result<OptionRef<'a>, Stop>;

    /// The next option; an error ends the walk.
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.list[self.pos..];
        let (&kind, after) = rest.split_first()?;
        let offset = self.pos;
        let mut option = OptionRef {
            offset,
            kind,
            format: self.codes.option(self.within, kind, 0),
            data: &[],
            raw: &rest[..1],
            within: self.within,
            codes: self.codes,
        };
        if option.format == OptionFormat::Pad1 {
            self.pos += 1;
            return Some(Ok(option));
        }
        let Some(&len) = after.first() else {
            self.pos = self.list.len();
            let why = Why::Short { need: 1, have: 0 };
            return Some(Err(Stop {
                at: offset + 1,
                field: Some(&super::fields::OPTION_LEN),
                why,
            }));
        };
        option.format = self.codes.option(self.within, kind, usize::from(len));
        let own = own_octets(option.format, len, rest.len());
        let Some(raw) = rest.get(..own) else {
            self.pos = self.list.len();
            let why = Why::Overrun { need: own, have: rest.len() };
            return Some(Err(Stop { at: offset, field: Some(&super::fields::OPTION_LEN), why }));
        };
        option.raw = raw;
        option.data = &raw[2..];
        self.pos += own;
        Some(Ok(option))
    }
}

/// The alignment of an option, `(n, m)` for a start at a multiple of `n` plus
/// `m`, counted from the start of the Mobility Header; `None` where the
/// specification asks for none.
pub fn alignment(format: OptionFormat, len: usize) -> Option<(usize, usize)> {
    use OptionFormat as F;
    Some(match format {
        // RFC 6275 6.2.4 to 6.2.7.
        F::BindingRefreshAdvice | F::NonceIndices => (2, 0),
        F::AlternateCareof => (8, 6),
        F::BindingAuthorization => (8, 2),
        // RFC 3963 4.3; RFC 5213 8.3; RFC 5568 6.4.2.
        F::MobileNetworkPrefix | F::HomeNetworkPrefix | F::Ipv6AddressPrefix => (8, 4),
        // RFC 4285 5 and 6.
        F::Authentication => (4, 1),
        F::ReplayProtection => (8, 2),
        // RFC 5213 8.7 and 8.8.
        F::LinkLocalAddress => (8, 6),
        F::Timestamp => (8, 2),
        // RFC 5555 3.1 and 3.2.
        F::Ipv4HomeAddress
        | F::Ipv4AddressAcknowledgement
        | F::NatDetection
        | F::Ipv4CareofAddress => (4, 0),
        // RFC 5648 4.1.
        F::BindingIdentifier if len <= 4 => (2, 0),
        F::BindingIdentifier => (8, 2),
        _ => return None,
    })
}

/// Builds a list of mobility options for a message whose fixed part has a
/// given size, padding each to its alignment and the whole to 8 octets.
#[derive(Clone, Debug)]
pub struct OptionsBuilder {
    fixed: usize,
    list: Vec<u8>,
}

impl OptionsBuilder {
    /// For a message whose options begin `fixed` octets after the start of the
    /// Mobility Header.
    pub fn new(fixed: usize) -> Self {
        Self { fixed, list: Vec::new() }
    }

    /// Appends an option of type `kind`, after the padding it needs.
    #[must_use]
    pub fn option(mut self, kind: u8, body: OptionBody<'_>, codes: &Codes) -> Self {
        let option = MobilityOption::new(kind, body);
        let octets = to_bytes(&option, codes);
        if let Some((n, m)) = alignment(option.format(), octets.len().saturating_sub(2)) {
            let at = self.fixed + self.list.len();
            self.pad((n + m - at % n) % n);
        }
        self.list.extend_from_slice(&octets);
        self
    }

    /// Appends octets as they are.
    #[must_use]
    pub fn raw(mut self, octets: &[u8]) -> Self {
        self.list.extend_from_slice(octets);
        self
    }

    /// The list, padded so that the Mobility Header is a multiple of 8 octets.
    pub fn build(mut self) -> Vec<u8> {
        let at = self.fixed + self.list.len();
        self.pad((8 - at % 8) % 8);
        self.list
    }

    fn pad(&mut self, n: usize) {
        crate::items::pad(&mut self.list, n);
    }
}
