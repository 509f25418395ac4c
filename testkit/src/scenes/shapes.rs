//! The same few packets in every file format and on every link layer, tunnels
//! and fragments, IKE, and captures that are cut.

use mip6_dissect::capture::{FileFormat, LinkType};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::ike::{IkeMessage, kind};
use mip6_wire::ip::options::{self, OptionBody};
use mip6_wire::ip::{Fragment, Ipv4, Ipv6Option, proto};
use mip6_wire::layout::Auto;
use mip6_wire::link::{CookedV1, CookedV2, Loopback, Vlan, ethertype};
use mip6_wire::mobility::{AckFlags, Message, UpdateFlags};
use mip6_wire::transport::Tcp;

use super::Scene;
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, Packet, correspondent_update, destination_options,
    ethernet, home_option, hop_by_hop, ip, mobility, registration, registration_answer, udp,
};

pub(super) fn scenes() -> Vec<Scene> {
    let mut scenes = files();
    scenes.extend(links());
    scenes.extend([tunnels(), extensions(), fragments(), ike(), cut_frames(), cut_file()]);
    scenes
}

/// Exchange types: RFC 7296 3.1 and RFC 2408 3.1.
const IKE_SA_INIT: u8 = 34;
const IDENTITY_PROTECTION: u8 = 2;

/// A registration, its answer, one with a fault, and a correspondent's.
fn conversation(scene: Scene) -> Scene {
    let both = UpdateFlags::A | UpdateFlags::H;
    scene
        .good("Binding Update", registration(both, 60))
        .good("Binding Acknowledgement", registration_answer(0, AckFlags::empty(), 60))
        .bad("Binding Update with A clear", registration(UpdateFlags::H, 60), &["MIP6-MN-BU-002"])
        .good("Binding Update to a correspondent", correspondent_update(UpdateFlags::A, 60))
}

fn files() -> Vec<Scene> {
    let file = |name, about, file, big_endian, gzip| {
        conversation(Scene { file, big_endian, gzip, ..Scene::new(name, about).profile("rfc6275") })
    };
    let (micros, nanos) = (FileFormat::Pcap { nanos: false }, FileFormat::Pcap { nanos: true });
    vec![
        file("files/pcap", "pcap, little octet order, microseconds.", micros, false, false),
        file("files/pcap-big-endian", "pcap, big octet order, microseconds.", micros, true, false),
        file(
            "files/pcap-nanoseconds",
            "pcap, little octet order, nanoseconds.",
            nanos,
            false,
            false,
        ),
        file(
            "files/pcap-big-endian-nanoseconds",
            "pcap, big order, nanoseconds.",
            nanos,
            true,
            false,
        ),
        file("files/pcapng", "pcapng, little octet order.", FileFormat::PcapNg, false, false),
        file(
            "files/pcapng-big-endian",
            "pcapng, big octet order.",
            FileFormat::PcapNg,
            true,
            false,
        ),
        file("files/gzip", "pcapng compressed by gzip.", FileFormat::PcapNg, false, true),
    ]
}

fn links() -> Vec<Scene> {
    let link = |name, about, link: LinkType, first: fn() -> Packet| {
        let packet = || {
            let mut p = first();
            p.extend(correspondent_update(UpdateFlags::A, 60));
            p
        };
        let bad = || {
            let mut p = first();
            p.extend(correspondent_update(UpdateFlags::A, 106));
            p
        };
        // Frames are written whole: `first` begins with the link layer.
        Scene { link, ..Scene::new(name, about).profile("rfc6275") }
            .frame("Binding Update", write_packet(&packet(), &RFC6275), &[])
            .frame(
                "Binding Update for too long",
                write_packet(&bad(), &RFC6275),
                &["MIP6-MN-CREG-012"],
            )
    };
    vec![
        link("links/vlan", "Ethernet with two VLAN tags.", LinkType::ETHERNET, || {
            let tag = |id| Header::Vlan(Vlan { tag: id, ..Vlan::default() });
            vec![ethernet(), tag(100), tag(200)]
        }),
        link("links/cooked-v1", "Linux cooked capture, version 1.", LinkType::LINUX_SLL, || {
            vec![Header::CookedV1(CookedV1 {
                protocol: Auto::Fixed(ethertype::IPV6),
                ..CookedV1::default()
            })]
        }),
        link("links/cooked-v2", "Linux cooked capture, version 2.", LinkType::LINUX_SLL2, || {
            vec![Header::CookedV2(CookedV2 {
                protocol: Auto::Fixed(ethertype::IPV6),
                ..CookedV2::default()
            })]
        }),
        link("links/null", "BSD loopback.", LinkType::NULL, || {
            vec![Header::Loopback(Loopback { family: [24, 0, 0, 0] })]
        }),
        link("links/raw", "IP without a link layer.", LinkType::RAW, Vec::new),
    ]
}

