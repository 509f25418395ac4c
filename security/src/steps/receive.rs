//! Receiving: 6.2, 6.4, 6.6 and 6.8, and what is like them.

use std::net::Ipv6Addr;

use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, read_packet, read_payload, write_packet};
use mip6_wire::ip::{Ipv6, RoutingBody, proto};
use mip6_wire::layout::Auto;
use thiserror::Error;

use super::case::{Act, Case, Selectors, Step, Way};
use super::listing::{Item, Listing};
use crate::association::{Association, Mode, Protocol};
use crate::{ah, esp};

/// What the node that receives a packet has for it.
#[derive(Clone, Copy, Debug)]
pub struct Expect<'a> {
    /// The association, found by SPI and the addresses that upper layers see
    /// (`Associations::find`).
    pub association: &'a Association,
    /// High half of the sequence number, if the association has one.
    pub high: u32,
    /// Selectors of the association.
    pub selectors: Selectors,
}

/// A packet that was accepted.
#[derive(Clone, Debug)]
pub struct Received {
    /// The packet as its sender's upper layer made it, with the home address in
    /// its IPv6 header; Home Address option and Type 2 routing header are gone.
    pub octets: Vec<u8>,
    /// The care-of address: where the Home Address option or the routing header
    /// had it, or the tunnel began or ended. `None` at home.
    pub careof: Option<Ipv6Addr>,
    /// Which case it is.
    pub case: Case,
    /// What was done.
    pub steps: Vec<Step>,
}

/// A packet that was not accepted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{why}")]
pub struct Refused {
    /// What was done, the failed step last.
    pub steps: Vec<Step>,
    /// In what it failed.
    pub act: Act,
    /// Why.
    pub why: Refusal,
}

/// Why a packet was not accepted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// No IPv6 packet, or one with a length that does not fit.
    #[error("no whole IPv6 packet")]
    NotIpv6,
    /// It has neither ESP nor AH, or not where they can be processed.
    #[error("no ESP or AH behind the headers that come in front of them")]
    Unprotected,
    /// The Type 2 routing header is not for this node: RFC 6275 11.3.3.
    #[error("it has not one segment left, or leads to another address than the home address")]
    Route,
    /// It is for another association.
    #[error("{protocol} with SPI {spi:#x} is not of security association {name}", protocol = protocol.name())]
    Association {
        /// ESP or AH.
        protocol: Protocol,
        /// SPI in the packet.
        spi: u32,
        /// The association that was expected.
        name: String,
    },
    /// ESP did not open.
    #[error(transparent)]
    Esp(#[from] esp::Unopened),
    /// AH was not verified.
    #[error(transparent)]
    Ah(#[from] ah::Unverified),
    /// It is for the other mode.
    #[error("protocol {next} is inside, and the association is for {} mode", mode.name())]
    Mode {
        /// Protocol number inside.
        next: u8,
        /// The association's mode.
        mode: Mode,
    },
    /// Its selectors do not fit.
    #[error("source, destination or protocol are not within its selectors")]
    Selectors,
}

/// Receives a packet in transport mode, from its IPv6 header on: 6.2 at the home
/// agent, 6.4 at the mobile node.
pub fn receive_transport(
    octets: &[u8],
    way: Way,
    expect: &Expect<'_>,
    codes: &Codes,
) -> Result<Received, Refused> {
    Arrival::new(octets, way, Mode::Transport, expect, codes)?.transport()
}

/// Receives a packet in tunnel mode, from its outer IPv6 header on: 6.6 at the
/// home agent, 6.8 at the mobile node. The care-of address outside is taken as
/// it comes (draft section 3.2).
pub fn receive_tunnel(
    octets: &[u8],
    way: Way,
    expect: &Expect<'_>,
    codes: &Codes,
) -> Result<Received, Refused> {
    Arrival::new(octets, way, Mode::Tunnel, expect, codes)?.tunnel()
}

/// A packet that is being received.
struct Arrival<'a> {
    octets: &'a [u8],
    way: Way,
    mode: Mode,
    expect: &'a Expect<'a>,
    codes: &'a Codes,
    ip: Ipv6,
    /// Headers in front of ESP or AH, then this, then what stands behind AH.
    headers: Vec<Header<'a>>,
    /// Which of them is ESP or AH.
    at: usize,
}

/// What ESP or AH protected.
struct Inside {
    next: u8,
    octets: Vec<u8>,
}

