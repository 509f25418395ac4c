//! The inspector on a large capture: how long until there is something to see,
//! until the end of the list can be reached, until a filter shows its first
//! matches, and how much memory it takes; and the same of tshark, which prints
//! what the inspector shows, and of termshark, which shows what tshark prints.
//!
//! `MIP6_BENCH_PACKETS` sets the number of packets (1,000,000).

mod termshark;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use mip6_security::Associations;
use mip6_testkit::traffic;
use mip6_tui::capture::Source;
use mip6_tui::session::SpecWriter;
use mip6_tui::update::Msg;
use mip6_tui::{Config, Session, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use wait4::Wait4;

type Failure = Box<dyn std::error::Error>;

/// What the child is called by.
const CHILD: &str = "--inspect";
const FILTER: &str = "mip6.mhtype == 5";
/// A large terminal.
const SIZE: (u16, u16) = (160, 50);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let done = match arguments.iter().position(|a| a == CHILD) {
        Some(at) => inspect(Path::new(&arguments[at + 1])),
        None => measure(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), Failure> {
    let packets: u64 =
        std::env::var("MIP6_BENCH_PACKETS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bulk.pcap");
    let file = std::io::BufWriter::new(std::fs::File::create(&path)?);
    traffic::write(file, packets as usize)?;
    println!("the inspector on {packets} packets, on a terminal of {} by {}", SIZE.0, SIZE.1);
    println!("{:32}{:>12}  {:>14}", "", "", "goal");
    let mut child = Command::new(std::env::current_exe()?);
    child.arg(CHILD).arg(&path).stdin(Stdio::null());
    let memory = child.spawn()?.wait4()?.rusage.maxrss as f64 / 1_048_576.0;
    let goal = 64.0 + 24.0 * packets as f64 / 1_048_576.0;
    println!("{:32}{memory:>10.1} MiB{:>12.1} MiB", "memory at its peak", goal);
    if Command::new("tshark").arg("--version").output().is_err() {
        println!("tshark is not installed: nothing to compare with");
        return Ok(());
    }
    println!("tshark, printing the same lines");
    let screen = usize::from(SIZE.1);
    let first = tshark(&path, &[], Some(screen))?;
    println!("{:32}{:>10.3} s", "a screen of lines", first.as_secs_f64());
    let filtered = tshark(&path, &["-Y", FILTER], Some(screen))?;
    println!("{:32}{:>10.3} s", "a screen of matches", filtered.as_secs_f64());
    let all = tshark(&path, &[], None)?;
    println!("{:32}{:>10.3} s", "the last line", all.as_secs_f64());
    if !termshark::is_there() {
        println!("termshark or tmux is not installed: nothing more to compare with");
        return Ok(());
    }
    println!("termshark, looking at the same packets");
    let matching = first_match(&path)?;
    match termshark::measure(&path, packets, matching, folder.path()) {
        Ok(t) => {
            println!("{:32}{:>10.1} MiB", "memory at its peak, alone", t.memory);
            println!("{:32}{:>10.3} s", "first screen", t.first.as_secs_f64());
            println!("{:32}{:>10.3} s", "end of the list", t.last.as_secs_f64());
            println!(
                "{:32}{:>10.3} s",
                "first match, begun with a filter",
                t.filtered.as_secs_f64()
            );
        }
        Err(e) => println!("{:32}{e}", "not measured"),
    }
    Ok(())
}

/// Number of the first packet that the filter lets through, as tshark has it.
fn first_match(path: &Path) -> Result<u64, Failure> {
    let mut command = Command::new("tshark");
    command.args(["-n", "-l", "-r"]).arg(path).args(["-Y", FILTER, "-T", "fields"]);
    command.args(["-e", "frame.number"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    child.kill()?;
    child.wait()?;
    Ok(line.trim().parse()?)
}

/// How long tshark takes until it has printed so many lines, or all.
fn tshark(path: &Path, arguments: &[&str], lines: Option<usize>) -> Result<Duration, Failure> {
    let begun = Instant::now();
    let mut command = Command::new("tshark");
    // A line as soon as it is there.
    command.args(["-n", "-l", "-r"]).arg(path).args(arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let out = child.stdout.take().ok_or("tshark has no output")?;
    let mut reader = BufReader::new(out);
    let (mut line, mut read) = (Vec::new(), 0);
    while lines.is_none_or(|n| read < n) && reader.read_until(b'\n', &mut line)? > 0 {
        line.clear();
        read += 1;
    }
    let took = begun.elapsed();
    child.kill()?;
    child.wait()?;
    Ok(took)
}

fn spec(_: &Associations) -> SpecWriter<'_> {
    Box::new(|_| Ok(String::new()))
}

/// Looks at a capture as somebody at a terminal would.
fn inspect(path: &Path) -> Result<(), Failure> {
    let begun = Instant::now();
    let config = Config::new(Source::File(path.to_owned()), spec);
    let mut at = Inspector {
        session: Session::new(config, SIZE)?,
        terminal: Terminal::new(TestBackend::new(SIZE.0, SIZE.1))?,
        longest: Duration::ZERO,
    };
    at.until(|s| s.packets.detail.is_some())?;
    row("first screen", begun.elapsed(), 0.3);
    at.until(|s| s.capture.caught_up)?;
    at.key(KeyCode::Char('G'));
    at.until(|s| s.packets.here(&s.frames) == s.frames.len().checked_sub(1))?;
    row("end of the list", begun.elapsed(), 2.0);
    at.key(KeyCode::Char('g'));
    at.key(KeyCode::Char('/'));
    FILTER.chars().for_each(|c| at.key(KeyCode::Char(c)));
    at.longest = Duration::ZERO;
    let typed = Instant::now();
    at.key(KeyCode::Enter);
    at.until(|s| s.packets.matches.as_ref().is_some_and(|m| m.len() >= usize::from(SIZE.1)))?;
    row("first matches of a filter", typed.elapsed(), 0.2);
    at.until(|s| s.filter_share().is_none())?;
    row("all matches", typed.elapsed(), f64::INFINITY);
    at.key(KeyCode::Char('2'));
    at.until(|s| s.judged.is_some() && s.judged_share().is_none())?;
    row("all findings", typed.elapsed(), f64::INFINITY);
    row("longest time without a picture", at.longest, 0.1);
    Ok(())
}

fn row(name: &str, took: Duration, goal: f64) {
    let took = took.as_secs_f64();
    if goal.is_finite() {
        println!("{name:32}{took:>10.3} s  {goal:>12.1} s");
    } else {
        println!("{name:32}{took:>10.3} s");
    }
}

struct Inspector {
    session: Session,
    terminal: Terminal<TestBackend>,
    /// The longest time between two pictures.
    longest: Duration,
}

impl Inspector {
    fn key(&mut self, code: KeyCode) {
        self.session.handle(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    /// Draws until the state is so, and once more.
    fn until(&mut self, reached: impl Fn(&mip6_tui::state::State) -> bool) -> Result<(), Failure> {
        let begun = Instant::now();
        loop {
            let drawn = Instant::now();
            self.session.wait(Duration::from_millis(20));
            self.session.look();
            self.terminal.draw(|frame| view::draw(&self.session.state, frame))?;
            self.longest = self.longest.max(drawn.elapsed());
            if reached(&self.session.state) {
                return Ok(());
            }
            if begun.elapsed() > Duration::from_secs(300) {
                return Err("it does not come to rest".into());
            }
        }
    }
}
