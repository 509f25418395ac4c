//! Security associations as their packets show them: sequence numbers, integrity
//! check values, algorithms. RFC 4302, RFC 4303, RFC 3776 4.3.

use std::net::Ipv6Addr;

use mip6_security::ah::Unverified;
use mip6_security::replay::{Place, WINDOW, Window};
use mip6_security::{Association, Encryption, Integrity};
use mip6_wire::ip::{Authentication, Esp, ah_fields, esp_fields};

use super::table::Table;
use super::time::{TWICE, digest, now};
use crate::packet::{Proto, Verdict};
use crate::rules::id::*;
use crate::rules::{Judge, Level, Undecided};

const ROOM: usize = 400_000;
/// Packets of each association that are remembered whole, to know them again.
const LAST: usize = 2;
const MILLISECOND: i64 = 1_000_000;
const SEQUENCE_AT: usize = 4;
const AH_SEQUENCE_AT: usize = 8;

/// SPI, and half of a hash of protocol and destination that upper layers see: these
/// are many, and looked up for each packet. In a tunnel the destination is whatever
/// the outer header says; the association is known by its SPI.
type Key = u64;

/// Follows security associations.
#[derive(Debug)]
pub struct Sequences {
    associations: Table<Key, Seen>,
    event: Option<AssociationEvent>,
}

/// What a packet showed of a security association for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociationEvent {
    /// ESP or AH.
    pub protocol: Proto,
    /// Security Parameters Index.
    pub spi: u32,
    /// Source and destination that upper layers see.
    pub between: (Ipv6Addr, Ipv6Addr),
    /// Its number among the keys, if there is one.
    pub association: Option<usize>,
    /// What is new.
    pub what: AssociationNews,
}

/// What is new about a security association.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssociationNews {
    /// Its first packet.
    First,
    /// A wrong integrity check value, for the first time.
    WrongIntegrity,
    /// Sequence numbers begin anew.
    Anew,
}

impl Default for Sequences {
    fn default() -> Self {
        Self { associations: Table::new(ROOM), event: None }
    }
}

/// What has been seen of an association.
#[derive(Debug, Default)]
struct Seen {
    window: Window,
    last: [Mark; LAST],
    /// A wrong integrity check value was told.
    wrong: bool,
}

/// What a packet is known by.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    /// In milliseconds, those of 49 days.
    time: u32,
    sequence: u32,
    end: u32,
}

impl Sequences {
    pub(super) fn forgotten(&self) -> u64 {
        self.associations.forgotten()
    }

    /// What the packet taken in last showed for the first time.
    pub fn event(&self) -> Option<&AssociationEvent> {
        self.event.as_ref()
    }

    pub(super) fn forget_event(&mut self) {
        self.event = None;
    }

    /// Takes in the ESP header or AH that is judged.
    pub(super) fn packet(&mut self, j: &mut Judge<'_, '_>) {
        let layer = j.here();
        let Some(chain) = j.chain() else { return };
        let (spi, sequence, at) = match layer.proto {
            Proto::Esp => match j.packet.read::<Esp<'_>>(layer) {
                Some(h) => (h.spi, h.sequence, SEQUENCE_AT),
                None => return,
            },
            _ => match j.packet.read::<Authentication<'_>>(layer) {
                Some(h) => (h.spi, h.sequence, AH_SEQUENCE_AT),
                None => return,
            },
        };
        let protection = j.packet.protection(layer);
        let tunnel =
            protection.and_then(|(_, a)| a).is_some_and(|a| a.mode == mip6_security::Mode::Tunnel);
        let destination = if tunnel { 0 } else { digest(&chain.destination().octets()) as u32 };
        let ah = u32::from(layer.proto == Proto::Authentication);
        let key = u64::from(spi) << 32 | u64::from(destination ^ ah);
        let seen = self.associations.entry(key);
        // The end is where the integrity check value stands: the same octets
        // there are the same packet.
        let octets = j.packet.octets(layer);
        let mut end = [0; 4];
        for (e, o) in end.iter_mut().rev().zip(octets.iter().rev()) {
            *e = *o;
        }
        let mark =
            Mark { sequence, end: u32::from_be_bytes(end), time: (now(j) / MILLISECOND) as u32 };
        let known = seen.last.iter().rev().find(|m| m.sequence == sequence && m.end == mark.end);
        let again =
            known.is_some_and(|m| mark.time.wrapping_sub(m.time) < (TWICE / MILLISECOND) as u32);
        let replayed = known.is_some();
        let first = seen.window.is_empty();
        let wrong = protection.is_some_and(|(p, _)| p.verdict.integrity() == Some(false));
        let mut news = first.then_some(AssociationNews::First);
        integrity(j);
        let nested = chain.outer.is_some() && j.is_protected();
        // RFC 3776 5.2.4.
        j.holds(IPSEC_SPD_006, !nested, |d| {
            d.level(Level::May)
                .found("IPsec in a tunnel that IPsec protects")
                .wanted("one layer of it, which is all that must be supported")
        });
        // A forged packet says nothing of its sender.
        if again || wrong {
            if wrong {
                let told = std::mem::replace(&mut seen.wrong, true);
                news = (!told).then_some(AssociationNews::WrongIntegrity);
            }
        } else {
            let (number, highest) = (seen.window.extend(sequence), seen.window.highest());
            let mut place = seen.window.take(number);
            // The first numbers again: the sender has begun anew.
            let anew = place == Place::Behind && u64::from(sequence) <= WINDOW;
            if anew {
                *seen = Seen { wrong: seen.wrong, ..Seen::default() };
                place = seen.window.take(u64::from(sequence));
            }
            seen.last = [seen.last[1], mark];
            let field = if layer.proto == Proto::Esp {
                &esp_fields::SEQUENCE
            } else {
                &ah_fields::SEQUENCE
            };
            match place {
                _ if anew => {
                    news = Some(AssociationNews::Anew);
                    j.holds(IPSEC_SA_002, false, |d| {
                        // Manual keys outlive the counter.
                        d.level(Level::May)
                            .field(field, at)
                            .found(format!("{sequence} after {highest}: it begins anew"))
                            .wanted("numbers that only grow as long as the keys stand")
                    });
                }
                Place::Ahead | Place::Late => j.holds(IPSEC_SA_002, true, |d| d),
                Place::Twice => j.holds(IPSEC_SA_002, false, |d| {
                    // Somebody else may have sent the same octets once more.
                    let d = if replayed { d.level(Level::May) } else { d };
                    d.field(field, at)
                        .found(format!(
                            "{sequence} again{}",
                            if replayed { ", in the same packet: a replay" } else { "" }
                        ))
                        .wanted("a number of its own for each packet")
                }),
                Place::Behind => j.undecided(IPSEC_SA_002, Undecided::Lost),
            }
        }
        if let Some(what) = news {
            self.event = Some(AssociationEvent {
                protocol: layer.proto,
                spi,
                between: (chain.source(), chain.destination()),
                association: protection.and_then(|(p, _)| p.association),
                what,
            });
        }
    }
}

