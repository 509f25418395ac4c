//! Discovery of home agents and of home prefixes, message by message, and the
//! lifetimes that follow from it.

use std::net::Ipv6Addr;

use mip6_wire::codes::RFC6275;
use mip6_wire::icmpv6::{Icmpv6Body, kind};
use mip6_wire::mobility::{Message, OptionBody, UpdateFlags};

use super::Scene;
use super::links::{
    AWAY, NONE, answer, down, from_home, lasting_prefix, prefix, to_home, up, update,
};
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, PREVIOUS_CAREOF, Packet, ah, home_option, home_route,
    icmpv6, ip, mobility, mobility_with, nd_options, prefix_solicitation, return_routability,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![
        requests(),
        lost_requests(),
        replies(),
        attempts(),
        solicitations(),
        advertisements(),
        unasked(),
        lifetimes(),
        binding_error(),
    ]
}

const fn home(host: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, 0, 0x100, 0, 0, 0, host)
}

/// The Home-Agents anycast address of the home prefix, RFC 2526.
const ANYCAST: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0x100, 0xfdff, 0xffff, 0xffff, 0xfffe);

fn request(identifier: u16) -> Packet {
    let body = Icmpv6Body::HomeAgentRequest { identifier, reserved: 0 };
    vec![ip(CAREOF, ANYCAST), icmpv6(kind::HOME_AGENT_REQUEST, body)]
}

fn reply_from(source: Ipv6Addr, identifier: u16, agents: &[Ipv6Addr]) -> Packet {
    let addresses: Vec<u8> = agents.iter().flat_map(Ipv6Addr::octets).collect();
    let body = Icmpv6Body::HomeAgentReply {
        identifier,
        reserved: 0,
        addresses: addresses.into(),
        tail: Vec::new().into(),
    };
    vec![ip(source, CAREOF), icmpv6(kind::HOME_AGENT_REPLY, body)]
}

fn reply(identifier: u16) -> Packet {
    reply_from(HOME_AGENT, identifier, &[HOME_AGENT])
}

fn requests() -> Scene {
    Scene::new("conversations/home-agent-requests", "How often home agents are asked for.")
        .conversation(0)
        .good("a request", request(1))
        .pause(3)
        .good("again after 3 s", request(1))
        .pause(6)
        .good("after 6 s", request(1))
        .pause(12)
        .good("after 12 s", request(1))
        .pause(24)
        .good("after 24 s, the fourth and last", request(1))
        .pause(48)
        .bad("one more", request(1), &["MIP6-MN-DHAAD-008"])
        .good("another request", request(2))
        .good("seen twice", request(2))
        .pause(2)
        .bad("again after 2 s", request(2), &["MIP6-MN-DHAAD-007"])
        .pause(100)
        .good("another request", request(3))
        .pause(4)
        .good("again after 4 s", request(3))
        .good("its answer", reply(3))
        .pause(1)
        .good("another request, by the same number", request(3))
        .pause(3)
        .good("again", request(3))
        .pause(3)
        .bad("and not after 6 s", request(3), &["MIP6-MN-DHAAD-008"])
}

/// A retransmission that was not captured makes the wait too long.
fn lost_requests() -> Scene {
    Scene::new("conversations/lost-requests", "Requests of which some are lost.")
        .conversation(0)
        .inconclusive("MIP6-MN-DHAAD-008", 2)
        .inconclusive("MIP6-MN-MPD-014", 2)
        .good("a request", request(1))
        .pause(3)
        .good("again", request(1))
        .pause(18)
        .good("after 6 and 12 s", request(1))
        .pause(24)
        .good("after 24 s", request(1))
        .good("another request", request(2))
        .pause(9)
        .good("after 3 and 6 s", request(2))
        .pause(5)
        .bad("after 5 s, which is too soon anyway", request(2), &["MIP6-MN-DHAAD-008"])
        .good("a solicitation", solicit(1))
        .pause(9)
        .good("after 3 and 6 s", solicit(1))
        .pause(12)
        .good("after 12 s", solicit(1))
        .pause(24)
        .good("after 24 s", solicit(1))
}

