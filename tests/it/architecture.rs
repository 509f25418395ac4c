//! Which room may use which; nothing points upwards.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Packages of the workspace and what each may use, tests and build scripts
/// included.
const MAY_USE: &[(&str, &[&str])] = &[
    ("mip6-wire", &[]),
    ("mip6-security", &["mip6-wire"]),
    ("mip6-dissect", &["mip6-security", "mip6-wire"]),
    ("mip6-inject", &["mip6-security", "mip6-wire"]),
    ("mip6-conformance", &["mip6-dissect", "mip6-inject", "mip6-security", "mip6-wire"]),
    ("mip6-tui", &["mip6-conformance", "mip6-dissect", "mip6-security", "mip6-wire"]),
    (
        "mip6",
        &[
            "mip6-conformance",
            "mip6-dissect",
            "mip6-inject",
            "mip6-security",
            "mip6-tui",
            "mip6-wire",
        ],
    ),
    (
        "mip6-testkit",
        &["mip6-conformance", "mip6-dissect", "mip6-inject", "mip6-security", "mip6-wire"],
    ),
];

/// What tests may use besides.
const TESTS_MAY_USE: &[(&str, &[&str])] = &[
    ("mip6-wire", &["mip6-testkit"]),
    ("mip6-security", &["mip6-testkit"]),
    ("mip6-dissect", &["mip6-testkit"]),
    ("mip6-inject", &["mip6-testkit"]),
    ("mip6-conformance", &["mip6-testkit"]),
    ("mip6-tui", &["mip6-testkit"]),
    ("mip6", &["mip6-testkit"]),
    ("mip6-testkit", &[]),
];

#[test]
fn dependencies_point_downwards() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(crate::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeSet<&str> = packages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    let table =
        |t: &'static [(&str, &[&str])]| -> BTreeMap<&str, &[&str]> { t.iter().copied().collect() };
    let (plain, tests) = (table(MAY_USE), table(TESTS_MAY_USE));
    assert_eq!(names, plain.keys().copied().collect(), "packages of the workspace");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = dependency["name"].as_str().unwrap();
            if !names.contains(used) {
                continue;
            }
            let only_tests = dependency["kind"].as_str() == Some("dev");
            let allowed = plain[name].contains(&used) || only_tests && tests[name].contains(&used);
            assert!(allowed, "{name} must not use {used}");
        }
    }
}

/// Versions stand in the root manifest, lints too.
#[test]
fn members_inherit_versions_and_lints() {
    for member in ["wire", "security", "dissect", "inject", "conformance", "tui", "testkit"] {
        let path = crate::root().join(member).join("Cargo.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{}: lints", path.display());
        let mut section = "";
        for line in text.lines().map(str::trim) {
            if line.starts_with('[') {
                section = line;
            } else if section.ends_with("dependencies]") && line.contains('=') {
                assert!(
                    line.contains(".workspace = true") || line.contains("workspace = true"),
                    "{}: {line}: versions stand in the root manifest",
                    path.display()
                );
            }
        }
    }
}
