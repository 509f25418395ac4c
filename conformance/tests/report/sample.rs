//! Outcomes made up of captures of the project: packets of one capture go over
//! the links of a topology, hop by hop, as they would in a case.

use std::path::{Path, PathBuf};
use std::time::Duration;

use mip6_conformance::run::verdict::{Decided, Mark, NodeRecord, Outcome, StepRecord, Verdict};
use mip6_conformance::time::Instant;
use mip6_dissect::capture::{Capture, CaptureWriter, LinkType, Timestamp};
use mip6_dissect::packet::{Dissector, Proto};
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::{Finding, Level, Req};
use mip6_security::keys::{self, Keys};

/// Text that nobody should take as it comes: markup, what ends an attribute, an
/// escape sequence, a control character of eight bits, one that turns the line
/// round, one that no XML has.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>\"' onload=x &amp; ]]> \u{1b}[31m\u{9b}2J \u{202e}evil\u{2069} \u{ffff}\0 end";

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn pcap(name: &str) -> PathBuf {
    root().join("pcaps").join(name)
}

const STARTED: Timestamp = Timestamp { secs: 1_700_000_000, nanos: 0 };

const LINKS: [&str; 3] = ["home", "foreign", "far"];
const MN: [u8; 6] = [2, 0, 0, 0, 0, 0x11];
const HA: [u8; 6] = [2, 0, 0, 0, 0, 0x31];
const CN: [u8; 6] = [2, 0, 0, 0, 0, 0x41];

/// The router's station on a link.
fn router(link: u32) -> [u8; 6] {
    [2, 0, 0, 0, 0, 0x21 + link as u8]
}

/// Station and link of an address: home agent and home address on the first,
/// correspondents on the last, else the mobile node where it visits.
fn place(address: std::net::Ipv6Addr) -> ([u8; 6], u32) {
    match (address.segments()[3], address.segments()[7]) {
        (0x100, 1) => (HA, 0),
        (0x100, _) => (MN, 0),
        (0x400, _) => (CN, 2),
        _ => (MN, 1),
    }
}

/// Nodes of all cases, in no particular order.
fn nodes(under_test: &str) -> Vec<NodeRecord> {
    let node = |name: &str, role: &str, stations: Vec<[u8; 6]>| NodeRecord {
        name: name.to_owned(),
        role: role.to_owned(),
        under_test: name == under_test,
        stations,
    };
    vec![
        node("router", "router", (0..3).map(router).collect()),
        node("ha", "home-agent", vec![HA]),
        node("cn", "correspondent", vec![CN]),
        node("mn", "mobile-node", vec![MN]),
    ]
}

/// Evidence made of the first frames of a capture, every `apart` milliseconds
/// one. `comments` go to frames of the evidence by number.
fn evidence(name: &str, frames: usize, apart: u32, comments: &[(u64, &str)]) -> Vec<u8> {
    let mut capture = Capture::open(&pcap(name)).unwrap();
    let profile = Profile::auto();
    let mut dissector = Dissector::new(&profile);
    let mut w = CaptureWriter::pcapng(Vec::new()).unwrap();
    for link in LINKS {
        w.named_interface(LinkType::ETHERNET, link).unwrap();
    }
    let mut number = 0;
    let mut write = |link: u32, micros: u32, octets: &[u8]| {
        number += 1;
        let nanos = micros % 1_000_000 * 1_000;
        let time = Timestamp { secs: STARTED.secs + i64::from(micros / 1_000_000), nanos };
        let comment = comments.iter().find(|(n, _)| *n == number).map_or("", |(_, c)| c);
        w.commented_frame(link, time, octets, octets.len() as u32, comment).unwrap();
    };
    for i in 0..frames {
        let Some(frame) = capture.next_frame().unwrap() else { break };
        let packet = dissector.dissect(frame);
        let ip = packet.chains[0];
        let at = packet.layers[ip.ip].offset as usize;
        assert_eq!(packet.layers[ip.ip].proto, Proto::Ipv6);
        let micros = i as u32 * apart * 1_000 + 500;
        let mut octets = frame.data.to_vec();
        let (from, link) = match ip.wire_source {
            a if a.is_unicast_link_local() => (router(0), 0),
            a if a.is_unspecified() => (MN, 0),
            a => place(a),
        };
        octets[6..12].copy_from_slice(&from);
        let (to, far) = place(ip.wire_destination);
        if ip.wire_destination.is_multicast() {
            write(link, micros, &octets);
        } else if link == far {
            octets[..6].copy_from_slice(&to);
            write(link, micros, &octets);
        } else {
            octets[..6].copy_from_slice(&router(link));
            write(link, micros, &octets);
            octets[..6].copy_from_slice(&to);
            octets[6..12].copy_from_slice(&router(far));
            octets[at + 7] -= 1;
            write(far, micros + 350, &octets);
        }
    }
    w.finish().unwrap()
}

