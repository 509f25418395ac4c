//! Profiles: what code points mean. See `DESIGN` in ARCHITECTURE.md.

mod auto;
mod file;

pub use auto::Reason;
pub use file::{ProfileError, ProfileFile, readings_schema};

use mip6_security::mobility::local::{Passage, Reading, Readings};
use mip6_wire::codes::{Codes, LKE01, RFC6275};
use mip6_wire::ip::proto;
use mip6_wire::lke::long_type;

use crate::packet::Chain;

/// Which meaning of code points holds.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    mode: Mode,
    plain: Codes,
    lke: Codes,
    readings: Readings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Numbers mean what IANA registered.
    Plain,
    /// Local Key Exchange is spoken.
    Lke,
    /// Decided packet by packet.
    Auto,
}

/// By which table a header was read, and in profile `auto` why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Dialect {
    /// The table of Local Key Exchange.
    pub lke: bool,
    /// Why, where there was a choice.
    pub reason: Option<Reason>,
}

impl Profile {
    /// Numbers mean what IANA registered.
    pub fn rfc6275() -> Self {
        Self::new("rfc6275", Mode::Plain, RFC6275.clone(), LKE01.clone())
    }

    /// Numbers mean what draft-liu-mobileip-lke-01 says, where it says
    /// something.
    pub fn lke01() -> Self {
        Self::new("lke-01", Mode::Lke, RFC6275.clone(), LKE01.clone())
    }

    /// Decided packet by packet from what surrounds the number.
    pub fn auto() -> Self {
        Self::new("auto", Mode::Auto, RFC6275.clone(), LKE01.clone())
    }

    /// A built-in profile by name, else a file with one's own numbers.
    pub fn load(name: &str) -> Result<Self, ProfileError> {
        match name {
            "rfc6275" => Ok(Self::rfc6275()),
            "lke-01" => Ok(Self::lke01()),
            "auto" => Ok(Self::auto()),
            path => file::load(path.as_ref()),
        }
    }

    fn new(name: &str, mode: Mode, plain: Codes, lke: Codes) -> Self {
        Self { name: name.to_owned(), mode, plain, lke, readings: Readings::default() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// By which readings, and by which numbers, Local Key Exchange is spoken.
    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// The same where Local Key Exchange is spoken by these readings and numbers.
    #[must_use]
    pub fn speaking(mut self, readings: Readings) -> Self {
        self.lke = self.plain.clone().with_lke(readings.numbers());
        self.readings = readings;
        self
    }

    /// Whether Local Key Exchange is spoken for certain, not guessed.
    pub fn is_lke(&self) -> bool {
        self.mode == Mode::Lke
    }

    /// Whether Local Key Exchange may be spoken, for certain or by guess.
    pub fn may_speak_lke(&self) -> bool {
        self.mode != Mode::Plain
    }

    /// The table of a dialect.
    #[inline]
    pub fn codes(&self, dialect: Dialect) -> &Codes {
        if dialect.lke { &self.lke } else { &self.plain }
    }

    /// How to read everything but a Mobility Header. The options of Local Key
    /// Exchange share no length with others of their numbers in the same
    /// message, so that `auto` can always look for them.
    #[inline]
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect { lke: self.mode != Mode::Plain, reason: None }
    }

    /// How to read a Destination Options header: by Local Key Exchange only in front of
    /// a Mobility Header, and in `auto` only if a care-of address is said to stand there
    /// (reading C6), or in front of a Key Exchange Acknowledgement. The type of that
    /// option is one for experiments, which others use too.
    #[inline]
    pub(crate) fn options_dialect(&self, octets: &[u8], chain: Option<&Chain>) -> Dialect {
        let lke = octets.first() == Some(&proto::MOBILITY)
            && match self.mode {
                Mode::Plain => false,
                Mode::Lke => true,
                Mode::Auto => {
                    let said = self.readings.said(Passage::Carrier);
                    said == Some(Reading::DestinationOption)
                        || said.is_none() && self.acknowledges(octets, chain)
                }
            };
        Dialect { lke, reason: None }
    }

    /// Whether a Key Exchange Acknowledgement follows a Destination Options header.
    fn acknowledges(&self, octets: &[u8], chain: Option<&Chain>) -> bool {
        let len = octets.get(1).map_or(0, |n| (usize::from(*n) + 1) * 8);
        let (Some(message), Some(chain)) = (octets.get(len..), chain) else { return false };
        let reason = self.mobility_dialect(message, chain).reason;
        reason == Some(Reason::Acknowledgement)
    }

    /// How to read a Mobility Header.
    #[inline]
    pub(crate) fn mobility_dialect(&self, octets: &[u8], chain: &Chain) -> Dialect {
        let lke = match self.mode {
            Mode::Plain => false,
            Mode::Lke => true,
            Mode::Auto => {
                let octet = |at: usize| octets.get(at).copied().unwrap_or(0);
                let kind = long_type(octet(2), octet(3), &self.lke).unwrap_or(octet(2));
                let (lke, plain) = (self.lke.mh(kind), self.plain.mh(kind));
                if lke != plain && lke.is_lke() {
                    let bare = self.readings.has(Reading::BareAuthenticator);
                    return auto::decide(lke, octets, chain, bare);
                }
                true
            }
        };
        Dialect { lke, reason: None }
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::auto()
    }
}
