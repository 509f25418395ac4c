//! How an access router of Local Key Exchange is set up.

use std::collections::BTreeSet;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use mip6_security::mobility::local::{Passage, RouterKey};

use super::super::{HomeAgentInformation, RouterConfig};
use crate::roles::local::Readings;

/// Maximum Lifetime in seconds, as draft 4.1 recommends.
pub const MAXIMUM: u16 = 7200;

/// What an advertisement says of Local Key Exchange, draft 3.1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capability {
    /// The public key, encoded.
    pub public_key: Vec<u8>,
    /// Maximum Lifetime in seconds; what the lifetimes of router and home agent do
    /// not allow is not advertised.
    pub maximum: u16,
}

impl Capability {
    /// Maximum Lifetime beside a router lifetime and, where it is advertised, a
    /// home agent lifetime: not more than these, not infinite, and not 0, which
    /// nobody could use.
    pub fn bounded(&self, router: u16, home_agent: Option<u16>) -> Option<u16> {
        let most = router.min(home_agent.unwrap_or(u16::MAX)).min(u16::MAX - 1);
        Some(self.maximum.min(most)).filter(|max| *max > 0)
    }
}

/// An access router of Local Key Exchange.
#[derive(Clone, Debug)]
pub struct AccessRouterConfig {
    /// Its links, each as the router that it is there. It exchanges keys on all of
    /// them.
    pub links: Vec<RouterConfig>,
    /// Its RSA key.
    pub key: Arc<RouterKey>,
    /// The longest lifetime of an association, in seconds.
    pub maximum: u16,
    /// Shortest time between two requests of a sender that it looks at (draft 6.2).
    pub interval: Duration,
    /// Associations that it has room for.
    pub room: usize,
    /// How long it waits for a Finished message before it gives a binding up;
    /// `None` is to ask for none.
    pub finished: Option<Duration>,
    /// Addresses of mobile nodes with which it has IPsec security associations:
    /// they get none of its own (draft 4.2).
    pub protected: BTreeSet<Ipv6Addr>,
    /// By which readings it makes what the draft leaves open.
    pub readings: Readings,
}

impl AccessRouterConfig {
    /// An access router with a key on these links: a home agent on each.
    pub fn new(links: Vec<RouterConfig>, key: Arc<RouterKey>) -> Self {
        Self {
            links,
            key,
            maximum: MAXIMUM,
            interval: Duration::from_secs(3),
            room: 10_000,
            finished: None,
            protected: BTreeSet::new(),
            readings: Readings::default(),
        }
    }

    /// Its links as they are advertised.
    pub(super) fn advertised(&self) -> Vec<RouterConfig> {
        let capability = Capability {
            public_key: self.key.public().encoded(self.readings.of(Passage::Encoding)),
            maximum: self.maximum,
        };
        let links = self.links.iter().cloned();
        links
            .map(|mut link| {
                link.home_agent.get_or_insert_with(HomeAgentInformation::default);
                link.local = Some(capability.clone());
                link
            })
            .collect()
    }
}
