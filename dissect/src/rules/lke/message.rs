//! Mobility Header messages of Local Key Exchange, draft 3.2.

use std::net::Ipv6Addr;

use mip6_security::mobility::local::Reading;
use mip6_wire::codes::{MhFormat, OptionFormat};
use mip6_wire::ip::{DestinationOptions, ipv6_fields};
use mip6_wire::mobility::options::{OptionRef, fields as option_field};
use mip6_wire::mobility::{
    Message, OptionBody, header_fields as header_field, message_fields as field,
};

use super::by_reading;
use crate::packet::{HomeAddress, Layer, Proto};
use crate::rules::address::{is_unicast_routable, same_64};
use crate::rules::id::*;
use crate::rules::judge::Judge;
use crate::rules::listed::Listed;
use crate::rules::{Level, Req};

/// Offset of the MH Type.
const TYPE_AT: usize = 2;
/// Offset of an authenticator that no option holds.
const BARE_AT: usize = 16;

/// Judges a message. Where it is `followed`, trackers know better how a request is
/// divided.
pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Listed<'_>, followed: bool) {
    long_type(j, h);
    match &h.message {
        Message::KeyExchangeRequest { .. } => {
            request(j);
            if !followed {
                let asked = |o: &OptionRef<'_>| o.format == OptionFormat::RequestedLifetime;
                requested_lifetimes(j, h.list().filter(asked).count());
            }
        }
        Message::KeyExchangeAcknowledgement { status, reserved, .. } => {
            acknowledgement(j, h, *status, *reserved);
        }
        Message::Finished { reserved, .. } => finished(j, h, *reserved),
        Message::BindingAcknowledgement { .. } if j.packet.profile.may_speak_lke() => {
            finished_request(j, h);
        }
        _ => {}
    }
}

/// An MH Type of 16 bits (reading B1).
fn long_type(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    let r = match h.format() {
        MhFormat::KeyExchangeRequest => LKE_KER_001,
        MhFormat::KeyExchangeAcknowledgement => LKE_KEA_001,
        MhFormat::Finished => LKE_BA_006,
        _ => return,
    };
    if h.kind == 0 {
        let place = Some((&header_field::MH_TYPE, TYPE_AT));
        by_reading(j, r, Reading::LongType, Level::Should, place);
    }
}

fn link_local(j: &mut Judge<'_, '_>, r: Req, a: Ipv6Addr, source: bool) {
    let Some(ip) = j.chain().map(|c| c.ip) else { return };
    j.holds(r, a.is_unicast_link_local(), |d| {
        let d = d.layer(ip);
        let d = if source {
            d.field(&ipv6_fields::SOURCE, 8)
        } else {
            d.field(&ipv6_fields::DESTINATION, 24)
        };
        d.found(a).wanted("a link-local address")
    });
}

fn hop_limit(j: &mut Judge<'_, '_>, r: Req) {
    let Some((ip, hops)) = j.chain().map(|c| (c.ip, c.hop_limit)) else { return };
    j.holds(r, hops == 255, |d| {
        d.layer(ip).field(&ipv6_fields::HOP_LIMIT, 7).found(hops).wanted("255")
    });
}

/// Draft 3.2.1.
fn request(j: &mut Judge<'_, '_>) {
    let Some(chain) = j.chain() else { return };
    link_local(j, LKE_KER_001, chain.wire_source, true);
    link_local(j, LKE_KER_002, chain.wire_destination, false);
    hop_limit(j, LKE_KER_003);
    let home = chain.home;
    j.holds(LKE_KER_005, home.is_some_and(|h| is_unicast_routable(h.address)), |d| {
        d.layer(home.map_or(chain.ip, |h| h.layer))
            .found(home.map_or("no Home Address option".into(), |h| h.address.to_string()))
            .wanted("a Home Address option with the care-of address")
    });
}

/// How many lifetimes are requested.
pub(crate) fn requested_lifetimes(j: &mut Judge<'_, '_>, count: usize) {
    j.contains(LKE_KER_007, count == 1, |d| {
        d.found(format!("{count} Requested Lifetime options")).wanted("exactly one")
    });
}

