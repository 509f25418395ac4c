//! What `mip6 check` found, for people and for machines.

mod human;
mod json;
mod junit;
mod sarif;
pub mod schema;

use std::io;

pub use human::Human;
pub use json::Json;
pub use junit::Junit;
pub use sarif::Sarif;

use crate::capture::Timestamp;
use crate::check::{FileOutcome, Totals};
use crate::rules::Finding;

/// One finding in its place.
#[derive(Clone, Copy, Debug)]
pub struct Found<'f> {
    /// The capture.
    pub file: &'f str,
    /// Frame number.
    pub frame: u64,
    /// When the frame was captured.
    pub time: Timestamp,
    /// What was found.
    pub finding: &'f Finding,
    /// A baseline knows it.
    pub known: bool,
}

/// Hears findings as they are made, then each capture, then the end.
pub trait Report {
    /// A finding.
    fn finding(&mut self, found: &Found<'_>) -> io::Result<()>;
    /// A capture has been judged.
    fn file(&mut self, outcome: &FileOutcome) -> io::Result<()>;
    /// Everything has been judged.
    fn end(&mut self, outcomes: &[FileOutcome], totals: &Totals) -> io::Result<()>;
}
