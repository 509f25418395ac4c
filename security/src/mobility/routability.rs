//! Keys of return routability, RFC 6275 5.2.

use std::net::Ipv6Addr;

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};

use super::{CHECKSUM, hmac_sha1};

/// Node key (Kcn) of a correspondent, RFC 6275 5.2.1: 20 octets that nobody else
/// knows.
#[derive(Clone)]
pub struct NodeKey([u8; 20]);

impl std::fmt::Debug for NodeKey {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NodeKey")
    }
}

impl NodeKey {
    /// Of its octets, which are to be random.
    pub fn new(octets: [u8; 20]) -> Self {
        Self(octets)
    }

    /// The home keygen token of a home address by a nonce, RFC 6275 5.2.5.
    pub fn home_token(&self, home: Ipv6Addr, nonce: &[u8]) -> u64 {
        self.token(home, nonce, 0)
    }

    /// The care-of keygen token of a care-of address by a nonce, RFC 6275 5.2.5.
    pub fn careof_token(&self, careof: Ipv6Addr, nonce: &[u8]) -> u64 {
        self.token(careof, nonce, 1)
    }

    /// The first 64 bits of HMAC-SHA1 over address, nonce and an octet that tells
    /// the two kinds of token apart.
    fn token(&self, address: Ipv6Addr, nonce: &[u8], kind: u8) -> u64 {
        // A key of a whole block is taken as it is (RFC 2104 2), with zeros behind.
        let mut block = [0; 64];
        block[..self.0.len()].copy_from_slice(&self.0);
        let mut hmac = Hmac::<Sha1>::new(&block.into());
        for part in [&address.octets()[..], nonce, &[kind]] {
            hmac.update(part);
        }
        let whole: [u8; 20] = hmac.finalize().into_bytes().into();
        whole[..8].iter().fold(0, |token, octet| token << 8 | u64::from(*octet))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by Python's hmac and hashlib.
    #[test]
    fn tokens_and_the_key_that_they_make() {
        let key = NodeKey::new(std::array::from_fn(|i| i as u8));
        let nonce = 0x1122_3344_5566_7788u64.to_be_bytes();
        let home = key.home_token("2001:db8::99".parse().unwrap(), &nonce);
        let careof = key.careof_token("2001:db8:1::99".parse().unwrap(), &nonce);
        assert_eq!((home, careof), (0x58d0_b61f_ebec_d114, 0x3998_865c_e793_470b));
        let binding = BindingKey::new(home, Some(careof));
        let wanted = 0x0b9b_00a6_1335_bbd1u64.to_be_bytes();
        assert_eq!(
            (&binding.0[..8], &binding.0[8..12]),
            (&wanted[..], &[0xd8, 0xbd, 0x53, 0xae][..])
        );
        // The same address and nonce make other tokens as a care-of address.
        assert_ne!(key.careof_token("2001:db8::99".parse().unwrap(), &nonce), home);
    }
}
