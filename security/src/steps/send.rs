//! Sending: 6.1, 6.3, 6.5 and 6.7, and what is like them.

use std::net::Ipv6Addr;

use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::ip::{
    Authentication, DestinationOptions, Esp, Ipv6, Ipv6Option, Ipv6OptionsBuilder, Routing, proto,
};
use mip6_wire::layout::Auto;
use thiserror::Error;

use super::case::{Case, Step, Way};
use super::listing::Listing;
use crate::association::{Association, Mode, Protocol};
use crate::{ah, esp};

/// What policy says of a packet that goes out: the security association to
/// apply, and what sealing takes besides.
#[derive(Clone, Copy, Debug)]
pub struct Apply<'a> {
    /// The association.
    pub association: &'a Association,
    /// Sequence number, of 64 bits if the association has such.
    pub sequence: u64,
    /// Initialization vector in the size of the algorithm; empty for AH. With
    /// counter modes never the same twice.
    pub iv: &'a [u8],
}

/// A packet to send.
#[derive(Clone, Debug)]
pub struct Sent<'a> {
    /// Its headers as they go out.
    pub packet: Vec<Header<'a>>,
    /// Which case it is.
    pub case: Case,
    /// How it came about.
    pub steps: Vec<Step>,
}

/// Why a packet could not be sent.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unsent {
    /// It is no IPv6 packet.
    #[error("the packet does not begin with an IPv6 header")]
    NotIpv6,
    /// The association is for the other mode.
    #[error("security association {name} is for {} mode", mode.name())]
    Mode {
        /// Its name.
        name: String,
        /// Its mode.
        mode: Mode,
    },
    /// The initialization vector has another size than the algorithm wants.
    #[error("an initialization vector of {have} octets, wanted {need}")]
    Iv {
        /// Octets wanted.
        need: usize,
        /// Octets there.
        have: usize,
    },
    /// It would be longer than an IPv6 packet can be.
    #[error("a payload of {0} octets, 65535 is the most")]
    TooLong(usize),
    /// AH cannot be computed over its headers.
    #[error("AH cannot be computed: {0}")]
    Ah(#[from] ah::Unverified),
}

/// Sends a packet in transport mode. `packet` is as its upper layer made it,
/// from its IPv6 header on and with the home address in that. Away from home,
/// `careof` says where the mobile node is: the mobile node adds a Home Address
/// option (6.1), the home agent a Type 2 routing header (6.3). At home neither is
/// added. Lengths and next headers in front of ESP or AH are computed anew;
/// checksums cover the home address.
pub fn send_transport<'a>(
    packet: &[Header<'a>],
    way: Way,
    careof: Option<Ipv6Addr>,
    apply: &Apply<'_>,
    codes: &Codes,
) -> Result<Sent<'a>, Unsent> {
    apply.check(Mode::Transport)?;
    let Some(Header::Ipv6(ip)) = packet.first() else { return Err(Unsent::NotIpv6) };
    // Where the option and the routing header go, or are already: RFC 6275 6.3 and
    // 6.4.
    let extends = |h: &&Header<'_>| match h {
        Header::HopByHop(_) | Header::Routing(_) => true,
        Header::DestinationOptions(h) => {
            h.list().flatten().any(|option| option.home_address().is_some())
        }
        _ => false,
    };
    let front = 1 + packet[1..].iter().take_while(extends).count();
    let plain = written(packet, codes)?;
    let (next, start) = ends(&packet[..front], &plain, codes);

    let mut wire: Vec<Header<'a>> = packet[..front].iter().cloned().map(computed).collect();
    if let Some(careof) = careof {
        let (source, destination) = match way {
            Way::ToHomeAgent => (careof, ip.destination),
            Way::ToMobileNode => (ip.source, careof),
        };
        let outer = Ipv6 { source, destination, ..*ip };
        wire[0] = computed(Header::Ipv6(outer));
        wire.push(match way {
            Way::ToHomeAgent => {
                let option = Ipv6Option::home_address(ip.source);
                let list = Ipv6OptionsBuilder::default().option(&option).build();
                Header::DestinationOptions(DestinationOptions::new(list))
            }
            Way::ToMobileNode => Header::Routing(Routing::home(ip.destination)),
        });
    }
    apply.seal(wire, next, &packet[front..], &plain[start..], way, Mode::Transport, codes)
}

/// Sends a packet in tunnel mode, between the mobile node's care-of address and
/// the home agent: 6.5 and 6.7. `packet` is as it goes into the tunnel, from its
/// IPv6 header on.
pub fn send_tunnel<'a>(
    packet: &[Header<'a>],
    way: Way,
    careof: Ipv6Addr,
    home_agent: Ipv6Addr,
    apply: &Apply<'_>,
    codes: &Codes,
) -> Result<Sent<'a>, Unsent> {
    apply.check(Mode::Tunnel)?;
    let Some(Header::Ipv6(_)) = packet.first() else { return Err(Unsent::NotIpv6) };
    let (source, destination) = match way {
        Way::ToHomeAgent => (careof, home_agent),
        Way::ToMobileNode => (home_agent, careof),
    };
    let plain = written(packet, codes)?;
    let outer = vec![Header::Ipv6(Ipv6::new(source, destination))];
    apply.seal(outer, proto::IPV6, packet, &plain, way, Mode::Tunnel, codes)
}

