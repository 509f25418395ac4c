//! Whatever the octets are: no panic, and steps that are in order.

use mip6_security::steps::{Expect, Selectors, Way, receive_transport, receive_tunnel};
use mip6_testkit::steps::{ah, esp, scenes};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{read_packet, write_packet};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

fn receive_everywhere(octets: &[u8]) {
    for association in [esp(), ah()] {
        let expect = Expect { association: &association, high: 0, selectors: Selectors::default() };
        for way in [Way::ToHomeAgent, Way::ToMobileNode] {
            for receive in [receive_transport, receive_tunnel] {
                let steps = match receive(octets, way, &expect, &RFC6275) {
                    Ok(received) => received.steps,
                    Err(refused) => refused.steps,
                };
                assert!(steps.iter().zip(1..).all(|(s, n)| s.number == n));
                assert!(steps.is_sorted_by_key(|s| s.act));
            }
        }
    }
}

proptest! {
    #[test]
    fn noise(octets in vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(write_packet(&read_packet(&octets, &RFC6275), &RFC6275), octets.clone());
        receive_everywhere(&octets);
    }

    #[test]
    fn damage(
        scene in any::<Index>(),
        signed in any::<bool>(),
        changes in vec((any::<Index>(), any::<u8>()), 1..4),
        end in any::<Index>(),
    ) {
        let scenes = scenes();
        let scene = scene.get(&scenes);
        let mut octets = scene.wire(&if signed { ah() } else { esp() });
        for (at, value) in changes {
            let at = at.index(octets.len());
            octets[at] = value;
        }
        prop_assert_eq!(write_packet(&read_packet(&octets, &RFC6275), &RFC6275), octets.clone());
        receive_everywhere(&octets);
        receive_everywhere(&octets[..end.index(octets.len())]);
    }
}
