//! Programs of others as nodes under test, by the descriptions in `conformance/nodes`:
//! radvd, FRR's zebra, the kernel's own host, and the reference nodes as they stand
//! there. What is not installed is skipped, with a word.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

use crate::pair::{Run, can_be_run, verdicts};

/// A network namespace as `netns.sh` makes it, and the descriptions of nodes in it.
struct Seat {
    name: String,
    folder: TempDir,
}

impl Seat {
    /// `None` where that is not possible.
    fn new() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        if !can_be_run() {
            return None;
        }
        // The names of its interfaces have room for 15 octets.
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("p{}x{n}x", std::process::id());
        let folder = tempfile::tempdir().unwrap();
        let nodes = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/nodes");
        for entry in fs::read_dir(nodes).unwrap() {
            let path = entry.unwrap().path();
            let mut text = fs::read_to_string(&path).unwrap();
            if path.extension().is_some_and(|e| e == "yaml") {
                // The namespace, its interfaces, folders and sockets.
                text = text.replace("iut", &name);
            }
            let copy = folder.path().join(path.file_name().unwrap());
            fs::write(&copy, text).unwrap();
            fs::set_permissions(&copy, fs::metadata(&path).unwrap().permissions()).unwrap();
        }
        let seat = Self { name, folder };
        let made = seat.script("netns.sh", &["up", &seat.name]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Some(seat)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn script(&self, name: &str, args: &[&str]) -> Output {
        Command::new(self.path(name)).args(args).output().unwrap()
    }

    /// Runs cases against a node; their verdicts and messages.
    fn conform(&self, node: &str, cases: &[&str]) -> BTreeMap<String, (String, String)> {
        let mut command = Command::new(cargo_bin!("mip6"));
        command.args(["conform", "--live", "--format", "json", "--iut"]);
        let output = command.arg(self.path(node)).args(cases).stdin(Stdio::null()).output();
        let output = output.unwrap();
        let text = |octets| String::from_utf8(octets).unwrap();
        let (out, err) = (text(output.stdout), text(output.stderr));
        let run = Run { code: output.status.code(), out, err };
        assert!(matches!(run.code, Some(0 | 1)), "{:?}: {}", run.code, run.err);
        verdicts(&run)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let _ = Command::new(self.path("netns.sh")).args(["down", &self.name]).output();
        let _ = fs::remove_dir_all(format!("/run/mip6-{}", self.name));
    }
}

/// Whether a program is there; says so if not.
fn installed(program: &str) -> bool {
    let there = fs::metadata(program).is_ok_and(|m| m.permissions().mode() & 0o111 != 0);
    if !there {
        eprintln!("skipped: {program} is not installed (tools/setup test)");
    }
    there
}

/// What did not pass, with its verdict.
fn others(verdicts: &BTreeMap<String, (String, String)>) -> BTreeMap<&str, &str> {
    let all = verdicts.iter().filter(|(_, (verdict, _))| verdict != "pass");
    all.map(|(case, (verdict, _))| (case.as_str(), verdict.as_str())).collect()
}

#[test]
fn radvd_advertises_as_an_access_router() {
    if !installed("/usr/sbin/radvd") {
        return;
    }
    let Some(seat) = Seat::new() else { return };
    let verdicts = seat.conform("radvd.yaml", &["ar.advertisement", "ar.forwarding"]);
    // What goes over a router is not radvd's to decide.
    let expected = BTreeMap::from([("ar.forwarding.routing-headers", "skip")]);
    assert_eq!(others(&verdicts), expected, "{verdicts:#?}");
    assert_eq!(verdicts.len(), 9, "{verdicts:#?}");
}

#[test]
fn radvd_advertises_as_a_home_agent() {
    if !installed("/usr/sbin/radvd") {
        return;
    }
    let Some(seat) = Seat::new() else { return };
    let verdicts = seat.conform("radvd.yaml", &["ha.advertisement"]);
    assert_eq!(others(&verdicts), BTreeMap::new(), "{verdicts:#?}");
    assert_eq!(verdicts.len(), 5, "{verdicts:#?}");
}

#[test]
fn zebra_advertises_no_whole_address() {
    if !installed("/usr/lib/frr/zebra") {
        return;
    }
    let Some(seat) = Seat::new() else { return };
    let cases = ["ar.advertisement", "ha.advertisement"];
    let verdicts = seat.conform("zebra.yaml", &cases);
    let expected = BTreeMap::from([
        // It advertises by itself or not at all.
        ("ar.advertisement.on-request", "skip"),
        // It sets R and leaves the bits of the host zero (RFC 6275 7.2).
        ("ha.advertisement.router-address", "fail"),
    ]);
    assert_eq!(others(&verdicts), expected, "{verdicts:#?}");
    assert_eq!(verdicts.len(), 13, "{verdicts:#?}");
    let why = &verdicts["ha.advertisement.router-address"].1;
    assert!(why.contains("icmpv6.opt.prefix was 2001:db8:1::"), "{why}");
}

#[test]
fn a_linux_host_answers_as_one_without_mobility() {
    let Some(seat) = Seat::new() else { return };
    let verdicts = seat.conform("linux-host.yaml", &["cn.unaware"]);
    let expected = BTreeMap::from([
        // The kernel drops a packet with more than 7 octets of padding in a row, silently,
        // before it sees the option behind it (RFC 4942 2.1.9.5 lets it). RFC 8200 4.2
        // bounds no padding, and RFC 6275 6.3 wants the answer wherever the option stands.
        ("cn.unaware.home-address-option/further", "fail"),
    ]);
    assert_eq!(others(&verdicts), expected, "{verdicts:#?}");
    assert_eq!(verdicts.len(), 14, "{verdicts:#?}");
}

#[test]
fn reference_nodes_stand_as_they_are_described() {
    let Some(seat) = Seat::new() else { return };
    for (node, case) in [
        ("node-ha.yaml", "ha.registration.accept"),
        ("node-mn.yaml", "mn.registration.first"),
        ("node-cn.yaml", "cn.routability.home-test"),
        ("node-ar.yaml", "ar.advertisement.router-address"),
    ] {
        let verdicts = seat.conform(node, &[case]);
        assert!(!verdicts.is_empty(), "{case}");
        assert_eq!(others(&verdicts), BTreeMap::new(), "{node}: {verdicts:#?}");
    }
}