fn replies() -> Scene {
    Scene::new("conversations/home-agent-replies", "Home agents that are named.")
        .conversation(1_000)
        .inconclusive("MIP6-ICMP-004", 2)
        .good("a reply to what was not captured", reply(9))
        .good("a request", request(1))
        .good("its answer", reply(1))
        .good("that of another home agent, to one that was not captured", reply(8))
        .good("a request", request(2))
        .bad("an answer with a number of its own", reply(3), &["MIP6-ICMP-004"])
        .good("its answer", reply_from(home(2), 2, &[HOME_AGENT, home(2)]))
        .good("a request", request(4))
        .bad(
            "from the anycast address",
            reply_from(ANYCAST, 4, &[HOME_AGENT]),
            &["MIP6-HA-DHAAD-002"],
        )
}

fn attempts() -> Scene {
    let agents = [HOME_AGENT, home(2), home(3), home(4)];
    let register = |sequence, agent| up(CAREOF, agent, update(sequence, AWAY, 60));
    let refuse = |sequence, agent| down(CAREOF, agent, answer(sequence, 130, NONE, 0));
    Scene::new("conversations/home-agent-attempts", "Home agents tried one after the other.")
        .conversation(0)
        .inconclusive("MIP6-TMR-001", 2)
        .inconclusive("MIP6-TMR-004", 1)
        .good("a request", request(1))
        .good("four home agents", reply_from(HOME_AGENT, 1, &agents))
        .good("the first", register(1, HOME_AGENT))
        .pause(2)
        .good("the second", register(1, home(2)))
        .pause(1)
        .bad("the third, too soon", register(1, home(3)), &["MIP6-MN-DHAAD-002"])
        .good("which refuses", refuse(1, home(3)))
        .pause(1)
        .good("the fourth, at once", register(1, home(4)))
        .pause(2)
        .good("and from the beginning", register(2, HOME_AGENT))
        .pause(2)
        .good("a request", request(2))
        .good("four home agents", reply_from(HOME_AGENT, 2, &agents))
        .good("the first", register(3, HOME_AGENT))
        .pause(2)
        .bad("not the second", register(2, home(3)), &["MIP6-MN-DHAAD-003"])
        .pause(2)
        .bad("and then it", register(2, home(2)), &["MIP6-MN-DHAAD-003"])
}

fn solicit_from(careof: Ipv6Addr, identifier: u16) -> Packet {
    let message = prefix_solicitation(identifier, 0);
    vec![ip(careof, HOME_AGENT), home_option(HOME), ah(1, 1), message]
}

fn solicit(identifier: u16) -> Packet {
    solicit_from(CAREOF, identifier)
}

/// Prefixes from a home agent to a care-of address; the first has the home
/// address's, for a number of seconds.
fn prefixes(agent: Ipv6Addr, careof: Ipv6Addr, identifier: u16, valid: u32, more: bool) -> Packet {
    let mut options = vec![lasting_prefix(home(0), false, valid)];
    if more {
        options.push(prefix(Ipv6Addr::new(0x2001, 0xdb8, 0, 0x101, 0, 0, 0, 0), false));
    }
    let options = nd_options(&RFC6275, &options).into();
    let body = Icmpv6Body::PrefixAdvertisement { identifier, flags: 0, options };
    let message = icmpv6(kind::PREFIX_ADVERTISEMENT, body);
    vec![ip(agent, careof), home_route(HOME), ah(2, 1), message]
}

fn advertise(identifier: u16) -> Packet {
    prefixes(HOME_AGENT, CAREOF, identifier, 86_400, false)
}

/// A home registration that is accepted.
fn registered(scene: Scene) -> Scene {
    scene
        .good("a registration", up(CAREOF, HOME_AGENT, update(1, AWAY, 600)))
        .good("its answer", down(CAREOF, HOME_AGENT, answer(1, 0, NONE, 600)))
}

