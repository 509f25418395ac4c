//! `mip6 tui`.

use std::path::PathBuf;

use clap::Args;

use super::{KeysArg, ProfileArg};

/// `mip6 tui`.
#[derive(Args, Debug)]
pub(crate) struct Tui {
    /// Capture file (pcap or pcapng, perhaps gzip), followed while it grows; `-` is
    /// standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
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
