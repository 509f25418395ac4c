use crate::args::Schema;
use crate::exit::Exit;
use crate::output::Stop;

pub(crate) fn run(_: &Schema) -> Result<Exit, Stop> {
    Ok(Exit::Clean)
}
