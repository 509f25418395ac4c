//! `mip6 rules`: the requirements and what checks them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use mip6_conformance::case::Suite;
use mip6_conformance::roles::faults;
use mip6_dissect::report::schema::{Coverage, RuleLine, RulesSummary};
use mip6_dissect::rules::{Check, GROUPS, REQUIREMENTS, Requirement};

use crate::args::{ListFormat, Rules};
use crate::exit::Exit;
use crate::output::{Stop, stdout};

pub(crate) fn run(args: &Rules) -> Result<Exit, Stop> {
    let chosen: Vec<&Requirement> = REQUIREMENTS
        .iter()
        .filter(|r| args.ids.is_empty() || args.ids.iter().any(|w| r.id.starts_with(w.as_str())))
        .collect();
    if chosen.is_empty() {
        return Err(Stop::input(format!(
            "no requirement begins with {}; the groups are: {}",
            args.ids.join(" or "),
            GROUPS.iter().map(|(g, _)| *g).collect::<Vec<_>>().join(", ")
        )));
    }
    let cases = Cases::new()?;
    let mut out = stdout();
    match args.format {
        ListFormat::Human if chosen.len() == 1 => one(&mut out, chosen[0], &cases)?,
        ListFormat::Human => table(&mut out, &chosen, &cases)?,
        ListFormat::Json => json(&mut out, &chosen, &cases)?,
    }
    out.flush()?;
    Ok(Exit::Clean)
}

/// Conformance cases, and faults, by requirement.
struct Cases {
    cases: BTreeMap<String, Vec<String>>,
    faults: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Cases {
    fn new() -> Result<Self, Stop> {
        let mut cases: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for case in &Suite::embedded().map_err(Stop::input)?.cases {
            for id in &case.requirements {
                cases.entry(id.clone()).or_default().push(case.id.clone());
            }
        }
        let mut faults: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for fault in faults::all() {
            for id in fault.breaks {
                faults.entry(*id).or_default().push(fault.name);
            }
        }
        Ok(Self { cases, faults })
    }

    fn of(&self, r: &Requirement) -> &[String] {
        self.cases.get(r.id).map_or(&[], Vec::as_slice)
    }

    fn faults(&self, r: &Requirement) -> &[&'static str] {
        self.faults.get(r.id).map_or(&[], Vec::as_slice)
    }
}

fn coverage(chosen: &[&Requirement], cases: &Cases) -> Coverage {
    let mut c = Coverage { requirements: chosen.len(), ..Coverage::default() };
    for r in chosen {
        let cased = !cases.of(r).is_empty();
        c.by_case += usize::from(cased);
        match r.checks[0] {
            Check::Passive => c.passive += 1,
            Check::See(_) => c.through_another += 1,
            _ if cased => {}
            Check::Stimulus => c.not_yet += 1,
            _ => c.not_judged += 1,
        }
    }
    c
}

fn one(out: &mut impl Write, r: &Requirement, cases: &Cases) -> io::Result<()> {
    writeln!(out, "{}: {} on {}, {}", r.id, r.level.words(), r.role, r.source)?;
    writeln!(out, "    {}", r.text)?;
    writeln!(out, "    shows: {}", r.observe)?;
    for c in r.checks {
        writeln!(out, "    checked by: {c}")?;
    }
    for case in cases.of(r) {
        writeln!(out, "    case: {case}")?;
    }
    for fault in cases.faults(r) {
        writeln!(out, "    broken by fault: {fault}")?;
    }
    Ok(())
}

fn table(out: &mut impl Write, chosen: &[&Requirement], cases: &Cases) -> io::Result<()> {
    let mut group = "";
    for r in chosen {
        if r.group() != group {
            group = r.group();
            let title = GROUPS.iter().find(|(g, _)| *g == group).map_or("", |(_, t)| t);
            writeln!(out, "{group}: {title}")?;
        }
        let mut checks: Vec<String> = r.checks.iter().map(|c| c.word()).collect();
        match cases.of(r).len() {
            0 => {}
            1 => checks.push("1 case".into()),
            n => checks.push(format!("{n} cases")),
        }
        writeln!(
            out,
            "  {:<20} {:<10} {:<8} {:<24} {}",
            r.id,
            r.level.words(),
            r.role,
            checks.join(", "),
            r.text
        )?;
    }
    let c = coverage(chosen, cases);
    writeln!(
        out,
        "{} requirements: {} judged by a passive rule, {} through another's, {} by conformance \
         cases; {} wait for a case, {} are not judged, for the reason given",
        c.requirements, c.passive, c.through_another, c.by_case, c.not_yet, c.not_judged
    )
}

fn json(out: &mut impl Write, chosen: &[&Requirement], cases: &Cases) -> Result<(), Stop> {
    for r in chosen {
        let line = RuleLine {
            id: r.id.into(),
            role: r.role.into(),
            level: r.level.words().into(),
            source: r.source.into(),
            text: r.text.into(),
            observe: r.observe.into(),
            checks: r.checks.iter().map(|c| c.word()).collect(),
            cases: cases.of(r).iter().map(|c| c.as_str().into()).collect(),
            faults: cases.faults(r).iter().map(|f| (*f).into()).collect(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    serde_json::to_writer(&mut *out, &RulesSummary { summary: coverage(chosen, cases) })?;
    out.write_all(b"\n")?;
    Ok(())
}
