//! IPsec between nodes of a case.

use std::borrow::Cow;
use std::fmt;

use mip6_security::algorithm::{Encryption, Integrity};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

use super::place::At;
use super::values::Map;

/// What protects the traffic of a mobile node and its home agent (RFC 3776).
/// Keys, SPIs and addresses are the runner's.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Security {
    /// The mobile node, then the home agent.
    pub between: At<Vec<At<String>>>,
    /// Binding Updates and Acknowledgements, in transport mode.
    #[serde(default)]
    pub mobility: Protection,
    /// Home Test Init and Home Test, in tunnel mode.
    #[serde(default)]
    pub return_routability: Protection,
    /// Mobile Prefix Solicitations and Advertisements, in transport mode.
    #[serde(default)]
    pub prefix_discovery: Protection,
    /// All else that goes through the tunnel.
    #[serde(default)]
    pub payload: Payload,
    /// Encryption algorithm of ESP; aes-cbc if left out.
    pub encryption: Option<EncryptionName>,
    /// Integrity algorithm of ESP and AH; hmac-sha1-96 if left out.
    pub integrity: Option<IntegrityName>,
    /// Instead of the four above: a policy in the notation of
    /// draft-ietf-mobileip-mipv6-ha-ipsec-04 5.1, as a block behind `|`.
    pub policy: Option<At<String>>,
    /// What names in the policy mean: `$mn.home`, an address, an SPI.
    #[serde(default)]
    pub names: Map<At<String>>,
}

/// What protects a kind of traffic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// Encapsulating Security Payload.
    Esp,
    /// Authentication Header.
    Ah,
    /// Nothing.
    #[default]
    None,
}

/// What protects payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Payload {
    /// Encapsulating Security Payload.
    Esp,
    /// Nothing.
    #[default]
    None,
}

/// An encryption algorithm by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncryptionName(pub Encryption);

/// An integrity algorithm by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IntegrityName(pub Integrity);

/// Reads the name of an algorithm by its own parser.
macro_rules! by_name {
    ($type:ident, $of:ident, $expected:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct Name;

                impl Visitor<'_> for Name {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: Error>(self, name: &str) -> Result<$type, E> {
                        $of::parse(name).map($type).map_err(E::custom)
                    }
                }

                d.deserialize_str(Name)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($of).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "description": $expected,
                    "examples": $of::ALL.map($of::name),
                })
            }
        }
    };
}

by_name!(EncryptionName, Encryption, "the name of an encryption algorithm");
by_name!(IntegrityName, Integrity, "the name of an integrity algorithm");
