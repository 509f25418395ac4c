//! Registration and de-registration.

use mip6_conformance::network::Place;
use mip6_conformance::roles::Command;
use mip6_conformance::roles::command::Prefix;
use mip6_conformance::roles::home_agent::HomeAgentConfig;
use mip6_conformance::roles::home_agent::faults as wrong;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6Body, NaFlags};
use mip6_wire::mobility::UpdateFlags;

use super::*;

fn statuses(answers: &[Answer]) -> Vec<u8> {
    answers.iter().map(|a| a.status).collect()
}

/// The link-local address that belongs to the home address.
fn local() -> Ipv6Addr {
    "fe80::a".parse().unwrap()
}

/// Neighbor Solicitations and unsolicited Advertisements (O alone) of the home agent
/// about the mobile node since the mark: type and target.
fn neighborly(scene: &Scene) -> Vec<(u8, Ipv6Addr)> {
    let packets = scene.packets(scene.agent, scene.home);
    let messages = packets.iter().flatten().filter_map(|h| match h {
        Header::Icmpv6(m) => Some(m),
        _ => None,
    });
    messages
        .filter_map(|m| match m.body {
            Icmpv6Body::NeighborSolicitation { target, .. } => Some((135, target)),
            Icmpv6Body::NeighborAdvertisement { target, flags, .. } => {
                (flags == NaFlags::O).then_some((136, target))
            }
            _ => None,
        })
        .filter(|(_, target)| *target == hoa() || *target == local())
        .collect()
}

#[test]
fn a_registration_waits_for_detection_and_is_announced() {
    let mut scene = Scene::new(config(), None);
    let bu = scene.bu();
    assert_eq!(scene.send(bu, Duration::from_millis(900)), []);
    scene.network.run_for(secs(5));
    let accepted = Answer {
        status: 0,
        sequence: 101,
        lifetime: 100,
        to: foreign(0xa),
        routed: true,
        refresh: None,
    };
    assert_eq!(scene.answers(), [accepted]);
    assert_eq!(neighborly(&scene), [(135, hoa()), (136, hoa()), (136, hoa()), (136, hoa())]);
    // A refresh needs no detection, and nothing new is told.
    let bu = scene.bu();
    assert_eq!(statuses(&scene.send(bu, Duration::from_millis(100))), [0]);
    assert_eq!(neighborly(&scene), []);
    scene.assert_honest();
}

#[test]
fn the_link_local_address_is_defended_when_asked_for() {
    let mut scene = Scene::new(config(), None);
    let mut bu = scene.bu();
    bu.flags |= UpdateFlags::L;
    assert_eq!(statuses(&scene.send(bu, secs(5))), [0]);
    let local = local();
    let tested: Vec<(u8, Ipv6Addr)> = neighborly(&scene);
    assert_eq!(tested.iter().filter(|t| **t == (135, local)).count(), 1);
    assert_eq!(tested.iter().filter(|t| **t == (136, local)).count(), 3);
    // Packets to it are discarded, and their sender is told.
    scene.echo(scene.neighbor, local, 8);
    let packets = scene.packets(scene.agent, scene.home);
    let unreachable = packets
        .iter()
        .flatten()
        .any(|h| matches!(h, Header::Icmpv6(m) if (m.kind, m.code) == (1, 3)));
    assert!(unreachable && !packets.iter().any(|p| matches!(p.get(1), Some(Header::Ipv6(_)))));
    scene.assert_honest();
}

#[test]
fn what_cannot_be_registered_is_refused_with_its_status() {
    let mut config = HomeAgentConfig { room: 1, ..config() };
    config.serves = Some([hoa(), home(0xb)].into());
    let mut scene = Scene::new(config, None);
    let mut try_home = |home: Ipv6Addr| {
        let bu = Bu { home, ..scene.bu() };
        statuses(&scene.send(bu, secs(2)))
    };
    assert_eq!(try_home(foreign(0xb)), [132]);
    assert_eq!(try_home(home(0xc)), [129]);
    assert_eq!(try_home(hoa()), [0]);
    assert_eq!(try_home(home(0xb)), [130]);
    // The home registration is still there.
    let bu = scene.bu();
    assert_eq!(statuses(&scene.send(bu, secs(2))), [0]);
    // A deletion of what is not registered.
    let bu = Bu { home: home(0xb), lifetime: 0, ..scene.bu() };
    assert_eq!(statuses(&scene.send(bu, secs(2))), [133]);
    // The registration type cannot change: that is refused for all alike.
    let bu = Bu { sequence: scene.sequence, ..scene.bu() };
    let answers = scene.send(bu, secs(2));
    assert_eq!(answers.len(), 1);
    scene.assert_honest();
}

