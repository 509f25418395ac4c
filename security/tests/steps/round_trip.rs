//! What one node sends is what the other receives.

use mip6_security::steps::{Apply, Expect, Way, receive_transport, send_transport};
use mip6_security::{Association, Encryption, Integrity, Mode, Protocol};
use mip6_testkit::build::{self, CAREOF, HOME, HOME_AGENT, ip};
use mip6_testkit::steps::{IV, KEY, SPI, ah, esp, scenes};
use mip6_wire::checksum::Sum;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, read_packet, write_packet};
use mip6_wire::ip::{HopByHop, proto};

/// Algorithms of every kind: none, blocks of 8 and 16 octets, counters,
/// combined; ICVs that AH has to pad and others.
fn associations() -> Vec<Association> {
    let esp = |encryption, key: usize, integrity, mac: usize| {
        Association::esp(SPI, (encryption, &KEY[..key]), (integrity, &KEY[..mac]))
    };
    let ah = |integrity, mac: usize| Association::ah(SPI, (integrity, &KEY[..mac]));
    [
        esp(Encryption::Null, 0, Integrity::HmacSha1_96, 20),
        esp(Encryption::TripleDesCbc, 24, Integrity::HmacMd5_96, 16),
        esp(Encryption::AesCbc, 16, Integrity::HmacSha1_96, 20),
        esp(Encryption::AesCbc, 32, Integrity::HmacSha512_256, 64),
        esp(Encryption::AesCtr, 20, Integrity::AesXcbc96, 16),
        esp(Encryption::AesGcm16, 36, Integrity::Null, 0),
        esp(Encryption::ChaCha20Poly1305, 36, Integrity::Null, 0),
        ah(Integrity::HmacMd5_96, 16),
        ah(Integrity::HmacSha1_96, 20),
        ah(Integrity::HmacSha256_128, 32),
        ah(Integrity::HmacSha384_192, 48),
    ]
    .into_iter()
    .map(|a| a.expect("keys of their sizes"))
    .collect()
}

#[test]
fn every_case_under_every_kind_of_algorithm() {
    for scene in scenes() {
        let plain = write_packet(&scene.packet, &RFC6275);
        for mut a in associations() {
            a.mode = if scene.tunnel { Mode::Tunnel } else { Mode::Transport };
            for (extended, sequence) in [(false, 7), (true, 0x1_0000_0007)] {
                a.extended = extended;
                let sent = scene.send(&a, sequence).expect("can be sent");
                let wire = write_packet(&sent.packet, &RFC6275);
                // RFC 4303 2.4: ESP ends on four octets.
                assert!(a.protocol == Protocol::Ah || wire.len().is_multiple_of(4), "{a:?}");
                for header in &sent.packet {
                    let Header::Authentication(h) = header else { continue };
                    // RFC 4302 2.6: its length is a multiple of 8 octets.
                    assert_eq!(h.icv.len() % 8, 4, "{a:?}");
                }
                let high = (sequence >> 32) as u32;
                let received = scene.receive(&wire, &a, high).expect("is accepted");
                assert_eq!(received.octets, plain, "{a:?}");
                assert_eq!(received.careof, Some(CAREOF));
                assert_eq!(received.case, sent.case);
                assert!(!extended || scene.receive(&wire, &a, high + 1).is_err(), "{a:?}");
            }
        }
    }
}

/// RFC 6275 6.1.1: the checksum covers the home address, though the IPv6 header
/// has the care-of address.
#[test]
fn checksums_cover_home_addresses() {
    for scene in scenes().iter().filter(|s| !s.tunnel) {
        let a = Association::ah(SPI, (Integrity::HmacSha1_96, &KEY[..20])).expect("a key");
        let wire = scene.wire(&a);
        let headers = read_packet(&wire, &RFC6275);
        let message = headers.last().expect("headers").to_bytes(&RFC6275);
        let (source, destination) = match scene.way {
            Way::ToHomeAgent => (HOME, HOME_AGENT),
            Way::ToMobileNode => (HOME_AGENT, HOME),
        };
        let sum = Sum::pseudo_v6(&source, &destination, message.len(), scene.protocol);
        assert_eq!(sum.over(&message).checksum(), 0, "6.{}", scene.sections[0]);
        let sum = Sum::pseudo_v6(&CAREOF, &destination, message.len(), scene.protocol);
        assert_ne!(sum.over(&message).checksum(), 0);
    }
}

