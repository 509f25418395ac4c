//! Security associations, RFC 4301 4.4.2.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

use smallvec::SmallVec;

use crate::algorithm::{Encryption, Integrity, KeyError};
use crate::cipher::Cipher;
use crate::mac::Mac;

/// Which header an association makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Encapsulating Security Payload, protocol 50.
    Esp,
    /// Authentication Header, protocol 51.
    Ah,
}

impl Protocol {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Esp => "esp",
            Self::Ah => "ah",
        }
    }
}

/// Transport or tunnel mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Not said: whatever the packet shows.
    #[default]
    Any,
    /// Transport mode.
    Transport,
    /// Tunnel mode.
    Tunnel,
}

impl Mode {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Transport => "transport",
            Self::Tunnel => "tunnel",
        }
    }
}

/// One security association, with its keys set up.
#[derive(Clone)]
pub struct Association {
    /// What people call it.
    pub name: String,
    /// ESP or AH.
    pub protocol: Protocol,
    /// Security Parameters Index.
    pub spi: u32,
    /// Source, if it matters: in transport mode the home address of a mobile
    /// node, whatever its care-of address is.
    pub source: Option<IpAddr>,
    /// Destination, likewise.
    pub destination: Option<IpAddr>,
    /// Transport or tunnel mode.
    pub mode: Mode,
    /// Sequence numbers of 64 bits, RFC 4303 2.2.1.
    pub extended: bool,
    encryption: Encryption,
    pub(crate) cipher: Cipher,
    pub(crate) mac: Mac,
}

impl fmt::Debug for Association {
    /// Without its keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Association")
            .field("name", &self.name)
            .field("protocol", &self.protocol)
            .field("spi", &self.spi)
            .field("source", &self.source)
            .field("destination", &self.destination)
            .field("mode", &self.mode)
            .field("encryption", &self.encryption)
            .field("integrity", &self.integrity())
            .finish_non_exhaustive()
    }
}

impl Association {
    /// ESP with two algorithms and their keys.
    pub fn esp(
        spi: u32,
        encryption: (Encryption, &[u8]),
        integrity: (Integrity, &[u8]),
    ) -> Result<Self, KeyError> {
        Self::new(Protocol::Esp, spi, encryption, integrity)
    }

    /// AH with its algorithm and key.
    pub fn ah(spi: u32, integrity: (Integrity, &[u8])) -> Result<Self, KeyError> {
        Self::new(Protocol::Ah, spi, (Encryption::Null, &[]), integrity)
    }

    fn new(
        protocol: Protocol,
        spi: u32,
        encryption: (Encryption, &[u8]),
        integrity: (Integrity, &[u8]),
    ) -> Result<Self, KeyError> {
        if encryption.0.is_combined() && integrity.0 != Integrity::Null {
            return Err(KeyError::Twice(encryption.0.name(), integrity.0.name()));
        }
        Ok(Self {
            name: format!("{}:{spi:#x}", protocol.name()),
            protocol,
            spi,
            source: None,
            destination: None,
            mode: Mode::Any,
            extended: false,
            encryption: encryption.0,
            cipher: Cipher::new(encryption.0, encryption.1)?,
            mac: Mac::new(integrity.0, integrity.1)?,
        })
    }

    /// The encryption algorithm.
    pub fn encryption(&self) -> Encryption {
        self.encryption
    }

    /// The integrity algorithm.
    pub fn integrity(&self) -> Integrity {
        self.mac.algorithm()
    }

    /// Octets of the ICV at the end of its ESP packets, or in its AH.
    pub fn icv_octets(&self) -> usize {
        self.encryption.icv_octets() + self.integrity().icv_octets()
    }

    /// Writes the integrity check value of octets, for whoever puts a packet
    /// together by hand; without an integrity algorithm nothing is written.
    pub fn sign(&self, covered: &[u8], icv: &mut [u8]) {
        self.mac.sign(&[covered], icv);
    }

    /// Whether it may be the association of a packet between these addresses:
    /// those on the wire, and those that upper layers see.
    fn fits(&self, p: &Addresses) -> bool {
        // Outer addresses of a tunnel change with the care-of address.
        let source = self.mode == Mode::Tunnel
            || self.source.is_none_or(|s| s == p.source || s == p.wire_source);
        let destination = self.destination.is_none_or(|d| {
            d == p.destination || d == p.wire_destination || self.mode == Mode::Tunnel
        });
        source && destination
    }
}

/// Addresses of a packet: on the wire, and with the home address in the place
/// of the care-of address, which is what associations are about (RFC 3776 4.2).
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// Source in the IP header.
    pub wire_source: IpAddr,
    /// Destination in the IP header.
    pub wire_destination: IpAddr,
    /// Source that upper layers see.
    pub source: IpAddr,
    /// Destination that upper layers see.
    pub destination: IpAddr,
}

/// The security association database: found by SPI, protocol and destination
/// at a cost that does not grow with their number.
#[derive(Clone, Debug, Default)]
pub struct Associations {
    all: Vec<Association>,
    /// By destination, and without one.
    index: HashMap<(Protocol, u32, Option<IpAddr>), SmallVec<[u32; 1]>>,
    /// Tunnels whose destination is a home address, by SPI alone: outside they
    /// go to a care-of address.
    tunnels: HashMap<(Protocol, u32), SmallVec<[u32; 1]>>,
}

/// Two associations that no packet can tell apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{second} contradicts {first}: the same protocol, SPI, source and destination")]
pub struct Contradiction {
    /// The one that was there.
    pub first: String,
    /// The one that came.
    pub second: String,
}

impl Associations {
    /// Adds an association; an error if there is one that packets cannot tell
    /// from it.
    pub fn add(&mut self, a: Association) -> Result<(), Contradiction> {
        let number = self.all.len() as u32;
        let at = self.index.entry((a.protocol, a.spi, a.destination)).or_default();
        for other in at.iter().map(|i| &self.all[*i as usize]) {
            if other.source == a.source || other.source.is_none() || a.source.is_none() {
                let (first, second) = (other.name.clone(), a.name);
                return Err(Contradiction { first, second });
            }
        }
        at.push(number);
        if a.mode == Mode::Tunnel && a.destination.is_some() {
            self.tunnels.entry((a.protocol, a.spi)).or_default().push(number);
        }
        self.all.push(a);
        Ok(())
    }

    /// All of them, in the order in which they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, Association> {
        self.all.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The association of a packet, and its number.
    pub fn find(
        &self,
        protocol: Protocol,
        spi: u32,
        addresses: &Addresses,
    ) -> Option<(usize, &Association)> {
        let exact = [Some(addresses.destination), Some(addresses.wire_destination), None];
        let exact = exact.into_iter().filter_map(|d| self.index.get(&(protocol, spi, d)));
        let tunnels = self.tunnels.get(&(protocol, spi));
        exact
            .chain(tunnels)
            .flatten()
            .map(|i| (*i as usize, &self.all[*i as usize]))
            .find(|(_, a)| a.fits(addresses))
    }
}

impl std::ops::Index<usize> for Associations {
    type Output = Association;

    fn index(&self, number: usize) -> &Association {
        &self.all[number]
    }
}

impl<'a> IntoIterator for &'a Associations {
    type Item = &'a Association;
    type IntoIter = std::slice::Iter<'a, Association>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
