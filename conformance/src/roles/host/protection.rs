//! IPsec by the node's databases, RFC 4301 and RFC 3776.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use mip6_security::association::Addresses;
use mip6_security::policy::{Decision, Direction, Interface, Policy, Selectors};
use mip6_security::replay::{Place, Window};
use mip6_security::steps::{Apply, Way, send_transport, send_tunnel};
use mip6_security::{Association, Associations, Mode, Protocol, ah, esp};
use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::ip::{Ipv6, proto};
use rand::Rng;
use rand::rngs::StdRng;

use super::received::Received;
use super::send::protocol_of;

/// Security policy database and security association database of a node.
#[derive(Clone, Debug)]
pub struct Databases {
    /// Policies, this node's among them.
    pub policy: Policy,
    /// The node's name in the policy.
    pub node: String,
    /// Associations with their keys, by the names that the policy uses.
    pub associations: Associations,
}

/// How a packet that came in was protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protected {
    /// Number of the association in the databases.
    pub association: usize,
    /// Transport or tunnel mode.
    pub mode: Mode,
    /// Its SPI.
    pub spi: u32,
}

/// What policy makes of a packet that goes out.
pub(super) enum Verdict<'a> {
    /// It is protected; as it goes over the wire.
    Protected(Vec<Header<'a>>),
    /// It goes as it is.
    Plain,
    /// It does not go, and why.
    Discard(String),
}

/// Numbers of associations by their names: a home agent has several for each of its
/// mobile nodes.
type Names = HashMap<String, usize>;

/// The databases at work: sequence numbers and replay windows.
#[derive(Debug, Default)]
pub(super) struct Protection {
    databases: Option<Arc<Databases>>,
    names: Names,
    sent: BTreeMap<usize, u64>,
    windows: BTreeMap<usize, Window>,
    /// The keys of tunnels have been given up.
    tunnels_lost: bool,
}

impl Protection {
    pub(super) fn new(databases: Option<Arc<Databases>>) -> Self {
        let all = databases.iter().flat_map(|d| d.associations.iter().enumerate());
        let mut names = Names::new();
        for (number, association) in all {
            names.entry(association.name.clone()).or_insert(number);
        }
        Self { databases, names, ..Self::default() }
    }

    /// Associations by name, with what has been sent and received under them.
    pub(super) fn told(&self) -> Vec<(String, String)> {
        let all = self.databases.iter().flat_map(|d| d.associations.iter().enumerate());
        all.map(|(n, a)| {
            let sent = self.sent.get(&n).copied().unwrap_or_default();
            let seen = self.windows.get(&n).map_or(0, Window::highest);
            let text = format!("SPI {:#x}, sent up to {sent}, received up to {seen}", a.spi);
            (format!("association.{}", a.name), text)
        })
        .collect()
    }

    /// Forgets what has been received.
    pub(super) fn forget_replays(&mut self) {
        self.windows.clear();
    }

    /// Gives up the keys of tunnels.
    pub(super) fn lose_tunnels(&mut self) {
        self.tunnels_lost = true;
    }

