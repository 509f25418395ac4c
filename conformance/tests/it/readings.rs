//! What draft-liu-mobileip-lke-01 leaves open, in cases: nodes that are played read it
//! as the node under test does, and who reads it otherwise does not fail for that.

use mip6_conformance::case::Suite;
use mip6_conformance::roles::local::Readings;
use mip6_conformance::roles::{Faults, faults};
use mip6_conformance::run::verdict::Verdict;
use mip6_conformance::run::{Options, run};
use mip6_security::mobility::local::Reading;

/// A mobile node that reads the draft for itself; its steps follow.
const MOBILE: &str = "
id: mn.readings.own
title: A mobile node by readings of its own
role: mobile-node
requirements: [LKE-KER-006]
needs: [local-key-exchange]
use: [topology/access-routers]
topology:
  nodes:
    mn: {role: mobile-node, on: [foreign], home: home, home-agent: ha, mobile-node: {local-key-exchange: {readings: [READING]}}}
under-test: mn
steps:
";

/// An association, and then a step that does not hold.
const OTHERWISE: &str = "
  - expect: {from: ar, fields: {mip6.mhtype: 9}, within: 20 s}
  # Nothing like that comes: who does not read as the node does might have hindered it.
  - expect: {from: ar, fields: {mip6.mhtype: 9, lke.kea.status: 77}, within: 1 s}
";

/// A step that nothing answers, which a reading excuses.
const TOLERANT: &str = "
  - expect: {fields: {mip6.mhtype: 77}, within: 1 s, tolerates: F21a}
";

/// What the case comes to: the node reads the draft so, and the others by `readings`.
fn otherwise(reading: &str, readings: Readings) -> (Verdict, String) {
    verdict(&(MOBILE.to_owned() + OTHERWISE), reading, readings)
}

fn tolerant(reading: &str, readings: Readings) -> (Verdict, String) {
    verdict(&(MOBILE.to_owned() + TOLERANT), reading, readings)
}

fn verdict(case: &str, reading: &str, readings: Readings) -> (Verdict, String) {
    let fragments = Suite::embedded().unwrap().sources.iter();
    let fragments = fragments.filter(|s| s.path.starts_with("fragments/"));
    let files = fragments.map(|s| (s.path.clone(), s.text.clone()));
    let text = case.replace("READING", reading);
    let case = std::iter::once(("otherwise.yaml".to_owned(), text));
    let suite = Suite::from_sources(files.chain(case)).unwrap_or_else(|e| panic!("{e}"));
    let (case, instance) = suite.instances().next().unwrap();
    let options = Options { seed: 1, readings, ..Options::default() };
    let outcome = run(case, instance, &suite.sources, &options);
    (outcome.verdict, outcome.message.unwrap_or_default())
}

#[test]
fn who_reads_the_draft_otherwise_is_not_judged_for_it() {
    // No access router takes a key without padding.
    let (verdict, message) = otherwise("E2b", Readings::default());
    assert_eq!(verdict, Verdict::Inconclusive, "{message}");
    assert!(message.contains("(reading E2b): `readings: [E2b]` in its description"), "{message}");
    // Where the run is by that reading, it is no excuse.
    let chosen = Readings::default().with(Reading::named("E2b").unwrap());
    assert_eq!(otherwise("E2b", chosen).0, Verdict::Fail);
    // Nor is one that all take, whatever they make.
    assert_eq!(otherwise("E2a", Readings::default()).0, Verdict::Fail);
}

/// Silence is excused unless another reading is chosen, for all nodes or for this one.
#[test]
fn what_is_tolerated_is_not_where_another_reading_is_chosen() {
    let of = |own, all: &[&str]| tolerant(own, Readings::default().by(all.iter().copied())).0;
    assert_eq!(of("B1", &[]), Verdict::Pass);
    assert_eq!(of("F21a", &["F21"]), Verdict::Pass);
    assert_eq!(of("B1", &["F21"]), Verdict::Fail);
    assert_eq!(of("F21", &[]), Verdict::Fail);
}

/// Readings that only together say something twice.
#[test]
fn numbers_are_held_apart_wherever_they_come_from() {
    let eight = Readings::default().by(["A8=77"]);
    let (verdict, message) = tolerant("A9=77", eight);
    assert_eq!(verdict, Verdict::Error, "{message}");
    assert!(message.contains("readings of mn: `A8` and `A9` are both 77"), "{message}");
}

