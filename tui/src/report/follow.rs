//! The files of a report, followed while they grow.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{sleep, spawn};
use std::time::Duration;

use mip6_conformance::report::schema::{ConformOptions, ConformRun};
use mip6_conformance::run::verdict::Verdict;
use mip6_dissect::tree::escape_line;
use serde::Deserialize;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_millis(200);
/// Octets of a line, and of a plan; what is longer is no result of ours.
const LONGEST: usize = 8 << 20;
/// Rows that are told of at once.
const BATCH: usize = 1 << 10;
/// Octets that are read at once.
const CHUNK: usize = 1 << 16;

/// What is going to be run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the node under test; fit for a terminal.
    pub node: String,
    /// The node is the embedded one.
    pub reference: bool,
    /// When the run began, in milliseconds since 1970.
    pub began_ms: u64,
    /// How cases are run.
    pub options: ConformOptions<'static>,
    /// Ids of cases, as in results, and the role under test.
    pub cases: Vec<(String, String)>,
}

/// Where the line of a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which report it is in: 0 is the one that was opened.
    pub report: usize,
    /// Octets in front of it.
    pub at: u64,
    /// Octets of it.
    pub len: u32,
}

/// A result, as far as a line tells; text is as it stands in the file.
#[derive(Clone, Debug)]
pub struct Row {
    /// Id of the case.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Role under test.
    pub role: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Ids of its requirements, and why it ended so.
    pub said: String,
    /// Where the rest of it is.
    pub place: Place,
}

/// What the files have become.
#[derive(Debug)]
pub enum News {
    /// Another run has begun: what was told of holds no longer.
    Anew,
    /// The plan of the run.
    Plan(Box<Plan>),
    /// Cases that have finished.
    Rows(Vec<Row>),
    /// So many lines that cannot be understood.
    Damaged(u64),
    /// The run has ended, after so many milliseconds.
    Ended(u64),
    /// The plan cannot be read.
    NoPlan(String),
    /// Results cannot be read.
    Trouble(String),
    /// There is no more for now.
    CaughtUp,
}

/// What a line says at least.
#[derive(Deserialize)]
#[serde(untagged)]
enum Head {
    Case {
        case: String,
        title: String,
        role: String,
        verdict: Verdict,
        #[serde(default)]
        requirements: Vec<String>,
        #[serde(default)]
        message: Option<String>,
    },
    Summary {
        summary: Sum,
    },
}

#[derive(Deserialize)]
struct Sum {
    ms: u64,
}

/// Follows a report until it is told to stop.
pub(super) fn start(folder: PathBuf, stop: Arc<AtomicBool>, tell: impl Fn(News) + Send + 'static) {
    spawn(move || {
        let mut follower = Follower::new(&folder, 0);
        while !stop.load(Ordering::Relaxed) {
            follower.look(&tell);
            sleep(LOOK);
        }
    });
}

/// Opens a file of a report; only what is one: a pipe would never end.
pub(super) fn open(path: &Path) -> io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("is no file"));
    }
    File::open(path)
}

/// Reads a report from where it was read last.
pub(super) struct Follower {
    plan: PathBuf,
    results: PathBuf,
    report: usize,
    /// What the plan was when it was read.
    planned: Option<(u64, u64, i64, i64)>,
    file: Option<File>,
    /// Octets that are read.
    read: u64,
    /// The line that is being read.
    line: Vec<u8>,
    /// It is too long.
    too_long: bool,
    trouble: Option<String>,
    caught_up: bool,
}

impl Follower {
    pub(super) fn new(folder: &Path, report: usize) -> Self {
        Self {
            plan: folder.join("run.json"),
            results: folder.join("results.jsonl"),
            report,
            planned: None,
            file: None,
            read: 0,
            line: Vec::new(),
            too_long: false,
            trouble: None,
            caught_up: false,
        }
    }

    /// Reads what there is now.
    pub(super) fn look(&mut self, tell: &impl Fn(News)) {
        self.look_at_plan(tell);
        if let Err(e) = self.look_at_results(tell) {
            let trouble = format!("{}: {e}", self.results.display());
            if self.trouble.as_ref() != Some(&trouble) {
                tell(News::Trouble(escape_line(&trouble)));
                self.trouble = Some(trouble);
            }
        } else {
            self.trouble = None;
        }
        if !std::mem::replace(&mut self.caught_up, true) {
            tell(News::CaughtUp);
        }
    }

