//! How a router is set up, by interface: the variables of RFC 4861 6.2.1 and
//! RFC 6275 7 and 13.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::icmpv6::nd::NdOption;

use super::super::Interface;
use super::local::Capability;

/// An infinite lifetime of a prefix.
pub const INFINITE: u32 = u32::MAX;

/// What a router advertises on an interface, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterConfig {
    /// Where.
    pub interface: Interface,
    /// Sends Router Advertisements (AdvSendAdvertisements).
    pub advertises: bool,
    /// Sends them without being asked; a network with little bandwidth may want
    /// them on request alone (RFC 6275 7.5).
    pub unsolicited: bool,
    /// The longest time between two of them (MaxRtrAdvInterval), 70 ms or more.
    pub max_interval: Duration,
    /// The shortest time between two of them (MinRtrAdvInterval), 30 ms or more.
    pub min_interval: Duration,
    /// The shortest time between any two to all nodes (MinDelayBetweenRAs); where
    /// `min_interval` is shorter, that is it.
    pub min_delay: Duration,
    /// Answers a solicitation to its sender alone, where it has an address.
    pub unicast: bool,
    /// Addresses by DHCPv6 (M).
    pub managed: bool,
    /// Other configuration by DHCPv6 (O).
    pub other: bool,
    /// Hop limit for hosts; 0 is not said.
    pub hop_limit: u8,
    /// Lifetime as default router in seconds; 0 is none.
    pub lifetime: u16,
    /// How long a neighbour is taken for reachable, in milliseconds; 0 is not
    /// said.
    pub reachable: u32,
    /// Time between Neighbor Solicitations in milliseconds; 0 is not said.
    pub retrans: u32,
    /// MTU of the link, where it is said.
    pub mtu: Option<u32>,
    /// With the Source Link-Layer Address option.
    pub link_layer: bool,
    /// With the Advertisement Interval option, RFC 6275 7.3.
    pub interval_option: bool,
    /// It is a home agent on this link (H, RFC 6275 7.1).
    pub home_agent: Option<HomeAgentInformation>,
    /// The prefixes of the link.
    pub prefixes: Vec<PrefixConfig>,
    /// It exchanges local keys on this link (draft-liu-mobileip-lke-01 3.1.1).
    pub local: Option<Capability>,
    /// Further options, behind the others.
    pub options: Vec<NdOption<'static>>,
}

/// What a home agent says of itself, RFC 6275 7.4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HomeAgentInformation {
    /// Its preference.
    pub preference: u16,
    /// Its lifetime in seconds; `None` is that of the router.
    pub lifetime: Option<u16>,
}

/// A prefix that a router advertises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefixConfig {
    /// The prefix.
    pub prefix: Ipv6Addr,
    /// Its length.
    pub len: u8,
    /// Its addresses are on the link (L).
    pub on_link: bool,
    /// Hosts form addresses of it (A).
    pub autonomous: bool,
    /// The router's address in it, to be advertised whole (R, RFC 6275 7.2).
    pub router_address: Option<Ipv6Addr>,
    /// Valid lifetime in seconds.
    pub valid: u32,
    /// Preferred lifetime in seconds.
    pub preferred: u32,
    /// The lifetimes count down; else they are advertised as they are (RFC 4861
    /// 6.2.1).
    pub counts_down: bool,
}

impl RouterConfig {
    /// The defaults of RFC 4861 6.2.1 on an interface, without prefixes.
    pub fn new(interface: Interface) -> Self {
        Self {
            interface,
            advertises: true,
            unsolicited: true,
            max_interval: Duration::from_mins(10),
            min_interval: Duration::from_secs(198),
            min_delay: Duration::from_secs(3),
            unicast: false,
            managed: false,
            other: false,
            hop_limit: 64,
            lifetime: 1800,
            reachable: 0,
            retrans: 0,
            mtu: None,
            link_layer: true,
            interval_option: true,
            home_agent: None,
            prefixes: Vec::new(),
            local: None,
            options: Vec::new(),
        }
    }

    /// The same with other intervals, and a lifetime of three times the longest
    /// (AdvDefaultLifetime), at least a second (RFC 6275 7.5).
    #[must_use]
    pub fn every(mut self, min: Duration, max: Duration) -> Self {
        (self.min_interval, self.max_interval) = (min, max);
        self.lifetime = max.saturating_mul(3).as_secs().clamp(1, 9000) as u16;
        self
    }

    /// The same with a prefix more.
    #[must_use]
    pub fn prefix(mut self, prefix: PrefixConfig) -> Self {
        self.prefixes.push(prefix);
        self
    }

    /// As it can be used: limits of RFC 6275 7.5 and 13.
    pub(super) fn limited(mut self) -> Self {
        self.max_interval = self.max_interval.clamp(LEAST_MAX, GREATEST_MAX);
        self.min_interval = self.min_interval.clamp(LEAST_MIN, self.max_interval);
        self.min_delay = self.min_delay.max(LEAST_MIN).min(self.min_interval);
        self
    }
}

impl PrefixConfig {
    /// A prefix on the link, of which hosts form addresses, with the default
    /// lifetimes of RFC 4861 6.2.1: 30 and 7 days.
    pub fn new(prefix: Ipv6Addr, len: u8) -> Self {
        Self {
            prefix,
            len,
            on_link: true,
            autonomous: true,
            router_address: None,
            valid: 2_592_000,
            preferred: 604_800,
            counts_down: false,
        }
    }

    /// The same with the router's whole address (R).
    #[must_use]
    pub fn with_address(mut self, address: Ipv6Addr) -> Self {
        self.router_address = Some(address);
        self
    }
}

/// MaxRtrAdvInterval at the least, RFC 6275 7.5.
const LEAST_MAX: Duration = Duration::from_millis(70);
/// MaxRtrAdvInterval at most, RFC 4861 6.2.1.
const GREATEST_MAX: Duration = Duration::from_mins(30);
/// MinRtrAdvInterval at the least, RFC 6275 7.5.
const LEAST_MIN: Duration = Duration::from_millis(30);