/// The order of headers of section 3.1.
#[test]
fn headers_are_in_order() {
    let protocols = |octets: &[u8]| -> Vec<u8> {
        read_packet(octets, &RFC6275)
            .iter()
            .map(|h| match h {
                Header::Ipv6(_) => proto::IPV6,
                Header::DestinationOptions(_) => proto::DESTINATION_OPTIONS,
                Header::Routing(_) => proto::ROUTING,
                Header::Esp(_) => proto::ESP,
                Header::Authentication(_) => proto::AH,
                Header::Mobility(_) => proto::MOBILITY,
                other => panic!("{other:?}"),
            })
            .collect()
    };
    let [update, answer, init, ..] = scenes();
    let (options, routing) = (proto::DESTINATION_OPTIONS, proto::ROUTING);
    assert_eq!(protocols(&update.wire(&esp())), [proto::IPV6, options, proto::ESP]);
    assert_eq!(protocols(&answer.wire(&esp())), [proto::IPV6, routing, proto::ESP]);
    assert_eq!(protocols(&init.wire(&esp())), [proto::IPV6, proto::ESP]);
    assert_eq!(protocols(&update.wire(&ah())), [proto::IPV6, options, proto::AH, proto::MOBILITY]);
    assert_eq!(
        protocols(&init.wire(&ah())),
        [proto::IPV6, proto::AH, proto::IPV6, proto::MOBILITY]
    );
}

/// At home (section 3.1, the end) there is neither option nor routing header,
/// nor a step about them.
#[test]
fn at_home_nothing_is_added() {
    for scene in scenes().iter().filter(|s| !s.tunnel) {
        for a in [esp(), ah()] {
            let iv = &IV[..a.encryption().iv_octets()];
            let apply = Apply { association: &a, sequence: 1, iv };
            let sent = send_transport(&scene.packet, scene.way, None, &apply, &RFC6275)
                .expect("can be sent");
            assert!(matches!(sent.packet[1], Header::Esp(_) | Header::Authentication(_)));
            assert_eq!(sent.steps.len(), 3);
            let wire = write_packet(&sent.packet, &RFC6275);
            let received = scene.receive(&wire, &a, 0).expect("is accepted");
            assert_eq!(received.octets, write_packet(&scene.packet, &RFC6275));
            assert_eq!((received.careof, received.steps.len()), (None, 4));
            assert!(sent.case.sections()[0].title.ends_with(", at home"));
        }
    }
}

/// Hop-by-Hop Options stay in front of all, Destination Options of the upper
/// layer inside.
#[test]
fn other_extension_headers_keep_their_place() {
    let [update, ..] = scenes();
    let message = update.packet[1].clone();
    let packet =
        [ip(HOME, HOME_AGENT), Header::HopByHop(HopByHop::new(vec![5, 2, 0, 0, 1, 0])), message];
    for a in [esp(), ah()] {
        let apply = Apply { association: &a, sequence: 1, iv: &IV[..a.encryption().iv_octets()] };
        let sent = send_transport(&packet, update.way, Some(CAREOF), &apply, &RFC6275)
            .expect("can be sent");
        assert!(matches!(sent.packet[1], Header::HopByHop(_)));
        assert!(matches!(sent.packet[2], Header::DestinationOptions(_)));
        let wire = write_packet(&sent.packet, &RFC6275);
        let expect = Expect { association: &a, high: 0, selectors: update.selectors() };
        let received =
            receive_transport(&wire, update.way, &expect, &RFC6275).expect("is accepted");
        assert_eq!(received.octets, write_packet(&packet, &RFC6275));
    }
}

/// RFC 4303 2.7: in a tunnel, padding behind the packet hides how long it is.
#[test]
fn padding_behind_a_tunnelled_packet_is_taken_off() {
    let [.., payload, _] = scenes();
    let plain = write_packet(&payload.packet, &RFC6275);
    let padded = [&plain[..], &[0; 50]].concat();
    let mut sealed = Vec::new();
    mip6_security::esp::seal(&esp(), 1, &IV, proto::IPV6, &padded, &mut sealed);
    let wire = [ip(CAREOF, HOME_AGENT), build::esp(SPI, 1, sealed[8..].to_vec())];
    let received = payload.receive(&write_packet(&wire, &RFC6275), &esp(), 0).expect("is accepted");
    assert_eq!(received.octets, plain);
}
