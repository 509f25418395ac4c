//! The virtual network of a case: links, nodes, keys.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use mip6_dissect::profile::Profile;
use mip6_inject::Datum;
use mip6_security::keys::Keys;
use mip6_security::mobility::local::RouterKey;
use mip6_wire::codes::{Codes, LKE01, RFC6275};
use mip6_wire::header::Header;

use super::plan::Plan;
use super::security::{self, Pair};
use super::{Options, Wired, local, nodes};
use crate::case::Instance;
use crate::case::fixed::Fixed;
use crate::case::security::Security;
use crate::case::step::LocalKeyDoc;
use crate::case::texts;
use crate::case::topology::{Role, Topology};
use crate::case::values::Percent;
use crate::network::{LinkConfig, LinkId, Network, NodeId, Place};
use crate::roles::host::Databases;
use crate::roles::local::{Readings, codes, lay_out, translate};
use crate::roles::{Config, Faults, Interface, Node};
use crate::time::Instant;

/// What a case is run in.
pub(super) struct Lab {
    pub(super) network: Network,
    pub(super) plan: Plan,
    pub(super) keys: Arc<Keys>,
    /// The same as a key file, empty if there are none.
    pub(super) key_file: String,
    /// Some node speaks Local Key Exchange.
    pub(super) local: bool,
    /// Keys of access routers, by their names.
    pub(super) routers: BTreeMap<String, Arc<RouterKey>>,
}

/// What links do to frames, besides what a case says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weather {
    /// Share of frames that are lost, 0 to 1.
    pub loss: f64,
    /// Share of frames that arrive twice, 0 to 1.
    pub duplicate: f64,
    /// Share of frames that are overtaken, 0 to 1.
    pub reorder: f64,
}

/// How long nodes that stay have before mobile ones come.
const HEAD_START: Duration = Duration::from_secs(3);
/// How long a mobile node may take to have a care-of address.
const PATIENCE: Duration = Duration::from_secs(20);

impl Lab {
    /// Builds what a case describes; the node under test has the faults, or is on a
    /// wire.
    pub(super) fn new(
        instance: &Instance,
        options: &Options,
        wired: Option<Wired>,
    ) -> Result<Self, String> {
        let (weather, seed) = (options.weather, options.seed);
        let readings = instance.readings(&options.readings);
        let fixed = wired.as_ref().map(|w| w.fixed.clone()).unwrap_or_default();
        let surroundings =
            Surroundings::new(&instance.topology, &instance.security, &fixed, readings)?;
        let mut way = wired.map(|w| w.way);
        let mut network = Network::new(seed);
        for (name, link) in instance.topology.links.iter() {
            network.link(LinkConfig {
                delay: link.delay.map_or(Duration::from_micros(100), |d| d.0),
                mtu: link.mtu.as_ref().map_or(1500, |m| m.value as usize),
                loss: link.loss.map_or(0.0, Percent::share).max(weather.loss),
                duplicate: link.duplicate.map_or(0.0, Percent::share).max(weather.duplicate),
                reorder: link.reorder.map_or(0.0, Percent::share).max(weather.reorder),
                ..LinkConfig::named(name)
            });
        }
        for (n, name) in instance.topology.nodes.names().enumerate() {
            let under_test = name == instance.under_test;
            if let Some(way) = way.take_if(|_| under_test) {
                network.outside(surroundings.plan.nodes[n].interfaces.len(), way);
                continue;
            }
            let own = if under_test { options.faults.clone() } else { Faults::none() };
            let played = surroundings.node(&instance.topology, n, own, seed)?;
            network.node(played);
        }
        let local = instance.topology.speaks_local_key_exchange();
        let Surroundings { plan, keys, key_file, routers } = surroundings;
        let mut lab = Self { network, plan, keys, key_file, local, routers };
        lab.connect();
        Ok(lab)
    }

    /// Connects the nodes: those that stay first, and mobile ones once there are
    /// routers that they can find.
    fn connect(&mut self) {
        for mobile in [false, true] {
            for n in 0..self.plan.nodes.len() {
                if (self.plan.nodes[n].role == Role::MobileNode) != mobile {
                    continue;
                }
                for i in 0..self.plan.nodes[n].interfaces.len() {
                    let link = self.plan.nodes[n].interfaces[i].link.map(LinkId);
                    let place = Place { node: NodeId(n), interface: Interface(i as u16) };
                    if link.is_some() {
                        self.network.attach(place, link);
                    }
                }
            }
            if !mobile {
                self.network.run_for(HEAD_START);
            }
        }
    }

    /// Lets time pass until a mobile node that does nothing by itself has an
    /// address on its link.
    pub(super) fn await_address(&mut self, node: usize) {
        let until = self.network.now() + PATIENCE;
        let id = NodeId(node);
        if self.network.get(id).is_some() {
            self.network.run(until, |network| ready(network, id));
            return;
        }
        // A node on a wire is asked, if it can be.
        while self.network.now() < until && self.network.trouble().is_none() {
            let said = self.network.state(id);
            match said.iter().find(|(name, _)| name == "address.0") {
                Some((_, address)) if address == "none" => {
                    self.network.run_for(Duration::from_millis(200));
                }
                _ => return,
            }
        }
    }

    /// Takes a node to another link.
    pub(super) fn move_to(&mut self, node: usize, link: Option<usize>) {
        if let Some(i) = self.plan.nodes.get_mut(node).and_then(|n| n.interfaces.first_mut()) {
            i.link = link;
        }
        let place = Place { node: NodeId(node), interface: Interface(0) };
        self.network.attach(place, None);
        self.network.attach(place, link.map(LinkId));
    }

