//! Keys of return routability, RFC 6275 5.2.

use std::net::Ipv6Addr;

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};

/// Octets of the checksum in a Mobility Header.
const CHECKSUM: std::ops::Range<usize> = 4..6;

/// Binding management key (Kbm).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BindingKey([u8; 20]);

impl std::fmt::Debug for BindingKey {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BindingKey")
    }
}

impl BindingKey {
    /// Of a home keygen token and a care-of keygen token; a binding is deleted
    /// with the first alone (RFC 6275 5.2.5).
    pub fn new(home: u64, careof: Option<u64>) -> Self {
        let mut hash = Sha1::new();
        hash.update(home.to_be_bytes());
        if let Some(careof) = careof {
            hash.update(careof.to_be_bytes());
        }
        Self(hash.finalize().into())
    }

    /// The authenticator of a message, RFC 6275 6.2.7: over the care-of address,
    /// the correspondent and the Mobility Header, its checksum taken for zero,
    /// without the authenticator, which stands at `at` and has 12 octets.
    /// `None` if it does not stand in the message.
    pub fn authenticator(
        &self,
        careof: Ipv6Addr,
        correspondent: Ipv6Addr,
        message: &[u8],
        at: usize,
    ) -> Option<[u8; 12]> {
        let (head, tail) = (message.get(..at)?, message.get(at + 12..)?);
        let mut hmac = Hmac::<Sha1>::new_from_slice(&self.0).ok()?;
        hmac.update(&careof.octets());
        hmac.update(&correspondent.octets());
        hmac.update(head.get(..CHECKSUM.start)?);
        hmac.update(&[0; 2]);
        hmac.update(head.get(CHECKSUM.end..)?);
        hmac.update(tail);
        let whole = hmac.finalize().into_bytes();
        let mut out = [0; 12];
        out.copy_from_slice(&whole[..12]);
        Some(out)
    }
}
