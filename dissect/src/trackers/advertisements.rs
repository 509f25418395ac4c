//! Router Advertisements over time, RFC 6275 7, and what is known by them of
//! routers, prefixes and links.

use std::hash::BuildHasher;
use std::net::Ipv6Addr;

use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags, fields as field};
use smallvec::SmallVec;

use super::homes::Homes;
use super::link::{Link, Mac, Place};
use super::table::{Table, remember};
use super::time::{SECOND, nanos, tolerance};
use crate::capture::Timestamp;
use crate::rules::id::*;
use crate::rules::{Judge, Undecided};

/// Routers, and prefixes, that are remembered.
const ROOM: usize = 20_000;
/// Prefixes of a router, and routers of a prefix.
const EACH: usize = 8;
/// Advertisements closer than this are parts of one: unsolicited ones keep 30 ms
/// at the least (RFC 6275 7.5).
const BURST: i64 = 20 * SECOND / 1_000;
const FLAGS_AT: usize = 5;
const OPTIONS_AT: usize = 16;
/// Flags of a Prefix Information option: autonomous, router address.
const A: u8 = 0x40;
const R: u8 = 0x20;

/// A router by its link, its station there and its link-local address.
type Key = (Place, Mac, Ipv6Addr);
type Addresses = SmallVec<[Ipv6Addr; 4]>;

/// Follows what routers advertise.
#[derive(Debug)]
pub(super) struct Advertisements {
    routers: Table<Key, Option<Router>>,
    /// Routers by the address that they advertise with R.
    addresses: Table<Ipv6Addr, Option<Key>>,
    /// Routers by their station.
    stations: Table<(Place, Mac), Option<Key>>,
    /// Routers by the first 64 bits of their prefixes.
    nets: Table<[u8; 8], SmallVec<[Key; EACH]>>,
    /// Stations that are hosts: they solicit advertisements.
    hosts: Table<(Place, Mac), ()>,
}

impl Default for Advertisements {
    fn default() -> Self {
        Self {
            routers: Table::new(ROOM),
            addresses: Table::new(ROOM),
            stations: Table::new(ROOM),
            nets: Table::new(ROOM),
            hosts: Table::new(ROOM),
        }
    }
}

/// What a router has advertised.
#[derive(Debug)]
struct Router {
    last: Advertised,
    /// When the last one to all nodes came.
    multicast: Option<Timestamp>,
    /// In milliseconds.
    interval: Option<u32>,
    /// Whether it is a home agent.
    home_agent: bool,
    /// An advertisement before had an address with R.
    uses_r: bool,
    /// Addresses that all advertisements since had with R.
    steady: Addresses,
    /// The steady addresses before their prefixes went.
    former: Addresses,
    prefixes: SmallVec<[Prefix; EACH]>,
}

/// One advertisement, as far as others are compared to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Advertised {
    time: Timestamp,
    multicast: bool,
    fixed: (u8, RaFlags, u16, u32, u32),
    options: u64,
    has_r: bool,
    information: Option<(u16, u16, u16)>,
}

#[derive(Clone, Copy, Debug)]
struct Prefix {
    address: Ipv6Addr,
    len: u8,
    flags: u8,
    /// In seconds, as advertised last.
    valid: u32,
}

impl Prefix {
    fn covers(&self, a: Ipv6Addr) -> bool {
        covers(self.address, self.len, a)
    }
}

/// Whether an address has a prefix.
pub(super) fn covers(prefix: Ipv6Addr, len: u8, a: Ipv6Addr) -> bool {
    let differ = prefix.to_bits() ^ a.to_bits();
    len <= 128 && differ.leading_zeros() >= u32::from(len)
}

fn net(a: Ipv6Addr) -> [u8; 8] {
    let [b0, b1, b2, b3, b4, b5, b6, b7, ..] = a.octets();
    [b0, b1, b2, b3, b4, b5, b6, b7]
}

/// Under 2000::/3.
fn is_global(a: Ipv6Addr) -> bool {
    a.segments()[0] >> 13 == 1
}

