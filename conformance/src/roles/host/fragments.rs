//! Fragments, RFC 8200 4.5.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::ip::{Fragment, Ipv6, Ipv6Options, proto};
use mip6_wire::layout::{Auto, Reader};

use super::extensions::Step;
use super::receive::Arrival;
use super::{Host, Problem, Task};
use crate::time::Instant;

/// How long fragments wait for each other.
const PATIENCE: Duration = Duration::from_mins(1);
/// Packets that are put together at a time.
const ROOM: usize = 64;
/// Octets that a packet can have behind its IPv6 header.
const LONGEST: usize = 65_535;

/// Packets of which some fragments have come.
#[derive(Debug, Default)]
pub(super) struct Reassembly {
    partial: BTreeMap<(Ipv6Addr, Ipv6Addr, u32), Partial>,
}

#[derive(Debug)]
struct Partial {
    since: Instant,
    /// What comes in front of the Fragment header, with the next header mended.
    front: Vec<u8>,
    /// The first fragment as it was on the wire.
    first: Option<Vec<u8>>,
    pieces: BTreeMap<usize, Vec<u8>>,
    whole: Option<usize>,
    /// Fragments have overlapped: nothing becomes of it any more.
    spoiled: bool,
}

impl Host {
    /// A Fragment header.
    pub(super) fn fragment(&mut self, now: Instant, arrival: &mut Arrival) -> Step {
        let p = &arrival.packet;
        let at = p.at;
        let rest = p.octets.get(at..).unwrap_or_default();
        let Ok(header) = Reader::new(rest, rest.len(), self.codes).read::<Fragment>() else {
            return Step::Done;
        };
        let piece = rest.get(8..).unwrap_or_default();
        let next = header.next.get();
        if header.is_atomic() {
            let p = &mut arrival.packet;
            arrival.next = next;
            arrival.next_at = at;
            p.at = at + 8;
            return Step::Next;
        }
        let offset = header.offset();
        if header.more() && !piece.len().is_multiple_of(8) {
            let wire = p.wire.clone();
            self.problem(now, &wire, Problem::Field(4));
            return Step::Done;
        }
        if header.more() && piece.is_empty() {
            return Step::Done;
        }
        if offset + piece.len() + at - Ipv6::OCTETS > LONGEST {
            let wire = p.wire.clone();
            self.problem(now, &wire, Problem::Field(at + 2));
            return Step::Done;
        }
        let mut front = p.octets[..at].to_vec();
        if let Some(number) = front.get_mut(arrival.next_at) {
            *number = next;
        }
        let key = (p.wire_source, p.wire_destination, header.ident);
        let partial = &mut self.reassembly.partial;
        if partial.len() >= ROOM && !partial.contains_key(&key) {
            let oldest = partial.iter().min_by_key(|(_, q)| q.since).map(|(k, _)| *k);
            oldest.map(|k| partial.remove(&k));
        }
        let entry = partial.entry(key).or_insert_with(|| Partial {
            since: now,
            front: front.clone(),
            first: None,
            pieces: BTreeMap::new(),
            whole: None,
            spoiled: false,
        });
        if entry.spoiled {
            return Step::Done;
        }
        if offset == 0 {
            entry.front = front;
            entry.first = Some(p.wire.clone());
        }
        // Fragments that overlap, or do not agree on the end, spoil the packet, with
        // those that are still to come (RFC 8200 4.5, RFC 5722 4).
        let end = offset + piece.len();
        let last = entry.pieces.last_key_value().map_or(0, |(o, q)| o + q.len());
        let beyond = if header.more() {
            entry.whole.is_some_and(|whole| end > whole)
        } else {
            entry.whole.replace(end).is_some_and(|whole| whole != end) || last > end
        };
        let overlaps = entry
            .pieces
            .iter()
            .any(|(o, q)| *o < end && offset < o + q.len() && !(*o == offset && q == piece));
        if overlaps || beyond {
            entry.spoiled = true;
            entry.pieces.clear();
            entry.first = None;
            return Step::Done;
        }
        entry.pieces.insert(offset, piece.to_vec());
        let done = entry.complete();
        if done.is_some() {
            partial.remove(&key);
        }
        if let Some(first) = self.reassembly.partial.values().map(|q| q.since).min() {
            self.timers.set(Task::Reassembly, first + PATIENCE);
        }
        match done {
            Some(octets) => Step::Restart(octets),
            None => Step::Done,
        }
    }

