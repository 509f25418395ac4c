//! Each contradiction with its place, and beside it what is none.

use std::fmt::Write as _;

use crate::{NAMES, load, manual, yaml};

/// A policy, its names bound; where it stands in its file: a line further down,
/// two columns to the right.
fn refused(notation: &str, place: &str, part: &str) {
    let (line, column) = place.split_once(':').unwrap();
    let (line, column): (usize, usize) = (line.parse().unwrap(), column.parse().unwrap());
    let Err(e) = load(&yaml(notation, &NAMES)) else { panic!("taken:\n{notation}") };
    let e = e.to_string();
    let place = format!("policy:{}:{}: ", line + 1, column + 2);
    assert!(e.starts_with(&place) && e.contains(part), "{place}{part}\n{e}\n{notation}");
}

/// Places and texts of warnings.
fn taken(notation: &str) -> Vec<String> {
    let policy = load(&yaml(notation, &NAMES)).unwrap_or_else(|e| panic!("{e}\n{notation}"));
    policy.warnings.iter().map(ToString::to_string).collect()
}

fn fine(notation: &str) {
    assert_eq!(taken(notation), Vec::<String>::new(), "{notation}");
}

/// A node with rules in SPD OUT (from line 2) and associations OUT behind them.
fn node(rules: &[&str], associations: &[&str]) -> String {
    let mut text = String::from("n SPD OUT:\n");
    for rule in rules {
        writeln!(text, "- IF {rule}").unwrap();
    }
    text.push_str("n SAD:\n");
    for association in associations {
        writeln!(text, "- {association}").unwrap();
    }
    text
}

const PAIR: &str = "source = home_address_1 & destination = home_agent_1";
const SA1: &str = "SA1(OUT, spi_a, home_agent_1, ESP, TRANSPORT): source = home_address_1";
const SA9: &str = "SA9(OUT, spi_b, home_agent_1, ESP, TRANSPORT): source = home_address_1";

fn to(rest: &str) -> String {
    format!("{PAIR} & {rest}")
}

#[test]
fn names_that_nobody_bound() {
    for (word, part) in [
        ("home_address_1", "an IP address"),
        ("home_agent_1", "an IP address"),
        ("spi_a", "an SPI"),
        ("X", "a protocol"),
    ] {
        let text = manual();
        let names: Vec<_> = NAMES.into_iter().filter(|(n, _)| *n != word).collect();
        let e = load(&yaml(&text, &names)).unwrap_err().to_string();
        let found = |(i, l): (usize, &str)| Some((i, l.find(word)?));
        let words = text.lines().enumerate().find_map(found).unwrap();
        let place = format!("policy:{}:{}: `{word}` is no name", words.0 + 2, words.1 + 3);
        assert!(e.starts_with(&place) && e.contains(part), "{e}, {place}");
    }
    // Identities, and names of nodes, are what they are.
    fine(
        "n SPD OUT:\n- IF proto = MH THEN CREATE ESP TRANSPORT SA: local phase 1 identity = nobody",
    );
}

#[test]
fn names_that_mean_something_else() {
    let at = |wrong: &str| node(&["proto = MH THEN USE SA1"], &[wrong]);
    refused(&at("SA1(OUT, home_agent_1, home_agent_1, ESP, TUNNEL): proto = MH"), "4:12", "an SPI");
    refused(&at("SA1(OUT, spi_a, spi_a, ESP, TUNNEL): proto = MH"), "4:19", "an IP address");
    refused(&at("SA1(OUT, 0, home_agent_1, ESP, TUNNEL): proto = MH"), "4:12", "not 0");
    refused(&at("SA1(OUT, 7, home_agent_1, ESP, TUNNEL): proto = 256"), "4:51", "a protocol");
    refused(&at("SA1(OUT, 7, 2001:db8::/64, ESP, TUNNEL): proto = MH"), "4:15", "an IP address");
    refused(&at("SA1(OUT, 7, ::1, ESP, TUNNEL): source = 2001:db8::/129"), "4:43", "a prefix");
    fine(&at("SA1(OUT, 7, ::1, ESP, TUNNEL): source = ::/0 & source = any | proto = any"));
}

#[test]
fn associations_that_the_sad_lacks() {
    let rule = to("proto = MH THEN USE SA1");
    refused(
        &node(&[&rule.replace("SA1", "SA7")], &[SA1]),
        &format!("2:{}", rule.len() + 3),
        "`SA7` is not in the SAD of n: it has SA1",
    );
    fine(&node(&[&rule], &[SA1]));
    // One that another node has.
    let other = node(&[&rule], &[]) + &node(&[&rule], &[SA1]).replace("n S", "m S");
    refused(&other, &format!("2:{}", rule.len() + 3), "it is empty");
}

#[test]
fn associations_that_nobody_uses() {
    let rule = to("proto = MH THEN USE SA1");
    let warnings = taken(&node(&[&rule], &[SA1, SA9]));
    assert_eq!(warnings, ["6:5: no rule in the SPD of n uses SA9"]);
}

