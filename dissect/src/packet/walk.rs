//! The layer walk: from the link through tunnels to the last header.

use std::net::Ipv6Addr;

use mip6_wire::codes::NdFormat;
use mip6_wire::dhcpv6::Dhcpv6;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ike::IkeMessage;
use mip6_wire::ip::{
    Authentication, DestinationOptions, Esp, Fragment, HopByHop, Ipv4, Ipv6, Routing, proto,
};
use mip6_wire::layout::{Bytes, Layout, Reader, Stop, Why};
use mip6_wire::mobility::Mobility;
use mip6_wire::transport::{Tcp, Udp, port};
use smallvec::{SmallVec, smallvec};

use super::reassembly::Key;
use super::{Arena, Chain, HomeAddress, Layer, Packet, Problem, Proto, Reassembler};
use crate::capture::Frame;
use crate::profile::{Dialect, Profile};

/// Headers of one frame beyond this are not followed; chains and sources are
/// counted in one octet.
const MAX_LAYERS: usize = 256;

/// Takes frames apart. Keeps what must be remembered from one to the next:
/// fragments.
#[derive(Debug)]
pub struct Dissector {
    profile: Profile,
    reassembler: Reassembler,
}

impl Dissector {
    /// A dissector that reads numbers as `profile` says.
    pub fn new(profile: Profile) -> Self {
        Self { profile, reassembler: Reassembler::default() }
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Fragments put together and given up.
    pub fn reassembler(&self) -> &Reassembler {
        &self.reassembler
    }

    /// Takes a frame apart. Never fails: what could be read is in the result,
    /// and where it stopped. The profile comes along, for whoever looks into
    /// the packet while the dissector is lent out. `arena` lends room for reassembled packets; clear
    /// it between frames.
    pub fn dissect<'a>(
        &'a mut self,
        frame: Frame<'a>,
        arena: &'a Arena,
    ) -> (Packet<'a>, &'a Profile) {
        let mut walk = Walk {
            packet: Packet {
                frame,
                layers: SmallVec::new(),
                chains: SmallVec::new(),
                problem: None,
                sources: smallvec![frame.data],
            },
            profile: &self.profile,
            reassembler: &mut self.reassembler,
            arena,
            source: 0,
            at: 0,
            end: frame.len as usize,
            chain: None,
            quoted: false,
        };
        let next = walk.link_layer();
        walk.follow(next);
        (walk.packet, &self.profile)
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A header of this IP protocol number.
    Protocol(u8),
    /// What UDP ports say.
    Ports(u16, u16),
    /// Octets without a format here.
    Data,
    /// Nothing more.
    Stop,
}

/// A dissection under way.
pub(super) struct Walk<'a, 'r> {
    pub(super) packet: Packet<'a>,
    profile: &'a Profile,
    reassembler: &'r mut Reassembler,
    arena: &'a Arena,
    /// Source, position and end (by lengths, captured or not) of what is left.
    source: u8,
    at: usize,
    end: usize,
    chain: Option<u8>,
    quoted: bool,
}

impl<'a> Walk<'a, '_> {
    /// Octets left that were captured.
    #[inline]
    pub(super) fn peek(&self) -> &'a [u8] {
        let source = self.packet.sources[usize::from(self.source)];
        source.get(self.at..self.end.min(source.len())).unwrap_or_default()
    }

    /// Passes over octets.
    pub(super) fn skip(&mut self, n: usize) {
        self.at += n;
    }

    fn follow(&mut self, mut next: Next) {
        loop {
            if self.packet.layers.len() >= MAX_LAYERS && next != Next::Stop {
                self.note(Stop { at: self.at, field: None, why: Why::Invalid("too many headers") });
                next = Next::Data;
            }
            next = match next {
                Next::Protocol(p) => self.protocol(p),
                Next::Ports(s, d) => self.ports(s, d),
                Next::Data => {
                    self.data();
                    Next::Stop
                }
                Next::Stop => return,
            };
        }
    }

    /// Reads a header and appends it; gives its index. What cannot be read is
    /// appended as `Raw`, and the walk is over.
    #[inline]
    pub(super) fn read<L: Layout<'a>>(
        &mut self,
        proto: Proto,
        wrap: impl FnOnce(L) -> Header<'a>,
    ) -> Option<usize> {
        self.read_as(proto, self.profile.dialect(), wrap)
    }

    #[inline]
    fn read_as<L: Layout<'a>>(
        &mut self,
        proto: Proto,
        dialect: Dialect,
        wrap: impl FnOnce(L) -> Header<'a>,
    ) -> Option<usize> {
        let octets = self.peek();
        let full = self.end.saturating_sub(self.at);
        let mut reader = Reader::new(octets, full, self.profile.codes(dialect));
        let read = reader.read::<L>();
        let (header, len) = match read {
            Ok(layout) => (wrap(layout), reader.consumed()),
            Err(_) => (Header::Raw(Bytes::Borrowed(octets)), octets.len()),
        };
        let ok = !matches!(header, Header::Raw(_));
        let problem = reader.problem();
        let index = self.packet.layers.len();
        // Only a header cut short by the capture differs from its full length.
        let full_len = if problem.is_some() { full } else { len };
        self.packet.layers.push(Layer {
            header,
            proto,
            source: self.source,
            chain: self.chain,
            dialect,
            offset: self.at as u32,
            len: len as u32,
            full_len: full_len as u32,
        });
        if let Some(mut stop) = problem {
            stop.at += self.at;
            self.note(stop);
        }
        self.at += len;
        ok.then_some(index)
    }

    #[cold]
    fn note(&mut self, stop: Stop) {
        if self.packet.problem.is_none() {
            let layer = self.packet.layers.len().saturating_sub(1);
            self.packet.problem = Some(Problem { layer, stop });
        }
    }

    fn data(&mut self) {
        let octets = self.peek();
        if octets.is_empty() {
            return;
        }
        let full = self.end - self.at;
        self.packet.layers.push(Layer {
            header: Header::Raw(Bytes::Borrowed(octets)),
            proto: Proto::Data,
            source: self.source,
            chain: self.chain,
            dialect: Dialect::default(),
            offset: self.at as u32,
            len: octets.len() as u32,
            full_len: full as u32,
        });
        self.at += octets.len();
    }

    #[inline]
    fn protocol(&mut self, protocol: u8) -> Next {
        match protocol {
            proto::IPV6 => self.ipv6(),
            proto::IPV4 => self.ipv4(),
            proto::HOP_BY_HOP => {
                let Some(i) = self.read::<HopByHop<'_>>(Proto::HopByHop, Header::HopByHop) else {
                    return Next::Stop;
                };
                match &self.packet.layers[i].header {
                    Header::HopByHop(h) => Next::Protocol(h.next.get()),
                    _ => Next::Stop,
                }
            }
            proto::DESTINATION_OPTIONS => self.destination_options(),
            proto::ROUTING => self.routing(),
            proto::FRAGMENT => self.fragment(),
            proto::AH => {
                let read =
                    self.read::<Authentication<'_>>(Proto::Authentication, Header::Authentication);
                let Some(i) = read else { return Next::Stop };
                self.mark_ipsec(i);
                match &self.packet.layers[i].header {
                    Header::Authentication(h) => Next::Protocol(h.next.get()),
                    _ => Next::Stop,
                }
            }
            proto::ESP => {
                if let Some(i) = self.read::<Esp<'_>>(Proto::Esp, Header::Esp) {
                    self.mark_ipsec(i);
                }
                Next::Stop
            }
            proto::MOBILITY => self.mobility(),
            proto::ICMPV6 => self.icmpv6(),
            proto::UDP => {
                let Some(i) = self.read::<Udp>(Proto::Udp, Header::Udp) else { return Next::Stop };
                match &self.packet.layers[i].header {
                    Header::Udp(h) => {
                        let (s, d) = (h.source, h.destination);
                        // UDP's own length counts, where it is shorter.
                        let len = usize::from(h.len.get());
                        if len >= 8 {
                            self.end = self.end.min(self.at - 8 + len);
                        }
                        Next::Ports(s, d)
                    }
                    _ => Next::Stop,
                }
            }
            proto::TCP => {
                if self.read::<Tcp<'_>>(Proto::Tcp, Header::Tcp).is_some() {
                    Next::Data
                } else {
                    Next::Stop
                }
            }
            _ => Next::Data,
        }
    }

    fn ports(&mut self, source: u16, destination: u16) -> Next {
        let either = |p| source == p || destination == p;
        if either(port::IKE) {
            self.read::<IkeMessage<'_>>(Proto::Ike, Header::Ike);
            return Next::Data;
        }
        if either(port::IKE_NAT) {
            return self.ike_or_esp();
        }
        if either(port::DHCPV6_CLIENT) || either(port::DHCPV6_SERVER) {
            self.read::<Dhcpv6<'_>>(Proto::Dhcpv6, Header::Dhcpv6);
        }
        Next::Data
    }

    /// RFC 3948 2: four zero octets in front of IKE, one octet of 0xff to keep
    /// a translator's state, ESP otherwise.
    fn ike_or_esp(&mut self) -> Next {
        match self.peek() {
            [0, 0, 0, 0, ..] => {
                self.skip(4);
                self.read::<IkeMessage<'_>>(Proto::Ike, Header::Ike);
                Next::Data
            }
            [0xff] => Next::Data,
            [_, _, _, _, ..] => Next::Protocol(proto::ESP),
            _ => Next::Data,
        }
    }

    fn open_chain(&mut self, ip: usize, wire: (Ipv6Addr, Ipv6Addr), hop_limit: u8, end: usize) {
        let captured = self.packet.sources[usize::from(self.source)].len();
        let chain = Chain {
            ip,
            outer: self.chain,
            wire_source: wire.0,
            wire_destination: wire.1,
            hop_limit,
            home: None,
            home_count: 0,
            route: None,
            ipsec: None,
            quoted: self.quoted,
            fragment: false,
            end: end as u32,
            complete: end <= captured && end <= self.end,
        };
        self.end = self.end.min(end);
        let index = self.packet.chains.len() as u8;
        self.packet.chains.push(chain);
        self.chain = Some(index);
        self.packet.layers[ip].chain = Some(index);
    }

    #[inline]
    fn ipv6(&mut self) -> Next {
        let start = self.at;
        let Some(i) = self.read::<Ipv6>(Proto::Ipv6, Header::Ipv6) else { return Next::Stop };
        let Header::Ipv6(h) = &self.packet.layers[i].header else { return Next::Stop };
        let (next, len) = (h.next.get(), usize::from(h.payload_len.get()));
        let (version, wire, hop_limit) = (h.version(), (h.source, h.destination), h.hop_limit);
        if version != 6 {
            self.note(Stop { at: start, field: None, why: Why::Invalid("IP version is not 6") });
            return Next::Data;
        }
        let mut end = self.at + len;
        if len == 0 && next != proto::NONE {
            // A jumbogram, or a packet taken before its length was filled in:
            // it goes to the end of the frame.
            end = self.end;
        } else if end > self.end && !self.quoted {
            let (need, have) = (len, self.end - self.at);
            self.note(Stop { at: self.at, field: None, why: Why::Overrun { need, have } });
        }
        self.open_chain(i, wire, hop_limit, end);
        Next::Protocol(next)
    }

    fn ipv4(&mut self) -> Next {
        let start = self.at;
        let Some(i) = self.read::<Ipv4<'_>>(Proto::Ipv4, Header::Ipv4) else { return Next::Stop };
        let Header::Ipv4(h) = &self.packet.layers[i].header else { return Next::Stop };
        let (next, len, ttl) = (h.protocol.get(), usize::from(h.len.get()), h.ttl);
        let (version, fragment) = (h.version(), h.more() || h.offset() > 0);
        if version != 4 {
            self.note(Stop { at: start, field: None, why: Why::Invalid("IP version is not 4") });
            return Next::Data;
        }
        let end = if len < self.at - start { self.end } else { start + len };
        let any = (Ipv6Addr::UNSPECIFIED, Ipv6Addr::UNSPECIFIED);
        self.open_chain(i, any, ttl, end);
        if fragment {
            self.with_chain(|c| c.fragment = true);
            return Next::Data;
        }
        // These numbers announce IPv6 extension headers; IPv4 has none.
        match next {
            proto::HOP_BY_HOP
            | proto::ROUTING
            | proto::FRAGMENT
            | proto::DESTINATION_OPTIONS
            | proto::MOBILITY
            | proto::ICMPV6 => Next::Data,
            next => Next::Protocol(next),
        }
    }

    #[inline]
    fn with_chain(&mut self, change: impl FnOnce(&mut Chain)) {
        if let Some(c) = self.chain {
            change(&mut self.packet.chains[usize::from(c)]);
        }
    }

    fn mark_ipsec(&mut self, layer: usize) {
        self.with_chain(|c| c.ipsec = c.ipsec.or(Some(layer)));
    }

    fn destination_options(&mut self) -> Next {
        let read = self
            .read::<DestinationOptions<'_>>(Proto::DestinationOptions, Header::DestinationOptions);
        let Some(layer) = read else { return Next::Stop };
        let Header::DestinationOptions(h) = &self.packet.layers[layer].header else {
            return Next::Stop;
        };
        let next = h.next.get();
        let mut found = None;
        let mut count = 0;
        for option in h.iter().flatten() {
            if let Some(address) = option.home_address() {
                found = Some(HomeAddress { address, layer, offset: option.offset });
                count += 1;
            }
        }
        if found.is_some() {
            self.with_chain(|c| {
                c.home = found;
                c.home_count += count;
            });
        }
        Next::Protocol(next)
    }

    fn routing(&mut self) -> Next {
        let Some(i) = self.read::<Routing<'_>>(Proto::Routing, Header::Routing) else {
            return Next::Stop;
        };
        let Header::Routing(h) = &self.packet.layers[i].header else { return Next::Stop };
        let (next, route) = (h.next.get(), h.final_destination());
        if let Some(address) = route {
            self.with_chain(|c| c.route = Some((i, address)));
        }
        Next::Protocol(next)
    }

    fn fragment(&mut self) -> Next {
        let Some(i) = self.read::<Fragment>(Proto::Fragment, Header::Fragment) else {
            return Next::Stop;
        };
        let Header::Fragment(h) = &self.packet.layers[i].header else { return Next::Stop };
        let h = *h;
        if h.is_atomic() {
            return Next::Protocol(h.next.get());
        }
        let data = self.peek();
        let captured = self.at + data.len() == self.end;
        let key = match self.chain.map(|c| &self.packet.chains[usize::from(c)]) {
            Some(c) if captured && !self.quoted => {
                Key { source: c.wire_source, destination: c.wire_destination, ident: h.ident }
            }
            _ => {
                self.with_chain(|c| c.fragment = true);
                return Next::Data;
            }
        };
        let whole = self.reassembler.add(key, h.offset(), h.more(), h.next.get(), data);
        let Some((next, octets)) = whole.and_then(|(n, w)| Some((n, self.arena.keep(w)?))) else {
            self.with_chain(|c| c.fragment = true);
            return Next::Data;
        };
        self.source = self.packet.sources.len() as u8;
        self.packet.sources.push(octets);
        self.at = 0;
        self.end = octets.len();
        self.with_chain(|c| {
            c.end = octets.len() as u32;
            c.complete = true;
        });
        Next::Protocol(next)
    }

    fn mobility(&mut self) -> Next {
        let octets = self.peek();
        let dialect = match self.chain {
            Some(c) => self.profile.mobility_dialect(octets, &self.packet.chains[usize::from(c)]),
            None => self.profile.dialect(),
        };
        let read = self.read_as::<Mobility<'_>>(Proto::Mobility, dialect, Header::Mobility);
        let Some(i) = read else { return Next::Stop };
        match &self.packet.layers[i].header {
            Header::Mobility(h) if h.payload_proto != proto::NONE => {
                Next::Protocol(h.payload_proto)
            }
            _ => Next::Data,
        }
    }

    fn icmpv6(&mut self) -> Next {
        let start = self.at;
        let Some(i) = self.read::<Icmpv6<'_>>(Proto::Icmpv6, Header::Icmpv6) else {
            return Next::Stop;
        };
        let Header::Icmpv6(h) = &self.packet.layers[i].header else { return Next::Stop };
        let quoted = match &h.body {
            Icmpv6Body::Error { length, quoted, .. } if *length > 0 => {
                // RFC 4884 4.4: the length counts 64-bit words.
                Some((8, quoted.len().min(usize::from(*length) * 8)))
            }
            body if body.quoted().is_some() => body.quoted().map(|q| (8, q.len())),
            Icmpv6Body::Redirect { options, .. } => redirected(options, self.profile),
            _ => None,
        };
        let Some((offset, len)) = quoted.filter(|(_, len)| *len > 0) else { return Next::Stop };
        self.at = start + offset;
        self.end = self.at + len;
        self.quoted = true;
        Next::Protocol(proto::IPV6)
    }
}

/// Where the packet in a Redirected Header option of a Redirect stands, from
/// the start of the ICMPv6 message: 40 octets, type, length and 6 reserved.
fn redirected(options: &[u8], profile: &Profile) -> Option<(usize, usize)> {
    NdOptions::new(options, kind::REDIRECT, profile.codes(profile.dialect()))
        .flatten()
        .find(|o| o.format == NdFormat::RedirectedHeader)
        .and_then(|o| match o.body() {
            NdBody::RedirectedHeader { packet, .. } => Some((40 + o.offset + 8, packet.len())),
            _ => None,
        })
}
