//! The JSON schemas in `schemas/`, and that output keeps to its types.

use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use mip6_dissect::report::schema::{BindingLine, CheckLine, DissectLine, RulesLine};
use serde::de::DeserializeOwned;

use crate::root;

fn mip6(args: &[&str]) -> String {
    let output = Command::new(cargo_bin!("mip6")).args(args).current_dir(root()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn committed_schemas_are_current() {
    for name in [
        "dissect", "check", "rules", "baseline", "profile", "keys", "bindings", "case", "conform",
        "run", "spec", "node", "subject",
    ] {
        let path = root().join("schemas").join(format!("{name}.json"));
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        let now = mip6(&["schema", name]);
        assert!(!now.is_empty(), "mip6 schema {name}");
        assert!(
            committed == now,
            "{}: run `mip6 schema {name} > schemas/{name}.json`",
            path.display()
        );
    }
}

/// Every line is of the type the schema was made of, nothing unknown in it.
fn every_line<T: DeserializeOwned>(output: &str) -> usize {
    for line in output.lines() {
        serde_json::from_str::<T>(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    }
    output.lines().count()
}

#[test]
fn json_output_keeps_to_its_schema() {
    let findings = mip6(&["check", "--format", "json", "pcaps"]);
    assert!(every_line::<CheckLine<'static>>(&findings) > 100);
    let (mut packets, mut bindings) = (0, 0);
    for path in mip6_dissect::capture::find(&[root().join("pcaps")]).unwrap() {
        let output = mip6(&["dissect", "-T", "json", path.to_str().unwrap()]);
        packets += every_line::<DissectLine>(&output);
        let output = mip6(&["bindings", "--format", "json", path.to_str().unwrap()]);
        bindings += every_line::<BindingLine>(&output);
    }
    assert!(packets > 300, "{packets}");
    assert!(bindings > 50, "{bindings}");
    let rules = mip6(&["rules", "--format", "json"]);
    assert!(every_line::<RulesLine<'static>>(&rules) > 900);
}
