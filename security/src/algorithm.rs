//! Algorithms of ESP and AH, and the names that people call them by.

use thiserror::Error;

/// Encryption algorithm of ESP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// None, RFC 2410.
    Null,
    /// DES in CBC mode, RFC 2405: for old captures only.
    DesCbc,
    /// Triple DES in CBC mode, RFC 2451.
    TripleDesCbc,
    /// AES in CBC mode, RFC 3602.
    AesCbc,
    /// AES in counter mode, RFC 3686; the key ends with a nonce of 4 octets.
    AesCtr,
    /// AES-GCM with an ICV of 8 octets, RFC 4106; the key ends with a salt of 4.
    AesGcm8,
    /// AES-GCM with an ICV of 12 octets.
    AesGcm12,
    /// AES-GCM with an ICV of 16 octets.
    AesGcm16,
    /// ChaCha20 and Poly1305, RFC 7634; the key ends with a salt of 4 octets.
    ChaCha20Poly1305,
}

/// Integrity algorithm of ESP and AH.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Integrity {
    /// None.
    Null,
    /// RFC 2403.
    HmacMd5_96,
    /// RFC 2404.
    HmacSha1_96,
    /// SHA-256 cut to 96 bits, as Linux had it before RFC 4868.
    HmacSha256_96,
    /// RFC 4868.
    HmacSha256_128,
    /// RFC 4868.
    HmacSha384_192,
    /// RFC 4868.
    HmacSha512_256,
    /// RFC 3566.
    AesXcbc96,
    /// An ICV of so many octets that is not checked.
    Unchecked(u8),
}

/// What can be wrong with an algorithm or its key.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// Nobody calls an algorithm so.
    #[error("unknown algorithm `{0}`; known are: {1}")]
    Unknown(String, String),
    /// Two algorithms that do the same.
    #[error("{0} protects integrity itself: expected no {1} beside it")]
    Twice(&'static str, &'static str),
    /// The key is too short or too long.
    #[error("{algorithm} wants a key of {wanted} octets, not of {found}")]
    Size {
        /// The algorithm.
        algorithm: &'static str,
        /// Octets of the key.
        found: usize,
        /// What was wanted.
        wanted: &'static str,
    },
}

impl Encryption {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Null,
        Self::DesCbc,
        Self::TripleDesCbc,
        Self::AesCbc,
        Self::AesCtr,
        Self::AesGcm8,
        Self::AesGcm12,
        Self::AesGcm16,
        Self::ChaCha20Poly1305,
    ];

    /// Its name in key files and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::DesCbc => "des-cbc",
            Self::TripleDesCbc => "3des-cbc",
            Self::AesCbc => "aes-cbc",
            Self::AesCtr => "aes-ctr",
            Self::AesGcm8 => "aes-gcm-8",
            Self::AesGcm12 => "aes-gcm-12",
            Self::AesGcm16 => "aes-gcm-16",
            Self::ChaCha20Poly1305 => "chacha20-poly1305",
        }
    }

    /// By its name here, in Wireshark's table, in Linux or in setkey.
    pub fn parse(name: &str) -> Result<Self, KeyError> {
        let plain = plain(name);
        let found = match plain.as_str() {
            "" | "null" | "none" | "cipher_null" | "ecb(cipher_null)" => Self::Null,
            "des-cbc" | "cbc(des)" => Self::DesCbc,
            "3des-cbc" | "tripledes-cbc" | "cbc(des3_ede)" | "3des" => Self::TripleDesCbc,
            "aes-cbc" | "rijndael-cbc" | "cbc(aes)" | "aes" => Self::AesCbc,
            "aes-ctr" | "rfc3686(ctr(aes))" | "ctr(aes)" => Self::AesCtr,
            "aes-gcm-8" | "aes-gcm with 8 octet icv" => Self::AesGcm8,
            "aes-gcm-12" | "aes-gcm with 12 octet icv" => Self::AesGcm12,
            "aes-gcm-16" | "aes-gcm with 16 octet icv" | "aes-gcm" => Self::AesGcm16,
            "chacha20-poly1305" | "chacha20 with poly1305" => Self::ChaCha20Poly1305,
            _ => {
                let known = Self::ALL.map(Self::name).join(", ");
                return Err(KeyError::Unknown(name.to_owned(), known));
            }
        };
        Ok(found)
    }

    /// Octets of its shortest key, salt or nonce included.
    pub const fn key_octets(self) -> usize {
        match self {
            Self::Null => 0,
            Self::DesCbc => 8,
            Self::TripleDesCbc => 24,
            Self::AesCbc => 16,
            Self::AesCtr | Self::AesGcm8 | Self::AesGcm12 | Self::AesGcm16 => 20,
            Self::ChaCha20Poly1305 => 36,
        }
    }

    /// Octets of the initialization vector in each packet.
    pub const fn iv_octets(self) -> usize {
        match self {
            Self::Null => 0,
            Self::AesCbc => 16,
            _ => 8,
        }
    }

    /// Octets that the ciphertext is a multiple of (RFC 4303 2.4 wants 4).
    pub const fn block_octets(self) -> usize {
        match self {
            Self::AesCbc => 16,
            Self::DesCbc | Self::TripleDesCbc => 8,
            _ => 4,
        }
    }

    /// Octets of the ICV that the algorithm makes itself.
    pub const fn icv_octets(self) -> usize {
        match self {
            Self::AesGcm8 => 8,
            Self::AesGcm12 => 12,
            Self::AesGcm16 | Self::ChaCha20Poly1305 => 16,
            _ => 0,
        }
    }

    /// It protects the integrity of the packet too.
    pub const fn is_combined(self) -> bool {
        self.icv_octets() > 0
    }
}

