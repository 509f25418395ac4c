//! Whatever comes to a node: no panic, no circle, bounds for what it sends and
//! remembers.

use std::time::Duration;

use mip6_conformance::roles::Input;
use mip6_conformance::roles::Interface;
use mip6_testkit::mend::mend;
use mip6_testkit::nodes::{NODES, Treatment, Victim, honest};
use mip6_testkit::random::Random;

/// `MIP6_TREATED` says how many; the number grows with patience.
#[test]
fn nodes_stand_bad_treatment() {
    let n: u64 = std::env::var("MIP6_TREATED").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let treatment = Treatment::default();
    let mut random = Random::new(6275);
    for seed in treatment.seeds().iter().step_by(7) {
        treatment.apply(seed);
    }
    for _ in 0..n {
        let steps = 1 + random.below(150);
        treatment.apply(&treatment.random(&mut random, steps));
    }
}

/// Frames of an honest run from and to ever other addresses, and about them: what
/// a node remembers of them does not grow for ever.
#[test]
fn floods_find_no_end_of_room() {
    let frames = honest();
    for cast in &NODES {
        let mut victim = Victim::new(cast);
        let mut random = Random::new(4861);
        let mut sizes = Vec::new();
        for round in 0..3 {
            for _ in 0..20_000 {
                let mut frame = random.pick(&frames).clone();
                // Source, and what options and messages name: addresses, numbers.
                let places = [28 + random.below(10), 30 + random.below(8), 54 + random.below(60)];
                for at in places.into_iter().take(1 + random.below(3)) {
                    if let Some(octet) = frame.get_mut(at) {
                        *octet = random.bits() as u8;
                    }
                }
                mend(&mut frame);
                victim.frame(round, &frame);
                if random.once_in(50) {
                    victim.pass(Duration::from_millis(10));
                }
            }
            sizes.push(victim.remembers());
        }
        assert!(sizes[2] < 16 << 20, "{}: {sizes:?}", cast.name);
        let down = Input::Link { interface: Interface(0), up: false };
        victim.input(&down);
        victim.pass(Duration::from_secs(100_000));
        assert!(victim.remembers() <= sizes[2], "{}", cast.name);
    }
}
