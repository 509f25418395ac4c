//! A session on a terminal made of memory.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mip6_dissect::packet::Packet;
use mip6_security::Associations;
use mip6_tui::capture::Source;
use mip6_tui::session::SpecWriter;
use mip6_tui::update::Msg;
use mip6_tui::{Config, Session, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::style::Color;

/// What is small, and what is large.
pub(crate) const SIZES: [(u16, u16); 2] = [(80, 24), (160, 50)];

/// A session and its terminal.
pub(crate) struct Stage {
    pub(crate) session: Session,
    terminal: Terminal<TestBackend>,
}

/// A capture of the project.
pub(crate) fn pcap(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../pcaps").join(name)
}

pub(crate) fn spec(_: &Associations) -> SpecWriter<'_> {
    Box::new(|packet: &Packet<'_>| Ok(format!("packet {}\n", packet.frame.number)))
}

pub(crate) fn config(path: &Path) -> Config {
    let keys = path.with_extension("keys");
    let keys = keys.exists().then_some(keys);
    Config { keys, ..Config::new(Source::File(path.to_owned()), spec) }
}

impl Stage {
    pub(crate) fn new(path: &Path, size: (u16, u16)) -> Self {
        Self::with(config(path), size)
    }

    pub(crate) fn with(config: Config, size: (u16, u16)) -> Self {
        let session = Session::new(config, size).unwrap();
        let terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        let mut stage = Self { session, terminal };
        stage.settle();
        // That others can read the keys of the project is not of interest.
        stage.session.state.notice = None;
        let keys = &mut stage.session.state.keys;
        keys.warnings.clear();
        // Nor is where the project is.
        keys.path = keys.path.take().and_then(|p| Some(p.file_name()?.into()));
        stage
    }

    /// Waits until all that goes on has been done.
    pub(crate) fn settle(&mut self) {
        let begun = Instant::now();
        loop {
            let (any, _) = self.session.wait(Duration::from_millis(60));
            if !any && !self.session.is_busy() {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not come to rest");
        }
        self.session.look();
    }

    /// Presses keys: characters as they are, others by their names in `<>`; then,
    /// and at each `<Wait>`, waits.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for part in keys.split("<Wait>") {
            self.press(part);
            self.settle();
        }
        self
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        for key in strokes(keys) {
            self.session.handle(Msg::Key(key));
            // As the program does between two keys.
            self.session.look();
        }
    }

    /// Presses a button of the mouse and lets it go.
    pub(crate) fn click(&mut self, column: u16, row: u16) -> &mut Self {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row);
        self.mouse(MouseEventKind::Up(MouseButton::Left), column, row);
        self.settle();
        self
    }

    pub(crate) fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) {
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        self.session.handle(Msg::Mouse(event));
        self.session.look();
    }

    /// The terminal has another size, and nobody has been told yet.
    pub(crate) fn resize_unseen(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
    }

    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        self.resize_unseen(width, height);
        self.session.handle(Msg::Resize(width, height));
        self.session.look();
    }

    pub(crate) fn buffer(&mut self) -> Buffer {
        self.terminal.draw(|frame| view::draw(&self.session.state, frame)).unwrap();
        self.terminal.backend().buffer().clone()
    }

    /// What stands on the screen.
    pub(crate) fn text(&mut self) -> String {
        text(&self.buffer())
    }

    /// What stands on the screen, and below what is lit up.
    pub(crate) fn screen(&mut self) -> String {
        let buffer = self.buffer();
        format!("{}--- lit\n{}", text(&buffer), lit(&buffer))
    }
}

/// Keys as they are written: characters as they are, others by their names in `<>`.
pub(crate) fn strokes(keys: &str) -> Vec<KeyEvent> {
    let mut strokes = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        let (code, modifiers, len) = match rest.find('>').filter(|_| c == '<') {
            Some(end) if end > 1 => {
                let (code, modifiers) = named(&rest[1..end]);
                (code, modifiers, end + 1)
            }
            _ => (KeyCode::Char(c), KeyModifiers::NONE, c.len_utf8()),
        };
        strokes.push(KeyEvent::new(code, modifiers));
        rest = &rest[len..];
    }
    strokes
}

fn named(name: &str) -> (KeyCode, KeyModifiers) {
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "BackTab" => KeyCode::BackTab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "Backspace" => KeyCode::Backspace,
        "Delete" => KeyCode::Delete,
        control => {
            let c = control.strip_prefix("C-").and_then(|c| c.chars().next());
            return (KeyCode::Char(c.expect(name)), KeyModifiers::CONTROL);
        }
    };
    (code, KeyModifiers::NONE)
}

/// Cells of a row that are seen: what a wide character covers is not.
fn cells(buffer: &Buffer, y: u16) -> Vec<(&str, Color)> {
    let mut cells = Vec::new();
    let mut covered = 0;
    for x in 0..buffer.area.width {
        let cell = &buffer[(x, y)];
        if covered > 0 {
            covered -= 1;
            continue;
        }
        covered = mip6_tui::text::width(cell.symbol()).saturating_sub(1);
        cells.push((cell.symbol(), cell.bg));
    }
    cells
}

pub(crate) fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let row: String = cells(buffer, y).into_iter().map(|(symbol, _)| symbol).collect();
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}

/// What has a ground of its own, by rows.
pub(crate) fn lit(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut runs: Vec<(Color, String)> = Vec::new();
        let mut last = Color::Reset;
        for (symbol, ground) in cells(buffer, y) {
            match runs.last_mut() {
                Some((_, run)) if ground == last => run.push_str(symbol),
                _ => runs.push((ground, symbol.to_owned())),
            }
            last = ground;
        }
        for (ground, run) in runs.iter().filter(|(ground, _)| *ground != Color::Reset) {
            writeln!(out, "{:>2} {ground:?}: {}", y + 1, run.trim_end()).unwrap();
        }
    }
    out
}

/// Compares a screen with the one that was kept. `MIP6_UPDATE_SCREENS` keeps what
/// there is now.
pub(crate) fn kept(name: &str, screen: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/screens");
    let path = folder.join(format!("{name}.txt"));
    if std::env::var_os("MIP6_UPDATE_SCREENS").is_some() {
        std::fs::write(&path, screen).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == screen, "{name}: the screen is not the one in {}\n{screen}", path.display());
}
