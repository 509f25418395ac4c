//! What tests and benches are made of: packets put together by hand, the
//! captures in `pcaps/`, traffic in bulk, and damage, all of which come out the same
//! on every run; and network namespaces.

#![forbid(unsafe_code)]

pub mod build;
pub mod collection;
pub mod damage;
pub mod exercise;
pub mod fuzz;
pub mod mend;
pub mod namespace;
pub mod nodes;
pub mod protected;
pub mod random;
pub mod samples;
pub mod scenes;
pub mod steps;
pub mod traffic;
