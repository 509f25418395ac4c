//! What access routers and mobile nodes of Local Key Exchange share:
//! draft-liu-mobileip-lke-01, read as ARCHITECTURE.md says.

mod form;
pub mod keys;
mod mark;

pub use form::{codes, lay_out, sum_up, translate};
pub use mark::{Mark, verify};

pub use mip6_security::mobility::local::Readings;

use mip6_security::mobility::local::{LocalKey, Reading};
use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::Icmpv6Body;
use mip6_wire::mobility::{Message, Mobility};

use crate::roles::mobility::updates::UNIT;

/// Seconds in the unit of a requested lifetime.
pub(super) fn unit(readings: &Readings) -> u32 {
    if readings.has(Reading::Seconds) { 1 } else { UNIT as u32 }
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
        let mut packet = headers[from..].to_vec();
        sum_up(&mut packet, &self.readings, codes);
        let octets = write_packet(&packet, codes);
        let Some(mark) = Mark::find(&octets, codes) else { return };
        if !mark.is_empty(&octets) {
            return;
        }
        let mark = mark.behind_padding(&self.readings);
        let Some(made) = mark.make(&octets, &self.key, self.readings) else { return };
        let place = match headers.last_mut() {
            Some(Header::Mobility(Mobility {
                message: Message::Finished { bare, .. }, ..
            })) if bare.len() == made.len() => Some(bare.to_mut().as_mut_slice()),
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