/// In front of an acknowledgement, where nothing else carries the care-of address, an
/// option like that of reading C6 of a type that is not known: its type, and where it is.
pub(crate) fn other_carrier(j: &Judge<'_, '_>, h: &Listed<'_>) -> Option<(u8, HomeAddress)> {
    let chain = j.chain().filter(|c| c.named().is_none())?;
    let own = j.here().chain.filter(|_| h.format() == MhFormat::KeyExchangeAcknowledgement);
    let layers = j.packet.layers[..j.layer].iter().enumerate().skip(chain.ip);
    layers.filter(|(_, l)| own.is_some() && l.chain == own).find_map(|(layer, l)| {
        let proto = l.proto == Proto::DestinationOptions;
        let header = proto.then(|| j.packet.read::<DestinationOptions<'_>>(l))??;
        header.list().flatten().find_map(|o| {
            // Whoever does not know it discards the packet, as with a Home Address option.
            let unknown = o.kind >= 0xc0 && o.home_address().is_none();
            let address = <[u8; 16]>::try_from(o.data).ok().filter(|_| unknown)?.into();
            Some((o.kind, HomeAddress { address, layer, offset: o.offset }))
        })
    })
}

/// Draft 3.2.2.
fn acknowledgement(j: &mut Judge<'_, '_>, h: &Listed<'_>, status: u8, reserved: u8) {
    let Some(chain) = j.chain() else { return };
    link_local(j, LKE_KEA_001, chain.wire_source, true);
    link_local(j, LKE_KEA_001, chain.wire_destination, false);
    hop_limit(j, LKE_KEA_001);
    // The draft's Destination Address Option does not exist; a Type 2 routing
    // header carries the address, or an option of its own (reading C6).
    let own = j.here().chain;
    let mut before = j.packet.layers[..j.layer].iter().filter(|l| l.chain == own);
    let carrier = chain.careof.is_some() || before.any(Layer::is_home_route);
    if chain.careof.is_some() {
        by_reading(j, LKE_KEA_002, Reading::DestinationOption, Level::May, None);
    }
    let other = other_carrier(j, h);
    match other {
        Some((kind, _)) => j.holds(LKE_KEA_002, false, |d| {
            d.level(Level::May).read_by(&[(Reading::DestinationOption, Some(kind))])
        }),
        None => j.holds(LKE_KEA_002, carrier, |d| {
            d.found("nothing that carries the care-of address")
                .wanted("a Type 2 routing header with it")
        }),
    }
    j.holds(LKE_KEA_008, reserved == 0, |d| {
        d.field(&field::KEA_RESERVED, 7).found(format!("{reserved:#04x}")).wanted("0x00")
    });
    let careof = chain.named().map(|(_, a)| a).or(other.map(|(_, c)| c.address));
    let fixed = h.fixed;
    let (mut address, mut hmac) = (None, false);
    for o in h.list() {
        let at = fixed + o.offset;
        match o.format {
            OptionFormat::ArAddress => address = Some((at, o.body())),
            OptionFormat::LkeHmac => hmac = o.data.len() == 20,
            OptionFormat::Pad1 => {}
            OptionFormat::PadN => {
                j.holds(LKE_KEA_008, o.data.iter().all(|b| *b == 0), |d| {
                    d.at(at).found("filler that is not zero").wanted("zeros")
                });
            }
            _ => j.holds(LKE_KEA_008, false, |d| {
                d.at(at)
                    .found(format!("an option of type {}", o.kind))
                    .wanted("access router address, HMAC and zeros")
            }),
        }
    }
    match address {
        Some((at, OptionBody::ArAddress { address })) => {
            j.holds(LKE_KEA_005, is_unicast_routable(address), |d| {
                d.field(&option_field::AR_ADDRESS, at + 2)
                    .found(address)
                    .wanted("a global unicast address")
            });
            if let Some(careof) = careof {
                j.holds(LKE_KEA_006, same_64(address, careof), |d| {
                    d.field(&option_field::AR_ADDRESS, at + 2)
                        .found(address)
                        .wanted(format!("the prefix of the care-of address {careof}"))
                });
            }
        }
        _ => j.contains(LKE_KEA_005, status >= 128, |d| {
            d.at(fixed).found("no access router address option").wanted("one of length 16")
        }),
    }
    // A refusal may lack the key to authenticate itself with (reading F2).
    if status < 128 {
        j.contains(LKE_KEA_007, hmac, |d| {
            d.at(fixed).found("no HMAC-SHA1 option of 20 octets").wanted("one")
        });
    }
}

/// Draft 3.2.4.
fn finished(j: &mut Judge<'_, '_>, h: &Listed<'_>, reserved: u8) {
    j.holds(LKE_BA_006, reserved == 0, |d| {
        d.field(&field::FIN_RESERVED, 7).found(format!("{reserved:#04x}")).wanted("0x00")
    });
    let bare = matches!(&h.message, Message::Finished { bare, .. } if !bare.is_empty());
    if bare {
        let place = Some((&field::FIN_AUTHENTICATOR, BARE_AT));
        by_reading(j, LKE_BA_006, Reading::BareAuthenticator, Level::Should, place);
        return at_home(j);
    }
    let last = h.list().last();
    let authentic = last.is_some_and(|o| o.format == OptionFormat::BindingAuthorization);
    let fixed = h.fixed;
    j.contains(LKE_BA_006, authentic, |d| {
        d.at(fixed)
            .found(last.map_or("no option".into(), |o| format!("{} last", o.format.title())))
            .wanted("Binding Authorization Data last")
    });
    at_home(j);
}

fn at_home(j: &mut Judge<'_, '_>) {
    let home = j.chain().is_some_and(|c| c.home.is_some());
    j.holds(LKE_BA_007, home, |d| {
        d.found("no Home Address option").wanted("one with the previous care-of address")
    });
}

/// Draft 3.2.3.
fn finished_request(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    if !h.has_any(&[OptionFormat::FinishedRequest]) {
        return;
    }
    for o in h.list() {
        if let (OptionFormat::FinishedRequest, OptionBody::FinishedRequest { flags, .. }) =
            (o.format, o.body())
        {
            let reserved = flags & 0x7fff;
            j.holds(LKE_BA_003, reserved == 0, |d| {
                d.field(&option_field::FINISHED_RESERVED, h.at(&o) + 2)
                    .found(format!("{reserved:#06x}"))
                    .wanted("0x0000")
            });
        }
    }
}