#[test]
fn directions_that_contradict_each_other() {
    let rule = to("proto = MH THEN USE SA1");
    let text = node(&[&rule], &[&SA1.replace("OUT", "IN")]);
    refused(&text, &format!("2:{}", rule.len() + 3), "SA1 is for IN (5:5)");
    fine(&text.replace("SPD OUT", "SPD IN"));
}

#[test]
fn modes_that_go_not_together() {
    let rule = "interface = tunnel to home_agent_1 & source = home_address_1 THEN USE SA1";
    let warnings = taken(&node(&[rule], &[SA1]));
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with(&format!("3:{}: SA1 is in transport mode", rule.len() + 5)));
    fine(&node(&[rule], &[&SA1.replace("TRANSPORT", "TUNNEL")]));
    let create = "interface = tunnel to any THEN CREATE ESP TRANSPORT SA";
    assert_eq!(taken(&node(&[create], &[])).len(), 1);
    fine(&node(&[&create.replace("TRANSPORT", "TUNNEL")], &[]));
    let nested = "interface = tunnel to any & proto = ESP THEN CREATE ESP TUNNEL SA";
    assert!(taken(&node(&[nested], &[]))[0].contains("ESP or AH inside"));
}

#[test]
fn conditions_that_nothing_meets() {
    for condition in [
        "source = ::1 & source = ::2",
        "source = 2001:db8::/32 & not source = 2001:db8::/16",
        "source = ::1 & proto = MH & icmp6_type = MPS",
        "source = ::1 & not destination = any",
        "source = ::1 & interface = tunnel to ::2 & interface = tunnel from ::2",
    ] {
        refused(&node(&[&format!("{condition} THEN DISCARD")], &[]), "2:15", "contradicts itself");
    }
    fine(&node(&["source = 2001:db8::/16 & not source = 2001:db8::/32 THEN DISCARD"], &[]));
    let two = "(proto = 1 | proto = 2)";
    let product = |n: usize| {
        let factors: Vec<_> = (0..n)
            .map(|i| format!("(not source_port = {i} | not destination_port = {i})"))
            .collect();
        node(&[&format!("{two} & {} THEN DISCARD", factors.join(" & "))], &[])
    };
    refused(&product(12), "2:15", "more than 1024 cases");
    fine(&product(3));
}

#[test]
fn rules_that_are_never_reached() {
    // The general one before the special one.
    let (special, general) = (
        "interface = tunnel to home_agent_1 & source = home_address_1 & proto = MH THEN USE SA1",
        "interface = tunnel to home_agent_1 & source = home_address_1 THEN USE SA9",
    );
    let sad = [SA1, SA9].map(|a| a.replace("TRANSPORT", "TUNNEL"));
    let sad = [sad[0].as_str(), sad[1].as_str()];
    fine(&node(&[special, general], &sad));
    refused(
        &node(&[general, special], &sad),
        &format!("3:{}", special.len() + 3),
        &format!("the one at 3:{} takes all its packets", general.len() + 5),
    );
    // Section 5.2.4 with the protocol of section 5.2.2.
    let text = manual();
    let e = load(&yaml(&text, &NAMES).replace("\"tcp\"", "MH")).unwrap_err().to_string();
    assert!(e.starts_with("policy:6:") && e.contains("3:"), "{e}");
    // Section 5.2.2 between home address and home agent is reached by others.
    for (earlier, later, covered) in [
        ("source = 2001:db8::/32", "source = 2001:db8:a::/48 & proto = MH", true),
        ("source = 2001:db8:a::/48", "source = 2001:db8::/32 & proto = MH", false),
        ("source = 2001:db8::/64", "source = 2001:db8::/32", false),
        ("proto = MH", "mh_type = BU", true),
        ("mh_type = BU", "proto = MH", false),
        ("not proto = MH", "proto = tcp", true),
        ("not proto = MH", "proto = MH | proto = tcp", false),
        ("not mh_type = BU", "mh_type = BA | proto = tcp", true),
        ("not mh_type = BU", "not proto = tcp", false),
        ("not source = 2001:db8::/32", "not source = 2001:db8::/16", true),
        ("not source = 2001:db8::/16", "not source = 2001:db8::/32", false),
        ("source = home_address_1 | source = home_agent_1", "source = home_agent_1", true),
        ("interface = tunnel to any", "interface = tunnel to home_agent_1", true),
        ("interface = tunnel to any", "interface = tunnel from home_agent_1", false),
        ("interface = tunnel to home_agent_1", "interface = any", false),
        ("interface = any", "interface = tunnel to home_agent_1", true),
        ("source_port = 500", "source_port = 500 & destination_port = 500", true),
        ("source_port = 501", "source_port = 500 & destination_port = 500", false),
    ] {
        let (first, second) = (format!("{earlier} THEN BYPASS"), format!("{later} THEN DISCARD"));
        let text = node(&[&first, &second], &[]);
        let found = load(&yaml(&text, &NAMES));
        assert_eq!(found.is_err(), covered, "{text}");
        if let Err(e) = found {
            assert!(e.to_string().starts_with("policy:4:"), "{e}");
        }
    }
    // Two rules together take what a third would.
    let text = node(
        &[
            "source = ::1 THEN BYPASS",
            "source = ::2 THEN BYPASS",
            "source = ::1 | source = ::2 THEN DISCARD",
        ],
        &[],
    );
    refused(&text, "4:15", "the one at 4:17");
}

