//! A packet taken apart into its headers.

use super::Header;
use crate::codes::Codes;
use crate::ip::{Fragment, Ipv4, Ipv6, proto};
use crate::layout::{Bytes, Layout, Reader};

/// Reads a packet from its IP header on, into the headers from which
/// `write_packet` writes the same octets. Never fails: from what cannot be read,
/// or has no format here, everything is `Header::Raw`. Only what stands in the
/// clear is read, and nothing behind UDP and TCP.
pub fn read_packet<'a>(octets: &'a [u8], codes: &'a Codes) -> Vec<Header<'a>> {
    let first = match octets.first().map(|o| o >> 4) {
        Some(4) => Some(proto::IPV4),
        Some(6) => Some(proto::IPV6),
        _ => None,
    };
    read_from(first, octets, codes)
}

/// As `read_packet`, from a header of IP protocol number `protocol` on: what was
/// inside ESP.
pub fn read_payload<'a>(protocol: u8, octets: &'a [u8], codes: &'a Codes) -> Vec<Header<'a>> {
    read_from(Some(protocol), octets, codes)
}

fn read_from<'a>(mut next: Option<u8>, octets: &'a [u8], codes: &'a Codes) -> Vec<Header<'a>> {
    let mut walk = Walk { octets, at: 0, end: octets.len(), codes, headers: Vec::new() };
    while let Some(protocol) = next {
        next = walk.header(protocol);
    }
    if walk.at < octets.len() {
        walk.headers.push(Header::Raw(Bytes::Borrowed(&octets[walk.at..])));
    }
    walk.headers
}

struct Walk<'a> {
    octets: &'a [u8],
    at: usize,
    /// End of what is left, by the lengths of IP headers.
    end: usize,
    codes: &'a Codes,
    headers: Vec<Header<'a>>,
}

impl<'a> Walk<'a> {
    /// Reads a header; the protocol of the next one, if that can be read.
    fn header(&mut self, protocol: u8) -> Option<u8> {
        match protocol {
            proto::IPV6 => self.ipv6(),
            proto::IPV4 => self.ipv4(),
            proto::HOP_BY_HOP => self.extension(Header::HopByHop, |h| h.next.get()),
            proto::DESTINATION_OPTIONS => {
                self.extension(Header::DestinationOptions, |h| h.next.get())
            }
            proto::ROUTING => self.extension(Header::Routing, |h| h.next.get()),
            proto::AH => self.extension(Header::Authentication, |h| h.next.get()),
            proto::FRAGMENT => {
                let h: Fragment = self.read()?;
                self.headers.push(Header::Fragment(h));
                h.is_atomic().then_some(h.next.get())
            }
            proto::ESP => self.last(Header::Esp),
            proto::MOBILITY => self.last(Header::Mobility),
            proto::ICMPV6 => self.last(Header::Icmpv6),
            proto::UDP => self.last(Header::Udp),
            proto::TCP => self.last(Header::Tcp),
            _ => None,
        }
    }

    fn ipv6(&mut self) -> Option<u8> {
        let start = self.at;
        let h: Ipv6 = self.read()?;
        self.bound(start, self.at + usize::from(h.payload_len.get()))?;
        self.headers.push(Header::Ipv6(h));
        (h.version() == 6).then_some(h.next.get())
    }

    fn ipv4(&mut self) -> Option<u8> {
        let start = self.at;
        let h: Ipv4<'a> = self.read()?;
        self.bound(start, start + usize::from(h.len.get()))?;
        let whole = h.version() == 4 && !h.more() && h.offset() == 0;
        let next = h.protocol.get();
        self.headers.push(Header::Ipv4(h));
        // IPv4 has none of IPv6's extension headers.
        let known = matches!(
            next,
            proto::IPV4 | proto::IPV6 | proto::UDP | proto::TCP | proto::ESP | proto::AH
        );
        (whole && known).then_some(next)
    }

    /// An IP packet that begins at `start` ends at `end`, or has a length that
    /// does not fit and is left alone.
    fn bound(&mut self, start: usize, end: usize) -> Option<()> {
        if (self.at..=self.end).contains(&end) {
            self.end = end;
            Some(())
        } else {
            self.at = start;
            None
        }
    }

    fn extension<L: Layout<'a>>(
        &mut self,
        header: fn(L) -> Header<'a>,
        next: impl FnOnce(&L) -> u8,
    ) -> Option<u8> {
        let h: L = self.read()?;
        let next = next(&h);
        self.headers.push(header(h));
        Some(next)
    }

    fn last<L: Layout<'a>>(&mut self, header: fn(L) -> Header<'a>) -> Option<u8> {
        let h = self.read()?;
        self.headers.push(header(h));
        None
    }

    fn read<L: Layout<'a>>(&mut self) -> Option<L> {
        let octets = &self.octets[self.at..self.end];
        let mut reader = Reader::new(octets, octets.len(), self.codes);
        let mut header = L::default();
        reader.fill(&mut header).ok()?;
        if reader.problem().is_some() {
            return None;
        }
        self.at += reader.consumed();
        Some(header)
    }
}
