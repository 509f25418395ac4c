//! What the files of vectors say in words, or by a packet described and not
//! given: packets are made for it here.

use std::net::Ipv6Addr;

use mip6_dissect::capture::LinkType;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ip::{Ipv6, Routing, proto};
use serde_json::Value;

use crate::claim::{Claim, Mapping, Rule, Vector, Want, rule_of};
use crate::frames::{self, DESTINATION, SOURCE};
use crate::json::{self, Bad};
use Rule::{Breaks, Count, Is, OptionOctets, Unmapped};

/// Octets that show a statement, and what is to be read from them.
type Shown = (Around, &'static str, &'static [(Rule, Say)]);

/// What the octets begin with.
enum Around {
    Message,
    Option,
}
use Around::{Message, Option as Opt};

/// A value of a statement.
#[derive(Clone, Copy)]
enum Say {
    Number(u64),
    Text(&'static str),
}
use Say::{Number, Text};

/// Statements by their beginning.
const PYPCAPKIT: &[(&str, &[Shown])] = &[
    (
        "FMIPv6 BADF option (21)",
        &[(
            Opt,
            "1504deadbeef01020304",
            &[
                (OptionOctets, Number(10)),
                (Is("mip6.badff.spi"), Number(0xdead_beef)),
                (Is("mip6.badff.auth"), Number(0x0102_0304)),
                (Unmapped("RFC 5568 6.4.5 has no least length of the authenticator"), Number(0)),
            ],
        )],
    ),
    (
        "IPv6 Address/Prefix option (34)",
        &[(
            Opt,
            "2212018020010db8000000000000000000000001",
            &[
                (Is("mip6.mobility_opt.len"), Number(18)),
                (Is("mip6.mhipv6ap.len"), Number(128)),
                (Is("mip6.mhipv6ap.ipv6_address"), Text("2001:db8::1")),
                (Unmapped("no rule judges FMIPv6"), Number(0)),
            ],
        )],
    ),
    (
        "PMIPv6 Timestamp option (27)",
        &[
            (
                Opt,
                "1b080000386d43800000",
                &[(Is("mip6.timestamp_tmp"), Text("2000-01-01T00:00:00.000000000Z"))],
            ),
            (
                Opt,
                "1b080000386d43808000",
                &[(Is("mip6.timestamp_tmp"), Text("2000-01-01T00:00:00.500000000Z"))],
            ),
        ],
    ),
    (
        "MN-HA Message-ID option (10)",
        &[
            (
                Opt,
                "0a0883aa7e8000000000",
                &[(Is("mip6.mseg_id.timestamp"), Text("1970-01-01T00:00:00.000000000Z"))],
            ),
            (
                Opt,
                "0a0883aa7e8040000000",
                &[(Is("mip6.mseg_id.timestamp"), Text("1970-01-01T00:00:00.250000000Z"))],
            ),
        ],
    ),
    (
        "Multicast Mobility / Acknowledgement options (60, 61; RFC 7411)",
        &[
            (Opt, "3c01020011223344", &[(OptionOctets, Number(8))]),
            (Opt, "3d0202000000000011223344", &[(OptionOctets, Number(12))]),
        ],
    ),
    (
        "Binding Identifier option (35)",
        &[
            (
                Opt,
                "230400070000",
                &[
                    (Is("mip6.bi.bid"), Number(7)),
                    (Count("mip6.bi.coa_ipv4 mip6.bi.coa_ipv6"), Number(0)),
                ],
            ),
            (Opt, "230800070000c0000201", &[(Is("mip6.bi.coa_ipv4"), Text("192.0.2.1"))]),
            (
                Opt,
                "23140007000020010db8000000000000000000000001",
                &[(Is("mip6.bi.coa_ipv6"), Text("2001:db8::1"))],
            ),
            (Opt, "29060200c0000201", &[(Is("mip6.lmaa.ipv4"), Text("192.0.2.1"))]),
            (
                Opt,
                "2912010020010db8000000000000000000000001",
                &[(Is("mip6.lmaa.ipv6"), Text("2001:db8::1"))],
            ),
            (Opt, "3b020000", &[(Count("mip6.lma_up.ipv4 mip6.lma_up.ipv6"), Number(0))]),
            (
                Opt,
                "37068018c0000200",
                &[
                    (Is("mip6.dmnp.v_flag"), Number(1)),
                    (Is("mip6.dmnp.dmnp_ipv4"), Text("192.0.2.0")),
                ],
            ),
            (
                Opt,
                "3712004020010db8000000000000000000000000",
                &[
                    (Is("mip6.dmnp.v_flag"), Number(0)),
                    (Is("mip6.dmnp.dmnp_ipv6"), Text("2001:db8::")),
                ],
            ),
        ],
    ),
    (
        "Redirect option (47)",
        &[
            (
                Opt,
                "2f12800020010db8000000000000000000000001",
                &[
                    (Is("mip6.redir.k"), Number(1)),
                    (Is("mip6.redir.addr_r2lma_ipv6"), Text("2001:db8::1")),
                ],
            ),
            (
                Opt,
                "2f064000c0000201",
                &[
                    (Is("mip6.redir.n"), Number(1)),
                    (Is("mip6.redir.addr_r2lma_ipv4"), Text("192.0.2.1")),
                    (Unmapped("no rule judges PMIPv6"), Number(0)),
                ],
            ),
        ],
    ),
    (
        "Geo-location ANI sub-option",
        &[(
            Opt,
            "34080206ff8000008000",
            &[
                (Is("mip6.acc_net_id.geo.latitude"), Text("-32768")),
                (Is("mip6.acc_net_id.geo.longitude"), Text("32768")),
            ],
        )],
    ),
    (
        "Binding Revocation and Flow Binding",
        &[
            (Message, "3b011000000001050001000001020000", &[(Is("mip6.bri_r.trigger"), Number(5))]),
            (Message, "3b011000000002050001000001020000", &[(Is("mip6.bri_status"), Number(5))]),
            (Message, "3b011500000000010001050001020000", &[(Is("mip6.fb.trigger"), Number(5))]),
            (Message, "3b011500000000020001050001020000", &[(Is("mip6.fb.status"), Number(5))]),
        ],
    ),
];

pub(crate) fn pypcapkit(json: &Value, file: &str) -> Result<Vec<Vector>, Bad> {
    let mut vectors = Vec::new();
    for item in json::list(json, "semantic_statements")? {
        let text = json::text(item, "statement")?;
        let known = PYPCAPKIT.iter().find(|(beginning, _)| text.starts_with(beginning));
        let (beginning, shown) = known.ok_or_else(|| unknown(text))?;
        for (around, hex, said) in *shown {
            let octets = json::octets(hex)?;
            let octets = match around {
                Message => frames::ipv6(proto::MOBILITY, &octets),
                Opt => frames::mobility_option(&octets),
            };
            let claim = |(rule, say): &(Rule, Say)| {
                let want = match *say {
                    Number(n) => Want::Number(n),
                    Text(text) => Want::from(text),
                };
                Claim::new(format!("{rule:?}"), *rule, want)
            };
            let claims = said.iter().map(claim).collect();
            vectors.push(stated(file, &format!("{beginning}, {hex}"), octets, claims));
        }
    }
    Ok(vectors)
}

/// A Binding Update without options.
const UPDATE: &str = "3b010500000000018000003c01020000";

pub(crate) fn yaklang(json: &Value, file: &str) -> Result<Vec<Vector>, Bad> {
    let mut vectors = Vec::new();
    for item in json::list(json, "checks")? {
        let text = item.as_str().unwrap_or_default();
        let update = frames::with_checksum(&json::octets(UPDATE)?);
        let (octets, claim) = match text.split([' ', ':']).next() {
            Some("checksum") => {
                // The last octet of the destination.
                let mut octets = update;
                octets[39] ^= 1;
                (octets, Claim::new(text, Is("mip6.csum.status"), 0))
            }
            Some("MH") => {
                let longer = [json::octets(UPDATE)?, vec![0; 8]].concat();
                let octets = frames::ipv6(proto::MOBILITY, &longer);
                (octets, Claim::new(text, Breaks, "MIP6-MH-003"))
            }
            Some("Binding") => {
                let authorized = json::octets("3b03050000000001800000000000")?;
                let option = json::octets("050c000102030405060708090a0b01020000")?;
                let octets =
                    frames::ipv6(proto::MOBILITY, &[&authorized[..12], &option, &[0, 0]].concat());
                (octets, Claim::new(text, Breaks, "MIP6-OPT-003"))
            }
            Some("256") => (update, Claim::new(text, Unmapped("yaklang's own limit"), 0)),
            _ => return Err(unknown(text)),
        };
        vectors.push(stated(file, text, octets, vec![claim]));
    }
    Ok(vectors)
}

const SCAPY: Mapping = &[
    ("icmp6_cksum*", Is("icmpv6.checksum")),
    ("dst *", Is("ipv6.dst")),
    ("routing_type", Is("ipv6.routing.type")),
    ("addresses", Count("ipv6.routing.mipv6.home_address")),
];

/// Packets described by their headers: ours must come out with the checksum
/// that scapy's have.
pub(crate) fn scapy(builds: &Value, file: &str) -> Result<Vec<Vector>, Bad> {
    let mut vectors = Vec::new();
    for build in builds.as_array().into_iter().flatten() {
        let text = json::text(build, "build")?;
        let headers = if text.ends_with("/DHAAD request id=42, R bit 1") {
            let anycast = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0xfdff, 0xffff, 0xffff, 0xfffe);
            let body = Icmpv6Body::HomeAgentRequest { identifier: 42, reserved: 0x8000 };
            let icmpv6 = Header::Icmpv6(Icmpv6::new(kind::HOME_AGENT_REQUEST, body));
            vec![Header::Ipv6(Ipv6::new(SOURCE, anycast)), icmpv6]
        } else if text.contains("/RH type 2 (home address 2001:db8::3)/") {
            let home = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 3);
            let body = Icmpv6Body::Echo { identifier: 0, sequence: 0, data: (&[][..]).into() };
            let icmpv6 = Header::Icmpv6(Icmpv6::new(kind::ECHO_REQUEST, body));
            vec![
                Header::Ipv6(Ipv6::new(DESTINATION, SOURCE)),
                Header::Routing(Routing::home(home)),
                icmpv6,
            ]
        } else {
            return Err(unknown(text));
        };
        let claims: Result<_, Bad> = json::members(build, "expect")?
            .map(|(key, value)| Ok(Claim::new(key, rule_of(SCAPY, key), json::want(value)?)))
            .collect();
        vectors.push(stated(file, text, write_packet(&headers, &RFC6275), claims?));
    }
    Ok(vectors)
}

fn stated(file: &str, text: &str, octets: Vec<u8>, claims: Vec<Claim>) -> Vector {
    let (file, name) = (file.to_owned(), format!("statement: {text}"));
    Vector { file, name, octets, link: LinkType::RAW, claims }
}

fn unknown(text: &str) -> Bad {
    Bad::Shape(format!("nothing shows this statement: {text}"))
}
