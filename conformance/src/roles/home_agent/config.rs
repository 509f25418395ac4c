//! How a home agent is set up.

use std::collections::BTreeSet;
use std::net::Ipv6Addr;
use std::time::Duration;

use crate::roles::router::RouterConfig;

/// A home agent. What it advertises as a router, home prefixes with their
/// lifetimes, preference and lifetime among them, is in `links`.
#[derive(Clone, Debug)]
pub struct HomeAgentConfig {
    /// Its links, each as the router that it is there. It serves those where
    /// `home_agent` is set.
    pub links: Vec<RouterConfig>,
    /// Home addresses that it serves; `None` is all of its home prefixes. Others
    /// are refused with status 129.
    pub serves: Option<BTreeSet<Ipv6Addr>>,
    /// The longest lifetime that it grants, in seconds; 0 is as asked for.
    pub max_lifetime: u32,
    /// Advises mobile nodes to refresh their bindings after this many seconds;
    /// `None` leaves the option out.
    pub refresh_advice: Option<u32>,
    /// Home registrations that it has room for.
    pub room: usize,
    /// How long duplicate address detection waits for an answer: RetransTimer of
    /// the home link; `None` where the home link has its uniqueness by other means.
    pub detection: Option<Duration>,
    /// Takes part in dynamic home agent address discovery.
    pub dhaad: bool,
    /// Takes part in mobile prefix discovery.
    pub prefix_discovery: bool,
    /// MaxMobPfxAdvInterval, RFC 6275 13.
    pub max_prefix_interval: Duration,
    /// MinMobPfxAdvInterval, RFC 6275 13.
    pub min_prefix_interval: Duration,
    /// Takes in multicast group membership through the tunnel (10.4.3).
    pub multicast: bool,
    /// How often it asks for memberships through the tunnel.
    pub query_interval: Duration,
    /// DHCPv6 is at hand for mobile nodes: M and O of advertisements of the home
    /// link are passed on in Mobile Prefix Advertisements (10.6.3); else they are
    /// clear.
    pub dhcp: bool,
}

impl Default for HomeAgentConfig {
    fn default() -> Self {
        Self {
            links: Vec::new(),
            serves: None,
            max_lifetime: 0,
            refresh_advice: None,
            room: 100_000,
            detection: Some(Duration::from_secs(1)),
            dhaad: true,
            prefix_discovery: true,
            max_prefix_interval: Duration::from_hours(24),
            min_prefix_interval: Duration::from_mins(10),
            multicast: false,
            query_interval: Duration::from_secs(125),
            dhcp: false,
        }
    }
}
