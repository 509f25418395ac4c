//! Evidence: what went over the links, as a capture, and what rules say of it.

use mip6_dissect::capture::{CaptureWriter, Frame, LinkType};
use mip6_dissect::packet::Dissector;
use mip6_dissect::rules::{Finding, Level, Verdicts, id, judge_with};
use mip6_dissect::trackers::Trackers;
use mip6_security::mobility::local::Reading;

use super::engine::Engine;
use super::observe::{later, timestamp};
use super::verdict::{Outcome, Verdict};
use crate::network::{Fate, NodeId, Sent};
use crate::roles::local::Readings;

/// Puts evidence, findings and events into the outcome.
pub(super) fn collect(engine: Engine<'_>, outcome: &mut Outcome) {
    let Engine { lab, mut marks, records, under_test, .. } = engine;
    marks.sort_by_key(|m| m.frame);
    outcome.steps = records;
    outcome.findings = findings(&lab, under_test);
    outcome.events = lab
        .network
        .told()
        .iter()
        .map(|t| {
            let node = t.node.and_then(|n| lab.plan.nodes.get(n.0)).map_or("", |n| &n.name);
            (t.at, node.to_owned(), t.text.clone())
        })
        .collect();
    outcome.marks = marks;
    let lost = |(i, s): (usize, &Sent)| (s.fate != Fate::Carried).then_some(i as u64 + 1);
    outcome.lost = lab.network.sent().iter().enumerate().filter_map(lost).collect();
    // Writing to memory does not fail.
    outcome.evidence = capture(&lab, outcome).unwrap_or_default();
}

/// What a node under test made by another reading of Local Key Exchange than those of
/// this run, the others may not have taken: that it fails for it is not its fault. Nodes
/// that are played take most readings whatever is chosen; then only what names the
/// reading fails for it.
pub(super) fn heed_readings(outcome: &mut Outcome, readings: Readings) {
    if !matches!(outcome.verdict, Verdict::Fail | Verdict::Inconclusive) {
        return;
    }
    let by_another = |f: &Finding| {
        // A note, and no more than that: whoever grants a quarter may count seconds.
        if f.requirement == id::LKE_AR_KE_011 && f.level == Level::May {
            return vec![Reading::Seconds.name(None)];
        }
        let is_chosen = |name: &String| readings.by([name.as_str()]) == readings;
        f.readings.iter().filter(|name| !is_chosen(name)).cloned().collect()
    };
    let message = outcome.message.clone().unwrap_or_default();
    let excuses = |name: &String| !is_taken(name) || message.contains(&format!("(reading {name})"));
    let mut names: Vec<String> = outcome.findings.iter().flat_map(|(_, f)| by_another(f)).collect();
    names.retain(excuses);
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return;
    }
    let texts: Vec<String> = names.iter().map(|name| in_words(name)).collect();
    outcome.verdict = Verdict::Inconclusive;
    outcome.message = Some(format!(
        "{message}; the node speaks by another reading of the draft, {}: `readings: [{}]` \
         in its description has the others do so",
        texts.join(" and "),
        names.join(", ")
    ));
}

/// A reading by its name, which may have a number.
fn named(name: &str) -> Option<Reading> {
    Reading::named(name.split_once('=').map_or(name, |(id, _)| id))
}

/// In words, with its name.
fn in_words(name: &str) -> String {
    format!("{} (reading {name})", named(name).map_or("", Reading::text))
}

/// Whether nodes that are played take what is made by a reading though they make it by
/// another: not keys that can be guessed, nor units and what a node does (D2, F2 to F28),
/// nor options of other numbers.
fn is_taken(name: &str) -> bool {
    let open = |r| matches!(r, Reading::Raw | Reading::Seconds);
    !named(name).is_some_and(open) && !name.starts_with('F') && !name.contains('=')
}

/// Everything that went over the links.
fn capture(lab: &super::lab::Lab, outcome: &Outcome) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = CaptureWriter::pcapng(&mut out)?;
    for link in &lab.plan.links {
        writer.named_interface(LinkType::ETHERNET, &link.name)?;
    }
    for (i, sent) in lab.network.sent().iter().enumerate() {
        let number = i as u64 + 1;
        let comments: Vec<&str> = outcome
            .marks
            .iter()
            .filter(|m| m.frame == number)
            .map(|m| m.comment.as_str())
            .collect();
        let time = later(outcome.started, sent.at);
        let len = sent.octets.len() as u32;
        let comment = comments.join("; ");
        writer.commented_frame(sent.link.0 as u32, time, &sent.octets, len, &comment)?;
    }
    Ok(out)
}

/// What passive rules find in what the node under test sends.
fn findings(lab: &super::lab::Lab, under_test: usize) -> Vec<(u64, Finding)> {
    let mut found = Vec::new();
    judge(lab, |i, from, verdicts| {
        if from == NodeId(under_test) {
            found.extend(verdicts.findings.iter().map(|f| (i as u64 + 1, f.clone())));
        }
    });
    found
}

/// Judges every frame by all rules, one after the other: its place, its sender, and
/// the verdicts so far with the findings of this frame.
pub(super) fn judge(lab: &super::lab::Lab, mut each: impl FnMut(usize, NodeId, &Verdicts)) {
    let profile = lab.profile();
    let mut dissector = Dissector::new(&profile).keys(&lab.keys.associations);
    let mut trackers = Trackers::with_keys(&lab.keys);
    let mut verdicts = Verdicts::new();
    for (i, sent) in lab.network.sent().iter().enumerate() {
        let number = i as u64 + 1;
        let packet = dissector.dissect(Frame {
            number,
            time: timestamp(sent.at),
            len: sent.octets.len() as u32,
            data: &sent.octets,
            link: LinkType::ETHERNET,
            interface: sent.link.0 as u32,
            comment: &[],
        });
        verdicts.findings.clear();
        judge_with(&packet, &mut verdicts, Some(&mut trackers));
        each(i, sent.from.node, &verdicts);
    }
}
