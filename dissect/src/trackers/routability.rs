//! Return routability, RFC 6275 5.2: cookies that come back, tokens, and the
//! authenticators that are made of them.

mod claim;

use std::collections::VecDeque;
use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_wire::codes::OptionFormat;
use mip6_wire::ip::ipv6_fields;
use mip6_wire::mobility::options::fields as option_field;
use mip6_wire::mobility::{Message, UpdateFlags, message_fields as field};
use smallvec::SmallVec;

use super::Registrations;
use super::registrations::{TIMEOUT, alternate, rate};
use super::table::{Table, remember};
use super::time::{PATIENCE, SECOND, TWICE, instant, now, unseen};
use super::transmissions::{Initial, Transmissions};
use crate::packet::Chain;
use crate::rules::id::*;
use crate::rules::{Judge, Level, Listed, Req};
use claim::{Claim, made};

const ROOM: usize = 200_000;
/// Requests of all nodes that are remembered, to know answers that go astray.
const ASKED: usize = 128;
/// Cookies and tokens of each node that are remembered.
const LAST: usize = 3;
/// `MAX_TOKEN_LIFETIME`, 210 seconds, and a little for the way.
const TOKEN_LIFETIME: i64 = 212 * SECOND;
/// `MAX_NONCE_LIFETIME`, RFC 6275 12: as long an index means one nonce.
const NONCE_LIFETIME: i64 = 240 * SECOND;
/// Nonces one behind the other within this are made for each request.
const BURST: i64 = 10 * SECOND;
/// Where cookies, nonce index and token stand in test messages.
const COOKIE_AT: usize = 8;
const TOKEN_AT: usize = 16;

/// Follows return routability. A test goes between an address of the mobile
/// node, its home or care-of address, and a correspondent.
#[derive(Debug)]
pub struct Routability {
    tests: Table<(Ipv6Addr, Ipv6Addr, bool), Exchange>,
    /// The last requests: cookie, correspondent, and where it came from.
    asked: VecDeque<(u64, Ipv6Addr, Ipv6Addr)>,
    /// Nonce indices that correspondents used last, and since when.
    nonces: Table<Ipv6Addr, SmallVec<[(u16, i64); 4]>>,
    /// Keys of bindings: home address and correspondent.
    keys: Table<(Ipv6Addr, Ipv6Addr), Option<(BindingKey, Ipv6Addr)>>,
    event: Option<TestEvent>,
}

/// A test message, as it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestEvent {
    /// The mobile node's home or care-of address.
    pub address: Ipv6Addr,
    /// The correspondent.
    pub peer: Ipv6Addr,
    /// A home test, not a care-of test.
    pub home: bool,
    /// The nonce index of the answer; `None` for the request.
    pub answer: Option<u16>,
}

impl Default for Routability {
    fn default() -> Self {
        Self {
            tests: Table::new(ROOM),
            asked: VecDeque::with_capacity(ASKED),
            nonces: Table::new(ROOM),
            keys: Table::new(ROOM),
            event: None,
        }
    }
}

#[derive(Debug, Default)]
struct Exchange {
    cookies: SmallVec<[Cookie; LAST]>,
    tokens: SmallVec<[Token; LAST]>,
    answered: bool,
}

#[derive(Clone, Copy, Debug)]
struct Cookie {
    value: u64,
    time: i64,
    answered: bool,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    index: u16,
    value: u64,
    time: i64,
}

impl Routability {
    pub(super) fn forgotten(&self) -> u64 {
        self.tests.forgotten() + self.nonces.forgotten() + self.keys.forgotten()
    }

    /// The test message in the packet taken in last, if it was one.
    pub fn event(&self) -> Option<&TestEvent> {
        self.event.as_ref()
    }

    pub(super) fn forget_event(&mut self) {
        self.event = None;
    }

