//! Keys of Local Key Exchange, draft-liu-mobileip-lke-01. What the draft leaves
//! open is tried in several readings.

mod coverage;
mod encoded;
mod exchange;
mod public;
mod reading;
mod readings;

pub use coverage::Coverage;
pub use encoded::EncodedKey;
pub use exchange::{RouterKey, RouterKeyError};
pub use public::{Envelope, RouterPublicKey};
pub use reading::{Passage, Reading};
pub use readings::{ReadingError, Readings};

use std::fmt;
use std::net::Ipv6Addr;
use std::ops::Range;

use subtle::ConstantTimeEq;

use super::{CHECKSUM, hmac_sha1};

/// Octets of an HMAC over a whole packet.
pub const HMAC_OCTETS: usize = 20;
/// Octets of the authenticator of a message.
pub const AUTHENTICATOR_OCTETS: usize = 12;
/// Octets of an IPv6 header.
const IP_OCTETS: usize = 40;

/// The secret key of a local binding security association (Kbm): 16 octets, which
/// the mobile node makes (draft 3.2.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LocalKey([u8; Self::OCTETS]);

impl fmt::Debug for LocalKey {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalKey")
    }
}

/// A packet with an HMAC-SHA1 "over the whole packet" (draft 3.1.2, 3.1.3 and
/// 3.2.2).
#[derive(Clone, Debug)]
pub struct Whole<'a> {
    /// From the IPv6 header on.
    pub packet: &'a [u8],
    /// Offset of the checksum of the upper layer.
    pub checksum: usize,
    /// Offset of the 20 octets of the HMAC.
    pub hmac: usize,
    /// Offset of the address in a Home Address option.
    pub home: Option<usize>,
    /// Offset of the address in a Type 2 routing header.
    pub route: Option<usize>,
    /// Offset of the address in a destination option in its place.
    pub careof: Option<usize>,
}

/// A message with an authenticator of 96 bits (draft 2.1).
#[derive(Clone, Debug)]
pub struct Signed<'a> {
    /// The Mobility Header.
    pub message: &'a [u8],
    /// Offset of the 12 octets of the authenticator.
    pub at: usize,
    /// Source and destination of the IPv6 header.
    pub wire: (Ipv6Addr, Ipv6Addr),
    /// Source and destination as upper layers see them, by the Home Address
    /// option and the routing header.
    pub upper: (Ipv6Addr, Ipv6Addr),
    /// It goes from mobile node to access router.
    pub upwards: bool,
    /// No type and length of an option stand in front of the authenticator.
    pub bare: bool,
}

impl LocalKey {
    /// Octets of a key.
    pub const OCTETS: usize = 16;

    /// A key as the mobile node made it.
    pub const fn new(octets: [u8; Self::OCTETS]) -> Self {
        Self(octets)
    }

    /// The HMAC of a packet by a reading of `Reading::WHOLE`. `None` if the
    /// offsets do not lie in the packet, or the reading is none of these.
    pub fn hmac(&self, whole: &Whole<'_>, reading: Reading) -> Option<[u8; HMAC_OCTETS]> {
        let mut octets = whole.packet.to_vec();
        let hmac = whole.hmac..whole.hmac + HMAC_OCTETS;
        let checksum = whole.checksum..whole.checksum + 2;
        let before = checksum_without(&octets, checksum.clone(), hmac.clone())?;
        octets.get_mut(hmac.clone())?.fill(0);
        octets.get_mut(checksum.clone())?.fill(0);
        let mut covered = 0..octets.len();
        match reading {
            Reading::WholePacket => {}
            Reading::NoIpHeader => covered.start = IP_OCTETS,
            Reading::PacketChecksum => octets[checksum].copy_from_slice(&before),
            Reading::PacketSwapped => {
                if let Some(at) = whole.home {
                    swap(&mut octets, 8, at)?;
                }
                if let Some(at) = whole.route {
                    swap(&mut octets, 24, at)?;
                    // Segments Left, four octets before the address.
                    *octets.get_mut(at.checked_sub(5)?)? = 0;
                }
                if let Some(at) = whole.careof {
                    swap(&mut octets, 24, at)?;
                }
            }
            Reading::NoHmacField => drop(octets.drain(hmac)),
            _ => return None,
        }
        covered.end = octets.len();
        hmac_sha1(&self.0, &[octets.get(covered)?])
    }

