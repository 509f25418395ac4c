//! Away from home: registration, route optimization, movement.

use super::scene::*;
use mip6_conformance::roles::command::{TestInit, Update};
use mip6_conformance::roles::mobile_node::{Optimize, faults};
use mip6_conformance::roles::{Command, Faults};

fn gaps(sent: &[(u64, Vec<u8>)]) -> Vec<u64> {
    sent.windows(2).map(|w| w[1].0 - w[0].0).collect()
}

#[test]
fn a_care_of_address_is_registered_and_refreshed() {
    let mut s = Setup::default().with(|c| c.lifetime = 100).build();
    s.go(FOREIGN);
    s.wait(10_000);
    assert_eq!(s.bound(s.agents[0]), Some(careof(FOREIGN)), "{:#?}", s.network.told());
    assert_eq!(s.binding(agent()), Some(careof(FOREIGN).to_string()));
    s.wait(290_000);
    // Refreshed every 75 s; the first is repeated after 1.5 s, since the home agent
    // asks about the home address for a second.
    let sent = s.mobility(0, 5);
    assert!((4..=6).contains(&sent.len()), "{:?}", gaps(&sent));
    assert_eq!(s.bound(s.agents[0]), Some(careof(FOREIGN)));
    s.honest();
}

#[test]
fn esp_protects_what_passes_between_mobile_node_and_home_agent() {
    let mut s = Setup { protected: true, ..Setup::default() }.build();
    s.go(FOREIGN);
    s.wait(10_000);
    assert_eq!(s.bound(s.agents[0]), Some(careof(FOREIGN)), "{:#?}", s.network.told());
    s.datagram();
    s.wait(5_000);
    assert_eq!(s.bound(s.peer), Some(careof(FOREIGN)), "{:#?}", s.network.told());
    s.tell(&Command::SolicitPrefixes);
    s.wait(5_000);
    assert!(s.told("home prefix"), "{:#?}", s.network.told());
    s.go(HOME);
    s.wait(20_000);
    assert_eq!(s.bound(s.agents[0]), None);
    s.honest();
}

#[test]
fn an_unanswered_registration_backs_off() {
    let mut s = Setup::default().with(|c| c.discover = false).build();
    s.lose(HOME, true);
    s.go(FOREIGN);
    s.wait(150_000);
    let sent = s.mobility(0, 5);
    assert_eq!(gaps(&sent), [1500, 3000, 6000, 12_000, 24_000, 32_000, 32_000, 32_000]);
    let mut sequences: Vec<&[u8]> = sent.iter().map(|(_, m)| &m[6..8]).collect();
    sequences.dedup();
    assert_eq!(sequences.len(), sent.len());
    s.honest();
}

#[test]
fn a_tunnelled_packet_leads_to_route_optimization() {
    let mut s = Setup::default().build();
    s.go(FOREIGN);
    s.wait(10_000);
    s.datagram();
    s.wait(3_000);
    assert_eq!(s.bound(s.peer), Some(careof(FOREIGN)), "{:#?}", s.network.told());
    // From here on directly, with a Home Address option.
    let before = s.mark();
    s.echo(peer(), None);
    s.wait(1_000);
    let direct = s.sent(before).into_iter().filter(|(_, p)| p[6] == 60).count();
    assert_eq!(direct, 1);
    // Refreshed before 420 s are over, and again.
    s.wait(900_000);
    assert_eq!(s.bound(s.peer), Some(careof(FOREIGN)));
    assert!(s.mobility(0, 1).len() >= 3);
    s.honest();
}

#[test]
fn movement_is_told_to_home_agent_and_correspondent() {
    let mut s = Setup::default().build();
    s.go(FOREIGN);
    s.wait(10_000);
    s.datagram();
    s.wait(3_000);
    let before = s.mark();
    s.go(OTHER);
    s.wait(10_000);
    assert_eq!(s.bound(s.agents[0]), Some(careof(OTHER)), "{:#?}", s.network.told());
    assert_eq!(s.bound(s.peer), Some(careof(OTHER)));
    assert_eq!(s.mobility(before, 1).len(), 1);
    assert_eq!(s.mobility(before, 2).len(), 1);
    s.honest();
}

#[test]
fn movement_is_noticed_without_being_told_by_the_link() {
    for fault in [None, Some(&faults::IGNORES_INTERVAL)] {
        let mut s = Setup { unaware: true, ..Setup::default() };
        if let Some(f) = fault {
            s = s.faulty(f);
        }
        let mut s = s.build();
        s.go(FOREIGN);
        s.wait(10_000);
        assert_eq!(s.bound(s.agents[0]), Some(careof(FOREIGN)));
        // A link without routers: nothing but silence says that this is another one.
        let place = mip6_conformance::network::Place {
            node: s.mobile,
            interface: mip6_conformance::roles::Interface(0),
        };
        s.network.attach(place, None);
        s.wait(40_000);
        let noticed = s.told("advertisements of");
        assert_eq!(noticed, fault.is_none());
        s.go(OTHER);
        s.wait(40_000);
        assert_eq!(s.bound(s.agents[0]), Some(careof(OTHER)), "{:#?}", s.network.told());
        s.honest();
    }
}

