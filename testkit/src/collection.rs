//! A collection of captures from elsewhere, too large for the project.

use std::path::{Path, PathBuf};

/// The folder that `MIP6_CAPTURES` names, or `../shared/captures` beside the
/// project. Where there is none, says so: tests over it are skipped.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("MIP6_CAPTURES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/captures"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no captures in {} (MIP6_CAPTURES names another place)", folder.display());
    None
}
