//! Collecting the values of some fields, and of no others.

use mip6_wire::layout::{Field, Sink, Value};
use smallvec::SmallVec;

use super::protection::fields as protection;
use super::registry::{frame, generated};
use super::{visit_frame, visit_layer};
use crate::packet::{Packet, Proto};

/// Fields that somebody wants, in slots, with the protocols that have them.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Field and slot.
    fields: Vec<(&'static Field, usize)>,
    slots: usize,
    frame: bool,
    protos: u32,
}

/// A value that was found.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Slot of the field.
    pub slot: usize,
    /// Octets of the field; empty for a value that follows from others.
    pub raw: &'a [u8],
    /// The value.
    pub value: Value<'a>,
}

impl Wanted {
    /// Adds a slot for a name's fields and gives its number.
    pub fn add(&mut self, fields: &[&'static Field]) -> usize {
        let slot = self.slots;
        self.slots += 1;
        for f in fields {
            self.fields.push((f, slot));
            self.frame |= frame::FIELDS.contains(f);
            for (i, proto) in Proto::ALL.iter().enumerate() {
                if has_field(*proto, f) {
                    self.protos |= 1 << i;
                }
            }
        }
        slot
    }

    /// Number of slots.
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// Whether headers of a protocol can have one of the fields.
    #[inline]
    pub fn among(&self, proto: Proto) -> bool {
        self.protos >> (proto as u32) & 1 != 0
    }

    /// Whether the frame itself has one of the fields.
    pub fn among_frame(&self) -> bool {
        self.frame
    }

    /// Whether a field is one of them.
    #[inline]
    pub fn contains(&self, f: &'static Field) -> bool {
        self.fields.iter().any(|(wanted, _)| *wanted == f)
    }

    /// Collects the values of these fields from a packet.
    #[inline]
    pub fn seek<'a>(&self, packet: &Packet<'a>, found: &mut SmallVec<[Found<'a>; 8]>) {
        let mut seeker = Seeker { wanted: self, found };
        if self.frame {
            visit_frame(packet, &mut seeker);
        }
        if self.protos == 0 {
            return;
        }
        for layer in packet.layers {
            if self.among(layer.proto) {
                visit_layer(packet, layer, &mut seeker);
            }
        }
    }
}

/// Listens for wanted fields.
pub struct Seeker<'w, 'a> {
    wanted: &'w Wanted,
    found: &'w mut SmallVec<[Found<'a>; 8]>,
}

impl<'a> Sink<'a> for Seeker<'_, 'a> {
    const ACTIVE: bool = true;

    #[inline]
    fn leaf(&mut self, f: &'static Field, _: usize, raw: &'a [u8]) {
        for (wanted, slot) in &self.wanted.fields {
            if *wanted == f {
                self.found.push(Found { slot: *slot, raw, value: f.value(raw) });
            }
        }
    }

    #[inline]
    fn wants(&self, f: &'static Field) -> bool {
        self.wanted.contains(f)
    }

    #[inline]
    fn derived(&mut self, f: &'static Field, _: usize, value: Value<'a>) {
        for (wanted, slot) in &self.wanted.fields {
            if *wanted == f {
                self.found.push(Found { slot: *slot, raw: &[], value });
            }
        }
    }
}

/// Whether headers of a protocol can have a field.
fn has_field(proto: Proto, f: &'static Field) -> bool {
    use mip6_wire::{dhcpv6, icmpv6, ike, ip, layout, link, mobility, transport};
    if *f == layout::UNREAD {
        return true;
    }
    let among = |fields: &[&'static Field]| fields.contains(&f);
    match proto {
        Proto::Ethernet | Proto::Vlan => among(link::ethernet_fields::FIELDS),
        Proto::Cooked => among(link::cooked_fields::FIELDS),
        Proto::Loopback => among(link::null_fields::FIELDS),
        Proto::Ipv4 => among(ip::ipv4_fields::FIELDS),
        Proto::Ipv6 => among(ip::ipv6_fields::FIELDS),
        Proto::HopByHop | Proto::DestinationOptions => {
            among(ip::ext_fields::FIELDS) || among(ip::options::fields::FIELDS)
        }
        Proto::Routing => among(ip::routing_fields::FIELDS),
        Proto::Fragment => among(ip::fragment_fields::FIELDS),
        Proto::Authentication => among(ip::ah_fields::FIELDS) || among(protection::AH),
        Proto::Esp => among(ip::esp_fields::FIELDS) || among(protection::ESP),
        Proto::Mobility => {
            mobility::all_fields().any(|g| g == f)
                || among(&[&generated::MOBILITY_CHECKSUM, &generated::MOBILITY_DIALECT])
        }
        Proto::Icmpv6 => {
            icmpv6::all_fields().any(|g| g == f) || among(&[&generated::ICMPV6_CHECKSUM])
        }
        Proto::Udp => among(transport::udp_fields::FIELDS) || among(&[&generated::UDP_CHECKSUM]),
        Proto::Tcp => among(transport::tcp_fields::FIELDS) || among(&[&generated::TCP_CHECKSUM]),
        Proto::Ike => ike::all_fields().any(|g| g == f),
        Proto::Dhcpv6 => dhcpv6::all_fields().any(|g| g == f),
        Proto::Data => false,
    }
}
