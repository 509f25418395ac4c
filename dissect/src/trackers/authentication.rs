//! Registrations under the authentication option, RFC 4285.

use std::net::Ipv6Addr;

use mip6_security::mobility::authentication::{AuthenticationKeys, HMAC_SHA1_SPI, Kind};
use mip6_wire::codes::OptionFormat;
use mip6_wire::icmpv6::{Icmpv6, kind};
use mip6_wire::mobility::options::fields as field;
use mip6_wire::mobility::{Message, OptionBody, UpdateFlags};
use smallvec::SmallVec;

use super::table::{Table, remember};
use super::time::{TWICE, nanos};
use crate::capture::Timestamp;
use crate::packet::Chain;
use crate::rules::id::*;
use crate::rules::{Judge, Listed, Req, Undecided};

const ROOM: usize = 200_000;
/// Updates of each mobile node that are remembered.
const UPDATES: usize = 4;
/// Octets from the start of an option to its data: type, length, subtype, SPI.
const DATA_AT: usize = 7;
/// Status: the timestamp is not accepted (`MIPV6-ID-MISMATCH`).
const MISMATCH: u8 = 144;
/// Status: a timestamp is required (`MIPV6-MESG-ID-REQD`).
const REQUIRED: u8 = 145;
/// Status: the authentication data are wrong (`MIPV6-AUTH-FAIL`).
const FAILED: u8 = 146;

/// Follows registrations under the authentication option.
#[derive(Debug)]
pub struct Authentication {
    keys: AuthenticationKeys,
    /// By home address and home agent.
    nodes: Table<(Ipv6Addr, Ipv6Addr), Node>,
    /// Home addresses that use the option.
    homes: Table<Ipv6Addr, bool>,
}

impl Default for Authentication {
    fn default() -> Self {
        Self::new(AuthenticationKeys::default())
    }
}

#[derive(Debug, Default)]
struct Node {
    updates: SmallVec<[Update; UPDATES]>,
    /// It has used the option MN-HA before.
    shares: bool,
    /// The timestamp of the last Binding Update that was accepted.
    accepted: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Update {
    time: Timestamp,
    sequence: u16,
    careof: Ipv6Addr,
    mn_ha: bool,
    mn_aaa: bool,
    timestamp: Option<u64>,
    answered: bool,
}

/// What RFC 4285 has a message say.
#[derive(Default)]
struct Said {
    /// Offset of the data of MN-HA, and its SPI.
    mn_ha: Option<(usize, u32)>,
    mn_aaa: Option<(usize, u32)>,
    /// Offset of the timestamp, and the timestamp.
    replay: Option<(usize, u64)>,
    alternate: Option<Ipv6Addr>,
}

fn said(h: &Listed<'_>) -> Said {
    let mut said = Said::default();
    for o in h.list() {
        let at = h.at(&o);
        match o.body() {
            OptionBody::Authentication { subtype, spi, .. } => match Kind::of(subtype) {
                Some(Kind::MnHa) => said.mn_ha = said.mn_ha.or(Some((at + DATA_AT, spi))),
                Some(Kind::MnAaa) => said.mn_aaa = said.mn_aaa.or(Some((at + DATA_AT, spi))),
                None => {}
            },
            // Of another length it is something else: drafts of RFC 5213 had an
            // address under this number.
            OptionBody::ReplayProtection { timestamp } if o.data.len() == 8 => {
                said.replay = Some((at + 2, timestamp));
            }
            OptionBody::AlternateCareof { address } => said.alternate = Some(address),
            _ => {}
        }
    }
    // It protects what the authentication option authenticates (section 6).
    said.replay = said.replay.filter(|_| said.mn_ha.or(said.mn_aaa).is_some());
    said
}

/// Whether a message has any of its options.
fn concerns(h: &Listed<'_>) -> bool {
    h.has_any(&[OptionFormat::Authentication, OptionFormat::ReplayProtection])
}

impl Authentication {
    pub(super) fn new(keys: AuthenticationKeys) -> Self {
        Self { keys, nodes: Table::new(ROOM), homes: Table::new(ROOM) }
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.nodes.forgotten()
    }

    /// Takes in a Binding Update.
    pub(super) fn update(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let Message::BindingUpdate { sequence, flags, .. } = h.message else { return };
        let idle = self.nodes.is_empty() && !concerns(h);
        let Some(chain) = j.chain().filter(|_| !idle) else { return };
        let (home, peer) = (chain.source(), chain.destination());
        let known = self.nodes.get(&(home, peer));
        if flags.contains(UpdateFlags::P) || (known.is_none() && !concerns(h)) {
            return;
        }
        let time = j.packet.frame.time;
        if known.is_some_and(|k| {
            k.updates.iter().any(|u| u.sequence == sequence && nanos(time, u.time) < TWICE)
        }) {
            return;
        }
        let said = said(h);
        let careof = said.alternate.unwrap_or(chain.wire_source);
        self.verify(j, &said, &[careof], home);
        let known = self.nodes.entry((home, peer));
        let home_registration = flags.contains(UpdateFlags::H);
        if known.shares && home_registration && !j.is_protected() {
            j.contains(BOOT_AUTH_010, said.mn_ha.or(said.mn_aaa).is_some(), |d| {
                d.found("a home registration without authentication option")
                    .wanted("one with it, as those before")
            });
        }
        if let (Some((at, timestamp)), Some(before)) = (said.replay, known.accepted) {
            j.holds(BOOT_AUTH_018, timestamp > before, |d| {
                d.field(&field::REPLAY_TIMESTAMP, at)
                    .found(format!("{timestamp:#018x}"))
                    .wanted(format!("more than {before:#018x}, which was accepted before"))
            });
        }
        known.shares |= said.mn_ha.is_some();
        let update = Update {
            time,
            sequence,
            careof,
            mn_ha: said.mn_ha.is_some(),
            mn_aaa: said.mn_aaa.is_some(),
            timestamp: said.replay.map(|r| r.1),
            answered: false,
        };
        remember(&mut known.updates, update);
        *self.homes.entry(home) = said.mn_ha.or(said.mn_aaa).is_some();
    }

