//! The node under test, as its owner describes it.

use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use thiserror::Error;

use crate::case::Case;
use crate::case::names::NEEDS;
use crate::case::topology::Role;
use crate::live::description::Live;
use crate::roles::local::Readings;

/// A node under test.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "A node under test of mip6")]
pub struct Subject {
    /// What it is called in reports.
    pub name: String,
    /// Its roles; cases for others are skipped.
    pub roles: Vec<Role>,
    /// What it supports: cases that need more are skipped.
    #[serde(default)]
    pub supports: Vec<String>,
    /// By which readings of draft-liu-mobileip-lke-01 it speaks, where they are not the
    /// defaults: `E4a`. Nodes that are played speak by the same.
    #[serde(default)]
    #[schemars(schema_with = "mip6_dissect::profile::readings_schema")]
    pub readings: Vec<String>,
    /// How it is reached on a wire, with `mip6 conform --live`.
    #[serde(default)]
    pub live: Option<Live>,
}

/// Why a description of a node could not be read.
#[derive(Debug, Error)]
pub enum SubjectError {
    /// The file could not be read.
    #[error("{path}: cannot read the description of the node: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It says something wrong.
    #[error("{path}: {message}")]
    Wrong {
        /// The file.
        path: String,
        /// What is wrong, where, and what was expected.
        message: String,
    },
}

/// What the reference nodes do not support.
const REFERENCE_LACKS: &[&str] = &["ikev1", "ikev2", "key-management-mobility", "dhcpv6"];

impl Subject {
    /// The embedded reference nodes.
    pub fn reference() -> Self {
        let supports = NEEDS
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .filter(|name| !REFERENCE_LACKS.contains(&name.as_str()))
            .collect();
        Self {
            name: "reference".to_owned(),
            roles: vec![Role::HomeAgent, Role::MobileNode, Role::Correspondent, Role::AccessRouter],
            supports,
            readings: Vec::new(),
            live: None,
        }
    }

    /// Reads a description in YAML.
    pub fn load(path: &Path) -> Result<Self, SubjectError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| SubjectError::Read { path: name.clone(), source })?;
        let mut subject = Self::parse(&name, &text)?;
        if let (Some(live), Some(folder)) = (&mut subject.live, path.parent()) {
            // Where the hooks are does not change with the folder somebody stands in.
            let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
            live.seat(&folder);
        }
        Ok(subject)
    }

    /// The same from text; `path` is what errors call it.
    pub fn parse(path: &str, text: &str) -> Result<Self, SubjectError> {
        let wrong = |message| SubjectError::Wrong { path: path.to_owned(), message };
        // Snippets of the file would show keys.
        let options = serde_yaml::options! { with_snippet: false };
        let subject: Self =
            serde_yaml::from_str_with_options(text, options).map_err(|e| wrong(e.to_string()))?;
        for word in &subject.supports {
            if !NEEDS.iter().any(|(name, _)| name == word) {
                let known: Vec<&str> = NEEDS.iter().map(|(name, _)| *name).collect();
                let known = known.join(", ");
                return Err(wrong(format!("nothing is called `{word}`, expected one of {known}")));
            }
        }
        let names = subject.readings.iter().map(String::as_str);
        Readings::chosen(names).map_err(|e| wrong(e.to_string()))?;
        match subject.live.as_ref().and_then(Live::contradiction) {
            Some(why) => Err(wrong(why)),
            None => Ok(subject),
        }
    }

    /// By which readings it speaks Local Key Exchange.
    pub fn readings(&self) -> Readings {
        Readings::default().by(self.readings.iter().map(String::as_str))
    }

    /// Why a case does not apply to it, if it does not.
    pub fn lacks(&self, case: &Case) -> Option<String> {
        if !self.roles.contains(&case.role) {
            return Some(format!("{} is no {}", self.name, case.role.name()));
        }
        let lacking: Vec<&str> = case
            .needs
            .iter()
            .map(String::as_str)
            .filter(|need| !self.supports.iter().any(|s| s == need))
            .collect();
        (!lacking.is_empty())
            .then(|| format!("{} does not support {}", self.name, lacking.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_do_not_show_keys() {
        for text in [
            "live:\n  interface: x\n  node:\n    key: |\n      SECRET\n    Mac: 1\n",
            "live: {interface: x, node: {key: SECRET, bogus: 3}}",
            "live: {interface: x, node: {key: [SECRET]}}",
        ] {
            let error = Subject::parse("subject.yaml", text).unwrap_err().to_string();
            assert!(error.contains("subject.yaml") && !error.contains("SECRET"), "{error}");
        }
    }

    #[test]
    fn readings_are_chosen_and_told_apart() {
        let of = |names: &str| {
            let text = format!("name: x\nroles: [access-router]\nreadings: [{names}]\n");
            Subject::parse("subject.yaml", &text).map_err(|e| e.to_string())
        };
        assert_eq!(of("E4a, A1=253").unwrap().readings().names(), ["A1=253", "E4a"]);
        assert!(of("E99").unwrap_err().contains("no reading is called `E99`"));
        // The other number is the draft's.
        assert!(of("A8=5").unwrap_err().contains("`A8` and `A9` are both 5"));
    }
}
