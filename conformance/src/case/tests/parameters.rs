//! Rows of parameters.

use super::{BASE, base, mistakes};
use crate::case::Suite;
use crate::case::step::Action;

/// The base with rows, and `$wait` in place of its time.
fn with(rows: &str) -> String {
    let text = base("within: 1 s", "within: $wait");
    text.replace("steps:", &format!("parameters:\n{rows}steps:"))
}

#[test]
fn each_row_is_an_instance() {
    let text = with("  - {name: short, wait: 1 s}\n  - {name: long, wait: 10 s}\n");
    let suite = Suite::from_sources([("case.yaml", text)]).unwrap_or_else(|e| panic!("{e}"));
    let found: Vec<_> = suite
        .instances()
        .map(|(_, i)| match &i.steps[1].value {
            Action::Expect(e) => (i.id.as_str(), e.within.map(|p| p.0.as_secs())),
            _ => ("", None),
        })
        .collect();
    let wanted =
        [("ha.registration.accept/short", Some(1)), ("ha.registration.accept/long", Some(10))];
    assert_eq!(found, wanted);
    let places: Vec<_> = suite.instances().map(|(_, i)| i.steps[0].place.line).collect();
    assert_eq!(places, [17, 17]);
}

#[test]
fn a_case_without_rows_is_one_instance() {
    let suite = Suite::from_sources([("case.yaml", BASE)]).unwrap_or_else(|e| panic!("{e}"));
    let ids: Vec<_> = suite.instances().map(|(_, i)| i.id.as_str()).collect();
    assert_eq!(ids, ["ha.registration.accept"]);
}

#[test]
fn a_row_may_name_attributes_and_hold_predicates() {
    let text = base("ipv6.dst: $mn.careof", "ipv6.dst: $to");
    let rows = "parameters:\n  - {name: a, to: $mn.home}\n  - {name: b, to: {not: $cn}}\nsteps:";
    let text = text.replace("steps:", rows);
    assert_eq!(
        mistakes(&text),
        ["15:25: `$cn` is no parameter, no field saved before, no node and no link; there are \
          router, ha, mn, home, foreign"]
    );
    assert_eq!(mistakes(&text.replace("$cn", "$ha.address")), [""; 0]);
}

#[test]
fn mistakes_in_rows() {
    let rows: &[(&str, &[&str])] = &[
        (
            "  - {wait: 1 s}\n",
            &["14:5: expected a row with a `name` in small letters, digits and hyphens"],
        ),
        (
            "  - {name: One, wait: 1 s}\n",
            &["14:12: expected a row with a `name` in small letters, digits and hyphens"],
        ),
        (
            "  - {name: one, wait: 1 s}\n  - {name: one, wait: 2 s}\n",
            &["15:5: two rows are called `one`: expected another name"],
        ),
        (
            "  - {name: one, wait: 1 s}\n  - {name: two}\n",
            &["15:5: row `two` has no `wait`: expected the same in all"],
        ),
        (
            "  - {name: one, wait: 1 s}\n  - {name: two, wait: 1 s, more: 1}\n",
            &["15:34: row `one` has no `more`: expected the same in all"],
        ),
        ("  - {name: one, wait: 1 s, more: 1}\n", &["14:34: nothing uses `$more`"]),
        (
            "  - {name: one, wait: 1 s, mn: 1}\n",
            &["14:28: a node or link is called `mn` too", "14:32: nothing uses `$mn`"],
        ),
        (
            "  - {name: one, wait: 1 s}\n  - {name: two, wait: soon}\n",
            &[
                "15:23: expected a span of time like `500 ms`, `2 s`, `1 min` or `1 h`, found `soon`",
            ],
        ),
        ("  - {name: one, wiat: 1 s}\n", &["14:23: nothing uses `$wiat`"]),
        ("  one: 1\n", &["14:3: expected a list of maps, each with a `name`"]),
    ];
    for (rows, wanted) in rows {
        assert_eq!(mistakes(&with(rows)), *wanted, "{rows}");
    }
}
