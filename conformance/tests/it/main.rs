//! Nodes in the virtual network.

mod bench;
mod discovery;
mod evidence;
mod host;
mod listener;
mod packets;
mod robustness;
mod router;
