//! The links that a home agent serves, and the prefixes of each: its own and those
//! that other routers advertise there (RFC 6275 10.1 and 10.6.1).

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::icmpv6::nd::NdBody;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags};

use crate::roles::host::{Received, within};
use crate::roles::router::{INFINITE, Router};
use crate::roles::{Context, Interface};
use crate::time::Instant;

/// A prefix of a home link as it stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HomePrefix {
    pub(super) prefix: Ipv6Addr,
    pub(super) len: u8,
    /// L, A and R of its option.
    pub(super) flags: u8,
    /// The router's whole address (R).
    pub(super) address: Option<Ipv6Addr>,
    /// Valid lifetime in seconds.
    pub(super) valid: u32,
    /// Preferred lifetime in seconds.
    pub(super) preferred: u32,
}

/// On-link, autonomous and router address: L, A and R.
const L: u8 = 0x80;
const R: u8 = 0x20;

impl HomePrefix {
    pub(super) fn covers(&self, a: Ipv6Addr) -> bool {
        within(a, self.prefix, self.len)
    }

    /// Its addresses are on the link and valid.
    pub(super) fn is_home(&self) -> bool {
        self.flags & L != 0 && self.valid > 0
    }

    /// The Prefix Information option with the R flag, RFC 6275 7.2.
    pub(super) fn option(&self) -> NdBody<'static> {
        NdBody::PrefixInformation {
            len: self.len,
            flags: self.flags,
            valid: self.valid,
            preferred: self.preferred,
            reserved: 0,
            prefix: self.address.unwrap_or(self.prefix),
        }
    }
}

/// A prefix that another router advertises.
#[derive(Clone, Copy, Debug)]
struct Learned {
    interface: Interface,
    router: Ipv6Addr,
    prefix: HomePrefix,
    /// M and O of the advertisement.
    flags: RaFlags,
    since: Instant,
}

impl Learned {
    /// Its lifetimes now.
    fn now(&self, now: Instant) -> HomePrefix {
        let age = now.since(self.since).as_secs();
        let left = |secs: u32| match secs {
            INFINITE => INFINITE,
            secs => u32::try_from(u64::from(secs).saturating_sub(age)).unwrap_or(INFINITE),
        };
        let p = self.prefix;
        HomePrefix { valid: left(p.valid), preferred: left(p.preferred), ..p }
    }
}

/// What other routers advertise on home links.
#[derive(Debug, Default)]
pub(super) struct Links {
    learned: Vec<Learned>,
}

/// Prefixes of other routers that are remembered; one more takes the place of one
/// that is no longer valid, or is not taken in.
const ROOM: usize = 256;
/// Lifetimes that differ by less have but grown older.
const JITTER: u32 = 2;

impl Links {
    /// Takes in the prefixes of a Router Advertisement. Those that have changed
    /// otherwise than by growing older, with whether they are new.
    pub(super) fn heard(
        &mut self,
        cx: &Context<'_>,
        p: &Received,
        message: &Icmpv6<'_>,
        options: impl Iterator<Item = NdBody<'static>>,
    ) -> Vec<HomePrefix> {
        let Icmpv6Body::RouterAdvertisement { flags, .. } = message.body else {
            return Vec::new();
        };
        let flags = flags & (RaFlags::M | RaFlags::O);
        let mut changed = Vec::new();
        for option in options {
            let NdBody::PrefixInformation { len, flags: bits, valid, preferred, prefix, .. } =
                option
            else {
                continue;
            };
            if len > 128 || preferred > valid || !crate::roles::host::is_routable(prefix) {
                continue;
            }
            let mask = u128::MAX.checked_shl(128 - u32::from(len)).unwrap_or(0);
            let fresh = HomePrefix {
                prefix: Ipv6Addr::from_bits(prefix.to_bits() & mask),
                len,
                flags: bits,
                address: (bits & R != 0).then_some(prefix),
                valid,
                preferred,
            };
            let entry = Learned {
                interface: p.interface,
                router: p.source,
                prefix: fresh,
                flags,
                since: cx.now,
            };
            let same = |l: &&mut Learned| {
                (l.interface, l.router, l.prefix.prefix, l.prefix.len)
                    == (p.interface, p.source, fresh.prefix, len)
            };
            if let Some(known) = self.learned.iter_mut().find(same) {
                let then = known.prefix;
                let aged = known.now(cx.now);
                let lives =
                    |told: u32, was: u32, is: u32| told == was || told.abs_diff(is) <= JITTER;
                let grown = then.flags == bits
                    && known.flags == flags
                    && lives(valid, then.valid, aged.valid)
                    && lives(preferred, then.preferred, aged.preferred);
                *known = entry;
                if !grown {
                    changed.push(fresh);
                }
                continue;
            }
            if self.learned.len() >= ROOM {
                let gone = self.learned.iter().position(|l| l.now(cx.now).valid == 0);
                let Some(gone) = gone else { continue };
                self.learned.swap_remove(gone);
            }
            self.learned.push(entry);
            changed.push(fresh);
        }
        changed
    }

    /// The prefixes of a home link: first this router's own, then those of others
    /// that it does not have. Where several say something of one, the longest
    /// lifetimes count.
    pub(super) fn prefixes(
        &self,
        router: &Router,
        now: Instant,
        interface: Interface,
    ) -> Vec<HomePrefix> {
        let own = router.prefixes(now, interface).into_iter().map(|p| {
            let NdBody::PrefixInformation { flags, .. } = p.option() else {
                return HomePrefix {
                    prefix: p.config.prefix,
                    len: p.config.len,
                    flags: 0,
                    address: None,
                    valid: 0,
                    preferred: 0,
                };
            };
            HomePrefix {
                prefix: p.config.prefix,
                len: p.config.len,
                flags,
                address: p.config.router_address,
                valid: p.valid,
                preferred: p.preferred,
            }
        });
        let mut all: Vec<HomePrefix> = own.collect();
        let others = self.learned.iter().filter(|l| l.interface == interface);
        for other in others.map(|l| l.now(now)) {
            if !all.iter().any(|p| (p.prefix, p.len) == (other.prefix, other.len)) {
                all.push(other);
            }
        }
        all
    }

    /// M and O of what advertised the prefixes of a home link, this router
    /// included.
    pub(super) fn flags(&self, router: &Router, interface: Interface) -> RaFlags {
        let mut flags = RaFlags::empty();
        if let Some(config) = router.config(interface) {
            flags.set(RaFlags::M, config.managed);
            flags.set(RaFlags::O, config.other);
        }
        let others = self.learned.iter().filter(|l| l.interface == interface);
        others.fold(flags, |flags, l| flags | l.flags)
    }
}

/// A lifetime in seconds in whole units of 4 seconds; infinite ones are longer
/// than any binding.
pub(super) fn in_units(secs: u32) -> u32 {
    if secs == INFINITE { u32::MAX } else { secs >> 2 }
}

/// A lifetime in seconds as a time.
pub(super) fn lasting(secs: u32) -> Duration {
    Duration::from_secs(secs.into())
}
