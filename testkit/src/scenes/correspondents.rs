//! Bindings with correspondents beside the home registration, what peers ask for
//! and report, and how long bindings live.

use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use super::Scene;
use super::conversations::{answer, down, from_home, up, update};
use super::routability::{correspondent_answer, correspondent_update, keys, tested};
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, Packet, ah, home_option, ip, mobility, mobility_with,
    return_routability,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![home_first(), refreshed(), errors()]
}

const NONE: AckFlags = AckFlags::empty();

/// A binding with a correspondent hangs on the home registration.
fn home_first() -> Scene {
    let (both, home) = keys();
    let without_option = vec![
        ip(CAREOF, CORRESPONDENT),
        mobility_with(
            Message::BindingUpdate { sequence: 9, flags: UpdateFlags::A, lifetime: 0 },
            &return_routability(),
        ),
    ];
    let not_home = vec![
        ip(CAREOF, HOME_AGENT),
        home_option(HOME),
        ah(1, 1),
        mobility_with(
            Message::BindingUpdate { sequence: 2, flags: UpdateFlags::A, lifetime: 20 },
            &[OptionBody::AlternateCareof { address: CAREOF }],
        ),
    ];
    let scene = Scene::new("conversations/home-first", "Correspondents and the home registration.")
        .conversation(1_000)
        .inconclusive("MIP6-RR-010", 1)
        .good("registration", up(update(1, 30)))
        .good("refused", down(answer(1, 130, NONE, 0)));
    tested(scene)
        .bad(
            "a correspondent while the home agent refuses",
            correspondent_update(1, 25, both),
            &["MIP6-MN-CREG-003"],
        )
        .good("deleted, which is no harm", correspondent_update(2, 0, home))
        .bad("a registration with H clear", not_home, &["MIP6-MN-BU-001"])
        .good("registration", up(update(3, 30)))
        .good("its answer", down(answer(3, 0, NONE, 30)))
        .good("for as long, rounded up", correspondent_update(3, 30, both))
        .good("its answer", correspondent_answer(3, 30, both))
        .bad("for longer", correspondent_update(4, 35, both), &["MIP6-MN-CREG-005"])
        .bad(
            "without Home Address option",
            without_option,
            &["MIP6-MN-CREG-006", "MIP6-MN-CREG-008"],
        )
        .good("return home", from_home(update(4, 0)))
        .bad(
            "bound at home",
            from_home(update(5, 30)),
            &["IPSEC-FMT-001", "MIP6-MN-BU-003", "MIP6-MN-HOME-002"],
        )
}

fn request() -> Packet {
    vec![ip(CORRESPONDENT, HOME), mobility(Message::BindingRefreshRequest { reserved: 0 })]
}

/// Binding Refresh Requests, and updates that come late.
fn refreshed() -> Scene {
    let (both, _) = keys();
    let scene = Scene::new("conversations/refresh", "How bindings are kept alive.")
        .conversation(1_000)
        .good("registration", up(update(1, 100)))
        .good("its answer", down(answer(1, 0, NONE, 100)));
    tested(scene)
        .good("a binding", correspondent_update(1, 20, both))
        .good("its answer", correspondent_answer(1, 20, both))
        .after(60_000)
        .good("the correspondent asks for more", request())
        .good("and gets it", correspondent_update(2, 40, both))
        .good("its answer", correspondent_answer(2, 40, both))
        .bad("asks again", request(), &["MIP6-CN-BA-013"])
        .after(80_000)
        .good("asks towards the end", request())
        .bad("and gets less", correspondent_update(3, 10, both), &["MIP6-MN-BA-016"])
        .good("its answer", correspondent_answer(3, 10, both))
        .after(30_000)
        .good("asks", request())
        .after(300)
        .good("and asks", request())
        .after(300)
        .good("and asks", request())
        .after(300)
        .bad("and asks", request(), &["MIP6-CN-BA-014"])
        .pause(5)
        .good("the home registration, in time", up(update(2, 20)))
        .good("its answer", down(answer(2, 0, NONE, 20)))
        .after(90_000)
        .bad("and too late", up(update(3, 20)), &["MIP6-MN-BU-016"])
}

fn errors() -> Scene {
    let (both, home) = keys();
    let error = || {
        vec![
            ip(CORRESPONDENT, CAREOF),
            mobility(Message::BindingError { status: 1, reserved: 0, home_address: HOME }),
        ]
    };
    let scene = Scene::new("conversations/errors", "Binding Errors of bindings that stand.")
        .conversation(1_000)
        .good("registration", up(update(1, 100)))
        .good("its answer", down(answer(1, 0, NONE, 100)));
    tested(scene)
        .good("no binding yet", error())
        .good("a binding", correspondent_update(1, 20, both))
        .good("its answer", correspondent_answer(1, 20, both))
        .after(200)
        .good("on its way before the binding", error())
        .pause(3)
        .bad("while it stands", error(), &["MIP6-MSG-022"])
        .good("deleted", correspondent_update(2, 0, home))
        .good("under way", error())
        .good("acknowledged", correspondent_answer(2, 0, home))
        .good("and gone", error())
}