/// The integrity check value, as far as keys tell.
fn integrity(j: &mut Judge<'_, '_>) {
    let Some((protection, _)) = j.packet.protection(j.here()) else {
        return j.undecided(IPSEC_SA_001, Undecided::NoKey);
    };
    let (home, route) = j.chain().map_or((false, false), |c| (c.home.is_some(), c.route.is_some()));
    let ah = j.here().proto == Proto::Authentication;
    match protection.verdict.integrity() {
        Some(true) => {
            j.holds(IPSEC_SA_001, true, |d| d);
            if let Verdict::Opened(opened) = &protection.verdict {
                j.holds(IPSEC_SA_003, opened.padding_is_right, |d| {
                    d.field(&esp_fields::DATA, 8)
                        .found(format!("{} octets of other padding", opened.pad_len))
                        .wanted("1, 2, 3 and so on")
                });
            }
            if ah && home {
                j.holds(MIP6_MN_PKT_011, true, |d| d);
            }
            if ah && route {
                j.holds(MIP6_CN_PKT_004, true, |d| d);
            }
        }
        Some(false) => {
            // The addresses as they stand on the wire are the usual mistake.
            let wire = protection.verdict == Verdict::Unverified(Unverified::WireAddresses);
            let r = match (wire, home) {
                (false, _) => IPSEC_SA_001,
                (true, true) => MIP6_MN_PKT_011,
                (true, false) => MIP6_CN_PKT_004,
            };
            let (field, at) = if ah { (&ah_fields::ICV, 12) } else { (&esp_fields::DATA, 8) };
            let over =
                if r == IPSEC_SA_001 { "" } else { ", computed over the addresses on the wire" };
            j.holds(r, false, |d| {
                d.field(field, at)
                    .found(format!("a wrong integrity check value{over}"))
                    .wanted("what the key makes of the packet")
            });
        }
        None if protection.verdict == Verdict::NoKey => {
            j.undecided(IPSEC_SA_001, Undecided::NoKey);
        }
        None => {}
    }
}

/// What protects signalling, RFC 3776 4.3: integrity always, and for return
/// routability encryption as well.
pub(super) fn strength(j: &mut Judge<'_, '_>, routability: bool) {
    let Some(a) = innermost(j) else { return };
    if a.protocol == mip6_security::Protocol::Ah {
        return;
    }
    let authentic = a.encryption().is_combined() || a.integrity() != Integrity::Null;
    if !routability {
        return j.holds(IPSEC_PRO_001, authentic, |d| {
            d.found(format!("security association {} without integrity", a.name))
                .wanted("an integrity algorithm")
        });
    }
    let secret = a.encryption() != Encryption::Null;
    j.holds(IPSEC_PRO_002, authentic && secret, |d| {
        let lacks = if secret { "integrity" } else { "encryption" };
        d.found(format!("security association {} without {lacks}", a.name))
            .wanted("both encryption and integrity, for the tokens in it")
    });
}

/// The association that protects the layer being judged, nearest to it.
fn innermost<'j>(j: &Judge<'j, '_>) -> Option<&'j Association> {
    let layer = j.protection().next()?;
    j.packet.protection(layer)?.1
}
