//! Multicast listeners: RFC 3810 5.2, 6 and 8.2.

use std::net::Ipv6Addr;

use mip6_conformance::roles::host::{HostConfig, solicited_node};
use mip6_security::keys::Keys;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::Icmpv6Body;
use mip6_wire::icmpv6::mld::Mld;
use mip6_wire::ip::options::{OptionBody, kind};
use mip6_wire::ip::{HopByHop, Ipv6Option, Ipv6OptionsBuilder};

use super::bench::{Bench, NODE, PEER, PEER_LOCAL, icmpv6, ip, message};
use super::evidence;

const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);

fn alert() -> Header<'static> {
    let option = Ipv6Option::new(kind::ROUTER_ALERT, OptionBody::RouterAlert { value: 0 });
    Header::HopByHop(HopByHop::new(Ipv6OptionsBuilder::default().option(&option).build()))
}

/// A query for a group, the unspecified address for all; in milliseconds.
fn query(address: Ipv6Addr, delay: u16) -> Header<'static> {
    let (reserved, flags, interval, count) = (0, 2, 125, 0);
    let none = || [][..].into();
    let (sources, tail) = (none(), none());
    let query =
        Mld::QueryV2 { code: delay, reserved, address, flags, interval, count, sources, tail };
    message(130, Icmpv6Body::Mld(query))
}

/// Record types and groups of a report.
fn records(packet: &[Header<'static>]) -> Vec<(u8, Ipv6Addr)> {
    let Some(Icmpv6Body::Mld(Mld::ReportV2 { records, count, .. })) =
        icmpv6(packet).map(|m| &m.body)
    else {
        return Vec::new();
    };
    assert_eq!(records.len(), usize::from(*count) * 20);
    records
        .chunks(20)
        .map(|r| (r[0], Ipv6Addr::from(<[u8; 16]>::try_from(&r[4..20]).unwrap())))
        .collect()
}

fn source(packet: &[Header<'static>]) -> Ipv6Addr {
    match &packet[0] {
        Header::Ipv6(ip) => ip.source,
        other => panic!("{other:?}"),
    }
}

#[test]
fn groups_are_told_twice_when_they_are_joined() {
    let mut bench = Bench::new(HostConfig::default(), None);
    bench.connect();
    bench.wait(10_000);
    let group = solicited_node(NODE);
    let packets = bench.answers(0);
    let reports: Vec<_> = packets.iter().filter(|p| records(p).contains(&(4, group))).collect();
    assert_eq!(reports.len(), 2);
    for packet in &reports {
        assert!(matches!(packet[1], Header::HopByHop(_)));
        assert!(matches!(&packet[0], Header::Ipv6(ip) if ip.hop_limit == 1));
    }
    assert!(source(reports[0]).is_unspecified(), "its link-local address is tentative");
    // Before the solicitation that asks whether the address is free (RFC 4862
    // 5.4.2), and never for all nodes.
    let asks = packets.iter().position(|p| icmpv6(p).is_some_and(|m| m.kind == 135)).unwrap();
    let tells = packets.iter().position(|p| icmpv6(p).is_some_and(|m| m.kind == 143)).unwrap();
    assert!(tells < asks);
    assert!(packets.iter().all(|p| records(p).iter().all(|(_, g)| *g != ALL_NODES)));
    evidence::assert_honest(&bench.network, &Keys::default());
}

#[test]
fn queries_are_answered_within_their_delay() {
    let mut bench = Bench::settled(HostConfig::default(), None);
    let group = solicited_node(NODE);
    for (about, to) in [(Ipv6Addr::UNSPECIFIED, ALL_NODES), (group, group)] {
        let answers = bench.ask(&[ip(PEER_LOCAL, to, 1), alert(), query(about, 1000)]);
        assert_eq!(answers.len(), 1);
        assert!(records(&answers[0]).contains(&(2, group)));
        assert_eq!(source(&answers[0]).segments()[0], 0xfe80);
    }
    // What no router has sent, or not to this link.
    for packet in [
        vec![ip(PEER_LOCAL, ALL_NODES, 1), query(Ipv6Addr::UNSPECIFIED, 1000)],
        vec![ip(PEER_LOCAL, ALL_NODES, 64), alert(), query(Ipv6Addr::UNSPECIFIED, 1000)],
        vec![ip(PEER, ALL_NODES, 1), alert(), query(Ipv6Addr::UNSPECIFIED, 1000)],
    ] {
        assert!(bench.ask(&packet).is_empty());
    }
}

#[test]
fn routers_of_version_1_are_answered_as_they_ask() {
    let mut bench = Bench::settled(HostConfig::default(), None);
    let v1 = |kind, address| {
        let body = Mld::V1 { delay: 1000, reserved: 0, address, tail: [][..].into() };
        message(kind, Icmpv6Body::Mld(body))
    };
    let group = solicited_node(NODE);
    let ask = [ip(PEER_LOCAL, ALL_NODES, 1), alert(), v1(130, Ipv6Addr::UNSPECIFIED)];
    let told = |answers: Vec<Vec<Header<'static>>>| {
        let of = |p: &Vec<Header<'static>>| match icmpv6(p).map(|m| (m.kind, &m.body)) {
            Some((131, Icmpv6Body::Mld(Mld::V1 { address, .. }))) => Some(*address),
            _ => None,
        };
        answers.iter().map(|p| of(p).unwrap()).collect::<Vec<_>>()
    };
    assert!(told(bench.ask(&ask)).contains(&group));
    // Another listener's report does for this one, too.
    let from = bench.mark();
    bench.send(&ask);
    bench.send(&[ip(PEER_LOCAL, group, 1), alert(), v1(131, group)]);
    bench.wait(2000);
    assert!(!told(bench.answers(from)).contains(&group));
    // It has gone: version 2 again.
    bench.wait(300_000);
    let answers =
        bench.ask(&[ip(PEER_LOCAL, ALL_NODES, 1), alert(), query(Ipv6Addr::UNSPECIFIED, 1000)]);
    assert!(records(&answers[0]).contains(&(2, group)));
}
