//! Captures in, dissections out.

#![forbid(unsafe_code)]

pub mod capture;
pub mod check;
pub mod fields;
pub mod filter;
pub mod packet;
pub mod profile;
pub mod report;
pub mod rules;
pub mod steps;
pub mod trackers;
pub mod tree;
