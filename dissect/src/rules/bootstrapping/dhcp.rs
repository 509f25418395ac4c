//! Home agent discovery by DHCPv6, RFC 6610 and RFC 6611.

use std::net::Ipv6Addr;

use mip6_wire::dhcpv6::{Dhcpv6, Dhcpv6OptionRef, Dhcpv6Options, code, option_fields as field};
use smallvec::SmallVec;

use crate::rules::id::*;
use crate::rules::judge::Judge;
use crate::rules::{Level, Req};

const ADVERTISE: u8 = 2;
const REPLY: u8 = 7;
const INFORMATION_REQUEST: u8 = 11;
const RELAY_FORWARD: u8 = 12;
const OPTIONS_AT: usize = 4;
/// `All_DHCP_Relay_Agents_and_Servers`, RFC 8415 7.1.
const SERVERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 1, 2);
/// The options that ask for home network information.
const INFORMATION: [u16; 3] = [code::VISITED_INFO, code::IDENTIFIED_INFO, code::UNRESTRICTED_INFO];

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Dhcpv6<'_>) {
    if h.kind >= RELAY_FORWARD {
        return;
    }
    let server = matches!(h.kind, ADVERTISE | REPLY);
    let mut client_id = false;
    let mut names = 0;
    let mut requested: Option<(usize, SmallVec<[u16; 16]>)> = None;
    for o in Dhcpv6Options::new(&h.options) {
        let at = OPTIONS_AT + o.offset;
        match o.code {
            code::CLIENT_ID => client_id = true,
            code::REQUEST => {
                let codes = o.data.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]]));
                requested = Some((at, codes.collect()));
            }
            code::HOME_NETWORK_FQDN => {
                names += 1;
                j.holds(BOOT_DHCP_012, !server, |d| {
                    d.at(at)
                        .level(Level::Should)
                        .found("a home network identifier on its own in a server's message")
                        .wanted("inside Identified Home Network Information")
                });
                content(j, &o, at);
            }
            code::VISITED_INFO | code::IDENTIFIED_INFO | code::UNRESTRICTED_INFO => {
                let mut named = false;
                for inner in Dhcpv6Options::new(o.data) {
                    named |= inner.code == code::HOME_NETWORK_FQDN;
                    content(j, &inner, at + 4 + inner.offset);
                }
                if server && o.code == code::IDENTIFIED_INFO {
                    j.holds(BOOT_DHCP_012, named, |d| {
                        d.at(at)
                            .found("Identified Home Network Information that names no network")
                            .wanted("the network's identifier (option 49) inside")
                    });
                }
            }
            code::HOME_PREFIX | code::HOME_AGENT => {
                let r = if o.code == code::HOME_PREFIX { BOOT_DHCP_013 } else { BOOT_DHCP_014 };
                j.holds(r, false, |d| {
                    d.at(at)
                        .level(Level::Should)
                        .found(format!("option {} on its own", o.code))
                        .wanted("inside one of the Home Network Information options")
                });
                content(j, &o, at);
            }
            _ => {}
        }
    }
    if let Some((at, codes)) = requested.filter(|_| !server) {
        request(j, at, &codes, names);
        if h.kind == INFORMATION_REQUEST && codes.iter().any(|c| INFORMATION.contains(c)) {
            integrated(j, client_id);
        }
    }
}

/// The shape of the options with content.
fn content(j: &mut Judge<'_, '_>, o: &Dhcpv6OptionRef<'_>, at: usize) {
    let n = o.data.len();
    let len = |j: &mut Judge<'_, '_>, r: Req, wanted: usize| {
        j.holds(r, n == wanted, |d| d.field(&field::LEN, at + 2).found(n).wanted(wanted));
    };
    match o.code {
        code::HOME_NETWORK_FQDN => j.holds(BOOT_DHCP_012, is_name(o.data), |d| {
            d.field(&field::HOME_FQDN, at + 4)
                .found(mip6_wire::layout::Value::Bytes(o.data))
                .wanted("a domain name in DNS encoding, not compressed")
        }),
        code::HOME_PREFIX => len(j, BOOT_DHCP_013, 17),
        code::HOME_AGENT => len(j, BOOT_DHCP_014, 16),
        _ => {}
    }
}

/// One name of labels up to the root.
fn is_name(mut octets: &[u8]) -> bool {
    loop {
        match octets {
            [0] => return true,
            [len @ 1..=63, rest @ ..] if rest.len() > usize::from(*len) => {
                octets = &rest[usize::from(*len)..];
            }
            _ => return false,
        }
    }
}

fn request(j: &mut Judge<'_, '_>, at: usize, codes: &[u16], names: usize) {
    let asks = |c: u16| codes.contains(&c);
    if INFORMATION.into_iter().any(asks) {
        let parts =
            [code::HOME_NETWORK_FQDN, code::HOME_PREFIX, code::HOME_AGENT, code::HOME_AGENT_FQDN];
        let missing: Vec<_> = parts.into_iter().filter(|c| !asks(*c)).collect();
        j.holds(BOOT_DHCP_001, missing.is_empty(), |d| {
            d.at(at)
                .found(format!("home network information requested without options {missing:?}"))
                .wanted("49, 71, 72 and 73 requested too")
        });
    }
    if asks(code::IDENTIFIED_INFO) {
        j.holds(BOOT_DHCP_002, names > 0, |d| {
            d.at(at)
                .found("option 69 requested without a home network identifier")
                .wanted("at least one option 49")
        });
    }
    if names > 1 {
        j.holds(BOOT_DHCP_003, asks(code::HOME_NETWORK_FQDN), |d| {
            d.at(at)
                .found("several home network identifiers, option 49 not requested")
                .wanted("49 requested")
        });
    }
}

fn integrated(j: &mut Judge<'_, '_>, client_id: bool) {
    let Some(chain) = j.chain() else { return };
    let (ip, destination) = (chain.ip, chain.wire_destination);
    j.holds(BOOT_INT_001, destination == SERVERS, |d| {
        d.layer(ip)
            .field(&mip6_wire::ip::ipv6_fields::DESTINATION, 24)
            .found(destination)
            .wanted(SERVERS)
    });
    j.holds(BOOT_INT_001, client_id, |d| {
        d.at(OPTIONS_AT).found("no client identifier").wanted("one (option 1)")
    });
}
