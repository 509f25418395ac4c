//! Tunnels both ways.

use mip6_conformance::roles::home_agent::faults as wrong;
use mip6_wire::icmpv6::mld::Mld;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};

use super::*;

/// Outer and inner ends of packets in a tunnel.
type Ends = (Ipv6Addr, Ipv6Addr, Ipv6Addr, Ipv6Addr);

fn tunnelled(packets: &[Vec<Header<'_>>]) -> Vec<Ends> {
    let ends = |p: &Vec<Header<'_>>| match p.as_slice() {
        [Header::Ipv6(outer), Header::Ipv6(inner), ..] => {
            Some((outer.source, outer.destination, inner.source, inner.destination))
        }
        _ => None,
    };
    packets.iter().filter_map(ends).collect()
}

fn echo_request(source: Ipv6Addr, to: Ipv6Addr) -> Vec<Header<'static>> {
    let body = Icmpv6Body::Echo { identifier: 1, sequence: 1, data: vec![0; 8].into() };
    let message = Icmpv6::new(kind::ECHO_REQUEST, body);
    vec![Header::Ipv6(Ipv6::new(source, to)), Header::Icmpv6(message)]
}

/// ICMPv6 types of packets that a node sent.
fn kinds(packets: &[Vec<Header<'_>>]) -> Vec<(u8, Ipv6Addr)> {
    let one = |p: &Vec<Header<'_>>| match p.as_slice() {
        [Header::Ipv6(ip), .., Header::Icmpv6(m)] => Some((m.kind, ip.destination)),
        _ => None,
    };
    packets.iter().filter_map(one).collect()
}

#[test]
fn packets_for_the_home_address_go_through_the_tunnel() {
    let mut scene = Scene::new(config(), None);
    scene.register();
    // From its own link, and from beyond.
    scene.echo(scene.neighbor, hoa(), 8);
    let ends = (agent(), foreign(0xa), home(5), hoa());
    assert_eq!(tunnelled(&scene.packets(scene.agent, scene.home)), [ends]);
    scene.echo(scene.peer, hoa(), 8);
    let ends = (agent(), foreign(0xa), foreign(6), hoa());
    assert_eq!(tunnelled(&scene.packets(scene.agent, scene.home)), [ends]);
    // Own packets go by routing header.
    scene.echo(scene.agent, hoa(), 8);
    let packets = scene.packets(scene.agent, scene.home);
    let routed = packets.iter().any(|p| {
        matches!(p.as_slice(), [Header::Ipv6(ip), Header::Routing(_), Header::Icmpv6(_)]
            if ip.destination == foreign(0xa))
    });
    assert!(routed && tunnelled(&packets).is_empty());
    // After a movement, at once to the new care-of address.
    let bu = Bu { alternate: Some(foreign(0xb)), ..scene.bu() };
    scene.send(bu, secs(1));
    scene.echo(scene.neighbor, hoa(), 8);
    let ends = (agent(), foreign(0xb), home(5), hoa());
    assert_eq!(tunnelled(&scene.packets(scene.agent, scene.home)), [ends]);
    scene.assert_honest();
}

#[test]
fn packets_out_of_the_tunnel_are_forwarded_for_the_mobile_node_alone() {
    let mut scene = Scene::new(config(), None);
    scene.register();
    let through = |scene: &mut Scene, outer: Ipv6Addr, inner: Ipv6Addr| {
        scene.mark = scene.network.sent().len();
        let mut packet = vec![Header::Ipv6(Ipv6::new(outer, agent()))];
        packet.extend(echo_request(inner, home(5)));
        scene.output(&packet);
        scene.network.run_for(secs(2));
        kinds(&scene.packets(scene.agent, scene.home)).contains(&(128, home(5)))
    };
    assert!(through(&mut scene, foreign(0xa), hoa()));
    assert!(!through(&mut scene, foreign(0xb), hoa()));
    assert!(!through(&mut scene, foreign(0xa), home(0xc)));
    scene.assert_honest();
    for fault in [&wrong::ANY_TUNNEL_SOURCE, &wrong::ANY_INNER_SOURCE] {
        let mut scene = Scene::new(config(), Some(fault));
        scene.register();
        let elsewhere = through(&mut scene, foreign(0xb), hoa());
        let somebody = through(&mut scene, foreign(0xa), home(0xc));
        assert_eq!((elsewhere, somebody), (*fault == wrong::ANY_TUNNEL_SOURCE, !elsewhere));
    }
}

