//! Local Key Exchange from the advertisement to the binding: each requirement
//! broken, and what comes close to breaking it and does not.

use std::net::Ipv6Addr;

use mip6_wire::layout::Bytes;
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use super::lke_packets::{
    Ask, Bind, Detect, Grant, NEXT, ROUTER_FILE, advertise, claim, key, offer, probe, router,
};
use super::{Scene, lke_readings};
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, HOME_AGENT_LOCAL, Packet, ah, home_option, home_route,
    ip, mobility, mobility_with,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![
        exchange(),
        close_exchange(),
        broken_requests(),
        broken_answers(),
        broken_detection(),
        bindings(),
        broken_bindings(),
        expired(),
        lke_readings::recognized(),
        lke_readings::forms(),
        lke_readings::option_of_others(),
        lke_readings::option_for_route(),
        given_key(),
        without_keys(),
        beginning_late(),
        lke_readings::vague(),
        lke_readings::behind_the_data(),
        lke_readings::strange_checksums(),
    ]
}

pub(super) const NONCE: u32 = 0x0badcafe;

pub(super) fn scene(name: &'static str, about: &'static str) -> Scene {
    Scene::new(name, about).profile("lke-01").conversation(400)
}

pub(super) fn with_router(name: &'static str, about: &'static str) -> Scene {
    scene(name, about).keys(format!(
        "# The access router's, a test key.\nlocal-keys:\n  - private-key: {ROUTER_FILE}\n"
    ))
}

/// A home registration from a care-of address, under AH.
pub(super) fn home_update(careof: Ipv6Addr, sequence: u16) -> Packet {
    let flags = UpdateFlags::A | UpdateFlags::H;
    let body = Message::BindingUpdate { sequence, flags, lifetime: 60 };
    let alternate = [OptionBody::AlternateCareof { address: careof }];
    vec![ip(careof, HOME_AGENT), home_option(HOME), ah(1, 1), mobility_with(body, &alternate)]
}

pub(super) fn home_answer(careof: Ipv6Addr, sequence: u16, status: u8) -> Packet {
    let flags = AckFlags::empty();
    let body = Message::BindingAcknowledgement { status, flags, sequence, lifetime: 60 };
    vec![ip(HOME_AGENT, careof), home_route(HOME), ah(2, 1), mobility(body)]
}

/// What comes before a key exchange.
pub(super) fn registered(scene: Scene) -> Scene {
    scene
        .good("the access router offers Local Key Exchange", offer())
        .good("registration with the home agent", home_update(CAREOF, 1))
        .good("accepted", home_answer(CAREOF, 1, 0))
}

/// A whole exchange with this key.
fn exchanged(scene: Scene, sequence: u16, number: u8) -> Scene {
    let nonce = NONCE + u32::from(sequence);
    scene
        .good("key exchange request", Ask::new(sequence, number).packet())
        .good("acknowledged", Grant::new(sequence, number).packet())
        .good("the address is tested", Detect::new(nonce, number).solicitation())
        .good("and claimed", Detect::new(nonce, number).reply())
}

/// A request for a Finished message.
pub(super) fn please() -> [OptionBody<'static>; 1] {
    [OptionBody::FinishedRequest { flags: 0x8000, nonce: NONCE }]
}

fn exchange() -> Scene {
    let bind = || Bind::new(0x3a51, 1);
    let scene =
        with_router("lke/exchange", "From the offer to the binding, with the router's key.");
    exchanged(registered(scene), 7, 1)
        .pause(60)
        .good("a Binding Update from the next link", bind().update())
        .good("acknowledged, with a request for a Finished message", bind().answer(0, &please()))
        .good("Finished", bind().finished(0, NONCE))
        .good("the home agent hears of it", home_update(NEXT, 2))
        .good("and accepts", home_answer(NEXT, 2, 0))
}

