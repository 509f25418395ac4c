//! Each kind of mistake, its words and its place; fragments and parameters.

mod damage;
mod fragments;
mod meaning;
mod parameters;
mod shape;
mod steps;

use super::Suite;

/// A case without mistakes, for others to make some in.
const BASE: &str = "\
id: ha.registration.accept
title: A first registration is accepted
role: home-agent
requirements: [MIP6-HA-BU-009]
topology:
  links:
    home: {}
    foreign: {mtu: 1500}
  nodes:
    router: {role: router, on: [home, foreign]}
    ha: {role: home-agent, on: [home]}
    mn: {role: mobile-node, on: [foreign], home: home, home-agent: ha}
steps:
  - do: {node: mn, command: register}
  - expect:
      fields: {mip6.mhtype: 6, ipv6.dst: $mn.careof}
      save: {seq: mip6.ba.seqnr}
      as: answer
      within: 1 s
";

/// The base with one text in place of another.
fn base(old: &str, new: &str) -> String {
    assert_eq!(BASE.matches(old).count(), 1, "{old}");
    BASE.replace(old, new)
}

/// What is wrong with files, each as `path:line:column: message`.
fn all_mistakes(files: &[(&str, &str)]) -> Vec<String> {
    match Suite::from_sources(files.iter().copied()) {
        Ok(_) => Vec::new(),
        Err(e) => {
            let one = |m: &super::Mistake| format!("{}: {}", e.sources.show(m.place), m.message);
            e.list.iter().map(one).collect()
        }
    }
}

/// What is wrong with one file, each as `line:column: message`.
fn mistakes(text: &str) -> Vec<String> {
    let all = all_mistakes(&[("case.yaml", text)]);
    all.iter().map(|m| m.trim_start_matches("case.yaml:").to_owned()).collect()
}

/// Text of the base, what stands in its place, and what is said of that.
type Row<'a> = (&'a str, &'a str, &'a [&'a str]);

#[track_caller]
fn says(rows: &[Row<'_>]) {
    for (old, new, wanted) in rows {
        assert_eq!(mistakes(&base(old, new)), *wanted, "{new}");
    }
}

#[test]
fn the_base_has_none() {
    assert_eq!(mistakes(BASE), [""; 0]);
}
