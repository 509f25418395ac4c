//! Local Key Exchange, draft-liu-mobileip-lke-01, read as ARCHITECTURE.md
//! says.

use std::net::Ipv6Addr;

use mip6_wire::codes::{LKE01, NdFormat};
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::nd::NdBody;
use mip6_wire::icmpv6::{Icmpv6Body, NaFlags, RaFlags, kind};
use mip6_wire::ip::{Fragment, proto};
use mip6_wire::layout::{Auto, Bytes};
use mip6_wire::mobility::{AckFlags, Message, OptionBody};

use super::Scene;
use super::lke_packets::advertise_with;
use crate::build::{
    ACCESS_ROUTER, ACCESS_ROUTER_LOCAL, ALL_NODES, CAREOF, CORRESPONDENT, HOME, MOBILE_LOCAL,
    PREVIOUS_CAREOF, Packet, authenticator, home_option, home_route, icmpv6, ip, link_ip,
    mobility_by, nd_options,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![
        advertisements(),
        large_key(),
        requests(),
        acknowledgements(),
        finished(),
        detection(),
        fast_handovers(),
    ]
}

/// SubjectPublicKeyInfo of an RSA key with a modulus of `octets` octets that
/// nobody has factored nor made: it looks like one, which is all that shows.
fn public_key(octets: usize) -> Vec<u8> {
    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let n = content.len();
        let mut e = vec![tag];
        match n {
            0..=0x7f => e.push(n as u8),
            0x80..=0xff => e.extend([0x81, n as u8]),
            _ => e.extend([0x82, (n >> 8) as u8, n as u8]),
        }
        e.extend(content);
        e
    }
    let mut modulus = vec![0, 0xc5];
    modulus.extend((1..octets - 1).map(|i| (i * 37) as u8));
    modulus.push(0x0d);
    let key = [element(2, &modulus), element(2, &[1, 0, 1])].concat();
    let algorithm = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let bits = [&[0][..], &element(0x30, &key)].concat();
    element(0x30, &[element(0x30, &algorithm), element(3, &bits)].concat())
}

/// An advertisement with a capability.
fn advertise(
    flags: RaFlags,
    max_lifetime: u16,
    key: Vec<u8>,
    extra: &[(NdFormat, NdBody<'static>)],
) -> Packet {
    let capability = NdBody::LkeCapability { max_lifetime, public_key: key.into() };
    advertise_with(flags, &[&[(NdFormat::LkeCapability, capability)], extra].concat())
}

fn advertisements() -> Scene {
    let home = RaFlags::H;
    let information = |lifetime| {
        [(
            NdFormat::HomeAgentInformation,
            NdBody::HomeAgentInformation { reserved: 0, preference: 1, lifetime },
        )]
    };
    let mut padded = public_key(128);
    padded.extend([0; 16]);
    Scene::new("lke/advertisements", "An access router that offers Local Key Exchange (3.1.1).")
        .profile("lke-01")
        .good("7200 seconds, 1024 bits", advertise(home, 7200, public_key(128), &[]))
        .good(
            "with home agent information",
            advertise(home, 7200, public_key(128), &information(7200)),
        )
        .bad(
            "from a router with H clear",
            advertise(RaFlags::empty(), 7200, public_key(128), &[]),
            &["LKE-RA-001"],
        )
        .bad(
            "16 octets more than the key needs",
            advertise(home, 7200, padded, &[]),
            &["LKE-RA-003"],
        )
        .bad(
            "longer than the router lifetime",
            advertise(home, 9001, public_key(128), &[]),
            &["LKE-RA-004"],
        )
        .bad(
            "longer than the home agent lifetime",
            advertise(home, 7200, public_key(128), &information(3600)),
            &["LKE-RA-005"],
        )
        .bad("infinite", advertise(home, 0xffff, public_key(128), &[]), &["LKE-RA-006"])
        .bad("very short", advertise(home, 10, public_key(128), &[]), &["LKE-RA-007"])
        .bad("no RSA key", advertise(home, 7200, vec![0x30; 90], &[]), &["LKE-RA-008"])
        .bad(
            "a key of 384 bits",
            advertise(home, 7200, public_key(48), &[]),
            &["LKE-RA-009", "LKE-RA-010"],
        )
        .bad("a key of 2048 bits", advertise(home, 7200, public_key(256), &[]), &["LKE-RA-010"])
}

/// An advertisement that does not fit into one packet on every link (reading B11).
fn large_key() -> Scene {
    let whole = advertise(RaFlags::H, 7200, public_key(1024), &[]);
    let octets = write_packet(&whole, &LKE01);
    let payload = &octets[40..];
    let piece = |from: usize, to: usize| {
        let more = u16::from(to < payload.len());
        vec![
            link_ip(ACCESS_ROUTER_LOCAL, ALL_NODES),
            Header::Fragment(Fragment {
                next: Auto::Fixed(proto::ICMPV6),
                offset_word: from as u16 | more,
                ident: 0x0102_0304,
                ..Fragment::default()
            }),
            Header::Raw(payload[from..to].to_vec().into()),
        ]
    };
    Scene::new("lke/large-key", "A key of 8192 bits makes an advertisement of two fragments.")
        .profile("lke-01")
        .good("the first", piece(0, 1024))
        .bad("the second", piece(1024, payload.len()), &["LKE-RA-009", "LKE-RA-010"])
}

fn data() -> Bytes<'static> {
    (0..128u8).map(|i| i.wrapping_mul(53) ^ 0x3c).collect::<Vec<_>>().into()
}

/// A Mobility Header message on the draft's numbers.
fn message(message: Message<'static>, options: &[OptionBody<'_>]) -> Header<'static> {
    Header::Mobility(mobility_by(&LKE01, message, options))
}

