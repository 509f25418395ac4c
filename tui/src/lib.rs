//! The terminal inspector.

pub mod capture;
