//! Extension headers of a packet that came in: options and routing headers.
//! RFC 8200 4.2 to 4.6, RFC 6275 6.3, 6.4 and 9.3.

use std::net::Ipv6Addr;

use mip6_wire::ip::options::kind as option_kind;
use mip6_wire::ip::{Ipv6Options, proto};

use super::super::home_agent::faults as home_agent;
use super::super::mobile_node;
use super::receive::Arrival;
use super::received::Received;
use super::{Host, Problem, faults, is_routable};
use crate::roles::mobility::faults::ACCEPTS_UNROUTABLE_HOME;
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
        let (mut home, mut careof) = (None, None);
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
                // Only nodes with mobility know it (RFC 6275 8.1).
                option_kind::HOME_ADDRESS
                    if arrival.next == proto::DESTINATION_OPTIONS && knows =>
                {
                    // Once, and in front of AH and ESP (RFC 6275 6.3).
                    if home.is_some() || p.home_option || p.protected.is_some() {
                        let from = p.wire_source;
                        self.event(format!("Home Address option out of place from {from}"));
                        return Step::Done;
                    }
                    match option.home_address() {
                        Some(address) => home = Some(address),
                        None => wrong = Some(Problem::Field(place + 1)),
                    }
                }
                // In place of a routing header, which only leads to an address of this
                // node (reading C6 of Local Key Exchange).
                kind if self.codes.is_careof_option(kind)
                    && arrival.next == proto::DESTINATION_OPTIONS
                    && p.octets[at] == proto::MOBILITY =>
                {
                    match option.careof_address(self.codes) {
                        Some(own) if self.tables.local.contains(&own) => careof = Some(own),
                        Some(_) => return Step::Done,
                        None => wrong = Some(Problem::Field(place + 1)),
                    }
                }
                // What to do with an option that is not known: RFC 8200 4.2.
                kind => match kind >> 6 {
                    0 => {}
                    1 => return Step::Done,
                    action => {
                        let many = p.wire_destination.is_multicast()
                            && !self.faults.has(&faults::ERRORS_TO_MANY);
                        if action == 2 || !many {
                            let past = self.faults.has(&faults::POINTS_WRONG_AT_OPTION);
                            wrong = Some(Problem::Option(place + usize::from(past)));
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
        if let Some(own) = careof {
            p.destination = own;
            p.home_route = true;
        }
        if let Some(home) = home {
            // A home address that could not be one (RFC 6275 9.3.1).
            if !is_routable(home) && !self.faults.has(&ACCEPTS_UNROUTABLE_HOME) {
                return Step::Done;
            }
            p.source = home;
            p.home_option = true;
            // What follows proves it, or is about it, or it must have a binding.
            let proven = matches!(arrival.next, proto::ESP | proto::AH | proto::MOBILITY)
                && !self.faults.has(&faults::WANTS_BINDINGS)
                && !self.faults.has(&home_agent::WANTS_BINDING_FIRST);
            arrival.unverified = Some(home).filter(|_| !proven);
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
        if kind == 2 && self.tables.mobility {
            match self.home_route(now, p, at, end, (len, left)) {
                Ok(Some(home)) => {
                    p.destination = home;
                    p.home_route = true;
                }
                // A fault: it passes for a header that is used up.
                Ok(None) => {}
                Err(why) => {
                    let from = p.wire_source;
                    self.event(format!("Type 2 routing header from {from}: {why}"));
                    if self.faults.has(&faults::ANSWERS_ROUTES) {
                        return problem(self, p, Problem::Field(at + 2));
                    }
                    return Step::Done;
                }
            }
        } else if left > 0 {
            // Nobody knows another type (RFC 8200 4.4), not even type 0 (RFC 5095).
            return problem(self, p, Problem::Field(at + 2));
        } else if kind == 2 && self.faults.has(&faults::REVERSES_ROUTES) {
            p.home_route = true;
        }
        arrival.next_at = at;
        arrival.next = p.octets[at];
        p.at = end;
        Step::Next
    }

    /// The home address that a Type 2 routing header leads to, or why its packet is
    /// silently discarded: by nodes that are not mobile always, by mobile nodes
    /// where it does not end in them (RFC 6275 6.4, 8.2 and 11.3.3).
    fn home_route(
        &mut self,
        now: Instant,
        p: &Received,
        at: usize,
        end: usize,
        (len, left): (u8, u8),
    ) -> Result<Option<Ipv6Addr>, &'static str> {
        let faults = self.faults.clone();
        if self.tables.away.is_empty() && !self.is_mobile() {
            return Err("this is no mobile node");
        }
        if len != 2 && !faults.has(&faults::ACCEPTS_ROUTE_LENGTH) {
            return Err("its length is not 2");
        }
        if left != 1 {
            if faults.has(&faults::ACCEPTS_SEGMENTS_LEFT) {
                return Ok(None);
            }
            return Err("Segments Left is not 1");
        }
        let reserved = p.octets.get(at + 4..at + 8).is_none_or(|r| r != [0; 4]);
        if reserved && faults.has(&faults::MINDS_ROUTE_RESERVED) {
            return Err("its reserved field is not zero");
        }
        let address = p.octets.get(at + 8..end.min(at + 24)).and_then(|o| o.try_into().ok());
        let Some(address) = address.map(<[u8; 16]>::into) else {
            return Err("it has no address");
        };
        if self.faults.has(&mobile_node::faults::IGNORES_ROUTING_HEADER) {
            return Err("it is ignored");
        }
        let foreign = self.faults.has(&mobile_node::faults::FOREIGN_ROUTE);
        let local = self.tables.local.contains(&address);
        if !self.is_home_address(address) && !local && !foreign {
            if faults.has(&faults::FOLLOWS_ROUTES) {
                let mut octets = p.octets.clone();
                octets[at + 3] = 0;
                octets.copy_within(24..40, at + 8);
                octets[24..40].copy_from_slice(&address.octets());
                self.forward(now, octets, None);
            }
            return Err("it does not lead to a home address");
        }
        Ok(Some(address))
    }

    /// Whether it believes the home address of a packet: it has a binding with
    /// this care-of address (RFC 6275 9.3.1).
    pub(super) fn believes(&self, p: &Received, home: Ipv6Addr) -> bool {
        if self.faults.has(&faults::BELIEVES_ALL) {
            return true;
        }
        let any = self.faults.has(&faults::BELIEVES_ANY_CAREOF);
        let fits = |own: Ipv6Addr| {
            self.tables.binding(own, home).is_some_and(|b| any || b.careof == p.wire_source)
        };
        if p.destination.is_multicast() {
            return self.addresses().iter().any(|a| fits(a.address));
        }
        fits(p.destination)
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
