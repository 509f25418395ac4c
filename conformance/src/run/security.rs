//! Policies and associations of the nodes of a case, from what the case says
//! protects them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::net::Ipv6Addr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use mip6_security::keys::{self, Keys};
use mip6_security::policy::{self, Part};
use mip6_security::{Encryption, Integrity};

use crate::case::security::{Payload, Protection, Security};

/// A mobile node and its home agent, and what protects them.
#[derive(Clone, Debug)]
pub(super) struct Pair<'a> {
    /// Name of the mobile node.
    pub(super) mobile: &'a str,
    /// Name of the home agent.
    pub(super) agent: &'a str,
    /// Home address.
    pub(super) home: Ipv6Addr,
    /// Address of the home agent.
    pub(super) agent_address: Ipv6Addr,
    /// What the case says.
    pub(super) security: &'a Security,
    /// Values of names in a policy that the case writes itself.
    pub(super) names: Vec<(String, String)>,
}

/// A kind of traffic that has associations of its own.
struct Kind {
    /// Condition for it, beside addresses.
    what: &'static str,
    protocol: &'static str,
    tunnel: bool,
    /// Number of its first association in the draft's examples.
    number: u32,
}

/// Keys and policy of a key file. Many cases protect the same nodes in the same
/// way, and reading is the better part of setting them up: it is done once.
pub(super) fn keys(file: &str) -> Result<Arc<Keys>, String> {
    static READ: Mutex<BTreeMap<String, Arc<Keys>>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(keys) = read.get(file) {
        return Ok(keys.clone());
    }
    let path = Path::new("security of the case");
    let keys = Arc::new(keys::parse_file(path, file).map_err(|e| e.to_string())?);
    if read.len() >= ROOM {
        read.pop_first();
    }
    read.insert(file.to_owned(), keys.clone());
    Ok(keys)
}

/// Key files that are remembered.
const ROOM: usize = 64;

/// Keys and policy for all nodes of a case as a key file; none if nothing is
/// protected. The policy is in the notation of ha-ipsec-04 5.1, a node by its name.
pub(super) fn key_file(pairs: &[Pair<'_>]) -> String {
    let mut policy = String::new();
    let mut names = String::new();
    let mut associations = String::new();
    for (i, pair) in pairs.iter().enumerate() {
        let n = i + 1;
        let _ = writeln!(names, "  home_address_{n}: {}", pair.home);
        let _ = writeln!(names, "  home_agent_{n}: {}", pair.agent_address);
        for (name, value) in &pair.names {
            let _ = writeln!(names, "  {name}: {value}");
        }
        if let Some(written) = &pair.security.policy {
            policy.push_str(&written.value);
            policy.push('\n');
            own(&mut associations, &written.value, pair.security, n);
        }
        for kind in kinds(pair.security) {
            for back in [false, true] {
                let number = kind.number + u32::from(back);
                let _ = writeln!(names, "  spi_{n}_{number}: {:#x}", spi(n, number));
                let sa = format!("SA{number}_{n}");
                associate(&mut associations, &sa, kind.protocol, pair.security, n, number);
            }
        }
        for (node, mobile) in [(pair.mobile, true), (pair.agent, false)] {
            blocks(&mut policy, node, mobile, n, pair.security);
        }
    }
    if policy.is_empty() {
        return "associations: []\n".into();
    }
    let mut text = "policy: |\n".to_owned();
    for line in policy.lines() {
        let _ = writeln!(text, "  {line}");
    }
    let _ = write!(text, "names:\n{names}associations:\n{associations}");
    text
}

/// Keys for the associations that a policy of a case names. What is wrong with the
/// policy is said when it is read with the keys.
fn own(out: &mut String, policy: &str, s: &Security, n: usize) {
    let Ok(written) = policy::parse_notation(Path::new("policy"), policy) else { return };
    let mut named = BTreeSet::new();
    let sads = written.blocks.iter().filter_map(|b| match &b.part {
        Part::Sad(entries) => Some(entries),
        Part::Spd(..) => None,
    });
    for entry in sads.flatten() {
        let number = named.len() as u32 + 1;
        if named.insert(entry.name.text.as_str()) {
            let protocol = entry.protocol.name();
            associate(out, &entry.name.text, protocol, s, n, number);
        }
    }
}

fn spi(pair: usize, number: u32) -> u32 {
    0x1000 * pair as u32 + number
}

fn kinds(s: &Security) -> Vec<Kind> {
    let name = |p: Protection| match p {
        Protection::Esp => Some("ESP"),
        Protection::Ah => Some("AH"),
        Protection::None => None,
    };
    let mut kinds = Vec::new();
    let mut add = |protocol: Option<&'static str>, what, tunnel, number| {
        if let Some(protocol) = protocol {
            kinds.push(Kind { what, protocol, tunnel, number });
        }
    };
    add(name(s.mobility), " & proto = MH", false, 1);
    add(name(s.return_routability), " & proto = MH", true, 3);
    add(name(s.prefix_discovery), " & proto = ICMPv6", false, 5);
    add((s.payload == Payload::Esp).then_some("ESP"), "", true, 7);
    kinds
}

