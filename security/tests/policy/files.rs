//! Key files with a policy in them, and what both say.

use std::path::Path;

use mip6_security::policy::{self, Direction};
use mip6_security::{Associations, Mode, Protocol, keys};

use crate::evaluation::{AGENT, HOME, decided, ip, packet};
use crate::{NAMES, load, manual, yaml};

const KEY: &str = "1112131415161718191a1b1c1d1e1f2021222324";

/// Both nodes' policy, and associations.
fn file(associations: &str) -> String {
    yaml(&manual(), &NAMES) + "associations:\n" + associations
}

fn association(fields: &str) -> String {
    format!("  - {{{fields}, integrity: {{algorithm: hmac-sha1-96, key: {KEY}}}}}\n")
}

fn associations(text: &str) -> Associations {
    keys::parse(Path::new("keys"), text).unwrap_or_else(|e| panic!("{e}")).associations
}

fn error(text: &str) -> String {
    let e = keys::parse(Path::new("keys"), text).unwrap_err().to_string();
    assert!(!e.contains(&KEY[..8]), "{e} shows a key");
    e
}

#[test]
fn associations_take_from_the_sad_what_they_do_not_say() {
    let all = associations(&file(&(association("name: SA1") + &association("name: SA4"))));
    assert_eq!(all.len(), 2);
    let a = &all[0];
    assert_eq!((a.name.as_str(), a.spi, a.mode), ("SA1", 0x1000, Mode::Transport));
    assert_eq!((a.destination, a.protocol), (Some(ip(AGENT)), Protocol::Esp));
    let a = &all[1];
    assert_eq!((a.name.as_str(), a.spi, a.mode), ("SA4", 0x1005, Mode::Tunnel));
    assert_eq!(a.destination, Some(ip(HOME)));
}

#[test]
fn associations_may_say_what_the_sad_says() {
    let same =
        "name: SA1, spi: 4096, mode: transport, protocol: esp, destination: \"2001:db8:a::1\"";
    assert_eq!(associations(&file(&association(same))).len(), 1);
    // One of another name is its own.
    let own = associations(&file(&association("name: SA11, spi: 7")));
    assert_eq!((own[0].spi, own[0].mode, own[0].destination), (7, Mode::Any, None));
}

#[test]
fn what_contradicts_the_sad_is_a_fault() {
    let line = file("").lines().count() + 1;
    for (field, column, what) in [
        ("spi: 4097", 22, "SPI"),
        ("mode: tunnel", 23, "mode"),
        ("protocol: ah", 27, "protocol"),
        ("destination: \"2001:db8:a::2\"", 30, "destination"),
    ] {
        let e = error(&file(&association(&format!("name: SA1, {field}"))));
        let wanted =
            format!("keys:{line}:{column}: the {what} of SA1 is another in the policy (13:5)");
        assert_eq!(e, wanted);
    }
    // Two nodes that say different things of one association.
    let mut text = file(&association("name: SA1"));
    let second = text.rfind("SA1(IN, spi_a").unwrap();
    text.replace_range(second.."SA1(IN, spi_a".len() + second, "SA1(IN, 0x2000");
    let e = error(&text);
    assert!(e.starts_with(&format!("keys:{line}:12: the SPI of SA1 is another")), "{e}");
}

#[test]
fn what_neither_says_is_a_fault() {
    let line = file("").lines().count() + 1;
    let e = error(&file(&association("name: SA11")));
    assert!(e.starts_with(&format!("keys:{line}:12: expected `spi:`")) && e.contains("SAD"), "{e}");
    let e = error(&format!("associations:\n{}", association("name: SA1")));
    assert!(e.starts_with("keys:2:12: expected `spi:`") && !e.contains("SAD"), "{e}");
    let e = error("names: {a: b}\n");
    assert!(e.starts_with("keys:1:1: no keys: expected `associations`"), "{e}");
}