fn step(
    millis: u64,
    line: u64,
    phase: &'static str,
    text: &str,
    frames: impl IntoIterator<Item = u64>,
) -> StepRecord {
    let (at, text) = (Instant::from_micros(millis * 1_000), text.to_owned());
    StepRecord { at, line, phase, text, frames: frames.into_iter().collect(), held: true }
}

fn outcome(case: &str, title: &str, role: &str, requirements: &[&str]) -> Outcome {
    Outcome {
        case: case.to_owned(),
        title: title.to_owned(),
        role: role.to_owned(),
        requirements: requirements.iter().map(|r| (*r).to_owned()).collect(),
        verdict: Verdict::Pass,
        message: None,
        decided: None,
        steps: Vec::new(),
        nodes: nodes(match role {
            "home-agent" => "ha",
            "correspondent" => "cn",
            _ => "mn",
        }),
        lasted: Duration::from_secs(12),
        took: Duration::from_micros(3_400),
        evidence: Vec::new(),
        started: STARTED,
        keys: Keys::default(),
        key_file: String::new(),
        lost: Vec::new(),
        marks: Vec::new(),
        findings: Vec::new(),
        events: Vec::new(),
    }
}

fn finding(id: &str, found: &str, wanted: &str) -> Finding {
    Finding {
        requirement: Req::find(id).unwrap(),
        level: Level::Should,
        layer: 2,
        proto: Proto::Mobility,
        field: None,
        offset: 54,
        found: found.to_owned(),
        readings: Vec::new(),
        wanted: wanted.to_owned(),
    }
}

fn mark(frame: u64, comment: &str, failed: bool) -> Mark {
    Mark { frame, comment: comment.to_owned(), failed }
}

/// A correspondent registration that went as it should.
pub(crate) fn passed() -> Outcome {
    let mut o = outcome(
        "cn.registration.first",
        "A Binding Update with a right authenticator is accepted",
        "correspondent",
        &["MIP6-CN-BU-001", "MIP6-CN-BU-003"],
    );
    o.evidence = evidence("conversations/route-optimization.pcapng", 12, 250, &[]);
    o.steps = vec![
        step(0, 12, "setup", "mn registers with its home agent", 1..=2),
        step(250, 13, "setup", "the home agent accepts: status 0", 3..=4),
        step(900, 16, "steps", "mn begins return routability with cn", 9..=12),
        step(2_000, 17, "steps", "a Binding Update of mn reaches cn", 17..=18),
        step(2_200, 18, "steps", "cn answers with status 0 within 1 s", 19..=20),
    ];
    o.marks = vec![mark(20, "status 0, as required", false)];
    o.events = vec![
        (Instant::from_micros(251_000), "mn".into(), "registered with 2001:db8:0:100::1".into()),
        (Instant::from_micros(2_250_850), "mn".into(), "registered with 2001:db8:0:400::5".into()),
    ];
    o
}

