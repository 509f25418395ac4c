//! What hosts believe of neighbours and routers: RFC 4861, RFC 4862.

use std::net::Ipv6Addr;

use mip6_conformance::network::Place;
use mip6_conformance::roles::Command;
use mip6_conformance::roles::command::Echo;
use mip6_conformance::roles::host::{HostConfig, Route, faults, solicited_node};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, NaFlags, RaFlags};
use mip6_wire::ip::Ipv6;

use super::bench::{Bench, NODE, PEER, PEER_LOCAL, PLACE, echo, icmpv6, ip, message};

const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
/// Source Link-Layer Address, and Advertisement Interval with Home Agent
/// Information.
const LINK_LAYER: &[u8] = &[1, 1, 2, 0, 0, 0, 0, 9];
const STRANGE: &[u8] = &[7, 1, 0, 0, 0, 0, 0, 9, 8, 1, 0, 0, 0, 9, 0, 9];

fn solicitation(target: Ipv6Addr, options: &[u8]) -> Icmpv6<'static> {
    let options = options.to_vec().into();
    Icmpv6::new(135, Icmpv6Body::NeighborSolicitation { reserved: 0, target, options })
}

fn advertisement(lifetime: u16, options: &[u8]) -> Header<'static> {
    let body = Icmpv6Body::RouterAdvertisement {
        hop_limit: 64,
        flags: RaFlags::empty(),
        lifetime,
        reachable: 0,
        retrans: 0,
        options: options.to_vec().into(),
    };
    message(134, body)
}

fn routers(bench: &Bench) -> usize {
    bench.network.get(bench.node).unwrap().host().routers().len()
}

#[test]
fn solicitations_are_answered_if_they_are_valid() {
    let mut bench = Bench::settled(HostConfig::default(), None);
    let group = solicited_node(NODE);
    let good = [ip(PEER, group, 255), Header::Icmpv6(solicitation(NODE, LINK_LAYER))];
    assert_eq!(bench.ask_kinds(&good), [(136, 0)]);
    let none = Ipv6Addr::UNSPECIFIED;
    let asks = |p: Ipv6Addr, to, hops, m: Icmpv6<'static>| [ip(p, to, hops), Header::Icmpv6(m)];
    for bad in [
        asks(PEER, group, 254, solicitation(NODE, LINK_LAYER)),
        asks(PEER, group, 255, Icmpv6 { code: 1, ..solicitation(NODE, LINK_LAYER) }),
        asks(PEER, group, 255, Icmpv6 { checksum: 1.into(), ..solicitation(NODE, &[]) }),
        asks(PEER, group, 255, solicitation(NODE, &[1, 0, 2, 0, 0, 0, 0, 9])),
        asks(PEER, group, 255, solicitation(NODE, &[1, 2, 2, 0, 0, 0, 0, 9])),
        asks(PEER, group, 255, solicitation(group, LINK_LAYER)),
        asks(none, group, 255, solicitation(NODE, LINK_LAYER)),
        asks(none, NODE, 255, solicitation(NODE, &[])),
    ] {
        assert_eq!(bench.ask_kinds(&bad), [], "{bad:?}");
    }
    let detection = asks(none, group, 255, solicitation(NODE, &[]));
    let answers = bench.ask(&detection);
    let Icmpv6Body::NeighborAdvertisement { flags, .. } = icmpv6(&answers[0]).unwrap().body else {
        panic!("{answers:?}")
    };
    assert_eq!(flags, NaFlags::O);
    assert!(matches!(&answers[0][0], Header::Ipv6(ip) if ip.destination == ALL_NODES));
}

#[test]
fn options_of_router_advertisements_are_ignored_elsewhere() {
    let ask = [
        ip(PEER, solicited_node(NODE), 255),
        Header::Icmpv6(solicitation(NODE, &[STRANGE, LINK_LAYER].concat())),
    ];
    assert_eq!(Bench::settled(HostConfig::default(), None).ask_kinds(&ask), [(136, 0)]);
    let fault = Some(&faults::MINDS_STRANGE_OPTIONS);
    assert_eq!(Bench::settled(HostConfig::default(), fault).ask_kinds(&ask), []);
}

#[test]
fn an_address_that_somebody_has_is_given_up() {
    let flags = NaFlags::O;
    let target = NODE;
    let body = || Icmpv6Body::NeighborAdvertisement { flags, target, options: [][..].into() };
    let answer = [ip(PEER, ALL_NODES, 255), message(136, body())];
    let asks = [
        ip(Ipv6Addr::UNSPECIFIED, solicited_node(NODE), 255),
        Header::Icmpv6(solicitation(NODE, &[])),
    ];
    let lookup =
        [ip(PEER, solicited_node(NODE), 255), Header::Icmpv6(solicitation(NODE, LINK_LAYER))];
    for (packet, kept) in [(answer, false), (asks, false), (lookup, true)] {
        let mut bench = Bench::new(HostConfig::default(), None);
        bench.connect();
        bench.wait(100);
        bench.send(&packet);
        bench.wait(5000);
        assert_eq!(bench.network.get(bench.node).unwrap().host().has(NODE), kept, "{packet:?}");
    }
    // Once it is its own it stays.
    let mut bench = Bench::settled(HostConfig::default(), None);
    bench.send(&[ip(PEER, ALL_NODES, 255), message(136, body())]);
    bench.wait(5000);
    assert!(bench.network.get(bench.node).unwrap().host().has(NODE));
}

