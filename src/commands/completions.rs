//! `mip6 completions`: a script for a shell.

use std::io::Write;

use clap::CommandFactory;

use crate::args::{Cli, Completions};
use crate::exit::Exit;
use crate::output::{Stop, stdout};

pub(crate) fn run(args: &Completions) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mip6", &mut script);
    let mut out = stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Clean)
}
