//! What access routers and mobile nodes of Local Key Exchange share:
//! draft-liu-mobileip-lke-01, read as ARCHITECTURE.md says.

pub mod keys;
mod mark;

pub use mark::{Mark, verify};

use mip6_security::mobility::local::{LocalKey, Reading};
use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::Icmpv6Body;

/// By which readings of the draft a node makes what the draft leaves open; the
/// others it recognizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings {
    /// How a secret key is encrypted: one of `Reading::PADDING`.
    pub padding: Reading,
    /// What an HMAC over a whole packet covers: one of `Reading::WHOLE`.
    pub whole: Reading,
    /// What the authenticator of a message covers: one of `Reading::MESSAGE`.
    pub message: Reading,
}

impl Default for Readings {
    fn default() -> Self {
        Self { padding: Reading::Pkcs1, whole: Reading::WholePacket, message: Reading::Wire }
    }
}

impl Readings {
    /// Their names.
    pub fn names(self) -> [&'static str; 3] {
        [self.padding.id(), self.whole.id(), self.message.id()]
    }

    /// The same with another reading in place of that of its passage.
    #[must_use]
    pub fn with(mut self, reading: Reading) -> Self {
        match reading.default_of() {
            Reading::Pkcs1 => self.padding = reading,
            Reading::WholePacket => self.whole = reading,
            _ => self.message = reading,
        }
        self
    }
}

/// What a packet of Local Key Exchange is signed with.
#[derive(Clone, Copy, Debug)]
pub struct LocalSign {
    /// Key of the association.
    pub key: LocalKey,
    /// By which readings.
    pub readings: Readings,
}

impl LocalSign {
    /// By the default readings.
    pub fn new(key: LocalKey) -> Self {
        Self { key, readings: Readings::default() }
    }

    /// Fills in the HMAC or the authenticator of a packet that begins with its IPv6
    /// header, where it is zero.
    pub fn apply(&self, headers: &mut [Header<'static>], codes: &Codes) {
        let from = headers.iter().position(|h| matches!(h, Header::Ipv6(_))).unwrap_or(0);
        let octets = write_packet(&headers[from..], codes);
        let Some(mark) = Mark::find(&octets, codes) else { return };
        if !mark.is_empty(&octets) {
            return;
        }
        let Some(made) = mark.make(&octets, &self.key, self.readings) else { return };
        let place = match headers.last_mut() {
            Some(Header::Mobility(m)) => {
                let at = mark.in_message().checked_sub(m.fixed_octets());
                at.and_then(|at| m.options.to_mut().get_mut(at..at + made.len()))
            }
            Some(Header::Icmpv6(m)) => match &mut m.body {
                Icmpv6Body::NeighborSolicitation { options, .. }
                | Icmpv6Body::NeighborAdvertisement { options, .. } => {
                    let at = mark.in_message().checked_sub(mark::NEIGHBOR_FIXED);
                    at.and_then(|at| options.to_mut().get_mut(at..at + made.len()))
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(place) = place {
            place.copy_from_slice(&made);
        }
    }
}
