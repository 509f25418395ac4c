//! Nodes in the virtual network.

mod correspondent;
mod evidence;
mod host;
mod mobile_node;
mod router;
