//! How a node under test is reached that is on a wire: the part `live` of its
//! description.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::case::fixed::{Fixed, FixedNode, Station};
use crate::case::setting::FASTEST;
use crate::case::values::{Period, Prefix};
use crate::roles::host::{LINK_LOCAL, from_station};

/// How a node on a wire is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Live {
    /// Interface of this machine that stands for every link that has none of its own
    /// in `interfaces`: where the node moves, the links behind it change.
    pub interface: Option<String>,
    /// Further ones, for nodes that are on several links at a time, in the order of
    /// the links that a case has them on.
    pub further: Vec<String>,
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
    /// What the node's own machine calls its interfaces, in the order of the links that
    /// a case has it on: for the configurations that hooks find.
    pub its_interfaces: Vec<String>,
    /// Commands of this machine by which the node is prepared and told.
    pub hooks: Hooks,
    /// Cases that last longer are skipped; ten minutes if left out.
    pub longest: Option<Period>,
}

/// Commands of this machine. They find what they need in the environment:
/// `MIP6_CASE`, the id of the case; `MIP6_ROLE`, what the node is in it, as `mip6 node`
/// calls it; `MIP6_CONFIG`, the path of the node's file for it; `MIP6_KEYS`, that of the
/// keys of its security associations; `MIP6`, this program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Hooks {
    /// Before the first case, and when the node has died or fallen silent.
    pub start: Option<Hook>,
    /// After the last case, and before it is started again.
    pub stop: Option<Hook>,
    /// Before every case: the node forgets the one before, and is set up for this one.
    /// One that ends with 77 says that the case is not for the node: it is skipped.
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
    /// The program and its arguments; a program with a relative path is looked for
    /// where the description is. No shell is asked.
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

impl Hooks {
    /// All that there are, with what they are called in descriptions.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &Hook)> {
        let all = [
            ("start", &self.start),
            ("stop", &self.stop),
            ("reset", &self.reset),
            ("trigger", &self.trigger),
            ("move", &self.moves),
        ];
        all.into_iter().filter_map(|(name, hook)| Some((name, hook.as_ref()?)))
    }

    /// All that there are, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Hook> {
        [&mut self.start, &mut self.stop, &mut self.reset, &mut self.trigger, &mut self.moves]
            .into_iter()
            .flatten()
    }
}

impl Live {
    /// Programs of hooks with relative paths are in this folder.
    pub fn seat(&mut self, folder: &Path) {
        for hook in self.hooks.all_mut() {
            let Some(program) = hook.run.first_mut() else { continue };
            if program.contains('/') && !program.starts_with('/') {
                *program = folder.join(&*program).display().to_string();
            }
        }
    }

    /// The node's link-local address, if it is known.
    pub fn link_local(&self) -> Option<Ipv6Addr> {
        let of = |s: Station| from_station(LINK_LOCAL, s.0);
        self.node.link_local.or_else(|| self.node.mac.map(of))
    }

    /// Interfaces that stand for any link.
    pub fn any(&self) -> Vec<&str> {
        self.interface.iter().chain(&self.further).map(String::as_str).collect()
    }

    /// What is wrong with it, if anything.
    pub fn contradiction(&self) -> Option<String> {
        let any = self.any();
        if let Some(twice) = any.iter().enumerate().find(|(i, name)| any[..*i].contains(name)) {
            return Some(format!("interface {} twice: expected once", twice.1));
        }
        if self.interface.is_none() && !self.further.is_empty() {
            return Some("`further` interfaces and no first one: expected `interface`".into());
        }
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
            if any.contains(&interface.as_str()) {
                return Some(format!(
                    "interface {interface} stands for link {link} and, in `interface`, for all \
                     others: expected another"
                ));
            }
        }
        if self.node.autoconfigures && self.link_local().is_none() {
            return Some(
                "`node` forms addresses of its link-layer address: expected that in `node.mac`, \
                 or `node.link-local`, by which it is asked for it"
                    .into(),
            );
        }
        let told = self.control.is_some() || self.hooks.reset.is_some();
        if !told && self.link_local().is_none() {
            return Some(
                "the node is not set up for cases (no hook `reset`, no `control`), and has a \
                 link-layer address of its own: expected that in `node.mac`, or \
                 `node.link-local`, by which it is asked for it"
                    .into(),
            );
        }
        if self.speed.is_some_and(|s| s != 1) && self.control.is_none() {
            return Some(
                "`speed` is for nodes with a `control` socket: other nodes have clocks of their own"
                    .into(),
            );
        }
        if self.speed.is_some_and(|s| !(1..=FASTEST).contains(&s)) {
            return Some(format!("`speed` is from 1 to {FASTEST}"));
        }
        for (name, hook) in self.hooks.named() {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn live(text: &str) -> Live {
        serde_yaml::from_str(text).unwrap()
    }

    #[test]
    fn hooks_are_beside_the_description() {
        let mut live = live(
            "{interface: x, hooks: {start: {run: [./a.sh, b]}, stop: {run: [ip]}, \
             reset: {run: [/bin/c]}}}",
        );
        live.seat(Path::new("/nodes"));
        let run = |hook: Option<Hook>| hook.unwrap().run[0].clone();
        assert_eq!(run(live.hooks.start), "/nodes/./a.sh");
        assert_eq!(run(live.hooks.stop), "ip");
        assert_eq!(run(live.hooks.reset), "/bin/c");
    }

    #[test]
    fn who_forms_addresses_has_to_have_a_station() {
        let why = live("{interface: x, node: {autoconfigures: true}}").contradiction().unwrap();
        assert!(why.contains("`node.mac`"), "{why}");
        let known = "{interface: x, node: {autoconfigures: true, mac: '02:00:00:00:00:01'}}";
        assert_eq!(live(known).contradiction(), None);
        let why = live("{interface: x}").contradiction().unwrap();
        assert!(why.contains("`node.link-local`"), "{why}");
        let local = "{interface: x, node: {link-local: 'fe80::1'}}";
        assert_eq!(live(local).contradiction(), None);
    }
}
