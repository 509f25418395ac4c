//! Captures in, dissections out.

pub mod capture;
pub mod fields;
pub mod filter;
pub mod packet;
pub mod profile;
pub mod rules;
pub mod tree;
