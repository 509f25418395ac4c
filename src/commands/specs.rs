//! `mip6 dissect -T spec`: packets as a spec that makes them again.

use std::io::Write;
use std::time::Duration;

use mip6_dissect::capture::Timestamp;
use mip6_dissect::packet::{Packet, Proto};
use mip6_inject::{CodeTable, LinkLayer, lift, write_head, write_item};
use mip6_security::Associations;

use crate::output::Stop;

/// The spec, so far.
pub(super) struct Specs<'k> {
    /// What seals packets in the spec.
    keys: &'k Associations,
    /// What frames begin with, and when the last one came.
    last: Option<(LinkLayer, Timestamp)>,
}

impl<'k> Specs<'k> {
    /// None yet; what `keys` open is sealed by their names.
    pub(super) fn new(keys: &'k Associations) -> Self {
        Self { keys, last: None }
    }

    /// Writes a packet.
    pub(super) fn packet(&mut self, out: &mut impl Write, packet: &Packet<'_>) -> Result<(), Stop> {
        let frame = &packet.frame;
        let number = frame.number;
        let link = LinkLayer::of_number(frame.link.0).ok_or_else(|| {
            let link = frame.link.0;
            Stop::input(format!("packet {number}: a spec has no frames of link type {link}"))
        })?;
        let after = match self.last {
            None => {
                write_head(out, link)?;
                Duration::ZERO
            }
            Some((begun, _)) if begun != link => {
                return Err(Stop::input(format!(
                    "packet {number}: a frame of another link type ({} after {}), expected one \
                     link type in a spec: choose packets with -Y",
                    link.name(),
                    begun.name()
                )));
            }
            Some((_, last)) => match frame.time.since(last) {
                (false, secs, nanos) => Duration::new(secs, nanos),
                // Packets in the order of the capture, whatever their clocks say.
                _ => Duration::ZERO,
            },
        };
        self.last = Some((link, frame.time));
        let is_ip = |p: Proto| matches!(p, Proto::Ipv4 | Proto::Ipv6);
        let ip = packet.layers.iter().find(|l| is_ip(l.proto) && l.source == 0);
        let ip = ip.map_or(frame.data.len(), |l| l.offset as usize);
        let made = |table: CodeTable| lift(frame.data, link, ip, table.codes(), self.keys);
        let (mut profile, mut spec) = (CodeTable::Rfc6275, made(CodeTable::Rfc6275));
        // Where it matters, by the table by which the packet was read.
        if packet.layers.iter().any(|l| l.dialect.lke) && !is_plain(packet) {
            let lke = made(CodeTable::Lke01);
            if lke != spec {
                (profile, spec) = (CodeTable::Lke01, lke);
            }
        }
        Ok(write_item(out, &spec, number, after, profile)?)
    }

    /// A spec of no packets is one, too.
    pub(super) fn finish(&self, out: &mut impl Write) -> Result<(), Stop> {
        if self.last.is_none() {
            writeln!(out, "packets: []")?;
        }
        Ok(())
    }
}

/// Whether a Mobility Header was read by the table of the registries: then nothing
/// in the packet is of Local Key Exchange.
fn is_plain(packet: &Packet<'_>) -> bool {
    packet.layers.iter().any(|l| l.proto == Proto::Mobility && !l.dialect.lke)
}
