//! The four ICMPv6 messages of Mobile IPv6, RFC 6275 6.5 to 6.8.

use mip6_wire::codes::NdFormat;
use mip6_wire::icmpv6::nd::{NdOptions, fields as option_field};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, fields as field, kind};

use crate::rules::Req;
use crate::rules::address::is_home_agents_anycast;
use crate::rules::id::*;
use crate::rules::judge::Judge;

/// Mobile Router Support in the reserved field, RFC 3963 5.4 and 7.2.
const MOBILE_ROUTER: u16 = 0x8000;
/// The bits of a Mobile Prefix Advertisement's flags without a meaning.
const RESERVED_FLAGS: u16 = 0x3fff;
const RESERVED_AT: usize = 6;
const OPTIONS_AT: usize = 8;

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
    let Some(chain) = j.chain() else { return };
    match &h.body {
        Icmpv6Body::HomeAgentRequest { reserved, .. } => {
            code(j, MIP6_ICMP_001, h.code);
            reserved_field(j, MIP6_ICMP_001, reserved & !MOBILE_ROUTER);
            let (ip, destination) = (chain.ip, chain.wire_destination);
            j.holds(MIP6_ICMP_001, is_home_agents_anycast(destination), |d| {
                d.layer(ip)
                    .field(&mip6_wire::ip::ipv6_fields::DESTINATION, 24)
                    .found(destination)
                    .wanted("the Home-Agents anycast address of the home prefix (RFC 2526)")
            });
        }
        Icmpv6Body::HomeAgentReply { reserved, addresses, tail, .. } => {
            code(j, MIP6_ICMP_004, h.code);
            reserved_field(j, MIP6_ICMP_004, reserved & !MOBILE_ROUTER);
            j.holds(MIP6_ICMP_004, tail.is_empty(), |d| {
                d.at(OPTIONS_AT + addresses.len())
                    .found(format!("{} octets behind the last address", tail.len()))
                    .wanted("whole addresses up to the end")
            });
        }
        Icmpv6Body::PrefixSolicitation { reserved, .. } => {
            code(j, MIP6_ICMP_005, h.code);
            reserved_field(j, MIP6_ICMP_005, *reserved);
            j.holds(MIP6_ICMP_005, chain.home.is_some(), |d| {
                d.found("no Home Address option").wanted("one with the home address")
            });
            protection(j, MIP6_ICMP_006);
        }
        Icmpv6Body::PrefixAdvertisement { flags, options, .. } => {
            code(j, MIP6_ICMP_008, h.code);
            let unknown = flags & RESERVED_FLAGS;
            j.holds(MIP6_ICMP_008, unknown == 0, |d| {
                d.field(&field::MIP6_FLAGS_RESERVED, RESERVED_AT)
                    .found(format!("{unknown:#06x}"))
                    .wanted("0x0000")
            });
            prefixes(j, options);
            let route = j.home_route().is_some();
            j.holds(MIP6_ICMP_009, route, |d| {
                d.found("no Type 2 routing header").wanted("one with the home address")
            });
            protection(j, MIP6_ICMP_012);
        }
        _ => {}
    }
}

fn code(j: &mut Judge<'_, '_>, r: Req, code: u8) {
    j.holds(r, code == 0, |d| d.field(&field::CODE, 1).found(code).wanted("0"));
}

fn reserved_field(j: &mut Judge<'_, '_>, r: Req, v: u16) {
    j.holds(r, v == 0, |d| {
        d.field(&field::RESERVED, RESERVED_AT).found(format!("{v:#06x}")).wanted("0x0000")
    });
}

/// At least one Prefix Information option, each of the length of the modified
/// format.
fn prefixes(j: &mut Judge<'_, '_>, options: &[u8]) {
    let mut any = false;
    for o in NdOptions::new(options, kind::PREFIX_ADVERTISEMENT, j.codes()).flatten() {
        if o.format != NdFormat::PrefixInformation {
            continue;
        }
        any = true;
        j.holds(MIP6_ICMP_013, o.units == 4, |d| {
            d.field(&option_field::LEN, OPTIONS_AT + o.offset + 1).found(o.units).wanted("4")
        });
    }
    j.contains(MIP6_ICMP_008, any, |d| {
        d.at(OPTIONS_AT).found("no Prefix Information option").wanted("at least one")
    });
}

/// Not in the clear: under ESP or AH, here or around.
fn protection(j: &mut Judge<'_, '_>, r: Req) {
    let protected = j.is_protected();
    j.holds(r, protected, |d| d.found("no ESP or AH around it").wanted("protection by IPsec"));
}
