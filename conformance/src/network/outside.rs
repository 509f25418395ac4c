//! A node that is not played here: one on a wire, which has its own clock.

use std::fmt;

use super::LinkId;
use crate::roles::{Command, Interface};
use crate::time::Instant;

/// The way to a node that is not played here. While a network has one, time passes
/// by its clock, not by jumps.
pub trait Outside: fmt::Debug {
    /// The time on the clock of the network.
    fn now(&self) -> Instant;

    /// Waits for a frame of the node until then; none comes if the time is up or
    /// there is no use in waiting.
    fn wait(&mut self, until: Instant) -> Option<Arrival>;

    /// A frame, from its Ethernet header on, arrives at an interface of the node.
    fn deliver(&mut self, to: Interface, octets: &[u8]);

    /// An interface of the node comes to a link, or is cut off.
    fn attach(&mut self, interface: Interface, link: Option<LinkId>);

    /// The node is told to do something; why it cannot be told, if so.
    fn command(&mut self, command: &Command) -> Result<(), String>;

    /// What the node says of itself, by names; nothing if it says nothing.
    fn state(&mut self) -> Vec<(String, String)>;

    /// Finds out whether the node is still there: if not, [`Outside::trouble`] says so.
    fn look(&mut self);

    /// Why there is no use in going on, if so.
    fn trouble(&self) -> Option<Trouble>;
}

/// A frame of a node that is not played here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When it came.
    pub at: Instant,
    /// By which interface of the node.
    pub interface: Interface,
    /// From the Ethernet header on.
    pub octets: Vec<u8>,
}

/// Why there is no use in going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What has come about, in a sentence without its point.
    pub what: String,
    /// It is the node's doing: a case that it comes about in has failed.
    pub of_node: bool,
}
