//! `mip6 schema`: JSON schemas, generated from the types.

use std::io::Write;

use mip6_conformance::report::schema::{ConformLine, ConformRun};
use mip6_conformance::subject::Subject;
use mip6_dissect::check::BaselineFile;
use mip6_dissect::profile::ProfileFile;
use mip6_dissect::report::schema::{BindingLine, CheckLine, DissectLine, RulesLine};
use mip6_inject::ScriptFile;
use mip6_security::keys::yaml::KeyFile;
use schemars::schema_for;

use crate::args::{Schema, SchemaOf};
use crate::exit::Exit;
use crate::output::{Stop, stdout};

pub(crate) fn run(args: &Schema) -> Result<Exit, Stop> {
    let schema = match args.of {
        SchemaOf::Dissect => schema_for!(DissectLine),
        SchemaOf::Check => schema_for!(CheckLine<'_>),
        SchemaOf::Rules => schema_for!(RulesLine<'_>),
        SchemaOf::Bindings => schema_for!(BindingLine),
        SchemaOf::Conform => schema_for!(ConformLine<'_>),
        SchemaOf::Run => schema_for!(ConformRun<'_>),
        SchemaOf::Baseline => schema_for!(BaselineFile),
        SchemaOf::Profile => schema_for!(ProfileFile),
        SchemaOf::Keys => schema_for!(KeyFile),
        SchemaOf::Spec => schema_for!(ScriptFile),
        SchemaOf::Case => mip6_conformance::case::schema(),
        SchemaOf::Node => mip6_conformance::case::setting::schema(),
        SchemaOf::Subject => schema_for!(Subject),
    };
    let mut out = stdout();
    serde_json::to_writer_pretty(&mut out, &schema)?;
    writeln!(out)?;
    out.flush()?;
    Ok(Exit::Clean)
}
