//! Extension headers of a packet that came in: options and routing headers.
//! RFC 8200 4.2 to 4.6, RFC 6275 6.3, 6.4 and 9.3.

use std::net::Ipv6Addr;

use mip6_wire::ip::options::kind as option_kind;
use mip6_wire::ip::{Ipv6Options, proto};

use super::super::correspondent::faults as correspondent;
use super::super::home_agent::faults as home_agent;
use super::super::mobile_node;
use super::super::mobility::faults as any;
use super::receive::{Arrival, Received};
use super::{Host, Problem, faults, is_routable};
use crate::time::Instant;

/// What comes after a header.
pub(super) enum Step {
    /// The next header.
    Next,
    /// The upper layer.
    Upper,
    /// Nothing: the packet has ended here.
    Done,
    /// The packet, put together from fragments, from its beginning.
    Restart(Vec<u8>),
}

impl Host {
    /// A Hop-by-Hop Options or Destination Options header.
    pub(super) fn options(&mut self, now: Instant, arrival: &mut Arrival) -> Step {
        let p = &mut arrival.packet;
        let at = p.at;
        let Some(end) = end_of(&p.octets, at) else {
            let wire = std::mem::take(&mut p.wire);
            self.problem(now, &wire, Problem::Field(at + 1));
            return Step::Done;
        };
        let knows = self.tables.mobility || self.faults.has(&faults::HALF_MOBILE);
        let mut home = None;
        let mut wrong = None;
        for option in Ipv6Options::new(&p.octets[at + 2..end]) {
            let Ok(option) = option else {
                wrong = Some(Problem::Field(at + 1));
                break;
            };
            let place = at + 2 + option.offset;
            match option.kind {
                option_kind::PAD1
                | option_kind::PADN
                | option_kind::ROUTER_ALERT
                | option_kind::TUNNEL_LIMIT => {}
                // A node without mobility does not know it (RFC 6275 8.1).
                option_kind::HOME_ADDRESS
                    if knows && arrival.next == proto::DESTINATION_OPTIONS =>
                {
                    match option.home_address() {
                        Some(address) => home = Some(address),
                        None => wrong = Some(Problem::Field(place + 1)),
                    }
                }
                // What to do with an option that is not known: RFC 8200 4.2.
                kind => match kind >> 6 {
                    0 => {}
                    1 => return Step::Done,
                    action => {
                        let to_many = p.wire_destination.is_multicast()
                            && !self.faults.has(&faults::ERRORS_ABOUT_MULTICAST);
                        if self.faults.has(&faults::SILENT_ON_UNKNOWN_OPTION) {
                            return Step::Done;
                        }
                        if action == 2 || !to_many {
                            let off = usize::from(self.faults.has(&faults::POINTS_WRONG_AT_OPTION));
                            wrong = Some(Problem::Option(place + off));
                            break;
                        }
                        return Step::Done;
                    }
                },
            }
        }
        if let Some(problem) = wrong {
            let wire = std::mem::take(&mut p.wire);
            self.problem(now, &wire, problem);
            return Step::Done;
        }
        arrival.next_at = at;
        arrival.next = p.octets[at];
        p.at = end;
        if let Some(home) = home {
            // A home address that could not be one (RFC 6275 9.3.1).
            if !is_routable(home) && !self.faults.has(&any::ACCEPTS_UNROUTABLE_HOME) {
                return Step::Done;
            }
            p.source = home;
            p.home_option = true;
            // What is protected, or is to make a binding, needs none.
            let exempt = matches!(arrival.next, proto::ESP | proto::AH | proto::MOBILITY)
                && !self.faults.has(&home_agent::WANTS_BINDING_FIRST)
                && !self.faults.has(&correspondent::WANTS_BINDING_FIRST);
            arrival.unverified =
                Some(home).filter(|_| !exempt && !self.faults.has(&any::BELIEVES_HOME_OPTION));
        }
        Step::Next
    }

    /// A routing header.
    pub(super) fn routing(&mut self, now: Instant, arrival: &mut Arrival) -> Step {
        let p = &mut arrival.packet;
        let at = p.at;
        let problem = |host: &mut Self, p: &mut Received, problem| {
            let wire = std::mem::take(&mut p.wire);
            host.problem(now, &wire, problem);
            Step::Done
        };
        let Some(end) = end_of(&p.octets, at) else {
            return problem(self, p, Problem::Field(at + 1));
        };
        let (len, kind, left) = (p.octets[at + 1], p.octets[at + 2], p.octets[at + 3]);
        if left > 0 {
            // Only a mobile node processes Type 2, and only to its home address
            // (RFC 6275 6.4 and 11.3.3).
            if kind != 2 || self.tables.away.is_empty() && !self.is_mobile() {
                // Who is no mobile node, but knows of them, says nothing (RFC 6275
                // 8.2).
                let silent = kind == 2 && self.tables.mobility;
                if silent && !self.faults.has(&any::ANSWERS_ROUTE) {
                    if self.faults.has(&any::SKIPS_ROUTE) {
                        arrival.next_at = at;
                        arrival.next = p.octets[at];
                        p.at = end;
                        return Step::Next;
                    }
                    return Step::Done;
                }
                return problem(self, p, Problem::Field(at + 2));
            }
            if len != 2 {
                return problem(self, p, Problem::Field(at + 1));
            }
            if left != 1 {
                return problem(self, p, Problem::Field(at + 3));
            }
            let mut home = [0; 16];
            home.copy_from_slice(&p.octets[at + 8..at + 24]);
            let home = Ipv6Addr::from(home);
            let foreign = self.faults.has(&mobile_node::faults::FOREIGN_ROUTE);
            if !self.is_home_address(home) && !foreign
                || self.faults.has(&mobile_node::faults::IGNORES_ROUTING_HEADER)
            {
                return Step::Done;
            }
            p.destination = home;
            p.home_route = true;
        }
        arrival.next_at = at;
        arrival.next = p.octets[at];
        p.at = end;
        Step::Next
    }

    /// Whether it believes the home address of a packet: it has a binding with
    /// this care-of address (RFC 6275 9.3.1).
    pub(super) fn believes(&self, p: &Received, home: Ipv6Addr) -> bool {
        self.tables.binding(home).is_some_and(|b| b.careof == p.wire_source)
    }

    fn is_mobile(&self) -> bool {
        !self.tables.homes.is_empty()
    }

    /// Whether an address is a home address of this node.
    pub fn is_home_address(&self, a: Ipv6Addr) -> bool {
        self.tables.homes.contains(&a)
    }
}

/// Where an extension header ends, by its length.
fn end_of(octets: &[u8], at: usize) -> Option<usize> {
    let end = at + (usize::from(*octets.get(at + 1)?) + 1) * 8;
    (end <= octets.len()).then_some(end)
}
