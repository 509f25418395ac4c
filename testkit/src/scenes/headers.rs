//! The Mobility Header itself, the Home Address option and the Type 2 routing
//! header, at their places and not.

use std::net::Ipv6Addr;

use mip6_wire::checksum::Sum;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::Header;
use mip6_wire::ip::options::kind;
use mip6_wire::ip::{DestinationOptions, Ipv6Option, Routing, RoutingBody, proto};
use mip6_wire::layout::Auto;
use mip6_wire::mobility::{AckFlags, Message, Mobility, UpdateFlags};

use super::Scene;
use crate::build::{
    ALL_NODES, CAREOF, CORRESPONDENT, HOME, HOME_AGENT, MOBILE_LOCAL, Packet, ah,
    correspondent_update, destination_options, home_option, home_route, hop_by_hop, icmpv6, ip,
    mobility_by, registration, registration_answer, udp,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![mobility_header(), checksums(), home_address(), routing(), away()]
}

fn test_init() -> Mobility<'static> {
    mobility_by(&RFC6275, Message::CareofTestInit { reserved: 0, cookie: 7 }, &[])
}

fn towards_correspondent(header: Mobility<'static>) -> Packet {
    vec![ip(CAREOF, CORRESPONDENT), Header::Mobility(header)]
}

fn mobility_header() -> Scene {
    let raw = |octets: &[u8]| Header::Raw(octets.to_vec().into());
    let under_mobility = |octets: &[u8]| {
        let mut p = vec![ip(CAREOF, CORRESPONDENT), raw(octets)];
        if let Header::Ipv6(h) = &mut p[0] {
            h.next = Auto::Fixed(proto::MOBILITY);
        }
        p
    };
    let message = |h: fn(&mut Mobility<'static>)| {
        let mut header = test_init();
        h(&mut header);
        towards_correspondent(header)
    };
    Scene::new("mip6/header-faults", "What is the same in every Mobility Header.")
        .profile("rfc6275")
        .good("Care-of Test Init", towards_correspondent(test_init()))
        .bad("four octets under protocol 135", under_mobility(&[59, 0, 2, 0]), &["MIP6-MH-001"])
        .bad("one octet under protocol 135", under_mobility(&[59]), &["MIP6-MH-001"])
        .bad(
            "a payload behind the header",
            {
                let mut p = message(|h| h.payload_proto = proto::UDP);
                p.extend(udp(1, 2, vec![1, 2, 3, 4]));
                p
            },
            &["MIP6-MH-002"],
        )
        .bad(
            "octets behind the header, announced by nothing",
            {
                let mut p = towards_correspondent(test_init());
                p.push(raw(&[1, 2, 3, 4, 5, 6, 7, 8]));
                p
            },
            &["MIP6-MH-003"],
        )
        .bad("Header Len beyond the payload", message(|h| h.len = Auto::Fixed(9)), &["MIP6-MH-003"])
        .bad("Reserved octet set", message(|h| h.reserved = 0x40), &["MIP6-MH-004"])
        .bad(
            "off its boundary of 8 octets",
            {
                // An options header that counts 8 octets and has 4 cannot be
                // written; a fragment's worth of AH with an odd value can.
                let odd = match ah(1, 1) {
                    Header::Authentication(a) => {
                        Header::Authentication(mip6_wire::ip::Authentication {
                            icv: vec![9; 16].into(),
                            ..a
                        })
                    }
                    other => other,
                };
                let mut p = towards_correspondent(test_init());
                p.insert(1, odd);
                p
            },
            &["MIP6-MH-011"],
        )
        .bad(
            "Type 2 routing header with a Care-of Test Init",
            {
                let mut p = towards_correspondent(test_init());
                p.insert(1, home_route(HOME));
                p
            },
            &["MIP6-MH-012"],
        )
        .bad(
            "Home Address option with a Care-of Test Init",
            {
                let mut p = towards_correspondent(test_init());
                p.insert(1, home_option(HOME));
                p
            },
            &["MIP6-MH-013"],
        )
}

/// A checksum over other addresses or another protocol than it should be.
fn summed(
    source: Ipv6Addr,
    destination: Ipv6Addr,
    next: u8,
    mut header: Mobility<'static>,
) -> Header<'static> {
    header.checksum = Auto::Fixed(0);
    let octets = mip6_wire::layout::to_bytes(&header, &RFC6275);
    let sum = Sum::pseudo_v6(&source, &destination, octets.len(), next).over(&octets);
    header.checksum = Auto::Fixed(sum.checksum());
    Header::Mobility(header)
}

fn last(packet: &Packet) -> Mobility<'static> {
    match packet.last() {
        Some(Header::Mobility(h)) => h.clone(),
        _ => Mobility::default(),
    }
}

