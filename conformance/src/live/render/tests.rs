//! What other programs are told.

use std::path::Path;

use mip6_security::keys;

use super::*;
use crate::case::setting::NodeFile;

fn described(text: &str) -> Described {
    let file = NodeFile::parse("node.yaml", text).unwrap_or_else(|e| panic!("{e}"));
    Described::new(&file).unwrap()
}

const ROUTER: &str = "
play: router
interface: eth1
topology:
  links:
    link:
      prefixes: [{router-address: true}]
      advertise: {min-interval: 30 ms, max-interval: 70 ms, lifetime: 100 s, managed: true}
  nodes:
    router: {role: access-router, on: [link]}
";

#[test]
fn radvd_is_told_what_a_router_advertises() {
    let text = render(&described(ROUTER), Form::Radvd).unwrap();
    for line in [
        "interface eth1",
        "    AdvSendAdvert on;",
        "    UnicastOnly off;",
        "    MinRtrAdvInterval 0.03;",
        "    MaxRtrAdvInterval 0.07;",
        "    MinDelayBetweenRAs 0.03;",
        "    AdvDefaultLifetime 100;",
        "    AdvManagedFlag on;",
        "    AdvOtherConfigFlag off;",
        "    AdvIntervalOpt on;",
        "    prefix 2001:db8:1::1/64",
        "        AdvRouterAddr on;",
        "        AdvValidLifetime 2592000;",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    assert!(!text.contains("HomeAgent"), "{text}");
}

#[test]
fn zebra_is_told_the_same() {
    let text = render(&described(ROUTER), Form::Zebra).unwrap();
    for line in [
        "interface eth1",
        " no ipv6 nd suppress-ra",
        " ipv6 nd ra-interval msec 70",
        " ipv6 nd ra-lifetime 100",
        " ipv6 nd managed-config-flag",
        " ipv6 nd adv-interval-option",
        " ipv6 nd prefix 2001:db8:1::/64 2592000 604800 router-address",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    let asked = ROUTER.replace("managed: true", "enabled: false");
    assert_eq!(
        render(&described(&asked), Form::Zebra).unwrap_err().to_string(),
        "zebra cannot be told this: to advertise on request alone"
    );
    let text = render(&described(&asked), Form::Radvd).unwrap();
    assert!(text.contains("    UnicastOnly on;"), "{text}");
}

#[test]
fn ip_gives_a_node_the_addresses_that_cases_expect() {
    let text = render(&described(ROUTER), Form::Ip).unwrap();
    assert_eq!(
        text,
        "sysctl -qw net.ipv6.conf.all.forwarding=1\n\
         ip link set dev eth1 address 02:00:5e:00:01:00 up\n\
         ip -6 address flush dev eth1\n\
         ip -6 address add fe80::5eff:fe00:100/64 dev eth1 nodad\n\
         ip -6 address add 2001:db8:1::1/64 dev eth1 nodad\n"
    );
    let unnamed = ROUTER.replace("interface: eth1\n", "");
    let error = render(&described(&unnamed), Form::Ip).unwrap_err().to_string();
    assert!(error.starts_with("the interface on link link has no name"), "{error}");
}

#[test]
fn a_home_agent_says_what_it_is() {
    let home = "
play: ha
interface: eth1
topology:
  links: {home: {}}
  nodes:
    ha: {role: home-agent, on: [home], home-agent: {preference: 7, lifetime: 900 s}}
";
    let text = render(&described(home), Form::Radvd).unwrap();
    for line in [
        "    AdvHomeAgentFlag on;",
        "    AdvHomeAgentInfo on;",
        "    HomeAgentPreference 7;",
        "    HomeAgentLifetime 900;",
        "        AdvRouterAddr on;",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    let text = render(&described(home), Form::Zebra).unwrap();
    assert!(text.contains(" ipv6 nd home-agent-preference 7\n"), "{text}");
    let plain = home.replace(", home-agent: {preference: 7, lifetime: 900 s}", "");
    let text = render(&described(&plain), Form::Radvd).unwrap();
    assert!(text.contains("    AdvHomeAgentInfo off;\n"), "{text}");
}

#[test]
fn radvd_is_no_host() {
    let host = "play: cn\ninterface: x\nuse: [topology/roaming]\n";
    assert_eq!(
        render(&described(host), Form::Radvd).unwrap_err().to_string(),
        "cn is a correspondent: radvd is for routers and home agents"
    );
    assert_eq!(
        render(&described(host), Form::Xfrm).unwrap(),
        "# Nothing of this node is protected.\n"
    );
}

/// The commands, as the kernel would print what they make: our reader of that output
/// finds the associations that the case has.
#[test]
fn xfrm_has_the_associations_and_policies_of_a_case() {
    let node = described("play: ha\ninterface: x\nuse: [topology/roaming]\n");
    let text = render(&node, Form::Xfrm).unwrap();
    let own = node.host.databases.as_ref().unwrap();
    let mut printed = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("ip xfrm state add ") {
            let at = |word: &str| rest.find(&format!(" {word} ")).unwrap_or(rest.len());
            let (head, body) = rest.split_at(at("proto"));
            let (body, _) = body.split_at(body.find(" sel ").unwrap());
            let (body, enc) = body.split_at(body.find(" enc ").unwrap());
            let (body, auth) = body.split_at(body.find(" auth-trunc ").unwrap());
            let lines = [body, auth, enc].map(|l| format!("\t{}\n", l.trim().replace('\'', "")));
            printed.push_str(head);
            printed.push('\n');
            printed.push_str(&lines.concat());
        }
    }
    let read = keys::parse_file(Path::new("printed"), &printed).unwrap();
    let node = own.policy.node(&own.node).unwrap();
    assert_eq!(read.associations.len(), node.associations().len());
    for entry in node.associations() {
        let found = read.associations.iter().find(|a| a.spi == entry.spi).unwrap();
        let wanted = own.associations.iter().find(|a| a.name == entry.name).unwrap();
        assert_eq!((found.protocol, found.mode), (entry.protocol, entry.mode), "{}", entry.name);
        assert_eq!(found.destination, Some(entry.destination), "{}", entry.name);
        let (mut ours, mut theirs) = ([0; 12], [0; 12]);
        found.sign(b"octets", &mut ours);
        wanted.sign(b"octets", &mut theirs);
        assert_eq!(ours, theirs, "{}", entry.name);
    }
    let lines = |what: &str| text.lines().filter(|l| l.contains(what)).count();
    // Updates and acknowledgements, tests, prefix discovery; what a tunnel brings may go
    // on to others.
    assert_eq!((lines("dir out"), lines("dir in"), lines("dir fwd")), (3, 3, 1), "{text}");
    assert!(text.contains("ip xfrm policy add src 2001:db8:1::"), "{text}");
}

#[test]
fn an_address_that_another_node_has_is_said() {
    let text = "
play: ha
use: [topology/roaming]
nodes: {ha: {addresses: {home: \"2001:db8:1::1\"}}}
";
    let file = NodeFile::parse("node.yaml", text).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(
        Described::new(&file).unwrap_err(),
        "ha is given address 2001:db8:1::1 on link home, which router has: give it another"
    );
}
