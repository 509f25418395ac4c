//! The inspector on a terminal made of memory, driven by keys.

mod files;
mod habits;
mod hostile;
mod packets;
mod report;
mod screens;
mod stage;
mod terminal;
