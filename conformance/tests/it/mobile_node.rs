//! Mobile nodes: conversations with home agents and correspondents.

mod away;
mod errors;
mod home;
mod scene;
