//! How a node under test is reached that is on a wire: the part `live` of its
//! description.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::case::fixed::{Fixed, FixedNode};
use crate::case::values::{Period, Prefix};

/// How a node on a wire is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Live {
    /// Interface of this machine that stands for every link that has none of its own
    /// in `interfaces`: where the node moves, the links behind it change.
    pub interface: Option<String>,
    /// Interfaces of this machine by the names of links in cases.
    pub interfaces: BTreeMap<String, String>,
    /// Socket of a `mip6 node`, which is told for every case what it is.
    pub control: Option<PathBuf>,
    /// How many times as fast as others the clocks go, here and there; 1 if left out.
    pub speed: Option<u32>,
    /// By how much the node may be early or late; 100 ms if left out.
    pub tolerance: Option<Period>,
    /// Addresses of the node under test, whatever cases call it.
    pub node: FixedNode,
    /// Addresses of other nodes, by their names in cases, where the node under test
    /// is configured for them.
    pub nodes: BTreeMap<String, FixedNode>,
    /// First prefixes of links, by their names in cases.
    pub links: BTreeMap<String, Prefix>,
    /// Commands of this machine by which the node is prepared and told.
    pub hooks: Hooks,
    /// Cases that last longer are skipped; ten minutes if left out.
    pub longest: Option<Period>,
}

/// Commands of this machine. They find what they need in the environment:
/// `MIP6_CASE`, the id of the case; `MIP6_CONFIG`, the path of the node's file for
/// it; `MIP6_KEYS`, that of its keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Hooks {
    /// Before the first case, and when the node has died or fallen silent.
    pub start: Option<Hook>,
    /// After the last case, and before it is started again.
    pub stop: Option<Hook>,
    /// Before every case: the node forgets the one before, and is set up for this one.
    pub reset: Option<Hook>,
    /// When the node is told to do something: `MIP6_COMMAND` is its name, standard
    /// input the command with its arguments as JSON.
    pub trigger: Option<Hook>,
    /// When the node comes to another link: `MIP6_LINK` is its name, empty for none.
    #[serde(rename = "move")]
    pub moves: Option<Hook>,
}

/// A command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Hook {
    /// The program and its arguments. No shell is asked.
    pub run: Vec<String>,
    /// How long it may take; 10 s if left out.
    #[serde(default)]
    pub within: Option<Period>,
    /// It goes on running until the node is stopped.
    #[serde(default)]
    pub stays: bool,
}

impl Hook {
    /// How long it may take.
    pub fn limit(&self) -> Duration {
        self.within.map_or(Duration::from_secs(10), |p| p.0)
    }
}

impl Live {
    /// What is wrong with it, if anything.
    pub fn contradiction(&self) -> Option<String> {
        if self.interface.is_none() && self.interfaces.is_empty() {
            return Some("`live` has neither `interface` nor `interfaces`: expected one".into());
        }
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (link, interface) in &self.interfaces {
            if let Some(other) = seen.insert(interface, link) {
                return Some(format!(
                    "interface {interface} is that of links {other} and {link}: expected one \
                     interface for each, or one in `interface` for all"
                ));
            }
            if self.interface.as_ref() == Some(interface) {
                return Some(format!(
                    "interface {interface} stands for link {link} and, in `interface`, for all \
                     others: expected another"
                ));
            }
        }
        if self.speed.is_some_and(|s| s != 1) && self.control.is_none() {
            return Some(
                "`speed` is for nodes with a `control` socket: other nodes have clocks of their own"
                    .into(),
            );
        }
        if self.speed.is_some_and(|s| !(1..=1000).contains(&s)) {
            return Some("`speed` is from 1 to 1000".into());
        }
        let hooks = &self.hooks;
        for (name, hook) in [
            ("start", &hooks.start),
            ("stop", &hooks.stop),
            ("reset", &hooks.reset),
            ("trigger", &hooks.trigger),
            ("move", &hooks.moves),
        ] {
            let Some(hook) = hook else { continue };
            if hook.run.is_empty() {
                return Some(format!("hook `{name}` runs nothing: expected a program in `run`"));
            }
            if hook.stays && name != "start" {
                return Some(format!("hook `{name}` stays: only `start` can"));
            }
        }
        None
    }

    /// How much earlier or later the node may be, in time of the case.
    pub fn slack(&self) -> Duration {
        self.tolerance.map_or(Duration::from_millis(100), |p| p.0) * self.speed.unwrap_or(1)
    }

    /// The longest case that is run, in time of the case.
    pub fn longest(&self) -> Duration {
        self.longest.map_or(Duration::from_mins(10), |p| p.0)
    }

    /// Addresses that are given, where the node under test is called so.
    pub fn fixed(&self, under_test: &str) -> Fixed {
        let mut nodes = self.nodes.clone();
        if self.node != FixedNode::default() {
            nodes.insert(under_test.to_owned(), self.node.clone());
        }
        Fixed { links: self.links.clone(), nodes }
    }
}
