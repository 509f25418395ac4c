//! The terminal after a failure of the program's: tmux plays it.

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use mip6_security::Associations;
use mip6_tui::session::SpecWriter;
use mip6_tui::{Config, Failure};

use crate::stage::{config, pcap};

/// The test that runs in the terminal, and by what it is told that it does.
const PLAYED: &str = "terminal::played";
const TOLD: &str = "MIP6_TUI_PLAYED";

fn fails(_: &Associations) -> SpecWriter<'_> {
    Box::new(|_| panic!("a failure on purpose"))
}

/// Not a test of its own: what the test below runs in a terminal. A program whose
/// writer of specs fails.
#[test]
#[ignore = "run by another test, in a terminal"]
fn played() {
    if std::env::var_os(TOLD).is_none() {
        return;
    }
    let config = Config { spec: fails, ..config(&pcap("mip6/checksums.pcapng")) };
    let ended: Result<_, Failure> = mip6_tui::run(config);
    assert!(ended.is_ok());
}

fn tmux(socket: &Path, arguments: &[&str]) -> Option<Output> {
    let mut command = Command::new("tmux");
    command.env_remove("TMUX").env("LC_ALL", "C.UTF-8").arg("-S").arg(socket);
    command.args(arguments).output().ok()
}

fn until(socket: &Path, texts: &[&str]) -> String {
    let begun = Instant::now();
    loop {
        let output = tmux(socket, &["capture-pane", "-p"]).unwrap();
        let screen = String::from_utf8_lossy(&output.stdout).into_owned();
        if texts.iter().all(|t| screen.contains(t)) {
            return screen;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "not {texts:?} on\n{screen}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("tmux");
    let program = std::env::current_exe().unwrap();
    let run = format!(
        "exec 2>&1; {} --exact {PLAYED} --ignored --nocapture; stty -a | tr ' ;' '\\n\\n' | \
         grep -x icanon; echo over; read line",
        program.display()
    );
    let state = format!("XDG_STATE_HOME={}", folder.path().display());
    let told = format!("{TOLD}=1");
    let new = ["-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24"];
    // A backtrace would push the message off the screen.
    let brief = "RUST_BACKTRACE=0";
    let what = ["-e", &state, "-e", &told, "-e", brief, "sh", "-c", &run];
    let Some(started) = tmux(&socket, &[&new[..], &what].concat()) else {
        eprintln!("skipped: there is no tmux");
        return;
    };
    assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    until(&socket, &["1 Packets", "6 packets"]);
    let flags = |what: &str| {
        let output = tmux(&socket, &["display-message", "-p", what]).unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    assert_eq!(flags("#{alternate_on} #{mouse_any_flag}"), "1 1");
    tmux(&socket, &["send-keys", "s"]);
    let screen = until(&socket, &["a failure on purpose", "icanon", "over"]);
    assert!(!screen.contains("1 Packets"), "the screen is given back:\n{screen}");
    assert_eq!(flags("#{alternate_on} #{mouse_any_flag} #{cursor_flag}"), "0 0 1");
    tmux(&socket, &["kill-server"]);
}
