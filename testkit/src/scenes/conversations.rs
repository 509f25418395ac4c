//! What packets say of each other: each requirement broken, and what comes close
//! to breaking it and does not.

use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::write_packet;
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use super::Scene;
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, PREVIOUS_CAREOF, Packet, ah, authenticator,
    home_option, home_route, ip, mobility, mobility_with,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![registrations(), close_registrations(), hurry(), routability(), broken_routability()]
}

const AWAY: UpdateFlags = UpdateFlags::A.union(UpdateFlags::H);

fn update(sequence: u16, lifetime: u16) -> Message<'static> {
    Message::BindingUpdate { sequence, flags: AWAY, lifetime }
}

fn answer(sequence: u16, status: u8, flags: AckFlags, lifetime: u16) -> Message<'static> {
    Message::BindingAcknowledgement { status, flags, sequence, lifetime }
}

/// A home registration, under AH.
fn up(message: Message<'static>) -> Packet {
    let alternate = [OptionBody::AlternateCareof { address: CAREOF }];
    vec![ip(CAREOF, HOME_AGENT), home_option(HOME), ah(1, 1), mobility_with(message, &alternate)]
}

/// Its answer, to a care-of address.
fn down_to(careof: Ipv6Addr, message: Message<'static>) -> Packet {
    vec![ip(HOME_AGENT, careof), home_route(HOME), ah(2, 1), mobility(message)]
}

fn down(message: Message<'static>) -> Packet {
    down_to(CAREOF, message)
}

/// From home, and the answer.
fn from_home(message: Message<'static>) -> Packet {
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
        .good("another", up(update(3, 60)))
        .bad("granted more than was asked for", down(answer(3, 0, none, 61)), &["MIP6-HA-BU-015"])
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
        .good("first", up(update(1, 60)))
        .good("first, seen again", up(update(1, 60)))
        .good("second", up(update(2, 60)))
        .good("third", up(update(3, 60)))
        .bad("fourth, within a second", up(update(4, 60)), &["MIP6-TMR-007"])
        .pause(1)
        .good("and one a second later", up(update(5, 60)))
}

const HOME_COOKIE: u64 = 0x1122_3344_5566_7788;
const CAREOF_COOKIE: u64 = 0x99aa_bbcc_ddee_ff00;
const HOME_TOKEN: u64 = 0x0123_4567_89ab_cdef;
const CAREOF_TOKEN: u64 = 0xfedc_ba98_7654_3210;

fn home_init(cookie: u64) -> Packet {
    let init = mobility(Message::HomeTestInit { reserved: 0, cookie });
    vec![ip(CAREOF, HOME_AGENT), ah(1, 1), ip(HOME, CORRESPONDENT), init]
}

fn careof_init(cookie: u64) -> Packet {
    vec![ip(CAREOF, CORRESPONDENT), mobility(Message::CareofTestInit { reserved: 0, cookie })]
}

fn home_test(nonce_index: u16, cookie: u64) -> Packet {
    let test = mobility(Message::HomeTest { nonce_index, cookie, token: HOME_TOKEN });
    vec![ip(HOME_AGENT, CAREOF), ah(2, 1), ip(CORRESPONDENT, HOME), test]
}

fn careof_test(nonce_index: u16, cookie: u64) -> Packet {
    vec![
        ip(CORRESPONDENT, CAREOF),
        mobility(Message::CareofTest { nonce_index, cookie, token: CAREOF_TOKEN }),
    ]
}

/// An update to the correspondent by nonces 3 and 4, its authenticator made of
/// tokens.
fn correspondent_update(sequence: u16, lifetime: u16, key: BindingKey) -> Packet {
    let message = Message::BindingUpdate { sequence, flags: UpdateFlags::A, lifetime };
    let careof = if lifetime == 0 { 0 } else { 4 };
    let nonces = OptionBody::NonceIndices { home: 3, careof };
    let packet = |authenticator| {
        vec![
            ip(CAREOF, CORRESPONDENT),
            home_option(HOME),
            mobility_with(message.clone(), &[nonces.clone(), authenticator]),
        ]
    };
    signed(packet, key)
}

