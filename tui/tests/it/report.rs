//! Reports of conformance runs: as they stand, as they grow, and made to harm.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mip6_dissect::profile::Profile;
use mip6_testkit::random::Random;
use mip6_tui::report::Focus;
use mip6_tui::state::settings::Settings;
use mip6_tui::update::Msg;
use mip6_tui::{Watch, WatchConfig};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tempfile::TempDir;

use crate::hostile::{EVIL, assert_harmless};
use crate::stage::{SIZES, kept, lit, pcap, spec, strokes, text};

/// 12 s after the runs of these tests have begun.
const NOW: u64 = 1_700_000_012_000;

/// A report and its terminal.
struct Desk {
    watch: Watch,
    terminal: Terminal<TestBackend>,
}

impl Desk {
    fn new(folder: &Path, size: (u16, u16)) -> Self {
        Self::with(folder, size, PathBuf::from("/no/such/program"))
    }

    fn with(folder: &Path, size: (u16, u16), program: PathBuf) -> Self {
        let config = WatchConfig {
            folder: folder.to_owned(),
            program,
            profile: Profile::auto(),
            spec,
            settings: Settings::default(),
            plain: false,
            clock: || NOW,
        };
        let watch = Watch::new(config, size).unwrap();
        let terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        let mut desk = Self { watch, terminal };
        desk.settle();
        desk
    }

