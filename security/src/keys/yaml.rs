//! Key files in YAML:
//!
//! ```yaml
//! associations:
//!   - name: SA1
//!     spi: 0x1000
//!     protocol: esp            # or ah
//!     mode: transport          # or tunnel; whatever the packet shows, if left out
//!     source: 2001:db8:a::1234 # the home address, where the node is mobile
//!     destination: 2001:db8:a::1
//!     encryption: {algorithm: aes-cbc, key: 000102030405060708090a0b0c0d0e0f}
//!     integrity: {algorithm: hmac-sha1-96, key: 1112131415161718191a1b1c1d1e1f2021222324}
//!     extended-sequence-numbers: false
//! authentication:              # of RFC 4285
//!   - kind: mn-ha              # or mn-aaa, by SPI 3
//!     spi: 0x1000
//!     key: 000102030405060708090a0b0c0d0e0f
//!     home: 2001:db8:a::1234   # every mobile node's, if left out
//! local-keys:                  # of Local Key Exchange
//!   - private-key: router.pem  # of an access router; beside this file
//!   - careof: 2001:db8:b::99   # or the key itself, of a care-of address
//!     key: 000102030405060708090a0b0c0d0e0f
//! ```
//!
//! Any of the lists may be left out.

use std::net::IpAddr;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::{Location, Spanned};

use super::mobility::{AuthenticationEntry, LocalEntry};
use super::text::{algorithm, number, octets};
use super::{Draft, Fault, Keys, Placed};
use crate::algorithm::{Encryption, Integrity};

/// A key file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "A key file of mip6")]
pub struct KeyFile {
    /// Security associations.
    associations: Option<Vec<Entry>>,
    /// Keys of the authentication option, RFC 4285.
    authentication: Option<Vec<AuthenticationEntry>>,
    /// Keys of Local Key Exchange.
    #[schemars(with = "Option<Vec<LocalEntry>>")]
    local_keys: Option<Vec<Spanned<LocalEntry>>>,
}

/// A security association.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Association")]
struct Entry {
    /// What to call it.
    name: Option<String>,
    /// Security Parameters Index, as 4096 or 0x1000.
    #[schemars(with = "String")]
    spi: Spanned<String>,
    /// ESP or AH.
    #[serde(default)]
    protocol: Protocol,
    /// Transport or tunnel mode; whatever the packet shows, if left out.
    mode: Option<Mode>,
    /// Source: a home address, where the node is mobile.
    source: Option<IpAddr>,
    /// Destination, likewise.
    destination: Option<IpAddr>,
    /// How it encrypts; not at all, if left out.
    encryption: Option<Keyed>,
    /// How it protects integrity; not at all, if left out.
    integrity: Option<Keyed>,
    /// Sequence numbers of 64 bits.
    #[serde(default)]
    extended_sequence_numbers: bool,
}

/// An algorithm and its key.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Keyed {
    /// Its name; null is none.
    #[schemars(with = "Option<String>")]
    algorithm: Spanned<Option<String>>,
    /// Hexadecimal digits; none for null.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    key: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Protocol {
    #[default]
    Esp,
    Ah,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    Transport,
    Tunnel,
}

/// Security associations; the other keys go to `keys`, which knows where the file
/// is.
pub(super) fn parse(text: &str, keys: &mut Keys) -> Result<Vec<Draft>, Fault> {
    // Snippets of the file would show keys.
    let options = serde_yaml::options! { with_snippet: false };
    let file: KeyFile = serde_yaml::from_str_with_options(text, options).map_err(|e| {
        let at = e.location().unwrap_or(Location::UNKNOWN);
        Fault { line: at.line(), column: at.column(), message: without_values(&e.to_string()) }
    })?;
    if file.associations.is_none() && file.authentication.is_none() && file.local_keys.is_none() {
        let message = "no keys: expected `associations`, `authentication` or `local-keys`";
        return Err(Fault::new(1, 1, message));
    }
    for entry in file.authentication.iter().flatten() {
        entry.add_to(keys)?;
    }
    for entry in file.local_keys.iter().flatten() {
        entry.value.add_to(keys, entry.defined)?;
    }
    file.associations.into_iter().flatten().map(draft).collect()
}

/// A message of the parser's without the values of the file in it, one of which
/// may be a key, and without its own account of the place.
fn without_values(message: &str) -> String {
    let mut out = String::new();
    for (i, part) in message.split('"').enumerate() {
        out.push_str(if i % 2 == 0 { part } else { "…" });
    }
    let out = out.strip_prefix("error: ").unwrap_or(&out);
    let out = match out.strip_prefix("line ").and_then(|o| o.split_once(": ")) {
        Some((_, rest)) => rest,
        None => out,
    };
    let line = out.lines().next().unwrap_or_default();
    line.split(" at line ").next().unwrap_or_default().to_owned()
}

pub(super) fn placed(word: &Spanned<String>) -> Placed<&str> {
    at(word.defined, &word.value)
}

/// Octets by hexadecimal digits, perhaps behind `0x`.
pub(super) fn digits(word: &Spanned<String>) -> Result<Placed<Vec<u8>>, Fault> {
    let at = placed(word);
    let digits = at.value.strip_prefix("0x").unwrap_or(at.value);
    let value =
        octets(digits).ok_or_else(|| at.fault("expected an even number of hexadecimal digits"))?;
    Ok(Placed { value, line: at.line, column: at.column })
}

fn at(place: Location, value: &str) -> Placed<&str> {
    Placed { value, line: place.line() as usize, column: place.column() as usize }
}

fn draft(e: Entry) -> Result<Draft, Fault> {
    Ok(Draft {
        name: e.name,
        protocol: Some(match e.protocol {
            Protocol::Esp => super::Protocol::Esp,
            Protocol::Ah => super::Protocol::Ah,
        }),
        spi: number(&placed(&e.spi))?,
        source: e.source,
        destination: e.destination,
        mode: match e.mode {
            None => super::Mode::Any,
            Some(Mode::Transport) => super::Mode::Transport,
            Some(Mode::Tunnel) => super::Mode::Tunnel,
        },
        extended: e.extended_sequence_numbers,
        encryption: e.encryption.map(|k| keyed(&k, Encryption::parse)).transpose()?,
        integrity: e.integrity.map(|k| keyed(&k, Integrity::parse)).transpose()?,
    })
}

fn keyed<T>(
    k: &Keyed,
    parse: impl FnOnce(&str) -> Result<T, crate::KeyError>,
) -> Result<super::Algorithm<T>, Fault> {
    let name = at(k.algorithm.defined, k.algorithm.value.as_deref().unwrap_or("null"));
    let key = || match &k.key {
        None => Ok(Placed { value: Vec::new(), line: name.line, column: name.column }),
        Some(word) => digits(word),
    };
    algorithm(&name, key, parse)
}
