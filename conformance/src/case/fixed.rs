//! Addresses that are given instead of picked: those that a node on a wire has by
//! its own configuration.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};

use super::values::Prefix;

/// What links and nodes have, by their names in cases. What is left out is picked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Fixed {
    /// First prefix of a link.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, Prefix>,
    /// Addresses of a node.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub nodes: BTreeMap<String, FixedNode>,
}

/// Addresses of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct FixedNode {
    /// Link-layer address of its first interface: `02:00:5e:00:00:01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<Station>,
    /// Global addresses by the names of links.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub addresses: BTreeMap<String, Ipv6Addr>,
    /// Link-local address; of its link-layer address, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_local: Option<Ipv6Addr>,
    /// Home address of a mobile node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home_address: Option<Ipv6Addr>,
    /// It forms addresses of advertised prefixes and its link-layer address
    /// (RFC 4862 5.5.3, RFC 4291 appendix A).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub autoconfigures: bool,
    /// Private key of an access router of Local Key Exchange, in PEM: exchanges with
    /// it are opened, and what it signs is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Pem>,
}

/// A private key in PEM; it is not shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Pem(pub String);

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pem")
    }
}

/// A link-layer address of Ethernet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Station(pub [u8; 6]);

impl FromStr for Station {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("expected a link-layer address like `02:00:5e:00:00:01`, found `{text}`");
        let mut octets = [0; 6];
        let mut parts = text.split(':');
        for octet in &mut octets {
            let part = parts.next().filter(|p| (1..=2).contains(&p.len())).ok_or_else(wrong)?;
            *octet = u8::from_str_radix(part, 16).map_err(|_| wrong())?;
        }
        if parts.next().is_some() { Err(wrong()) } else { Ok(Self(octets)) }
    }
}

impl fmt::Display for Station {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, octet) in self.0.iter().enumerate() {
            let colon = if i == 0 { "" } else { ":" };
            write!(f, "{colon}{octet:02x}")?;
        }
        Ok(())
    }
}

impl Serialize for Station {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Station {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Station {
    fn schema_name() -> Cow<'static, str> {
        "Station".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "a link-layer address like `02:00:5e:00:00:01`",
            "pattern": "^[0-9A-Fa-f]{1,2}(:[0-9A-Fa-f]{1,2}){5}$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_is_six_octets_in_hex() {
        let station: Station = "02:0:5e:00:A0:1".parse().unwrap();
        assert_eq!(station, Station([2, 0, 0x5e, 0, 0xa0, 1]));
        assert_eq!(station.to_string(), "02:00:5e:00:a0:01");
        for wrong in
            ["", "02:00:5e:00:00", "02:00:5e:00:00:01:02", "02:00:5e:00:00:001", "x:1:2:3:4:5"]
        {
            assert!(wrong.parse::<Station>().is_err(), "{wrong}");
        }
    }
}