fn ask(options: &[OptionBody<'_>]) -> Header<'static> {
    message(Message::KeyExchangeRequest { sequence: 1, data: data() }, options)
}

fn lifetime() -> OptionBody<'static> {
    OptionBody::RequestedLifetime { lifetime: 1800 }
}

fn requests() -> Scene {
    let router = ACCESS_ROUTER_LOCAL;
    Scene::new("lke/requests", "Key Exchange Requests (3.2.1).")
        .profile("lke-01")
        .good(
            "request",
            vec![link_ip(MOBILE_LOCAL, router), home_option(CAREOF), ask(&[lifetime()])],
        )
        .bad(
            "from a global address",
            vec![link_ip(CAREOF, router), home_option(CAREOF), ask(&[lifetime()])],
            &["LKE-KER-001"],
        )
        .bad(
            "to a global address",
            vec![link_ip(MOBILE_LOCAL, ACCESS_ROUTER), home_option(CAREOF), ask(&[lifetime()])],
            &["LKE-KER-002"],
        )
        .bad(
            "with hop limit 64",
            vec![ip(MOBILE_LOCAL, router), home_option(CAREOF), ask(&[lifetime()])],
            &["LKE-KER-003"],
        )
        .bad(
            "without Home Address option",
            vec![link_ip(MOBILE_LOCAL, router), ask(&[lifetime()])],
            &["LKE-KER-005"],
        )
        .bad(
            "without lifetime",
            vec![link_ip(MOBILE_LOCAL, router), home_option(CAREOF), ask(&[])],
            &["LKE-KER-007"],
        )
}

fn acknowledgements() -> Scene {
    let options =
        |address| [OptionBody::ArAddress { address }, OptionBody::LkeHmac { hmac: [0x6b; 20] }];
    let body = |status, reserved| Message::KeyExchangeAcknowledgement {
        status,
        reserved,
        sequence: 1,
        lifetime: 1800,
    };
    let answer = |first: Header<'static>, body, options: &[OptionBody<'_>]| {
        vec![first, home_route(CAREOF), message(body, options)]
    };
    let down = || link_ip(ACCESS_ROUTER_LOCAL, MOBILE_LOCAL);
    Scene::new("lke/acknowledgements", "Key Exchange Acknowledgements (3.2.2).")
        .profile("lke-01")
        .good("accepted", answer(down(), body(0, 0), &options(ACCESS_ROUTER)))
        .good("refused", answer(down(), body(128, 0), &[]))
        .bad(
            "with hop limit 64",
            answer(ip(ACCESS_ROUTER_LOCAL, MOBILE_LOCAL), body(0, 0), &options(ACCESS_ROUTER)),
            &["LKE-KEA-001"],
        )
        .bad(
            "without the care-of address",
            vec![down(), message(body(0, 0), &options(ACCESS_ROUTER))],
            &["LKE-KEA-002"],
        )
        .bad(
            "without an address of the access router",
            answer(down(), body(0, 0), &options(ACCESS_ROUTER)[1..]),
            &["LKE-KEA-005"],
        )
        .bad(
            "link-local address of the access router",
            answer(down(), body(0, 0), &options(ACCESS_ROUTER_LOCAL)),
            &["LKE-KEA-005", "LKE-KEA-006"],
        )
        .bad(
            "address of another prefix",
            answer(down(), body(0, 0), &options(CORRESPONDENT)),
            &["LKE-KEA-006"],
        )
        .bad(
            "without HMAC",
            answer(down(), body(0, 0), &options(ACCESS_ROUTER)[..1]),
            &["LKE-KEA-007"],
        )
        .bad(
            "with its reserved octet set",
            answer(down(), body(0, 1), &options(ACCESS_ROUTER)),
            &["LKE-KEA-008"],
        )
}

