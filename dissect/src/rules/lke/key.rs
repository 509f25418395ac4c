//! The public key of a capability advertisement. The draft names RSA but no
//! encoding; DER is tried first (readings E1 and B10).

use mip6_security::mobility::local::Reading;

/// An RSA public key, as far as judging it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RsaKey {
    /// How it is encoded: a reading of `Passage::Encoding`.
    pub(crate) encoding: Reading,
    /// Bits of the modulus.
    pub(crate) bits: usize,
    /// Octets of the encoding.
    pub(crate) octets: usize,
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
/// 1.2.840.113549.1.1.1 with its type and length.
const RSA_ENCRYPTION: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];

impl RsaKey {
    /// Finds an RSA key at the start of `octets`; padding may follow.
    pub(crate) fn find(octets: &[u8]) -> Option<Self> {
        subject_public_key_info(octets)
            .or_else(|| pkcs1(octets))
            .or_else(|| dnskey(octets))
            .or_else(|| modulus(octets))
    }
}

/// Content and octets of a DER element of type `tag`.
fn element(octets: &[u8], tag: u8) -> Option<(&[u8], usize)> {
    let (&t, rest) = octets.split_first()?;
    let (&first, rest) = rest.split_first().filter(|_| t == tag)?;
    let (len, head) = match first {
        0..=0x7f => (usize::from(first), 2),
        0x81 => (usize::from(*rest.first()?), 3),
        0x82 => (usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])), 4),
        _ => return None,
    };
    Some((octets.get(head..head + len)?, head + len))
}

fn subject_public_key_info(octets: &[u8]) -> Option<RsaKey> {
    let (content, total) = element(octets, SEQUENCE)?;
    let (algorithm, len) = element(content, SEQUENCE)?;
    let (bits, _) = element(&content[len..], BIT_STRING)?;
    let key = bits.strip_prefix(&[0])?;
    if !algorithm.starts_with(&RSA_ENCRYPTION) {
        return None;
    }
    let inner = pkcs1(key)?;
    Some(RsaKey { encoding: Reading::SubjectPublicKeyInfo, octets: total, ..inner })
}

fn pkcs1(octets: &[u8]) -> Option<RsaKey> {
    let (content, total) = element(octets, SEQUENCE)?;
    let (modulus, len) = element(content, INTEGER)?;
    element(&content[len..], INTEGER)?;
    Some(RsaKey { encoding: Reading::RsaPublicKey, bits: bit_length(modulus), octets: total })
}

fn dnskey(octets: &[u8]) -> Option<RsaKey> {
    let (&len, rest) = octets.split_first()?;
    let exponent = rest.get(..usize::from(len)).filter(|e| (1..=4).contains(&e.len()))?;
    let odd = is_odd(exponent);
    let modulus = trim_padding(&rest[usize::from(len)..]);
    let numbers = odd && is_odd(modulus) && modulus.first().is_some_and(|b| *b != 0);
    numbers.then(|| RsaKey {
        encoding: Reading::Dnskey,
        bits: bit_length(modulus),
        octets: 1 + exponent.len() + modulus.len(),
    })
}

fn modulus(octets: &[u8]) -> Option<RsaKey> {
    let modulus = trim_padding(octets);
    let top = modulus.first().is_some_and(|b| b & 0x80 != 0);
    (top && is_odd(modulus)).then(|| RsaKey {
        encoding: Reading::Modulus,
        bits: bit_length(modulus),
        octets: modulus.len(),
    })
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|b| b % 2 == 1)
}

/// Without up to seven zeros at the end.
fn trim_padding(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().rev().take(7).take_while(|b| **b == 0).count();
    &octets[..octets.len() - zeros]
}

fn bit_length(number: &[u8]) -> usize {
    let number = &number[number.iter().take_while(|b| **b == 0).count()..];
    number.first().map_or(0, |top| number.len() * 8 - top.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key of 512 bits: SEQUENCE { INTEGER n, INTEGER 65537 }.
    fn pkcs1_key() -> Vec<u8> {
        let mut k = vec![0x30, 0x48, 2, 0x41, 0, 0x80];
        k.extend([0x11; 62]);
        k.push(0x13);
        k.extend([2, 3, 1, 0, 1]);
        k
    }

    #[test]
    fn der_is_found_with_padding_behind() {
        let mut k = pkcs1_key();
        k.extend([0; 6]);
        let found = RsaKey::find(&k).unwrap();
        assert_eq!((found.encoding, found.bits, found.octets), (Reading::RsaPublicKey, 512, 74));
    }

    #[test]
    fn subject_public_key_info_is_unwrapped() {
        let inner = pkcs1_key();
        let mut k = vec![0x30, 0x5c, 0x30, 0x0d];
        k.extend(RSA_ENCRYPTION);
        k.extend([5, 0, 3, 0x4b, 0]);
        k.extend(inner);
        let found = RsaKey::find(&k).unwrap();
        assert_eq!((found.encoding, found.bits), (Reading::SubjectPublicKeyInfo, 512));
        assert_eq!(found.octets, k.len());
    }

    #[test]
    fn other_octets_are_no_key() {
        assert_eq!(RsaKey::find(&[0x30, 0x82, 0xff, 0xff, 2]), None);
        assert_eq!(RsaKey::find(&[0; 64]), None);
        assert_eq!(RsaKey::find(&[]), None);
    }
}
