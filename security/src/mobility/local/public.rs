//! The public key of an access router, and what mobile nodes encrypt by it (draft
//! 3.1.1 and 3.2.1).

use std::fmt;
use std::ops::RangeInclusive;

use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPublicKey, hazmat};
use sha1::{Digest, Sha1};

use super::encoded::{BIT_STRING, EncodedKey, INTEGER, RSA_ENCRYPTION, SEQUENCE, without_zeros};
use super::exchange::mask;
use super::{LocalKey, Reading};

/// Octets of a SHA-1 digest.
pub(super) const DIGEST: usize = 20;
/// Bits of a modulus: from the least that anybody has used to the most that an
/// advertisement and a computer bear.
pub(super) const SIZES: RangeInclusive<usize> = 512..=8192;

/// The RSA public key of an access router.
#[derive(Clone, PartialEq, Eq)]
pub struct RouterPublicKey(pub(super) RsaPublicKey);

impl fmt::Debug for RouterPublicKey {
    /// Its size alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RouterPublicKey({} octets)", self.octets())
    }
}

/// What a secret key is put into before it is encrypted.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// How it is padded: one of `Reading::PADDING`.
    pub reading: Reading,
    /// Chance: as many octets as the modulus has are enough.
    pub random: &'a [u8],
}

impl RouterPublicKey {
    /// The key at the beginning of what an advertisement carries, padding behind
    /// it, by any reading of its encoding, of 512 to 8192 bits; `None` if there is
    /// none.
    pub fn read(octets: &[u8]) -> Option<Self> {
        let found = EncodedKey::find(octets)?;
        let number = |octets: &[u8]| {
            let octets = without_zeros(octets);
            let bits = u32::try_from(octets.len() * 8).ok()?;
            BoxedUint::from_be_slice(octets, bits).ok()
        };
        let (modulus, exponent) = (number(found.modulus)?, number(found.exponent)?);
        RsaPublicKey::new_with_size_limits(modulus, exponent, SIZES).ok().map(Self)
    }

    /// The key as an advertisement carries it by a reading of its encoding, without
    /// padding behind it.
    pub fn encoded(&self, encoding: Reading) -> Vec<u8> {
        match encoding {
            Reading::RsaPublicKey => self.pkcs1(),
            Reading::Dnskey => {
                let exponent = self.0.e_bytes();
                // RFC 3110 2: a length beyond 255 has an octet of zero in front.
                let len = match u8::try_from(exponent.len()) {
                    Ok(len) => vec![len],
                    Err(_) => [&[0][..], &(exponent.len() as u16).to_be_bytes()].concat(),
                };
                [&len[..], &exponent, &self.0.n_bytes()].concat()
            }
            Reading::Modulus => self.0.n_bytes().into_vec(),
            _ => self.subject_public_key_info(),
        }
    }

    /// Octets of the modulus, and so of key exchange data.
    pub fn octets(&self) -> usize {
        self.0.size()
    }

    /// DER RSAPublicKey, RFC 8017 A.1.1.
    pub fn pkcs1(&self) -> Vec<u8> {
        let number = |octets: Box<[u8]>| {
            // Integers have a sign.
            let sign = octets.first().is_some_and(|b| b & 0x80 != 0);
            let content: Vec<u8> = sign.then_some(0).into_iter().chain(octets).collect();
            element(INTEGER, &content)
        };
        element(SEQUENCE, &[number(self.0.n_bytes()), number(self.0.e_bytes())].concat())
    }

    /// DER SubjectPublicKeyInfo, RFC 3279 2.3.1: as advertisements carry it.
    pub fn subject_public_key_info(&self) -> Vec<u8> {
        let bits = [&[0][..], &self.pkcs1()].concat();
        let algorithm = element(SEQUENCE, &RSA_ENCRYPTION);
        element(SEQUENCE, &[algorithm, element(BIT_STRING, &bits)].concat())
    }

    /// Encrypts a secret key for the access router. `None` if there is not enough
    /// chance, or the reading is no padding.
    pub fn seal(&self, key: &LocalKey, envelope: &Envelope<'_>) -> Option<Vec<u8>> {
        self.seal_octets(&key.0, envelope)
    }

    /// The same for what is no key: of another length.
    pub fn seal_octets(&self, content: &[u8], envelope: &Envelope<'_>) -> Option<Vec<u8>> {
        let plain = envelope.fill(content, self.octets())?;
        let number = BoxedUint::from_be_slice(&plain, self.0.n_bits_precision()).ok()?;
        let cipher = hazmat::rsa_encrypt(&self.0, &number).ok()?;
        Some(as_long(&cipher, self.octets()))
    }
}

/// A number in so many octets.
pub(super) fn as_long(number: &BoxedUint, octets: usize) -> Vec<u8> {
    let all = number.to_be_bytes();
    let excess = all.len().saturating_sub(octets);
    all[excess..].to_vec()
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
