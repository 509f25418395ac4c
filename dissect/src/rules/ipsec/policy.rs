//! Packets against a policy: what an SPD wants protected goes under the security
//! association that it names, and nothing else does. RFC 4301 5.1 and 5.2, RFC
//! 3776 4.2 and 5.

use std::net::IpAddr;

use mip6_security::policy::{Decision, Direction, Interface, Node, Policy, SadEntry, Selectors};
use mip6_security::{Mode, Protocol};
use mip6_wire::ip::{Authentication, Esp, proto};
use mip6_wire::transport::{Tcp, Udp};

use crate::packet::{Chain, Layer, Packet, Proto};
use crate::rules::Undecided;
use crate::rules::id::*;
use crate::rules::judge::{Judge, Verdicts};

/// The header that protects a packet, as far as policy asks.
#[derive(Clone, Copy)]
struct Protected {
    layer: usize,
    protocol: Protocol,
    spi: u32,
    mode: Mode,
}

/// Judges every IPv6 packet in a frame, those in tunnels too.
pub(in crate::rules) fn judge(packet: &Packet<'_>, verdicts: &mut Verdicts, policy: &Policy) {
    for (number, chain) in packet.chains.iter().enumerate() {
        let ip = &packet.layers[chain.ip];
        if ip.proto != Proto::Ipv6 || chain.quoted || chain.fragment || !ip.is_complete() {
            continue;
        }
        // A tunnel's own header is nobody's traffic.
        if packet.chains.iter().any(|c| c.outer == Some(number as u8)) {
            continue;
        }
        let Some(content) = content(packet, ip) else { continue };
        judge_one(&mut Judge::new(packet, chain.ip, verdicts), policy, chain, content);
    }
}

/// Protocol, type of message and ports; the protocol is `None` in ESP that stays
/// shut.
#[derive(Clone, Copy, Default)]
struct Content {
    proto: Option<u8>,
    kind: Option<u8>,
    ports: Option<(u16, u16)>,
}

fn content(packet: &Packet<'_>, ip: &Layer) -> Option<Content> {
    let last =
        packet.layers.iter().rev().find(|l| l.chain == ip.chain && l.proto != Proto::Data)?;
    let found = |proto, kind, ports| Some(Content { proto: Some(proto), kind, ports });
    let upper = packet.layers.iter().find(|l| {
        let upper = [Proto::Mobility, Proto::Icmpv6, Proto::Udp, Proto::Tcp];
        l.chain == ip.chain && l.readable && upper.contains(&l.proto)
    });
    match upper {
        Some(l) if l.proto == Proto::Mobility => found(proto::MOBILITY, Some(l.kind), None),
        Some(l) if l.proto == Proto::Icmpv6 => found(proto::ICMPV6, Some(l.kind), None),
        Some(l) if l.proto == Proto::Udp => {
            let h = packet.read::<Udp>(l)?;
            found(proto::UDP, None, Some((h.source, h.destination)))
        }
        Some(l) => {
            let h = packet.read::<Tcp<'_>>(l)?;
            found(proto::TCP, None, Some((h.source, h.destination)))
        }
        None if last.proto == Proto::Esp => Some(Content::default()),
        None => None,
    }
}

