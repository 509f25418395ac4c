//! What a node can be told to do.

use std::fmt;
use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};

use super::Interface;

/// Something that a node is told to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Command {
    /// Sends an Echo Request.
    Echo(Echo),
    /// Sends a UDP datagram.
    Datagram(Datagram),
    /// A mobile node registers its care-of address with its home agent.
    Register {
        /// Lifetime that it asks for, in units of 4 seconds; `None` is its own.
        lifetime: Option<u16>,
    },
    /// A mobile node deletes its home registration.
    Deregister,
    /// A mobile node sends one Binding Update, as it is told and else as its
    /// state is.
    Update(Update),
    /// A mobile node sends Home Test Init and Care-of Test Init.
    TestInit(TestInit),
    /// A mobile node begins route optimization with a correspondent.
    Optimize {
        /// The correspondent.
        peer: Ipv6Addr,
        /// Lifetime that it asks for, in units of 4 seconds; `None` is its own.
        lifetime: Option<u16>,
    },
    /// A mobile node looks for home agents of its home link.
    DiscoverHomeAgent {
        /// Where it asks; `None` is the anycast address of its home link.
        to: Option<Ipv6Addr>,
    },
    /// A mobile node asks for the prefixes of its home link.
    SolicitPrefixes,
    /// A mobile node becomes a member of a multicast group of its home link.
    Join {
        /// The group.
        group: Ipv6Addr,
    },
    /// A mobile node exchanges a key with its access router.
    ExchangeKey(ExchangeKey),
    /// A mobile node sends a Finished message to an access router.
    Finish(Finish),
    /// A home agent advertises the prefixes of its link unasked.
    AdvertisePrefixes {
        /// Home address of the mobile node; `None` is all of them.
        to: Option<Ipv6Addr>,
    },
    /// A router sends a Router Advertisement at once on all its links.
    AdvertiseNow,
    /// A host solicits routers on all its links.
    SolicitRouter,
    /// A node asks for a link-layer address.
    SolicitNeighbor {
        /// The address that it asks for.
        target: Ipv6Addr,
        /// Source; the unspecified address is duplicate address detection.
        from: Option<Ipv6Addr>,
    },
    /// A mobile node changes its home address.
    MoveHome {
        /// The new one; `None` is another of its home link.
        to: Option<Ipv6Addr>,
    },
    /// A node forgets its state, as by a restart.
    Restart,
    /// A node asks a mobile node to refresh its binding.
    RefreshRequest {
        /// The home address.
        home: Ipv6Addr,
    },
    /// A router changes what it advertises of a prefix.
    Prefix(Prefix),
    /// A router begins or stops advertising itself on an interface.
    Advertise {
        /// Where.
        interface: Interface,
        /// Begins.
        on: bool,
    },
}

/// An Echo Request, RFC 4443 4.1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Echo {
    /// To whom.
    pub to: Ipv6Addr,
    /// From which address; `None` is chosen.
    pub from: Option<Ipv6Addr>,
    /// On which interface, for link-local destinations.
    pub interface: Option<Interface>,
    /// Octets of data.
    pub octets: usize,
    /// Hop limit; `None` is that of the interface.
    pub hop_limit: Option<u8>,
    /// Identifier.
    pub identifier: u16,
    /// Sequence number.
    pub sequence: u16,
}

/// A UDP datagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Datagram {
    /// To whom.
    pub to: Ipv6Addr,
    /// From which address; `None` is chosen.
    pub from: Option<Ipv6Addr>,
    /// Octets of data.
    pub octets: usize,
    /// Source port.
    pub source_port: u16,
    /// Destination port.
    pub destination_port: u16,
}

