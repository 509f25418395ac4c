//! Reference nodes as a case describes them.

use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use super::lab::Surroundings;
use super::local;
use super::plan::Plan;
use crate::case::topology::{Link, Node as NodeDoc, Role, Topology};
use crate::roles::correspondent::{self, Correspondent, CorrespondentConfig};
use crate::roles::home_agent::{HomeAgent, HomeAgentConfig};
use crate::roles::host::{Address, Databases, HostConfig, Route};
use crate::roles::mobile_node::{MobileNode, MobileNodeConfig, Optimize};
use crate::roles::mobility::{Mobility, units};
use crate::roles::router::local::AccessRouterConfig;
use crate::roles::router::{self, HomeAgentInformation, PrefixConfig, Router, RouterConfig};
use crate::roles::{Config, Faults, Interface, Module};

/// Time between Router Advertisements where a case does not say: often, so that
/// mobile nodes notice soon where they are (RFC 6275 7.5).
const INTERVALS: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(4));

/// The configuration of a node.
pub(super) fn config(
    surroundings: &Surroundings,
    topology: &Topology,
    n: usize,
    doc: &NodeDoc,
    databases: Option<Arc<Databases>>,
    faults: Faults,
    seed: u64,
) -> Result<Config, String> {
    let plan = &surroundings.plan;
    let role = doc.role.value;
    let planned = &plan.nodes[n];
    let router = matches!(role, Role::Router | Role::AccessRouter | Role::HomeAgent);
    let mobile = role == Role::MobileNode;
    let mut host = HostConfig {
        stations: planned.interfaces.iter().map(|i| i.station).collect(),
        autoconfigure: mobile,
        forwards: router && doc.router_options().forward.unwrap_or(true),
        silent: role == Role::Puppet,
        filters_type0: doc.router_options().filter_type_0.unwrap_or(false),
        unaware: doc.mobile_node_options().link_indications == Some(false),
        databases,
        ..HostConfig::default()
    };
    for (i, interface) in planned.interfaces.iter().enumerate() {
        let Some(link) = interface.link.filter(|_| !mobile) else { continue };
        let at = Interface(i as u16);
        for (address, len) in plan.addresses(n, link) {
            host.addresses.push(Address::configured(at, address, len));
        }
        if !matches!(role, Role::Router | Role::AccessRouter) {
            host.routes.extend(default_route(plan, link, at));
        }
    }
    if matches!(role, Role::Router | Role::AccessRouter) {
        host.routes = super::routes::of_router(plan, n);
    }
    let mut modules: Vec<Box<dyn Module>> = Vec::new();
    match role {
        Role::Puppet | Role::Host => {}
        Role::AccessRouter if doc.speaks_local_key_exchange() => {
            modules.extend(access_router(surroundings, topology, n, doc)?);
            modules.push(Box::new(Correspondent::new(correspondent(doc))));
        }
        Role::Router | Role::AccessRouter => {
            modules.push(Box::new(Router::new(advertised(plan, topology, n, doc))));
        }
        Role::HomeAgent => {
            modules.push(Box::new(Mobility::default()));
            modules.push(Box::new(HomeAgent::new(home_agent(plan, topology, n, doc))));
            if doc.home_agent_options().correspondent.unwrap_or(true) {
                modules.push(Box::new(Correspondent::new(correspondent(doc))));
            }
        }
        Role::MobileNode => {
            let speaks = doc.speaks_local_key_exchange();
            let known = Mobility::default();
            // A Key Exchange Acknowledgement is 16 octets at least.
            let numbers = plan.nodes[n].readings.numbers();
            let known = if speaks { known.knowing(numbers.acknowledgement, 1) } else { known };
            modules.push(Box::new(known));
            modules.push(Box::new(MobileNode::new(mobile_node(plan, n, doc)?)));
            modules.push(Box::new(Correspondent::new(correspondent(doc))));
        }
        Role::Correspondent => modules.extend(correspondent::modules(correspondent(doc))),
    }
    Ok(Config { host, modules, faults, seed })
}

