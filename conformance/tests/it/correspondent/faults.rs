//! Each fault shows where its requirement is tried, and the honest node passes.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_conformance::roles::Fault;
use mip6_conformance::roles::correspondent::faults as cn;
use mip6_conformance::roles::correspondent::{Correspondent, CorrespondentConfig};
use mip6_conformance::roles::host::faults as host;
use mip6_conformance::roles::mobility::{Mobility, faults as any};
use mip6_wire::checksum::Sum;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::layout::Auto;
use mip6_wire::mobility::{Message, UpdateFlags};

use super::scene::{Bu, CAREOF, CN, HOME, OTHER, Scene, echo, home_address, message};

/// Tries a requirement: whether the node keeps it.
type Trial = fn(&mut Scene) -> bool;

fn update_with(s: &mut Scene, change: impl Fn(&mut Bu)) -> Option<u8> {
    let (home, careof) = s.proofs();
    let mut bu = Bu::new(1, home, careof);
    change(&mut bu);
    s.update(&bu)
}

fn changed(
    mut headers: Vec<Header<'static>>,
    change: impl Fn(&mut mip6_wire::mobility::Mobility<'static>),
) -> Vec<Header<'static>> {
    for header in &mut headers {
        if let Header::Mobility(m) = header {
            change(m);
        }
    }
    headers
}

fn hoti() -> Vec<Header<'static>> {
    message(HOME, 1, Message::HomeTestInit { reserved: 0, cookie: 0x1234 })
}

/// A Home Test Init whose Header Len ends it in front of its cookie, with the
/// checksum of what is left.
fn short_hoti() -> Vec<u8> {
    let mut octets = write_packet(&hoti(), &RFC6275);
    octets[41] = 0;
    octets[44..46].fill(0);
    let sum = Sum::pseudo_v6(&HOME, &CN, 8, 135).over(&octets[40..48]).checksum();
    octets[44..46].copy_from_slice(&sum.to_be_bytes());
    octets
}

fn answers_test(s: &mut Scene) -> bool {
    s.messages().iter().any(|(_, m)| m.kind == 3)
}

