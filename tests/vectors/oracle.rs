//! Packets that scapy made of Mobile IPv6 and its protection, some of them
//! wrong only to whoever has the keys. What shows without keys is compared:
//! the headers around ESP, everything under AH, and the packets in the clear
//! that were protected. The key of the correspondent node (`kcn`) waits for the
//! part that knows keys.

use std::path::Path;

use mip6_dissect::capture::LinkType;
use mip6_wire::ip::Ipv6;
use serde_json::Value;

use crate::claim::{Claim, Rule, Vector, Want};
use crate::frames;
use crate::json::{self, Bad};
use Rule::{Among, Begins, Count, Is, Unmapped};

const HOME_OPTION: &str = "ipv6.opt.mipv6.home_address";
const HOME_ROUTE: &str = "ipv6.routing.mipv6.home_address";
const MOBILITY: &str = "mip6.mhtype";
const ICMPV6: &str = "icmpv6.type";
const NEXT: &str = "ipv6.nxt ipv6.dstopts.nxt ipv6.routing.nxt";
const KEYS: Rule = Unmapped("keys, and what is read with them, are a later part");
const INSIDE: Rule = Unmapped("only inside ESP");

/// RFC 2526: Mobile IPv6 Home-Agents anycast address of 2001:db8:1::/64.
const HOME_AGENTS: &str = "2001:db8:1:0:fdff:ffff:ffff:fffe";

