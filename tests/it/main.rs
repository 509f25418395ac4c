//! End-to-end tests of the program, and tests of the project as a whole.

mod architecture;
mod captures;
mod cli;
mod conform;
mod conversation;
mod damage;
mod discovery;
mod keys;
mod lab;
mod local;
mod local_evidence;
mod policy;
mod real_nodes;
mod schemas;
mod specs;
mod steps;
mod tui;
mod wires;

use std::path::Path;

/// The project's folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
