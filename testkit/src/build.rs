//! Headers in few words, and the network they live in: a home link with a home
//! agent, a foreign link, a correspondent node.

use std::net::Ipv6Addr;

use mip6_wire::codes::{Codes, NdFormat, RFC6275};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOption};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ip::{
    Authentication, DestinationOptions, Esp, HopByHop, Ipv6, Ipv6Option, Ipv6OptionsBuilder,
    Routing,
};
use mip6_wire::layout::Bytes;
use mip6_wire::link::Ethernet;
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{AckFlags, Message, Mobility, OptionBody, UpdateFlags};
use mip6_wire::transport::Udp;

const fn site(subnet: u16, host: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, 0, subnet, 0, 0, 0, host)
}

/// The home agent, on the home link.
pub const HOME_AGENT: Ipv6Addr = site(0x100, 1);
/// The mobile node's home address.
pub const HOME: Ipv6Addr = site(0x100, 0x99);
/// The access router of the foreign link.
pub const ACCESS_ROUTER: Ipv6Addr = site(0x200, 1);
/// The mobile node's care-of address on the foreign link.
pub const CAREOF: Ipv6Addr = site(0x200, 0x99);
/// The care-of address on the link before.
pub const PREVIOUS_CAREOF: Ipv6Addr = site(0x300, 0x99);
/// Two routers between the home link and the others.
pub const ROUTERS: [Ipv6Addr; 2] = [site(0x500, 1), site(0x600, 1)];
/// A correspondent node.
pub const CORRESPONDENT: Ipv6Addr = site(0x400, 5);
/// The home agent's link-local address.
pub const HOME_AGENT_LOCAL: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1);
/// The access router's link-local address.
pub const ACCESS_ROUTER_LOCAL: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 2);
/// The mobile node's link-local address.
pub const MOBILE_LOCAL: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x99);
/// All nodes on the link.
pub const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);

/// Headers of a packet, from the outermost in.
pub type Packet = Vec<Header<'static>>;

/// Ethernet II between two stations of the lab.
pub fn ethernet() -> Header<'static> {
    Header::Ethernet(Ethernet {
        destination: [2, 0, 0, 0, 0, 2],
        source: [2, 0, 0, 0, 0, 1],
        ..Ethernet::default()
    })
}

/// IPv6 header.
pub fn ip(source: Ipv6Addr, destination: Ipv6Addr) -> Header<'static> {
    Header::Ipv6(Ipv6::new(source, destination))
}

/// IPv6 header with hop limit 255, as Neighbor Discovery has it.
pub fn link_ip(source: Ipv6Addr, destination: Ipv6Addr) -> Header<'static> {
    Header::Ipv6(Ipv6 { hop_limit: 255, ..Ipv6::new(source, destination) })
}

/// Destination Options with a Home Address option at its place.
pub fn home_option(address: Ipv6Addr) -> Header<'static> {
    destination_options(&[Ipv6Option::home_address(address)])
}

