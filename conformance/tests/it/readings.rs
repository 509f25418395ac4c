//! What draft-liu-mobileip-lke-01 leaves open, in cases: nodes that are played read it
//! as the node under test does, and who reads it otherwise does not fail for that.

use mip6_conformance::case::Suite;
use mip6_conformance::roles::local::Readings;
use mip6_conformance::run::verdict::Verdict;
use mip6_conformance::run::{Options, run};
use mip6_security::mobility::local::Reading;

/// An access router whose HMACs cover what those of the mobile node do not, and a step
/// that does not hold.
const OTHERWISE: &str = "
id: ar.readings.otherwise
title: An association is refused
role: access-router
requirements: [LKE-KEA-007]
needs: [local-key-exchange]
use: [topology/access-routers]
topology:
  nodes:
    ar: {access-router: {local-key-exchange: {readings: [E4a]}}}
    mn: {role: mobile-node, on: [foreign], home: home, home-agent: ha, mobile-node: {local-key-exchange: {readings: [E4]}}}
under-test: ar
steps:
  - expect: {fields: {mip6.mhtype: 9, lke.kea.status: 0}, within: 20 s}
  # Nothing like that comes: who does not read as the node does might have hindered it.
  - expect: {fields: {mip6.mhtype: 9, lke.kea.status: 77}, within: 1 s}
";

#[test]
fn who_reads_the_draft_otherwise_is_not_judged_for_it() {
    let fragments = Suite::embedded().unwrap().sources.iter();
    let fragments = fragments.filter(|s| s.path.starts_with("fragments/"));
    let files = fragments.map(|s| (s.path.clone(), s.text.clone()));
    let case = std::iter::once(("otherwise.yaml".to_owned(), OTHERWISE.to_owned()));
    let suite = Suite::from_sources(files.chain(case)).unwrap_or_else(|e| panic!("{e}"));
    let (case, instance) = suite.instances().next().unwrap();
    let with = |readings| {
        let options = Options { seed: 1, readings, ..Options::default() };
        run(case, instance, &suite.sources, &options)
    };
    let outcome = with(Readings::default());
    let message = outcome.message.unwrap_or_default();
    assert_eq!(outcome.verdict, Verdict::Inconclusive, "{message}");
    assert!(message.contains("(reading E4a): `readings: [E4a]` in its description"), "{message}");
    // Where the run is by that reading, it is no excuse.
    let outcome = with(Readings::default().with(Reading::named("E4a").unwrap()));
    assert_eq!(outcome.verdict, Verdict::Fail);
}

#[test]
fn cases_hold_by_every_reading() {
    let suite = Suite::embedded().unwrap();
    let local =
        |id: &str| id.starts_with("ar.local.exchange") || id.starts_with("mn.local.handover");
    for reading in Reading::all().filter(|r| *r != Reading::Raw) {
        let readings = Readings::default().with(reading);
        let mut n = 0;
        for (case, instance) in suite.instances().filter(|(case, _)| local(&case.id)) {
            let options = Options { seed: 1, readings, ..Options::default() };
            let outcome = run(case, instance, &suite.sources, &options);
            assert_eq!(
                outcome.verdict,
                Verdict::Pass,
                "{} by {reading}: {:?}",
                case.id,
                outcome.message
            );
            n += 1;
        }
        assert!(n > 1);
    }
}

/// Passages that cannot be told from a packet alone are spoken by both sides.
#[test]
fn the_suite_holds_by_every_reading() {
    let suite = Suite::embedded().unwrap();
    let local: Vec<_> = suite.instances().filter(|(case, _)| case.id.contains(".local.")).collect();
    assert!(local.len() > 100, "{}", local.len());
    let numbers = (1..=10).map(|n| format!("A{n}={}", 200 + n));
    let names = Reading::all().filter(|r| !r.is_default()).map(|r| r.id().to_owned());
    let only = std::env::var("MIP6_READING").ok();
    let mut wrong = Vec::new();
    // Without padding a key can be guessed, and one case is about that.
    for name in numbers.chain(names).filter(|n| n != "E2b") {
        if only.as_ref().is_some_and(|o| *o != name) {
            continue;
        }
        let readings = Readings::default().choose(&name).unwrap();
        for (case, instance) in &local {
            let options = Options { seed: 1, readings, ..Options::default() };
            let outcome = run(case, instance, &suite.sources, &options);
            let message = outcome.message.unwrap_or_default();
            let names_it = outcome.verdict == Verdict::Inconclusive && message.contains(&name);
            if outcome.verdict != Verdict::Pass && !names_it {
                wrong.push(format!("{name}: {}: {:?}: {message}", instance.id, outcome.verdict));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
