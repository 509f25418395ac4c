//! Nodes in the virtual network.

mod evidence;
mod host;
mod mobile_node;
mod router;
