//! Protected packets, opened with keys.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use mip6_testkit::collection;

/// The keys of the captures in `umip/`, as their README has them.
const ENCRYPTION: &str = "000102030405060708090a0b0c0d0e0f";
pub(crate) const INTEGRITY: &str = "1112131415161718191a1b1c1d1e1f2021222324";

/// SPI, mode, source and destination.
const UMIP: [(u32, &str, &str, &str); 6] = [
    (0x1000, "transport", "2001:db8:a::1234", "2001:db8:a::1"),
    (0x1001, "transport", "2001:db8:a::1", "2001:db8:a::1234"),
    (0x1002, "transport", "2001:db8:a::1234", "2001:db8:a::1"),
    (0x1003, "transport", "2001:db8:a::1", "2001:db8:a::1234"),
    (0x1004, "tunnel", "2001:db8:a::1234", "2001:db8:a::1"),
    (0x1005, "tunnel", "2001:db8:a::1", "2001:db8:a::1234"),
];

pub(crate) fn umip_keys(integrity: &str) -> String {
    let mut text = String::from("associations:\n");
    for (spi, mode, source, destination) in UMIP {
        writeln!(
            text,
            "  - {{spi: {spi:#x}, mode: {mode}, source: \"{source}\", destination: \"{destination}\", \
             encryption: {{algorithm: aes-cbc, key: {ENCRYPTION}}}, \
             integrity: {{algorithm: hmac-sha1-96, key: {integrity}}}}}"
        )
        .unwrap();
    }
    text
}

pub(crate) fn mip6(args: &[&str]) -> (Option<i32>, String, String) {
    let o = Command::new(cargo_bin!("mip6")).args(args).output().unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    (o.status.code(), text(o.stdout), text(o.stderr))
}

/// Values of fields of every ESP packet of a capture.
fn esp(keys: &Path, capture: &Path, fields: &[&str]) -> Vec<Vec<String>> {
    let mut args = vec!["dissect", "-Y", "esp", "-T", "fields", "--keys", keys.to_str().unwrap()];
    for f in fields {
        args.extend(["-e", f]);
    }
    args.push(capture.to_str().unwrap());
    let (code, out, err) = mip6(&args);
    assert_eq!(code, Some(0), "{err}");
    out.lines().map(|l| l.split('\t').map(str::to_owned).collect()).collect()
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    path
}

#[test]
fn real_nodes_under_esp_open_completely() {
    let Some(collection) = collection::folder() else { return };
    let folder = tempfile::tempdir().unwrap();
    let keys = write(folder.path(), "umip.yaml", &umip_keys(INTEGRITY));
    let mut opened = 0;
    for link in ["A", "B", "C"] {
        let capture = collection.join(format!("umip/08-esp-br{link}.pcap"));
        for packet in esp(&keys, &capture, &["esp.icv_good", "mip6.mhtype", "mip6.csum.status"]) {
            // Each holds a message of the Mobility Header, whole.
            assert_eq!((packet[0].as_str(), packet[2].as_str()), ("1", "1"), "{packet:?}");
            assert!(["1", "3", "5", "6"].contains(&packet[1].as_str()), "{packet:?}");
            opened += 1;
        }
        let path = (keys.to_str().unwrap(), capture.to_str().unwrap());
        let (code, out, _) = mip6(&["check", "--fail-on", "may", "--keys", path.0, path.1]);
        assert_eq!(code, Some(0), "{out}");
    }
    assert_eq!(opened, 16);
}

