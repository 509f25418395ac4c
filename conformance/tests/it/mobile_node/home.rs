//! Coming home, and being there.

use super::scene::*;
use mip6_conformance::roles::Command;
use mip6_conformance::roles::mobile_node::faults;

#[test]
fn at_home_the_home_address_is_an_address_like_others() {
    let mut s = Setup::default().build();
    s.go(HOME);
    s.wait(10_000);
    assert_eq!(s.state("location"), Some("home".into()), "{:#?}", s.network.told());
    let before = s.mark();
    s.echo(peer(), None);
    s.wait(1_000);
    assert!(s.network.sent()[before..].iter().any(|f| f.octets[20] == 58 && f.octets[54] == 129));
    s.honest();
}

#[test]
fn coming_home_ends_bindings_everywhere() {
    let mut s = Setup::default().build();
    s.go(FOREIGN);
    s.wait(10_000);
    s.datagram();
    s.wait(3_000);
    assert_eq!(s.bound(s.peer), Some(careof(FOREIGN)));
    let before = s.mark();
    s.go(HOME);
    s.wait(10_000);
    assert_eq!(s.bound(s.agents[0]), None, "{:#?}", s.network.told());
    assert_eq!(s.bound(s.peer), None, "{:#?}", s.network.told());
    // Nobody was asked about the home address; all were told.
    let asked = |p: &Vec<u8>| {
        p[8..24] == [0; 16]
            && p[40] == 135
            && p[48..64] == home().octets()
            && p[24..26] == [0xff, 2]
    };
    let detections = s.sent(before).iter().filter(|(_, p)| p[6] == 58 && asked(p)).count();
    assert_eq!(detections, 0, "its home agent had told where it is");
    let told = s.icmp(before, 136);
    let own = told.iter().filter(|(_, m)| m[8..24] == home().octets() && m[4] == 0x20).count();
    assert_eq!(own, 3);
    // No Care-of Test Init for a deletion.
    assert_eq!(s.mobility(before, 2).len(), 0);
    assert_eq!(s.mobility(before, 1).len(), 1);
    s.go(OTHER);
    s.wait(10_000);
    assert_eq!(s.bound(s.agents[0]), Some(careof(OTHER)), "{:#?}", s.network.told());
    s.honest();
}

#[test]
fn faults_of_coming_home_show() {
    for fault in [
        &faults::NO_ANNOUNCEMENT,
        &faults::DETECTS_HOME_ADDRESS,
        &faults::DEREGISTERS_WITH_LIFETIME,
    ] {
        let mut s = Setup::default().faulty(fault).build();
        s.go(FOREIGN);
        s.wait(10_000);
        let before = s.mark();
        s.go(HOME);
        s.wait(10_000);
        let announced = s.icmp(before, 136).iter().any(|(_, m)| m[4] == 0x20);
        let detects = s.sent(before).iter().any(|(_, p)| {
            p[6] == 58 && p[40] == 135 && p[8..24] == [0; 16] && p[48..64] == home().octets()
        });
        let lifetimes: Vec<Vec<u8>> =
            s.mobility(before, 5).into_iter().map(|(_, m)| m[10..12].to_vec()).collect();
        match fault.name {
            "mn.no-announcement" => assert!(!announced),
            "mn.detects-home-address" => assert!(detects),
            _ => assert!(lifetimes.iter().any(|l| l == &[0, 15]), "{lifetimes:?}"),
        }
    }
}

#[test]
fn several_home_agents_are_told_apart() {
    let mut s = Setup { agents: 3, ..Setup::default() }.build();
    s.go(FOREIGN);
    s.wait(10_000);
    s.go(HOME);
    s.wait(15_000);
    assert_eq!(s.bound(s.agents[0]), None, "{:#?}", s.network.told());
    s.honest();
}

#[test]
fn a_manual_mobile_node_waits_for_the_command_at_home() {
    let mut s = Setup::default().with(|c| c.manual = true).build();
    s.go(FOREIGN);
    s.wait(10_000);
    s.tell(&Command::Register { lifetime: None });
    s.wait(3_000);
    s.go(HOME);
    s.wait(10_000);
    assert_eq!(s.bound(s.agents[0]), Some(careof(FOREIGN)));
    s.tell(&Command::Deregister);
    s.wait(5_000);
    assert_eq!(s.bound(s.agents[0]), None, "{:#?}", s.network.told());
    s.honest();
}

#[test]
fn away_it_can_be_deregistered_too() {
    let mut s = Setup::default().build();
    s.go(FOREIGN);
    s.wait(10_000);
    s.tell(&Command::Deregister);
    s.wait(5_000);
    assert_eq!(s.bound(s.agents[0]), None, "{:#?}", s.network.told());
    assert_eq!(s.state("bindings"), Some("0".into()));
    s.honest();
}
