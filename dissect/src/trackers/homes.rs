//! Home registrations as the links show them: who serves a home address, from
//! where it was asked, and what both said on the home link meanwhile. RFC 6275
//! 10.3, 11.5.4 and 11.7.1; RFC 3963.

use std::net::Ipv6Addr;
use std::num::NonZero;

use mip6_wire::codes::OptionFormat;
use mip6_wire::ip::ipv6_fields;
use mip6_wire::mobility::{AckFlags, Message, UpdateFlags, message_fields as field};

use super::advertisements::{Advertisements, unique_local};
use super::link::{Link, Mac, Place};
use super::moves::{at_home, first_hop, network, refused, tested};
use super::registrations::{Event, What, alternate};
use super::table::Table;
use super::time::{PATIENCE, SECOND, instant, unseen};
use crate::capture::Timestamp;
use crate::rules::id::*;
use crate::rules::{Judge, Level, Listed, Undecided};

/// Home addresses that are remembered.
const ROOM: usize = 100_000;

/// Follows home registrations on the links.
#[derive(Debug)]
pub(super) struct Homes {
    known: Table<Ipv6Addr, Option<Home>>,
    /// Home addresses by the link-local address of the same interface identifier,
    /// and whether several have it.
    locals: Table<Ipv6Addr, Option<(Ipv6Addr, bool)>>,
    /// Until when an address serves as home agent.
    agents: Table<Ipv6Addr, Option<Span>>,
    /// Mobile routers by the station from which they registered.
    routers: Table<(Place, Mac), Option<Ipv6Addr>>,
}

impl Default for Homes {
    fn default() -> Self {
        Self {
            known: Table::new(ROOM),
            locals: Table::new(ROOM),
            agents: Table::new(ROOM),
            routers: Table::new(ROOM),
        }
    }
}

/// Some time from a packet on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// In nanoseconds since 1970.
    since: i64,
    seconds: u32,
}

impl Span {
    /// When it ends, in nanoseconds since 1970.
    fn until(&self) -> i64 {
        self.since.saturating_add(i64::from(self.seconds) * SECOND)
    }

    /// What is left of it.
    pub(super) fn left(&self, now: Timestamp) -> i64 {
        self.until().saturating_sub(instant(now))
    }
}

/// What a Binding Update asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// The end of the binding.
    End,
    /// A binding.
    Binding,
    /// One with Mobile Network Prefix options.
    Prefixes,
}

/// What is known of a home address.
#[derive(Clone, Debug)]
pub(super) struct Home {
    /// Its home agent.
    pub(super) agent: Ipv6Addr,
    /// The care-of address of the last update.
    careof: Ipv6Addr,
    /// Flags and number of the last update.
    pub(super) flags: UpdateFlags,
    sequence: u16,
    /// When the last update was sent, in nanoseconds since 1970.
    asked: i64,
    wish: Wish,
    /// Stations of the last update.
    link: Option<Link>,
    /// The last update came from the home address itself.
    returned: bool,
    /// The care-of address that was accepted last, and until when, in nanoseconds.
    pub(super) bound: Option<(Ipv6Addr, NonZero<i64>)>,
    /// An acknowledgement said that there is no binding any more, when.
    pub(super) deleted: Option<NonZero<i64>>,
    /// L of the update that was accepted last.
    defended: bool,
    /// R of the last acknowledgement.
    pub(super) router: bool,
    /// When the first update was sent that was not answered yet.
    pub(super) begun: i64,
    /// What was said about it on the home link, if that was captured.
    pub(super) near: Option<Box<Near>>,
}

/// What was said about a home address on its home link.
#[derive(Clone, Debug, Default)]
pub(super) struct Near {
    /// The last Duplicate Address Detection of the home address, and of the
    /// link-local one.
    pub(super) probes: [Option<Probe>; 2],
    /// What the home agent, and the mobile node, announced to all nodes since
    /// the last update or acknowledgement.
    pub(super) announced: [Announced; 2],
    /// Link-layer address that the mobile node gave for its home address.
    pub(super) resolved: Option<Mac>,
}

/// A Neighbor Solicitation from the unspecified address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    pub(super) time: Timestamp,
    pub(super) link: Link,
    /// The home agent has answered it: a mobile node on its way home asks for the
    /// home agent's link-layer address in just this form (RFC 6275 11.5.5).
    pub(super) answered: bool,
}