fn solicitations() -> Scene {
    let scene = Scene::new("conversations/prefix-solicitations", "How prefixes are asked for.");
    registered(scene.conversation(0))
        .good("a solicitation", solicit(0x1111))
        .pause(3)
        .good("again after 3 s", solicit(0x1111))
        .pause(6)
        .good("after 6 s", solicit(0x1111))
        .pause(8)
        .bad("and not after 12 s", solicit(0x1111), &["MIP6-MN-MPD-014"])
        .good("answered", advertise(0x1111))
        .pause(10)
        .good("the next number", solicit(0x1112))
        .good("answered", advertise(0x1112))
        .pause(10)
        .bad("and the next", solicit(0x1113), &["MIP6-MN-MPD-004"])
        .good("answered", advertise(0x1113))
        .pause(10)
        .good("another", solicit(0x4321))
        .good("answered", advertise(0x4321))
        .pause(10)
        .good("the same", solicit(0x4321))
        .good("answered", advertise(0x4321))
        .pause(10)
        .bad("and the same again", solicit(0x4321), &["MIP6-MN-MPD-004"])
}

fn advertisements() -> Scene {
    let other = home(2);
    let scene = Scene::new("conversations/prefix-advertisements", "How prefixes are answered.")
        .conversation(0)
        .inconclusive("MIP6-HA-MPD-015", 1)
        // Of the other home agent, nothing was captured.
        .inconclusive("MIP6-ICMP-011", 1)
        .good("a solicitation", solicit(1))
        .good("answered, for a registration that was not captured", advertise(1))
        .pause(2);
    registered(scene)
        .good("a solicitation", solicit(7))
        .good("answered", advertise(7))
        .good("seen twice", advertise(7))
        .pause(2)
        .good("a solicitation", solicit(100))
        .bad(
            "answered elsewhere",
            prefixes(HOME_AGENT, PREVIOUS_CAREOF, 100, 86_400, false),
            &["MIP6-ICMP-010"],
        )
        .pause(2)
        .good("a solicitation from the link before", solicit_from(PREVIOUS_CAREOF, 50))
        .good("answered there", prefixes(HOME_AGENT, PREVIOUS_CAREOF, 50, 86_400, false))
        .pause(2)
        .good("a solicitation", solicit(300))
        .bad("answered by another number", advertise(301), &["MIP6-ICMP-010"])
        .pause(2)
        .good("and by its own", advertise(300))
        .pause(2)
        .good("a solicitation", solicit(9))
        .good("answered", advertise(9))
        .good("and the next at once", solicit(500))
        .bad("answered at once", advertise(500), &["MIP6-ICMP-014"])
        .pause(2)
        .bad(
            "by another home agent",
            prefixes(other, CAREOF, 77, 86_400, false),
            &["MIP6-HA-MPD-015"],
        )
}

fn unasked() -> Scene {
    let more = |identifier| prefixes(HOME_AGENT, CAREOF, identifier, 86_400, true);
    let scene = Scene::new("conversations/unasked-prefixes", "Prefixes that nobody asked for.")
        .conversation(0)
        .inconclusive("MIP6-ICMP-011", 1)
        .inconclusive("MIP6-HA-MPD-015", 2)
        .good("for a registration that was not captured", advertise(0))
        .pause(2);
    registered(scene)
        .good("prefixes", advertise(0))
        .pause(3)
        .good("again after 3 s", advertise(0))
        .pause(6)
        .good("after 6 s", advertise(0))
        .pause(12)
        .good("after 12 s, for the third and last time", advertise(0))
        .pause(24)
        .bad("once more", advertise(0), &["MIP6-HA-MPD-010"])
        .good("acknowledged", solicit(5))
        .pause(2)
        .good("and answered", advertise(5))
        .pause(2)
        .good("two prefixes", more(0))
        .pause(2)
        .bad("again after 2 s", more(0), &["MIP6-HA-MPD-010"])
        .pause(2)
        .bad("one of them, which nobody acknowledged", advertise(0), &["MIP6-HA-MPD-013"])
        .pause(2)
        .good("both again", more(1))
        .pause(2)
        .bad(
            "to the care-of address before",
            prefixes(HOME_AGENT, PREVIOUS_CAREOF, 1, 86_400, true),
            &["MIP6-ICMP-011", "MIP6-HA-MPD-010"],
        )
        .good("acknowledged", solicit(6))
        .pause(2)
        .good("and answered", more(6))
        .pause(2)
        .good("one of them, the other is no more", advertise(9))
        .good("return home", from_home(update(2, AWAY, 0)))
        .good("its answer", to_home(answer(2, 0, NONE, 0)))
        .pause(10)
        .bad("to a mobile node at home", advertise(3), &["MIP6-ICMP-011"])
}

