//! What Mobile IPv6 changes in Neighbor Discovery, RFC 6275 7.

use std::net::Ipv6Addr;

use mip6_wire::codes::NdFormat;
use mip6_wire::icmpv6::nd::{NdBody, NdOptionRef, NdOptions, fields as field};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags, kind};

use crate::rules::Level;
use crate::rules::id::*;
use crate::rules::judge::Judge;

/// Octets of a Router Advertisement in front of its options.
const OPTIONS_AT: usize = 16;
/// Mobile Router Support in the reserved field, RFC 3963 4.4.
const MOBILE_ROUTER: u16 = 0x8000;
/// Router address flag of a Prefix Information option.
const R: u8 = 0x20;

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
    let Icmpv6Body::RouterAdvertisement { flags, lifetime, options, .. } = &h.body else { return };
    let home_agent = flags.contains(RaFlags::H);
    let mut seen = Seen::default();
    for o in NdOptions::new(options, kind::ROUTER_ADVERTISEMENT, j.codes()).flatten() {
        seen.option(j, &o, home_agent, *lifetime);
    }
    // The prefix alone is an address of the router too, its anycast address: for
    // another router than a home agent that may do.
    if home_agent {
        j.contains(MIP6_ND_002, seen.full_address, |d| {
            let d = match seen.bare {
                Some((at, prefix)) => d
                    .field(&field::PREFIX, at)
                    .found(format!("{prefix} with R set, which is the prefix alone")),
                // Another advertisement may have it.
                None => d.level(Level::Should).found("no Prefix Information option with R set"),
            };
            d.wanted("one with R set and the router's whole global address")
        });
    }
    if home_agent && j.packet.frame.link.has_addresses() {
        j.contains(MIP6_ND_019, seen.link_layer, |d| {
            d.found("no Source Link-Layer Address option")
                .wanted("one in a home agent's advertisement")
        });
    }
}

#[derive(Default)]
struct Seen {
    full_address: bool,
    /// A Prefix Information option with R set and nothing behind the prefix.
    bare: Option<(usize, Ipv6Addr)>,
    link_layer: bool,
}

impl Seen {
    fn option(
        &mut self,
        j: &mut Judge<'_, '_>,
        o: &NdOptionRef<'_>,
        home_agent: bool,
        lifetime: u16,
    ) {
        let at = OPTIONS_AT + o.offset;
        match o.format {
            NdFormat::SourceLinkLayer => self.link_layer = true,
            NdFormat::PrefixInformation => {
                if let NdBody::PrefixInformation { len, flags, prefix, .. } = o.body()
                    && flags & R != 0
                {
                    if has_host_bits(prefix, len) {
                        self.full_address = true;
                    } else {
                        self.bare = Some((at + 16, prefix));
                    }
                }
            }
            NdFormat::AdvertisementInterval => {
                j.holds(MIP6_ND_006, o.units == 1, |d| {
                    d.field(&field::LEN, at + 1).found(o.units).wanted("1")
                });
                if let NdBody::AdvertisementInterval { reserved, .. } = o.body() {
                    j.holds(MIP6_ND_006, reserved == 0, |d| {
                        d.field(&field::RESERVED, at + 2)
                            .found(format!("{reserved:#06x}"))
                            .wanted("0x0000")
                    });
                }
            }
            NdFormat::HomeAgentInformation => {
                home_agent_information(j, o, at, home_agent, lifetime);
            }
            _ => {}
        }
    }
}

fn home_agent_information(
    j: &mut Judge<'_, '_>,
    o: &NdOptionRef<'_>,
    at: usize,
    home_agent: bool,
    router_lifetime: u16,
) {
    j.holds(MIP6_ND_008, o.units == 1, |d| d.field(&field::LEN, at + 1).found(o.units).wanted("1"));
    j.holds(MIP6_ND_010, home_agent, |d| {
        d.at(at)
            .found("Home Agent Information in an advertisement with H clear")
            .wanted("only with H set")
    });
    let NdBody::HomeAgentInformation { reserved, preference, lifetime } = o.body() else { return };
    let unknown = reserved & !MOBILE_ROUTER;
    j.holds(MIP6_ND_008, unknown == 0, |d| {
        d.field(&field::HA_RESERVED, at + 2).found(format!("{unknown:#06x}")).wanted("0x0000")
    });
    j.holds(MIP6_ND_009, lifetime != 0, |d| {
        d.field(&field::HA_LIFETIME, at + 6).found(0).wanted("more than 0")
    });
    let needless = preference == 0 && lifetime == router_lifetime;
    j.holds(MIP6_ND_014, !needless, |d| {
        d.at(at)
            .level(Level::May)
            .found("Home Agent Information that says only what its absence would say")
            .wanted("none, or other values")
    });
}

/// Whether anything follows the first `len` bits.
fn has_host_bits(prefix: Ipv6Addr, len: u8) -> bool {
    match 128u32.checked_sub(u32::from(len)) {
        None | Some(0) => true,
        Some(128) => !prefix.is_unspecified(),
        Some(host) => u128::from(prefix) & ((1u128 << host) - 1) != 0,
    }
}