#[test]
fn without_route_optimization_everything_goes_through_the_tunnel() {
    for fault in [None, Some(&faults::ALWAYS_OPTIMIZES)] {
        let mut s = Setup::default().with(|c| c.optimize = Optimize::Never);
        if let Some(f) = fault {
            s.faults = Faults::none().with(f);
        }
        let mut s = s.build();
        s.go(FOREIGN);
        s.wait(10_000);
        s.datagram();
        s.wait(5_000);
        assert_eq!(s.mobility(0, 1).len(), usize::from(fault.is_some()));
    }
}

#[test]
fn a_home_agent_is_discovered() {
    let mut s = Setup { agents: 2, ..Setup::default() }.with(|c| c.agent = None).build();
    s.go(FOREIGN);
    s.wait(20_000);
    assert_eq!(s.state("home-agent"), Some(agent().to_string()), "{:#?}", s.network.told());
    assert_eq!(s.bound(s.agents[0]), Some(careof(FOREIGN)));
    assert_eq!(s.icmp(0, 144).len(), 1);
    // The home agent is lost: the next one of the list is tried, no new request.
    let place = mip6_conformance::network::Place {
        node: s.agents[0],
        interface: mip6_conformance::roles::Interface(0),
    };
    s.network.attach(place, None);
    s.go(OTHER);
    s.wait(120_000);
    assert_eq!(s.bound(s.agents[1]), Some(careof(OTHER)), "{:#?}", s.network.told());
    assert_eq!(s.icmp(0, 144).len(), 1);
    s.honest();
}

#[test]
fn discovery_without_answer_is_given_up() {
    let mut s = Setup::default().with(|c| c.agent = None).build();
    s.lose(HOME, true);
    s.go(FOREIGN);
    s.wait(200_000);
    assert_eq!(gaps(&s.icmp(0, 144)), [3000, 6000, 12_000, 24_000]);
    s.honest();
}

#[test]
fn a_correspondent_without_mobility_is_left_alone() {
    let mut setup = Setup::default();
    setup.correspondent.route_optimization = false;
    let mut s = setup.build();
    s.go(FOREIGN);
    s.wait(10_000);
    for _ in 0..5 {
        s.datagram();
        s.wait(2_000);
    }
    assert_eq!(s.mobility(0, 1).len(), 1, "{:#?}", s.network.told());
    assert!(s.told("does not know the Mobility Header"));
    s.honest();
}

#[test]
fn return_routability_without_answer_is_given_up() {
    let mut s = Setup::default().build();
    s.go(FOREIGN);
    s.wait(10_000);
    s.tell(&Command::Optimize { peer: on(PEERS, 0x77), lifetime: None });
    s.wait(300_000);
    // Until the longest interval, MAX_BINDACK_TIMEOUT, has passed (RFC 6275 11.8).
    assert_eq!(gaps(&s.mobility(0, 2)), [1000, 2000, 4000, 8000, 16_000]);
    let mut cookies: Vec<Vec<u8>> = s.mobility(0, 2).into_iter().map(|m| m.1).collect();
    cookies.dedup();
    assert_eq!(cookies.len(), 6);
}

#[test]
fn a_manual_mobile_node_does_nothing_by_itself() {
    let mut s = Setup::default().with(|c| c.manual = true).build();
    s.go(FOREIGN);
    s.wait(20_000);
    assert_eq!(s.mobility(0, 5).len(), 0);
    assert_eq!(s.state("care-of"), Some(careof(FOREIGN).to_string()));
    s.tell(&Command::Register { lifetime: Some(10) });
    s.wait(3_000);
    assert_eq!(s.bound(s.agents[0]), Some(careof(FOREIGN)), "{:#?}", s.network.told());
    assert_eq!(s.mobility(0, 5).len(), 1);
    s.tell(&Command::TestInit(TestInit { peer: peer(), home: true, careof: true }));
    s.wait(1_000);
    s.tell(&Command::Update(Update { to: Some(peer()), lifetime: Some(5), ..Update::default() }));
    s.wait(1_000);
    assert_eq!(s.bound(s.peer), Some(careof(FOREIGN)), "{:#?}", s.network.told());
    // Deleted with the home keygen token alone.
    s.tell(&Command::Update(Update { to: Some(peer()), lifetime: Some(0), ..Update::default() }));
    s.wait(1_000);
    assert_eq!(s.bound(s.peer), None, "{:#?}", s.network.told());
    s.wait(60_000);
    assert_eq!(s.mobility(0, 5).len(), 3);
    assert_eq!(s.state("bindings"), Some("0".into()));
    s.honest();
}

#[test]
fn an_own_sequence_number_out_of_window_is_mended() {
    for fault in [None, Some(&faults::IGNORES_SEQUENCE_ANSWER)] {
        let mut setup = Setup::default();
        if let Some(f) = fault {
            setup = setup.faulty(f);
        }
        let mut s = setup.with(|c| c.first_sequence = Some(1000)).build();
        s.go(FOREIGN);
        s.wait(10_000);
        let before = s.mark();
        s.tell(&Command::Restart);
        s.wait(1_000);
        s.tell(&Command::Update(Update { sequence: Some(400), ..Update::default() }));
        s.wait(2_000);
        // The home agent had 1000 last, which comes again and is mended; two follow, the
        // told one and its correction.
        let sent = s.mobility(before, 5);
        let numbers: Vec<u16> =
            sent.iter().map(|(_, m)| u16::from_be_bytes([m[6], m[7]])).take(4).collect();
        let mended = if fault.is_none() { 1002 } else { 401 };
        assert_eq!(numbers, [1000, 1001, 400, mended], "{:#?}", s.network.told());
    }
}
