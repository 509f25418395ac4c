//! `mip6 tui`.

use std::path::PathBuf;

use clap::Args;

use super::{KeysArg, ProfileArg};

/// `mip6 tui`.
#[derive(Args, Debug)]
pub(crate) struct Tui {
    /// Capture file (pcap or pcapng, perhaps gzip), followed while it grows; `-` is
    /// standard input. Or the folder of a report of `mip6 conform --report`, likewise
    /// followed.
    #[arg(value_name = "FILE", required_unless_present = "interface")]
    pub(crate) file: Option<PathBuf>,
    /// Capture from an interface instead.
    #[arg(short, long, value_name = "IFACE", conflicts_with = "file")]
    pub(crate) interface: Option<String>,
    /// Capture filter in libpcap's syntax, with --interface.
    #[arg(short = 'f', long, value_name = "FILTER", requires = "interface")]
    pub(crate) capture_filter: Option<String>,
    /// Keep so much of the newest frames, on disk, with --interface; at least 8. The
    /// oldest go when there is no room.
    #[arg(long, value_name = "MIB", default_value_t = 1024, requires = "interface")]
    pub(crate) limit: u64,
    /// Judge packets by the security policies in this file, as `mip6 check` does.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// What code points mean.
    #[command(flatten)]
    pub(crate) profile: ProfileArg,
    /// What opens protected packets.
    #[command(flatten)]
    pub(crate) keys: KeysArg,
}
