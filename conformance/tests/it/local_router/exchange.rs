//! Key exchange and duplicate address detection.

use std::net::Ipv6Addr;

use mip6_conformance::roles::Faults;
use mip6_conformance::roles::local::Readings;
use mip6_conformance::roles::local::keys::router_key;
use mip6_conformance::roles::router::RouterConfig;
use mip6_conformance::roles::router::local::Capability;
use mip6_conformance::roles::router::local::faults as wrong;
use mip6_security::mobility::local::{Passage, Reading, RouterPublicKey};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::Icmpv6Body;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};

use super::super::evidence::{assert_honest, judge, judged};
use super::scene::*;

#[test]
fn keys_are_exchanged_and_addresses_proved() {
    let mut scene = Scene::new(None);
    let mobile = Mobile::new(1);
    scene.request(&Asks::new(mobile, 7, 1));
    let packets = scene.packets_in(20);
    let answer = packets.iter().find(|p| routed(p).is_some()).unwrap();
    assert_eq!(routed(answer), Some(mobile.careof));
    let Header::Ipv6(ip) = &answer[0] else { panic!("{answer:?}") };
    assert_eq!((ip.hop_limit, ip.destination), (255, mobile.local));
    let said = scene.wait(500);
    let [Said::Solicits(of, nonce)] = said[..] else { panic!("{said:?}") };
    assert_eq!(of, mobile.careof);
    scene.reply(mobile, 1, nonce);
    assert_eq!(scene.wait(2000), []);
    assert_eq!(scene.state(&format!("lbsa.{}", mobile.careof)).as_deref(), Some("valid"));
    // Somebody else wants the address, then the mobile node itself.
    scene.near([2, 0, 0, 0, 0, 0x77], &probe(mobile.careof));
    assert_eq!(scene.wait(100), [Said::Advertises(mobile.careof)]);
    scene.near(mobile.station, &probe(mobile.careof));
    assert_eq!(scene.wait(100), []);
    // It lasts 400 seconds.
    scene.wait(397_000);
    assert_eq!(scene.state("lbsas").as_deref(), Some("1"));
    scene.wait(3000);
    assert_eq!(scene.state("lbsas").as_deref(), Some("0"));
    scene.near([2, 0, 0, 0, 0, 0x77], &probe(mobile.careof));
    assert_eq!(scene.wait(100), []);
    let outcome = assert_honest(&scene.network, &scene.keys());
    for id in ["LKE-RA-004", "LKE-KEA-007", "LKE-AR-KE-011", "LKE-DAD-AR-003", "LKE-DAD-MN-002"] {
        assert!(judged(&outcome, id) > 0, "{id}");
    }
}

/// Without an answer it asks once more, by another nonce.
#[test]
fn silence_is_asked_again_and_then_counts_against_the_mobile_node() {
    let mut scene = Scene::new(None);
    let mobile = Mobile::new(1);
    scene.request(&Asks::new(mobile, 7, 1));
    let said = scene.wait(4000);
    let [Said::Exchange(0, 7, 100), Said::Solicits(_, first), Said::Solicits(_, second)] = said[..]
    else {
        panic!("{said:?}")
    };
    assert_ne!(first, second);
    assert_eq!(scene.state("lbsas").as_deref(), Some("0"));
    // An answer to the first, while the second is waited for, is one all the same.
    scene.request(&Asks::new(mobile, 8, 2));
    let said = scene.wait(1800);
    let Some(Said::Solicits(_, nonce)) = said.get(1) else { panic!("{said:?}") };
    scene.reply(mobile, 2, *nonce);
    scene.wait(1500);
    assert_eq!(scene.state("lbsas").as_deref(), Some("1"));
    assert_honest(&scene.network, &scene.keys());
}

