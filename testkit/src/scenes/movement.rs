//! Where packets go while a mobile node moves: tunnels, route optimization, key
//! management.

use std::net::Ipv6Addr;

use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6Body, kind};
use mip6_wire::ike::IkeMessage;
use mip6_wire::mobility::{AckFlags, UpdateFlags};

use super::Scene;
use super::conversations::{AWAY, answer, down, down_to, up, up_from, update};
use super::routability::{correspondent_answer, correspondent_update, keys, tested};
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, PREVIOUS_CAREOF, Packet, ah, home_option, home_route,
    icmpv6, ip,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![tunnels(), route_optimization(), key_management()]
}

const NONE: AckFlags = AckFlags::empty();
/// A group of global scope.
const GROUP: Ipv6Addr = Ipv6Addr::new(0xff0e, 0, 0, 0, 0, 0, 0, 0x1234);

fn echo(of: u8) -> Header<'static> {
    icmpv6(of, Icmpv6Body::Echo { identifier: 1, sequence: 1, data: vec![0; 8].into() })
}

fn tunnelled_up(careof: Ipv6Addr) -> Packet {
    vec![ip(careof, HOME_AGENT), ip(HOME, CORRESPONDENT), echo(kind::ECHO_REQUEST)]
}

fn tunnelled_down(careof: Ipv6Addr) -> Packet {
    vec![ip(HOME_AGENT, careof), ip(CORRESPONDENT, HOME), echo(kind::ECHO_REPLY)]
}

/// The same under AH.
fn protected(mut packet: Packet, spi: u32) -> Packet {
    packet.insert(1, ah(spi, 1));
    packet
}

fn tunnels() -> Scene {
    let elsewhere = {
        let mut s = CAREOF.segments();
        s[7] = 0x98;
        Ipv6Addr::from(s)
    };
    let group = |source| vec![ip(CAREOF, HOME_AGENT), ip(source, GROUP), echo(kind::ECHO_REQUEST)];
    Scene::new("conversations/tunnels", "The tunnel between home agent and mobile node.")
        .conversation(1_000)
        .inconclusive("MIP6-HA-TUN-001", 1)
        .good("registration", up(update(1, 600)))
        .good("a packet ahead of the answer", tunnelled_up(CAREOF))
        .good("whether that is its place is not known yet", tunnelled_down(elsewhere))
        .good("its answer", down(answer(1, 0, NONE, 600)))
        .good("up", tunnelled_up(CAREOF))
        .good("down", tunnelled_down(CAREOF))
        .good("up, protected", protected(tunnelled_up(CAREOF), 3))
        .good("down, protected", protected(tunnelled_down(CAREOF), 4))
        .bad("up from somewhere else", tunnelled_up(elsewhere), &["MIP6-MN-PKT-009"])
        .bad(
            "protected, from somewhere else",
            protected(tunnelled_up(elsewhere), 3),
            &["IPSEC-PRO-005"],
        )
        .bad("down to somewhere else", tunnelled_down(elsewhere), &["MIP6-HA-TUN-001"])
        .bad(
            "protected, to somewhere else",
            protected(tunnelled_down(elsewhere), 4),
            &["IPSEC-PRO-007"],
        )
        .good("to a group from the home address", group(HOME))
        .bad("to a group from the care-of address", group(CAREOF), &["MIP6-MN-PKT-018"])
        .good("it moves", up_from(PREVIOUS_CAREOF, update(2, 600)))
        .good("and uses the new address at once", tunnelled_up(PREVIOUS_CAREOF))
        .good("the home agent has yet to take it", tunnelled_down(CAREOF))
        .good("or has", tunnelled_down(PREVIOUS_CAREOF))
        .good("the answer", down_to(PREVIOUS_CAREOF, answer(2, 0, NONE, 600)))
        .after(100)
        .good("a packet on its way when it moved", tunnelled_up(CAREOF))
        .after(50)
        .good("and one the other way", tunnelled_down(CAREOF))
        .pause(2)
        .good("from the new address", protected(tunnelled_up(PREVIOUS_CAREOF), 3))
        .bad("from the old one", protected(tunnelled_up(CAREOF), 3), &["IPSEC-PRO-005"])
        .bad("to the old one", protected(tunnelled_down(CAREOF), 4), &["IPSEC-PRO-007"])
}

fn optimized_up(careof: Ipv6Addr) -> Packet {
    vec![ip(careof, CORRESPONDENT), home_option(HOME), echo(kind::ECHO_REQUEST)]
}

fn optimized_down() -> Packet {
    vec![ip(CORRESPONDENT, CAREOF), home_route(HOME), echo(kind::ECHO_REPLY)]
}

