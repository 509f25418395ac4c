//! JUnit XML: a suite for each capture, a case for each requirement judged.

use std::fmt::Write as _;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::{Found, Report};
use crate::check::{FileOutcome, RuleOutcome, Totals};
use crate::rules::{Level, Req};
use crate::tree::escape_line;

/// Writes JUnit XML.
#[derive(Debug)]
pub struct Junit<W> {
    out: W,
    fail_on: Level,
}

impl<W: Write> Junit<W> {
    /// To `out`; findings of `fail_on` and worse fail their case.
    pub fn new(out: W, fail_on: Level) -> Self {
        Self { out, fail_on }
    }

    fn case(&self, r: Req, found: &[(Level, &RuleOutcome)]) -> TestCase {
        let requirement = r.get();
        let new = found.iter().filter(|(_, o)| o.count > o.known);
        let worst = new.map(|(l, _)| *l).max();
        let mut status = if worst.is_some_and(|l| l >= self.fail_on) {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        } else {
            TestCaseStatus::success()
        };
        // Writing to a String cannot fail.
        let mut text = String::new();
        for (level, o) in found {
            for p in &o.places {
                let message = escape_line(&p.finding.message());
                let _ = writeln!(text, "frame {}: {level}: {message}", p.frame);
            }
            let more = o.count - o.places.len() as u64;
            if more > 0 {
                let _ = writeln!(text, "and {more} more of level {level}");
            }
            if o.known > 0 {
                let _ = writeln!(text, "{} of them known to the baseline", o.known);
            }
        }
        if let TestCaseStatus::NonSuccess { .. } = status {
            status.set_message(requirement.text).set_type(requirement.id).set_description(&text);
        }
        let name = format!("{} {}", requirement.id, requirement.source);
        let mut case = TestCase::new(name, status);
        case.set_classname(requirement.group());
        if !text.is_empty() {
            case.set_system_out(text);
        }
        case
    }
}

impl<W: Write> Report for Junit<W> {
    fn finding(&mut self, _: &Found<'_>) -> io::Result<()> {
        Ok(())
    }

    fn file(&mut self, _: &FileOutcome) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, outcomes: &[FileOutcome], _: &Totals) -> io::Result<()> {
        let mut document = Document::new("mip6 check");
        for o in outcomes {
            let mut suite = TestSuite::new(escape_line(&o.file));
            let mut status = TestCaseStatus::success();
            if let Some(trouble) = o.trouble() {
                status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_message(escape_line(&trouble)).set_type("unreadable");
            }
            let mut readable = TestCase::new(format!("{} frames dissected", o.frames), status);
            readable.set_classname("capture");
            suite.add_test_case(readable);
            for r in o.applied.keys() {
                let found: Vec<_> = Level::ALL
                    .into_iter()
                    .filter_map(|l| Some((l, o.rules.get(&(*r, l))?)))
                    .collect();
                suite.add_test_case(self.case(*r, &found));
            }
            document.add_test_suite(suite);
        }
        document.serialize(&mut self.out).map_err(io::Error::other)?;
        self.out.flush()
    }
}
