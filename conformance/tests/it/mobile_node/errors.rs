//! What others do wrong, and refusals.

use super::scene::*;
use mip6_conformance::roles::Fault;
use mip6_conformance::roles::mobile_node::faults;

/// What a fault changes is seen in how many messages of a type go out.
fn count(fault: Option<&'static Fault>, kind: u8, f: impl Fn(&mut Scene)) -> usize {
    let mut setup = Setup::default();
    if let Some(fault) = fault {
        setup = setup.faulty(fault);
    }
    let mut s = setup.build();
    f(&mut s);
    s.mobility(0, kind).len()
}

#[test]
fn a_correspondent_that_has_lost_its_binding_is_bound_again() {
    let mut s = Setup::default().build();
    s.go(FOREIGN);
    s.wait(10_000);
    s.datagram();
    s.wait(3_000);
    let peer_node = s.peer;
    if let Some(node) = s.network.get_mut(peer_node) {
        node.host_mut().tables.bindings.clear();
    }
    s.echo(peer(), None);
    s.wait(500);
    assert!(s.told("has no binding of"), "{:#?}", s.network.told());
    assert_eq!(s.binding(peer()), None);
    // Through the tunnel now; the answer comes through it and leads to a new one.
    s.echo(peer(), None);
    s.wait(3_000);
    assert_eq!(s.bound(s.peer), Some(careof(FOREIGN)), "{:#?}", s.network.told());
    s.honest();
}

#[test]
fn faults_in_registration_show() {
    let lonely = |s: &mut Scene| {
        s.lose(HOME, true);
        s.go(FOREIGN);
        s.wait(60_000);
    };
    let honest = count(None, 5, lonely);
    assert_eq!(count(Some(&faults::NO_REGISTRATION), 5, lonely), 0);
    assert_eq!(count(Some(&faults::NO_RETRANSMISSION), 5, lonely), 1);
    assert!(count(Some(&faults::NO_BACK_OFF), 5, lonely) > honest);
    let bound = |s: &mut Scene| {
        s.go(FOREIGN);
        s.wait(30_000);
    };
    let honest = count(None, 5, bound);
    assert!(count(Some(&faults::RETRANSMITS_AFTER_ACK), 5, bound) > honest);
    assert!(count(Some(&faults::IGNORES_ACK), 5, bound) > honest);
}

#[test]
fn faults_in_return_routability_show() {
    let talk = |s: &mut Scene| {
        s.go(FOREIGN);
        s.wait(10_000);
        s.datagram();
        s.wait(5_000);
    };
    assert_eq!(count(None, 1, talk), 1);
    assert_eq!(count(Some(&faults::OPTIMIZES_UNTUNNELLED), 1, talk), 1);
    let updates = count(None, 5, talk);
    assert_eq!(count(Some(&faults::NO_UPDATE_AFTER_TESTS), 5, talk), updates - 1);
}

#[test]
fn a_home_agent_that_refuses_is_not_asked_again() {
    let mut setup = Setup::default().with(|c| c.discover = false);
    setup.agent.serves = Some(std::collections::BTreeSet::new());
    let mut s = setup.build();
    s.go(FOREIGN);
    s.wait(60_000);
    assert_eq!(s.mobility(0, 5).len(), 1, "{:#?}", s.network.told());
    assert!(s.told("refuses"));
    s.honest();
}
