//! `--keys`: security associations from a file.

use mip6_security::{Associations, keys};

use crate::args::KeysArg;
use crate::output::{Stop, complain};

/// Reads the file, if one is named; says so when others can read it too.
pub(crate) fn load(args: &KeysArg) -> Result<Associations, Stop> {
    let Some(path) = &args.keys else { return Ok(Associations::default()) };
    let associations = keys::load(path).map_err(Stop::input)?;
    if keys::is_exposed(path) {
        let path = path.display();
        complain(&format!("warning: {path}: others can read these keys; chmod 600 {path}"));
    }
    Ok(associations)
}
