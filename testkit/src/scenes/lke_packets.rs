//! Packets of a Local Key Exchange, made with keys.

use std::net::Ipv6Addr;

use mip6_conformance::roles::local::{codes, lay_out, sum_up};
use mip6_security::mobility::local::{
    Coverage, Envelope, LocalKey, Reading, Readings, RouterKey, Signed, Whole,
};
use mip6_wire::codes::{LKE01, NdFormat};
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::nd::NdBody;
use mip6_wire::icmpv6::{Icmpv6Body, NaFlags, RaFlags, kind};
use mip6_wire::layout::{Auto, Bytes};
use mip6_wire::lke::checksum;
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use crate::build::{
    ACCESS_ROUTER, ACCESS_ROUTER_LOCAL, ALL_NODES, CAREOF, MOBILE_LOCAL, PREVIOUS_CAREOF, Packet,
    home_option, home_route, icmpv6, ip, link_ip, mobility_by, nd_options,
};
use crate::random::Random;
use crate::samples;

/// The private key of the access router: everybody's.
pub(super) const ROUTER: &str = include_str!("../router.pem");
/// Its name beside the captures.
pub(super) const ROUTER_FILE: &str = "router.pem";
/// The care-of address on the next link.
pub(super) const NEXT: Ipv6Addr = PREVIOUS_CAREOF;
/// Octets that stand where those will that are made of all others.
const HMAC_MARK: [u8; 20] = [0xa7; 20];
const AUTHENTICATOR_MARK: [u8; 12] = [0xa7; 12];

/// A key that a mobile node made.
pub(super) const fn key(number: u8) -> LocalKey {
    let mut octets = [0x4b; LocalKey::OCTETS];
    octets[LocalKey::OCTETS - 1] = number;
    LocalKey::new(octets)
}

pub(super) fn router() -> Option<RouterKey> {
    RouterKey::from_pem(ROUTER).ok()
}

/// A Mobility Header message on the draft's numbers.
pub(super) fn message(message: Message<'static>, options: &[OptionBody<'_>]) -> Header<'static> {
    Header::Mobility(mobility_by(&LKE01, message, options))
}

/// An advertisement of Local Key Exchange; `None` for one of a router without.
pub(super) fn advertise(max_lifetime: u16, public_key: Option<Vec<u8>>) -> Packet {
    let capability = public_key.map(|key| {
        let body = NdBody::LkeCapability { max_lifetime, public_key: key.into() };
        (NdFormat::LkeCapability, body)
    });
    advertise_with(RaFlags::H, capability.as_slice())
}

