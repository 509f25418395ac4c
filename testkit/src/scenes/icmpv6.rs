//! Home agent discovery, prefix discovery, and what Mobile IPv6 adds to
//! Neighbor Discovery.

use std::net::Ipv6Addr;

use mip6_wire::codes::{NdFormat, RFC6275};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::NdBody;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, NaFlags, RaFlags, kind, mld};

use super::Scene;
use crate::build::{
    ALL_NODES, CAREOF, CORRESPONDENT, HOME, HOME_AGENT, HOME_AGENT_LOCAL, MOBILE_LOCAL, Packet, ah,
    home_option, home_route, icmpv6, ip, link_ip, nd_options, prefix_solicitation,
};
use crate::samples::{self, HOME_PREFIX, home_prefix};

pub(super) fn scenes() -> Vec<Scene> {
    vec![messages(), discovery(), prefixes(), options(), advertisements()]
}

/// The Home-Agents anycast address of the home prefix, RFC 2526.
const ANYCAST: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0x100, 0xfdff, 0xffff, 0xffff, 0xfffe);

fn messages() -> Scene {
    let quoted = || samples::quoted().into();
    let group: Ipv6Addr = "ff02::1:ff00:99".parse().unwrap_or(ALL_NODES);
    let error = |kind, body| vec![ip(CORRESPONDENT, CAREOF), icmpv6(kind, body)];
    let local = |kind, body| vec![link_ip(MOBILE_LOCAL, ALL_NODES), icmpv6(kind, body)];
    let none = || Vec::new().into();
    let echo = || Icmpv6Body::Echo { identifier: 1, sequence: 2, data: b"ping".to_vec().into() };
    Scene::new("icmpv6/messages", "One of each ICMPv6 message with a format here.")
        .profile("rfc6275")
        .good(
            "Destination Unreachable",
            error(
                kind::DESTINATION_UNREACHABLE,
                Icmpv6Body::Error { length: 0, reserved: [0; 3], quoted: quoted() },
            ),
        )
        .good(
            "Packet Too Big",
            error(kind::PACKET_TOO_BIG, Icmpv6Body::PacketTooBig { mtu: 1280, quoted: quoted() }),
        )
        .good(
            "Time Exceeded",
            error(
                kind::TIME_EXCEEDED,
                Icmpv6Body::Error { length: 0, reserved: [0; 3], quoted: quoted() },
            ),
        )
        .good(
            "Parameter Problem",
            error(
                kind::PARAMETER_PROBLEM,
                Icmpv6Body::ParameterProblem { pointer: 40, quoted: quoted() },
            ),
        )
        .good("Echo Request", error(kind::ECHO_REQUEST, echo()))
        .good("Echo Reply", error(kind::ECHO_REPLY, echo()))
        .good(
            "Multicast Listener Query",
            local(
                kind::MLD_QUERY,
                Icmpv6Body::Mld(mld::Mld::V1 {
                    delay: 1000,
                    reserved: 0,
                    address: group,
                    tail: none(),
                }),
            ),
        )
        .good(
            "Multicast Listener Query, version 2",
            local(
                kind::MLD_QUERY,
                Icmpv6Body::Mld(mld::Mld::QueryV2 {
                    code: 1000,
                    reserved: 0,
                    address: group,
                    flags: 2,
                    interval: 125,
                    count: 1,
                    sources: CORRESPONDENT.octets().to_vec().into(),
                    tail: none(),
                }),
            ),
        )
        .good(
            "Multicast Listener Report",
            local(
                kind::MLD_REPORT,
                Icmpv6Body::Mld(mld::Mld::V1 {
                    delay: 0,
                    reserved: 0,
                    address: group,
                    tail: none(),
                }),
            ),
        )
        .good(
            "Multicast Listener Report, version 2",
            local(
                kind::MLD_REPORT_V2,
                Icmpv6Body::Mld(mld::Mld::ReportV2 {
                    reserved: 0,
                    count: 1,
                    records: [&[4, 0, 0, 0][..], &group.octets()].concat().into(),
                }),
            ),
        )
        .good(
            "Multicast Listener Done",
            local(
                kind::MLD_DONE,
                Icmpv6Body::Mld(mld::Mld::V1 {
                    delay: 0,
                    reserved: 0,
                    address: group,
                    tail: none(),
                }),
            ),
        )
        .good(
            "Router Solicitation",
            local(
                kind::ROUTER_SOLICITATION,
                Icmpv6Body::RouterSolicitation { reserved: 0, options: none() },
            ),
        )
        .good(
            "Neighbor Solicitation",
            local(
                kind::NEIGHBOR_SOLICITATION,
                Icmpv6Body::NeighborSolicitation { reserved: 0, target: HOME, options: none() },
            ),
        )
        .good(
            "Neighbor Advertisement",
            local(
                kind::NEIGHBOR_ADVERTISEMENT,
                Icmpv6Body::NeighborAdvertisement {
                    flags: NaFlags::R | NaFlags::O,
                    target: HOME,
                    options: none(),
                },
            ),
        )
        .good(
            "Redirect",
            local(
                kind::REDIRECT,
                Icmpv6Body::Redirect {
                    reserved: 0,
                    target: HOME_AGENT_LOCAL,
                    destination: CORRESPONDENT,
                    options: none(),
                },
            ),
        )
        .good(
            "Router Solicitation for Proxy Advertisement",
            error(
                kind::FAST_MIPV6,
                Icmpv6Body::FastMipv6 { subtype: 2, flags: 0, identifier: 5, options: none() },
            ),
        )
        .good("a type without a format", error(200, Icmpv6Body::Unknown(vec![1, 2, 3, 4].into())))
}