    /// Home Test Init (`home`) or Care-of Test Init.
    pub(super) fn init(
        &mut self,
        j: &mut Judge<'_, '_>,
        cookie: u64,
        home: bool,
        registrations: &Registrations,
    ) {
        let Some(chain) = j.chain() else { return };
        let time = now(j);
        let (address, peer) = (chain.wire_source, chain.wire_destination);
        let known = self.tests.entry((address, peer, home));
        let before = known.cookies.iter().find(|c| c.value == cookie).map(|c| c.time);
        if before.is_some_and(|t| time - t < TWICE) {
            return;
        }
        let f = if home { &field::HOTI_COOKIE } else { &field::COTI_COOKIE };
        j.holds(MIP6_MN_RR_011, before.is_none(), |d| {
            d.field(f, COOKIE_AT)
                .found(format!("{cookie:#018x} again"))
                .wanted("a new cookie in each test init message")
        });
        rate(j, known.cookies.iter().map(|c| c.time), time);
        known.again(j, time);
        remember(&mut known.cookies, Cookie { value: cookie, time, answered: false });
        if self.asked.len() == ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back((cookie, peer, address));
        self.event = Some(TestEvent { address, peer, home, answer: None });
        placed(j, chain, home, registrations);
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
        let time = now(j);
        let (r, f) = if home {
            (MIP6_MSG_007, &field::HOT_COOKIE)
        } else {
            (MIP6_MSG_008, &field::COT_COOKIE)
        };
        let (address, peer) = (chain.destination(), chain.wire_source);
        let known = self.tests.get_mut(&(address, peer, home));
        let own = known.as_ref().is_some_and(|k| k.cookies.iter().any(|c| c.value == cookie));
        if own {
            j.holds(MIP6_CN_RR_006, true, |d| d);
        } else if let Some((_, _, asked)) =
            self.asked.iter().find(|(c, p, a)| (*c, *p) == (cookie, peer) && *a != address)
        {
            return j.holds(MIP6_CN_RR_006, false, |d| {
                d.layer(chain.ip)
                    .field(&ipv6_fields::DESTINATION, 24)
                    .found(address)
                    .wanted(format!("{asked}, where the test init message came from"))
            });
        }
        let Some(known) = known else {
            return j.undecided(r, unseen(j, false));
        };
        // Only an answer that is waited for can be wrong: others may belong to
        // requests that were not captured.
        let waiting = known.cookies.last().is_some_and(|c| !c.answered && time - c.time < PATIENCE);
        let asked = known.cookies.iter_mut().find(|c| c.value == cookie);
        let right = asked.is_some();
        if let Some(asked) = asked {
            asked.answered = true;
        }
        known.answered = true;
        if !right && !waiting {
            return j.undecided(r, unseen(j, true));
        }
        j.holds(r, right, |d| {
            d.field(f, COOKIE_AT)
                .found(format!("{cookie:#018x}"))
                .wanted("the cookie of a test init message before")
        });
        if right {
            known.token(j, Token { index, value: token, time }, home);
            self.event = Some(TestEvent { address, peer, home, answer: Some(index) });
            self.nonce(j, peer, index, time);
        }
    }

    /// RFC 6275 5.2.7: a nonce serves for a while, not for one request.
    fn nonce(&mut self, j: &mut Judge<'_, '_>, peer: Ipv6Addr, index: u16, time: i64) {
        let used = self.nonces.entry(peer);
        if used.iter().any(|(i, _)| *i == index) {
            j.holds(MIP6_RR_021, true, |d| d);
            return;
        }
        remember(used, (index, time));
        if used.len() == used.inline_size() && time - used[0].1 < BURST {
            let n = used.len();
            j.holds(MIP6_RR_021, false, |d| {
                d.found(format!("{n} nonces within {} s", BURST / SECOND))
                    .wanted("one nonce for many requests")
            });
        }
    }

