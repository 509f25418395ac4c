//! What is wrong is refused, in the step that sees it.

use mip6_security::esp::Unopened;
use mip6_security::steps::{
    Act, Apply, Expect, Refusal, Selectors, Unsent, Way, receive_transport, receive_tunnel,
    send_transport, send_tunnel,
};
use mip6_security::{Association, Mode, Protocol, ah::Unverified};
use mip6_testkit::build::{ACCESS_ROUTER, CAREOF, CORRESPONDENT, HOME, HOME_AGENT, ip};
use mip6_testkit::steps::{IV, KEY, SPI, Scene, ah, esp, scenes};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};

/// Offsets in an IPv6 header.
const SOURCE: usize = 8;
const DESTINATION: usize = 24;
const IPV6: usize = 40;
/// Home Address option and routing header are 24 octets with their padding, the
/// address in their last 16.
const ADDED: usize = 24;
const ADDED_ADDRESS: usize = IPV6 + 8;

/// The act in which a packet with a flipped bit is refused.
fn refused(scene: &Scene, a: &Association, wire: &[u8], bit: usize) -> Option<Act> {
    let mut octets = wire.to_vec();
    octets[bit / 8] ^= 0x80 >> (bit % 8);
    let refused = scene.receive(&octets, a, 0).err()?;
    assert_eq!(refused.steps.last().map(|s| s.act), Some(refused.act));
    assert!(refused.steps.iter().zip(1..).all(|(s, n)| s.number == n));
    Some(refused.act)
}

fn bits(from: usize, to: usize) -> std::ops::Range<usize> {
    from * 8..to * 8
}

#[test]
fn no_bit_under_protection_can_be_flipped() {
    for scene in scenes() {
        for a in [esp(), ah()] {
            let wire = scene.wire(&a);
            let at = IPV6 + if scene.tunnel { 0 } else { ADDED };
            for bit in bits(at, wire.len()) {
                // The first octet of AH says what comes next, the second how
                // long it is itself: all of it is covered.
                assert_eq!(refused(&scene, &a, &wire, bit), Some(Act::Open), "bit {bit} of {a:?}");
            }
        }
    }
}

/// ESP does not cover the addresses: the selectors find them wrong. AH does.
#[test]
fn wrong_addresses_are_refused() {
    for scene in scenes().iter().filter(|s| !s.tunnel) {
        let (encrypted, signed) = (scene.wire(&esp()), scene.wire(&ah()));
        // Where the home address is, where the home agent's is, and where the
        // care-of address is.
        let (agent, careof) = match scene.way {
            Way::ToHomeAgent => (DESTINATION, SOURCE),
            Way::ToMobileNode => (SOURCE, DESTINATION),
        };
        // The mobile node knows its home address when it sees the routing
        // header (RFC 6275 11.3.3).
        let home_act = match scene.way {
            Way::ToHomeAgent => Act::Select,
            Way::ToMobileNode => Act::Settle,
        };
        let home_act_signed = home_act.min(Act::Open);
        for (at, by_esp, by_ah) in [
            (ADDED_ADDRESS, Some(home_act), home_act_signed),
            (agent, Some(Act::Select), Act::Open),
            (careof, None, Act::Open),
        ] {
            for bit in bits(at, at + 16) {
                assert_eq!(refused(scene, &esp(), &encrypted, bit), by_esp, "bit {bit}");
                assert_eq!(refused(scene, &ah(), &signed, bit), Some(by_ah), "bit {bit}");
            }
        }
    }
}

/// A node with the right keys that sends from somebody else's home address.
#[test]
fn somebody_elses_home_address_is_refused() {
    for scene in scenes() {
        let other = ACCESS_ROUTER;
        let mut packet = scene.packet.clone();
        let Header::Ipv6(header) = &mut packet[0] else { panic!("IPv6 comes first") };
        for a in [&mut header.source, &mut header.destination] {
            if *a == HOME {
                *a = other;
            }
        }
        let forged = Scene { packet, ..scene };
        for a in [esp(), ah()] {
            let refused = forged.receive(&forged.wire(&a), &a, 0).expect_err("refused");
            let (act, why) = match (forged.way, forged.tunnel) {
                (Way::ToMobileNode, false) => (Act::Settle, Refusal::Route),
                _ => (Act::Select, Refusal::Selectors),
            };
            assert_eq!((refused.act, refused.why), (act, why));
        }
    }
}