/// Advertisements to all nodes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Announced {
    pub(super) count: u32,
    pub(super) last: Timestamp,
    /// Somebody asked meanwhile: some of them may be answers.
    pub(super) asked: bool,
}

impl Home {
    /// There is a binding, by what was acknowledged.
    pub(super) fn is_bound(&self, now: Timestamp) -> bool {
        self.bound.is_some_and(|(_, until)| until.get() > instant(now))
    }

    /// There is a binding, or there may soon be.
    pub(super) fn is_away(&self, now: Timestamp) -> bool {
        self.is_bound(now) || !self.is_leaving() && instant(now) - self.asked < PATIENCE
    }

    /// The last update asked for the end of the binding.
    pub(super) fn is_leaving(&self) -> bool {
        self.wish == Wish::End
    }

    /// The last update asked for a binding with Mobile Network Prefix options.
    pub(super) fn is_explicit(&self) -> bool {
        self.wish == Wish::Prefixes
    }

    /// The home agent has reason to defend the link-local address too.
    pub(super) fn is_local_defended(&self) -> bool {
        self.defended || self.flags.contains(UpdateFlags::L)
    }

    /// Somebody else than this station probes the home address.
    pub(super) fn is_probed(&self, by: Option<Mac>) -> bool {
        let mut probes = self.near.iter().flat_map(|n| n.probes).flatten();
        probes.any(|p| Some(p.link.from) != by)
    }

    /// Where the mobile node is on its home link, once it said so.
    pub(super) fn station_at_home(&self) -> Option<Link> {
        self.link.filter(|_| self.returned && self.is_leaving())
    }
}

/// The link-local address of the same interface identifier.
fn local(home: Ipv6Addr) -> Ipv6Addr {
    let id = home.to_bits() & u128::from(u64::MAX);
    Ipv6Addr::from_bits(0xfe80 << 112 | id)
}

impl Homes {
    pub(super) fn forgotten(&self) -> u64 {
        self.known.forgotten()
            + self.locals.forgotten()
            + self.agents.forgotten()
            + self.routers.forgotten()
    }

    /// What is known of a home address.
    pub(super) fn get(&self, home: &Ipv6Addr) -> Option<&Home> {
        self.known.get(home)?.as_ref()
    }

    /// What is known of the home address of a target, and whether the target is
    /// its link-local address.
    pub(super) fn find(&mut self, target: Ipv6Addr) -> Option<(&mut Home, bool)> {
        let local = target.is_unicast_link_local();
        let home = if local {
            let (home, _) = self.locals.get(&target)?.filter(|(_, several)| !several)?;
            home
        } else {
            target
        };
        Some((self.known.get_mut(&home)?.as_mut()?, local))
    }

    /// Whether an address serves as home agent, by what it acknowledged.
    pub(super) fn is_agent(&self, a: Ipv6Addr, now: Timestamp) -> bool {
        self.agents.get(&a).copied().flatten().is_some_and(|s| s.left(now) > 0)
    }

    /// Whether a mobile router that is away registered from this station.
    pub(super) fn is_visiting_router(&self, place: Place, station: Mac, now: Timestamp) -> bool {
        let home = self.routers.get(&(place, station)).copied().flatten();
        let home = home.and_then(|h| self.get(&h));
        home.is_some_and(|h| h.router && !h.returned && h.is_bound(now))
    }

