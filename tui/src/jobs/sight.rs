//! A packet as a conversation shows it.

use std::net::Ipv6Addr;

use mip6_dissect::capture::Timestamp;
use mip6_dissect::packet::{Layer, Packet, Proto};
use mip6_dissect::tree::columns;

/// A packet that is part of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Index of its frame.
    pub frame: u32,
    /// When it was captured.
    pub time: Timestamp,
    /// Source and destination that upper layers see.
    pub ends: (Ipv6Addr, Ipv6Addr),
    /// Source and destination of the outermost IPv6 header.
    pub wire: (Ipv6Addr, Ipv6Addr),
    /// What it says, in a line.
    pub label: Box<str>,
    /// An IP header stands in another.
    pub tunnelled: bool,
    /// What it is about.
    pub subject: Subject,
}

/// What packets of conversations are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A message of the Mobility Header.
    Mobility,
    /// Discovery of home agents and prefixes.
    Discovery,
    /// Negotiation of keys, or configuration.
    Keys,
    /// Something protected that was not opened.
    Hidden,
    /// Neighbor Discovery.
    Neighbors,
}

impl Sight {
    /// Of a packet, if it is part of a conversation.
    pub(super) fn new(packet: &Packet<'_>) -> Option<Self> {
        let own = |l: &&Layer| packet.chain(l).is_none_or(|c| !c.quoted);
        let layer =
            packet.layers.iter().take_while(own).filter(|l| l.proto != Proto::Data).last()?;
        let subject = match layer.proto {
            Proto::Mobility => Subject::Mobility,
            Proto::Icmpv6 => match layer.kind {
                144..=147 => Subject::Discovery,
                133..=137 => Subject::Neighbors,
                _ => return None,
            },
            Proto::Ike | Proto::Dhcpv6 => Subject::Keys,
            Proto::Esp => Subject::Hidden,
            _ => return None,
        };
        let chain = packet.chain(layer)?;
        let outer = packet.chains.first()?;
        let columns = columns(packet);
        let mut label = columns.info;
        // The home address is one of the ends.
        if let Some(at) = label.find(", home address ").filter(|_| chain.home.is_some()) {
            label.truncate(at);
        }
        for (proto, words) in [(Proto::Esp, " [ESP]"), (Proto::Authentication, " [AH]")] {
            let inside = packet.layers.iter().any(|l| l.proto == proto);
            if inside && layer.proto != proto {
                label.push_str(words);
            }
        }
        Some(Self {
            frame: (packet.frame.number - 1) as u32,
            time: packet.frame.time,
            ends: (chain.source(), chain.destination()),
            wire: (outer.wire_source, outer.wire_destination),
            label: label.into(),
            tunnelled: packet.chains.len() > 1,
            subject,
        })
    }
}
