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
//!   - pem: "-----BEGIN RSA…"   # the same in place
//!   - careof: 2001:db8:b::99   # or the key itself, of a care-of address
//!     key: 000102030405060708090a0b0c0d0e0f
//! ```
//!
//! Any of the lists may be left out.
//!
//! A [policy] may stand beside them, or in another file
//! (`policy-file: policy.txt`). What an association leaves out is then that of
//! the entry of its name in the SAD:
//!
//! ```yaml
//! policy: |
//!   mobile node SPD OUT:
//!     - IF source = home_address_1 & destination = home_agent_1 & proto = MH
//!       THEN USE SA1
//!   mobile node SAD:
//!     - SA1(OUT, spi_a, home_agent_1, ESP, TRANSPORT):
//!       source = home_address_1 & destination = home_agent_1 & proto = MH
//! names:
//!   home_address_1: 2001:db8:a::1234
//!   home_agent_1: 2001:db8:a::1
//!   spi_a: 0x1000
//! associations:
//!   - name: SA1
//!     integrity: {algorithm: hmac-sha1-96, key: 1112131415161718191a1b1c1d1e1f2021222324}
//! ```

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::{Location, Spanned};

use super::mobility::{AuthenticationEntry, LocalEntry};
use super::text::{algorithm, number, octets};
use super::{Draft, Fault, Keys, Placed};
use crate::algorithm::{Encryption, Integrity};
use crate::policy::{self, Names, Origin, Policy, SadEntry};