fn correspondent_answer(sequence: u16, lifetime: u16, key: BindingKey) -> Packet {
    let message = answer(sequence, 0, AckFlags::empty(), lifetime);
    let packet = |authenticator| {
        vec![
            ip(CORRESPONDENT, CAREOF),
            home_route(HOME),
            mobility_with(message.clone(), &[authenticator]),
        ]
    };
    signed(packet, key)
}

/// The packet with the authenticator that its own octets make.
fn signed(packet: impl Fn(OptionBody<'static>) -> Packet, key: BindingKey) -> Packet {
    let draft = packet(authenticator());
    // The message is the last header, the authenticator its end.
    let front = write_packet(&draft[..draft.len() - 1], &RFC6275).len();
    let whole = write_packet(&draft, &RFC6275);
    let message = &whole[front..];
    let Some(made) = key.authenticator(CAREOF, CORRESPONDENT, message, message.len() - 12) else {
        return draft;
    };
    packet(OptionBody::BindingAuthorization { authenticator: made.to_vec().into() })
}

fn keys() -> (BindingKey, BindingKey) {
    (BindingKey::new(HOME_TOKEN, Some(CAREOF_TOKEN)), BindingKey::new(HOME_TOKEN, None))
}

/// Both tests, as they should be.
fn tested(scene: Scene) -> Scene {
    scene
        .good("Home Test Init", home_init(HOME_COOKIE))
        .good("Care-of Test Init", careof_init(CAREOF_COOKIE))
        .good("Home Test", home_test(3, HOME_COOKIE))
        .good("Care-of Test", careof_test(4, CAREOF_COOKIE))
}

fn routability() -> Scene {
    let (both, home) = keys();
    let scene =
        Scene::new("conversations/return-routability", "Tests, and bindings by their tokens.");
    tested(scene.conversation(1_000))
        .inconclusive("MIP6-MSG-007", 2)
        .good("a binding by both tokens", correspondent_update(1, 100, both))
        .good("acknowledged by them", correspondent_answer(1, 100, both))
        .good("deleted by the home token", correspondent_update(2, 0, home))
        .good("acknowledged by it", correspondent_answer(2, 0, home))
        .good("a Home Test more than was asked for, as far as it was captured", home_test(3, 9))
        .good("Home Test that answers what was not captured", {
            let test = Message::HomeTest { nonce_index: 1, cookie: 5, token: 6 };
            let peer = HOME_AGENT;
            vec![ip(peer, PREVIOUS_CAREOF), mobility(test)]
        })
}

fn broken_routability() -> Scene {
    let (both, home) = keys();
    let other = BindingKey::new(CAREOF_TOKEN, Some(HOME_TOKEN));
    let scene = Scene::new(
        "conversations/broken-return-routability",
        "Cookies that do not come back, authenticators of other tokens.",
    );
    tested(scene.conversation(1_000))
        .bad("a cookie used again", careof_init(CAREOF_COOKIE), &["MIP6-MN-RR-011"])
        .good("Home Test Init again", home_init(HOME_COOKIE + 1))
        .bad("Home Test with a cookie of its own", home_test(3, 7), &["MIP6-MSG-007"])
        .good("Care-of Test Init again", careof_init(CAREOF_COOKIE + 1))
        .bad("Care-of Test with a cookie of its own", careof_test(4, 7), &["MIP6-MSG-008"])
        .bad("a binding by other tokens", correspondent_update(1, 100, other), &["MIP6-RR-012"])
        .bad("acknowledged by yet others", correspondent_answer(1, 100, home), &["MIP6-RR-013"])
        .bad("deleted by both tokens", correspondent_update(2, 0, both), &["MIP6-RR-010"])
        .pause(220)
        .bad(
            "a binding by tokens of a while ago",
            correspondent_update(3, 100, both),
            &["MIP6-RR-022", "MIP6-RR-022"],
        )
}
