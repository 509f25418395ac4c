//! The header orders of section 3: what protects signalling between mobile
//! node and home agent, at home and away, in transport and tunnel mode, with
//! ESP or AH. Under ESP only what precedes it shows; under AH, or where ESP
//! has been opened, the whole packet does.
//!
//! The section says what must be supported, not that nothing else may be
//! used: a packet that has what it must have in the right order, and something
//! besides, is reported for information only.

use std::fmt::Write as _;

use mip6_wire::codes::OptionFormat;
use mip6_wire::icmpv6::{Icmpv6, kind};
use mip6_wire::ip::DestinationOptions;
use mip6_wire::mobility::options::fields as option_field;
use mip6_wire::mobility::{Message, UpdateFlags};
use smallvec::SmallVec;

use crate::packet::{Chain, Layer, Proto};
use crate::rules::address::same_64;
use crate::rules::id::*;
use crate::rules::judge::Judge;
use crate::rules::listed::Listed;
use crate::rules::{Level, Req};

/// A header as far as the formats tell headers apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Ip,
    /// Destination Options with a Home Address option.
    Home,
    /// Type 2 routing header.
    Route,
    /// ESP or AH.
    Sec,
    /// What the packet is about.
    Content,
}

type Parts = SmallVec<[Part; 8]>;

/// The headers from the outermost IPv6 header to the layer being judged, those
/// that the formats do not mention left out.
fn parts(j: &Judge<'_, '_>) -> Parts {
    let mut parts: Parts = j.packet.layers[..j.layer]
        .iter()
        .enumerate()
        .filter_map(|(i, l)| match l.proto {
            Proto::Ipv6 if l.readable => Some(Ip),
            Proto::DestinationOptions if has_home(j, l) => Some(Home),
            Proto::Routing if l.is_home_route() => Some(Route),
            Proto::Authentication | Proto::Esp if l.is_protection() && i < j.layer => Some(Sec),
            _ => None,
        })
        .collect();
    parts.push(Content);
    parts
}

fn has_home(j: &Judge<'_, '_>, layer: &Layer) -> bool {
    let read = j.packet.read::<DestinationOptions<'_>>(layer);
    read.is_some_and(|d| d.list().flatten().any(|o| o.home_address().is_some()))
}

fn spell(parts: &[Part], content: &str) -> String {
    let mut out = String::new();
    for (i, p) in parts.iter().enumerate() {
        let name = match p {
            Ip => "IPv6",
            Home => "Home Address option",
            Route => "Type 2 routing header",
            Sec => "ESP/AH",
            Content => content,
        };
        // Writing to a String cannot fail.
        let _ = write!(out, "{}{name}", if i > 0 { ", " } else { "" });
    }
    out
}

use Part::{Content, Home, Ip, Route, Sec};

const AWAY_UP: &[Part] = &[Ip, Home, Sec, Content];
const AWAY_DOWN: &[Part] = &[Ip, Route, Sec, Content];
const AT_HOME: &[Part] = &[Ip, Sec, Content];
/// Tunnel mode, section 3.2 and 3.4; for registrations RFC 4877 3 allows it.
const TUNNEL: &[Part] = &[Ip, Sec, Ip, Content];

/// Not a format of section 3, but nothing that must be there is missing.
fn other(j: &mut Judge<'_, '_>, r: Req, found: &[Part], wanted: &[Part], content: &str) {
    j.holds(r, found == wanted, |d| {
        d.level(Level::May).found(spell(found, content)).wanted(spell(wanted, content))
    });
}

/// Something that must be there is missing.
fn missing(j: &mut Judge<'_, '_>, r: Req, found: &[Part], wanted: &[Part], content: &str) {
    j.holds(r, false, |d| d.found(spell(found, content)).wanted(spell(wanted, content)));
}