fn checksums() -> Scene {
    let update = || registration(UpdateFlags::A | UpdateFlags::H, 60);
    let answer = || registration_answer(0, AckFlags::empty(), 60);
    let with = |mut p: Packet, h: Header<'static>| {
        p.pop();
        p.push(h);
        p
    };
    Scene::new("mip6/checksums", "What a Mobility Header's checksum covers, and what not.")
        .profile("rfc6275")
        .good("Binding Update, over the home address", update())
        .bad(
            "Binding Update, over the care-of address",
            with(update(), summed(CAREOF, HOME_AGENT, proto::MOBILITY, last(&update()))),
            &["MIP6-MH-007"],
        )
        .good("Binding Acknowledgement, over the home address", answer())
        .bad(
            "Binding Acknowledgement, over the care-of address",
            with(answer(), summed(HOME_AGENT, CAREOF, proto::MOBILITY, last(&answer()))),
            &["MIP6-MH-008"],
        )
        .bad(
            "over next header 2, as RFC 3775 had it in one place",
            with(update(), summed(HOME, HOME_AGENT, 2, last(&update()))),
            &["MIP6-MH-009"],
        )
        .bad(
            "over nothing in particular",
            with(
                update(),
                Header::Mobility(Mobility { checksum: Auto::Fixed(0xbad1), ..last(&update()) }),
            ),
            &["MIP6-MH-006"],
        )
}

/// UDP over IPv6 headers that matter.
fn payload(headers: Vec<Header<'static>>) -> Packet {
    let mut p = vec![ip(CAREOF, CORRESPONDENT)];
    p.extend(headers);
    p.extend(udp(5004, 5004, vec![0x55; 20]));
    p
}

fn home_address() -> Scene {
    let option = |address| Ipv6Option::home_address(address);
    let off = DestinationOptions::new({
        let mut list = vec![kind::HOME_ADDRESS, 16];
        list.extend(HOME.octets());
        list.extend([1, 2, 0, 0]);
        list
    });
    let short =
        DestinationOptions::new(vec![1, 2, 0, 0, kind::HOME_ADDRESS, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
    let fragment = Header::Fragment(mip6_wire::ip::Fragment::default());
    Scene::new("mip6/home-address", "The Home Address option: shape, address, place, number.")
        .profile("rfc6275")
        .good("at its place", payload(vec![home_option(HOME)]))
        .bad(
            "two octets too early",
            payload(vec![Header::DestinationOptions(off)]),
            &["MIP6-HAO-001"],
        )
        .bad("of 8 octets", payload(vec![Header::DestinationOptions(short)]), &["MIP6-HAO-001"])
        .bad("in Hop-by-Hop Options", payload(vec![hop_by_hop(&[option(HOME)])]), &["MIP6-HAO-001"])
        .bad("with a multicast address", payload(vec![home_option(ALL_NODES)]), &["MIP6-HAO-002"])
        .bad(
            "with a link-local address",
            payload(vec![home_option(MOBILE_LOCAL)]),
            &["MIP6-HAO-002"],
        )
        .bad(
            "in front of a routing header",
            payload(vec![home_option(HOME), home_route(HOME)]),
            &["MIP6-HAO-003"],
        )
        .bad(
            "behind a Fragment header",
            payload(vec![fragment, home_option(HOME)]),
            &["MIP6-HAO-003"],
        )
        .bad(
            "twice",
            payload(vec![destination_options(&[option(HOME), option(HOME)])]),
            &["MIP6-HAO-004"],
        )
        .good("once in each of two IPv6 headers", {
            let mut p = vec![ip(CAREOF, HOME_AGENT), home_option(HOME)];
            p.extend(payload(vec![home_option(HOME)]));
            p
        })
}

fn routing() -> Scene {
    let type2 = |change: fn(&mut Routing<'static>)| {
        let mut r = Routing::home(HOME);
        change(&mut r);
        payload(vec![Header::Routing(r)])
    };
    let type0 = Header::Routing(Routing {
        kind: 0,
        segments_left: 1,
        body: RoutingBody::Source {
            reserved: 0,
            addresses: CORRESPONDENT.octets().to_vec().into(),
            extra: Vec::new().into(),
        },
        ..Routing::default()
    });
    let odd = |r: &mut Routing<'static>| {
        if let RoutingBody::Home { extra, .. } = &mut r.body {
            *extra = vec![0; 8].into();
        }
    };
    let reserved = |r: &mut Routing<'static>| {
        if let RoutingBody::Home { reserved, .. } = &mut r.body {
            *reserved = 1;
        }
    };
    Scene::new("mip6/routing", "The Type 2 routing header: shape, address, place.")
        .profile("rfc6275")
        .good("at its place", payload(vec![home_route(HOME)]))
        .bad("eight octets too long", type2(odd), &["MIP6-RH2-001"])
        .bad("Segments Left 2", type2(|r| r.segments_left = 2), &["MIP6-RH2-001"])
        .bad(
            "Segments Left 0, as after delivery",
            type2(|r| r.segments_left = 0),
            &["MIP6-RH2-001"],
        )
        .bad("reserved field set", type2(reserved), &["MIP6-RH2-002"])
        .bad("towards a multicast address", payload(vec![home_route(ALL_NODES)]), &["MIP6-RH2-003"])
        .good("behind another routing header", payload(vec![type0.clone(), home_route(HOME)]))
        .bad(
            "in front of another routing header",
            payload(vec![home_route(HOME), type0]),
            &["MIP6-RH2-006"],
        )
        .bad(
            "behind a Fragment header",
            payload(vec![Header::Fragment(mip6_wire::ip::Fragment::default()), home_route(HOME)]),
            &["MIP6-RH2-008"],
        )
}