/// SPD and SAD of a node of a pair, both directions.
fn blocks(out: &mut String, node: &str, mobile: bool, n: usize, s: &Security) {
    let kinds = kinds(s);
    if kinds.is_empty() {
        return;
    }
    // What the mobile node sends, the home agent receives.
    for (direction, outward) in [("OUT", true), ("IN", false)] {
        let _ = writeln!(out, "{node} SPD {direction}:");
        for kind in &kinds {
            let toward_agent = mobile == outward;
            let number = kind.number + u32::from(!toward_agent);
            let end = if mobile { format!("home_agent_{n}") } else { format!("home_address_{n}") };
            let interface = match (kind.tunnel, outward) {
                (true, true) => format!("interface = tunnel to {end} & "),
                (true, false) => format!("interface = tunnel from {end} & "),
                (false, _) => String::new(),
            };
            let (source, destination) = ends(kind, toward_agent, n);
            let what = kind.what;
            let _ = writeln!(
                out,
                "  - IF {interface}source = {source} & destination = {destination}{what}\n    \
                 THEN USE SA{number}_{n}"
            );
        }
    }
    let _ = writeln!(out, "{node} SAD:");
    for kind in &kinds {
        for back in [false, true] {
            let number = kind.number + u32::from(back);
            let direction = if mobile == back { "IN" } else { "OUT" };
            let to = if back { format!("home_address_{n}") } else { format!("home_agent_{n}") };
            let mode = if kind.tunnel { "TUNNEL" } else { "TRANSPORT" };
            let (source, destination) = ends(kind, !back, n);
            let _ = writeln!(
                out,
                "  - SA{number}_{n}({direction}, spi_{n}_{number}, {to}, {}, {mode}):\n    \
                 source = {source} & destination = {destination}{}",
                kind.protocol, kind.what
            );
        }
    }
}

/// Source and destination of a kind of traffic, by names.
fn ends(kind: &Kind, toward_agent: bool, n: usize) -> (String, String) {
    let home = format!("home_address_{n}");
    let other = if kind.tunnel { "any".to_owned() } else { format!("home_agent_{n}") };
    if toward_agent { (home, other) } else { (other, home) }
}

/// Algorithms and keys of an association.
fn associate(out: &mut String, name: &str, protocol: &str, s: &Security, n: usize, number: u32) {
    let encryption = s.encryption.map_or(Encryption::AesCbc, |e| e.0);
    let integrity = s.integrity.map_or(Integrity::HmacSha1_96, |i| i.0);
    let _ = write!(out, "  - {{name: {name}");
    if protocol == "ESP" {
        let key = key(encryption.key_octets(), n, number, 0x11);
        let _ = write!(out, ", encryption: {{algorithm: {}", encryption.name());
        if !key.is_empty() {
            let _ = write!(out, ", key: {key}");
        }
        out.push('}');
    }
    if protocol == "AH" || !encryption.is_combined() {
        let key = key(integrity.key_octets(), n, number, 0x77);
        let _ = write!(out, ", integrity: {{algorithm: {}", integrity.name());
        if !key.is_empty() {
            let _ = write!(out, ", key: {key}");
        }
        out.push('}');
    }
    out.push_str("}\n");
}

/// A key that is another one for each association, and worth nothing outside a
/// laboratory.
fn key(octets: usize, n: usize, number: u32, salt: u8) -> String {
    (0..octets).fold(String::new(), |mut text, i| {
        let octet = (i as u32 * 29 + n as u32 * 97 + number * 53) as u8 ^ salt;
        let _ = write!(text, "{octet:02x}");
        text
    })
}
