//! Authentication data of the authentication option, RFC 4285 5.

use std::fmt;
use std::net::Ipv6Addr;

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::{CHECKSUM, hmac_sha1};

/// Octets of an MN-HA key, RFC 4285 5.1.
pub const KEY_OCTETS: usize = 16;
/// The SPI that stands for HMAC-SHA1 between mobile node and AAA server, RFC
/// 4285 5.2 and 8.
pub const HMAC_SHA1_SPI: u32 = 3;
/// The lowest SPI that may be given out, RFC 4285 5.1.
pub const FIRST_SPI: u32 = 256;

/// Whom the option authenticates the mobile node to: its subtype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The home agent, subtype 1.
    MnHa,
    /// The AAA server, subtype 2.
    MnAaa,
}

impl Kind {
    /// The kind of a subtype.
    pub const fn of(subtype: u8) -> Option<Self> {
        match subtype {
            1 => Some(Self::MnHa),
            2 => Some(Self::MnAaa),
            _ => None,
        }
    }

    /// The subtype.
    pub const fn subtype(self) -> u8 {
        match self {
            Self::MnHa => 1,
            Self::MnAaa => 2,
        }
    }
}

/// What a key cannot be.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AuthenticationError {
    /// Of the wrong size.
    #[error("an MN-HA key has 16 octets (RFC 4285 5.1), this one has {0}")]
    KeySize(usize),
    /// Of no size.
    #[error("the key is empty")]
    NoKey,
    /// With an SPI that is reserved.
    #[error("SPIs up to 255 are reserved (RFC 4285 5.1)")]
    ReservedSpi,
    /// With an SPI that names another algorithm.
    #[error("the SPI names the algorithm of MN-AAA keys: 3 is HMAC-SHA1, no other is known")]
    Algorithm,
}

/// A mobility security association of RFC 4285.
#[derive(Clone)]
pub struct AuthenticationKey {
    kind: Kind,
    spi: u32,
    home: Option<Ipv6Addr>,
    key: Vec<u8>,
}

impl fmt::Debug for AuthenticationKey {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthenticationKey({:?}, {:#x}, {:?})", self.kind, self.spi, self.home)
    }
}

impl AuthenticationKey {
    /// Of a mobile node, or of every mobile node that names the SPI.
    pub fn new(
        kind: Kind,
        spi: u32,
        home: Option<Ipv6Addr>,
        key: &[u8],
    ) -> Result<Self, AuthenticationError> {
        match kind {
            Kind::MnHa if spi < FIRST_SPI => return Err(AuthenticationError::ReservedSpi),
            Kind::MnHa if key.len() != KEY_OCTETS => {
                return Err(AuthenticationError::KeySize(key.len()));
            }
            Kind::MnAaa if spi != HMAC_SHA1_SPI => return Err(AuthenticationError::Algorithm),
            // The size of MN-AAA keys is not said.
            Kind::MnAaa if key.is_empty() => return Err(AuthenticationError::NoKey),
            _ => {}
        }
        Ok(Self { kind, spi, home, key: key.to_vec() })
    }

    /// The authentication data of a message between care-of and home address;
    /// they begin at `at` in the message, right behind the SPI. 12 octets for
    /// MN-HA, 20 for MN-AAA. `None` if the message ends before.
    pub fn data(
        &self,
        careof: Ipv6Addr,
        home: Ipv6Addr,
        message: &[u8],
        at: usize,
    ) -> Option<Vec<u8>> {
        let covered = message.get(..at)?;
        let (careof, home) = (careof.octets(), home.octets());
        // The checksum is computed last: over anything but zero, neither could
        // come first. Section 5.2 does not repeat this for MN-AAA.
        let parts: [&[u8]; 5] =
            [&careof, &home, covered.get(..CHECKSUM.start)?, &[0; 2], covered.get(CHECKSUM.end..)?];
        Some(match self.kind {
            Kind::MnHa => hmac_sha1(&self.key, &parts)?[..12].to_vec(),
            Kind::MnAaa => {
                let digest = parts.iter().fold(Sha1::new(), Sha1::chain_update);
                hmac_sha1(&self.key, &[&digest.finalize()])?.to_vec()
            }
        })
    }
}

/// Keys of RFC 4285.
#[derive(Clone, Debug, Default)]
pub struct AuthenticationKeys(Vec<AuthenticationKey>);

impl AuthenticationKeys {
    /// Adds a key.
    pub fn add(&mut self, key: AuthenticationKey) {
        self.0.push(key);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether some key of this SPI makes the authentication data `sent`, which
    /// stand at `at` in the message, with one of the care-of addresses. `None`
    /// if there is no key.
    pub fn verify(
        &self,
        (kind, spi): (Kind, u32),
        careofs: &[Ipv6Addr],
        home: Ipv6Addr,
        message: &[u8],
        at: usize,
    ) -> Option<bool> {
        message.get(at..)?;
        self.of((kind, spi), home).next()?;
        Some(self.maker((kind, spi), careofs, home, message, at).is_some())
    }

    /// The key that makes them.
    pub fn maker(
        &self,
        (kind, spi): (Kind, u32),
        careofs: &[Ipv6Addr],
        home: Ipv6Addr,
        message: &[u8],
        at: usize,
    ) -> Option<&AuthenticationKey> {
        let sent = message.get(at..)?;
        self.of((kind, spi), home).find(|key| {
            careofs.iter().any(|careof| {
                let made = key.data(*careof, home, message, at);
                made.is_some_and(|m| sent.get(..m.len()).is_some_and(|s| bool::from(m.ct_eq(s))))
            })
        })
    }

    /// The keys that a mobile node may have meant.
    fn of(
        &self,
        (kind, spi): (Kind, u32),
        home: Ipv6Addr,
    ) -> impl Iterator<Item = &AuthenticationKey> {
        let fits = move |k: &&AuthenticationKey| {
            (k.kind, k.spi) == (kind, spi) && k.home.is_none_or(|h| h == home)
        };
        self.0.iter().filter(fits)
    }
}
