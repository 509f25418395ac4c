//! Policies as Linux and setkey have them.

use std::path::Path;

use mip6_security::keys;
use mip6_security::policy::{Decision, Direction, Policy, Selectors};

use crate::evaluation::{AGENT, CARE_OF, CORRESPONDENT, HOME, decided, packet};
use crate::load;

/// A mobile node's, as `ip xfrm state; ip xfrm policy` print them: priorities
/// are not in the order of the lines.
const XFRM: &str = "\
src 2001:db8:a::1234 dst 2001:db8:a::1
\tproto esp spi 0x00001000 reqid 1 mode transport
\treplay-window 32
\tauth-trunc hmac(sha1) 0x1112131415161718191a1b1c1d1e1f2021222324 96
\tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f
\tanti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000
\tsel src 2001:db8:a::1234/128 dst 2001:db8:a::1/128 proto 135
src 2001:db8:a::1234 dst 2001:db8:a::1
\tproto esp spi 0x00001004 reqid 2 mode tunnel
\tauth-trunc hmac(sha1) 0x1112131415161718191a1b1c1d1e1f2021222324 96
\tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f
src 2001:db8:a::1 dst 2001:db8:a::1234
\tproto esp spi 0x00001005 reqid 2 mode tunnel
\tauth-trunc hmac(sha1) 0x1112131415161718191a1b1c1d1e1f2021222324 96
\tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f
src 2001:db8:a::1234/128 dst ::/0 
\tdir out priority 30 ptype main 
\ttmpl src :: dst 2001:db8:a::1
\t\tproto esp reqid 9 mode tunnel
src 2001:db8:a::1234/128 dst ::/0 proto 135 type 1 
\tdir out priority 20 ptype sub 
\ttmpl src 2001:db8:a::1234 dst 2001:db8:a::1
\t\tproto esp reqid 2 mode tunnel
src 2001:db8:a::1234/128 dst 2001:db8:a::1/128 proto 135 type 5 
\tdir out priority 10 ptype main 
\ttmpl src :: dst ::
\t\tproto esp spi 0x00001000(4096) reqid 1 mode transport
src 2001:db8:a::1234/128 dst ::/0 proto 135 type 2 
\tdir out action block priority 5 ptype main 
src ::/0 dst ::/0 proto udp sport 500 dport 500 
\tdir out priority 1 
src ::/0 dst 2001:db8:a::1234/128 proto 135 type 3 
\tdir in priority 20 
\ttmpl src 2001:db8:a::1 dst 2001:db8:a::1234
\t\tproto esp reqid 2 mode tunnel
src ::/0 dst 2001:db8:a::1234/128 proto 135 type 3 
\tdir fwd priority 20 
\ttmpl src 2001:db8:a::1 dst 2001:db8:a::1234
\t\tproto esp reqid 2 mode tunnel
src ::/0 dst ::/0 
\tsocket in priority 0 
";

fn out(policy: &Policy, packet: &Selectors) -> String {
    decided(policy, "node", Direction::Out, packet)
}

#[test]
fn linux_decides_by_priority() {
    let policy = load(XFRM).unwrap_or_else(|e| panic!("{e}"));
    assert!(policy.warnings.is_empty(), "{:?}", policy.warnings);
    assert_eq!(out(&policy, &packet(HOME, AGENT, 135, 5)), "esp:0x1000");
    assert_eq!(out(&policy, &packet(HOME, CORRESPONDENT, 135, 1)), "esp:0x1004");
    assert_eq!(out(&policy, &packet(HOME, CORRESPONDENT, 135, 2)), "Discard");
    let ike = Selectors { ports: Some((500, 500)), ..packet(HOME, AGENT, 17, 0) };
    assert_eq!(out(&policy, &ike), "None");
    assert_eq!(out(&policy, &packet(CARE_OF, CORRESPONDENT, 6, 0)), "None");
    // Nothing is there yet for the last one: it is negotiated.
    let node = policy.node("node").unwrap();
    let payload = packet(HOME, CORRESPONDENT, 6, 0);
    let Decision::Create(pattern) = node.decide(Direction::Out, &payload) else { panic!() };
    assert_eq!(pattern.gateway, Some(AGENT.parse().unwrap()));
    let hot = packet(CORRESPONDENT, HOME, 135, 3);
    assert_eq!(decided(&policy, "node", Direction::In, &hot), "esp:0x1005");
    // What is forwarded is as what is received.
    assert_eq!(node.rules(Direction::In).len(), 1);
    assert_eq!(keys::parse(Path::new("keys"), XFRM).unwrap().associations.len(), 3);
}

