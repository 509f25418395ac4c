//! Every pair of algorithms that goes together, with every size of key.

use mip6_security::{Association, Encryption, Integrity};

pub(crate) const SPI: u32 = 0x1000;

/// Octets of the longest encryption key: AES-256 with its salt.
const ENCRYPTION: usize = 36;
/// Octets that the longest two keys of an association need.
pub(crate) const KEYS: usize = ENCRYPTION + 64;

/// Algorithms of an association, and the size of its encryption key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suite {
    pub(crate) encryption: Encryption,
    pub(crate) key: usize,
    pub(crate) integrity: Integrity,
}

/// Sizes of key that an encryption algorithm takes.
pub(crate) fn encryption_keys(algorithm: Encryption) -> &'static [usize] {
    match algorithm {
        Encryption::Null => &[0],
        Encryption::DesCbc => &[8],
        Encryption::TripleDesCbc => &[24],
        Encryption::AesCbc => &[16, 24, 32],
        Encryption::AesCtr | Encryption::AesGcm8 | Encryption::AesGcm12 | Encryption::AesGcm16 => {
            &[20, 28, 36]
        }
        Encryption::ChaCha20Poly1305 => &[36],
    }
}

/// The size of key that an integrity algorithm takes.
pub(crate) fn integrity_key(algorithm: Integrity) -> usize {
    match algorithm {
        Integrity::Null | Integrity::Unchecked(_) => 0,
        Integrity::HmacMd5_96 | Integrity::AesXcbc96 => 16,
        Integrity::HmacSha1_96 => 20,
        Integrity::HmacSha256_96 | Integrity::HmacSha256_128 => 32,
        Integrity::HmacSha384_192 => 48,
        Integrity::HmacSha512_256 => 64,
    }
}

/// Each encryption with each integrity; combined ones with none besides.
pub(crate) fn all() -> Vec<Suite> {
    let mut out = Vec::new();
    for encryption in Encryption::ALL {
        for key in encryption_keys(encryption) {
            for integrity in Integrity::ALL {
                if !encryption.is_combined() || integrity == Integrity::Null {
                    out.push(Suite { encryption, key: *key, integrity });
                }
            }
        }
    }
    out
}

/// Those that notice a change.
pub(crate) fn protected() -> impl Iterator<Item = Suite> {
    all().into_iter().filter(Suite::is_protected)
}

impl Suite {
    pub(crate) fn is_protected(&self) -> bool {
        self.encryption.is_combined() || self.integrity != Integrity::Null
    }

    /// The association, its keys cut from `keys`.
    pub(crate) fn association(&self, keys: &[u8], extended: bool) -> Association {
        let encryption = (self.encryption, &keys[..self.key]);
        let integrity = (self.integrity, &keys[ENCRYPTION..][..integrity_key(self.integrity)]);
        let mut a = Association::esp(SPI, encryption, integrity).expect("keys of the right size");
        a.extended = extended;
        a
    }

    /// Where in `keys` the key is that a change of the packet is noticed with.
    pub(crate) fn noticing_key(&self) -> std::ops::Range<usize> {
        if self.encryption.is_combined() {
            0..self.key
        } else {
            ENCRYPTION..ENCRYPTION + integrity_key(self.integrity)
        }
    }
}

#[test]
fn every_pair_is_among_them() {
    // Five encryptions with eight integrities each, four combined ones, times
    // the sizes of key.
    let pairs: std::collections::HashSet<_> =
        all().iter().map(|s| (s.encryption, s.integrity)).collect();
    assert_eq!((pairs.len(), all().len(), protected().count()), (44, 82, 73));
}
