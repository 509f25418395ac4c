//! Commands of this machine that have so long and no longer.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::description::Hook;

/// A program that has been started, in a process group of its own: it and all that it
/// has started end when this goes.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    output: File,
    name: String,
}

/// Octets of output that are kept.
const KEPT: u64 = 16 << 10;
/// How often a program is asked whether it has ended.
const ASK: Duration = Duration::from_millis(2);
/// How long a program may take to end when it is told to.
const GRACE: Duration = Duration::from_secs(2);

/// Runs a hook to its end; what it has said. Why it has not done its work, if so.
pub(super) fn run(
    name: &str,
    hook: &Hook,
    environment: &[(&str, String)],
    input: &str,
) -> Result<String, String> {
    let mut running = Running::start(name, hook, environment, input)?;
    let began = Instant::now();
    loop {
        match running.ended() {
            Some(true) => return Ok(running.said()),
            Some(false) => {
                return Err(format!("hook `{name}` failed: {}", running.said().trim()));
            }
            None if began.elapsed() > hook.limit() => {
                let limit = hook.limit().as_secs_f64();
                let said = running.said();
                let said = said.trim();
                let said = if said.is_empty() { String::new() } else { format!(": {said}") };
                return Err(format!("hook `{name}` took longer than {limit} s{said}"));
            }
            None => thread::sleep(ASK),
        }
    }
}

impl Running {
    /// Starts a hook.
    pub(super) fn start(
        name: &str,
        hook: &Hook,
        environment: &[(&str, String)],
        input: &str,
    ) -> Result<Self, String> {
        let trouble = |e: std::io::Error| format!("hook `{name}` cannot be run: {e}");
        let Some((program, arguments)) = hook.run.split_first() else {
            return Err(format!("hook `{name}` runs nothing"));
        };
        let output = tempfile::tempfile().map_err(trouble)?;
        let both = || output.try_clone().map(Stdio::from).map_err(trouble);
        let mut child = Command::new(program)
            .args(arguments)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(both()?)
            .stderr(both()?)
            .process_group(0)
            .spawn()
            .map_err(|e| format!("hook `{name}` cannot be run: {program}: {e}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            // Who does not read it does not need it.
            let _ = stdin.write_all(input.as_bytes());
        }
        Ok(Self { child, output, name: name.to_owned() })
    }

    /// Whether it has ended, and then whether well.
    pub(super) fn ended(&mut self) -> Option<bool> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(status.success()),
            Err(_) => Some(false),
        }
    }

    /// What it has said, the end of it.
    pub(super) fn said(&mut self) -> String {
        let mut text = Vec::new();
        let length = self.output.metadata().map_or(0, |m| m.len());
        let from = length.saturating_sub(KEPT);
        let read = self
            .output
            .seek(std::io::SeekFrom::Start(from))
            .and_then(|_| self.output.read_to_end(&mut text));
        match read {
            Ok(_) => String::from_utf8_lossy(&text).into_owned(),
            Err(e) => format!("(what `{}` said cannot be read: {e})", self.name),
        }
    }

    fn signal(&self, signal: Signal) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            // A group that is gone needs no signal.
            let _ = killpg(Pid::from_raw(id), signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.signal(Signal::SIGTERM);
            // One that was stopped has to wake up to end.
            self.signal(Signal::SIGCONT);
            let began = Instant::now();
            while self.ended().is_none() && began.elapsed() < GRACE {
                thread::sleep(ASK);
            }
        }
        // Whatever it has left behind.
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::values::Period;

    fn hook(run: &[&str], millis: u64) -> Hook {
        let run = run.iter().map(|s| (*s).to_owned()).collect();
        Hook { run, within: Some(Period(Duration::from_millis(millis))), stays: false }
    }

    #[test]
    fn a_hook_has_environment_and_input_and_is_heard() {
        let environment = [("MIP6_CASE", "ha.x".to_owned())];
        let said = run(
            "reset",
            &hook(&["sh", "-c", "cat; echo $MIP6_CASE >&2"], 5000),
            &environment,
            "in ",
        );
        assert_eq!(said, Ok("in ha.x\n".to_owned()));
    }

    #[test]
    fn a_hook_that_fails_or_hangs_is_said() {
        let failed = run("reset", &hook(&["sh", "-c", "echo no; exit 3"], 5000), &[], "");
        assert_eq!(failed, Err("hook `reset` failed: no".to_owned()));
        let began = Instant::now();
        let hung = run("stop", &hook(&["sleep", "60"], 50), &[], "");
        assert_eq!(hung, Err("hook `stop` took longer than 0.05 s".to_owned()));
        assert!(began.elapsed() < Duration::from_secs(10));
        let none = run("start", &hook(&["/nowhere/at-all"], 50), &[], "").unwrap_err();
        assert!(none.starts_with("hook `start` cannot be run: /nowhere/at-all: "), "{none}");
    }
}