/// The step is the draft's: 2 for what carries the home address, 3 (2 in a
/// tunnel) for IPsec, 4 (3) for selectors.
#[test]
fn refusals_name_the_step() {
    let [update, answer, init, ..] = scenes();
    let last = |scene: &Scene, wire: &[u8], a: &Association| {
        let refused = scene.receive(wire, a, 0).expect_err("refused");
        let step = refused.steps.last().expect("a step").clone();
        assert!(step.packet.is_none() && step.text.contains(&refused.to_string()), "{step:?}");
        (step.number, step.text)
    };
    let flip = |scene: &Scene, at: usize| {
        let mut wire = scene.wire(&esp());
        wire[at] ^= 1;
        wire
    };
    let (number, text) = last(&update, &flip(&update, IPV6 + ADDED + 20), &esp());
    assert_eq!(number, 3);
    assert_eq!(
        text,
        "IPsec processing fails: wrong integrity check value. The home agent discards the packet."
    );
    assert_eq!(last(&update, &flip(&update, ADDED_ADDRESS), &esp()).0, 4);
    assert_eq!(last(&answer, &flip(&answer, ADDED_ADDRESS), &esp()).0, 2);
    assert_eq!(last(&init, &flip(&init, IPV6 + 20), &esp()).0, 2);
    let other = Selectors { source: Some(CAREOF), ..Selectors::default() };
    let a = esp();
    let expect = Expect { association: &a, high: 0, selectors: other };
    let refused = receive_tunnel(&init.wire(&a), init.way, &expect, &RFC6275).expect_err("refused");
    assert_eq!(refused.steps.last().map(|s| s.number), Some(3));
}

#[test]
fn packets_of_other_kinds_are_refused() {
    let [update, _, init, ..] = scenes();
    let refusal = |scene: &Scene, wire: &[u8], a: &Association| {
        let refused = scene.receive(wire, a, 0).expect_err("refused");
        (refused.act, refused.why)
    };
    // No packet, no protection, another association.
    assert_eq!(refusal(&update, &[], &esp()), (Act::Receive, Refusal::NotIpv6));
    let plain = write_packet(&update.packet, &RFC6275);
    assert_eq!(refusal(&update, &plain, &esp()), (Act::Open, Refusal::Unprotected));
    let mut other = esp();
    other.spi += 1;
    let of_another =
        Refusal::Association { protocol: Protocol::Esp, spi: SPI, name: other.name.clone() };
    assert_eq!(refusal(&update, &update.wire(&esp()), &other), (Act::Open, of_another));
    // Wrong keys.
    let wrong = |a: Association| match a.protocol {
        Protocol::Esp => {
            Association::esp(SPI, (a.encryption(), &KEY[..16]), (a.integrity(), &[0; 20]))
        }
        Protocol::Ah => Association::ah(SPI, (a.integrity(), &[0; 20])),
    };
    let key = wrong(esp()).expect("a key of its size");
    assert_eq!(
        refusal(&update, &update.wire(&esp()), &key),
        (Act::Open, Refusal::Esp(Unopened::Icv))
    );
    let key = wrong(ah()).expect("a key of its size");
    assert_eq!(
        refusal(&update, &update.wire(&ah()), &key),
        (Act::Open, Refusal::Ah(Unverified::Icv))
    );
    // The other mode.
    let a = esp();
    let expect = Expect { association: &a, high: 0, selectors: Selectors::default() };
    let refused = receive_transport(&init.wire(&a), init.way, &expect, &RFC6275);
    assert!(matches!(refused.expect_err("refused").why, Refusal::Mode { next: 41, .. }));
    let refused = receive_tunnel(&update.wire(&a), update.way, &expect, &RFC6275);
    assert!(matches!(refused.expect_err("refused").why, Refusal::Mode { next: 135, .. }));
    // The other protocol.
    let selectors = Selectors { protocol: Some(58), ..update.selectors() };
    let expect = Expect { association: &a, high: 0, selectors };
    let refused = receive_transport(&update.wire(&a), update.way, &expect, &RFC6275);
    assert_eq!(refused.expect_err("refused").why, Refusal::Selectors);
}

/// What cannot be sent says so and is not sent.
#[test]
fn what_cannot_be_sent() {
    let [update, _, init, ..] = scenes();
    let a = esp();
    let send = |packet: &[Header<'static>], apply: &Apply<'_>| {
        send_transport(packet, update.way, Some(CAREOF), apply, &RFC6275).map(|_| ())
    };
    let apply = Apply { association: &a, sequence: 1, iv: &IV };
    assert_eq!(send(&[], &apply), Err(Unsent::NotIpv6));
    assert_eq!(send(&update.packet[1..], &apply), Err(Unsent::NotIpv6));
    let short = Apply { iv: &IV[..8], ..apply };
    assert_eq!(send(&update.packet, &short), Err(Unsent::Iv { need: 16, have: 8 }));
    // It fits an IPv6 packet, but ESP around it does not.
    for n in [65_500, 70_000] {
        let long = [ip(HOME, CORRESPONDENT), Header::Raw(vec![0; n].into())];
        assert!(matches!(send(&long, &apply), Err(Unsent::TooLong(_))), "{n}");
    }
    let mut tunnel = esp();
    tunnel.mode = Mode::Tunnel;
    let apply = Apply { association: &tunnel, ..apply };
    assert!(matches!(send(&update.packet, &apply), Err(Unsent::Mode { .. })));
    let mut transport = esp();
    transport.mode = Mode::Transport;
    let apply = Apply { association: &transport, ..apply };
    let sent = send_tunnel(&init.packet, init.way, CAREOF, HOME_AGENT, &apply, &RFC6275);
    assert!(matches!(sent, Err(Unsent::Mode { .. })));
}
