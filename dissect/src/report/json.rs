//! An object on a line for each finding, then a summary.

use std::io::{self, Write};

use serde::Serialize;

use super::schema::{CheckFinding, CheckInconclusive, CheckSummary, CheckTrouble};
use super::{Found, Report};
use crate::check::{FileOutcome, Totals};

/// Writes JSON lines.
#[derive(Debug)]
pub struct Json<W> {
    out: W,
}

impl<W: Write> Json<W> {
    /// To `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }
}

impl<W: Write> Report for Json<W> {
    fn finding(&mut self, f: &Found<'_>) -> io::Result<()> {
        let r = f.finding.requirement.get();
        self.line(&CheckFinding {
            file: f.file.into(),
            frame: f.frame,
            id: r.id.into(),
            level: f.finding.level.name().into(),
            source: r.source.into(),
            message: f.finding.message().into(),
            layer: f.finding.layer,
            proto: f.finding.proto.id().into(),
            field: f.finding.field.map(|f| f.id.into()),
            offset: f.finding.offset,
            found: f.finding.found.as_str().into(),
            wanted: f.finding.wanted.as_str().into(),
            known: f.known,
        })
    }

    fn file(&mut self, outcome: &FileOutcome) -> io::Result<()> {
        for ((r, why), count) in &outcome.undecided {
            let r = r.get();
            self.line(&CheckInconclusive {
                file: outcome.file.as_str().into(),
                id: r.id.into(),
                source: r.source.into(),
                inconclusive: why.reason().into(),
                count: *count,
            })?;
        }
        match outcome.trouble() {
            None => Ok(()),
            Some(error) => self.line(&CheckTrouble {
                file: outcome.file.as_str().into(),
                frames: outcome.frames,
                error: error.into(),
            }),
        }
    }

    fn end(&mut self, _: &[FileOutcome], t: &Totals) -> io::Result<()> {
        self.line(&CheckSummary { summary: *t })?;
        self.out.flush()
    }
}
