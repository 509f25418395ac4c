//! What a case can tell a node to do. Arguments that are left out are what the
//! node would take by itself.

use mip6_inject::Term;
use schemars::JsonSchema;
use serde::Deserialize;

use super::place::At;
use super::topology::Role;
use super::values::{Period, Prefix};

/// A command, by its name alone or as a map of its name and its arguments.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum CommandDoc {
    /// A mobile node registers its care-of address with its home agent.
    #[serde(rename_all = "kebab-case")]
    Register {
        /// Lifetime that it asks for.
        #[serde(default)]
        lifetime: Option<Period>,
    },
    /// A mobile node gives up its registration with its home agent.
    Deregister {},
    /// A mobile node sends one Binding Update, well or ill formed.
    Update(Box<Update>),
    /// A mobile node begins the return routability procedure.
    TestInit(TestInit),
    /// A mobile node registers with a correspondent, return routability included.
    Optimize {
        /// The correspondent: an address.
        peer: Term,
        /// Lifetime that it asks for.
        #[serde(default)]
        lifetime: Option<Period>,
    },
    /// A mobile node looks for home agents (RFC 6275 11.4.1).
    DiscoverHomeAgent {
        /// Where it asks: the anycast address of its home link, if left out.
        #[serde(default)]
        to: Option<Term>,
    },
    /// A mobile node asks for prefixes of its home link (RFC 6275 11.4.2).
    SolicitPrefixes {},
    /// A mobile node exchanges a key with its access router
    /// (draft-liu-mobileip-lke-01 3.2.1).
    ExchangeKey(ExchangeKey),
    /// A mobile node sends a Finished message (draft-liu-mobileip-lke-01 3.2.4).
    Finish(Finish),
    /// A home agent advertises the prefixes of its link unasked (RFC 6275 10.6.2).
    AdvertisePrefixes {
        /// Home address of the mobile node; all of them if left out.
        #[serde(default)]
        to: Option<Term>,
    },
    /// A router or home agent changes what it advertises of a prefix, or adds one.
    SetPrefix(SetPrefix),
    /// A home agent or correspondent asks for a Binding Update.
    RefreshRequest {
        /// Home address of the mobile node.
        to: Term,
    },
    /// A node sends ICMPv6 Echo Requests.
    Echo(Echo),
    /// A node sends a UDP datagram.
    Datagram(Datagram),
    /// A router sends a Router Advertisement at once.
    Advertise {},
    /// A host or mobile node sends a Router Solicitation.
    SolicitRouter {},
    /// A node asks for a link-layer address.
    SolicitNeighbor {
        /// The address that it asks for.
        target: Term,
        /// Source; the unspecified address is duplicate address detection.
        #[serde(default)]
        from: Option<Term>,
    },
    /// A mobile node changes its home address.
    MoveHome {
        /// The new one; another of its home link, if left out.
        #[serde(default)]
        to: Option<Term>,
    },
    /// A node forgets its state, as by a restart.
    Restart {},
}

/// Arguments of `update`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Update {
    /// To whom: its home agent, if left out.
    pub to: Option<Term>,
    /// Sequence number.
    pub sequence: Option<Term>,
    /// Lifetime in units of 4 seconds, as in the message.
    pub lifetime: Option<Term>,
    /// Flags by their letters, `AHLK`: no others are set.
    pub flags: Option<At<String>>,
    /// Source of the packet.
    pub careof: Option<Term>,
    /// Alternate Care-of Address option.
    pub alternate_careof: Option<Term>,
    /// Whether there is such an option.
    pub send_alternate_careof: Option<bool>,
    /// Home Address option.
    pub home_address: Option<Term>,
    /// Whether there is such an option.
    pub send_home_address: Option<bool>,
    /// Home and care-of nonce index.
    pub nonce_indices: Option<(Term, Term)>,
    /// Whether there is such an option.
    pub send_nonce_indices: Option<bool>,
    /// Whether there is a Binding Authorization Data option; what an alteration sets
    /// in it stays.
    pub send_authenticator: Option<bool>,
    /// Whether IPsec protects it as the policy says.
    pub protect: Option<bool>,
    /// How often it is sent again when no answer comes.
    pub retransmit: Option<bool>,
}

