//! What went over the links.

use std::rc::Rc;

use super::{LinkId, NodeId, Place};
use crate::time::Instant;

/// A frame that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// When.
    pub at: Instant,
    /// On which link.
    pub link: LinkId,
    /// By whom.
    pub from: Place,
    /// From the Ethernet header on.
    pub octets: Rc<[u8]>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives at everybody on the link, once or more often.
    Carried,
    /// The link has lost it.
    Lost,
    /// It was lost because somebody wanted it so.
    Dropped,
    /// It is longer than the link takes: whoever sent it should have known.
    TooLong,
}

/// Something that a node told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: Instant,
    /// Which node; `None` is the network.
    pub node: Option<NodeId>,
    /// What.
    pub text: String,
}