/// Destination Options, each option aligned.
pub fn destination_options(options: &[Ipv6Option<'_>]) -> Header<'static> {
    Header::DestinationOptions(DestinationOptions::new(ipv6_options(options)))
}

/// Hop-by-Hop Options, each option aligned.
pub fn hop_by_hop(options: &[Ipv6Option<'_>]) -> Header<'static> {
    Header::HopByHop(HopByHop::new(ipv6_options(options)))
}

fn ipv6_options(options: &[Ipv6Option<'_>]) -> Vec<u8> {
    options.iter().fold(Ipv6OptionsBuilder::default(), Ipv6OptionsBuilder::option).build()
}

/// Type 2 routing header.
pub fn home_route(address: Ipv6Addr) -> Header<'static> {
    Header::Routing(Routing::home(address))
}

/// ESP from the outside, over octets that look like ciphertext.
pub fn esp(spi: u32, sequence: u32, octets: Vec<u8>) -> Header<'static> {
    Header::Esp(Esp { spi, sequence, data: octets.into() })
}

/// AH with an integrity value of 96 bits that looks like one.
pub fn ah(spi: u32, sequence: u32) -> Header<'static> {
    let icv: Vec<u8> =
        (0..12u8).map(|i| (i * 17).wrapping_add(spi as u8) ^ sequence as u8).collect();
    Header::Authentication(Authentication {
        spi,
        sequence,
        icv: icv.into(),
        ..Authentication::default()
    })
}

/// A Mobility Header message without options, by the registered numbers.
pub fn mobility(message: Message<'static>) -> Header<'static> {
    mobility_with(message, &[])
}

/// A Mobility Header message with options, each padded to its place, by the
/// registered numbers.
pub fn mobility_with(message: Message<'static>, options: &[OptionBody<'_>]) -> Header<'static> {
    Header::Mobility(mobility_by(&RFC6275, message, options))
}

/// As `mobility_with`, by the numbers in `codes`; formats without a number get
/// 255.
pub fn mobility_by(
    codes: &Codes,
    message: Message<'static>,
    options: &[OptionBody<'_>],
) -> Mobility<'static> {
    let within = message.format();
    let kind = codes.mh_number(within).unwrap_or(255);
    let mut header = Mobility::new(kind, message, Bytes::Borrowed(&[]));
    let mut list = OptionsBuilder::new(header.fixed_octets());
    for body in options {
        let kind = codes.option_number(within, body.format()).unwrap_or(255);
        list = list.option(kind, body.clone(), codes);
    }
    header.options = list.build().into();
    header
}

/// Neighbor Discovery options, one behind the other.
pub fn nd_options(codes: &Codes, options: &[(NdFormat, NdBody<'_>)]) -> Vec<u8> {
    options
        .iter()
        .flat_map(|(format, body)| {
            let kind = codes.nd_number(*format).unwrap_or(255);
            NdOption::new(kind, body.clone()).to_padded(codes)
        })
        .collect()
}

/// An ICMPv6 message of code 0.
pub fn icmpv6(kind: u8, body: Icmpv6Body<'static>) -> Header<'static> {
    Header::Icmpv6(Icmpv6::new(kind, body))
}

/// A Mobile Prefix Solicitation without options.
pub fn prefix_solicitation(identifier: u16, reserved: u16) -> Header<'static> {
    let body = Icmpv6Body::PrefixSolicitation { identifier, reserved, options: Vec::new().into() };
    icmpv6(kind::PREFIX_SOLICITATION, body)
}

/// UDP with a payload.
pub fn udp(source: u16, destination: u16, payload: Vec<u8>) -> [Header<'static>; 2] {
    [Header::Udp(Udp::new(source, destination)), Header::Raw(payload.into())]
}

/// A Binding Update of sequence number 1.
pub fn binding_update(flags: UpdateFlags, lifetime: u16) -> Message<'static> {
    Message::BindingUpdate { sequence: 1, flags, lifetime }
}

/// The answer to it.
pub fn binding_acknowledgement(status: u8, flags: AckFlags, lifetime: u16) -> Message<'static> {
    Message::BindingAcknowledgement { status, flags, sequence: 1, lifetime }
}

/// Home registration from a foreign link, as RFC 3776 3.1 has it, under AH so
/// that all of it shows.
pub fn registration(flags: UpdateFlags, lifetime: u16) -> Packet {
    vec![
        ip(CAREOF, HOME_AGENT),
        home_option(HOME),
        ah(1, 1),
        mobility_with(
            binding_update(flags, lifetime),
            &[OptionBody::AlternateCareof { address: CAREOF }],
        ),
    ]
}

/// The answer to a home registration, under AH.
pub fn registration_answer(status: u8, flags: AckFlags, lifetime: u16) -> Packet {
    vec![
        ip(HOME_AGENT, CAREOF),
        home_route(HOME),
        ah(2, 1),
        mobility(binding_acknowledgement(status, flags, lifetime)),
    ]
}

/// Registration with a correspondent node, authorized by return routability.
pub fn correspondent_update(flags: UpdateFlags, lifetime: u16) -> Packet {
    vec![
        ip(CAREOF, CORRESPONDENT),
        home_option(HOME),
        mobility_with(binding_update(flags, lifetime), &return_routability()),
    ]
}

/// The options that authorize a Binding Update by return routability.
pub fn return_routability() -> [OptionBody<'static>; 2] {
    [OptionBody::NonceIndices { home: 3, careof: 4 }, authenticator()]
}

/// Binding Authorization Data of 96 bits that looks like one.
pub fn authenticator() -> OptionBody<'static> {
    OptionBody::BindingAuthorization { authenticator: vec![0xa5; 12].into() }
}
