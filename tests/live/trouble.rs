//! What can go wrong on wires: nodes that die or hang, interfaces that go, hooks that
//! do not end, disks that are full, people who interrupt.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::pair::{Pair, Run, can_be_run, inventory, verdicts};

/// Cases that take about a second each.
const CASES: &str = "ha.registration.sequence-window";

/// What is in the folder of a test, on its interfaces and of its processes must be as
/// it was.
struct Before {
    tester: String,
    node: String,
}

impl Before {
    fn of(pair: &Pair) -> Self {
        Self { tester: inventory(&pair.tester), node: inventory(&pair.node) }
    }

    fn still_is(&self, pair: &Pair) {
        let mine = pair.folder.path().display().to_string();
        let left = Command::new("pgrep").args(["-f", &mine]).output().unwrap();
        assert!(left.stdout.is_empty(), "processes: {}", String::from_utf8_lossy(&left.stdout));
        assert_eq!(self.tester, inventory(&pair.tester));
        assert_eq!(self.node, inventory(&pair.node));
        assert!(!pair.path("socket").exists(), "the control socket is left");
    }
}

/// Starts a run, and waits until so many lines have come.
fn begin(pair: &Pair, subject: &Path, args: &[&str], lines: usize) -> (Child, std::path::PathBuf) {
    let out = pair.path("out");
    let file = fs::File::create(&out).unwrap();
    let errors = fs::File::create(pair.path("err")).unwrap();
    let mut command = pair.conform_command(subject, args);
    let child = command.stdout(Stdio::from(file)).stderr(Stdio::from(errors)).spawn().unwrap();
    let began = Instant::now();
    while fs::read_to_string(&out).unwrap().lines().count() < lines {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing comes");
        std::thread::sleep(Duration::from_millis(10));
    }
    // The next case has begun, and lasts most of a second.
    std::thread::sleep(Duration::from_millis(300));
    (child, out)
}

fn finish(pair: &Pair, mut child: Child, out: &Path) -> Run {
    let code = child.wait().unwrap().code();
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    Run { code, out: read(out), err: read(&pair.path("err")) }
}

fn signal(pair: &Pair, name: &str) {
    let file = pair.path("node.yaml").display().to_string();
    let done = Command::new("pkill").args([&format!("-{name}"), "-f", &file]).status().unwrap();
    assert!(done.success(), "no node runs");
}

fn json(run: &Run) -> (usize, Vec<(String, String)>) {
    let all = verdicts(run);
    let passed = all.values().filter(|(v, _)| v == "pass").count();
    (passed, all.into_values().filter(|(v, _)| v != "pass").collect())
}

/// The node was lost once, and why is said: as the verdict of the case that it was
/// lost in, or, where it was lost between two, beside the verdict of the second and in
/// the summary. All others pass.
fn lost_once(run: &Run, why: &str) {
    let (passed, rest) = json(run);
    assert!(passed >= 5, "{passed} {rest:?}");
    match rest.as_slice() {
        [(verdict, message)] => {
            assert!(matches!(verdict.as_str(), "fail" | "inconclusive"), "{rest:?}");
            assert!(message.contains(why), "{rest:?}");
        }
        [] => {
            let said = format!("before this case {why}");
            assert!(run.out.contains(&said), "{}", run.out);
            assert!(run.err.contains("started again, 1 time;"), "{}", run.err);
        }
        _ => panic!("{rest:?}"),
    }
}

#[test]
fn a_node_that_is_killed_is_said_and_started_again() {
    if !can_be_run() {
        return;
    }
    let pair = Pair::new("killed");
    let before = Before::of(&pair);
    let subject = pair.describe("home-agent", 10);
    let (child, out) = begin(&pair, &subject, &["--format", "json", CASES], 2);
    signal(&pair, "KILL");
    let run = finish(&pair, child, &out);
    lost_once(&run, "the node under test is gone");
    before.still_is(&pair);
}

#[test]
fn a_node_that_hangs_is_said_and_started_again() {
    if !can_be_run() {
        return;
    }
    let pair = Pair::new("frozen");
    let before = Before::of(&pair);
    let subject = pair.describe("home-agent", 10);
    let (child, out) = begin(&pair, &subject, &["--format", "json", CASES], 2);
    signal(&pair, "STOP");
    let run = finish(&pair, child, &out);
    lost_once(&run, "the node under test did not answer within 2 s");
    before.still_is(&pair);
}

#[test]
fn an_interface_that_goes_down_makes_cases_inconclusive() {
    if !can_be_run() {
        return;
    }
    let pair = Pair::new("down");
    let before = Before::of(&pair);
    let subject = pair.describe("home-agent", 10);
    let (child, out) = begin(&pair, &subject, &["--format", "json", CASES], 2);
    pair.tester.ip(&["link", "set", "t-home", "down"]);
    let run = finish(&pair, child, &out);
    let (passed, rest) = json(&run);
    assert!(passed >= 2 && !rest.is_empty(), "{passed} {rest:?}");
    for (verdict, message) in &rest {
        assert_eq!(verdict, "inconclusive", "{message}");
        assert!(message.contains("interface t-home is down"), "{message}");
    }
    pair.tester.ip(&["link", "set", "t-home", "up"]);
    pair.tester.wait_for_carrier("t-home");
    before.still_is(&pair);
}

