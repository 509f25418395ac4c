//! Home agent address discovery and mobile prefix discovery, RFC 6275 6.5 to
//! 6.8, 10.5, 10.6 and 11.4.

use std::hash::BuildHasher;
use std::net::Ipv6Addr;

use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, fields as field};
use mip6_wire::ip::ipv6_fields;
use mip6_wire::mobility::message_fields;
use smallvec::SmallVec;

use super::advertisements::covers;
use super::backoff::Backoff;
use super::homes::Homes;
use super::registrations::{self, What};
use super::table::{Table, remember};
use super::time::{PATIENCE, SECOND, TWICE, nanos, tolerance, unseen};
use crate::capture::Timestamp;
use crate::rules::id::*;
use crate::rules::{Judge, Level, is_home_agents_anycast, is_unicast_routable};

/// Nodes that are remembered.
const ROOM: usize = 50_000;
/// Home agents of a list, and prefixes of an advertisement, that are remembered.
const EACH: usize = 8;
/// Identifiers of each node that are remembered.
const LAST: usize = 4;
/// `INITIAL_DHAAD_TIMEOUT`, `INITIAL_SOLICIT_TIMER` and `PREFIX_ADV_TIMEOUT`,
/// RFC 6275 12.
const INITIAL: i64 = 3 * SECOND;
/// `DHAAD_RETRIES`.
const DHAAD_RETRIES: u32 = 4;
/// `PREFIX_ADV_RETRIES`.
const PREFIX_ADV_RETRIES: u32 = 3;
/// `MAX_BINDACK_TIMEOUT`, where waits stop growing (11.8).
const MAX_WAIT: i64 = 32 * SECOND;
/// `InitialBindackTimeoutFirstReg`, by default.
const FIRST_REGISTRATION: i64 = 3 * SECOND / 2;
/// Lifetimes count four seconds, and packets take their time.
const SLACK: i64 = 5 * SECOND;
const IDENTIFIER_AT: usize = 4;
const OPTIONS_AT: usize = 8;

/// Follows discovery.
#[derive(Debug)]
pub struct Discovery {
    /// By who asked for home agents.
    inquiries: Table<Ipv6Addr, Inquiry>,
    /// By home address and home agent.
    prefixes: Table<(Ipv6Addr, Ipv6Addr), Prefixes>,
    event: Option<Event>,
}

impl Default for Discovery {
    fn default() -> Self {
        Self { inquiries: Table::new(ROOM), prefixes: Table::new(ROOM), event: None }
    }
}

/// What a packet did to a discovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who discovers: the address that asks for home agents, or the home address
    /// that asks for prefixes.
    pub node: Ipv6Addr,
    /// Who is asked, or answers: an anycast address or a home agent.
    pub peer: Ipv6Addr,
    /// Identifier of the message.
    pub identifier: u16,
    /// What it did.
    pub what: Found,
}

/// What a message of discovery did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A node asked for home agents.
    AskedHomeAgents,
    /// It was told so many; `asked`, whether the request was seen.
    HomeAgents {
        /// How many addresses.
        count: usize,
        /// A request with the identifier was captured.
        asked: bool,
    },
    /// A mobile node asked for prefixes.
    AskedPrefixes,
    /// It was told so many; `asked`, whether the solicitation was seen.
    Prefixes {
        /// How many Prefix Information options.
        count: usize,
        /// A solicitation with the identifier was captured.
        asked: bool,
    },
}

#[derive(Debug, Default)]
struct Inquiry {
    anycast: Option<Ipv6Addr>,
    identifiers: SmallVec<[u16; LAST]>,
    /// When it was last asked.
    time: Timestamp,
    backoff: Option<Backoff>,
    answered: bool,
    agents: SmallVec<[Ipv6Addr; EACH]>,
    tried: SmallVec<[Ipv6Addr; EACH]>,
    last_try: Option<Try>,
}

#[derive(Clone, Copy, Debug)]
struct Try {
    home: Ipv6Addr,
    time: Timestamp,
    agent: Ipv6Addr,
    /// What came back.
    answer: Option<What>,
}

#[derive(Debug, Default)]
struct Prefixes {
    solicitation: Option<Solicitation>,
    /// Difference of the last two identifiers, and in how many pairs it was.
    step: (u16, u32),
    /// The last advertisement.
    last: Option<(Timestamp, u64)>,
    unsolicited: Option<Unsolicited>,
    /// Valid lifetime of the home address's prefix in seconds, and when it was
    /// advertised.
    valid: Option<(u32, Timestamp)>,
}

