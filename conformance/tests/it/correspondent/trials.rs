//! What is tried, and the faults that it shows.

use std::net::Ipv6Addr;

use mip6_conformance::roles::Fault;
use mip6_conformance::roles::correspondent::faults as cn;
use mip6_conformance::roles::host::faults as host;
use mip6_conformance::roles::mobility::faults as any;
use mip6_wire::checksum::Sum;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::mobility::{Message, UpdateFlags};

use super::scene::{Bu, CAREOF, CN, HOME, OTHER, Scene, echo, home_address, message};

/// Tries a requirement: whether the node keeps it.
pub(super) type Trial = fn(&mut Scene) -> bool;

pub(super) fn update_with(s: &mut Scene, change: impl Fn(&mut Bu)) -> Option<u8> {
    let (home, careof) = s.proofs();
    let mut bu = Bu::new(1, home, careof);
    change(&mut bu);
    s.update(&bu)
}

pub(super) fn changed(
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

pub(super) fn hoti() -> Vec<Header<'static>> {
    message(HOME, 1, Message::HomeTestInit { reserved: 0, cookie: 0x1234 })
}

/// A Home Test Init whose Header Len ends it in front of its cookie, with the
/// checksum of what is left.
pub(super) fn short_hoti() -> Vec<u8> {
    let mut octets = write_packet(&hoti(), &RFC6275);
    octets[41] = 0;
    octets[44..46].fill(0);
    let sum = Sum::pseudo_v6(&HOME, &CN, 8, 135).over(&octets[40..48]).checksum();
    octets[44..46].copy_from_slice(&sum.to_be_bytes());
    octets
}

pub(super) fn answers_test(s: &mut Scene) -> bool {
    s.messages().iter().any(|(_, m)| m.kind == 3)
}

/// Tests, Binding Updates, bindings.
pub(super) const BINDINGS: &[(Trial, &[&Fault])] = &[
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
];
