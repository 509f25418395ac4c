//! Network namespaces of their own for tests. Where that needs rights that are not
//! there, the tests say so and pass.

use std::fs::File;
use std::process::Command;

use nix::sched::{CloneFlags, setns};

/// A network namespace; gone when this is dropped.
pub(crate) struct Namespace(String);

impl Namespace {
    /// Moves this thread into a new namespace with a pair `lka` and `lkb`.
    pub(crate) fn enter(test: &str) -> Option<Self> {
        let name = format!("mip6-{test}-{}", std::process::id());
        if !ip(&["netns", "add", &name]) {
            eprintln!("skipped: no right to make network namespaces (run as root, with iproute2)");
            return None;
        }
        let namespace = Self(name);
        let file = File::open(format!("/run/netns/{}", namespace.0)).unwrap();
        setns(file, CloneFlags::CLONE_NEWNET).unwrap();
        assert!(ip(&["link", "add", "lka", "type", "veth", "peer", "name", "lkb"]));
        for end in ["lka", "lkb"] {
            // The kernel sends nothing of its own.
            assert!(ip(&["link", "set", end, "addrgenmode", "none"]));
            assert!(ip(&["link", "set", end, "up"]));
        }
        Some(namespace)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        ip(&["netns", "del", &self.0]);
    }
}

pub(crate) fn ip(args: &[&str]) -> bool {
    Command::new("ip").args(args).output().is_ok_and(|o| o.status.success())
}

/// A frame of the tests.
pub(crate) fn frame(n: u8) -> Vec<u8> {
    let mut frame = vec![n; 60];
    frame[..14].copy_from_slice(&[2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x88, 0xb5]);
    frame
}
