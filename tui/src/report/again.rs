//! A case run again, by the same program, into a folder of its own.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use mip6_conformance::report::schema::ConformOptions;
use tempfile::TempDir;

/// How often somebody looks whether it has ended.
const LOOK: Duration = Duration::from_millis(30);
/// After so long it is ended.
const LIMIT: Duration = Duration::from_mins(5);

/// The case that `id` is in results of, and its seed if that says so:
/// `… (seed 7)`.
pub(super) fn case_of(id: &str) -> (&str, Option<u64>) {
    let told = id.strip_suffix(')').and_then(|id| id.rsplit_once(" (seed "));
    match told.map(|(case, seed)| (case, seed.parse())) {
        Some((case, Ok(seed))) => (case, Some(seed)),
        _ => (id, None),
    }
}

/// What the program is told. Whatever a report says cannot become an option, nor
/// can it make the run more than one of the embedded nodes.
pub(super) fn arguments(id: &str, options: &ConformOptions<'_>, folder: &Path) -> Vec<OsString> {
    let (case, seed) = case_of(id);
    let seed = seed.unwrap_or(options.seed);
    let mut all: Vec<OsString> = vec!["conform".into(), "--jobs=1".into()];
    all.push(format!("--seed={seed}").into());
    all.extend(options.faults.iter().map(|f| format!("--fault={f}").into()));
    let weather =
        [("loss", options.loss), ("duplicate", options.duplicate), ("reorder", options.reorder)];
    all.extend(weather.iter().map(|(name, share)| format!("--{name}={share}").into()));
    if let Some(cases) = &options.cases {
        all.push(format!("--cases={cases}").into());
    }
    all.extend(["--report".into(), folder.into(), format!("--id={case}").into()]);
    all
}

/// Runs a case again and tells of the folder with its report, or why there is none.
pub(super) fn start(
    program: &Path,
    id: &str,
    options: &ConformOptions<'_>,
    stop: Arc<AtomicBool>,
    tell: impl FnOnce(Result<TempDir, String>) + Send + 'static,
) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let said = folder.path().join("said.txt");
    let mut command = Command::new(program);
    command.args(arguments(id, options, folder.path()));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(File::create(&said).map_err(|e| e.to_string())?);
    let mut child = command.spawn().map_err(|e| format!("{}: {e}", program.display()))?;
    spawn(move || {
        let begun = Instant::now();
        let ended = loop {
            match child.try_wait() {
                Ok(Some(status)) => break Ok(status),
                Ok(None) if stop.load(Ordering::Relaxed) || begun.elapsed() > LIMIT => {
                    // What has ended meanwhile needs no end.
                    let _ = child.kill();
                    let _ = child.wait();
                    break Err("it took too long".to_owned());
                }
                Ok(None) => sleep(LOOK),
                Err(e) => break Err(e.to_string()),
            }
        };
        tell(ended.and_then(|status| {
            // It has passed, or failed: there are results.
            if matches!(status.code(), Some(0 | 1)) {
                return Ok(folder);
            }
            let said = std::fs::read(&said).unwrap_or_default();
            let said = String::from_utf8_lossy(&said).into_owned();
            Err(said.lines().next().map_or(status.to_string(), str::to_owned))
        }));
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_report_becomes_an_option() {
        let options = ConformOptions {
            faults: vec!["--live".into()],
            seed: 3,
            loss: 1.5,
            duplicate: 0.0,
            reorder: 0.0,
            cases: Some("--iut=x".into()),
        };
        let all = arguments("--live (seed 9)", &options, Path::new("/f"));
        let all: Vec<&str> = all.iter().filter_map(|a| a.to_str()).collect();
        let wanted = "conform --jobs=1 --seed=9 --fault=--live --loss=1.5 --duplicate=0 \
                      --reorder=0 --cases=--iut=x --report /f --id=--live";
        assert_eq!(all.join(" "), wanted);
    }
}
