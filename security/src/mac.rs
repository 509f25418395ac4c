//! Integrity check values with keys set up once.

use hmac::{Hmac, KeyInit, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use crate::algorithm::{Integrity, KeyError};
use crate::cipher::Aes;

/// The longest value before it is cut.
pub(crate) const MAX: usize = 64;

/// An integrity algorithm with its key.
#[derive(Clone)]
pub(crate) struct Mac {
    algorithm: Integrity,
    keyed: Keyed,
}

#[derive(Clone)]
enum Keyed {
    None,
    Md5(Hmac<Md5>),
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha384(Hmac<Sha384>),
    Sha512(Hmac<Sha512>),
    Xcbc { k1: Box<Aes>, k2: [u8; 16], k3: [u8; 16] },
}

impl Mac {
    pub(crate) fn new(algorithm: Integrity, key: &[u8]) -> Result<Self, KeyError> {
        let size =
            |wanted| KeyError::Size { algorithm: algorithm.name(), found: key.len(), wanted };
        // HMAC takes keys of any size; those of IPsec have the hash's.
        let sized = |octets: usize, wanted| {
            if key.len() == octets { Ok(()) } else { Err(size(wanted)) }
        };
        macro_rules! hmac {
            ($variant:ident, $octets:expr, $wanted:expr) => {{
                sized($octets, $wanted)?;
                Keyed::$variant(Hmac::new_from_slice(key).map_err(|_| size($wanted))?)
            }};
        }
        let keyed = match algorithm {
            Integrity::Null => {
                sized(0, "0")?;
                Keyed::None
            }
            Integrity::Unchecked(_) => Keyed::None,
            Integrity::HmacMd5_96 => hmac!(Md5, 16, "16"),
            Integrity::HmacSha1_96 => hmac!(Sha1, 20, "20"),
            Integrity::HmacSha256_96 | Integrity::HmacSha256_128 => hmac!(Sha256, 32, "32"),
            Integrity::HmacSha384_192 => hmac!(Sha384, 48, "48"),
            Integrity::HmacSha512_256 => hmac!(Sha512, 64, "64"),
            Integrity::AesXcbc96 => {
                sized(16, "16")?;
                xcbc_keys(key).ok_or_else(|| size("16"))?
            }
        };
        Ok(Self { algorithm, keyed })
    }

    pub(crate) fn algorithm(&self) -> Integrity {
        self.algorithm
    }

    /// The value over `parts`, one behind the other, not cut; its octets.
    fn compute(&self, parts: &[&[u8]], out: &mut [u8; MAX]) -> usize {
        macro_rules! hmac {
            ($hmac:expr) => {{
                let mut hmac = $hmac.clone();
                for part in parts {
                    hmac.update(part);
                }
                let value = hmac.finalize().into_bytes();
                out[..value.len()].copy_from_slice(&value);
                value.len()
            }};
        }
        match &self.keyed {
            Keyed::None => 0,
            Keyed::Md5(h) => hmac!(h),
            Keyed::Sha1(h) => hmac!(h),
            Keyed::Sha256(h) => hmac!(h),
            Keyed::Sha384(h) => hmac!(h),
            Keyed::Sha512(h) => hmac!(h),
            Keyed::Xcbc { k1, k2, k3 } => {
                out[..16].copy_from_slice(&xcbc(k1, k2, k3, parts));
                16
            }
        }
    }

    /// Makes the ICV over `parts`; one that nobody checks is zero.
    pub(crate) fn sign(&self, parts: &[&[u8]], icv: &mut [u8]) {
        let mut value = [0; MAX];
        self.compute(parts, &mut value);
        let n = icv.len().min(MAX);
        icv[..n].copy_from_slice(&value[..n]);
    }

    /// Whether `icv` is that over `parts`. What is not checked is right.
    pub(crate) fn verify(&self, parts: &[&[u8]], icv: &[u8]) -> bool {
        if matches!(self.keyed, Keyed::None) {
            return true;
        }
        let mut value = [0; MAX];
        let n = self.compute(parts, &mut value);
        icv.len() <= n && bool::from(value[..icv.len()].ct_eq(icv))
    }
}

/// RFC 3566 4: three keys out of one.
fn xcbc_keys(key: &[u8]) -> Option<Keyed> {
    let aes = Aes::new(key)?;
    let derive = |octet: u8| {
        let mut block = [octet; 16];
        aes.encrypt(&mut block);
        block
    };
    Some(Keyed::Xcbc { k1: Box::new(Aes::new(&derive(1))?), k2: derive(2), k3: derive(3) })
}

fn xcbc(k1: &Aes, k2: &[u8; 16], k3: &[u8; 16], parts: &[&[u8]]) -> [u8; 16] {
    let mut e = [0u8; 16];
    let mut held = 0;
    for octet in parts.iter().copied().flatten() {
        // A full block waits for the next octet: the last one is another's.
        if held == 16 {
            k1.encrypt(&mut e);
            held = 0;
        }
        e[held] ^= octet;
        held += 1;
    }
    let last = if held == 16 {
        k2
    } else {
        e[held] ^= 0x80;
        k3
    };
    for (e, k) in e.iter_mut().zip(last) {
        *e ^= k;
    }
    k1.encrypt(&mut e);
    e
}
