//! Traffic under ESP, for benches: registrations of many mobile nodes, each with
//! a security association of its own.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::net::Ipv6Addr;

use mip6_dissect::capture::{CaptureWriter, FileFormat, LinkType, Timestamp};
use mip6_security::{Association, Encryption, Integrity, KeyError, esp};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::layout::Value;
use mip6_wire::mobility::{OptionBody, UpdateFlags};

use crate::build::{
    ACCESS_ROUTER, HOME_AGENT, binding_update, ethernet, home_option, ip, mobility_with,
};
use crate::random::Random;

/// A mobile node with its keys.
struct Node {
    home: Ipv6Addr,
    careof: Ipv6Addr,
    spi: u32,
    encryption: Vec<u8>,
    integrity: Vec<u8>,
}

fn nodes(n: usize) -> Vec<Node> {
    let mut random = Random::new(3776);
    (0..n as u16)
        .map(|i| {
            let host = |base: Ipv6Addr| {
                let mut s = base.segments();
                s[6] = 0x20;
                s[7] = i;
                Ipv6Addr::from(s)
            };
            Node {
                home: host(HOME_AGENT),
                careof: host(ACCESS_ROUTER),
                spi: 0x1_0000 + u32::from(i),
                encryption: random.octets(16),
                integrity: random.octets(20),
            }
        })
        .collect()
}

/// The keys of `n` associations as Wireshark's table, which mip6 reads too.
pub fn esp_sa(n: usize) -> String {
    let mut out = String::new();
    for node in nodes(n) {
        // Wireshark looks at the addresses on the wire.
        let _ = writeln!(
            out,
            "\"IPv6\",\"{}\",\"{HOME_AGENT}\",\"{:#x}\",\"AES-CBC [RFC3602]\",\"0x{}\",\
             \"HMAC-SHA-1-96 [RFC2404]\",\"0x{}\"",
            node.careof,
            node.spi,
            Value::Bytes(&node.encryption),
            Value::Bytes(&node.integrity),
        );
    }
    out
}

/// Writes `packets` Binding Updates under ESP (AES-CBC, HMAC-SHA1-96) of `n`
/// mobile nodes as a pcap file.
pub fn write(out: impl Write, packets: usize, n: usize) -> io::Result<()> {
    let bad_key = |e: KeyError| io::Error::other(e.to_string());
    let mut associations = Vec::new();
    let nodes = nodes(n);
    for node in &nodes {
        let a = Association::esp(
            node.spi,
            (Encryption::AesCbc, &node.encryption),
            (Integrity::HmacSha1_96, &node.integrity),
        );
        associations.push(a.map_err(bad_key)?);
    }
    let mut w = CaptureWriter::new(out, FileFormat::Pcap { nanos: false }, false)?;
    let interface = w.interface(LinkType::ETHERNET)?;
    let mut random = Random::new(4303);
    for i in 0..packets {
        let number = random.below(n);
        let (node, a) = (&nodes[number], &associations[number]);
        let around = [ethernet(), ip(node.careof, HOME_AGENT), home_option(node.home)];
        let alternate = [OptionBody::AlternateCareof { address: node.careof }];
        let update = mobility_with(binding_update(UpdateFlags::A | UpdateFlags::H, 60), &alternate);
        // The message as it stands behind these headers, for its checksum.
        let front = write_packet(&around, &RFC6275).len();
        let mut whole = around.to_vec();
        whole.push(update);
        let message = write_packet(&whole, &RFC6275)[front..].to_vec();
        let mut sealed = Vec::new();
        let iv = random.octets(16);
        esp::seal(a, i as u64 + 1, &iv, 135, &message, &mut sealed);
        let mut packet = around.to_vec();
        packet.push(crate::build::esp(node.spi, i as u32 + 1, sealed[8..].to_vec()));
        let octets = write_packet(&packet as &[Header<'_>], &RFC6275);
        let time = Timestamp {
            secs: 1_700_000_000 + i as i64 / 1_000,
            nanos: (i % 1_000) as u32 * 1_000_000,
        };
        w.frame(interface, time, &octets, octets.len() as u32)?;
    }
    w.finish().map(drop)
}