fn tunnels() -> Scene {
    let inner = || {
        let mut p = vec![ip(HOME, CORRESPONDENT)];
        p.extend(udp(5004, 5004, b"payload".to_vec()));
        p
    };
    let through = |outer: Packet| {
        let mut p = outer;
        p.extend(inner());
        p
    };
    let limit = Ipv6Option::new(options::kind::TUNNEL_LIMIT, OptionBody::TunnelLimit { limit: 4 });
    let v4 = || {
        Header::Ipv4(Ipv4 {
            source: [198, 51, 100, 7].into(),
            destination: [192, 0, 2, 1].into(),
            ttl: 64,
            ..Ipv4::default()
        })
    };
    Scene::new("packets/tunnels", "Packets in packets.")
        .profile("rfc6275")
        .good("IPv6 in IPv6", through(vec![ip(CAREOF, HOME_AGENT)]))
        .good("with a Tunnel Encapsulation Limit", {
            through(vec![ip(CAREOF, HOME_AGENT), destination_options(&[limit])])
        })
        .good("IPv6 in IPv6 in IPv6", {
            through(vec![ip(CORRESPONDENT, HOME_AGENT), ip(CAREOF, HOME_AGENT)])
        })
        .good("IPv6 in IPv4", through(vec![v4()]))
        .good("IPv4 in IPv6", {
            let mut p = vec![ip(CAREOF, HOME_AGENT), v4()];
            p.extend(udp(1000, 2000, b"payload".to_vec()));
            p
        })
        .good(
            "TCP in IPv6 in IPv6",
            vec![
                ip(CAREOF, HOME_AGENT),
                ip(HOME, CORRESPONDENT),
                Header::Tcp(Tcp { source: 1000, destination: 80, ..Tcp::default() }),
            ],
        )
}

fn extensions() -> Scene {
    let alert = Ipv6Option::new(options::kind::ROUTER_ALERT, OptionBody::RouterAlert { value: 0 });
    let unknown = |kind| Ipv6Option::new(kind, OptionBody::Unknown(vec![1, 2, 3, 4].into()));
    let over = |first: Vec<Header<'static>>| {
        let mut p = vec![ip(CAREOF, CORRESPONDENT)];
        p.extend(first);
        p.extend(udp(1, 2, vec![0; 4]));
        p
    };
    let rh = |kind: u8, data: &[u8]| {
        Header::Routing(mip6_wire::ip::Routing {
            kind,
            segments_left: 0,
            body: mip6_wire::ip::RoutingBody::Unknown(data.to_vec().into()),
            ..mip6_wire::ip::Routing::default()
        })
    };
    let address = CORRESPONDENT.octets();
    let segment = [&[0, 0, 0, 0][..], &address].concat();
    Scene::new(
        "packets/extension-headers",
        "Options and routing headers that mobility leaves alone.",
    )
    .profile("rfc6275")
    .good("Router Alert", over(vec![hop_by_hop(&[alert])]))
    .good("unknown options with each action", {
        over(vec![destination_options(&[
            unknown(0x1e),
            unknown(0x5e),
            unknown(0x9e),
            unknown(0xde),
            unknown(0x3e),
        ])])
    })
    .good("routing header of type 0", over(vec![rh(0, &[&[0; 4][..], &address].concat())]))
    .good("routing header of type 3", over(vec![rh(3, &[0x99, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])]))
    .good("routing header of type 4", over(vec![rh(4, &segment)]))
    .good("routing header of type 253", over(vec![rh(253, &[1, 2, 3, 4])]))
    .good("no next header", vec![ip(CAREOF, CORRESPONDENT)])
}

