//! The public key of a capability advertisement as it is encoded there. The draft names
//! RSA but no encoding; DER is tried first (readings E1 and B10).

use super::Reading;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const SEQUENCE: u8 = 0x30;
/// rsaEncryption with its absent parameters, RFC 3279 2.3.1.
pub(super) const RSA_ENCRYPTION: [u8; 13] =
    [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
/// The exponent of a bare modulus: 65537.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// The numbers of an RSA public key, of whatever size, where octets hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodedKey<'a> {
    /// How it is encoded: a reading of `Passage::Encoding`.
    pub encoding: Reading,
    /// Octets of the encoding, without padding.
    pub octets: usize,
    pub(super) modulus: &'a [u8],
    pub(super) exponent: &'a [u8],
}

impl<'a> EncodedKey<'a> {
    /// The key that octets begin with; zeros may follow. `None` if there is none by any
    /// reading. A bare modulus is one whose first bit is set, and that is odd.
    pub fn find(octets: &'a [u8]) -> Option<Self> {
        subject_public_key_info(octets)
            .or_else(|| rsa_public_key(octets))
            .or_else(|| exponent_and_modulus(octets))
            .or_else(|| bare_modulus(octets))
    }

    /// Bits of the modulus.
    pub fn bits(&self) -> usize {
        let number = without_zeros(self.modulus);
        number.first().map_or(0, |top| number.len() * 8 - top.leading_zeros() as usize)
    }
}

/// A number without the zeros in front of it.
pub(super) fn without_zeros(number: &[u8]) -> &[u8] {
    &number[number.iter().take_while(|b| **b == 0).count()..]
}

/// DER, RFC 3279 2.3.1.
fn subject_public_key_info(octets: &[u8]) -> Option<EncodedKey<'_>> {
    let (content, behind) = element(octets, SEQUENCE)?;
    let (algorithm, bits) = element(content, SEQUENCE)?;
    let (bits, _) = element(bits, BIT_STRING)?;
    // The parameters are absent, and some leave out that they are.
    let inner = rsa_public_key(bits.strip_prefix(&[0])?)?;
    algorithm.starts_with(&RSA_ENCRYPTION[..11]).then(|| EncodedKey {
        encoding: Reading::SubjectPublicKeyInfo,
        octets: octets.len() - behind.len(),
        ..inner
    })
}

/// DER, RFC 8017 A.1.1.
fn rsa_public_key(octets: &[u8]) -> Option<EncodedKey<'_>> {
    let (content, behind) = element(octets, SEQUENCE)?;
    let (modulus, rest) = element(content, INTEGER)?;
    let (exponent, _) = element(rest, INTEGER)?;
    let octets = octets.len() - behind.len();
    Some(EncodedKey { encoding: Reading::RsaPublicKey, octets, modulus, exponent })
}

/// Exponent length, exponent, modulus: RFC 3110 2. Exponents are short.
fn exponent_and_modulus(octets: &[u8]) -> Option<EncodedKey<'_>> {
    let (len, rest) = octets.split_first().filter(|(len, _)| (1..=4).contains(*len))?;
    let (exponent, modulus) = rest.split_at_checked(usize::from(*len))?;
    let modulus = without_padding(modulus);
    let numbers = is_odd(exponent) && is_odd(modulus) && modulus[0] != 0;
    let octets = 1 + exponent.len() + modulus.len();
    numbers.then_some(EncodedKey { encoding: Reading::Dnskey, octets, modulus, exponent })
}

fn bare_modulus(octets: &[u8]) -> Option<EncodedKey<'_>> {
    let modulus = without_padding(octets);
    let number = is_odd(modulus) && modulus[0] & 0x80 != 0;
    let (encoding, octets) = (Reading::Modulus, modulus.len());
    number.then_some(EncodedKey { encoding, octets, modulus, exponent: &EXPONENT })
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|b| b % 2 == 1)
}

/// Without up to seven zeros at the end, which fill an option up: a modulus is odd.
fn without_padding(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().rev().take(7).take_while(|b| **b == 0).count();
    &octets[..octets.len() - zeros]
}

/// The content of the DER element that octets begin with, and what is behind it.
fn element(octets: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
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
        let found = EncodedKey::find(&k).unwrap();
        assert_eq!((found.encoding, found.bits(), found.octets), (Reading::RsaPublicKey, 512, 74));
        assert_eq!(found.exponent, EXPONENT);
    }

    #[test]
    fn subject_public_key_info_is_unwrapped() {
        for parameters in [&[5, 0][..], &[]] {
            let n = parameters.len() as u8;
            let mut k = vec![0x30, 0x5a + n, 0x30, 0x0b + n];
            k.extend(&RSA_ENCRYPTION[..11]);
            k.extend(parameters);
            k.extend([3, 0x4b, 0]);
            k.extend(pkcs1_key());
            let found = EncodedKey::find(&k).unwrap();
            assert_eq!((found.encoding, found.bits()), (Reading::SubjectPublicKeyInfo, 512));
            assert_eq!(found.octets, k.len());
        }
    }

    #[test]
    fn numbers_without_der_are_found() {
        let number = [&[0x81][..], &[0x22; 62], &[0x13]].concat();
        let dnskey = [&[3, 1, 0, 1][..], &number, &[0; 4]].concat();
        let found = EncodedKey::find(&dnskey).unwrap();
        assert_eq!((found.encoding, found.bits(), found.octets), (Reading::Dnskey, 512, 68));
        let padded = [&number[..], &[0; 7]].concat();
        let found = EncodedKey::find(&padded).unwrap();
        assert_eq!((found.encoding, found.bits(), found.octets), (Reading::Modulus, 512, 64));
        // An even number is no modulus.
        assert_eq!(EncodedKey::find(&number[..63]), None);
    }

    #[test]
    fn other_octets_are_no_key() {
        assert_eq!(EncodedKey::find(&[0x30, 0x82, 0xff, 0xff, 2]), None);
        assert_eq!(EncodedKey::find(&[0; 64]), None);
        assert_eq!(EncodedKey::find(&[]), None);
    }
}
