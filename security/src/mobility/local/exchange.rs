//! Key Exchange Data: the secret key, encrypted for the access router (draft
//! 3.2.1).

use std::convert::Infallible;
use std::fmt;

use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPrivateKey, hazmat};
use sha1::{Digest, Sha1};
use thiserror::Error;

use super::{LocalKey, Reading};

/// Octets of a SHA-1 digest.
const DIGEST: usize = 20;

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

/// What a secret key is put into before it is encrypted.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// How it is padded: one of `Reading::PADDING`.
    pub reading: Reading,
    /// Chance: as many octets as the modulus has are enough.
    pub random: &'a [u8],
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
    /// A private key in PEM: PKCS#1 or PKCS#8, 1024 bits or more, not encrypted.
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
        let what = "no RSA private key of 1024 bits or more behind this line";
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

    /// The public key as an advertisement carries it: DER RSAPublicKey (RFC 8017
    /// A.1.1).
    pub fn public(&self) -> Vec<u8> {
        let number = |octets: Box<[u8]>| {
            // Integers have a sign.
            let sign = octets.first().is_some_and(|b| b & 0x80 != 0);
            let content: Vec<u8> = sign.then_some(0).into_iter().chain(octets).collect();
            element(0x02, &content)
        };
        element(0x30, &[number(self.0.n_bytes()), number(self.0.e_bytes())].concat())
    }

    /// Decrypts key exchange data; says which padding fitted.
    pub fn open(&self, data: &[u8]) -> Option<(LocalKey, Reading)> {
        if data.len() != self.octets() {
            return None;
        }
        let cipher = BoxedUint::from_be_slice(data, self.0.n_bits_precision()).ok()?;
        let number = hazmat::rsa_decrypt_and_check(&self.0, None::<&mut Nobody>, &cipher).ok()?;
        let plain = self.to_octets(&number);
        let key = |octets: &[u8], reading| Some((LocalKey::new(octets.try_into().ok()?), reading));
        if let Some(content) = open_pkcs1(&plain) {
            key(content, Reading::Pkcs1)
        } else if let Some(content) = open_oaep(&plain) {
            key(&content, Reading::Oaep)
        } else {
            let (front, content) = plain.split_at_checked(plain.len() - LocalKey::OCTETS)?;
            front.iter().all(|b| *b == 0).then_some(())?;
            key(content, Reading::Raw)
        }
    }

    /// Encrypts a secret key for this access router; no more is used of it than
    /// its public key. `None` if there is not enough chance, or the reading is
    /// no padding.
    pub fn seal(&self, key: &LocalKey, envelope: &Envelope<'_>) -> Option<Vec<u8>> {
        let plain = envelope.fill(&key.0, self.octets())?;
        let number = BoxedUint::from_be_slice(&plain, self.0.n_bits_precision()).ok()?;
        let cipher = hazmat::rsa_encrypt(&self.0, &number).ok()?;
        Some(self.to_octets(&cipher))
    }

    /// A number as long as the modulus.
    fn to_octets(&self, number: &BoxedUint) -> Vec<u8> {
        let octets = number.to_be_bytes();
        let excess = octets.len().saturating_sub(self.octets());
        octets[excess..].to_vec()
    }
}

/// A DER element.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let n = content.len();
    let mut out = vec![tag];
    match n {
        0..=0x7f => out.push(n as u8),
        0x80..=0xff => out.extend([0x81, n as u8]),
        _ => out.extend([0x82, (n >> 8) as u8, n as u8]),
    }
    out.extend(content);
    out
}

impl Envelope<'_> {
    /// The content padded to `octets`.
    fn fill(&self, content: &[u8], octets: usize) -> Option<Vec<u8>> {
        let mut out = vec![0; octets];
        let start = octets.checked_sub(content.len())?;
        match self.reading {
            Reading::Pkcs1 => {
                // RFC 8017 7.2.1: eight octets of chance at least, none of them
                // zero.
                let padding = out.get_mut(2..start.checked_sub(1)?).filter(|p| p.len() >= 8)?;
                for (to, from) in padding.iter_mut().zip(self.random) {
                    *to = (*from).max(1);
                }
                if self.random.len() < padding.len() {
                    return None;
                }
                out[1] = 2;
            }
            Reading::Oaep => {
                let seed = self.random.get(..DIGEST)?;
                let mut block = vec![0; octets.checked_sub(1 + DIGEST)?];
                let at = block.len().checked_sub(content.len() + 1)?;
                block.get_mut(..DIGEST)?.copy_from_slice(&Sha1::digest([]));
                *block.get_mut(at).filter(|_| at >= DIGEST)? = 1;
                block[at + 1..].copy_from_slice(content);
                mask(&mut block, seed);
                out[1..=DIGEST].copy_from_slice(seed);
                mask(&mut out[1..=DIGEST], &block);
                out[1 + DIGEST..].copy_from_slice(&block);
                return Some(out);
            }
            Reading::Raw => {}
            _ => return None,
        }
        out[start..].copy_from_slice(content);
        Some(out)
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
fn mask(octets: &mut [u8], seed: &[u8]) {
    for (counter, part) in octets.chunks_mut(DIGEST).enumerate() {
        let digest =
            Sha1::new().chain_update(seed).chain_update((counter as u32).to_be_bytes()).finalize();
        for (to, from) in part.iter_mut().zip(digest) {
            *to ^= from;
        }
    }
}
