//! Nodes in the virtual network.

mod bench;
mod correspondent;
mod discovery;
mod evidence;
mod home_agent;
mod host;
mod listener;
mod local_mobile;
mod local_router;
mod mobile_node;
mod packets;
mod robustness;
mod router;
