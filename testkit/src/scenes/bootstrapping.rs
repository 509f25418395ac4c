//! How a mobile node gets to know its home: identity and authentication
//! options, dynamic DNS, DHCPv6.

use std::net::Ipv6Addr;

use mip6_wire::dhcpv6::{Dhcpv6, code};
use mip6_wire::header::Header;
use mip6_wire::layout::{Bytes, U24};
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{AckFlags, Message, MobilityOption, OptionBody, UpdateFlags};
use mip6_wire::transport::Udp;

use super::Scene;
use crate::build::{
    CAREOF, HOME, HOME_AGENT, MOBILE_LOCAL, Packet, ah, binding_acknowledgement, binding_update,
    home_option, home_route, ip, mobility_by, mobility_with,
};
use crate::samples::HOME_PREFIX;

pub(super) fn scenes() -> Vec<Scene> {
    vec![authentication(), names(), dhcp()]
}

fn update() -> Message<'static> {
    binding_update(UpdateFlags::A | UpdateFlags::H, 60)
}

/// A registration in the clear, as RFC 4285 protects it.
fn registered(options: &[OptionBody<'_>]) -> Packet {
    vec![ip(CAREOF, HOME_AGENT), home_option(HOME), mobility_with(update(), options)]
}

fn identity(text: &str) -> OptionBody<'static> {
    OptionBody::MobileNodeIdentifier { subtype: 1, identifier: text.as_bytes().to_vec().into() }
}

fn proof(subtype: u8, spi: u32) -> OptionBody<'static> {
    OptionBody::Authentication { subtype, spi, data: vec![0x3d; 12].into() }
}

fn authentication() -> Scene {
    let mn = || identity("mn@example.com");
    let cut = |kind: u8, data: &[u8]| {
        let mut h = mobility_by(&mip6_wire::codes::RFC6275, update(), &[mn()]);
        let body = OptionBody::Unknown(data.to_vec().into());
        // Authentication options stand at 4n+1, the replay option at 8n+2.
        let list = OptionsBuilder::new(12).option(8, mn(), &mip6_wire::codes::RFC6275);
        let at = 12 + list.clone().build().len();
        let list = if kind == 10 { list.raw(&vec![0; (10 - at % 8) % 8]) } else { list };
        h.options = list.option(kind, body, &mip6_wire::codes::RFC6275).build().into();
        h
    };
    let replay = OptionBody::ReplayProtection { timestamp: 0xed00_5d80_0000_0000 };
    Scene::new("bootstrapping/authentication", "Registrations authenticated by RFC 4285.")
        .profile("rfc6275")
        .good("MN-HA", registered(&[mn(), replay.clone(), proof(1, 0x1000)]))
        .good("MN-HA and MN-AAA", registered(&[mn(), proof(1, 0x1000), proof(2, 3)]))
        .bad(
            "of subtype 3",
            registered(&[mn(), proof(3, 0x1000)]),
            &["BOOT-AUTH-002", "MIP6-MN-BU-004", "MIP6-SEC-001"],
        )
        .bad(
            "MN-HA twice",
            registered(&[mn(), proof(1, 0x1000), proof(1, 0x1001)]),
            &["BOOT-AUTH-003"],
        )
        .bad(
            "MN-AAA in front of MN-HA",
            registered(&[mn(), proof(2, 3), proof(1, 0x1000)]),
            &["BOOT-AUTH-004"],
        )
        .bad(
            "an option behind MN-HA",
            registered(&[mn(), proof(1, 0x1000), replay.clone()]),
            &["BOOT-AUTH-006"],
        )
        .bad("a reserved SPI", registered(&[mn(), proof(1, 255)]), &["BOOT-AUTH-008"])
        .bad(
            "MN-AAA in an acknowledgement",
            {
                vec![
                    ip(HOME_AGENT, CAREOF),
                    home_route(HOME),
                    mobility_with(
                        binding_acknowledgement(0, AckFlags::empty(), 60),
                        &[proof(2, 3)],
                    ),
                ]
            },
            &["BOOT-AUTH-013"],
        )
        .bad(
            "replay protection of 4 octets",
            {
                vec![
                    ip(CAREOF, HOME_AGENT),
                    home_option(HOME),
                    ah(1, 1),
                    Header::Mobility({
                        let mut h = cut(10, &[1, 2, 3, 4]);
                        let alternate = OptionsBuilder::new(12)
                            .option(
                                3,
                                OptionBody::AlternateCareof { address: CAREOF },
                                &mip6_wire::codes::RFC6275,
                            )
                            .raw(&mip6_wire::layout::to_bytes(
                                &MobilityOption::new(
                                    10,
                                    OptionBody::Unknown(vec![1, 2, 3, 4].into()),
                                ),
                                &mip6_wire::codes::RFC6275,
                            ));
                        h.options = alternate.build().into();
                        h
                    }),
                ]
            },
            &["BOOT-AUTH-017", "MIP6-OPT-006"],
        )
        .bad(
            "identity behind the authentication",
            registered(&[proof(1, 0x1000), mn()]),
            &["BOOT-AUTH-006", "BOOT-NAI-003"],
        )
        .bad(
            "identity without identifier",
            registered(&[identity(""), proof(1, 0x1000)]),
            &["BOOT-NAI-001", "BOOT-NAI-002"],
        )
        .bad(
            "identity that is no NAI",
            registered(&[identity("a b@c"), proof(1, 0x1000)]),
            &["BOOT-NAI-002"],
        )
}

