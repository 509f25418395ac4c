//! Findings that are known and do not fail a gate.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::FileOutcome;
use crate::rules::{Level, Req};

/// Known findings: for each capture and requirement, how many. One more than
/// that is new.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    left: BTreeMap<(String, Req, Level), u64>,
}

/// The file.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(title = "mip6 baseline")]
pub struct BaselineFile {
    /// Version of this format.
    pub version: u32,
    /// What is known.
    pub findings: Vec<Known>,
}

/// Known findings of a requirement in a capture.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The capture, as `mip6 check` names it.
    pub file: String,
    /// The requirement.
    pub id: String,
    /// Level of the findings: must, should or may.
    pub level: String,
    /// How many.
    pub count: u64,
}

const VERSION: u32 = 1;

/// What can be wrong with a baseline.
#[derive(Debug, Error)]
pub enum BaselineError {
    /// It cannot be read.
    #[error("cannot read baseline: {0}")]
    Read(#[source] std::io::Error),
    /// It is not JSON of the expected shape.
    #[error(
        "broken baseline: {0}; expected {{\"version\":1,\"findings\":[{{\"file\":…,\"id\":…,\"level\":…,\"count\":…}}]}}"
    )]
    Parse(#[source] serde_json::Error),
    /// It is of another version.
    #[error("baseline of version {0}; this program writes and reads version {VERSION}")]
    Version(u32),
    /// It names a requirement that does not exist.
    #[error("broken baseline: findings[{index}].id: there is no requirement `{id}`")]
    UnknownId {
        /// Index of the entry.
        index: usize,
        /// What it names.
        id: String,
    },
    /// It names a level that does not exist.
    #[error("broken baseline: findings[{index}].level: `{level}`; expected must, should or may")]
    UnknownLevel {
        /// Index of the entry.
        index: usize,
        /// What it names.
        level: String,
    },
}

impl Baseline {
    /// Reads a baseline.
    pub fn load(path: &Path) -> Result<Self, BaselineError> {
        Self::parse(&std::fs::read_to_string(path).map_err(BaselineError::Read)?)
    }

    fn parse(text: &str) -> Result<Self, BaselineError> {
        let file: BaselineFile = serde_json::from_str(text).map_err(BaselineError::Parse)?;
        if file.version != VERSION {
            return Err(BaselineError::Version(file.version));
        }
        let mut left = BTreeMap::new();
        for (index, known) in file.findings.into_iter().enumerate() {
            let Known { file, id, level, count } = known;
            let Some(r) = Req::find(&id) else {
                return Err(BaselineError::UnknownId { index, id });
            };
            let Some(level) = Level::ALL.into_iter().find(|l| l.name() == level) else {
                return Err(BaselineError::UnknownLevel { index, level });
            };
            *left.entry((file, r, level)).or_default() += count;
        }
        Ok(Self { left })
    }

    /// The baseline that knows everything that was found.
    pub fn of<'o>(outcomes: impl IntoIterator<Item = &'o FileOutcome>) -> BaselineFile {
        let known = |o: &'o FileOutcome| {
            o.rules.iter().map(|((r, level), rule)| Known {
                file: o.file.clone(),
                id: r.get().id.to_owned(),
                level: level.name().to_owned(),
                count: rule.count,
            })
        };
        let findings = outcomes.into_iter().flat_map(known).collect();
        BaselineFile { version: VERSION, findings }
    }

    /// Whether a finding is known; each can be known once.
    pub(super) fn takes(&mut self, file: &str, r: Req, level: Level) -> bool {
        if self.left.is_empty() {
            return false;
        }
        match self.left.get_mut(&(file.to_owned(), r, level)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_than_known_is_new() {
        let text = r#"{"version":1,"findings":[{"file":"a","id":"MIP6-MH-004","level":"must","count":1}]}"#;
        let mut b = Baseline::parse(text).unwrap();
        let r = Req::find("MIP6-MH-004").unwrap();
        assert!(!b.takes("b", r, Level::Must));
        assert!(b.takes("a", r, Level::Must));
        assert!(!b.takes("a", r, Level::Must));
    }

    #[test]
    fn faults_are_named() {
        let fault = |t: &str| Baseline::parse(t).unwrap_err().to_string();
        assert!(fault("{").contains("line 1 column 1"));
        assert!(fault(r#"{"version":2,"findings":[]}"#).contains("version 2"));
        let unknown =
            r#"{"version":1,"findings":[{"file":"a","id":"X-1","level":"must","count":1}]}"#;
        assert!(fault(unknown).contains("findings[0].id: there is no requirement `X-1`"));
        let level =
            r#"{"version":1,"findings":[{"file":"a","id":"MIP6-MH-004","level":"bad","count":1}]}"#;
        assert!(fault(level).contains("findings[0].level: `bad`"));
    }
}
