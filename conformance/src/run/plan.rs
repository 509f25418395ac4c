//! Where everything is in a case: prefixes, stations and addresses, the same in
//! every run.

use std::net::Ipv6Addr;

use mip6_inject::{Datum, Scope};

use crate::case::fixed::{Fixed, FixedNode};
use crate::case::topology::{Node, Role, Topology};
use crate::roles::Interface;
use crate::roles::host::{LINK_LOCAL, from_station, with_identifier};
use crate::roles::local::Readings;

/// Links and nodes with their addresses.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) links: Vec<PlannedLink>,
    pub(super) nodes: Vec<PlannedNode>,
    /// By which readings nodes speak Local Key Exchange that the case says nothing of.
    pub(super) readings: Readings,
}

/// A link.
#[derive(Clone, Debug)]
pub(super) struct PlannedLink {
    pub(super) name: String,
    /// Its first prefix, of 64 bits unless the case says otherwise.
    pub(super) prefix: Ipv6Addr,
    pub(super) len: u8,
    /// Its other prefixes, where the case names them.
    pub(super) more: Vec<(Ipv6Addr, u8)>,
}

/// A node.
#[derive(Clone, Debug)]
pub(super) struct PlannedNode {
    pub(super) name: String,
    pub(super) role: Role,
    /// Its interfaces, each on a link by number.
    pub(super) interfaces: Vec<PlannedInterface>,
    /// Number of its home link, if it is a mobile node.
    pub(super) home: Option<usize>,
    /// Number of its home agent.
    pub(super) agent: Option<usize>,
    /// Addresses that are given.
    pub(super) fixed: FixedNode,
    /// By which readings it speaks Local Key Exchange.
    pub(super) readings: Readings,
}

/// An interface.
#[derive(Clone, Debug)]
pub(super) struct PlannedInterface {
    pub(super) station: [u8; 6],
    /// The link it is on when the case begins.
    pub(super) link: Option<usize>,
}

/// Interface identifier of the Mobile IPv6 Home-Agents anycast address in EUI-64
/// form, RFC 2526 2.
const HOME_AGENTS: u64 = 0xfdff_ffff_ffff_fffe;

impl Plan {
    /// The plan of a topology; what is not given is picked.
    pub(super) fn new(topology: &Topology, fixed: &Fixed, readings: Readings) -> Self {
        let links = topology
            .links
            .iter()
            .enumerate()
            .map(|(i, (name, link))| {
                let chosen = link.prefixes.as_ref().and_then(|p| p.first()?.prefix.as_ref());
                let (prefix, len) = match chosen.or(fixed.links.get(name)) {
                    Some(p) => (p.address, p.length),
                    None => (numbered_prefix(i), 64),
                };
                let others = link.prefixes.iter().flatten().skip(1);
                let more = others.filter_map(|p| p.prefix.as_ref()).map(|p| (p.address, p.length));
                PlannedLink { name: name.to_owned(), prefix, len, more: more.collect() }
            })
            .collect();
        let position = |name: &str| topology.links.position(name);
        let nodes = topology
            .nodes
            .iter()
            .enumerate()
            .map(|(n, (name, node))| PlannedNode {
                name: name.to_owned(),
                role: node.role.value,
                interfaces: interfaces(n, node, topology, fixed.nodes.get(name)),
                home: node.home.as_ref().and_then(|l| position(&l.value)),
                agent: node.home_agent().and_then(|a| topology.nodes.position(a)),
                fixed: fixed.nodes.get(name).cloned().unwrap_or_default(),
                readings: super::local::readings(node, readings),
            })
            .collect();
        Self { links, nodes, readings }
    }

    /// Two nodes that have the same address on a link because one of them was given
    /// it, if there are such.
    pub(super) fn clash(&self) -> Option<String> {
        for (n, node) in self.nodes.iter().enumerate() {
            for (link, given) in &node.fixed.addresses {
                let Some(l) = self.link(link) else { continue };
                let there =
                    |other: &PlannedNode| other.interfaces.iter().any(|i| i.link == Some(l));
                let mut others = self.nodes.iter().enumerate();
                let clash = others.find(|(m, other)| {
                    *m != n && there(other) && self.address(*m, l) == Some(*given)
                });
                if let Some((_, other)) = clash {
                    return Some(format!(
                        "{} is given address {given} on link {link}, which {} has: give it another",
                        node.name, other.name
                    ));
                }
            }
        }
        None
    }

    /// What readings say twice, of the case or of one of its nodes, if anything.
    pub(super) fn mixed_up(&self) -> Option<String> {
        let own = self.nodes.iter().map(|n| (n.name.as_str(), n.readings));
        let mut all = std::iter::once(("the case", self.readings)).chain(own);
        all.find_map(|(of, r)| Some(format!("readings of {of}: {}", r.check().err()?)))
    }