    /// The authenticator of a Binding Update to a correspondent, where its tokens
    /// were seen.
    pub(super) fn update(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let Message::BindingUpdate { flags, lifetime, .. } = h.message else { return };
        if flags.intersects(UpdateFlags::H | UpdateFlags::P | UpdateFlags::M) {
            return;
        }
        let Some(chain) = j.chain() else { return };
        let indices = h.find(OptionFormat::NonceIndices).map(|o| o.data);
        let Some(&[h0, h1, c0, c1]) = indices else { return };
        let (home_index, careof_index) =
            (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([c0, c1]));
        let Some(sent) = h.find(OptionFormat::BindingAuthorization) else { return };
        if sent.data.len() != 12 {
            return;
        }
        let mut claim = Claim {
            home: chain.source(),
            peer: chain.destination(),
            careof: alternate(h).unwrap_or(chain.wire_source),
            wire: (chain.wire_source, chain.wire_destination),
            at: h.at(&sent) + 2,
            authenticator: sent.data,
        };
        // The home token alone deletes (5.2.5): the lifetime is 0, or the
        // care-of address is the home address.
        let deletes = lifetime == 0 || claim.careof == claim.home;
        let r = if deletes { MIP6_RR_010 } else { MIP6_RR_012 };
        let tests = |address, home| self.tests.get(&(address, claim.peer, home));
        let (home_tests, careof_tests) = (tests(claim.home, true), tests(claim.careof, false));
        let home_token = home_tests.and_then(|t| t.known(home_index));
        let careof_token = careof_tests.and_then(|t| t.known(careof_index));
        if !deletes
            && careof_token.is_none()
            && claim.careof != claim.wire.0
            && self.tested_elsewhere(j, &claim, home_token, careof_index)
        {
            return;
        }
        let whole = home_token.filter(|_| deletes || careof_token.is_some());
        let Some(home_token) = whole else {
            let any = |tests: Option<&Exchange>| tests.is_some_and(|t| !t.tokens.is_empty());
            let both = any(home_tests) && any(careof_tests);
            return unknown_token(j, r, claim.at, both, home_token.is_some());
        };
        j.holds(MIP6_MN_RR_005, true, |d| d);
        if claim.careof != claim.wire.0 {
            j.holds(MIP6_RR_016, true, |d| d);
        }
        let careof_token = careof_token.filter(|_| !deletes);
        let time = now(j);
        for token in [Some(home_token), careof_token].into_iter().flatten() {
            let age = time - token.time;
            j.holds(MIP6_RR_022, age <= TOKEN_LIFETIME, |d| {
                d.at(claim.at)
                    .found(format!("a token {} s old", age / SECOND))
                    .wanted("one of at most 210 s")
            });
        }
        let key = BindingKey::new(home_token.value, careof_token.map(|t| t.value));
        // In a deletion the home address stands for the care-of address (6.2.7).
        if lifetime == 0 && claim.is_made_by(j, &key, claim.home, claim.peer) {
            claim.careof = claim.home;
        }
        claim.judge(j, r, &key);
        *self.keys.entry((claim.home, claim.peer)) = Some((key, claim.careof));
    }

    /// RFC 6275 5.2.6: an Alternate Care-of Address is tested itself. Its index
    /// may be that of a test of the packet's source; whether it was.
    fn tested_elsewhere(
        &self,
        j: &mut Judge<'_, '_>,
        claim: &Claim<'_>,
        home_token: Option<Token>,
        careof_index: u16,
    ) -> bool {
        let tests = self.tests.get(&(claim.wire.0, claim.peer, false));
        let source = tests.and_then(|t| t.known(careof_index));
        let (Some(home_token), Some(token)) = (home_token, source) else { return false };
        let key = BindingKey::new(home_token.value, Some(token.value));
        let by = [claim.careof, claim.wire.0]
            .into_iter()
            .any(|careof| claim.is_made_by(j, &key, careof, claim.peer));
        if !by {
            return false;
        }
        j.holds(MIP6_RR_016, false, |d| {
            d.at(claim.at)
                .found(format!("authorized by the test of {}", claim.wire.0))
                .wanted(format!("a Care-of Test of {}, the address to be bound", claim.careof))
        });
        true
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
            let made = made(j, key, *careof, peer, h.at(&o) + 2);
            j.holds(MIP6_RR_013, made.is_some_and(|m| m == o.data), |d| {
                d.field(&option_field::AUTHENTICATOR, h.at(&o) + 2)
                    .found("an authenticator that the tokens do not make")
                    .wanted("HMAC-SHA1 by the key of the tokens, 96 bits of it")
            });
        }
    }
}

