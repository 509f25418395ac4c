//! Keys of return routability, RFC 6275 5.2.

use std::net::Ipv6Addr;

use sha1::{Digest, Sha1};

use super::{CHECKSUM, hmac_sha1};

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
        let whole = hmac_sha1(
            &self.0,
            &[
                &careof.octets(),
                &correspondent.octets(),
                head.get(..CHECKSUM.start)?,
                &[0; 2],
                head.get(CHECKSUM.end..)?,
                tail,
            ],
        )?;
        let mut out = [0; 12];
        out.copy_from_slice(&whole[..12]);
        Some(out)
    }
}
