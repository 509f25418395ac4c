//! The layer walk: from the link through tunnels to the last header.

mod ip;
mod ipsec;

use std::collections::HashMap;

use mip6_security::Associations;
use mip6_wire::codes::NdFormat;
use mip6_wire::dhcpv6::Dhcpv6;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ike::IkeMessage;
use mip6_wire::ip::{HopByHop, proto};
use mip6_wire::layout::{Layout, Reader, Stop, Why, read_plain};
use mip6_wire::mobility::Mobility;
use mip6_wire::transport::{Tcp, Udp, port};

use super::{Arena, Chain, Layer, Packet, Problem, Protection, Proto, Reassembler};
use crate::capture::{Frame, LinkType, Timestamp};
use crate::profile::{Dialect, Profile};

/// Headers of one frame beyond this are not followed; chains and sources are
/// counted in one octet.
const MAX_LAYERS: usize = 256;

/// Takes frames apart. Keeps what must be remembered from one to the next:
/// fragments, and when the first frame came. The room for layers is used again
/// for every frame.
#[derive(Debug)]
pub struct Dissector<'p> {
    profile: &'p Profile,
    reassembler: Reassembler,
    first: Option<Timestamp>,
    layers: Vec<Layer>,
    chains: Vec<Chain>,
    protections: Vec<Protection>,
    arena: Arena,
    keys: Option<&'p Associations>,
    /// High half of the sequence number and its low half, as last seen, of
    /// associations that have them extended.
    highs: HashMap<usize, (u32, u32)>,
}

impl<'p> Dissector<'p> {
    /// A dissector that reads numbers as `profile` says.
    pub fn new(profile: &'p Profile) -> Self {
        Self {
            profile,
            reassembler: Reassembler::default(),
            first: None,
            layers: Vec::new(),
            chains: Vec::new(),
            protections: Vec::new(),
            arena: Arena::default(),
            keys: None,
            highs: HashMap::new(),
        }
    }

    /// Opens what these security associations protect.
    #[must_use]
    pub fn keys(mut self, keys: &'p Associations) -> Self {
        self.keys = (!keys.is_empty()).then_some(keys);
        self
    }

    /// Fragments put together and given up.
    pub fn reassembler(&self) -> &Reassembler {
        &self.reassembler
    }

    /// Takes a frame apart. Never fails: what could be read is in the result,
    /// and where it stopped.
    pub fn dissect<'a>(&'a mut self, frame: Frame<'a>) -> Packet<'a>
    where
        'p: 'a,
    {
        self.layers.clear();
        self.chains.clear();
        self.protections.clear();
        self.arena.clear();
        let mut walk = Walk {
            link: frame.link,
            layers: &mut self.layers,
            chains: &mut self.chains,
            protections: &mut self.protections,
            keys: self.keys,
            highs: &mut self.highs,
            problem: None,
            profile: self.profile,
            reassembler: &mut self.reassembler,
            arena: &self.arena,
            octets: frame.data,
            source: 0,
            at: 0,
            end: frame.len as usize,
            chain: None,
            quoted: false,
        };
        let next = walk.link_layer();
        walk.follow(next);
        let problem = walk.problem;
        Packet {
            frame,
            first: *self.first.get_or_insert(frame.time),
            profile: self.profile,
            layers: &self.layers,
            chains: &self.chains,
            protections: &self.protections,
            keys: self.keys,
            problem,
            arena: &self.arena,
        }
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
    pub(super) link: LinkType,
    layers: &'r mut Vec<Layer>,
    chains: &'r mut Vec<Chain>,
    protections: &'r mut Vec<Protection>,
    keys: Option<&'a Associations>,
    highs: &'r mut HashMap<usize, (u32, u32)>,
    problem: Option<Problem>,
    profile: &'a Profile,
    reassembler: &'r mut Reassembler,
    arena: &'a Arena,
    /// Source, its number, and position and end (by lengths, captured or not)
    /// of what is left.
    octets: &'a [u8],
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
        let end = self.end.min(self.octets.len());
        self.octets.get(self.at..end).unwrap_or_default()
    }

    /// Passes over octets.
    pub(super) fn skip(&mut self, n: usize) {
        self.at += n;
    }

    fn follow(&mut self, mut next: Next) {
        loop {
            // Almost all that comes next.
            while let Next::Protocol(p) = next {
                next = if self.is_full() { Next::Data } else { self.protocol(p) };
            }
            next = match next {
                Next::Ports(s, d) if !self.is_full() => self.ports(s, d),
                Next::Stop => return,
                _ => return self.data(),
            };
        }
    }

    /// Whether no more headers are followed, which is then noted.
    #[inline]
    fn is_full(&mut self) -> bool {
        let full = self.layers.len() >= MAX_LAYERS;
        if full {
            self.note(Stop { at: self.at, field: None, why: Why::Invalid("too many headers") });
        }
        full
    }