fn finished() -> Scene {
    let done = |reserved, options: &[OptionBody<'_>]| {
        let body = Message::Finished {
            status: 0,
            reserved,
            sequence: 2,
            lifetime: 1800,
            nonce: 0xbeef,
            bare: vec![].into(),
        };
        message(body, options)
    };
    let ask = |flags| {
        let body = Message::BindingAcknowledgement {
            status: 0,
            flags: AckFlags::empty(),
            sequence: 2,
            lifetime: 1800,
        };
        vec![
            ip(ACCESS_ROUTER, CAREOF),
            home_route(PREVIOUS_CAREOF),
            message(body, &[OptionBody::FinishedRequest { flags, nonce: 0xbeef }, authenticator()]),
        ]
    };
    let up =
        |last| -> Packet { vec![ip(CAREOF, ACCESS_ROUTER), home_option(PREVIOUS_CAREOF), last] };
    Scene::new("lke/finished", "Finished messages and what asks for them (3.2.3, 3.2.4).")
        .profile("lke-01")
        .good("request for a Finished message", ask(0x8000))
        .bad("request with reserved bits", ask(0x8001), &["LKE-BA-003"])
        .good("Finished", up(done(0, &[authenticator()])))
        .bad(
            "Finished with its reserved octet set",
            up(done(3, &[authenticator()])),
            &["LKE-BA-006"],
        )
        .bad("Finished without authenticator", up(done(0, &[])), &["LKE-BA-006"])
        .bad(
            "Finished without Home Address option",
            vec![ip(CAREOF, ACCESS_ROUTER), done(0, &[authenticator()])],
            &["LKE-BA-007"],
        )
}

