//! Traffic in bulk, for benches: what the link in front of a home agent and its
//! mobile nodes carries. A thousand mobile nodes register, prove where they
//! are, talk through the tunnel and on the direct route; about one packet in a
//! hundred is damaged.

use std::io::{self, Write};
use std::net::Ipv6Addr;

use mip6_dissect::capture::{CaptureWriter, FileFormat, LinkType, Timestamp};
use mip6_wire::codes::{NdFormat, RFC6275};
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::nd::NdBody;
use mip6_wire::icmpv6::{Icmpv6Body, NaFlags, RaFlags, kind};
use mip6_wire::layout::Bytes;
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use crate::build::{
    ACCESS_ROUTER, ALL_NODES, CORRESPONDENT, HOME_AGENT, Packet, ah, esp, ethernet, home_option,
    home_route, icmpv6, ip, link_ip, mobility, mobility_with, nd_options, udp,
};
use crate::random::Random;

/// Mobile nodes that take part.
const MOBILE_NODES: usize = 1_000;
/// Packets for which a nonce serves: half a minute.
const NONCE: usize = 30_000;
/// One packet in so many is damaged.
const DAMAGED: usize = 100;
/// Octets in front of what damage may hit: the Ethernet header stays whole.
const LINK_OCTETS: usize = 14;

/// Writes `packets` packets as a pcap file. The same number gives the same
/// file.
pub fn write(out: impl Write, packets: usize) -> io::Result<()> {
    let mut w = CaptureWriter::new(out, FileFormat::Pcap { nanos: false }, false)?;
    let interface = w.interface(LinkType::ETHERNET)?;
    let mut random = Random::new(6275);
    let mut nodes: Vec<Node> = (0..MOBILE_NODES as u16).map(Node::new).collect();
    for i in 0..packets {
        let node = &mut nodes[random.below(MOBILE_NODES)];
        let mut packet = vec![ethernet()];
        packet.extend(node.packet(&mut random, (i / NONCE) as u16));
        let mut octets = write_packet(&packet, &RFC6275);
        if random.once_in(DAMAGED) {
            damage(&mut octets, &mut random);
        }
        // A thousand packets a second.
        let time = Timestamp {
            secs: 1_700_000_000 + i as i64 / 1_000,
            nanos: (i % 1_000) as u32 * 1_000_000,
        };
        w.frame(interface, time, &octets, octets.len() as u32)?;
    }
    w.finish().map(drop)
}

/// Writes the home registrations of so many mobile nodes, under AH so that all of
/// them show, each with its acknowledgement, as a pcap file.
pub fn write_registrations(out: impl Write, nodes: usize) -> io::Result<()> {
    let mut w = CaptureWriter::new(out, FileFormat::Pcap { nanos: false }, false)?;
    let interface = w.interface(LinkType::ETHERNET)?;
    for i in 0..nodes {
        let host = |base: Ipv6Addr| {
            let mut s = base.segments();
            (s[5], s[6], s[7]) = (0x20, (i >> 16) as u16, i as u16);
            Ipv6Addr::from(s)
        };
        let (home, careof) = (host(HOME_AGENT), host(ACCESS_ROUTER));
        let spi = 0x1_0000 + 2 * i as u32;
        let update = Message::BindingUpdate {
            sequence: i as u16,
            flags: UpdateFlags::A | UpdateFlags::H,
            lifetime: 900,
        };
        let acknowledgement = Message::BindingAcknowledgement {
            status: 0,
            flags: AckFlags::empty(),
            sequence: i as u16,
            lifetime: 900,
        };
        let alternate = [OptionBody::AlternateCareof { address: careof }];
        let up = vec![
            ethernet(),
            ip(careof, HOME_AGENT),
            home_option(home),
            ah(spi, 1),
            mobility_with(update, &alternate),
        ];
        let down = vec![
            ethernet(),
            ip(HOME_AGENT, careof),
            home_route(home),
            ah(spi + 1, 1),
            mobility(acknowledgement),
        ];
        for (j, packet) in [up, down].into_iter().enumerate() {
            let octets = write_packet(&packet, &RFC6275);
            let n = 2 * i + j;
            let time = Timestamp {
                secs: 1_700_000_000 + n as i64 / 1_000,
                nanos: (n % 1_000) as u32 * 1_000_000,
            };
            w.frame(interface, time, &octets, octets.len() as u32)?;
        }
    }
    w.finish().map(drop)
}

