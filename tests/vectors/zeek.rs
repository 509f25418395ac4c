//! What zeek says of the packets in `ip6_esp.pcap` that have ESP.

use std::path::Path;

use crate::claim::{Claim, Mapping, Rule, Vector, Want, rule_of};
use crate::frames;
use crate::json::{self, Bad};
use Rule::{Count, Is};

const NAMES: Mapping = &[
    ("class", Is("ipv6.tclass")),
    ("flow", Is("ipv6.flow")),
    ("len", Is("ipv6.plen")),
    ("nxt", Is("ipv6.nxt")),
    ("hlim", Is("ipv6.hlim")),
    ("src", Is("ipv6.src")),
    ("dst", Is("ipv6.dst")),
    ("id", Is("ipv6.nxt")),
    ("spi", Is("esp.spi")),
    ("seq", Is("esp.sequence")),
    ("hopopts", Count("ipv6.hopopts.nxt")),
    ("dstopts", Count("ipv6.dstopts.nxt")),
    ("routing", Count("ipv6.routing.nxt")),
    ("fragment", Count("ipv6.fraghdr.nxt")),
    ("ah", Count("ah.spi")),
    ("mobility", Count("mip6.mhtype")),
];

/// `[class=0, …, exts=[[id=50, hopopts=<uninitialized>, …, esp=[spi=10, …]]]]`,
/// one line for each packet after the first, which has no ESP.
pub(crate) fn load(folder: &Path, file: &Path) -> Result<Vec<Vector>, Bad> {
    let expected = std::fs::read_to_string(file)?;
    let frames = frames::capture(&folder.join("third-party/zeek/ip6_esp.pcap"))?;
    let lines: Vec<&str> = expected.lines().filter(|line| !line.starts_with('#')).collect();
    if lines.len() + 1 != frames.len() {
        return Err(Bad::Shape(format!("{} lines for {} packets", lines.len(), frames.len())));
    }
    let numbered = (1..).zip(frames).skip(1);
    Ok(numbered
        .zip(lines)
        .map(|((number, (octets, link)), line)| Vector {
            file: json::file_name(file),
            name: format!("ip6_esp.pcap frame {number}"),
            octets,
            link,
            claims: line.split(", ").filter_map(claim).collect(),
        })
        .collect())
}

fn claim(item: &str) -> Option<Claim> {
    // Groups are opened in front of their first item.
    let item = item.trim_start_matches('[').replace("exts=[[", "").replace("esp=[", "");
    let (theirs, value) = item.trim_end_matches(']').split_once('=')?;
    let want = match (value, value.parse()) {
        ("<uninitialized>", _) => Want::Number(0),
        (_, Ok(number)) => Want::Number(number),
        (text, _) => Want::from(text),
    };
    Some(Claim::new(theirs, rule_of(NAMES, theirs), want))
}
