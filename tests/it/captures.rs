//! The captures in `pcaps/`: made by the generator, and complete.

use std::collections::{BTreeMap, BTreeSet};

use mip6_dissect::capture::{self, Capture};
use mip6_dissect::check::{Baseline, Checker};
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::REQUIREMENTS;
use mip6_security::keys::{self, Keys};
use mip6_testkit::scenes;

use crate::root;

#[test]
fn committed_captures_are_what_the_generator_makes() {
    let mut made = BTreeSet::new();
    for scene in scenes::all() {
        let path = root().join("pcaps").join(scene.file_name());
        let expected = scenes::expected_path(&path);
        let again = "run `cargo run -p mip6-testkit -- pcaps pcaps`";
        let committed = std::fs::read(&path).unwrap_or_default();
        assert!(committed == scene.capture().unwrap(), "{}: {again}", path.display());
        let committed = std::fs::read_to_string(&expected).unwrap_or_default();
        assert!(committed == scene.expected(), "{}: {again}", expected.display());
        if let Some(keys) = &scene.keys {
            let committed = std::fs::read_to_string(path.with_extension("keys"));
            assert!(committed.is_ok_and(|c| c == *keys), "{}: {again}", path.display());
        }
        made.insert(path);
    }
    let there: BTreeSet<_> = capture::find(&[root().join("pcaps")]).unwrap().into_iter().collect();
    assert_eq!(there, made, "captures that no scene makes, or scenes without a capture");
}

/// A rule that nothing breaks or nothing keeps has not been tried.
#[test]
fn every_passive_requirement_is_broken_by_a_capture_and_kept_by_another() {
    let mut broken: BTreeMap<&str, u64> = BTreeMap::new();
    let mut judged: BTreeMap<&str, u64> = BTreeMap::new();
    for scene in scenes::all() {
        let path = root().join("pcaps").join(scene.file_name());
        let profile = Profile::load(scene.profile).unwrap();
        let file = root().join("pcaps").join(scene.name).with_extension("keys");
        let keys = scene.keys.as_ref().map_or_else(Keys::default, |_| keys::load(&file).unwrap());
        let mut checker =
            Checker::new(profile, Baseline::default(), |_| true).keys(keys).alone(scene.alone);
        let outcome = checker
            .check(
                scene.name,
                Capture::open(&path),
                |_, _, finding, _| {
                    *broken.entry(finding.requirement.get().id).or_default() += 1;
                    Ok(())
                },
                |_| {},
            )
            .unwrap();
        for (r, n) in &outcome.applied {
            *judged.entry(r.get().id).or_default() += n;
        }
    }
    let mut untried = Vec::new();
    for r in REQUIREMENTS.iter().filter(|r| r.is_passive()) {
        let (b, j) =
            (broken.get(r.id).copied().unwrap_or(0), judged.get(r.id).copied().unwrap_or(0));
        if b == 0 || j <= b {
            untried.push(format!("{}: judged {j} times, broken {b} times", r.id));
        }
    }
    assert!(untried.is_empty(), "{}", untried.join("\n"));
}

#[test]
fn no_rule_judges_a_requirement_that_is_not_marked_passive() {
    for scene in scenes::all() {
        for shot in &scene.shots {
            for id in &shot.breaks {
                let r = REQUIREMENTS.iter().find(|r| r.id == *id);
                let r = r.unwrap_or_else(|| panic!("{}: no requirement {id}", scene.name));
                assert!(r.is_passive(), "{id} is not marked passive");
            }
        }
    }
}