fn route_optimization() -> Scene {
    let (both, home) = keys();
    let scene = Scene::new(
        "conversations/route-optimization",
        "Packets between care-of address and correspondent, with and without a binding.",
    )
    .conversation(1_000)
    .inconclusive("MIP6-MN-PKT-004", 1)
    .inconclusive("MIP6-CN-PKT-005", 1)
    .good("registration", up(update(1, 600)))
    .good("its answer", down(answer(1, 0, NONE, 600)))
    .good("by a binding that may be older than the capture", optimized_up(CAREOF))
    .good("and back", optimized_down());
    tested(scene)
        .good("a binding", correspondent_update(1, 100, both))
        .good("acknowledged", correspondent_answer(1, 100, both))
        .good("by it", optimized_up(CAREOF))
        .good("and back", optimized_down())
        .bad("from another care-of address", optimized_up(PREVIOUS_CAREOF), &["MIP6-MN-PKT-003"])
        .good("deleted", correspondent_update(2, 0, home))
        .good("acknowledged", correspondent_answer(2, 0, home))
        .after(100)
        .good("a packet on its way", optimized_down())
        .pause(2)
        .bad("without a binding", optimized_up(CAREOF), &["MIP6-MN-PKT-004"])
        .bad("nor back", optimized_down(), &["MIP6-CN-PKT-005"])
        .good("bound again for a short while", correspondent_update(3, 5, both))
        .good("acknowledged", correspondent_answer(3, 5, both))
        .after(19_500)
        .good("at its end", optimized_up(CAREOF))
        .pause(4)
        .bad("behind it", optimized_up(CAREOF), &["MIP6-MN-CREG-013"])
        .bad("nor back", optimized_down(), &["MIP6-CN-PKT-005"])
}

/// IKE with a mobile node.
fn key_management() -> Scene {
    let ike = |source, destination, version, exchange, spi: u8| {
        vec![
            ip(source, destination),
            Header::Udp(mip6_wire::transport::Udp::new(500, 500)),
            Header::Ike(IkeMessage {
                initiator_spi: [spi; 8],
                responder_spi: [9; 8],
                version,
                exchange,
                flags: if version == 0x20 { 8 } else { 0 },
                ..IkeMessage::default()
            }),
        ]
    };
    // Security Association: a proposal of a transform with one attribute, the
    // authentication method.
    let main_mode = |method: u8| {
        let transform = [0, 0, 0, 12, 1, 1, 0, 0, 0x80, 3, 0, method];
        let proposal = [&[0, 0, 0, 20, 1, 1, 0, 1][..], &transform].concat();
        let association = [&[0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 1][..], &proposal].concat();
        vec![
            ip(HOME_AGENT, CAREOF),
            Header::Udp(mip6_wire::transport::Udp::new(500, 500)),
            Header::Ike(IkeMessage {
                initiator_spi: [7; 8],
                responder_spi: [8; 8],
                next: 1,
                version: 0x10,
                exchange: 2,
                payloads: association.into(),
                ..IkeMessage::default()
            }),
        ]
    };
    const INFORMATIONAL: u8 = 37;
    const QUICK: u8 = 32;
    const SA_INIT: u8 = 34;
    let movable = |sequence| mip6_wire::mobility::Message::BindingUpdate {
        sequence,
        flags: AWAY | UpdateFlags::K,
        lifetime: 600,
    };
    Scene::new("conversations/key-management", "Key management with a node that moves.")
        .conversation(3_000)
        .good("begun before the registration", ike(CAREOF, HOME_AGENT, 0x20, SA_INIT, 1))
        .good("registration", up(update(1, 600)))
        .good("its answer", down(answer(1, 0, NONE, 600)))
        .good("from the care-of address", ike(CAREOF, HOME_AGENT, 0x20, INFORMATIONAL, 1))
        .good("IKEv1", ike(CAREOF, HOME_AGENT, 0x10, QUICK, 2))
        .good("main mode with signatures", main_mode(3))
        .bad("main mode with a preshared key", main_mode(1), &["IPSEC-DYN-002"])
        .good("IKEv1 once more", ike(CAREOF, HOME_AGENT, 0x10, QUICK, 2))
        .bad(
            "from the home address",
            ike(HOME, HOME_AGENT, 0x20, INFORMATIONAL, 1),
            &["IPSEC-DYN-003"],
        )
        .good("it moves", up_from(PREVIOUS_CAREOF, update(2, 600)))
        .good("and is bound", down_to(PREVIOUS_CAREOF, answer(2, 0, NONE, 600)))
        .good("a new connection", ike(PREVIOUS_CAREOF, HOME_AGENT, 0x20, SA_INIT, 3))
        .bad(
            "the old connection goes on without K",
            ike(PREVIOUS_CAREOF, HOME_AGENT, 0x20, INFORMATIONAL, 1),
            &["IPSEC-IKE2-025"],
        )
        .bad(
            "so does that of IKEv1",
            ike(PREVIOUS_CAREOF, HOME_AGENT, 0x10, QUICK, 2),
            &["IPSEC-DYN-006"],
        )
        .good("it moves back, with K", up(movable(3)))
        .good("and is bound", down(answer(3, 0, AckFlags::K, 600)))
        .good("the connection moves", ike(CAREOF, HOME_AGENT, 0x20, INFORMATIONAL, 3))
        .good("on both sides", ike(HOME_AGENT, CAREOF, 0x20, INFORMATIONAL, 3))
        .bad(
            "the home agent stays behind",
            ike(HOME_AGENT, PREVIOUS_CAREOF, 0x20, INFORMATIONAL, 3),
            &["MIP6-HA-BA-005"],
        )
}