fn discovery() -> Scene {
    let request = |destination, code, reserved| {
        vec![
            ip(CAREOF, destination),
            Header::Icmpv6(Icmpv6 {
                code,
                ..Icmpv6::new(
                    kind::HOME_AGENT_REQUEST,
                    Icmpv6Body::HomeAgentRequest { identifier: 0x0101, reserved },
                )
            }),
        ]
    };
    let reply = |addresses: &[Ipv6Addr], tail: &[u8], reserved| {
        let addresses: Vec<u8> = addresses.iter().flat_map(Ipv6Addr::octets).collect();
        vec![
            ip(HOME_AGENT, CAREOF),
            icmpv6(
                kind::HOME_AGENT_REPLY,
                Icmpv6Body::HomeAgentReply {
                    identifier: 0x0101,
                    reserved,
                    addresses: addresses.into(),
                    tail: tail.to_vec().into(),
                },
            ),
        ]
    };
    Scene::new("icmpv6/home-agent-discovery", "Dynamic Home Agent Address Discovery.")
        .profile("rfc6275")
        .good("request", request(ANYCAST, 0, 0))
        .good("request for a mobile router", request(ANYCAST, 0, 0x8000))
        .bad("request of code 1", request(ANYCAST, 1, 0), &["MIP6-ICMP-001"])
        .bad("request with its reserved field set", request(ANYCAST, 0, 1), &["MIP6-ICMP-001"])
        .bad("request to a unicast address", request(HOME_AGENT, 0, 0), &["MIP6-ICMP-001"])
        .good("reply", reply(&[HOME_AGENT, HOME], &[], 0))
        .good("reply without addresses", reply(&[], &[], 0))
        .bad("reply with half an address", reply(&[HOME_AGENT], &[1; 8], 0), &["MIP6-ICMP-004"])
        .bad("reply with its reserved field set", reply(&[HOME_AGENT], &[], 2), &["MIP6-ICMP-004"])
}

fn prefixes() -> Scene {
    let solicitation = |reserved| prefix_solicitation(0x0202, reserved);
    let advertisement = |flags, options: Vec<u8>| {
        icmpv6(
            kind::PREFIX_ADVERTISEMENT,
            Icmpv6Body::PrefixAdvertisement { identifier: 0x0202, flags, options: options.into() },
        )
    };
    let prefix =
        || nd_options(&RFC6275, &[(NdFormat::PrefixInformation, home_prefix(HOME_PREFIX))]);
    let long = || {
        let mut p = prefix();
        p[1] = 5;
        p.extend([0; 8]);
        p
    };
    let up = |last| vec![ip(CAREOF, HOME_AGENT), home_option(HOME), ah(1, 1), last];
    let down = |last| vec![ip(HOME_AGENT, CAREOF), home_route(HOME), ah(2, 1), last];
    Scene::new("icmpv6/prefix-discovery", "Mobile Prefix Discovery.")
        .profile("rfc6275")
        .good("solicitation", up(solicitation(0)))
        .bad("solicitation with its reserved field set", up(solicitation(1)), &["MIP6-ICMP-005"])
        .bad(
            "solicitation without Home Address option",
            vec![ip(CAREOF, HOME_AGENT), ah(1, 1), solicitation(0)],
            &["IPSEC-FMT-013", "MIP6-ICMP-005"],
        )
        .bad(
            "solicitation in the clear",
            vec![ip(CAREOF, HOME_AGENT), home_option(HOME), solicitation(0)],
            &["MIP6-ICMP-006"],
        )
        .good("advertisement", down(advertisement(0x8000, prefix())))
        .bad(
            "advertisement with a reserved flag",
            down(advertisement(0x0100, prefix())),
            &["MIP6-ICMP-008"],
        )
        .bad(
            "advertisement without a prefix",
            down(advertisement(0, Vec::new())),
            &["MIP6-ICMP-008"],
        )
        .bad(
            "advertisement without Type 2 routing header",
            vec![ip(HOME_AGENT, CAREOF), ah(2, 1), advertisement(0, prefix())],
            &["IPSEC-FMT-014", "MIP6-ICMP-009"],
        )
        .bad(
            "advertisement in the clear",
            vec![ip(HOME_AGENT, CAREOF), home_route(HOME), advertisement(0, prefix())],
            &["MIP6-ICMP-012"],
        )
        .bad("prefix option of 40 octets", down(advertisement(0, long())), &["MIP6-ICMP-013"])
}

