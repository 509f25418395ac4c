//! What is found on captures of real nodes is what `docs/real-nodes.md` argues.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mip6_dissect::capture::{self, Capture};
use mip6_dissect::check::{Baseline, Checker};
use mip6_dissect::profile::Profile;
use mip6_testkit::collection;

use crate::root;

#[test]
fn findings_on_real_nodes_are_those_that_are_argued() {
    let Some(collection) = collection::folder() else { return };
    let argued = std::fs::read_to_string(root().join("tests/it/real-nodes.txt")).unwrap();
    let note = std::fs::read_to_string(root().join("docs/real-nodes.md")).unwrap();
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for folder in ["peers", "umip"] {
        for path in capture::find(&[collection.join(folder)]).unwrap() {
            let name = path.strip_prefix(&collection).unwrap().display().to_string();
            let mut checker = Checker::new(Profile::auto(), Baseline::default(), |_| true);
            let outcome = checker
                .check(
                    &name,
                    Capture::open(&path),
                    |_, _, finding, _| {
                        let id = finding.requirement.get().id;
                        assert!(note.contains(&format!("**{id}**")), "{name}: nobody argues {id}");
                        *found.entry(format!("{name} {id} {}", finding.level)).or_default() += 1;
                        Ok(())
                    },
                    |_| {},
                )
                .unwrap();
            assert!(outcome.is_readable(), "{name}");
        }
    }
    let mut lines = String::new();
    for (place, n) in &found {
        writeln!(lines, "{place} {n}").unwrap();
    }
    let argued: String = argued.split_inclusive('\n').filter(|l| !l.starts_with('#')).collect();
    assert_eq!(lines, argued);
}
