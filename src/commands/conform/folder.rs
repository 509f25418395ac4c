//! The folder of a report: the page, the results as they come, and evidence.

use std::fs::{File, OpenOptions, create_dir_all};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mip6_conformance::report::schema::ConformRun;
use mip6_conformance::report::{Case, Html, Json, Report};
use mip6_conformance::run::verdict::Outcome;

use crate::exit::Exit;
use crate::output::{Stop, complain};

/// The folder of a report.
pub(super) struct Folder {
    path: PathBuf,
    page: Html<BufWriter<File>>,
    /// Lines are short of nothing when somebody watches: each is written at once.
    lines: Json<File>,
    /// Something could not be written.
    troubled: bool,
}

impl Folder {
    /// Begins a report of what is going to be run.
    pub(super) fn new(path: &Path, plan: &ConformRun<'_>) -> Result<Self, Stop> {
        let evidence = path.join("evidence");
        create_dir_all(&evidence).map_err(|e| trouble(&evidence, &e))?;
        let create = |name: &str| {
            let path = path.join(name);
            File::create(&path).map_err(|e| trouble(&path, &e))
        };
        // Results of a run before are gone before there is a new plan.
        let lines = Json::new(create("results.jsonl")?);
        let mut text = serde_json::to_vec(plan)?;
        text.push(b'\n');
        let planned = create("run.json")?.write_all(&text);
        let page = Html::new(BufWriter::new(create("index.html")?), &plan.node);
        let mut folder = Self { path: path.to_owned(), page, lines, troubled: false };
        // On a disk that is full, verdicts count nevertheless.
        folder.wrote("run.json", planned);
        Ok(folder)
    }

    /// Writes the evidence of a case, its keys beside it; where, relative to the
    /// report. Where evidence cannot be written, the verdict counts nevertheless.
    pub(super) fn keep(&mut self, outcome: &Outcome) -> Option<String> {
        let safe = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
        let name: String = outcome.case.chars().map(safe).collect();
        let relative = format!("evidence/{name}.pcapng");
        let keys = format!("evidence/{name}.keys");
        let mut written = std::fs::write(self.path.join(&relative), &outcome.evidence);
        let mut of = &relative;
        if written.is_ok() && !outcome.keys.associations.is_empty() {
            of = &keys;
            written = write_secret(&self.path.join(&keys), outcome.key_file.as_bytes());
        }
        match written {
            Ok(()) => Some(relative),
            Err(e) => {
                let path = self.path.join(of);
                complain(&format!("no evidence of {}: {}: {e}", outcome.case, path.display()));
                self.troubled = true;
                None
            }
        }
    }

    /// A case has finished.
    pub(super) fn case(&mut self, case: &Case<'_>) {
        let written = self.page.case(case);
        self.wrote("index.html", written);
        let written = self.lines.case(case);
        self.wrote("results.jsonl", written);
    }

    /// All have, and it took this long. Whether something could not be written.
    pub(super) fn end(&mut self, took: Duration) -> bool {
        let written = self.page.end(took);
        self.wrote("index.html", written);
        let written = self.lines.end(took);
        self.wrote("results.jsonl", written);
        self.troubled
    }

    /// What has become of a file, which is said the first time that one fails.
    fn wrote(&mut self, name: &str, written: io::Result<()>) {
        if let Err(e) = written
            && !std::mem::replace(&mut self.troubled, true)
        {
            complain(&format!("{}: {e}", self.path.join(name).display()));
        }
    }
}

fn trouble(path: &Path, e: &io::Error) -> Stop {
    Stop::Failed(Exit::Environment, format!("{}: {e}", path.display()))
}

/// Writes a file that nobody else may read: keys, though of no use elsewhere.
fn write_secret(path: &Path, octets: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(octets)
}
