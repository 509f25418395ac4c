//! Packets with AH, and beside them what RFC 4302 says its ICV covers, put
//! together without a look at how the crate does it.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Number of AH in the header in front of it.
const AH: u8 = 51;
/// Type of the Home Address option.
const HOME_ADDRESS: u8 = 0xc9;

/// A packet on the wire, and what is known of each of its octets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Packet {
    pub(crate) octets: Vec<u8>,
    /// What the ICV covers: as the receiver has it in the end, zeros for what
    /// may change.
    pub(crate) form: Vec<u8>,
    /// Bits that may change on the way.
    pub(crate) mutable: Vec<u8>,
    /// Bits that may not. What is in neither says where the others are, and is
    /// zeroed with them.
    pub(crate) fixed: Vec<u8>,
    /// Where AH begins.
    pub(crate) at: usize,
    /// Octets of the ICV.
    pub(crate) icv: usize,
    /// Where its routing header begins.
    pub(crate) routing: Option<usize>,
}

impl Packet {
    fn push(&mut self, octets: &[u8]) {
        self.push_as(octets, octets, 0xff);
    }

    /// Octets that look otherwise when the ICV is computed.
    fn push_as(&mut self, octets: &[u8], form: &[u8], fixed: u8) {
        assert_eq!(octets.len(), form.len());
        self.octets.extend(octets);
        self.form.extend(form);
        self.mutable.resize(self.octets.len(), 0);
        self.fixed.resize(self.octets.len(), fixed);
    }

    fn push_mutable(&mut self, octets: &[u8]) {
        let start = self.octets.len();
        self.push_as(octets, &vec![0; octets.len()], 0);
        self.mutable[start..].fill(0xff);
    }

    /// Sets octets that were pushed before their value was known.
    fn set(&mut self, at: usize, octets: &[u8]) {
        for side in [&mut self.octets, &mut self.form] {
            side[at..at + octets.len()].copy_from_slice(octets);
        }
    }

    fn push_tail(&mut self, tail: &Tail, icv: usize, align: usize) {
        self.at = self.octets.len();
        self.icv = icv;
        let padding = (align - (12 + icv) % align) % align;
        let words = (12 + icv + padding) / 4;
        self.push(&[tail.next, (words - 2) as u8]);
        self.push(&tail.reserved.to_be_bytes());
        self.push(&tail.spi.to_be_bytes());
        self.push(&tail.sequence.to_be_bytes());
        self.push(&vec![0; icv]);
        // RFC 4302 3.3.3.2.1: of any content, and covered.
        self.push(&tail.padding[..padding]);
        self.push(&tail.payload);
    }

    /// One of the bits that may not change.
    pub(crate) fn fixed_bit(&self, n: usize) -> usize {
        let bits = self.fixed.iter().map(|m| m.count_ones() as usize).sum::<usize>();
        let is_fixed = |b: &usize| self.fixed[b / 8] & (0x80 >> (b % 8)) != 0;
        (0..self.fixed.len() * 8).filter(is_fixed).nth(n % bits).expect("fewer than all")
    }

    /// Octets of its AH.
    pub(crate) fn header(&self) -> usize {
        (usize::from(self.octets[self.at + 1]) + 2) * 4
    }
}

/// AH and what is behind it.
#[derive(Clone, Debug)]
pub(crate) struct Tail {
    next: u8,
    reserved: u16,
    spi: u32,
    sequence: u32,
    padding: [u8; 7],
    payload: Vec<u8>,
}

fn tail() -> impl Strategy<Value = Tail> {
    let payload = vec(any::<u8>(), 0..100);
    let all = (any::<u8>(), any::<u16>(), any::<u32>(), any::<u32>(), any::<[u8; 7]>(), payload);
    all.prop_map(|(next, reserved, spi, sequence, padding, payload)| Tail {
        next,
        reserved,
        spi,
        sequence,
        padding,
        payload,
    })
}

/// Type and data of an option; type 0 is one octet of padding.
type Choice = (u8, Vec<u8>);

/// A header between the IPv6 header and AH.
#[derive(Clone, Debug)]
enum Piece {
    HopByHop(Vec<Choice>),
    Destination(Vec<Choice>),
    /// Destination options with the Home Address option between others.
    Home(Vec<Choice>, Vec<Choice>),
    /// Of type 2 if it is said to be and has one address, else of type 0.
    Routing {
        is_2: bool,
        stops: usize,
        reserved: [u8; 4],
    },
}