#[test]
fn faults_of_a_block_are_told_where_they_stand_in_the_file() {
    let text = "names: {a: 2001:db8::1}\n\
                policy: |\n\
                \n\
                \x20   n SPD OUT:\n\
                \x20     - IF source = a & destination = b\n\
                \x20       THEN DISCARD\n";
    assert!(error(text).starts_with("keys:5:39: `b` is no name"), "{}", error(text));
    let quoted = "policy: \"n SPD OUT:\\n- IF source = a THEN DISCARD\"\n";
    assert!(error(quoted).starts_with("keys:1:9: expected a block"), "{}", error(quoted));
    let folded = "policy: >\n  n SPD OUT:\n\n  - IF source = a THEN DISCARD\n";
    assert!(error(folded).starts_with("keys:"), "{}", error(folded));
    let e = load("associations: [{spi: 7}]\n").unwrap_err().to_string();
    assert!(e.starts_with("policy:1:1: no policy"), "{e}");
}

#[test]
fn values_need_no_quotes() {
    let text = "policy: |\n  n SPD OUT:\n    - IF source = a & proto = p THEN USE S\n  \
                n SAD:\n    - S(OUT, s, a, AH, TRANSPORT): source = a\n\
                names:\n  a: 2001:db8::1\n  p: 17\n  s: 0x10\n";
    let policy = load(text).unwrap_or_else(|e| panic!("{e}"));
    let entry = &policy.nodes[0].associations()[0];
    assert_eq!(
        (entry.spi, entry.destination, entry.protocol),
        (16, ip("2001:db8::1"), Protocol::Ah)
    );
}

#[test]
fn a_policy_may_stand_in_a_file_of_its_own() {
    let folder = std::env::temp_dir().join(format!("mip6-policy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("keys.yaml");
    let notation = folder.join("policy.txt");
    std::fs::write(&notation, manual()).unwrap();
    let names = yaml("", &NAMES).replace("policy: |\n", "");
    let text =
        format!("policy-file: policy.txt\n{names}associations:\n{}", association("name: SA1"));
    std::fs::write(&path, &text).unwrap();
    let file = keys::read(&path);
    std::fs::write(&notation, manual().replace("THEN USE SA8", "THEN USE SA0")).unwrap();
    let wrong = policy::load(&path).unwrap_err().to_string();
    std::fs::remove_file(&notation).unwrap();
    let missing = policy::load(&path).unwrap_err().to_string();
    std::fs::remove_dir_all(&folder).unwrap();
    let file = file.unwrap();
    assert_eq!(file.associations[0].spi, 0x1000);
    let policy = file.policy.unwrap();
    assert_eq!(policy.path, notation);
    let update = packet(HOME, AGENT, 135, 5);
    assert_eq!(decided(&policy, "mobile node", Direction::Out, &update), "SA1");
    assert!(wrong.starts_with(&format!("{}:10:", notation.display())), "{wrong}");
    assert!(missing.starts_with(&format!("{}:1:14: cannot read", path.display())), "{missing}");
    let both = text.replace("names:", "policy: |\n  n SAD:\nnames:");
    assert!(error(&both).starts_with("keys:1:14: expected policy or policy-file"));
}

#[test]
fn the_bare_notation_has_addresses_in_the_place_of_names() {
    let mut text = manual();
    for (name, value) in NAMES {
        text = text.replace(&format!(" {name}"), &format!(" {value}"));
    }
    let policy = load(&format!("# two nodes\n\n{text}")).unwrap();
    assert_eq!(policy.nodes.len(), 2);
    let update = packet(HOME, AGENT, 135, 5);
    assert_eq!(decided(&policy, "home agent", Direction::In, &update), "SA1");
    assert!(associations(&text).is_empty());
    let e = load(&manual()).unwrap_err().to_string();
    assert!(e.starts_with("policy:2:15: `home_address_1` is no name"), "{e}");
}