/// Changes some octets, or cuts the end off.
fn damage(octets: &mut Vec<u8>, random: &mut Random) {
    if random.once_in(4) {
        let keep = LINK_OCTETS + random.below(octets.len() - LINK_OCTETS);
        octets.truncate(keep);
        return;
    }
    for _ in 0..=random.below(4) {
        // Headers stand in front: that is where damage shows.
        let span = (octets.len() - LINK_OCTETS).min(120);
        octets[LINK_OCTETS + random.below(span)] = random.bits() as u8;
    }
}

/// A mobile node, its addresses and its correspondent's, and how far its
/// conversations have come.
struct Node {
    home: Ipv6Addr,
    careof: Ipv6Addr,
    correspondent: Ipv6Addr,
    spi: u32,
    /// Sequence number of the last Binding Update to the correspondent.
    sequence: u16,
    /// The Binding Update waits for its acknowledgement.
    updating: bool,
    /// Cookie of the Care-of Test Init that waits for its answer.
    cookie: Option<u64>,
    /// Sequence numbers of its security associations.
    sent: [u32; 4],
}

impl Node {
    fn new(number: u16) -> Self {
        let host = |base: Ipv6Addr, n: u16| {
            let mut s = base.segments();
            s[6] = 0x10;
            s[7] = n;
            Ipv6Addr::from(s)
        };
        Self {
            home: host(HOME_AGENT, number),
            careof: host(ACCESS_ROUTER, number),
            correspondent: host(CORRESPONDENT, number % 100),
            spi: 0x1000 + u32::from(number) * 4,
            sequence: number,
            updating: false,
            cookie: None,
            sent: [0; 4],
        }
    }

