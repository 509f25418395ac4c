//! Floods: draft 6.2.

use std::time::Duration;

use mip6_conformance::roles::local::keys::router_key;

use super::scene::*;

const SECONDS: u64 = 3;
const RATE: u64 = 10_000;
const ADDRESSES: u64 = 1000;

fn number(scene: &Scene, name: &str) -> u64 {
    scene.state(name).and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("no {name}"))
}

/// Ten thousand requests a second from a thousand addresses and stations, whose data
/// are none. A mobile node that comes meanwhile is served within its first
/// retransmissions (3 and 9 seconds), and nothing grows beyond its bounds.
fn served_in_a_flood(bits: usize) {
    let mut scene = Scene::with(None, |c| c.key = router_key(bits, 1).unwrap());
    let octets = scene.key.octets();
    let flood: Vec<_> = (0..ADDRESSES)
        .map(|n| {
            let asks = Asks::new(Mobile::new(1000 + n as u16), 1, 1);
            (asks.mobile.station, asks.with_data(vec![0x31; octets]))
        })
        .collect();
    let mobile = Mobile::new(1);
    let mut served = None;
    for n in 0..RATE * SECONDS {
        let (station, packet) = &flood[(n % ADDRESSES) as usize];
        scene.near(*station, packet);
        if n == RATE {
            scene.request(&Asks::new(mobile, 7, 1));
        }
        if n % 100 == 99 {
            let said = scene.wait(10);
            let granted = said.iter().any(|s| matches!(s, Said::Exchange(0, 7, _)));
            served = served.or(granted.then_some(n));
            for s in said {
                if let Said::Solicits(_, nonce) = s {
                    scene.reply(mobile, 1, nonce);
                }
            }
        }
    }
    scene.network.run_for(Duration::from_secs(2));
    let served = served.expect("the mobile node is served") - RATE;
    assert!(served <= RATE / 10, "after {served} requests");
    assert_eq!(scene.state(&format!("lbsa.{}", mobile.careof)).as_deref(), Some("valid"));
    // Each sender at 0 and, perhaps, three seconds later.
    let decryptions = number(&scene, "decryptions");
    assert!(decryptions <= 2 * ADDRESSES + 1, "{decryptions} of {}", RATE * SECONDS);
    assert_eq!(number(&scene, "lbsas"), 1);
    assert!(number(&scene, "senders") <= 4096);
}

#[test]
fn a_mobile_node_is_served_in_a_flood() {
    served_in_a_flood(512);
}

/// With a key whose decryption takes some thirty times as long.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "two thousand decryptions take over a minute unless optimized"
)]
fn a_mobile_node_is_served_in_a_flood_of_work() {
    served_in_a_flood(2048);
}

/// Senders that never come back are forgotten.
#[test]
fn senders_are_remembered_within_bounds() {
    let mut scene = Scene::with(None, |c| {
        c.key = router_key(512, 1).unwrap();
        c.room = 10;
    });
    for n in 0..6000u16 {
        // Addresses of another prefix: refused before anything is decrypted.
        let mobile = Mobile { careof: "2001:db8:9::1".parse().unwrap(), ..Mobile::new(n) };
        let packet = Asks::new(mobile, 1, 1).with_data(vec![0x31; 64]);
        scene.near(mobile.station, &packet);
        if n % 100 == 99 {
            scene.wait(1);
        }
    }
    assert_eq!(number(&scene, "senders"), 4096);
    assert_eq!(number(&scene, "decryptions"), 0);
    // No more associations than there is room for; those that nobody proves go.
    for n in 0..20u16 {
        scene.request(&Asks::new(Mobile::new(10_000 + n), 1, 1));
    }
    scene.wait(100);
    assert_eq!(number(&scene, "lbsas"), 10);
    scene.wait(5000);
    assert_eq!(number(&scene, "lbsas"), 0);
}