/// Arguments of `set-prefix`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SetPrefix {
    /// The link; the first that the node is on, if left out.
    #[serde(default)]
    pub on: Option<At<String>>,
    /// The prefix; the first of the link, if left out.
    #[serde(default)]
    pub prefix: Option<Prefix>,
    /// Valid lifetime.
    pub valid: Period,
    /// Preferred lifetime.
    pub preferred: Period,
}

/// Arguments of `test-init`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TestInit {
    /// The correspondent: an address.
    pub peer: Term,
    /// Whether a Home Test Init is sent.
    #[serde(default = "yes")]
    pub home: bool,
    /// Whether a Care-of Test Init is sent.
    #[serde(default = "yes")]
    pub careof: bool,
}

fn yes() -> bool {
    true
}

/// Arguments of `exchange-key`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ExchangeKey {
    /// Sequence number.
    pub sequence: Option<Term>,
    /// Lifetime in units of 4 seconds, as in the message.
    pub lifetime: Option<Term>,
    /// Whether it is the key of the exchange before.
    pub same_key: Option<bool>,
}

/// Arguments of `finish`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Finish {
    /// To which access router: the one that has acknowledged a Binding Update last, if
    /// left out.
    pub to: Option<Term>,
    /// Nonce.
    pub nonce: Option<Term>,
    /// Sequence number.
    pub sequence: Option<Term>,
}

/// Arguments of `echo`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Echo {
    /// Destination.
    pub to: Term,
    /// Source.
    #[serde(default)]
    pub from: Option<Term>,
    /// Octets behind the ICMPv6 header.
    #[serde(default)]
    pub size: Option<At<u16>>,
    /// Hop limit.
    #[serde(default)]
    pub hop_limit: Option<Term>,
    /// How many, a second apart; one if left out.
    #[serde(default)]
    pub count: Option<u32>,
}

/// Arguments of `datagram`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Datagram {
    /// Destination.
    pub to: Term,
    /// Source.
    #[serde(default)]
    pub from: Option<Term>,
    /// Octets behind the UDP header.
    #[serde(default)]
    pub size: Option<At<u16>>,
    /// Source port.
    #[serde(default)]
    pub source_port: Option<Term>,
    /// Destination port.
    #[serde(default)]
    pub destination_port: Option<Term>,
}

impl CommandDoc {
    /// Its name in cases.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Register { .. } => "register",
            Self::Deregister {} => "deregister",
            Self::Update(_) => "update",
            Self::TestInit(_) => "test-init",
            Self::Optimize { .. } => "optimize",
            Self::DiscoverHomeAgent { .. } => "discover-home-agent",
            Self::SolicitPrefixes {} => "solicit-prefixes",
            Self::ExchangeKey(_) => "exchange-key",
            Self::Finish(_) => "finish",
            Self::AdvertisePrefixes { .. } => "advertise-prefixes",
            Self::SetPrefix(_) => "set-prefix",
            Self::RefreshRequest { .. } => "refresh-request",
            Self::Echo(_) => "echo",
            Self::Datagram(_) => "datagram",
            Self::Advertise {} => "advertise",
            Self::SolicitRouter {} => "solicit-router",
            Self::SolicitNeighbor { .. } => "solicit-neighbor",
            Self::MoveHome { .. } => "move-home",
            Self::Restart {} => "restart",
        }
    }

    /// Roles that know it; none is all.
    pub const fn roles(&self) -> &'static [Role] {
        match self {
            Self::Register { .. }
            | Self::Deregister {}
            | Self::Update(_)
            | Self::TestInit(_)
            | Self::Optimize { .. }
            | Self::DiscoverHomeAgent { .. }
            | Self::SolicitPrefixes {}
            | Self::ExchangeKey(_)
            | Self::Finish(_)
            | Self::MoveHome { .. } => &[Role::MobileNode],
            Self::AdvertisePrefixes { .. } => &[Role::HomeAgent],
            Self::RefreshRequest { .. } => {
                &[Role::HomeAgent, Role::Correspondent, Role::MobileNode]
            }
            Self::Advertise {} | Self::SetPrefix(_) => {
                &[Role::HomeAgent, Role::Router, Role::AccessRouter]
            }
            Self::SolicitRouter {} => {
                &[Role::MobileNode, Role::Correspondent, Role::Host, Role::Puppet]
            }
            Self::Echo(_) | Self::Datagram(_) | Self::SolicitNeighbor { .. } | Self::Restart {} => {
                &[]
            }
        }
    }
}