    /// ESP of one of its four associations.
    fn esp(&mut self, which: usize, octets: Vec<u8>) -> Header<'static> {
        self.sent[which] += 1;
        esp(self.spi + which as u32, self.sent[which], octets)
    }

    fn up(&self) -> Header<'static> {
        ip(self.careof, HOME_AGENT)
    }

    fn down(&self) -> Header<'static> {
        ip(HOME_AGENT, self.careof)
    }

    fn packet(&mut self, r: &mut Random, nonce_index: u16) -> Packet {
        let token = u64::from(self.spi) << 32 | u64::from(nonce_index);
        let direct = ip(self.careof, self.correspondent);
        let back = ip(self.correspondent, self.careof);
        match r.below(100) {
            // Home registration under ESP: BU and BA of 48 and 24 octets,
            // with IV, trailer and ICV.
            0..5 => vec![self.up(), home_option(self.home), self.esp(0, r.octets(76))],
            5..10 => {
                vec![self.down(), home_route(self.home), self.esp(1, r.octets(60))]
            }
            // Return routability: the home half through an ESP tunnel.
            10..13 => vec![self.up(), self.esp(2, r.octets(92))],
            13..16 => vec![self.down(), self.esp(3, r.octets(100))],
            16..22 => match self.cookie.take() {
                None => {
                    let cookie = r.bits();
                    self.cookie = Some(cookie);
                    vec![direct, mobility(Message::CareofTestInit { reserved: 0, cookie })]
                }
                Some(cookie) => {
                    vec![back, mobility(Message::CareofTest { nonce_index, cookie, token })]
                }
            },
            // Registration with the correspondent.
            22..32 if !self.updating => {
                self.updating = true;
                self.sequence = self.sequence.wrapping_add(1);
                let sequence = self.sequence;
                vec![
                    direct,
                    home_option(self.home),
                    mobility_with(
                        Message::BindingUpdate { sequence, flags: UpdateFlags::A, lifetime: 105 },
                        &[
                            OptionBody::NonceIndices { home: nonce_index, careof: nonce_index },
                            OptionBody::BindingAuthorization { authenticator: r.octets(12).into() },
                        ],
                    ),
                ]
            }
            22..32 => {
                self.updating = false;
                vec![
                    back,
                    home_route(self.home),
                    mobility_with(
                        Message::BindingAcknowledgement {
                            status: 0,
                            flags: AckFlags::empty(),
                            sequence: self.sequence,
                            lifetime: 105,
                        },
                        &[OptionBody::BindingAuthorization { authenticator: r.octets(12).into() }],
                    ),
                ]
            }
            // Data: through the tunnel, in the clear and under ESP, and on the
            // direct route.
            32..42 => self.tunnelled(r, self.up(), ip(self.home, self.correspondent)),
            42..52 => self.tunnelled(r, self.down(), ip(self.correspondent, self.home)),
            52..57 => vec![self.up(), self.esp(2, payload(r, 700))],
            57..62 => vec![self.down(), self.esp(3, payload(r, 700))],
            62..74 => self.direct(r, direct, home_option(self.home)),
            74..86 => self.direct(r, back, home_route(self.home)),
            // Neighbor Discovery.
            86..90 => vec![
                link_ip(self.careof, ACCESS_ROUTER),
                icmpv6(
                    kind::NEIGHBOR_SOLICITATION,
                    Icmpv6Body::NeighborSolicitation {
                        reserved: 0,
                        target: ACCESS_ROUTER,
                        options: self.link_layer(NdFormat::SourceLinkLayer),
                    },
                ),
            ],
            90..94 => vec![
                link_ip(ACCESS_ROUTER, self.careof),
                icmpv6(
                    kind::NEIGHBOR_ADVERTISEMENT,
                    Icmpv6Body::NeighborAdvertisement {
                        flags: NaFlags::R | NaFlags::S | NaFlags::O,
                        target: ACCESS_ROUTER,
                        options: self.link_layer(NdFormat::TargetLinkLayer),
                    },
                ),
            ],
            94..97 => vec![
                link_ip("fe80::2".parse().unwrap_or(ACCESS_ROUTER), ALL_NODES),
                advertisement(),
            ],
            // Echo, for the rest.
            _ => vec![
                direct,
                icmpv6(
                    kind::ECHO_REQUEST,
                    Icmpv6Body::Echo {
                        identifier: 1,
                        sequence: nonce_index,
                        data: payload(r, 56).into(),
                    },
                ),
            ],
        }
    }

    fn tunnelled(&self, r: &mut Random, outer: Header<'static>, inner: Header<'static>) -> Packet {
        let mut p = vec![outer, inner];
        p.extend(udp(5004, 5004 + self.spi as u16 % 100, payload(r, 825)));
        p
    }

    fn direct(&self, r: &mut Random, ip: Header<'static>, home: Header<'static>) -> Packet {
        let mut p = vec![ip, home];
        p.extend(udp(5004, 5004 + self.spi as u16 % 100, payload(r, 825)));
        p
    }

    fn link_layer(&self, format: NdFormat) -> Bytes<'static> {
        let address = vec![2, 0, 0, 0, (self.spi >> 8) as u8, self.spi as u8];
        nd_options(&RFC6275, &[(format, NdBody::LinkLayer { format, address: address.into() })])
            .into()
    }
}

/// Octets of a random size around half of `up_to`.
fn payload(r: &mut Random, up_to: usize) -> Vec<u8> {
    let n = r.below(up_to);
    r.octets(n)
}

/// A router's advertisement of a prefix.
fn advertisement() -> Header<'static> {
    let options = nd_options(
        &RFC6275,
        &[
            (
                NdFormat::SourceLinkLayer,
                NdBody::LinkLayer {
                    format: NdFormat::SourceLinkLayer,
                    address: vec![2, 0, 0, 0, 0, 1].into(),
                },
            ),
            (
                NdFormat::PrefixInformation,
                NdBody::PrefixInformation {
                    len: 64,
                    flags: 0xc0,
                    valid: 86_400,
                    preferred: 14_400,
                    reserved: 0,
                    prefix: "2001:db8:0:200::".parse().unwrap_or(ACCESS_ROUTER),
                },
            ),
        ],
    );
    icmpv6(
        kind::ROUTER_ADVERTISEMENT,
        Icmpv6Body::RouterAdvertisement {
            hop_limit: 64,
            flags: RaFlags::empty(),
            lifetime: 1_800,
            reachable: 0,
            retrans: 0,
            options: options.into(),
        },
    )
}