    fn settle(&mut self) {
        let begun = Instant::now();
        loop {
            let (any, _) = self.watch.wait(Duration::from_millis(60));
            if !any && !self.watch.is_busy() {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not come to rest");
        }
        self.watch.look();
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for part in keys.split("<Wait>") {
            for key in strokes(part) {
                self.watch.handle(Msg::Key(key));
                self.watch.look();
            }
            self.settle();
        }
        self
    }

    fn buffer(&mut self) -> Buffer {
        self.terminal.draw(|frame| self.watch.draw(frame)).unwrap();
        self.terminal.backend().buffer().clone()
    }

    fn text(&mut self) -> String {
        text(&self.buffer())
    }

    /// Waits until this stands on the screen.
    fn until(&mut self, wanted: &str) {
        let begun = Instant::now();
        while !self.text().contains(wanted) {
            assert!(begun.elapsed() < Duration::from_secs(30), "no {wanted} in\n{}", self.text());
            self.watch.wait(Duration::from_millis(20));
            self.watch.look();
        }
    }
}

fn plan(ids: &[&str], reference: bool) -> String {
    let cases: Vec<String> = ids
        .iter()
        .map(|id| {
            let role = if id.starts_with("mn") { "mobile-node" } else { "home-agent" };
            format!(r#"{{"case":"{id}","role":"{role}"}}"#)
        })
        .collect();
    format!(
        r#"{{"node":"their node","reference":{reference},"began_ms":1700000000000,"options":{{"faults":["any.x"],"seed":7,"loss":0.0,"duplicate":0.0,"reorder":0.0}},"cases":[{}]}}"#,
        cases.join(",")
    )
}

const IDS: [&str; 6] = [
    "ha.registration.lifetime/long",
    "ha.registration.lifetime/short",
    "ha.registration.sequence",
    "ha.tunnel.reverse",
    "mn.handover.new-address/first",
    "mn.handover.new-address/second",
];

fn passed(id: &str, role: &str) -> String {
    format!(
        r#"{{"case":"{id}","title":"What is asked for is given","role":"{role}","verdict":"pass","requirements":["MIP6-HA-001"],"ms":12,"virtual_ms":3400,"evidence":"evidence/ok.pcapng","steps":[],"frames":[],"findings":[],"events":[]}}"#
    )
}

const FAILED: &str = r#"{"case":"ha.registration.sequence","title":"An old sequence number is refused","role":"home-agent","verdict":"fail","requirements":["MIP6-CN-BU-011","MIP6-NO-SUCH"],"ms":20,"virtual_ms":4200,"evidence":"evidence/bad.pcapng","message":"step 2 did not hold","decided":{"file":"home-agent/registration/sequence.yaml","line":14,"step":1,"expected":"mip6.ba.status 135, within 2 s","observed":"nothing of the kind; nearest is frame 4, where mip6.ba.status was 0"},"steps":[{"at_us":0,"line":9,"phase":"setup","text":"mn registers with ha","frames":[1,2],"held":true},{"at_us":2000000,"line":14,"phase":"steps","text":"ha sends a Binding Acknowledgement","frames":[3,4],"held":false}],"frames":[{"frame":4,"comment":"the status is not 135","failed":true}],"findings":[{"frame":4,"id":"MIP6-CN-BU-011","level":"must","source":"RFC6275 9.5.1","message":"status 0, and the number was old"}],"events":[{"at_us":2100000,"node":"ha","event":"binding accepted"}]}"#;
const SKIPPED: &str = r#"{"case":"ha.tunnel.reverse","title":"What comes through the tunnel goes on","role":"home-agent","verdict":"skip","requirements":[],"ms":0,"virtual_ms":0,"message":"their node does not support tunnels","steps":[],"frames":[],"findings":[],"events":[]}"#;
const SUMMARY: &str =
    r#"{"summary":{"cases":4,"pass":2,"fail":1,"inconclusive":0,"skip":1,"error":0,"ms":2500}}"#;

/// A report of a run that goes on: four cases of six.
fn report(reference: bool) -> TempDir {
    let above = tempfile::tempdir().unwrap();
    let path = above.path().join("report");
    fs::create_dir_all(path.join("evidence")).unwrap();
    let capture = pcap("conversations/registrations.pcapng");
    for name in ["ok", "bad"] {
        fs::copy(&capture, path.join(format!("evidence/{name}.pcapng"))).unwrap();
    }
    fs::write(path.join("run.json"), plan(&IDS, reference)).unwrap();
    let lines = [passed(IDS[0], "home-agent"), passed(IDS[1], "home-agent")];
    let all = [lines[0].as_str(), lines[1].as_str(), FAILED, SKIPPED].join("\n") + "\n";
    fs::write(path.join("results.jsonl"), all).unwrap();
    above
}

fn add(folder: &TempDir, line: &str) {
    let path = folder.path().join("report/results.jsonl");
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

fn shows(name: &str, keys: &str) {
    let folder = report(true);
    for (width, height) in SIZES {
        let mut desk = Desk::new(&folder.path().join("report"), (width, height));
        desk.keys(keys);
        let buffer = desk.buffer();
        let screen = format!("{}--- lit\n{}", text(&buffer), lit(&buffer));
        kept(&format!("report-{name}-{width}x{height}"), &screen);
    }
}

#[test]
fn a_run_under_way() {
    shows("tree", "");
}

#[test]
fn what_is_said_of_a_case_that_failed() {
    shows("case", "n<Tab>");
}

#[test]
fn only_some_verdicts() {
    shows("only", "vvvvjj");
}

#[test]
fn evidence_at_the_frame_that_failed() {
    shows("evidence", "n<Enter>");
}

#[test]
fn help_of_a_report() {
    shows("help", "?");
}

#[test]
fn words_narrow_the_tree() {
    shows("search", "/number<Enter>");
}

#[test]
fn text_is_found_in_cases_and_in_what_is_said_of_them() {
    let folder = report(true);
    let path = folder.path().join("report");
    let mut desk = Desk::new(&path, SIZES[1]);
    let mut shown = |keys: &str| {
        desk.keys(keys);
        desk.watch.board.line().map(|l| l.name.clone()).unwrap_or_default()
    };
    // By requirement, whatever is closed.
    assert_eq!(shown("lhfBU-011<Enter>"), "ha.registration.sequence");
    assert_eq!(shown("fha.tunnel<Enter>"), "ha.tunnel.reverse");
    assert_eq!(shown("flifetime<Enter>"), "long");
    assert_eq!(shown("f<Enter>"), "short");
    assert_eq!(shown("f<Enter>"), "long", "behind the last comes the first");
    assert_eq!(shown("fnowhere<Enter>"), "long");
    let notice = desk.watch.board.notice.clone().unwrap();
    assert!(notice.bad && notice.text == "not found: nowhere");
    // Of the case itself.
    desk.keys("n<Tab>fbinding acc<Enter>");
    assert!(desk.text().contains("binding accepted"), "{}", desk.text());
    // As one types, the tree follows; who leaves the prompt finds it as it was.
    desk.keys("<Tab>/lifetime sho");
    assert!(desk.text().contains("short") && !desk.text().contains("long"), "{}", desk.text());
    desk.keys("<Esc>");
    assert!(desk.text().contains("long"), "{}", desk.text());
    desk.keys("/none such<Enter>");
    assert!(desk.text().contains("no case is so; u shows all"), "{}", desk.text());
    assert!(desk.keys("u").text().contains("ha.tunnel.reverse"));
}

#[test]
fn verdicts_come_in_while_a_run_goes_on() {
    let folder = report(true);
    let mut desk = Desk::new(&folder.path().join("report"), SIZES[0]);
    assert!(desk.text().contains("4 of 6 cases, 12 s, 6.0 s left"), "{}", desk.text());
    desk.keys("n");
    let line = passed(IDS[4], "mobile-node");
    // A line is there when all of it is.
    let (head, tail) = line.split_at(70);
    add(&folder, head);
    add(&folder, &format!("{tail}\n"));
    desk.until("5 of 6 cases");
    // The cursor stays on its case.
    assert!(desk.text().contains("Failed at home-agent/registration/sequence.yaml:14"));
    add(&folder, SUMMARY);
    add(&folder, "\n");
    desk.until(" in 2.5 s");
    // Another run into the same folder begins anew.
    fs::write(folder.path().join("report/results.jsonl"), "").unwrap();
    fs::write(folder.path().join("report/run.json"), plan(&IDS[..1], true)).unwrap();
    desk.until("0 of 1 case");
}

#[test]
fn evidence_is_opened_and_left_again() {
    let folder = report(true);
    let mut desk = Desk::new(&folder.path().join("report"), SIZES[1]);
    desk.keys("n<Enter>");
    let session = desk.watch.evidence.as_ref().unwrap();
    assert_eq!(session.state.packets.here(&session.state.frames), Some(3));
    // It is the inspector as ever, and colours are the same on both sides.
    desk.keys("2<Wait>1T<Backspace>");
    assert!(desk.watch.evidence.is_none());
    assert!(desk.text().contains("ha.registration.sequence"));
    assert_eq!(desk.watch.board.settings.theme, mip6_tui::theme::ThemeName::Light);
    assert!(!desk.watch.board.quit);
    assert!(desk.keys("<Enter>q").watch.board.quit);
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = report(false);
    let mut desk = Desk::new(&folder.path().join("report"), SIZES[1]);
    let mut said = |keys: &str| {
        desk.keys(keys);
        desk.watch.board.notice.clone().unwrap().text
    };
    assert!(said("gr").contains("choose a case"));
    assert!(said("nr").contains("not against the embedded node"));
    // What was skipped has left nothing to look at.
    assert!(said("jj<Enter>").contains("no evidence of this case was kept"));
}

#[cfg(unix)]
#[test]
fn a_case_is_run_again_by_the_program() {
    use std::os::unix::fs::PermissionsExt;
    let folder = report(true);
    // In place of the program: passes what it is told to run.
    let program = folder.path().join("mip6");
    let results = passed(IDS[2], "home-agent");
    let script = format!(
        "#!/bin/sh\necho \"$@\" > \"$0.told\"\nwhile [ \"$1\" != --report ]; do shift; done\n\
         echo '{results}' > \"$2/results.jsonl\"\n"
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let mut desk = Desk::with(&folder.path().join("report"), SIZES[0], program);
    desk.keys("nr");
    assert!(desk.text().contains("run again: pass"), "{}", desk.text());
    assert!(desk.text().contains("(again)") && desk.text().contains("What is asked for is given"));
    let told = fs::read_to_string(folder.path().join("mip6.told")).unwrap();
    assert!(told.contains("--seed=7 --fault=any.x"), "{told}");
    assert!(told.ends_with("--id=ha.registration.sequence\n"), "{told}");
    // The report itself is as it was.
    let results = fs::read_to_string(folder.path().join("report/results.jsonl")).unwrap();
    assert!(results.contains(FAILED));
    let mut desk = Desk::new(&folder.path().join("report"), SIZES[0]);
    desk.keys("nr");
    assert!(desk.text().contains("/no/such/program"), "{}", desk.text());
}

/// Keys that random typing is made of.
const KEYS: &[&str] = &[
    "j",
    "k",
    "h",
    "l",
    "g",
    "G",
    "n",
    "N",
    "v",
    "u",
    "/seq",
    "fha<Enter>",
    "<Enter>",
    "<Tab>",
    "<Esc>",
    "<Backspace>",
    " ",
    "+",
    "-",
    "?",
    "T",
    "<PageDown>",
    "<PageUp>",
    "r",
];

/// Looks at a report in all ways, at several sizes.
fn survives(folder: &Path, random: &mut Random, strokes: usize) {
    for size in [SIZES[0], SIZES[1], (41, 11), (5, 2)] {
        let mut desk = Desk::new(folder, size);
        assert_harmless(&desk.buffer());
        for _ in 0..strokes {
            desk.keys(KEYS[random.below(KEYS.len())]);
            assert_harmless(&desk.buffer());
        }
    }
}

#[test]
fn nothing_of_a_report_reaches_the_terminal() {
    let folder = report(true);
    let path = folder.path().join("report");
    let evil = serde_json::to_string(EVIL).unwrap();
    let evil = &evil[1..evil.len() - 1];
    let wrong = format!("x/{evil}");
    let mut lines = String::new();
    for (i, id) in [evil, &wrong, "ha.a.b/c"].into_iter().enumerate() {
        let line = FAILED
            .replace("ha.registration.sequence", id)
            .replace("home-agent\"", &format!("{evil}\""))
            .replace("An old", evil)
            .replace("nothing of the kind", evil)
            .replace("mn registers", evil)
            .replace("binding accepted", evil)
            .replace("MIP6-NO-SUCH", evil)
            .replace("evidence/bad.pcapng", if i == 0 { evil } else { "../../../etc/passwd" });
        writeln!(lines, "{line}").unwrap();
    }
    fs::write(path.join("results.jsonl"), &lines).unwrap();
    fs::write(path.join("run.json"), plan(&[], true).replace("their node", evil)).unwrap();
    let mut desk = Desk::new(&path, SIZES[1]);
    assert_eq!(desk.text().matches("FAIL").count(), 3, "{}", desk.text());
    // All of them name evidence that is not the report's.
    for _ in 0..3 {
        desk.keys("n<Enter>");
        assert!(desk.watch.evidence.is_none());
    }
    desk.keys("<Tab>");
    assert_eq!(desk.watch.board.focus, Focus::Case);
    survives(&path, &mut Random::new(6275), 15);
}

#[test]
fn broken_reports_are_shown_as_far_as_they_go() {
    let folder = report(true);
    let path = folder.path().join("report");
    let mut file = File::create(path.join("results.jsonl")).unwrap();
    let huge = passed(&"h".repeat(9 << 20), "home-agent");
    let deep = "[".repeat(100_000);
    let lines =
        ["{", "null", "\u{1b}[2J", &huge, &deep, "{\"case\":1}", "", FAILED, "{\"case\":\"half"];
    for line in lines {
        file.write_all(line.as_bytes()).unwrap();
        file.write_all(b"\n").unwrap();
    }
    file.write_all(&[0xff, 0xfe, 0, b'\n']).unwrap();
    // What is enough for the tree, and not for more.
    file.write_all(b"{\"case\":\"ha.x.y\",\"title\":\"t\",\"role\":\"r\",\"verdict\":\"fail\"}\n")
        .unwrap();
    drop(file);
    fs::remove_file(path.join("evidence/bad.pcapng")).unwrap();
    fs::write(path.join("run.json"), "{\"node\": 7").unwrap();
    let mut desk = Desk::new(&path, SIZES[1]);
    assert!(desk.text().contains("8 lines not understood"), "{}", desk.text());
    assert!(desk.text().contains("run.json"), "{}", desk.text());
    desk.keys("n<Enter>");
    assert!(desk.text().contains("evidence/bad.pcapng: No such file"), "{}", desk.text());
    desk.keys("r");
    assert!(desk.text().contains("it has no run.json"));
    desk.keys("n");
    assert!(desk.text().contains("this result cannot be understood"), "{}", desk.text());
    survives(&path, &mut Random::new(3775), 15);
}

#[test]
fn random_damage_does_no_harm() {
    let mut random = Random::new(4877);
    for _ in 0..10 {
        let folder = report(true);
        let path = folder.path().join("report");
        for name in ["results.jsonl", "run.json", "evidence/bad.pcapng"] {
            let mut octets = fs::read(path.join(name)).unwrap();
            for _ in 0..=random.below(12) {
                let at = random.below(octets.len());
                octets[at] = random.bits() as u8;
            }
            fs::write(path.join(name), octets).unwrap();
        }
        survives(&path, &mut random, 4);
    }
}

#[test]
fn what_is_no_report_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let config = WatchConfig {
        folder: folder.path().to_owned(),
        program: PathBuf::new(),
        profile: Profile::auto(),
        spec,
        settings: Settings::default(),
        plain: true,
        clock: || NOW,
    };
    let refused = Watch::new(config, SIZES[0]).err().unwrap();
    assert!(refused.contains("results.jsonl"), "{refused}");
}
