//! The roles of Mobile IPv6 without sockets or clocks, a virtual network to run
//! them in, and cases that drive a node under test.

#![forbid(unsafe_code)]

pub mod case;
pub mod live;
pub mod network;
pub mod report;
pub mod roles;
pub mod run;
pub mod select;
pub mod subject;
pub mod time;