/// The octets of a packet, if they are no more than its length can say.
fn written(packet: &[Header<'_>], codes: &Codes) -> Result<Vec<u8>, Unsent> {
    let octets = write_packet(packet, codes);
    match octets.len().saturating_sub(Ipv6::OCTETS) {
        n if n > usize::from(u16::MAX) => Err(Unsent::TooLong(n)),
        _ => Ok(octets),
    }
}

/// Protocol number that the last header of `front` announces, and where that
/// header ends in the packet.
fn ends(front: &[Header<'_>], plain: &[u8], codes: &Codes) -> (u8, usize) {
    let start = |n: usize| write_packet(&front[..n], codes).len();
    // Extension headers begin with it.
    let at = if front.len() == 1 { 6 } else { start(front.len() - 1) };
    (plain[at], start(front.len()))
}

/// The header, with what depends on those behind it to be computed.
fn computed(header: Header<'_>) -> Header<'_> {
    match header {
        Header::Ipv6(h) => {
            Header::Ipv6(Ipv6 { next: Auto::Computed, payload_len: Auto::Computed, ..h })
        }
        Header::HopByHop(mut h) => {
            h.next = Auto::Computed;
            Header::HopByHop(h)
        }
        Header::Routing(mut h) => {
            h.next = Auto::Computed;
            Header::Routing(h)
        }
        Header::DestinationOptions(mut h) => {
            h.next = Auto::Computed;
            Header::DestinationOptions(h)
        }
        other => other,
    }
}

impl Apply<'_> {
    fn check(&self, mode: Mode) -> Result<(), Unsent> {
        let a = self.association;
        if a.mode != Mode::Any && a.mode != mode {
            return Err(Unsent::Mode { name: a.name.clone(), mode: a.mode });
        }
        let (need, have) = (a.encryption().iv_octets(), self.iv.len());
        if need != have {
            return Err(Unsent::Iv { need, have });
        }
        Ok(())
    }

    /// Puts ESP or AH behind the headers in `wire`. It protects `inside`, which
    /// begins with protocol `next` and is written as `plain`.
    #[expect(clippy::too_many_arguments, reason = "what both modes have in common")]
    fn seal<'a>(
        &self,
        mut wire: Vec<Header<'a>>,
        next: u8,
        inside: &[Header<'a>],
        plain: &[u8],
        way: Way,
        mode: Mode,
        codes: &Codes,
    ) -> Result<Sent<'a>, Unsent> {
        let a = self.association;
        let listing = match a.protocol {
            Protocol::Esp => {
                let mut data = Vec::new();
                esp::seal(a, self.sequence, self.iv, next, plain, &mut data);
                // SPI and sequence number stand in fields of their own.
                data.drain(..8);
                let sequence = self.sequence as u32;
                wire.push(Header::Esp(Esp { spi: a.spi, sequence, data: data.into() }));
                written(&wire, codes)?;
                let mut listing = Listing::of(&wire);
                listing.push(Some(next), inside);
                listing
            }
            Protocol::Ah => {
                let at = wire.len();
                self.sign(&mut wire, next, inside, codes)?;
                let mut listing = Listing::of(&wire[..=at]);
                listing.push(Some(next), inside);
                listing
            }
        };
        let case = Case::new(way, mode, listing);
        let steps = case.sending();
        Ok(Sent { packet: wire, case, steps })
    }

    /// Appends AH and what it protects, and computes its ICV over the packet as
    /// it goes out: which takes it in its final form (RFC 6275 11.3.2).
    fn sign<'a>(
        &self,
        wire: &mut Vec<Header<'a>>,
        next: u8,
        inside: &[Header<'a>],
        codes: &Codes,
    ) -> Result<(), Unsent> {
        const FIXED: usize = 12;
        let a = self.association;
        let at = wire.len();
        let start = write_packet(wire, codes).len();
        // To a multiple of 8 octets, in IPv6: RFC 4302 2.6.
        let icv = (FIXED + a.integrity().icv_octets()).next_multiple_of(8) - FIXED;
        let mut header = Authentication {
            next: Auto::Fixed(next),
            spi: a.spi,
            sequence: self.sequence as u32,
            icv: vec![0; icv].into(),
            ..Authentication::default()
        };
        wire.push(Header::Authentication(header.clone()));
        wire.extend_from_slice(inside);
        let mut octets = written(wire, codes)?;
        ah::seal(a, &mut octets, start, (self.sequence >> 32) as u32)?;
        header.icv = octets[start + FIXED..start + FIXED + icv].to_vec().into();
        wire[at] = Header::Authentication(header);
        Ok(())
    }
}
