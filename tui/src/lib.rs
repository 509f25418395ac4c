//! The terminal inspector: packets, findings, conversations and keys of a capture
//! of any size, and reports of conformance runs.
//!
//! State, update, view: `update` changes the state and says what is to be done
//! outside, a [`Session`] does it, `view` draws what it reads in the state. One
//! table of keys (`keymap`) is what keys do, help, and the hints in the last line.

pub mod capture;
pub mod jobs;
pub mod keymap;
pub mod layout;
pub mod report;
mod run;
pub mod saved;
pub mod session;
pub mod state;
mod terminal;
#[cfg(test)]
mod testing;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;

pub use report::{Watch, WatchConfig};
pub use run::{Failure, run, watch};
pub use session::{Config, Session};