impl Advertisements {
    pub(super) fn forgotten(&self) -> u64 {
        self.routers.forgotten()
            + self.addresses.forgotten()
            + self.stations.forgotten()
            + self.nets.forgotten()
            + self.hosts.forgotten()
    }

    /// A Router Solicitation: hosts send them.
    pub(super) fn solicitation(&mut self, j: &Judge<'_, '_>) {
        if let Some(link) = Link::of(j) {
            self.hosts.entry((link.place, link.from));
        }
    }

    /// Whether a station has solicited advertisements.
    pub(super) fn is_host(&self, place: Place, station: Mac) -> bool {
        self.hosts.get(&(place, station)).is_some()
    }

    /// Takes in a Router Advertisement. Receivers discard those that came
    /// through a router (RFC 4861 6.1.2).
    pub(super) fn advertisement(&mut self, j: &mut Judge<'_, '_>, h: &Icmpv6<'_>, homes: &Homes) {
        let Icmpv6Body::RouterAdvertisement {
            hop_limit,
            flags,
            lifetime,
            reachable,
            retrans,
            options,
        } = &h.body
        else {
            return;
        };
        let (Some(chain), Some(link)) = (j.chain(), Link::of(j)) else { return };
        let source = chain.wire_source;
        if chain.hop_limit != 255 || !source.is_unicast_link_local() || !j.list_whole {
            return;
        }
        let mut now = Advertised {
            time: j.packet.frame.time,
            multicast: chain.wire_destination.is_multicast(),
            fixed: (*hop_limit, *flags, *lifetime, *reachable, *retrans),
            options: foldhash::fast::FixedState::with_seed(0).hash_one(&options[..]),
            has_r: false,
            information: None,
        };
        let key = (link.place, link.from, source);
        let known = self.routers.entry(key);
        if known.is_none() {
            *known = Some(Router {
                last: Advertised { time: Timestamp::default(), options: !now.options, ..now },
                multicast: None,
                interval: None,
                home_agent: false,
                uses_r: false,
                steady: Addresses::new(),
                former: Addresses::new(),
                prefixes: SmallVec::new(),
            });
        }
        let Some(router) = known else { return };
        let last = router.last;
        // Most say again what they said before, and of that everything has been
        // said; but since then somebody may have become a home agent.
        let again = (last.fixed, last.options) == (now.fixed, now.options)
            && (!last.has_r || flags.contains(RaFlags::H));
        if again {
            now.has_r = last.has_r;
            now.information = last.information;
        }
        router.rate(j, &now);
        if !again {
            self.learn(j, h, &mut now, key, homes);
        }
        let Some(Some(router)) = self.routers.get_mut(&key) else { return };
        router.last = now;
        if now.multicast {
            router.multicast = Some(now.time);
        }
        if self.is_host(link.place, link.from) {
            let away = homes.is_visiting_router(link.place, link.from, now.time);
            j.holds(NEMO_015, !away, |d| {
                d.found("a Router Advertisement of a mobile router on the link it visits")
                    .wanted("none there")
            });
        }
    }

    /// Reads the options of an advertisement, and judges them.
    fn learn(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &Icmpv6<'_>,
        now: &mut Advertised,
        key: Key,
        homes: &Homes,
    ) {
        let Some(options) = h.body.nd_options() else { return };
        let Some(Some(router)) = self.routers.get_mut(&key) else { return };
        let (place, station, _) = key;
        *self.stations.entry((place, station)) = Some(key);
        router.home_agent = now.fixed.1.contains(RaFlags::H);
        router.interval = None;
        let mut own = Addresses::new();
        let mut prefixes = SmallVec::<[Prefix; EACH]>::new();
        for o in NdOptions::new(options, h.kind, j.codes()).flatten() {
            match o.body() {
                NdBody::PrefixInformation { len, flags, valid, prefix, .. } => {
                    let p = Prefix { address: prefix, len, flags, valid };
                    remember(&mut prefixes, p);
                    if flags & R != 0 {
                        remember(&mut own, prefix);
                        *self.addresses.entry(prefix) = Some(key);
                    }
                    router.prefixes.retain(|q| q.len != len || !q.covers(prefix));
                    if valid > 0 {
                        remember(&mut router.prefixes, p);
                    }
                    if len == 64 {
                        let routers = self.nets.entry(net(prefix));
                        if !routers.contains(&key) {
                            remember(routers, key);
                        }
                    }
                }
                NdBody::AdvertisementInterval { interval, .. } => router.interval = Some(interval),
                NdBody::HomeAgentInformation { reserved, preference, lifetime } => {
                    now.information = Some((reserved, preference, lifetime));
                }
                _ => {}
            }
        }
        now.has_r = !own.is_empty();
        home_agent(j, now.fixed.1, &own, homes);
        router.addresses(j, &own, &prefixes);
        router.parts(j, now);
    }

