//! Return routability, RFC 6275 5.2: cookies that come back, tokens, and the
//! authenticators that are made of them.

use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_wire::codes::OptionFormat;
use mip6_wire::mobility::options::fields as option_field;
use mip6_wire::mobility::{Message, UpdateFlags, message_fields as field};
use smallvec::SmallVec;

use super::table::{Table, remember};
use super::time::{PATIENCE, SECOND, TWICE, nanos, unseen};
use crate::capture::Timestamp;
use crate::rules::id::*;
use crate::rules::{Judge, Listed, Req};

const ROOM: usize = 200_000;
/// Cookies and tokens of each node that are remembered.
const LAST: usize = 4;
/// `MAX_TOKEN_LIFETIME`, 210 seconds, and a little for the way.
const TOKEN_LIFETIME: i64 = 212 * SECOND;

/// Follows return routability. A test goes between an address of the mobile
/// node, its home or care-of address, and a correspondent.
#[derive(Debug)]
pub struct Routability {
    tests: Table<(Ipv6Addr, Ipv6Addr, bool), Exchange>,
    /// Keys of bindings: home address and correspondent.
    keys: Table<(Ipv6Addr, Ipv6Addr), Option<(BindingKey, Ipv6Addr)>>,
}

impl Default for Routability {
    fn default() -> Self {
        Self { tests: Table::new(ROOM), keys: Table::new(ROOM) }
    }
}

#[derive(Debug, Default)]
struct Exchange {
    cookies: SmallVec<[Cookie; LAST]>,
    tokens: SmallVec<[Token; LAST]>,
}

#[derive(Clone, Copy, Debug)]
struct Cookie {
    value: u64,
    time: Timestamp,
    answered: bool,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    index: u16,
    value: u64,
    time: Timestamp,
}

impl Routability {
    pub(super) fn forgotten(&self) -> u64 {
        self.tests.forgotten()
    }

    /// Home Test Init (`home`) or Care-of Test Init.
    pub(super) fn init(&mut self, j: &mut Judge<'_, '_>, cookie: u64, home: bool) {
        let Some(chain) = j.chain() else { return };
        let time = j.packet.frame.time;
        let known = self.tests.entry((chain.wire_source, chain.wire_destination, home));
        let before = known.cookies.iter().find(|c| c.value == cookie).map(|c| c.time);
        if before.is_some_and(|t| nanos(time, t) < TWICE) {
            return;
        }
        let f = if home { &field::HOTI_COOKIE } else { &field::COTI_COOKIE };
        j.holds(MIP6_MN_RR_011, before.is_none(), |d| {
            d.field(f, 8)
                .found(format!("{cookie:#018x} again"))
                .wanted("a new cookie in each test init message")
        });
        remember(&mut known.cookies, Cookie { value: cookie, time, answered: false });
    }

    /// Home Test (`home`) or Care-of Test.
    pub(super) fn test(
        &mut self,
        j: &mut Judge<'_, '_>,
        index: u16,
        cookie: u64,
        token: u64,
        home: bool,
    ) {
        let Some(chain) = j.chain() else { return };
        let time = j.packet.frame.time;
        let (r, f) = if home {
            (MIP6_MSG_007, &field::HOT_COOKIE)
        } else {
            (MIP6_MSG_008, &field::COT_COOKIE)
        };
        let Some(known) = self.tests.get_mut(&(chain.destination(), chain.wire_source, home))
        else {
            return j.undecided(r, unseen(j, false));
        };
        // Only an answer that is waited for can be wrong: others may belong to
        // requests that were not captured.
        let waiting =
            known.cookies.last().is_some_and(|c| !c.answered && nanos(time, c.time) < PATIENCE);
        let asked = known.cookies.iter_mut().find(|c| c.value == cookie);
        let right = asked.is_some();
        if let Some(asked) = asked {
            asked.answered = true;
        }
        if !right && !waiting {
            j.undecided(r, unseen(j, true));
        } else {
            j.holds(r, right, |d| {
                d.field(f, 8)
                    .found(format!("{cookie:#018x}"))
                    .wanted("the cookie of a test init message before")
            });
        }
        if right && !known.tokens.iter().any(|t| t.index == index && t.value == token) {
            remember(&mut known.tokens, Token { index, value: token, time });
        }
    }

