//! JSON, one object per line.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use mip6_dissect::tree::escape_line;

use super::schema::{
    ConformCase, ConformDecided, ConformEvent, ConformFinding, ConformFrame, ConformLine,
    ConformStep, ConformSummary, ConformTotals,
};
use super::{Case, Report, Totals, millis};

/// Writes JSON.
#[derive(Debug)]
pub struct Json<W> {
    out: W,
    totals: Totals,
}

impl<W: Write> Json<W> {
    /// To `out`.
    pub fn new(out: W) -> Self {
        Self { out, totals: Totals::default() }
    }

    fn line(&mut self, line: &ConformLine<'_>) -> io::Result<()> {
        let mut text = visible(&serde_json::to_string(line)?);
        text.push('\n');
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Report for Json<W> {
    fn case(&mut self, case: &Case<'_>) -> io::Result<()> {
        self.totals.add(case.outcome.verdict);
        self.line(&ConformLine::Case(Box::new(line(case))))
    }

    fn end(&mut self, took: Duration) -> io::Result<()> {
        let Totals { cases, pass, fail, inconclusive, skip, error } = self.totals;
        let ms = millis(took);
        let summary = ConformTotals { cases, pass, fail, inconclusive, skip, error, ms };
        self.line(&ConformLine::Summary(ConformSummary { summary }))
    }
}

/// JSON with what controls a terminal as escape sequences. JSON itself escapes
/// no more than ASCII control characters (RFC 8259 7); beyond ASCII, there is
/// nothing outside of strings.
fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let hidden = c == '\u{7f}'
            || !c.is_ascii() && escape_line(c.encode_utf8(&mut [0; 4])).starts_with('\\');
        if hidden {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn line<'a>(case: &Case<'a>) -> ConformCase<'a> {
    let o = case.outcome;
    let text = |s: &'a str| Cow::Borrowed(s);
    ConformCase {
        case: text(&o.case),
        title: text(&o.title),
        role: text(&o.role),
        verdict: o.verdict,
        requirements: o.requirements.iter().map(|r| text(r)).collect(),
        ms: millis(o.took),
        virtual_ms: millis(o.lasted),
        evidence: case.evidence.map(text),
        message: o.message.as_deref().map(text),
        decided: o.decided.as_ref().map(|d| ConformDecided {
            file: text(&d.file),
            line: d.line,
            step: d.step,
            expected: text(&d.expected),
            observed: text(&d.observed),
        }),
        steps: o
            .steps
            .iter()
            .map(|s| ConformStep {
                at_us: s.at.micros(),
                line: s.line,
                phase: text(s.phase),
                text: text(&s.text),
                frames: s.frames.clone(),
                held: s.held,
            })
            .collect(),
        frames: o
            .marks
            .iter()
            .map(|m| ConformFrame { frame: m.frame, comment: text(&m.comment), failed: m.failed })
            .collect(),
        findings: o
            .findings
            .iter()
            .map(|(frame, f)| {
                let r = f.requirement.get();
                ConformFinding {
                    frame: *frame,
                    id: text(r.id),
                    level: text(f.level.name()),
                    source: text(r.source),
                    message: Cow::Owned(f.message()),
                }
            })
            .collect(),
        events: o
            .events
            .iter()
            .map(|(at, node, event)| ConformEvent {
                at_us: at.micros(),
                node: text(node),
                event: text(event),
            })
            .collect(),
    }
}
