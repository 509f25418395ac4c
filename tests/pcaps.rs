//! The gate over captures: each capture in a folder is a test, which judges it
//! and compares what was found with what is expected of it.
//!
//! The folder is `pcaps/`, or the one that `MIP6_PCAPS` names. What is expected
//! of `NAME.pcapng` stands in `NAME.pcapng.expected`; without such a file,
//! nothing may be found. See `pcaps/README.md` for the format.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use mip6_dissect::capture::{self, Capture};
use mip6_dissect::check::{Baseline, Checker};
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::Undecided;
use mip6_security::keys::{self, Keys};

fn main() -> ExitCode {
    let args = Arguments::from_args();
    let folder = std::env::var_os("MIP6_PCAPS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps"), PathBuf::from);
    let captures = match capture::find(std::slice::from_ref(&folder)) {
        Ok(captures) => captures,
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::from(2);
        }
    };
    let trials = captures
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
            Trial::test(name, move || judge(&path))
        })
        .collect();
    libtest_mimic::run(&args, trials).exit_code()
}

/// What is expected of a capture.
struct Expected {
    profile: String,
    /// The capture cannot be read to its end.
    damaged: bool,
    /// Its packets have nothing to do with each other.
    alone: bool,
    /// Keys to judge it with.
    keys: Keys,
    /// How often each requirement is broken in each frame.
    findings: BTreeMap<(u64, String), usize>,
    /// How often each requirement could not be judged in the whole capture, by
    /// reason; nothing is expected unless something is said.
    inconclusive: BTreeMap<String, u64>,
}

impl Expected {
    fn load(capture: &Path) -> Result<Self, Failed> {
        let mut path = capture.as_os_str().to_owned();
        path.push(".expected");
        let path = PathBuf::from(path);
        let mut expected = Self {
            profile: "auto".into(),
            damaged: false,
            alone: false,
            keys: Keys::default(),
            findings: BTreeMap::new(),
            inconclusive: BTreeMap::new(),
        };
        if !path.exists() {
            return Ok(expected);
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|e| Failed::from(format!("{}: {e}", path.display())))?;
        for (i, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [] => {}
                ["profile", name] => expected.profile = name.into(),
                ["damaged"] => expected.damaged = true,
                ["alone"] => expected.alone = true,
                ["keys", file] => expected.keys = keys::load(&path.with_file_name(file))?,
                ["inconclusive", id, n] => {
                    let n = n.parse().map_err(|_| {
                        let at = format!("{}:{}", path.display(), i + 1);
                        Failed::from(format!("{at}: {n} is no number"))
                    })?;
                    expected.inconclusive.insert(id.into(), n);
                }
                [frame, id] => {
                    let frame = frame.parse().map_err(|_| {
                        let at = format!("{}:{}", path.display(), i + 1);
                        Failed::from(format!("{at}: {frame} is no frame number"))
                    })?;
                    *expected.findings.entry((frame, id.into())).or_default() += 1;
                }
                _ => {
                    return Err(Failed::from(format!(
                        "{}:{}: wanted `FRAME ID`, `inconclusive ID COUNT`, `profile NAME`, `keys FILE`, `damaged` or `alone`, found `{line}`",
                        path.display(),
                        i + 1
                    )));
                }
            }
        }
        Ok(expected)
    }
}

fn judge(capture: &Path) -> Result<(), Failed> {
    let expected = Expected::load(capture)?;
    let profile = Profile::load(&expected.profile)?;
    let mut checker = Checker::new(profile, Baseline::default(), |_| true)
        .keys(expected.keys.clone())
        .alone(expected.alone);
    let mut found: BTreeMap<(u64, String), Vec<String>> = BTreeMap::new();
    let outcome = checker.check(
        &capture.display().to_string(),
        Capture::open(capture),
        |frame, _, finding, _| {
            let key = (frame, finding.requirement.get().id.to_owned());
            found.entry(key).or_default().push(finding.message());
            Ok(())
        },
        |_| {},
    )?;
    let mut wrong = Vec::new();
    match (&outcome.error, expected.damaged) {
        (Some(e), false) => wrong.push(format!("cannot be read to its end: {e}")),
        (None, true) => wrong.push("can be read to its end, expected damage".into()),
        _ => {}
    }
    for ((frame, id), messages) in &found {
        let n = expected.findings.get(&(*frame, id.clone())).copied().unwrap_or(0);
        for message in messages.iter().skip(n) {
            wrong.push(format!("frame {frame}: {id} not expected: {message}"));
        }
    }
    for ((frame, id), n) in &expected.findings {
        let have = found.get(&(*frame, id.clone())).map_or(0, Vec::len);
        for _ in have..*n {
            wrong.push(format!("frame {frame}: {id} expected, not found"));
        }
    }
    let mut inconclusive: BTreeMap<String, u64> = BTreeMap::new();
    for ((r, why), n) in &outcome.undecided {
        // Without security associations, nothing under IPsec can be.
        let ipsec = r.get().group() == "IPSEC-SA" && *why == Undecided::NoKey;
        if ipsec && expected.keys.associations.is_empty() {
            continue;
        }
        *inconclusive.entry(r.get().id.to_owned()).or_default() += n;
    }
    if inconclusive != expected.inconclusive {
        wrong.push(format!("inconclusive: {inconclusive:?}, expected {:?}", expected.inconclusive));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
