//! End-to-end tests of the program, and tests of the project as a whole.

mod architecture;
mod captures;
mod cli;
mod damage;
mod real_nodes;
mod schemas;

use std::path::{Path, PathBuf};

/// The project's folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A collection of captures from elsewhere, too large for the project: the
/// folder that `MIP6_CAPTURES` names, or `../shared/captures`. Where there is
/// none, tests over it say so and pass.
fn collection() -> Option<PathBuf> {
    let folder = std::env::var_os("MIP6_CAPTURES")
        .map_or_else(|| root().join("../shared/captures"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no captures in {} (MIP6_CAPTURES names another place)", folder.display());
    None
}
