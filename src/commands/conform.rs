//! `mip6 conform`: conformance cases against a node.

use std::cell::Cell;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use mip6_conformance::case::topology::Role;
use mip6_conformance::case::{Suite, SuiteError};
use mip6_conformance::report::{Case, Html, Human, Json, Junit, Report};
use mip6_conformance::roles::{Fault, Faults, faults};
use mip6_conformance::run::matrix::matrix;
use mip6_conformance::run::suite::{Job, is_bad, run_all, threads};
use mip6_conformance::run::verdict::{Outcome, Verdict};
use mip6_conformance::run::{Options, Weather};
use mip6_conformance::select::Selection;
use mip6_conformance::subject::Subject;
use mip6_dissect::tree::escape_line;

use super::live::Live;
use super::progress::Steps;
use crate::args::{Conform, ConformFormat, RoleArg};
use crate::exit::Exit;
use crate::output::{Stop, complain, stdout, use_color};

pub(crate) fn run(args: &Conform) -> Result<Exit, Stop> {
    if args.list_faults {
        return list_faults();
    }
    let loaded;
    let suite = match &args.cases {
        None => Suite::embedded().map_err(Stop::input)?,
        Some(dir) => {
            loaded = Suite::from_dir(dir).map_err(|e: SuiteError| Stop::input(e))?;
            &loaded
        }
    };
    let subject = if args.iut == Path::new("reference") {
        Subject::reference()
    } else {
        Subject::load(&args.iut).map_err(Stop::input)?
    };
    if args.preflight {
        return super::live::preflight(&subject);
    }
    let jobs = selection(args).jobs(suite);
    if jobs.is_empty() {
        return Err(Stop::input("no case is meant; `mip6 conform --list` lists them"));
    }
    if args.list {
        return list(&jobs);
    }
    let options = Options {
        faults: wanted_faults(&args.fault)?,
        weather: Weather {
            loss: args.loss / 100.0,
            duplicate: args.duplicate / 100.0,
            reorder: args.reorder / 100.0,
        },
        seed: args.seed,
        readings: subject.readings(),
        bare: false,
    };
    if args.dry_run {
        return dry_run(&jobs, &subject);
    }
    let run = Run { args, suite, subject, jobs, options };
    if args.faults {
        return run.matrix();
    }
    let mut human = Human::new(stdout(), use_color());
    match args.format {
        ConformFormat::Human => {
            human.begin(run.jobs.len() * args.repeat as usize)?;
            run.cases(human)
        }
        ConformFormat::Json => run.cases(Json::new(stdout())),
        ConformFormat::Junit => run.cases(Junit::new(stdout())),
    }
}

fn selection(args: &Conform) -> Selection {
    let role = |r: &RoleArg| match r {
        RoleArg::HomeAgent => Role::HomeAgent,
        RoleArg::MobileNode => Role::MobileNode,
        RoleArg::Correspondent => Role::Correspondent,
        RoleArg::AccessRouter => Role::AccessRouter,
    };
    Selection {
        words: args.filters.clone(),
        roles: args.role.iter().map(role).collect(),
        requirements: args.requirement.clone(),
        sections: args.section.clone(),
        tags: args.tag.clone(),
    }
}

fn wanted_faults(names: &[String]) -> Result<Faults, Stop> {
    let mut wanted = Faults::none();
    for name in names {
        let fault = faults::all().find(|f| f.name == name).ok_or_else(|| {
            Stop::input(format!("no fault is called `{name}`; `--list-faults` lists them"))
        })?;
        wanted = wanted.with(fault);
    }
    Ok(wanted)
}

