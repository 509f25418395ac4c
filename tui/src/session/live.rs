//! What becomes of a session whose frames come and go.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mip6_dissect::capture::{Capture, CaptureError, Frame, LinkType, Timestamp};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Config, Session};
use crate::capture::live::Coming;
use crate::capture::{Interface, Opened, SMALLEST, Source};
use crate::jobs::{Known, Scan};
use crate::update::Msg;

/// Octets of each frame.
const OCTETS: usize = 4_000;

/// Frames of a traffic, each with its index at its end, as many as somebody lets
/// come.
struct Traffic {
    frames: Vec<Vec<u8>>,
    come: u64,
    allowed: Arc<AtomicU64>,
    octets: Vec<u8>,
}

/// How an interface ends.
const DOWN: u64 = u64::MAX;

impl Traffic {
    fn new(allowed: &Arc<AtomicU64>) -> Self {
        let mut file = Vec::new();
        mip6_testkit::traffic::write(&mut file, 500).unwrap();
        let mut capture = Capture::from_reader(std::io::Cursor::new(file)).unwrap();
        let mut frames = Vec::new();
        while let Some(f) = capture.next_frame().unwrap() {
            frames.push(f.data.to_vec());
        }
        Self { frames, come: 0, allowed: Arc::clone(allowed), octets: Vec::new() }
    }
}

impl Coming for Traffic {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, CaptureError> {
        match self.allowed.load(Ordering::Acquire) {
            DOWN => return Err(CaptureError::Live("the interface went down".to_owned())),
            allowed if allowed <= self.come => return Ok(None),
            _ => {}
        }
        self.octets.clone_from(&self.frames[self.come as usize % self.frames.len()]);
        self.octets.resize(OCTETS - 8, 0);
        self.octets.extend(self.come.to_be_bytes());
        self.come += 1;
        Ok(Some(Frame {
            number: self.come,
            time: Timestamp { secs: 1_700_000_000 + self.come as i64, nanos: 0 },
            len: OCTETS as u32,
            data: &self.octets,
            link: LinkType::ETHERNET,
            interface: 0,
            comment: &[],
        }))
    }

    fn dropped(&mut self) -> u64 {
        0
    }

    fn link(&self) -> LinkType {
        LinkType::ETHERNET
    }

    fn is_down(&self) -> bool {
        false
    }
}

fn session() -> (Session, Arc<AtomicU64>) {
    let allowed = Arc::default();
    let traffic = Box::new(Traffic::new(&allowed));
    let opened = Opened::coming("eth9".to_owned(), traffic, 0).unwrap();
    let interface = Interface { name: "eth9".to_owned(), filter: None, limit: 0 };
    let begins = Config::new(Source::Interface(interface), |_| Box::new(|_| Ok(String::new())));
    let config = Config { plain: true, ..begins };
    (Session::of(opened, config, (100, 30)), allowed)
}

/// Goes on until something is so.
fn until(session: &mut Session, reached: impl Fn(&Session) -> bool) {
    let begun = Instant::now();
    while !reached(session) {
        session.wait(Duration::from_millis(20));
        session.look();
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not come");
    }
}

/// Lets frames come until there have been so many, and waits for all that follows.
fn come(session: &mut Session, allowed: &AtomicU64, frames: u64) {
    allowed.store(frames, Ordering::Release);
    until(session, |s| s.state.frames.len() == frames && !s.is_busy());
}

