//! Captures made to harm whoever looks at them.

use std::path::Path;

use mip6_dissect::capture::{CaptureWriter, LinkType, Timestamp, find};
use mip6_testkit::random::Random;
use mip6_tui::update::Msg;
use ratatui::buffer::Buffer;

use crate::stage::{SIZES, Stage, config, pcap};

/// Text that a terminal would obey, or that hides or turns around what is beside
/// it.
pub(crate) const EVIL: &str = "a\u{1b}[2J\u{1b}]52;c;AAAA\u{7}\u{9b}31m\u{202e}evil\u{200b}\u{2066}\u{feff}\u{e0041}\r\n\0\u{85}z";

/// Nothing on the screen is more than text.
pub(crate) fn assert_harmless(buffer: &Buffer) {
    for cell in buffer.content() {
        let symbol = cell.symbol();
        let bad = symbol.chars().any(|c| {
            let escaped = mip6_dissect::tree::escape_line(c.encode_utf8(&mut [0; 4]));
            c != '\\' && escaped.chars().count() != 1
        });
        assert!(!bad, "{symbol:?} is on the screen");
    }
}

#[test]
fn nothing_from_a_packet_reaches_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evil\u{1b}[31m\u{202e}name.pcapng");
    let file = std::fs::File::create(&path).unwrap();
    let mut w = CaptureWriter::pcapng(file).unwrap();
    let interface = w.named_interface(LinkType::ETHERNET, EVIL).unwrap();
    for i in 0..30u8 {
        let mut octets = vec![i; 14];
        octets.extend(EVIL.as_bytes());
        w.commented_frame(interface, Timestamp::default(), &octets, 100, EVIL).unwrap();
    }
    w.finish().unwrap();
    let columns = "C<C-u>number frame.comment data info<Enter>";
    for size in SIZES {
        let mut stage = Stage::new(&path, size);
        for keys in
            ["", "<Tab>GGkk", "<Tab>jj", columns, "C<C-u>frame.comment<Enter>", "2", "3", "4", "?"]
        {
            stage.keys(keys);
            assert_harmless(&stage.buffer());
        }
        stage.keys("<Esc>1/");
        stage.session.handle(Msg::Paste(EVIL.to_owned()));
        assert_harmless(&stage.buffer());
        stage.keys("<Enter><Esc>f");
        stage.session.handle(Msg::Paste(EVIL.to_owned()));
        stage.keys("<Enter>");
        assert_harmless(&stage.buffer());
        stage.keys(&format!("K<C-u>/{EVIL}<Enter>").replace(char::is_control, ""));
        assert_harmless(&stage.buffer());
    }
}

/// Keys that random typing is made of; files are neither read nor written.
const KEYS: &[&str] = &[
    "j",
    "k",
    "h",
    "l",
    "g",
    "G",
    "1",
    "2",
    "3",
    "4",
    "<Tab>",
    "<BackTab>",
    "<Enter>",
    "<Esc>",
    "o",
    "i",
    "=",
    "!",
    "u",
    "b",
    "a",
    "e",
    "m",
    "'",
    "t",
    "T",
    "+",
    "-",
    "F",
    "?",
    "/",
    "mip6.",
    "esp",
    "<PageDown>",
    "<PageUp>",
    "<C-d>",
    " ",
    "n",
    "N",
    "f",
    ":",
    "7",
    "<Backspace>",
    "<Up>",
    "<Left>",
    "y",
    "x",
    "s",
];

fn play(path: &Path, random: &mut Random, strokes: usize) {
    let (width, height) = (30 + random.below(150), 5 + random.below(60));
    let mut stage = Stage::with(config(path), (width as u16, height as u16));
    for _ in 0..strokes {
        if random.once_in(40) {
            stage.resize(20 + random.below(180) as u16, 3 + random.below(60) as u16);
        }
        let key = KEYS[random.below(KEYS.len())];
        // Not every stroke waits until all is at rest.
        stage.press(key);
        assert_harmless(&stage.buffer());
    }
}

#[test]
fn random_keys_over_all_captures() {
    let mut random = Random::new(2026);
    for path in find(&[pcap("")]).unwrap() {
        play(&path, &mut random, 25);
    }
}

#[test]
fn random_keys_over_damaged_captures() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(4285);
    let whole = std::fs::read(pcap("ipsec/policy.pcapng")).unwrap();
    for i in 0..30 {
        let mut octets = whole.clone();
        for _ in 0..=random.below(20) {
            // The first block stays: it makes the file a capture.
            let at = 28 + random.below(octets.len() - 28);
            octets[at] = random.bits() as u8;
        }
        let path = folder.path().join(format!("{i}.pcapng"));
        std::fs::write(&path, octets).unwrap();
        play(&path, &mut random, 25);
    }
}

/// A terminal shrinks before news of that come.
#[test]
fn a_terminal_may_have_shrunk_when_it_is_drawn_to() {
    let mut stage = Stage::new(&pcap("mip6/checksums.pcapng"), (160, 50));
    stage.resize_unseen(80, 24);
    let blank = stage.buffer();
    assert!(blank.content().iter().all(|cell| cell.symbol() == " "));
    stage.resize(80, 24);
    assert!(stage.buffer().content().iter().any(|cell| cell.symbol() != " "));
}
