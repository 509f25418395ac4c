//! Return routability: cookies that come back, tokens, and authenticators that
//! are made of them.

use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::write_packet;
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use super::Scene;
use super::conversations::{answer, down, up, update};
use crate::build::{
    ACCESS_ROUTER, CAREOF, CORRESPONDENT, HOME, HOME_AGENT, PREVIOUS_CAREOF, Packet, ROUTERS, ah,
    authenticator, home_option, home_route, ip, mobility, mobility_with,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![routability(), broken_routability(), misplaced(), tokens(), nonces(), mistaken()]
}

const HOME_COOKIE: u64 = 0x1122_3344_5566_7788;
const CAREOF_COOKIE: u64 = 0x99aa_bbcc_ddee_ff00;
const HOME_TOKEN: u64 = 0x0123_4567_89ab_cdef;
const CAREOF_TOKEN: u64 = 0xfedc_ba98_7654_3210;

fn home_init(cookie: u64) -> Packet {
    let init = mobility(Message::HomeTestInit { reserved: 0, cookie });
    vec![ip(CAREOF, HOME_AGENT), ah(1, 1), ip(HOME, CORRESPONDENT), init]
}

pub(super) fn careof_init(cookie: u64) -> Packet {
    vec![ip(CAREOF, CORRESPONDENT), mobility(Message::CareofTestInit { reserved: 0, cookie })]
}

fn home_test(nonce_index: u16, cookie: u64) -> Packet {
    let test = mobility(Message::HomeTest { nonce_index, cookie, token: HOME_TOKEN });
    vec![ip(HOME_AGENT, CAREOF), ah(2, 1), ip(CORRESPONDENT, HOME), test]
}

pub(super) fn careof_test(nonce_index: u16, cookie: u64) -> Packet {
    vec![
        ip(CORRESPONDENT, CAREOF),
        mobility(Message::CareofTest { nonce_index, cookie, token: CAREOF_TOKEN }),
    ]
}

/// An update to the correspondent by nonces 3 and 4, its authenticator made of
/// tokens.
pub(super) fn correspondent_update(sequence: u16, lifetime: u16, key: BindingKey) -> Packet {
    let careof = if lifetime == 0 { 0 } else { 4 };
    signed(packet_by(sequence, lifetime, (3, careof)), key)
}

/// An update to the correspondent by these nonces, and an authenticator.
fn packet_by(
    sequence: u16,
    lifetime: u16,
    (home, careof): (u16, u16),
) -> impl Fn(OptionBody<'static>) -> Packet {
    let message = Message::BindingUpdate { sequence, flags: UpdateFlags::A, lifetime };
    let nonces = OptionBody::NonceIndices { home, careof };
    move |authenticator| {
        vec![
            ip(CAREOF, CORRESPONDENT),
            home_option(HOME),
            mobility_with(message.clone(), &[nonces.clone(), authenticator]),
        ]
    }
}

pub(super) fn correspondent_answer(sequence: u16, lifetime: u16, key: BindingKey) -> Packet {
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
    signed_over(packet, key, (CAREOF, CORRESPONDENT))
}

