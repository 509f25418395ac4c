//! Moving among packets.

use crate::stage::{SIZES, Stage, pcap};

const BINDINGS: &str = "conversations/registrations.pcapng";

fn stage() -> Stage {
    Stage::new(&pcap(BINDINGS), SIZES[0])
}

/// Number of the packet under the cursor.
fn here(stage: &Stage) -> u64 {
    let state = &stage.session.state;
    state.packets.here(&state.frames).map_or(0, |f| f + 1)
}

fn said(stage: &Stage) -> String {
    stage.session.state.notice.as_ref().map_or(String::new(), |n| n.text.clone())
}

#[test]
fn the_cursor_moves_as_in_vi_and_with_arrows() {
    let mut stage = stage();
    let last = stage.session.state.frames.len();
    assert!(last > 10);
    let page = 7;
    for (keys, number) in [
        ("j", 2),
        ("<Down>", 3),
        ("k<Up>", 1),
        ("G", last),
        ("g", 1),
        ("<End>", last),
        ("<Home>", 1),
        ("<PageDown>", 1 + page),
        ("<C-f>", (1 + 2 * page).min(last)),
        ("<C-b><PageUp><PageUp>", 1),
    ] {
        assert_eq!(here(stage.keys(keys)), number, "{keys}");
        let detail = stage.session.state.packets.detail.as_ref().unwrap();
        assert_eq!(detail.frame + 1, number, "{keys}");
    }
}

#[test]
fn a_packet_is_gone_to_by_its_number() {
    let mut stage = stage();
    assert_eq!(here(stage.keys(":4<Enter>")), 4);
    assert_eq!(here(stage.keys(":9999<Enter>")), 4);
    assert!(said(&stage).contains("packets so far"), "{}", said(&stage));
    // What is wrong can be put right.
    assert_eq!(here(stage.keys("<C-u>2<Enter>")), 2);
    stage.keys(":x<Enter>");
    assert!(said(&stage).contains("no number"));
}

#[test]
fn a_filter_keeps_the_packet_that_is_looked_at() {
    let mut stage = stage();
    stage.keys(":3<Enter>/mip6.mhtype == 5<Enter>");
    let kept = here(&stage);
    assert!(kept >= 3, "{kept}");
    assert!(stage.session.state.packets.len(&stage.session.state.frames) < 20);
    assert_eq!(here(stage.keys("u")), kept);
    stage.keys("/arp<Enter>");
    assert!(stage.session.state.prompt.is_some(), "a protocol that is not known");
    stage.keys("<C-u>tcp.port == 1<Enter>");
    assert_eq!(here(&stage), 0);
    assert!(stage.text().contains("no packet matches the filter"));
    assert_eq!(here(stage.keys("jjkGgu")), 1);
}

#[test]
fn a_field_makes_a_filter() {
    let mut stage = stage();
    stage.keys("<Tab>G");
    let line = stage.session.state.packets.line().unwrap();
    let field = stage.session.state.packets.detail.as_ref().unwrap().lines[line].clone();
    stage.keys("=");
    assert_eq!(Some(&stage.session.state.filter.text), field.filter.as_ref());
    let all = stage.session.state.frames.len();
    let with = stage.session.state.packets.len(&stage.session.state.frames);
    stage.keys("u!");
    let without = stage.session.state.packets.len(&stage.session.state.frames);
    assert_eq!(with + without, all);
    assert!(with > 0);
}

#[test]
fn what_belongs_together_is_followed() {
    let mut stage = Stage::new(&pcap("ipsec/policy.pcapng"), SIZES[0]);
    stage.keys("b");
    assert!(stage.session.state.filter.text.contains("2001:db8:0:100::99"));
    stage.keys("ua");
    assert!(stage.session.state.filter.text.starts_with("esp.spi == 0x00001001"));
    stage.keys("ue");
    assert!(stage.session.state.filter.text.starts_with("mip6.bu.seqnr == 1"));
    assert_eq!(stage.session.state.packets.matches, Some(vec![0, 1]));
}

#[test]
fn text_and_filters_are_found() {
    let mut stage = stage();
    stage.keys("fbinding acknowledgement<Enter>");
    let first = here(&stage);
    assert!(first > 1);
    let second = here(stage.keys("n"));
    assert!(second > first);
    assert_eq!(here(stage.keys("N")), first);
    stage.keys("gf<C-u>=mip6.mhtype == 6<Enter>");
    assert_eq!(here(&stage), first);
    stage.keys("f<C-u>no such text<Enter>");
    assert_eq!(said(&stage), "not found: no such text");
    assert_eq!(here(&stage), first);
}

#[test]
fn packets_are_marked() {
    let mut stage = stage();
    stage.keys("jmjjm");
    assert_eq!(here(stage.keys("g'")), 2);
    assert_eq!(here(stage.keys("'")), 4);
    assert_eq!(here(stage.keys("'")), 2);
    stage.keys("m'");
    assert_eq!(here(&stage), 4);
    assert!(stage.text().contains("1 marked"));
}

#[test]
fn the_tree_closes_and_opens() {
    let mut stage = stage();
    let shown = |stage: &Stage| {
        let packets = &stage.session.state.packets;
        packets.detail.as_ref().unwrap().shown(&packets.tree.closed).len()
    };
    let before = shown(&stage);
    stage.keys("<Tab><Enter>");
    assert!(shown(&stage) > before, "the frame was closed");
    stage.keys("h");
    assert_eq!(shown(&stage), before);
    // What is closed and what is open stays so in the next packet.
    stage.keys("l<Tab><Tab>j");
    let packets = &stage.session.state.packets;
    assert!(packets.detail.as_ref().unwrap().frame == 1 && !packets.tree.closed.contains("Frame"));
    assert!(packets.tree.closed.contains("Ethernet II"));
}

#[test]
fn history_remembers_filters() {
    let mut stage = stage();
    stage.keys("/mipv6<Enter>/<C-u>icmpv6<Enter>u/<Up><Up>");
    assert_eq!(stage.session.state.prompt.as_ref().unwrap().line.text(), "mipv6");
    stage.keys("<Enter>");
    assert_eq!(stage.session.state.filter.text, "mipv6");
    assert_eq!(stage.session.state.settings.history, ["icmpv6", "mipv6"]);
}

#[test]
fn text_is_found_in_every_view() {
    let mut stage = Stage::new(&pcap("conversations/registrations.pcapng"), SIZES[0]);
    let line = |stage: &Stage| stage.session.state.findings.requirement().map(|r| r.get().id);
    stage.keys("2<Wait>fha-bu-015<Enter>");
    assert_eq!(line(&stage), Some("MIP6-HA-BU-015"));
    // What a closed rule hides is found as well; behind the last comes the first.
    let at = stage.session.state.findings.list.cursor;
    stage.keys("g").keys("nN");
    assert_eq!(stage.session.state.findings.list.cursor, at);
    stage.keys("fno such text<Enter>");
    assert!(stage.text().contains("not found: no such text"), "{}", stage.text());
    stage.keys("3<Wait>fsequence 2<Enter>");
    let frame = stage.session.state.conversations.frame().unwrap();
    stage.keys("<Enter>");
    assert_eq!(here(&stage), frame + 1);
    assert!(stage.text().contains("sequence 2"), "{}", stage.text());
    let mut stage = Stage::new(&pcap("ipsec/policy.pcapng"), SIZES[0]);
    stage.keys("4<Wait>fesp<Enter>n");
    assert_eq!(
        stage.session.state.keys.list.cursor,
        2 % stage.session.state.keys.flows.len() as u64
    );
}
