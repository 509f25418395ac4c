//! Key Exchange Data: the secret key, encrypted for the access router (draft
//! 3.2.1).

use std::convert::Infallible;
use std::fmt;

use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use rsa::pkcs8::{DecodePrivateKey, LineEnding};
use rsa::rand_core::{CryptoRng, TryCryptoRng, TryRng};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPrivateKey, hazmat};
use sha1::{Digest, Sha1};
use thiserror::Error;

use super::public::{DIGEST, SIZES, as_long};
use super::{LocalKey, Reading, RouterPublicKey};

/// The RSA private key of an access router. Decryption takes no care of those
/// who could measure it: for keys of a laboratory alone.
#[derive(Clone)]
pub struct RouterKey(RsaPrivateKey);

impl fmt::Debug for RouterKey {
    /// Its size alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RouterKey({} octets)", self.octets())
    }
}

/// What is wrong with a private key in PEM.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {what}")]
pub struct RouterKeyError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what was expected.
    pub what: &'static str,
}

/// Nobody: no random numbers are used.
enum Nobody {}

impl TryRng for Nobody {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        match *self {}
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        match *self {}
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
        match *self {}
    }
}

impl TryCryptoRng for Nobody {}

impl RouterKey {
    /// A new key with a modulus of so many bits, from 512 to 8192; the same for the
    /// same chance. `None` for other sizes.
    pub fn generate(random: &mut impl CryptoRng, bits: usize) -> Option<Self> {
        if !SIZES.contains(&bits) {
            return None;
        }
        RsaPrivateKey::new_unchecked(random, bits).ok().map(Self)
    }

    /// The private key in PEM: PKCS#1.
    pub fn to_pem(&self) -> Option<String> {
        self.0.to_pkcs1_pem(LineEnding::LF).ok().map(|pem| pem.to_string())
    }

    /// A private key in PEM: PKCS#1 or PKCS#8, 512 bits or more, not encrypted.
    pub fn from_pem(text: &str) -> Result<Self, RouterKeyError> {
        let begin = text.lines().enumerate().find_map(|(i, l)| {
            Some((i + 1, l.trim().strip_prefix("-----BEGIN ")?.strip_suffix("-----")?))
        });
        let expected = "expected a private key in PEM: -----BEGIN PRIVATE KEY----- or \
                        -----BEGIN RSA PRIVATE KEY-----";
        let Some((line, label)) = begin else {
            return Err(RouterKeyError { line: 1, what: expected });
        };
        let key = match label {
            "PRIVATE KEY" => RsaPrivateKey::from_pkcs8_pem(text).ok(),
            "RSA PRIVATE KEY" => RsaPrivateKey::from_pkcs1_pem(text).ok(),
            "ENCRYPTED PRIVATE KEY" => {
                let what = "the key is encrypted: decrypt it, as by `openssl pkey`";
                return Err(RouterKeyError { line, what });
            }
            _ => return Err(RouterKeyError { line, what: expected }),
        };
        let what = "no RSA private key of 512 to 8192 bits behind this line";
        let key = key.filter(|k| SIZES.contains(&(k.n().bits() as usize)));
        key.map(Self).ok_or(RouterKeyError { line, what })
    }

    /// Octets of the modulus, and so of key exchange data.
    pub fn octets(&self) -> usize {
        self.0.size()
    }

    /// The modulus, in network order.
    pub fn modulus(&self) -> Vec<u8> {
        self.0.n_bytes().into_vec()
    }

    /// The public key, which an advertisement carries.
    pub fn public(&self) -> RouterPublicKey {
        RouterPublicKey(self.0.to_public_key())
    }

    /// Decrypts key exchange data; says which padding fitted.
    pub fn open(&self, data: &[u8]) -> Option<(LocalKey, Reading)> {
        if data.len() != self.octets() {
            return None;
        }
        let cipher = BoxedUint::from_be_slice(data, self.0.n_bits_precision()).ok()?;
        let number = hazmat::rsa_decrypt_and_check(&self.0, None::<&mut Nobody>, &cipher).ok()?;
        let plain = as_long(&number, self.octets());
        let key = |octets: &[u8], reading| Some((LocalKey::new(octets.try_into().ok()?), reading));
        let raw = || {
            let (front, content) = plain.split_at_checked(plain.len() - LocalKey::OCTETS)?;
            front.iter().all(|b| *b == 0).then_some(content)
        };
        // A masked seed may begin as a block of PKCS#1 v1.5 does; what it holds is no key.
        let pkcs1 = open_pkcs1(&plain).and_then(|content| key(content, Reading::Pkcs1));
        pkcs1
            .or_else(|| key(&open_oaep(&plain)?, Reading::Oaep))
            .or_else(|| key(raw()?, Reading::Raw))
    }
}

/// RFC 8017 7.2.2: what is in a block of type 2.
fn open_pkcs1(plain: &[u8]) -> Option<&[u8]> {
    let rest = plain.strip_prefix(&[0, 2])?;
    let end = rest.iter().position(|b| *b == 0).filter(|n| *n >= 8)?;
    Some(&rest[end + 1..])
}

/// RFC 8017 7.1.2: what is in a block of OAEP, with SHA-1 and an empty label.
fn open_oaep(plain: &[u8]) -> Option<Vec<u8>> {
    let rest = plain.strip_prefix(&[0])?;
    let (seed, block) = rest.split_at_checked(DIGEST)?;
    let (mut seed, mut block) = (seed.to_vec(), block.to_vec());
    mask(&mut seed, &block);
    mask(&mut block, &seed);
    let content = block.strip_prefix(Sha1::digest([]).as_slice())?;
    let one = content.iter().position(|b| *b != 0).filter(|at| content[*at] == 1)?;
    Some(content[one + 1..].to_vec())
}

/// MGF1 with SHA-1 (RFC 8017 B.2.1), added to `octets`.
pub(super) fn mask(octets: &mut [u8], seed: &[u8]) {
    for (counter, part) in octets.chunks_mut(DIGEST).enumerate() {
        let digest =
            Sha1::new().chain_update(seed).chain_update((counter as u32).to_be_bytes()).finalize();
        for (to, from) in part.iter_mut().zip(digest) {
            *to ^= from;
        }
    }
}
