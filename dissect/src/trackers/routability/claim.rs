//! Authenticators of Binding Updates and Acknowledgements, RFC 6275 6.2.7.

use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_wire::mobility::options::fields as option_field;

use crate::rules::id::*;
use crate::rules::{Judge, Req};

/// What an update to a correspondent is authorized by.
pub(super) struct Claim<'m> {
    pub(super) home: Ipv6Addr,
    pub(super) peer: Ipv6Addr,
    /// The care-of address to be registered.
    pub(super) careof: Ipv6Addr,
    /// Source and destination in the IPv6 header.
    pub(super) wire: (Ipv6Addr, Ipv6Addr),
    /// Where the authenticator stands.
    pub(super) at: usize,
    pub(super) authenticator: &'m [u8],
}

impl Claim<'_> {
    pub(super) fn is_made_by(
        &self,
        j: &Judge<'_, '_>,
        key: &BindingKey,
        careof: Ipv6Addr,
        peer: Ipv6Addr,
    ) -> bool {
        made(j, key, careof, peer, self.at).is_some_and(|m| m == self.authenticator)
    }

    /// Judges the authenticator; where it is wrong, by what was mistaken in it.
    pub(super) fn judge(&self, j: &mut Judge<'_, '_>, r: Req, key: &BindingKey) {
        let right = self.is_made_by(j, key, self.careof, self.peer);
        let wrong = if right {
            None
        } else if [self.wire.0, self.home]
            .into_iter()
            .any(|a| a != self.careof && self.is_made_by(j, key, a, self.peer))
        {
            Some((MIP6_RR_014, "computed over another care-of address"))
        } else if self.wire.1 != self.peer && self.is_made_by(j, key, self.careof, self.wire.1) {
            Some((MIP6_RR_015, "computed over the correspondent's care-of address"))
        } else {
            Some((r, "an authenticator that the tokens do not make"))
        };
        let (careof, peer) = (self.careof, self.peer);
        let wanted = "HMAC-SHA1 by the key of the tokens, 96 bits of it";
        if wrong.is_none() {
            for r in [r, MIP6_RR_014] {
                j.holds(r, true, |d| d);
            }
            if self.wire.1 != peer {
                j.holds(MIP6_RR_015, true, |d| d);
            }
        }
        if let Some((r, found)) = wrong {
            j.holds(r, false, |d| {
                d.field(&option_field::AUTHENTICATOR, self.at)
                    .found(found)
                    .wanted(format!("{wanted}, over {careof} and {peer}"))
            });
        }
    }
}

/// The authenticator that a key makes of the message being judged.
pub(super) fn made(
    j: &Judge<'_, '_>,
    key: &BindingKey,
    careof: Ipv6Addr,
    peer: Ipv6Addr,
    at: usize,
) -> Option<[u8; 12]> {
    key.authenticator(careof, peer, j.packet.octets(j.here()), at)
}