    fn token(&self, address: Ipv6Addr, peer: Ipv6Addr, home: bool, index: u16) -> Option<Token> {
        let known = self.tests.get(&(address, peer, home))?;
        known.tokens.iter().rev().find(|t| t.index == index).copied()
    }

    /// The authenticator of a Binding Update to a correspondent, where its tokens
    /// were seen.
    pub(super) fn update(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let Message::BindingUpdate { flags, lifetime, .. } = h.message else { return };
        if flags.intersects(UpdateFlags::H | UpdateFlags::P | UpdateFlags::M) {
            return;
        }
        let Some(chain) = j.chain() else { return };
        let (home, peer) = (chain.source(), chain.destination());
        let mut careof = chain.wire_source;
        let (mut indices, mut sent) = (None, None);
        for o in h.list() {
            match (o.format, o.data) {
                (OptionFormat::NonceIndices, &[h0, h1, c0, c1]) => {
                    indices = Some((u16::from_be_bytes([h0, h1]), u16::from_be_bytes([c0, c1])));
                }
                (OptionFormat::AlternateCareof, data) => {
                    if let Ok(octets) = <[u8; 16]>::try_from(data) {
                        careof = octets.into();
                    }
                }
                (OptionFormat::BindingAuthorization, data) if data.len() == 12 => {
                    sent = Some((h.at(&o) + 2, data));
                }
                _ => {}
            }
        }
        let (Some((home_index, careof_index)), Some((at, sent))) = (indices, sent) else { return };
        // The home token alone deletes (5.2.5): the lifetime is 0, or the
        // care-of address is the home address.
        let deletes = lifetime == 0 || careof == home;
        let r = if deletes { MIP6_RR_010 } else { MIP6_RR_012 };
        let home_token = self.token(home, peer, true, home_index);
        let careof_token = self.token(careof, peer, false, careof_index);
        let whole = home_token.filter(|_| deletes || careof_token.is_some());
        let Some(home_token) = whole else {
            return j.undecided(r, unseen(j, home_token.or(careof_token).is_some()));
        };
        let time = j.packet.frame.time;
        for token in [Some(home_token), careof_token.filter(|_| !deletes)].into_iter().flatten() {
            let age = nanos(time, token.time);
            j.holds(MIP6_RR_022, age <= TOKEN_LIFETIME, |d| {
                d.at(at)
                    .found(format!("a token {} s old", age / SECOND))
                    .wanted("one of at most 210 s")
            });
        }
        let careof_token = careof_token.filter(|_| !deletes).map(|t| t.value);
        let key = BindingKey::new(home_token.value, careof_token);
        authentic(j, r, &key, (careof, peer), at, sent);
        *self.keys.entry((home, peer)) = Some((key, careof));
    }

    /// The authenticator of the acknowledgement.
    pub(super) fn acknowledgement(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &Listed<'_>,
        home: Option<Ipv6Addr>,
    ) {
        let (Some(home), Some(chain)) = (home, j.chain()) else { return };
        let peer = chain.source();
        let Some(o) = h.find(OptionFormat::BindingAuthorization) else { return };
        let Some(Some((key, careof))) = self.keys.get(&(home, peer)) else {
            // A key of Local Key Exchange makes such authenticators as well.
            if !j.packet.profile.may_speak_lke() {
                j.undecided(MIP6_RR_013, unseen(j, true));
            }
            return;
        };
        if o.data.len() == 12 {
            authentic(j, MIP6_RR_013, key, (*careof, peer), h.at(&o) + 2, o.data);
        }
    }
}

/// Judges the authenticator `sent`, which stands at `at` in the message, between
/// a care-of address and a correspondent.
fn authentic(
    j: &mut Judge<'_, '_>,
    r: Req,
    key: &BindingKey,
    (careof, peer): (Ipv6Addr, Ipv6Addr),
    at: usize,
    sent: &[u8],
) {
    let made = key.authenticator(careof, peer, j.packet.octets(j.here()), at);
    j.holds(r, made.is_some_and(|m| m == sent), |d| {
        d.field(&option_field::AUTHENTICATOR, at)
            .found("an authenticator that the tokens do not make")
            .wanted("HMAC-SHA1 by the key of the tokens, 96 bits of it")
    });
}
