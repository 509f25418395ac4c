//! The roles of Mobile IPv6, without sockets and clocks: frames, timers and
//! commands in; frames, events and the next deadline out. Time and randomness are
//! arguments, so that the same input gives the same output.
//!
//! A [`Node`] is an IPv6 host with modules: what makes it a mobile node, a home
//! agent, a correspondent or a router.

pub mod command;
pub mod correspondent;
pub mod faults;
pub mod home_agent;
pub mod host;
pub mod local;
pub mod mobile_node;
pub mod mobility;
mod node;
pub mod router;
mod table;

pub use command::Command;
pub use faults::{Fault, Faults};
pub use node::{Config, Context, Handled, Module, Node};
pub use table::Table;

use std::fmt;

/// One of a node's interfaces, by its place in the configuration.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Interface(pub u16);

impl Interface {
    /// Its place.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What comes to a node.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// An Ethernet frame has arrived.
    Frame {
        /// Where.
        interface: Interface,
        /// From the Ethernet header on.
        octets: &'a [u8],
    },
    /// An interface has been connected to a link, perhaps another one than
    /// before, or has been cut off.
    Link {
        /// Which.
        interface: Interface,
        /// Connected.
        up: bool,
    },
    /// Somebody tells it to do something.
    Command(&'a Command),
    /// A deadline has come; one that comes early changes nothing.
    Timer,
}

/// What a node does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// It sends an Ethernet frame.
    Frame {
        /// Where.
        interface: Interface,
        /// From the Ethernet header on.
        octets: Vec<u8>,
    },
    /// Something has come about.
    Event(Event),
}

/// Something that has come about in a node: a fact, in words of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event(pub String);

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
