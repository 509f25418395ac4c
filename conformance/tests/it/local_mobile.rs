//! Mobile nodes of Local Key Exchange, with access routers, home agent and correspondent.

mod scene;

use mip6_conformance::roles::Faults;
use mip6_conformance::roles::mobile_node::local::faults::EXCHANGES_EARLY;
use mip6_conformance::roles::mobile_node::{LocalConfig, Way};
use mip6_wire::mobility::Message;

use scene::{HOME, LINKS, Scene, Setup, agent, careof, home, router};

const FIRST: u16 = LINKS[0];
const SECOND: u16 = LINKS[1];
const THIRD: u16 = LINKS[2];

/// Registered on the first link, with a key shared with the access router there.
fn settled(setup: Setup) -> Scene {
    let mut scene = setup.build();
    scene.go(FIRST);
    scene.wait(20);
    assert_eq!(scene.registered(), Some(careof(FIRST).to_string()));
    assert_eq!(scene.association(FIRST), Some(careof(FIRST).to_string()));
    scene
}

/// Registration, exchange, detection; then a move, with traffic through the access
/// router before, by the care-of address there and by the home address.
#[test]
fn a_handover_goes_by_the_access_router_before() {
    let mut scene = settled(Setup { finished: true, ..Setup::default() });
    assert!(scene.ping(home()) && scene.ping(careof(FIRST)));
    let from = scene.mark();
    scene.go(SECOND);
    scene.wait(20);
    assert_eq!(scene.forwards(FIRST), Some(careof(SECOND).to_string()));
    assert_eq!(scene.association(SECOND), Some(careof(SECOND).to_string()));
    assert_eq!(scene.registered(), Some(careof(SECOND).to_string()));
    assert!(scene.ping(careof(FIRST)), "not through the access router before");
    assert!(scene.ping(careof(SECOND)) && scene.ping(home()));
    assert_eq!(scene.updates(from, router(FIRST)), 1);
    let finished = |m: &Message<'_>| matches!(m, Message::Finished { .. });
    assert!(scene.messages(from).iter().any(|(to, m)| *to == router(FIRST) && finished(m)));
    scene.honest();
    scene.judged(&[
        "LKE-KER-002",
        "LKE-KER-006",
        "LKE-KER-011",
        "LKE-KEA-007",
        "LKE-KEA-014",
        "LKE-DAD-AR-003",
        "LKE-DAD-MN-002",
        "LKE-BU-001",
        "LKE-BU-002",
        "LKE-BU-007",
        "LKE-BU-016",
        "LKE-BA-002",
        "LKE-BA-006",
        "LKE-BA-007",
        "LKE-BA-008",
    ]);
}

/// A tunnel leads into the next: addresses of two links before are reached.
#[test]
fn addresses_of_several_links_stay_in_use() {
    let mut scene = settled(Setup::default());
    for link in [SECOND, THIRD] {
        scene.go(link);
        scene.wait(20);
    }
    assert_eq!(scene.forwards(SECOND), Some(careof(THIRD).to_string()));
    assert_eq!(scene.forwards(FIRST), Some(careof(SECOND).to_string()));
    assert!(scene.ping(careof(SECOND)) && scene.ping(careof(FIRST)) && scene.ping(home()));
    scene.honest();
}

/// Way (2) of draft 2.2: the home agent is spared as long as an access router forwards.
#[test]
fn an_access_router_is_the_home_agent_for_a_time() {
    let mut setup = Setup { maximum: 200, ..Setup::default() }.way(Way::Temporary);
    setup.mobile.lifetime = 3600;
    let mut scene = settled(setup);
    let from = scene.mark();
    for link in [SECOND, THIRD] {
        scene.go(link);
        scene.wait(15);
        assert_eq!(scene.forwards(FIRST), Some(careof(link).to_string()));
        assert_eq!(scene.registered(), Some(careof(FIRST).to_string()));
        assert!(scene.ping(home()), "not by the home address on link {link}");
        assert!(scene.ping(careof(FIRST)), "not by the care-of address on link {link}");
    }
    assert_eq!(scene.updates(from, agent()), 0);
    // No key is exchanged where the home agent has not been told (6.3).
    assert_eq!(scene.requests(from), 0);
    // Before the association ends it is (5.4); then the access router there has a key.
    scene.wait(160);
    assert_eq!(scene.registered(), Some(careof(THIRD).to_string()));
    assert_eq!(scene.association(THIRD), Some(careof(THIRD).to_string()));
    assert!(scene.ping(home()));
    scene.honest();
    scene.judged(&["LKE-BU-006"]);
}

/// An access router that has forgotten the key refuses: the home agent is told at once.
#[test]
fn where_no_access_router_forwards_the_home_agent_is_told() {
    let mut scene = settled(Setup::default().way(Way::Temporary));
    let node = scene.router_of(FIRST);
    scene.network.command(node, &mip6_conformance::roles::Command::Restart);
    scene.go(SECOND);
    scene.wait(30);
    assert_eq!(scene.registered(), Some(careof(SECOND).to_string()));
    assert_eq!(scene.association(SECOND), Some(careof(SECOND).to_string()));
    assert!(scene.ping(home()));
}

