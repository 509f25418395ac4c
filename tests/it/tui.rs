//! The inspector in a real terminal: tmux plays it.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::lab::Lab;
use crate::root;

/// A terminal, gone when this is dropped.
struct Terminal {
    socket: String,
}

impl Terminal {
    /// A terminal of 80 columns and 24 rows in which a shell runs `script` with
    /// the program as `$mip6`; `None`, and says so, where there is no tmux.
    fn new(lab: &Lab, script: &str) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            eprintln!("skipped: there is no tmux");
            return None;
        }
        let socket = lab.0.path().join("tmux").display().to_string();
        let terminal = Self { socket };
        let run = format!("exec 2>&1; mip6={}; {script}", env!("CARGO_BIN_EXE_mip6"));
        let state = format!("XDG_STATE_HOME={}", lab.0.path().join("state").display());
        let new = ["-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "-e", &state];
        let output = terminal.tmux(&[&new[..], &["sh", "-c", &run]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(terminal)
    }

    fn tmux(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("tmux");
        // Whatever terminal the test runs in.
        command.env_remove("TMUX").env("LC_ALL", "C.UTF-8").arg("-S").arg(&self.socket);
        command.args(arguments).current_dir(root()).output().unwrap()
    }

    fn keys(&self, keys: &[&str]) {
        for key in keys {
            self.tmux(&["send-keys", key]);
        }
    }

    fn screen(&self) -> String {
        String::from_utf8_lossy(&self.tmux(&["capture-pane", "-p"]).stdout).into_owned()
    }

    /// Waits until all of these stand on the screen.
    fn until(&self, texts: &[&str]) -> String {
        let begun = Instant::now();
        loop {
            let screen = self.screen();
            if texts.iter().all(|t| screen.contains(t)) {
                return screen;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "not {texts:?} on\n{screen}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// What a shell says after the program, if the terminal is as it was.
const AFTER: &str = "; echo exit=$?; stty -a | tr ' ;' '\\n\\n' | grep -x icanon; \
                     echo over; read line";

#[test]
fn the_inspector_works_in_a_terminal() {
    let lab = Lab::new();
    let capture = "pcaps/conversations/registrations.pcapng";
    let script = format!("$mip6 tui {capture}{AFTER}");
    let Some(terminal) = Terminal::new(&lab, &script) else { return };
    terminal.until(&["Binding Update, sequence 1", "18 packets"]);
    terminal.keys(&["/", "mip6.mhtype == 6", "Enter"]);
    terminal.until(&["Filter: mip6.mhtype == 6", "1 of 8"]);
    terminal.keys(&["2"]);
    terminal.until(&["Findings by severity", "MIP6-HA-BU-015"]);
    terminal.keys(&["3"]);
    terminal.until(&["home agent 2001:db8:0:100::1", "►│"]);
    // Another size.
    terminal.tmux(&["resize-window", "-x", "120", "-y", "30"]);
    terminal.until(&["home agent 2001:db8:0:100::1", "sequence 1, flags [A H], lifetime 240 s"]);
    terminal.keys(&["?"]);
    terminal.until(&["Keys: conversations"]);
    terminal.keys(&["Escape", "1", "q"]);
    let screen = terminal.until(&["exit=0", "icanon", "over"]);
    assert!(!screen.contains("Packets"), "the screen is given back:\n{screen}");
    // What was typed is known to the next run.
    let state = std::fs::read_to_string(lab.0.path().join("state/mip6/tui.json")).unwrap();
    assert!(state.contains("mip6.mhtype == 6"), "{state}");
}

#[test]
fn a_signal_ends_it_and_gives_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT"] {
        let lab = Lab::new();
        let script = format!(
            "(while ! pid=$(pgrep -P $$ mip6); do sleep 0.1; done; sleep 1; \
             kill -{signal} $pid) & \
             $mip6 tui pcaps/lke/exchange.pcapng{AFTER}"
        );
        let Some(terminal) = Terminal::new(&lab, &script) else { return };
        let screen = terminal.until(&["exit=0", "icanon", "over"]);
        assert!(!screen.contains("Packets"), "the screen is given back:\n{screen}");
        // Nor does the mouse go to a program that is no more.
        let mouse = terminal.tmux(&["display-message", "-p", "#{mouse_any_flag}"]);
        assert_eq!(String::from_utf8_lossy(&mouse.stdout).trim(), "0", "{signal}");
    }
}

#[test]
fn a_capture_comes_through_a_pipe() {
    let lab = Lab::new();
    let capture = "pcaps/conversations/registrations.pcapng";
    let script = format!("gzip -c {capture} | $mip6 tui -{AFTER}");
    let Some(terminal) = Terminal::new(&lab, &script) else { return };
    terminal.until(&["Binding Update, sequence 1", "18 packets", "standard input"]);
    terminal.keys(&["q"]);
    terminal.until(&["exit=0", "icanon", "over"]);
}

#[test]
fn a_report_is_watched_and_a_case_run_again() {
    let lab = Lab::new();
    let report = lab.0.path().join("report").display().to_string();
    let case = "ha.registration.sequence-window/equal";
    let script = format!(
        "$mip6 conform --fault any.ignores-sequence --report {report} {case} >/dev/null; \
         $mip6 tui {report}{AFTER}"
    );
    let Some(terminal) = Terminal::new(&lab, &script) else { return };
    terminal.until(&["Conformance", "2 cases in", "2 fail", "sequence-window"]);
    terminal.keys(&["n"]);
    terminal.until(&["Failed at", "sequence-window.yaml:", "expected:", "observed:"]);
    // The same fault, the same verdict.
    terminal.keys(&["r"]);
    terminal.until(&["run again: fail", "equal (again)"]);
    // Evidence of the second run, opened with its own keys.
    terminal.keys(&["Enter"]);
    terminal.until(&["Backspace report", "security association", "Binding Acknowledgement"]);
    terminal.keys(&["BSpace"]);
    terminal.until(&["Failed at", "run again"]);
    terminal.keys(&["q"]);
    terminal.until(&["exit=0", "icanon", "over"]);
    lab.run(&["tui", "--keys", "none.keys", &report]).fails(2, &["none.keys"]);
    lab.run(&["tui", "pcaps"]).fails(2, &["pcaps"]);
}

/// Needs the privilege to capture.
#[test]
fn an_interface_is_watched() {
    const PORT: u16 = 40_434;
    let lab = Lab::new();
    let probe = lab.run(&["dissect", "-i", "lo", "-c", "0"]);
    if probe.code != Some(0) {
        eprintln!("skipped: {}", probe.err);
        return;
    }
    let script = format!("$mip6 tui -i lo -f 'udp port {PORT}'{AFTER}");
    let Some(terminal) = Terminal::new(&lab, &script) else { return };
    terminal.until(&["0 packets", "at the end"]);
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    for octet in 0..30u8 {
        socket.send_to(&[octet; 30], ("127.0.0.1", PORT)).unwrap();
    }
    terminal.until(&["30 of 30", "127.0.0.1", "a second"]);
    // Who looks at a packet is left alone while more come.
    terminal.keys(&["k"]);
    terminal.until(&["29 of 30"]);
    socket.send_to(&[0; 30], ("127.0.0.1", PORT)).unwrap();
    terminal.until(&["29 of 31"]);
    terminal.keys(&["G"]);
    terminal.until(&["31 of 31", "at the end"]);
    let saved = lab.0.path().join("saved.pcapng").display().to_string();
    terminal.keys(&["W", &saved, "Enter"]);
    terminal.until(&["31 packets written"]);
    terminal.keys(&["q"]);
    terminal.until(&["exit=0", "icanon", "over"]);
    assert_eq!(lab.run(&["dissect", &saved]).out.lines().count(), 31);
    let missing = lab.run(&["tui", "-i", "no-such-interface"]);
    missing.fails(3, &["no-such-interface"]);
}

/// Likewise: more than there is room for.
#[test]
fn of_an_interface_the_newest_packets_are_kept() {
    const PORT: u16 = 40_435;
    let lab = Lab::new();
    if lab.run(&["dissect", "-i", "lo", "-c", "0"]).code != Some(0) {
        eprintln!("skipped: no privilege to capture");
        return;
    }
    let script = format!("$mip6 tui -i lo -f 'udp port {PORT}' --limit 8{AFTER}");
    let Some(terminal) = Terminal::new(&lab, &script) else { return };
    terminal.until(&["0 packets", "at the end"]);
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    for number in 0..1_200u32 {
        let mut octets = vec![0; 9_000];
        octets[..4].copy_from_slice(&number.to_be_bytes());
        socket.send_to(&octets, ("127.0.0.1", PORT)).unwrap();
        if number % 50 == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    terminal.until(&["8 MiB are full", "1,200 packets", " let go"]);
    terminal.keys(&[":", "1", "Enter"]);
    terminal.until(&["packets up to", "have been let go"]);
    let saved = lab.0.path().join("saved.pcapng").display().to_string();
    terminal.keys(&["Escape", "W", &saved, "Enter"]);
    terminal.until(&["packets written"]);
    terminal.keys(&["q"]);
    terminal.until(&["exit=0", "icanon", "over"]);
    let shown = lab.run(&["dissect", "-T", "fields", "-e", "data.data", &saved]).out;
    let numbers: Vec<u32> =
        shown.lines().map(|l| u32::from_str_radix(&l.trim()[..8], 16).unwrap()).collect();
    assert_eq!(numbers.last(), Some(&1_199));
    // 8 MiB, but for a sixteenth or two.
    assert!((780..=926).contains(&numbers.len()), "{}", numbers.len());
    assert!(numbers.windows(2).all(|w| w[1] == w[0] + 1));
}

#[test]
fn an_interface_that_goes_down_and_away_is_told_of() {
    let Some(space) = mip6_testkit::namespace::Namespace::new("down") else { return };
    space.wire("near", &space, "far");
    let lab = Lab::new();
    let script = format!("ip netns exec {} $mip6 tui -i near{AFTER}", space.name());
    let Some(terminal) = Terminal::new(&lab, &script) else { return };
    terminal.until(&["0 packets", "at the end"]);
    space.ip(&["link", "set", "near", "down"]);
    terminal.until(&["near is down; capturing goes on when it is up"]);
    space.ip(&["link", "set", "near", "up"]);
    let begun = Instant::now();
    while terminal.screen().contains("is down") {
        assert!(begun.elapsed() < Duration::from_secs(20), "it is up again");
    }
    space.ip(&["link", "del", "near"]);
    terminal.until(&["capture ended", "disappeared"]);
    terminal.keys(&["q"]);
    terminal.until(&["near: capture ended", "exit=3", "icanon", "over"]);
}

#[test]
fn what_was_not_read_is_said_at_the_end() {
    let lab = Lab::new();
    let mut octets = std::fs::read(root().join("pcaps/mip6/checksums.pcapng")).unwrap();
    octets.extend([0xff; 40]);
    let path = lab.file("damaged.pcapng", octets);
    let script = format!("$mip6 tui {}{AFTER}", path.display());
    let Some(terminal) = Terminal::new(&lab, &script) else { return };
    terminal.until(&["6 packets", "damaged at octet"]);
    terminal.keys(&["q"]);
    terminal.until(&["exit=2", "damaged at octet", "icanon", "over"]);
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let capture = root().join("pcaps/mip6/checksums.pcapng");
    let run = |path: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mip6"));
        command.arg("tui").arg(path).stdin(Stdio::null()).output().unwrap()
    };
    let output = run(&capture);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("no terminal") && said.contains("mip6 dissect"), "{said}");
    assert!(output.stdout.is_empty());
    let output = run(Path::new("/no/such/file"));
    assert_eq!(output.status.code(), Some(2));
}
