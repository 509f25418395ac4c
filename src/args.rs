//! The command line.

mod conform;
mod craft;
mod node;
mod tui;

pub(crate) use conform::{Conform, ConformFormat, RoleArg};
pub(crate) use craft::{Craft, Inject, LinkArg, OutArg, Replay};
pub(crate) use node::{Ask, Node, Switch, What};
pub(crate) use tui::Tui;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Dissects and judges Mobile IPv6 traffic.
#[derive(Debug, Parser)]
#[command(
    name = "mip6",
    version,
    about,
    after_help = "Exit codes: 0 clean or passed; 1 findings; 2 usage or unreadable input; \
                  3 environment or privilege; 4 internal error.",
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the packets of a capture, field by field.
    Dissect(Dissect),
    /// Judge captures against the specifications; a gate for pipelines.
    Check(Check),
    /// List what became of bindings, over time.
    Bindings(Bindings),
    /// Run conformance cases against a node.
    Conform(Conform),
    /// Make packets from a spec, and write them to a capture.
    Craft(Craft),
    /// Send packets made from a spec.
    Inject(Inject),
    /// Send the packets of a capture again.
    Replay(Replay),
    /// Play a role on real interfaces, until interrupted.
    Node(Node),
    /// Ask or tell a node that `mip6 node` plays.
    Ask(Ask),
    /// List the requirements, their sources and what checks them.
    Rules(Rules),
    /// Look at a capture in the terminal: packets, findings, conversations, keys.
    Tui(Tui),
    /// Print the JSON schema of what a command prints.
    Schema(Schema),
    /// Print a script that completes commands in a shell.
    Completions(Completions),
    /// Print the manual page, or write one for each command.
    Man(Man),
}

/// `mip6 dissect`.
#[derive(Args, Debug)]
pub(crate) struct Dissect {
    /// Capture file (pcap or pcapng, perhaps gzip); `-` is standard input.
    #[arg(value_name = "FILE", required_unless_present_any = ["read", "interface", "list_fields"])]
    pub(crate) file: Option<PathBuf>,
    /// The same, as tshark has it.
    #[arg(short, long, value_name = "FILE", conflicts_with = "file")]
    pub(crate) read: Option<PathBuf>,
    /// Capture from an interface instead.
    #[arg(short, long, value_name = "IFACE", conflicts_with_all = ["file", "read"])]
    pub(crate) interface: Option<String>,
    /// Capture filter in libpcap's syntax, with --interface.
    #[arg(short = 'f', long, value_name = "FILTER", requires = "interface")]
    pub(crate) capture_filter: Option<String>,
    /// Display filter in Wireshark's syntax: show only packets that match.
    #[arg(short = 'Y', long, value_name = "FILTER")]
    pub(crate) filter: Option<String>,
    /// Show the field tree.
    #[arg(short = 'V', long)]
    pub(crate) verbose: bool,
    /// Show what sender and receiver do with each packet under IPsec, step by
    /// step.
    #[arg(long)]
    pub(crate) steps: bool,
    /// What to print.
    #[arg(short = 'T', long = "type", value_name = "FORMAT", default_value = "text")]
    pub(crate) format: DissectFormat,
    /// Print this field; may be given several times.
    #[arg(short = 'e', long = "field", value_name = "FIELD")]
    pub(crate) fields: Vec<String>,
    /// Stop after this many packets.
    #[arg(short = 'c', long, value_name = "N")]
    pub(crate) count: Option<u64>,
    /// List all field names and end.
    #[arg(long)]
    pub(crate) list_fields: bool,
    /// What code points mean.
    #[command(flatten)]
    pub(crate) profile: ProfileArg,
    /// What opens protected packets.
    #[command(flatten)]
    pub(crate) keys: KeysArg,
}

/// What `mip6 dissect` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DissectFormat {
    /// A line for each packet, or its field tree with -V.
    Text,
    /// An object on a line for each packet.
    Json,
    /// The fields named with -e, separated by tabs.
    Fields,
    /// A spec for `mip6 craft` that makes the same octets.
    Spec,
}