fn close_exchange() -> Scene {
    let kept = Detect::new(NONCE + 7, 1);
    let scene = with_router("lke/close-exchange", "What comes close to breaking something.");
    let scene = exchanged(registered(scene), 7, 1)
        .inconclusive("LKE-DAD-AR-001", 1)
        .inconclusive("LKE-KER-008", 1)
        .pause(5)
        .good("another node wants the address", probe(Bytes::Borrowed(&[])))
        .good("and is told what the access router has kept", kept.reply())
        .good("the same offer again", offer())
        .good("a renewal, by a new key", Ask::new(8, 2).packet())
        .good("the request repeated, with the same key", Ask::new(9, 2).packet())
        .good("the same offer while it waits", offer())
        .good("the first is answered", Grant::new(8, 2).packet())
        .good("and the second", Grant::new(9, 2).packet())
        .pause(1)
        .good("the address is tested after 1.4 seconds", Detect::new(1, 2).solicitation())
        .good("and claimed", Detect::new(1, 2).reply())
        .pause(60)
        .good("a lifetime that is too long in units of 4 seconds", {
            Ask { lifetime: 7200, ..Ask::new(10, 3) }.packet()
        })
        .good("granted less", Grant { lifetime: 1, ..Grant::new(10, 3) }.packet())
        .good("tested", Detect::new(2, 3).solicitation())
        .good("claimed", Detect::new(2, 3).reply())
        .good("a binding in time", Bind { lifetime: 1, ..Bind::new(1, 3) }.update())
        .good("granted", Bind { lifetime: 1, ..Bind::new(1, 3) }.answer(0, &[]))
        .good("deleted again", Bind { lifetime: 0, ..Bind::new(2, 3) }.update());
    scene.good("and refused without a key", {
        let body = Message::BindingAcknowledgement {
            status: 133,
            flags: AckFlags::empty(),
            sequence: 2,
            lifetime: 0,
        };
        vec![ip(crate::build::ACCESS_ROUTER, NEXT), home_route(CAREOF), mobility(body)]
    })
}

fn broken_requests() -> Scene {
    let scene = with_router("lke/broken-requests", "Key Exchange Requests, one after the other.");
    let scene = scene
        .good("the access router offers Local Key Exchange", offer())
        .good("registration with the home agent", home_update(CAREOF, 1))
        .good("which refuses it", home_answer(CAREOF, 1, 130))
        .bad("a request in spite of it", Ask::new(7, 1).packet(), &["LKE-KER-011"])
        .good("registration again", home_update(CAREOF, 2))
        .good("accepted", home_answer(CAREOF, 2, 0))
        .bad("with the number of the request before", Ask::new(7, 1).packet(), &["LKE-KER-009"]);
    let other = Ask { router: HOME_AGENT_LOCAL, ..Ask::new(11, 9) };
    let plain = {
        let mut headers = advertise(0, None);
        headers[0] = crate::build::link_ip(HOME_AGENT_LOCAL, crate::build::ALL_NODES);
        headers
    };
    exchanged(exchanged(scene, 8, 1), 9, 2)
        .bad("a key that was used before", Ask::new(10, 1).packet(), &["LKE-KER-013"])
        .bad("repeated with another", Ask::new(11, 4).packet(), &["LKE-KER-010"])
        .pause(60)
        .bad(
            "data that are too short",
            Ask::new(12, 3).with_data(vec![0xee; 64]),
            &["LKE-KER-006", "LKE-KER-006"],
        )
        .pause(60)
        .bad("data that do not open", Ask::new(13, 3).with_data(vec![0xee; 128]), &["LKE-KER-006"])
        .pause(60)
        .bad(
            "a longer lifetime than is offered, by any unit",
            Ask { lifetime: 7201, ..Ask::new(14, 3) }.packet(),
            &["LKE-KER-008"],
        )
        .bad(
            "the key changes before the answer",
            advertise(7200, Some(samples_key())),
            &["LKE-RA-011"],
        )
        .pause(60)
        .good("a router without Local Key Exchange", plain)
        .bad("is asked for it", other.with_data(vec![0xee; 128]), &["LKE-KER-002"])
        .inconclusive("LKE-KER-006", 1)
        .inconclusive("LKE-KER-010", 2)
}

/// Another public key of the same size.
fn samples_key() -> Vec<u8> {
    let mut key = router().map(|r| r.public().subject_public_key_info()).unwrap_or_default();
    // Inside of the modulus.
    key[40] ^= 0x55;
    key
}

fn broken_answers() -> Scene {
    let scene = with_router("lke/broken-answers", "Key Exchange Acknowledgements, one by one.");
    let ask = |n: u8| Ask::new(u16::from(n), n).packet();
    let grant = |n: u8| Grant::new(u16::from(n), n);
    registered(scene)
        .good("request", ask(1))
        .bad(
            "answered by another number",
            Grant { sequence: 9, ..grant(1) }.packet(),
            &["LKE-KEA-003"],
        )
        .pause(60)
        .good("request", ask(2))
        .bad(
            "for longer than is offered",
            Grant { lifetime: 1801, ..grant(2) }.packet(),
            &["LKE-KEA-004", "LKE-AR-KE-011"],
        )
        .pause(60)
        .good("request for half an hour", Ask { lifetime: 450, ..Ask::new(3, 3) }.packet())
        .bad(
            "granted a little more",
            Grant { lifetime: 451, ..grant(3) }.packet(),
            &["LKE-AR-KE-011"],
        )
        .pause(60)
        .good("request", ask(4))
        .bad("by another key", Grant { key: key(5), ..grant(4) }.packet(), &["LKE-KEA-007"])
        .bad("and a binding in spite of it", Bind::new(1, 4).update(), &["LKE-BU-007"])
        .pause(60)
        .good("request", ask(5))
        .bad(
            "for another care-of address",
            Grant { careof: CORRESPONDENT, ..grant(5) }.packet(),
            &["LKE-KEA-002", "LKE-KEA-006"],
        )
        .pause(60)
        .good("request", ask(6))
        .good("refused", Grant { status: 130, lifetime: 0, ..grant(6) }.packet())
        .pause(60)
        .good("request", ask(7))
        .bad(
            "answered to another node",
            Grant { mobile: HOME_AGENT_LOCAL, ..grant(7) }.packet(),
            &["LKE-KEA-001"],
        )
}