/// An advertisement of the access router, with options behind its prefix.
pub(super) fn advertise_with(flags: RaFlags, more: &[(NdFormat, NdBody<'static>)]) -> Packet {
    let format = NdFormat::SourceLinkLayer;
    let mut options = vec![
        (format, NdBody::LinkLayer { format, address: vec![2, 0, 0, 0, 0, 2].into() }),
        (NdFormat::PrefixInformation, samples::home_prefix(ACCESS_ROUTER)),
    ];
    options.extend_from_slice(more);
    let body = Icmpv6Body::RouterAdvertisement {
        hop_limit: 64,
        flags,
        lifetime: 9000,
        reachable: 0,
        retrans: 0,
        options: nd_options(&LKE01, &options).into(),
    };
    vec![link_ip(ACCESS_ROUTER_LOCAL, ALL_NODES), icmpv6(kind::ROUTER_ADVERTISEMENT, body)]
}

/// The advertisement of the access router whose key is known.
pub(super) fn offer() -> Packet {
    offer_as(Reading::SubjectPublicKeyInfo)
}

/// The same, its key in another encoding.
pub(super) fn offer_as(encoding: Reading) -> Packet {
    advertise(7200, router().map(|r| r.public().encoded(encoding)))
}

/// A Key Exchange Request.
pub(super) struct Ask {
    pub(super) sequence: u16,
    pub(super) key: LocalKey,
    pub(super) padding: Reading,
    pub(super) lifetime: u16,
    pub(super) router: Ipv6Addr,
    /// How it is laid out.
    pub(super) form: Readings,
}

impl Ask {
    pub(super) fn new(sequence: u16, number: u8) -> Self {
        Self {
            sequence,
            key: key(number),
            padding: Reading::Pkcs1,
            lifetime: 1800,
            router: ACCESS_ROUTER_LOCAL,
            form: Readings::default(),
        }
    }

    /// With the key encrypted.
    pub(super) fn packet(&self) -> Packet {
        let random = Random::new(u64::from(self.sequence)).octets(128);
        let envelope = Envelope { reading: self.padding, random: &random };
        self.with_data(
            router().and_then(|r| r.public().seal(&self.key, &envelope)).unwrap_or_default(),
        )
    }

    /// With other data.
    pub(super) fn with_data(&self, data: Vec<u8>) -> Packet {
        let request = Message::KeyExchangeRequest { sequence: self.sequence, data: data.into() };
        let packet = vec![
            link_ip(MOBILE_LOCAL, self.router),
            home_option(CAREOF),
            message(request, &[OptionBody::RequestedLifetime { lifetime: self.lifetime }]),
        ];
        formed(self.form, packet)
    }
}

/// A Key Exchange Acknowledgement.
pub(super) struct Grant {
    pub(super) sequence: u16,
    pub(super) key: LocalKey,
    pub(super) reading: Reading,
    pub(super) lifetime: u16,
    pub(super) status: u8,
    pub(super) careof: Ipv6Addr,
    /// The mobile node's link-local address.
    pub(super) mobile: Ipv6Addr,
    /// How it is laid out.
    pub(super) form: Readings,
}

impl Grant {
    pub(super) fn new(sequence: u16, number: u8) -> Self {
        Self {
            sequence,
            key: key(number),
            reading: Reading::WholePacket,
            lifetime: 1800,
            status: 0,
            careof: CAREOF,
            mobile: MOBILE_LOCAL,
            form: Readings::default(),
        }
    }

    pub(super) fn packet(&self) -> Packet {
        let body = Message::KeyExchangeAcknowledgement {
            status: self.status,
            reserved: 0,
            sequence: self.sequence,
            lifetime: self.lifetime,
        };
        sealed(self.key, self.reading, |hmac| {
            // Two octets of zero behind each option, as in the draft's figure.
            let zeros = || [OptionBody::Pad1, OptionBody::Pad1];
            let mut options = vec![OptionBody::ArAddress { address: ACCESS_ROUTER }];
            options.extend(zeros());
            options.push(OptionBody::LkeHmac { hmac });
            options.extend(zeros());
            let packet = vec![
                link_ip(ACCESS_ROUTER_LOCAL, self.mobile),
                home_route(self.careof),
                message(body.clone(), &options),
            ];
            formed(self.form, packet)
        })
    }
}

/// A message of authenticated Duplicate Address Detection.
pub(super) struct Detect {
    pub(super) nonce: u32,
    pub(super) key: LocalKey,
    pub(super) reading: Reading,
    pub(super) router: Ipv6Addr,
    /// How it is laid out.
    pub(super) form: Readings,
}

impl Detect {
    pub(super) fn new(nonce: u32, number: u8) -> Self {
        Self {
            nonce,
            key: key(number),
            reading: Reading::WholePacket,
            router: ACCESS_ROUTER,
            form: Readings::default(),
        }
    }

    fn option(&self, format: NdFormat, hmac: [u8; 20]) -> Bytes<'static> {
        let body = NdBody::DadAuthentication {
            format,
            reserved: 0,
            nonce: self.nonce,
            ar_address: self.router,
            front: vec![].into(),
            hmac,
            padding: Bytes::Borrowed(&[0; 4]),
        };
        nd_options(&LKE01, &[(format, body)]).into()
    }

    /// The solicitation of the access router.
    pub(super) fn solicitation(&self) -> Packet {
        sealed(self.key, self.reading, |hmac| {
            formed(self.form, probe(self.option(NdFormat::DadAuthenticationRequest, hmac)))
        })
    }

    /// The mobile node's reply.
    pub(super) fn reply(&self) -> Packet {
        sealed(self.key, self.reading, |hmac| {
            formed(self.form, claim(self.option(NdFormat::DadAuthenticationReply, hmac)))
        })
    }
}

/// A solicitation of Duplicate Address Detection for the care-of address.
pub(super) fn probe(options: Bytes<'static>) -> Packet {
    let solicited = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, 0x99);
    let body = Icmpv6Body::NeighborSolicitation { reserved: 0, target: CAREOF, options };
    vec![link_ip(Ipv6Addr::UNSPECIFIED, solicited), icmpv6(kind::NEIGHBOR_SOLICITATION, body)]
}

/// An advertisement that claims it.
pub(super) fn claim(options: Bytes<'static>) -> Packet {
    let body = Icmpv6Body::NeighborAdvertisement { flags: NaFlags::O, target: CAREOF, options };
    vec![link_ip(CAREOF, ALL_NODES), icmpv6(kind::NEIGHBOR_ADVERTISEMENT, body)]
}