/// A Home Address option or Type 2 routing header behind ESP or AH is another
/// requirement's matter (IPSEC-FMT-018).
fn is_misordered(parts: &[Part]) -> bool {
    parts.windows(2).any(|w| w[0] == Sec && matches!(w[1], Home | Route))
}

pub(in crate::rules) fn judge_mobility(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    let tunnelled = j.chain().is_some_and(|c| c.outer.is_some());
    if !j.is_protected() {
        // Other tunnels on the way are nobody's fault.
        let home = match h.message {
            Message::HomeTestInit { .. } => is_upwards(j),
            Message::HomeTest { .. } => is_downwards(j),
            _ => false,
        };
        if home {
            j.holds(MIP6_HA_RRP_003, false, |d| {
                d.found(format!("a tunnelled {} in the clear", h.format().title()))
                    .wanted("ESP tunnel mode between mobile node and home agent")
            });
        }
        return;
    }
    let found = parts(j);
    if is_misordered(&found) {
        return;
    }
    let content = h.format().title();
    match &h.message {
        Message::BindingUpdate { flags, lifetime, .. } if is_home(*flags) => {
            update(j, h, &found, *lifetime, content);
        }
        Message::BindingAcknowledgement { status, lifetime, flags, .. }
            if !flags.contains(mip6_wire::mobility::AckFlags::P) =>
        {
            let away = *status < 128 && *lifetime > 0;
            acknowledgement(j, h, &found, away, content);
        }
        Message::HomeTestInit { .. } if tunnelled => {
            j.holds(MIP6_HA_RRP_003, true, |d| d);
            let outer = found.iter().take_while(|p| **p != Sec);
            let home = outer.filter(|p| **p == Home).count() > 0;
            j.holds(IPSEC_FMT_009, !home, |d| {
                d.found("Home Address option in front of the tunnel").wanted("none")
            });
            if !home {
                other(j, IPSEC_FMT_007, &found, TUNNEL, content);
            }
        }
        Message::HomeTest { .. } if tunnelled => {
            j.holds(MIP6_HA_RRP_003, true, |d| d);
            other(j, IPSEC_FMT_008, &found, TUNNEL, content);
        }
        _ => {}
    }
}

fn is_home(flags: UpdateFlags) -> bool {
    flags.contains(UpdateFlags::H) && !flags.contains(UpdateFlags::P)
}

fn update(j: &mut Judge<'_, '_>, h: &Listed<'_>, found: &[Part], lifetime: u16, content: &str) {
    if found == TUNNEL {
        return;
    }
    if found.contains(&Home) {
        other(j, IPSEC_FMT_001, found, AWAY_UP, content);
        alternate(j, h);
    } else if lifetime > 0 {
        missing(j, IPSEC_FMT_001, found, AWAY_UP, content);
    } else {
        other(j, IPSEC_FMT_003, found, AT_HOME, content);
    }
}

/// The Alternate Care-of Address lets ESP protect the care-of address; that it
/// is there is MIP6-MN-BU-004's matter. It may be another one than the source
/// (RFC 6275 6.2.5), which is rare.
fn alternate(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    let Some(source) = j.chain().map(|c| c.wire_source) else { return };
    let fixed = h.fixed;
    let option = h.list().find(|o| o.format == OptionFormat::AlternateCareof && o.data.len() == 16);
    let Some(o) = option else { return };
    let same = o.data == source.octets();
    j.holds(IPSEC_FMT_001, same, |d| {
        d.level(Level::May)
            .field(&option_field::ALTERNATE_COA, fixed + o.offset + 2)
            .found(option_field::ALTERNATE_COA.value(o.data))
            .wanted(format!("{source}, the source of the packet"))
    });
}

fn acknowledgement(
    j: &mut Judge<'_, '_>,
    h: &Listed<'_>,
    found: &[Part],
    away: bool,
    content: &str,
) {
    // A correspondent authenticates by an option, whatever IPsec does besides.
    let correspondent = h.list().any(|o| o.format == OptionFormat::BindingAuthorization);
    if found == TUNNEL || correspondent {
        return;
    }
    if found.contains(&Route) {
        other(j, IPSEC_FMT_002, found, AWAY_DOWN, content);
    } else if away {
        missing(j, IPSEC_FMT_002, found, AWAY_DOWN, content);
    } else {
        other(j, IPSEC_FMT_004, found, AT_HOME, content);
    }
}

