//! Settings of nodes, by role. Everything may be left out: the role then does
//! what RFC 6275 gives as its default.

use std::net::Ipv6Addr;

use schemars::JsonSchema;
use serde::Deserialize;

use super::place::At;
use super::values::Period;

/// Settings of a mobile node (RFC 6275 11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct MobileNodeOptions {
    /// Lifetime that it asks its home agent for; at most 65535 times 4 seconds.
    pub lifetime: Option<At<Period>>,
    /// Lifetime that it asks correspondents for; at most MAX_RR_BINDING_LIFETIME
    /// if it keeps to RFC 6275 5.2.7, which nobody makes it.
    pub correspondent_lifetime: Option<At<Period>>,
    /// It registers with correspondents that send through its home agent.
    pub route_optimization: Option<bool>,
    /// Flag L: its link-local address is to be defended too.
    pub link_local: Option<bool>,
    /// Flag K: its key management follows it.
    pub key_management: Option<bool>,
    /// Flag A in Binding Updates to correspondents.
    pub acknowledge: Option<bool>,
    /// It finds its home agent by dynamic home agent address discovery.
    pub discover_home_agent: Option<bool>,
    /// It solicits prefixes of its home link.
    pub solicit_prefixes: Option<bool>,
    /// Sequence number of its first Binding Update; by chance if left out.
    pub sequence: Option<u16>,
    /// Most Binding Updates to a node that does not answer; for ever if left out.
    pub max_updates: Option<u32>,
    /// Interval between the first two of them (INITIAL_BINDACK_TIMEOUT).
    pub initial_timeout: Option<Period>,
    /// The same where there is no binding yet (InitialBindackTimeoutFirstReg).
    pub first_timeout: Option<Period>,
    /// Most time between them (MAX_BINDACK_TIMEOUT).
    pub max_timeout: Option<Period>,
    /// Home addresses that it has, one by each prefix of its home link, the first
    /// prefixes first; one if left out.
    pub home_addresses: Option<u8>,
    /// Multicast groups of its home link that it listens to; none if left out.
    pub groups: Option<Vec<Ipv6Addr>>,
    /// Whether its interfaces tell it that they have come to another link; they do,
    /// if left out.
    pub link_indications: Option<bool>,
    /// It speaks Local Key Exchange; it does not, if left out.
    pub local_key_exchange: Option<MobileLocalOptions>,
}

/// Settings of a mobile node that speaks Local Key Exchange
/// (draft-liu-mobileip-lke-01 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct MobileLocalOptions {
    /// Lifetime that it asks for; what the access router offers, if left out, and no
    /// more.
    pub lifetime: Option<At<Period>>,
    /// An access router is its home agent for as long as possible, way (2) of draft
    /// 2.2; it registers with both, way (1), if left out.
    pub temporary_home_agent: Option<bool>,
    /// Sequence number of its first request; by chance if left out.
    pub sequence: Option<u16>,
    /// Time between the first two requests; 3 s if left out.
    pub initial_timeout: Option<Period>,
    /// Most time between requests; 32 s if left out.
    pub max_timeout: Option<Period>,
    /// Readings of the draft other than the default by which it speaks: `E2a`.
    #[schemars(schema_with = "mip6_dissect::profile::readings_schema")]
    pub readings: Vec<At<String>>,
}