fn keys(session: &mut Session, keys: &str) {
    for c in keys.chars() {
        let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
        session.handle(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        session.look();
    }
    until(session, |s| !s.is_busy());
}

fn here(session: &Session) -> Option<u64> {
    session.state.packets.here(&session.state.frames).map(|f| f + 1)
}

/// What stands on the screen.
fn screen(session: &Session) -> String {
    let mut terminal = Terminal::new(TestBackend::new(100, 30)).unwrap();
    terminal.draw(|frame| crate::view::draw(&session.state, frame)).unwrap();
    terminal.backend().to_string()
}

/// The index that stands at the end of a frame's octets.
fn index(octets: &[u8]) -> u64 {
    u64::from_be_bytes(octets.last_chunk().copied().unwrap())
}

#[test]
fn the_oldest_packets_go_and_the_others_stay_what_they_are() {
    let (mut session, allowed) = session();
    come(&mut session, &allowed, 1_500);
    assert_eq!(session.state.frames.first(), 0);
    // Somebody looks at a packet, and marks some.
    keys(&mut session, ":20\nm:1450\nm:1400\n");
    assert_eq!(here(&session), Some(1_400));
    let (cursor, top) = (session.state.packets.list.cursor, session.state.packets.list.top);
    come(&mut session, &allowed, 3_000);
    let frames = &session.state.frames;
    let first = frames.first();
    assert!((900..1_390).contains(&first), "{first}");
    assert!(frames.kept() * (OCTETS as u64 + 16) <= SMALLEST);
    assert!(frames.kept() * OCTETS as u64 > SMALLEST / 10 * 8);
    // It stays under the cursor, and where it was on the screen.
    assert_eq!(here(&session), Some(1_400));
    let list = session.state.packets.list;
    assert_eq!((cursor - list.cursor, top - list.top), (first, first));
    let marks: Vec<u32> = session.state.packets.marks.iter().copied().collect();
    assert_eq!(marks, [1_449]);
    let rows: Vec<u64> = session.state.packets.rows.iter().map(|r| r.frame).collect();
    assert_eq!(rows[0], top, "{rows:?}");
    assert!(session.state.packets.rows.iter().all(|r| !r.gone));
    // Octets are those of the frame of the number.
    for number in [first + 1, 1_400, 2_222, 3_000] {
        keys(&mut session, &format!(":{number}\n"));
        let detail = session.state.packets.detail.as_ref().unwrap();
        assert_eq!((detail.frame, index(&detail.sources[0].octets)), (number - 1, number - 1));
    }
    keys(&mut session, ":20\n");
    let said = session.state.notice.clone().unwrap();
    assert!(said.bad && said.text.contains("let go"), "{}", said.text);
    // The last line but one says how many, and the list how many there are.
    keys(&mut session, "u");
    let shown = screen(&session);
    let (gone, kept) = (crate::text::grouped(first), crate::text::grouped(3_000 - first));
    assert!(shown.contains(&format!("3,000 packets, {gone} let go")), "{shown}");
    assert!(shown.contains(&format!(" of {kept} ")), "{shown}");
}

#[test]
fn filters_and_findings_are_of_what_is_kept() {
    let (mut session, allowed) = session();
    come(&mut session, &allowed, 1_000);
    keys(&mut session, "/mip6\n2");
    let before = session.state.packets.matches.clone().unwrap();
    assert!(!session.state.findings.all.is_empty());
    come(&mut session, &allowed, 5_000);
    let first = session.state.frames.first();
    let after = session.state.packets.matches.clone().unwrap();
    assert!(u64::from(after[0]) >= first && after.last() > before.last());
    let findings = &session.state.findings;
    assert!(!findings.all.is_empty());
    assert!(findings.all.iter().all(|n| u64::from(n.frame) >= first));
    let levels: u64 = findings.levels.values().sum();
    assert_eq!(levels, findings.all.len() as u64);
    // The same filter, begun when much has been let go already.
    keys(&mut session, "1u/mip6\n");
    assert_eq!(session.state.packets.matches.as_ref(), Some(&after));
    keys(&mut session, "u/frame.number == 4321\n");
    assert_eq!(session.state.packets.matches, Some(vec![4_320]));
    // Times go on from the very first packet.
    let row = &session.state.packets.rows[0];
    assert_eq!(row.time.since(session.state.frames.began().unwrap()), (false, 4_320, 0));
    // What there is can be written, and search goes through what there is.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.pcapng");
    keys(&mut session, &format!("uW{}\n", path.display()));
    until(&mut session, |s| !s.state.saving);
    let mut saved = Capture::open(&path).unwrap();
    for at in first..5_000 {
        assert_eq!(index(saved.next_frame().unwrap().unwrap().data), at);
    }
    assert!(saved.next_frame().unwrap().is_none());
    keys(&mut session, "f=frame.number == 4999\n");
    assert_eq!(here(&session), Some(4_999));
}

#[test]
fn who_is_too_slow_goes_on_with_what_is_kept() {
    let (mut session, allowed) = session();
    come(&mut session, &allowed, 1_000);
    let file = Arc::clone(&session.file);
    let scan = Scan {
        file: Arc::clone(&file),
        context: session.context.clone(),
        known: Arc::clone(&session.known),
        cancelled: Arc::default(),
    };
    let mut seen = Vec::new();
    let mut missed = 0;
    scan.each_index(
        |number, octets| {
            assert_eq!(index(octets) + 1, number);
            seen.push(number);
            if number == 100 {
                come(&mut session, &allowed, 9_000);
            }
        },
        |m| missed = m,
    );
    let jump = seen.windows(2).position(|w| w[1] != w[0] + 1).unwrap();
    let (from, to) = (seen[jump], seen[jump + 1]);
    assert!(from >= 100 && to == file.start().frame + 1);
    assert!(seen.windows(2).filter(|w| w[1] != w[0] + 1).count() == 1);
    assert_eq!((missed, seen.last()), (to - from - 1, Some(&9_000)));
    let known: &Known = &session.known;
    assert_eq!(known.frames.load(Ordering::Acquire), 9_000);
}

#[test]
fn an_interface_that_goes_down_loses_nothing() {
    let (mut session, allowed) = session();
    come(&mut session, &allowed, 10);
    allowed.store(DOWN, Ordering::Release);
    until(&mut session, |s| s.state.capture.ended);
    assert_eq!(session.state.frames.len(), 10);
    assert_eq!(session.state.capture.error.as_deref(), Some("the interface went down"));
    keys(&mut session, ":10\n");
    let detail = session.state.packets.detail.as_ref().unwrap();
    assert_eq!(index(&detail.sources[0].octets), 9);
}
