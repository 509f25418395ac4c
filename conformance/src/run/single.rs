//! One node of a topology, for itself.

use std::net::Ipv6Addr;
use std::sync::Arc;

use mip6_security::keys::Keys;

use super::lab::Surroundings;
use super::nodes;
use crate::case::setting::NodeFile;
use crate::case::topology::Role;
use crate::roles::host::{HostConfig, LINK_LOCAL, from_station};
use crate::roles::router::RouterConfig;
use crate::roles::{Faults, Node};

/// A node of a topology whose interfaces are not connected yet.
#[derive(Debug)]
pub struct Single {
    /// The node.
    pub node: Node,
    /// The link that each of its interfaces is planned on, by name.
    pub links: Vec<Option<String>>,
    /// What protects its traffic.
    pub keys: Arc<Keys>,
}

impl Single {
    /// The node of a file; `seed` counts where the file gives none.
    pub fn new(file: &NodeFile, seed: u64) -> Result<Self, String> {
        let surroundings =
            Surroundings::new(&file.topology, &file.security, &file.fixed(), file.readings())?;
        let n = surroundings.plan.node(file.name()).ok_or("no node is to be played")?;
        let faults = file.faults().fold(Faults::none(), Faults::with);
        let seed = file.seed.unwrap_or(seed);
        let node = surroundings.node(&file.topology, n, faults, seed)?;
        let plan = &surroundings.plan;
        let name = |l: usize| plan.links.get(l).map(|l| l.name.clone());
        let links = plan.nodes[n].interfaces.iter().map(|i| i.link.and_then(name)).collect();
        Ok(Self { node, links, keys: surroundings.keys })
    }
}

/// What a node of a topology is to be, for whoever sets another program up as the same
/// node.
#[derive(Clone, Debug)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Its interfaces, in their order.
    pub interfaces: Vec<DescribedInterface>,
    /// What every IPv6 node has: addresses, routes, policy and associations.
    pub host: HostConfig,
    /// What it advertises; nothing, if it is no router.
    pub advertised: Vec<RouterConfig>,
    /// Keys of the associations of all nodes, as a key file.
    pub key_file: String,
}

/// An interface of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedInterface {
    /// What the machine calls it, if the file says.
    pub name: Option<String>,
    /// The link that it is planned on, by name.
    pub link: Option<String>,
    /// Its link-layer address.
    pub station: [u8; 6],
    /// Its link-local address.
    pub link_local: Ipv6Addr,
}

impl Described {
    /// The node of a file.
    pub fn new(file: &NodeFile) -> Result<Self, String> {
        let surroundings =
            Surroundings::new(&file.topology, &file.security, &file.fixed(), file.readings())?;
        let plan = &surroundings.plan;
        let n = plan.node(file.name()).ok_or("no node is to be played")?;
        let doc = file.node().ok_or("no node is to be played")?;
        let config = surroundings.config(&file.topology, n, Faults::none(), 0)?;
        let planned = &plan.nodes[n];
        let given = planned.fixed.link_local;
        let any = file.any();
        let interfaces = planned.interfaces.iter().enumerate().map(|(i, interface)| {
            let link = interface.link.and_then(|l| Some(plan.links.get(l)?.name.clone()));
            let own = link.as_ref().and_then(|l| file.interfaces.get(l));
            let formed = from_station(LINK_LOCAL, interface.station);
            DescribedInterface {
                name: own.map(String::as_str).or(any.get(i).copied()).map(str::to_owned),
                link,
                station: interface.station,
                link_local: given.filter(|_| i == 0).unwrap_or(formed),
            }
        });
        let router = matches!(doc.role.value, Role::Router | Role::AccessRouter | Role::HomeAgent);
        Ok(Self {
            name: file.name().to_owned(),
            role: doc.role.value,
            interfaces: interfaces.collect(),
            host: config.host,
            advertised: if router {
                nodes::advertised(plan, &file.topology, n, doc)
            } else {
                Vec::new()
            },
            key_file: surroundings.key_file,
        })
    }
}