/// The mobile node's policy says what the associations leave out.
#[test]
fn keys_by_their_names_in_a_policy_open_real_nodes() {
    let Some(collection) = collection::folder() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("policy: |\n");
    let mut associations = String::from("associations:\n");
    for (number, (spi, mode, source, destination)) in (1..).zip(UMIP) {
        let (direction, mode) = (["OUT", "IN"][spi as usize % 2], mode.to_uppercase());
        // What is in the tunnel is from or to anybody.
        let (from, to) = match (mode.as_str(), direction) {
            ("TUNNEL", "OUT") => (source, "any"),
            ("TUNNEL", _) => ("any", destination),
            _ => (source, destination),
        };
        let way = if direction == "OUT" { "to" } else { "from" };
        let interface = match mode.as_str() {
            "TUNNEL" => format!("interface = tunnel {way} home_agent & "),
            _ => String::new(),
        };
        let proto = if number == 3 || number == 4 { "ICMPv6" } else { "MH" };
        let selectors = format!("source = {from} & destination = {to} & proto = {proto}");
        writeln!(
            text,
            "  mobile node SPD {direction}:\n  \
             - IF {interface}{selectors} THEN USE SA{number}\n  \
             mobile node SAD:\n  \
             - SA{number}({direction}, {spi:#x}, {destination}, ESP, {mode}): {selectors}"
        )
        .unwrap();
        writeln!(
            associations,
            "  - {{name: SA{number}, encryption: {{algorithm: aes-cbc, key: {ENCRYPTION}}}, \
             integrity: {{algorithm: hmac-sha1-96, key: {INTEGRITY}}}}}"
        )
        .unwrap();
    }
    text.push_str("names: {home_agent: \"2001:db8:a::1\"}\n");
    let keys = write(folder.path(), "policy.yaml", &(text + &associations));
    let plain = write(folder.path(), "umip.yaml", &umip_keys(INTEGRITY));
    for link in ["A", "B", "C"] {
        let capture = collection.join(format!("umip/08-esp-br{link}.pcap"));
        let fields = ["esp.icv_good", "mip6.mhtype", "mip6.csum.status"];
        assert_eq!(esp(&keys, &capture, &fields), esp(&plain, &capture, &fields), "{link}");
    }
}

#[test]
fn a_wrong_key_is_noticed_and_shown_nowhere() {
    let Some(collection) = collection::folder() else { return };
    let folder = tempfile::tempdir().unwrap();
    let wrong = INTEGRITY.replace("11", "ab");
    let keys = write(folder.path(), "wrong.yaml", &umip_keys(&wrong));
    let capture = collection.join("umip/08-esp-brB.pcap");
    let packets = esp(&keys, &capture, &["esp.icv_bad", "esp.unopened", "mip6.mhtype"]);
    assert_eq!(packets.len(), 7);
    for packet in packets {
        assert_eq!(packet, ["1", "wrong integrity check value", ""]);
    }
    let path = (keys.to_str().unwrap(), capture.to_str().unwrap());
    for args in [
        vec!["dissect", "-V", "--keys", path.0, path.1],
        vec!["dissect", "-T", "json", "--keys", path.0, path.1],
        vec!["check", "--format", "json", "--keys", path.0, path.1],
    ] {
        let (_, out, err) = mip6(&args);
        for key in [ENCRYPTION, &wrong] {
            assert!(!out.contains(key) && !err.contains(key), "{args:?}");
        }
    }
}

/// Captures with Wireshark's own tables beside them: every ICV that is there is
/// right.
#[test]
fn wiresharks_tables_open_wiresharks_captures() {
    let Some(collection) = collection::folder() else { return };
    let wiki = "third-party/wireshark-wiki";
    for (capture, keys, packets, unchecked) in [
        (
            format!("{wiki}/ipsec_esp_capture_1__capture.pcap"),
            format!("{wiki}/keys/ipsec_esp_capture_1.esp_sa"),
            240,
            80,
        ),
        (
            format!("{wiki}/ipsec_ikev2+esp_aes-gcm_aes-ctr_aes-cbc__capture.pcapng"),
            format!("{wiki}/keys/ipsec_ikev2_aes.esp_sa"),
            24,
            0,
        ),
        (
            "third-party/wireshark/esp-bug-12671.pcapng.gz".to_owned(),
            "third-party/wireshark/keys/esp-bug-12671.pcapng.gz.keys".to_owned(),
            6,
            0,
        ),
    ] {
        let found = esp(
            &collection.join(keys),
            &collection.join(&capture),
            &["esp.icv_good", "esp.unopened", "esp.protocol"],
        );
        assert_eq!(found.len(), packets, "{capture}");
        assert!(found.iter().all(|p| p[1].is_empty() && !p[2].is_empty()), "{capture}");
        let without = found.iter().filter(|p| p[0].is_empty()).count();
        assert_eq!(without, unchecked, "{capture}");
        assert!(found.iter().all(|p| p[0] != "0"), "{capture}");
    }
}

