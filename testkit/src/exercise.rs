//! Everything that can be done with a frame, and what must hold whatever its
//! octets are.

use mip6_dissect::capture::{Frame, LinkType, Timestamp};
use mip6_dissect::fields::visit_layer;
use mip6_dissect::filter::Filter;
use mip6_dissect::packet::{Dissector, Layer, Packet, checksum_status};
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::{Verdicts, judge_with};
use mip6_dissect::steps::{steps, write_steps};
use mip6_dissect::trackers::Trackers;
use mip6_dissect::tree::{JsonPacket, Tree, columns, write_summary, write_tree};
use mip6_security::Associations;
use mip6_wire::header::{read_packet, write_packet};
use mip6_wire::layout::{Field, Sink};

/// Filters that look at many kinds of fields in many ways.
pub const FILTERS: &[&str] = &[
    "mip6 || icmpv6 || esp || dhcpv6",
    "ipv6.addr == 2001:db8::/32 && !(mip6.mhtype in {1..6, 9})",
    "frame[0:4] contains 60:00 or mip6.mobility_opt[0] == 1",
    "mip6.mnid.identifier matches \"(?i)example\" and mip6.bu.lifetime >= 60",
    "icmpv6.checksum.status == 0 or frame.time_relative > 1",
];

/// Puts frames through their paces.
pub struct Exerciser<'p> {
    dissector: Dissector<'p>,
    verdicts: Verdicts,
    trackers: Trackers,
    filters: Vec<Filter>,
    out: Vec<u8>,
}

impl<'p> Exerciser<'p> {
    /// By the numbers of a profile.
    ///
    /// # Panics
    /// If a filter of its own is wrong.
    pub fn new(profile: &'p Profile) -> Self {
        let parse = |f: &&str| Filter::parse(f).unwrap_or_else(|e| panic!("{f}: {e}"));
        Self {
            dissector: Dissector::new(profile),
            verdicts: Verdicts::new(),
            trackers: Trackers::with_keys(&crate::scenes::keys()),
            filters: FILTERS.iter().map(parse).collect(),
            out: Vec::new(),
        }
    }

    /// Opens what these security associations protect.
    #[must_use]
    pub fn keys(mut self, keys: &'p Associations) -> Self {
        self.dissector = self.dissector.keys(keys);
        self
    }

    /// Octets as an Ethernet frame, or of another link type.
    pub fn octets(&mut self, octets: &[u8], link: LinkType) {
        self.frame(Frame {
            number: 1,
            time: Timestamp::default(),
            len: octets.len() as u32,
            data: octets,
            link,
            interface: 0,
            comment: &[],
        });
    }

    /// Dissects, shows, filters and judges a frame.
    ///
    /// # Panics
    /// If something does not hold that must.
    pub fn frame(&mut self, frame: Frame<'_>) {
        let packet = self.dissector.dissect(frame);
        for layer in packet.layers {
            assert_tiles(&packet, layer);
            assert_identity(&packet, layer);
            checksum_status(&packet, layer);
        }
        assert_rewritten(&packet);
        self.verdicts.findings.clear();
        judge_with(&packet, &mut self.verdicts, Some(&mut self.trackers));
        let findings = &self.verdicts.findings;
        for f in findings {
            let end = packet.source(packet.layers[f.layer].source).len();
            assert!(f.offset <= end, "{}: offset {} of {end}", f.requirement.get().id, f.offset);
            assert!(!f.message().is_empty());
        }
        for filter in &self.filters {
            filter.matches(&packet);
        }
        self.out.clear();
        write_summary(&mut self.out, &columns(&packet)).expect("memory takes everything");
        write_tree(&mut self.out, &packet, &Tree::new(&packet)).expect("memory takes everything");
        write_steps(&mut self.out, &steps(&packet)).expect("memory takes everything");
        assert_printable(&self.out);
        self.out.clear();
        let json = JsonPacket { packet: &packet, wanted: None, findings };
        serde_json::to_writer(&mut self.out, &json).expect("a packet has a JSON form");
        assert_printable(&self.out);
    }
}

/// Where the leaves of a layer are.
#[derive(Default)]
struct Leaves(Vec<(usize, usize)>);

impl<'a> Sink<'a> for Leaves {
    const ACTIVE: bool = true;

    fn leaf(&mut self, _: &'static Field, at: usize, raw: &'a [u8]) {
        // Bit fields share their word.
        if self.0.last() != Some(&(at, raw.len())) {
            self.0.push((at, raw.len()));
        }
    }
}

/// The leaves of the field tree cover the layer, each octet once.
fn assert_tiles(packet: &Packet<'_>, layer: &Layer) {
    let mut leaves = Leaves::default();
    visit_layer(packet, layer, &mut leaves);
    let mut at = layer.offset as usize;
    for (start, len) in &leaves.0 {
        assert_eq!(*start, at, "{:?}: a gap or an overlap in {:?}", layer.proto, leaves.0);
        at += len;
    }
    let end = (layer.offset + layer.len) as usize;
    assert_eq!(at, end, "{:?}: octets left over", layer.proto);
}

/// What has been read is written as the same octets.
fn assert_identity(packet: &Packet<'_>, layer: &Layer) {
    if !layer.readable {
        return;
    }
    let codes = packet.profile.codes(layer.dialect);
    let written = packet.header(layer).to_bytes(codes);
    assert!(
        written == packet.octets(layer),
        "{:?}: read {:02x?}, written {written:02x?}",
        layer.proto,
        packet.octets(layer)
    );
}

/// A packet taken apart by `read_packet` is written as the same octets.
fn assert_rewritten(packet: &Packet<'_>) {
    let Some(chain) = packet.chains.first() else { return };
    let ip = &packet.layers[chain.ip];
    let octets = &packet.source(ip.source)[ip.offset as usize..];
    let codes = packet.profile.codes(ip.dialect);
    let written = write_packet(&read_packet(octets, codes), codes);
    assert!(written == octets, "read {octets:02x?}, written {written:02x?}");
}

/// UTF-8 without anything that controls a terminal.
fn assert_printable(out: &[u8]) {
    let text = std::str::from_utf8(out).expect("output is UTF-8");
    let bad = text.chars().find(|c| c.is_control() && *c != '\n');
    assert!(bad.is_none(), "{bad:?} in output");
}
