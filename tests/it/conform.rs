//! `mip6 conform` as its users run it.

use std::fs;

use mip6_conformance::report::schema::{ConformLine, ConformRun};

use crate::lab::Lab;

const CASE: &str = "ha.registration.sequence-window";
const INSTANCE: &str = "ha.registration.sequence-window/one-behind";
const FAULT: &str = "any.ignores-sequence";

#[test]
fn a_run_is_told_line_by_line() {
    let run = Lab::new().run(&["conform", INSTANCE]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let lines = format!("running 1 case\ntest {INSTANCE} ... pass\n");
    assert!(run.out.starts_with(&lines), "{}", run.out);
    assert!(run.out.contains("test result: pass. 1 pass; 0 fail"), "{}", run.out);
}

#[test]
fn a_faulty_node_fails_with_evidence_that_opens() {
    let lab = Lab::new();
    let run = lab.run(&["conform", "--fault", FAULT, "--report", "report", CASE]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.contains("sequence-window.yaml:"), "{}", run.out);
    assert!(run.out.contains("MIP6-CN-BU-011"), "{}", run.out);
    let page = fs::read_to_string(lab.0.path().join("report/index.html")).unwrap();
    assert!(page.contains("<svg") && page.contains(CASE));
    let evidence = format!("report/evidence/{CASE}-equal");
    let (capture, keys) = (format!("{evidence}.pcapng"), format!("{evidence}.keys"));
    let opened = lab.run(&["dissect", "--keys", &keys, "-Y", "mip6.ba.status == 0", &capture]);
    assert_eq!(opened.code, Some(0), "{}", opened.err);
    assert!(opened.out.contains("Binding Acknowledgement"), "{}", opened.out);
}

#[test]
fn machines_get_lines_of_the_schema_and_junit() {
    let lab = Lab::new();
    let run = lab.run(&["conform", "--format", "json", "--fault", FAULT, INSTANCE]);
    assert_eq!(run.code, Some(1));
    let lines: Vec<ConformLine<'static>> =
        run.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    let run = lab.run(&["conform", "--format", "junit", "--fault", FAULT, CASE]);
    assert!(run.out.contains("<testsuites") && run.out.contains("<failure"), "{}", run.out);
}

/// A line without what no two runs have in common.
fn timeless(line: &str) -> serde_json::Value {
    let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
    let inner = if line.get("summary").is_some() { &mut line["summary"] } else { &mut line };
    inner.as_object_mut().unwrap().remove("ms").unwrap();
    line
}

#[test]
fn a_report_has_the_plan_and_the_lines() {
    let lab = Lab::new();
    let arguments = ["conform", "--seed", "3", "--fault", FAULT, "--jobs", "1", CASE];
    let machine = ["--format", "json", "--report", "report"];
    let run = lab.run(&[&arguments[..], &machine[..]].concat());
    let read = |name: &str| fs::read_to_string(lab.0.path().join(name)).unwrap();
    assert_eq!(read("report/results.jsonl"), run.out);
    let plan = read("report/run.json");
    let plan: ConformRun<'_> = serde_json::from_str(&plan).unwrap();
    assert!(plan.reference && plan.began_ms > 0);
    assert_eq!((plan.options.seed, &*plan.options.faults[0]), (3, FAULT));
    let lines: Vec<_> = run.out.lines().map(timeless).collect();
    let planned = plan.cases.iter().map(|c| &*c.case);
    assert!(planned.eq(lines.iter().filter_map(|l| l["case"].as_str())), "{}", run.out);
    // A report for people has the same lines, in the place of those before.
    lab.run(&[&arguments[..], &["--report", "report"]].concat());
    assert_eq!(read("report/results.jsonl").lines().map(timeless).collect::<Vec<_>>(), lines);
    assert!(lines.last().unwrap()["summary"]["cases"].as_u64() > Some(3));
    // Seeds are told apart, in the plan as in the results.
    let twice = ["conform", "--repeat", "2", "--report", "twice", INSTANCE];
    lab.run(&twice);
    let (plan, lines) = (read("twice/run.json"), read("twice/results.jsonl"));
    for seed in ["(seed 1)", "(seed 2)"] {
        assert!(plan.contains(seed) && lines.contains(seed), "{plan}");
    }
}

#[test]
fn cases_are_chosen_listed_and_repeated() {
    let lab = Lab::new();
    let all = lab.run(&["conform", "--list"]).out.lines().count();
    let some = lab.run(&["conform", "--list", "--role", "ha", "--section", "RFC6275 9.5.1"]).out;
    assert!(some.lines().count() > 3 && some.lines().count() < all);
    assert!(some.lines().all(|l| l.starts_with("ha.")), "{some}");
    let by_id = lab.run(&["conform", "--list", "--requirement", "MIP6-CN-BU-011"]).out;
    assert!(by_id.contains(CASE));
    let run = lab.run(&["conform", "--repeat", "2", "--seed", "5", INSTANCE]);
    assert!(run.out.contains("/one-behind (seed 5) ... pass"), "{}", run.out);
    assert!(run.out.contains("/one-behind (seed 6) ... pass"), "{}", run.out);
    let run = lab.run(&["conform", "--fail-fast", "--jobs", "1", "--fault", FAULT, CASE]);
    assert!(run.out.contains(" 1 fail;"), "{}", run.out);
}

#[test]
fn a_node_is_spared_what_it_does_not_support() {
    let lab = Lab::new();
    lab.file("node.yaml", "name: their home agent\nroles: [home-agent]\nsupports: []\n");
    let run = lab.run(&["conform", "--iut", "node.yaml", "--dry-run"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let skipped = |l: &&str| l.contains("their home agent does not support");
    assert!(run.out.lines().filter(skipped).count() > 5, "{}", run.out);
    assert!(run.out.contains("their home agent is no mobile-node"), "{}", run.out);
    lab.file("wrong.yaml", "name: x\nroles: [home-agent]\nsupports: [magic]\n");
    lab.run(&["conform", "--iut", "wrong.yaml"]).fails(2, &["wrong.yaml", "magic", "ipsec"]);
    lab.run(&["conform", "--iut", "none.yaml"]).fails(2, &["none.yaml"]);
}

#[test]
fn mistakes_are_told_and_nothing_is_half_run() {
    let lab = Lab::new();
    lab.run(&["conform", "no-such-case"]).fails(2, &["no case", "--list"]);
    // One of several that is mistyped: nobody is to take it for run.
    let wrong: [&[&str]; 5] = [
        &["ha.tunel"],
        &["--id", "ha.tunel"],
        &["--requirement", "MIP6-CN-BU-999"],
        &["--section", "RFC6275 99"],
        &["--tag", "slow-ones"],
    ];
    for wrong in wrong {
        let run = lab.run(&[&["conform", CASE], wrong].concat());
        run.fails(2, &["no case", wrong[wrong.len() - 1]]);
    }
    lab.run(&["conform", CASE, "--role", "mn"]).fails(2, &["no case is all"]);
    lab.run(&["conform", "--fault", "ha.is-bad"]).fails(2, &["ha.is-bad", "--list-faults"]);
    lab.run(&["conform", "--loss", "101"]).fails(2, &["0 to 100"]);
    fs::create_dir_all(lab.0.path().join("cases/home-agent/x")).unwrap();
    lab.file("cases/home-agent/x/a.yaml", "id: ha.x.a\ntitle: t\nrol: home-agent\n");
    let run = lab.run(&["conform", "--cases", "cases"]);
    run.fails(2, &["home-agent/x/a.yaml:3:1", "rol"]);
    assert_eq!(run.out, "");
    lab.file("in-the-way", "");
    lab.run(&["conform", "--report", "in-the-way", CASE]).fails(3, &["in-the-way"]);
}

#[test]
fn the_matrix_shows_who_notices_what() {
    let run = Lab::new().run(&["conform", "--faults", INSTANCE]);
    let line = run.out.lines().find(|l| l.starts_with(FAULT)).unwrap_or_default();
    assert!(line.contains("noticed by") && line.contains(INSTANCE), "{}", run.out);
    // Of one case, most faults survive, and it says so.
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("SURVIVES"), "{}", run.out);
}