#[derive(Clone, Copy, Debug)]
struct Solicitation {
    identifier: u16,
    source: Ipv6Addr,
    time: Timestamp,
    backoff: Backoff,
    answered: bool,
}

/// An advertisement that nobody asked for, until a solicitation acknowledges it.
#[derive(Debug)]
struct Unsolicited {
    digest: u64,
    backoff: Backoff,
    prefixes: SmallVec<[Ipv6Addr; EACH]>,
}

impl Discovery {
    /// What the packet taken in last did, if it did.
    pub fn event(&self) -> Option<&Event> {
        self.event.as_ref()
    }

    pub(super) fn forget_event(&mut self) {
        self.event = None;
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.inquiries.forgotten() + self.prefixes.forgotten()
    }

    /// Takes in one of the four messages.
    pub(super) fn message(&mut self, j: &mut Judge<'_, '_>, h: &Icmpv6<'_>, homes: &Homes) {
        match &h.body {
            Icmpv6Body::HomeAgentRequest { identifier, .. } => self.request(j, *identifier),
            Icmpv6Body::HomeAgentReply { identifier, addresses, .. } => {
                self.reply(j, *identifier, addresses);
            }
            Icmpv6Body::PrefixSolicitation { identifier, .. } => self.solicitation(j, *identifier),
            Icmpv6Body::PrefixAdvertisement { identifier, options, .. } => {
                self.advertisement(j, h.kind, *identifier, options, homes);
            }
            _ => {}
        }
    }

    /// RFC 6275 11.4.1: how often a request is sent.
    fn request(&mut self, j: &mut Judge<'_, '_>, identifier: u16) {
        let Some(chain) = j.chain() else { return };
        let (node, peer) = (chain.wire_source, chain.wire_destination);
        let time = j.packet.frame.time;
        let known = self.inquiries.entry(node);
        let same = known.identifiers.last() == Some(&identifier) && known.anycast == Some(peer);
        if let Some(backoff) = known.backoff.as_mut().filter(|_| same && !known.answered) {
            let Some(count) = backoff.again(time) else { return };
            let r = if count == 1 { MIP6_MN_DHAAD_007 } else { MIP6_MN_DHAAD_008 };
            backoff.judge(j, r, Some(DHAAD_RETRIES), None);
        } else {
            if same && nanos(time, known.time) < TWICE {
                return;
            }
            known.anycast = Some(peer);
            remember(&mut known.identifiers, identifier);
            known.answered = false;
            known.backoff = Some(Backoff::new(time, INITIAL));
        }
        known.time = time;
        self.event = Some(Event { node, peer, identifier, what: Found::AskedHomeAgents });
    }

    fn reply(&mut self, j: &mut Judge<'_, '_>, identifier: u16, addresses: &[u8]) {
        let Some(chain) = j.chain() else { return };
        let (node, peer) = (chain.destination(), chain.wire_source);
        let unicast = is_unicast_routable(peer) && !is_home_agents_anycast(peer);
        j.holds(MIP6_HA_DHAAD_002, unicast, |d| {
            d.layer(chain.ip)
                .field(&ipv6_fields::SOURCE, 8)
                .found(peer)
                .wanted("a global unicast address of the home agent")
        });
        let time = j.packet.frame.time;
        let mut asked = false;
        match self.inquiries.get_mut(&node) {
            None => j.undecided(MIP6_ICMP_004, unseen(j, false)),
            Some(known) => {
                asked = known.identifiers.contains(&identifier);
                let waiting = !known.answered && nanos(time, known.time) < PATIENCE;
                if asked || waiting {
                    j.holds(MIP6_ICMP_004, asked, |d| {
                        d.field(&field::MIP6_ID, IDENTIFIER_AT)
                            .found(identifier)
                            .wanted("the identifier of the request")
                    });
                } else {
                    j.undecided(MIP6_ICMP_004, unseen(j, true));
                }
                if asked {
                    known.answered = true;
                    known.tried.clear();
                    known.last_try = None;
                    let list = addresses.as_chunks::<16>().0.iter().take(EACH);
                    known.agents = list.map(|a| Ipv6Addr::from(*a)).collect();
                }
            }
        }
        let what = Found::HomeAgents { count: addresses.len() / 16, asked };
        self.event = Some(Event { node, peer, identifier, what });
    }