    fn router(&self, key: Option<&Key>) -> Option<&Router> {
        self.routers.get(key?)?.as_ref()
    }

    fn by_address(&self, address: Ipv6Addr) -> Option<(&Key, &Router)> {
        let key = self.addresses.get(&address)?.as_ref()?;
        Some((key, self.router(Some(key))?))
    }

    /// Routers that advertise the 64 bits of an address.
    fn on_link(&self, a: Ipv6Addr) -> impl Iterator<Item = &Router> {
        let keys = self.nets.get(&net(a)).into_iter().flatten();
        keys.filter_map(|k| self.router(Some(k)))
    }

    /// The station of the router that advertises this address as its own.
    pub(super) fn station(&self, address: Ipv6Addr, place: Place) -> Option<Mac> {
        let (key, _) = self.by_address(address)?;
        (key.0 == place).then_some(key.1)
    }

    /// The link-local address of the router that advertises this one as its own.
    pub(super) fn link_local(&self, address: Ipv6Addr) -> Option<Ipv6Addr> {
        self.by_address(address).map(|(key, _)| key.2)
    }

    /// The Retrans Timer, in milliseconds, of the router that advertises this
    /// address as its own, unless it leaves it open.
    pub(super) fn retrans(&self, address: Ipv6Addr) -> Option<u32> {
        let (_, router) = self.by_address(address)?;
        Some(router.last.fixed.4).filter(|ms| *ms > 0)
    }

    /// Whether the prefix of an address is advertised on a link.
    pub(super) fn is_on_link(&self, a: Ipv6Addr, place: Place) -> bool {
        self.nets.get(&net(a)).is_some_and(|keys| keys.iter().any(|k| k.0 == place))
    }

    /// Whether the home agents of the link of a home address have an address's
    /// prefix; `None` if none of them was seen.
    pub(super) fn share(&self, home: Ipv6Addr, agent: Ipv6Addr) -> Option<bool> {
        if net(home) == net(agent) {
            return Some(true);
        }
        let mut agents = self.on_link(home).filter(|r| r.home_agent).peekable();
        agents.peek()?;
        Some(agents.any(|r| r.prefixes.iter().any(|p| p.covers(agent))))
    }

    /// The longest valid lifetime, in seconds, that is advertised for the prefix
    /// of an address.
    pub(super) fn valid(&self, a: Ipv6Addr) -> Option<u32> {
        let prefixes = self.on_link(a).flat_map(|r| &r.prefixes);
        prefixes.filter(|p| p.covers(a)).map(|p| p.valid).max()
    }

    /// Whether the router behind a station advertises the prefix of an address;
    /// `None` if no prefix of its was seen.
    pub(super) fn advertises(&self, place: Place, station: Mac, a: Ipv6Addr) -> Option<bool> {
        let key = self.stations.get(&(place, station))?.as_ref();
        let prefixes = &self.router(key)?.prefixes;
        (!prefixes.is_empty()).then(|| prefixes.iter().any(|p| p.covers(a)))
    }

    /// Whether a router that advertises the prefix of an address has a global
    /// one too, to make addresses of; `None` if no such router was seen.
    pub(super) fn has_global(&self, a: Ipv6Addr) -> Option<bool> {
        let mut prefixes = self.on_link(a).flat_map(|r| &r.prefixes).peekable();
        prefixes.peek()?;
        Some(prefixes.any(|p| is_global(p.address) && p.flags & A != 0))
    }
}