fn detection() -> Scene {
    let option = |format, reserved, ar_address| {
        (
            format,
            NdBody::DadAuthentication {
                format,
                reserved,
                nonce: 0x1234_5678,
                ar_address,
                front: vec![].into(),
                hmac: [0x42; 20],
                padding: Bytes::Borrowed(&[0; 4]),
            },
        )
    };
    let request = |reserved, address| option(NdFormat::DadAuthenticationRequest, reserved, address);
    let reply = |reserved, address| option(NdFormat::DadAuthenticationReply, reserved, address);
    let link_layer = || {
        (
            NdFormat::SourceLinkLayer,
            NdBody::LinkLayer {
                format: NdFormat::SourceLinkLayer,
                address: vec![2, 0, 0, 0, 0, 9].into(),
            },
        )
    };
    let solicited: Ipv6Addr = "ff02::1:ff00:99".parse().unwrap_or(ALL_NODES);
    let solicit = |first: Header<'static>, options: &[(NdFormat, NdBody<'static>)]| {
        vec![
            first,
            icmpv6(
                kind::NEIGHBOR_SOLICITATION,
                Icmpv6Body::NeighborSolicitation {
                    reserved: 0,
                    target: CAREOF,
                    options: nd_options(&LKE01, options).into(),
                },
            ),
        ]
    };
    let advertise = |destination, options: &[(NdFormat, NdBody<'static>)]| {
        vec![
            link_ip(CAREOF, destination),
            icmpv6(
                kind::NEIGHBOR_ADVERTISEMENT,
                Icmpv6Body::NeighborAdvertisement {
                    flags: NaFlags::O,
                    target: CAREOF,
                    options: nd_options(&LKE01, options).into(),
                },
            ),
        ]
    };
    let any = Ipv6Addr::UNSPECIFIED;
    let probe = || link_ip(any, solicited);
    Scene::new("lke/detection", "Authenticated Duplicate Address Detection (3.1.2, 3.1.3).")
        .profile("lke-01")
        .good("solicitation", solicit(probe(), &[request(0, ACCESS_ROUTER)]))
        .bad(
            "request with its reserved field set",
            solicit(probe(), &[request(1, ACCESS_ROUTER)]),
            &["LKE-DAD-AR-003"],
        )
        .bad(
            "request with a link-local address",
            solicit(probe(), &[request(0, ACCESS_ROUTER_LOCAL)]),
            &["LKE-DAD-AR-003"],
        )
        .bad(
            "solicitation from an address",
            solicit(link_ip(ACCESS_ROUTER_LOCAL, solicited), &[request(0, ACCESS_ROUTER)]),
            &["LKE-DAD-AR-014"],
        )
        .bad(
            "solicitation to all nodes",
            solicit(link_ip(any, ALL_NODES), &[request(0, ACCESS_ROUTER)]),
            &["LKE-DAD-AR-014"],
        )
        .bad(
            "solicitation with a link-layer address",
            solicit(probe(), &[link_layer(), request(0, ACCESS_ROUTER)]),
            &["LKE-DAD-AR-014"],
        )
        .good("advertisement", advertise(ALL_NODES, &[reply(0, ACCESS_ROUTER)]))
        .bad(
            "advertisement to one node",
            advertise(ACCESS_ROUTER_LOCAL, &[reply(0, ACCESS_ROUTER)]),
            &["LKE-DAD-MN-001"],
        )
        .bad(
            "reply with its reserved field set",
            advertise(ALL_NODES, &[reply(7, ACCESS_ROUTER)]),
            &["LKE-DAD-MN-002"],
        )
}

/// FMIPv6 and Local Key Exchange share their numbers; profile `auto` tells
/// them apart, and neither is judged by the other's rules.
fn fast_handovers() -> Scene {
    let fast = |body| vec![ip(CAREOF, ACCESS_ROUTER), crate::build::mobility(body)];
    let update = Message::FastBindingUpdate { sequence: 1, flags: 0xc0, reserved: 0, lifetime: 60 };
    let answer =
        Message::FastBindingAcknowledgement { status: 0, flags: 0, sequence: 1, lifetime: 60 };
    Scene::new(
        "lke/beside-fast-handovers",
        "FMIPv6 and Local Key Exchange on the same numbers, told apart packet by packet.",
    )
    .good("Fast Binding Update", fast(update))
    .good("Fast Binding Acknowledgement", fast(answer))
    .good("Fast Neighbor Advertisement", fast(Message::FastNeighborAdvertisement { reserved: 0 }))
    .good("Key Exchange Request", {
        vec![link_ip(MOBILE_LOCAL, ACCESS_ROUTER_LOCAL), home_option(CAREOF), ask(&[lifetime()])]
    })
    .good("Key Exchange Acknowledgement", {
        let body = Message::KeyExchangeAcknowledgement {
            status: 0,
            reserved: 0,
            sequence: 1,
            lifetime: 1800,
        };
        let options = [
            OptionBody::ArAddress { address: ACCESS_ROUTER },
            OptionBody::LkeHmac { hmac: [0x6b; 20] },
        ];
        vec![
            link_ip(ACCESS_ROUTER_LOCAL, MOBILE_LOCAL),
            home_route(CAREOF),
            message(body, &options),
        ]
    })
    .bad(
        "Key Exchange Request without lifetime",
        vec![link_ip(MOBILE_LOCAL, ACCESS_ROUTER_LOCAL), home_option(HOME), ask(&[])],
        &["LKE-KER-007"],
    )
}