fn names() -> Scene {
    let name = |status, flags| OptionBody::DnsUpdate {
        status,
        flags,
        identity: Bytes::Borrowed(b"\x02mn\x07example\x03com\0"),
    };
    let ask = |option| {
        vec![
            ip(CAREOF, HOME_AGENT),
            home_option(HOME),
            ah(1, 1),
            mobility_with(update(), &[OptionBody::AlternateCareof { address: CAREOF }, option]),
        ]
    };
    let answer = |option| {
        vec![
            ip(HOME_AGENT, CAREOF),
            home_route(HOME),
            ah(2, 1),
            mobility_with(binding_acknowledgement(0, AckFlags::empty(), 60), &[option]),
        ]
    };
    Scene::new("bootstrapping/dns-update", "A home agent keeps the name (RFC 5026).")
        .profile("rfc6275")
        .good("asked for", ask(name(0, 0x80)))
        .bad("asked for with a status", ask(name(1, 0x80)), &["BOOT-DNSU-002"])
        .bad("asked for with a reserved bit", ask(name(0, 0x81)), &["BOOT-DNSU-002"])
        .good("done", answer(name(0, 0)))
        .bad("answered with status 5", answer(name(5, 0)), &["BOOT-DNSU-005"])
}

/// A DHCPv6 option.
fn option(code: u16, data: &[u8]) -> Vec<u8> {
    let mut o = code.to_be_bytes().to_vec();
    o.extend((data.len() as u16).to_be_bytes());
    o.extend(data);
    o
}

/// An Option Request option.
fn requested(codes: &[u16]) -> Vec<u8> {
    let codes: Vec<u8> = codes.iter().flat_map(|c| c.to_be_bytes()).collect();
    option(code::REQUEST, &codes)
}

const SERVERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 1, 2);
const NAME: &[u8] = b"\x07example\x03com\0";

fn message(kind: u8, destination: Ipv6Addr, options: &[Vec<u8>]) -> Packet {
    let (source, port) =
        if kind == 7 { (HOME_AGENT, (547, 546)) } else { (MOBILE_LOCAL, (546, 547)) };
    vec![
        ip(source, destination),
        Header::Udp(Udp::new(port.0, port.1)),
        Header::Dhcpv6(Dhcpv6 {
            kind,
            transaction: U24(0x010203),
            options: options.concat().into(),
            ..Dhcpv6::default()
        }),
    ]
}