    /// What code points mean in what goes over the links.
    pub(super) fn profile(&self) -> Profile {
        if self.local { Profile::lke01().speaking(self.plan.readings) } else { Profile::rfc6275() }
    }

    /// Code points of what goes over the links.
    pub(super) fn codes(&self) -> &'static Codes {
        if self.local { codes(&self.plan.readings) } else { &RFC6275 }
    }

    /// Code points that crafted packets are written by: the draft's.
    pub(super) fn written(&self) -> &'static Codes {
        if self.local { &LKE01 } else { &RFC6275 }
    }

    /// Puts a packet that was written by the default readings into those that nodes
    /// speak by: its numbers, and if a key of Local Key Exchange signs it, its form.
    pub(super) fn put(&self, headers: &mut Vec<Header<'static>>, key: Option<&LocalKeyDoc>) {
        if self.local {
            let readings = self.readings(key);
            translate(headers, &readings);
            if key.is_some() {
                lay_out(headers, &readings, codes(&readings));
            }
        }
    }

    /// By which readings a crafted packet is made.
    pub(super) fn readings(&self, key: Option<&LocalKeyDoc>) -> Readings {
        key.map_or(self.plan.readings, |key| self.plan.readings.by(texts(&key.readings)))
    }

    /// The time.
    pub(super) fn now(&self) -> Instant {
        self.network.now()
    }
}

/// Whether a node has a global address that it can use.
fn ready(network: &Network, node: NodeId) -> bool {
    network.get(node).is_some_and(|n| n.host().global(network.now(), Interface(0)).is_some())
}

/// What nodes are built from: where everything is, and what protects it.
pub(super) struct Surroundings {
    pub(super) plan: Plan,
    pub(super) keys: Arc<Keys>,
    /// The same as a key file, empty if there are none.
    pub(super) key_file: String,
    /// Keys of access routers, by their names.
    pub(super) routers: BTreeMap<String, Arc<RouterKey>>,
}

impl Surroundings {
    pub(super) fn new(
        topology: &Topology,
        security: &[Security],
        fixed: &Fixed,
        readings: Readings,
    ) -> Result<Self, String> {
        let plan = Plan::new(topology, fixed, readings);
        if let Some(why) = plan.clash().or_else(|| plan.mixed_up()) {
            return Err(why);
        }
        let pairs = pairs(security, &plan)?;
        let routers = local::router_keys(topology, &plan)?;
        let key_file = security::key_file(&pairs) + &local::key_file(&routers)?;
        let keys = security::keys(&key_file)?;
        Ok(Self { plan, keys, key_file, routers })
    }

    /// A node of the topology, whose interfaces are not connected yet.
    pub(super) fn node(
        &self,
        topology: &Topology,
        n: usize,
        faults: Faults,
        seed: u64,
    ) -> Result<Node, String> {
        Ok(Node::new(self.config(topology, n, faults, seed)?))
    }

    /// The configuration of a node of the topology.
    pub(super) fn config(
        &self,
        topology: &Topology,
        n: usize,
        faults: Faults,
        seed: u64,
    ) -> Result<Config, String> {
        let (name, doc) = topology.nodes.iter().nth(n).ok_or("there is no such node")?;
        let policy = self.keys.policy.as_ref().filter(|p| p.node(name).is_some());
        let databases = policy.map(|policy| {
            Arc::new(Databases {
                policy: policy.clone(),
                node: name.to_owned(),
                associations: self.keys.associations.clone(),
            })
        });
        // Each node has randomness of its own, whatever the others draw.
        let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(n as u64 + 1);
        let mut config = nodes::config(self, topology, n, doc, databases, faults, seed)?;
        let local = doc.speaks_local_key_exchange();
        config.host.codes = local.then(|| codes(&self.plan.nodes[n].readings));
        Ok(config)
    }
}

/// The pairs of mobile node and home agent that are protected.
fn pairs<'i>(protected: &'i [Security], plan: &Plan) -> Result<Vec<Pair<'i>>, String> {
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    for security in protected {
        let [mobile, agent] = security.between.value.as_slice() else {
            return Err("security is between a mobile node and its home agent".into());
        };
        let node = |name: &str| plan.node(name).ok_or_else(|| format!("no node is called {name}"));
        let (m, a) = (node(&mobile.value)?, node(&agent.value)?);
        let homes = plan.home_addresses(m);
        let link = plan.nodes[m].home.ok_or("the mobile node has no home link")?;
        let agent_address: Ipv6Addr =
            plan.address(a, link).ok_or("the home agent has no address")?;
        let names: Vec<(String, String)> = security
            .names
            .iter()
            .map(|(name, value)| {
                let text = match value.value.strip_prefix('$') {
                    Some(reference) => match plan.attribute(reference) {
                        Some(Datum::Address(a)) => a.to_string(),
                        _ => return Err(format!("no address is called ${reference}")),
                    },
                    None => value.value.clone(),
                };
                Ok((name.to_owned(), text))
            })
            .collect::<Result<_, String>>()?;
        // Each home address has associations of its own (RFC 3776 4.1).
        let most = if security.policy.is_some() { 1 } else { homes.len() };
        pairs.extend(homes.into_iter().take(most).map(|home| Pair {
            mobile: &mobile.value,
            agent: &agent.value,
            home,
            agent_address,
            security,
            names: names.clone(),
        }));
    }
    Ok(pairs)
}
