//! How a mobile node is set up.

use std::net::Ipv6Addr;
use std::time::Duration;

use super::constants::{INITIAL_BINDACK, MAX_BINDACK};
use super::local::LocalConfig;

/// A mobile node's configuration. What is not set in a case is as RFC 6275
/// sections 12 and 13 have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MobileNodeConfig {
    /// Home addresses; the first is the one that commands mean.
    pub homes: Vec<Ipv6Addr>,
    /// Home subnet prefix.
    pub prefix: Ipv6Addr,
    /// Its length.
    pub prefix_len: u8,
    /// Home agent; `None` is to be discovered (RFC 6275 11.4.1).
    pub agent: Option<Ipv6Addr>,
    /// Lifetime that it asks its home agent for, in seconds.
    pub lifetime: u32,
    /// Lifetime that it asks correspondents for, in seconds; 420 at most.
    pub correspondent_lifetime: u32,
    /// Sets the Key Management Mobility Capability flag (K): with dynamic keys
    /// alone.
    pub key_mobility: bool,
    /// Its home addresses are temporary ones of RFC 4941: the Link-Local Address
    /// Compatibility flag (L) stays clear.
    pub temporary: bool,
    /// Asks correspondents for acknowledgements.
    pub acknowledged: bool,
    /// With whom it optimizes routes.
    pub optimize: Optimize,
    /// Uses keygen tokens again while they are fresh (RFC 6275 11.6.1).
    pub reuse_tokens: bool,
    /// Does nothing by itself: commands act, state is kept.
    pub manual: bool,
    /// Forms home addresses from prefixes that its home agent advertises.
    pub autoconfigure: bool,
    /// Asks for home agents when those that it knows do not answer or refuse.
    pub discover: bool,
    /// Multicast groups that it is a member of on its home link.
    pub groups: Vec<Ipv6Addr>,
    /// Asks for prefixes of the home link by itself.
    pub prefix_discovery: bool,
    /// The Link-Local Address Compatibility flag (L); `None` is by the addresses.
    pub link_local: Option<bool>,
    /// Sequence number of the first Binding Update to a node; `None` is random.
    pub first_sequence: Option<u16>,
    /// Binding Updates to a home agent that does not answer; `None` is for ever.
    pub max_updates: Option<u32>,
    /// InitialBindackTimeoutFirstReg, RFC 6275 13.
    pub first_timeout: Duration,
    /// INITIAL_BINDACK_TIMEOUT, RFC 6275 12.
    pub initial_timeout: Duration,
    /// MAX_BINDACK_TIMEOUT, RFC 6275 12.
    pub max_timeout: Duration,
    /// Lost advertisements of its router, by their Advertisement Interval, after
    /// which it asks the router whether it is still there.
    pub missed: u32,
    /// How it speaks Local Key Exchange; `None` is not at all.
    pub local: Option<LocalConfig>,
}

/// With whom a mobile node optimizes routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Optimize {
    /// With nobody, but on command.
    Never,
    /// With those whose packets come through the tunnel (RFC 6275 11.7.2).
    Tunnelled,
    /// With these, when their packets come through the tunnel.
    Only(Vec<Ipv6Addr>),
}

impl MobileNodeConfig {
    /// A mobile node with one home address, everything else as by default.
    pub fn new(home: Ipv6Addr, prefix_len: u8, agent: Option<Ipv6Addr>) -> Self {
        let mask = u128::MAX.checked_shl(128 - u32::from(prefix_len.min(128))).unwrap_or(0);
        Self {
            homes: vec![home],
            prefix: Ipv6Addr::from_bits(home.to_bits() & mask),
            prefix_len,
            agent,
            lifetime: 600,
            correspondent_lifetime: 420,
            key_mobility: false,
            temporary: false,
            acknowledged: true,
            optimize: Optimize::Tunnelled,
            reuse_tokens: false,
            manual: false,
            autoconfigure: true,
            discover: true,
            groups: Vec::new(),
            prefix_discovery: true,
            link_local: None,
            first_sequence: None,
            max_updates: None,
            first_timeout: Duration::from_millis(1500),
            initial_timeout: INITIAL_BINDACK,
            max_timeout: MAX_BINDACK,
            missed: 3,
            local: None,
        }
    }

    /// Whether it optimizes routes with a correspondent by itself.
    pub(super) fn optimizes(&self, peer: Ipv6Addr) -> bool {
        match &self.optimize {
            Optimize::Never => false,
            Optimize::Tunnelled => true,
            Optimize::Only(peers) => peers.contains(&peer),
        }
    }
}
