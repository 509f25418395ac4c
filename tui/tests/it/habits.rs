//! Mouse, sizes, clipboard, files, settings.

use ratatui::crossterm::event::{MouseButton, MouseEventKind};

use crate::stage::{SIZES, Stage, config, pcap};
use mip6_tui::keymap::{Pane, View};
use mip6_tui::theme::ThemeName;

const BINDINGS: &str = "conversations/registrations.pcapng";

fn stage() -> Stage {
    Stage::new(&pcap(BINDINGS), SIZES[0])
}

#[test]
fn what_is_clicked_is_chosen() {
    let mut stage = stage();
    stage.click(20, 5);
    assert_eq!(stage.session.state.packets.list.cursor, 2);
    let regions = stage.session.state.regions();
    stage.click(5, regions.lower.y + 2);
    assert_eq!(stage.session.state.pane(), Pane::Tree);
    assert_eq!(stage.session.state.packets.tree.list.cursor, 1);
    stage.click(8, regions.octets.y + 1);
    assert_eq!(stage.session.state.pane(), Pane::Octets);
    assert_eq!(stage.session.state.packets.octet, 0);
    stage.click(15, 0);
    assert_eq!(stage.session.state.view, View::Findings);
    stage.click(2, 0);
    assert_eq!(stage.session.state.view, View::Packets);
    stage.click(10, 1);
    assert!(stage.session.state.prompt.is_some());
}

#[test]
fn the_wheel_scrolls_and_borders_are_dragged() {
    let mut stage = stage();
    stage.mouse(MouseEventKind::ScrollDown, 10, 5);
    assert_eq!(stage.session.state.packets.list.top, 3);
    stage.mouse(MouseEventKind::ScrollUp, 10, 5);
    assert_eq!(stage.session.state.packets.list.top, 0);
    let y = stage.session.state.regions().lower.y;
    stage.mouse(MouseEventKind::Down(MouseButton::Left), 40, y);
    stage.mouse(MouseEventKind::Drag(MouseButton::Left), 40, y + 4);
    stage.mouse(MouseEventKind::Up(MouseButton::Left), 40, y + 4);
    assert_eq!(stage.session.state.regions().lower.y, y + 4);
    stage.keys("<Esc>-");
    assert!(stage.session.state.regions().lower.y < y + 4);
}

#[test]
fn the_clipboard_gets_lines_packets_and_specs() {
    let mut stage = stage();
    stage.keys("<Tab>G");
    let line = stage.session.state.packets.line().unwrap();
    let text = stage.session.state.packets.detail.as_ref().unwrap().lines[line].text.clone();
    stage.keys("y");
    assert_eq!(stage.session.clipboard.take(), Some(text));
    stage.keys("x");
    let hex = stage.session.clipboard.take().unwrap();
    let octets = &stage.session.state.packets.detail.as_ref().unwrap().sources[0].octets;
    assert_eq!(hex.trim_end().len(), 2 * octets.len());
    stage.keys("s");
    assert_eq!(stage.session.clipboard.take().unwrap(), "packet 1\n");
}

#[test]
fn packets_are_written_to_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let mut stage = stage();
    stage.keys(&format!("jmjjmw{}<Enter>", path("two.pcapng")));
    let mut two = Stage::new(&folder.path().join("two.pcapng"), SIZES[0]);
    assert_eq!(two.session.state.frames.len(), 2);
    let source = |stage: &Stage| {
        stage.session.state.packets.detail.as_ref().unwrap().sources[0].octets.clone()
    };
    assert_eq!(source(&stage), source(two.keys("G")));
    stage.keys(&format!("w{}<Enter>", path("two.yaml")));
    let written = std::fs::read_to_string(folder.path().join("two.yaml")).unwrap();
    assert_eq!(written, "packet 2\npacket 4\n");
    stage.keys(&format!("w{}<Enter>", path("two.pcapng")));
    let notice = stage.session.state.notice.clone().unwrap();
    assert!(notice.bad && notice.text.contains("is there already"), "{notice:?}");
    stage.keys(&format!("w{}<Enter>", path("two.doc")));
    let notice = stage.session.state.notice.clone().unwrap();
    assert!(notice.bad && notice.text.contains(".pcapng, .yaml or .hex"), "{notice:?}");
}

#[test]
fn keys_are_loaded_in_the_program() {
    let mut config = config(&pcap("ipsec/policy.pcapng"));
    let keys = config.keys.take().unwrap();
    let mut stage = Stage::with(config, SIZES[1]);
    assert!(stage.text().contains("ESP (SPI=0x00001001"));
    stage.keys(&format!("4K{}<Enter>", keys.display()));
    assert!(stage.session.state.keys.flows.iter().any(|f| f.name == "SA1"));
    let opened = |stage: &Stage| -> u64 {
        let flows = &stage.session.state.keys.flows;
        flows.iter().filter_map(|f| f.uses.as_ref()).map(|u| u.opened).sum()
    };
    assert!(opened(&stage) > 5);
    assert!(stage.keys("1").text().contains("Binding Update"));
    stage.keys("K<C-u>/no/such/file<Enter>");
    let notice = stage.session.state.notice.clone().unwrap();
    assert!(notice.bad && notice.text.contains("/no/such/file"), "{notice:?}");
    // What was loaded before still holds.
    assert!(stage.text().contains("Binding Update"));
    stage.keys("K<C-u><Enter>");
    assert!(stage.text().contains("ESP (SPI=0x00001001"));
}

#[test]
fn colours_change_and_can_be_had_none() {
    let mut stage = stage();
    let coloured = |stage: &mut Stage| {
        stage.buffer().content().iter().any(|c| {
            let reset = ratatui::style::Color::Reset;
            c.fg != reset || c.bg != reset
        })
    };
    assert!(coloured(&mut stage));
    stage.keys("T");
    assert_eq!(stage.session.state.settings.theme, ThemeName::Light);
    stage.keys("TT");
    assert_eq!(stage.session.state.settings.theme, ThemeName::Plain);
    assert!(!coloured(&mut stage));
    let mut plain = config(&pcap(BINDINGS));
    plain.plain = true;
    let mut stage = Stage::with(plain, SIZES[0]);
    for view in ["1", "2", "3", "4", "?"] {
        stage.keys(view);
        assert!(!coloured(&mut stage), "{view}");
    }
}

#[test]
fn the_program_ends_when_it_is_told_to() {
    for keys in ["q", "<C-c>", "2q", "3q", "4q"] {
        assert!(stage().keys(keys).session.state.quit, "{keys}");
    }
    let mut stage = stage();
    // Not while something is typed, nor from help.
    assert!(!stage.keys("/q<Esc>?q").session.state.quit);
    assert!(stage.keys("q").session.state.quit);
}

#[test]
fn bars_that_there_is_no_room_for_are_brought() {
    let mut stage = Stage::new(&pcap("ipsec/policy.pcapng"), SIZES[0]);
    stage.keys("3");
    assert!(stage.text().contains("→ 4 more"), "{}", stage.text());
    stage.keys("l<Right>lllll");
    assert!(!stage.text().contains(" more"), "{}", stage.text());
    assert_eq!(stage.session.state.conversations.lanes_top, 4);
    stage.keys("hhh<Left>");
    assert_eq!(stage.session.state.conversations.lanes_top, 0);
}