/// The modules of an access router of Local Key Exchange.
fn access_router(
    surroundings: &Surroundings,
    topology: &Topology,
    n: usize,
    doc: &NodeDoc,
) -> Result<Vec<Box<dyn Module>>, String> {
    let options = doc.access_router_options().local_key_exchange.unwrap_or_default();
    let plan = &surroundings.plan;
    let key = surroundings.routers.get(&plan.nodes[n].name).cloned();
    let key = key.ok_or_else(|| format!("{} has no key", plan.nodes[n].name))?;
    let mut config = AccessRouterConfig::new(advertised(plan, topology, n, doc), key);
    if let Some(maximum) = &options.maximum_lifetime {
        config.maximum = u16::try_from(maximum.value.0.as_secs()).unwrap_or(u16::MAX);
    }
    config.interval = options.interval.map_or(config.interval, |p| p.0);
    config.room = options.max_associations.map_or(config.room, |most| most as usize);
    config.finished = options.finished.map(|p| p.0);
    config.readings = plan.nodes[n].readings;
    // All addresses that the node has, or would have, on its links.
    let known = options.ipsec_with.iter().filter_map(|name| plan.node(&name.value));
    let links = plan.nodes[n].interfaces.iter().filter_map(|i| i.link);
    let links: Vec<usize> = links.collect();
    config.protected = known
        .flat_map(|node| links.iter().filter_map(move |link| plan.address(node, *link)))
        .collect();
    Ok(router::local::modules(config))
}

fn seconds(p: Duration) -> u32 {
    u32::try_from(p.as_secs()).unwrap_or(u32::MAX)
}

fn correspondent(doc: &NodeDoc) -> CorrespondentConfig {
    let options = doc.correspondent_options();
    let mut config = CorrespondentConfig::default();
    config.route_optimization = options.route_optimization.unwrap_or(config.route_optimization);
    config.refresh_requests = options.refresh_requests.unwrap_or(config.refresh_requests);
    if let Some(lifetime) = &options.max_lifetime {
        config.max_lifetime = units(lifetime.value.0);
    }
    if let Some(most) = options.max_bindings {
        config.max_bindings = most as usize;
    }
    config.nonce_period = options.nonce_period.map_or(config.nonce_period, |p| p.0);
    config.nonce_lifetime = options.nonce_lifetime.map_or(config.nonce_lifetime, |p| p.0);
    config
}

fn home_agent(plan: &Plan, topology: &Topology, n: usize, doc: &NodeDoc) -> HomeAgentConfig {
    let options = doc.home_agent_options();
    let mut config =
        HomeAgentConfig { links: advertised(plan, topology, n, doc), ..HomeAgentConfig::default() };
    if let Some(most) = &options.max_lifetime {
        config.max_lifetime = seconds(most.value.0);
    }
    config.refresh_advice = options.refresh_advice.as_ref().map(|p| seconds(p.value.0));
    config.dhaad = options.discovery.unwrap_or(config.dhaad);
    config.prefix_discovery = options.prefix_discovery.unwrap_or(config.prefix_discovery);
    config.multicast = options.multicast.unwrap_or(config.multicast);
    if let Some(most) = options.max_bindings {
        config.room = most as usize;
    }
    config.serves = options.serves.as_ref().map(|names| {
        let homes = names.iter().filter_map(|name| plan.home_address(plan.node(&name.value)?));
        homes.collect()
    });
    if options.duplicate_address_detection == Some(false) {
        config.detection = None;
    }
    let offers = config.links.iter().any(|l| l.managed || l.other);
    config.dhcp = options.dhcpv6.unwrap_or(offers);
    if let Some(least) = options.min_prefix_interval {
        config.min_prefix_interval = least.0;
    }
    if let Some(most) = options.max_prefix_interval {
        config.max_prefix_interval = most.0;
    }
    config
}

fn mobile_node(plan: &Plan, n: usize, doc: &NodeDoc) -> Result<MobileNodeConfig, String> {
    let options = doc.mobile_node_options();
    let planned = &plan.nodes[n];
    let home = plan
        .home_address(n)
        .ok_or_else(|| format!("mobile node {} has no home link", planned.name))?;
    let len = planned.home.and_then(|l| plan.links.get(l)).map_or(64, |l| l.len);
    let discover = options.discover_home_agent.unwrap_or(false);
    let agent = plan.agent_address(n).filter(|_| !discover);
    let mut config = MobileNodeConfig::new(home, len, agent);
    let homes = options.home_addresses.map_or(1, usize::from).max(1);
    config.homes = plan.home_addresses(n).into_iter().take(homes).collect();
    config.manual = doc.manual;
    config.groups = options.groups.unwrap_or_default();
    if let Some(lifetime) = &options.lifetime {
        config.lifetime = seconds(lifetime.value.0);
    }
    if let Some(lifetime) = &options.correspondent_lifetime {
        config.correspondent_lifetime = seconds(lifetime.value.0);
    }
    if options.route_optimization == Some(false) {
        config.optimize = Optimize::Never;
    }
    config.link_local = options.link_local;
    config.key_mobility = options.key_management.unwrap_or(false);
    config.acknowledged = options.acknowledge.unwrap_or(true);
    config.prefix_discovery = options.solicit_prefixes.unwrap_or(true);
    config.first_sequence = options.sequence;
    config.max_updates = options.max_updates;
    if let Some(first) = options.initial_timeout {
        config.initial_timeout = first.0;
    }
    if let Some(first) = options.first_timeout.or(options.initial_timeout) {
        config.first_timeout = first.0;
    }
    if let Some(most) = options.max_timeout {
        config.max_timeout = most.0;
    }
    let readings = plan.nodes[n].readings;
    config.local = options.local_key_exchange.as_ref().map(|o| local::mobile_node(o, readings));
    Ok(config)
}

