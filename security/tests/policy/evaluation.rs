//! The packets of draft-ietf-mobileip-mipv6-ha-ipsec-04 6 held against the
//! manual configuration of its section 5.2.

use std::net::IpAddr;

use mip6_security::policy::{Decision, Direction, Interface, Policy, Selectors};

use crate::{bound, manual};

pub(crate) const HOME: &str = "2001:db8:a::1234";
pub(crate) const AGENT: &str = "2001:db8:a::1";
pub(crate) const CARE_OF: &str = "2001:db8:b::34";
pub(crate) const CORRESPONDENT: &str = "2001:db8:c::10";

const MH: u8 = 135;
const ICMPV6: u8 = 58;
const TCP: u8 = 6;

pub(crate) fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

pub(crate) fn packet(source: &str, destination: &str, proto: u8, kind: u8) -> Selectors {
    Selectors {
        interface: Interface::Physical,
        source: ip(source),
        destination: ip(destination),
        proto: Some(proto),
        kind: Some(kind),
        ports: None,
    }
}

fn tunnelled(interface: Interface, packet: Selectors) -> Selectors {
    Selectors { interface, ..packet }
}

/// The name of the association, or what else was decided.
pub(crate) fn decided(
    policy: &Policy,
    node: &str,
    direction: Direction,
    packet: &Selectors,
) -> String {
    match policy.node(node).unwrap().decide(direction, packet) {
        Decision::Use(association) => association.name.clone(),
        other => format!("{other:?}"),
    }
}

/// A packet from the mobile node, or to it, and what protects it.
struct Step {
    up: bool,
    in_tunnel: bool,
    packet: Selectors,
    expected: &'static str,
}

fn step(up: bool, in_tunnel: bool, packet: Selectors, expected: &'static str) -> Step {
    Step { up, in_tunnel, packet, expected }
}

/// Sections 6.1 to 6.10, and what route optimization sends past the home agent.
fn steps() -> Vec<Step> {
    vec![
        // Binding Update and Acknowledgement, as upper layers see them.
        step(true, false, packet(HOME, AGENT, MH, 5), "SA1"),
        step(false, false, packet(AGENT, HOME, MH, 6), "SA2"),
        // Home Test Init and Home Test through the tunnel.
        step(true, true, packet(HOME, CORRESPONDENT, MH, 1), "SA3"),
        step(false, true, packet(CORRESPONDENT, HOME, MH, 3), "SA4"),
        // Prefix discovery.
        step(true, false, packet(HOME, AGENT, ICMPV6, 146), "SA5"),
        step(false, false, packet(AGENT, HOME, ICMPV6, 147), "SA6"),
        // Payload through the tunnel, of the protocol that is protected.
        step(true, true, packet(HOME, CORRESPONDENT, TCP, 0), "SA7"),
        step(false, true, packet(CORRESPONDENT, HOME, TCP, 0), "SA8"),
        step(true, true, packet(HOME, CORRESPONDENT, 17, 0), "None"),
        // Care-of Test Init and Care-of Test.
        step(true, false, packet(CARE_OF, CORRESPONDENT, MH, 2), "None"),
        step(false, false, packet(CORRESPONDENT, CARE_OF, MH, 4), "None"),
        // A Binding Update to the correspondent, route optimized payload: the
        // home address is the source, and no tunnel is entered.
        step(true, false, packet(HOME, CORRESPONDENT, MH, 5), "None"),
        step(true, false, packet(HOME, CORRESPONDENT, TCP, 0), "None"),
        // To the home agent itself, through the tunnel: section 5.2.1 comes first.
        step(true, true, packet(HOME, AGENT, MH, 1), "SA1"),
    ]
}

#[test]
fn both_nodes_protect_what_section_6_protects() {
    let policy = bound(&manual());
    assert!(policy.warnings.is_empty(), "{:?}", policy.warnings);
    for Step { up, in_tunnel, packet, expected } in steps() {
        // What one node sends the other receives.
        for (node, peer, sends) in [("mobile node", AGENT, up), ("home agent", HOME, !up)] {
            let direction = if sends { Direction::Out } else { Direction::In };
            let interface = match (in_tunnel, sends) {
                (false, _) => Interface::Physical,
                (true, true) => Interface::TunnelTo(ip(peer)),
                (true, false) => Interface::TunnelFrom(ip(peer)),
            };
            let packet = tunnelled(interface, packet);
            assert_eq!(decided(&policy, node, direction, &packet), expected, "{node}: {packet:?}");
        }
    }
}

