//! Honest nodes.

use mip6_conformance::run::verdict::Verdict;
use mip6_conformance::run::{Options, Weather};

use crate::{jobs, outcomes, wanted};

/// What did not end as it should, a line each.
fn others(options: &Options, allowed: &[Verdict]) -> Vec<String> {
    outcomes(&jobs(), options)
        .iter()
        .filter(|o| !allowed.contains(&o.verdict))
        .map(|o| {
            let why = o.message.as_deref().unwrap_or_default();
            format!("{} (seed {}): {}: {why}", o.case, options.seed, o.verdict.name())
        })
        .collect()
}

/// Every case passes, whatever the seed. `MIP6_SEEDS` says how many are tried.
#[test]
fn every_case_passes() {
    for seed in 1..=wanted("MIP6_SEEDS", 3) {
        let options = Options { seed, bare: true, ..Options::default() };
        let others = others(&options, &[Verdict::Pass]);
        assert!(others.is_empty(), "{}", others.join("\n"));
    }
}

/// Frames that come twice or are overtaken are no reason to fail.
#[test]
fn every_case_bears_duplicates_and_disorder() {
    let weather = Weather { loss: 0.0, duplicate: 0.2, reorder: 0.2 };
    for seed in 1..=wanted("MIP6_SEEDS", 3) {
        let options = Options { seed, weather, bare: true, ..Options::default() };
        let others = others(&options, &[Verdict::Pass]);
        assert!(others.is_empty(), "{}", others.join("\n"));
    }
}

/// What is lost makes a case inconclusive, and no node guilty.
#[test]
fn no_case_fails_for_what_links_lose() {
    let weather = Weather { loss: 0.1, ..Weather::default() };
    for seed in 1..=wanted("MIP6_SEEDS", 3) {
        let options = Options { seed, weather, bare: true, ..Options::default() };
        let others = others(&options, &[Verdict::Pass, Verdict::Inconclusive]);
        assert!(others.is_empty(), "{}", others.join("\n"));
    }
}

/// The same seed gives the same evidence, octet by octet.
#[test]
fn a_run_can_be_repeated() {
    let options = Options { seed: 7, ..Options::default() };
    let (first, second) = (outcomes(&jobs(), &options), outcomes(&jobs(), &options));
    for (a, b) in first.iter().zip(&second) {
        assert!(!a.evidence.is_empty(), "{}", a.case);
        assert!(a.evidence == b.evidence, "{}", a.case);
        assert_eq!((a.verdict, &a.message), (b.verdict, &b.message), "{}", a.case);
    }
}

/// What passive rules find in the packets of honest nodes is argued below.
#[test]
fn rules_find_nothing_in_what_honest_nodes_send() {
    let mut found = Vec::new();
    for o in outcomes(&jobs(), &Options { seed: 1, ..Options::default() }) {
        for (frame, finding) in &o.findings {
            let id = finding.requirement.get().id;
            if !ARGUED.iter().any(|(case, rule, _)| o.case.starts_with(case) && *rule == id) {
                found.push(format!("{} frame {frame}: {id}: {}", o.case, finding.message()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Findings in honest nodes' packets that are right by the letter, and why the
/// node is honest all the same: beginning of the case's id, requirement, reason.
const ARGUED: &[(&str, &str, &str)] = &[
    (
        "ha.mobility-header.home-test-not-routed",
        "IPSEC-FMT-008",
        "the home agent is the correspondent, and policy wants its Mobility Headers in transport mode",
    ),
    (
        "ha.registration.type-change",
        "IPSEC-FMT-008",
        "the home agent is the correspondent, and policy wants its Mobility Headers in transport mode",
    ),
];
