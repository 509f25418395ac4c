//! Encryption with keys set up once.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::{
    Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt,
    BlockSizeUser, InnerIvInit, KeyInit, StreamCipher,
};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use ctr::{Ctr32BE, CtrCore};
use des::{Des, TdesEde3};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use subtle::ConstantTimeEq;

use crate::algorithm::{Encryption, KeyError};

/// AES with its key schedule, for any size of key.
#[derive(Clone)]
pub(crate) enum Aes {
    K128(Aes128),
    K192(Aes192),
    K256(Aes256),
}

macro_rules! with_aes {
    ($aes:expr, $cipher:ident => $body:expr) => {
        match $aes {
            Aes::K128($cipher) => $body,
            Aes::K192($cipher) => $body,
            Aes::K256($cipher) => $body,
        }
    };
}

impl Aes {
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Aes128::new_from_slice(key).ok().map(Self::K128),
            24 => Aes192::new_from_slice(key).ok().map(Self::K192),
            32 => Aes256::new_from_slice(key).ok().map(Self::K256),
            _ => None,
        }
    }

    pub(crate) fn encrypt(&self, block: &mut [u8; 16]) {
        with_aes!(self, c => c.encrypt_block(block.into()));
    }
}

/// An encryption algorithm with its key.
#[derive(Clone)]
pub(crate) enum Cipher {
    Null,
    Des(Des),
    TripleDes(TdesEde3),
    AesCbc(Aes),
    AesCtr { aes: Aes, nonce: [u8; 4] },
    AesGcm { aes: Aes, hash: Box<GHash>, salt: [u8; 4] },
    ChaCha { cipher: ChaCha20Poly1305, salt: [u8; 4] },
}

/// The packet is not what was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadTag;

impl Cipher {
    pub(crate) fn new(algorithm: Encryption, key: &[u8]) -> Result<Self, KeyError> {
        let size =
            |wanted| KeyError::Size { algorithm: algorithm.name(), found: key.len(), wanted };
        // The last four octets.
        let salted = |wanted| -> Result<(&[u8], [u8; 4]), KeyError> {
            key.split_last_chunk::<4>().map(|(k, s)| (k, *s)).ok_or_else(|| size(wanted))
        };
        const SALTED: &str = "20, 28 or 36 (the last 4 are the salt or nonce)";
        Ok(match algorithm {
            Encryption::Null if key.is_empty() => Self::Null,
            Encryption::Null => return Err(size("0")),
            Encryption::DesCbc => Self::Des(Des::new_from_slice(key).map_err(|_| size("8"))?),
            Encryption::TripleDesCbc => {
                Self::TripleDes(TdesEde3::new_from_slice(key).map_err(|_| size("24"))?)
            }
            Encryption::AesCbc => Self::AesCbc(Aes::new(key).ok_or_else(|| size("16, 24 or 32"))?),
            Encryption::AesCtr => {
                let (key, nonce) = salted(SALTED)?;
                Self::AesCtr { aes: Aes::new(key).ok_or_else(|| size(SALTED))?, nonce }
            }
            Encryption::AesGcm8 | Encryption::AesGcm12 | Encryption::AesGcm16 => {
                let (key, salt) = salted(SALTED)?;
                let aes = Aes::new(key).ok_or_else(|| size(SALTED))?;
                let mut h = [0; 16];
                aes.encrypt(&mut h);
                let hash = Box::new(GHash::new(&h.into()));
                Self::AesGcm { aes, hash, salt }
            }
            Encryption::ChaCha20Poly1305 => {
                const WANTED: &str = "36 (the last 4 are the salt)";
                let (key, salt) = salted(WANTED)?;
                let cipher = ChaCha20Poly1305::new_from_slice(key).map_err(|_| size(WANTED))?;
                Self::ChaCha { cipher, salt }
            }
        })
    }

