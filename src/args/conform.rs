//! The command line of `mip6 conform`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `mip6 conform`.
#[derive(Args, Debug)]
pub(crate) struct Conform {
    /// Only cases whose ids hold one of these words.
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,
    /// Only the case with this id: one row of it, `CASE/ROW`, or all.
    #[arg(long, value_name = "ID")]
    pub(crate) id: Vec<String>,
    /// Description of the node under test; `reference` is the embedded one.
    #[arg(long, value_name = "FILE", default_value = "reference")]
    pub(crate) iut: PathBuf,
    /// Run the cases on real interfaces, with the node that the description of --iut
    /// says how to reach.
    #[arg(long, requires = "iut", conflicts_with_all = ["faults", "loss", "duplicate", "reorder", "jobs", "repeat"])]
    pub(crate) live: bool,
    /// Look whether cases can be run on real interfaces, and say how to mend what is
    /// in the way.
    #[arg(long, requires = "iut", conflicts_with_all = ["faults", "list"])]
    pub(crate) preflight: bool,
    /// Only cases for nodes of this role.
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<RoleArg>,
    /// Only cases about these requirements: ids, or what they begin with.
    #[arg(long, value_name = "ID")]
    pub(crate) requirement: Vec<String>,
    /// Only cases about requirements from here: `"RFC6275 10.3"`.
    #[arg(long, value_name = "SECTION")]
    pub(crate) section: Vec<String>,
    /// Only cases with one of these tags.
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// Cases from a folder instead of those that come with the program.
    #[arg(long, value_name = "DIR")]
    pub(crate) cases: Option<PathBuf>,
    /// List the cases instead of running them.
    #[arg(long, conflicts_with_all = ["dry_run", "faults", "list_faults"])]
    pub(crate) list: bool,
    /// Say what would be run and what would be skipped.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Stop at the first case that fails.
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Run each case so often, every time with the next seed.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repeat: u32,
    /// Where randomness comes from: the same seed, the same run.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Cases that are run at a time; as many as the machine has room for, if left
    /// out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) jobs: Option<u32>,
    /// Give the node under test a fault.
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
    /// List the faults.
    #[arg(long, conflicts_with_all = ["dry_run", "faults"])]
    pub(crate) list_faults: bool,
    /// Run the cases with every fault there is, and show which case notices which.
    #[arg(long, conflicts_with_all = ["dry_run", "fault", "report", "repeat"])]
    pub(crate) faults: bool,
    /// Share of frames that links lose, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, value_parser = percent)]
    pub(crate) loss: f64,
    /// Share of frames that arrive twice, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, value_parser = percent)]
    pub(crate) duplicate: f64,
    /// Share of frames that are overtaken, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, value_parser = percent)]
    pub(crate) reorder: f64,
    /// Write a report: a page, and the evidence of every case.
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ConformFormat,
}

/// Roles whose nodes are tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleArg {
    /// Home agent.
    #[value(alias = "ha")]
    HomeAgent,
    /// Mobile node.
    #[value(alias = "mn")]
    MobileNode,
    /// Correspondent node.
    #[value(alias = "cn")]
    Correspondent,
    /// Access router.
    #[value(alias = "ar")]
    AccessRouter,
}

/// How outcomes are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConformFormat {
    /// For people.
    Human,
    /// An object on a line for each case.
    Json,
    /// JUnit's XML.
    Junit,
}

/// A share between 0 and 100 percent.
fn percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').trim().parse::<f64>() {
        Ok(p) if (0.0..=100.0).contains(&p) => Ok(p),
        _ => Err("expected a number from 0 to 100".to_owned()),
    }
}
