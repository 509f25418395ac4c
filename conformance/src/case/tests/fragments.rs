//! What fragments give a case.

use super::{BASE, all_mistakes, base};
use crate::case::Suite;
use crate::case::step::Action;

const TOPOLOGY: &str = "\
topology:
  links: {home: {mtu: 1400}, foreign: {}}
  nodes:
    ha: {role: home-agent, on: [home]}
    mn: {role: mobile-node, on: [foreign], home: home, home-agent: ha}
needs: [ipsec]
setup:
  - wait: 1 s
";

const CASE: &str = "\
id: ha.registration.accept
title: A first registration is accepted
role: home-agent
requirements: [MIP6-HA-BU-009]
use: [topology/away]
needs: [state]
topology:
  links: {home: {delay: 5 ms}}
  nodes: {cn: {role: correspondent, on: [foreign]}}
setup:
  - wait: 2 s
steps:
  - expect: {fields: {mip6.mhtype: 6}}
";

fn suite(files: &[(&str, &str)]) -> Suite {
    Suite::from_sources(files.iter().copied()).unwrap_or_else(|e| panic!("{e}"))
}

fn waits(suite: &Suite) -> Vec<u64> {
    let setup = &suite.cases[0].instances[0].setup;
    let seconds = |step: &crate::case::step::Step| match &step.value {
        Action::Wait(period) => period.0.as_secs(),
        _ => 0,
    };
    setup.iter().map(seconds).collect()
}

#[test]
fn maps_merge_and_setup_goes_in_front() {
    let suite = suite(&[("fragments/topology/away.yaml", TOPOLOGY), ("a.yaml", CASE)]);
    let (case, topology) = (&suite.cases[0], &suite.cases[0].instances[0].topology);
    assert_eq!(topology.nodes.names().collect::<Vec<_>>(), ["ha", "mn", "cn"]);
    let home = topology.links.get("home").unwrap();
    assert_eq!(home.mtu.as_ref().map(|m| m.value), Some(1400));
    assert_eq!(home.delay.map(|d| d.0.as_millis()), Some(5));
    assert_eq!(case.needs, ["state", "ipsec"]);
    assert_eq!(waits(&suite), [1, 2]);
    // Steps know which file they are of.
    let paths: Vec<_> =
        case.instances[0].all_steps().map(|(_, step)| suite.sources.show(step.place)).collect();
    assert_eq!(paths, ["fragments/topology/away.yaml:8:5", "a.yaml:11:5", "a.yaml:13:5"]);
}

#[test]
fn a_value_of_the_case_wins() {
    let case = CASE.replace("{delay: 5 ms}", "{mtu: 1300}");
    let suite = suite(&[("fragments/topology/away.yaml", TOPOLOGY), ("a.yaml", &case)]);
    let home = suite.cases[0].instances[0].topology.links.get("home").unwrap();
    assert_eq!(home.mtu.as_ref().map(|m| m.value), Some(1300));
}

#[test]
fn fragments_use_fragments_each_once() {
    let case = CASE.replace("[topology/away]", "[one, two]");
    let files = [
        ("fragments/topology/away.yaml", TOPOLOGY),
        ("fragments/one.yaml", "use: [topology/away]\nsetup: [wait: 3 s]\n"),
        ("fragments/two.yaml", "use: [topology/away]\nsetup: [wait: 4 s]\n"),
        ("a.yaml", &case),
    ];
    assert_eq!(waits(&suite(&files)), [1, 3, 4, 2]);
}

#[test]
fn a_circle_shows_its_chain() {
    let files = [
        ("fragments/a.yaml", "use: [b]\n"),
        ("fragments/b.yaml", "use: [c]\n"),
        ("fragments/c.yaml", "use: [b]\n"),
    ];
    let wanted = ["fragments/c.yaml:1:7: fragments use each other in a circle: b -> c -> b"];
    assert_eq!(all_mistakes(&files), wanted);
}

#[test]
fn mistakes_with_fragments() {
    let files = [
        ("fragments/topology/away.yaml", TOPOLOGY),
        ("fragments/bad.yaml", "title: no\n"),
        ("fragments/worse.yaml", "- no\n"),
        ("a.yaml", &CASE.replace("topology/away", "topology/awya")),
    ];
    let keys = "use, topology, under-test, security, needs, setup";
    let wanted = [
        format!("fragments/bad.yaml:1:1: unknown key `title` in a fragment: expected {keys}"),
        format!("fragments/worse.yaml:1:1: expected a map of {keys}"),
        "a.yaml:5:7: no fragment is called `topology/awya`; did you mean topology/away?".into(),
    ];
    assert_eq!(all_mistakes(&files), wanted);
}

#[test]
fn a_mistake_in_a_fragment_is_said_once_and_of_the_fragment() {
    let fragment = TOPOLOGY.replace("mtu: 1400", "mtu: 14");
    let other = CASE.replace("registration.accept", "registration.again");
    let files = [
        ("fragments/topology/away.yaml", fragment.as_str()),
        ("a.yaml", CASE),
        ("b.yaml", other.as_str()),
    ];
    let wanted =
        ["fragments/topology/away.yaml:2:23: expected an MTU from 1280 to 65535, found 14"];
    assert_eq!(all_mistakes(&files), wanted);
}

#[test]
fn an_id_is_of_one_case() {
    let wanted = ["b.yaml:1:5: id `ha.registration.accept` is taken: it is that of a.yaml:1:5"];
    assert_eq!(all_mistakes(&[("a.yaml", BASE), ("b.yaml", BASE)]), wanted);
}

#[test]
fn mistakes_show_the_line() {
    let text = base("mtu: 1500", "mtu: 15\t# \u{1b}[31m");
    let shown = Suite::from_sources([("case.yaml", text)]).unwrap_err().to_string();
    let wanted = "case.yaml:8:20: control characters must be escaped";
    assert!(!shown.contains('\u{1b}'), "{shown}");
    assert_ne!(shown, wanted);
    let shown = Suite::from_sources([("case.yaml", base("mtu: 1500", "mtu: 15"))]).unwrap_err();
    let wanted = "\
case.yaml:8:20: expected an MTU from 1280 to 65535, found 15
  |
8 |     foreign: {mtu: 15}
  |                    ^";
    assert_eq!(shown.to_string(), wanted);
}