pub(in crate::rules) fn judge_icmpv6(j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
    let (r, wanted, needed, content) = match h.kind {
        kind::PREFIX_SOLICITATION => (IPSEC_FMT_013, AWAY_UP, Home, "Mobile Prefix Solicitation"),
        kind::PREFIX_ADVERTISEMENT => {
            (IPSEC_FMT_014, AWAY_DOWN, Route, "Mobile Prefix Advertisement")
        }
        _ => return,
    };
    if !j.is_protected() {
        return;
    }
    let found = parts(j);
    if is_misordered(&found) || found[..] == *TUNNEL {
        return;
    }
    if found.contains(&needed) {
        other(j, r, &found, wanted, content);
    } else {
        missing(j, r, &found, wanted, content);
    }
}

/// At an ESP or AH header: what belongs in front of it stands in front of it.
pub(in crate::rules) fn judge_protection(j: &mut Judge<'_, '_>) {
    let own = j.here().chain;
    let layers = &j.packet.layers;
    let behind = (j.layer + 1..layers.len()).find(|i| {
        layers[*i].chain == own
            && match layers[*i].proto {
                Proto::DestinationOptions => has_home(j, &layers[*i]),
                Proto::Routing => layers[*i].is_home_route(),
                _ => false,
            }
    });
    let name = layers[j.layer].proto.title();
    j.holds(IPSEC_FMT_018, behind.is_none(), |d| {
        d.layer(behind.unwrap_or_default())
            .found(format!("{} behind the {name}", behind.map_or("", |i| layers[i].proto.title())))
            .wanted("in front of it, in the clear")
    });
}

/// At the inner IPv6 header of an ESP or AH tunnel that carries payload.
pub(in crate::rules) fn judge_tunnel(j: &mut Judge<'_, '_>) {
    let secured = j.layer > 0 && j.packet.layers[j.layer - 1].is_protection();
    if !secured {
        return;
    }
    // Signalling has formats of its own.
    let signalling = j.packet.layers[j.layer..].iter().any(|l| match l.proto {
        Proto::Mobility => l.readable,
        Proto::Icmpv6 => matches!(l.kind, kind::PREFIX_SOLICITATION | kind::PREFIX_ADVERTISEMENT),
        _ => false,
    });
    if signalling {
        return;
    }
    let found = parts(j);
    let mut shown = found.clone();
    shown.pop();
    shown.extend([Ip, Content]);
    let down = found.contains(&Route) || is_downwards(j);
    // Tunnels of networks without mobile nodes have other forms.
    if !down && !found.contains(&Home) && !is_upwards(j) {
        return;
    }
    let r = if down { IPSEC_FMT_016 } else { IPSEC_FMT_015 };
    other(j, r, &shown, TUNNEL, "payload");
}

/// Whether the tunnel leads away from the home link: the inner destination and
/// the outer source are on one link, which is where the home agent is.
fn is_downwards(j: &Judge<'_, '_>) -> bool {
    ends(j).is_some_and(|(inner, outer)| same_64(inner.wire_destination, outer.wire_source))
}

/// Whether the tunnel leads to the home link.
fn is_upwards(j: &Judge<'_, '_>) -> bool {
    ends(j).is_some_and(|(inner, outer)| same_64(inner.wire_source, outer.wire_destination))
}

/// The chain being judged and the one it is tunnelled in.
fn ends<'j>(j: &Judge<'j, '_>) -> Option<(&'j Chain, &'j Chain)> {
    let inner = j.chain()?;
    Some((inner, &j.packet.chains[usize::from(inner.outer?)]))
}