    /// Protects a packet that goes out past tunnels, as policy wants it.
    pub(super) fn transport_out<'a>(
        &mut self,
        headers: &[Header<'a>],
        rng: &mut StdRng,
        codes: &Codes,
    ) -> Verdict<'a> {
        let Some(databases) = self.databases.clone() else { return Verdict::Plain };
        let Some(selectors) = selectors(headers, Interface::Physical) else {
            return Verdict::Plain;
        };
        let (number, association) = match databases.decide(&self.names, Direction::Out, &selectors)
        {
            Ok(Some(found)) => found,
            Ok(None) => return Verdict::Plain,
            Err(why) => return Verdict::Discard(why),
        };
        let (sequence, iv) = self.next(number, association, rng);
        let apply = Apply { association, sequence, iv: &iv };
        match send_transport(headers, Way::ToHomeAgent, None, &apply, codes) {
            Ok(sent) => Verdict::Protected(sent.packet),
            Err(why) => Verdict::Discard(format!("not sent: {why}")),
        }
    }

    /// Protects a packet that enters a tunnel, as policy wants it.
    pub(super) fn tunnel_out<'a>(
        &mut self,
        headers: &[Header<'a>],
        near: Ipv6Addr,
        far: Ipv6Addr,
        end: Ipv6Addr,
        rng: &mut StdRng,
        codes: &Codes,
    ) -> Verdict<'a> {
        let Some(databases) = self.databases.clone() else { return Verdict::Plain };
        let Some(selectors) = selectors(headers, Interface::TunnelTo(end.into())) else {
            return Verdict::Plain;
        };
        let (number, association) = match databases.decide(&self.names, Direction::Out, &selectors)
        {
            Ok(Some(found)) => found,
            Ok(None) => return Verdict::Plain,
            Err(why) => return Verdict::Discard(why),
        };
        if self.tunnels_lost {
            return Verdict::Discard(format!("not sent: {} has no keys", association.name));
        }
        let (sequence, iv) = self.next(number, association, rng);
        let apply = Apply { association, sequence, iv: &iv };
        match send_tunnel(headers, Way::ToHomeAgent, near, far, &apply, codes) {
            Ok(sent) => Verdict::Protected(sent.packet),
            Err(why) => Verdict::Discard(format!("not sent: {why}")),
        }
    }

    /// The next sequence number of an association, and an initialization vector:
    /// random for block modes, never the same twice for counter modes.
    fn next(
        &mut self,
        number: usize,
        association: &Association,
        rng: &mut StdRng,
    ) -> (u64, Vec<u8>) {
        let sequence = self.sent.entry(number).or_default();
        *sequence += 1;
        let encryption = association.encryption();
        let mut iv = vec![0; encryption.iv_octets()];
        if encryption.block_octets() > 4 {
            rng.fill_bytes(&mut iv);
        } else if let Some(at) = iv.len().checked_sub(8) {
            iv[at..].copy_from_slice(&sequence.to_be_bytes());
        }
        (*sequence, iv)
    }

    /// Opens what begins at `at`, ESP or AH. For ESP, the octets behind `at` are
    /// replaced by what was inside. The protocol that follows, where it begins,
    /// and the association; `None` if there is none or it does not fit.
    pub(super) fn open(
        &mut self,
        octets: &mut Vec<u8>,
        at: usize,
        protocol: Protocol,
        addresses: &Addresses,
    ) -> Result<Option<(u8, usize, Protected)>, String> {
        let Some(databases) = self.databases.clone() else { return Ok(None) };
        let (spi_at, sequence_at) = match protocol {
            Protocol::Esp => (at, at + 4),
            Protocol::Ah => (at + 4, at + 8),
        };
        let word = |octets: &[u8], at: usize| {
            let four = octets.get(at..at + 4)?;
            Some(u32::from_be_bytes(four.try_into().ok()?))
        };
        let (Some(spi), Some(low)) = (word(octets, spi_at), word(octets, sequence_at)) else {
            return Err("ESP or AH is too short".into());
        };
        let Some((number, association)) = databases.associations.find(protocol, spi, addresses)
        else {
            return Err(format!("no security association for SPI {spi:#x}"));
        };
        if self.tunnels_lost && association.mode == Mode::Tunnel {
            return Err(format!("{} has no keys", association.name));
        }
        let window = self.windows.entry(number).or_default();
        let sequence = if association.extended { window.extend(low) } else { low.into() };
        if sequence == 0 || matches!(window.place(sequence), Place::Twice | Place::Behind) {
            return Err(format!("{}: replayed sequence number {sequence}", association.name));
        }
        let high = (sequence >> 32) as u32;
        let (next, behind) = match protocol {
            Protocol::Esp => {
                let mut plain = Vec::new();
                let opened = esp::open(association, &octets[at..], high, &mut plain)
                    .map_err(|e| format!("{}: {e}", association.name))?;
                plain.truncate(opened.payload);
                octets.truncate(at);
                octets.extend(plain);
                (opened.next, at)
            }
            Protocol::Ah => {
                ah::verify(association, octets, at, high, &mut Vec::new())
                    .map_err(|e| format!("{}: {e}", association.name))?;
                let len = (usize::from(octets[at + 1]) + 2) * 4;
                (octets[at], at + len)
            }
        };
        let _ = window.take(sequence);
        let mode = match (association.mode, next) {
            (Mode::Any, proto::IPV6) => Mode::Tunnel,
            (Mode::Any, _) => Mode::Transport,
            (mode, _) => mode,
        };
        Ok(Some((next, behind, Protected { association: number, mode, spi })))
    }

    /// Whether a packet that came in, as upper layers see it, was protected as
    /// policy wants it; else why not.
    pub(super) fn admit(
        &self,
        selectors: &Selectors,
        protected: Option<Protected>,
    ) -> Result<(), String> {
        let Some(databases) = &self.databases else { return Ok(()) };
        let wanted = databases.decide(&self.names, Direction::In, selectors)?;
        match (wanted, protected) {
            (None, None) => Ok(()),
            (Some((number, _)), Some(p)) if p.association == number => Ok(()),
            (Some((_, association)), _) => {
                Err(format!("policy wants it protected by {}", association.name))
            }
            // Protected though nobody asked: its association must be meant for it.
            (None, Some(p)) => {
                let name = &databases.associations[p.association].name;
                Err(format!("{name} is not for such a packet"))
            }
        }
    }
}