/// What a Router Advertisement has to say.
fn advertise(flags: RaFlags, lifetime: u16, options: &[(NdFormat, NdBody<'_>)]) -> Packet {
    advertise_raw(flags, lifetime, nd_options(&RFC6275, options))
}

fn advertise_raw(flags: RaFlags, lifetime: u16, options: Vec<u8>) -> Packet {
    vec![
        link_ip(HOME_AGENT_LOCAL, ALL_NODES),
        icmpv6(
            kind::ROUTER_ADVERTISEMENT,
            Icmpv6Body::RouterAdvertisement {
                hop_limit: 64,
                flags,
                lifetime,
                reachable: 0,
                retrans: 0,
                options: options.into(),
            },
        ),
    ]
}

fn options() -> Scene {
    let scene =
        Scene::new("icmpv6/options", "One of each Neighbor Discovery option.").profile("rfc6275");
    samples::nd_options().into_iter().fold(scene, |scene, (format, body)| {
        let home_agent = format == NdFormat::HomeAgentInformation;
        let packet = if home_agent {
            advertise(
                RaFlags::H,
                1800,
                &[
                    link_layer(),
                    (NdFormat::PrefixInformation, home_prefix(HOME_AGENT)),
                    (format, body),
                ],
            )
        } else {
            advertise(RaFlags::empty(), 1800, &[(format, body)])
        };
        scene.good(format.title(), packet)
    })
}

fn link_layer() -> (NdFormat, NdBody<'static>) {
    (
        NdFormat::SourceLinkLayer,
        NdBody::LinkLayer {
            format: NdFormat::SourceLinkLayer,
            address: vec![2, 0, 0, 0, 0, 1].into(),
        },
    )
}

fn advertisements() -> Scene {
    let information = |reserved, preference, lifetime| {
        (
            NdFormat::HomeAgentInformation,
            NdBody::HomeAgentInformation { reserved, preference, lifetime },
        )
    };
    let prefix = |address| (NdFormat::PrefixInformation, home_prefix(address));
    let interval = |reserved| {
        (NdFormat::AdvertisementInterval, NdBody::AdvertisementInterval { reserved, interval: 100 })
    };
    let home = |last: &[(NdFormat, NdBody<'_>)]| {
        let mut all = vec![link_layer(), prefix(HOME_AGENT)];
        all.extend_from_slice(last);
        advertise(RaFlags::H, 1800, &all)
    };
    // Options of two units whose format has one.
    let long = |format| {
        let mut options = nd_options(&RFC6275, &[link_layer(), prefix(HOME_AGENT)]);
        let mut last = nd_options(&RFC6275, &[format]);
        last[1] = 2;
        options.extend(last);
        options.extend([0; 8]);
        advertise_raw(RaFlags::H, 1800, options)
    };
    Scene::new("icmpv6/home-agent-advertisements", "What a home agent advertises on its link.")
        .profile("rfc6275")
        .good("a home agent", home(&[information(0, 10, 900), interval(0)]))
        .good("a home agent for mobile routers", home(&[information(0x8000, 10, 900)]))
        .bad(
            "its prefix without its address",
            advertise(RaFlags::H, 1800, &[link_layer(), prefix(HOME_PREFIX)]),
            &["MIP6-ND-002"],
        )
        .good(
            "a prefix for a router's address, of a router that is no home agent",
            advertise(RaFlags::empty(), 1800, &[link_layer(), prefix(HOME_PREFIX)]),
        )
        .bad("no prefix", advertise(RaFlags::H, 1800, &[link_layer()]), &["MIP6-ND-002"])
        .bad(
            "no link-layer address",
            advertise(RaFlags::H, 1800, &[prefix(HOME_AGENT)]),
            &["MIP6-ND-019"],
        )
        .bad("interval with its reserved field set", home(&[interval(1)]), &["MIP6-ND-006"])
        .bad("interval of two units", long(interval(0)), &["MIP6-ND-006"])
        .bad(
            "information with its reserved field set",
            home(&[information(1, 10, 900)]),
            &["MIP6-ND-008"],
        )
        .bad("information of two units", long(information(0, 10, 900)), &["MIP6-ND-008"])
        .bad("home agent lifetime 0", home(&[information(0, 10, 0)]), &["MIP6-ND-009"])
        .bad(
            "information from a router that is no home agent",
            advertise(RaFlags::empty(), 1800, &[information(0, 10, 900)]),
            &["MIP6-ND-010"],
        )
        .bad(
            "information that says nothing new",
            home(&[information(0, 0, 1800)]),
            &["MIP6-ND-014"],
        )
}