#[test]
fn two_associations_for_the_same_packets() {
    let (first, second) = (to("proto = MH THEN USE SA1"), to("proto = MH THEN USE SA9"));
    refused(
        &node(&[&first, &second], &[SA1, SA9]),
        &format!("3:{}", second.len() + 3),
        &format!("the rule at 3:{} gives the same packets SA1", first.len() + 5),
    );
    fine(&node(&[&first, &to("proto = tcp THEN USE SA9")], &[SA1, SA9]));
}

#[test]
fn two_associations_for_one_home_address_and_home_agent() {
    let (update, any) = (to("mh_type = BU THEN USE SA1"), to("proto = MH THEN USE SA9"));
    refused(
        &node(&[&update, &any], &[SA1, SA9]),
        &format!("3:{}", any.len() + 3),
        "SA9 and SA1 (3:",
    );
    // Types tell them apart, or one association is for both, or only one is
    // about the Mobility Header.
    fine(&node(&[&update, &to("mh_type = HoTI THEN USE SA9")], &[SA1, SA9]));
    fine(&node(&[&update, &any.replace("SA9", "SA1")], &[SA1]));
    fine(&node(&[&to("proto = MH THEN USE SA1"), &to("proto = any THEN USE SA9")], &[SA1, SA9]));
    let rest = to("proto = MH & not mh_type = BU THEN USE SA9");
    fine(&node(&[&update, &rest], &[SA1, SA9]));
    fine(&node(&[&rest, &update], &[SA1, SA9]));
    // What is in the tunnel is another matter.
    let inside = format!("interface = tunnel to home_agent_1 & {any}");
    let tunnel = SA9.replace("TRANSPORT", "TUNNEL");
    fine(&node(&[&inside, &any.replace("SA9", "SA1")], &[SA1, &tunnel]));
    // Section 4.2 says the same of identities.
    let create = |condition: &str, user: &str| {
        to(&format!("{condition} THEN CREATE ESP TRANSPORT SA: peer phase 1 identity = {user}"))
    };
    let (first, second) = (create("mh_type = BU", "user_1"), create("proto = MH", "nobody"));
    let text = node(&[&first, &second], &[]);
    let both = "nobody and user@example.org (3:17) both protect";
    refused(&text, "3:15", both);
    fine(&text.replace("nobody", "user_1"));
    // Of another pair.
    let other = any.replace("home_agent_1", "2001:db8:a::2");
    fine(&node(&[&update, &other], &[SA1, SA9]));
}

#[test]
fn associations_that_packets_cannot_tell_apart() {
    let rules = [to("proto = MH THEN USE SA1"), to("proto = tcp THEN USE SA9")];
    let rules = [rules[0].as_str(), rules[1].as_str()];
    refused(&node(&rules, &[SA1, &SA9.replace("spi_b", "0x1000")]), "6:3", "SA9 has the SPI");
    refused(
        &node(&rules, &[SA1, &SA1.replace("spi_a", "spi_b"), SA9]),
        "6:3",
        "SA1 is in this SAD",
    );
    let elsewhere = SA9.replace("spi_b, home_agent_1", "spi_a, 2001:db8:a::2");
    fine(&node(&rules, &[SA1, &elsewhere]));
    let ah = SA9.replace("spi_b, home_agent_1, ESP", "spi_a, home_agent_1, AH");
    fine(&node(&rules, &[SA1, &ah]));
}

#[test]
fn selectors_that_do_not_take_what_a_rule_sends() {
    let rule = to("proto = MH THEN USE SA1");
    let with = |selectors: &str| {
        let (head, _) = SA1.split_once(": ").unwrap();
        node(&[&rule], &[&format!("{head}: {selectors}")])
    };
    let place = format!("2:{}", rule.len() + 3);
    for narrow in [
        "source = home_agent_1",
        "source = home_address_1 & proto = tcp",
        "mh_type = BU",
        "destination = any & not source = home_address_1",
    ] {
        refused(&with(narrow), &place, "the selectors of SA1 (5:5)");
    }
    for wide in ["source = 2001:db8::/32", "proto = MH | proto = tcp", "not proto = tcp", PAIR] {
        fine(&with(wide));
    }
    // The interface is no selector of an association (RFC 4301 4.4.2).
    let text = with("proto = MH").replace("IF source", "IF interface = tunnel to any & source");
    assert!(taken(&text.replace("TRANSPORT", "TUNNEL")).is_empty());
}
