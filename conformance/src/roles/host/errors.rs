//! ICMPv6 errors, RFC 4443 2.4 and 3.

use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ip::proto;
use mip6_wire::layout::Bytes;

use super::super::Interface;
use super::forward::ends;
use super::{Host, Outgoing, faults};
use crate::time::Instant;

/// Why a packet is answered with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no route to its destination.
    NoRoute,
    /// Its source means nothing where it would go.
    BeyondScope,
    /// Its destination does not answer, or must not be sent to.
    AddressUnreachable,
    /// It is longer than the link takes, in octets.
    TooBig(usize),
    /// Its hop limit is used up.
    HopLimit,
    /// Its fragments did not all come.
    Reassembly,
    /// A field has a wrong value; offset from the IPv6 header.
    Field(usize),
    /// A next header that is not known; offset of the number.
    NextHeader(usize),
    /// An option that is not known; offset of its type.
    Option(usize),
}

/// How many errors may still be sent: RFC 4443 2.4 (f).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bucket {
    since: Instant,
    sent: u32,
}

/// Errors in a second.
const RATE: u32 = 100;

impl Bucket {
    fn take(&mut self, now: Instant) -> bool {
        if now.since(self.since).as_secs() >= 1 {
            *self = Self { since: now, sent: 0 };
        }
        self.sent += 1;
        self.sent <= RATE
    }
}

impl Host {
    /// Whether one more error may be sent now; it counts as sent. Binding Errors
    /// are counted with those of ICMPv6 (RFC 6275 9.3.3).
    pub fn may_send_error(&mut self, now: Instant) -> bool {
        self.errors_left.take(now)
    }

    /// Answers a packet, as it was on the wire, with an error; unless it is one
    /// that errors do not answer (RFC 4443 2.4 (e)).
    pub fn problem(&mut self, now: Instant, packet: &[u8], problem: Problem) {
        self.answer_with(now, None, packet, problem);
    }

    /// The same on an interface, for packets from link-local addresses.
    pub fn problem_on(
        &mut self,
        now: Instant,
        interface: Interface,
        packet: &[u8],
        problem: Problem,
    ) {
        self.answer_with(now, Some(interface), packet, problem);
    }

    fn answer_with(
        &mut self,
        now: Instant,
        interface: Option<Interface>,
        packet: &[u8],
        problem: Problem,
    ) {
        let Some((source, destination)) = ends(packet) else { return };
        // Errors to multicast are allowed for two of them alone.
        let to_many = (destination.is_multicast() || self.by_group)
            && !self.faults.has(&faults::ERRORS_TO_MANY)
            && !matches!(problem, Problem::TooBig(_))
            && !matches!(problem, Problem::Option(at) if packet.get(at).is_some_and(|k| k >> 6 == 2));
        if source.is_unspecified() || source.is_multicast() || to_many || is_error(packet) {
            return;
        }
        let mute = self.config.silent || self.faults.has(&faults::NO_ERRORS);
        if mute || !self.errors_left.take(now) {
            return;
        }
        // No longer than the least MTU, with IPv6 and ICMPv6 header in front.
        let quoted: Bytes<'static> = packet[..packet.len().min(1280 - 48)].to_vec().into();
        let error = |quoted| Icmpv6Body::Error { length: 0, reserved: [0; 3], quoted };
        let (kind, code, body) = match problem {
            Problem::NoRoute => (kind::DESTINATION_UNREACHABLE, 0, error(quoted)),
            Problem::BeyondScope => (kind::DESTINATION_UNREACHABLE, 2, error(quoted)),
            Problem::AddressUnreachable => (kind::DESTINATION_UNREACHABLE, 3, error(quoted)),
            Problem::TooBig(mtu) => {
                (kind::PACKET_TOO_BIG, 0, Icmpv6Body::PacketTooBig { mtu: mtu as u32, quoted })
            }
            Problem::HopLimit => (kind::TIME_EXCEEDED, 0, error(quoted)),
            Problem::Reassembly => (kind::TIME_EXCEEDED, 1, error(quoted)),
            Problem::Field(at) | Problem::NextHeader(at) | Problem::Option(at) => {
                let code = match problem {
                    Problem::Field(_) => 0,
                    Problem::NextHeader(_) => 1,
                    _ => 2,
                };
                let body = Icmpv6Body::ParameterProblem { pointer: at as u32, quoted };
                (kind::PARAMETER_PROBLEM, code, body)
            }
        };
        let message = Icmpv6 { code, ..Icmpv6::new(kind, body) };
        let mut out = Outgoing::new(source, vec![Header::Icmpv6(message)]);
        out.interface = interface;
        // From the address that was sent to, if it is one of ours.
        out.source = Some(destination).filter(|a| self.has(*a));
        // An error goes to where the packet came from, whatever is known of the
        // address (RFC 6275 9.2).
        out.direct = true;
        if self.faults.has(&faults::ERRORS_BY_BINDING)
            && let Some(home) = self.tables.home_at(source)
        {
            out.destination = home;
            out.direct = false;
        }
        self.send(now, out);
    }
}

/// Whether a packet is an ICMPv6 error or a redirect, as far as one can see.
fn is_error(packet: &[u8]) -> bool {
    let mut next = packet.get(6).copied().unwrap_or(proto::NONE);
    let mut at = 40;
    loop {
        let header = packet.get(at..at + 8);
        let len = match (next, header) {
            (proto::HOP_BY_HOP | proto::DESTINATION_OPTIONS | proto::ROUTING, Some(h)) => {
                (usize::from(h[1]) + 1) * 8
            }
            // What is behind the first fragment cannot be seen in another.
            (proto::FRAGMENT, Some(h)) if h[2] == 0 && h[3] & 0xf8 == 0 => 8,
            _ => break,
        };
        next = header.map_or(proto::NONE, |h| h[0]);
        at += len;
    }
    next == proto::ICMPV6 && packet.get(at).is_some_and(|k| *k < 128 || *k == kind::REDIRECT)
}
