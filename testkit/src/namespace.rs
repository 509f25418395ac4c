//! Network namespaces of their own for tests and benches. Where none can be made they
//! say so, once each, and pass.

use std::ffi::OsStr;
use std::fs::File;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nix::sched::{CloneFlags, setns};

/// A network namespace; gone when this is dropped.
#[derive(Debug)]
pub struct Namespace(String);

impl Namespace {
    /// A new one, with `what` in its name; none where there is no right to make it,
    /// or no iproute2, which is said on standard error.
    pub fn new(what: &str) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("mip6-{what}-{}-{n}", std::process::id());
        let made = Command::new("ip").args(["netns", "add", &name]).output();
        if made.is_ok_and(|o| o.status.success()) {
            return Some(Self(name));
        }
        eprintln!("skipped: no right to make network namespaces (run as root, with iproute2)");
        None
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Changes something of its network with `ip`.
    ///
    /// # Panics
    ///
    /// With what `ip` says, if it refuses.
    pub fn ip(&self, args: &[&str]) {
        let output = Command::new("ip").args(["-n", &self.0]).args(args).output();
        let output = output.unwrap_or_else(|e| panic!("ip: {e}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "ip {}: {said}", args.join(" "));
    }

    /// A program to be run in it, without input.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.0]).arg(program).stdin(Stdio::null());
        command
    }

    /// Moves this thread into it.
    ///
    /// # Panics
    ///
    /// If the kernel refuses.
    pub fn enter(&self) {
        enter(&self.0);
    }

    /// A veth pair: `near` here, `far` in another namespace or in this one. Both ends
    /// are up, and the kernel sends nothing of its own.
    ///
    /// # Panics
    ///
    /// If the kernel refuses, or does not see a carrier within some seconds.
    pub fn wire(&self, near: &str, other: &Self, far: &str) {
        self.ip(&["link", "add", near, "type", "veth", "peer", "name", far, "netns", &other.0]);
        let ends = [(self, near), (other, far)];
        for (space, end) in ends {
            space.ip(&["link", "set", end, "addrgenmode", "none", "up"]);
        }
        // The kernel tells of the carrier a moment later.
        for (space, end) in ends {
            space.wait_for_carrier(end);
        }
    }

    /// Waits until the kernel says that an interface has a carrier.
    ///
    /// # Panics
    ///
    /// If it does not within some seconds.
    pub fn wait_for_carrier(&self, interface: &str) {
        for _ in 0..500 {
            let shown =
                Command::new("ip").args(["-n", &self.0, "link", "show", interface]).output();
            let shown = shown.unwrap_or_else(|e| panic!("ip: {e}"));
            if String::from_utf8_lossy(&shown.stdout).contains(" state UP ") {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{interface} has no carrier");
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["netns", "del", &self.0]).output();
    }
}

/// Moves this thread into the namespace of a name.
///
/// # Panics
///
/// If there is none, or the kernel refuses.
pub fn enter(name: &str) {
    let moved = File::open(format!("/run/netns/{name}"))
        .and_then(|file| Ok(setns(file, CloneFlags::CLONE_NEWNET)?));
    moved.unwrap_or_else(|e| panic!("{name}: {e}"));
}
