//! What is said of a case.

use mip6_conformance::report::schema::ConformCase;
use mip6_conformance::run::verdict::Verdict;
use mip6_dissect::rules::Req;
use mip6_dissect::tree::escape_line;

use crate::text::{clip, counted, wrap};

/// Entries of a list that are shown.
const MOST: usize = 1_000;
/// Columns of a text that are shown.
const COLUMNS: usize = 4_000;

/// How a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// It matters less.
    Dim,
    /// A heading.
    Head,
    /// It is why the case failed.
    Bad,
    /// A verdict.
    Verdict(Verdict),
}

/// A case that has finished, as text that is fit for a terminal.
#[derive(Clone, Debug)]
pub struct Case {
    /// Where its evidence is, as the report says.
    pub evidence: Option<String>,
    /// The frame at which it failed, from 0.
    pub failed: Option<u64>,
    lines: Vec<(Tone, String)>,
}

impl Case {
    /// Reads a line of results; says why it cannot be.
    pub fn read(line: &[u8]) -> Result<Self, String> {
        let case: ConformCase<'_> =
            serde_json::from_slice(line).map_err(|e| escape_line(&e.to_string()))?;
        let mut case_lines = Lines::default();
        describe(&case, &mut case_lines);
        Ok(Self {
            failed: failed(&case).and_then(|frame| frame.checked_sub(1)),
            evidence: case.evidence.map(std::borrow::Cow::into_owned),
            lines: case_lines.0,
        })
    }

    /// The lines, no wider than so many columns.
    pub fn wrapped(&self, columns: u16) -> Vec<(Tone, String)> {
        let mut out = Vec::new();
        for (tone, text) in &self.lines {
            if text.is_empty() {
                out.push((*tone, String::new()));
            }
            out.extend(wrap(text, columns.into()).into_iter().map(|line| (*tone, line)));
        }
        out
    }
}

/// The frame to look at first, from 1: the one that is why it failed, else one of
/// the step that decided, else the last one that mattered.
fn failed(case: &ConformCase<'_>) -> Option<u64> {
    let blamed = case.frames.iter().find(|f| f.failed).map(|f| f.frame);
    let step = || {
        let steps = case.steps.get(..=case.decided.as_ref()?.step)?;
        // A step that waited in vain has no frame; what went before it has.
        steps.iter().rev().find_map(|s| s.frames.last()).copied()
    };
    let mattered = || case.frames.last().map(|f| f.frame);
    blamed.or_else(step).or_else(mattered)
}

/// Lines being written.
#[derive(Default)]
struct Lines(Vec<(Tone, String)>);

impl Lines {
    fn say(&mut self, tone: Tone, text: &str) {
        let text = escape_line(text);
        let cut = clip(&text, COLUMNS);
        let more = if cut.len() < text.len() { "…" } else { "" };
        self.0.push((tone, format!("{cut}{more}")));
    }

    fn head(&mut self, text: &str) {
        self.0.push((Tone::Plain, String::new()));
        self.say(Tone::Head, text);
    }

    /// A list of no more entries than anybody reads.
    fn all<T>(&mut self, all: &[T], mut each: impl FnMut(&mut Self, usize, &T)) {
        for (i, one) in all.iter().enumerate().take(MOST) {
            each(self, i, one);
        }
        if let Some(more) = all.len().checked_sub(MOST + 1) {
            self.say(Tone::Dim, &format!("… {} more", more + 1));
        }
    }
}

fn describe(case: &ConformCase<'_>, to: &mut Lines) {
    let verdict = Tone::Verdict(case.verdict);
    to.say(verdict, &format!("{}: {}", case.verdict.name(), case.title));
    if let Some(message) = &case.message {
        to.say(Tone::Plain, message);
    }
    let took = format!("{} ms, {} on its own clock", case.ms, seconds(case.virtual_ms * 1_000));
    to.say(Tone::Dim, &took);
    if let Some(decided) = &case.decided {
        let what = if case.verdict == Verdict::Fail { "Failed" } else { "Decided" };
        to.head(&format!("{what} at {}:{}", decided.file, decided.line));
        if let Some(step) = case.steps.get(decided.step) {
            to.say(Tone::Plain, &format!("step: {}", step.text));
        }
        to.say(Tone::Plain, &format!("expected: {}", decided.expected));
        to.say(Tone::Bad, &format!("observed: {}", decided.observed));
    }
    if !case.requirements.is_empty() {
        to.head("Requirements");
    }
    to.all(&case.requirements, |to, _, id| {
        let Some(req) = Req::find(id) else {
            return to.say(Tone::Plain, &format!("{id}: not known to this program"));
        };
        let r = req.get();
        to.say(Tone::Plain, &format!("{} {} ({})", r.id, r.level.words(), r.source));
        to.say(Tone::Dim, &format!("  {}", r.text));
    });
    if !case.findings.is_empty() {
        to.head("Found in its packets");
    }
    to.all(&case.findings, |to, _, f| {
        let text = format!("frame {}: {} {} ({})", f.frame, f.level, f.id, f.source);
        to.say(Tone::Plain, &text);
        to.say(Tone::Dim, &format!("  {}", f.message));
    });
    if !case.steps.is_empty() {
        to.head("Steps");
    }
    let at = case.decided.as_ref().map(|d| d.step);
    to.all(&case.steps, |to, i, s| {
        let sign = if s.held { ' ' } else { '!' };
        let frames = match s.frames.as_slice() {
            [] => String::new(),
            [one] => format!(" [frame {one}]"),
            [first, .., last] => format!(" [frames {first} to {last}]"),
        };
        let tone = if at == Some(i) { Tone::Bad } else { Tone::Plain };
        let time = seconds(s.at_us);
        to.say(tone, &format!("{sign} {time} {} line {}: {}{frames}", s.phase, s.line, s.text));
    });
    if !case.frames.is_empty() {
        to.head("Frames that mattered");
    }
    to.all(&case.frames, |to, _, f| {
        let tone = if f.failed { Tone::Bad } else { Tone::Plain };
        to.say(tone, &format!("frame {}: {}", f.frame, f.comment));
    });
    if !case.events.is_empty() {
        to.head(&format!("What nodes said ({})", counted(case.events.len() as u64, "event")));
    }
    to.all(&case.events, |to, _, e| {
        to.say(Tone::Plain, &format!("  {} {}: {}", seconds(e.at_us), e.node, e.event));
    });
    to.head("Evidence");
    match &case.evidence {
        Some(path) => to.say(Tone::Plain, path),
        None => to.say(Tone::Dim, "none was kept"),
    }
}

/// A time on the clock of a case.
fn seconds(us: u64) -> String {
    format!("{}.{:03} s", us / 1_000_000, us / 1_000 % 1_000)
}
