//! Visiting the fields of a frame and its layers.

use mip6_wire::dhcpv6::Dhcpv6;
use mip6_wire::icmpv6::Icmpv6;
use mip6_wire::ike::IkeMessage;
use mip6_wire::ip::{
    Authentication, DestinationOptions, Esp, Fragment, HopByHop, Ipv4, Ipv6, Routing,
};
use mip6_wire::layout::{Field, Layout, Reader, Sink, UNREAD, Value};
use mip6_wire::link::{CookedV1, CookedV2, Ethernet, Loopback, Vlan};
use mip6_wire::mobility::Mobility;
use mip6_wire::transport::{Tcp, Udp};

use super::protection;
use super::registry::{frame, generated};
use crate::capture::LinkType;
use crate::packet::{ChecksumStatus, Layer, Packet, Proto, checksum_status};

/// Visits the fields of the frame itself.
pub fn visit_frame<'a>(packet: &Packet<'a>, sink: &mut impl Sink<'a>) {
    let f = &packet.frame;
    let number = |v: u64| Value::Uint { value: v, hex_digits: 0 };
    let (negative, secs, nanos) = f.time.since(packet.first);
    let epoch = Value::Time {
        negative: f.time.secs < 0,
        secs: f.time.secs.unsigned_abs(),
        nanos: f.time.nanos,
    };
    sink.derived(&frame::NUMBER, 0, number(f.number));
    sink.derived(&frame::TIME_EPOCH, 0, epoch);
    sink.derived(&frame::TIME_RELATIVE, 0, Value::Time { negative, secs, nanos });
    sink.derived(&frame::LEN, 0, number(u64::from(f.len)));
    sink.derived(&frame::CAP_LEN, 0, number(f.data.len() as u64));
    sink.derived(&frame::INTERFACE, 0, number(u64::from(f.interface)));
    if !f.comment.is_empty() {
        sink.derived(&frame::COMMENT, 0, Value::Text(f.comment));
    }
}

/// Visits the fields of a layer, as far as they can be read.
pub fn visit_layer<'a, S: Sink<'a>>(packet: &Packet<'a>, layer: &Layer, sink: &mut S) {
    match layer.proto {
        Proto::Ethernet => visit::<Ethernet, S>(packet, layer, sink),
        Proto::Vlan => visit::<Vlan, S>(packet, layer, sink),
        Proto::Cooked if packet.frame.link == LinkType::LINUX_SLL2 => {
            visit::<CookedV2, S>(packet, layer, sink);
        }
        Proto::Cooked => visit::<CookedV1, S>(packet, layer, sink),
        Proto::Loopback => visit::<Loopback, S>(packet, layer, sink),
        Proto::Ipv4 => visit::<Ipv4<'_>, S>(packet, layer, sink),
        Proto::Ipv6 => visit::<Ipv6, S>(packet, layer, sink),
        Proto::HopByHop => visit::<HopByHop<'_>, S>(packet, layer, sink),
        Proto::DestinationOptions => {
            visit::<DestinationOptions<'_>, S>(packet, layer, sink);
        }
        Proto::Routing => visit::<Routing<'_>, S>(packet, layer, sink),
        Proto::Fragment => visit::<Fragment, S>(packet, layer, sink),
        Proto::Authentication => {
            visit::<Authentication<'_>, S>(packet, layer, sink);
            protection::visit(packet, layer, sink);
        }
        Proto::Esp => {
            visit::<Esp<'_>, S>(packet, layer, sink);
            protection::visit(packet, layer, sink);
        }
        Proto::Mobility => {
            visit::<Mobility<'_>, S>(packet, layer, sink);
            checksum(packet, layer, &generated::MOBILITY_CHECKSUM, sink);
            if let Some(reason) = layer.dialect.reason {
                let end = (layer.offset + layer.len) as usize;
                let value = Value::Text(reason.text().as_bytes());
                sink.derived(&generated::MOBILITY_DIALECT, end, value);
            }
        }
        Proto::Icmpv6 => {
            visit::<Icmpv6<'_>, S>(packet, layer, sink);
            checksum(packet, layer, &generated::ICMPV6_CHECKSUM, sink);
        }
        Proto::Udp => {
            visit::<Udp, S>(packet, layer, sink);
            checksum(packet, layer, &generated::UDP_CHECKSUM, sink);
        }
        Proto::Tcp => {
            visit::<Tcp<'_>, S>(packet, layer, sink);
            checksum(packet, layer, &generated::TCP_CHECKSUM, sink);
        }
        Proto::Ike => visit::<IkeMessage<'_>, S>(packet, layer, sink),
        Proto::Dhcpv6 => visit::<Dhcpv6<'_>, S>(packet, layer, sink),
        Proto::Data => sink.leaf(&UNREAD, layer.offset as usize, packet.octets(layer)),
    }
}

fn visit<'a, L: Layout<'a>, S: Sink<'a>>(packet: &Packet<'a>, layer: &Layer, sink: &mut S) {
    let (octets, full) = (packet.octets(layer), layer.full_len as usize);
    let codes = packet.profile.codes(layer.dialect);
    let mut reader = Reader::with_sink(octets, full, layer.offset as usize, codes, sink);
    // A layer that cannot be read to its end shows what can be.
    if reader.read::<L>().is_err() {
        let left = &octets[reader.consumed()..];
        if !left.is_empty() {
            let at = layer.offset as usize + reader.consumed();
            reader.sink.leaf(&UNREAD, at, left);
        }
    }
}

fn checksum<'a>(
    packet: &Packet<'a>,
    layer: &Layer,
    field: &'static Field,
    sink: &mut impl Sink<'a>,
) {
    if !layer.readable || !sink.wants(field) {
        return;
    }
    let value = match checksum_status(packet, layer) {
        ChecksumStatus::Bad => 0,
        ChecksumStatus::Good => 1,
        ChecksumStatus::Unverified => 2,
    };
    let end = (layer.offset + layer.len) as usize;
    sink.derived(field, end, Value::Uint { value, hex_digits: 0 });
}
