//! Keys that protect Mobile IPv6's own messages, where IPsec does not: by return
//! routability, by the authentication option of RFC 4285, by Local Key Exchange.
//!
//! All of it is octets in and octets out; what they stand in is the caller's
//! matter.

pub mod authentication;
pub mod local;
mod routability;

pub use routability::{BindingKey, NodeKey};

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Octets of the checksum in a Mobility Header.
const CHECKSUM: std::ops::Range<usize> = 4..6;

/// HMAC-SHA1 (RFC 2104) over parts, one behind the other.
fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 20]> {
    let mut hmac = Hmac::<Sha1>::new_from_slice(key).ok()?;
    for part in parts {
        hmac.update(part);
    }
    Some(hmac.finalize().into_bytes().into())
}
