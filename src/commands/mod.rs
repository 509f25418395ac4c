//! Subcommands, one thin file each.

pub(crate) mod bindings;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod conform;
pub(crate) mod craft;
pub(crate) mod dissect;
pub(crate) mod inject;
mod keys;
mod live;
pub(crate) mod man;
pub(crate) mod node;
mod progress;
pub(crate) mod rules;
pub(crate) mod schema;
mod specs;
pub(crate) mod tui;
