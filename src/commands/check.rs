//! `mip6 check`: a gate over captures.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use mip6_dissect::capture::{Capture, find};
use mip6_dissect::check::{Baseline, Checker, FileOutcome, Totals};
use mip6_dissect::profile::Profile;
use mip6_dissect::report::{Found, Human, Json, Junit, Report, Sarif};
use mip6_dissect::rules::{Level, REQUIREMENTS};
use mip6_security::policy;

use super::progress::Progress;
use crate::args::{Check, LevelArg, ReportFormat};
use crate::exit::Exit;
use crate::output::{Stop, complain, stdout, use_color};

pub(crate) fn run(args: &Check) -> Result<Exit, Stop> {
    for word in args.select.iter().chain(&args.ignore) {
        if !REQUIREMENTS.iter().any(|r| names(word, r.id)) {
            return Err(Stop::input(format!(
                "`{word}` is no requirement and no prefix of one; `mip6 rules` lists them"
            )));
        }
    }
    let profile = Profile::load(&args.profile.profile).map_err(Stop::input)?;
    let baseline = match &args.baseline {
        None => Baseline::default(),
        Some(path) => {
            Baseline::load(path).map_err(|e| Stop::input(format!("{}: {e}", path.display())))?
        }
    };
    let keep = |id: &str| {
        (args.select.is_empty() || args.select.iter().any(|w| names(w, id)))
            && !args.ignore.iter().any(|w| names(w, id))
    };
    let files = find(&args.paths).map_err(Stop::input)?;
    let mut keys = super::keys::load(&args.keys)?;
    if let Some(path) = &args.policy {
        keys.policy = Some(policy::load(path).map_err(Stop::input)?);
    }
    if let Some(policy) = &keys.policy {
        for warning in &policy.warnings {
            complain(&format!("warning: {}:{warning}", policy.path.display()));
        }
    }
    let mut checker = Checker::new(profile, baseline, keep).keys(keys).alone(args.alone);
    let fail_on = match args.fail_on {
        LevelArg::Must => Level::Must,
        LevelArg::Should => Level::Should,
        LevelArg::May => Level::May,
    };
    // The human form prints at the end: until then the terminal is free.
    let quiet = args.format == ReportFormat::Human && !args.all;
    let outcomes = match args.format {
        ReportFormat::Human => {
            judge(&files, quiet, &mut checker, Human::new(stdout(), use_color(), args.all))
        }
        ReportFormat::Json => judge(&files, quiet, &mut checker, Json::new(stdout())),
        ReportFormat::Junit => judge(&files, quiet, &mut checker, Junit::new(stdout(), fail_on)),
        ReportFormat::Sarif => judge(&files, quiet, &mut checker, Sarif::new(stdout())?),
    }?;
    if let Some(path) = &args.write_baseline {
        write_baseline(path, &outcomes)?;
    }
    let mut exit = Exit::Clean;
    for o in &outcomes {
        if o.worst().is_some_and(|l| l >= fail_on) && args.write_baseline.is_none() {
            exit = exit.max(Exit::Findings);
        }
        if let Some(trouble) = o.trouble() {
            complain(&format!("{}: {trouble}", o.file));
            exit = exit.max(Exit::Input);
        }
    }
    Ok(exit)
}

/// Whether a word given by the user means a requirement: its id, or what comes
/// in front of a dash in it.
fn names(word: &str, id: &str) -> bool {
    id.strip_prefix(word)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-') || word.ends_with('-'))
}

fn judge(
    files: &[PathBuf],
    quiet: bool,
    checker: &mut Checker,
    mut report: impl Report,
) -> io::Result<Vec<FileOutcome>> {
    let mut outcomes = Vec::with_capacity(files.len());
    for path in files {
        let name = path.display().to_string();
        let mut progress = Progress::new(path, quiet);
        let outcome = checker.check(
            &name,
            Capture::open(path),
            |frame, time, finding, known| {
                report.finding(&Found { file: &name, frame, time, finding, known })
            },
            |position| progress.at(position),
        )?;
        drop(progress);
        report.file(&outcome)?;
        outcomes.push(outcome);
    }
    let totals = Totals::of(&outcomes);
    report.end(&outcomes, &totals)?;
    Ok(outcomes)
}

fn write_baseline(path: &Path, outcomes: &[FileOutcome]) -> Result<(), Stop> {
    let file = Baseline::of(outcomes);
    let mut text = serde_json::to_vec_pretty(&file)?;
    text.push(b'\n');
    std::fs::write(path, text)
        .map_err(|e| Stop::Failed(Exit::Environment, format!("{}: {e}", path.display())))?;
    let mut err = io::stderr().lock();
    let _ = writeln!(err, "mip6: {} known findings written", file.findings.len());
    Ok(())
}
