//! `mip6 rules`: the requirements and what checks them.

use std::io::{self, Write};

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
    let mut out = stdout();
    match args.format {
        ListFormat::Human if chosen.len() == 1 => one(&mut out, chosen[0])?,
        ListFormat::Human => table(&mut out, &chosen)?,
        ListFormat::Json => json(&mut out, &chosen)?,
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn coverage(chosen: &[&Requirement]) -> Coverage {
    let mut c = Coverage { requirements: chosen.len(), ..Coverage::default() };
    for r in chosen {
        match r.checks[0] {
            Check::Passive => c.passive += 1,
            Check::See(_) => c.through_another += 1,
            Check::Stimulus => c.not_yet += 1,
            _ => c.not_judged += 1,
        }
    }
    c
}

fn one(out: &mut impl Write, r: &Requirement) -> io::Result<()> {
    writeln!(out, "{}: {} on {}, {}", r.id, r.level.words(), r.role, r.source)?;
    writeln!(out, "    {}", r.text)?;
    writeln!(out, "    shows: {}", r.observe)?;
    for c in r.checks {
        writeln!(out, "    checked by: {c}")?;
    }
    Ok(())
}

fn table(out: &mut impl Write, chosen: &[&Requirement]) -> io::Result<()> {
    let mut group = "";
    for r in chosen {
        if r.group() != group {
            group = r.group();
            let title = GROUPS.iter().find(|(g, _)| *g == group).map_or("", |(_, t)| t);
            writeln!(out, "{group}: {title}")?;
        }
        let checks: Vec<String> = r.checks.iter().map(|c| c.word()).collect();
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
    let c = coverage(chosen);
    writeln!(
        out,
        "{} requirements: {} judged by a passive rule, {} through another's, {} when a node is \
         provoked, which is to come, {} not, for the reason given",
        c.requirements, c.passive, c.through_another, c.not_yet, c.not_judged
    )
}

fn json(out: &mut impl Write, chosen: &[&Requirement]) -> Result<(), Stop> {
    for r in chosen {
        let line = RuleLine {
            id: r.id.into(),
            role: r.role.into(),
            level: r.level.words().into(),
            source: r.source.into(),
            text: r.text.into(),
            observe: r.observe.into(),
            checks: r.checks.iter().map(|c| c.word()).collect(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    serde_json::to_writer(&mut *out, &RulesSummary { summary: coverage(chosen) })?;
    out.write_all(b"\n")?;
    Ok(())
}
