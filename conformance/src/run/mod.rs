//! Running cases.

pub mod verdict;