#[test]
fn policies_of_kernels_print_in_the_notation() {
    for text in [XFRM, SETKEY] {
        let policy = load(text).unwrap();
        let again = load(&policy.to_string()).unwrap_or_else(|e| panic!("{e}\n{policy}"));
        assert_eq!(again.written, policy.written);
    }
}

#[test]
fn keys_alone_have_no_policy() {
    let states = XFRM.split_once("\nsrc 2001:db8:a::1234/128").unwrap().0;
    let file = keys::parse_file(Path::new("keys"), states).unwrap();
    assert!(file.policy.is_none() && file.associations.len() == 3);
    let policies = &XFRM[states.len() + 1..];
    let policy = load(policies).unwrap();
    let node = policy.node("node").unwrap();
    let update = packet(HOME, AGENT, 135, 5);
    assert!(matches!(node.decide(Direction::Out, &update), Decision::Create(_)));
}

#[test]
fn templates_find_the_association_they_mean() {
    // Another one between the same addresses stands first.
    let (first, rest) = XFRM.split_at(
        XFRM.find("src 2001:db8:a::1234 dst 2001:db8:a::1\n\tproto esp spi 0x00001004").unwrap(),
    );
    let text = first.replace("0x00001000", "0x00001009") + first + rest;
    let policy = load(&text).unwrap_or_else(|e| panic!("{e}"));
    let update = packet(HOME, AGENT, 135, 5);
    assert_eq!(out(&policy, &update), "esp:0x1000");
    let policy = load(&text.replace(" spi 0x00001000(4096)", "")).unwrap();
    assert_eq!(out(&policy, &update), "esp:0x1009");
    // By its mode, where no number ties them.
    let policy = load(&SETKEY.replace("/unique:7", "/require")).unwrap();
    assert_eq!(out(&policy, &packet(HOME, CORRESPONDENT, 6, 0)), "esp:0x1004");
}

