//! Links, nodes and what protects their traffic.

use std::time::Duration;

use mip6_security::mobility::local::RouterKey;

use super::super::place::{At, Place};
use super::super::security::{Payload, Protection, Security};
use super::super::topology::{HomeAgent, Link, Node, Role, Topology};
use super::super::values::Period;
use super::Checker;

/// The longest lifetime of a binding: 65535 units of 4 seconds (RFC 6275 6.1.7).
const LONGEST_BINDING: u64 = 65_535 * 4;

pub(super) fn check(c: &mut Checker<'_>, topology: &Topology, security: &[Security], root: Place) {
    if topology.nodes.is_empty() {
        c.say(root, "expected nodes: `topology`, or a fragment that has one");
    }
    for (place, name, found) in topology.links.placed() {
        c.kebab(&At { place, value: name.to_owned() });
        link(c, found);
    }
    for (place, name, found) in topology.nodes.placed() {
        c.kebab(&At { place, value: name.to_owned() });
        if topology.links.get(name).is_some() {
            c.say(place, format!("a link is called `{name}` too: expected another name"));
        }
        node(c, topology, found, place);
    }
    for (i, entry) in security.iter().enumerate() {
        protection(c, topology, entry, &security[..i]);
    }
}

/// The name of the node under test.
pub(super) fn under_test(
    c: &mut Checker<'_>,
    topology: &Topology,
    named: Option<&At<String>>,
    role: Role,
    root: Place,
) -> Option<String> {
    if let Some(name) = named {
        c.known("node", name, topology.nodes.names());
        let found = topology.nodes.get(&name.value)?;
        // Mobile nodes and home agents are correspondents too (RFC 6275 8.2, 8.4, 8.5).
        let too = role == Role::Correspondent
            && matches!(found.role.value, Role::MobileNode | Role::HomeAgent);
        if found.role.value != role && !too {
            let message = format!(
                "`{}` is a {}: expected a {}",
                name.value,
                found.role.value.name(),
                role.name()
            );
            c.say(name.place, message);
        }
        return Some(name.value.clone());
    }
    let mut of_role = topology.nodes.iter().filter(|(_, n)| n.role.value == role);
    match (of_role.next(), of_role.next()) {
        (Some((name, _)), None) => Some(name.to_owned()),
        (None, _) => {
            c.say(root, format!("no node of the topology is a {}", role.name()));
            None
        }
        (Some(_), Some(_)) => {
            let message = format!("several nodes are a {}: expected key `under-test`", role.name());
            c.say(root, message);
            None
        }
    }
}

pub(super) fn mtu(c: &mut Checker<'_>, mtu: Option<&At<u32>>) {
    if let Some(mtu) = mtu.filter(|m| !(1280..=65_535).contains(&m.value)) {
        c.say(mtu.place, format!("expected an MTU from 1280 to 65535, found {}", mtu.value));
    }
}

fn link(c: &mut Checker<'_>, link: &Link) {
    mtu(c, link.mtu.as_ref());
    for prefix in link.prefixes.iter().flatten() {
        // Defaults of RFC 4861 6.2.1: 30 days and 7 days.
        let valid = prefix.valid.as_ref().map_or(Duration::from_hours(30 * 24), |p| p.value.0);
        let preferred = prefix.preferred.as_ref().map_or(Duration::ZERO, |p| p.value.0);
        if let Some(place) =
            prefix.preferred.as_ref().map(|p| p.place).filter(|_| preferred > valid)
        {
            c.say(place, "the preferred lifetime is longer than the valid one (RFC 4861 4.6.2)");
        }
        for lifetime in [&prefix.valid, &prefix.preferred].into_iter().flatten() {
            seconds(c, lifetime, 1, u64::from(u32::MAX));
        }
    }
    if let Some(lifetime) = &link.advertise.lifetime {
        seconds(c, lifetime, 1, 65_535);
    }
}

/// A lifetime that a message has to hold: in units of so many seconds, up to so
/// many seconds.
fn seconds(c: &mut Checker<'_>, lifetime: &At<Period>, unit: u64, most: u64) {
    let found = lifetime.value.0;
    let whole = found.subsec_millis() == 0 && found.as_secs().is_multiple_of(unit);
    if !whole {
        let message = match unit {
            1 => format!("expected whole seconds, found {}", lifetime.value),
            _ => format!("expected a multiple of {unit} s, found {}", lifetime.value),
        };
        c.say(lifetime.place, message);
    } else if found.as_secs() > most {
        let message = format!("expected at most {most} s, found {}", lifetime.value);
        c.say(lifetime.place, message);
    }
}

fn node(c: &mut Checker<'_>, topology: &Topology, node: &Node, place: Place) {
    c.unique(&node.on);
    for link in node.on.iter().chain(&node.home) {
        c.known("link", link, topology.links.names());
    }
    let role = node.role.value;
    let mobile = role == Role::MobileNode;
    match (&node.home, mobile) {
        (None, true) => c.say(place, "a mobile node has a home link: expected key `home`"),
        (Some(home), false) => c.say(home.place, "only a mobile node has a home link"),
        _ => {}
    }
    if mobile && node.on.len() > 1 {
        c.say(place, "a mobile node is on one link at a time: expected one in `on`");
    }
    if let Some(agent) = &node.home_agent {
        home_agent(c, topology, agent, role);
    }
    options(c, node);
    local(c, topology, node);
    if let Some(o) = &node.mobile_node {
        for lifetime in [&o.value.lifetime, &o.value.correspondent_lifetime].into_iter().flatten() {
            seconds(c, lifetime, 4, LONGEST_BINDING);
        }
    }
    if let Some(HomeAgent::Options(o)) = node.home_agent.as_ref().map(|a| &a.value) {
        for mobile in o.serves.iter().flatten() {
            c.known("node", mobile, topology.nodes.names());
        }
        for lifetime in [&o.max_lifetime, &o.refresh_advice].into_iter().flatten() {
            seconds(c, lifetime, 4, LONGEST_BINDING);
        }
        if let Some(lifetime) = &o.lifetime {
            seconds(c, lifetime, 1, 65_535);
            if lifetime.value.0.is_zero() {
                c.say(
                    lifetime.place,
                    "expected a home agent lifetime of 1 s or more (RFC 6275 7.4)",
                );
            }
        }
    }
    if let Some(lifetime) = node.correspondent.as_ref().and_then(|o| o.value.max_lifetime.as_ref())
    {
        seconds(c, lifetime, 4, LONGEST_BINDING);
    }
}