fn dhcp() -> Scene {
    let client = option(code::CLIENT_ID, &[0, 3, 0, 1, 2, 0, 0, 0, 0, 9]);
    let parts =
        [code::HOME_NETWORK_FQDN, code::HOME_PREFIX, code::HOME_AGENT, code::HOME_AGENT_FQDN];
    let all = |first: &[u16]| requested(&[first, &parts[..]].concat());
    let name = option(code::HOME_NETWORK_FQDN, NAME);
    let ask = |options: &[Vec<u8>]| message(11, SERVERS, options);
    let prefix = [&[64][..], &HOME_PREFIX.octets()].concat();
    let inside = |options: &[Vec<u8>]| option(code::IDENTIFIED_INFO, &options.concat());
    let tell = |options: &[Vec<u8>]| message(7, MOBILE_LOCAL, options);
    let agent = option(code::HOME_AGENT, &HOME_AGENT.octets());
    Scene::new("bootstrapping/dhcpv6", "Home network information by DHCPv6 (RFC 6610, RFC 6611).")
        .profile("rfc6275")
        .good("the visited network's", ask(&[client.clone(), all(&[code::VISITED_INFO])]))
        .good("a named network's", {
            ask(&[client.clone(), name.clone(), all(&[code::IDENTIFIED_INFO])])
        })
        .bad(
            "without asking for the parts",
            ask(&[client.clone(), requested(&[code::VISITED_INFO])]),
            &["BOOT-DHCP-001"],
        )
        .bad(
            "a named network's without a name",
            ask(&[client.clone(), all(&[code::IDENTIFIED_INFO])]),
            &["BOOT-DHCP-002"],
        )
        .bad(
            "two names without asking for them",
            ask(&[client.clone(), name.clone(), name.clone(), requested(&[23])]),
            &["BOOT-DHCP-003"],
        )
        .good(
            "two names, and asking for them",
            ask(&[client.clone(), name.clone(), name.clone(), all(&[code::IDENTIFIED_INFO])]),
        )
        .good("any network's", ask(&[client.clone(), all(&[code::UNRESTRICTED_INFO])]))
        .good(
            "any network's and the visited one's",
            ask(&[client.clone(), all(&[code::UNRESTRICTED_INFO, code::VISITED_INFO])]),
        )
        .bad(
            "to one server",
            message(11, HOME_AGENT, &[client.clone(), all(&[code::VISITED_INFO])]),
            &["BOOT-INT-001"],
        )
        .bad("without client identifier", ask(&[all(&[code::VISITED_INFO])]), &["BOOT-INT-001"])
        .good("told", {
            tell(&[
                client.clone(),
                inside(&[name.clone(), option(code::HOME_PREFIX, &prefix), agent.clone()]),
            ])
        })
        .bad(
            "a name that is none",
            tell(&[inside(&[option(code::HOME_NETWORK_FQDN, b"example.com"), agent.clone()])]),
            &["BOOT-DHCP-012"],
        )
        .bad("a name on its own", tell(std::slice::from_ref(&name)), &["BOOT-DHCP-012"])
        .bad(
            "information about no network",
            tell(&[inside(std::slice::from_ref(&agent))]),
            &["BOOT-DHCP-012"],
        )
        .bad("a home agent on its own", tell(std::slice::from_ref(&agent)), &["BOOT-DHCP-014"])
        .bad(
            "a prefix of 16 octets",
            tell(&[inside(&[name.clone(), option(code::HOME_PREFIX, &prefix[..16])])]),
            &["BOOT-DHCP-013"],
        )
        .bad(
            "a home agent of 4 octets",
            tell(&[inside(&[name.clone(), option(code::HOME_AGENT, &[192, 0, 2, 1])])]),
            &["BOOT-DHCP-014"],
        )
}
