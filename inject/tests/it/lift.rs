//! Packets of every format, turned back into specs that make the same octets.

use mip6_inject::{
    Body, Crafter, HeaderKind, HeaderSpec, LinkLayer, OptionSpec, PacketSpec, lift, write_head,
    write_item,
};
use mip6_inject::{CodeTable, Script, Stations};
use mip6_security::Associations;
use mip6_wire::codes::LKE01;
use mip6_wire::header::write_packet;
use std::time::Duration;

use crate::every_field::{Format, formats};

/// A packet of one format, in the clear behind an IPv6 header.
fn whole(format: &Format, spec: PacketSpec) -> PacketSpec {
    let front = match format.kind {
        HeaderKind::Ethernet | HeaderKind::Ipv6 | HeaderKind::Ipv4 => return spec,
        HeaderKind::Vlan => HeaderKind::Ethernet,
        _ => HeaderKind::Ipv6,
    };
    let front = HeaderSpec::Of(front, Body::default());
    PacketSpec { headers: [vec![front], spec.headers].concat() }
}

fn is_plain(spec: &PacketSpec) -> bool {
    spec.headers.iter().all(|header| match header {
        HeaderSpec::Raw(_) => false,
        HeaderSpec::Of(_, body) => body.options.iter().all(|o| matches!(o, OptionSpec::Of(..))),
    })
}

/// Lifts, writes as YAML, reads and makes that; the spec as it was lifted.
fn round_trip(format: &Format, spec: PacketSpec) -> PacketSpec {
    let spec = whole(format, spec);
    let headers = Crafter::new(&(), format.codes).craft(&spec).unwrap();
    let octets = write_packet(&headers, format.codes);
    let link = match format.kind {
        HeaderKind::Ethernet | HeaderKind::Vlan => LinkLayer::Ethernet,
        _ => LinkLayer::Raw,
    };
    let ip = if link == LinkLayer::Ethernet { octets.len() } else { 0 };
    let lifted = lift(&octets, link, ip, format.codes, &Associations::default());
    let profile = if std::ptr::eq(format.codes, &raw const LKE01) {
        CodeTable::Lke01
    } else {
        CodeTable::Rfc6275
    };
    let mut yaml = Vec::new();
    write_head(&mut yaml, link).unwrap();
    write_item(&mut yaml, &lifted, 1, Duration::ZERO, profile).unwrap();
    let yaml = String::from_utf8(yaml).unwrap();
    let script = Script::parse(&yaml).unwrap_or_else(|e| panic!("{e}\n{yaml}"));
    let mut made = Vec::new();
    let run = script.run(&Associations::default(), Stations::default(), |frame| {
        made.push(frame.octets.to_vec());
        Ok::<(), ()>(())
    });
    run.unwrap_or_else(|e| panic!("{e:?}\n{yaml}"));
    assert_eq!(made, [octets], "{yaml}");
    lifted
}

#[test]
fn every_format_is_made_again() {
    for format in formats() {
        round_trip(&format, format.spec(None));
    }
}

#[test]
fn every_field_is_made_again() {
    let mut plain = 0;
    let mut all = 0;
    for format in formats() {
        for f in format.fields() {
            for n in [1u64, 0x0123_4567_89ab_cdef] {
                let n = n & f.extract(u64::MAX);
                let spec = format.spec(Some((f, mip6_inject::Setting::One(n.into()))));
                if Crafter::new(&(), format.codes).craft(&spec).is_ok() {
                    all += 1;
                    plain += usize::from(is_plain(&round_trip(&format, spec)));
                }
            }
        }
    }
    // What is read as something else, or as nothing, is raw.
    assert!(all > 700 && plain * 10 > all * 8, "{plain} of {all} without raw octets");
}