/// RFC 6275 7.1: who serves as home agent by an address says so.
fn home_agent(j: &mut Judge<'_, '_>, flags: RaFlags, own: &[Ipv6Addr], homes: &Homes) {
    let time = j.packet.frame.time;
    let Some(address) = own.iter().find(|a| homes.is_agent(**a, time)) else { return };
    j.holds(MIP6_ND_001, flags.contains(RaFlags::H), |d| {
        d.field(&field::RA_H, FLAGS_AT)
            .found(format!("clear, of the home agent {address}"))
            .wanted("set")
    });
}

impl Router {
    /// RFC 6275 7.2: addresses with R come in every advertisement, and one of
    /// them stays.
    fn addresses(&mut self, j: &mut Judge<'_, '_>, own: &Addresses, prefixes: &[Prefix]) {
        if own.is_empty() {
            // Of home agents, MIP6-ND-002 wants it anyway. Said once, until R
            // comes back.
            if self.uses_r && !self.home_agent {
                self.uses_r = false;
                j.holds(MIP6_ND_004, false, |d| {
                    d.at(OPTIONS_AT)
                        .found("no address with R, unlike before")
                        .wanted("one in each advertisement")
                });
            }
            return;
        }
        if !self.home_agent {
            j.holds(MIP6_ND_004, true, |d| d);
        }
        self.uses_r = true;
        if self.steady.is_empty() {
            self.steady.clone_from(own);
            return;
        }
        let stays = |a: &Ipv6Addr| own.contains(a);
        if self.steady.iter().any(stays) {
            self.steady.retain(|a| stays(a));
            return j.holds(MIP6_ND_005, true, |d| d);
        }
        // Prefixes that went take their addresses with them; but if they are
        // there still, or come back, they did not go.
        let there = |a: &Ipv6Addr| prefixes.iter().any(|p| p.covers(*a));
        let changed = !self.steady.iter().any(there) && !self.former.iter().any(stays);
        let before = self.steady[0];
        if !changed {
            j.holds(MIP6_ND_005, false, |d| {
                d.at(OPTIONS_AT)
                    .found(format!("{} with R, without {before}", own[0]))
                    .wanted("an address that stays the same in all advertisements")
            });
        }
        self.former = std::mem::replace(&mut self.steady, own.clone());
    }

    /// RFC 6275 7.4: the parts of one advertisement have the same Home Agent
    /// Information, or none has.
    fn parts(&self, j: &mut Judge<'_, '_>, now: &Advertised) {
        let last = &self.last;
        let parts = now.multicast
            && last.multicast
            && nanos(now.time, last.time) < BURST
            && now.fixed == last.fixed
            && now.options != last.options;
        if parts && now.has_r && last.has_r {
            j.holds(MIP6_ND_012, now.information == last.information, |d| {
                d.at(OPTIONS_AT)
                    .found("another Home Agent Information than the part before")
                    .wanted("the same in all parts with R")
            });
        }
    }

    /// RFC 6275 7.3: the interval is the longest between two advertisements. A
    /// longer one may be a lost frame.
    fn rate(&self, j: &mut Judge<'_, '_>, now: &Advertised) {
        let (Some(before), Some(ms)) = (self.multicast, self.interval) else { return };
        if !now.multicast {
            return;
        }
        let most = i64::from(ms) * (SECOND / 1_000);
        if nanos(now.time, before) <= most + tolerance(most) {
            j.holds(MIP6_ND_006, true, |d| d);
        } else {
            j.undecided(MIP6_ND_006, Undecided::Lost);
        }
    }
}

/// RFC 6275 4.6: unique local addresses are no home or care-of addresses where
/// there are others.
pub(super) fn unique_local(j: &mut Judge<'_, '_>, a: Ipv6Addr, routers: &Advertisements) {
    if a.octets()[0] & 0xfe != 0xfc {
        return;
    }
    let Some(global) = routers.has_global(a) else { return };
    j.holds(MIP6_NODE_003, !global, |d| {
        d.found(format!("{a}, a unique local address"))
            .wanted("one of the global prefix that its router advertises too")
    });
}
