//! `mip6 conform`: conformance cases against a node.

mod folder;

use std::borrow::Cow;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use mip6_conformance::case::topology::Role;
use mip6_conformance::case::{Suite, SuiteError};
use mip6_conformance::report::schema::{ConformOptions, ConformPlanned, ConformRun};
use mip6_conformance::report::{Case, Human, Json, Junit, Report};
use mip6_conformance::roles::{Fault, Faults, faults};
use mip6_conformance::run::matrix::matrix;
use mip6_conformance::run::suite::{Job, is_bad, run_all, threads};
use mip6_conformance::run::verdict::{Outcome, Verdict};
use mip6_conformance::run::{Options, Weather};
use mip6_conformance::select::Selection;
use mip6_conformance::subject::Subject;
use mip6_dissect::tree::escape_line;

use self::folder::Folder;
use super::live::Live;
use super::progress::Steps;
use crate::args::{Conform, ConformFormat, RoleArg};
use crate::exit::Exit;
use crate::output::{Stop, stdout, use_color};

/// What `--iut` calls the embedded node.
const REFERENCE: &str = "reference";

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
    let subject = if args.iut == Path::new(REFERENCE) {
        Subject::reference()
    } else {
        Subject::load(&args.iut).map_err(Stop::input)?
    };
    if args.preflight {
        return super::live::preflight(&subject);
    }
    let selection = selection(args);
    let listed = "`mip6 conform --list` lists all";
    if let Some(unknown) = selection.unknown(suite) {
        return Err(Stop::input(format!("{unknown}; {listed}")));
    }
    let jobs = selection.jobs(suite);
    if jobs.is_empty() {
        return Err(Stop::input(format!("no case is all that is asked for; {listed}")));
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
        ids: args.id.clone(),
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
        let mut folder = match &self.args.report {
            Some(path) => Some(Folder::new(path, &self.plan())?),
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
            outcome.case = self.called(&outcome.case, seed);
            outcome
        };
        let each = |outcome: Outcome| {
            exit = exit.max(match outcome.verdict {
                Verdict::Fail => Exit::Findings,
                Verdict::Error => Exit::Internal,
                Verdict::Pass | Verdict::Inconclusive | Verdict::Skip => Exit::Clean,
            });
            let told = tell(&outcome, folder.as_mut(), &mut report);
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
        let troubled = folder.is_some_and(|mut f| f.end(took));
        Ok(if troubled { exit.max(Exit::Environment) } else { exit })
    }

    /// What an instance is called where it is run with a seed.
    fn called(&self, instance: &str, seed: u64) -> String {
        match self.args.repeat {
            1 => instance.to_owned(),
            _ => format!("{instance} (seed {seed})"),
        }
    }

    /// What is going to be run, for those who watch the report.
    fn plan(&self) -> ConformRun<'_> {
        let args = self.args;
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // Whoever runs a case again may stand elsewhere.
        let whole = |dir: &Path| std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        let turns = 0..u64::from(args.repeat);
        let seeds = turns.map(|turn| self.options.seed + turn);
        let planned = |job: &Job<'_>, seed| ConformPlanned {
            case: Cow::Owned(self.called(&job.instance.id, seed)),
            role: Cow::Borrowed(job.case.role.name()),
        };
        ConformRun {
            node: Cow::Borrowed(&self.subject.name),
            reference: args.iut == Path::new(REFERENCE) && !args.live,
            began_ms: u64::try_from(began.as_millis()).unwrap_or(u64::MAX),
            options: ConformOptions {
                faults: args.fault.iter().map(|f| Cow::Borrowed(f.as_str())).collect(),
                seed: args.seed,
                loss: args.loss,
                duplicate: args.duplicate,
                reorder: args.reorder,
                cases: args
                    .cases
                    .as_deref()
                    .map(|d| whole(d).to_string_lossy().into_owned().into()),
            },
            cases: self
                .jobs
                .iter()
                .flat_map(|job| seeds.clone().map(move |seed| planned(job, seed)))
                .collect(),
        }
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

/// Writes down and prints what became of a case.
fn tell(
    outcome: &Outcome,
    mut folder: Option<&mut Folder>,
    report: &mut impl Report,
) -> Result<(), Stop> {
    let evidence = match &mut folder {
        Some(folder) if !outcome.evidence.is_empty() => folder.keep(outcome),
        _ => None,
    };
    let case = Case { outcome, evidence: evidence.as_deref() };
    report.case(&case)?;
    if let Some(folder) = folder {
        folder.case(&case);
    }
    Ok(())
}
