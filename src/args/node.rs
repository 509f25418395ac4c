//! The command lines of `mip6 node` and `mip6 ask`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::RoleArg;

/// `mip6 node`.
#[derive(Args, Debug)]
pub(crate) struct Node {
    /// What it is to be: the file must say the same.
    #[arg(value_name = "ROLE")]
    pub(crate) role: RoleArg,
    /// The node's file (YAML, `mip6 schema node`).
    #[arg(short, long, value_name = "FILE")]
    pub(crate) config: PathBuf,
    /// Interface on all its links, instead of what the file says.
    #[arg(short, long, value_name = "IFACE")]
    pub(crate) interface: Option<String>,
    /// Socket by which it can be asked and told, instead of what the file says.
    #[arg(long, value_name = "PATH")]
    pub(crate) control: Option<PathBuf>,
    /// Give it a fault; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
    /// Keep all frames as a capture (pcapng).
    #[arg(short, long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
    /// Read the file, say what is wrong with it, and end.
    #[arg(long)]
    pub(crate) check: bool,
}

/// `mip6 ask`.
#[derive(Args, Debug)]
pub(crate) struct Ask {
    /// Control socket of a running `mip6 node`.
    #[arg(value_name = "SOCKET")]
    pub(crate) socket: PathBuf,
    /// What to ask or tell.
    #[command(subcommand)]
    pub(crate) what: What,
}

/// What a node can be asked or told.
#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// What it has: addresses, bindings, associations, counters.
    State,
    /// Its faults; all there are: `mip6 conform --list-faults`.
    Faults,
    /// Switch a fault on or off.
    Fault {
        /// Its name.
        name: String,
        /// Which.
        #[arg(value_enum)]
        on: Switch,
    },
    /// Tell it to do something: a name, or a map in JSON, `{"register":{"lifetime":null}}`.
    Do {
        /// The command.
        command: String,
    },
    /// Tell it to end.
    Stop,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}