/// Associations are renewed as long as the mobile node stays, for ever.
#[test]
fn associations_are_renewed() {
    let mut scene = settled(Setup { maximum: 60, ..Setup::default() });
    let from = scene.mark();
    for _ in 0..40 {
        scene.wait(15);
        assert_eq!(scene.association(FIRST), Some(careof(FIRST).to_string()));
    }
    // Each lasts for three quarters of its time.
    let requests = scene.requests(from);
    assert!((12..=14).contains(&requests), "{requests} requests in 600 s");
    scene.honest();
    scene.judged(&["LKE-KER-009", "LKE-KER-013"]);
}

/// Back on a link whose access router forwards for the address there.
#[test]
fn it_comes_back_to_a_link() {
    let mut scene = settled(Setup::default());
    for link in [SECOND, FIRST, SECOND, FIRST] {
        scene.go(link);
        scene.wait(30);
        assert_eq!(scene.registered(), Some(careof(link).to_string()), "on link {link}");
        assert_eq!(scene.association(link), Some(careof(link).to_string()), "on link {link}");
        assert!(scene.ping(home()) && scene.ping(careof(link)), "on link {link}");
    }
    scene.honest();
}

/// At home nothing of Local Key Exchange is done.
#[test]
fn it_goes_home() {
    let mut scene = settled(Setup::default());
    scene.go(HOME);
    let from = scene.mark();
    scene.wait(30);
    assert_eq!(scene.state("location").as_deref(), Some("home"));
    assert_eq!(scene.requests(from), 0);
    assert!(scene.ping(home()));
    scene.go(SECOND);
    scene.wait(30);
    assert_eq!(scene.association(SECOND), Some(careof(SECOND).to_string()));
    scene.honest();
}

/// With the home agent IPsec is there already: no key is exchanged with it (4.2), even
/// by one that does not wait for its registration.
#[test]
fn no_key_is_exchanged_with_the_home_agent() {
    for agent_serves in [true, false] {
        let faults = Faults::none().with(&EXCHANGES_EARLY);
        let mut setup = Setup { faults, agent_serves, ..Setup::default() };
        setup.mobile.discover = false;
        let mut scene = setup.build();
        let from = scene.mark();
        scene.go(FIRST);
        scene.wait(60);
        assert_eq!(scene.requests(from) > 0, !agent_serves);
    }
}

/// On command alone, and as it is told.
#[test]
fn it_can_be_told() {
    use mip6_conformance::roles::Command;
    use mip6_conformance::roles::command::{ExchangeKey, Update};
    let mut setup = Setup::default();
    setup.mobile.manual = true;
    let mut scene = setup.build();
    scene.go(FIRST);
    scene.wait(20);
    let from = scene.mark();
    assert!(scene.messages(0).is_empty());
    let told = ExchangeKey { sequence: Some(77), lifetime: Some(100), same_key: false };
    scene.network.command(scene.mobile, &Command::ExchangeKey(told));
    scene.wait(5);
    let sent = scene.messages(from);
    assert!(
        matches!(sent[..], [(_, Message::KeyExchangeRequest { sequence: 77, .. })]),
        "{sent:?}"
    );
    assert_eq!(scene.state("lbsas").as_deref(), Some("1"));
    scene.go(SECOND);
    scene.wait(20);
    assert_eq!(scene.updates(from, router(FIRST)), 0);
    let told = Update {
        to: Some(router(FIRST)),
        sequence: Some(9),
        lifetime: Some(3),
        ..Update::default()
    };
    scene.network.command(scene.mobile, &Command::Update(told));
    scene.wait(1);
    assert_eq!(scene.forwards(FIRST), Some(careof(SECOND).to_string()));
    scene.wait(14);
    assert_eq!(scene.forwards(FIRST), None);
    scene.network.command(scene.mobile, &Command::Restart);
    assert_eq!(scene.state("lbsas").as_deref(), Some("0"));
}

/// Two that speak by other readings of the draft understand each other.
#[test]
fn other_readings_are_understood() {
    use mip6_conformance::roles::local::Readings;
    use mip6_security::mobility::local::{Coverage, Reading};
    let all = [&Reading::PADDING[..], &Reading::WHOLE, &Coverage::OTHERS];
    // Without padding a key can be guessed: no access router takes it.
    for reading in all.concat().into_iter().filter(|r| *r != Reading::Raw) {
        let readings = Readings::default().with(reading);
        let mut setup = Setup::default();
        setup.mobile.local = Some(LocalConfig { readings, ..LocalConfig::default() });
        let mut scene = settled(setup);
        scene.go(SECOND);
        scene.wait(20);
        assert_eq!(scene.forwards(FIRST), Some(careof(SECOND).to_string()), "{reading}");
    }
}
