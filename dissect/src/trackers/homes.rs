//! Home registrations as the links show them: who serves a home address, from
//! where it was asked, and what both said on the home link meanwhile. RFC 6275
//! 10.3, 11.5.4 and 11.7.1; RFC 3963.

use std::net::Ipv6Addr;

use mip6_wire::codes::OptionFormat;
use mip6_wire::ip::ipv6_fields;
use mip6_wire::link::ethernet_fields as link_field;
use mip6_wire::mobility::{AckFlags, Message, UpdateFlags, message_fields as field};

use super::advertisements::{Advertisements, unique_local};
use super::link::{Link, Mac, Place};
use super::registrations::{Event, What};
use super::table::Table;
use super::time::{PATIENCE, SECOND, nanos, tolerance, unseen};
use crate::capture::Timestamp;
use crate::rules::id::*;
use crate::rules::{Judge, Level, Listed, Undecided};

/// Home addresses that are remembered.
const ROOM: usize = 100_000;
/// `RetransTimer` by default, RFC 4861 10, in milliseconds.
const RETRANS_TIMER: u32 = 1_000;
/// Lifetimes count four seconds, and packets take their time.
const SLACK: i64 = 5 * SECOND;

/// Follows home registrations on the links.
#[derive(Debug)]
pub(super) struct Homes {
    homes: Table<Ipv6Addr, Option<Home>>,
    /// Home addresses by the link-local address of the same interface identifier.
    locals: Table<Ipv6Addr, Option<Ipv6Addr>>,
    /// Until when an address serves as home agent.
    agents: Table<Ipv6Addr, Option<Span>>,
    /// Mobile routers by the station from which they registered.
    routers: Table<(Place, Mac), Option<Ipv6Addr>>,
}

impl Default for Homes {
    fn default() -> Self {
        Self {
            homes: Table::new(ROOM),
            locals: Table::new(ROOM),
            agents: Table::new(ROOM),
            routers: Table::new(ROOM),
        }
    }
}

/// Some time from a packet on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    since: Timestamp,
    seconds: u32,
}

impl Span {
    /// What is left of it.
    fn left(&self, now: Timestamp) -> i64 {
        i64::from(self.seconds) * SECOND - nanos(now, self.since)
    }
}

/// What is known of a home address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home {
    /// Its home agent.
    pub(super) agent: Ipv6Addr,
    /// The care-of address of the last update.
    careof: Ipv6Addr,
    /// Flags and number of the last update.
    pub(super) flags: UpdateFlags,
    sequence: u16,
    /// When the last update was sent, and for how long.
    asked: Span,
    /// Stations of the last update.
    link: Option<Link>,
    /// The last update came from the home address itself.
    from_home: bool,
    /// It had Mobile Network Prefix options.
    explicit: bool,
    /// The care-of address and lifetime that were accepted last.
    bound: Option<(Ipv6Addr, Span)>,
    /// An acknowledgement said that there is no binding any more, when.
    pub(super) deleted: Option<Timestamp>,
    /// R of the last acknowledgement.
    pub(super) router: bool,
    /// When the first update was sent that was not answered yet.
    begun: Timestamp,
    /// The last Duplicate Address Detection of the home address and of the
    /// link-local address.
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
        self.bound.is_some_and(|(_, span)| span.left(now) > 0)
    }

    /// There is a binding, or there may soon be.
    pub(super) fn is_away(&self, now: Timestamp) -> bool {
        self.is_bound(now) || !self.is_leaving() && nanos(now, self.asked.since) < PATIENCE
    }

    /// The last update asked for the end of the binding.
    pub(super) fn is_leaving(&self) -> bool {
        self.asked.seconds == 0
    }

    /// Somebody else than this station probes the home address.
    pub(super) fn is_probed(&self, by: Option<Mac>) -> bool {
        let others = self.probes.iter().flatten().filter(|p| Some(p.link.from) != by);
        others.count() > 0
    }

    /// Where the mobile node is on its home link, once it said so.
    pub(super) fn station_at_home(&self) -> Option<Link> {
        self.link.filter(|_| self.from_home && self.is_leaving())
    }
}