impl Databases {
    /// What policy says of a packet: the association to use, none, or why it is
    /// not to pass.
    fn decide(
        &self,
        names: &Names,
        direction: Direction,
        selectors: &Selectors,
    ) -> Result<Option<(usize, &Association)>, String> {
        let Some(node) = self.policy.node(&self.node) else { return Ok(None) };
        match node.decide(direction, selectors) {
            Decision::None => Ok(None),
            Decision::Use(entry) => names
                .get(&entry.name)
                .and_then(|n| Some((*n, self.associations.iter().nth(*n)?)))
                .map(Some)
                .ok_or_else(|| format!("security association {} has no keys", entry.name)),
            Decision::Create(_) => Err("policy wants a security association negotiated".into()),
            Decision::Discard => Err("policy discards it".into()),
            Decision::Unknown => Err("policy cannot decide about it".into()),
        }
    }
}

/// Selectors of a packet that is as it goes over the wire: by home addresses.
fn selectors(headers: &[Header<'_>], interface: Interface) -> Option<Selectors> {
    let Some(Header::Ipv6(ip)) = headers.first() else { return None };
    let (source, destination) = final_ends(headers, ip);
    let protocol = protocol_of(headers);
    let ports = headers.iter().find_map(|h| match h {
        Header::Udp(u) => Some((u.source, u.destination)),
        Header::Tcp(t) => Some((t.source, t.destination)),
        _ => None,
    });
    Some(Selectors {
        interface,
        source: source.into(),
        destination: destination.into(),
        proto: protocol.map(|(p, _)| p),
        kind: protocol.and_then(|(_, k)| k),
        ports,
    })
}

/// Selectors of a packet that has come in, as upper layers see it.
pub(super) fn arrived(p: &Received, interface: Interface) -> Selectors {
    let upper = p.upper();
    let kind = match p.protocol {
        proto::MOBILITY => upper.get(2).copied(),
        proto::ICMPV6 => upper.first().copied(),
        _ => None,
    };
    let ports = match (p.protocol, upper) {
        (proto::UDP, [ports @ .., _, _, _, _]) if ports.len() >= 4 => Some((
            u16::from_be_bytes([ports[0], ports[1]]),
            u16::from_be_bytes([ports[2], ports[3]]),
        )),
        _ => None,
    };
    Selectors {
        interface,
        source: p.source.into(),
        destination: p.destination.into(),
        proto: Some(p.protocol),
        kind,
        ports,
    }
}

fn final_ends(headers: &[Header<'_>], ip: &Ipv6) -> (Ipv6Addr, Ipv6Addr) {
    let (mut source, mut destination) = (ip.source, ip.destination);
    for header in headers {
        match header {
            Header::DestinationOptions(h) => {
                let home = h.list().flatten().find_map(|o| o.home_address());
                source = home.unwrap_or(source);
            }
            Header::Routing(h) => destination = h.final_destination().unwrap_or(destination),
            _ => {}
        }
    }
    (source, destination)
}

/// Addresses by which the association of a packet is found.
pub(super) fn addresses(wire: (Ipv6Addr, Ipv6Addr), upper: (Ipv6Addr, Ipv6Addr)) -> Addresses {
    Addresses {
        wire_source: IpAddr::V6(wire.0),
        wire_destination: IpAddr::V6(wire.1),
        source: IpAddr::V6(upper.0),
        destination: IpAddr::V6(upper.1),
    }
}
