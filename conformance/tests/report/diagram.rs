//! What stands in a diagram.

use mip6_conformance::report::Evidence;
use mip6_conformance::report::diagram::{Diagram, Packet, Row, To};
use mip6_conformance::run::verdict::Outcome;

use crate::sample;

fn diagram(o: &Outcome) -> Diagram {
    Diagram::new(o, &Evidence::read(o))
}

fn packets(d: &Diagram) -> Vec<&Packet> {
    d.rows
        .iter()
        .filter_map(|r| match r {
            Row::Packet(p) => Some(p),
            _ => None,
        })
        .collect()
}

#[test]
fn columns_stand_in_the_order_of_roles() {
    let d = diagram(&sample::failed());
    let names: Vec<&str> = d.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["mn", "router", "ha", "cn"]);
    assert_eq!(d.columns.iter().position(|c| c.under_test), Some(2));
}

#[test]
fn a_forwarded_packet_is_one_row_with_a_hop_for_each_link() {
    let d = diagram(&sample::passed());
    let packets = packets(&d);
    let first = packets[0];
    assert!(first.label.starts_with("Binding Update, sequence "), "{}", first.label);
    let way: Vec<_> =
        first.hops.iter().map(|h| (h.frame, h.from, &h.to, h.link.as_str())).collect();
    assert_eq!(way, [(1, 0, &To::Node(1), "foreign"), (2, 1, &To::Node(2), "home")]);
    // A Home Test Init in a tunnel to the home agent.
    let tunnelled: Vec<&str> =
        packets.iter().filter(|p| p.tunnelled).map(|p| p.label.as_str()).collect();
    assert!(tunnelled[0].starts_with("Home Test Init"), "{tunnelled:?}");
    assert!(packets.iter().all(|p| p.hops.len() == 2));
}

#[test]
fn keys_show_what_esp_holds() {
    let mut o = sample::failed();
    let opened = diagram(&o);
    let labels: Vec<&str> = packets(&opened).iter().map(|p| p.label.as_str()).collect();
    assert!(labels[0].starts_with("Binding Update") && labels[0].ends_with("[ESP]"), "{labels:?}");
    o.keys = mip6_security::keys::Keys::default();
    let closed = diagram(&o);
    assert!(packets(&closed)[0].label.starts_with("ESP (SPI=0x00001000"));
}

#[test]
fn steps_stand_in_front_of_their_frames_and_what_failed_is_known() {
    let d = diagram(&sample::failed());
    let steps: Vec<usize> =
        (0..d.rows.len()).filter(|i| matches!(d.rows[*i], Row::Step(_))).collect();
    // Two packets in the setup, then the step without frames of its own and
    // the one that waits for them.
    assert_eq!(steps, [0, 3, 4]);
    let failed: Vec<u64> =
        packets(&d).iter().filter(|p| p.failed()).map(|p| p.hops[0].frame).collect();
    assert_eq!(failed, [5]);
    let held: Vec<bool> = d
        .rows
        .iter()
        .filter_map(|r| match r {
            Row::Step(s) => Some(s.held),
            _ => None,
        })
        .collect();
    assert_eq!(held, [true, true, false]);
}

#[test]
fn neighbour_discovery_is_folded_unless_it_matters() {
    let mut o = sample::inconclusive();
    let folded = |o: &Outcome| -> Vec<Vec<u64>> {
        let rows = diagram(o).rows;
        rows.into_iter()
            .filter_map(|r| match r {
                Row::Folded(f) => Some(f.frames),
                _ => None,
            })
            .collect()
    };
    assert_eq!(folded(&o), [vec![8, 9, 10], vec![12, 13, 14, 15]]);
    o.marks.push(mip6_conformance::run::verdict::Mark {
        frame: 13,
        comment: "the last one".into(),
        failed: false,
    });
    assert_eq!(folded(&o), [vec![8, 9, 10], vec![14, 15]]);
}

#[test]
fn a_frame_to_a_group_goes_to_all_on_its_link_and_a_lost_one_nowhere() {
    let d = diagram(&sample::inconclusive());
    let packets = packets(&d);
    // The mobile node is away when the router advertises itself.
    assert_eq!(packets[0].hops[0].to, To::Link(vec![2]));
    let lost: Vec<u64> =
        packets.iter().flat_map(|p| &p.hops).filter(|h| h.lost).map(|h| h.frame).collect();
    assert_eq!(lost, [11]);
}

#[test]
fn strangers_share_a_column_and_nothing_is_drawn_of_nothing() {
    let mut o = sample::passed();
    o.nodes.retain(|n| n.name != "cn");
    let d = diagram(&o);
    assert_eq!(d.columns.last().map(|c| c.name.as_str()), Some("others"));
    o.evidence.clear();
    o.steps.clear();
    assert!(diagram(&o).rows.is_empty());
}