    /// Takes in a Binding Update, of which `e` tells.
    pub(super) fn update(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &Listed<'_>,
        e: &Event,
        routers: &Advertisements,
    ) {
        let Message::BindingUpdate { flags, lifetime, .. } = h.message else { return };
        let Some(chain) = j.chain() else { return };
        let (home, time, link) = (e.home, j.packet.frame.time, Link::of(j));
        // In tunnels the home address is inside.
        let from_home = chain.wire_source == home && chain.outer.is_none();
        if h.has_any(&[OptionFormat::BindingIdentifier]) {
            // With several care-of addresses a node may be away and at home at
            // once (RFC 5648 5.6).
            *self.known.entry(home) = None;
            return;
        }
        let before = self.get(&home).cloned();
        let before = before.as_ref();
        let bound = before.filter(|b| b.agent == e.peer && b.is_bound(time));
        if bound.is_some() && from_home {
            // A is for MIP6-MN-BU-002.
            let right = flags.contains(UpdateFlags::H) && lifetime == 0;
            j.holds(MIP6_MN_HOME_002, right, |d| {
                let h = if flags.contains(UpdateFlags::H) { "set" } else { "clear" };
                d.field(&field::BU_LIFETIME, 10)
                    .found(format!("H {h}, lifetime {lifetime}"))
                    .wanted("H set, lifetime 0, from the home address")
            });
        }
        if !flags.contains(UpdateFlags::H) {
            return;
        }
        // A local key registers with an access router.
        let local_key = h.has_any(&[OptionFormat::BindingAuthorization]);
        if let Some(right) = routers.share(home, e.peer).filter(|_| !local_key) {
            // A prefix may be advertised that was not captured.
            j.holds(MIP6_MSG_012, right, |d| {
                d.level(Level::Should)
                    .layer(chain.ip)
                    .field(&ipv6_fields::DESTINATION, 24)
                    .found(e.peer)
                    .wanted(format!("a router with the prefix of {home}"))
            });
        }
        unique_local(j, home, routers);
        let prefixes = h.has_any(&[OptionFormat::MobileNetworkPrefix]);
        if flags.contains(UpdateFlags::R) {
            network(j, before.filter(|b| b.agent == e.peer), lifetime, prefixes);
        }
        if let Some(link) = link {
            if from_home && !local_key {
                at_home(j, e, link, before, routers);
            } else if !from_home {
                first_hop(j, link, chain.wire_source, routers);
            }
        }
        if !from_home {
            unique_local(j, chain.wire_source, routers);
        }
        let begun = match before {
            Some(b)
                if instant(time) - b.begun < PATIENCE && !b.is_bound(time) && !b.is_leaving() =>
            {
                b.begun
            }
            _ => instant(time),
        };
        // What was said before a return has been judged, and so have announcements.
        let near = before.and_then(|b| b.near.as_deref()).map(|near| {
            let probes = if from_home { [None; 2] } else { near.probes };
            Box::new(Near { probes, announced: Default::default(), resolved: near.resolved })
        });
        *self.known.entry(home) = Some(Home {
            agent: e.peer,
            careof: alternate(h).unwrap_or(chain.wire_source),
            flags,
            sequence: e.sequence,
            asked: instant(time),
            wish: match (lifetime, prefixes) {
                (0, _) => Wish::End,
                (_, true) => Wish::Prefixes,
                (_, false) => Wish::Binding,
            },
            link,
            returned: from_home,
            bound: before.filter(|b| b.agent == e.peer).and_then(|b| b.bound),
            deleted: before.and_then(|b| b.deleted),
            defended: before.is_some_and(|b| b.defended),
            router: before.is_some_and(|b| b.router),
            begun,
            near,
        });
        if flags.contains(UpdateFlags::L) || self.locals.get(&local(home)).is_some() {
            let same = self.locals.entry(local(home));
            *same = Some((home, same.is_some_and(|(other, several)| several || other != home)));
        }
        if let Some(link) = link.filter(|_| flags.contains(UpdateFlags::R)) {
            *self.routers.entry((link.place, link.from)) = Some(home);
        }
    }

