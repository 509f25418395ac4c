//! Mobile nodes: conversations with home agents and correspondents.

mod away;
mod changes;
mod errors;
mod faulty;
mod home;
mod scene;
mod strangers;
