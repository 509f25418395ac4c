//! Local Key Exchange with keys: what the program says is what others compute,
//! from the octets of the captures, at the offsets of the draft's figures.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use mip6_dissect::capture::Capture;
use mip6_dissect::packet::Dissector;
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::{Verdicts, judge_with};
use mip6_dissect::trackers::{LocalWhat, Trackers};
use mip6_security::keys;

use crate::root;

fn pcap(name: &str) -> PathBuf {
    root().join("pcaps").join(name)
}

fn frames(name: &str) -> Vec<Vec<u8>> {
    let mut capture = Capture::open(&pcap(name)).unwrap();
    let mut frames = Vec::new();
    while let Some(frame) = capture.next_frame().unwrap() {
        frames.push(frame.data.to_vec());
    }
    frames
}

/// What openssl makes of octets; `None` if there is none.
pub(crate) fn openssl(args: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(input).ok()?;
    let output = child.wait_with_output().ok()?;
    output.status.success().then_some(output.stdout)
}

pub(crate) fn hmac_sha1(key: &[u8], octets: &[u8]) -> Vec<u8> {
    let mut option = String::from("hexkey:");
    for b in key {
        write!(option, "{b:02x}").unwrap();
    }
    let args = ["dgst", "-sha1", "-mac", "HMAC", "-macopt", &option, "-binary"];
    openssl(&args, octets).expect("openssl computes an HMAC")
}

/// Ethernet, IPv6, and a Home Address option or routing header of 24 octets.
const IP: usize = 14;
const ICMPV6: usize = IP + 40;
const MOBILITY: usize = ICMPV6 + 24;

/// The only frame of a Mobility Header type, or of an ICMPv6 type.
fn only(frames: &[Vec<u8>], at: usize, kind: u8, next: u8) -> Vec<u8> {
    let is = |f: &&Vec<u8>| f[IP + 6] == next && f.get(at) == Some(&kind);
    let mut found = frames.iter().filter(is);
    let first = found.next().unwrap().clone();
    assert!(found.next().is_none(), "one frame of type {kind}");
    first
}

#[test]
fn openssl_makes_the_same_of_the_exchange() {
    if openssl(&["version"], &[]).is_none() {
        eprintln!("skipped: no openssl");
        return;
    }
    let frames = frames("lke/exchange.pcapng");
    let (options, routing, icmpv6) = (60, 43, 58);
    let request = only(&frames, MOBILITY + 2, 8, options);
    let pem = pcap("lke/router.pem");
    let args = ["pkeyutl", "-decrypt", "-inkey", pem.to_str().unwrap()];
    let key = openssl(&args, &request[MOBILITY + 8..MOBILITY + 8 + 128]).unwrap();
    assert_eq!(key.len(), 16);

    // Whole packets: HMAC and checksum zero.
    let whole = |frame: &[u8], checksum: usize, at: usize| {
        let sent = frame[at..at + 20].to_vec();
        let mut packet = frame.to_vec();
        packet[at..at + 20].fill(0);
        packet[checksum..checksum + 2].fill(0);
        (sent, hmac_sha1(&key, &packet[IP..]))
    };
    let answer = only(&frames, MOBILITY + 2, 9, routing);
    let (sent, made) = whole(&answer, MOBILITY + 4, MOBILITY + 34);
    assert_eq!(sent, made, "Key Exchange Acknowledgement");
    for kind in [135, 136] {
        let frame = only(&frames, ICMPV6, kind, icmpv6);
        let (sent, made) = whole(&frame, ICMPV6 + 2, ICMPV6 + 24 + 24);
        assert_eq!(sent, made, "ICMPv6 type {kind}");
    }

    // Messages: source, destination, message with its checksum zero.
    let authenticated = |frame: &[u8], at: usize| {
        let mut message = frame[MOBILITY..].to_vec();
        let sent: Vec<u8> = message.splice(at..at + 12, []).collect();
        message[4..6].fill(0);
        let made = hmac_sha1(&key, &[&frame[IP + 8..IP + 40], &message].concat());
        assert_eq!(sent, made[..12], "authenticator");
    };
    let is_local = |f: &&Vec<u8>| f.len() == MOBILITY + 32 && f[MOBILITY + 2] == 5;
    authenticated(frames.iter().find(is_local).unwrap(), 20);
    authenticated(&only(&frames, MOBILITY + 2, 10, options), 20);
}

/// RFC 4285 5.1: over care-of address, home address and message up to the data.
#[test]
fn openssl_makes_the_same_authentication_data() {
    if openssl(&["version"], &[]).is_none() {
        eprintln!("skipped: no openssl");
        return;
    }
    let first = frames("conversations/authentication.pcapng")[0].clone();
    let at = first.len() - 12;
    // Care-of address, home address from its option, and the message.
    let mut message = first[MOBILITY..at].to_vec();
    message[4..6].fill(0);
    let home = &first[ICMPV6 + 8..ICMPV6 + 24];
    let octets = [&first[IP + 8..IP + 24], home, &message].concat();
    assert_eq!(first[at..], hmac_sha1(b"0123456789abcdef", &octets)[..12]);
}