const TRIALS: &[(Trial, &[&Fault])] = &[
    (
        |s| s.home_test().is_some() && s.home_test().is_some(),
        &[&cn::NO_HOME_TEST, &cn::WRONG_COOKIE],
    ),
    (|s| s.careof_test(CAREOF).is_some(), &[&cn::NO_CAREOF_TEST, &cn::WRONG_COOKIE]),
    (|s| s.home_test() == s.home_test(), &[&cn::NONCE_PER_REQUEST, &cn::RANDOM_TOKENS]),
    (|s| s.home_test_of(CAREOF) != s.careof_test(CAREOF), &[&cn::EQUAL_TOKENS]),
    (|s| (0..200).all(|_| s.home_test().is_some()), &[&cn::REMEMBERS_INITS]),
    (
        |s| {
            s.send(&message(HOME, 1, Message::HomeTestInit { reserved: 0xffff, cookie: 1 }));
            answers_test(s)
        },
        &[&cn::MINDS_RESERVED],
    ),
    (
        |s| {
            let mut headers = hoti();
            headers.insert(1, home_address(OTHER));
            s.send(&headers);
            s.messages().is_empty()
        },
        &[&cn::ANSWERS_HOME_OPTION],
    ),
    (
        |s| {
            s.register(1);
            s.home_test().is_some()
        },
        &[&cn::TESTS_CAREOF, &host::ROUTES_MOBILITY],
    ),
    (
        |s| {
            let (home, careof) = s.proofs();
            s.wait_secs(200);
            s.update(&Bu::new(1, home, careof)) == Some(0)
        },
        &[&cn::SHORT_NONCES],
    ),
    (
        |s| {
            let (home, careof) = s.proofs();
            s.wait_secs(245);
            s.update(&Bu::new(1, home, careof)) == Some(138)
        },
        &[&cn::ENDLESS_NONCES, &cn::VAGUE_ABOUT_NONCES],
    ),
    (
        |s| {
            let (home, careof) = s.proofs();
            let unknown = (home.0.wrapping_add(100), home.1);
            s.update(&Bu::new(1, unknown, careof)) == Some(136)
        },
        &[&cn::ACCEPTS_UNKNOWN_INDEX, &cn::VAGUE_ABOUT_NONCES],
    ),
    (
        |s| {
            let (home, careof) = s.proofs();
            home.0 == careof.0 && s.update(&Bu::new(1, home, careof)) == Some(0)
        },
        &[&cn::REFUSES_EQUAL_INDICES, &any::IGNORES_ACKNOWLEDGE],
    ),
    (|s| update_with(s, |b| b.flags |= UpdateFlags::H).is_none(), &[&any::ACCEPTS_HOME_INDICES]),
    (
        |s| {
            let plain = |b: &mut Bu| {
                b.flags |= UpdateFlags::H;
                b.indices = None;
                b.key = None;
            };
            update_with(s, plain) == Some(131)
        },
        &[&cn::ACCEPTS_HOME_REGISTRATION],
    ),
    (|s| update_with(s, |b| b.flags |= UpdateFlags::K) == Some(0), &[&cn::MINDS_KEY_FLAG]),
    (
        |s| update_with(s, |b| b.flags |= UpdateFlags::from_bits_retain(0x0fff)) == Some(0),
        &[&any::MINDS_UPDATE_RESERVED],
    ),
    (
        |s| update_with(s, |b| b.indices = None).is_none() && s.bound().is_none(),
        &[&cn::ACCEPTS_MISSING_INDICES, &cn::ANSWERS_DISCARDED],
    ),
    (
        |s| update_with(s, |b| b.key = None).is_none() && s.bound().is_none(),
        &[&cn::ACCEPTS_MISSING_AUTHENTICATOR],
    ),
    (|s| update_with(s, |b| b.padded = true).is_none(), &[&cn::ACCEPTS_TRAILING_PADDING]),
    (
        |s| update_with(s, |b| b.broken = true).is_none() && s.bound().is_none(),
        &[&cn::ACCEPTS_BAD_AUTHENTICATOR, &cn::ANSWERS_DISCARDED],
    ),
    (
        |s| {
            let (home, other) = (s.home_test(), s.careof_test(OTHER));
            let Some((home, other)) = home.zip(other) else { return false };
            let bu = Bu { alternate: Some(OTHER), ..Bu::new(1, home, other) };
            s.update(&bu) == Some(0)
                && s.messages()[0].0 == CAREOF
                && s.bound() == Some(OTHER)
                && s.route() == Some((OTHER, true))
        },
        &[
            &cn::AUTHENTICATES_SOURCE,
            &any::IGNORES_ALTERNATE,
            &any::ACKNOWLEDGES_CAREOF,
            &any::ACKNOWLEDGES_HOME,
        ],
    ),
    (
        |s| {
            let (home, other) = (s.home_test(), s.careof_test(OTHER));
            let Some((home, other)) = home.zip(other) else { return false };
            let bu = Bu { alternate: Some(OTHER), swapped: true, ..Bu::new(1, home, other) };
            s.update(&bu) == Some(0)
        },
        &[&any::WANTS_ORDER],
    ),
    (
        |s| update_with(s, |b| b.front = vec![200, 4, 1, 2, 3, 4]) == Some(0),
        &[&any::DISCARDS_UNKNOWN_OPTIONS],
    ),
    (|s| update_with(s, |b| b.front = vec![1, 2, 9, 9]) == Some(0), &[&any::MINDS_PADDING]),
    (
        |s| {
            // The link-local address of the peer, whose test is answered.
            let local = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0xff, 0xfe00, 2);
            let (home, careof) = (s.home_test(), s.careof_test(local));
            let Some((home, careof)) = home.zip(careof) else { return false };
            let bu = Bu { alternate: Some(local), ..Bu::new(1, home, careof) };
            s.update(&bu).is_none() && s.bound().is_none()
        },
        &[&any::ACCEPTS_UNROUTABLE_CAREOF],
    ),
    (
        |s| {
            s.register(5);
            let (home, careof) = s.proofs();
            s.send(&Bu::new(5, home, careof).headers());
            s.acknowledged().is_some_and(|a| (a.0, a.1) == (135, 5))
                && s.update(&Bu::new(4, home, careof)) == Some(135)
        },
        &[&any::IGNORES_SEQUENCE],
    ),
    (
        |s| {
            s.register(65_535);
            let (home, careof) = s.proofs();
            s.update(&Bu::new(3, home, careof)) == Some(0)
        },
        &[&any::COMPARES_PLAINLY],
    ),
    (
        |s| {
            s.register(5);
            let (home, careof) = s.proofs();
            s.send(&Bu::new(4, home, careof).headers());
            s.acknowledged().is_some_and(|a| (a.0, a.1) == (135, 5))
        },
        &[&any::ECHOES_SEQUENCE, &any::IGNORES_SEQUENCE],
    ),
    (
        |s| {
            let (home, careof) = s.proofs();
            s.update(&Bu::new(0, home, careof)) == Some(0)
        },
        &[&any::BEGINS_AT_ZERO],
    ),
    (
        |s| {
            let (home, careof) = s.register(5);
            let bu = Bu { flags: UpdateFlags::empty(), ..Bu::new(4, home, careof) };
            s.update(&bu) == Some(135)
        },
        &[&any::REFUSES_SILENTLY],
    ),
    (
        |s| update_with(s, |b| b.flags = UpdateFlags::empty()).is_none() && s.bound().is_some(),
        &[&any::ACKNOWLEDGES_ALL, &cn::BINDS_NOTHING],
    ),
    (
        |s| {
            s.register(1);
            s.route() == Some((CAREOF, true))
        },
        &[&cn::BINDS_NOTHING, &host::IGNORES_BINDINGS],
    ),
    (
        |s| {
            let (home, _) = s.register(1);
            let Some(other) = s.careof_test(OTHER) else { return false };
            s.update(&Bu { source: OTHER, ..Bu::new(2, home, other) });
            s.bound() == Some(OTHER)
        },
        &[&cn::KEEPS_FIRST_CAREOF],
    ),
    (
        |s| {
            update_with(s, |_| {});
            s.acknowledged().is_some_and(|a| a.2 <= 15)
        },
        &[&cn::GRANTS_MORE],
    ),
    (
        |s| {
            update_with(s, |b| b.lifetime = 200);
            s.acknowledged().is_some_and(|a| a.2 <= 105)
        },
        &[&cn::GRANTS_LONG, &cn::GRANTS_MORE],
    ),
    (
        |s| {
            s.register(1);
            s.wait_secs(61);
            s.send(&echo(CAREOF, Some(HOME)));
            s.error() == Some((CAREOF, 1, HOME))
        },
        &[
            &cn::NEVER_EXPIRES,
            &any::SILENT_ON_UNBOUND,
            &any::ERROR_WITHOUT_HOME,
            &any::ERROR_TO_HOME,
            &host::BELIEVES_ALL,
        ],
    ),
    (
        |s| {
            s.register(1);
            s.wait_secs(55);
            s.bound().is_some()
        },
        &[&cn::EXPIRES_EARLY, &any::COUNTS_SECONDS],
    ),
    (
        |s| {
            let (home, _) = s.register(1);
            s.update(&Bu::deletion(2, home)) == Some(0) && s.bound().is_none()
        },
        &[&cn::KEEPS_DELETED, &cn::CHECKS_DELETION_INDEX],
    ),
    (
        |s| {
            let Some(home) = s.home_test() else { return false };
            s.update(&Bu::deletion(2, home)) == Some(0) && s.bound().is_none()
        },
        &[&cn::CREATES_ON_DELETION],
    ),
    (
        |s| {
            let (home, careof) = s.register(1);
            s.update(&Bu::deletion(2, home));
            // What came first, once more.
            s.update(&Bu::new(1, home, careof)) == Some(135) && s.bound().is_none()
        },
        &[&cn::FORGETS_DELETED],
    ),
    (
        |s| {
            s.register(1);
            s.unreachable();
            s.bound().is_some()
        },
        &[&cn::ENDS_ON_FIRST_ERROR],
    ),
    (
        |s| {
            s.register(1);
            (0..5).for_each(|_| s.unreachable_if_routed());
            s.bound().is_none()
        },
        &[&cn::IGNORES_UNREACHABLE],
    ),
    (
        |s| {
            s.register(1);
            s.wait(1000);
            s.route();
            s.wait_secs(58);
            s.messages().iter().filter(|(_, m)| m.kind == 0).count() == 3
        },
        &[&cn::REFRESH_STORM],
    ),
    (
        |s| {
            let Some(home) = s.home_test() else { return false };
            s.register(1);
            let bu = Bu { source: HOME, home_option: false, ..Bu::deletion(2, home) };
            s.send(&bu.headers());
            let answers = s.answers();
            !answers.iter().flatten().any(|h| matches!(h, Header::Routing(_)))
        },
        &[&any::ROUTES_ALL_ACKNOWLEDGEMENTS],
    ),
    (
        |s| {
            s.register(1);
            s.answers().iter().flatten().all(|h| match h {
                Header::Mobility(m) => m.options.len() >= 14,
                _ => true,
            })
        },
        &[&cn::UNSIGNED],
    ),
    (
        |s| {
            s.register(1);
            s.messages().iter().all(|(_, m)| match m.message {
                Message::BindingAcknowledgement { flags, .. } => flags.is_empty(),
                _ => true,
            })
        },
        &[&cn::SETS_KEY_FLAG],
    ),
    (
        |s| {
            s.send(&changed(hoti(), |m| m.payload_proto = 58));
            s.messages().is_empty() && s.problem() == Some((HOME, 0, 40))
        },
        &[
            &any::ACCEPTS_PAYLOAD,
            &any::SILENT_ON_PAYLOAD,
            &any::POINTS_WRONG_AT_PAYLOAD,
            &host::NO_ERRORS,
        ],
    ),
    (
        |s| {
            s.send_octets(&short_hoti());
            s.messages().is_empty() && s.problem() == Some((HOME, 0, 41))
        },
        &[&any::SILENT_ON_SHORT, &any::POINTS_WRONG_AT_SHORT, &host::READS_PAST_SHORT_HEADERS],
    ),
    (
        |s| {
            s.send(&changed(hoti(), |m| m.reserved = 0xff));
            answers_test(s)
        },
        &[&any::MINDS_RESERVED],
    ),
    (
        |s| {
            s.send(&changed(hoti(), |m| m.checksum = Auto::Fixed(0x1234)));
            s.answers().is_empty()
        },
        &[&host::ACCEPTS_CHECKSUMS],
    ),
    (
        |s| {
            s.send(&changed(hoti(), |m| m.kind = 250));
            s.error() == Some((HOME, 2, Ipv6Addr::UNSPECIFIED))
        },
        &[&any::IGNORES_UNKNOWN_TYPES, &any::ERROR_WITHOUT_HOME],
    ),
    (
        |s| {
            s.send(&changed(hoti(), |m| m.options = vec![200, 60, 0, 0, 0, 0, 0, 0].into()));
            s.messages().is_empty()
        },
        &[&any::ACCEPTS_OVERRUN],
    ),
    (
        |s| {
            s.send(&changed(hoti(), |m| m.options = vec![200, 60, 0, 0, 0, 0, 0, 0].into()));
            s.home_test().is_some()
        },
        &[&any::DIES],
    ),
    (
        |s| {
            s.register(1);
            let mut headers = hoti();
            headers[0] = Header::Ipv6(mip6_wire::ip::Ipv6::new(CAREOF, CN));
            headers.insert(1, home_address(HOME));
            s.send(&changed(headers, |m| m.payload_proto = 58));
            s.problem().is_some_and(|p| p.0 == CAREOF)
                && !s.answers().iter().flatten().any(|h| matches!(h, Header::Routing(_)))
        },
        &[&host::ERRORS_BY_BINDING],
    ),
    (
        |s| {
            s.send(&echo(CAREOF, Some(HOME)));
            s.error().is_some() && s.bound().is_none()
        },
        &[&any::BINDS_BY_OPTION, &host::BELIEVES_ALL],
    ),
    (
        |s| {
            s.register(1);
            s.send(&echo(OTHER, Some(HOME)));
            s.error() == Some((OTHER, 1, HOME)) && s.bound() == Some(CAREOF)
        },
        &[&host::BELIEVES_ANY_CAREOF, &any::BINDS_BY_OPTION],
    ),
    (|s| update_with(s, |_| {}) == Some(0), &[&host::WANTS_BINDINGS]),
    (
        |s| {
            s.register(1);
            s.send(&echo(CAREOF, Some(HOME)));
            s.answers().iter().flatten().any(|h| matches!(h, Header::Routing(_)))
        },
        &[&host::SHOWS_CAREOF, &host::IGNORES_BINDINGS],
    ),
    (
        |s| {
            let mut headers = echo(CAREOF, None);
            headers.insert(1, Header::Routing(mip6_wire::ip::Routing::home(HOME)));
            s.send(&headers);
            s.answers().is_empty()
        },
        &[&host::ANSWERS_ROUTES],
    ),
    (
        |s| {
            let bad = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 9);
            s.send(&echo(CAREOF, Some(bad)));
            s.answers().is_empty()
        },
        &[&any::ACCEPTS_UNROUTABLE_HOME],
    ),
    (
        |s| {
            // The first finds out the link-layer address.
            s.send(&echo(CAREOF, Some(HOME)));
            for _ in 0..500 {
                s.flood(&echo(CAREOF, Some(HOME)));
            }
            let before = s.network.sent().len();
            s.wait(100);
            s.network.sent()[before..].iter().filter(|f| f.from.node == s.cn).count() < 200
        },
        &[&any::UNLIMITED_ERRORS],
    ),
    (
        |s| {
            let (home, careof) = s.proofs();
            let group = Ipv6Addr::new(0xff0e, 0, 0, 0, 0, 0, 0, 1);
            let mut bu = Bu { alternate: Some(CAREOF), ..Bu::new(1, home, careof) };
            bu.source = group;
            s.update(&bu).is_none() && s.bound().is_none()
        },
        &[&host::ANSWERS_GROUPS],
    ),
    (
        |s| {
            s.register(1);
            s.echo_home(1500 - 48);
            let long = |f: &mip6_conformance::network::Sent| f.octets.len() > 14 + 1500;
            !s.network.sent().iter().any(long)
        },
        &[&host::FORGETS_ROUTES_IN_MTU],
    ),
];

