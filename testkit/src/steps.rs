//! The cases of draft-ietf-mobileip-mipv6-ha-ipsec-04 section 6: packets between
//! a mobile node and its home agent, and how each step lists them.

use mip6_security::steps::{
    Apply, Expect, Received, Refused, Selectors, Sent, Unsent, Way, receive_transport,
    receive_tunnel, send_transport, send_tunnel,
};
use mip6_security::{Association, Encryption, Integrity};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::{Icmpv6Body, kind};
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, binding_acknowledgement, binding_update, icmpv6, ip,
    mobility, mobility_with, udp,
};

/// Title of each section from 6.1 to 6.16, its steps and the packets in them. Up
/// to 6.8 they are the draft's; the rest is by analogy, as it says.
///
/// Three slips are put right: `Mobility Header` for `Mobility header` from 6.6
/// on, an indentation in 6.2, and `Home Test Init` in the packets of 6.7 and
/// 6.8, which by their titles, their text and their direction are Home Test
/// messages.
pub const LISTINGS: &str = include_str!("steps.txt");

/// A packet of one of the cases of section 6, as its upper layer makes it.
pub struct Scene {
    /// Sections about its sender and its receiver.
    pub sections: [u8; 2],
    /// Which way it goes.
    pub way: Way,
    /// Through the tunnel.
    pub tunnel: bool,
    /// What the draft calls its SPI.
    pub spi: &'static str,
    /// From its IPv6 header on.
    pub packet: Vec<Header<'static>>,
    /// Protocol number of what it carries.
    pub protocol: u8,
}

/// All cases, in order.
pub fn scenes() -> [Scene; 8] {
    let transport = |sections, way, spi, message: Header<'static>, protocol| {
        let header = match way {
            Way::ToHomeAgent => ip(HOME, HOME_AGENT),
            Way::ToMobileNode => ip(HOME_AGENT, HOME),
        };
        Scene { sections, way, tunnel: false, spi, packet: vec![header, message], protocol }
    };
    let tunnel = |sections, way, spi, payload: &[Header<'static>], protocol| {
        let header = match way {
            Way::ToHomeAgent => ip(HOME, CORRESPONDENT),
            Way::ToMobileNode => ip(CORRESPONDENT, HOME),
        };
        let packet = [&[header], payload].concat();
        Scene { sections, way, tunnel: true, spi, packet, protocol }
    };
    let update = mobility_with(
        binding_update(UpdateFlags::A | UpdateFlags::H, 60),
        &[OptionBody::AlternateCareof { address: CAREOF }],
    );
    let answer = mobility(binding_acknowledgement(0, AckFlags::empty(), 60));
    let init = mobility(Message::HomeTestInit { reserved: 0, cookie: 0x1122_3344_5566_7788 });
    let test = mobility(Message::HomeTest { nonce_index: 3, cookie: 1, token: 2 });
    let solicitation = icmpv6(
        kind::PREFIX_SOLICITATION,
        Icmpv6Body::PrefixSolicitation { identifier: 7, reserved: 0, options: (&[][..]).into() },
    );
    let advertisement = icmpv6(
        kind::PREFIX_ADVERTISEMENT,
        Icmpv6Body::PrefixAdvertisement { identifier: 7, flags: 0, options: (&[][..]).into() },
    );
    let payload = udp(4000, 5000, b"payload".to_vec());
    [
        transport([1, 2], Way::ToHomeAgent, "spi_a", update, 135),
        transport([3, 4], Way::ToMobileNode, "spi_b", answer, 135),
        tunnel([5, 6], Way::ToHomeAgent, "spi_c", &[init], 135),
        tunnel([7, 8], Way::ToMobileNode, "spi_d", &[test], 135),
        transport([9, 10], Way::ToHomeAgent, "spi_a", solicitation, 58),
        transport([11, 12], Way::ToMobileNode, "spi_b", advertisement, 58),
        tunnel([13, 14], Way::ToHomeAgent, "spi_c", &payload, 17),
        tunnel([15, 16], Way::ToMobileNode, "spi_d", &payload, 17),
    ]
}

/// SPI of `esp` and `ah`.
pub const SPI: u32 = 0x1000;
/// What their keys are cut from.
pub const KEY: [u8; 64] = [0x5a; 64];
/// What IVs are cut from; never do this.
pub const IV: [u8; 16] = [0xc3; 16];

/// AES-CBC with HMAC-SHA1-96.
///
/// # Panics
/// Never.
pub fn esp() -> Association {
    let (cipher, mac) = (Encryption::AesCbc, Integrity::HmacSha1_96);
    Association::esp(SPI, (cipher, &KEY[..16]), (mac, &KEY[..20])).expect("keys of their sizes")
}

/// HMAC-SHA1-96.
///
/// # Panics
/// Never.
pub fn ah() -> Association {
    Association::ah(SPI, (Integrity::HmacSha1_96, &KEY[..20])).expect("a key of its size")
}

impl Scene {
    /// Selectors of its association.
    pub fn selectors(&self) -> Selectors {
        let (source, destination) = match (self.way, self.tunnel) {
            (Way::ToHomeAgent, false) => (Some(HOME), Some(HOME_AGENT)),
            (Way::ToMobileNode, false) => (Some(HOME_AGENT), Some(HOME)),
            (Way::ToHomeAgent, true) => (Some(HOME), None),
            (Way::ToMobileNode, true) => (None, Some(HOME)),
        };
        Selectors { source, destination, protocol: Some(self.protocol) }
    }

    /// Sends it from, or to, `CAREOF`.
    pub fn send(&self, a: &Association, sequence: u64) -> Result<Sent<'static>, Unsent> {
        let apply = Apply { association: a, sequence, iv: &IV[..a.encryption().iv_octets()] };
        if self.tunnel {
            send_tunnel(&self.packet, self.way, CAREOF, HOME_AGENT, &apply, &RFC6275)
        } else {
            send_transport(&self.packet, self.way, Some(CAREOF), &apply, &RFC6275)
        }
    }

    /// What `send` puts on the wire.
    ///
    /// # Panics
    /// If it cannot be sent.
    pub fn wire(&self, a: &Association) -> Vec<u8> {
        let sent = self.send(a, 1).expect("can be sent");
        write_packet(&sent.packet, &RFC6275)
    }

    /// Receives what came for it.
    pub fn receive(
        &self,
        octets: &[u8],
        association: &Association,
        high: u32,
    ) -> Result<Received, Refused> {
        let expect = Expect { association, high, selectors: self.selectors() };
        if self.tunnel {
            receive_tunnel(octets, self.way, &expect, &RFC6275)
        } else {
            receive_transport(octets, self.way, &expect, &RFC6275)
        }
    }
}