#[test]
fn an_exchange_is_told_from_request_to_end() {
    let told = |name: &str| {
        let keys = keys::load(&pcap(name).with_extension("keys")).unwrap();
        let (mut trackers, mut verdicts) = (Trackers::with_keys(&keys), Verdicts::new());
        let profile = Profile::lke01();
        let mut dissector = Dissector::new(&profile);
        let mut capture = Capture::open(&pcap(name)).unwrap();
        let mut events = Vec::new();
        while let Some(frame) = capture.next_frame().unwrap() {
            judge_with(&dissector.dissect(frame), &mut verdicts, Some(&mut trackers));
            events.extend_from_slice(trackers.local.events());
        }
        events
    };
    use LocalWhat::*;
    let next = "2001:db8:0:300::99".parse().unwrap();
    let events = told("lke/exchange.pcapng");
    let whats: Vec<_> = events.iter().map(|e| e.what).collect();
    assert_eq!(whats, [Requested, Acknowledged, Proved, Used(next)]);
    assert!(events.iter().all(|e| e.key_known && e.router.is_some() && e.mobile.is_some()));
    let lifetimes: Vec<_> = events.iter().map(|e| e.lifetime).collect();
    assert_eq!(lifetimes, [7200, 7200, 7200, 240]);
    let whats: Vec<_> = told("lke/expired.pcapng").iter().map(|e| e.what).collect();
    assert_eq!(whats, [Requested, Acknowledged, Proved, Used(next), Expired]);
    let whats: Vec<_> = told("lke/close-exchange.pcapng").iter().map(|e| e.what).collect();
    assert_eq!(whats.iter().filter(|w| **w == Renewed).count(), 3, "{whats:?}");
    let whats: Vec<_> = told("lke/broken-detection.pcapng").iter().map(|e| e.what).collect();
    assert!(whats.contains(&Invalidated), "{whats:?}");
    let whats: Vec<_> = told("lke/broken-answers.pcapng").iter().map(|e| e.what).collect();
    assert!(whats.contains(&Refused(130)), "{whats:?}");
}

/// The name of the reading that fits stands in the report; keys stand nowhere.
#[test]
fn readings_are_named_and_keys_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let capture = pcap("lke/other-readings.pcapng");
    for (from, to) in [("lke/other-readings.keys", "keys.yaml"), ("lke/router.pem", "router.pem")] {
        std::fs::copy(pcap(from), folder.path().join(to)).unwrap();
    }
    let keys = folder.path().join("keys.yaml");
    let run = |args: &[&str]| {
        let output = Command::new(cargo_bin!("mip6"))
            .args(args)
            .args(["--profile", "lke-01", "--keys", keys.to_str().unwrap()])
            .arg(&capture)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].map(|t| String::from_utf8(t).unwrap());
        assert!(!text.concat().contains("4b4b4b4b") && !text.concat().contains("MII"), "{args:?}");
        text
    };
    let [out, _] = run(&["check", "--all", "--fail-on", "may"]);
    for id in ["E2a", "E2b", "E4a", "E4b", "E4c", "E4d", "E8a", "E10a", "E11a", "E12a"] {
        assert!(out.contains(&format!("(reading {id})")), "no {id} in: {out}");
    }
    run(&["dissect", "-V"]);
    run(&["dissect", "-T", "json"]);
    run(&["bindings"]);
    // Whoever can read the private key is told of, as of the key file.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str, mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path().join(name), permissions).unwrap();
        };
        mode("keys.yaml", 0o600);
        mode("router.pem", 0o644);
        let [_, err] = run(&["check"]);
        assert!(err.contains("router.pem: others") && !err.contains("keys.yaml: others"), "{err}");
        mode("router.pem", 0o600);
        assert_eq!(run(&["check"])[1], "");
    }
}

/// Every octet of every packet of the exchange changed, one after the other: no
/// panic, and nothing of the exchange is verified that was not.
#[test]
fn changed_packets_are_survived() {
    let keys = keys::load(&pcap("lke/given-key.keys")).unwrap();
    let profile = Profile::lke01();
    for name in ["lke/exchange.pcapng", "conversations/authentication.pcapng"] {
        let frames = frames(name);
        let mut dissector = Dissector::new(&profile);
        let (mut trackers, mut verdicts) = (Trackers::with_keys(&keys), Verdicts::new());
        let mut capture = Capture::open(&pcap(name)).unwrap();
        let mut template = Vec::new();
        while let Some(frame) = capture.next_frame().unwrap() {
            template.push((frame.number, frame.time, frame.link));
        }
        for (octets, (number, time, link)) in frames.iter().zip(template) {
            for at in 14..octets.len() {
                let mut changed = octets.clone();
                changed[at] ^= 0xff;
                let frame = mip6_dissect::capture::Frame {
                    number,
                    time,
                    len: changed.len() as u32,
                    data: &changed,
                    link,
                    interface: 0,
                    comment: &[],
                };
                verdicts.findings.clear();
                judge_with(&dissector.dissect(frame), &mut verdicts, Some(&mut trackers));
            }
        }
        assert_eq!(trackers.forgotten(), 0);
    }
}

/// Where the data of a request end is told by the advertised key, or by the private key
/// that opens them; otherwise what depends on it is not judged, and the report says why.
#[test]
fn a_request_that_can_be_divided_in_two_ways_is_not_judged() {
    let why = "an open reading of the specification: B5, where key exchange data end";
    let said = |args: &[&str]| {
        let mut command = Command::new(cargo_bin!("mip6"));
        command.args(["check", "--profile", "lke-01"]).args(args);
        let output = command.arg(pcap("lke/vague.pcapng")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let bare = said(&[]);
    assert!(bare.contains(why), "{bare}");
    let keys = pcap("lke/other-readings.keys");
    let opened = said(&["--keys", keys.to_str().unwrap()]);
    assert!(opened.contains("LKE-AR-KE-011") && !opened.contains(why), "{opened}");
}