#[test]
fn sequence_numbers_go_on_while_detection_lasts() {
    let mut scene = Scene::new(config(), None);
    let first = scene.bu();
    scene.send(first, Duration::from_millis(200));
    // The same again is no longer new; a newer one takes its place.
    let again = scene.send(first, Duration::from_millis(100));
    assert_eq!((again[0].status, again[0].sequence), (135, first.sequence));
    let newer = Bu { lifetime: 50, ..scene.bu() };
    let answers = scene.send(newer, secs(3));
    assert_eq!(answers.len(), 1);
    assert_eq!((answers[0].sequence, answers[0].lifetime), (newer.sequence, 50));
}

#[test]
fn an_address_that_somebody_has_is_refused() {
    let mut scene = Scene::new(config(), None);
    // The neighbour has it, and says so.
    let bu = Bu { home: home(5), ..scene.bu() };
    assert_eq!(statuses(&scene.send(bu, secs(3))), [134]);
    let bu = Bu { home: agent(), ..scene.bu() };
    assert_eq!(statuses(&scene.send(bu, secs(3))), [134]);
    scene.assert_honest();
    let mut scene = Scene::new(config(), Some(&wrong::NO_DETECTION));
    let bu = Bu { home: home(5), ..scene.bu() };
    assert_eq!(statuses(&scene.send(bu, secs(3))), [0]);
}

#[test]
fn lifetimes_keep_to_policy_and_prefix() {
    let mut config = HomeAgentConfig { max_lifetime: 1200, refresh_advice: Some(800), ..config() };
    config.links[0].prefixes[0].valid = 1000;
    config.links[0].prefixes[0].preferred = 600;
    let mut scene = Scene::new(config, None);
    let bu = Bu { lifetime: 0xffff, ..scene.bu() };
    let answer = &scene.send(bu, secs(3))[0];
    // As long as the prefix is valid, but it will be deprecated.
    assert_eq!((answer.status, answer.lifetime, answer.refresh), (1, 250, Some(200)));
    let bu = Bu { lifetime: 150, ..scene.bu() };
    let answer = &scene.send(bu, secs(3))[0];
    assert_eq!((answer.status, answer.lifetime, answer.refresh), (0, 150, Some(149)));
    let bu = Bu { lifetime: 151, ..scene.bu() };
    assert_eq!(scene.send(bu, secs(3))[0].status, 1);
    // The prefix ends before the binding: so does the binding.
    let told = Prefix { interface: PLACE, prefix: HOME_PREFIX, len: 64, valid: 20, preferred: 0 };
    scene.network.command(scene.agent, &Command::Prefix(told));
    scene.network.run_for(secs(25));
    let bindings = scene.network.get(scene.agent).unwrap().state(scene.network.now());
    assert!(bindings.contains(&("bindings".into(), "0".into())), "{bindings:?}");
    scene.assert_honest();
}

#[test]
fn a_binding_ends_with_its_lifetime() {
    let mut scene = Scene::new(config(), None);
    let bu = Bu { lifetime: 5, ..scene.bu() };
    assert_eq!(statuses(&scene.send(bu, secs(3))), [0]);
    scene.network.run_for(secs(20));
    scene.echo(scene.neighbor, hoa(), 8);
    assert_eq!(neighborly(&scene), []);
    // Any sequence number is new again.
    let bu = Bu { sequence: 7, ..scene.bu() };
    assert_eq!(statuses(&scene.send(bu, secs(3))), [0]);
}

/// The mobile node is back on its home link and has its home address there.
fn bring_home(scene: &mut Scene) {
    let place = Place { node: scene.mobile, interface: PLACE };
    scene.network.attach(place, Some(scene.home));
    scene.network.run_for(secs(1));
    scene.at_home = true;
}