fn broken_detection() -> Scene {
    let scene = with_router("lke/broken-detection", "Duplicate Address Detection, step by step.");
    let ask = |n: u8| Ask::new(u16::from(n), n).packet();
    let grant = |n: u8| Grant::new(u16::from(n), n).packet();
    let test = |n: u8| Detect::new(NONCE + u32::from(n), n);
    registered(scene)
        .good("request", ask(1))
        .good("acknowledged", grant(1))
        .bad("tested without authentication", probe(Bytes::Borrowed(&[])), &["LKE-DAD-AR-002"])
        .pause(60)
        .good("request", ask(2))
        .good("acknowledged", grant(2))
        .pause(3)
        .bad("tested after some time", test(2).solicitation(), &["LKE-DAD-AR-001"])
        .pause(2)
        .bad("tested with the same nonce", test(2).solicitation(), &["LKE-DAD-AR-004"])
        .pause(60)
        .good("request", ask(3))
        .good("acknowledged", grant(3))
        .bad(
            "tested by another key",
            Detect { key: key(9), ..test(3) }.solicitation(),
            &["LKE-DAD-AR-003"],
        )
        .bad(
            "tested for another router",
            Detect { router: CORRESPONDENT, nonce: 1, ..test(3) }.solicitation(),
            &["LKE-DAD-AR-003"],
        )
        .pause(60)
        .good("request", ask(4))
        .good("acknowledged", grant(4))
        .good("tested", test(4).solicitation())
        .bad(
            "claimed with another nonce",
            Detect { nonce: 2, ..test(4) }.reply(),
            &["LKE-DAD-MN-002"],
        )
        .pause(60)
        .good("request", ask(5))
        .good("acknowledged", grant(5))
        .good("tested", test(5).solicitation())
        .bad(
            "claimed by another key",
            Detect { key: key(9), ..test(5) }.reply(),
            &["LKE-DAD-MN-002"],
        )
        .pause(60)
        .good("request", ask(6))
        .good("acknowledged", grant(6))
        .good("tested", test(6).solicitation())
        .bad(
            "claimed for another router",
            Detect { router: CORRESPONDENT, ..test(6) }.reply(),
            &["LKE-DAD-MN-002"],
        )
        .pause(60)
        .good("request", ask(7))
        .good("acknowledged", grant(7))
        .good("tested", test(7).solicitation())
        .good("claimed", test(7).reply())
        .good("and by another node", claim(Bytes::Borrowed(&[])))
        .bad("a binding by what was contested", Bind::new(1, 7).update(), &["LKE-BU-007"])
}

fn bindings() -> Scene {
    let scene = with_router("lke/broken-finished", "Finished messages by what they answer.");
    let scene = exchanged(registered(scene), 7, 1);
    let bound = |scene: Scene, sequence: u16| {
        let bind = Bind::new(sequence, 1);
        scene.good("update", bind.update()).good("acknowledged", bind.answer(0, &please()))
    };
    let finished = |sequence| Bind::new(sequence, 1);
    let scene = bound(scene, 1)
        .bad("another nonce", finished(1).finished(0, 1), &["LKE-BA-006"])
        .bad(
            "another lifetime",
            Bind { lifetime: 59, ..finished(1) }.finished(0, NONCE),
            &["LKE-BA-006"],
        )
        .bad("another number", finished(9).finished(0, NONCE), &["LKE-BA-006"])
        .bad("a status of its own", finished(1).finished(1, NONCE), &["LKE-BA-006"])
        .bad(
            "from another address",
            Bind { careof: CORRESPONDENT, ..finished(1) }.finished(0, NONCE),
            &["LKE-BA-007"],
        )
        .bad(
            "to another address",
            Bind { router: CORRESPONDENT, ..finished(1) }.finished(0, NONCE),
            &["LKE-BA-007"],
        )
        .bad(
            "by another key",
            Bind { key: key(2), ..finished(1) }.finished(0, NONCE),
            &["LKE-BA-008"],
        );
    bound(scene, 2)
        .good("as it should be", finished(2).finished(0, NONCE))
        .pause(60)
        .good("when nobody waits any more", finished(9).finished(0, 5))
        .inconclusive("LKE-BA-006", 1)
}