/// An update by nonces that no captured test gave; `both` tests were captured at
/// some time, or not. A test before the capture began may have, as long as its
/// tokens live.
fn unknown_token(j: &mut Judge<'_, '_>, r: Req, at: usize, both: bool, home_seen: bool) {
    let began = now(j) - instant(j.packet.first) > TOKEN_LIFETIME;
    if began && both {
        j.holds(MIP6_MN_RR_005, false, |d| {
            d.at(at)
                .found("nonce indices that no test message of the last 210 s gave")
                .wanted("those of Home Test and Care-of Test")
        });
    } else {
        j.undecided(r, unseen(j, home_seen || both));
    }
}

/// Where test init messages come from and go to, RFC 6275 5.2.9 and 11.6.1.
fn placed(j: &mut Judge<'_, '_>, chain: &Chain, home: bool, registrations: &Registrations) {
    let (source, peer) = (chain.wire_source, chain.wire_destination);
    let (ip, address) = (chain.ip, &ipv6_fields::SOURCE);
    if home {
        let of = registrations.at_careof(source).filter(|h| *h != source);
        j.holds(MIP6_MN_RR_002, of.is_none(), |d| {
            d.layer(ip)
                .field(address, 8)
                .found(format!("{source}, a care-of address"))
                .wanted(of.map_or(String::new(), |h| format!("the home address {h}")))
        });
    } else {
        let away = registrations.home(source).and_then(|(_, r)| r.accepted());
        let away = away.filter(|a| a.until() > now(j));
        j.holds(MIP6_MN_RR_002, away.is_none(), |d| {
            d.layer(ip)
                .field(address, 8)
                .found(format!("{source}, a home address"))
                .wanted(away.map_or(String::new(), |a| format!("the care-of address {}", a.careof)))
        });
    }
    let mobile = registrations.at_careof(peer).filter(|h| *h != peer);
    j.holds(MIP6_RR_025, mobile.is_none(), |d| {
        d.layer(ip)
            .field(&ipv6_fields::DESTINATION, 24)
            .found(format!("{peer}, a care-of address of the correspondent"))
            .wanted(mobile.map_or(String::new(), |h| format!("its home address {h}")))
    });
}

impl Exchange {
    /// The token of a nonce index.
    fn known(&self, index: u16) -> Option<Token> {
        self.tokens.iter().rev().find(|t| t.index == index).copied()
    }

    /// A test init message, retransmitted if the last was not answered.
    fn again(&self, j: &mut Judge<'_, '_>, time: i64) {
        let mut last = self.cookies.iter().rev().take_while(|c| !c.answered).map(|c| c.time);
        let Some(previous) = last.next() else { return };
        let initial = Initial { requirement: MIP6_TMR_002, least: TIMEOUT, most: TIMEOUT };
        Transmissions {
            gap: time - previous,
            before: last.next().map(|t| previous - t),
            answers_show: self.answered,
        }
        .judge(j, initial);
    }

    /// Takes in a token. As long as its nonce may live, an index means one nonce,
    /// and a nonce makes one token for an address.
    fn token(&mut self, j: &mut Judge<'_, '_>, token: Token, home: bool) {
        let known = self.tokens.iter().rev().find(|t| t.index == token.index);
        if let Some(known) = known.filter(|t| token.time - t.time < NONCE_LIFETIME) {
            let (r, f) = if home {
                (MIP6_RR_007, &field::HOT_TOKEN)
            } else {
                (MIP6_RR_008, &field::COT_TOKEN)
            };
            let same = known.value == token.value;
            j.holds(r, same, |d| {
                // A correspondent that began anew has another node key.
                d.level(Level::Should)
                    .field(f, TOKEN_AT)
                    .found(format!("another token by nonce index {}", token.index))
                    .wanted("the same token for the same address and nonce")
            });
            if same {
                return;
            }
        }
        remember(&mut self.tokens, token);
    }
}