/// What a mobile node sends while away, RFC 6275 11.3.
fn away() -> Scene {
    let echo = |source, destination| {
        vec![
            ip(source, destination),
            home_option(HOME),
            icmpv6(
                128,
                mip6_wire::icmpv6::Icmpv6Body::Echo {
                    identifier: 1,
                    sequence: 1,
                    data: vec![1, 2, 3].into(),
                },
            ),
        ]
    };
    let over_careof = {
        // The checksum of a packet without the option covers the care-of
        // address.
        let mut p = payload(vec![]);
        let octets = mip6_wire::header::write_packet(&p, &RFC6275);
        let sum = u16::from_be_bytes([octets[46], octets[47]]);
        if let Header::Udp(h) = &mut p[1] {
            h.checksum = Auto::Fixed(sum);
        }
        p.insert(1, home_option(HOME));
        p
    };
    let solicitation = |headers: Vec<Header<'static>>| {
        let mut p = vec![crate::build::link_ip(CAREOF, crate::build::ACCESS_ROUTER)];
        p.extend(headers);
        p.push(icmpv6(
            135,
            mip6_wire::icmpv6::Icmpv6Body::NeighborSolicitation {
                reserved: 0,
                target: crate::build::ACCESS_ROUTER,
                options: Vec::new().into(),
            },
        ));
        p
    };
    let ike = |headers: Vec<Header<'static>>| {
        let mut p = vec![ip(CAREOF, HOME_AGENT)];
        p.extend(headers);
        p.extend(udp(500, 500, Vec::new()));
        p
    };
    let listener = |headers: Vec<Header<'static>>| {
        let mut p = vec![ip(MOBILE_LOCAL, "ff02::16".parse().unwrap_or(ALL_NODES))];
        p.extend(headers);
        p.push(icmpv6(
            143,
            mip6_wire::icmpv6::Icmpv6Body::Mld(mip6_wire::icmpv6::mld::Mld::ReportV2 {
                reserved: 0,
                count: 0,
                records: Vec::new().into(),
            }),
        ));
        p
    };
    Scene::new("mip6/away", "What a mobile node sends from a foreign link.")
        .profile("rfc6275")
        .good("on the direct route", payload(vec![home_option(HOME)]))
        .bad("checksum over the care-of address", over_careof, &["MIP6-MN-PKT-005"])
        .good("echo", echo(CAREOF, CORRESPONDENT))
        .bad(
            "Home Address option towards a link-local peer",
            echo(CAREOF, crate::build::ACCESS_ROUTER_LOCAL),
            &["MIP6-MN-PKT-007"],
        )
        .bad("Home Address option towards a group", echo(CAREOF, ALL_NODES), &["MIP6-MN-PKT-017"])
        .good("Neighbor Discovery", solicitation(vec![]))
        .bad(
            "Neighbor Discovery with a Home Address option",
            solicitation(vec![home_option(HOME)]),
            &["MIP6-MN-PKT-008"],
        )
        .bad(
            "Neighbor Discovery with a Type 2 routing header",
            solicitation(vec![home_route(HOME)]),
            &["MIP6-CN-PKT-002"],
        )
        .good("key management", ike(vec![]))
        .bad(
            "key management with a Home Address option",
            ike(vec![home_option(HOME)]),
            &["MIP6-MN-PKT-012"],
        )
        .good("a listener's report", listener(vec![]))
        .bad(
            "a listener's report with a Home Address option",
            listener(vec![home_option(HOME)]),
            // Its destination is a group as well.
            &["MIP6-MN-PKT-015", "MIP6-MN-PKT-017"],
        )
        .good("a tunnel that carries a Home Address option", {
            let mut p = vec![ip(CAREOF, HOME_AGENT)];
            p.extend(correspondent_update(UpdateFlags::A, 60));
            p
        })
}