#[test]
fn setkey_takes_the_greater_priority_first() {
    for (first, second, expected) in [
        ("prio 5", "prio 6", "None"),
        ("prio 6", "prio 5", "Discard"),
        ("prio def + 5", "priority def + 6", "None"),
        ("prio def - 5", "prio def - 6", "Discard"),
        ("prio low", "", "None"),
        ("prio high", "prio 7", "Discard"),
    ] {
        let text = format!(
            "spdadd {HOME} ::/0 any -P out {first} discard;\n\
             spdadd ::/0 {AGENT} any -P out {second} none;\n"
        );
        let policy = load(&text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(out(&policy, &packet(HOME, AGENT, 6, 0)), expected, "{text}");
    }
}

#[test]
fn linux_tells_tunnels_by_their_interface() {
    use mip6_security::policy::Interface;
    let text = XFRM.replace("type 1 ", "type 1 dev ip6tnl1");
    let policy = load(&text).unwrap();
    let init = packet(HOME, CORRESPONDENT, 135, 1);
    let entering = Selectors { interface: Interface::TunnelTo(AGENT.parse().unwrap()), ..init };
    assert_eq!(out(&policy, &entering), "esp:0x1004");
    assert_ne!(out(&policy, &init), "esp:0x1004");
    let e = load(&XFRM.replace("type 5 ", "type 5 dev eth0")).unwrap_err().to_string();
    assert!(e.starts_with("policy:24:69: interfaces are known by their tunnels"), "{e}");
}

#[test]
fn what_linux_says_amiss_is_told_with_its_place() {
    for (from, to, place, part) in [
        ("dir out priority 10", "dir up priority 10", "25:2", "in, out or fwd"),
        ("priority 10", "priority ten", "25:19", "a number"),
        ("\t\tproto esp spi 0x00001000(4096)", "\t\tproto comp", "27:3", "esp or ah"),
        (
            "reqid 1 mode transport\nsrc 2001:db8:a::1234/128 dst ::/0 proto",
            "reqid 1 mode beet\nsrc ::1/128 dst ::/0 proto",
            "27:3",
            "mode",
        ),
        ("proto udp sport 500", "proto udp sport http", "30:35", "a port"),
        ("proto 135 type 3 \n\tdir in", "proto 58 type 3 code 4\n\tdir in", "32:56", "codes"),
    ] {
        let text = XFRM.replacen(from, to, 1);
        assert_ne!(text, XFRM, "{from}");
        let e = load(&text).unwrap_err().to_string();
        assert!(e.starts_with(&format!("policy:{place}: ")) && e.contains(part), "{e}");
    }
}

const SETKEY: &str = "\
flush; spdflush;
add 2001:db8:a::1234 2001:db8:a::1 esp 0x1000 -m transport -E null
    -A hmac-sha1 0x1112131415161718191a1b1c1d1e1f2021222324;
add 2001:db8:a::1234 2001:db8:a::1 esp 0x1004 -m tunnel -u 7 -E null
    -A hmac-sha1 0x1112131415161718191a1b1c1d1e1f2021222324;
spdadd 2001:db8:a::1234/128 ::/0[any] any -P out prio low ipsec esp/tunnel/2001:db8:a::1234-2001:db8:a::1/unique:7;
spdadd -6 2001:db8:a::1234 2001:db8:a::1 135 5,0 -P out ipsec esp/transport//require; # updates
spdadd 2001:db8:a::1234 2001:db8:a::1 icmp6 146 -P out ipsec esp/transport/2001:db8:a::1234-2001:db8:a::1/use;
spdadd 2001:db8:a::1234[500] ::/0[500] udp -P out prio high - 1 none;
spdadd ::/0 2001:db8:a::1234 any -P in
    discard;
";

#[test]
fn setkey_decides_by_priority_too() {
    let policy = load(SETKEY).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(out(&policy, &packet(HOME, AGENT, 135, 5)), "esp:0x1000");
    assert_eq!(out(&policy, &packet(HOME, AGENT, 58, 146)), "esp:0x1000");
    assert_eq!(out(&policy, &packet(HOME, AGENT, 58, 128)), "esp:0x1004");
    assert_eq!(out(&policy, &packet(HOME, CORRESPONDENT, 6, 0)), "esp:0x1004");
    let ike = Selectors { ports: Some((500, 500)), ..packet(HOME, AGENT, 17, 0) };
    assert_eq!(out(&policy, &ike), "None");
    let received = packet(CORRESPONDENT, HOME, 6, 0);
    assert_eq!(decided(&policy, "node", Direction::In, &received), "Discard");
    assert_eq!(keys::parse(Path::new("keys"), SETKEY).unwrap().associations.len(), 2);
}

#[test]
fn what_setkey_is_told_amiss_is_told_with_its_place() {
    for (from, to, place, part) in [
        ("135 5,0 -P out", "135 5,0 out", "7:1", "spdadd SOURCE"),
        ("135 5,0 -P out", "135 5,0 -P up", "7:53", "in, out"),
        ("135 5,0 -P out ipsec", "135 5,7 -P out ipsec", "7:46", "codes"),
        ("esp/transport//require", "esp/beet//require", "7:63", "transport or tunnel"),
        ("esp/transport//require", "ipcomp/transport//require", "7:63", "esp or ah"),
        ("esp/transport//require", "esp/tunnel//require", "7:63", "ends of the tunnel"),
        ("//require;", "//require ah/transport//require;", "7:86", "bundles"),
        ("prio low", "prio lower", "6:55", "a number"),
        ("icmp6 146", "icmp6 echo", "8:45", "type of ICMPv6"),
    ] {
        let text = SETKEY.replacen(from, to, 1);
        assert_ne!(text, SETKEY, "{from}");
        let e = load(&text).unwrap_err().to_string();
        assert!(e.starts_with(&format!("policy:{place}: ")) && e.contains(part), "{e}");
    }
}

/// A file that others wrote for setkey: every `spdadd` has its `add`.
#[test]
fn a_file_of_others_is_understood() {
    let Some(collection) = mip6_testkit::collection::folder() else { return };
    let path = collection.join("third-party/wireshark-wiki/keys/ipsec_esp_capture_1.ipsec.conf");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: no {}", path.display());
        return;
    };
    let policy = load(&text).unwrap_or_else(|e| panic!("{e}"));
    let node = policy.node("node").unwrap();
    let added = text.lines().filter(|l| l.starts_with("spdadd")).count();
    assert!(added > 3);
    assert_eq!(node.rules(Direction::Out).len(), added);
    assert_eq!(node.associations().len(), added);
    assert!(policy.warnings.is_empty(), "{:?}", policy.warnings);
}