impl Piece {
    fn number(&self) -> u8 {
        match self {
            Self::HopByHop(_) => 0,
            Self::Destination(_) | Self::Home(..) => 60,
            Self::Routing { .. } => 43,
        }
    }
}

/// What an IPv6 packet with AH is made of.
#[derive(Clone, Debug)]
pub(crate) struct Ipv6 {
    pieces: Vec<Piece>,
    /// Traffic class and flow label, hop limit.
    mutable: (u32, u8),
    /// Source that upper layers see.
    home: [u8; 16],
    care_of: [u8; 16],
    /// All but the last octet of the address of each stop.
    stop: [u8; 16],
    tail: Tail,
}

impl Ipv6 {
    /// How many stops its routing header has, if it has one.
    pub(crate) fn stops(&self) -> Option<usize> {
        self.pieces.iter().find_map(|p| match p {
            Piece::Routing { stops, .. } => Some(*stops),
            _ => None,
        })
    }

    /// The address of a stop; no two are the same.
    fn address(&self, stop: usize) -> [u8; 16] {
        let mut address = self.stop;
        address[15] = stop as u8;
        address
    }

    /// The packet when it has passed so many stops.
    pub(crate) fn packet(&self, passed: usize, icv: usize) -> Packet {
        let moved = self.pieces.iter().any(|p| matches!(p, Piece::Home(..)));
        let stops = self.stops().unwrap_or(0);
        let number = |i: usize| self.pieces.get(i).map_or(AH, Piece::number);
        let mut p = Packet::default();

        let first = 0x6000_0000 | self.mutable.0 & 0x0fff_ffff;
        p.push_as(&first.to_be_bytes(), &[0x60, 0, 0, 0], 0);
        p.fixed[0] = 0xf0;
        p.mutable.copy_from_slice(&[0x0f, 0xff, 0xff, 0xff]);
        p.push(&[0, 0, number(0)]);
        p.push_mutable(&[self.mutable.1]);
        p.push_as(if moved { &self.care_of } else { &self.home }, &self.home, 0xff);
        p.push_as(&self.address(passed), &self.address(stops), 0xff);
        for (i, piece) in self.pieces.iter().enumerate() {
            let start = p.octets.len();
            p.push(&[number(i + 1), 0]);
            self.push_piece(&mut p, piece, passed);
            while !(p.octets.len() - start).is_multiple_of(8) {
                p.push(&[0]);
            }
            let units = (p.octets.len() - start) / 8 - 1;
            p.set(start + 1, &[units as u8]);
        }
        p.push_tail(&self.tail, icv, 8);
        let length = p.octets.len() - 40;
        p.set(4, &(length as u16).to_be_bytes());
        p
    }

    fn push_piece(&self, p: &mut Packet, piece: &Piece, passed: usize) {
        match piece {
            Piece::HopByHop(options) | Piece::Destination(options) => push_options(p, options),
            Piece::Home(before, behind) => {
                push_options(p, before);
                p.push(&[HOME_ADDRESS, 16]);
                p.push_as(&self.home, &self.care_of, 0xff);
                push_options(p, behind);
            }
            Piece::Routing { is_2, stops, reserved } => {
                p.routing = Some(p.octets.len() - 2);
                p.push(&[if *is_2 && *stops == 1 { 2 } else { 0 }]);
                p.push_as(&[(stops - passed) as u8], &[0], 0xff);
                p.push(reserved);
                // Each stop leaves its address where the next one's was.
                for i in 0..*stops {
                    let now = if i < passed { i } else { i + 1 };
                    p.push_as(&self.address(now), &self.address(i), 0xff);
                }
            }
        }
    }
}

fn push_options(p: &mut Packet, options: &[Choice]) {
    for (kind, data) in options {
        if *kind == 0 {
            p.push(&[0]);
            continue;
        }
        p.push(&[*kind, data.len() as u8]);
        if kind & 0x20 == 0 {
            p.push(data);
        } else {
            p.push_mutable(data);
        }
    }
}

fn choices(most: usize) -> impl Strategy<Value = Vec<Choice>> {
    let kind = prop_oneof![6 => 1u8.., 2 => Just(0), 1 => Just(HOME_ADDRESS)];
    vec((kind, vec(any::<u8>(), 0..20)), 0..most)
}