fn list(jobs: &[Job<'_>]) -> Result<Exit, Stop> {
    let mut out = stdout();
    for job in jobs {
        writeln!(
            out,
            "{}: {} [{}]",
            job.instance.id,
            escape_line(&job.case.title),
            job.case.requirements.join(", ")
        )?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn list_faults() -> Result<Exit, Stop> {
    let mut out = stdout();
    for fault in faults::all() {
        writeln!(out, "{}: {} [{}]", fault.name, fault.does, fault.breaks.join(", "))?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn dry_run(jobs: &[Job<'_>], subject: &Subject) -> Result<Exit, Stop> {
    let mut out = stdout();
    for job in jobs {
        match subject.lacks(job.case) {
            None => writeln!(out, "{}: would be run", job.instance.id)?,
            Some(why) => writeln!(out, "{}: would be skipped: {why}", job.instance.id)?,
        }
    }
    out.flush()?;
    Ok(Exit::Clean)
}

/// Cases that are to be run.
struct Run<'a> {
    args: &'a Conform,
    suite: &'a Suite,
    subject: Subject,
    jobs: Vec<Job<'a>>,
    options: Options,
}

impl Run<'_> {
    fn threads(&self) -> usize {
        self.args.jobs.map_or_else(threads, |n| n as usize)
    }

    fn cases(&self, mut report: impl Report) -> Result<Exit, Stop> {
        let live = self.args.live.then(|| Live::open(&self.subject)).transpose()?;
        let began = Instant::now();
        let folder = self.args.report.as_deref().map(Folder::new).transpose()?;
        let mut page = match &folder {
            Some(folder) => Some(Html::new(folder.page()?, &self.subject.name)),
            None => None,
        };
        let mut exit = Exit::Clean;
        let mut trouble = None;
        let repeat = self.args.repeat as usize;
        let work = |i: usize| {
            let (job, turn) = (&self.jobs[i / repeat], i % repeat);
            let seed = self.options.seed + turn as u64;
            let options = Options { seed, ..self.options.clone() };
            let mut outcome = job.run(&self.subject, &self.suite.sources, &options);
            if repeat > 1 {
                outcome.case = format!("{} (seed {seed})", outcome.case);
            }
            outcome
        };
        let each = |outcome: Outcome| {
            exit = exit.max(match outcome.verdict {
                Verdict::Fail => Exit::Findings,
                Verdict::Error => Exit::Internal,
                Verdict::Pass | Verdict::Inconclusive | Verdict::Skip => Exit::Clean,
            });
            let told = self.tell(&outcome, folder.as_ref(), &mut report, page.as_mut());
            match told {
                Err(e) => {
                    trouble = Some(e);
                    ControlFlow::Break(())
                }
                Ok(()) if self.args.fail_fast && is_bad(outcome.verdict) => ControlFlow::Break(()),
                Ok(()) => ControlFlow::Continue(()),
            }
        };
        if let Some(live) = live {
            live.run(&self.jobs, &self.subject, &self.suite.sources, &self.options, each);
        } else {
            let mut each = each;
            run_all(self.jobs.len() * repeat, self.threads(), work, |_, o| each(o));
        }
        if let Some(e) = trouble {
            return Err(e);
        }
        let took = began.elapsed();
        report.end(took)?;
        if let (Some(page), Some(folder)) = (&mut page, &folder) {
            folder.on_page(page.end(took));
        }
        let troubled = folder.is_some_and(|f| f.troubled.get());
        Ok(if troubled { exit.max(Exit::Environment) } else { exit })
    }

    fn tell(
        &self,
        outcome: &Outcome,
        folder: Option<&Folder>,
        report: &mut impl Report,
        page: Option<&mut Html<impl Write>>,
    ) -> Result<(), Stop> {
        let keep = outcome.verdict != Verdict::Pass || self.args.all_evidence || page.is_some();
        let evidence = match folder {
            Some(folder) if keep && !outcome.evidence.is_empty() => {
                folder.keep_if_possible(outcome)
            }
            _ => None,
        };
        report.case(&Case { outcome, evidence: evidence.as_deref() })?;
        if let (Some(page), Some(folder)) = (page, folder) {
            folder.on_page(page.case(&Case { outcome, evidence: evidence.as_deref() }));
        }
        Ok(())
    }

    fn matrix(&self) -> Result<Exit, Stop> {
        let faults: Vec<&'static Fault> = faults::all().collect();
        let mut steps = Steps::new("runs");
        let matrix = matrix(
            &self.jobs,
            &faults,
            &self.suite.sources,
            &self.options,
            self.threads(),
            |done, of| steps.at(done, of),
        );
        drop(steps);
        let mut out = stdout();
        for (fault, cases) in &matrix.kills {
            let shown: Vec<&str> = cases.iter().take(3).map(String::as_str).collect();
            let more = cases.len().saturating_sub(shown.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            match cases.len() {
                0 => writeln!(out, "{fault}: SURVIVES")?,
                n => writeln!(out, "{fault}: noticed by {n}: {}{more}", shown.join(", "))?,
            }
        }
        for case in &matrix.idle {
            writeln!(out, "{case}: notices no fault")?;
        }
        for (case, verdict) in &matrix.unsound {
            writeln!(out, "{case}: {} on the honest node", verdict.name())?;
        }
        writeln!(
            out,
            "{} faults, {} of them noticed; {} cases notice none; {} do not pass on the honest \
             node; {} runs",
            matrix.kills.len(),
            matrix.kills.len() - matrix.survivors().count(),
            matrix.idle.len(),
            matrix.unsound.len(),
            matrix.runs
        )?;
        out.flush()?;
        Ok(if matrix.is_whole() { Exit::Clean } else { Exit::Findings })
    }
}

/// The folder of a report.
struct Folder {
    path: PathBuf,
    /// Something could not be written.
    troubled: Cell<bool>,
}

impl Folder {
    fn new(path: &Path) -> Result<Self, Stop> {
        let folder = Self { path: path.to_owned(), troubled: Cell::new(false) };
        let evidence = path.join("evidence");
        std::fs::create_dir_all(&evidence).map_err(|e| Self::trouble(&evidence, &e))?;
        Ok(folder)
    }

    fn page(&self) -> Result<io::BufWriter<std::fs::File>, Stop> {
        let path = self.path.join("index.html");
        let file = std::fs::File::create(&path).map_err(|e| Self::trouble(&path, &e))?;
        Ok(io::BufWriter::new(file))
    }

    /// Writes the evidence of a case, its keys beside it; where, relative to the
    /// report.
    fn keep(&self, outcome: &Outcome) -> Result<String, Stop> {
        let safe = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
        let name: String = outcome.case.chars().map(safe).collect();
        let relative = format!("evidence/{name}.pcapng");
        self.write(&relative, &outcome.evidence)?;
        if !outcome.keys.associations.is_empty() {
            let keys = self.path.join(format!("evidence/{name}.keys"));
            write_secret(&keys, outcome.key_file.as_bytes())
                .map_err(|e| Self::trouble(&keys, &e))?;
        }
        Ok(relative)
    }

    /// The same; where evidence cannot be written, the verdict counts nevertheless.
    fn keep_if_possible(&self, outcome: &Outcome) -> Option<String> {
        match self.keep(outcome) {
            Ok(path) => Some(path),
            Err(Stop::Failed(_, why)) => {
                complain(&format!("no evidence of {}: {why}", outcome.case));
                self.troubled.set(true);
                None
            }
            Err(Stop::ReaderGone) => None,
        }
    }

    /// What has become of the page, which is said the first time that it fails.
    fn on_page(&self, written: io::Result<()>) {
        if let Err(e) = written
            && !self.troubled.replace(true)
        {
            complain(&format!("{}: {e}", self.path.join("index.html").display()));
        }
    }

    fn write(&self, relative: &str, octets: &[u8]) -> Result<(), Stop> {
        let path = self.path.join(relative);
        std::fs::write(&path, octets).map_err(|e| Self::trouble(&path, &e))
    }

    fn trouble(path: &Path, e: &io::Error) -> Stop {
        Stop::Failed(Exit::Environment, format!("{}: {e}", path.display()))
    }
}

/// Writes a file that nobody else may read: keys, though of no use elsewhere.
fn write_secret(path: &Path, octets: &[u8]) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(octets)
}