#[test]
fn rules_of_a_tunnel_are_not_about_other_tunnels() {
    let policy = bound(&manual());
    let hoti = packet(HOME, CORRESPONDENT, MH, 1);
    let other = tunnelled(Interface::TunnelTo(ip("2001:db8:a::2")), hoti);
    assert_eq!(decided(&policy, "mobile node", Direction::Out, &other), "None");
    let from = tunnelled(Interface::TunnelFrom(ip(AGENT)), hoti);
    assert_eq!(decided(&policy, "mobile node", Direction::Out, &from), "None");
}

#[test]
fn what_is_not_known_decides_only_where_it_must() {
    let policy = bound(&manual());
    let shut = |source, destination| Selectors {
        proto: None,
        kind: None,
        ..packet(source, destination, 0, 0)
    };
    let out = |p: &Selectors| decided(&policy, "mobile node", Direction::Out, p);
    // ESP between home address and home agent: SA1, SA5 or none.
    assert_eq!(out(&shut(HOME, AGENT)), "Unknown");
    // No rule is about these addresses, whatever is inside.
    assert_eq!(out(&shut(CARE_OF, CORRESPONDENT)), "None");
    assert_eq!(out(&shut(HOME, CORRESPONDENT)), "None");
    // A rule that may match, before another that does.
    let other = bound(
        "n SPD OUT:\n\
         - IF source = home_address_1 & not proto = MH THEN BYPASS\n\
         - IF source = home_address_1 THEN DISCARD\n",
    );
    assert_eq!(decided(&other, "n", Direction::Out, &shut(HOME, AGENT)), "Unknown");
    // Rules that do the same, whatever the protocol, and one for the rest.
    let same = bound(
        "n SPD OUT:\n\
         - IF source = home_address_1 & proto = MH THEN USE A\n\
         - IF source = home_address_1 THEN USE A\n\
         n SAD:\n\
         - A(OUT, 7, home_agent_1, ESP, TUNNEL): source = home_address_1\n",
    );
    assert_eq!(decided(&same, "n", Direction::Out, &shut(HOME, AGENT)), "A");
}

#[test]
fn exceptions_and_alternatives_hold_as_written() {
    let policy = bound(
        "n SPD OUT:\n\
         - IF (source = home_address_1 | source = 2001:db8:f::/48) & not (proto = MH | ! destination = home_agent_1)\n\
           THEN USE A\n\
         - IF mh_type = HoTI and source = home_address_1 THEN DISCARD\n\
         - IF proto = udp & destination_port = 500 THEN BYPASS\n\
         - IF proto = udp THEN CREATE AH TRANSPORT SA: peer phase 1 identity = user_1\n\
         n SAD:\n\
         - A(OUT, 7, home_agent_1, ESP, ANY): destination = home_agent_1\n",
    );
    let out = |p: &Selectors| decided(&policy, "n", Direction::Out, p);
    assert_eq!(out(&packet(HOME, AGENT, TCP, 0)), "A");
    assert_eq!(out(&packet("2001:db8:f:1::7", AGENT, TCP, 0)), "A");
    assert_eq!(out(&packet("2001:db8:e:1::7", AGENT, TCP, 0)), "None");
    assert_eq!(out(&packet(HOME, CORRESPONDENT, TCP, 0)), "None");
    assert_eq!(out(&packet(HOME, AGENT, MH, 1)), "Discard");
    assert_eq!(out(&packet(HOME, AGENT, MH, 5)), "None");
    assert_eq!(out(&Selectors { kind: None, ..packet(HOME, AGENT, MH, 0) }), "Unknown");
    let ike = Selectors { ports: Some((500, 500)), ..packet(CARE_OF, AGENT, 17, 0) };
    assert_eq!(out(&ike), "None");
    let dns = Selectors { ports: Some((500, 53)), ..ike };
    let node = policy.node("n").unwrap();
    let Decision::Create(pattern) = node.decide(Direction::Out, &dns) else { panic!() };
    assert_eq!(pattern.peer_identity.as_deref(), Some("user@example.org"));
}
