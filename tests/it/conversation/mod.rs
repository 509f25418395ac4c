//! A conversation of UMIP's nodes, and the same script played by our roles: per
//! stay of the mobile node and per node the same messages in the same order, but
//! for what `docs/umip-conversation.md` argues.

mod message;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mip6_conformance::case::Suite;
use mip6_conformance::run::verdict::{Outcome, Verdict};
use mip6_conformance::run::{self, Options};
use mip6_testkit::collection;
use serde_json::Value;

use crate::keys::{INTEGRITY, mip6, umip_keys, write};
use crate::root;
use message::{Message, Who};

/// The stays of the mobile node.
const STAYS: [&str; 3] = ["home", "away", "back"];
const NODES: [&str; 3] = ["mn", "ha", "cn"];

/// Different messages of a node in a stay, in the order of their first occurrence.
type Spoken = BTreeMap<(&'static str, &'static str), Vec<String>>;

#[test]
fn roles_say_what_umip_says_in_the_clear() {
    compare("plain", "02-mn-plain", "");
}

#[test]
fn roles_say_what_umip_says_under_esp() {
    let security = "security:\n  - {between: [mn, ha], mobility: esp, return-routability: esp}";
    compare("esp", "08-esp", security);
}

fn compare(name: &str, capture: &str, security: &str) {
    let Some(collection) = collection::folder() else { return };
    let folder = tempfile::tempdir().unwrap();
    let theirs = umip(&collection.join("umip"), capture, folder.path());
    let ours = roles(security, folder.path());
    let mut found = BTreeSet::new();
    for stay in STAYS {
        for node in NODES {
            let of = |spoken: &Spoken| spoken.get(&(stay, node)).cloned().unwrap_or_default();
            for (sign, message) in differences(&of(&theirs), &of(&ours)) {
                found.insert(format!("{name} {stay} {node} {sign} {message}"));
            }
        }
    }
    let note = std::fs::read_to_string(root().join("docs/umip-conversation.md")).unwrap();
    let argued: BTreeSet<String> = note
        .lines()
        .filter(|l| l.split(' ').next() == Some(name))
        .map(|l| l.trim_end().to_owned())
        .collect();
    let unargued: Vec<&String> = found.difference(&argued).collect();
    let gone: Vec<&String> = argued.difference(&found).collect();
    assert!(
        unargued.is_empty() && gone.is_empty(),
        "not argued: {unargued:#?}\nno more: {gone:#?}"
    );
    // Most of what they say is the same.
    let said: usize = theirs.values().map(Vec::len).sum();
    let lacking = found.iter().filter(|l| l.contains(" - ")).count();
    assert!(said > 30 && lacking * 3 < said, "{lacking} of {said} messages differ");
}

/// What UMIP's nodes say, from captures on three links.
fn umip(folder: &Path, capture: &str, temporary: &Path) -> Spoken {
    let keys = write(temporary, "umip.yaml", &umip_keys(INTEGRITY));
    let mut who = Who::default();
    who.node("mn", "52:54:00:00:0a:34", &["2001:db8:a::1234=home"]);
    who.node("ha", "52:54:00:00:0a:01", &["2001:db8:a::1=ha"]);
    who.node("cn", "52:54:00:00:0c:10", &["2001:db8:c::10=cn"]);
    who.names("2001:db8:b:0:5054:ff:fe00:a34=careof");
    who.names("2001:db8:a::99=tester");
    let mut frames = Vec::new();
    for link in ["A", "B", "C"] {
        let path = folder.join(format!("{capture}-br{link}.pcap"));
        frames.extend(dissect(&path, Some(&keys)).into_iter().map(|f| (link, f)));
    }
    frames.sort_by(|a, b| time(&a.1).cmp(time(&b.1)));
    // Where the mobile node speaks, there it is.
    let mut stay = 0;
    let spoken = frames.iter().filter_map(|(link, frame)| {
        let message = Message::of(frame, &who)?;
        if message.node == "mn" {
            stay = match (stay, *link) {
                (0, "B") => 1,
                (1, "A") => 2,
                (stay, _) => stay,
            };
        }
        Some((stay, message))
    });
    collect(spoken)
}

