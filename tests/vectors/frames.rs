//! Frames around octets that begin inside a packet.

use std::net::Ipv6Addr;
use std::path::Path;

use mip6_dissect::capture::{Capture, LinkType};
use mip6_wire::codes::RFC6275;
use mip6_wire::dhcpv6::{Dhcpv6, Dhcpv6Option};
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags, kind};
use mip6_wire::ip::{DestinationOptions, Ipv6, proto};
use mip6_wire::layout::{Auto, Bytes, Reader, to_bytes};
use mip6_wire::mobility::{Message, Mobility, UpdateFlags};
use mip6_wire::transport::{Udp, port};

use crate::json::Bad;

pub(crate) const SOURCE: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
pub(crate) const DESTINATION: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);

/// An IPv6 packet around a header of this protocol and what follows it.
pub(crate) fn ipv6(protocol: u8, octets: &[u8]) -> Vec<u8> {
    let ip = Ipv6 { next: protocol.into(), ..Ipv6::new(SOURCE, DESTINATION) };
    write_packet(&[Header::Ipv6(ip), Header::Raw(octets.into())], &RFC6275)
}

/// A packet around a Mobility Header with the right checksum, if it can be
/// read as one.
pub(crate) fn with_checksum(mobility: &[u8]) -> Vec<u8> {
    match Reader::new(mobility, mobility.len(), &RFC6275).read::<Mobility<'_>>() {
        Ok(header) => packet(Header::Mobility(Mobility { checksum: Auto::Computed, ..header })),
        Err(_) => ipv6(proto::MOBILITY, mobility),
    }
}

/// A packet around a mobility option, in a Binding Update. What is missing to
/// 8 octets is filled up with Pad1.
pub(crate) fn mobility_option(option: &[u8]) -> Vec<u8> {
    let message = Message::BindingUpdate { sequence: 0, flags: UpdateFlags::empty(), lifetime: 0 };
    let mut header = Mobility::new(5, message, Bytes::Borrowed(&[]));
    header.options = filled(option, header.fixed_octets()).into();
    packet(Header::Mobility(header))
}

/// A packet around an option of a Destination Options header, likewise.
pub(crate) fn ipv6_option(option: &[u8]) -> Vec<u8> {
    packet(Header::DestinationOptions(DestinationOptions::new(filled(option, 2))))
}

/// A packet around a Neighbor Discovery option, in a Router Advertisement.
pub(crate) fn nd_option(option: &[u8]) -> Vec<u8> {
    let body = Icmpv6Body::RouterAdvertisement {
        hop_limit: 64,
        flags: RaFlags::empty(),
        lifetime: 0,
        reachable: 0,
        retrans: 0,
        options: option.into(),
    };
    packet(Header::Icmpv6(Icmpv6::new(kind::ROUTER_ADVERTISEMENT, body)))
}

/// A packet around a DHCPv6 option, in a Solicit.
pub(crate) fn dhcpv6_option(option: &[u8]) -> Vec<u8> {
    let message = Dhcpv6 { kind: 1, options: option.into(), ..Dhcpv6::default() };
    dhcpv6(&to_bytes(&message, &RFC6275))
}

/// A packet around what a DHCPv6 option of this code says.
pub(crate) fn dhcpv6_option_data(code: u16, data: &[u8]) -> Vec<u8> {
    let option = Dhcpv6Option {
        extra: data.into(),
        ..Dhcpv6Option::new(code, mip6_wire::dhcpv6::OptionBody::default())
    };
    dhcpv6_option(&to_bytes(&option, &RFC6275))
}

/// A packet around a DHCPv6 message.
pub(crate) fn dhcpv6(message: &[u8]) -> Vec<u8> {
    let ip = Header::Ipv6(Ipv6::new(SOURCE, DESTINATION));
    let udp = Header::Udp(Udp::new(port::DHCPV6_CLIENT, port::DHCPV6_SERVER));
    write_packet(&[ip, udp, Header::Raw(message.into())], &RFC6275)
}

fn packet(header: Header<'_>) -> Vec<u8> {
    write_packet(&[Header::Ipv6(Ipv6::new(SOURCE, DESTINATION)), header], &RFC6275)
}

/// Octets with zeros behind them, so that with `before` octets in front they
/// are a multiple of 8.
fn filled(octets: &[u8], before: usize) -> Vec<u8> {
    let mut filled = octets.to_vec();
    filled.resize((before + octets.len()).next_multiple_of(8) - before, 0);
    filled
}

/// The frames of a capture.
pub(crate) fn capture(path: &Path) -> Result<Vec<(Vec<u8>, LinkType)>, Bad> {
    let bad = |e| Bad::Capture(path.display().to_string(), e);
    let mut capture = Capture::open(path).map_err(bad)?;
    let mut frames = Vec::new();
    while let Some(frame) = capture.next_frame().map_err(bad)? {
        frames.push((frame.data.to_vec(), frame.link));
    }
    Ok(frames)
}
