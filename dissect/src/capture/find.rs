//! Captures in folders.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why captures could not be listed.
#[derive(Debug, Error)]
pub enum FindError {
    /// A folder without captures.
    #[error(
        "{}: no captures in this folder or below it (*.pcap, *.pcapng, *.cap, perhaps with .gz)",
        .0.display()
    )]
    None(PathBuf),
    /// A folder that cannot be listed.
    #[error("{}: cannot list: {source}", folder.display())]
    List {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Files as they are, `-` for standard input, folders with the captures below
/// them in order of their names.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, FindError> {
    let mut files = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" || !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        descend(path, &mut files)?;
        if files.len() == before {
            return Err(FindError::None(path.clone()));
        }
    }
    Ok(files)
}

fn descend(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), FindError> {
    let failed = |source| FindError::List { folder: folder.to_owned(), source };
    let mut entries = std::fs::read_dir(folder)
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // Links to folders could lead in circles.
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            descend(&path, files)?;
        } else if is_capture_name(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_capture_name(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_ascii_lowercase());
    let name = name.unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [".pcap", ".pcapng", ".cap"].iter().any(|e| name.ends_with(e))
}
