//! Against tshark, field by field: what both programs print of a packet is the
//! same, except where `differences.txt` says why not.
//!
//! Every capture in `pcaps/` and in the collection is a test, and so is what the
//! roles of the conformance suite send. Where tshark is
//! not installed, one test says so and is ignored.

mod differences;
mod evidence;
mod filters;
mod judgement;
mod protected;
mod scapy;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use assert_cmd::cargo::cargo_bin;
use differences::Differences;
use libtest_mimic::{Arguments, Failed, Trial};
use mip6_dissect::capture;
use mip6_dissect::fields::Registry;
use mip6_testkit::collection;

/// Protocols whose fields are compared.
const PREFIXES: [&str; 6] = ["mip6.", "ipv6.", "icmpv6.", "esp.", "ah.", "isakmp."];
/// Frames compared of each capture: some have tens of thousands that are alike.
const FRAMES: &str = "3000";

fn main() -> ExitCode {
    let args = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(tshark) = Tshark::installed() else {
        eprintln!("skipped: no tshark (Debian: apt-get install tshark)");
        let trial = Trial::test("tshark is not installed", || Ok(())).with_ignored_flag(true);
        return libtest_mimic::run(&args, vec![trial]).exit_code();
    };
    let mut captures = named("pcaps", &root.join("pcaps"));
    let keys = tempfile::tempdir().expect("a folder for keys");
    if let Some(folder) = collection::folder() {
        captures.extend(named("collection", &folder));
        captures.extend(protected::captures(&folder, keys.path()));
    }
    let here = root.join("tests/tshark");
    let (mut trials, mut failed) = (Vec::new(), Vec::new());
    if !args.list && args.filter.as_ref().is_none_or(|f| f.contains("evidence")) {
        let (evidence, trouble) = evidence::captures(&here.join("cases"), keys.path());
        failed = trouble;
        if let Some(folder) = collection::folder() {
            let known = Differences::load(&here.join("scapy.txt"));
            trials.push(scapy::trial(&folder, keys.path(), &evidence, &known));
        }
        captures.extend(evidence);
    }
    let known = Differences::load(&here.join("differences.txt"));
    let missing = Differences::load(&here.join("unsupported.txt"));

    let filtered = args.filter.is_some() || !args.skip.is_empty();
    let compared: Vec<Compared> = if args.list {
        captures.iter().map(|c| Compared::new(&c.name)).collect()
    } else {
        let wanted = |name: &str| args.filter.as_ref().is_none_or(|f| name.contains(f));
        captures.retain(|c| wanted(&c.name));
        tshark.compare_all(&captures, &known)
    };
    let used: BTreeSet<_> = compared.iter().flat_map(|c| c.used.iter().copied()).collect();
    let values: u64 = compared.iter().map(|c| c.values).sum();
    eprintln!("{}: {values} values of {} fields", tshark.version, tshark.shared.len());
    trials.extend(compared.into_iter().map(Compared::into_trial));
    if !args.list {
        trials.extend(judgement::trials(&captures, failed, filtered));
    }
    trials.extend(filters::trials(root));
    if !filtered {
        let stale = known.stale(&used, &captures);
        trials.push(Trial::test("every listed difference is one", move || none(&stale)));
        trials.push(Trial::test("every name of tshark's is ours or listed", move || {
            none(&tshark.names_without(&missing))
        }));
    }
    libtest_mimic::run(&args, trials).exit_code()
}

fn none(lines: &[String]) -> Result<(), Failed> {
    if lines.is_empty() { Ok(()) } else { Err(lines.join("\n").into()) }
}

/// A capture to be compared.
struct Compare {
    name: String,
    path: PathBuf,
    /// Settings of tshark with keys, in `wireshark/esp_sa` below.
    keys: Option<PathBuf>,
    /// In evidence, the first frame of each case, from 1, and its name.
    origins: Vec<(usize, String)>,
    /// Evidence in which nothing is wrong on purpose.
    whole: bool,
}