    /// The first reading by which the HMAC in the packet is this key's.
    pub fn verify_hmac(&self, whole: &Whole<'_>) -> Option<Reading> {
        let sent = whole.packet.get(whole.hmac..whole.hmac + HMAC_OCTETS)?;
        Reading::WHOLE
            .into_iter()
            .find(|r| self.hmac(whole, *r).is_some_and(|made| bool::from(made.ct_eq(sent))))
    }

    /// The authenticator of a message. `None` if it does not stand in the message.
    pub fn authenticator(
        &self,
        signed: &Signed<'_>,
        coverage: Coverage,
    ) -> Option<[u8; AUTHENTICATOR_OCTETS]> {
        let at = signed.at..signed.at + AUTHENTICATOR_OCTETS;
        let before = checksum_without(signed.message, CHECKSUM, at.clone())?;
        let (head, tail) = (signed.message.get(..at.start)?, signed.message.get(at.end..)?);
        let mut head = head.get(CHECKSUM.end..)?;
        if coverage.has(Reading::NoOptionHeader) && !signed.bare {
            head = head.get(..head.len().checked_sub(2)?)?;
        }
        let upper = coverage.has(Reading::UpperAddresses);
        let (source, destination) = if upper { signed.upper } else { signed.wire };
        // The mobile node is the one end, the access router the other.
        let turned = coverage.has(Reading::BaseOrder) && !signed.upwards;
        let (first, second) = if turned { (destination, source) } else { (source, destination) };
        let checksum = if coverage.has(Reading::MessageChecksum) { before } else { [0; 2] };
        let whole = hmac_sha1(
            &self.0,
            &[
                &first.octets(),
                &second.octets(),
                &signed.message[..CHECKSUM.start],
                &checksum,
                head,
                tail,
            ],
        )?;
        let mut out = [0; AUTHENTICATOR_OCTETS];
        out.copy_from_slice(&whole[..AUTHENTICATOR_OCTETS]);
        Some(out)
    }

    /// What the authenticator in the message covers if it is this key's: with the
    /// fewest other readings that it can be.
    pub fn verify_authenticator(&self, signed: &Signed<'_>) -> Option<Coverage> {
        let sent = signed.message.get(signed.at..signed.at + AUTHENTICATOR_OCTETS)?;
        Coverage::all()
            .find(|c| self.authenticator(signed, *c).is_some_and(|m| bool::from(m.ct_eq(sent))))
    }
}

/// The checksum that stood in `octets` while `field` was zero. The checksum as
/// sent covers the field and cannot be in turn covered by it. `None` if one of
/// them does not lie in the octets.
fn checksum_without(octets: &[u8], checksum: Range<usize>, field: Range<usize>) -> Option<[u8; 2]> {
    // Where one begins on an odd octet and the other does not, words are turned.
    let odd = checksum.start.abs_diff(field.start) % 2 == 1;
    let (sent, field) = (octets.get(checksum)?, octets.get(field)?);
    let word = |pair: &[u8]| u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)]);
    // RFC 1624 3: the complement of the checksum is the sum, from which the
    // words of the field are taken.
    let mut sum = u32::from(!word(sent));
    for pair in field.chunks(2) {
        let word = if odd { word(pair).swap_bytes() } else { word(pair) };
        sum += u32::from(!word);
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    Some((!(sum as u16)).to_be_bytes())
}

/// Exchanges the addresses of 16 octets at two places.
fn swap(octets: &mut [u8], a: usize, b: usize) -> Option<()> {
    let (first, second) = octets.split_at_mut_checked(b)?;
    first.get_mut(a..a + 16)?.swap_with_slice(second.get_mut(..16)?);
    Some(())
}

/// What is known of local keys before a capture is read: private keys of access
/// routers, which open what mobile nodes send them, and keys by care-of address.
#[derive(Clone, Debug, Default)]
pub struct LocalKeys {
    routers: Vec<RouterKey>,
    given: Vec<(Ipv6Addr, LocalKey)>,
}

impl LocalKeys {
    /// Adds the private key of an access router.
    pub fn add_router(&mut self, key: RouterKey) {
        self.routers.push(key);
    }

    /// Adds the key that a mobile node made at a care-of address.
    pub fn add(&mut self, careof: Ipv6Addr, key: LocalKey) {
        self.given.push((careof, key));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.routers.is_empty() && self.given.is_empty()
    }

    /// The private keys of access routers.
    pub fn routers(&self) -> &[RouterKey] {
        &self.routers
    }

    /// The keys of a care-of address, the last one given first.
    pub fn of(&self, careof: Ipv6Addr) -> impl Iterator<Item = LocalKey> + '_ {
        self.given.iter().rev().filter(move |(a, _)| *a == careof).map(|(_, k)| *k)
    }
}
