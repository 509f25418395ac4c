//! One page with everything: it needs no network and no script.

mod case;
mod requirements;

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use super::diagram::STYLE as DIAGRAM_STYLE;
use super::markup::Text;
use super::{Case, Report, Totals};
use crate::run::verdict::Verdict;
use requirements::Requirements;

const STYLE: &str = include_str!("style.css");
/// Finds cases by words. Without scripts, its field is not shown.
const SCRIPT: &str = include_str!("filter.js");

/// Writes a page.
#[derive(Debug)]
pub struct Html<W> {
    out: W,
    subject: String,
    totals: Totals,
    requirements: Requirements,
    /// The cases, as they will stand in the page.
    cases: String,
}

impl<W: Write> Html<W> {
    /// To `out`; `subject` is what was tested, in a few words.
    pub fn new(out: W, subject: &str) -> Self {
        Self {
            out,
            subject: subject.to_owned(),
            totals: Totals::default(),
            requirements: Requirements::default(),
            cases: String::new(),
        }
    }
}

impl<W: Write> Report for Html<W> {
    fn case(&mut self, case: &Case<'_>) -> io::Result<()> {
        self.totals.add(case.outcome.verdict);
        let number = self.totals.cases;
        self.requirements.add(number, case.outcome);
        case::write(&mut self.cases, number, case);
        Ok(())
    }

    fn end(&mut self, took: Duration) -> io::Result<()> {
        let (subject, t) = (Text(&self.subject), &self.totals);
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
             form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>Conformance of {subject}</title>\n\
             <style>\n{STYLE}{DIAGRAM_STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1>Conformance of {subject}</h1>\n\
             <p>{} cases, {} requirements, {:.2} s</p>\n",
            t.cases,
            self.requirements.len(),
            took.as_secs_f64()
        );
        bar(&mut page, t);
        page.push_str("</header>\n<main>\n");
        self.requirements.write(&mut page);
        page.push_str(
            "<section id=\"cases\">\n<h2>Cases</h2>\n\
             <p><input type=\"search\" id=\"words\" placeholder=\"find cases\" \
             aria-label=\"find cases\" hidden></p>\n",
        );
        page.push_str(&self.cases);
        // Writing to a String cannot fail.
        let _ =
            write!(page, "</section>\n</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
        self.out.write_all(page.as_bytes())?;
        self.out.flush()
    }
}

/// Counts as a bar, and as a filter.
fn bar(page: &mut String, t: &Totals) {
    let there = || Verdict::ALL.into_iter().filter(|v| t.of(*v) > 0);
    page.push_str("<div class=\"bar\" aria-hidden=\"true\">");
    for v in there() {
        let (name, n) = (v.name(), t.of(v));
        let _ = write!(page, "<span class=\"{name}\" style=\"flex-grow:{n}\"></span>");
    }
    page.push_str("</div>\n<p class=\"counts\">");
    for v in there() {
        let (name, n) = (v.name(), t.of(v));
        let _ = writeln!(
            page,
            "<label><input type=\"checkbox\" id=\"show-{name}\" checked> \
             <span class=\"verdict {name}\">{name}</span> {n}</label>"
        );
    }
    page.push_str("</p>\n");
}
