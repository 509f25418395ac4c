//! Retransmission: first intervals, and their doubling. RFC 6275 11.8.

use mip6_wire::mobility::AckFlags;

use super::Scene;
use super::conversations::{answer, down, down_to, up, up_from, update};
use super::routability::{careof_init, careof_test};
use crate::build::PREVIOUS_CAREOF;

pub(super) fn scenes() -> Vec<Scene> {
    vec![updates(), first(), tests()]
}

const NONE: AckFlags = AckFlags::empty();

/// Updates of a mobile node that is bound already.
fn updates() -> Scene {
    let mut scene = Scene::new(
        "conversations/retransmission",
        "Binding Updates without an answer, and how long until the next.",
    )
    .conversation(1_000)
    .inconclusive("MIP6-TMR-002", 1)
    .good("registration", up(update(1, 600)))
    .good("its answer", down(answer(1, 0, NONE, 600)))
    .good("it moves", up_from(PREVIOUS_CAREOF, update(2, 600)));
    // The timer may be off by a little.
    let gaps = [1_000, 2_100, 4_000, 7_900, 16_000, 32_000, 32_000];
    for (i, gap) in gaps.into_iter().enumerate() {
        scene = scene.after(gap).good("again", up_from(PREVIOUS_CAREOF, update(3 + i as u16, 600)));
    }
    scene
        .after(16_000)
        .bad(
            "again, in half the time",
            up_from(PREVIOUS_CAREOF, update(10, 600)),
            &["MIP6-TMR-004"],
        )
        .good("an answer at last", down_to(PREVIOUS_CAREOF, answer(10, 0, NONE, 600)))
        .good("another update", up_from(PREVIOUS_CAREOF, update(11, 500)))
        .after(500)
        .bad("again too soon", up_from(PREVIOUS_CAREOF, update(12, 500)), &["MIP6-TMR-002"])
        .good("an answer", down_to(PREVIOUS_CAREOF, answer(12, 0, NONE, 500)))
        .good("another update", up_from(PREVIOUS_CAREOF, update(13, 400)))
        .after(1_000)
        .good("again", up_from(PREVIOUS_CAREOF, update(14, 400)))
        .after(1_000)
        .bad("and not twice as late", up_from(PREVIOUS_CAREOF, update(15, 400)), &["MIP6-TMR-004"])
        .good("an answer", down_to(PREVIOUS_CAREOF, answer(15, 0, NONE, 400)))
        .good("another update", up_from(PREVIOUS_CAREOF, update(16, 300)))
        .after(3_000)
        .good("one was not captured", up_from(PREVIOUS_CAREOF, update(17, 300)))
        .good("an answer", down_to(PREVIOUS_CAREOF, answer(17, 0, NONE, 300)))
        .good("another update", up_from(PREVIOUS_CAREOF, update(18, 200)))
        .after(1_700)
        .bad("again too late", up_from(PREVIOUS_CAREOF, update(19, 200)), &["MIP6-TMR-002"])
}

/// Without a binding the home agent wants time for duplicate address detection.
fn first() -> Scene {
    Scene::new("conversations/first-registration", "The first interval without a binding.")
        .conversation(1_000)
        .inconclusive("MIP6-TMR-001", 1)
        .good("registration", up(update(1, 600)))
        .after(1_500)
        .good("again, while no answer was ever captured", up(update(2, 600)))
        .good("refused", down(answer(2, 130, NONE, 0)))
        .good("registration", up(update(3, 500)))
        .after(1_500)
        .good("again", up(update(4, 500)))
        .after(3_000)
        .good("again", up(update(5, 500)))
        .good("refused", down(answer(5, 130, NONE, 0)))
        .good("registration", up(update(6, 400)))
        .after(1_000)
        .bad("again too soon", up(update(7, 400)), &["MIP6-TMR-001"])
}

fn tests() -> Scene {
    Scene::new("conversations/test-retransmission", "Care-of Test Init without an answer.")
        .conversation(1_000)
        .inconclusive("MIP6-TMR-002", 1)
        .good("asked", careof_init(1))
        .after(1_000)
        .good("again, while no answer was ever captured", careof_init(2))
        .good("answered", careof_test(4, 2))
        .good("asked", careof_init(3))
        .after(1_000)
        .good("again", careof_init(4))
        .after(2_000)
        .good("again", careof_init(5))
        .after(2_000)
        .bad("not twice as late", careof_init(6), &["MIP6-TMR-004"])
        .good("answered", careof_test(4, 6))
        .good("asked", careof_init(7))
        .after(400)
        .bad("again too soon", careof_init(8), &["MIP6-TMR-002"])
}
