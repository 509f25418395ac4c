//! Where the key of an association has left its mark in a packet: the HMAC over a
//! whole packet (draft 3.1.2, 3.1.3 and 3.2.2), or the authenticator of a message
//! (2.1).

use std::net::Ipv6Addr;

use mip6_security::mobility::local::{
    AUTHENTICATOR_OCTETS, Coverage, HMAC_OCTETS, LocalKey, Passage, Reading, Signed, Whole,
};
use mip6_wire::codes::{Codes, MhFormat, NdFormat};
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body};
use mip6_wire::ip::{Ipv6, Ipv6Options, proto};
use mip6_wire::layout::Reader;
use mip6_wire::mobility::options::Options;
use mip6_wire::mobility::{Message, Mobility, OptionBody};

use super::Readings;
use crate::roles::host::ends;

/// Octets of a Neighbor Solicitation or Advertisement in front of its options.
pub(super) const NEIGHBOR_FIXED: usize = 24;
/// Offset of the HMAC in the options of draft 3.1.2 and 3.1.3.
pub(super) const HMAC_AT: usize = 24;
/// Octets of padding in them.
pub(super) const PADDING: usize = 4;
/// Offset of the checksum in ICMPv6 and in a Mobility Header.
const ICMPV6_CHECKSUM: usize = 2;
const MOBILITY_CHECKSUM: usize = 4;

/// Where the mark of a key stands in a packet.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Offset of the upper-layer header in the packet.
    upper: usize,
    /// Offset of the mark in that header.
    at: usize,
    kind: Kind,
    /// Offset of the address in a Home Address option.
    home: Option<usize>,
    /// Offset of the address in a Type 2 routing header.
    route: Option<usize>,
    /// Offset of the address in a destination option in its place.
    careof: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// An HMAC over the whole packet.
    Whole { checksum: usize },
    /// An authenticator, from mobile node to access router or back; bare where no
    /// option holds it.
    Message { upwards: bool, bare: bool },
}

impl Mark {
    /// Finds the mark in a packet, from its IPv6 header on.
    pub fn find(octets: &[u8], codes: &Codes) -> Option<Self> {
        let mut next = *octets.get(6)?;
        let mut at = Ipv6::OCTETS;
        let (mut home, mut route, mut careof) = (None, None, None);
        loop {
            match next {
                proto::HOP_BY_HOP | proto::DESTINATION_OPTIONS | proto::ROUTING => {
                    let end = at + (usize::from(*octets.get(at + 1)?) + 1) * 8;
                    let content = octets.get(at + 2..end)?;
                    if next == proto::ROUTING {
                        route = route.or((content.first() == Some(&2)).then_some(at + 8));
                    } else {
                        for o in Ipv6Options::new(content).flatten() {
                            let place = at + 2 + o.offset + 2;
                            home = home.or(o.home_address().map(|_| place));
                            careof = careof.or(o.careof_address(codes).map(|_| place));
                        }
                    }
                    next = octets[at];
                    at = end;
                }
                proto::MOBILITY => {
                    let (place, kind) = in_mobility(octets.get(at..)?, codes)?;
                    return Some(Self { upper: at, at: place, kind, home, route, careof });
                }
                proto::ICMPV6 => {
                    let place = in_icmpv6(octets.get(at..)?, codes)?;
                    let kind = Kind::Whole { checksum: ICMPV6_CHECKSUM };
                    return Some(Self { upper: at, at: place, kind, home, route, careof });
                }
                _ => return None,
            }
        }
    }

    /// The same behind the padding of an authentication option that nothing has been
    /// put into yet, if that is where padding stands.
    pub(super) fn behind_padding(mut self, readings: &Readings) -> Self {
        if self.kind == (Kind::Whole { checksum: ICMPV6_CHECKSUM })
            && readings.has(Reading::PaddingFirst)
        {
            self.at += PADDING;
        }
        self
    }

    /// Its offset in the upper-layer header.
    pub(super) fn in_message(&self) -> usize {
        self.at
    }

    /// Whether nothing has been put there yet.
    pub(super) fn is_empty(&self, octets: &[u8]) -> bool {
        let at = self.upper + self.at;
        octets.get(at..at + self.len()).is_some_and(|o| o.iter().all(|b| *b == 0))
    }

