//! The requirements, and the rules that judge packets by them.
//!
//! A rule is a line that says whether a requirement holds for a header it
//! applies to. Rules stand in files by what they look at; each names the
//! requirement by its id, and the registry (`requirements/`) says in turn
//! which requirements a rule checks, and why none does for the others.

mod address;
mod bootstrapping;
mod finding;
mod ipsec;
mod judge;
mod listed;
mod lke;
mod mip6;
mod nemo;
mod requirement;
mod undecided;

pub(crate) use address::{is_home_agents_anycast, is_unicast_routable};
pub use finding::Finding;
pub(crate) use judge::Judge;
pub use judge::Verdicts;
pub(crate) use listed::Listed;
pub(crate) use lke::message::{other_carrier, requested_lifetimes};
pub use requirement::{Check, GROUPS, Level, REQUIREMENTS, Req, Requirement, RequirementLevel, id};
pub use undecided::Undecided;

use mip6_security::policy::Policy;
use mip6_wire::icmpv6::Icmpv6;
use mip6_wire::icmpv6::nd::NdOptions;
use mip6_wire::mobility::Mobility;

use crate::packet::{Packet, Proto};
use crate::trackers::Trackers;

/// Judges a packet by every rule that applies to it. Findings are appended to
/// `verdicts`. Quotations in errors, fragments and headers cut by the capture
/// are not judged: they are not all there, or not their sender's.
pub fn judge(packet: &Packet<'_>, verdicts: &mut Verdicts) {
    judge_with(packet, verdicts, None);
}

/// Judges a packet alone, and together with those that the trackers have taken
/// in before; they take in this one too.
pub fn judge_with(
    packet: &Packet<'_>,
    verdicts: &mut Verdicts,
    mut trackers: Option<&mut Trackers>,
) {
    if let Some(trackers) = &mut trackers {
        trackers.begin(packet);
    }
    for (i, layer) in packet.layers.iter().enumerate() {
        // Almost every packet has these, and nothing is said of them.
        if matches!(layer.proto, Proto::Ethernet | Proto::Data) {
            continue;
        }
        let mut j = Judge::new(packet, i, verdicts);
        let whole = layer.is_complete() && j.chain().is_none_or(|c| !c.quoted && !c.fragment);
        if !whole {
            continue;
        }
        match layer.proto {
            Proto::Mobility => match packet.read(layer) {
                Some(h) => mobility(&mut j, &h, trackers.as_deref_mut()),
                None => mip6::header::judge_broken(&mut j),
            },
            Proto::Icmpv6 => {
                if let Some(h) = packet.read(layer) {
                    icmpv6(&mut j, &h, trackers.as_deref_mut());
                }
            }
            Proto::HopByHop => {
                if let Some(h) = packet.read(layer) {
                    mip6::home_address::judge_hop_by_hop(&mut j, &h);
                }
            }
            Proto::DestinationOptions => {
                if let Some(h) = packet.read(layer) {
                    mip6::home_address::judge(&mut j, &h);
                }
            }
            Proto::Routing => {
                if let Some(h) = packet.read(layer) {
                    mip6::routing::judge(&mut j, &h);
                }
            }
            Proto::Udp if layer.readable => mip6::mobile_node::judge_udp(&mut j),
            Proto::Ike => {
                if let (Some(h), Some(trackers)) = (packet.read(layer), trackers.as_deref_mut()) {
                    trackers.key_exchange(&mut j, &h);
                }
            }
            Proto::Dhcpv6 => {
                if let Some(h) = packet.read(layer) {
                    bootstrapping::dhcp::judge(&mut j, &h);
                }
            }
            Proto::Esp | Proto::Authentication if layer.readable => {
                ipsec::format::judge_protection(&mut j);
                if let Some(trackers) = trackers.as_deref_mut() {
                    trackers.protection(&mut j);
                }
            }
            Proto::Ipv6 if layer.readable => {
                mip6::mobile_node::judge_ipv6(&mut j);
                ipsec::format::judge_tunnel(&mut j);
                if let Some(trackers) = trackers.as_deref_mut() {
                    trackers.header(&mut j);
                }
            }
            Proto::Tcp if layer.readable => mip6::mobile_node::judge_checksum(&mut j),
            _ => {}
        }
    }
}

/// Judges a packet by a policy: what is to be protected, and by what.
pub fn judge_policy(packet: &Packet<'_>, verdicts: &mut Verdicts, policy: &Policy) {
    ipsec::policy::judge(packet, verdicts, policy);
}

fn mobility(j: &mut Judge<'_, '_>, h: &Mobility<'_>, trackers: Option<&mut Trackers>) {
    let h = &Listed::new(h, j.here().len, j.codes());
    j.list_whole = h.stop.is_none();
    mip6::option::judge(j, h);
    let sound = mip6::header::judge(j, h);
    mip6::message::judge(j, h);
    mip6::registration::judge(j, h);
    ipsec::format::judge_mobility(j, h);
    bootstrapping::options::judge(j, h);
    nemo::judge(j, h);
    // Whoever receives a wrong checksum or a forged packet discards it.
    let trackers = trackers.filter(|_| sound && !j.is_forged());
    lke::message::judge(j, h, trackers.is_some());
    if let Some(trackers) = trackers {
        trackers.message(j, h);
    }
}

fn icmpv6(j: &mut Judge<'_, '_>, h: &Icmpv6<'_>, trackers: Option<&mut Trackers>) {
    if let Some(options) = h.body.nd_options() {
        j.list_whole = NdOptions::new(options, h.kind, j.codes()).all(|o| o.is_ok());
    }
    mip6::icmpv6::judge(j, h);
    mip6::discovery::judge(j, h);
    mip6::mobile_node::judge_icmpv6(j, h);
    ipsec::format::judge_icmpv6(j, h);
    lke::discovery::judge(j, h);
    if let Some(trackers) = trackers {
        trackers.icmpv6(j, h);
    }
}