#[test]
fn packets_that_are_too_big_for_the_tunnel_are_answered() {
    let mut scene = Scene::new(config(), None);
    scene.register();
    scene.echo(scene.neighbor, hoa(), 1452);
    let packets = scene.packets(scene.agent, scene.home);
    let mtu = packets.iter().flatten().find_map(|h| match h {
        Header::Icmpv6(Icmpv6 { body: Icmpv6Body::PacketTooBig { mtu, .. }, .. }) => Some(*mtu),
        _ => None,
    });
    assert_eq!(mtu, Some(1460));
    assert!(tunnelled(&packets).is_empty());
    // Somewhere on the path of the tunnel it is narrower.
    scene.network.run_for(secs(1));
    scene.echo(scene.neighbor, hoa(), 1400);
    let sent = scene.network.sent()[scene.mark..].iter();
    let outer = sent.filter(|s| s.from.node == scene.agent).find(|s| s.octets[20] == 41).unwrap();
    let quoted = outer.octets[14..].to_vec();
    scene.mark = scene.network.sent().len();
    let body = Icmpv6Body::PacketTooBig { mtu: 1400, quoted: quoted[..1200].to_vec().into() };
    let error = Header::Icmpv6(Icmpv6::new(kind::PACKET_TOO_BIG, body));
    scene.output(&[Header::Ipv6(Ipv6::new(foreign(0xa), agent())), error]);
    scene.network.run_for(secs(1));
    let packets = scene.packets(scene.agent, scene.home);
    let relayed = packets.iter().find_map(|p| match p.as_slice() {
        [
            Header::Ipv6(ip),
            Header::Icmpv6(Icmpv6 { body: Icmpv6Body::PacketTooBig { mtu, .. }, .. }),
        ] => Some((ip.destination, *mtu)),
        _ => None,
    });
    assert_eq!(relayed, Some((home(5), 1360)));
    scene.assert_honest();
}

#[test]
fn tunnels_that_lead_into_each_other_come_to_an_end() {
    let mut scene = Scene::new(config(), None);
    let bu = Bu { alternate: Some(home(0xb)), ..scene.bu() };
    scene.send(bu, secs(3));
    let bu = Bu { home: home(0xb), alternate: Some(hoa()), ..scene.bu() };
    scene.send(bu, secs(3));
    scene.echo(scene.neighbor, hoa(), 8);
    let packets = scene.packets(scene.agent, scene.home);
    assert!(packets.len() < 20, "{packets:#?}");
}

#[test]
fn a_refresh_request_goes_through_the_tunnel() {
    let mut scene = Scene::new(config(), None);
    scene.register();
    scene.mark = scene.network.sent().len();
    scene.network.command(scene.agent, &Command::RefreshRequest { home: hoa() });
    scene.network.run_for(secs(1));
    let ends = (agent(), foreign(0xa), agent(), hoa());
    assert_eq!(tunnelled(&scene.packets(scene.agent, scene.home)), [ends]);
    scene.assert_honest();
}

/// A membership report of the mobile node, through its tunnel.
fn report(scene: &mut Scene, group: Ipv6Addr) {
    let body = Mld::V1 { delay: 0, reserved: 0, address: group, tail: Vec::new().into() };
    let local = "fe80::a".parse().unwrap();
    let inner = Ipv6 { hop_limit: 1, ..Ipv6::new(local, group) };
    let outer = Ipv6::new(foreign(0xa), agent());
    let message = Icmpv6::new(kind::MLD_REPORT, Icmpv6Body::Mld(body));
    scene.output(&[Header::Ipv6(outer), Header::Ipv6(inner), Header::Icmpv6(message)]);
    scene.network.run_for(secs(1));
}

#[test]
fn groups_of_global_scope_are_tunnelled_to_their_members() {
    let wide: Ipv6Addr = "ff0e::101".parse().unwrap();
    let narrow: Ipv6Addr = "ff05::101".parse().unwrap();
    let heard = |multicast: bool, fault| {
        let mut scene = Scene::new(HomeAgentConfig { multicast, ..config() }, fault);
        scene.register();
        report(&mut scene, wide);
        report(&mut scene, narrow);
        scene.mark = scene.network.sent().len();
        for group in [wide, narrow] {
            let packet = echo_request(home(5), group);
            scene.network.output(scene.neighbor, &packet, PLACE);
        }
        scene.network.run_for(secs(1));
        scene.assert_honest();
        let packets = scene.packets(scene.agent, scene.home);
        tunnelled(&packets).iter().map(|ends| ends.3).collect::<Vec<_>>()
    };
    assert_eq!(heard(true, None), [wide]);
    assert_eq!(heard(false, None), [] as [Ipv6Addr; 0]);
    assert_eq!(heard(true, Some(&wrong::TUNNELS_NARROW_GROUPS)), [wide, narrow]);
    assert_eq!(heard(true, Some(&wrong::IGNORES_REPORTS)), [] as [Ipv6Addr; 0]);
}

/// A neighbour that looks whether the mobile node is still there asks its address
/// (RFC 4861 7.3.3): the home agent answers, and tunnels no question.
#[test]
fn questions_to_the_home_address_itself_are_answered() {
    let mut scene = Scene::new(config(), None);
    scene.register();
    scene.mark = scene.network.sent().len();
    let body =
        Icmpv6Body::NeighborSolicitation { reserved: 0, target: hoa(), options: Vec::new().into() };
    let question = [
        Header::Ipv6(Ipv6 { hop_limit: 255, ..Ipv6::new(home(5), hoa()) }),
        Header::Icmpv6(Icmpv6::new(kind::NEIGHBOR_SOLICITATION, body)),
    ];
    scene.network.output(scene.neighbor, &question, PLACE);
    scene.network.run_for(secs(1));
    let packets = scene.packets(scene.agent, scene.home);
    assert!(kinds(&packets).contains(&(kind::NEIGHBOR_ADVERTISEMENT, home(5))));
    assert!(tunnelled(&packets).is_empty());
    scene.assert_honest();
}
