//! The inspector on an interface: a veth pair carries 50,000 frames a second for 10
//! seconds; none may be lost, and at least ten pictures a second are to be drawn, by
//! the steps of the inspector's own loop and all that a terminal would be sent. Once
//! with the list alone, once with a filter and with rules that judge every packet.
//!
//! In a network namespace of its own; where none can be made it says so.
//! `MIP6_BENCH_RATE` and `MIP6_BENCH_SECONDS` are other numbers.

use std::cell::Cell;
use std::io::{self, Cursor, Write};
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use mip6_dissect::capture::Capture;
use mip6_inject::link::{Options, PacketLink, Timed, play};
use mip6_security::Associations;
use mip6_testkit::namespace::Namespace;
use mip6_testkit::traffic;
use mip6_tui::capture::{Interface, Source};
use mip6_tui::session::SpecWriter;
use mip6_tui::update::Msg;
use mip6_tui::{Config, Session, view};
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

/// Frames that are sent again and again.
const PACKETS: usize = 10_000;
const SIZE: (u16, u16) = (160, 50);
/// As long as the inspector waits for something to happen.
const TICK: Duration = Duration::from_millis(250);
/// Pictures a second that are wanted.
const WANTED: f64 = 10.0;

type Failure = Box<dyn std::error::Error>;

fn number(name: &str, otherwise: f64) -> f64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

/// A terminal that counts what it is sent.
#[derive(Clone, Default)]
struct Sent(Rc<Cell<u64>>);

impl Write for Sent {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + octets.len() as u64);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn frames() -> Result<Vec<Timed>, Failure> {
    let mut file = Vec::new();
    traffic::write(&mut file, PACKETS)?;
    let mut capture = Capture::from_reader(Cursor::new(file))?;
    let mut frames = Vec::new();
    while let Some(f) = capture.next_frame()? {
        frames.push(Timed { at: Duration::ZERO, octets: f.data.to_vec() });
    }
    Ok(frames)
}

fn spec(_: &Associations) -> SpecWriter<'_> {
    Box::new(|_| Ok(String::new()))
}

fn main() -> Result<(), Failure> {
    let Some(namespace) = Namespace::new("tui") else { return Ok(()) };
    namespace.enter();
    namespace.wire("livea", &namespace, "liveb");
    for end in ["livea", "liveb"] {
        namespace.ip(&["link", "set", end, "mtu", "9000"]);
    }
    let (rate, seconds) = (number("MIP6_BENCH_RATE", 50_000.0), number("MIP6_BENCH_SECONDS", 10.0));
    println!("the inspector on an interface, {rate:.0} packets a second for {seconds:.0} s");
    println!("{:44}{:>12}  {:>10}", "", "", "goal");
    let mut good = true;
    for (what, keys) in [("the list", ""), ("the list, a filter, and rules", "/mip6\n21G")] {
        println!("{what}");
        good &= round(keys, rate, seconds)?;
    }
    if good { Ok(()) } else { Err("that is not what is wanted".into()) }
}

/// Looks at an interface while frames come; whether it was as is wanted.
fn round(keys: &str, rate: f64, seconds: f64) -> Result<bool, Failure> {
    let interface = Interface { name: "liveb".to_owned(), filter: None, limit: 1 << 30 };
    let config = Config::new(Source::Interface(interface), spec);
    let mut session = Session::new(config, SIZE)?;
    let sent = Sent::default();
    let viewport = Viewport::Fixed(Rect::new(0, 0, SIZE.0, SIZE.1));
    let mut terminal =
        Terminal::with_options(CrosstermBackend::new(sent.clone()), TerminalOptions { viewport })?;
    for key in keys.chars() {
        let code = if key == '\n' { KeyCode::Enter } else { KeyCode::Char(key) };
        session.handle(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }
    let count = (rate * seconds) as u64;
    let mut from = PacketLink::open("livea", &Options::default())?;
    let frames = frames()?;
    let sender = thread::spawn(move || play(&mut from, &frames, Some(rate), Some(count)));
    let begun = Instant::now();
    let mut pictures: Vec<Instant> = Vec::new();
    let mut changed = true;
    // Until it is seen that all have come, or none comes any more.
    while !(sender.is_finished() && session.state.live.is_some_and(|l| l.rate == 0)) {
        if changed {
            session.look();
            terminal.draw(|frame| view::draw(&session.state, frame))?;
            pictures.push(Instant::now());
        }
        (changed, _) = session.wait(TICK);
        if begun.elapsed().as_secs_f64() > seconds + 60.0 {
            break;
        }
    }
    let (sent_frames, took) = sender.join().map_err(|_| "nothing was sent")??;
    let took = took.as_secs_f64();
    let during: Vec<Duration> = pictures
        .iter()
        .map(|p| p.duration_since(begun))
        .filter(|p| p.as_secs_f64() < took)
        .collect();
    // The worst second counts.
    let in_second = |s: u64| during.iter().filter(|p| p.as_secs() == s).count();
    let worst = (0..took as u64).map(in_second).min().unwrap_or(0);
    let gap = during.windows(2).map(|w| w[1].abs_diff(w[0])).max().unwrap_or_default();
    let lost = sent_frames.saturating_sub(session.state.frames.len());
    let dropped = session.state.live.map_or(0, |l| l.dropped);
    println!("  {:42}{:>10.0}/s", "sent", sent_frames as f64 / took);
    println!("  {:42}{lost:>12}  {:>10}", "lost", 0);
    println!("  {:42}{:>10.1}/s  {WANTED:>8}/s", "pictures", during.len() as f64 / took);
    println!("  {:42}{worst:>10}/s  {WANTED:>8}/s", "pictures in the worst second");
    println!("  {:42}{:>10.0} ms", "longest time without a picture", gap.as_secs_f64() * 1e3);
    println!(
        "  {:42}{:>10} KiB/s",
        "sent to the terminal",
        sent.0.get() / 1024 / (took as u64).max(1)
    );
    if sent_frames as f64 / took < 0.95 * rate {
        println!("  this machine was too busy to send {rate:.0} frames/s: that is not shown");
    }
    let behind =
        session.state.filter.missed + session.state.judged.as_ref().map_or(0, |j| j.missed);
    if behind > 0 {
        println!("  {behind} were let go before filter or rules came to them");
    }
    Ok(lost == 0 && dropped == 0 && worst as f64 >= WANTED)
}
