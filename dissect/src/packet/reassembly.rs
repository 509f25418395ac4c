//! Fragments of IPv6 packets put together again, RFC 8200 4.5.

use std::collections::{HashMap, VecDeque};
use std::net::Ipv6Addr;

/// Packets in the making.
const MAX_PACKETS: usize = 256;
/// Octets of all packets in the making.
const MAX_OCTETS: usize = 2 * 1024 * 1024;
/// What a piece costs beside its octets.
const PIECE: usize = 64;
/// A packet cannot be larger: its payload length has 16 bits.
const MAX_PACKET: usize = 65_535;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub source: Ipv6Addr,
    pub destination: Ipv6Addr,
    pub ident: u32,
}

/// What became of the fragments seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReassemblyStats {
    /// Packets put together.
    pub completed: u64,
    /// Packets given up because fragments overlapped (RFC 5722).
    pub overlapping: u64,
    /// Packets given up for want of room.
    pub evicted: u64,
}

/// Puts fragments together, within bounds.
#[derive(Debug, Default)]
pub struct Reassembler {
    packets: HashMap<Key, Pieces>,
    /// Keys in order of arrival, to know the oldest.
    order: VecDeque<Key>,
    octets: usize,
    stats: ReassemblyStats,
}

#[derive(Debug, Default)]
struct Pieces {
    list: Vec<(usize, Vec<u8>)>,
    /// Length of the whole, once the last fragment has been seen.
    total: Option<usize>,
    /// Next header in the first fragment, the one that counts.
    next: Option<u8>,
    octets: usize,
}

impl Reassembler {
    /// What became of the fragments so far.
    pub fn stats(&self) -> ReassemblyStats {
        self.stats
    }

    /// Takes in a fragment: `offset` in octets, whether more follow, the next
    /// header it names. Gives the fragmentable part and its first header once
    /// all is there.
    pub(super) fn add(
        &mut self,
        key: Key,
        offset: usize,
        more: bool,
        next: u8,
        data: &[u8],
    ) -> Option<(u8, Vec<u8>)> {
        let end = offset + data.len();
        if end > MAX_PACKET || (more && !data.len().is_multiple_of(8)) || data.is_empty() {
            return None;
        }
        self.make_room(data.len() + PIECE);
        if !self.packets.contains_key(&key) {
            self.order.push_back(key);
        }
        let packet = self.packets.entry(key).or_default();
        if packet.list.iter().any(|(o, d)| *o == offset && d == data) {
            return None;
        }
        let overlaps = packet.list.iter().any(|(o, d)| *o < end && offset < o + d.len())
            || packet.total.is_some_and(|t| end > t)
            || (!more && packet.list.iter().any(|(o, d)| o + d.len() > end));
        if overlaps {
            self.remove(&key);
            self.stats.overlapping += 1;
            return None;
        }
        packet.list.push((offset, data.to_vec()));
        packet.octets += data.len();
        self.octets += data.len() + PIECE;
        if offset == 0 {
            packet.next = Some(next);
        }
        if !more {
            packet.total = Some(end);
        }
        let (Some(total), Some(next)) = (packet.total, packet.next) else { return None };
        if packet.octets < total {
            return None;
        }
        let mut whole = vec![0; total];
        for (o, d) in &packet.list {
            whole[*o..o + d.len()].copy_from_slice(d);
        }
        self.remove(&key);
        self.stats.completed += 1;
        Some((next, whole))
    }

    fn make_room(&mut self, octets: usize) {
        while self.packets.len() >= MAX_PACKETS || self.octets + octets > MAX_OCTETS {
            let Some(oldest) = self.order.front().copied() else { return };
            self.remove(&oldest);
            self.stats.evicted += 1;
        }
    }

    fn remove(&mut self, key: &Key) {
        if let Some(p) = self.packets.remove(key) {
            self.octets -= p.octets + PIECE * p.list.len();
        }
        self.order.retain(|k| k != key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(ident: u32) -> Key {
        Key { source: Ipv6Addr::LOCALHOST, destination: Ipv6Addr::LOCALHOST, ident }
    }

    #[test]
    fn any_order_makes_the_whole_and_the_first_fragment_names_the_header() {
        let mut r = Reassembler::default();
        assert_eq!(r.add(key(1), 16, false, 99, b"end"), None);
        assert_eq!(r.add(key(1), 8, true, 98, b"--------"), None);
        let (next, whole) = r.add(key(1), 0, true, 17, b"headhead").unwrap();
        assert_eq!((next, whole.as_slice()), (17, &b"headhead--------end"[..]));
        assert_eq!(r.octets, 0);
    }

    #[test]
    fn overlapping_fragments_void_the_packet() {
        let mut r = Reassembler::default();
        assert_eq!(r.add(key(1), 0, true, 17, b"headhead"), None);
        assert_eq!(r.add(key(1), 0, true, 17, b"headhead"), None, "a duplicate is no overlap");
        assert_eq!(r.add(key(1), 0, true, 17, b"evilheadevilhead"), None);
        assert_eq!(r.add(key(1), 8, false, 17, b"tail"), None);
        assert_eq!(r.stats().overlapping, 1);
    }

    #[test]
    fn room_is_bounded_and_evictions_counted() {
        let mut r = Reassembler::default();
        for ident in 0..10_000 {
            r.add(key(ident), 0, true, 17, &[0; 1280]);
        }
        assert!(r.packets.len() <= MAX_PACKETS && r.octets <= MAX_OCTETS);
        assert_eq!(r.stats().evicted as usize, 10_000 - r.packets.len());
    }
}
