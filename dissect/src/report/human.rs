//! Grouped by rule, with counts and the first places.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects, Style};

use super::{Found, Report};
use crate::check::{FileOutcome, RuleOutcome, Totals};
use crate::rules::{Level, Req, Undecided};
use crate::tree::escape_line;

/// Writes for people.
#[derive(Debug)]
pub struct Human<W> {
    out: W,
    color: bool,
    all: bool,
}

impl<W: Write> Human<W> {
    /// To `out`, with or without colour; `all` prints every finding.
    pub fn new(out: W, color: bool, all: bool) -> Self {
        Self { out, color, all }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn level(&self, level: Level) -> String {
        let (color, name) = match level {
            Level::Must => (AnsiColor::Red, "MUST"),
            Level::Should => (AnsiColor::Yellow, "SHOULD"),
            Level::May => (AnsiColor::Blue, "NOTE"),
        };
        self.paint(color.on_default().effects(Effects::BOLD), name)
    }

    fn bold(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    fn rule(&mut self, r: Req, level: Level, rule: &RuleOutcome) -> io::Result<()> {
        let requirement = r.get();
        let known = match rule.known {
            0 => String::new(),
            n if n == rule.count => ", all known".to_owned(),
            n => format!(", {n} known"),
        };
        let (name, id) = (self.level(level), self.bold(requirement.id));
        writeln!(self.out, "  {name} {id} ({}) ×{}{known}", requirement.source, rule.count)?;
        writeln!(self.out, "      {}", requirement.text)?;
        if self.all {
            return Ok(());
        }
        for p in &rule.places {
            writeln!(self.out, "      frame {}: {}", p.frame, escape_line(&p.finding.message()))?;
        }
        let more = rule.count - rule.places.len() as u64;
        if more > 0 {
            writeln!(self.out, "      and {more} more (--all prints each)")?;
        }
        Ok(())
    }
}

impl<W: Write> Human<W> {
    /// What could not be judged: by reason, or each requirement of `--all`.
    fn undecided(&mut self, o: &FileOutcome) -> io::Result<()> {
        let mark = self.paint(AnsiColor::Cyan.on_default(), "INCONCLUSIVE");
        if self.all {
            for ((r, why), n) in &o.undecided {
                let r = r.get();
                writeln!(self.out, "  {mark} {} ({}) ×{n}: {why}", r.id, r.source)?;
            }
            return Ok(());
        }
        for why in Undecided::ALL {
            let of = o.undecided.iter().filter(|((_, w), _)| *w == why);
            let (rules, times) = of.fold((0, 0), |(r, t), (_, n)| (r + 1, t + n));
            if rules > 0 {
                let rules = counted(rules, "requirement");
                writeln!(self.out, "  {mark} {rules} ×{times}: {why} (--all names them)")?;
            }
        }
        Ok(())
    }
}

impl<W: Write> Report for Human<W> {
    fn finding(&mut self, f: &Found<'_>) -> io::Result<()> {
        if !self.all {
            return Ok(());
        }
        let (level, id) = (self.level(f.finding.level), f.finding.requirement.get().id);
        let known = if f.known { " (known)" } else { "" };
        writeln!(
            self.out,
            "{}:{}: {level} {id}{known} at octet {}: {}",
            escape_line(f.file),
            f.frame,
            f.finding.offset,
            escape_line(&f.finding.message())
        )
    }

    fn file(&mut self, o: &FileOutcome) -> io::Result<()> {
        let count: u64 = o.rules.values().map(|r| r.count).sum();
        let name = self.bold(&escape_line(&o.file));
        let verdict = match (count, o.is_readable()) {
            (0, true) => self.paint(AnsiColor::Green.on_default(), "clean"),
            (0, false) => "no findings in what was read".to_owned(),
            (n, _) => counted(n, "finding"),
        };
        write!(self.out, "{name}: {}, {verdict}", counted(o.frames, "frame"))?;
        if o.malformed > 0 {
            write!(self.out, ", {} malformed", o.malformed)?;
        }
        if o.cut > 0 {
            write!(self.out, ", {} cut by the capture", o.cut)?;
        }
        if o.reassembly.evicted > 0 {
            write!(self.out, ", {} fragmented packets given up for room", o.reassembly.evicted)?;
        }
        if o.forgotten > 0 {
            write!(self.out, ", {} forgotten for room", counted(o.forgotten, "conversation"))?;
        }
        let undecided: u64 = o.undecided.values().sum();
        if undecided > 0 {
            write!(self.out, ", {undecided} inconclusive")?;
        }
        writeln!(self.out)?;
        if let Some(trouble) = o.trouble() {
            let mark = self.paint(AnsiColor::Red.on_default().effects(Effects::BOLD), "ERROR");
            writeln!(self.out, "  {mark} {}", escape_line(&trouble))?;
        }
        let mut rules: Vec<_> = o.rules.iter().collect();
        rules.sort_by_key(|((r, level), _)| (std::cmp::Reverse(*level), *r));
        for ((r, level), rule) in rules {
            self.rule(*r, *level, rule)?;
        }
        self.undecided(o)
    }

    fn end(&mut self, outcomes: &[FileOutcome], t: &Totals) -> io::Result<()> {
        let mut rules: Vec<Req> = outcomes.iter().flat_map(|o| o.applied.keys().copied()).collect();
        rules.sort_unstable();
        rules.dedup();
        let head = format!("{}, {}", counted(t.files, "capture"), counted(t.frames, "frame"));
        let head = self.bold(&head);
        let known = if t.known > 0 { format!(", {} known", t.known) } else { String::new() };
        writeln!(
            self.out,
            "{head}: {} must, {} should, {}{known}; {} judged {} times",
            t.must,
            t.should,
            counted(t.may, "note"),
            counted(rules.len() as u64, "requirement"),
            t.judged
        )?;
        if t.unreadable > 0 {
            let captures = counted(t.unreadable, "capture");
            writeln!(self.out, "{captures} could not be read to the end")?;
        }
        self.out.flush()
    }
}

/// A number of things.
fn counted(n: u64, thing: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {thing}{s}")
}