fn home_agent(c: &mut Checker<'_>, topology: &Topology, agent: &At<HomeAgent>, role: Role) {
    match (&agent.value, role) {
        (HomeAgent::Options(_), Role::HomeAgent) => {}
        (HomeAgent::Node(name), Role::MobileNode) => {
            let name = At { place: agent.place, value: name.clone() };
            c.known("node", &name, topology.nodes.names());
            if let Some(other) = topology.nodes.get(&name.value)
                && other.role.value != Role::HomeAgent
            {
                let role = other.role.value.name();
                c.say(agent.place, format!("`{}` is a {role}: expected a home-agent", name.value));
            }
        }
        (_, Role::MobileNode) => c.say(agent.place, "expected the name of a node"),
        (_, Role::HomeAgent) => c.say(agent.place, "expected options of a home agent: a map"),
        _ => c.say(agent.place, format!("a {} has no home agent", role.name())),
    }
}

/// Options of another role than its own.
fn options(c: &mut Checker<'_>, node: &Node) {
    let role = node.role.value;
    let router = matches!(role, Role::Router | Role::AccessRouter);
    // Mobile nodes and home agents are correspondents too (RFC 6275 8.1).
    let correspondent = matches!(role, Role::Correspondent | Role::MobileNode | Role::HomeAgent);
    let blocks = [
        ("mobile-node", node.mobile_node.as_ref().map(|o| o.place), role == Role::MobileNode),
        ("correspondent", node.correspondent.as_ref().map(|o| o.place), correspondent),
        ("router", node.router.as_ref().map(|o| o.place), router),
        ("access-router", node.access_router.as_ref().map(|o| o.place), role == Role::AccessRouter),
    ];
    for (name, place, suits) in blocks {
        if let (Some(place), false) = (place, suits) {
            c.say(place, format!("`{name}` has no meaning for a {}", role.name()));
        }
    }
}

/// Local Key Exchange.
fn local(c: &mut Checker<'_>, topology: &Topology, node: &Node) {
    let mobile = node.mobile_node.as_ref().and_then(|o| o.value.local_key_exchange.as_ref());
    let options = node.access_router.as_ref().map(|o| &o.value);
    let router = options.and_then(|o| o.local_key_exchange.as_ref());
    if let Some(lifetime) = mobile.and_then(|o| o.lifetime.as_ref()) {
        seconds(c, lifetime, 4, LONGEST_BINDING);
    }
    let readings = mobile.map(|o| &o.readings).into_iter().chain(router.map(|o| &o.readings));
    c.readings(readings.flatten());
    if let Some(lifetime) = options.and_then(|o| o.home_agent_lifetime.as_ref()) {
        seconds(c, lifetime, 1, 65_535);
    }
    let Some(o) = router else { return };
    for name in &o.ipsec_with {
        c.known("node", name, topology.nodes.names());
    }
    if let Some(lifetime) = &o.maximum_lifetime {
        seconds(c, lifetime, 1, 65_534);
    }
    if let Some(bits) = o.key_bits.as_ref().filter(|b| !(512..=4096).contains(&b.value)) {
        c.say(bits.place, format!("expected 512 to 4096 bits, found {}", bits.value));
    }
    if let Some(key) = &o.key
        && let Err(e) = RouterKey::from_pem(&key.value)
    {
        c.say(key.place, e.what);
    }
}

fn protection(c: &mut Checker<'_>, topology: &Topology, entry: &Security, before: &[Security]) {
    let between = &entry.between;
    let [mobile, agent] = between.value.as_slice() else {
        c.say(between.place, "expected two nodes: a mobile node and a home agent");
        return;
    };
    for (name, role) in [(mobile, Role::MobileNode), (agent, Role::HomeAgent)] {
        c.known("node", name, topology.nodes.names());
        if let Some(node) = topology.nodes.get(&name.value)
            && node.role.value != role
        {
            let found = node.role.value.name();
            let message = format!("`{}` is a {found}: expected a {}", name.value, role.name());
            c.say(name.place, message);
        }
    }
    let pair = |s: &Security| s.between.value.iter().map(|n| n.value.clone()).collect::<Vec<_>>();
    if before.iter().any(|s| pair(s) == pair(entry)) {
        c.say(between.place, "these two have an entry already: expected one");
    }
    let nothing = entry.mobility == Protection::None
        && entry.return_routability == Protection::None
        && entry.prefix_discovery == Protection::None
        && entry.payload == Payload::None;
    match &entry.policy {
        Some(policy) if !nothing => {
            c.say(policy.place, "expected a policy or kinds of traffic, not both");
        }
        None if nothing => {
            c.say(between.place, "nothing is protected: expected `mobility: esp`, or no entry");
        }
        _ => {}
    }
    if let (None, Some((place, name, _))) = (&entry.policy, entry.names.placed().next()) {
        c.say(place, format!("`{name}` is a name for a policy, of which there is none"));
    }
}