#[test]
fn claims_without_proof_end_an_association() {
    let mobile = Mobile::new(1);
    let cases: [(&str, Vec<Header<'static>>); 3] = [
        ("plain", reply(mobile, None)),
        ("another key", reply(mobile, Some((key(9), 0)))),
        ("no nonce of it", reply(mobile, Some((key(1), 0)))),
    ];
    for (what, claim) in cases {
        for behind in [false, true] {
            let mut scene = Scene::new(None);
            scene.request(&Asks::new(mobile, 7, 1));
            let said = scene.wait(500);
            let Some(Said::Solicits(_, nonce)) = said.get(1) else { panic!("{said:?}") };
            if behind {
                scene.reply(mobile, 1, *nonce);
            }
            scene.near([2, 0, 0, 0, 0, 0x77], &claim);
            scene.wait(10);
            assert_eq!(scene.state("lbsas").as_deref(), Some("0"), "{what}");
            // What comes behind does not bring it back.
            scene.reply(mobile, 1, *nonce);
            scene.wait(3000);
            assert_eq!(scene.state("lbsas").as_deref(), Some("0"), "{what}");
        }
    }
}

#[test]
fn requests_that_are_refused_make_nothing() {
    let mobile = Mobile::new(1);
    let asks = Asks::new(mobile, 7, 1);
    let elsewhere = Mobile { careof: "2001:db8:9::1".parse().unwrap(), ..mobile };
    let own = Mobile { careof: ROUTER, ..mobile };
    for (asks, status) in [
        (Asks { lifetime: 0, ..asks }, 128),
        (Asks { padding: Reading::Raw, ..asks }, 128),
        (Asks { mobile: elsewhere, ..asks }, 132),
        (Asks { mobile: own, ..asks }, 129),
    ] {
        let mut scene = Scene::new(None);
        scene.request(&asks);
        assert_eq!(scene.wait(3000), [Said::Exchange(status, 7, 0)], "{asks:?}");
        assert_eq!(scene.state("lbsas").as_deref(), Some("0"));
        assert_honest(&scene.network, &scene.keys());
    }
}

#[test]
fn lifetimes_are_bounded() {
    for (asked, granted) in [(1, 1), (450, 450), (451, 450), (u16::MAX, 450)] {
        let mut scene = Scene::new(None);
        scene.request(&Asks { lifetime: asked, ..Asks::new(Mobile::new(1), 7, 1) });
        assert_eq!(scene.wait(50), [Said::Exchange(0, 7, granted)], "{asked}");
    }
}

#[test]
fn sequence_numbers_are_remembered_as_long_as_what_they_made() {
    let mut scene = Scene::new(None);
    let mobile = Mobile::new(1);
    scene.associate(&Asks::new(mobile, 65_000, 1), 1);
    for (sequence, status) in [(65_000, 135), (64_999, 135), (32_232, 135), (32_231, 0)] {
        scene.wait(70_000);
        scene.request(&Asks::new(mobile, sequence, 2));
        let said = scene.wait(50);
        assert!(matches!(said[..], [Said::Exchange(s, ..)] if s == status), "{sequence}: {said:?}");
    }
    // Nobody has answered the last detection, and yet.
    scene.wait(70_000);
    scene.request(&Asks::new(mobile, 32_231, 3));
    assert!(matches!(scene.wait(50)[..], [Said::Exchange(135, ..)]));
    scene.wait(400_000);
    scene.request(&Asks::new(mobile, 1, 4));
    assert!(matches!(scene.wait(50)[..], [Said::Exchange(0, ..)]));
}

#[test]
fn senders_take_turns_at_growing_intervals() {
    let mut scene = Scene::new(None);
    let mobile = Mobile::new(1);
    let mut answered = Vec::new();
    for n in 0..60u16 {
        scene.request(&Asks::new(mobile, n + 1, 1));
        let said = scene.wait(500);
        if said.iter().any(|s| matches!(s, Said::Exchange(..))) {
            answered.push(n / 2);
        }
    }
    // At 0, 3, about 6 later, about 12 later: in seconds, cut off.
    assert_eq!(answered, [0, 3, 8, 19]);
    // After a while all is forgotten.
    scene.wait(60_000);
    scene.request(&Asks::new(mobile, 99, 1));
    assert!(matches!(scene.wait(50)[..], [Said::Exchange(0, ..)]));
    // Another address of the same station has no turn of its own, nor has another
    // station with the address.
    let other = Mobile { local: Mobile::new(2).local, ..mobile };
    scene.request(&Asks::new(other, 100, 1));
    let packet = Asks::new(mobile, 101, 1).packet(&scene.key.clone());
    scene.near([2, 0, 0, 0, 0, 0x77], &packet);
    assert!(!scene.wait(50).iter().any(|s| matches!(s, Said::Exchange(..))));
}

#[test]
fn every_reading_is_understood() {
    let mobile = Mobile::new(1);
    for padding in [Reading::Pkcs1, Reading::Oaep] {
        let mut scene = Scene::new(None);
        scene.associate(&Asks { padding, ..Asks::new(mobile, 7, 1) }, 1);
    }
    // And spoken, where it is wanted: rules then have notes alone.
    for reading in Reading::WHOLE {
        let mut scene = Scene::with(None, |c| c.readings = Readings::default().with(reading));
        scene.associate(&Asks::new(mobile, 7, 1), 1);
        let (_, findings) = judge(&scene.network, &scene.keys());
        let noted = findings.iter().any(|(_, text)| text.contains(reading.id()));
        assert_eq!(noted, !reading.is_default(), "{findings:#?}");
        assert_honest(&scene.network, &scene.keys());
    }
}

#[test]
fn keys_of_all_sizes_are_advertised_and_used() {
    for bits in [512, 768, 1024, 2048] {
        let key = router_key(bits, 3).unwrap();
        assert_eq!(key.octets() * 8, bits);
        let mut scene = Scene::with(None, |c| c.key = key.clone());
        scene.request(&Asks::new(Mobile::new(1), 7, 1));
        assert!(matches!(scene.wait(50)[..], [Said::Exchange(0, ..)]), "{bits}");
        let mut sent = scene.network.sent().iter().filter(|s| s.from.node == scene.router);
        let advertised = sent.find_map(|s| capability(&s.octets)).unwrap();
        assert_eq!(advertised.0, 1800);
        assert_eq!(RouterPublicKey::read(&advertised.1), Some(key.public()));
    }
    assert!(router_key(511, 3).is_none() && router_key(8193, 3).is_none());
}

#[test]
fn keys_of_all_encodings_are_read_whatever_their_size() {
    for bits in [512, 1000, 1024, 1056] {
        let key = router_key(bits, 5).unwrap().public();
        for encoding in Passage::Encoding.readings() {
            let mut octets = key.encoded(encoding);
            // With type, length and lifetime, a multiple of 8.
            octets.resize((octets.len() + 4).next_multiple_of(8) - 4, 0);
            let read = RouterPublicKey::read(&octets);
            assert_eq!(read, Some(key.clone()), "{bits} bits, {encoding}");
        }
    }
}

/// Maximum Lifetime and key in a Router Advertisement.
fn capability(frame: &[u8]) -> Option<(u16, Vec<u8>)> {
    let packet = mip6_wire::header::read_packet(&frame[14..], CODES);
    let Some(Header::Icmpv6(m)) = packet.last() else { return None };
    let Icmpv6Body::RouterAdvertisement { options, .. } = &m.body else { return None };
    NdOptions::new(options, m.kind, CODES).flatten().find_map(|o| match o.body() {
        NdBody::LkeCapability { max_lifetime, public_key } => {
            Some((max_lifetime, public_key.into_owned()))
        }
        _ => None,
    })
}

#[test]
fn the_maximum_is_bounded_by_what_it_stands_beside() {
    let all = Capability { public_key: Vec::new(), maximum: u16::MAX };
    assert_eq!(all.bounded(u16::MAX, None), Some(u16::MAX - 1));
    assert_eq!(all.bounded(1800, Some(900)), Some(900));
    assert_eq!(all.bounded(900, Some(1800)), Some(900));
    assert_eq!((all.bounded(0, None), all.bounded(1800, Some(0))), (None, None));
    let none = Capability { maximum: 0, ..all };
    assert_eq!(none.bounded(1800, None), None);
    // A router that is none does not offer it.
    let mut scene = Scene::with(None, |c| {
        c.links = c.links.iter().cloned().map(|l| RouterConfig { lifetime: 0, ..l }).collect();
    });
    scene.wait(20_000);
    assert!(scene.network.sent().iter().all(|s| capability(&s.octets).is_none()));
}

#[test]
fn nodes_with_ipsec_get_no_keys() {
    let mobile = Mobile::new(1);
    let mut scene = Scene::with(None, |c| {
        c.protected.insert(mobile.careof);
    });
    scene.request(&Asks::new(mobile, 7, 1));
    assert_eq!(scene.wait(2000), [Said::Exchange(129, 7, 0)]);
    scene.request(&Asks::new(Mobile::new(2), 7, 1));
    assert!(matches!(scene.wait(50)[..], [Said::Exchange(0, ..)]));
}

#[test]
fn only_the_link_is_listened_to() {
    let mobile = Mobile::new(1);
    let asks = Asks::new(mobile, 7, 1);
    let mut scene = Scene::new(None);
    let router = scene.key.clone();
    let good = asks.packet(&router);
    let local: Ipv6Addr = match &good[0] {
        Header::Ipv6(ip) => ip.destination,
        other => panic!("{other:?}"),
    };
    for front in [
        ip(mobile.local, local, 254),
        ip(mobile.careof, local, 255),
        ip(mobile.local, ROUTER, 255),
        ip(mobile.local, FAR_ROUTER, 255),
        ip(mobile.local, "ff02::1".parse().unwrap(), 255),
    ] {
        let mut packet = good.clone();
        packet[0] = front;
        scene.near(mobile.station, &packet);
        assert_eq!(scene.wait(50), [], "{:?}", packet[0]);
    }
    // Without care-of address.
    scene.near(mobile.station, &[good[0].clone(), good[2].clone()]);
    assert_eq!(scene.wait(50), []);
    assert_eq!(scene.state("decryptions").as_deref(), Some("0"));
    scene.near(mobile.station, &good);
    assert!(matches!(scene.wait(50)[..], [Said::Exchange(0, ..)]));
}

/// The judge notices what faults do to acknowledgements and solicitations.
#[test]
fn rules_find_faults() {
    for (fault, id) in [
        (&wrong::WRONG_HMAC, "LKE-KEA-007"),
        (&wrong::RESERVED, "LKE-KEA-008"),
        (&wrong::LOCAL_IN_OPTION, "LKE-KEA-005"),
        (&wrong::GRANTS_MAXIMUM, "LKE-AR-KE-011"),
        (&wrong::WRONG_REQUEST, "LKE-DAD-AR-003"),
        (&wrong::LATE_DETECTION, "LKE-DAD-AR-001"),
        (&wrong::INFINITE_MAXIMUM, "LKE-RA-006"),
    ] {
        assert!(!Faults::none().has(fault));
        let mut scene = Scene::new(Some(fault));
        scene.request(&Asks::new(Mobile::new(1), 7, 1));
        scene.wait(6000);
        let (_, findings) = judge(&scene.network, &scene.keys());
        assert!(
            findings.iter().any(|(_, text)| text.contains(id)),
            "{}: {findings:#?}",
            fault.name
        );
    }
}