    /// A home registration: which of the home agents it tries, and when.
    pub(super) fn update(
        &mut self,
        j: &mut Judge<'_, '_>,
        e: &registrations::Event,
        homes: &Homes,
    ) {
        if let Some(home) = homes.get(&e.home).filter(|_| e.what == What::Asked) {
            self.lifetime(j, e, home.agent);
        }
        let Some(source) = j.chain().map(|c| c.wire_source) else { return };
        let Some(known) = self.inquiries.get_mut(&source) else { return };
        let place = |a: Ipv6Addr| known.agents.iter().position(|b| *b == a);
        let Some(at) = place(e.peer) else { return };
        if e.what != What::Asked || e.home_registration != Some(true) {
            return;
        }
        let time = j.packet.frame.time;
        let before = known
            .last_try
            .filter(|t| t.agent != e.peer && t.home == e.home && t.answer != Some(What::Accepted));
        if let Some(before) = before {
            let gap = nanos(time, before.time);
            // Whoever was refused need not wait; the refusal may not have been
            // captured, and the time is configured.
            if before.answer.is_none() {
                j.holds(
                    MIP6_MN_DHAAD_002,
                    gap >= FIRST_REGISTRATION - tolerance(FIRST_REGISTRATION),
                    |d| {
                        d.level(Level::Should)
                            .found(format!("the next home agent after {} ms", gap / 1_000_000))
                            .wanted("after 1500 ms")
                    },
                );
            }
            // The list begins anew after the home agent that served before.
            let from = place(before.agent).map_or(0, |i| i + 1);
            let skipped = known.agents.get(from..at).unwrap_or_default();
            let skipped = skipped.iter().find(|a| !known.tried.contains(a)).copied();
            let back = at > 0 && at < from;
            j.holds(MIP6_MN_DHAAD_003, skipped.is_none() && !back, |d| {
                d.found(format!("{}, number {} of the list", e.peer, at + 1))
                    .wanted(skipped.map_or_else(|| "the next".to_owned(), |a| format!("{a} first")))
            });
        }
        if !known.tried.contains(&e.peer) {
            remember(&mut known.tried, e.peer);
        }
        known.last_try = Some(Try { home: e.home, time, agent: e.peer, answer: None });
    }

    /// What came of it.
    pub(super) fn acknowledgement(&mut self, e: &registrations::Event) {
        let Some(known) = self.inquiries.get_mut(&e.careof) else { return };
        if let Some(last) = known.last_try.as_mut().filter(|t| t.agent == e.peer) {
            last.answer = Some(e.what);
        }
    }

    /// RFC 6275 11.4.2: a binding lasts no longer than the home address's
    /// prefix, as the home agent advertised it to the mobile node.
    fn lifetime(&self, j: &mut Judge<'_, '_>, e: &registrations::Event, agent: Ipv6Addr) {
        let Some(known) = self.prefixes.get(&(e.home, agent)) else { return };
        let Some((valid, since)) = known.valid.filter(|(v, _)| *v != u32::MAX) else { return };
        let left = i64::from(valid) * SECOND - nanos(j.packet.frame.time, since);
        j.holds(MIP6_MN_MPD_006, i64::from(e.lifetime) * SECOND <= left + SLACK, |d| {
            d.field(&message_fields::BU_LIFETIME, 10)
                .found(format!("{} s", e.lifetime))
                .wanted(format!("at most the {} s left to the home prefix", left.max(0) / SECOND))
        });
    }