impl<'a> Arrival<'a> {
    fn new(
        octets: &'a [u8],
        way: Way,
        mode: Mode,
        expect: &'a Expect<'a>,
        codes: &'a Codes,
    ) -> Result<Self, Refused> {
        let headers = read_packet(octets, codes);
        let refuse = |act, why: Refusal| {
            let steps = Case::new(way, mode, Listing::of(&headers)).receiving_until(act, &why);
            Err(Refused { steps, act, why })
        };
        let Some(Header::Ipv6(ip)) = headers.first() else {
            return refuse(Act::Receive, Refusal::NotIpv6);
        };
        let ip = *ip;
        let front = |h: &&Header<'_>| {
            matches!(h, Header::HopByHop(_) | Header::DestinationOptions(_) | Header::Routing(_))
        };
        let at = 1 + headers[1..].iter().take_while(front).count();
        match headers.get(at) {
            Some(Header::Esp(_) | Header::Authentication(_)) => {}
            _ => return refuse(Act::Open, Refusal::Unprotected),
        }
        Ok(Self { octets, way, mode, expect, codes, ip, headers, at })
    }

    fn transport(self) -> Result<Received, Refused> {
        let mut ip = self.ip;
        let mut kept = Vec::new();
        let mut careof = None;
        for header in &self.headers[1..self.at] {
            match header {
                Header::DestinationOptions(h) => {
                    let home = h.list().flatten().filter_map(|o| o.home_address()).last();
                    if let Some(home) = home {
                        careof = Some(std::mem::replace(&mut ip.source, home));
                        continue;
                    }
                }
                Header::Routing(h) => {
                    if let RoutingBody::Home { home_address, .. } = h.body {
                        let own = self.expect.selectors.destination;
                        if h.segments_left != 1 || own.is_some_and(|a| a != home_address) {
                            return Err(self.refuse(Act::Settle, None, Refusal::Route));
                        }
                        careof = Some(std::mem::replace(&mut ip.destination, home_address));
                        continue;
                    }
                }
                _ => {}
            }
            kept.push(header.clone());
        }
        let inside = self.open()?;
        if inside.next == proto::IPV6 || inside.next == proto::IPV4 {
            let why = Refusal::Mode { next: inside.next, mode: self.mode };
            return Err(self.refuse(Act::Open, Some(&inside), why));
        }
        let mut packet =
            vec![Header::Ipv6(Ipv6 { next: Auto::Computed, payload_len: Auto::Computed, ..ip })];
        packet.extend(kept);
        announce(&mut packet, inside.next);
        packet.push(Header::Raw(inside.octets.as_slice().into()));
        let octets = write_packet(&packet, self.codes);
        drop(packet);
        self.accept(&inside, octets, careof)
    }

    fn tunnel(self) -> Result<Received, Refused> {
        let mut inside = self.open()?;
        if inside.next != proto::IPV6 {
            let why = Refusal::Mode { next: inside.next, mode: self.mode };
            return Err(self.refuse(Act::Open, Some(&inside), why));
        }
        let whole = match read_packet(&inside.octets, self.codes).first() {
            Some(Header::Ipv6(h)) => Ipv6::OCTETS + usize::from(h.payload_len.get()),
            _ => return Err(self.refuse(Act::Open, Some(&inside), Refusal::NotIpv6)),
        };
        // Behind it there may be padding that hides its length (RFC 4303 2.7).
        inside.octets.truncate(whole);
        let careof = match self.way {
            Way::ToHomeAgent => self.ip.source,
            Way::ToMobileNode => self.ip.destination,
        };
        let octets = inside.octets.clone();
        self.accept(&inside, octets, Some(careof))
    }

    /// Compares selectors, and hands the packet on.
    fn accept(
        self,
        inside: &Inside,
        octets: Vec<u8>,
        careof: Option<Ipv6Addr>,
    ) -> Result<Received, Refused> {
        if !self.expect.selectors.fit(&Listing::of(&read_packet(&octets, self.codes))) {
            return Err(self.refuse(Act::Select, Some(inside), Refusal::Selectors));
        }
        let case = self.case(Some(inside));
        let steps = case.receiving(&self.expect.selectors);
        Ok(Received { octets, careof, case, steps })
    }

    /// Opens ESP or verifies AH.
    fn open(&self) -> Result<Inside, Refused> {
        self.opened().map_err(|why| self.refuse(Act::Open, None, why))
    }

    fn opened(&self) -> Result<Inside, Refusal> {
        let a = self.expect.association;
        let mine = |protocol, spi| {
            if (a.protocol, a.spi) == (protocol, spi) {
                Ok(())
            } else {
                Err(Refusal::Association { protocol, spi, name: a.name.clone() })
            }
        };
        match &self.headers[self.at] {
            Header::Authentication(h) => {
                mine(Protocol::Ah, h.spi)?;
                let start = write_packet(&self.headers[..self.at], self.codes).len();
                let behind = write_packet(&self.headers[..=self.at], self.codes).len();
                // Without what the link may have put behind the packet.
                let end = Ipv6::OCTETS + usize::from(self.ip.payload_len.get());
                let packet = &self.octets[..end];
                ah::verify(a, packet, start, self.expect.high, &mut Vec::new())?;
                Ok(Inside { next: h.next.get(), octets: packet[behind..].to_vec() })
            }
            header => {
                if let Header::Esp(h) = header {
                    mine(Protocol::Esp, h.spi)?;
                }
                let mut octets = Vec::new();
                let opened =
                    esp::open(a, &header.to_bytes(self.codes), self.expect.high, &mut octets)?;
                octets.truncate(opened.payload);
                Ok(Inside { next: opened.next, octets })
            }
        }
    }

    /// The case, as far as it can be seen.
    fn case(&self, inside: Option<&Inside>) -> Case {
        let clear = matches!(self.headers[self.at], Header::Authentication(_));
        let mut wire = Listing::of(&self.headers[..=self.at]);
        match inside {
            Some(inside) => {
                let headers = read_payload(inside.next, &inside.octets, self.codes);
                wire.push(Some(inside.next), &headers);
            }
            None if clear => wire = Listing::of(&self.headers),
            None => wire.0.push(Item::Hidden),
        }
        Case::new(self.way, self.mode, wire)
    }

    fn refuse(&self, act: Act, inside: Option<&Inside>, why: Refusal) -> Refused {
        let steps = self.case(inside).receiving_until(act, &why);
        Refused { steps, act, why }
    }
}

/// Has the last header announce `next`, and those in front of it each other.
fn announce(packet: &mut [Header<'_>], next: u8) {
    let last = packet.len() - 1;
    for (i, header) in packet.iter_mut().enumerate() {
        let next = if i == last { Auto::Fixed(next) } else { Auto::Computed };
        match header {
            Header::Ipv6(h) => h.next = next,
            Header::HopByHop(h) => h.next = next,
            Header::DestinationOptions(h) => h.next = next,
            Header::Routing(h) => h.next = next,
            _ => {}
        }
    }
}
