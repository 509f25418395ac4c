//! Keys over a capture in the inspector: the first octet says how many strokes follow
//! it, two more how large the terminal is, the rest is the capture. Nothing but text
//! may come onto the screen.

#![no_main]

use std::io::Write;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use mip6_dissect::packet::Packet;
use mip6_dissect::tree::escape_line;
use mip6_security::Associations;
use mip6_tui::capture::Source;
use mip6_tui::session::SpecWriter;
use mip6_tui::update::Msg;
use mip6_tui::{Config, Session, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Strokes that neither read nor write files.
const PLAIN: &[u8] = b"jkhlgG1234oi=!ubaem'tT+-F?/ nNf:7yxs.&(<>";
const NAMED: &[KeyCode] = &[
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::PageDown,
    KeyCode::PageUp,
    KeyCode::Backspace,
    KeyCode::Up,
    KeyCode::Left,
    KeyCode::Home,
    KeyCode::End,
];

fn key(octet: u8) -> KeyEvent {
    let i = usize::from(octet) % (PLAIN.len() + NAMED.len());
    let code = PLAIN.get(i).map_or_else(|| NAMED[i - PLAIN.len()], |c| KeyCode::Char((*c).into()));
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn spec(_: &Associations) -> SpecWriter<'_> {
    Box::new(|packet: &Packet<'_>| Ok(format!("packet {}\n", packet.frame.number)))
}

fuzz_target!(|data: &[u8]| {
    let [strokes, width, height, rest @ ..] = data else { return };
    let strokes = usize::from(strokes % 32).min(rest.len());
    let (strokes, capture) = rest.split_at(strokes);
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(capture).expect("there is room");
    let size = (20 + u16::from(*width) % 160, 5 + u16::from(*height) % 50);
    let config = Config::new(Source::File(file.path().to_owned()), spec);
    let Ok(mut session) = Session::new(config, size) else { return };
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("memory");
    for octet in strokes {
        session.handle(Msg::Key(key(*octet)));
        session.wait(Duration::from_millis(1));
        session.look();
        terminal.draw(|frame| view::draw(&session.state, frame)).expect("memory");
        for cell in terminal.backend().buffer().content() {
            for c in cell.symbol().chars().filter(|c| *c != '\\') {
                let shown = escape_line(c.encode_utf8(&mut [0; 4])).chars().count();
                assert_eq!(shown, 1, "{c:?} is on the screen");
            }
        }
    }
});
