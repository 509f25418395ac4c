//! What docs/writing-cases.md says works.

use mip6_conformance::case::Suite;
use mip6_conformance::roles::{Faults, faults};
use mip6_conformance::run::verdict::Verdict;
use mip6_conformance::run::{Options, run};
use mip6_security::mobility::local::Readings;

/// The blocks of YAML in the document.
fn blocks() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/writing-cases.md");
    let text = std::fs::read_to_string(path).unwrap();
    let parts = text.split("```yaml\n").skip(1);
    parts.map(|p| p.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The first case passes as it stands, and fails where it should.
#[test]
fn the_first_case_works() {
    let case = blocks().remove(0);
    let id = "ha.mine.reserved-bits";
    assert!(case.starts_with(&format!("id: {id}\n")), "{case}");
    let dir = std::env::temp_dir().join(format!("mip6-docs-{}", std::process::id()));
    std::fs::create_dir_all(dir.join("home-agent/mine")).unwrap();
    std::fs::write(dir.join("home-agent/mine/reserved-bits.yaml"), case).unwrap();
    let suite = Suite::from_dir(&dir).unwrap_or_else(|e| panic!("{e}"));
    std::fs::remove_dir_all(&dir).unwrap();
    let case = suite.find(id).unwrap();
    let verdict = |faults| {
        let options = Options { faults, seed: 1, ..Options::default() };
        run(case, &case.instances[0], &suite.sources, &options).verdict
    };
    assert_eq!(verdict(Faults::none()), Verdict::Pass);
    let fault = faults::all().find(|f| f.breaks.contains(&"MIP6-MSG-010")).unwrap();
    assert_eq!(verdict(Faults::none().with(fault)), Verdict::Fail, "{}", fault.name);
}

/// Every reading that can be chosen has its line in docs/readings.md, in its words.
#[test]
fn all_readings_are_listed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/readings.md");
    let text = std::fs::read_to_string(path).unwrap();
    for (name, words) in Readings::choices() {
        let words = words.split(';').next().unwrap_or_default();
        let lines = text.lines().filter(|l| l.contains(&format!("`{name}`")));
        assert_eq!(lines.filter(|l| l.contains(words)).count(), 1, "{name}: {words}");
    }
}

/// Faults and cases that it names exist.
#[test]
fn what_it_names_exists() {
    assert!(faults::all().any(|f| f.name == "any.ignores-sequence"));
    let suite = crate::suite();
    for id in ["ha.registration.sequence-window", "ha.registration.accept"] {
        assert!(suite.find(id).is_some(), "{id}");
    }
}