/// Settings of a home agent (RFC 6275 10).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct HomeAgentOptions {
    /// Most lifetime that it grants; at most 65535 times 4 seconds.
    pub max_lifetime: Option<At<Period>>,
    /// Refresh interval that it advises (RFC 6275 6.2.4); none if left out.
    pub refresh_advice: Option<At<Period>>,
    /// Home agent preference that it advertises, 0 to 65535 (RFC 6275 7.4).
    pub preference: Option<u16>,
    /// Home agent lifetime that it advertises, 1 to 65535 seconds.
    pub lifetime: Option<At<Period>>,
    /// Whether it sends Router Advertisements.
    pub advertise: Option<bool>,
    /// Least time between two unsolicited ones.
    pub min_advertisement_interval: Option<Period>,
    /// Most time between them.
    pub max_advertisement_interval: Option<Period>,
    /// It answers dynamic home agent address discovery.
    pub discovery: Option<bool>,
    /// It sends and answers prefix discovery.
    pub prefix_discovery: Option<bool>,
    /// Least time before prefixes are told unasked (MinMobPfxAdvInterval).
    pub min_prefix_interval: Option<Period>,
    /// Most time until they are (MaxMobPfxAdvInterval).
    pub max_prefix_interval: Option<Period>,
    /// DHCPv6 is at hand for mobile nodes (RFC 6275 10.4.4).
    pub dhcpv6: Option<bool>,
    /// Duplicate address detection for home addresses, before it accepts.
    pub duplicate_address_detection: Option<bool>,
    /// Most bindings that it keeps.
    pub max_bindings: Option<u32>,
    /// Mobile nodes that it is to serve, by name; all, if left out.
    pub serves: Option<Vec<At<String>>>,
    /// It answers as a correspondent too.
    pub correspondent: Option<bool>,
    /// It can take key management along (flag K).
    pub key_management: Option<bool>,
    /// It relays multicast for mobile nodes.
    pub multicast: Option<bool>,
}

/// Settings of a correspondent (RFC 6275 9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CorrespondentOptions {
    /// Whether it takes part in route optimization.
    pub route_optimization: Option<bool>,
    /// Most lifetime that it grants.
    pub max_lifetime: Option<At<Period>>,
    /// Most bindings that it keeps.
    pub max_bindings: Option<u32>,
    /// It asks for a refresh when a binding in use runs out (RFC 6275 9.5.5).
    pub refresh_requests: Option<bool>,
    /// How long it generates tokens from a nonce (RFC 6275 5.2.2: 30 s).
    pub nonce_period: Option<Period>,
    /// How long it accepts tokens made from a nonce (MAX_NONCE_LIFETIME: 240 s).
    pub nonce_lifetime: Option<Period>,
}

/// Settings of a router that are the same on all its links; what it advertises
/// stands with the links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RouterOptions {
    /// Whether it forwards packets between its links.
    pub forward: Option<bool>,
    /// Whether it sends Router Advertisements.
    pub advertise: Option<bool>,
    /// Whether it discards packets with routing headers of type 0 (RFC 5095).
    pub filter_type_0: Option<bool>,
}

/// Settings of an access router.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct AccessRouterOptions {
    /// It speaks Local Key Exchange, and so is a home agent by what it advertises;
    /// else it is a plain router.
    pub local_key_exchange: Option<RouterLocalOptions>,
    /// Home agent lifetime that it advertises, 1 to 65535 seconds; the router
    /// lifetime, if left out.
    pub home_agent_lifetime: Option<At<Period>>,
}

/// Settings of an access router that speaks Local Key Exchange
/// (draft-liu-mobileip-lke-01 4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RouterLocalOptions {
    /// Bits of its RSA key, 512 to 4096; 1024 if left out (4.1).
    pub key_bits: Option<At<u32>>,
    /// Its RSA private key in PEM; one that the runner makes, if left out.
    pub key: Option<At<String>>,
    /// Maximum Lifetime that it advertises (3.1.1), as far as its lifetimes as a
    /// router and home agent allow; 7200 s if left out.
    pub maximum_lifetime: Option<At<Period>>,
    /// Time between two requests of a sender that it looks at (6.2); 3 s if left out.
    pub interval: Option<Period>,
    /// Most associations that it keeps.
    pub max_associations: Option<u32>,
    /// It asks for Finished messages (3.2.3), and gives a binding up if none has come
    /// after this time; it does not, if left out.
    pub finished: Option<Period>,
    /// Nodes with which it has IPsec security associations, and so makes none of its
    /// own (4.2).
    pub ipsec_with: Vec<At<String>>,
    /// Readings of the draft other than the default by which it speaks: `E4a`.
    #[schemars(schema_with = "mip6_dissect::profile::readings_schema")]
    pub readings: Vec<At<String>>,
}
