//! Who is who: mobile nodes by their home addresses, where they are, and whom
//! they talk to.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv6Addr;

use mip6_dissect::trackers::What as Registered;

use super::Mobile;
use crate::jobs::{Happening, Sight, What};

/// Addresses that are kept.
const ROOM: usize = 100_000;

/// What is known of nodes.
#[derive(Debug, Default)]
pub(super) struct People {
    mobiles: BTreeMap<Ipv6Addr, Peers>,
    /// Home addresses by care-of address; the latest counts.
    careofs: BTreeMap<Ipv6Addr, Ipv6Addr>,
    agents: BTreeSet<Ipv6Addr>,
    correspondents: BTreeSet<Ipv6Addr>,
    routers: BTreeSet<Ipv6Addr>,
    /// In the order of their first event.
    order: Vec<Ipv6Addr>,
}

/// Whom a mobile node talks to.
#[derive(Debug, Default)]
struct Peers {
    /// Where it was last.
    careof: Option<Ipv6Addr>,
    agent: Option<Ipv6Addr>,
    correspondents: BTreeSet<Ipv6Addr>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// A mobile node, by its home address.
    Mobile(Ipv6Addr),
    /// An access router, likewise by an address.
    Router(Ipv6Addr),
    /// A home agent.
    Agent(Ipv6Addr),
    /// A correspondent node.
    Correspondent(Ipv6Addr),
    /// Some other node.
    Other(Ipv6Addr),
    /// All nodes on a link, or some.
    Group,
}

impl People {
    /// Takes in what happened, if it is of nodes that are known or there is room for
    /// more: whether it was. Nodes that are known may move.
    pub(super) fn take(&mut self, h: &Happening) -> bool {
        let others = [&self.agents, &self.correspondents, &self.routers];
        let others = others.into_iter().map(BTreeSet::len).sum::<usize>();
        let full = others + self.mobiles.len() + self.careofs.len() >= ROOM;
        let known = match h.what {
            What::Binding(e) => self.mobiles.contains_key(&e.home),
            What::Test(e) => self.correspondents.contains(&e.peer),
            What::Local(_) => false,
        };
        if full && !known {
            return false;
        }
        match h.what {
            What::Binding(e) => {
                // An answer to what was not captured says little of who asked.
                if matches!(e.what, Registered::Unasked(_)) {
                    return true;
                }
                self.mobile(e.home);
                let Some(peers) = self.mobiles.get_mut(&e.home) else { return true };
                if e.careof != e.home {
                    let before = peers.careof.replace(e.careof).filter(|_| full);
                    if let Some(before) = before {
                        self.careofs.remove(&before);
                    }
                    self.careofs.insert(e.careof, e.home);
                }
                match e.home_registration {
                    Some(true) if !full || self.agents.contains(&e.peer) => {
                        peers.agent = Some(e.peer);
                        self.agents.insert(e.peer);
                    }
                    Some(false) if !full || self.correspondents.contains(&e.peer) => {
                        peers.correspondents.insert(e.peer);
                        self.correspondents.insert(e.peer);
                    }
                    _ => {}
                }
            }
            What::Test(e) => {
                self.correspondents.insert(e.peer);
                if e.home && !full {
                    self.mobile(e.address);
                }
                let home = self.careofs.get(&e.address).copied().unwrap_or(e.address);
                if let Some(peers) = self.mobiles.get_mut(&home) {
                    peers.correspondents.insert(e.peer);
                }
            }
            What::Local(e) => {
                self.routers.extend([e.router, e.router_address].into_iter().flatten());
            }
        }
        true
    }

    fn mobile(&mut self, home: Ipv6Addr) {
        if let std::collections::btree_map::Entry::Vacant(entry) = self.mobiles.entry(home) {
            entry.insert(Peers::default());
            self.order.push(home);
        }
    }

    /// Who has an address.
    pub(super) fn who(&self, address: Ipv6Addr) -> Who {
        if address.is_multicast() {
            return Who::Group;
        }
        if self.mobiles.contains_key(&address) {
            return Who::Mobile(address);
        }
        if let Some(home) = self.careofs.get(&address) {
            return Who::Mobile(*home);
        }
        if self.agents.contains(&address) {
            return Who::Agent(address);
        }
        if self.routers.contains(&address) {
            return Who::Router(address);
        }
        if self.correspondents.contains(&address) {
            return Who::Correspondent(address);
        }
        Who::Other(address)
    }

    /// The mobile node that a packet is from or to.
    pub(super) fn mobile_of(&self, s: &Sight) -> Option<Ipv6Addr> {
        let ends = [s.ends.0, s.ends.1, s.wire.0, s.wire.1];
        ends.into_iter().find_map(|a| match self.who(a) {
            Who::Mobile(home) => Some(home),
            _ => None,
        })
    }

    /// Whether two addresses are of a mobile node and of it alone.
    pub(super) fn is_of(&self, address: Ipv6Addr, home: Ipv6Addr) -> bool {
        self.who(address) == Who::Mobile(home)
    }

    /// Mobile nodes in the order in which they came, with their packets counted.
    pub(super) fn mobiles(&self, sights: &[Sight]) -> Vec<Mobile> {
        let mut packets: BTreeMap<Ipv6Addr, u64> = BTreeMap::new();
        for home in sights.iter().filter_map(|s| self.mobile_of(s)) {
            *packets.entry(home).or_default() += 1;
        }
        let of = |home: &Ipv6Addr| {
            let peers = self.mobiles.get(home)?;
            Some(Mobile {
                home: *home,
                agent: peers.agent,
                correspondents: peers.correspondents.len(),
                packets: packets.get(home).copied().unwrap_or(0),
            })
        };
        self.order.iter().filter_map(of).collect()
    }
}
