//! `ip xfrm` commands: security policies and associations, as in ip-xfrm(8).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::IpAddr;

use mip6_security::association::{Mode, Protocol};
use mip6_security::policy::{
    Action, Condition, Direction, Network, Node, Rule, SadEntry, Selector,
};
use mip6_security::{Encryption, Integrity};
use mip6_wire::ip::proto;
use serde::Deserialize;

use super::RenderError;
use crate::run::Described;

/// The associations of a key file, keys in hexadecimal digits.
#[derive(Deserialize)]
struct KeyFile {
    associations: Vec<Secret>,
}

#[derive(Deserialize)]
struct Secret {
    name: String,
    encryption: Option<Algorithm>,
    integrity: Option<Algorithm>,
}

#[derive(Deserialize)]
struct Algorithm {
    algorithm: String,
    #[serde(default)]
    key: String,
}

/// What a rule or an association is about, all of it at the same time.
#[derive(Clone, Copy, Debug, Default)]
struct Traffic {
    source: Option<Network>,
    destination: Option<Network>,
    proto: Option<u8>,
    kind: Option<u8>,
    ports: (Option<u16>, Option<u16>),
    /// The other end of the tunnel that it goes through.
    tunnel: Option<IpAddr>,
}

/// Policies and associations of a node. Where a tunnel ends at a mobile node, the home
/// address stands for the care-of address: who moves the ends (mip6d, by PF_KEY or
/// XFRM_MSG_MIGRATE) puts it there.
pub(super) fn render(node: &Described) -> Result<String, RenderError> {
    let Some(databases) = &node.host.databases else {
        return Ok("# Nothing of this node is protected.\n".to_owned());
    };
    let own = databases.policy.node(&databases.node).ok_or_else(|| {
        RenderError::NotFor(format!("the policy has no node called {}", databases.node))
    })?;
    // Snippets of the file would show keys.
    let options = serde_yaml::options! { with_snippet: false };
    let file: KeyFile = serde_yaml::from_str_with_options(&node.key_file, options)
        .map_err(|e| beyond(&format!("its keys cannot be read: {e}")))?;
    let secrets: BTreeMap<&str, &Secret> =
        file.associations.iter().map(|s| (s.name.as_str(), s)).collect();
    let mut out = String::from("ip xfrm state flush\nip xfrm policy flush\n");
    for (i, entry) in own.associations().iter().enumerate() {
        let secret = secrets
            .get(entry.name.as_str())
            .ok_or_else(|| beyond(&format!("{} has no keys", entry.name)))?;
        state(&mut out, own, i, entry, secret)?;
    }
    for direction in [Direction::Out, Direction::In] {
        for (i, rule) in own.rules(direction).iter().enumerate() {
            policy(&mut out, own, direction, i, rule)?;
        }
    }
    Ok(out)
}

fn beyond(what: &str) -> RenderError {
    RenderError::Beyond { program: "ip xfrm", what: what.to_owned() }
}