/// Choice of a profile.
#[derive(Args, Debug)]
pub(crate) struct ProfileArg {
    /// What code points mean: rfc6275, lke-01, auto, or a YAML file with your
    /// own numbers.
    #[arg(long, value_name = "PROFILE", default_value = "auto")]
    pub(crate) profile: String,
}

/// Choice of keys.
#[derive(Args, Debug)]
pub(crate) struct KeysArg {
    /// Security associations with their keys: a YAML file (`mip6 schema keys`),
    /// Wireshark's esp_sa table, the output of `ip xfrm state`, or setkey
    /// commands.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
}

/// `mip6 check`.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// Captures, or folders of them; `-` is standard input.
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// How to report.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ReportFormat,
    /// The mildest level that fails the gate.
    #[arg(long, value_name = "LEVEL", default_value = "must")]
    pub(crate) fail_on: LevelArg,
    /// Judge only requirements with these ids or prefixes.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Do not judge requirements with these ids or prefixes.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Findings in this file are known and do not fail the gate.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the findings to this file, as a baseline for later runs.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Judge each packet alone, not what packets say of each other.
    #[arg(long)]
    pub(crate) alone: bool,
    /// Judge packets by the security policies in this file: the notation of RFC
    /// 3776 5, alone or in a key file, `ip xfrm policy`, or setkey's spdadd. A
    /// policy in the file of --keys counts as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Print every finding, not the first few of each rule.
    #[arg(long)]
    pub(crate) all: bool,
    /// What code points mean.
    #[command(flatten)]
    pub(crate) profile: ProfileArg,
    /// What opens protected packets.
    #[command(flatten)]
    pub(crate) keys: KeysArg,
}

/// How `mip6 check` reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people: grouped by rule.
    Human,
    /// An object on a line for each finding, then a summary.
    Json,
    /// JUnit XML, for forges that show test results.
    Junit,
    /// SARIF 2.1.0, for forges that show code scanning results.
    Sarif,
}

/// Level of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelArg {
    /// A requirement was broken.
    Must,
    /// A recommendation was not followed.
    Should,
    /// Anything at all.
    May,
}

/// `mip6 bindings`.
#[derive(Args, Debug)]
pub(crate) struct Bindings {
    /// Capture file (pcap or pcapng, perhaps gzip); `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ListFormat,
    /// What code points mean.
    #[command(flatten)]
    pub(crate) profile: ProfileArg,
    /// What opens protected packets.
    #[command(flatten)]
    pub(crate) keys: KeysArg,
}

/// `mip6 rules`.
#[derive(Args, Debug)]
pub(crate) struct Rules {
    /// Only these requirements or groups: ids or prefixes.
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ListFormat,
}

/// How lists are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people.
    Human,
    /// An object on a line for each.
    Json,
}

/// `mip6 schema`.
#[derive(Args, Debug)]
pub(crate) struct Schema {
    /// Of what.
    pub(crate) of: SchemaOf,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// `mip6 dissect -T json`, one line.
    Dissect,
    /// `mip6 check --format json`, one line.
    Check,
    /// `mip6 rules --format json`, one line.
    Rules,
    /// `mip6 bindings --format json`, one line.
    Bindings,
    /// `mip6 conform --format json`, one line.
    Conform,
    /// `run.json` of a report of `mip6 conform`.
    Run,
    /// The file of `mip6 check --baseline`.
    Baseline,
    /// The file of `--profile`.
    Profile,
    /// The file of `--keys`.
    Keys,
    /// The file of a conformance case.
    Case,
    /// The file of `mip6 node`.
    Node,
    /// The file of `mip6 conform --iut`.
    Subject,
    /// The file of `mip6 craft` and `mip6 inject`.
    Spec,
}

/// `mip6 completions`.
#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

/// `mip6 man`.
#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Write a page for each command into this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
