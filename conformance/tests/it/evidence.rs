//! What the dissector says of what went over the links of a network.

use std::io::Cursor;

use mip6_conformance::network::Network;
use mip6_dissect::capture::{Capture, CaptureWriter, LinkType, Timestamp};
use mip6_dissect::check::{Baseline, Checker, FileOutcome};
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::Level;
use mip6_security::keys::Keys;

/// Virtual time begins here: seconds since 1970.
const EPOCH: i64 = 1_767_225_600;

/// A capture, pcapng, of the frames that were sent: an interface for each link,
/// with the time of the network. What links lost is in it: its sender is judged
/// all the same.
pub(crate) fn capture(network: &Network) -> Vec<u8> {
    let mut writer = CaptureWriter::pcapng(Vec::new()).unwrap();
    let links = network.sent().iter().map(|s| s.link.0 + 1).max().unwrap_or(1);
    let interfaces: Vec<u32> =
        (0..links).map(|_| writer.interface(LinkType::ETHERNET).unwrap()).collect();
    for sent in network.sent() {
        let micros = sent.at.micros();
        let time = Timestamp {
            secs: EPOCH + (micros / 1_000_000) as i64,
            nanos: (micros % 1_000_000) as u32 * 1000,
        };
        let len = sent.octets.len() as u32;
        writer.frame(interfaces[sent.link.0], time, &sent.octets, len).unwrap();
    }
    writer.finish().unwrap()
}

/// Judges what was sent by all rules, with these keys and, if they have one,
/// their policy. Findings are the second part, one in a line.
pub(crate) fn judge(network: &Network, keys: &Keys) -> (FileOutcome, Vec<(Level, String)>) {
    // Where nobody speaks Local Key Exchange, its numbers mean something else.
    let profile = if keys.local.is_empty() { Profile::rfc6275() } else { Profile::lke01() };
    let mut findings = Vec::new();
    let mut checker = Checker::new(profile, Baseline::default(), |_| true).keys(keys.clone());
    let capture = Capture::from_reader(Cursor::new(capture(network)));
    let outcome = checker
        .check(
            "network",
            capture,
            |frame, _, finding, _| {
                let at = usize::try_from(frame).ok().and_then(|n| network.sent().get(n - 1));
                let from = at.map(|s| format!("{} node {}", s.at, s.from.node.0));
                let id = finding.requirement.get().id;
                let text = format!(
                    "frame {frame} ({}): {id}: {}",
                    from.unwrap_or_default(),
                    finding.message()
                );
                findings.push((finding.level, text));
                Ok(())
            },
            |_| {},
        )
        .unwrap();
    (outcome, findings)
}

/// Asserts that nothing that was sent breaks a requirement of level must, that
/// everything could be read, and returns the outcome.
#[track_caller]
pub(crate) fn assert_honest(network: &Network, keys: &Keys) -> FileOutcome {
    let (outcome, findings) = judge(network, keys);
    let musts: Vec<&str> =
        findings.iter().filter(|(l, _)| *l == Level::Must).map(|(_, t)| t.as_str()).collect();
    assert!(musts.is_empty(), "{}\n{:#?}", musts.join("\n"), network.told());
    assert_eq!((outcome.trouble(), outcome.malformed), (None, 0));
    assert_eq!(outcome.frames, network.sent().len() as u64);
    outcome
}

/// How often a requirement was judged, by its id.
pub(crate) fn judged(outcome: &FileOutcome, id: &str) -> u64 {
    let mut all = outcome.applied.iter();
    all.find(|(r, _)| r.get().id == id).map_or(0, |(_, n)| *n)
}
