//! Links and nodes of a case.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::options::{
    AccessRouterOptions, CorrespondentOptions, HomeAgentOptions, MobileNodeOptions, RouterOptions,
};
use super::place::At;
use super::values::{Map, Percent, Period, Prefix};

/// Links and the nodes on them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Topology {
    /// Links by name.
    pub links: Map<Link>,
    /// Nodes by name.
    pub nodes: Map<Node>,
}

/// A link. What is left out is that of a fast, perfect Ethernet.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Link {
    /// Octets of the largest packet, at least 1280; 1500 if left out.
    pub mtu: Option<At<u32>>,
    /// Time from one node to another.
    pub delay: Option<Period>,
    /// Share of frames that are lost.
    pub loss: Option<Percent>,
    /// Share of frames that arrive twice.
    pub duplicate: Option<Percent>,
    /// Share of frames that arrive behind later ones.
    pub reorder: Option<Percent>,
    /// Its prefixes; one that the runner picks, if left out.
    pub prefixes: Option<Vec<LinkPrefix>>,
    /// What its routers advertise.
    pub advertise: Advertise,
}

/// A prefix of a link, as its routers advertise it (RFC 4861 4.6.2).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LinkPrefix {
    /// The prefix; one that the runner picks, if left out.
    pub prefix: Option<Prefix>,
    /// Valid lifetime; 30 days if left out.
    pub valid: Option<At<Period>>,
    /// Preferred lifetime, at most the valid one; 7 days if left out.
    pub preferred: Option<At<Period>>,
    /// Flag L: on-link; set if left out.
    pub on_link: Option<bool>,
    /// Flag A: addresses may be made of it; set if left out.
    pub autonomous: Option<bool>,
    /// Flag R: the whole address of the router stands in it (RFC 6275 7.2).
    pub router_address: Option<bool>,
}

/// What routers of a link advertise (RFC 4861 4.2, RFC 6275 7).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Advertise {
    /// Whether they do, unasked.
    pub enabled: Option<bool>,
    /// Least time between two unsolicited advertisements (MinRtrAdvInterval).
    pub min_interval: Option<Period>,
    /// Most time between them (MaxRtrAdvInterval).
    pub max_interval: Option<Period>,
    /// Router lifetime, at most 65535 seconds; 0 is no default router.
    pub lifetime: Option<At<Period>>,
    /// Advertisement Interval option (RFC 6275 7.3) is sent.
    pub interval_option: Option<bool>,
    /// Flag M: addresses come by DHCPv6.
    pub managed: Option<bool>,
    /// Flag O: other configuration comes by DHCPv6.
    pub other: Option<bool>,
}

/// What a node is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A home agent.
    HomeAgent,
    /// A mobile node.
    MobileNode,
    /// A correspondent node.
    Correspondent,
    /// A router that is no home agent.
    Router,
    /// An access router of Local Key Exchange.
    AccessRouter,
    /// A host that knows nothing of mobility.
    Host,
    /// A host that resolves and answers Neighbor Solicitations, and swallows the
    /// rest: others speak by it.
    Puppet,
}

impl Topology {
    /// Whether some node speaks Local Key Exchange.
    pub fn speaks_local_key_exchange(&self) -> bool {
        self.nodes.iter().any(|(_, node)| node.speaks_local_key_exchange())
    }
}

impl Role {
    /// As it stands in cases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HomeAgent => "home-agent",
            Self::MobileNode => "mobile-node",
            Self::Correspondent => "correspondent",
            Self::Router => "router",
            Self::AccessRouter => "access-router",
            Self::Host => "host",
            Self::Puppet => "puppet",
        }
    }

    /// Whether cases judge nodes of this role.
    pub const fn is_judged(self) -> bool {
        matches!(
            self,
            Self::HomeAgent | Self::MobileNode | Self::Correspondent | Self::AccessRouter
        )
    }
}

/// A node. Options of another role than its own are mistakes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Node {
    /// What it is.
    pub role: At<Role>,
    /// Links it is on when the case begins.
    #[serde(default)]
    pub on: Vec<At<String>>,
    /// Home link of a mobile node.
    pub home: Option<At<String>>,
    /// Of a mobile node: the name of its home agent. Of a home agent: its options.
    pub home_agent: Option<At<HomeAgent>>,
    /// It does what the case says and nothing by itself: no registration at the
    /// start, no refresh, no retransmission.
    #[serde(default)]
    pub manual: bool,
    /// Options of a mobile node.
    pub mobile_node: Option<At<MobileNodeOptions>>,
    /// Options of a correspondent.
    pub correspondent: Option<At<CorrespondentOptions>>,
    /// Options of a router.
    pub router: Option<At<RouterOptions>>,
    /// Options of an access router.
    pub access_router: Option<At<AccessRouterOptions>>,
}

impl Node {
    /// The name of a mobile node's home agent.
    pub fn home_agent(&self) -> Option<&str> {
        match &self.home_agent.as_ref()?.value {
            HomeAgent::Node(name) => Some(name),
            HomeAgent::Options(_) => None,
        }
    }

    /// Options of a home agent; those that nothing is said of, if it has none.
    pub fn home_agent_options(&self) -> HomeAgentOptions {
        match self.home_agent.as_ref().map(|h| &h.value) {
            Some(HomeAgent::Options(options)) => (**options).clone(),
            _ => HomeAgentOptions::default(),
        }
    }

    /// Options of a mobile node, likewise.
    pub fn mobile_node_options(&self) -> MobileNodeOptions {
        self.mobile_node.as_ref().map(|o| o.value.clone()).unwrap_or_default()
    }

    /// Options of a correspondent, likewise.
    pub fn correspondent_options(&self) -> CorrespondentOptions {
        self.correspondent.as_ref().map(|o| o.value.clone()).unwrap_or_default()
    }

    /// Options of an access router, likewise.
    pub fn access_router_options(&self) -> AccessRouterOptions {
        self.access_router.as_ref().map(|o| o.value.clone()).unwrap_or_default()
    }

    /// Whether it speaks Local Key Exchange.
    pub fn speaks_local_key_exchange(&self) -> bool {
        let mobile = self.mobile_node.as_ref().map(|o| o.value.local_key_exchange.is_some());
        let router = self.access_router.as_ref().map(|o| o.value.local_key_exchange.is_some());
        mobile.or(router).unwrap_or(false)
    }

    /// Options of a router, likewise.
    pub fn router_options(&self) -> RouterOptions {
        self.router.as_ref().map(|o| o.value.clone()).unwrap_or_default()
    }
}

/// What `home-agent` in a node can be.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum HomeAgent {
    /// The name of a mobile node's home agent.
    Node(String),
    /// Options of a home agent.
    Options(Box<HomeAgentOptions>),
}

impl<'de> Deserialize<'de> for HomeAgent {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = HomeAgent;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a node, or options of a home agent")
            }

            fn visit_str<E>(self, name: &str) -> Result<HomeAgent, E> {
                Ok(HomeAgent::Node(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<HomeAgent, A::Error> {
                let options = HomeAgentOptions::deserialize(MapAccessDeserializer::new(map))?;
                Ok(HomeAgent::Options(Box::new(options)))
            }
        }

        d.deserialize_any(Either)
    }
}
