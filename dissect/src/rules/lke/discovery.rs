//! Neighbor Discovery options of Local Key Exchange, draft 3.1.

use mip6_security::mobility::local::EncodedKey;
use mip6_wire::codes::NdFormat;
use mip6_wire::icmpv6::nd::{NdBody, NdOptionRef, NdOptions, fields as field};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags};

use super::by_reading;
use crate::packet::{Layer, Proto};
use crate::rules::address::solicited_node;
use crate::rules::id::*;
use crate::rules::judge::Judge;
use crate::rules::{Level, Req};

/// Octets in front of the options of a Router Advertisement.
const RA_OPTIONS_AT: usize = 16;
/// Octets in front of the options of a Neighbor Solicitation or Advertisement.
const OPTIONS_AT: usize = 24;

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
    if !j.packet.profile.may_speak_lke() {
        return;
    }
    let Some(options) = h.body.nd_options() else { return };
    for o in NdOptions::new(options, h.kind, j.codes()).flatten() {
        match (&h.body, o.format) {
            (Icmpv6Body::RouterAdvertisement { flags, lifetime, .. }, NdFormat::LkeCapability) => {
                capability(j, h, &o, flags.contains(RaFlags::H), *lifetime);
            }
            (_, NdFormat::DadAuthenticationRequest) => solicitation(j, h, &o),
            (_, NdFormat::DadAuthenticationReply) => advertisement(j, &o),
            _ => {}
        }
    }
}

fn capability(
    j: &mut Judge<'_, '_>,
    h: &Icmpv6<'_>,
    o: &NdOptionRef<'_>,
    home_agent: bool,
    router_lifetime: u16,
) {
    let at = RA_OPTIONS_AT + o.offset;
    j.holds(LKE_RA_001, home_agent, |d| {
        d.at(at).found("LKE capability in an advertisement with H clear").wanted("only with H set")
    });
    let NdBody::LkeCapability { max_lifetime, public_key } = o.body() else { return };
    let lifetime = |j: &mut Judge<'_, '_>, r: Req, ok: bool, wanted: String| {
        j.holds(r, ok, |d| {
            d.field(&field::LKE_MAX_LIFETIME, at + 2).found(max_lifetime).wanted(wanted)
        });
    };
    let finite = max_lifetime != 0xffff && max_lifetime != 0;
    lifetime(j, LKE_RA_006, finite, "neither infinite (65535) nor 0".into());
    if max_lifetime != 0xffff {
        lifetime(
            j,
            LKE_RA_004,
            max_lifetime <= router_lifetime,
            format!("at most the router lifetime of {router_lifetime} s"),
        );
        if let Some(ha) = home_agent_lifetime(j, h) {
            lifetime(
                j,
                LKE_RA_005,
                max_lifetime <= ha,
                format!("at most the home agent lifetime of {ha} s"),
            );
        }
        let usual = (600..=43_200).contains(&max_lifetime);
        j.holds(LKE_RA_007, usual || max_lifetime == 0, |d| {
            d.field(&field::LKE_MAX_LIFETIME, at + 2)
                .level(Level::May)
                .found(max_lifetime)
                .wanted("about 7200 s")
        });
    }
    public_key_rules(j, at, &public_key);
}

fn home_agent_lifetime(j: &Judge<'_, '_>, h: &Icmpv6<'_>) -> Option<u16> {
    let options = h.body.nd_options()?;
    NdOptions::new(options, h.kind, j.codes()).flatten().find_map(|o| match o.body() {
        NdBody::HomeAgentInformation { lifetime, .. } => Some(lifetime),
        _ => None,
    })
}