impl Compare {
    fn new(name: String, path: PathBuf, keys: Option<PathBuf>) -> Self {
        Self { name, path, keys, origins: Vec::new(), whole: false }
    }

    /// What the list of differences calls the capture that a frame is in, and
    /// the frame's number there.
    fn origin(&self, frame: usize) -> (Cow<'_, str>, usize) {
        match self.origins.iter().rev().find(|(first, _)| *first <= frame) {
            Some((first, case)) => (format!("evidence/{case}").into(), frame - first + 1),
            None => (self.name.as_str().into(), frame),
        }
    }

    /// tshark with the keys of the capture.
    fn tshark(&self) -> Command {
        let mut tshark = Command::new("tshark");
        if let Some(settings) = &self.keys {
            tshark.env("XDG_CONFIG_HOME", settings);
            for option in ["enable_encryption_decode", "enable_authentication_check"] {
                tshark.args(["-o", &format!("esp.{option}:TRUE")]);
            }
        }
        // A packet that crosses links is in evidence once for each of them.
        tshark.args(["-n", "-o", "esp.do_esp_sequence_analysis:FALSE"]);
        tshark
    }

    /// What tshark prints of each frame: a column for each field, its values with
    /// `|` between them.
    fn columns(&self, fields: &[&str]) -> Result<Vec<Vec<String>>, String> {
        let mut tshark = self.tshark();
        tshark.args(["-T", "fields", "-E", "aggregator=|", "-r"]).arg(&self.path);
        for field in fields {
            tshark.args(["-e", field]);
        }
        let output = tshark.output().map_err(|e| e.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.lines().map(|l| l.split('\t').map(str::to_owned).collect()).collect())
    }
}

/// Captures below a folder, and their names: `prefix` and the path from there.
fn named(prefix: &str, folder: &Path) -> Vec<Compare> {
    let captures = capture::find(&[folder.to_owned()]).unwrap_or_default();
    let name =
        |path: &Path| format!("{prefix}/{}", path.strip_prefix(folder).unwrap_or(path).display());
    captures.into_iter().map(|path| Compare::new(name(&path), path, None)).collect()
}

/// Values without what tshark prints of fields that hold nothing.
fn without_empty(values: &str) -> Cow<'_, str> {
    const EMPTY: [&str; 2] = ["<MISSING>", "<none>"];
    if !EMPTY.iter().any(|e| values.contains(e)) {
        return values.into();
    }
    values.split(',').filter(|v| !EMPTY.contains(v)).collect::<Vec<_>>().join(",").into()
}

/// tshark, and what it can be compared in.
struct Tshark {
    version: String,
    /// Its names of Mobile IPv6 fields.
    mobility: BTreeSet<String>,
    /// Fields that both programs know.
    shared: Vec<&'static str>,
}

/// What the comparison of a capture came to.
struct Compared {
    name: String,
    /// Values that both programs printed.
    values: u64,
    /// Entries of the list that a difference needed.
    used: BTreeSet<(usize, usize)>,
    /// Differences that stand in no list.
    wrong: Vec<String>,
}

impl Compared {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), values: 0, used: BTreeSet::new(), wrong: Vec::new() }
    }

    fn into_trial(self) -> Trial {
        Trial::test(self.name, move || none(&self.wrong))
    }
}

impl Tshark {
    fn installed() -> Option<Self> {
        let version = Command::new("tshark").arg("--version").output().ok()?;
        let version = String::from_utf8_lossy(&version.stdout);
        let version = version.lines().next().unwrap_or("tshark").to_owned();
        let fields = Command::new("tshark").args(["-G", "fields"]).output().ok()?;
        let fields = String::from_utf8_lossy(&fields.stdout);
        // F, label, name, …
        let theirs: BTreeSet<&str> = fields
            .lines()
            .filter(|l| l.starts_with("F\t"))
            .filter_map(|l| l.split('\t').nth(2))
            .collect();
        let shared = Registry::get()
            .names()
            .map(|(name, _)| name)
            .filter(|n| theirs.contains(n) && PREFIXES.iter().any(|p| n.starts_with(p)))
            .collect();
        let mobility = theirs.iter().filter(|n| n.starts_with("mip6.")).map(|n| (*n).to_owned());
        Some(Self { version, mobility: mobility.collect(), shared })
    }