    /// Fragments have waited long enough.
    pub(super) fn reassembly_due(&mut self, now: Instant) {
        let partial = &mut self.reassembly.partial;
        let old = |q: &Partial| q.since + PATIENCE <= now;
        let firsts: Vec<Vec<u8>> =
            partial.values().filter(|q| old(q)).filter_map(|q| q.first.clone()).collect();
        partial.retain(|_, q| !old(q));
        if let Some(first) = partial.values().map(|q| q.since).min() {
            self.timers.set(Task::Reassembly, first + PATIENCE);
        }
        for first in firsts {
            self.problem(now, &first, Problem::Reassembly);
        }
    }
}

impl Partial {
    /// The packet, once all of it is there.
    fn complete(&self) -> Option<Vec<u8>> {
        let whole = self.whole?;
        let mut octets = self.front.clone();
        let mut at = 0;
        for (offset, piece) in &self.pieces {
            if *offset != at {
                return None;
            }
            octets.extend_from_slice(piece);
            at += piece.len();
        }
        if at != whole {
            return None;
        }
        let len = u16::try_from(octets.len() - Ipv6::OCTETS).ok()?;
        octets[4..6].copy_from_slice(&len.to_be_bytes());
        Some(octets)
    }
}

/// Whether the Destination Options header that begins at `at` has a Home Address
/// option.
fn has_home_address(octets: &[u8], at: usize) -> bool {
    let Some(len) = octets.get(at + 1) else { return false };
    let list = octets.get(at + 2..at + (usize::from(*len) + 1) * 8).unwrap_or_default();
    Ipv6Options::new(list).flatten().any(|o| o.home_address().is_some())
}

/// Splits a packet into fragments that are no longer than `mtu`. Headers in front
/// of the Fragment header: Hop-by-Hop Options, routing headers.
pub(super) fn split(octets: &[u8], mtu: usize, ident: u32, codes: &Codes) -> Vec<Vec<u8>> {
    let mut at = Ipv6::OCTETS;
    let mut next_at = 6;
    // Destination Options stand in front of a routing header, or belong to what
    // is fragmented; a Home Address option goes in front (RFC 6275 6.3).
    while let Some(kind) = octets.get(next_at) {
        let extension = matches!(*kind, proto::HOP_BY_HOP | proto::ROUTING)
            || *kind == proto::DESTINATION_OPTIONS && has_home_address(octets, at);
        let Some(len) = octets.get(at + 1).filter(|_| extension) else { break };
        next_at = at;
        at += (usize::from(*len) + 1) * 8;
    }
    let (Some(front), Some(rest)) = (octets.get(..at), octets.get(at..)) else {
        return vec![octets.to_vec()];
    };
    let room = mtu.saturating_sub(at + 8) & !7;
    if room == 0 {
        return vec![octets.to_vec()];
    }
    let next = front[next_at];
    let mut out = Vec::new();
    for (i, piece) in rest.chunks(room).enumerate() {
        let more = (i + 1) * room < rest.len();
        let header = Fragment {
            next: Auto::Fixed(next),
            offset_word: (i * room) as u16 | u16::from(more),
            ident,
            ..Fragment::default()
        };
        let mut packet = front.to_vec();
        packet[next_at] = proto::FRAGMENT;
        packet.extend(Header::Fragment(header).to_bytes(codes));
        packet.extend_from_slice(piece);
        let len = (packet.len() - Ipv6::OCTETS) as u16;
        packet[4..6].copy_from_slice(&len.to_be_bytes());
        out.push(packet);
    }
    out
}
