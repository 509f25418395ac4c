//! Nodes in the virtual network.

mod correspondent;
mod evidence;
mod home_agent;
mod host;
mod mobile_node;
mod router;
