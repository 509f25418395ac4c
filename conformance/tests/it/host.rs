//! Hosts without mobility: resolution, forwarding, fragments, errors.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_conformance::network::{LinkConfig, LinkId, Network, NodeId, Place};
use mip6_conformance::roles::command::Echo;
use mip6_conformance::roles::host::{Address, HostConfig, Route};
use mip6_conformance::roles::{Command, Config, Interface, Node};

fn address(text: &str) -> Ipv6Addr {
    text.parse().unwrap()
}

/// A host with an address on each link, forwarding if it has several.
fn host(network: &mut Network, number: u8, on: &[(LinkId, &str)], via: Option<&str>) -> NodeId {
    let stations = (0..on.len()).map(|i| [2, 0, 0, 0, number, i as u8]).collect();
    let addresses = on
        .iter()
        .enumerate()
        .map(|(i, (_, a))| Address::configured(Interface(i as u16), address(a), 64))
        .collect();
    let routes = via
        .map(|via| Route {
            prefix: Ipv6Addr::UNSPECIFIED,
            len: 0,
            interface: Interface(0),
            via: Some(address(via)),
        })
        .into_iter()
        .collect();
    let config =
        HostConfig { stations, addresses, routes, forwards: on.len() > 1, ..HostConfig::default() };
    let node = Node::new(Config { host: config, seed: number.into(), ..Config::default() });
    let id = network.node(node);
    for (i, (link, _)) in on.iter().enumerate() {
        network.attach(Place { node: id, interface: Interface(i as u16) }, Some(*link));
    }
    id
}

fn echo(to: &str, octets: usize) -> Command {
    Command::Echo(Echo {
        to: address(to),
        from: None,
        interface: None,
        octets,
        hop_limit: None,
        identifier: 7,
        sequence: 1,
    })
}

/// ICMPv6 types of what a node sent since `from`, from its own packets.
fn icmp(network: &Network, node: NodeId, from: usize) -> Vec<u8> {
    let sent = network.sent()[from..].iter().filter(|s| s.from.node == node);
    sent.filter(|s| s.octets[20] == 58).map(|s| s.octets[54]).collect()
}

#[test]
fn a_router_lets_two_hosts_talk() {
    let mut network = Network::new(1);
    let near = network.link(LinkConfig::named("near"));
    let far = network.link(LinkConfig::named("far"));
    let a = host(&mut network, 1, &[(near, "2001:db8:1::a")], Some("2001:db8:1::1"));
    let b = host(&mut network, 2, &[(far, "2001:db8:2::b")], Some("2001:db8:2::1"));
    host(&mut network, 3, &[(near, "2001:db8:1::1"), (far, "2001:db8:2::1")], None);
    network.run_for(Duration::from_secs(30));
    let before = network.sent().len();
    network.command(a, &echo("2001:db8:2::b", 56));
    network.run_for(Duration::from_secs(2));
    assert_eq!(icmp(&network, a, before), [135, 128], "{:?}", network.told());
    assert!(icmp(&network, b, before).contains(&129));
}

#[test]
fn long_packets_are_fragmented_and_put_together() {
    let mut network = Network::new(1);
    let link = network.link(LinkConfig::named("link"));
    let a = host(&mut network, 1, &[(link, "2001:db8:1::a")], None);
    let b = host(&mut network, 2, &[(link, "2001:db8:1::b")], None);
    network.run_for(Duration::from_secs(5));
    let before = network.sent().len();
    network.command(a, &echo("2001:db8:1::b", 4000));
    network.run_for(Duration::from_secs(2));
    let fragments = |n| {
        let sent = network.sent()[before..].iter();
        sent.filter(|s| s.from.node == n && s.octets[20] == 44).count()
    };
    assert_eq!((fragments(a), fragments(b)), (3, 3), "{:?}", network.told());
}

#[test]
fn a_neighbour_that_does_not_answer_is_given_up() {
    let mut network = Network::new(1);
    let link = network.link(LinkConfig::named("link"));
    let other = network.link(LinkConfig::named("other"));
    let a = host(&mut network, 1, &[(other, "2001:db8:2::a")], Some("2001:db8:2::1"));
    host(&mut network, 3, &[(link, "2001:db8:1::1"), (other, "2001:db8:2::1")], None);
    network.run_for(Duration::from_secs(5));
    let before = network.sent().len();
    network.command(a, &echo("2001:db8:1::77", 8));
    network.run_for(Duration::from_secs(10));
    let errors =
        network.sent()[before..].iter().filter(|s| s.octets[20] == 58 && s.octets[54] == 1);
    assert_eq!(errors.map(|s| s.octets[55]).collect::<Vec<_>>(), [3]);
}
