//! Nodes in the virtual network.

mod evidence;
mod host;
mod router;