/// Requests, one after the other, whose lifetimes are judged as they come.
const JUDGED: &str = "
id: ar.readings.judged
title: Lifetimes are judged
role: access-router
requirements: [LKE-KER-001, LKE-KER-008]
use: [topology/access]
steps:
";

/// A crafted request for a lifetime, by a reading of its own.
fn asked(name: &str, units: u32) -> String {
    let key = "11".repeat(16);
    format!(
        "  - send:
      from: mn
      local-key: {{key: '{key}', readings: [{name}]}}
      packet:
        - ipv6: {{ipv6.src: $mn.link-local, ipv6.dst: $ar.link-local.access, ipv6.hlim: 255}}
        - destination-options: {{options: [{{home-address: {{ipv6.opt.mipv6.home_address: $next.address.access}}}}]}}
        - mobility: {{mip6.mhtype: 8, lke.ker.seqnr: {units}, options: [{{lke.requested-lifetime: {{lke.requested_lifetime: {units}}}}}]}}
"
    )
}

fn held(requirement: &str) -> String {
    format!("  - rules: {{from: mn, hold: [{requirement}], for: 1 s}}\n")
}

/// A crafted packet is made as it says itself.
#[test]
fn packets_have_readings_of_their_own() {
    let of = |name: &str, requirement: &str| {
        let case = JUDGED.to_owned() + &asked(name, 100) + &held(requirement);
        verdict(&case, "", Readings::default())
    };
    assert_eq!(of("B1", "LKE-KER-001").0, Verdict::Pass);
    let (is, message) = of("B1a", "LKE-KER-001");
    assert_eq!(is, Verdict::Fail, "{message}");
    assert!(message.contains("(reading B1a)"), "{message}");
    // By a number that nobody else has, it is no request.
    assert_eq!(of("A4=200", "LKE-KER-001").0, Verdict::Inconclusive);
}

/// A rule is left open for the packets since the last stimulus, not for those before.
#[test]
fn what_was_open_before_is_not_held_against_what_follows() {
    let ask = |units| asked("D2", units);
    let judged = held("LKE-KER-008");
    let of = |steps: &[&String], name: &str| {
        let steps: String = steps.iter().map(|s| s.as_str()).collect();
        verdict(&(JUDGED.to_owned() + &steps), "", Readings::default().by([name]))
    };
    // 1800 s are offered: 1000 units are too many if they are of 4 s.
    let (open, right) = (ask(1000), ask(100));
    let (is, message) = of(&[&open, &judged], "B1");
    assert_eq!(is, Verdict::Inconclusive, "{message}");
    assert!(message.contains("D2a"), "{message}");
    assert_eq!(of(&[&open, &judged], "D2").0, Verdict::Fail);
    assert_eq!(of(&[&open, &ask(1001), &judged], "B1").0, Verdict::Inconclusive);
    let (is, message) = of(&[&open, &right, &judged], "B1");
    assert_eq!(is, Verdict::Pass, "{message}");
}

/// What an access router does wrong is noticed, whatever else it has another reading of.
#[test]
fn another_reading_is_no_excuse_for_faults() {
    let suite = reading_by(Suite::embedded().unwrap(), "E1a");
    for name in ["ar.endless-associations", "ar.accepts-replays", "ar.wrong-authenticator"] {
        let fault = faults::all().find(|f| f.name == name).unwrap();
        let faults = Faults::none().with(fault);
        let options = Options { seed: 1, faults, ..Options::default() };
        let mut local = suite.instances().filter(|(case, _)| case.id.starts_with("ar.local."));
        let fails = |case, instance| {
            // Evidence takes most of the time.
            let bare = Options { bare: true, ..options.clone() };
            run(case, instance, &suite.sources, &bare).verdict == Verdict::Fail
                && run(case, instance, &suite.sources, &options).verdict == Verdict::Fail
        };
        assert!(local.any(|(case, instance)| fails(case, instance)), "{name}");
    }
}

