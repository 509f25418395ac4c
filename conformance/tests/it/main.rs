//! Nodes in the virtual network.

mod bench;
mod correspondent;
mod discovery;
mod evidence;
mod home_agent;
mod host;
mod listener;
mod local_keys;
mod local_mobile;
mod local_router;
mod mobile_node;
mod nodes;
mod packets;
mod readings;
mod robustness;
mod router;