/// Destination options that are not the home address.
fn foreign(most: usize) -> impl Strategy<Value = Vec<Choice>> {
    choices(most).prop_filter("another Home Address option", |options| {
        !options.iter().any(|(kind, data)| *kind == HOME_ADDRESS && data.len() == 16)
    })
}

/// Headers in any order: at most one has the home address, at most one is a
/// routing header.
fn pieces(routed: bool) -> impl Strategy<Value = Vec<Piece>> {
    let plain =
        prop_oneof![choices(4).prop_map(Piece::HopByHop), foreign(4).prop_map(Piece::Destination),];
    let home = (foreign(3), foreign(3)).prop_map(|(before, behind)| Piece::Home(before, behind));
    let routing = (any::<bool>(), 0usize..4, any::<[u8; 4]>());
    let routing =
        routing.prop_map(|(is_2, stops, reserved)| Piece::Routing { is_2, stops, reserved });
    let routing = (routing, any::<bool>()).prop_map(move |(r, too)| (routed || too).then_some(r));
    (vec(plain, 0..3), prop::option::of(home), routing)
        .prop_map(|(plain, home, routing)| plain.into_iter().chain(home).chain(routing).collect())
        .prop_flat_map(|pieces: Vec<Piece>| Just(pieces).prop_shuffle())
}

pub(crate) fn ipv6() -> impl Strategy<Value = Ipv6> {
    ipv6_with(false)
}

/// With a routing header.
pub(crate) fn routed() -> impl Strategy<Value = Ipv6> {
    ipv6_with(true)
}

fn ipv6_with(routed: bool) -> impl Strategy<Value = Ipv6> {
    let address = any::<[u8; 16]>;
    let all = (pieces(routed), any::<(u32, u8)>(), address(), address(), address(), tail());
    all.prop_map(|(pieces, mutable, home, care_of, stop, tail)| Ipv6 {
        pieces,
        mutable,
        home,
        care_of,
        stop,
        tail,
    })
}

/// What an IPv4 packet with AH is made of.
#[derive(Clone, Debug)]
pub(crate) struct Ipv4 {
    /// Type of service, flags and fragment offset, time to live, checksum.
    mutable: (u8, u16, u8, u16),
    identification: u16,
    addresses: [u8; 8],
    options: Vec<Choice>,
    tail: Tail,
}

impl Ipv4 {
    pub(crate) fn packet(&self, icv: usize) -> Packet {
        let mut p = Packet::default();
        p.push(&[0]);
        p.push_mutable(&[self.mutable.0]);
        p.push(&[0, 0]);
        p.push(&self.identification.to_be_bytes());
        p.push_mutable(&self.mutable.1.to_be_bytes());
        p.push_mutable(&[self.mutable.2]);
        p.push(&[AH]);
        p.push_mutable(&self.mutable.3.to_be_bytes());
        p.push(&self.addresses);
        for (kind, data) in &self.options {
            push_ipv4_option(&mut p, *kind, data);
        }
        // The end of options, and padding.
        while !p.octets.len().is_multiple_of(4) {
            p.push(&[0]);
        }
        let words = p.octets.len() / 4;
        p.set(0, &[0x40 | words as u8]);
        p.push_tail(&self.tail, icv, 4);
        let length = p.octets.len();
        p.set(2, &(length as u16).to_be_bytes());
        p
    }
}

/// RFC 4302 appendix A1.
fn push_ipv4_option(p: &mut Packet, kind: u8, data: &[u8]) {
    let head = [kind, data.len() as u8 + 2];
    match kind {
        1 => p.push(&[1]),
        130 | 133 | 134 | 148 | 149 => {
            p.push(&head);
            p.push(data);
        }
        _ => {
            p.push_as(&head, &[0, 0], 0);
            p.push_mutable(data);
        }
    }
}

pub(crate) fn ipv4() -> impl Strategy<Value = Ipv4> {
    // Record route, time stamp, source routes, traceroute, one unknown; then
    // those that are not touched.
    let kind = select(vec![7u8, 68, 131, 137, 82, 222, 1, 130, 133, 134, 148, 149]);
    let options = vec((kind, vec(any::<u8>(), 0..8)), 0..4);
    let fields = (any::<(u8, u16, u8, u16)>(), any::<u16>(), any::<[u8; 8]>());
    (fields, options, tail()).prop_map(|((mutable, identification, addresses), options, tail)| {
        Ipv4 { mutable, identification, addresses, options, tail }
    })
}
