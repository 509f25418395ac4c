//! Nodes in the virtual network.

mod evidence;
mod host;
mod robustness;
mod router;
