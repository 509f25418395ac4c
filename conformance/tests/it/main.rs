//! Nodes in the virtual network.

mod evidence;
mod home_agent;
mod host;
mod router;
