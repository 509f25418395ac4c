//! Ethernet II and IEEE 802.1Q tags.

use crate::layout::{Auto, Driver, Fix, Layout, Step};

/// Fields of Ethernet and VLAN tags.
pub mod fields {
    use crate::layout::{Names, fields};

    static TYPES: Names = &[
        (0x0800, "IPv4"),
        (0x0806, "ARP"),
        (0x8100, "802.1Q VLAN"),
        (0x86dd, "IPv6"),
        (0x88a8, "802.1ad VLAN"),
    ];

    fields! {
        DESTINATION = "eth.dst", "Destination", Link;
        SOURCE = "eth.src", "Source", Link;
        TYPE = "eth.type", "Type", Hex, names TYPES;
        VLAN_PRIORITY = "vlan.priority", "Priority", Dec, mask 0xe000;
        VLAN_DEI = "vlan.dei", "Drop eligible", Bool, mask 0x1000;
        VLAN_ID = "vlan.id", "ID", Dec, mask 0x0fff;
        VLAN_TYPE = "vlan.etype", "Type", Hex, names TYPES;
    }
}
use fields::*;

/// EtherTypes that matter here.
pub mod ethertype {
    /// IPv4.
    pub const IPV4: u16 = 0x0800;
    /// IEEE 802.1Q tag.
    pub const VLAN: u16 = 0x8100;
    /// IPv6.
    pub const IPV6: u16 = 0x86dd;
    /// IEEE 802.1ad tag.
    pub const SERVICE_VLAN: u16 = 0x88a8;
    /// Former tag of stacked VLANs.
    pub const OLD_SERVICE_VLAN: u16 = 0x9100;
}

/// Ethernet II header, 14 octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ethernet {
    /// Destination address.
    pub destination: [u8; 6],
    /// Source address.
    pub source: [u8; 6],
    /// EtherType, or a length below 1536.
    pub kind: Auto<u16>,
}

impl<'a> Layout<'a> for Ethernet {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.array(&DESTINATION, &mut self.destination)?;
        d.array(&SOURCE, &mut self.source)?;
        d.auto(&TYPE, &mut self.kind, Fix::EtherType)
    }

    fn title(&self) -> &'static str {
        "Ethernet II"
    }
}

/// IEEE 802.1Q tag behind its EtherType: 4 octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vlan {
    /// Priority (3 bits), drop eligible (1), VLAN identifier (12).
    pub tag: u16,
    /// EtherType of what follows.
    pub kind: Auto<u16>,
}

impl<'a> Layout<'a> for Vlan {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.bits(const { &[&VLAN_PRIORITY, &VLAN_DEI, &VLAN_ID] }, &mut self.tag)?;
        d.auto(&VLAN_TYPE, &mut self.kind, Fix::EtherType)
    }

    fn title(&self) -> &'static str {
        "802.1Q Virtual LAN"
    }
}