/// A key file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "A key file of mip6")]
pub struct KeyFile {
    /// Security associations.
    associations: Option<Vec<Entry>>,
    /// A policy in the notation of draft-ietf-mobileip-mipv6-ha-ipsec-04 5.1, as a block behind `|`.
    #[schemars(with = "Option<String>")]
    policy: Option<Spanned<String>>,
    /// A file that holds the policy, beside this one.
    #[schemars(with = "Option<String>")]
    policy_file: Option<Spanned<String>>,
    /// What names in the policy mean: addresses, prefixes, SPIs, protocols, identities.
    #[serde(default)]
    names: BTreeMap<String, String>,
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
    /// What to call it; the policy's name for it.
    #[schemars(with = "Option<String>")]
    name: Option<Spanned<String>>,
    /// Security Parameters Index, as 4096 or 0x1000; that of the policy, if left out.
    #[schemars(with = "Option<String>")]
    spi: Option<Spanned<String>>,
    /// ESP or AH; that of the policy, or ESP, if left out.
    #[schemars(with = "Option<Protocol>")]
    protocol: Option<Spanned<Protocol>>,
    /// Transport or tunnel mode; that of the policy, or whatever the packet shows, if left out.
    #[schemars(with = "Option<Mode>")]
    mode: Option<Spanned<Mode>>,
    /// Source: a home address, where the node is mobile.
    source: Option<IpAddr>,
    /// Destination, likewise; that of the policy, if left out.
    #[schemars(with = "Option<IpAddr>")]
    destination: Option<Spanned<IpAddr>>,
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

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Protocol {
    Esp,
    Ah,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    Transport,
    Tunnel,
}

/// Security associations and the policy; the other keys go to `keys`, which knows
/// where the file is.
pub(super) fn parse(text: &str, keys: &mut Keys) -> Result<(Vec<Draft>, Option<Policy>), Fault> {
    let path = keys.files.first().cloned().unwrap_or_default();
    // Snippets of the file would show keys.
    let options = serde_yaml::options! { with_snippet: false };
    let file: KeyFile = serde_yaml::from_str_with_options(text, options).map_err(|e| {
        let at = e.location().unwrap_or(Location::UNKNOWN);
        let message = without_values(&e.to_string());
        Fault::new(at.line() as usize, at.column() as usize, message)
    })?;
    let empty = file.associations.is_none()
        && file.authentication.is_none()
        && file.local_keys.is_none()
        && file.policy.is_none()
        && file.policy_file.is_none();
    if empty {
        let message =
            "no keys: expected `associations`, `authentication`, `local-keys` or a `policy`";
        return Err(Fault::new(1, 1, message));
    }
    for entry in file.authentication.iter().flatten() {
        entry.add_to(keys)?;
    }
    for entry in file.local_keys.iter().flatten() {
        entry.value.add_to(keys, entry.defined)?;
    }
    let names: Names = file.names.into_iter().collect();
    let policy = match (&file.policy, &file.policy_file) {
        (Some(_), Some(other)) => {
            return Err(placed(other).fault("expected policy or policy-file, not both"));
        }
        (Some(block), None) => Some(policy::bind(inner(text, block)?, &names)?),
        (None, Some(name)) => Some(outer(&path, &placed(name), &names)?),
        (None, None) => None,
    };
    let drafts = file.associations.into_iter().flatten().map(|e| draft(e, policy.as_ref()));
    Ok((drafts.collect::<Result<_, _>>()?, policy))
}

/// The policy in a block of the file. Its lines are those of the file, which
/// holds for blocks behind `|` only.
fn inner(text: &str, block: &Spanned<String>) -> Result<policy::Written, Fault> {
    let at = placed(block);
    let first = block.value.lines().position(|l| !l.trim().is_empty()).unwrap_or(0);
    let wanted = block.value.lines().nth(first).unwrap_or_default();
    // The line of the place is that of the mark or of the first line behind it.
    let lines = text.lines().enumerate().skip(at.line.saturating_sub(1)).take(first + 2);
    let found = lines.filter_map(|(i, line)| Some((i, line.strip_suffix(wanted)?))).last();
    let fault = || at.fault("expected a block: `policy: |`, and the policy in the lines behind it");
    let (number, indent) = found.filter(|(i, _)| *i >= first).ok_or_else(fault)?;
    let origin = Origin { line: number + 1 - first, indent: indent.len() };
    let same = block.value.lines().zip(text.lines().skip(number - first));
    if !indent.trim().is_empty() || !same.into_iter().all(|(a, b)| b.ends_with(a)) {
        return Err(fault());
    }
    policy::read(&block.value, origin)
}

/// The policy in a file beside this one.
fn outer(path: &Path, name: &Placed<&str>, names: &Names) -> Result<Policy, Fault> {
    let path = path.parent().unwrap_or(Path::new("")).join(name.value);
    let text = super::read_text(&path)
        .map_err(|e| name.fault(format!("cannot read {}: {e}", path.display())))?;
    let written = policy::read(&text, Origin::START);
    let policy = written.and_then(|w| policy::bind(w, names));
    let policy = policy.map_err(|fault| fault.in_file(&path))?;
    Ok(Policy { path, ..policy })
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
    place(word.defined, &word.value)
}

/// Octets by hexadecimal digits, perhaps behind `0x`.
pub(super) fn digits(word: &Spanned<String>) -> Result<Placed<Vec<u8>>, Fault> {
    let at = placed(word);
    let digits = at.value.strip_prefix("0x").unwrap_or(at.value);
    let value =
        octets(digits).ok_or_else(|| at.fault("expected an even number of hexadecimal digits"))?;
    Ok(Placed { value, line: at.line, column: at.column })
}

fn place<T>(at: Location, value: T) -> Placed<T> {
    Placed { value, line: at.line() as usize, column: at.column() as usize }
}

fn draft(e: Entry, policy: Option<&Policy>) -> Result<Draft, Fault> {
    let name = e.name.as_ref().map(placed).unwrap_or_default();
    let entries = policy.into_iter().flat_map(|p| p.associations(name.value)).collect();
    let twin = Twin { name, entries };
    let said = e.spi.map(|s| number(&placed(&s))).transpose()?;
    let spi = twin.agreed(said.as_ref(), "SPI", |a| a.spi)?;
    let spi = spi.ok_or_else(|| {
        let known = if policy.is_some() { ", or a name in a SAD of the policy" } else { "" };
        twin.name.fault(format!("expected `spi:` for this association{known}"))
    })?;
    let said = e.protocol.map(|p| {
        place(
            p.defined,
            match p.value {
                Protocol::Esp => super::Protocol::Esp,
                Protocol::Ah => super::Protocol::Ah,
            },
        )
    });
    let protocol = twin.agreed(said.as_ref(), "protocol", |a| a.protocol)?;
    let said = e.mode.map(|m| {
        place(
            m.defined,
            match m.value {
                Mode::Transport => super::Mode::Transport,
                Mode::Tunnel => super::Mode::Tunnel,
            },
        )
    });
    let mode = twin.agreed(said.as_ref(), "mode", |a| a.mode)?;
    let said = e.destination.map(|d| place(d.defined, d.value));
    let destination = twin.agreed(said.as_ref(), "destination", |a| a.destination)?;
    Ok(Draft {
        protocol: Some(protocol.map_or(super::Protocol::Esp, |p| p.value)),
        spi,
        source: e.source,
        destination: destination.map(|d| d.value),
        mode: mode.map_or(super::Mode::Any, |m| m.value),
        reqid: None,
        extended: e.extended_sequence_numbers,
        encryption: e.encryption.map(|k| keyed(&k, Encryption::parse)).transpose()?,
        integrity: e.integrity.map(|k| keyed(&k, Integrity::parse)).transpose()?,
        name: e.name.map(|n| n.value),
    })
}

/// What the SADs of the policy have under the name of an association.
struct Twin<'a> {
    name: Placed<&'a str>,
    entries: Vec<&'a SadEntry>,
}

impl Twin<'_> {
    /// What is said of the association, or else what the policy says of it; a
    /// fault where they differ.
    fn agreed<T: Copy + PartialEq>(
        &self,
        said: Option<&Placed<T>>,
        what: &str,
        of: impl Fn(&SadEntry) -> T,
    ) -> Result<Option<Placed<T>>, Fault> {
        let Some(first) = self.entries.first() else { return Ok(said.cloned()) };
        let value = said.map_or_else(|| of(first), |s| s.value);
        if let Some(other) = self.entries.iter().find(|e| of(e) != value) {
            let at = format!("{}:{}", other.line, other.column);
            let message = format!("the {what} of {} is another in the policy ({at})", other.name);
            return Err(said.map_or_else(|| self.name.fault(&message), |s| s.fault(&message)));
        }
        Ok(Some(said.cloned().unwrap_or(Placed {
            value,
            line: self.name.line,
            column: self.name.column,
        })))
    }
}

fn keyed<T>(
    k: &Keyed,
    parse: impl FnOnce(&str) -> Result<T, crate::KeyError>,
) -> Result<super::Algorithm<T>, Fault> {
    let name = place(k.algorithm.defined, k.algorithm.value.as_deref().unwrap_or("null"));
    let key = || match &k.key {
        None => Ok(Placed { value: Vec::new(), line: name.line, column: name.column }),
        Some(word) => digits(word),
    };
    algorithm(&name, key, parse)
}