    fn len(&self) -> usize {
        match self.kind {
            Kind::Whole { .. } => HMAC_OCTETS,
            Kind::Message { .. } => AUTHENTICATOR_OCTETS,
        }
    }

    /// What the key makes of the packet.
    pub(super) fn make(
        &self,
        octets: &[u8],
        key: &LocalKey,
        readings: Readings,
    ) -> Option<Vec<u8>> {
        match self.kind {
            Kind::Whole { checksum } => key
                .hmac(&self.whole(octets, checksum), readings.of(Passage::Whole))
                .map(|h| h.to_vec()),
            Kind::Message { upwards, bare } => key
                .authenticator(&self.signed(octets, upwards, bare)?, Coverage::of(&readings))
                .map(|a| a.to_vec()),
        }
    }

    fn whole<'a>(&self, octets: &'a [u8], checksum: usize) -> Whole<'a> {
        Whole {
            packet: octets,
            checksum: self.upper + checksum,
            hmac: self.upper + self.at,
            home: self.home,
            route: self.route,
            careof: self.careof,
        }
    }

    fn signed<'a>(&self, octets: &'a [u8], upwards: bool, bare: bool) -> Option<Signed<'a>> {
        let wire = ends(octets)?;
        let address = |at: usize| {
            let octets: [u8; 16] = octets.get(at..at + 16)?.try_into().ok()?;
            Some(Ipv6Addr::from(octets))
        };
        Some(Signed {
            message: octets.get(self.upper..)?,
            at: self.at,
            wire,
            upper: (
                self.home.and_then(address).unwrap_or(wire.0),
                self.route.or(self.careof).and_then(address).unwrap_or(wire.1),
            ),
            upwards,
            bare,
        })
    }
}

/// Whether a key has made the mark in a packet, from its IPv6 header on, by any
/// reading.
pub fn verify(octets: &[u8], key: &LocalKey, codes: &Codes) -> bool {
    let Some(mark) = Mark::find(octets, codes) else { return false };
    match mark.kind {
        Kind::Whole { checksum } => key.verify_hmac(&mark.whole(octets, checksum)).is_some(),
        Kind::Message { upwards, bare } => mark
            .signed(octets, upwards, bare)
            .is_some_and(|signed| key.verify_authenticator(&signed).is_some()),
    }
}

fn in_mobility(upper: &[u8], codes: &Codes) -> Option<(usize, Kind)> {
    let header: Mobility<'_> = Reader::new(upper, upper.len(), codes).read().ok()?;
    let fixed = header.fixed_octets();
    let format = header.format();
    let upwards = format != MhFormat::BindingAcknowledgement;
    if let Message::Finished { bare, .. } = &header.message
        && bare.len() == AUTHENTICATOR_OCTETS
    {
        return Some((fixed - AUTHENTICATOR_OCTETS, Kind::Message { upwards, bare: true }));
    }
    Options::new(&header.options, format, codes).flatten().find_map(|o| {
        let kind = match o.body() {
            OptionBody::LkeHmac { .. } => Kind::Whole { checksum: MOBILITY_CHECKSUM },
            OptionBody::BindingAuthorization { authenticator }
                if authenticator.len() == AUTHENTICATOR_OCTETS =>
            {
                Kind::Message { upwards, bare: false }
            }
            _ => return None,
        };
        Some((fixed + o.offset + 2, kind))
    })
}

fn in_icmpv6(upper: &[u8], codes: &Codes) -> Option<usize> {
    let message: Icmpv6<'_> = Reader::new(upper, upper.len(), codes).read().ok()?;
    let (Icmpv6Body::NeighborSolicitation { options, .. }
    | Icmpv6Body::NeighborAdvertisement { options, .. }) = &message.body
    else {
        return None;
    };
    let ours = [NdFormat::DadAuthenticationRequest, NdFormat::DadAuthenticationReply];
    let found = NdOptions::new(options, message.kind, codes).flatten();
    found.filter(|o| ours.contains(&o.format)).find_map(|o| match o.body() {
        NdBody::DadAuthentication { front, .. } => {
            Some(NEIGHBOR_FIXED + o.offset + HMAC_AT + front.len())
        }
        _ => None,
    })
}
