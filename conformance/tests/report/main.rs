//! What reports print of made-up outcomes, held against the files in
//! `expected/`. `MIP6_UPDATE=1 cargo test -p mip6-conformance --test report`
//! writes those anew; look at what changes.

mod diagram;
mod safety;
mod sample;

use std::path::Path;
use std::time::Duration;

use mip6_conformance::report::schema::ConformLine;
use mip6_conformance::report::{Case, Html, Human, Json, Junit, Report};
use mip6_conformance::run::verdict::Outcome;

/// Paths of evidence by case; the last one does what a path can.
const EVIDENCE: [Option<&str>; 5] = [
    Some("evidence/cn.registration.first.pcapng"),
    Some("evidence/ha.registration.sequence-window+equal.pcapng"),
    Some("evidence/mn.movement.return.pcapng"),
    None,
    Some("javascript:alert(1)//\"><b>"),
];

const TOOK: Duration = Duration::from_millis(1_230);

fn report(outcomes: &[Outcome], report: &mut impl Report) {
    for (outcome, evidence) in outcomes.iter().zip(EVIDENCE) {
        report.case(&Case { outcome, evidence }).unwrap();
    }
    report.end(TOOK).unwrap();
}

pub(crate) fn human(color: bool) -> String {
    let mut out = Vec::new();
    let mut human = Human::new(&mut out, color);
    human.begin(5).unwrap();
    report(&sample::all(), &mut human);
    String::from_utf8(out).unwrap()
}

pub(crate) fn json() -> String {
    let mut out = Vec::new();
    report(&sample::all(), &mut Json::new(&mut out));
    String::from_utf8(out).unwrap()
}

pub(crate) fn junit() -> String {
    let mut out = Vec::new();
    report(&sample::all(), &mut Junit::new(&mut out));
    String::from_utf8(out).unwrap()
}

pub(crate) fn html() -> String {
    let mut out = Vec::new();
    report(&sample::all(), &mut Html::new(&mut out, sample::HOSTILE));
    String::from_utf8(out).unwrap()
}

/// Compares with a file in `expected/`, or writes it.
pub(crate) fn expect(name: &str, text: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/expected");
    let path = folder.join(name);
    if std::env::var_os("MIP6_UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = expected.lines().zip(text.lines()).position(|(a, b)| a != b);
    let at = differs.unwrap_or_else(|| expected.lines().count().min(text.lines().count()));
    assert!(
        expected == text,
        "{} differs from line {}:\n  expected {:?}\n  is       {:?}",
        path.display(),
        at + 1,
        expected.lines().nth(at),
        text.lines().nth(at)
    );
}

#[test]
fn every_form_is_as_expected() {
    expect("human.txt", &human(false));
    expect("human-colored.txt", &human(true));
    expect("cases.jsonl", &json());
    expect("junit.xml", &junit());
    expect("page.html", &html());
}

#[test]
fn json_keeps_to_its_type_and_says_what_was_said() {
    let json = json();
    let lines: Vec<ConformLine<'_>> = json
        .lines()
        .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}")))
        .collect();
    let [.., ConformLine::Case(last), ConformLine::Summary(s)] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!(last.title, sample::HOSTILE);
    let t = &s.summary;
    assert_eq!((t.cases, t.pass, t.fail, t.inconclusive), (5, 1, 1, 1));
    assert_eq!((t.skip, t.error, t.ms), (1, 1, 1_230));
}
