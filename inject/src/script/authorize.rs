//! Binding Authorization Data of packets that are made.

use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::layout::to_bytes;
use mip6_wire::mobility::options::Options;
use mip6_wire::mobility::{Mobility, OptionBody};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::term::{Scope, Term};

/// What the authenticator of a Binding Authorization Data option is computed
/// with (RFC 6275 5.2.5 and 6.2.7). The option stands in the packet's spec, empty.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Authorize {
    /// Home keygen token, a number or 8 octets.
    pub home_token: Term,
    /// Care-of keygen token; none where a binding is deleted.
    pub care_of_token: Option<Term>,
    /// Care-of address.
    pub care_of: Term,
    /// Address of the correspondent node.
    pub correspondent: Term,
}

impl Authorize {
    /// Fills in the authenticator of the last empty Binding Authorization Data
    /// option of the innermost Mobility Header.
    pub(super) fn apply(
        &self,
        headers: &mut [Header<'static>],
        scope: &dyn Scope,
        codes: &'static Codes,
    ) -> Result<(), (&'static str, String)> {
        let home = token(&self.home_token, scope).map_err(|e| ("home-token", e))?;
        let careof = self.care_of_token.as_ref().map(|t| token(t, scope)).transpose();
        let careof = careof.map_err(|e| ("care-of-token", e))?;
        let address = address(&self.care_of, scope).map_err(|e| ("care-of", e))?;
        let correspondent =
            self::address(&self.correspondent, scope).map_err(|e| ("correspondent", e))?;
        let missing = || {
            let message = "the packet has no empty binding-authorization-data option";
            ("", message.to_owned())
        };
        let mobility = headers.iter_mut().rev().find_map(|h| match h {
            Header::Mobility(m) => Some(m),
            _ => None,
        });
        let m = mobility.ok_or_else(missing)?;
        let fixed = m.fixed_octets();
        let at = Options::new(&m.options, m.format(), codes)
            .flatten()
            .filter(|o| matches!(o.body(), OptionBody::BindingAuthorization { .. }))
            .filter(|o| o.data.len() == 12 && o.data.iter().all(|octet| *octet == 0))
            .last()
            .map(|o| o.offset + 2)
            .ok_or_else(missing)?;
        let octets = to_bytes::<Mobility<'_>>(m, codes);
        let mac = BindingKey::new(home, careof).authenticator(
            address,
            correspondent,
            &octets,
            fixed + at,
        );
        if let (Some(mac), Some(place)) = (mac, m.options.to_mut().get_mut(at..at + 12)) {
            place.copy_from_slice(&mac);
        }
        Ok(())
    }
}

/// A keygen token.
fn token(term: &Term, scope: &dyn Scope) -> Result<u64, String> {
    let datum = term.resolve(scope).map_err(|e| e.to_string())?.datum;
    let wrong = || format!("{datum}, expected a keygen token: 16 hexadecimal digits in quotes");
    // Octets first: sixteen digits are octets.
    match datum.octets().filter(|o| o.len() == 8) {
        Some(octets) => Ok(octets.iter().fold(0, |n, o| n << 8 | u64::from(*o))),
        None => datum.number().and_then(|n| u64::try_from(n).ok()).ok_or_else(wrong),
    }
}

fn address(term: &Term, scope: &dyn Scope) -> Result<Ipv6Addr, String> {
    let datum = term.resolve(scope).map_err(|e| e.to_string())?.datum;
    match datum.address() {
        Some(std::net::IpAddr::V6(a)) => Ok(a),
        _ => Err(format!("{datum}, expected an IPv6 address")),
    }
}