/// What roles say when they play the script.
fn roles(security: &str, temporary: &Path) -> Spoken {
    let script = include_str!("script.yaml").replace("SECURITY", security);
    let suite = Suite::from_sources([("script.yaml", script)]).unwrap_or_else(|e| panic!("{e}"));
    let (case, instance) = suite.instances().next().unwrap();
    let outcome = run::run(case, instance, &suite.sources, &Options::default());
    assert_eq!(outcome.verdict, Verdict::Pass, "{:?}", outcome.message);
    let mut who = Who::default();
    for node in &outcome.nodes {
        let station = node.stations[0].map(|o| format!("{o:02x}")).join(":");
        if let Some(name) = NODES.iter().find(|n| **n == node.name) {
            who.node(name, &station, &[]);
        }
    }
    who.names("2001:db8:a::2=ha");
    who.names("2001:db8:c::3=cn");
    who.names("2001:db8:a::4=tester");
    who.names("2001:db8:a:0:0:5eff:fe00:500=home");
    who.names("2001:db8:b:0:0:5eff:fe00:500=careof");
    let path = temporary.join("roles.pcapng");
    std::fs::write(&path, &outcome.evidence).unwrap();
    let keys = write(temporary, "roles.yaml", &outcome.key_file);
    let keys = (!outcome.keys.associations.is_empty()).then_some(keys.as_path());
    let frames = dissect(&path, keys);
    let moves = moves(&outcome);
    let spoken = frames.iter().filter_map(|frame| {
        let stay = moves.iter().filter(|m| m.as_str() <= time(frame)).count();
        Some((stay, Message::of(frame, &who)?))
    });
    collect(spoken)
}

/// When the mobile node moved, as frames have it.
fn moves(outcome: &Outcome) -> Vec<String> {
    let steps = outcome.steps.iter().filter(|s| s.text.contains(" moves to "));
    steps
        .map(|s| {
            let micros = s.at.micros();
            let mut time = outcome.started;
            time.secs += (micros / 1_000_000) as i64;
            time.nanos = (micros % 1_000_000) as u32 * 1000;
            time.to_string()
        })
        .collect()
}

fn collect(spoken: impl Iterator<Item = (usize, Message)>) -> Spoken {
    let mut all = Spoken::new();
    for (stay, message) in spoken {
        let said = all.entry((STAYS[stay], message.node)).or_default();
        if !said.contains(&message.text) {
            said.push(message.text);
        }
    }
    all
}

fn dissect(capture: &Path, keys: Option<&Path>) -> Vec<Value> {
    let mut args = vec!["dissect", "-T", "json"];
    if let Some(keys) = keys {
        args.extend(["--keys", keys.to_str().unwrap()]);
    }
    args.push(capture.to_str().unwrap());
    let (_, out, err) = mip6(&args);
    assert!(!out.is_empty(), "{err}");
    out.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn time(frame: &Value) -> &str {
    frame["time"].as_str().unwrap()
}

/// What is in one list alone, `-` theirs and `+` ours, and what is in both but not
/// in the same order.
fn differences(theirs: &[String], ours: &[String]) -> Vec<(char, String)> {
    // The longest common sequence, by lengths of those of the ends.
    let (n, m) = (theirs.len(), ours.len());
    let mut longest = vec![vec![0usize; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            longest[i][j] = if theirs[i] == ours[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut found) = (0, 0, Vec::new());
    while i < n || j < m {
        if i < n && j < m && theirs[i] == ours[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == m || (i < n && longest[i + 1][j] >= longest[i][j + 1]) {
            found.push(('-', theirs[i].clone()));
            i += 1;
        } else {
            found.push(('+', ours[j].clone()));
            j += 1;
        }
    }
    found
}