/// The conditions of a rule, if they are all to hold.
fn traffic(condition: &Condition<Selector>) -> Result<Traffic, RenderError> {
    let parts = match condition {
        Condition::All(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut t = Traffic::default();
    for part in parts {
        let Condition::Is(selector) = part else {
            return Err(beyond("conditions with `|`, `not` or parentheses"));
        };
        match *selector {
            Selector::Anything => {}
            Selector::TunnelTo(n) | Selector::TunnelFrom(n) => t.tunnel = n.single(),
            Selector::Source(n) => t.source = Some(n),
            Selector::Destination(n) => t.destination = Some(n),
            Selector::Proto(p) => t.proto = Some(p),
            Selector::MhType(kind) => (t.proto, t.kind) = (Some(proto::MOBILITY), Some(kind)),
            Selector::IcmpType(kind) => (t.proto, t.kind) = (Some(proto::ICMPV6), Some(kind)),
            Selector::SourcePort(p) => t.ports.0 = Some(p),
            Selector::DestinationPort(p) => t.ports.1 = Some(p),
        }
    }
    Ok(t)
}

/// `src … dst … proto …`, as policies and selectors of associations have it.
fn selectors(t: &Traffic) -> String {
    let network = |n: Option<Network>| match n {
        Some(Network::Prefix { address, length }) => format!("{address}/{length}"),
        Some(Network::Any) | None => "::/0".to_owned(),
    };
    let mut text = format!("src {} dst {}", network(t.source), network(t.destination));
    if let Some(proto) = t.proto {
        let _ = write!(text, " proto {proto}");
    }
    if let Some(kind) = t.kind {
        let _ = write!(text, " type {kind}");
    }
    for (word, port) in [("sport", t.ports.0), ("dport", t.ports.1)] {
        if let Some(port) = port {
            let _ = write!(text, " {word} {port}");
        }
    }
    text
}

/// Source and destination of an association on the wire.
fn ends(node: &Node, entry: &SadEntry) -> Result<(String, String), RenderError> {
    let t = traffic(&entry.selectors)?;
    if entry.mode != Mode::Tunnel {
        let single = |n: Option<Network>| n.and_then(Network::single);
        let any = || "::".to_owned();
        let source = single(t.source).map_or_else(any, |a| a.to_string());
        return Ok((source, entry.destination.to_string()));
    }
    // Rules of both directions name the other end; what comes in names this one.
    let at = node.associations().iter().position(|a| a == entry);
    let other =
        [Direction::Out, Direction::In].into_iter().flat_map(|d| node.rules(d)).find_map(|rule| {
            match &rule.action {
                Action::Use(number) if Some(*number) == at => traffic(&rule.condition).ok()?.tunnel,
                _ => None,
            }
        });
    let own = node.associations().iter().find_map(|a| {
        (a.direction == Direction::In && a.mode == Mode::Tunnel).then_some(a.destination)
    });
    let (from, what) = match entry.direction {
        Direction::Out => (own, "no tunnel comes in by which its own end is known"),
        Direction::In => (other, "no rule says where its tunnel comes from"),
    };
    let from = from.ok_or_else(|| beyond(&format!("{}: {what}", entry.name)))?;
    Ok((from.to_string(), entry.destination.to_string()))
}

fn state(
    out: &mut String,
    node: &Node,
    i: usize,
    entry: &SadEntry,
    secret: &Secret,
) -> Result<(), RenderError> {
    let (source, destination) = ends(node, entry)?;
    let _ = write!(
        out,
        "ip xfrm state add src {source} dst {destination} proto {} spi {:#x} reqid {} mode {} \
         replay-window 32",
        entry.protocol.name(),
        entry.spi,
        i + 1,
        mode(entry.mode),
    );
    if let Some(a) = &secret.integrity {
        let known = Integrity::parse(&a.algorithm).map_err(|e| beyond(&e.to_string()))?;
        if let Some(name) = integrity(known) {
            let bits = known.icv_octets() * 8;
            let _ = write!(out, " auth-trunc '{name}' 0x{} {bits}", a.key);
        } else if known != Integrity::Null || entry.protocol == Protocol::Ah {
            return Err(beyond(&format!("{}: {}", entry.name, known.name())));
        }
    }
    if let Some(a) = &secret.encryption {
        let known = Encryption::parse(&a.algorithm).map_err(|e| beyond(&e.to_string()))?;
        let name = encryption(known);
        let _ = match (known.icv_octets() * 8, a.key.as_str()) {
            (0, "") => write!(out, " enc '{name}' ''"),
            (0, key) => write!(out, " enc '{name}' 0x{key}"),
            (bits, key) => write!(out, " aead '{name}' 0x{key} {bits}"),
        };
    }
    let _ = writeln!(out, " sel {}", selectors(&traffic(&entry.selectors)?));
    Ok(())
}

fn policy(
    out: &mut String,
    node: &Node,
    direction: Direction,
    i: usize,
    rule: &Rule,
) -> Result<(), RenderError> {
    let words = selectors(&traffic(&rule.condition)?);
    let (action, template) = match &rule.action {
        Action::Bypass => ("allow", String::new()),
        Action::Discard => ("block", String::new()),
        Action::Create(_) => return Err(beyond("associations that are negotiated")),
        Action::Use(number) => {
            let entry = node
                .associations()
                .get(*number)
                .ok_or_else(|| beyond("a rule without its association"))?;
            let tunnel = entry.mode == Mode::Tunnel;
            let (source, destination) =
                if tunnel { ends(node, entry)? } else { ("::".to_owned(), "::".to_owned()) };
            let template = format!(
                " tmpl src {source} dst {destination} proto {} reqid {} mode {}",
                entry.protocol.name(),
                number + 1,
                mode(entry.mode)
            );
            ("allow", template)
        }
    };
    // What comes out of a tunnel may go on to others.
    let directions: &[&str] = match direction {
        Direction::Out => &["out"],
        Direction::In if template.contains("mode tunnel") => &["in", "fwd"],
        Direction::In => &["in"],
    };
    for direction in directions {
        // The first rule that matches decides: a lesser number comes first.
        let _ = writeln!(
            out,
            "ip xfrm policy add {words} dir {direction} priority {} action {action}{template}",
            10 * (i + 1),
        );
    }
    Ok(())
}

const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Tunnel => "tunnel",
        Mode::Transport | Mode::Any => "transport",
    }
}

/// What Linux calls an integrity algorithm; none where there is nothing to call.
const fn integrity(of: Integrity) -> Option<&'static str> {
    match of {
        Integrity::HmacMd5_96 => Some("hmac(md5)"),
        Integrity::HmacSha1_96 => Some("hmac(sha1)"),
        Integrity::HmacSha256_96 | Integrity::HmacSha256_128 => Some("hmac(sha256)"),
        Integrity::HmacSha384_192 => Some("hmac(sha384)"),
        Integrity::HmacSha512_256 => Some("hmac(sha512)"),
        Integrity::AesXcbc96 => Some("xcbc(aes)"),
        Integrity::Null | Integrity::Unchecked(_) => None,
    }
}

/// What Linux calls an encryption algorithm.
const fn encryption(of: Encryption) -> &'static str {
    match of {
        Encryption::Null => "ecb(cipher_null)",
        Encryption::DesCbc => "cbc(des)",
        Encryption::TripleDesCbc => "cbc(des3_ede)",
        Encryption::AesCbc => "cbc(aes)",
        Encryption::AesCtr => "rfc3686(ctr(aes))",
        Encryption::AesGcm8 | Encryption::AesGcm12 | Encryption::AesGcm16 => "rfc4106(gcm(aes))",
        Encryption::ChaCha20Poly1305 => "rfc7539esp(chacha20,poly1305)",
    }
}