#[test]
fn routers_are_believed_from_link_local_addresses_until_their_lifetime_ends() {
    let mut bench = Bench::settled(HostConfig::default(), None);
    bench.send(&[ip(PEER, ALL_NODES, 255), advertisement(30, LINK_LAYER)]);
    bench.send(&[ip(PEER_LOCAL, ALL_NODES, 64), advertisement(30, LINK_LAYER)]);
    bench.wait(1000);
    assert_eq!(routers(&bench), 0);
    bench.send(&[ip(PEER_LOCAL, ALL_NODES, 255), advertisement(30, LINK_LAYER)]);
    bench.wait(29_000);
    assert_eq!(routers(&bench), 1);
    bench.wait(2000);
    assert_eq!(routers(&bench), 0);
    // One that says that it is no router is none.
    bench.send(&[ip(PEER_LOCAL, ALL_NODES, 255), advertisement(30, LINK_LAYER)]);
    bench.wait(1000);
    let (flags, target) = (NaFlags::O, PEER_LOCAL);
    let options = vec![2, 1, 2, 0, 0, 0, 0, 9].into();
    let body = Icmpv6Body::NeighborAdvertisement { flags, target, options };
    bench.send(&[ip(PEER_LOCAL, ALL_NODES, 255), message(136, body)]);
    bench.wait(1000);
    assert_eq!(routers(&bench), 0);
}

#[test]
fn routers_are_solicited_three_times() {
    let mut bench = Bench::new(HostConfig::default(), None);
    let solicitations = |bench: &Bench, from| {
        let of = |p: &&Vec<Header<'static>>| icmpv6(p).is_some_and(|m| m.kind == 133);
        bench.answers(from).iter().filter(of).count()
    };
    bench.connect();
    bench.wait(60_000);
    assert_eq!(solicitations(&bench, 0), 3);
    // Another link, another search.
    let from = bench.mark();
    let link = Some(bench.links[1]);
    bench.network.attach(Place { node: bench.node, interface: PLACE }, link);
    bench.wait(60_000);
    assert_eq!(solicitations(&bench, from), 3);
}

#[test]
fn redirects_are_followed_from_the_first_hop_alone() {
    let far = Ipv6Addr::new(0x2001, 0xdb8, 7, 0, 0, 0, 0, 7);
    let route =
        Route { prefix: Ipv6Addr::UNSPECIFIED, len: 0, interface: PLACE, via: Some(PEER_LOCAL) };
    let host = HostConfig { routes: vec![route], ..HostConfig::default() };
    let mut bench = Bench::settled(host, None);
    let other = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x77);
    let redirect = |from| {
        let options = vec![2, 1, 2, 0, 0, 0, 0, 0x77].into();
        let body = Icmpv6Body::Redirect { reserved: 0, target: other, destination: far, options };
        [ip(from, NODE, 255), message(137, body)]
    };
    for (from, followed) in [(other, false), (PEER_LOCAL, true)] {
        bench.send(&redirect(from));
        bench.wait(100);
        let mark = bench.mark();
        bench.network.command(bench.node, &ping(far, 8));
        bench.wait(100);
        let went = bench.network.sent()[mark..]
            .iter()
            .any(|s| s.octets[..6] == [2, 0, 0, 0, 0, 0x77] && s.octets[54] == 128);
        assert_eq!(went, followed, "{:?}", bench.network.told());
    }
}

fn ping(to: Ipv6Addr, octets: usize) -> Command {
    let (identifier, sequence) = (1, 1);
    let (from, interface, hop_limit) = (None, None, None);
    Command::Echo(Echo { to, from, interface, octets, hop_limit, identifier, sequence })
}

#[test]
fn paths_shrink_to_the_least_mtu_and_no_further() {
    let mut bench = Bench::settled(HostConfig::default(), None);
    let ask = |bench: &mut Bench| {
        // The link-layer address of the peer is learnt on the way.
        bench.send(&[ip(PEER, NODE, 255), Header::Icmpv6(solicitation(NODE, LINK_LAYER))]);
        let answers = bench.ask(&[ip(PEER, NODE, 64), echo(1400)]);
        let whole = answers.iter().any(|p| icmpv6(p).is_some_and(|m| m.kind == 129));
        let fragments = answers.iter().filter(|p| matches!(p[1], Header::Fragment(_))).count();
        (whole && fragments == 0, fragments)
    };
    assert_eq!(ask(&mut bench), (true, 0));
    let shrink = |source, mtu| {
        let quoted = Header::Ipv6(Ipv6::new(source, PEER)).to_bytes(&mip6_wire::codes::RFC6275);
        let quoted = [quoted, vec![0; 8]].concat().into();
        [ip(PEER, NODE, 64), message(2, Icmpv6Body::PacketTooBig { mtu, quoted })]
    };
    for (source, mtu, fragments) in [(NODE, 1279, 0), (PEER_LOCAL, 1300, 0), (NODE, 1300, 2)] {
        bench.send(&shrink(source, mtu));
        bench.wait(10);
        assert_eq!(ask(&mut bench).1, fragments, "{mtu}");
    }
    // Believed for ten minutes.
    bench.wait(600_000);
    assert_eq!(ask(&mut bench), (true, 0));
}
