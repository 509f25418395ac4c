//! The public key of an access router, and what mobile nodes encrypt by it (draft
//! 3.1.1 and 3.2.1).

use std::fmt;
use std::ops::RangeInclusive;

use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPublicKey, hazmat};
use sha1::{Digest, Sha1};

use super::exchange::mask;
use super::{LocalKey, Reading};

/// Octets of a SHA-1 digest.
pub(super) const DIGEST: usize = 20;
/// Bits of a modulus: from the least that anybody has used to the most that an
/// advertisement and a computer bear.
pub(super) const SIZES: RangeInclusive<usize> = 512..=8192;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
/// rsaEncryption with its absent parameters, RFC 3279 2.3.1.
const RSA_ENCRYPTION: [u8; 13] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];

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
    /// none. A bare modulus is one whose first bit is set.
    pub fn read(octets: &[u8]) -> Option<Self> {
        read_der(octets).or_else(|| read_dnskey(octets)).or_else(|| read_modulus(octets))
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

/// A key of these numbers, in network order; zeros in front are left out.
fn key(modulus: &[u8], exponent: &[u8]) -> Option<RouterPublicKey> {
    let number = |octets: &[u8]| {
        let zeros = octets.iter().take_while(|b| **b == 0).count();
        let octets = &octets[zeros..];
        let bits = u32::try_from(octets.len() * 8).ok()?;
        BoxedUint::from_be_slice(octets, bits).ok()
    };
    RsaPublicKey::new_with_size_limits(number(modulus)?, number(exponent)?, SIZES)
        .ok()
        .map(RouterPublicKey)
}

/// DER SubjectPublicKeyInfo (RFC 3279) or RSAPublicKey (RFC 8017 A.1.1).
fn read_der(octets: &[u8]) -> Option<RouterPublicKey> {
    let (outer, _) = read_element(octets, SEQUENCE)?;
    let inner = match read_element(outer, SEQUENCE) {
        Some((algorithm, bits)) if algorithm.starts_with(&RSA_ENCRYPTION[..11]) => {
            let (bits, _) = read_element(bits, BIT_STRING)?;
            read_element(bits.strip_prefix(&[0])?, SEQUENCE)?.0
        }
        _ => outer,
    };
    let (modulus, rest) = read_element(inner, INTEGER)?;
    let (exponent, _) = read_element(rest, INTEGER)?;
    key(modulus, exponent)
}

/// Exponent length, exponent, modulus: RFC 3110 2. Exponents are short.
fn read_dnskey(octets: &[u8]) -> Option<RouterPublicKey> {
    let (len, rest) = octets.split_first()?;
    let (exponent, modulus) = rest.split_at_checked(usize::from(*len))?;
    let short = (1..=4).contains(len);
    key(without_padding(modulus), exponent).filter(|_| short)
}

/// The modulus alone.
fn read_modulus(octets: &[u8]) -> Option<RouterPublicKey> {
    let first = octets.first().is_some_and(|b| b & 0x80 != 0);
    key(without_padding(octets), &[1, 0, 1]).filter(|_| first)
}

/// Without up to seven zeros at the end, which fill an option up: a modulus is odd.
fn without_padding(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().rev().take(7).take_while(|b| **b == 0).count();
    &octets[..octets.len() - zeros]
}

/// The content of the DER element that octets begin with, and what is behind it.
fn read_element(octets: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, len) = (*octets.first()?, *octets.get(1)?);
    let (head, len) = match len {
        0..=0x7f => (2, usize::from(len)),
        0x81 => (3, usize::from(*octets.get(2)?)),
        0x82 => (4, usize::from(u16::from_be_bytes([*octets.get(2)?, *octets.get(3)?]))),
        _ => return None,
    };
    let content = octets.get(head..head + len).filter(|_| found == tag)?;
    Some((content, &octets[head + len..]))
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
