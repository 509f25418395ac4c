//! What is tried with headers, options and errors.

use std::net::Ipv6Addr;

use mip6_conformance::roles::Fault;
use mip6_conformance::roles::host::faults as host;
use mip6_conformance::roles::mobility::faults as any;
use mip6_wire::header::Header;
use mip6_wire::layout::Auto;

use super::scene::{Bu, CAREOF, CN, HOME, OTHER, echo, home_address};
use super::trials::{Trial, answers_test, changed, hoti, short_hoti, update_with};

/// Headers, options, errors.
pub(super) const PACKETS: &[(Trial, &[&Fault])] = &[
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
