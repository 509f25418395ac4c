//! A case: what stands in its file, and what it becomes.

use mip6_security::mobility::local::Readings;
use schemars::JsonSchema;
use serde::Deserialize;

use super::place::{At, Place};
use super::security::Security;
use super::step::Step;
use super::topology::{Role, Topology};
use super::values::Map;

/// The file of a case, with its fragments merged in and its parameters put in
/// place.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "A case of mip6")]
pub struct CaseFile {
    /// Id, which never changes: `ha.registration.sequence-window`.
    #[schemars(with = "String")]
    pub(super) id: Option<At<String>>,
    /// What holds if it passes, in a sentence.
    #[schemars(with = "String")]
    pub(super) title: Option<At<String>>,
    /// Role under test.
    #[schemars(with = "Role")]
    pub(super) role: Option<At<Role>>,
    /// Requirements that it is about.
    pub(super) requirements: Vec<At<String>>,
    /// Words to select cases by.
    pub(super) tags: Vec<At<String>>,
    /// What the node must support; one that does not is skipped.
    pub(super) needs: Vec<At<String>>,
    /// Fragments that are merged in, by their paths below `fragments/`.
    #[serde(rename = "use")]
    pub(super) uses: Vec<At<String>>,
    /// Links and nodes.
    pub(super) topology: Topology,
    /// Name of the node under test: the only one of the role, if left out.
    pub(super) under_test: Option<At<String>>,
    /// IPsec between nodes; none if left out.
    pub(super) security: Vec<Security>,
    /// By which readings nodes speak Local Key Exchange, `E4a` and the like, where the
    /// description of the node under test says nothing; the defaults, if left out.
    #[schemars(schema_with = "mip6_dissect::profile::readings_schema")]
    pub(super) readings: Vec<At<String>>,
    /// The case is run for each of these rows: `$key` is the row's value.
    pub(super) parameters: Vec<Map<serde_json::Value>>,
    /// What must hold before: a step that does not makes the case inconclusive.
    pub(super) setup: Vec<Step>,
    /// What is judged: a step that does not hold makes the case fail.
    pub(super) steps: Vec<Step>,
    /// What is done at the end, whatever happened.
    pub(super) cleanup: Vec<Step>,
}

/// A case of a suite.
#[derive(Clone, Debug)]
pub struct Case {
    /// Where it begins: its file.
    pub place: Place,
    /// Path of the file below the folder of the cases, with slashes.
    pub path: String,
    /// Id, which never changes: `ha.registration.sequence-window`.
    pub id: String,
    /// What holds if it passes, in a sentence.
    pub title: String,
    /// Role under test.
    pub role: Role,
    /// Requirements that it is about; never none.
    pub requirements: Vec<String>,
    /// Words to select cases by.
    pub tags: Vec<String>,
    /// What the node must support, of [`NEEDS`](super::names::NEEDS).
    pub needs: Vec<String>,
    /// What is run: one for each row of parameters, or one.
    pub instances: Vec<Instance>,
}

/// A case with the values of its parameters put in place.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Id of the case, with the name of the row behind a slash:
    /// `ha.registration.sequence-window/equal`.
    pub id: String,
    /// Links, nodes and IPsec between them as members of a JSON object, `topology` and
    /// `security`: what a node on a wire is told of its surroundings.
    pub setting: String,
    /// Links and nodes.
    pub topology: Topology,
    /// Name of the node under test, which is in the topology.
    pub under_test: String,
    /// IPsec between nodes.
    pub security: Vec<Security>,
    /// By which readings nodes speak Local Key Exchange, by their names.
    pub readings: Vec<String>,
    /// What must hold before.
    pub setup: Vec<Step>,
    /// What is judged.
    pub steps: Vec<Step>,
    /// What is done at the end.
    pub cleanup: Vec<Step>,
}

impl Instance {
    /// By which readings nodes speak Local Key Exchange: those of the case, and of the
    /// node under test before them.
    pub fn readings(&self, subject: &Readings) -> Readings {
        Readings::default().by(self.readings.iter().map(String::as_str)).then(subject)
    }
}

/// The part of a case that a step stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// What must hold before.
    Setup,
    /// What is judged.
    Steps,
    /// What is done at the end.
    Cleanup,
}

impl Phase {
    /// As it stands in cases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Steps => "steps",
            Self::Cleanup => "cleanup",
        }
    }
}

impl Instance {
    /// All steps in order, with their phases.
    pub fn all_steps(&self) -> impl Iterator<Item = (Phase, &Step)> {
        let setup = self.setup.iter().map(|s| (Phase::Setup, s));
        let steps = self.steps.iter().map(|s| (Phase::Steps, s));
        setup.chain(steps).chain(self.cleanup.iter().map(|s| (Phase::Cleanup, s)))
    }
}