/// A home agent that accepted what it must refuse, under ESP, with a finding
/// beside.
pub(crate) fn failed() -> Outcome {
    let mut o = outcome(
        "ha.registration.sequence-window/equal",
        "A sequence number that is not greater than the last is refused with status 135",
        "home-agent",
        &["MIP6-CN-BU-011", "MIP6-HA-BA-012"],
    );
    let comment = "expected status 135, is 0";
    let name = "conversations/security-associations.pcapng";
    o.evidence = evidence(name, 7, 500, &[(6, comment)]);
    o.keys = keys::load(&pcap("conversations/security-associations.keys")).unwrap();
    o.verdict = Verdict::Fail;
    o.message = Some("the home agent accepted a sequence number that it had seen".into());
    o.steps = vec![
        step(0, 21, "setup", "mn registers with its home agent", 1..=4),
        step(600, 24, "steps", "mn sends a Binding Update with sequence $seq plus 0", []),
        step(
            600,
            25,
            "steps",
            "expect from ha on foreign: mip6.mhtype is 6 and mip6.ba.status is 135, within 1 s",
            5..=6,
        ),
    ];
    o.steps[2].held = false;
    o.decided = Some(Decided {
        file: "conformance/cases/home-agent/registration/sequence-window.yaml".into(),
        line: 25,
        step: 2,
        expected: "mip6.ba.status is 135".into(),
        observed: "mip6.ba.status is 0 in frame 6".into(),
    });
    o.marks = vec![mark(3, "the same sequence number", false), mark(6, comment, true)];
    o.findings =
        vec![(6, finding("MIP6-HA-BA-012", "lifetime 420 s", "no more than was asked for"))];
    o
}

/// A mobile node that comes home; the frame that decides was lost.
pub(crate) fn inconclusive() -> Outcome {
    let mut o = outcome(
        "mn.movement.return",
        "A mobile node that comes home deletes its binding",
        "mobile-node",
        &["MIP6-MN-HOME-001", "MIP6-MN-HOME-002"],
    );
    o.evidence = evidence("conversations/return.pcapng", 13, 100, &[]);
    o.verdict = Verdict::Inconclusive;
    o.message = Some("the Binding Acknowledgement was lost on its way".into());
    o.steps = vec![
        step(0, 9, "setup", "the router advertises itself", 1..=1),
        step(50, 10, "setup", "mn registers", 2..=5),
        step(290, 14, "steps", "mn is moved to home", 6..=12),
    ];
    o.steps[2].held = false;
    o.lost = vec![11];
    o
}

/// All kinds of outcomes, hostile text in the last.
pub(crate) fn all() -> Vec<Outcome> {
    let mut skipped = outcome(
        "ha.ipsec.policy",
        "A Binding Update in the clear is dropped",
        "home-agent",
        &["IPSEC-FMT-001"],
    );
    skipped.verdict = Verdict::Skip;
    skipped.message = Some("the node does not declare ipsec".into());
    skipped.took = Duration::ZERO;
    skipped.lasted = Duration::ZERO;
    vec![passed(), failed(), inconclusive(), skipped, hostile()]
}

/// Hostile text wherever text is.
pub(crate) fn hostile() -> Outcome {
    let mut o = outcome(HOSTILE, HOSTILE, HOSTILE, &[HOSTILE]);
    o.verdict = Verdict::Error;
    o.message = Some(HOSTILE.into());
    o.evidence = evidence("conversations/registrations.pcapng", 3, 100, &[(2, HOSTILE)]);
    // A capture that ends in the middle of a frame.
    o.evidence.truncate(o.evidence.len() - 9);
    o.steps = vec![step(0, 1, "steps", HOSTILE, 1..=4)];
    o.decided = Some(Decided {
        file: HOSTILE.into(),
        line: 1,
        step: 0,
        expected: HOSTILE.into(),
        observed: HOSTILE.into(),
    });
    for node in &mut o.nodes {
        node.name = HOSTILE.into();
        node.role = HOSTILE.into();
    }
    o.marks = vec![mark(2, HOSTILE, true), mark(99, HOSTILE, false)];
    o.findings = vec![(1, finding("MIP6-HA-BA-012", HOSTILE, HOSTILE))];
    o.events = vec![(Instant::START, HOSTILE.into(), HOSTILE.into())];
    o
}
