//! Which requirements have cases.

use std::collections::BTreeSet;

use mip6_conformance::roles::faults;
use mip6_dissect::rules::{Check, REQUIREMENTS};

use crate::suite;

/// Groups whose requirements all have a case where a node must be provoked.
const COVERED: &[&str] = &[
    "MIP6-",
    "IPSEC-FMT-",
    "IPSEC-SUP-",
    "IPSEC-POL-",
    "IPSEC-PRO-",
    "IPSEC-SPD-",
    "IPSEC-STEP-",
    "LKE-",
];

#[test]
fn every_requirement_that_takes_a_case_has_one() {
    let cased: BTreeSet<&str> =
        suite().cases.iter().flat_map(|c| &c.requirements).map(String::as_str).collect();
    let missing: Vec<&str> = REQUIREMENTS
        .iter()
        .filter(|r| COVERED.iter().any(|g| r.id.starts_with(g)))
        .filter(|r| r.checks.contains(&Check::Stimulus) && !cased.contains(r.id))
        .map(|r| r.id)
        .collect();
    assert!(missing.is_empty(), "{} have no case: {missing:#?}", missing.len());
}

/// What a case says that it is about, some fault breaks: else nobody knows whether it
/// could fail for that.
#[test]
fn every_requirement_with_a_case_has_a_fault() {
    let broken: BTreeSet<&str> = faults::all().flat_map(|f| f.breaks).copied().collect();
    let cased: BTreeSet<&str> =
        suite().cases.iter().flat_map(|c| &c.requirements).map(String::as_str).collect();
    let unbroken: Vec<&&str> = cased.difference(&broken).collect();
    assert!(unbroken.is_empty(), "no fault breaks {unbroken:#?}");
}
