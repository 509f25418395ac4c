//! What is kept between runs, in the folder for state (XDG base directory
//! specification).

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::state::settings::Settings;

/// Where it is kept; `None` if there is no home.
fn path() -> Option<PathBuf> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let folder = absolute("XDG_STATE_HOME")
        .or_else(|| Some(absolute("HOME")?.join(".local").join("state")))?;
    Some(folder.join("mip6").join("tui.json"))
}

/// Reads it; what is not there, or cannot be understood, is as at the first run.
pub fn load() -> Settings {
    let text = path().and_then(|p| fs::read_to_string(p).ok()).unwrap_or_default();
    serde_json::from_str::<Settings>(&text).unwrap_or_default().sound()
}

/// Keeps it. The old file stays until the new one is there as a whole.
pub(crate) fn save(settings: &Settings) -> io::Result<()> {
    let Some(path) = path() else { return Ok(()) };
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, settings)?;
    file.write_all(b"\n")?;
    file.persist(path)?;
    Ok(())
}
