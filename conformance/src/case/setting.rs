//! The file of a node that plays a role on real interfaces: the language of cases
//! for one of the nodes of a topology.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::check;
use super::fixed::{Fixed, FixedNode};
use super::merge::{Fragments, merge};
use super::place::{At, Mistake, Mistakes, Place, Source, Sources, texts};
use super::read::read;
use super::security::Security;
use super::suite;
use super::topology::{Node, Topology};
use super::tree;
use super::values::{Map, Prefix};
use crate::roles::local::Readings;
use crate::roles::{Fault, faults};

/// How many times as fast as others a clock goes at most: with more, what a machine
/// takes to wake up is longer than what protocols wait.
pub const FASTEST: u32 = 1000;

/// A node to be played, and all that it has to know of its surroundings.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "A node of mip6")]
pub struct NodeFile {
    /// Which node of the topology it is.
    #[schemars(with = "String")]
    pub(super) play: Option<At<String>>,
    /// Interface of this machine on all of its links but those in `interfaces`; with
    /// `tap:NAME` one is made.
    pub interface: Option<String>,
    /// Further ones, for a node on several links, in the order of its links.
    pub further: Vec<String>,
    /// Interfaces of this machine by the names of links.
    pub interfaces: Map<String>,
    /// Path of a socket by which it can be asked and told.
    pub control: Option<String>,
    /// Fragments of cases that are merged in, like `topology/roaming`.
    #[serde(rename = "use")]
    pub(super) uses: Vec<At<String>>,
    /// Links and nodes.
    pub topology: Topology,
    /// Of fragments; nothing depends on it here.
    pub(super) under_test: Option<At<String>>,
    /// Of fragments; nothing depends on it here.
    pub(super) needs: Vec<At<String>>,
    /// IPsec between nodes; none if left out.
    pub security: Vec<Security>,
    /// First prefixes of links, by their names; picked as for cases, if left out.
    pub links: BTreeMap<String, Prefix>,
    /// Addresses of nodes, by their names; picked as for cases, if left out.
    pub nodes: BTreeMap<String, FixedNode>,
    /// By which readings nodes speak Local Key Exchange, `E4a` and the like; the
    /// defaults, if left out.
    #[schemars(schema_with = "mip6_dissect::profile::readings_schema")]
    pub(super) readings: Vec<At<String>>,
    /// Faults that it has.
    pub faults: Vec<At<String>>,
    /// From which its randomness comes; new every time, if left out.
    pub seed: Option<u64>,
    /// How many times as fast as others its clock goes; 1 if left out.
    pub speed: Option<u32>,
}

impl NodeFile {
    /// Reads a file; `path` is what mistakes call it.
    pub fn parse(path: &str, text: &str) -> Result<Self, Mistakes> {
        let file = Source { path: path.to_owned(), text: text.to_owned() };
        let mut mistakes = Vec::new();
        let (sources, fragments) = suite::with_fragments(file, &mut mistakes);
        let read = Self::of(&sources, &fragments, &mut mistakes);
        match read {
            Some(file) if mistakes.is_empty() => Ok(file),
            _ => Err(Mistakes { list: mistakes, sources }),
        }
    }

    fn of(sources: &Sources, fragments: &Fragments, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        let text = &sources.iter().next()?.text;
        let mut tree = match tree::parse(0, text) {
            Ok(tree) => tree,
            Err(mistake) => {
                mistakes.push(mistake);
                return None;
            }
        };
        merge(&mut tree, fragments, mistakes);
        tree.remove("setup");
        let file: Self = read(&tree, mistakes)?;
        check::node_file(&file, tree.place, mistakes);
        Some(file)
    }

    /// The name of the node that is played.
    pub fn name(&self) -> &str {
        self.play.as_ref().map_or("", |p| &p.value)
    }

    /// The node that is played.
    pub fn node(&self) -> Option<&Node> {
        self.topology.nodes.get(self.name())
    }

    /// Gives it a fault more.
    pub fn add_fault(&mut self, name: &str) {
        self.faults.push(At { place: Place::default(), value: name.to_owned() });
    }

    /// Interfaces that stand for any link.
    pub fn any(&self) -> Vec<&str> {
        self.interface.iter().chain(&self.further).map(String::as_str).collect()
    }

    /// Addresses that are given.
    pub fn fixed(&self) -> Fixed {
        Fixed { links: self.links.clone(), nodes: self.nodes.clone() }
    }

    /// By which readings nodes speak Local Key Exchange.
    pub fn readings(&self) -> Readings {
        Readings::default().by(texts(&self.readings))
    }

    /// The faults that it has.
    pub fn faults(&self) -> impl Iterator<Item = &'static Fault> + '_ {
        self.faults.iter().filter_map(|name| faults::find(&name.value))
    }
}

/// The schema of the file of a node, for editors.
pub fn schema() -> Schema {
    schema_for!(NodeFile)
}
