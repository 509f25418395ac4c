//! A line for each case, then what did not go well, then the sum.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Effects, Style};
use mip6_dissect::rules::Req;
use mip6_dissect::tree::escape_line;

use super::{Case, Evidence, Report, Totals};
use crate::run::verdict::{Outcome, Verdict};

/// Writes for people.
#[derive(Debug)]
pub struct Human<W> {
    out: W,
    color: bool,
    totals: Totals,
    /// What is to be said of cases that did not pass, once all have finished.
    failures: String,
    /// What passive rules found.
    findings: String,
}

impl<W: Write> Human<W> {
    /// To `out`, with or without colour.
    pub fn new(out: W, color: bool) -> Self {
        let (failures, findings) = (String::new(), String::new());
        Self { out, color, totals: Totals::default(), failures, findings }
    }

    /// Says how many cases are to be run.
    pub fn begin(&mut self, cases: usize) -> io::Result<()> {
        let s = if cases == 1 { "" } else { "s" };
        writeln!(self.out, "running {cases} case{s}")
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    fn verdict(&self, verdict: Verdict) -> String {
        let bold = |c: AnsiColor| c.on_default().effects(Effects::BOLD);
        let (style, word) = match verdict {
            Verdict::Pass => (AnsiColor::Green.on_default(), "pass"),
            Verdict::Fail => (bold(AnsiColor::Red), "FAIL"),
            Verdict::Inconclusive => (AnsiColor::Cyan.on_default(), "inconclusive"),
            Verdict::Skip => (AnsiColor::Yellow.on_default(), "skip"),
            Verdict::Error => (bold(AnsiColor::Magenta), "ERROR"),
        };
        self.paint(style, word)
    }

    /// All there is to know of a case that did not pass.
    fn failure(&mut self, case: &Case<'_>) {
        let o = case.outcome;
        let mut text = String::new();
        // Writing to a String cannot fail.
        let name = self.bold(&escape_line(&o.case));
        let _ = writeln!(text, "\n---- {name}: {} ----", self.verdict(o.verdict));
        let _ = writeln!(text, "{}", escape_line(&o.title));
        if let Some(d) = &o.decided {
            let phase = o.steps.get(d.step).map_or("", |s| s.phase);
            let at = self.bold(&format!("{}:{}", escape_line(&d.file), d.line));
            let _ = writeln!(text, "  {at}, in `{phase}`");
            let _ = writeln!(text, "  expected  {}", escape_line(&d.expected));
            let _ = writeln!(text, "  observed  {}", escape_line(&d.observed));
        } else {
            let message = o.message.as_deref().unwrap_or_default();
            let _ = writeln!(text, "  {}", escape_line(message));
        }
        for id in &o.requirements {
            let _ = match Req::find(id).map(Req::get) {
                Some(r) => {
                    let id = self.bold(r.id);
                    writeln!(text, "  {id} {} ({})\n      {}", r.level.words(), r.source, r.text)
                }
                None => writeln!(text, "  {} is no requirement", escape_line(id)),
            };
        }
        self.frames(&mut text, o);
        if let Some(path) = case.evidence {
            let _ = writeln!(text, "  evidence  {}", escape_line(path));
        }
        self.failures.push_str(&text);
    }

    /// The frames that mattered.
    fn frames(&self, text: &mut String, o: &Outcome) {
        if o.marks.is_empty() {
            return;
        }
        let evidence = Evidence::read(o);
        for mark in &o.marks {
            let why = escape_line(&mark.comment);
            let why = if mark.failed { self.paint(AnsiColor::Red.on_default(), &why) } else { why };
            let number = mark.frame;
            let _ = match evidence.frame(number) {
                Some(f) => {
                    let (source, destination) = &f.addresses;
                    let info = escape_line(&f.info);
                    let at = f.at;
                    writeln!(
                        text,
                        "  frame {number}, {at}: {source} → {destination} {info}\n      {why}"
                    )
                }
                None => writeln!(text, "  frame {number}, not in the evidence\n      {why}"),
            };
        }
        if let Some(trouble) = &evidence.trouble {
            let _ = writeln!(text, "  evidence cannot be read: {}", escape_line(trouble));
        }
    }

    /// What passive rules found beside.
    fn found(&mut self, o: &Outcome) {
        if o.findings.is_empty() {
            return;
        }
        let name = self.bold(&escape_line(&o.case));
        let mut text = format!("  {name}\n");
        for (frame, f) in &o.findings {
            let r = f.requirement.get();
            let message = escape_line(&f.message());
            let _ = writeln!(
                text,
                "    frame {frame}: {} {} ({}): {message}",
                f.level.name().to_uppercase(),
                r.id,
                r.source
            );
        }
        self.findings.push_str(&text);
    }
}

impl<W: Write> Report for Human<W> {
    fn case(&mut self, case: &Case<'_>) -> io::Result<()> {
        let o = case.outcome;
        self.totals.add(o.verdict);
        let verdict = self.verdict(o.verdict);
        write!(self.out, "test {} ... {verdict}", escape_line(&o.case))?;
        // Why a case failed takes more room than a line has.
        if let (Some(why), Verdict::Skip | Verdict::Inconclusive) = (&o.message, o.verdict) {
            write!(self.out, ": {}", escape_line(why))?;
        }
        writeln!(self.out)?;
        if matches!(o.verdict, Verdict::Fail | Verdict::Inconclusive | Verdict::Error) {
            self.failure(case);
        }
        self.found(o);
        self.out.flush()
    }

    fn end(&mut self, took: Duration) -> io::Result<()> {
        if !self.failures.is_empty() {
            let head = self.bold("What did not pass:");
            writeln!(self.out, "\n{head}\n{}", self.failures.trim_end())?;
        }
        if !self.findings.is_empty() {
            let head = self.bold("Found beside, by passive rules:");
            write!(self.out, "\n{head}\n{}", self.findings)?;
        }
        let t = &self.totals;
        let counts: Vec<String> =
            Verdict::ALL.iter().map(|v| format!("{} {}", t.of(*v), v.name())).collect();
        let verdict = self.verdict(t.verdict());
        let seconds = took.as_secs_f64();
        writeln!(
            self.out,
            "\ntest result: {verdict}. {}; finished in {seconds:.2} s",
            counts.join("; ")
        )?;
        self.out.flush()
    }
}