    /// Number of a node.
    pub(super) fn node(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|n| n.name == name)
    }

    /// Number of a link.
    pub(super) fn link(&self, name: &str) -> Option<usize> {
        self.links.iter().position(|l| l.name == name)
    }

    /// The address that a node has, or would have, on a link. Nodes that stay have
    /// small numbers for interface identifiers, mobile ones their stations.
    pub(super) fn address(&self, node: usize, link: usize) -> Option<Ipv6Addr> {
        let (n, l) = (self.nodes.get(node)?, self.links.get(link)?);
        if let Some(given) = n.fixed.addresses.get(&l.name) {
            return Some(*given);
        }
        let by_station = n.role == Role::MobileNode || n.fixed.autoconfigures;
        Some(if by_station {
            from_station(l.prefix, n.interfaces.first()?.station)
        } else {
            with_identifier(l.prefix, node as u64 + 1)
        })
    }

    /// The addresses that a node that stays has on a link, with the lengths of their
    /// prefixes: one by each prefix, the first as `address` gives it.
    pub(super) fn addresses(&self, node: usize, link: usize) -> Vec<(Ipv6Addr, u8)> {
        let (Some(l), Some(first)) = (self.links.get(link), self.address(node, link)) else {
            return Vec::new();
        };
        let identifier = first.to_bits() as u64;
        let more = l.more.iter().map(|(p, len)| (with_identifier(*p, identifier), *len));
        std::iter::once((first, l.len)).chain(more).collect()
    }

    /// The home address of a mobile node.
    pub(super) fn home_address(&self, node: usize) -> Option<Ipv6Addr> {
        if let Some(given) = self.nodes.get(node)?.fixed.home_address {
            return Some(given);
        }
        self.address(node, self.nodes.get(node)?.home?)
    }

    /// The home addresses that a mobile node has or may form: one by each prefix of
    /// its home link.
    pub(super) fn home_addresses(&self, node: usize) -> Vec<Ipv6Addr> {
        let Some(first) = self.home_address(node) else { return Vec::new() };
        let link = self.nodes.get(node).and_then(|n| n.home).and_then(|l| self.links.get(l));
        let more = link.into_iter().flat_map(|l| &l.more);
        let others = more.map(|(prefix, _)| with_identifier(*prefix, first.to_bits() as u64));
        std::iter::once(first).chain(others).collect()
    }

    /// Address of a mobile node's home agent.
    pub(super) fn agent_address(&self, node: usize) -> Option<Ipv6Addr> {
        let n = self.nodes.get(node)?;
        self.address(n.agent?, n.home?)
    }

    /// The interface of a node that is planned on a link.
    pub(super) fn interface(&self, node: usize, link: usize) -> Option<Interface> {
        let at = self.nodes.get(node)?.interfaces.iter().position(|i| i.link == Some(link))?;
        Some(Interface(at as u16))
    }

    /// The anycast address of the home agents of a link.
    pub(super) fn anycast(&self, link: usize) -> Option<Ipv6Addr> {
        Some(with_identifier(self.links.get(link)?.prefix, HOME_AGENTS))
    }

    /// An attribute as cases name it: `mn.home`, `ha.address.home`,
    /// `home.prefix`.
    pub(super) fn attribute(&self, name: &str) -> Option<Datum> {
        let mut parts = name.splitn(3, '.');
        let (of, what, on) = (parts.next()?, parts.next()?, parts.next());
        let Some(node) = self.node(of) else { return self.link_attribute(of, what) };
        let planned = &self.nodes[node];
        let link = match on {
            Some(on) => self.link(on)?,
            None => planned.interfaces.first()?.link.or(planned.home)?,
        };
        let interface = self.interface(node, link).unwrap_or(Interface(0));
        let station = planned.interfaces.get(interface.index())?.station;
        let address = match what {
            "address" | "careof" => self.address(node, link)?,
            "link-local" => {
                planned.fixed.link_local.unwrap_or_else(|| from_station(LINK_LOCAL, station))
            }
            "home" => self.home_address(node)?,
            "home-link-local" => {
                let home = self.home_address(node)?;
                with_identifier(LINK_LOCAL, home.to_bits() as u64)
            }
            "home-agent" => self.agent_address(node)?,
            "anycast" => self.anycast(link)?,
            "mac" => return Some(Datum::Octets(station.to_vec())),
            _ => return None,
        };
        Some(Datum::Address(address.into()))
    }

    fn link_attribute(&self, link: &str, what: &str) -> Option<Datum> {
        let l = self.links.get(self.link(link)?)?;
        Some(match what {
            "prefix" => Datum::Text(format!("{}/{}", l.prefix, l.len)),
            "network" => Datum::Address(l.prefix.into()),
            "prefix-length" => Datum::Number(l.len.into()),
            _ => return None,
        })
    }
}

impl Scope for Plan {
    fn lookup(&self, name: &str) -> Option<Datum> {
        self.attribute(name)
    }
}

/// `2001:db8:N::/64`, N counted from 1.
fn numbered_prefix(i: usize) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, i as u16 + 1, 0, 0, 0, 0, 0)
}

fn interfaces(
    n: usize,
    node: &Node,
    topology: &Topology,
    fixed: Option<&FixedNode>,
) -> Vec<PlannedInterface> {
    let given = fixed.and_then(|f| f.mac);
    // Locally administered stations, the node's number and the interface's.
    let station = |i: usize| match given {
        Some(station) if i == 0 => station.0,
        _ => [0x02, 0x00, 0x5e, 0x00, n as u8 + 1, i as u8],
    };
    let mut all: Vec<PlannedInterface> = node
        .on
        .iter()
        .enumerate()
        .map(|(i, on)| PlannedInterface {
            station: station(i),
            link: topology.links.position(&on.value),
        })
        .collect();
    if all.is_empty() {
        all.push(PlannedInterface { station: station(0), link: None });
    }
    all
}