#[test]
fn each_fault_shows_and_the_honest_node_does_not() {
    for (n, (trial, faults)) in TRIALS.iter().enumerate() {
        assert!(trial(&mut Scene::new(None)), "trial {n} fails the honest node");
        for fault in *faults {
            assert!(!trial(&mut Scene::new(Some(fault))), "trial {n} does not see {}", fault.name);
        }
    }
}

#[test]
fn each_fault_of_a_correspondent_is_tried() {
    let elsewhere = [&cn::ALWAYS_ON, &cn::SILENT_WHEN_FULL, &cn::SIGNS_NONCE_REFUSALS];
    let tried: Vec<&str> = TRIALS.iter().flat_map(|(_, f)| f.iter()).map(|f| f.name).collect();
    let untried: Vec<&str> = cn::FAULTS
        .iter()
        .filter(|f| !tried.contains(&f.name) && !elsewhere.contains(f))
        .map(|f| f.name)
        .collect();
    assert!(untried.is_empty(), "{untried:?}");
}

#[test]
fn faults_that_need_another_correspondent() {
    let off = CorrespondentConfig { route_optimization: false, ..CorrespondentConfig::default() };
    assert!(Scene::with(off.clone(), None).home_test().is_none());
    assert!(Scene::with(off, Some(&cn::ALWAYS_ON)).home_test().is_some());

    let full = |fault| {
        let config = CorrespondentConfig { max_bindings: 0, ..CorrespondentConfig::default() };
        let mut s = Scene::with(config, fault);
        update_with(&mut s, |b| b.flags = UpdateFlags::empty())
    };
    assert_eq!((full(None), full(Some(&cn::SILENT_WHEN_FULL))), (Some(130), None));

    let signed = |fault| {
        let mut s = Scene::new(fault);
        s.update(&Bu::new(1, (7, 7), (8, 8)));
        s.messages().iter().any(|(_, m)| m.options.len() >= 14)
    };
    assert!(!signed(None) && signed(Some(&cn::SIGNS_NONCE_REFUSALS)));

    // A node that holds Mobility without route optimization ignores what is not for
    // it.
    let off = CorrespondentConfig { route_optimization: false, ..CorrespondentConfig::default() };
    let modules: Vec<Box<dyn mip6_conformance::roles::Module>> =
        vec![Box::new(Mobility::default()), Box::new(Correspondent::new(off))];
    let mut s = Scene::of(modules, None, 1);
    assert!(s.home_test().is_none() && s.answers().is_empty());
    s.network.run_for(Duration::from_secs(1));
}
