//! Vectors that are frames of captures: of pcap4j, and of tcpdump as INET took
//! down what tshark says of them.

use std::path::Path;

use serde_json::Value;

use crate::claim::{Claim, Mapping, Rule, Vector, rule_of};
use crate::frames;
use crate::json::{self, Bad};
use Rule::{Is, Units, Unmapped};

const PCAP4J: Mapping = &[
    ("icmp6_type", Is("icmpv6.type")),
    ("identifier", Is("icmpv6.mip6.identifier")),
    ("M", Is("icmpv6.mip6.flag.m")),
    ("O", Is("icmpv6.mip6.flag.o")),
    ("reserved", Is("icmpv6.reserved icmpv6.mip6.flag.rsv")),
    ("option.type", Is("icmpv6.opt.type")),
    ("option.lla", Is("icmpv6.opt.src_linkaddr")),
    ("option.mtu", Is("icmpv6.opt.mtu")),
    ("option.prefix_length", Is("icmpv6.opt.prefix.length")),
    ("option.L", Is("icmpv6.opt.prefix.flag.l")),
    ("option.A", Is("icmpv6.opt.prefix.flag.a")),
    ("option.reserved1", Is("icmpv6.opt.prefix.flag.reserved")),
    ("option.valid_lifetime", Is("icmpv6.opt.prefix.valid_lifetime")),
    ("option.preferred_lifetime", Is("icmpv6.opt.prefix.preferred_lifetime")),
    ("option.prefix", Is("icmpv6.opt.prefix")),
    // Of the MTU option and of the Prefix Information option.
    ("option.reserved", Is("icmpv6.opt.reserved")),
    ("option.reserved2", Is("icmpv6.opt.reserved")),
];

/// Options that pcap4j's vectors have by name.
const OPTIONS: &[(&str, u64)] = &[("link-layer address", 1), ("MTU", 5), ("prefix information", 3)];

pub(crate) fn load_pcap4j(folder: &Path, file: &Path) -> Result<Vec<Vector>, Bad> {
    let json = json::read(file)?;
    let mut vectors = Vec::new();
    for vector in json::list(&json, "vectors")? {
        let pcap = json::text(vector, "pcap")?;
        let mut claims = Vec::new();
        for (key, value) in json::members(vector, "expect")? {
            if let (true, Value::Array(options)) = (key == "options", value) {
                for option in options {
                    pcap4j_option(&mut claims, option)?;
                }
                continue;
            }
            claims.push(Claim::new(key, rule_of(PCAP4J, key), json::want(value)?));
        }
        let path = folder.join("third-party/pcap4j").join(pcap);
        vectors.push(of_frame(file, pcap, &path, 1, claims)?);
    }
    Ok(vectors)
}

fn pcap4j_option(claims: &mut Vec<Claim>, option: &Value) -> Result<(), Bad> {
    for (key, value) in option.as_object().into_iter().flatten() {
        let theirs = format!("option.{key}");
        let rule = rule_of(PCAP4J, &theirs);
        let want = match (key.as_str(), value) {
            ("type", Value::String(name)) => {
                OPTIONS.iter().find(|(n, _)| n == name).map_or(u64::MAX, |(_, n)| *n).into()
            }
            (_, value) => json::want(value)?,
        };
        // Fields that several options have come in their order.
        let nth = match rule {
            Is(names) => {
                claims.iter().filter(|c| matches!(c.rule, Is(others) if others == names)).count()
            }
            _ => 0,
        };
        claims.push(Claim::new(theirs, rule, want).nth(nth));
    }
    Ok(())
}

const INET: Mapping = &[
    ("src", Is("ipv6.src")),
    ("dst", Is("ipv6.dst")),
    ("hop_limit", Is("ipv6.hlim")),
    ("mh_type", Is("mip6.mhtype")),
    ("name", Unmapped("an abbreviation of mh_type")),
    ("home_init_cookie", Is("mip6.hoti.cookie mip6.hot.cookie")),
    ("careof_init_cookie", Is("mip6.coti.cookie mip6.cot.cookie")),
    ("home_nonce_index", Is("mip6.hot.nindex")),
    ("careof_nonce_index", Is("mip6.cot.nindex")),
    ("home_keygen_token", Is("mip6.hot.token")),
    ("careof_keygen_token", Is("mip6.cot.token")),
    ("status", Is("mip6.be.status")),
    ("home_address", Is("mip6.be.haddr")),
    ("seq", Is("mip6.bu.seqnr")),
    ("A", Is("mip6.bu.a_flag")),
    ("H", Is("mip6.bu.h_flag")),
    ("L", Is("mip6.bu.l_flag")),
    ("K", Is("mip6.bu.k_flag")),
    ("P", Is("mip6.bu.p_flag")),
    ("lifetime_s", Units(4, "mip6.bu.lifetime")),
];

pub(crate) fn load_inet(folder: &Path, file: &Path) -> Result<Vec<Vector>, Bad> {
    let json = json::read(file)?;
    let pcap = json::text(&json, "pcap")?;
    let path = folder.join("third-party").join(pcap);
    let mut vectors = Vec::new();
    for vector in json::list(&json, "vectors")? {
        let frame = json::number(vector, "frame")?;
        let about = ["src", "dst", "hop_limit", "mh_type", "name"];
        let about = about.iter().filter_map(|key| Some((*key, vector.get(*key)?)));
        let expect = json::members(vector, "expect")?.map(|(key, value)| (key.as_str(), value));
        let claims: Result<_, Bad> = about
            .chain(expect)
            .map(|(key, value)| Ok(Claim::new(key, rule_of(INET, key), json::want(value)?)))
            .collect();
        let name = format!("{pcap} frame {frame}");
        vectors.push(of_frame(file, &name, &path, frame, claims?)?);
    }
    Ok(vectors)
}

/// A vector over a frame of a capture; frames count from 1.
fn of_frame(
    file: &Path,
    name: &str,
    capture: &Path,
    frame: u64,
    claims: Vec<Claim>,
) -> Result<Vector, Bad> {
    let wanted = (frame as usize).checked_sub(1);
    let found =
        wanted.and_then(|n| frames::capture(capture).map(|f| f.into_iter().nth(n)).transpose());
    let missing = || Bad::Shape(format!("no frame {frame} in {}", capture.display()));
    let (octets, link) = found.ok_or_else(missing)??;
    Ok(Vector { file: json::file_name(file), name: name.to_owned(), octets, link, claims })
}
