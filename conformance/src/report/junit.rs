//! JUnit XML: a suite for each role under test, a case for each case.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use mip6_dissect::rules::Req;
use mip6_dissect::tree::escape_line;
use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::{Case, Report};
use crate::run::verdict::{Outcome, Verdict};

/// Writes JUnit XML.
#[derive(Debug)]
pub struct Junit<W> {
    out: W,
    suites: BTreeMap<String, TestSuite>,
}

impl<W: Write> Junit<W> {
    /// To `out`.
    pub fn new(out: W) -> Self {
        Self { out, suites: BTreeMap::new() }
    }
}

impl<W: Write> Report for Junit<W> {
    fn case(&mut self, case: &Case<'_>) -> io::Result<()> {
        let role = escape_line(&case.outcome.role);
        let suite = self.suites.entry(role).or_insert_with_key(|role| TestSuite::new(role));
        suite.time = Some(suite.time.unwrap_or_default() + case.outcome.took);
        suite.add_test_case(test_case(case));
        Ok(())
    }

    fn end(&mut self, took: Duration) -> io::Result<()> {
        let mut document = Document::new("mip6 conform");
        document.set_time(took);
        document.add_test_suites(std::mem::take(&mut self.suites).into_values());
        document.serialize(&mut self.out).map_err(io::Error::other)?;
        self.out.flush()
    }
}

fn test_case(case: &Case<'_>) -> TestCase {
    let o = case.outcome;
    let mut status = match o.verdict {
        Verdict::Pass => TestCaseStatus::success(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
        Verdict::Skip | Verdict::Inconclusive => TestCaseStatus::skipped(),
    };
    if o.verdict != Verdict::Pass {
        let why = o.message.as_deref().unwrap_or(&o.title);
        status.set_message(escape_line(why)).set_type(o.verdict.name());
        status.set_description(description(o));
    }
    let mut test = TestCase::new(escape_line(&o.case), status);
    // The id in front of the last dot is where a case belongs.
    let area = o.case.rsplit_once('.').map_or(o.role.as_str(), |(area, _)| area);
    test.set_classname(escape_line(area)).set_time(o.took);
    test.add_property(("title", escape_line(&o.title).as_str()));
    test.add_property(("verdict", o.verdict.name()));
    if !o.requirements.is_empty() {
        let requirements = escape_line(&o.requirements.join(" "));
        test.add_property(("requirements", requirements.as_str()));
    }
    if let Some(path) = case.evidence {
        test.add_property(("evidence", escape_line(path).as_str()));
    }
    let mut text = String::new();
    for (frame, f) in &o.findings {
        let (id, message) = (f.requirement.get().id, escape_line(&f.message()));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "frame {frame}: {} {id}: {message}", f.level);
    }
    if !text.is_empty() {
        test.set_system_out(text);
    }
    test
}

/// Where and why a case did not pass, line by line.
fn description(o: &Outcome) -> String {
    let mut text = String::new();
    if let Some(d) = &o.decided {
        let step = o.steps.get(d.step).map_or("", |s| &s.text);
        let _ = writeln!(text, "{}:{}: {}", escape_line(&d.file), d.line, escape_line(step));
        let _ = writeln!(text, "expected: {}", escape_line(&d.expected));
        let _ = writeln!(text, "observed: {}", escape_line(&d.observed));
    }
    for r in o.requirements.iter().filter_map(|id| Req::find(id)).map(Req::get) {
        let _ = writeln!(text, "{} {} ({}): {}", r.id, r.level.words(), r.source, r.text);
    }
    for m in &o.marks {
        let _ = writeln!(text, "frame {}: {}", m.frame, escape_line(&m.comment));
    }
    text
}