    fn look_at_plan(&mut self, tell: &impl Fn(News)) {
        // Reports have not always had one.
        let Ok(meta) = std::fs::metadata(&self.plan) else { return };
        let now = (meta.ino(), meta.len(), meta.mtime(), meta.mtime_nsec());
        if self.planned == Some(now) {
            return;
        }
        if self.planned.replace(now).is_some() {
            self.begin(tell);
        }
        match plan(&self.plan) {
            Ok(plan) => tell(News::Plan(Box::new(plan))),
            Err(e) => {
                tell(News::NoPlan(escape_line(&format!("{}: {e}", self.plan.display()))));
            }
        }
    }

    fn begin(&mut self, tell: &impl Fn(News)) {
        (self.file, self.read, self.too_long, self.caught_up) = (None, 0, false, false);
        self.line.clear();
        tell(News::Anew);
    }

    fn look_at_results(&mut self, tell: &impl Fn(News)) -> io::Result<()> {
        let id = |m: &Metadata| (m.dev(), m.ino());
        let named = std::fs::metadata(&self.results)?;
        if let Some(file) = &self.file {
            let held = file.metadata()?;
            if id(&held) != id(&named) || held.len() < self.read {
                self.begin(tell);
            }
        }
        if self.file.is_none() {
            self.file = Some(open(&self.results)?);
        }
        let Some(file) = self.file.take() else { return Ok(()) };
        let read = self.read_on(&file, tell);
        self.file = Some(file);
        read
    }

    fn read_on(&mut self, file: &File, tell: &impl Fn(News)) -> io::Result<()> {
        let (mut rows, mut damaged) = (Vec::new(), 0);
        let mut chunk = vec![0; CHUNK];
        loop {
            let n = file.read_at(&mut chunk, self.read)?;
            let mut rest = chunk.get(..n).unwrap_or_default();
            while let Some(end) = rest.iter().position(|o| *o == b'\n') {
                let (head, tail) = rest.split_at(end);
                self.take(head);
                self.read += head.len() as u64 + 1;
                rest = tail.get(1..).unwrap_or_default();
                let line = std::mem::take(&mut self.line);
                let too_long = std::mem::take(&mut self.too_long);
                if line.trim_ascii().is_empty() && !too_long {
                    continue;
                }
                match serde_json::from_slice(&line) {
                    Ok(Head::Case { case, title, role, verdict, requirements, message })
                        if !too_long =>
                    {
                        let (at, len) = (self.read - 1 - line.len() as u64, line.len() as u32);
                        let place = Place { report: self.report, at, len };
                        let said =
                            format!("{} {}", requirements.join(" "), message.unwrap_or_default());
                        rows.push(Row { id: case, title, role, verdict, said, place });
                    }
                    Ok(Head::Summary { summary }) if !too_long => {
                        tell(News::Rows(std::mem::take(&mut rows)));
                        tell(News::Ended(summary.ms));
                    }
                    _ => damaged += 1,
                }
            }
            self.take(rest);
            self.read += rest.len() as u64;
            if rows.len() >= BATCH || (n == 0 && !rows.is_empty()) {
                tell(News::Rows(std::mem::take(&mut rows)));
            }
            if n == 0 {
                break;
            }
        }
        if damaged > 0 {
            tell(News::Damaged(damaged));
        }
        Ok(())
    }

    /// Takes in a piece of a line.
    fn take(&mut self, octets: &[u8]) {
        if self.too_long || self.line.len() + octets.len() > LONGEST {
            self.too_long = true;
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(octets);
        }
    }
}

fn plan(path: &Path) -> io::Result<Plan> {
    let mut text = Vec::new();
    open(path)?.take(LONGEST as u64 + 1).read_to_end(&mut text)?;
    if text.len() > LONGEST {
        return Err(io::Error::other("is too long"));
    }
    let run: ConformRun<'static> = serde_json::from_slice(&text)?;
    Ok(Plan {
        node: escape_line(&run.node),
        reference: run.reference,
        began_ms: run.began_ms,
        options: run.options,
        cases: run.cases.into_iter().map(|c| (c.case.into_owned(), c.role.into_owned())).collect(),
    })
}