/// The way out of a link: by its first router that is no home agent.
fn default_route(plan: &Plan, link: usize, interface: Interface) -> Option<Route> {
    let router = plan.nodes.iter().position(|n| {
        matches!(n.role, Role::Router | Role::AccessRouter)
            && n.interfaces.iter().any(|i| i.link == Some(link))
    })?;
    let via = plan.address(router, link)?;
    Some(Route { prefix: Ipv6Addr::UNSPECIFIED, len: 0, interface, via: Some(via) })
}

/// What a router advertises on its links.
pub(super) fn advertised(
    plan: &Plan,
    topology: &Topology,
    n: usize,
    doc: &NodeDoc,
) -> Vec<RouterConfig> {
    let options = doc.home_agent_options();
    let local = doc.speaks_local_key_exchange();
    let agent = doc.role.value == Role::HomeAgent || local;
    let wanted = if agent && !local { options.advertise } else { doc.router_options().advertise };
    let interfaces = plan.nodes[n].interfaces.iter().enumerate();
    interfaces
        .filter_map(|(i, interface)| {
            let link = interface.link?;
            let (_, of_link) = topology.links.iter().nth(link)?;
            let mut config = on_link(plan, n, link, of_link, agent).every(
                options
                    .min_advertisement_interval
                    .or(of_link.advertise.min_interval)
                    .map_or(INTERVALS.0, |p| p.0),
                options
                    .max_advertisement_interval
                    .or(of_link.advertise.max_interval)
                    .map_or(INTERVALS.1, |p| p.0),
            );
            config.interface = Interface(i as u16);
            config.advertises = wanted.unwrap_or(true);
            config.unsolicited = of_link.advertise.enabled.unwrap_or(true);
            // Long enough that nobody loses its routers between two of them.
            let lifetime = of_link.advertise.lifetime.as_ref().map(|l| l.value.0.as_secs());
            config.lifetime = lifetime.map_or(1800, |s| s.min(0xffff) as u16);
            config.interval_option = of_link.advertise.interval_option.unwrap_or(true);
            config.managed = of_link.advertise.managed.unwrap_or(false);
            config.other = of_link.advertise.other.unwrap_or(false);
            config.home_agent = agent.then(|| HomeAgentInformation {
                preference: options.preference.unwrap_or(0),
                lifetime: options
                    .lifetime
                    .or(doc.access_router_options().home_agent_lifetime)
                    .map(|l| l.value.0.as_secs() as u16),
            });
            Some(config)
        })
        .collect()
}

/// The prefixes of a link as one of its routers advertises them.
fn on_link(plan: &Plan, n: usize, link: usize, doc: &Link, agent: bool) -> RouterConfig {
    let mut config = RouterConfig::new(Interface(0));
    let docs = doc.prefixes.as_deref().unwrap_or_default();
    let planned = &plan.links[link];
    let count = docs.len().max(1);
    for i in 0..count {
        let of = docs.get(i);
        let (prefix, len) = match of.and_then(|p| p.prefix.as_ref()) {
            Some(p) => (p.address, p.length),
            None => (planned.prefix, planned.len),
        };
        let mut p = PrefixConfig::new(prefix, len);
        let first = plan.address(n, link).unwrap_or(prefix);
        let address = crate::roles::host::with_identifier(prefix, first.to_bits() as u64);
        if of.and_then(|d| d.router_address).unwrap_or(agent) {
            p = p.with_address(address);
        }
        if let Some(of) = of {
            p.on_link = of.on_link.unwrap_or(true);
            p.autonomous = of.autonomous.unwrap_or(true);
            if let Some(valid) = &of.valid {
                p.valid = seconds(valid.value.0);
                p.preferred = p.preferred.min(p.valid);
                p.counts_down = true;
            }
            if let Some(preferred) = &of.preferred {
                p.preferred = seconds(preferred.value.0);
                p.counts_down = true;
            }
        }
        config = config.prefix(p);
    }
    config
}