/// The same over other addresses of mobile node and correspondent.
fn signed_over(
    packet: impl Fn(OptionBody<'static>) -> Packet,
    key: BindingKey,
    (careof, peer): (Ipv6Addr, Ipv6Addr),
) -> Packet {
    let draft = packet(authenticator());
    // The message is the last header, the authenticator its end.
    let front = write_packet(&draft[..draft.len() - 1], &RFC6275).len();
    let whole = write_packet(&draft, &RFC6275);
    let message = &whole[front..];
    let Some(made) = key.authenticator(careof, peer, message, message.len() - 12) else {
        return draft;
    };
    packet(OptionBody::BindingAuthorization { authenticator: made.to_vec().into() })
}

pub(super) fn keys() -> (BindingKey, BindingKey) {
    (BindingKey::new(HOME_TOKEN, Some(CAREOF_TOKEN)), BindingKey::new(HOME_TOKEN, None))
}

/// Both tests, as they should be.
pub(super) fn tested(scene: Scene) -> Scene {
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
        .inconclusive("MIP6-MN-CREG-003", 1)
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
        // The care-of test is asked for a third time: once was lost.
        .inconclusive("MIP6-TMR-002", 1)
        .inconclusive("MIP6-MN-CREG-003", 2)
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

fn test(home: bool, nonce_index: u16, cookie: u64, token: u64) -> Message<'static> {
    if home {
        Message::HomeTest { nonce_index, cookie, token }
    } else {
        Message::CareofTest { nonce_index, cookie, token }
    }
}

/// A registered mobile node, away from home.
fn registered(scene: Scene) -> Scene {
    scene
        .good("registration", up(update(1, 600)))
        .good("its answer", down(answer(1, 0, AckFlags::empty(), 600)))
}

/// Test messages from and to the wrong addresses.
fn misplaced() -> Scene {
    let init = |home, cookie| {
        mobility(if home {
            Message::HomeTestInit { reserved: 0, cookie }
        } else {
            Message::CareofTestInit { reserved: 0, cookie }
        })
    };
    let away = |host: u16| {
        let mut s = ACCESS_ROUTER.segments();
        s[7] = host;
        Ipv6Addr::from(s)
    };
    let (peer_home, peer_careof) = (CORRESPONDENT, away(0x77));
    let peer = vec![
        ip(peer_careof, HOME_AGENT),
        home_option(peer_home),
        ah(7, 1),
        mobility_with(update(1, 600), &[OptionBody::AlternateCareof { address: peer_careof }]),
    ];
    registered(
        Scene::new("conversations/misplaced-tests", "Tests from, to and by the wrong addresses.")
            .conversation(1_000),
    )
    .good("Care-of Test Init", careof_init(1))
    .bad(
        "answered to another address",
        vec![ip(CORRESPONDENT, PREVIOUS_CAREOF), mobility(test(false, 4, 1, CAREOF_TOKEN))],
        &["MIP6-CN-RR-006"],
    )
    .good("answered where it came from", careof_test(4, 1))
    .bad(
        "Home Test Init from the care-of address",
        vec![ip(CAREOF, CORRESPONDENT), init(true, 2)],
        &["MIP6-MN-RR-002"],
    )
    .bad(
        "Care-of Test Init from the home address",
        vec![ip(HOME, CORRESPONDENT), init(false, 3)],
        &["MIP6-MN-RR-002"],
    )
    .bad(
        "Care-of Test Init through the tunnel",
        vec![ip(CAREOF, HOME_AGENT), ah(1, 1), ip(CAREOF, CORRESPONDENT), init(false, 4)],
        &["IPSEC-POL-003"],
    )
    .good("answered all the same", careof_test(4, 4))
    .good("the correspondent is a mobile node too", peer)
    .good("and tested at its home address", careof_init(5))
    .bad(
        "and at its care-of address",
        vec![ip(CAREOF, peer_careof), init(false, 6)],
        &["MIP6-RR-025"],
    )
}

/// The same nonce makes the same token for an address.
fn tokens() -> Scene {
    let home = |nonce, cookie, token| {
        vec![
            ip(HOME_AGENT, CAREOF),
            ah(2, 1),
            ip(CORRESPONDENT, HOME),
            mobility(test(true, nonce, cookie, token)),
        ]
    };
    let careof = |nonce, cookie, token| {
        vec![ip(CORRESPONDENT, CAREOF), mobility(test(false, nonce, cookie, token))]
    };
    Scene::new("conversations/tokens", "Tokens, by nonce index.")
        .conversation(1_000)
        .good("Home Test Init", home_init(1))
        .good("Home Test", home(3, 1, HOME_TOKEN))
        .good("Home Test Init", home_init(2))
        .good("the same token by the same nonce", home(3, 2, HOME_TOKEN))
        .good("Home Test Init", home_init(3))
        .good("another by another", home(4, 3, HOME_TOKEN + 1))
        .good("Home Test Init", home_init(4))
        .bad("another by the same", home(4, 4, HOME_TOKEN + 2), &["MIP6-RR-007"])
        .good("Care-of Test Init", careof_init(5))
        .good("Care-of Test", careof(3, 5, CAREOF_TOKEN))
        .good("Care-of Test Init", careof_init(6))
        .bad("another token by the same nonce", careof(3, 6, 9), &["MIP6-RR-008"])
        .pause(300)
        .good("Care-of Test Init", careof_init(7))
        .good("when the nonce is surely over", careof(3, 7, 10))
}

/// A nonce for each request, and a node that changes it now and then.
fn nonces() -> Scene {
    let ask = |scene: Scene, cookie: u64| scene.good("Care-of Test Init", careof_init(cookie));
    let mut scene =
        Scene::new("conversations/nonces", "How long a nonce serves.").conversation(1_000);
    for (i, nonce) in [1, 1, 2, 2, 3].into_iter().enumerate() {
        let cookie = i as u64 + 1;
        scene = ask(scene, cookie).good("a nonce for some requests", careof_test(nonce, cookie));
        scene = scene.pause(4);
    }
    scene = ask(scene, 10).good("a nonce", careof_test(11, 10));
    scene = ask(scene, 11).good("another", careof_test(12, 11));
    scene = ask(scene, 12).good("another", careof_test(13, 12));
    ask(scene, 13).bad("a nonce for each request", careof_test(14, 13), &["MIP6-RR-021"])
}

/// Authenticators over the wrong addresses, and by nonces that no test gave.
fn mistaken() -> Scene {
    let (both, home) = keys();
    let with_alternate = |sequence, address| {
        let message = Message::BindingUpdate { sequence, flags: UpdateFlags::A, lifetime: 100 };
        move |authenticator| {
            vec![
                ip(CAREOF, CORRESPONDENT),
                home_option(HOME),
                mobility_with(
                    message.clone(),
                    &[
                        OptionBody::AlternateCareof { address },
                        OptionBody::NonceIndices { home: 3, careof: 4 },
                        authenticator,
                    ],
                ),
            ]
        }
    };
    // A correspondent that is away itself, by a Type 2 routing header.
    let away = |message: fn(u64) -> Message<'static>, cookie, source, destination| {
        vec![ip(source, destination), mobility(message(cookie))]
    };
    let mobile_peer = ROUTERS[1];
    let to_mobile = |sequence| {
        let packet = packet_by(sequence, 100, (3, 4));
        move |authenticator| {
            let mut headers = packet(authenticator);
            headers[0] = ip(CAREOF, PREVIOUS_CAREOF);
            headers.insert(1, home_route(mobile_peer));
            headers
        }
    };
    let home_ask = |cookie| Message::HomeTestInit { reserved: 0, cookie };
    let careof_ask = |cookie| Message::CareofTestInit { reserved: 0, cookie };
    let scene = registered(
        Scene::new("conversations/mistaken-authenticators", "Authenticators over wrong addresses.")
            .conversation(1_000)
            // No correspondent answers here.
            .inconclusive("MIP6-TMR-002", 3)
            .inconclusive("MIP6-TMR-004", 1),
    );
    tested(scene)
        .good("over the care-of address", correspondent_update(1, 100, both))
        .bad(
            "over the home address",
            signed_over(packet_by(2, 100, (3, 4)), both, (HOME, CORRESPONDENT)),
            &["MIP6-RR-014"],
        )
        .good("an Alternate Care-of Address that is the source", {
            signed(with_alternate(3, CAREOF), both)
        })
        .bad(
            "another, by the test of the source",
            signed_over(with_alternate(4, PREVIOUS_CAREOF), both, (PREVIOUS_CAREOF, CORRESPONDENT)),
            &["MIP6-RR-016"],
        )
        .good("which is tested", away(careof_ask, 19, PREVIOUS_CAREOF, CORRESPONDENT))
        .good(
            "itself",
            vec![ip(CORRESPONDENT, PREVIOUS_CAREOF), mobility(test(false, 4, 19, CAREOF_TOKEN))],
        )
        .good(
            "and then bound",
            signed_over(with_alternate(5, PREVIOUS_CAREOF), both, (PREVIOUS_CAREOF, CORRESPONDENT)),
        )
        .good("a mobile correspondent is tested", away(home_ask, 20, HOME, mobile_peer))
        .good("at both addresses", away(careof_ask, 21, CAREOF, mobile_peer))
        .good("answers", vec![
            ip(mobile_peer, HOME),
            mobility(test(true, 3, 20, HOME_TOKEN)),
        ])
        .good("both", vec![
            ip(mobile_peer, CAREOF),
            mobility(test(false, 4, 21, CAREOF_TOKEN)),
        ])
        .bad(
            "over its home address, as it should be, with a routing header that only acknowledgements have",
            signed_over(to_mobile(5), both, (CAREOF, mobile_peer)),
            &["MIP6-MH-012"],
        )
        .bad(
            "over its care-of address",
            signed_over(to_mobile(6), both, (CAREOF, PREVIOUS_CAREOF)),
            &["MIP6-MH-012", "MIP6-RR-015"],
        )
        .pause(220)
        .good("Home Test Init", home_init(30))
        .good("Home Test", home_test(5, 30))
        .bad(
            "by nonces that no test gave",
            signed(packet_by(7, 100, (9, 9)), both),
            &["MIP6-MN-RR-005"],
        )
        .good("deleted by the new one", signed(packet_by(8, 0, (5, 0)), home))
}
