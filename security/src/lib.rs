//! Keys of Mobile IPv6 and what is done with them: security associations, ESP
//! and AH, opened and sealed. No clock, no socket; what has been negotiated or
//! configured comes in from outside.
//!
//! Keys are held in the prepared form of their algorithm and printed nowhere:
//! `Debug` names the algorithm alone.

#![forbid(unsafe_code)]

pub mod ah;
pub mod algorithm;
pub mod association;
mod cipher;
pub mod esp;
pub mod keys;
mod mac;
pub mod mobility;
pub mod policy;
pub mod replay;
pub mod steps;

pub use algorithm::{Encryption, Integrity, KeyError};
pub use association::{Association, Associations, Mode, Protocol};
