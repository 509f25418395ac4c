//! `--keys`: keys from a file.

use mip6_security::keys::{self, Keys};

use crate::args::KeysArg;
use crate::output::{Stop, complain};

/// Reads the file, if one is named; says so when others can read it too.
pub(crate) fn load(args: &KeysArg) -> Result<Keys, Stop> {
    let Some(path) = &args.keys else { return Ok(Keys::default()) };
    let keys = keys::load(path).map_err(Stop::input)?;
    for path in keys.files.iter().filter(|path| keys::is_exposed(path)) {
        let path = path.display();
        complain(&format!("warning: {path}: others can read these keys; chmod 600 {path}"));
    }
    Ok(keys)
}