#[test]
fn a_deletion_from_home_is_remembered_for_ten_seconds() {
    let mut scene = Scene::new(config(), None);
    scene.register();
    bring_home(&mut scene);
    let bu = Bu { careof: hoa(), option: false, lifetime: 0, ..scene.bu() };
    let answers = scene.send(bu, secs(1));
    assert_eq!(
        answers,
        [Answer {
            status: 0,
            sequence: bu.sequence,
            lifetime: 0,
            to: hoa(),
            routed: false,
            refresh: None
        }]
    );
    // To its link-layer address, whoever has the home address.
    let mut sent = scene.network.sent()[scene.mark..].iter();
    let ack = sent.find(|s| s.from.node == scene.agent && s.octets[20] == 135).unwrap();
    assert_eq!(ack.octets[..6], [2, 0, 0, 0, 0, 10]);
    // Nobody answers for it any longer.
    scene.echo(scene.neighbor, hoa(), 8);
    assert_eq!(neighborly(&scene), []);
    // One that was sent before comes late.
    let place = Place { node: scene.mobile, interface: PLACE };
    scene.network.attach(place, Some(scene.foreign));
    scene.at_home = false;
    let late = Bu { sequence: bu.sequence - 1, ..scene.bu() };
    let answers = scene.send(late, secs(2));
    assert_eq!((answers[0].status, answers[0].sequence), (135, bu.sequence));
    scene.network.run_for(secs(10));
    assert_eq!(statuses(&scene.send(late, secs(3))), [0]);
    scene.assert_honest();
}

#[test]
fn a_refusal_reaches_a_mobile_node_at_home() {
    let mut scene = Scene::new(config(), None);
    scene.register();
    bring_home(&mut scene);
    let bu = Bu { careof: hoa(), option: false, lifetime: 0, sequence: 50, ..scene.bu() };
    let answers = scene.send(bu, secs(1));
    assert_eq!(statuses(&answers), [135]);
    let mut sent = scene.network.sent()[scene.mark..].iter();
    let ack = sent.find(|s| s.from.node == scene.agent && s.octets[20] == 135).unwrap();
    assert_eq!(ack.octets[..6], [2, 0, 0, 0, 0, 10]);
    scene.assert_honest();
}

#[test]
fn a_deletion_from_a_foreign_link_is_acknowledged_there() {
    let mut scene = Scene::new(config(), None);
    scene.register();
    let bu = Bu { lifetime: 0, ..scene.bu() };
    let answers = scene.send(bu, secs(1));
    assert_eq!(statuses(&answers), [0]);
    assert!(answers[0].routed && answers[0].to == foreign(0xa));
    // The acknowledgement was lost: it is deleted again.
    let bu = Bu { lifetime: 0, ..scene.bu() };
    assert_eq!(statuses(&scene.send(bu, secs(1))), [0]);
    scene.network.run_for(secs(11));
    let bu = Bu { lifetime: 0, ..scene.bu() };
    assert_eq!(statuses(&scene.send(bu, secs(1))), [133]);
    scene.assert_honest();
}

#[test]
fn the_care_of_address_is_that_of_the_option() {
    let mut scene = Scene::new(config(), None);
    let bu = Bu { alternate: Some(foreign(0xb)), ..scene.bu() };
    scene.send(bu, secs(3));
    let state = scene.network.get(scene.agent).unwrap().state(scene.network.now());
    let name = format!("binding.{}", hoa());
    assert!(state.contains(&(name, foreign(0xb).to_string())), "{state:?}");
}

#[test]
fn registrations_without_home_address_option_are_discarded() {
    let mut scene = Scene::new(config(), None);
    let bu = Bu { careof: hoa(), option: false, alternate: Some(foreign(0xa)), ..scene.bu() };
    bring_home(&mut scene);
    assert_eq!(scene.send(bu, secs(3)), []);
}

#[test]
fn faults_of_registration_show() {
    let mut scene = Scene::new(config(), Some(&wrong::FORGETS_DELETED));
    scene.register();
    let gone = Bu { lifetime: 0, ..scene.bu() };
    scene.send(gone, secs(1));
    let late = Bu { sequence: gone.sequence - 1, ..scene.bu() };
    assert_eq!(statuses(&scene.send(late, secs(3))), [0]);

    let mut scene = Scene::new(config(), Some(&wrong::ANSWERS_BEFORE_DETECTION));
    let bu = scene.bu();
    assert_eq!(statuses(&scene.send(bu, Duration::from_millis(100))), [0]);

    let mut scene = Scene::new(config(), Some(&wrong::GRANTS_MORE));
    assert_eq!(scene.register()[0].lifetime, 200);

    let mut scene = Scene::new(config(), Some(&wrong::RELEASES_ANYTHING));
    let bu = Bu { lifetime: 0, ..scene.bu() };
    assert_eq!(statuses(&scene.send(bu, secs(1))), [0]);

    let mut scene = Scene::new(config(), Some(&wrong::NO_ANNOUNCEMENT));
    scene.register();
    assert_eq!(neighborly(&scene), [(135, hoa())]);
}
