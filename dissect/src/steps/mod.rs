//! What sender and receiver of a protected packet do with it, step by step, as
//! draft-ietf-mobileip-mipv6-ha-ipsec-04 section 6 tells it.

mod text;
mod way;

pub use text::write_steps;

use mip6_security::ah::Unverified;
use mip6_security::steps::{Act, Case, Item, Listing, Names, Section, Step};
use mip6_security::{Association, Mode};
use mip6_wire::icmpv6::kind;

use crate::packet::{Chain, Layer, Packet, Proto, Verdict};

/// The steps of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Steps {
    /// It has neither ESP nor AH.
    Unprotected {
        /// And it is a message of Mobile IPv6.
        signalling: bool,
    },
    /// It has, but it cannot be told who of the two is a mobile node, or that
    /// one is; with the reason.
    Unknown(String),
    /// What is done with it.
    Told(Box<Told>),
}

/// What is done with a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What the sender did, and the section about it.
    pub sending: (Section, Vec<Step>),
    /// What the receiver does.
    pub receiving: (Section, Vec<Step>),
    /// What the addresses and the SPI are called.
    pub names: Names,
    /// Why the integrity check value has not been checked, if so.
    pub unchecked: Option<String>,
}

/// Tells the steps of a packet. If it is protected more than once, those of the
/// outermost protection.
pub fn steps(packet: &Packet<'_>) -> Steps {
    let protected = |c: &&Chain| !c.quoted && c.ipsec.is_some();
    let chain = packet.chains.iter().find(protected);
    let Some((chain, ipsec)) = chain.and_then(|c| Some((c, &packet.layers[c.ipsec?]))) else {
        let signalling = packet.layers.iter().any(|l| is_signalling(packet, l));
        return Steps::Unprotected { signalling };
    };
    let (verdict, association, why) = match packet.protection(ipsec) {
        Some((p, a)) => (Some(&p.verdict), a, p.why().unwrap_or_default()),
        None => (None, None, "no key"),
    };
    let wire = listing(packet, chain);
    let Some(way) = way::way(packet, chain, &wire, association) else {
        let unopened = if wire.0.contains(&Item::Hidden) {
            format!("what ESP protects cannot be seen ({why}), and ")
        } else {
            String::new()
        };
        return Steps::Unknown(format!("{unopened}nothing says who is the mobile node"));
    };
    let mode = association.map_or(Mode::Any, |a| a.mode);
    let case = Case::new(way, mode, wire);
    let mut unchecked = None;
    let receiving = match verdict {
        Some(Verdict::Opened(opened)) => {
            if !opened.checked {
                unchecked = Some("the association has no algorithm for it".to_owned());
            }
            case.receiving(&case.selectors())
        }
        Some(Verdict::Verified) => case.receiving(&case.selectors()),
        Some(Verdict::Unopened(_)) => case.receiving_until(Act::Open, &why),
        // Headers that cannot be followed here are no fault of the packet's.
        Some(Verdict::Unverified(u)) if *u != Unverified::Headers => {
            case.receiving_until(Act::Open, &why)
        }
        _ if ipsec.proto == Proto::Authentication => {
            unchecked = Some(why.to_owned());
            case.receiving(&case.selectors())
        }
        _ => case.receiving_unseen(&why),
    };
    let mut names = case.names();
    if let Some((a, name)) = association.and_then(|a| Some((a, given_name(a)?))) {
        names.name_spi(a.spi, crate::tree::escape_line(name));
    }
    let [sender, receiver] = case.sections();
    Steps::Told(Box::new(Told {
        sending: (sender, case.sending()),
        receiving: (receiver, receiving),
        names,
        unchecked,
    }))
}

/// Whether a layer is a message of Mobile IPv6, and not quoted.
fn is_signalling(packet: &Packet<'_>, layer: &Layer) -> bool {
    let of_mobile_ipv6 = match layer.proto {
        Proto::Mobility => true,
        Proto::Icmpv6 => {
            [kind::PREFIX_SOLICITATION, kind::PREFIX_ADVERTISEMENT].contains(&layer.kind)
        }
        _ => false,
    };
    of_mobile_ipv6 && packet.chain(layer).is_some_and(|c| !c.quoted)
}

/// The name that a key file gave an association.
fn given_name(a: &Association) -> Option<&str> {
    let number = format!("{}:{:#x}", a.protocol.name(), a.spi);
    (a.name != number).then_some(&a.name)
}

/// The headers of a packet from the IP header of `chain` on, without quotations
/// in errors.
fn listing(packet: &Packet<'_>, chain: &Chain) -> Listing {
    let own = |l: &&Layer| packet.chain(l).is_none_or(|c| !c.quoted);
    let layers = packet.layers[chain.ip..].iter().take_while(own);
    let mut listing = Listing::default();
    let mut next = None;
    let mut headers = Vec::new();
    for layer in layers {
        headers.push(packet.header(layer));
        if layer.proto != Proto::Esp || !layer.readable {
            continue;
        }
        listing.push(next, &headers);
        headers.clear();
        match packet.protection(layer).map(|(p, _)| &p.verdict) {
            Some(Verdict::Opened(opened)) => next = Some(opened.next),
            _ => listing.0.push(Item::Hidden),
        }
    }
    listing.push(next, &headers);
    listing
}
