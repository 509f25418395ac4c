//! The columns of the summary line.

use std::fmt::Write as _;

use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body};
use mip6_wire::layout::escape;
use mip6_wire::mobility::{Message, Mobility};

use crate::packet::{Layer, Packet, Proto};

/// What the summary line of a packet says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Frame number.
    pub number: u64,
    /// Time since the first frame: sign, seconds, nanoseconds.
    pub relative: (bool, u64, u32),
    /// Source address.
    pub source: String,
    /// Destination address.
    pub destination: String,
    /// Protocol.
    pub protocol: &'static str,
    /// Octets on the link.
    pub len: u32,
    /// What it is about.
    pub info: String,
}

/// The summary of a packet: addresses of its innermost IP header, its last
/// protocol, and what that says.
pub fn columns(packet: &Packet<'_>) -> Columns {
    let (source, destination) = addresses(packet);
    let mut info = String::new();
    // Quotations in errors come last but are not what the packet is about.
    let own = packet.layers.iter().take_while(|l| packet.chain(l).is_none_or(|c| !c.quoted));
    let subject = own.filter(|l| l.proto != Proto::Data).last();
    if let Some(layer) = subject {
        about(&mut info, packet, layer);
    }
    if packet.chains.len() > 1 && packet.chains.iter().all(|c| !c.quoted) {
        info.push_str(" [tunnel]");
    }
    if let Some(problem) = &packet.problem {
        let _ = write!(info, " [Malformed: {}]", problem.stop);
    }
    Columns {
        number: packet.frame.number,
        relative: packet.frame.time.since(packet.first),
        source,
        destination,
        protocol: subject.map_or(Proto::Data, |l| l.proto).column(),
        len: packet.frame.len,
        info,
    }
}

fn addresses(packet: &Packet<'_>) -> (String, String) {
    let inner = packet.chains.iter().rev().find(|c| !c.quoted);
    if let Some(chain) = inner {
        return match packet.header(&packet.layers[chain.ip]) {
            Header::Ipv4(h) => (h.source.to_string(), h.destination.to_string()),
            _ => (chain.wire_source.to_string(), chain.wire_destination.to_string()),
        };
    }
    match packet.layers.first().map(|l| packet.header(l)) {
        Some(Header::Ethernet(h)) => (mac(h.source), mac(h.destination)),
        _ => (String::new(), String::new()),
    }
}

fn mac(octets: [u8; 6]) -> String {
    mip6_wire::layout::Value::Link(&octets).to_string()
}

fn about(info: &mut String, packet: &Packet<'_>, layer: &Layer) {
    // Writing to a String cannot fail.
    let _ = match &packet.header(layer) {
        Header::Mobility(h) => mobility(info, h),
        Header::Icmpv6(h) => icmpv6(info, h),
        Header::Esp(h) => write!(info, "ESP (SPI={:#010x}, sequence {})", h.spi, h.sequence),
        Header::Authentication(h) => {
            write!(info, "AH (SPI={:#010x}, sequence {})", h.spi, h.sequence)
        }
        Header::Udp(h) => write!(info, "{} → {}", h.source, h.destination),
        Header::Tcp(h) => write!(info, "{} → {}", h.source, h.destination),
        Header::Ike(h) => {
            let name = mip6_wire::layout::Layout::title(h);
            write!(info, "{name}, message ID {:#010x}", h.message_id)
        }
        Header::Dhcpv6(h) => info.write_str(mip6_wire::layout::Layout::title(h)),
        Header::Fragment(h) => write!(
            info,
            "IPv6 fragment (offset {}, more {}, identification {:#010x})",
            h.offset(),
            u8::from(h.more()),
            h.ident
        ),
        Header::Raw(_) => info.write_str(layer.proto.title()),
        Header::Ipv6(h) => next_header(info, h.next.get()),
        Header::Ipv4(h) => next_header(info, h.protocol.get()),
        Header::DestinationOptions(h) => next_header(info, h.next.get()),
        Header::HopByHop(h) => next_header(info, h.next.get()),
        Header::Routing(h) => next_header(info, h.next.get()),
        _ => info.write_str(layer.proto.title()),
    };
    if let Some(home) = packet.chain(layer).and_then(|c| c.home) {
        let _ = write!(info, ", home address {}", home.address);
    }
}

fn next_header(info: &mut String, next: u8) -> std::fmt::Result {
    let name = mip6_wire::ip::proto::NAMES.iter().find(|(n, _)| *n == u64::from(next));
    match name {
        Some((_, name)) => info.write_str(name),
        None => write!(info, "IP protocol {next}"),
    }
}

fn mobility(info: &mut String, h: &Mobility<'_>) -> std::fmt::Result {
    info.write_str(h.format().title())?;
    match &h.message {
        Message::BindingUpdate { sequence, flags, lifetime } => {
            write!(info, ", sequence {sequence}, flags [")?;
            escape(bitflags_names(flags.iter_names()).as_bytes(), info)?;
            write!(info, "], lifetime {} s", u32::from(*lifetime) * 4)
        }
        Message::BindingAcknowledgement { status, sequence, lifetime, .. } => {
            write!(
                info,
                ", status {status}, sequence {sequence}, lifetime {} s",
                u32::from(*lifetime) * 4
            )
        }
        Message::BindingError { status, home_address, .. } => {
            write!(info, ", status {status}, home address {home_address}")
        }
        Message::HomeTest { nonce_index, .. } | Message::CareofTest { nonce_index, .. } => {
            write!(info, ", nonce index {nonce_index}")
        }
        Message::KeyExchangeRequest { sequence, .. } => write!(info, ", sequence {sequence}"),
        Message::KeyExchangeAcknowledgement { status, sequence, lifetime, .. }
        | Message::Finished { status, sequence, lifetime, .. } => {
            write!(
                info,
                ", status {status}, sequence {sequence}, lifetime {} s",
                u32::from(*lifetime) * 4
            )
        }
        Message::Opaque { .. } => write!(info, ", MH type {}", h.kind),
        _ => Ok(()),
    }
}

fn bitflags_names<T>(names: impl Iterator<Item = (&'static str, T)>) -> String {
    names.map(|(n, _)| n).collect::<Vec<_>>().join(" ")
}

fn icmpv6(info: &mut String, h: &Icmpv6<'_>) -> std::fmt::Result {
    match mip6_wire::icmpv6::fields::TYPE.name_of(u64::from(h.kind)) {
        Some(name) => info.write_str(name)?,
        None => write!(info, "ICMPv6 type {}", h.kind)?,
    }
    match &h.body {
        Icmpv6Body::NeighborSolicitation { target, .. }
        | Icmpv6Body::NeighborAdvertisement { target, .. } => write!(info, " for {target}"),
        Icmpv6Body::Echo { identifier, sequence, .. } => {
            write!(info, ", identifier {identifier:#06x}, sequence {sequence}")
        }
        Icmpv6Body::PacketTooBig { mtu, .. } => write!(info, ", MTU {mtu}"),
        Icmpv6Body::ParameterProblem { pointer, .. } => {
            write!(info, ", code {}, pointer {pointer}", h.code)
        }
        Icmpv6Body::Error { .. } => write!(info, ", code {}", h.code),
        Icmpv6Body::HomeAgentRequest { identifier, .. }
        | Icmpv6Body::HomeAgentReply { identifier, .. }
        | Icmpv6Body::PrefixSolicitation { identifier, .. }
        | Icmpv6Body::PrefixAdvertisement { identifier, .. } => {
            write!(info, ", identifier {identifier}")
        }
        _ => Ok(()),
    }
}
