//! Registrations, and what answers them: each requirement broken, and what comes
//! close to breaking it and does not.

use std::net::Ipv6Addr;

use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use super::Scene;
use crate::build::{
    CAREOF, HOME, HOME_AGENT, PREVIOUS_CAREOF, Packet, ah, home_option, home_route, ip, mobility,
    mobility_with,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![registrations(), close_registrations(), hurry()]
}

pub(super) const AWAY: UpdateFlags = UpdateFlags::A.union(UpdateFlags::H);

pub(super) fn update(sequence: u16, lifetime: u16) -> Message<'static> {
    Message::BindingUpdate { sequence, flags: AWAY, lifetime }
}

pub(super) fn answer(
    sequence: u16,
    status: u8,
    flags: AckFlags,
    lifetime: u16,
) -> Message<'static> {
    Message::BindingAcknowledgement { status, flags, sequence, lifetime }
}

/// A home registration from a care-of address, under AH.
pub(super) fn up_from(careof: Ipv6Addr, message: Message<'static>) -> Packet {
    let alternate = [OptionBody::AlternateCareof { address: careof }];
    vec![ip(careof, HOME_AGENT), home_option(HOME), ah(1, 1), mobility_with(message, &alternate)]
}

pub(super) fn up(message: Message<'static>) -> Packet {
    up_from(CAREOF, message)
}

/// Its answer, to a care-of address.
pub(super) fn down_to(careof: Ipv6Addr, message: Message<'static>) -> Packet {
    vec![ip(HOME_AGENT, careof), home_route(HOME), ah(2, 1), mobility(message)]
}

pub(super) fn down(message: Message<'static>) -> Packet {
    down_to(CAREOF, message)
}

/// From home, and the answer.
pub(super) fn from_home(message: Message<'static>) -> Packet {
    vec![ip(HOME, HOME_AGENT), ah(1, 1), mobility(message)]
}

fn registrations() -> Scene {
    let none = AckFlags::empty();
    Scene::new("conversations/registrations", "Binding Updates and what answers them.")
        .conversation(1_000)
        .good("registration", up(update(1, 60)))
        .good("its answer", down(answer(1, 0, none, 60)))
        .good("another", up(update(2, 60)))
        .bad(
            "answered with a number that was not sent",
            down(answer(9, 0, none, 60)),
            &["MIP6-MSG-026"],
        )
        .good("another", up(update(3, 70)))
        .bad("granted more than was asked for", down(answer(3, 0, none, 71)), &["MIP6-HA-BU-015"])
        .good("another", up(update(4, 60)))
        .bad(
            "K set, which was not asked for",
            down(answer(4, 0, AckFlags::K, 60)),
            &["MIP6-HA-BA-003"],
        )
        .bad("the same number again", up(update(4, 50)), &["MIP6-MN-CREG-009"])
        .good("another", up(update(5, 60)))
        .bad(
            "answered without routing header",
            vec![ip(HOME_AGENT, CAREOF), ah(2, 1), mobility(answer(5, 0, none, 60))],
            &["IPSEC-FMT-002", "MIP6-CN-BA-011"],
        )
        .good("another", up(update(6, 60)))
        .bad(
            "answered elsewhere",
            down_to(PREVIOUS_CAREOF, answer(6, 0, none, 60)),
            &["MIP6-CN-BA-009"],
        )
        .good("return home", from_home(update(7, 0)))
        .bad(
            "de-registered for some time",
            vec![ip(HOME_AGENT, HOME), ah(2, 1), mobility(answer(7, 0, none, 5))],
            // By its lifetime it is an answer to a node that is away.
            &["IPSEC-FMT-002", "MIP6-HA-DEREG-003"],
        )
        .good("return home again", from_home(update(8, 0)))
        .bad(
            "answered by a routing header",
            vec![ip(HOME_AGENT, HOME), home_route(HOME), ah(2, 1), mobility(answer(8, 0, none, 0))],
            &["MIP6-CN-BA-010"],
        )
        .bad("far behind", up(update(60_000, 60)), &["MIP6-MN-CREG-009"])
}

fn close_registrations() -> Scene {
    let none = AckFlags::empty();
    Scene::new("conversations/close-registrations", "What comes close to breaking something.")
        .conversation(1_000)
        .inconclusive("MIP6-MSG-026", 2)
        .good("an answer to what was not captured", down(answer(65_533, 0, none, 60)))
        .good("registration", up(update(65_534, 60)))
        .good("answered", down(answer(65_534, 0, none, 60)))
        .good("an answer that comes twice", down(answer(65_534, 0, none, 60)))
        .good("the highest number", up(update(65_535, 60)))
        .good("which is refused for another", down(answer(9, 135, none, 0)))
        .good("and the lowest behind it", up(update(0, 60)))
        .good("granted less", down(answer(0, 0, none, 10)))
        .good("half the circle ahead", up(update(0x7fff, 60)))
        .good("refused with a lifetime", down(answer(0x7fff, 130, none, 100)))
        .good("the one before is answered late", up(update(0x8000, 60)))
        .good("as here", down(answer(0x7fff, 0, none, 60)))
        .pause(60)
        .good("an answer when nobody waits any more", down(answer(77, 0, none, 60)))
}

/// One packet seen on both sides of a router is one packet.
fn hurry() -> Scene {
    Scene::new("conversations/rate", "More updates than a second may have.")
        .conversation(100)
        // No answer was captured: they may be no retransmissions.
        .inconclusive("MIP6-TMR-001", 1)
        .inconclusive("MIP6-TMR-004", 3)
        .good("first", up(update(1, 60)))
        .good("first, seen again", up(update(1, 60)))
        .good("second", up(update(2, 60)))
        .good("third", up(update(3, 60)))
        .bad("fourth, within a second", up(update(4, 60)), &["MIP6-TMR-007"])
        .pause(1)
        .good("and one a second later", up(update(5, 60)))
}