/// The link-local address of the same interface identifier.
fn local(home: Ipv6Addr) -> Ipv6Addr {
    let id = home.to_bits() & u128::from(u64::MAX);
    Ipv6Addr::from_bits(0xfe80 << 112 | id)
}

impl Homes {
    pub(super) fn forgotten(&self) -> u64 {
        self.homes.forgotten()
    }

    /// What is known of a home address.
    pub(super) fn get(&self, home: &Ipv6Addr) -> Option<&Home> {
        self.homes.get(home)?.as_ref()
    }

    /// What is known of the home address of a target, and whether the target is
    /// its link-local address.
    pub(super) fn find(&mut self, target: Ipv6Addr) -> Option<(&mut Home, bool)> {
        let local = target.is_unicast_link_local();
        let home = if local { *self.locals.get(&target)?.as_ref()? } else { target };
        Some((self.homes.get_mut(&home)?.as_mut()?, local))
    }

    /// Whether an address serves as home agent, by what it acknowledged.
    pub(super) fn is_agent(&self, a: Ipv6Addr, now: Timestamp) -> bool {
        self.agents.get(&a).copied().flatten().is_some_and(|s| s.left(now) > 0)
    }

    /// Whether a mobile router that is away registered from this station.
    pub(super) fn is_visiting_router(&self, place: Place, station: Mac, now: Timestamp) -> bool {
        let home = self.routers.get(&(place, station)).copied().flatten();
        let home = home.and_then(|h| self.get(&h));
        home.is_some_and(|h| h.router && !h.from_home && h.is_bound(now))
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
        let from_home = chain.wire_source == home;
        let before = self.get(&home).copied();
        let bound = before.filter(|b| b.agent == e.peer && b.is_bound(time));
        if bound.is_some() && from_home {
            // A binding that came back while away: MIP6-MN-BU-002 has A.
            let right = flags.contains(UpdateFlags::H) && lifetime == 0;
            j.holds(MIP6_MN_HOME_002, right, |d| {
                let h = if flags.contains(UpdateFlags::H) { "set" } else { "clear" };
                d.field(&field::BU_LIFETIME, 10)
                    .found(format!("H {h}, lifetime {lifetime}"))
                    .wanted("H set, lifetime 0, from the home address")
            });
        }
        if !flags.contains(UpdateFlags::H) {
            if let Some(before) = before.filter(|_| e.what == What::Asked) {
                correspondent(j, &before, e.lifetime);
            }
            return;
        }
        j.list_whole &= h.stop.is_none();
        if let Some(right) = routers.share(home, e.peer) {
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
            if from_home {
                at_home(j, e, link, before.as_ref(), routers);
            } else {
                first_hop(j, link, chain.wire_source, routers);
            }
        }
        if !from_home {
            unique_local(j, chain.wire_source, routers);
        }
        let begun = match before {
            Some(b) if nanos(time, b.begun) < PATIENCE && !b.is_bound(time) => b.begun,
            _ => time,
        };
        *self.homes.entry(home) = Some(Home {
            agent: e.peer,
            careof: careof(h).unwrap_or(chain.wire_source),
            flags,
            sequence: e.sequence,
            asked: Span { since: time, seconds: u32::from(lifetime) * 4 },
            link,
            from_home,
            explicit: prefixes && lifetime > 0,
            bound: before.filter(|b| b.agent == e.peer).and_then(|b| b.bound),
            deleted: before.and_then(|b| b.deleted),
            router: before.is_some_and(|b| b.router),
            begun,
            probes: before.map_or([None; 2], |b| b.probes),
            announced: [Announced::default(); 2],
            resolved: before.and_then(|b| b.resolved),
        });
        *self.locals.entry(local(home)) = Some(home);
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
        let Some(Some(home)) = self.homes.get_mut(&e.home) else { return };
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
                    j.holds(MIP6_HA_MPD_021, u32::from(lifetime) <= most, |d| {
                        d.field(&field::BA_LIFETIME, 10)
                            .found(lifetime)
                            .wanted(format!("at most {most}, by the lifetime of the home prefix"))
                    });
                }
                if !home.is_bound(time) {
                    tested(j, home, e, link, routers);
                }
                let span = Span { since: time, seconds: e.lifetime };
                home.bound = Some((home.careof, span));
                home.deleted = None;
                home.router = router && asked;
                *self.agents.entry(e.peer) = Some(span);
            }
            What::Deleted => {
                home.bound = None;
                home.deleted = Some(time);
                home.announced = [Announced::default(); 2];
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
        j.holds(MIP6_HA_MPD_015, bound.agent == agent, |d| {
            d.layer(ip)
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
        match known.bound.filter(|(_, span)| span.left(j.packet.frame.time) > 0) {
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

    /// RFC 6275 11.6.1: at home, Home Test Init (`home`) is enough.
    pub(super) fn test_init(&self, j: &mut Judge<'_, '_>, home: bool) {
        let Some(source) = j.chain().map(|c| c.wire_source) else { return };
        if self.get(&source).is_some_and(|h| h.from_home && h.is_leaving()) {
            j.holds(MIP6_MN_HOME_011, home, |d| {
                d.found("Care-of Test Init from the home address, at home")
                    .wanted("Home Test Init alone")
            });
        }
    }
}

/// The address of an Alternate Care-of Address option.
fn careof(h: &Listed<'_>) -> Option<Ipv6Addr> {
    let data = h.find(OptionFormat::AlternateCareof)?.data;
    Some(<[u8; 16]>::try_from(data).ok()?.into())
}

/// RFC 6275 11.4.2: a binding at a correspondent lasts no longer than the home
/// registration. One that was not captured may have made it longer.
fn correspondent(j: &mut Judge<'_, '_>, home: &Home, lifetime: u32) {
    let time = j.packet.frame.time;
    let Some((_, span)) = home.bound.filter(|(_, s)| s.left(time) > 0) else { return };
    let left = span.left(time).max(home.asked.left(time));
    j.holds(MIP6_MN_MPD_005, i64::from(lifetime) * SECOND <= left + SLACK, |d| {
        d.level(Level::Should)
            .field(&field::BU_LIFETIME, 10)
            .found(format!("{lifetime} s"))
            .wanted(format!("at most the {} s left to the home registration", left / SECOND))
    });
}

/// RFC 3963 5.2 and 5.8, explicit mode: prefixes in each update, but none when
/// de-registering. A mobile router may change its mode.
fn network(j: &mut Judge<'_, '_>, before: Option<Home>, lifetime: u16, prefixes: bool) {
    if lifetime == 0 {
        j.holds(NEMO_014, !prefixes, |d| {
            d.level(Level::Should)
                .found("Mobile Network Prefix options in a de-registration")
                .wanted("none")
        });
    } else if before.is_some_and(|b| b.explicit && b.flags.contains(UpdateFlags::R)) {
        j.contains(NEMO_003, prefixes, |d| {
            d.level(Level::Should)
                .found("no Mobile Network Prefix option, unlike before")
                .wanted("one for each prefix in each Binding Update")
        });
    }
}

/// RFC 6275 11.5.5: back on the home link.
fn at_home(
    j: &mut Judge<'_, '_>,
    e: &Event,
    link: Link,
    before: Option<&Home>,
    routers: &Advertisements,
) {
    if e.what != What::AskedToDelete {
        return;
    }
    if let Some(agent) = routers.station(e.peer, link.place) {
        j.holds(MIP6_MN_HOME_004, link.to == agent, |d| {
            d.layer(0)
                .field(&link_field::DESTINATION, 0)
                .found(mac(link.to))
                .wanted(format!("{}, the home agent's", mac(agent)))
        });
    }
    let time = j.packet.frame.time;
    if let Some(before) = before.filter(|b| b.is_bound(time)) {
        let own = |p: &&Probe| {
            (p.link.place, p.link.from) == (link.place, link.from) && nanos(time, p.time) < PATIENCE
        };
        let probe = before.probes[0].as_ref().filter(own);
        j.holds(MIP6_MN_HOME_005, probe.is_none(), |d| {
            let ms = probe.map_or(0, |p| nanos(time, p.time) / 1_000_000);
            d.found(format!("Duplicate Address Detection of {} {ms} ms before", e.home))
                .wanted("none while there is a binding")
        });
    }
}

/// RFC 6275 11.5.4: the care-of address has a prefix of the router that the
/// mobile node uses. It is the mobile node that hands the frame to the router if
/// it has shown itself to be a host.
fn first_hop(j: &mut Judge<'_, '_>, link: Link, source: Ipv6Addr, routers: &Advertisements) {
    if !routers.is_host(link.place, link.from) {
        return;
    }
    let Some(right) = routers.advertises(link.place, link.to, source) else { return };
    let ip = j.chain().map_or(0, |c| c.ip);
    j.holds(MIP6_MN_MOV_010, right, |d| {
        d.layer(ip)
            .field(&ipv6_fields::SOURCE, 8)
            .found(source)
            .wanted("an address of a prefix that the default router advertises")
    });
}

/// RFC 6275 10.3.1: Duplicate Address Detection ends before the acknowledgement.
/// Without an advertised Retrans Timer, the home agent's own may be shorter than
/// the default.
fn tested(
    j: &mut Judge<'_, '_>,
    home: &Home,
    e: &Event,
    link: Option<Link>,
    routers: &Advertisements,
) {
    let time = j.packet.frame.time;
    let advertised = routers.retrans(e.peer);
    let wait = i64::from(advertised.unwrap_or(RETRANS_TIMER)) * (SECOND / 1_000);
    let requirements = [MIP6_HA_BU_011, MIP6_HA_BU_014];
    for (r, probe) in requirements.into_iter().zip(home.probes) {
        // The link-local address counts if L says so.
        if r == MIP6_HA_BU_014 && !home.flags.contains(UpdateFlags::L) {
            continue;
        }
        let Some(probe) = probe.filter(|p| nanos(p.time, home.begun) >= 0) else { continue };
        let place = probe.link.place;
        let agent = routers.station(e.peer, place);
        let agent = agent.or_else(|| link.filter(|l| l.place == place).map(|l| l.from));
        if agent != Some(probe.link.from) {
            continue;
        }
        let gap = nanos(time, probe.time);
        j.holds(r, gap >= wait - tolerance(wait), |d| {
            let d = if advertised.is_none() { d.level(Level::Should) } else { d };
            d.found(format!("{} ms after its Neighbor Solicitation", gap / 1_000_000))
                .wanted(format!("{} ms after it", wait / 1_000_000))
        });
    }
}

/// RFC 6275 10.3.2: a refusal to a mobile node on the home link goes to its
/// station.
fn refused(j: &mut Judge<'_, '_>, home: &Home, link: Option<Link>) {
    let (Some(asked), Some(link)) = (home.station_at_home(), link) else { return };
    // Both on one link: the home agent answers where it was asked.
    if (asked.place, asked.to) != (link.place, link.from) {
        return;
    }
    let right = link.to == asked.from || Some(link.to) == home.resolved;
    j.holds(MIP6_HA_DEREG_007, right, |d| {
        d.layer(0)
            .field(&link_field::DESTINATION, 0)
            .found(mac(link.to))
            .wanted(format!("{}, where the Binding Update came from", mac(asked.from)))
    });
}

pub(super) fn mac(a: Mac) -> String {
    let [a, b, c, d, e, f] = a;
    format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}")
}
