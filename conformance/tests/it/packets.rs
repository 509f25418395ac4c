//! Packets for others, fragments and errors: RFC 8200, RFC 4443.

use std::net::Ipv6Addr;

use mip6_conformance::roles::Fault;
use mip6_conformance::roles::host::{HostConfig, faults};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::Icmpv6Body;
use mip6_wire::ip::{Fragment, Ipv6, Routing, RoutingBody, proto};
use mip6_wire::layout::Auto;

use super::bench::{Bench, NODE, PEER, PEER_LOCAL, STATION, echo, icmpv6, ip, message};

const FAR: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 7);
const NOWHERE: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 9, 0, 0, 0, 0, 7);

fn router(fault: Option<&'static Fault>) -> Bench {
    let host = HostConfig {
        forwards: true,
        redirects: true,
        filters_type0: true,
        ..HostConfig::default()
    };
    let mut bench = Bench::settled(host, fault);
    greet(&mut bench);
    bench
}

/// Lets the node learn the peer's link-layer address.
fn greet(bench: &mut Bench) {
    for source in [PEER, PEER_LOCAL] {
        let options = vec![1, 1, 2, 0, 0, 0, 0, 9].into();
        let body = Icmpv6Body::NeighborSolicitation { reserved: 0, target: NODE, options };
        bench.send(&[ip(source, NODE, 255), message(135, body)]);
    }
    bench.wait(100);
}

/// Errors and redirects in answer to a packet.
fn errors(bench: &mut Bench, packet: &[Header<'_>]) -> Vec<(u8, u8)> {
    let all = bench.ask_kinds(packet);
    all.into_iter().filter(|(kind, _)| *kind < 128 || *kind == 137).collect()
}

/// Whether a packet has gone out on the far link, or is waiting for its address.
fn forwarded(bench: &mut Bench, packet: &[Header<'_>]) -> bool {
    let of = |p: &Vec<Header<'static>>| {
        matches!(icmpv6(p).map(|m| &m.body),
            Some(Icmpv6Body::NeighborSolicitation { target, .. }) if *target == FAR)
    };
    bench.ask(packet).iter().any(of)
}

#[test]
fn routers_say_why_they_do_not_forward() {
    let mut bench = router(None);
    for (packet, error) in [
        (vec![ip(PEER, FAR, 1), echo(8)], Some((3, 0))),
        (vec![ip(PEER, NOWHERE, 64), echo(8)], Some((1, 0))),
        (vec![ip(PEER_LOCAL, FAR, 64), echo(8)], Some((1, 2))),
        // Neither from nor to where routers do not go.
        (vec![ip(Ipv6Addr::UNSPECIFIED, FAR, 64), echo(8)], None),
        (vec![ip(PEER, Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0xaa), 64), echo(8)], None),
        (vec![ip(Ipv6Addr::LOCALHOST, FAR, 64), echo(8)], None),
    ] {
        assert_eq!(errors(&mut bench, &packet), Vec::from_iter(error), "{packet:?}");
    }
    assert!(forwarded(&mut bench, &[ip(PEER, FAR, 64), echo(8)]));
    // A packet to a group of stations is not for the router to send on.
    let packet = write_packet(&[ip(PEER, NOWHERE, 64), echo(8)], &RFC6275);
    let mark = bench.mark();
    bench.send_to([0x33, 0x33, 0, 0, 0, 1], &packet);
    bench.wait(1000);
    assert_eq!(bench.kinds(mark), []);
}

#[test]
fn packets_too_long_are_told_the_mtu() {
    let mut bench = router(None);
    let far = bench.links[1];
    bench.network.link_mut(far).unwrap().mtu = 1500;
    let mark = bench.mark();
    let packet = write_packet(&[ip(PEER, FAR, 64), echo(1600)], &RFC6275);
    // Longer than its own link carries: put in front of the node.
    let near = bench.links[0];
    bench.network.link_mut(near).unwrap().mtu = 2000;
    bench.send_to(STATION, &packet);
    bench.wait(100);
    let answers = bench.answers(mark);
    let Some(Icmpv6Body::PacketTooBig { mtu, quoted }) = icmpv6(&answers[0]).map(|m| &m.body)
    else {
        panic!("{answers:?}")
    };
    assert_eq!((*mtu, quoted.len()), (1500, 1280 - 48));
}

#[test]
fn a_better_first_hop_is_told_and_the_packet_sent_on() {
    let mut bench = router(None);
    let neighbour = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0x55);
    let answers = bench.ask(&[ip(PEER, neighbour, 64), echo(8)]);
    let redirect = answers.iter().find_map(|p| match icmpv6(p).map(|m| &m.body) {
        Some(Icmpv6Body::Redirect { target, destination, .. }) => Some((*target, *destination)),
        _ => None,
    });
    assert_eq!(redirect, Some((neighbour, neighbour)));
}