impl Integrity {
    /// All of them, but the one that checks nothing.
    pub const ALL: [Self; 8] = [
        Self::Null,
        Self::HmacMd5_96,
        Self::HmacSha1_96,
        Self::HmacSha256_96,
        Self::HmacSha256_128,
        Self::HmacSha384_192,
        Self::HmacSha512_256,
        Self::AesXcbc96,
    ];

    /// Its name in key files and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::HmacMd5_96 => "hmac-md5-96",
            Self::HmacSha1_96 => "hmac-sha1-96",
            Self::HmacSha256_96 => "hmac-sha2-256-96",
            Self::HmacSha256_128 => "hmac-sha2-256-128",
            Self::HmacSha384_192 => "hmac-sha2-384-192",
            Self::HmacSha512_256 => "hmac-sha2-512-256",
            Self::AesXcbc96 => "aes-xcbc-96",
            Self::Unchecked(_) => "unchecked",
        }
    }

    /// By its name here, in Wireshark's table, in Linux or in setkey.
    pub fn parse(name: &str) -> Result<Self, KeyError> {
        let plain = plain(name);
        // "ANY 96 bit authentication [no checking]".
        let bits = plain.strip_prefix("any ").and_then(|r| r.split(' ').next());
        if let Some(bits) = bits.and_then(|b| b.parse::<u16>().ok()) {
            return Ok(Self::Unchecked((bits / 8).min(255) as u8));
        }
        let found = match plain.as_str() {
            "" | "null" | "none" | "digest_null" => Self::Null,
            "hmac-md5-96" | "hmac-md5" | "hmac(md5)" => Self::HmacMd5_96,
            "hmac-sha1-96" | "hmac-sha-1-96" | "hmac-sha1" | "hmac(sha1)" => Self::HmacSha1_96,
            "hmac-sha2-256-96" | "hmac-sha-256-96" => Self::HmacSha256_96,
            "hmac-sha2-256-128" | "hmac-sha-256-128" | "hmac-sha256" | "hmac(sha256)" => {
                Self::HmacSha256_128
            }
            "hmac-sha2-384-192" | "hmac-sha-384-192" | "hmac-sha384" | "hmac(sha384)" => {
                Self::HmacSha384_192
            }
            "hmac-sha2-512-256" | "hmac-sha-512-256" | "hmac-sha512" | "hmac(sha512)" => {
                Self::HmacSha512_256
            }
            "aes-xcbc-96" | "aes-xcbc-mac-96" | "aes-xcbc-mac" | "xcbc(aes)" => Self::AesXcbc96,
            _ => {
                let known = Self::ALL.map(Self::name).join(", ");
                return Err(KeyError::Unknown(name.to_owned(), known));
            }
        };
        Ok(found)
    }

    /// The same algorithm, its ICV cut to so many bits; `None` if nobody does.
    pub fn cut_to(self, bits: u32) -> Option<Self> {
        match (self, bits) {
            (Self::HmacSha256_128 | Self::HmacSha256_96, 96) => Some(Self::HmacSha256_96),
            (Self::HmacSha256_128 | Self::HmacSha256_96, 128) => Some(Self::HmacSha256_128),
            (other, bits) if other.icv_octets() * 8 == bits as usize => Some(other),
            _ => None,
        }
    }

    /// Octets of its key.
    pub const fn key_octets(self) -> usize {
        match self {
            Self::Null | Self::Unchecked(_) => 0,
            Self::HmacMd5_96 | Self::AesXcbc96 => 16,
            Self::HmacSha1_96 => 20,
            Self::HmacSha256_96 | Self::HmacSha256_128 => 32,
            Self::HmacSha384_192 => 48,
            Self::HmacSha512_256 => 64,
        }
    }

    /// Octets of the ICV.
    pub const fn icv_octets(self) -> usize {
        match self {
            Self::Null => 0,
            Self::HmacMd5_96 | Self::HmacSha1_96 | Self::HmacSha256_96 | Self::AesXcbc96 => 12,
            Self::HmacSha256_128 => 16,
            Self::HmacSha384_192 => 24,
            Self::HmacSha512_256 => 32,
            Self::Unchecked(n) => n as usize,
        }
    }
}

/// Lower case, without what stands in brackets: the RFC in Wireshark's names.
fn plain(name: &str) -> String {
    let name = name.split('[').next().unwrap_or_default().trim();
    name.to_ascii_lowercase()
}
