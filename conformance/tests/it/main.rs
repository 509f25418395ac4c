//! Nodes in the virtual network.

mod bench;
mod correspondent;
mod discovery;
mod evidence;
mod home_agent;
mod host;
mod listener;
mod mobile_node;
mod nodes;
mod packets;
mod robustness;
mod router;
