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
mod lke;
mod mip6;
mod nemo;
mod requirement;

pub use finding::Finding;
pub use judge::Verdicts;
pub use requirement::{Check, GROUPS, Level, REQUIREMENTS, Req, Requirement, RequirementLevel, id};

use mip6_wire::header::Header;

use crate::packet::{Packet, Proto};
use crate::profile::Profile;
use judge::Judge;

/// Judges a packet by every rule that applies to it. Findings are appended to
/// `verdicts`. Quotations in errors, fragments and headers cut by the capture
/// are not judged: they are not all there, or not their sender's.
pub fn judge<'a>(packet: &Packet<'a>, profile: &'a Profile, verdicts: &mut Verdicts) {
    let mut j = Judge::new(packet, profile, verdicts);
    for (i, layer) in packet.layers.iter().enumerate() {
        let whole = layer.is_complete()
            && layer.chain.is_none_or(|c| {
                let c = &packet.chains[usize::from(c)];
                !c.quoted && !c.fragment
            });
        if !whole {
            continue;
        }
        j.layer = i;
        match &layer.header {
            Header::Mobility(h) => {
                mip6::header::judge(&mut j, h);
                mip6::message::judge(&mut j, h);
                mip6::option::judge(&mut j, h);
                mip6::registration::judge(&mut j, h);
                ipsec::format::judge_mobility(&mut j, h);
                bootstrapping::options::judge(&mut j, h);
                nemo::judge(&mut j, h);
                lke::message::judge(&mut j, h);
            }
            Header::HopByHop(h) => mip6::home_address::judge_hop_by_hop(&mut j, h),
            Header::DestinationOptions(h) => mip6::home_address::judge(&mut j, h),
            Header::Routing(h) => mip6::routing::judge(&mut j, h),
            Header::Icmpv6(h) => {
                mip6::icmpv6::judge(&mut j, h);
                mip6::discovery::judge(&mut j, h);
                mip6::mobile_node::judge_icmpv6(&mut j, h);
                ipsec::format::judge_icmpv6(&mut j, h);
                lke::discovery::judge(&mut j, h);
            }
            Header::Esp(_) | Header::Authentication(_) => ipsec::format::judge_protection(&mut j),
            Header::Ipv6(_) => {
                mip6::mobile_node::judge_ipv6(&mut j);
                ipsec::format::judge_tunnel(&mut j);
            }
            Header::Udp(h) => mip6::mobile_node::judge_udp(&mut j, h),
            Header::Tcp(_) => mip6::mobile_node::judge_checksum(&mut j),
            Header::Dhcpv6(h) => bootstrapping::dhcp::judge(&mut j, h),
            Header::Raw(_) if layer.proto == Proto::Mobility => mip6::header::judge_broken(&mut j),
            _ => {}
        }
    }
}
