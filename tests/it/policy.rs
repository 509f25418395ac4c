//! `mip6 check --policy`: policies from files of their own, and mistakes in them.

use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::cargo_bin;

use crate::root;

/// Registrations are under SA1, as draft-ietf-mobileip-mipv6-ha-ipsec-04 5.2.1 has
/// it, addresses in the place of names.
const POLICY: &str = "\
mobile node SPD OUT:
  - IF source = 2001:db8:0:100::99 & destination = 2001:db8:0:100::1 & proto = MH
    THEN USE SA1
mobile node SAD:
  - SA1(OUT, 0x1001, 2001:db8:0:100::1, ESP, TRANSPORT):
    source = 2001:db8:0:100::99 & destination = 2001:db8:0:100::1 & proto = MH
";

fn check(policy: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let capture = root().join("pcaps/ipsec/policy.pcapng");
    let mut command = Command::new(cargo_bin!("mip6"));
    command.args(["check", "--select", "IPSEC-SPD", "--all", "--policy"]).arg(policy).args(more);
    let o = command.arg(capture).output().unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    (o.status.code(), text(o.stdout), text(o.stderr))
}

fn write(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("policy");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_policy_alone_judges_what_shows() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = check(&write(folder.path(), POLICY), &[]);
    // The registration in the clear; what is under ESP may be anything.
    assert_eq!((code, err.as_str()), (Some(1), ""), "{out}");
    assert_eq!(out.matches(": MUST IPSEC-SPD-009").count(), 1, "{out}");
    assert!(
        out.contains("a packet in the clear, wanted SA1 (ESP 0x1001), transport mode"),
        "{out}"
    );
    assert!(out.contains("INCONCLUSIVE IPSEC-SPD-009"), "{out}");
}

#[test]
fn a_policy_of_linux_judges_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let text = "\
src 2001:db8:0:100::99/128 dst 2001:db8:0:100::1/128 proto 135
\tdir out priority 100 ptype main
\ttmpl src :: dst ::
\t\tproto esp spi 0x00001001 reqid 0 mode transport
";
    let (code, out, err) = check(&write(folder.path(), text), &[]);
    assert_eq!((code, err.as_str()), (Some(1), ""), "{out}");
    assert_eq!(out.matches(": MUST IPSEC-SPD-009").count(), 1, "{out}");
}

#[test]
fn mistakes_in_policies_are_told_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = |text: &str, place: &str, words: &[&str]| {
        let (code, out, err) = check(&write(folder.path(), text), &[]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains(&format!("policy:{place}: ")), "{place}: {err}");
        assert!(words.iter().all(|w| err.contains(w)), "{words:?}: {err}");
    };
    wrong(&POLICY.replace("THEN USE SA1", "THEN SA1"), "3:10", &["USE"]);
    wrong(&POLICY.replace("USE SA1", "USE SA9"), "3:14", &["SA9"]);
    wrong(&POLICY.replace("2001:db8:0:100::99 &", "home_address_1 &"), "2:17", &["home_address_1"]);
    wrong(&POLICY.replace("0x1001", "spi_a"), "5:14", &["spi_a"]);
    // A second rule for the same packets never comes to its turn.
    let again = POLICY.replace(
        "mobile node SAD:",
        "  - IF source = 2001:db8:0:100::99 & destination = 2001:db8:0:100::1 & proto = MH\n    \
         THEN BYPASS\nmobile node SAD:",
    );
    wrong(&again, "4:17", &["never reached", "3:14"]);
    wrong("associations: []\n", "1:1", &["no policy"]);
}

#[test]
fn a_file_that_is_not_there() {
    let (code, _, err) = check(Path::new("/nowhere/policy"), &[]);
    assert!(code == Some(2) && err.contains("/nowhere/policy"), "{err}");
}