fn to_correspondent(sequence: u16, lifetime: u16) -> Packet {
    let message = update(sequence, UpdateFlags::A, lifetime);
    let options = return_routability();
    vec![ip(CAREOF, CORRESPONDENT), home_option(HOME), mobility_with(message, &options)]
}

fn lifetimes() -> Scene {
    let scene = Scene::new("conversations/lifetimes", "Bindings by what they depend on.")
        .conversation(0)
        .inconclusive("MIP6-MN-CREG-003", 1)
        .inconclusive("MIP6-RR-012", 5)
        .good("a binding, of whose home registration nothing is known", to_correspondent(1, 105));
    let scene = scene
        .pause(1)
        .good("a registration for 200 s", up(CAREOF, HOME_AGENT, update(1, AWAY, 50)))
        .good("its answer", down(CAREOF, HOME_AGENT, answer(1, 0, NONE, 50)))
        .pause(100)
        .good("a binding for the 100 s left", to_correspondent(2, 25))
        .bad("and one for 120 s", to_correspondent(3, 30), &["MIP6-MN-CREG-005"])
        .pause(1)
        .good("the registration goes on", up(CAREOF, HOME_AGENT, update(2, AWAY, 100)))
        .good("a binding while it does", to_correspondent(4, 100))
        .good("its answer", down(CAREOF, HOME_AGENT, answer(2, 0, NONE, 100)))
        .good("a solicitation", solicit(1))
        .good("a prefix for 300 s", prefixes(HOME_AGENT, CAREOF, 1, 300, false));
    scene
        .pause(1)
        .good("a binding as long", to_correspondent(5, 75))
        .pause(1)
        .bad(
            "a registration that is longer",
            up(CAREOF, HOME_AGENT, update(3, AWAY, 100)),
            &["MIP6-MN-MPD-006"],
        )
        .good("one as long", up(CAREOF, HOME_AGENT, update(4, AWAY, 75)))
}

fn binding_error() -> Scene {
    let unknown = |careof| {
        let message = Message::BindingError { status: 1, reserved: 0, home_address: HOME };
        vec![ip(CORRESPONDENT, careof), mobility(message)]
    };
    let accept = |sequence, lifetime| {
        let [_, authorization] = return_routability();
        let options: [OptionBody<'_>; 1] = [authorization];
        let message = answer(sequence, 0, NONE, lifetime);
        vec![ip(CORRESPONDENT, CAREOF), home_route(HOME), mobility_with(message, &options)]
    };
    Scene::new("conversations/binding-errors", "Bindings that correspondents forget.")
        .conversation(1_000)
        .inconclusive("MIP6-MN-CREG-003", 2)
        .inconclusive("MIP6-RR-012", 2)
        .good("no binding yet", unknown(CAREOF))
        .good("a binding for 100 s", to_correspondent(1, 25))
        .good("its answer", accept(1, 25))
        .good("none of another care-of address", unknown(PREVIOUS_CAREOF))
        .bad("forgotten", unknown(CAREOF), &["MIP6-MSG-022"])
        .good("another", to_correspondent(2, 25))
        .good("not acknowledged yet", unknown(CAREOF))
        .good("acknowledged", accept(2, 25))
        .pause(100)
        .good("it has ended", unknown(CAREOF))
}
