//! Correspondents: return routability, bindings, and what they do not believe.

mod faults;
mod packets;
mod scene;
mod trials;

use std::net::Ipv6Addr;

use mip6_conformance::roles::correspondent::CorrespondentConfig;
use mip6_security::keys::Keys;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::Header;
use mip6_wire::mobility::{OptionBody, UpdateFlags, options::Options};

use super::evidence;
use scene::{Bu, CAREOF, HOME, OTHER, Scene, echo, home_address};

/// The whole conversation: both tests, registration, data, another care-of
/// address, deletion; judged by the dissector.
#[test]
fn a_mobile_node_registers_moves_and_returns() {
    let mut s = Scene::new(None);
    let (home, careof) = s.proofs();
    s.send(&Bu::new(7, home, careof).headers());
    assert_eq!(s.acknowledged(), Some((0, 7, 15)));
    assert_eq!(s.route(), Some((CAREOF, true)));
    s.send(&echo(CAREOF, Some(HOME)));
    assert_eq!(s.answers().len(), 1);

    let other = s.careof_test(OTHER).unwrap();
    let moved = Bu { source: OTHER, ..Bu::new(8, home, other) };
    assert_eq!(s.update(&moved), Some(0));
    assert_eq!((s.route(), s.bound()), (Some((OTHER, true)), Some(OTHER)));

    let deletion = Bu { source: HOME, home_option: false, ..Bu::deletion(9, home) };
    s.send(&deletion.headers());
    assert_eq!(s.acknowledged(), Some((0, 9, 0)));
    assert_eq!((s.route(), s.bound()), (Some((HOME, false)), None));
    let outcome = evidence::assert_honest(&s.network, &Keys::default());
    assert!(evidence::judged(&outcome, "MIP6-RR-012") >= 2);
    assert!(evidence::judged(&outcome, "MIP6-RR-013") >= 2);
}

#[test]
fn the_same_seed_gives_the_same_octets() {
    let run = || {
        let mut s = Scene::new(None);
        s.register(7);
        s.wait_secs(90);
        s.network.sent().iter().map(|f| (f.at, f.octets.to_vec())).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

/// The sequence numbers of MIP6-CN-BU-004.
#[test]
fn sequence_numbers_have_a_window() {
    for (sequence, status) in
        [(15, 135), (0, 135), (65_535, 135), (32_783, 135), (16, 0), (32_782, 0)]
    {
        let mut s = Scene::new(None);
        let (home, careof) = s.register(15);
        s.send(&Bu::new(sequence, home, careof).headers());
        let wanted = if status == 0 { sequence } else { 15 };
        let (got, number, _) = s.acknowledged().unwrap();
        assert_eq!((got, number), (status, wanted), "{sequence}");
    }
}

#[test]
fn nonces_that_are_not_known_are_told_apart() {
    let mut s = Scene::new(None);
    let (home, careof) = s.proofs();
    let unknown = |p: scene::Proof| (p.0.wrapping_add(1000), p.1);
    for (home, careof, status) in [
        (unknown(home), careof, 136),
        (home, unknown(careof), 137),
        (unknown(home), unknown(careof), 138),
    ] {
        // It says so unasked, without an authenticator.
        let bu = Bu { flags: UpdateFlags::empty(), ..Bu::new(1, home, careof) };
        assert_eq!(s.update(&bu), Some(status));
        let messages = s.messages();
        let (_, ack) = &messages[0];
        let options = Options::new(&ack.options, ack.format(), &RFC6275);
        let signed =
            options.flatten().any(|o| matches!(o.body(), OptionBody::BindingAuthorization { .. }));
        assert!(!signed);
    }
}

#[test]
fn tokens_are_accepted_for_210_s_and_no_more_than_240() {
    for (age, status) in [(200, 0), (209, 0), (245, 138)] {
        let mut s = Scene::new(None);
        let (home, careof) = s.proofs();
        s.wait_secs(age);
        assert_eq!(s.update(&Bu::new(1, home, careof)), Some(status), "{age} s");
    }
}

#[test]
fn lifetimes_end_and_are_no_longer_than_420_s() {
    let mut s = Scene::new(None);
    let (home, careof) = s.proofs();
    s.send(&Bu { lifetime: 0xffff, ..Bu::new(1, home, careof) }.headers());
    assert_eq!(s.acknowledged(), Some((0, 1, 105)));
    s.wait_secs(419);
    assert_eq!(s.bound(), Some(CAREOF));
    s.wait_secs(2);
    assert_eq!(s.bound(), None);
    s.send(&echo(CAREOF, Some(HOME)));
    assert_eq!(s.error(), Some((CAREOF, 1, HOME)));
}

#[test]
fn a_binding_in_use_is_refreshed_three_times_at_most() {
    let requests =
        |s: &Scene| s.messages().iter().filter(|(to, m)| m.kind == 0 && *to == HOME).count();
    for (uses, wanted) in [(false, 0), (true, 3)] {
        let mut s = Scene::new(None);
        s.register(1);
        s.wait(1000);
        if uses {
            s.route();
        }
        s.wait_secs(58);
        assert_eq!(requests(&s), wanted);
    }
    // A Binding Update ends them.
    let mut s = Scene::new(None);
    let (home, careof) = s.register(1);
    s.wait(1000);
    s.route();
    s.wait(44_000);
    assert_eq!(requests(&s), 1);
    s.update(&Bu::new(2, home, careof));
    s.wait_secs(10);
    assert_eq!(requests(&s), 0);
    evidence::assert_honest(&s.network, &Keys::default());
}

#[test]
fn a_full_cache_replaces_what_is_idle_and_refuses_else() {
    let config = CorrespondentConfig { max_bindings: 1, ..CorrespondentConfig::default() };
    let mut s = Scene::with(config, None);
    let (_, careof) = s.proofs();
    let home = s.home_test().unwrap();
    let mut bu = Bu { lifetime: 100, ..Bu::new(1, home, careof) };
    assert_eq!(s.update(&bu), Some(0));
    // Another home address, away or not: here it is the other care-of address.
    let second = s.home_test_of(OTHER).unwrap();
    bu = Bu { home: OTHER, ..Bu::new(1, second, careof) };
    bu.flags = UpdateFlags::empty();
    assert_eq!(s.update(&bu), Some(130));
    s.wait_secs(61);
    assert_eq!((s.update(&Bu { flags: UpdateFlags::A, ..bu }), s.bound()), (Some(0), None));
}

#[test]
fn without_route_optimization_it_is_a_plain_node() {
    let config =
        CorrespondentConfig { route_optimization: false, ..CorrespondentConfig::default() };
    let mut s = Scene::with(config, None);
    assert_eq!(s.home_test(), None);
    assert_eq!(s.problem(), Some((HOME, 1, 6)));
    s.send(&echo(CAREOF, Some(HOME)));
    // Code 2, at the option's type: behind the IPv6 header, the options header and
    // four octets of padding.
    assert_eq!(s.problem(), Some((CAREOF, 2, 40 + 2 + 4)));
    let mut many = echo(CAREOF, Some(HOME));
    if let Header::Ipv6(ip) = &mut many[0] {
        ip.destination = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
    }
    s.send(&many);
    assert!(s.answers().is_empty());
}

#[test]
fn persistent_errors_end_a_binding() {
    let mut s = Scene::new(None);
    s.register(1);
    s.unreachable();
    assert_eq!(s.bound(), Some(CAREOF));
    // A packet from there says otherwise.
    s.send(&echo(CAREOF, Some(HOME)));
    s.unreachable();
    s.unreachable();
    assert_eq!(s.bound(), Some(CAREOF));
    s.unreachable();
    assert_eq!((s.bound(), s.route()), (None, Some((HOME, false))));
}

#[test]
fn binding_errors_are_limited() {
    let mut s = Scene::new(None);
    s.send(&echo(CAREOF, Some(HOME)));
    let before = s.network.sent().len();
    for _ in 0..1000 {
        s.flood(&echo(CAREOF, Some(HOME)));
    }
    s.wait(100);
    let errors = s.network.sent()[before..].iter().filter(|f| f.from.node == s.cn).count();
    assert!((1..=120).contains(&errors), "{errors}");
}

/// A node may be told anything: nothing of it ends it.
#[test]
fn damaged_packets_leave_it_alive() {
    use mip6_wire::header::write_packet;
    let mut s = Scene::new(None);
    let (home, careof) = s.register(1);
    let whole = write_packet(&Bu::new(2, home, careof).headers(), &RFC6275);
    for at in 40..whole.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] = value;
            s.flood_octets(&damaged);
            let mut short = whole[..at].to_vec();
            let len = (short.len() - 40) as u16;
            short[4..6].copy_from_slice(&len.to_be_bytes());
            s.flood_octets(&short);
        }
    }
    s.wait(2000);
    assert!(s.home_test().is_some());
    assert!(s.network.get(s.cn).unwrap().host().is_up(scene::PLACE));
}

