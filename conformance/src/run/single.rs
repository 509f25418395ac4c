//! One node of a topology, for itself.

use std::sync::Arc;

use mip6_security::keys::Keys;

use super::lab::Surroundings;
use crate::case::setting::NodeFile;
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
        let surroundings = Surroundings::new(&file.topology, &file.security, &file.fixed())?;
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
