//! Packets made from specs.

mod complete;
mod filler;

use std::fmt;

use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body};
use mip6_wire::ip::{
    Authentication, DestinationOptions, Esp, Fragment, HopByHop, Ipv4, Ipv6, Routing, RoutingBody,
};
use mip6_wire::layout::{Bytes, Misfit};
use mip6_wire::link::{Ethernet, Vlan};
use mip6_wire::mobility::{Message, Mobility};
use mip6_wire::transport::{Tcp, Udp};
use thiserror::Error;

pub(crate) use filler::{Values, given};

use crate::kind::HeaderKind;
use crate::seal::Keyring;
use crate::spec::{Body, HeaderSpec, PacketSpec, RawSpec, Setting};
use crate::term::{Scope, Term, TermError};

/// Why a packet could not be made, and where in its spec.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{at}: {fault}")]
pub struct CraftError {
    /// The place: `packet[2].options[0].mip6.ni.hni`.
    pub at: String,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a spec.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// A value that its field cannot have.
    #[error("{0}")]
    Misfit(Misfit),
    /// A value that is none.
    #[error(transparent)]
    Term(#[from] TermError),
    /// A field of another header or message.
    #[error("not a field of {0}")]
    NotHere(&'static str),
    /// A field that selects the format and is not set.
    #[error("`{0}` is not set, expected a number: it selects the message")]
    Missing(&'static str),
    /// Options where there are none.
    #[error("{0} has no options")]
    NoOptions(&'static str),
    /// An option that the list cannot have.
    #[error("no option of {place}{meant}")]
    NotAnOption {
        /// What the list stands in.
        place: &'static str,
        /// What was meant, perhaps.
        meant: String,
    },
    /// Not octets.
    #[error("{0}, expected hexadecimal digits in quotes")]
    Octets(String),
    /// Not a number of octets that a packet can have.
    #[error("{0}, expected a number of octets up to 65535")]
    Count(String),
    /// A number for an octet.
    #[error("{0}, expected a number up to 255")]
    Octet(String),
    /// A security association that is not there.
    #[error("no security association is called {0}")]
    NoAssociation(String),
    /// A security association that cannot be used so.
    #[error("{0}")]
    Seal(String),
}

/// Makes packets.
#[derive(Clone, Copy)]
pub struct Crafter<'c> {
    scope: &'c dyn Scope,
    keys: &'c dyn Keyring,
    codes: &'static Codes,
}

impl fmt::Debug for Crafter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crafter").finish_non_exhaustive()
    }
}

impl<'c> Crafter<'c> {
    /// Names are looked up in `scope`; code points are those of `codes`.
    pub fn new(scope: &'c dyn Scope, codes: &'static Codes) -> Self {
        Self { scope, keys: &(), codes }
    }

    /// The same, with security associations for ESP and AH.
    #[must_use]
    pub fn with_keys(self, keys: &'c dyn Keyring) -> Self {
        Self { keys, ..self }
    }

    /// Makes the headers of a packet.
    pub fn craft(&self, spec: &PacketSpec) -> Result<Vec<Header<'static>>, CraftError> {
        let mut headers = self.craft_open(spec)?;
        self.seal(spec, &mut headers)?;
        Ok(headers)
    }