#[test]
fn a_hook_that_hangs_is_ended_and_said() {
    if !can_be_run() {
        return;
    }
    let pair = Pair::new("hook");
    let before = Before::of(&pair);
    let subject = pair.describe("home-agent", 10);
    let text = fs::read_to_string(&subject).unwrap();
    let hook = "hooks:\n    reset: {run: [sh, -c, echo preparing; sleep 77], within: 200 ms}\n";
    fs::write(&subject, text.replace("hooks:\n", hook)).unwrap();
    let run = pair.conform(&subject, &["--format", "json", CASES]);
    let (passed, rest) = json(&run);
    assert_eq!(passed, 0);
    assert!(rest.iter().all(|(verdict, _)| verdict == "inconclusive"), "{rest:?}");
    let said = "hook `reset` took longer than 0.2 s: preparing";
    let (hung, other): (Vec<_>, Vec<_>) = rest.iter().partition(|(_, m)| m == said);
    // After three there is no hope.
    assert_eq!(hung.len(), 3, "{rest:?}");
    assert!(other.iter().all(|(_, m)| m.starts_with("not tried: ")), "{rest:?}");
    let left = Command::new("pgrep").args(["-f", "sleep 77"]).output().unwrap();
    assert!(left.stdout.is_empty(), "what the hook has started is left");
    before.still_is(&pair);
}

#[test]
fn a_full_disk_costs_evidence_and_no_verdict() {
    if !can_be_run() {
        return;
    }
    let pair = Pair::new("full");
    let before = Before::of(&pair);
    let disk = pair.path("disk");
    fs::create_dir(&disk).unwrap();
    let mount = |args: &[&str]| Command::new(args[0]).args(&args[1..]).status().unwrap().success();
    let at = disk.display().to_string();
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=16k", "none", &at]) {
        eprintln!("skipped: no right to mount a small disk");
        return;
    }
    let report = disk.join("report").display().to_string();
    let subject = pair.describe("home-agent", 10);
    let run = pair.conform(&subject, &["--format", "json", "--report", &report, CASES]);
    assert!(mount(&["umount", &at]));
    let (passed, rest) = json(&run);
    assert!(passed >= 7 && rest.is_empty(), "{rest:?} {}", run.err);
    assert_eq!(run.code, Some(3), "{}", run.err);
    assert!(run.err.contains("No space left on device"), "{}", run.err);
    before.still_is(&pair);
}

#[test]
fn an_interrupt_ends_a_run_and_keeps_what_was_done() {
    if !can_be_run() {
        return;
    }
    let pair = Pair::new("interrupt");
    let before = Before::of(&pair);
    let report = pair.path("report");
    let subject = pair.describe("home-agent", 10);
    let args = ["--format", "json", "--report", report.to_str().unwrap(), CASES];
    let (child, out) = begin(&pair, &subject, &args, 2);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let run = finish(&pair, child, &out);
    let summary: serde_json::Value = serde_json::from_str(run.out.lines().last().unwrap()).unwrap();
    let (passed, rest) = json(&run);
    assert!(passed >= 2 && rest.len() <= 1, "{rest:?}");
    assert!(rest.iter().all(|(v, m)| v == "inconclusive" && m.contains("interrupted")), "{rest:?}");
    assert_eq!(summary["summary"]["pass"], passed);
    let page = fs::read_to_string(report.join("index.html")).unwrap();
    assert!(page.contains(&format!("{CASES}/equal")) && page.contains("</html>"));
    before.still_is(&pair);
}

#[test]
fn what_cannot_be_run_is_said_before_anything_is_sent() {
    if !can_be_run() {
        return;
    }
    let pair = Pair::new("wrong");
    let before = Before::of(&pair);
    let subject = pair.describe("home-agent", 10);
    let text = fs::read_to_string(&subject).unwrap();
    let tries = [
        ("t-home", "nowhere", 3, "there is no interface nowhere"),
        ("speed: 10", "speed: 5000", 2, "`speed` is from 1 to 1000"),
        ("further: [t-foreign", "further: [t-home", 2, "interface t-home twice"),
        ("hooks:", "hook:", 2, "hook"),
    ];
    for (from, to, code, message) in tries {
        fs::write(&subject, text.replace(from, to)).unwrap();
        let run = pair.conform(&subject, &[CASES]);
        assert_eq!(run.code, Some(code), "{}", run.err);
        assert!(run.err.contains(message), "{}", run.err);
    }
    fs::write(&subject, &text).unwrap();
    pair.tester.ip(&["link", "set", "t-home", "down"]);
    let run = pair.conform(&subject, &[CASES]);
    assert_eq!(run.code, Some(3), "{}", run.err);
    assert!(run.err.contains("interface t-home is down: `ip link set t-home up`"), "{}", run.err);
    let preflight = pair.conform(&subject, &["--preflight"]);
    assert_eq!(preflight.code, Some(3));
    assert!(preflight.out.contains("to mend it: `ip link set t-home up`"), "{}", preflight.out);
    pair.tester.ip(&["link", "set", "t-home", "up"]);
    pair.tester.wait_for_carrier("t-home");
    let preflight = pair.conform(&subject, &["--preflight"]);
    assert_eq!(preflight.code, Some(0), "{}", preflight.out);
    assert!(preflight.out.contains("the node answers at"), "{}", preflight.out);
    before.still_is(&pair);
}
