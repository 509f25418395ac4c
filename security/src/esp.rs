//! ESP, opened and sealed, RFC 4303.

use std::ops::Range;

use thiserror::Error;

use crate::association::Association;

/// SPI and sequence number.
const HEADER: usize = 8;
/// Pad length and next header.
const TRAILER: usize = 2;

/// What has been opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Protocol of what was inside.
    pub next: u8,
    /// Octets of payload at the start of the plaintext.
    pub payload: usize,
    /// Octets of padding behind it.
    pub pad_len: u8,
    /// The padding is 1, 2, 3 and so on (RFC 4303 2.4), or was empty.
    pub padding_is_right: bool,
    /// Initialization vector, from the start of the header.
    pub iv: Range<usize>,
    /// Integrity check value, from the start of the header.
    pub icv: Range<usize>,
    /// The integrity check value has been checked.
    pub checked: bool,
}

/// Why ESP could not be opened.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unopened {
    /// Too few octets for what its algorithms need.
    #[error("{have} octets, at least {need} wanted for IV, trailer and ICV")]
    Short {
        /// Octets wanted.
        need: usize,
        /// Octets there.
        have: usize,
    },
    /// The ciphertext is no multiple of the block size.
    #[error("{have} octets of ciphertext, wanted a multiple of {block}")]
    Ragged {
        /// Octets of ciphertext.
        have: usize,
        /// Block size.
        block: usize,
    },
    /// The integrity check value is wrong.
    #[error("wrong integrity check value")]
    Icv,
    /// The pad length does not fit.
    #[error("pad length {pad_len} in {have} octets of plaintext: a wrong key?")]
    Padding {
        /// Pad length.
        pad_len: u8,
        /// Octets of plaintext.
        have: usize,
    },
}

/// Opens ESP from its SPI to the end of the ICV. `high` is the high half of an
/// extended sequence number. The plaintext, with padding and trailer, replaces
/// what was in `plain`.
pub fn open(
    a: &Association,
    octets: &[u8],
    high: u32,
    plain: &mut Vec<u8>,
) -> Result<Opened, Unopened> {
    let (iv_len, icv_len) = (a.encryption().iv_octets(), a.icv_octets());
    let need = HEADER + iv_len + TRAILER + icv_len;
    let have = octets.len();
    if have < need {
        return Err(Unopened::Short { need, have });
    }
    let (iv, icv) = (HEADER..HEADER + iv_len, have - icv_len..have);
    let cipher = iv.end..icv.start;
    let block = a.encryption().block_octets();
    // Combined modes and NULL want no multiple; RFC 4303 2.4 wants the trailer
    // to end on four octets, which is the sender's to keep.
    if block > 4 && cipher.len() % block != 0 {
        return Err(Unopened::Ragged { have: cipher.len(), block });
    }
    let high = high.to_be_bytes();
    let checked = a.encryption().is_combined() || a.integrity().icv_octets() > 0;
    let mut aad = [0; 12];
    let aad = associated(a, octets, high, &mut aad);
    if !a.encryption().is_combined() {
        let extra: &[u8] = if a.extended { &high } else { &[] };
        if !a.mac.verify(&[&octets[..icv.start], extra], &octets[icv.clone()]) {
            return Err(Unopened::Icv);
        }
    }
    plain.clear();
    plain.extend_from_slice(&octets[cipher]);
    let tag = &octets[icv.clone()];
    a.cipher.open(&octets[iv.clone()], aad, plain, tag).map_err(|_| Unopened::Icv)?;
    let n = plain.len();
    let (pad_len, next) = (plain[n - 2], plain[n - 1]);
    let Some(payload) = (n - TRAILER).checked_sub(usize::from(pad_len)) else {
        return Err(Unopened::Padding { pad_len, have: n });
    };
    let padding = &plain[payload..n - TRAILER];
    let padding_is_right = padding.iter().zip(1..=u8::MAX).all(|(p, i)| *p == i);
    let checked = checked && !matches!(a.integrity(), crate::Integrity::Unchecked(_));
    Ok(Opened { next, payload, pad_len, padding_is_right, iv, icv, checked })
}

/// Seals a payload: SPI, sequence number, IV, ciphertext and ICV are appended to
/// `out`. `iv` has the size that the algorithm wants; never use one twice with
/// the counter modes.
///
/// # Panics
/// If `iv` has another size.
pub fn seal(
    a: &Association,
    sequence: u64,
    iv: &[u8],
    next: u8,
    payload: &[u8],
    out: &mut Vec<u8>,
) {
    assert_eq!(iv.len(), a.encryption().iv_octets(), "size of the initialization vector");
    let start = out.len();
    out.extend_from_slice(&a.spi.to_be_bytes());
    out.extend_from_slice(&(sequence as u32).to_be_bytes());
    out.extend_from_slice(iv);
    let cipher = out.len();
    out.extend_from_slice(payload);
    let block = a.encryption().block_octets();
    let pad_len = (block - (payload.len() + TRAILER) % block) % block;
    out.extend((1u8..).take(pad_len));
    out.extend_from_slice(&[pad_len as u8, next]);
    let icv = out.len();
    out.resize(icv + a.icv_octets(), 0);
    let high = ((sequence >> 32) as u32).to_be_bytes();
    let (head, tail) = out[start..].split_at_mut(cipher - start);
    let (data, tag) = tail.split_at_mut(icv - cipher);
    let mut aad = [0; 12];
    let aad = associated(a, head, high, &mut aad);
    a.cipher.seal(iv, aad, data, if a.encryption().is_combined() { tag } else { &mut [] });
    if !a.encryption().is_combined() {
        let (covered, tag) = out[start..].split_at_mut(icv - start);
        a.mac.sign(&[covered, if a.extended { &high } else { &[] }], tag);
    }
}

/// What combined algorithms authenticate besides: SPI and sequence number, RFC
/// 4106 5.
fn associated<'b>(
    a: &Association,
    header: &[u8],
    high: [u8; 4],
    out: &'b mut [u8; 12],
) -> &'b [u8] {
    out[..4].copy_from_slice(&header[..4]);
    if a.extended {
        out[4..8].copy_from_slice(&high);
        out[8..].copy_from_slice(&header[4..8]);
        out
    } else {
        out[4..8].copy_from_slice(&header[4..8]);
        &out[..8]
    }
}