fn public_key_rules(j: &mut Judge<'_, '_>, at: usize, octets: &[u8]) {
    let key = EncodedKey::find(octets);
    j.holds(LKE_RA_008, key.is_some(), |d| {
        d.field(&field::LKE_PUBLIC_KEY, at + 4)
            .found("octets that are no RSA public key")
            .wanted("an RSA key: SubjectPublicKeyInfo in DER, or another known encoding")
    });
    let Some(key) = key else { return };
    let place = Some((&field::LKE_PUBLIC_KEY, at + 4));
    by_reading(j, LKE_RA_008, key.encoding, Level::May, place);
    let padding = &octets[key.octets..];
    let ok = padding.len() < 8 && padding.iter().all(|b| *b == 0);
    j.holds(LKE_RA_003, ok, |d| {
        d.field(&field::LEN, at + 1)
            .found(format!("{} octets behind the key", padding.len()))
            .wanted("zeros up to the next multiple of 8")
    });
    let bits = key.bits();
    let key_field = |j: &mut Judge<'_, '_>, r: Req, ok: bool, level: Level, wanted: &str| {
        j.holds(r, ok, |d| {
            d.field(&field::LKE_PUBLIC_KEY, at + 4)
                .level(level)
                .found(format!("an RSA key of {bits} bits"))
                .wanted(wanted)
        });
    };
    key_field(j, LKE_RA_009, bits >= 512, Level::Must, "at least 512 bits");
    // What comes in fragments is larger than its link takes (reading B11).
    let own = j.here().chain;
    let fragment = |l: &Layer| l.proto == Proto::Fragment && l.chain == own;
    let pieces = j.packet.layers[..j.layer].iter().find(|l| fragment(l));
    let pieces = pieces.is_some_and(|l| l.source != j.here().source);
    key_field(
        j,
        LKE_RA_009,
        bits <= 1024 || !pieces,
        Level::Should,
        "one for which the advertisement needs no fragments",
    );
    let level = if bits < 1024 { Level::Should } else { Level::May };
    key_field(j, LKE_RA_010, bits == 1024, level, "1024 bits, the recommended size");
}

/// Neighbor Solicitation with an authentication request, draft 3.1.2.
fn solicitation(j: &mut Judge<'_, '_>, h: &Icmpv6<'_>, o: &NdOptionRef<'_>) {
    dad_option(j, LKE_DAD_AR_003, o);
    let (Icmpv6Body::NeighborSolicitation { target, options, .. }, Some(chain)) =
        (&h.body, j.chain())
    else {
        return;
    };
    let ip = chain.ip;
    let (source, destination, hops) = (chain.wire_source, chain.wire_destination, chain.hop_limit);
    j.holds(LKE_DAD_AR_014, source.is_unspecified(), |d| {
        d.layer(ip)
            .field(&mip6_wire::ip::ipv6_fields::SOURCE, 8)
            .found(source)
            .wanted(":: in Duplicate Address Detection")
    });
    let wanted = solicited_node(*target);
    j.holds(LKE_DAD_AR_014, destination == wanted, |d| {
        d.layer(ip)
            .field(&mip6_wire::ip::ipv6_fields::DESTINATION, 24)
            .found(destination)
            .wanted(wanted)
    });
    j.holds(LKE_DAD_AR_014, hops == 255, |d| {
        d.layer(ip).field(&mip6_wire::ip::ipv6_fields::HOP_LIMIT, 7).found(hops).wanted("255")
    });
    let link_layer = NdOptions::new(options, h.kind, j.codes())
        .flatten()
        .find(|o| o.format == NdFormat::SourceLinkLayer);
    j.holds(LKE_DAD_AR_014, link_layer.is_none(), |d| {
        d.at(OPTIONS_AT + link_layer.map_or(0, |o| o.offset))
            .found("Source Link-Layer Address option")
            .wanted("none in Duplicate Address Detection")
    });
}

/// Neighbor Advertisement with an authentication reply, draft 3.1.3.
fn advertisement(j: &mut Judge<'_, '_>, o: &NdOptionRef<'_>) {
    dad_option(j, LKE_DAD_MN_002, o);
    let Some(chain) = j.chain() else { return };
    let (ip, destination) = (chain.ip, chain.wire_destination);
    let all_nodes = std::net::Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
    j.holds(LKE_DAD_MN_001, destination == all_nodes, |d| {
        d.layer(ip)
            .field(&mip6_wire::ip::ipv6_fields::DESTINATION, 24)
            .found(destination)
            .wanted(all_nodes)
    });
}

fn dad_option(j: &mut Judge<'_, '_>, r: Req, o: &NdOptionRef<'_>) {
    let at = OPTIONS_AT + o.offset;
    let NdBody::DadAuthentication { reserved, ar_address, front, padding, .. } = o.body() else {
        return j.holds(r, false, |d| {
            d.field(&field::LEN, at + 1).found(o.units).wanted("6 (48 octets with the padding)")
        });
    };
    j.holds(r, reserved == 0, |d| {
        d.field(&field::LKE_RESERVED, at + 2).found(format!("{reserved:#06x}")).wanted("0x0000")
    });
    j.holds(r, padding.iter().all(|b| *b == 0), |d| {
        d.field(&field::LKE_PADDING, at + 44 + front.len())
            .found("octets that are not zero")
            .wanted("zeros")
    });
    // Which address of the router identifies the association is a reading (F4).
    j.holds(r, !ar_address.is_unicast_link_local() && !ar_address.is_multicast(), |d| {
        d.field(&field::LKE_AR_ADDRESS, at + 8)
            .level(Level::Should)
            .found(ar_address)
            .wanted("the global address the association was made with")
    });
}