/// Messages by the beginning of a vector's name: from, to, where the home
/// address is, the field over the type, and the type. Addresses go by their
/// names in the file.
type Message = (&'static str, &'static str, &'static str, Option<&'static str>, &'static str, u64);

const MESSAGES: &[Message] = &[
    ("bu-dereg-home-", "hoa", "ha", None, MOBILITY, 5),
    ("ba-dereg-home-", "ha", "hoa", None, MOBILITY, 6),
    ("bu-", "coa", "ha", Some(HOME_OPTION), MOBILITY, 5),
    ("ba-", "ha", "coa", Some(HOME_ROUTE), MOBILITY, 6),
    ("hoti-", "hoa", "cn", None, MOBILITY, 1),
    ("hot-", "cn", "hoa", None, MOBILITY, 3),
    ("mps-", "coa", "ha", Some(HOME_OPTION), ICMPV6, 146),
    ("mpa-", "ha", "coa", Some(HOME_ROUTE), ICMPV6, 147),
    ("rr-hoti", "hoa", "cn", None, MOBILITY, 1),
    ("rr-coti", "coa", "cn", None, MOBILITY, 2),
    ("rr-hot", "cn", "hoa", None, MOBILITY, 3),
    ("rr-cot", "cn", "coa", None, MOBILITY, 4),
    ("ro-bu-cn", "coa", "cn", Some(HOME_OPTION), MOBILITY, 5),
    ("ro-ba-cn", "cn", "coa", Some(HOME_ROUTE), MOBILITY, 6),
    ("ro-data-mn-cn", "coa", "cn", Some(HOME_OPTION), ICMPV6, 128),
    ("ro-data-cn-mn", "cn", "coa", Some(HOME_ROUTE), ICMPV6, 129),
    ("be", "cn", "coa", None, MOBILITY, 7),
    ("brr", "cn", "coa", Some(HOME_ROUTE), MOBILITY, 0),
    ("dhaad-req", "coa", HOME_AGENTS, None, ICMPV6, 144),
    ("dhaad-rep", "ha", "coa", None, ICMPV6, 145),
];

/// What else the descriptions say of a message.
const SAID: &[(&str, Rule, u64)] = &[
    ("lifetime 0", Is("mip6.bu.lifetime mip6.ba.lifetime"), 0),
    ("Binding Error status 1", Is("mip6.be.status"), 1),
    ("with Nonce Indices", Among("mip6.mobility_opt"), 4),
    ("Binding Authorization Data", Among("mip6.mobility_opt"), 5),
];

/// Keygen tokens of return routability: the vector that has the message with
/// it, and its field.
const TOKENS: &[(&str, &str, &str)] =
    &[("home_keygen", "rr-hot", "mip6.hot.token"), ("careof_keygen", "rr-cot", "mip6.cot.token")];

pub(crate) fn load(folder: &Path, file: &Path) -> Result<Vec<Vector>, Bad> {
    let json = json::read(file)?;
    let captured = frames::capture(&folder.join("peers/scapy-mip6-oracle.pcap"))?;
    let list = json::list(&json, "vectors")?;
    let mut vectors = Vec::new();
    for (i, vector) in list.iter().enumerate() {
        let name = json::text(vector, "name")?;
        let frame = json::hex(vector, "frame")?;
        if captured.get(i).map(|(octets, _)| octets) != Some(&frame) {
            return Err(Bad::Shape(format!("{name} is not frame {} of the capture", i + 1)));
        }
        let message = MESSAGES.iter().find(|m| name.starts_with(m.0));
        let message = message.ok_or_else(|| Bad::Shape(format!("no message for {name}")))?;
        let plain = vector.get("plain_ipv6").and_then(Value::as_str);
        let plain = plain.map(json::octets).transpose()?;
        let mut add = |name: &str, octets, link, claims| {
            let (file, name) = (json::file_name(file), name.to_owned());
            vectors.push(Vector { file, name, octets, link, claims });
        };
        let mut claims = protection(&json, vector, message, plain.as_deref())?;
        for (key, within, names) in TOKENS.iter().filter(|(_, within, _)| *within == name) {
            for other in list {
                if let Some(Value::String(token)) = other.pointer(&format!("/sa/{key}")) {
                    let theirs =
                        format!("{key} of {}, sent in {within}", json::text(other, "name")?);
                    claims.push(Claim::new(theirs, Is(names), json::octets(token)?));
                }
            }
        }
        add(name, frame, LinkType::ETHERNET, claims);
        if let Some(plain) = plain {
            let claims = in_clear(&json, vector, message, 0)?;
            add(&format!("{name} in the clear"), plain, LinkType::RAW, claims);
        }
    }
    Ok(vectors)
}

/// What a message says once nothing hides it, as the `nth` IPv6 header and
/// what follows it.
fn in_clear(
    json: &Value,
    vector: &Value,
    message: &Message,
    nth: usize,
) -> Result<Vec<Claim>, Bad> {
    let (_, from, to, home, field, kind) = *message;
    let mut claims = addresses(json, from, to, home, nth)?;
    claims.push(Claim::new("type", Is(field), kind));
    claims.push(Claim::new("checksum", Is("mip6.csum.status icmpv6.checksum.status"), 1));
    let said = json::text(vector, "desc")?;
    for (phrase, rule, number) in SAID.iter().filter(|(phrase, _, _)| said.contains(phrase)) {
        claims.push(Claim::new(*phrase, *rule, *number));
    }
    Ok(claims)
}

fn addresses(
    json: &Value,
    from: &str,
    to: &str,
    home: Option<&'static str>,
    nth: usize,
) -> Result<Vec<Claim>, Bad> {
    let address = |name: &str| match json.get(name) {
        Some(_) => json::text(json, name).map(Want::from),
        None => Ok(Want::from(name)),
    };
    let mut claims = vec![
        Claim::new(format!("from {from}"), Is("ipv6.src"), address(from)?).nth(nth),
        Claim::new(format!("to {to}"), Is("ipv6.dst"), address(to)?).nth(nth),
    ];
    for names in [HOME_OPTION, HOME_ROUTE] {
        if home == Some(names) {
            claims.push(Claim::new("hoa", Is(names), address("hoa")?));
        }
        claims.push(Claim::new("headers with hoa", Count(names), u64::from(home == Some(names))));
    }
    Ok(claims)
}

/// What shows of a message and of the SA that protects it.
fn protection(
    json: &Value,
    vector: &Value,
    message: &Message,
    plain: Option<&[u8]>,
) -> Result<Vec<Claim>, Bad> {
    let sa = vector.get("sa").unwrap_or(&Value::Null);
    let protocol = sa.get("proto").and_then(Value::as_u64);
    let tunnel = sa.get("mode").and_then(Value::as_str) == Some("tunnel");
    let (_, from, to, home, ..) = *message;
    // The tunnel is the mobile node's: from its care-of address or to it.
    let mut claims = match tunnel {
        true if from == "hoa" => addresses(json, "coa", "ha", home, 0)?,
        true => addresses(json, "ha", "coa", home, 0)?,
        false if protocol == Some(50) => addresses(json, from, to, home, 0)?,
        false => Vec::new(),
    };
    if protocol != Some(50) {
        claims.extend(in_clear(json, vector, message, usize::from(tunnel))?);
    }
    for (key, value) in sa.as_object().into_iter().flatten() {
        let theirs = format!("sa.{key}");
        let (rule, want) = match (key.as_str(), protocol, value) {
            ("spi", _, value) => (Is("esp.spi ah.spi"), json::want(value)?),
            ("proto", _, value) => (Among(NEXT), json::want(value)?),
            ("mode", Some(51), _) => (Is("ah.next_header"), if tunnel { 41 } else { 135 }.into()),
            ("mode", ..) => (INSIDE, 0.into()),
            ("enc", _, Value::String(cipher)) if cipher == "NULL" => {
                let inside = plain.map(|p| protected(p, tunnel)).unwrap_or_default();
                (Begins("esp.data"), inside.to_vec().into())
            }
            _ => (KEYS, 0.into()),
        };
        claims.push(Claim::new(theirs, rule, want));
    }
    Ok(claims)
}

/// The octets of a packet that ESP protects: in a tunnel all of it, else what
/// follows the header with the home address.
fn protected(plain: &[u8], tunnel: bool) -> &[u8] {
    let start = match plain {
        _ if tunnel => 0,
        [_, _, _, _, _, _, 43 | 60, ..] => Ipv6::OCTETS + (usize::from(plain[41]) + 1) * 8,
        _ => Ipv6::OCTETS,
    };
    plain.get(start..).unwrap_or_default()
}