    /// The same, not sealed yet: ESP and AH are empty.
    pub fn craft_open(&self, spec: &PacketSpec) -> Result<Vec<Header<'static>>, CraftError> {
        let mut headers = Vec::with_capacity(spec.headers.len());
        for (i, header) in spec.headers.iter().enumerate() {
            headers.push(self.header(header, &format!("packet[{i}]"))?);
        }
        complete::hop_limits(&mut headers, spec);
        Ok(headers)
    }

    /// Seals what [`Self::craft_open`] has made of a spec, changed or not; the headers
    /// are as many still.
    pub fn seal(
        &self,
        spec: &PacketSpec,
        headers: &mut Vec<Header<'static>>,
    ) -> Result<(), CraftError> {
        crate::seal::seal(headers, spec, self.scope, self.keys, self.codes)
    }

    /// Makes one header, which stands at `at` of its spec. It is not sealed.
    pub(crate) fn header(
        &self,
        spec: &HeaderSpec,
        at: &str,
    ) -> Result<Header<'static>, CraftError> {
        let (kind, body) = match spec {
            HeaderSpec::Raw(raw) => {
                let octets = octets(raw, self.scope).map_err(|f| f.at(at))?;
                return Ok(Header::Raw(octets.into()));
            }
            HeaderSpec::Of(kind, body) => (*kind, body),
        };
        let at = format!("{at}.{}", kind.name());
        let mut header = self.blank(kind, body, &at)?;
        let mut values = Values::new(body, self.scope, self.codes, at, title(&header));
        header.fill(&mut values, self.codes);
        values.finish()?;
        complete::header(&mut header, body);
        Ok(header)
    }

    /// An empty header of the format that its type selects.
    fn blank(
        &self,
        kind: HeaderKind,
        body: &Body,
        at: &str,
    ) -> Result<Header<'static>, CraftError> {
        let select = |name: &'static str| match body.setting(name) {
            Some(Setting::One(term)) => {
                octet(term, self.scope).map_err(|f| f.at(&format!("{at}.{name}")))
            }
            _ => Err(Fault::Missing(name).at(at)),
        };
        Ok(match kind {
            HeaderKind::Ethernet => Header::Ethernet(Ethernet::default()),
            HeaderKind::Vlan => Header::Vlan(Vlan::default()),
            HeaderKind::Ipv6 => Header::Ipv6(Ipv6::default()),
            HeaderKind::HopByHop => Header::HopByHop(HopByHop::default()),
            HeaderKind::DestinationOptions => {
                Header::DestinationOptions(DestinationOptions::default())
            }
            HeaderKind::Routing => {
                let body = RoutingBody::blank(select("ipv6.routing.type")?);
                Header::Routing(Routing { body, ..Routing::default() })
            }
            HeaderKind::Fragment => Header::Fragment(Fragment::default()),
            HeaderKind::Ah => Header::Authentication(Authentication::default()),
            HeaderKind::Esp => Header::Esp(Esp::default()),
            HeaderKind::Mobility => {
                let kind = select("mip6.mhtype")?;
                let message = Message::blank(self.codes.mh(kind), &[], self.codes);
                Header::Mobility(Mobility::new(kind, message, Vec::new()))
            }
            HeaderKind::Icmpv6 => {
                let kind = select("icmpv6.type")?;
                Header::Icmpv6(Icmpv6::new(kind, Icmpv6Body::blank(kind)))
            }
            HeaderKind::Udp => Header::Udp(Udp::default()),
            HeaderKind::Tcp => Header::Tcp(Tcp::default()),
            HeaderKind::Ipv4 => Header::Ipv4(Ipv4::default()),
            HeaderKind::Raw => Header::Raw(Bytes::Borrowed(&[])),
        })
    }
}

impl Fault {
    pub(crate) fn at(self, at: &str) -> CraftError {
        CraftError { at: at.to_owned(), fault: self }
    }
}

/// What a person calls a header.
pub(crate) fn title(header: &Header<'_>) -> &'static str {
    use mip6_wire::layout::Layout;
    match header {
        Header::Mobility(h) => h.title(),
        Header::Icmpv6(h) => h.title(),
        Header::Routing(h) => match h.body {
            RoutingBody::Home { .. } => "a Type 2 routing header",
            _ => "a routing header of this type",
        },
        other => HeaderKind::of(other).map_or("this header", HeaderKind::name),
    }
}

/// The octets of a spec.
pub(crate) fn octets(raw: &RawSpec, scope: &dyn Scope) -> Result<Vec<u8>, Fault> {
    match raw {
        RawSpec::Octets(term) => hex(term, scope),
        RawSpec::Count(term) => {
            let n = term.resolve(scope)?.datum;
            let count = n.number().and_then(|n| u16::try_from(n).ok());
            let count = count.ok_or_else(|| Fault::Count(n.to_string()))?;
            Ok((0..count).map(|i| i as u8).collect())
        }
    }
}

/// Octets in hexadecimal digits.
pub(crate) fn hex(term: &Term, scope: &dyn Scope) -> Result<Vec<u8>, Fault> {
    let datum = term.resolve(scope)?.datum;
    datum.octets().ok_or_else(|| Fault::Octets(datum.to_string()))
}

/// A number of one octet.
pub(crate) fn octet(term: &Term, scope: &dyn Scope) -> Result<u8, Fault> {
    let datum = term.resolve(scope)?.within(8);
    let octet = datum.number().and_then(|n| u8::try_from(n).ok());
    octet.ok_or_else(|| Fault::Octet(datum.to_string()))
}