/// Without padding, what holds no key holds one: that is no fault where it is chosen.
#[test]
fn keys_without_padding_are_not_judged() {
    let suite = Suite::embedded().unwrap();
    let readings = Readings::default().with(Reading::Raw);
    let local = suite.instances().filter(|(case, _)| case.id.starts_with("ar.local."));
    for (case, instance) in local {
        let options = Options { seed: 1, readings, bare: true, ..Options::default() };
        let outcome = run(case, instance, &suite.sources, &options);
        let message = outcome.message.unwrap_or_default();
        let excused = outcome.verdict == Verdict::Inconclusive && message.contains("E2b");
        assert!(outcome.verdict == Verdict::Pass || excused, "{}: {message}", instance.id);
    }
}

/// The cases of Local Key Exchange, and what they come to by readings: those that are
/// neither passed nor inconclusive for a reading that they name.
fn wrong(suite: &Suite, name: &str, readings: Readings) -> Vec<String> {
    let local = suite.instances().filter(|(case, _)| case.id.contains(".local."));
    let mut wrong = Vec::new();
    let mut n = 0;
    for (case, instance) in local {
        // Evidence takes most of the time, and only what does not pass needs it.
        let mut options = Options { seed: 1, readings, bare: true, ..Options::default() };
        let mut outcome = run(case, instance, &suite.sources, &options);
        if outcome.verdict != Verdict::Pass {
            options.bare = false;
            outcome = run(case, instance, &suite.sources, &options);
        }
        let message = outcome.message.unwrap_or_default();
        let excused = outcome.verdict == Verdict::Inconclusive && message.contains(name);
        if outcome.verdict != Verdict::Pass && !excused {
            wrong.push(format!("{name}: {}: {:?}: {message}", instance.id, outcome.verdict));
        }
        n += 1;
    }
    assert!(n > 100, "{n}");
    wrong
}

/// Readings other than the defaults. Without padding a key can be guessed: no access
/// router takes it.
fn others() -> impl Iterator<Item = Reading> {
    Reading::all().filter(|r| !r.is_default() && *r != Reading::Raw)
}

/// Where the description of a node says how it reads the draft, all do.
#[test]
fn the_suite_holds_by_every_reading() {
    let suite = Suite::embedded().unwrap();
    let numbers = (1..=10).map(|n| format!("A{n}={}", 200 + n));
    let names = numbers.chain(others().map(|r| r.id().to_owned()));
    let wrong: Vec<String> = names
        .flat_map(|name| wrong(suite, &name, Readings::default().choose(&name).unwrap()))
        .collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// Passages are chosen for themselves: whoever reads all of them otherwise is understood.
#[test]
fn the_suite_holds_by_another_reading_of_every_passage() {
    let suite = Suite::embedded().unwrap();
    let readings = others().fold(Readings::default(), Readings::with);
    let readings = readings.by(["A1=253", "A2=254", "A3=254", "A10=200", "C6a=254"]);
    let wrong = wrong(suite, "no excuse", readings);
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// The cases of Local Key Exchange, whose nodes under test read the draft so.
fn reading_by(embedded: &Suite, names: &str) -> Suite {
    let by_it = format!("local-key-exchange: {{readings: [{names}]}}");
    let needed = |path: &str| path.starts_with("fragments/") || path.contains("/local/");
    let files = embedded.sources.iter().filter(|s| needed(&s.path)).map(|s| {
        let own = match s.path.as_str() {
            "fragments/topology/local.yaml" | "fragments/topology/access.yaml" => {
                assert_eq!(s.text.matches("local-key-exchange: {}").count(), 1);
                s.text.replace("local-key-exchange: {}", &by_it)
            }
            _ => s.text.clone(),
        };
        (s.path.clone(), own)
    });
    Suite::from_sources(files).unwrap_or_else(|e| panic!("{e}"))
}

/// Where it does not, the others read it by the defaults: then what comes of that is no
/// fault.
#[test]
fn nobody_fails_for_a_reading() {
    let embedded = Suite::embedded().unwrap();
    let mut all = Vec::new();
    let single = others().map(|r| r.id().to_owned());
    // Several at once, and an option that no node knows unless it is said.
    for names in single.chain(["E8a, E10a, C5a".to_owned(), "C6a=254".to_owned()]) {
        let suite = reading_by(embedded, &names);
        all.extend(wrong(&suite, &names, Readings::default()));
    }
    assert!(all.is_empty(), "{}\n{}", all.len(), all.join("\n"));
}
