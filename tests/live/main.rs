//! The program on real interfaces: in network namespaces that the tests make and
//! remove. Where that needs rights that are not there, they say so and pass.

mod handover;
mod local;
mod pair;
mod suites;
mod switch;
mod trouble;