    /// Decrypts in place. `aad` and `tag` are those of combined algorithms;
    /// the initialization vector and the ciphertext have the right sizes.
    pub(crate) fn open(
        &self,
        iv: &[u8],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8],
    ) -> Result<(), BadTag> {
        match self {
            Self::Null => {}
            Self::Des(c) => cbc_decrypt(c, iv, data),
            Self::TripleDes(c) => cbc_decrypt(c, iv, data),
            Self::AesCbc(aes) => with_aes!(aes, c => cbc_decrypt(c, iv, data)),
            Self::AesCtr { aes, nonce } => counter(aes, *nonce, iv, 1, data),
            Self::AesGcm { aes, hash, salt } => {
                let wanted = gcm_tag(aes, hash, *salt, iv, aad, data);
                if !bool::from(wanted[..tag.len()].ct_eq(tag)) {
                    return Err(BadTag);
                }
                counter(aes, *salt, iv, 2, data);
            }
            Self::ChaCha { cipher, salt } => {
                let nonce = Nonce::from(joined(*salt, iv));
                let tag = Tag::try_from(tag).map_err(|_| BadTag)?;
                let opened = cipher.decrypt_inout_detached(&nonce, aad, data.into(), &tag);
                opened.map_err(|_| BadTag)?;
            }
        }
        Ok(())
    }

    /// Encrypts in place; the tag of combined algorithms goes into `tag`.
    pub(crate) fn seal(&self, iv: &[u8], aad: &[u8], data: &mut [u8], tag: &mut [u8]) {
        match self {
            Self::Null => {}
            Self::Des(c) => cbc_encrypt(c, iv, data),
            Self::TripleDes(c) => cbc_encrypt(c, iv, data),
            Self::AesCbc(aes) => with_aes!(aes, c => cbc_encrypt(c, iv, data)),
            Self::AesCtr { aes, nonce } => counter(aes, *nonce, iv, 1, data),
            Self::AesGcm { aes, hash, salt } => {
                counter(aes, *salt, iv, 2, data);
                let whole = gcm_tag(aes, hash, *salt, iv, aad, data);
                tag.copy_from_slice(&whole[..tag.len()]);
            }
            Self::ChaCha { cipher, salt } => {
                let nonce = Nonce::from(joined(*salt, iv));
                // Fails beyond 256 GiB only.
                if let Ok(made) = cipher.encrypt_inout_detached(&nonce, aad, data.into()) {
                    tag.copy_from_slice(&made);
                }
            }
        }
    }
}

fn cbc_decrypt<C: BlockCipherDecrypt + BlockSizeUser>(cipher: &C, iv: &[u8], data: &mut [u8]) {
    let (blocks, _) = Block::<C>::slice_as_chunks_mut(data);
    if let Ok(mut mode) = cbc::Decryptor::inner_iv_slice_init(cipher, iv) {
        mode.decrypt_blocks(blocks);
    }
}

fn cbc_encrypt<C: BlockCipherEncrypt + BlockSizeUser>(cipher: &C, iv: &[u8], data: &mut [u8]) {
    let (blocks, _) = Block::<C>::slice_as_chunks_mut(data);
    if let Ok(mut mode) = cbc::Encryptor::inner_iv_slice_init(cipher, iv) {
        mode.encrypt_blocks(blocks);
    }
}

/// Salt and initialization vector: 12 octets.
fn joined(salt: [u8; 4], iv: &[u8]) -> [u8; 12] {
    let mut out = [0; 12];
    out[..4].copy_from_slice(&salt);
    let n = iv.len().min(8);
    out[4..4 + n].copy_from_slice(&iv[..n]);
    out
}

fn counter_block(salt: [u8; 4], iv: &[u8], counter: u32) -> [u8; 16] {
    let mut block = [0; 16];
    block[..12].copy_from_slice(&joined(salt, iv));
    block[12..].copy_from_slice(&counter.to_be_bytes());
    block
}

/// RFC 3686 4 counts from 1, GCM keeps that for the tag.
fn counter(aes: &Aes, salt: [u8; 4], iv: &[u8], first: u32, data: &mut [u8]) {
    let block = counter_block(salt, iv, first);
    let iv = &block.into();
    with_aes!(aes, c => Ctr32BE::from_core(CtrCore::inner_iv_init(c, iv)).apply_keystream(data));
}

/// The tag of AES-GCM over ciphertext, NIST SP 800-38D 7.1.
fn gcm_tag(aes: &Aes, hash: &GHash, salt: [u8; 4], iv: &[u8], aad: &[u8], data: &[u8]) -> [u8; 16] {
    let mut hash = hash.clone();
    hash.update_padded(aad);
    hash.update_padded(data);
    let mut lengths = [0; 16];
    lengths[..8].copy_from_slice(&(aad.len() as u64 * 8).to_be_bytes());
    lengths[8..].copy_from_slice(&(data.len() as u64 * 8).to_be_bytes());
    hash.update(&[lengths.into()]);
    let mut tag = counter_block(salt, iv, 1);
    aes.encrypt(&mut tag);
    for (t, h) in tag.iter_mut().zip(hash.finalize()) {
        *t ^= h;
    }
    tag
}
