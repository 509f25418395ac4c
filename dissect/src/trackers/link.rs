//! Who handed a frame to whom, where the link tells.

use std::num::NonZero;

use mip6_wire::codes::NdFormat;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};

use crate::packet::Proto;
use crate::rules::Judge;

/// An address of Ethernet.
pub(super) type Mac = [u8; 6];

/// A link: interface of the capture, and VLAN. The same link-local addresses,
/// and even the same station, may be routers on several.
pub(super) type Place = NonZero<u64>;

/// The stations of a frame, and where it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) place: Place,
    pub(super) to: Mac,
    pub(super) from: Mac,
}

impl Link {
    /// The stations of the frame that carries the packet being judged; `None`
    /// on links without addresses, and for what came through a tunnel.
    pub(super) fn of(j: &Judge<'_, '_>) -> Option<Self> {
        let first = j.packet.layers.first().filter(|l| l.proto == Proto::Ethernet)?;
        if j.chain()?.outer.is_some() {
            return None;
        }
        let octets = j.packet.octets(first);
        let tags = j.packet.layers.iter().take_while(|l| l.proto != Proto::Ipv6);
        let vlan = tags.filter(|l| l.proto == Proto::Vlan).fold(0, |id, tag| {
            let [high, low] = *j.packet.octets(tag).first_chunk().unwrap_or(&[0; 2]);
            id << 12 | u64::from(u16::from_be_bytes([high, low]) & 0x0fff)
        });
        Some(Self {
            // Two tags fit in, as many as there ever are, and a bit that is always set.
            place: NonZero::<u64>::MIN | (u64::from(j.packet.frame.interface) ^ vlan << 32) << 1,
            to: octets.get(..6)?.try_into().ok()?,
            from: octets.get(6..12)?.try_into().ok()?,
        })
    }
}

/// The link-layer address of the first option of a format, if it is Ethernet's.
pub(super) fn link_layer(list: NdOptions<'_>, format: NdFormat) -> Option<Mac> {
    let option = list.flatten().find(|o| o.format == format)?;
    match option.body() {
        NdBody::LinkLayer { address, .. } => address.get(..6)?.try_into().ok(),
        _ => None,
    }
}

/// As people write it.
pub(super) fn mac(a: Mac) -> String {
    a.map(|octet| format!("{octet:02x}")).join(":")
}