/// The innermost IPsec header over a packet: in its own headers, or in those of
/// the tunnel that it came through.
fn protected(packet: &Packet<'_>, chain: &Chain) -> Option<Protected> {
    let of = |layer: usize, mode| {
        let l = &packet.layers[layer];
        let (protocol, spi) = match l.proto {
            Proto::Esp => (Protocol::Esp, packet.read::<Esp<'_>>(l)?.spi),
            _ => (Protocol::Ah, packet.read::<Authentication<'_>>(l)?.spi),
        };
        Some(Protected { layer, protocol, spi, mode })
    };
    if let Some(layer) = chain.ipsec {
        return of(layer, Mode::Transport);
    }
    let outer = &packet.chains[usize::from(chain.outer?)];
    of(outer.ipsec?, Mode::Tunnel)
}

fn judge_one(j: &mut Judge<'_, '_>, policy: &Policy, chain: &Chain, content: Content) {
    let by = protected(j.packet, chain);
    let (source, destination) = (IpAddr::V6(chain.source()), IpAddr::V6(chain.destination()));
    let selectors = |interface| Selectors {
        interface,
        source,
        destination,
        proto: content.proto,
        kind: content.kind,
        ports: content.ports,
    };
    let outer = chain.outer.map(|o| &j.packet.chains[usize::from(o)]);
    // The other end of a tunnel goes by its home address, if it has one: from
    // the mobile node that is the source of what is inside, to it the
    // destination.
    let ends = |direction| match (outer, direction) {
        (None, _) => [Interface::Physical; 2],
        (Some(outer), Direction::Out) => {
            [Interface::TunnelTo(outer.destination().into()), Interface::TunnelTo(destination)]
        }
        (Some(outer), Direction::In) => {
            [Interface::TunnelFrom(outer.source().into()), Interface::TunnelFrom(source)]
        }
    };
    let mut undecided = false;
    for node in &policy.nodes {
        for direction in [Direction::Out, Direction::In] {
            for interface in ends(direction) {
                match node.decide(direction, &selectors(interface)) {
                    Decision::None => {}
                    Decision::Unknown => undecided = true,
                    decision => return verdict(j, node, direction, decision, by),
                }
                if outer.is_none() {
                    break;
                }
            }
        }
    }
    if undecided {
        return j.undecided(IPSEC_SPD_009, Undecided::NoKey);
    }
    // No rule is about it: it has no business under an association of a SAD.
    if let (Some(by), Some(_)) = (by, content.proto)
        && let Some((node, entry)) = entry(policy, by)
    {
        j.holds(IPSEC_SPD_009, false, |d| {
            d.layer(by.layer)
                .found(format!("{} over what no rule of {} is about", describe(entry), node.name))
                .wanted("only packets that its selectors match")
        });
    }
}

/// The SAD entry of an association.
fn entry(policy: &Policy, by: Protected) -> Option<(&Node, &SadEntry)> {
    policy.nodes.iter().find_map(|node| {
        let of = |a: &&SadEntry| (a.protocol, a.spi) == (by.protocol, by.spi);
        Some((node, node.associations().iter().find(of)?))
    })
}

fn describe(entry: &SadEntry) -> String {
    format!("{} ({} {:#x})", entry.name, entry.protocol.name().to_uppercase(), entry.spi)
}

fn verdict(
    j: &mut Judge<'_, '_>,
    node: &Node,
    direction: Direction,
    decision: Decision<'_>,
    by: Option<Protected>,
) {
    let found = || match by {
        None => "a packet in the clear".to_owned(),
        Some(by) => {
            format!("{} {:#x}, {} mode", by.protocol.name().to_uppercase(), by.spi, by.mode.name())
        }
    };
    let (ok, wanted) = match decision {
        Decision::Use(entry) => {
            let ok = by.is_some_and(|by| {
                (by.protocol, by.spi, by.mode) == (entry.protocol, entry.spi, entry.mode)
            });
            (ok, format!("{}, {} mode", describe(entry), entry.mode.name()))
        }
        Decision::Create(pattern) => {
            let ok =
                by.is_some_and(|by| (by.protocol, by.mode) == (pattern.protocol, pattern.mode));
            let protocol = pattern.protocol.name().to_uppercase();
            (ok, format!("{protocol}, {} mode, by a negotiated association", pattern.mode.name()))
        }
        _ => (false, "nothing, for it is to be discarded".to_owned()),
    };
    let direction = if direction == Direction::Out { "OUT" } else { "IN" };
    j.holds(IPSEC_SPD_009, ok, |d| {
        let d = match by {
            Some(by) => d.layer(by.layer),
            None => d,
        };
        d.found(found()).wanted(format!("{wanted} ({} SPD {direction})", node.name))
    });
}
