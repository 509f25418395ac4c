//! Commands of this machine that have so long and no longer.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use thiserror::Error;

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

/// What a hook ends with that says a case is not for the node, as tests of other
/// programs do.
const NOT_FOR_IT: i32 = 77;
/// What stands for the exit code of a program that was killed.
const KILLED: i32 = -1;

/// Why a hook has not done its work.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum HookError {
    /// It could not, or took too long.
    #[error("{0}")]
    Failed(String),
    /// It says that the case is not for the node.
    #[error("{0}")]
    NotForIt(String),
}

impl From<HookError> for String {
    fn from(e: HookError) -> Self {
        e.to_string()
    }
}

/// Runs a hook to its end; what it has said.
pub(super) fn run(
    name: &str,
    hook: &Hook,
    environment: &[(&str, String)],
    input: &str,
) -> Result<String, HookError> {
    let mut running = Running::start(name, hook, environment, input).map_err(HookError::Failed)?;
    let began = Instant::now();
    loop {
        match running.ended() {
            Some(0) => return Ok(running.said()),
            Some(NOT_FOR_IT) => {
                return Err(HookError::NotForIt(running.said().trim().to_owned()));
            }
            Some(_) => {
                let said = running.said();
                return Err(HookError::Failed(format!("hook `{name}` failed: {}", said.trim())));
            }
            None if began.elapsed() > hook.limit() => {
                let limit = hook.limit().as_secs_f64();
                let said = running.said();
                let said = said.trim();
                let said = if said.is_empty() { String::new() } else { format!(": {said}") };
                return Err(HookError::Failed(format!(
                    "hook `{name}` took longer than {limit} s{said}"
                )));
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

    /// Its exit code, once it has ended; one that was killed has none of its own.
    pub(super) fn ended(&mut self) -> Option<i32> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(status.code().unwrap_or(KILLED)),
            Err(_) => Some(KILLED),
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
        assert_eq!(failed, Err(HookError::Failed("hook `reset` failed: no".to_owned())));
        let skipped = run("reset", &hook(&["sh", "-c", "echo not me; exit 77"], 5000), &[], "");
        assert_eq!(skipped, Err(HookError::NotForIt("not me".to_owned())));
        let began = Instant::now();
        let hung = run("stop", &hook(&["sleep", "60"], 50), &[], "");
        assert_eq!(hung.unwrap_err().to_string(), "hook `stop` took longer than 0.05 s");
        assert!(began.elapsed() < Duration::from_secs(10));
        let none = run("start", &hook(&["/nowhere/at-all"], 50), &[], "").unwrap_err().to_string();
        assert!(none.starts_with("hook `start` cannot be run: /nowhere/at-all: "), "{none}");
    }
}