fn fragments() -> Scene {
    // A registration for too long in three fragments, the second one last. The
    // Home Address option stands in front of the Fragment header.
    let whole = write_packet(&correspondent_update(UpdateFlags::A, 106), &RFC6275);
    let payload = &whole[64..];
    let piece = |from: usize, to: usize| {
        let to = to.min(payload.len());
        let more = u16::from(to < payload.len());
        vec![
            ip(CAREOF, CORRESPONDENT),
            home_option(HOME),
            Header::Fragment(Fragment {
                next: Auto::Fixed(proto::MOBILITY),
                offset_word: from as u16 | more,
                ident: 0x0607_0809,
                ..Fragment::default()
            }),
            Header::Raw(payload[from..to].to_vec().into()),
        ]
    };
    Scene::new("packets/fragments", "A packet in fragments is judged when it is whole.")
        .profile("rfc6275")
        .good("first of three", piece(0, 8))
        .good("third of three", piece(24, usize::MAX))
        .bad("second of three completes it", piece(8, 24), &["MIP6-MN-CREG-012"])
        .good("a whole packet with a Fragment header", {
            let mut p = correspondent_update(UpdateFlags::A, 60);
            p.insert(2, Header::Fragment(Fragment::default()));
            p
        })
}

fn ike() -> Scene {
    let message = |version, first, exchange_type, payloads: &[u8], len: Auto<u32>| {
        let mut p = vec![ip(CAREOF, HOME_AGENT)];
        p.push(Header::Udp(mip6_wire::transport::Udp::new(500, 500)));
        p.push(Header::Ike(IkeMessage {
            initiator_spi: [1, 2, 3, 4, 5, 6, 7, 8],
            next: first,
            version,
            exchange: exchange_type,
            flags: if version == 0x20 { 8 } else { 0 },
            len,
            payloads: payloads.to_vec().into(),
            ..IkeMessage::default()
        }));
        p
    };
    // Nonce of 8 octets, then a notification without protocol or SPI.
    let nonce = [41, 0, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 8, 0, 0, 0x40, 0x16];
    let v1 = [0, 0, 0, 12, 9, 9, 9, 9, 9, 9, 9, 9];
    Scene::new("packets/ike", "Key management headers and payload chains.")
        .profile("rfc6275")
        .good("IKEv2", message(0x20, kind::NONCE, IKE_SA_INIT, &nonce, Auto::Computed))
        .good("IKEv1", message(0x10, kind::V1_NONCE, IDENTITY_PROTECTION, &v1, Auto::Computed))
        .good("with a length beyond the packet", {
            message(0x20, kind::NONCE, IKE_SA_INIT, &nonce, Auto::Fixed(4000))
        })
}

fn cut_frames() -> Scene {
    let scene = Scene {
        snaplen: 96,
        ..Scene::new("files/snapped", "96 octets of each frame: what is not there is not judged.")
            .profile("rfc6275")
    };
    scene
        .good("Binding Update with A clear, of which the options are missing", {
            registration(UpdateFlags::H, 60)
        })
        .bad(
            "Home Test Init with its reserved field set, all there",
            {
                vec![
                    ip(CAREOF, CORRESPONDENT),
                    mobility(Message::HomeTestInit { reserved: 1, cookie: 2 }),
                ]
            },
            &["MIP6-MSG-003"],
        )
}

fn cut_file() -> Scene {
    let scene = Scene::new("files/truncated", "The file ends inside its last packet.");
    Scene { cut: 30, ..conversation(scene.profile("rfc6275")) }
        // The frame that is cut is not there to be judged.
        .good("lost with the end of the file", registration(UpdateFlags::H, 60))
}
