//! The temporary home agent.

use mip6_conformance::roles::Command;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::layout::Auto;
use mip6_wire::lke::wire_checksum;
use mip6_wire::mobility::UpdateFlags;

use super::super::evidence::judged;
use super::scene::*;

fn echo(n: u16) -> Header<'static> {
    let body = Icmpv6Body::Echo { identifier: n, sequence: 1, data: vec![1; 8].into() };
    Header::Icmpv6(Icmpv6::new(kind::ECHO_REQUEST, body))
}

/// Whether a packet to the care-of address goes through the tunnel.
fn tunnels(scene: &mut Scene, mobile: Mobile) -> bool {
    scene.peer(&[ip(PEER, mobile.careof, 64), echo(1)]);
    scene.resolve(mobile);
    let packets = scene.packets_in(100);
    packets.iter().any(|p| {
        matches!(&p[..2], [Header::Ipv6(outer), Header::Ipv6(inner)]
            if (outer.source, outer.destination) == (ROUTER, mobile.next)
                && (inner.source, inner.destination) == (PEER, mobile.careof))
    })
}

fn bound() -> (Scene, Mobile) {
    let mut scene = Scene::new(None);
    let mobile = Mobile::new(1);
    scene.associate(&Asks::new(mobile, 7, 1), 1);
    assert_eq!(scene.update(&Updates::new(mobile, 500, 1)), Some(0));
    (scene, mobile)
}

#[test]
fn bindings_are_made_used_and_deleted() {
    let (mut scene, mobile) = bound();
    assert!(tunnels(&mut scene, mobile));
    // Back out of the tunnel, from where it is and from nowhere else.
    for (from, passes) in [(mobile.next, true), (PEER, false)] {
        scene.neighbor(PEER, [2, 0, 0, 0, 0, 7]);
        scene.far(mobile.station, &[ip(from, ROUTER, 64), ip(mobile.careof, PEER, 64), echo(2)]);
        scene.neighbor(PEER, [2, 0, 0, 0, 0, 7]);
        let out = scene.packets_in(100);
        let passed = out.iter().any(|p| {
            matches!(&p[..2], [Header::Ipv6(ip), Header::Icmpv6(_)]
                if (ip.source, ip.destination) == (mobile.careof, PEER))
        });
        assert_eq!(passed, passes, "{from}");
    }
    // The address is defended by the access router itself.
    scene.near([2, 0, 0, 0, 0, 0x77], &probe(mobile.careof));
    assert_eq!(scene.wait(100), [Said::Advertises(mobile.careof)]);
    let gone = Updates { lifetime: 0, ..Updates::new(mobile, 501, 1) };
    assert_eq!(scene.update(&gone), Some(0));
    assert!(!tunnels(&mut scene, mobile));
    // The association lasts, and so does what it knows of sequence numbers.
    assert_eq!(scene.update(&Updates::new(mobile, 501, 1)), Some(135));
    assert_eq!(scene.update(&Updates::new(mobile, 502, 1)), Some(0));
    let outcome = scene.assert_honest();
    for id in ["LKE-BA-002", "LKE-BU-002", "LKE-BU-013", "LKE-BU-016", "LKE-KEA-014"] {
        assert!(judged(&outcome, id) > 0, "{id}");
    }
}

#[test]
fn bindings_end_with_their_lifetime_and_with_the_association() {
    let (mut scene, mobile) = bound();
    scene.wait(39_000);
    assert!(tunnels(&mut scene, mobile));
    scene.wait(2000);
    assert!(!tunnels(&mut scene, mobile));
    // 400 seconds were granted in the exchange, some are gone.
    let long = Updates { lifetime: 1000, ..Updates::new(mobile, 501, 1) };
    scene.far(mobile.station, &long.packet());
    scene.resolve(mobile);
    let said = scene.wait(100);
    let granted = said.iter().find_map(|s| match s {
        Said::Binding(0, 501, lifetime, None) => Some(*lifetime),
        _ => None,
    });
    assert!(granted.is_some_and(|g| (85..=90).contains(&g)), "{said:?}");
    scene.wait(360_000);
    assert!(!tunnels(&mut scene, mobile));
    assert_eq!(scene.update(&Updates::new(mobile, 502, 1)), Some(133));
    scene.assert_honest();
}