/// A Binding Update, RFC 6275 6.1.7. What is `None` is as the node's state is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Update {
    /// The home agent or a correspondent.
    pub to: Option<Ipv6Addr>,
    /// Home address.
    pub home: Option<Ipv6Addr>,
    /// Care-of address: the source of the packet.
    pub careof: Option<Ipv6Addr>,
    /// Alternate Care-of Address option.
    pub alternate: Option<Ipv6Addr>,
    /// Sequence number.
    pub sequence: Option<u16>,
    /// Lifetime in units of 4 seconds.
    pub lifetime: Option<u16>,
    /// Flags A, H, L and K.
    pub flags: Option<u16>,
    /// Nonce indices, home and care-of.
    pub indices: Option<(u16, u16)>,
    /// Whether there is an Alternate Care-of Address option.
    pub send_alternate: Option<bool>,
    /// Whether there is a Home Address option.
    pub send_home: Option<bool>,
    /// Whether there is a Nonce Indices option.
    pub send_indices: Option<bool>,
    /// Whether there is a Binding Authorization Data option.
    pub send_authenticator: Option<bool>,
    /// Whether IPsec protects it as policy says.
    pub protect: Option<bool>,
    /// Whether it is sent again when no answer comes.
    pub retransmit: Option<bool>,
}

/// Home Test Init and Care-of Test Init, RFC 6275 6.1.3 and 6.1.4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TestInit {
    /// The correspondent.
    pub peer: Ipv6Addr,
    /// Sends a Home Test Init.
    pub home: bool,
    /// Sends a Care-of Test Init.
    pub careof: bool,
}

/// A Key Exchange Request, draft-liu-mobileip-lke-01 3.2.1. What is `None` is as the
/// node's state is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ExchangeKey {
    /// Sequence number.
    pub sequence: Option<u16>,
    /// Lifetime in units of 4 seconds.
    pub lifetime: Option<u16>,
    /// The key of the exchange before, again.
    pub same_key: bool,
}

/// A Finished message, draft-liu-mobileip-lke-01 3.2.4. What is `None` is copied from
/// the Binding Acknowledgement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Finish {
    /// The access router.
    pub to: Option<Ipv6Addr>,
    /// Nonce.
    pub nonce: Option<u32>,
    /// Sequence number.
    pub sequence: Option<u16>,
}

/// What a router advertises of a prefix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Prefix {
    /// On which interface.
    pub interface: Interface,
    /// The prefix.
    pub prefix: Ipv6Addr,
    /// Its length.
    pub len: u8,
    /// Valid lifetime in seconds.
    pub valid: u32,
    /// Preferred lifetime in seconds.
    pub preferred: u32,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Echo(e) => write!(f, "send an Echo Request to {}", e.to),
            Self::Datagram(d) => write!(f, "send a datagram to {}", d.to),
            Self::Register { .. } => f.write_str("register"),
            Self::Deregister => f.write_str("de-register"),
            Self::Update(u) => match u.to {
                Some(to) => write!(f, "send a Binding Update to {to}"),
                None => f.write_str("send a Binding Update to the home agent"),
            },
            Self::TestInit(t) => write!(f, "begin return routability with {}", t.peer),
            Self::Optimize { peer, .. } => write!(f, "begin route optimization with {peer}"),
            Self::DiscoverHomeAgent { .. } => f.write_str("discover home agents"),
            Self::SolicitPrefixes => f.write_str("solicit prefixes"),
            Self::Join { group } => write!(f, "join {group}"),
            Self::ExchangeKey(_) => f.write_str("exchange a key with its access router"),
            Self::Finish(_) => f.write_str("send a Finished message"),
            Self::AdvertisePrefixes { .. } => {
                f.write_str("advertise the prefixes of its home link")
            }
            Self::AdvertiseNow => f.write_str("send Router Advertisements"),
            Self::SolicitRouter => f.write_str("solicit routers"),
            Self::SolicitNeighbor { target, .. } => write!(f, "solicit {target}"),
            Self::MoveHome { .. } => f.write_str("change its home address"),
            Self::Restart => f.write_str("restart"),
            Self::RefreshRequest { home } => write!(f, "ask {home} to refresh its binding"),
            Self::Prefix(p) => write!(f, "advertise {}/{}", p.prefix, p.len),
            Self::Advertise { on: true, .. } => f.write_str("begin to advertise"),
            Self::Advertise { on: false, .. } => f.write_str("stop advertising"),
        }
    }
}
