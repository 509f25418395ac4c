//! Cases: what a node under test is put through, and what is expected of it.
//!
//! A case is a YAML file below `conformance/cases/<role>/<area>/`. What several
//! have in common stands in fragments below `conformance/cases/fragments/`, which
//! a case names in `use`. [`Suite`] loads all of it and says everything that is
//! wrong with it, with file, line and column.
//!
//! A file becomes a case in five steps, each of which looks for mistakes: a tree
//! that knows places (`tree`), fragments laid under it and parameters put in place
//! (`merge`), names behind `$` (`names`), types (`read`), and what it all means
//! (`check`).

mod check;
pub mod command;
mod document;
pub mod fixed;
mod merge;
pub mod names;
pub mod options;
mod place;
mod read;
mod schema;
pub mod security;
pub mod setting;
pub mod step;
mod suite;
#[cfg(test)]
mod tests;
pub mod topology;
mod tree;
pub mod values;

pub use document::{Case, CaseFile, Instance, Phase};
pub use place::{At, Mistake, Mistakes, Place, Source, Sources, texts};
pub use schema::schema;
pub use step::Fields;
pub use suite::{Suite, SuiteError};