    /// Takes in a Binding Acknowledgement; `home` is the home address that it is
    /// about, if that is known.
    pub(super) fn acknowledgement(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &Listed<'_>,
        home: Option<Ipv6Addr>,
    ) {
        let Message::BindingAcknowledgement { status, sequence, .. } = h.message else { return };
        let idle = self.nodes.is_empty() && !concerns(h);
        let Some(chain) = j.chain().filter(|_| !idle) else { return };
        let home = home.unwrap_or_else(|| chain.destination());
        let known = self.nodes.get_mut(&(home, chain.source()));
        if known.is_none() && !concerns(h) {
            return;
        }
        let said = said(h);
        let update = known.and_then(|known| {
            let update =
                known.updates.iter_mut().rev().find(|u| u.sequence == sequence && !u.answered)?;
            update.answered = true;
            if status < 128 {
                known.accepted = known.accepted.max(update.timestamp);
            }
            Some(*update)
        });
        let careofs: SmallVec<[Ipv6Addr; 2]> =
            update.map(|u| u.careof).into_iter().chain([chain.wire_destination]).collect();
        self.verify(j, &said, &careofs, home);
        let Some(update) = update else { return };
        for (r, asked) in [(BOOT_AUTH_009, update.mn_ha), (BOOT_AUTH_014, update.mn_aaa)] {
            if asked {
                j.contains(r, said.mn_ha.is_some(), |d| {
                    d.found("no MN-HA authentication option")
                        .wanted("one, as the Binding Update was authenticated")
                });
            }
        }
        if let Some(sent) = update.timestamp {
            replayed(j, status, sent, said.replay);
        }
    }

    /// Judges the authentication data of a message.
    fn verify(&self, j: &mut Judge<'_, '_>, said: &Said, careofs: &[Ipv6Addr], home: Ipv6Addr) {
        // Other SPIs between mobile node and AAA server name other algorithms.
        let mn_aaa = said.mn_aaa.filter(|(_, spi)| *spi == HMAC_SHA1_SPI);
        let each: [(Req, Kind, _); 2] =
            [(BOOT_AUTH_007, Kind::MnHa, said.mn_ha), (BOOT_AUTH_015, Kind::MnAaa, mn_aaa)];
        for (r, kind, option) in each {
            let Some((at, spi)) = option else { continue };
            let message = j.packet.octets(j.here());
            match self.keys.verify((kind, spi), careofs, home, message, at) {
                Some(right) => j.holds(r, right, |d| {
                    d.field(&field::AUTH_DATA, at)
                        .found("authentication data that the key does not make")
                        .wanted("HMAC-SHA1 by the key of the SPI")
                }),
                None => j.undecided(r, Undecided::NoKey),
            }
        }
    }

    /// Whether a home address authenticates its registrations by the option.
    fn uses(&self, home: Ipv6Addr) -> bool {
        self.homes.get(&home).copied().unwrap_or(false)
    }

    /// Takes in a Home Test Init: route optimization is for networks that protect
    /// it (section 2).
    pub(super) fn without_protection(&mut self, j: &mut Judge<'_, '_>) {
        let Some(home) = j.chain().map(Chain::source) else { return };
        if self.uses(home) {
            let protected = j.is_protected();
            j.holds(BOOT_AUTH_025, protected, |d| {
                d.found(format!("in the clear, from {home}, which uses the authentication option"))
                    .wanted("ESP, or none where the network does not protect it")
            });
        }
    }

    /// Takes in an ICMPv6 message: prefix discovery, likewise.
    pub(super) fn icmpv6(&mut self, j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
        if h.kind == kind::PREFIX_SOLICITATION {
            self.without_protection(j);
        }
    }
}

/// The timestamp of the answer to `sent`, section 6.
fn replayed(j: &mut Judge<'_, '_>, status: u8, sent: u64, answer: Option<(usize, u64)>) {
    let Some((at, timestamp)) = answer else {
        return j.contains(BOOT_AUTH_020, false, |d| {
            d.found("no replay protection option").wanted("one, as in the Binding Update")
        });
    };
    let low = |t: u64| t & 0xffff_ffff;
    // With other faults the timestamp may not have been looked at.
    let (right, wanted) = match status {
        MISMATCH | REQUIRED | FAILED => (low(timestamp) == low(sent), "its low 32 bits at least"),
        _ => (timestamp == sent, "that of the Binding Update"),
    };
    j.holds(BOOT_AUTH_020, right, |d| {
        d.field(&field::REPLAY_TIMESTAMP, at)
            .found(format!("{timestamp:#018x}"))
            .wanted(format!("{wanted}: {sent:#018x}"))
    });
}