/// A message of a binding under the association.
pub(super) struct Bind {
    pub(super) sequence: u16,
    pub(super) key: LocalKey,
    pub(super) coverage: Coverage,
    pub(super) lifetime: u16,
    /// The mobile node's address on the next link.
    pub(super) careof: Ipv6Addr,
    /// The access router's address.
    pub(super) router: Ipv6Addr,
    /// How it is laid out.
    pub(super) form: Readings,
}

impl Bind {
    pub(super) fn new(sequence: u16, number: u8) -> Self {
        Self {
            sequence,
            key: key(number),
            coverage: Coverage::default(),
            lifetime: 60,
            careof: NEXT,
            router: ACCESS_ROUTER,
            form: Readings::default(),
        }
    }

    /// The Binding Update.
    pub(super) fn update(&self) -> Packet {
        let flags = UpdateFlags::A | UpdateFlags::H;
        let body =
            Message::BindingUpdate { sequence: self.sequence, flags, lifetime: self.lifetime };
        self.up(&body)
    }

    /// Its acknowledgement, with options in front of the authenticator.
    pub(super) fn answer(&self, status: u8, options: &[OptionBody<'static>]) -> Packet {
        let body = Message::BindingAcknowledgement {
            status,
            flags: AckFlags::empty(),
            sequence: self.sequence,
            lifetime: self.lifetime,
        };
        let wire = (self.router, self.careof);
        self.signed(wire, (self.router, CAREOF), false, |authenticator| {
            let mut options = options.to_vec();
            options.push(authenticator);
            vec![ip(wire.0, wire.1), home_route(CAREOF), message(body.clone(), &options)]
        })
    }

    /// The Finished message.
    pub(super) fn finished(&self, status: u8, nonce: u32) -> Packet {
        self.up(&Message::Finished {
            status,
            reserved: 0,
            sequence: self.sequence,
            lifetime: self.lifetime,
            nonce,
            bare: vec![].into(),
        })
    }

    fn up(&self, body: &Message<'static>) -> Packet {
        let wire = (self.careof, self.router);
        self.signed(wire, (CAREOF, self.router), true, |authenticator| {
            vec![ip(wire.0, wire.1), home_option(CAREOF), message(body.clone(), &[authenticator])]
        })
    }

    /// The packet with the authenticator that its own octets make.
    fn signed(
        &self,
        wire: (Ipv6Addr, Ipv6Addr),
        upper: (Ipv6Addr, Ipv6Addr),
        upwards: bool,
        packet: impl Fn(OptionBody<'static>) -> Packet,
    ) -> Packet {
        let option = |octets: &[u8]| OptionBody::BindingAuthorization {
            authenticator: octets.to_vec().into(),
        };
        let packet = |body| formed(self.form, packet(body));
        let draft = packet(option(&AUTHENTICATOR_MARK));
        let (front, octets) = written(&draft);
        let at = octets[front..].windows(12).position(|w| w == AUTHENTICATOR_MARK);
        let signed = Signed {
            message: &octets[front..],
            at: at.unwrap_or(0),
            wire,
            upper,
            upwards,
            bare: false,
        };
        match self.key.authenticator(&signed, self.coverage) {
            Some(made) => packet(option(&made)),
            None => draft,
        }
    }
}

/// The packet as readings of the draft lay it out.
fn formed(readings: Readings, mut packet: Packet) -> Packet {
    let codes = codes(&readings);
    lay_out(&mut packet, &readings, codes);
    sum_up(&mut packet, &readings, codes);
    // The capture is written by the draft's numbers, which may not know what is covered.
    let sum = checksum(&packet, codes).filter(|_| *codes != LKE01);
    if let (Some(sum), Some(Header::Mobility(m))) = (sum, packet.last_mut()) {
        m.checksum = Auto::Fixed(sum);
    }
    packet
}

/// Octets of a packet, and how many of them stand in front of its last header.
fn written(packet: &Packet) -> (usize, Vec<u8>) {
    let front = write_packet(&packet[..packet.len() - 1], &LKE01).len();
    (front, write_packet(packet, &LKE01))
}

/// The packet with the HMAC that its own octets make.
fn sealed(key: LocalKey, reading: Reading, packet: impl Fn([u8; 20]) -> Packet) -> Packet {
    let draft = packet(HMAC_MARK);
    let (front, octets) = written(&draft);
    let hmac = octets.windows(20).position(|w| w == HMAC_MARK).unwrap_or(0);
    let is_mobility = matches!(draft.last(), Some(Header::Mobility(_)));
    let whole = Whole {
        packet: &octets,
        checksum: front + if is_mobility { 4 } else { 2 },
        hmac,
        home: None,
        // Right behind the IPv6 header.
        route: is_mobility.then_some(48),
        careof: None,
    };
    match key.hmac(&whole, reading) {
        Some(made) => packet(made),
        None => draft,
    }
}
