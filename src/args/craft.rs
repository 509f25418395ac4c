//! The command lines of what makes and sends packets.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::KeysArg;

/// `mip6 craft`.
#[derive(Args, Debug)]
pub(crate) struct Craft {
    /// Spec of packets (YAML, `mip6 schema spec`); `-` is standard input.
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,
    /// Capture to write, by its name pcap or pcapng; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) write: PathBuf,
    /// What frames begin with, whatever the spec says.
    #[arg(long, value_name = "LINK")]
    pub(crate) link: Option<LinkArg>,
    /// What seals packets.
    #[command(flatten)]
    pub(crate) keys: KeysArg,
}

/// What frames begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinkArg {
    /// Ethernet.
    Ethernet,
    /// An IP packet.
    Raw,
}
