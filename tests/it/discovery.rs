//! What trackers tell of discovery, packet by packet.

use mip6_dissect::capture::Capture;
use mip6_dissect::packet::Dissector;
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::{Verdicts, judge_with};
use mip6_dissect::trackers::{Found, Trackers};

use crate::root;

/// Frame, identifier and what it did, of each message of discovery.
fn events(scene: &str) -> Vec<(u64, u16, Found)> {
    let profile = Profile::load("auto").unwrap();
    let path = root().join("pcaps/conversations").join(scene);
    let mut capture = Capture::open(&path).unwrap();
    let mut dissector = Dissector::new(&profile);
    let (mut verdicts, mut trackers) = (Verdicts::new(), Trackers::default());
    let mut events = Vec::new();
    while let Some(frame) = capture.next_frame().unwrap() {
        let packet = dissector.dissect(frame);
        judge_with(&packet, &mut verdicts, Some(&mut trackers));
        if let Some(e) = trackers.discovery.event() {
            events.push((frame.number, e.identifier, e.what));
        }
    }
    events
}

#[test]
fn home_agents_asked_for_and_told() {
    let told = |count, asked| Found::HomeAgents { count, asked };
    assert_eq!(
        events("home-agent-replies.pcapng"),
        [
            (1, 9, told(1, false)),
            (2, 1, Found::AskedHomeAgents),
            (3, 1, told(1, true)),
            (4, 8, told(1, false)),
            (5, 2, Found::AskedHomeAgents),
            (6, 3, told(1, false)),
            (7, 2, told(2, true)),
            (8, 4, Found::AskedHomeAgents),
            (9, 4, told(1, true)),
        ]
    );
}

/// Frames 3 and 4 are a registration, frame 7 is frame 6 seen twice.
#[test]
fn prefixes_asked_for_and_told() {
    let told = |count, asked| Found::Prefixes { count, asked };
    assert_eq!(
        events("prefix-advertisements.pcapng")[..5],
        [
            (1, 1, Found::AskedPrefixes),
            (2, 1, told(1, true)),
            (5, 7, Found::AskedPrefixes),
            (6, 7, told(1, true)),
            (8, 100, Found::AskedPrefixes),
        ]
    );
}