/// What strongSwan negotiated: its associations, as its log has them.
#[test]
fn negotiated_keys_open_what_follows() {
    let Some(collection) = collection::folder() else { return };
    let log = std::fs::read_to_string(collection.join("peers/ike2-psk-mh.keys")).unwrap();
    let mut text = String::from("associations:\n");
    for line in log.lines().filter(|l| l.starts_with("UPDSA ") || l.starts_with("NEWSA ")) {
        let value = |name: &str| {
            line.split(' ').find_map(|w| w.strip_prefix(name)?.strip_prefix('=')).unwrap()
        };
        let encryption = value("enc").strip_prefix("aes:").unwrap();
        let integrity = value("auth").strip_prefix("sha1/96:").unwrap();
        writeln!(
            text,
            "  - {{spi: {}, source: \"{}\", destination: \"{}\", \
             encryption: {{algorithm: aes-cbc, key: {encryption}}}, \
             integrity: {{algorithm: hmac-sha1-96, key: {integrity}}}}}",
            value("spi"),
            value("src"),
            value("dst"),
        )
        .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let keys = write(folder.path(), "negotiated.yaml", &text);
    let capture = collection.join("peers/ike2-psk-mh-then-bu.pcap");
    let found = esp(&keys, &capture, &["esp.icv_good", "mip6.mhtype", "mip6.csum.status"]);
    assert_eq!(found, [["1", "5", "1"], ["1", "6", "1"]]);
    let args = ["check", "--keys", keys.to_str().unwrap(), capture.to_str().unwrap()];
    let (code, out, err) = mip6(&args);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
}

#[test]
fn mistakes_in_key_files() {
    let folder = tempfile::tempdir().unwrap();
    let pcap = crate::root().join("pcaps/ipsec/esp.pcapng");
    let checked =
        |keys: &Path| mip6(&["check", "--keys", keys.to_str().unwrap(), pcap.to_str().unwrap()]);
    let (code, _, err) = checked(&folder.path().join("none.yaml"));
    assert!(code == Some(2) && err.contains("none.yaml: cannot read keys"), "{err}");
    let short = write(folder.path(), "short.yaml", &umip_keys("1112"));
    let (code, _, err) = checked(&short);
    assert!(code == Some(2) && err.contains("short.yaml:2:") && err.contains("of 20"), "{err}");
    let fine = write(folder.path(), "fine.yaml", &umip_keys(INTEGRITY));
    assert_eq!(checked(&fine).2, "");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&fine, std::fs::Permissions::from_mode(0o644)).unwrap();
        let (code, _, err) = checked(&fine);
        assert!(code != Some(2) && err.contains("chmod 600"), "{code:?} {err}");
    }
}

/// What became of each registration of the real nodes, from first to last.
#[test]
fn bindings_of_real_nodes_are_followed() {
    let Some(collection) = collection::folder() else { return };
    let folder = tempfile::tempdir().unwrap();
    let keys = write(folder.path(), "umip.yaml", &umip_keys(INTEGRITY));
    let followed = |capture: &str| -> Vec<String> {
        let capture = collection.join("umip").join(capture);
        let (keys, capture) = (keys.to_str().unwrap(), capture.to_str().unwrap());
        let args = ["bindings", "--format", "json", "--keys", keys, capture];
        let (code, out, err) = mip6(&args);
        assert_eq!((code, err.as_str()), (Some(0), ""));
        out.lines()
            .filter_map(|l| {
                let l: serde_json::Value = serde_json::from_str(l).unwrap();
                let event = l["event"].as_str().unwrap().to_owned();
                match l["kind"].as_str().unwrap() {
                    "binding" => {}
                    "test" => return Some(format!("{} test {event}", l["test"].as_str().unwrap())),
                    _ => return None,
                }
                let status = l["status"].as_u64().map_or(String::new(), |s| format!(" {s}"));
                Some(format!("{} {event}{status}", l["role"].as_str().unwrap()))
            })
            .collect()
    };
    // The replayed sequence number, and the deletion of what is not there.
    assert_eq!(
        followed("01-ha-plain-bu-brB.pcap"),
        [
            "home agent asked",
            "home agent accepted",
            "home agent asked",
            "home agent accepted",
            "home agent asked",
            "home agent refused 135",
            "home agent asked-to-delete",
            "home agent deleted",
            "home agent asked-to-delete",
            "home agent refused 133",
        ]
    );
    for capture in ["02-mn-plain-brC.pcap", "08-esp-brC.pcap"] {
        let all = followed(capture);
        let (tests, bindings) = all.split_at(4);
        let mut tests = tests.to_vec();
        tests.sort();
        assert_eq!(
            tests,
            [
                "care-of test answered",
                "care-of test asked",
                "home test answered",
                "home test asked"
            ]
        );
        assert_eq!(
            bindings,
            [
                "correspondent asked",
                "correspondent accepted",
                "correspondent asked-to-delete",
                "correspondent deleted",
            ],
            "{capture}"
        );
    }
    let home = followed("08-esp-brA.pcap");
    assert_eq!(home.iter().filter(|l| *l == "home agent accepted").count(), 2, "{home:?}");
    assert_eq!(home.iter().filter(|l| *l == "home agent deleted").count(), 1, "{home:?}");
}
