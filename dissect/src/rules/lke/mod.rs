//! Rules from draft-liu-mobileip-lke-01, read as ARCHITECTURE.md says.

pub(super) mod discovery;
mod key;
pub(super) mod message;

pub(crate) use key::RsaKey;
