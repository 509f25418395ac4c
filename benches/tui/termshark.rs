//! termshark on the same capture, in a terminal that tmux plays: keys are pressed,
//! and the screen is looked at until it shows what is waited for.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{FILTER, Failure, SIZE};

/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// After so long it is given up.
const LIMIT: Duration = Duration::from_mins(5);

/// What was measured.
pub(crate) struct Measured {
    /// Until packets stand on the screen.
    pub(crate) first: Duration,
    /// Until the last packet does, whose list was gone to the end of.
    pub(crate) last: Duration,
    /// Until the first match of a filter stands on the screen, begun with it.
    pub(crate) filtered: Duration,
    /// MiB at its peak, without the tsharks that it runs.
    pub(crate) memory: f64,
}

/// A terminal with termshark, gone when this is dropped.
struct Terminal {
    socket: PathBuf,
    begun: Instant,
}

impl Terminal {
    /// Starts it; what it keeps is kept in a folder, in which no other is so called.
    fn new(folder: &Path, name: &str, arguments: &[&str]) -> Result<Self, Failure> {
        let (width, height) = (SIZE.0.to_string(), SIZE.1.to_string());
        let home = |name: &str| format!("{name}={}", folder.display());
        let homes = [home("XDG_CONFIG_HOME"), home("XDG_CACHE_HOME"), home("HOME")];
        let mut new = vec!["-f", "/dev/null", "new-session", "-d", "-x", &width, "-y", &height];
        new.extend(homes.iter().flat_map(|variable| ["-e", variable.as_str()]));
        new.push("termshark");
        new.extend(arguments);
        let terminal = Self { socket: folder.join(name), begun: Instant::now() };
        let started = terminal.tmux(&new)?;
        if !started.status.success() {
            return Err(String::from_utf8_lossy(&started.stderr).into_owned().into());
        }
        Ok(terminal)
    }

    fn tmux(&self, arguments: &[&str]) -> Result<Output, Failure> {
        let mut command = Command::new("tmux");
        command.env_remove("TMUX").env("LC_ALL", "C.UTF-8").arg("-S").arg(&self.socket);
        Ok(command.args(arguments).stdin(Stdio::null()).output()?)
    }

    fn key(&self, key: &str) -> Result<(), Failure> {
        self.tmux(&["send-keys", key]).map(drop)
    }

    /// MiB that it has taken at its peak.
    fn memory(&self) -> Result<f64, Failure> {
        let process = self.tmux(&["display-message", "-p", "#{pane_pid}"])?.stdout;
        let process = String::from_utf8_lossy(&process).trim().to_owned();
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")?.strip_suffix("kB"));
        Ok(peak.ok_or("its memory is not known")?.trim().parse::<f64>()? / 1024.0)
    }

    fn screen(&self) -> Result<String, Failure> {
        let screen = self.tmux(&["capture-pane", "-p"])?.stdout;
        Ok(String::from_utf8_lossy(&screen).into_owned())
    }

    /// Goes to the end of the list, unless it is still being read: then that would
    /// read more besides.
    fn to_the_end(&self) -> Result<(), Failure> {
        if self.screen()?.contains("<Stop>") { Ok(()) } else { self.key("G") }
    }

    /// Numbers of the packets on the screen: rows under the head line that begin
    /// with one.
    fn numbers(&self) -> Result<Vec<u64>, Failure> {
        let screen = self.screen()?;
        let rows = screen.lines().skip_while(|l| !l.trim_start().starts_with("No.")).skip(1);
        let number = |l: &str| l.split_whitespace().next()?.parse().ok();
        Ok(rows.map_while(number).collect())
    }

    /// Waits until the numbers on the screen are so; `again` is done before each
    /// look. How long that was after it was started.
    fn until(
        &self,
        so: impl Fn(&[u64]) -> bool,
        again: impl Fn() -> Result<(), Failure>,
    ) -> Result<Duration, Failure> {
        loop {
            again()?;
            if so(&self.numbers()?) {
                return Ok(self.begun.elapsed());
            }
            if self.begun.elapsed() > LIMIT {
                return Err("it does not show what is waited for".into());
            }
            sleep(LOOK);
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // What is left of it goes with the folder.
        let _ = self.tmux(&["kill-server"]);
    }
}

/// Whether there is all that it takes.
pub(crate) fn is_there() -> bool {
    let there = |name: &str, argument: &str| {
        let mut command = Command::new(name);
        command.arg(argument).stdin(Stdio::null()).output().is_ok()
    };
    there("termshark", "--version") && there("tmux", "-V")
}

/// Looks at a capture of so many packets, of which `matching` is the first that the
/// filter lets through.
pub(crate) fn measure(
    path: &Path,
    packets: u64,
    matching: u64,
    folder: &Path,
) -> Result<Measured, Failure> {
    let shown = path.display().to_string();
    let terminal = Terminal::new(folder, "whole", &["-r", &shown])?;
    let first = terminal.until(|n| n.first() == Some(&1), || Ok(()))?;
    let last = terminal.until(|n| n.contains(&packets), || terminal.to_the_end())?;
    let memory = terminal.memory()?;
    drop(terminal);
    // Typed, a filter is covered by names that would complete it.
    let terminal = Terminal::new(folder, "filtered", &["-r", &shown, "-Y", FILTER])?;
    let filtered = terminal.until(|n| n.first() == Some(&matching), || Ok(()))?;
    Ok(Measured { first, last, filtered, memory })
}
