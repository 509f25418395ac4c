//! What an access router says, in short.

use std::net::Ipv6Addr;

use mip6_wire::header::Header;
use mip6_wire::icmpv6::Icmpv6Body;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::ip::{Routing, RoutingBody};
use mip6_wire::mobility::options::Options;
use mip6_wire::mobility::{Message, OptionBody};

use super::scene::CODES;

/// What the access router has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A Key Exchange Acknowledgement: status, sequence number, lifetime.
    Exchange(u8, u16, u16),
    /// An authenticated solicitation for an address, with its nonce.
    Solicits(Ipv6Addr, u32),
    /// An advertisement for an address.
    Advertises(Ipv6Addr),
    /// A Binding Acknowledgement: status, sequence number, lifetime, nonce of a
    /// Finished Message Request.
    Binding(u8, u16, u16, Option<u32>),
}

pub(super) fn said(packet: &[Header<'static>]) -> Option<Said> {
    match packet.last()? {
        Header::Mobility(m) => match m.message {
            Message::KeyExchangeAcknowledgement { status, sequence, lifetime, .. } => {
                Some(Said::Exchange(status, sequence, lifetime))
            }
            Message::BindingAcknowledgement { status, sequence, lifetime, .. } => {
                let nonce = Options::new(&m.options, m.format(), CODES).flatten().find_map(|o| {
                    match o.body() {
                        OptionBody::FinishedRequest { nonce, .. } => Some(nonce),
                        _ => None,
                    }
                });
                Some(Said::Binding(status, sequence, lifetime, nonce))
            }
            _ => None,
        },
        Header::Icmpv6(m) => match &m.body {
            Icmpv6Body::NeighborSolicitation { target, options, .. } => {
                let option =
                    NdOptions::new(options, m.kind, CODES).flatten().find_map(|o| match o.body() {
                        NdBody::DadAuthentication { nonce, .. } => Some(nonce),
                        _ => None,
                    });
                option.map(|nonce| Said::Solicits(*target, nonce))
            }
            Icmpv6Body::NeighborAdvertisement { target, .. } => Some(Said::Advertises(*target)),
            _ => None,
        },
        _ => None,
    }
}

/// The care-of address in the routing header of a packet.
pub(super) fn routed(packet: &[Header<'_>]) -> Option<Ipv6Addr> {
    packet.iter().find_map(|h| match h {
        Header::Routing(Routing { body: RoutingBody::Home { home_address, .. }, .. }) => {
            Some(*home_address)
        }
        _ => None,
    })
}
