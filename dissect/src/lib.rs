//! Captures in, dissections out.

pub mod capture;
pub mod packet;
pub mod profile;