    /// Takes in a Binding Acknowledgement, of which `e` tells.
    pub(super) fn acknowledgement(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &Listed<'_>,
        e: &Event,
        routers: &Advertisements,
    ) {
        let Message::BindingAcknowledgement { flags, lifetime, .. } = h.message else { return };
        let (time, link) = (j.packet.frame.time, Link::of(j));
        let Some(slot) = self.known.get_mut(&e.home) else { return };
        let unasked = matches!(e.what, What::Unasked(_));
        if unasked && slot.as_ref().is_some_and(|h| h.agent == e.peer) {
            // It answers what was not captured: nothing is known any more.
            *slot = None;
        }
        let Some(home) = slot else { return };
        if e.home_registration != Some(true) || home.agent != e.peer || home.sequence != e.sequence
        {
            return;
        }
        let router = flags.contains(AckFlags::R);
        let asked = home.flags.contains(UpdateFlags::R);
        j.holds(NEMO_004, asked || !router, |d| {
            d.field(&field::BA_R, 7).found("set").wanted("clear, as in the Binding Update")
        });
        match e.what {
            What::Accepted => {
                if let Some(valid) = routers.valid(e.home) {
                    // Prefix lifetimes are compared in units of 4 seconds (10.3.1).
                    let most = if valid == u32::MAX { u32::MAX } else { valid >> 2 };
                    // It may have been made longer where nobody captured it.
                    j.holds(MIP6_HA_MPD_021, u32::from(lifetime) <= most, |d| {
                        d.level(Level::Should)
                            .field(&field::BA_LIFETIME, 10)
                            .found(lifetime)
                            .wanted(format!("at most {most}, by the lifetime of the home prefix"))
                    });
                }
                if !home.is_bound(time) {
                    tested(j, home, e, link, routers);
                }
                let span = Span { since: instant(time), seconds: e.lifetime };
                home.bound = NonZero::new(span.until()).map(|until| (home.careof, until));
                home.deleted = None;
                home.router = router && asked;
                home.defended = home.flags.contains(UpdateFlags::L);
                *self.agents.entry(e.peer) = Some(span);
            }
            What::Deleted => {
                home.bound = None;
                home.deleted = NonZero::new(instant(time));
                if let Some(near) = &mut home.near {
                    near.announced = Default::default();
                }
                // It may serve nobody else, and end.
                *self.agents.entry(e.peer) = None;
            }
            What::Refused(_) => refused(j, home, link),
            _ => {}
        }
    }

    /// RFC 6275 10.6.3: prefixes come from the home agent of the registration.
    pub(super) fn sender(&self, j: &mut Judge<'_, '_>, home: Ipv6Addr, agent: Ipv6Addr) {
        let bound = self.get(&home).filter(|h| h.is_bound(j.packet.frame.time));
        let Some(bound) = bound else {
            return j.undecided(MIP6_HA_MPD_015, unseen(j, false));
        };
        let ip = j.chain().map_or(0, |c| c.ip);
        // A registration elsewhere may not have been captured.
        j.holds(MIP6_HA_MPD_015, bound.agent == agent, |d| {
            d.level(Level::Should)
                .layer(ip)
                .field(&ipv6_fields::SOURCE, 8)
                .found(agent)
                .wanted(format!("{}, where {home} is registered", bound.agent))
        });
    }

    /// RFC 6275 6.8: prefixes that nobody asked for go to mobile nodes that are
    /// registered, at their care-of addresses. Says whether this one is, as far
    /// as was captured.
    pub(super) fn unsolicited(
        &self,
        j: &mut Judge<'_, '_>,
        home: Ipv6Addr,
        agent: Ipv6Addr,
    ) -> bool {
        let Some(chain) = j.chain() else { return false };
        let Some(known) = self.get(&home).filter(|h| h.agent == agent) else {
            j.undecided(MIP6_ICMP_011, unseen(j, false));
            return false;
        };
        match known.bound.filter(|(_, until)| until.get() > instant(j.packet.frame.time)) {
            Some((careof, _)) => {
                // An update that is under way counts as well.
                let right = [careof, known.careof].contains(&chain.wire_destination);
                j.holds(MIP6_ICMP_011, right, |d| {
                    d.layer(chain.ip)
                        .field(&ipv6_fields::DESTINATION, 24)
                        .found(chain.wire_destination)
                        .wanted(format!("{careof}, the care-of address"))
                });
                true
            }
            None if known.deleted.is_some() && known.is_leaving() => {
                j.holds(MIP6_ICMP_011, false, |d| {
                    d.found(format!("prefixes for {home}, which is de-registered"))
                        .wanted("none that nobody asked for")
                });
                false
            }
            None => {
                j.undecided(MIP6_ICMP_011, Undecided::Lost);
                false
            }
        }
    }

    /// RFC 6275 11.6.1: at home, Home Test Init (`home`) is enough. A note: at
    /// home in one domain, a node may be away from another.
    pub(super) fn test_init(&self, j: &mut Judge<'_, '_>, home: bool) {
        let Some(source) = j.chain().map(|c| c.wire_source) else { return };
        if self.get(&source).is_some_and(|h| h.returned && h.is_leaving()) {
            j.holds(MIP6_MN_HOME_011, home, |d| {
                d.level(Level::May)
                    .found("Care-of Test Init from the home address, at home")
                    .wanted("Home Test Init alone")
            });
        }
    }
}