    /// Reads a header and appends it. What cannot be read is appended as
    /// unreadable, and the walk is over.
    #[inline]
    pub(super) fn read<L: Layout<'a>>(&mut self, proto: Proto) -> Option<L> {
        self.read_as(proto, self.profile.dialect(), |_| 0)
    }

    /// As `read`, with the dialect to read by and the kind to take down.
    #[inline]
    fn read_as<L: Layout<'a>>(
        &mut self,
        proto: Proto,
        dialect: Dialect,
        kind: impl FnOnce(&L) -> u8,
    ) -> Option<L> {
        let octets = self.peek();
        let full = self.end.saturating_sub(self.at);
        let mut header = L::default();
        match read_plain(octets, full, self.profile.codes(dialect), &mut header) {
            Some(len) => {
                self.push(proto, dialect, Some(kind(&header)), len, len);
                self.at += len;
                Some(header)
            }
            None => self.read_what_can_be(proto, dialect, kind),
        }
    }

    /// As `read_as`, of a header that is not there as a whole.
    #[cold]
    fn read_what_can_be<L: Layout<'a>>(
        &mut self,
        proto: Proto,
        dialect: Dialect,
        kind: impl FnOnce(&L) -> u8,
    ) -> Option<L> {
        let octets = self.peek();
        let full = self.end.saturating_sub(self.at);
        let mut reader = Reader::new(octets, full, self.profile.codes(dialect));
        let mut header = L::default();
        let read = reader.fill(&mut header).is_ok();
        let len = if read { reader.consumed() } else { octets.len() };
        let problem = reader.problem();
        // Only a header cut short by the capture differs from its full length.
        let full_len = if problem.is_some() { full } else { len };
        self.push(proto, dialect, read.then(|| kind(&header)), len, full_len);
        if let Some(mut stop) = problem {
            stop.at += self.at;
            self.note(stop);
        }
        self.at += len;
        read.then_some(header)
    }

    /// Appends a layer at the current position; `kind` is `None` if it could
    /// not be read.
    #[inline]
    fn push(
        &mut self,
        proto: Proto,
        dialect: Dialect,
        kind: Option<u8>,
        len: usize,
        full_len: usize,
    ) {
        self.layers.push(Layer {
            proto,
            readable: kind.is_some(),
            kind: kind.unwrap_or(0),
            source: self.source,
            chain: self.chain,
            dialect,
            offset: self.at as u32,
            len: len as u32,
            full_len: full_len as u32,
        });
    }

    /// Index of the layer appended last.
    #[inline]
    fn last(&self) -> usize {
        self.layers.len().saturating_sub(1)
    }

    #[cold]
    fn note(&mut self, stop: Stop) {
        if self.problem.is_none() {
            self.problem = Some(Problem { layer: self.last(), stop });
        }
    }

    fn data(&mut self) {
        let octets = self.peek();
        if octets.is_empty() {
            return;
        }
        let full = self.end - self.at;
        self.push(Proto::Data, Dialect::default(), None, octets.len(), full);
        self.at += octets.len();
    }

    #[inline]
    fn protocol(&mut self, protocol: u8) -> Next {
        match protocol {
            proto::IPV6 => self.ipv6(),
            proto::IPV4 => self.ipv4(),
            proto::HOP_BY_HOP => match self.read::<HopByHop<'_>>(Proto::HopByHop) {
                Some(h) => Next::Protocol(h.next.get()),
                None => Next::Stop,
            },
            proto::DESTINATION_OPTIONS => self.destination_options(),
            proto::ROUTING => self.routing(),
            proto::FRAGMENT => self.fragment(),
            proto::AH => self.authentication(),
            proto::ESP => self.esp(),
            proto::MOBILITY => self.mobility(),
            proto::ICMPV6 => self.icmpv6(),
            proto::UDP => {
                let Some(h) = self.read::<Udp>(Proto::Udp) else { return Next::Stop };
                // UDP's own length counts, where it is shorter.
                let len = usize::from(h.len.get());
                if len >= 8 {
                    self.end = self.end.min(self.at - 8 + len);
                }
                Next::Ports(h.source, h.destination)
            }
            proto::TCP => match self.read::<Tcp<'_>>(Proto::Tcp) {
                Some(_) => Next::Data,
                None => Next::Stop,
            },
            _ => Next::Data,
        }
    }

    fn ports(&mut self, source: u16, destination: u16) -> Next {
        let either = |p| source == p || destination == p;
        if either(port::IKE) {
            self.read::<IkeMessage<'_>>(Proto::Ike);
            return Next::Data;
        }
        if either(port::IKE_NAT) {
            return self.ike_or_esp();
        }
        if either(port::DHCPV6_CLIENT) || either(port::DHCPV6_SERVER) {
            self.read::<Dhcpv6<'_>>(Proto::Dhcpv6);
        }
        Next::Data
    }

    /// RFC 3948 2: four zero octets in front of IKE, one octet of 0xff to keep
    /// a translator's state, ESP otherwise.
    fn ike_or_esp(&mut self) -> Next {
        match self.peek() {
            [0, 0, 0, 0, ..] => {
                self.skip(4);
                self.read::<IkeMessage<'_>>(Proto::Ike);
                Next::Data
            }
            [0xff] => Next::Data,
            [_, _, _, _, ..] => Next::Protocol(proto::ESP),
            _ => Next::Data,
        }
    }

    fn mobility(&mut self) -> Next {
        let octets = self.peek();
        let dialect = match self.chain {
            Some(c) => self.profile.mobility_dialect(octets, &self.chains[usize::from(c)]),
            None => self.profile.dialect(),
        };
        match self.read_as::<Mobility<'_>>(Proto::Mobility, dialect, Mobility::number) {
            // What is announced need not be there: receivers do not look at it.
            Some(h) if h.payload_proto != proto::NONE && self.at < self.end => {
                Next::Protocol(h.payload_proto)
            }
            Some(_) => Next::Data,
            None => Next::Stop,
        }
    }

    fn icmpv6(&mut self) -> Next {
        let start = self.at;
        let dialect = self.profile.dialect();
        let Some(h) = self.read_as::<Icmpv6<'_>>(Proto::Icmpv6, dialect, |h| h.kind) else {
            return Next::Stop;
        };
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