fn broken_bindings() -> Scene {
    let scene = with_router("lke/broken-bindings", "Bindings under a local association.");
    let bind = |sequence| Bind::new(sequence, 1);
    exchanged(registered(scene), 7, 1)
        .bad("by another key", Bind { key: key(2), ..bind(1) }.update(), &["LKE-BU-002"])
        .bad(
            "acknowledged by yet another",
            Bind { key: key(3), ..bind(1) }.answer(0, &[]),
            &["LKE-BA-002"],
        )
        .good("an update", bind(2).update())
        .bad("and its address tested", Detect::new(NONCE, 1).solicitation(), &["LKE-BU-013"])
        .good("acknowledged", bind(2).answer(0, &[]))
        .good("an update", bind(3).update())
        .bad("and its address tested by hand", probe(Bytes::Borrowed(&[])), &["LKE-BU-013"])
        .good("acknowledged", bind(3).answer(0, &[]))
        .bad(
            "to another address than the router's",
            Bind { router: CORRESPONDENT, ..bind(4) }.update(),
            &["LKE-KEA-014"],
        )
        .bad(
            "from the care-of address of the association",
            Bind { careof: CAREOF, ..bind(5) }.update(),
            &["LKE-BU-001"],
        )
        .pause(60)
        .good("for longer than the association lives", Bind { lifetime: 1800, ..bind(6) }.update())
        .bad("granted", Bind { lifetime: 1800, ..bind(6) }.answer(0, &[]), &["LKE-BU-016"])
}

fn expired() -> Scene {
    let scene = with_router("lke/expired", "An association of 20 seconds, and what comes late.");
    let bind = |sequence| Bind { lifetime: 2, ..Bind::new(sequence, 1) };
    registered(scene)
        .good("request", Ask { lifetime: 5, ..Ask::new(7, 1) }.packet())
        .good("acknowledged", Grant { lifetime: 5, ..Grant::new(7, 1) }.packet())
        .good("tested", Detect::new(NONCE, 1).solicitation())
        .good("claimed", Detect::new(NONCE, 1).reply())
        .good("a binding by it", bind(1).update())
        .good("accepted", bind(1).answer(0, &[]))
        .pause(30)
        .bad("the home agent hears too late", home_update(NEXT, 2), &["LKE-BU-006"])
        .good("and accepts", home_answer(NEXT, 2, 0))
        .bad("a binding after the end", bind(2).update(), &["LKE-BU-007", "MIP6-MN-BU-016"])
}

fn given_key() -> Scene {
    let digits = format!("{}01", "4b".repeat(15));
    let scene = scene("lke/given-key", "The key is known, but no router's to open it with.")
        .keys(format!("local-keys:\n  - {{careof: \"{CAREOF}\", key: {digits}}}\n"));
    exchanged(registered(scene), 7, 1)
        .inconclusive("LKE-KER-006", 1)
        .good("update", Bind::new(1, 1).update())
        .bad(
            "acknowledged by another",
            Bind { key: key(2), ..Bind::new(1, 1) }.answer(0, &[]),
            &["LKE-BA-002"],
        )
}

fn without_keys() -> Scene {
    let scene = scene("lke/without-keys", "The same without keys: what they make is not judged.");
    exchanged(registered(scene), 7, 1)
        .inconclusive("LKE-KER-006", 1)
        .inconclusive("LKE-KEA-007", 1)
        .inconclusive("LKE-DAD-AR-003", 1)
        .inconclusive("LKE-DAD-MN-002", 1)
        .inconclusive("LKE-BU-002", 1)
        .inconclusive("LKE-BA-002", 1)
        .inconclusive("LKE-BA-008", 1)
        .good("update", Bind::new(1, 1).update())
        .good("acknowledged", Bind::new(1, 1).answer(0, &please()))
        .good("finished", Bind::new(1, 1).finished(0, NONCE))
}

fn beginning_late() -> Scene {
    with_router("lke/beginning-late", "A capture that begins in the middle.")
        .good("a reply to what was not captured", Detect::new(1, 1).reply())
        .good("an acknowledgement of it", Grant::new(7, 1).packet())
        .good("an update by what was not captured", {
            Bind { careof: NEXT, ..Bind::new(1, 1) }.update()
        })
        .good("a request to a router that was not heard", Ask::new(8, 2).packet())
        .inconclusive("LKE-DAD-MN-002", 1)
        .inconclusive("LKE-KEA-003", 1)
        .inconclusive("LKE-KEA-004", 1)
        .inconclusive("LKE-KEA-007", 1)
        .inconclusive("LKE-AR-KE-011", 1)
        .inconclusive("LKE-BU-002", 1)
        .inconclusive("LKE-KER-002", 1)
        .inconclusive("LKE-KER-008", 1)
        .inconclusive("LKE-KER-011", 1)
}