    /// RFC 6275 11.4.2 and 11.8.
    fn solicitation(&mut self, j: &mut Judge<'_, '_>, identifier: u16) {
        let Some(chain) = j.chain() else { return };
        let Some(home) = chain.home else { return };
        let (node, peer) = (home.address, chain.wire_destination);
        let time = j.packet.frame.time;
        let known = self.prefixes.entry((node, peer));
        // It acknowledges what was advertised.
        known.unsolicited = None;
        let last = known.solicitation.as_mut().filter(|s| nanos(time, s.time) < 2 * MAX_WAIT);
        if let Some(s) = last.filter(|s| s.identifier == identifier && !s.answered) {
            if s.backoff.again(time).is_none() {
                return;
            }
            s.backoff.judge(j, MIP6_MN_MPD_014, None, Some(MAX_WAIT));
            s.time = time;
            s.source = chain.wire_source;
        } else {
            if let Some(before) = known.solicitation {
                if before.identifier == identifier && nanos(time, before.time) < TWICE {
                    return;
                }
                let step = identifier.wrapping_sub(before.identifier);
                let pairs = if step == known.step.0 { known.step.1 + 1 } else { 1 };
                known.step = (step, pairs);
                // By chance, three in a row are one of 2^31.
                j.holds(MIP6_MN_MPD_004, step > 1 || pairs < 2, |d| {
                    d.field(&field::MIP6_ID, IDENTIFIER_AT)
                        .found(format!("{identifier}, the third that is the last plus {step}"))
                        .wanted("random identifiers")
                });
            }
            let backoff = Backoff::new(time, INITIAL);
            let source = chain.wire_source;
            known.solicitation =
                Some(Solicitation { identifier, source, time, backoff, answered: false });
        }
        self.event = Some(Event { node, peer, identifier, what: Found::AskedPrefixes });
    }

    /// RFC 6275 6.8 and 10.6.
    fn advertisement(
        &mut self,
        j: &mut Judge<'_, '_>,
        kind: u8,
        identifier: u16,
        options: &[u8],
        homes: &Homes,
    ) {
        let Some(chain) = j.chain() else { return };
        let Some((_, node)) = chain.route else { return };
        let (peer, time) = (chain.wire_source, j.packet.frame.time);
        let octets = j.packet.octets(j.here());
        let digest = foldhash::fast::FixedState::with_seed(0).hash_one(octets);
        let known = self.prefixes.entry((node, peer));
        if let Some((before, same)) = known.last {
            let gap = nanos(time, before);
            if same == digest && gap < TWICE {
                return;
            }
            j.holds(MIP6_ICMP_014, gap >= SECOND - tolerance(SECOND), |d| {
                d.found(format!("another after {} ms", gap / 1_000_000))
                    .wanted("at most one a second")
            });
        }
        known.last = Some((time, digest));
        let mut prefixes = SmallVec::<[Ipv6Addr; EACH]>::new();
        let mut count = 0;
        for o in NdOptions::new(options, kind, j.codes()).flatten() {
            let NdBody::PrefixInformation { len, valid, prefix, .. } = o.body() else { continue };
            count += 1;
            remember(&mut prefixes, prefix);
            if covers(prefix, len, node) {
                known.valid = Some((valid, time));
            }
        }
        homes.sender(j, node, peer);
        let asked = known.solicitation.as_mut().filter(|s| s.identifier == identifier);
        let what = Found::Prefixes { count, asked: asked.is_some() };
        self.event = Some(Event { node, peer, identifier, what });
        if let Some(asked) = asked {
            asked.answered = true;
            let right = chain.wire_destination == asked.source;
            j.holds(MIP6_ICMP_010, right, |d| {
                d.layer(chain.ip)
                    .field(&ipv6_fields::DESTINATION, 24)
                    .found(chain.wire_destination)
                    .wanted(format!("{}, where the solicitation came from", asked.source))
            });
            return;
        }
        let waiting = known.solicitation.filter(|s| !s.answered && nanos(time, s.time) < INITIAL);
        if let Some(s) = waiting {
            // Unless it comes unasked just then.
            j.holds(MIP6_ICMP_010, false, |d| {
                d.level(Level::May)
                    .field(&field::MIP6_ID, IDENTIFIER_AT)
                    .found(identifier)
                    .wanted(format!("{}, that of the solicitation", s.identifier))
            });
        }
        if !homes.unsolicited(j, node, peer) || waiting.is_some() {
            return;
        }
        match &mut known.unsolicited {
            Some(before) if before.digest == digest => {
                if before.backoff.again(time).is_some() {
                    before.backoff.judge(j, MIP6_HA_MPD_010, Some(PREFIX_ADV_RETRIES), None);
                }
            }
            before => {
                if let Some(before) = before {
                    let lost = before.prefixes.iter().find(|p| !prefixes.contains(p));
                    j.holds(MIP6_HA_MPD_013, lost.is_none(), |d| {
                        d.at(OPTIONS_AT)
                            .found(format!("no {}", lost.copied().unwrap_or(node)))
                            .wanted("the prefixes of the advertisement before, which nobody acknowledged")
                    });
                }
                let backoff = Backoff::new(time, INITIAL);
                *before = Some(Unsolicited { digest, backoff, prefixes });
            }
        }
    }
}