    /// tshark's names of Mobile IPv6 fields that are neither ours nor listed,
    /// and listed ones that are ours or not tshark's.
    fn names_without(&self, listed: &Differences) -> Vec<String> {
        let listed: BTreeSet<&str> = listed.names().collect();
        let ours = |name: &str| Registry::get().lookup(name).is_ok();
        let lacking = self.mobility.iter().map(String::as_str);
        let lacking = lacking.filter(|n| !ours(n) && !listed.contains(n));
        let stale = listed.iter().filter(|n| ours(n) || !self.mobility.contains(**n));
        lacking
            .map(|n| format!("{n}: tshark has it, mip6 has not, and unsupported.txt says nothing"))
            .chain(stale.map(|n| format!("{n}: listed in unsupported.txt for no reason")))
            .collect()
    }

    fn compare_all(&self, captures: &[Compare], known: &Differences) -> Vec<Compared> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::new());
        let work = || {
            while let Some(capture) = captures.get(next.fetch_add(1, Ordering::Relaxed)) {
                let compared = self.compare(capture, known);
                done.lock().expect("no thread panics with it").push(compared);
            }
        };
        std::thread::scope(|s| {
            for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
                s.spawn(work);
            }
        });
        let mut done = done.into_inner().expect("all threads have ended");
        done.sort_by(|a, b| a.name.cmp(&b.name));
        done
    }

    fn compare(&self, capture: &Compare, known: &Differences) -> Compared {
        let path = capture.path.as_path();
        let mut result = Compared::new(&capture.name);
        let mut mip6 = Command::new(cargo_bin!("mip6"));
        // tshark has the registered numbers.
        mip6.args(["dissect", "--profile", "rfc6275"]);
        if let Some(settings) = &capture.keys {
            mip6.arg("--keys").arg(settings.join("wireshark/esp_sa"));
        }
        let theirs = self.print(&mut capture.tshark(), path);
        let ours = self.print(&mut mip6, path);
        let (theirs, ours) = match (theirs, ours) {
            (Ok(theirs), Ok(ours)) => (theirs, ours),
            (theirs, ours) => {
                result.wrong.extend(theirs.err().into_iter().chain(ours.err()));
                return result;
            }
        };
        let (n, m) = (theirs.lines().count(), ours.lines().count());
        if n != m {
            result.wrong.push(format!("tshark reads {n} frames, mip6 {m}"));
        }
        for (i, (theirs, ours)) in theirs.lines().zip(ours.lines()).enumerate() {
            let (name, frame) = capture.origin(i + 1);
            for (field, (theirs, ours)) in
                self.shared.iter().zip(theirs.split('\t').zip(ours.split('\t')))
            {
                let theirs = without_empty(theirs);
                if theirs.is_empty() {
                    continue;
                }
                result.values += 1;
                if theirs == ours {
                    continue;
                }
                if let Some(entry) = known.find(&name, field) {
                    result.used.insert(entry);
                } else {
                    let both = format!("tshark {theirs:?}, mip6 {ours:?}");
                    result.wrong.push(format!("{name}, frame {frame}: {field}: {both}"));
                }
            }
        }
        result
    }

    fn print(&self, command: &mut Command, path: &Path) -> Result<String, String> {
        command.args(["-c", FRAMES, "-T", "fields"]).arg("-r").arg(path);
        for name in &self.shared {
            command.args(["-e", name]);
        }
        let output = command.output().map_err(|e| e.to_string())?;
        // Both print what they read before the damage of a file.
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