#[test]
fn what_is_not_authorized_is_refused() {
    let mobile = Mobile::new(1);
    let mut scene = Scene::new(None);
    assert_eq!(scene.update(&Updates::new(mobile, 1, 1)), Some(133));
    scene.request(&Asks::new(mobile, 7, 1));
    scene.wait(100);
    // Nobody knows yet whose address it is.
    assert_eq!(scene.update(&Updates::new(mobile, 1, 1)), Some(133));
    scene.wait(10_000);
    scene.associate(&Asks::new(mobile, 8, 2), 2);
    let good = Updates::new(mobile, 1, 2);
    assert_eq!(scene.update(&Updates { key: None, ..good }), Some(128));
    assert_eq!(scene.update(&Updates::new(mobile, 1, 1)), Some(128));
    assert_eq!(scene.update(&Updates { flags: UpdateFlags::empty(), ..good }), Some(0));
    // Neither by tokens nor by nothing is it deleted.
    let deletes = Updates { lifetime: 0, sequence: 9, flags: UpdateFlags::A, ..good };
    scene.far(mobile.station, &deletes.by_tokens());
    scene.wait(50);
    assert_eq!(scene.update(&Updates { key: None, ..deletes }), None);
    assert_eq!(scene.update(&Updates { key: None, flags: good.flags, ..deletes }), Some(128));
    assert!(tunnels(&mut scene, mobile));
    // While it is served, nobody gets another key for its address.
    scene.wait(5000);
    let thief = Mobile { careof: mobile.careof, ..Mobile::new(3) };
    scene.request(&Asks::new(thief, 100, 3));
    assert!(scene.wait(50).contains(&Said::Exchange(129, 100, 0)));
}

#[test]
fn finished_messages_are_waited_for() {
    for (sent, kept) in [
        (Some((1, 0, 0, 0)), true),
        (Some((1, 255, 0, 0)), true),
        (Some((2, 0, 0, 0)), false),
        (Some((1, 0, 1, 0)), false),
        (Some((1, 0, 0, 1)), false),
        (None, false),
    ] {
        let mut scene = Scene::with(None, |c| c.finished = Some(secs(5)));
        let mobile = Mobile::new(1);
        scene.associate(&Asks::new(mobile, 7, 1), 1);
        scene.far(mobile.station, &Updates::new(mobile, 500, 1).packet());
        scene.resolve(mobile);
        let said = scene.wait(100);
        let nonce = said.iter().find_map(|s| match s {
            Said::Binding(0, _, _, nonce) => *nonce,
            _ => None,
        });
        let nonce = nonce.unwrap_or_else(|| panic!("{said:?}"));
        if let Some((n, reserved, sequence, wrong)) = sent {
            let content = (reserved, 500 + sequence, nonce.wrapping_add(wrong));
            scene.far(mobile.station, &finished(mobile, n, content));
        }
        scene.wait(6000);
        assert_eq!(tunnels(&mut scene, mobile), kept, "{sent:?}");
    }
}

#[test]
fn a_restart_forgets_everything() {
    let (mut scene, mobile) = bound();
    scene.network.command(scene.router, &Command::Restart);
    assert_eq!(scene.state("lbsas").as_deref(), Some("0"));
    assert!(!tunnels(&mut scene, mobile));
    assert_eq!(scene.update(&Updates::new(mobile, 501, 1)), Some(133));
    // It may have answered too early by our clock; a new exchange is what is left.
    scene.wait(5000);
    scene.associate(&Asks::new(mobile, 1, 4), 4);
}

/// The checksum over the source on the wire (reading C5) is for messages that Local Key
/// Exchange alone has.
#[test]
fn a_binding_update_covers_its_home_address() {
    let mut scene = Scene::new(None);
    let mobile = Mobile::new(1);
    let mut asks = Asks::new(mobile, 7, 1).packet(&scene.key);
    over_the_wire(&mut asks);
    scene.near(mobile.station, &asks);
    let said = scene.wait(1500);
    assert!(said.iter().any(|s| matches!(s, Said::Exchange(0, 7, _))), "{said:?}");
    let (mut scene, mobile) = bound();
    let mut update = Updates::new(mobile, 501, 1).packet();
    over_the_wire(&mut update);
    scene.far(mobile.station, &update);
    scene.resolve(mobile);
    let said = scene.wait(500);
    assert!(!said.iter().any(|s| matches!(s, Said::Binding(..))), "{said:?}");
    assert_eq!(scene.update(&Updates::new(mobile, 501, 1)), Some(0));
}

/// Sets the checksum to that over the source of the IPv6 header.
fn over_the_wire(packet: &mut [Header<'static>]) {
    let sum = wire_checksum(packet, CODES).unwrap();
    let Some(Header::Mobility(m)) = packet.last_mut() else { panic!("no Mobility Header") };
    m.checksum = Auto::Fixed(sum);
}
