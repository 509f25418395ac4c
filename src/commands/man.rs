//! `mip6 man`: manual pages.

use std::io::Write;

use clap::CommandFactory;
use clap_mangen::Man as Page;

use crate::args::{Cli, Man};
use crate::exit::Exit;
use crate::output::{Stop, stdout};

pub(crate) fn run(args: &Man) -> Result<Exit, Stop> {
    let command = Cli::command();
    if let Some(dir) = &args.dir {
        return std::fs::create_dir_all(dir)
            .and_then(|()| clap_mangen::generate_to(command, dir))
            .map(|()| Exit::Clean)
            .map_err(|e| Stop::Failed(Exit::Environment, format!("{}: {e}", dir.display())));
    }
    let mut page = Vec::new();
    Page::new(command).render(&mut page)?;
    let mut out = stdout();
    out.write_all(&page)?;
    out.flush()?;
    Ok(Exit::Clean)
}
