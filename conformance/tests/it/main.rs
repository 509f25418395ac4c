//! Nodes in the virtual network.

mod host;