#[test]
fn options_and_headers_out_of_place() {
    let mut s = Scene::new(None);
    s.register(1);
    // Twice.
    let mut twice = echo(CAREOF, Some(HOME));
    twice.insert(1, home_address(HOME));
    s.send(&twice);
    assert!(s.answers().is_empty());
    // A routing header to a node that is not mobile (RFC 6275 8.2).
    let mut routed = echo(CAREOF, None);
    routed.insert(1, Header::Routing(mip6_wire::ip::Routing::home(HOME)));
    s.send(&routed);
    assert!(s.answers().is_empty());
    // Type 0 (RFC 5095).
    let mut source_routed = echo(CAREOF, None);
    let mut header = mip6_wire::ip::Routing::home(HOME);
    header.kind = 0;
    source_routed.insert(1, Header::Routing(header));
    s.send(&source_routed);
    assert_eq!(s.problem(), Some((CAREOF, 0, 42)));
}

/// With a mobile node and a home agent instead of packets made by hand.
#[test]
fn a_real_mobile_node_optimizes_its_route() {
    use mip6_conformance::case::Suite;
    use mip6_conformance::roles::correspondent::faults as cn;
    use mip6_conformance::roles::host::faults::IGNORES_BINDINGS;
    use mip6_conformance::roles::{Fault, Faults};
    use mip6_conformance::run::verdict::Verdict;
    use mip6_conformance::run::{Options, run};

    let suite = Suite::embedded().unwrap();
    let (case, instance) = suite
        .instances()
        .find(|(case, _)| case.id == "cn.registration.accept")
        .expect("the case of a registration with a correspondent");
    let verdict = |fault: Option<&'static Fault>| {
        let faults = fault.map_or_else(Faults::none, |f| Faults::none().with(f));
        let outcome =
            run(case, instance, &suite.sources, &Options { faults, ..Options::default() });
        outcome.verdict
    };
    assert_eq!(verdict(None), Verdict::Pass);
    assert_eq!(verdict(Some(&cn::BINDS_NOTHING)), Verdict::Fail);
    assert_eq!(verdict(Some(&IGNORES_BINDINGS)), Verdict::Fail);
    // Its tests are what the case rests on.
    assert_eq!(verdict(Some(&cn::NO_HOME_TEST)), Verdict::Inconclusive);
}
