//! Sections of key files for Mobile IPv6's own messages.

use std::net::Ipv6Addr;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::{Location, Spanned};

use super::text::number;
use super::yaml::{digits, placed};
use super::{Fault, Keys};
use crate::mobility::authentication::{AuthenticationError, AuthenticationKey, Kind};
use crate::mobility::local::{LocalKey, RouterKey};

/// A key of the authentication option, RFC 4285.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Authentication")]
pub(super) struct AuthenticationEntry {
    /// Whom it authenticates the mobile node to.
    kind: KindName,
    /// Mobility SPI, as 4096 or 0x1000; 3 for mn-aaa.
    #[schemars(with = "String")]
    spi: Spanned<String>,
    /// Hexadecimal digits: 16 octets for mn-ha.
    #[schemars(with = "String")]
    key: Spanned<String>,
    /// Home address of the mobile node; any, if left out.
    home: Option<Ipv6Addr>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Kind")]
enum KindName {
    MnHa,
    MnAaa,
}

impl AuthenticationEntry {
    pub(super) fn add_to(&self, keys: &mut Keys) -> Result<(), Fault> {
        let (spi, key) = (number(&placed(&self.spi))?, digits(&self.key)?);
        let kind = match self.kind {
            KindName::MnHa => Kind::MnHa,
            KindName::MnAaa => Kind::MnAaa,
        };
        let made = AuthenticationKey::new(kind, spi.value, self.home, &key.value);
        keys.authentication.add(made.map_err(|e| match e {
            AuthenticationError::KeySize(_) | AuthenticationError::NoKey => {
                key.fault(e.to_string())
            }
            AuthenticationError::ReservedSpi | AuthenticationError::Algorithm => {
                spi.fault(e.to_string())
            }
        })?);
        Ok(())
    }
}

/// A key of Local Key Exchange: the private key of an access router, or the key
/// that a mobile node made at a care-of address.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "LocalKey")]
pub(super) struct LocalEntry {
    /// File with the RSA private key of an access router in PEM, PKCS#1 or
    /// PKCS#8; from the folder of the key file.
    #[schemars(with = "Option<String>")]
    private_key: Option<Spanned<String>>,
    /// The RSA private key itself, in PEM; instead of `private-key`.
    #[schemars(with = "Option<String>")]
    pem: Option<Spanned<String>>,
    /// Care-of address; with `key`.
    careof: Option<Ipv6Addr>,
    /// Hexadecimal digits of 16 octets; with `careof`.
    #[schemars(with = "Option<String>")]
    key: Option<Spanned<String>>,
}

impl LocalEntry {
    pub(super) fn add_to(&self, keys: &mut Keys, place: Location) -> Result<(), Fault> {
        match (&self.private_key, &self.pem, self.careof, &self.key) {
            (Some(file), None, None, None) => {
                let word = placed(file);
                let path = beside(keys.files.first(), word.value);
                let shown = path.display();
                let text = super::read_text(&path)
                    .map_err(|e| word.fault(format!("{shown}: cannot read the key: {e}")))?;
                let key = RouterKey::from_pem(&text)
                    .map_err(|e| word.fault(format!("{shown}:{}: {}", e.line, e.what)))?;
                keys.local.add_router(key);
                keys.files.push(path);
            }
            (None, Some(pem), None, None) => {
                let word = placed(pem);
                let key = RouterKey::from_pem(word.value).map_err(|e| word.fault(e.what))?;
                keys.local.add_router(key);
            }
            (None, None, Some(careof), Some(key)) => {
                let key = digits(key)?;
                let octets = <[u8; LocalKey::OCTETS]>::try_from(key.value.as_slice());
                let octets = octets.map_err(|_| {
                    key.fault(format!(
                        "a local key has 16 octets, this one has {}",
                        key.value.len()
                    ))
                })?;
                keys.local.add(careof, LocalKey::new(octets));
            }
            _ => {
                let (line, column) = (place.line() as usize, place.column() as usize);
                let message = "expected `private-key` or `pem` alone, or `careof` and `key`";
                return Err(Fault::new(line, column, message));
            }
        }
        Ok(())
    }
}

/// A path that a file names, from where that file is.
fn beside(file: Option<&PathBuf>, named: &str) -> PathBuf {
    file.and_then(|f| f.parent()).unwrap_or(Path::new("")).join(named)
}
