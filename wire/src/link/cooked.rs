//! Linux cooked capture, `LINKTYPE_LINUX_SLL` and `LINKTYPE_LINUX_SLL2`.

use crate::layout::{Auto, Driver, Fix, Layout, Step};

/// Fields of cooked captures.
pub mod fields {
    use crate::layout::{Names, fields};

    static PACKET_TYPES: Names = &[
        (0, "Unicast to us"),
        (1, "Broadcast"),
        (2, "Multicast"),
        (3, "Unicast to another host"),
        (4, "Sent by us"),
    ];

    fields! {
        PACKET_TYPE = "sll.pkttype", "Packet type", Dec, names PACKET_TYPES;
        HARDWARE_TYPE = "sll.hatype", "Link-layer address type", Dec;
        ADDRESS_LEN = "sll.halen", "Link-layer address length", Dec;
        ADDRESS = "sll.src", "Source", Bytes;
        PROTOCOL = "sll.etype", "Protocol", Hex;
        RESERVED = "sll.reserved", "Reserved", Hex;
        INTERFACE = "sll.ifindex", "Interface index", Dec;
    }
}
use fields::*;

/// Version 1, 16 octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CookedV1 {
    /// Who the packet was for.
    pub packet_type: u16,
    /// ARPHRD number of the interface.
    pub hardware_type: u16,
    /// Octets of the address that count.
    pub address_len: u16,
    /// Source address, filled with zeros.
    pub address: [u8; 8],
    /// EtherType.
    pub protocol: Auto<u16>,
}

impl<'a> Layout<'a> for CookedV1 {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&PACKET_TYPE, &mut self.packet_type)?;
        d.int(&HARDWARE_TYPE, &mut self.hardware_type)?;
        d.int(&ADDRESS_LEN, &mut self.address_len)?;
        d.array(&ADDRESS, &mut self.address)?;
        d.auto(&PROTOCOL, &mut self.protocol, Fix::EtherType)
    }

    fn title(&self) -> &'static str {
        "Linux cooked capture v1"
    }
}

/// Version 2, 20 octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CookedV2 {
    /// EtherType.
    pub protocol: Auto<u16>,
    /// Reserved.
    pub reserved: u16,
    /// Index of the interface.
    pub interface: u32,
    /// ARPHRD number of the interface.
    pub hardware_type: u16,
    /// Who the packet was for.
    pub packet_type: u8,
    /// Octets of the address that count.
    pub address_len: u8,
    /// Source address, filled with zeros.
    pub address: [u8; 8],
}

impl<'a> Layout<'a> for CookedV2 {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.auto(&PROTOCOL, &mut self.protocol, Fix::EtherType)?;
        d.int(&RESERVED, &mut self.reserved)?;
        d.int(&INTERFACE, &mut self.interface)?;
        d.int(&HARDWARE_TYPE, &mut self.hardware_type)?;
        d.int(&PACKET_TYPE, &mut self.packet_type)?;
        d.int(&ADDRESS_LEN, &mut self.address_len)?;
        d.array(&ADDRESS, &mut self.address)
    }

    fn title(&self) -> &'static str {
        "Linux cooked capture v2"
    }
}