#[test]
fn filters_know_type_0_from_type_2() {
    let packet = |kind: u8| {
        let mut data = vec![0; 4];
        data.extend(FAR.octets());
        let body = RoutingBody::Unknown(data.into());
        let routing = Routing { kind, segments_left: 1, body, ..Routing::default() };
        let routing = if kind == 2 { Routing::home(FAR) } else { routing };
        [ip(PEER, FAR, 64), Header::Routing(routing), echo(8)]
    };
    assert!(forwarded(&mut router(None), &packet(2)));
    assert!(!forwarded(&mut router(None), &packet(0)));
    assert!(!forwarded(&mut router(Some(&faults::FILTERS_TYPE_2)), &packet(2)));
}

#[test]
fn errors_are_not_answered_with_errors() {
    let mut bench = Bench::settled(HostConfig::default(), None);
    greet(&mut bench);
    let unknown = |to| {
        let header = Ipv6 { next: Auto::Fixed(200), ..Ipv6::new(PEER, to) };
        [Header::Ipv6(header), Header::Raw(vec![0; 16].into())]
    };
    assert_eq!(errors(&mut bench, &unknown(NODE)), [(4, 1)]);
    assert_eq!(errors(&mut bench, &unknown(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1))), []);
    // To a group of stations, and from nobody.
    let mark = bench.mark();
    bench.send_to([0x33, 0x33, 0, 0, 0, 1], &write_packet(&unknown(NODE), &RFC6275));
    bench.wait(1000);
    assert_eq!(bench.kinds(mark), []);
    // About an error, whole or as the first fragment.
    let mut error = write_packet(&[ip(PEER, NODE, 64), echo(8)], &RFC6275);
    error[6] = proto::DESTINATION_OPTIONS;
    let options = [58, 0, 0x80 | 0x1e, 4, 0, 0, 0, 0];
    let with = |kind: u8| {
        let mut packet = error.clone();
        packet[40] = kind;
        packet.splice(40..40, options);
        packet[5] += 8;
        packet
    };
    for (kind, expected) in [(128, 1), (1, 0), (137, 0)] {
        let mark = bench.mark();
        bench.send_to(STATION, &with(kind));
        bench.wait(1000);
        assert_eq!(bench.kinds(mark).len(), expected, "{kind}");
    }
}

#[test]
fn errors_are_limited_in_number() {
    let mut bench = Bench::settled(HostConfig::default(), None);
    greet(&mut bench);
    let header = Ipv6 { next: Auto::Fixed(200), ..Ipv6::new(PEER, NODE) };
    let packet = write_packet(&[Header::Ipv6(header), Header::Raw(vec![0; 16].into())], &RFC6275);
    let mark = bench.mark();
    for _ in 0..1000 {
        bench.send_to(STATION, &packet);
    }
    bench.wait(500);
    let n = bench.kinds(mark).len();
    assert!((1..=200).contains(&n), "{n}");
}

/// A fragment of an Echo Request of 24 octets.
fn fragment(ident: u32, from: usize, to: usize, more: bool) -> Vec<Header<'static>> {
    let whole = write_packet(&[ip(PEER, NODE, 64), echo(16)], &RFC6275);
    let header = Fragment {
        next: Auto::Fixed(proto::ICMPV6),
        offset_word: from as u16 | u16::from(more),
        ident,
        ..Fragment::default()
    };
    let piece = whole[40 + from..40 + to].to_vec();
    vec![ip(PEER, NODE, 64), Header::Fragment(header), Header::Raw(piece.into())]
}

#[test]
fn fragments_that_overlap_spoil_the_packet() {
    let mut bench = Bench::settled(HostConfig::default(), None);
    greet(&mut bench);
    let mut ident = 0;
    for (pieces, answered) in [
        (vec![(0, 24, false)], true),
        (vec![(0, 16, true), (16, 24, false)], true),
        (vec![(16, 24, false), (0, 16, true)], true),
        (vec![(0, 16, true), (0, 16, true), (16, 24, false)], true),
        (vec![(0, 16, true), (8, 24, false)], false),
        // Nor do those help that come later.
        (vec![(0, 16, true), (8, 24, false), (0, 16, true), (16, 24, false)], false),
        // Two ends.
        (vec![(8, 16, false), (16, 24, false), (0, 8, true)], false),
        (vec![(16, 24, true), (8, 16, false), (0, 8, true)], false),
    ] {
        ident += 1;
        let mark = bench.mark();
        for (from, to, more) in &pieces {
            bench.send(&fragment(ident, *from, *to, *more));
        }
        bench.wait(100);
        assert_eq!(bench.kinds(mark).contains(&(129, 0)), answered, "{pieces:?}");
    }
    // The first of what never came is answered with an error after a minute.
    ident += 1;
    bench.send(&fragment(ident, 0, 16, true));
    let mark = bench.mark();
    bench.wait(55_000);
    greet(&mut bench);
    bench.wait(10_000);
    let kinds = bench.kinds(mark);
    assert_eq!(kinds.into_iter().filter(|(k, _)| *k < 128).collect::<Vec<_>>(), [(3, 1)]);
}
