//! Inside a Security Association payload: proposals and transforms; inside a
//! Traffic Selector payload: selectors.

use super::AttributeKind;
use super::names;
use super::payload::fields::{LEN, NEXT, RESERVED, SPI, SPI_SIZE};
use super::payload::kind;
use crate::layout::{Auto, Bytes, Driver, Field, Fix, Halt, Layout, Space, Step};

/// Fields of proposals, transforms and traffic selectors.
pub mod fields {
    use super::names;
    use crate::layout::fields;

    fields! {
        PROPOSAL = "isakmp.prop.number", "Proposal number", Dec;
        PROTOCOL = "isakmp.prop.protoid", "Protocol ID", Dec, names names::PROTOCOLS;
        TRANSFORMS = "isakmp.prop.transforms", "Number of transforms", Dec;
        TRANSFORM = "isakmp.trans.number", "Transform number", Dec;
        TRANSFORM_ID = "isakmp.trans.id", "Transform ID", Dec;
        TYPE = "isakmp.tf.type", "Transform type", Dec, names names::TRANSFORM_TYPES;
        ENCRYPTION = "isakmp.tf.id.encr", "Transform ID (ENCR)", Dec, names names::ENCRYPTION;
        PRF = "isakmp.tf.id.prf", "Transform ID (PRF)", Dec, names names::PRFS;
        INTEGRITY = "isakmp.tf.id.integ", "Transform ID (INTEG)", Dec, names names::INTEGRITY;
        GROUP = "isakmp.tf.id.dh", "Transform ID (D-H)", Dec, names names::GROUPS;
        ESN = "isakmp.tf.id.esn", "Transform ID (ESN)", Dec;
        ID = "isakmp.tf.id", "Transform ID", Dec;
        TS_TYPE = "isakmp.ts.type", "Traffic selector type", Dec, names names::SELECTORS;
        TS_PROTOCOL = "isakmp.ts.protoid", "Protocol ID", Dec, names crate::ip::proto::NAMES;
        TS_LEN = "isakmp.ts.selector_length", "Selector length", Dec;
        TS_START_PORT = "isakmp.ts.start_port", "Start port", Dec;
        TS_END_PORT = "isakmp.ts.end_port", "End port", Dec;
        TS_START_IPV4 = "isakmp.ts.start_ipv4", "Starting address", Ipv4;
        TS_END_IPV4 = "isakmp.ts.end_ipv4", "Ending address", Ipv4;
        TS_START_IPV6 = "isakmp.ts.start_ipv6", "Starting address", Ipv6;
        TS_END_IPV6 = "isakmp.ts.end_ipv6", "Ending address", Ipv6;
        TS_DATA = "isakmp.ts.octets", "Traffic selector", Bytes;
    }
}
use fields::*;

/// A proposal, RFC 2408 3.5 and RFC 7296 3.3.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal<'a> {
    /// Major version of the message.
    pub major: u8,
    /// 0 for the last proposal, 2 if more follow.
    pub next: u8,
    /// Reserved.
    pub reserved: u8,
    /// Octets of the proposal.
    pub len: Auto<u16>,
    /// Proposal number.
    pub number: u8,
    /// Security protocol.
    pub protocol: u8,
    /// Octets of the SPI.
    pub spi_size: u8,
    /// Number of transforms.
    pub transforms: u8,
    /// SPI.
    pub spi: Bytes<'a>,
    /// Transforms as they stand.
    pub list: Bytes<'a>,
}

impl<'a> Layout<'a> for Proposal<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.derived(&super::payload::fields::TYPE, u64::from(kind::V1_PROPOSAL));
        d.int(&NEXT, &mut self.next)?;
        d.int(&RESERVED, &mut self.reserved)?;
        d.auto(&LEN, &mut self.len, Fix::Own { unit: 1, less: 0 })?;
        d.int(&PROPOSAL, &mut self.number)?;
        d.int(&PROTOCOL, &mut self.protocol)?;
        d.int(&SPI_SIZE, &mut self.spi_size)?;
        d.int(&TRANSFORMS, &mut self.transforms)?;
        if D::READING {
            d.limit(usize::from(self.len.get()))?;
        }
        d.bytes(&SPI, usize::from(self.spi_size), &mut self.spi)?;
        let space = Space::IkeTransforms { major: self.major, protocol: self.protocol };
        d.area(space, &mut self.list)
    }

    fn title(&self) -> &'static str {
        "Proposal"
    }
}

/// A transform, RFC 2408 3.6 and RFC 7296 3.3.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transform<'a> {
    /// Major version of the message.
    pub major: u8,
    /// Security protocol of the proposal.
    pub protocol: u8,
    /// 0 for the last transform, 3 if more follow.
    pub next: u8,
    /// Reserved.
    pub reserved: u8,
    /// Octets of the transform.
    pub len: Auto<u16>,
    /// Transform number (IKEv1) or type (IKEv2).
    pub kind: u8,
    /// Transform ID of IKEv1, reserved in IKEv2.
    pub v1_id: u8,
    /// Transform ID of IKEv2, reserved in IKEv1.
    pub id: u16,
    /// Attributes as they stand.
    pub attributes: Bytes<'a>,
}

impl<'a> Layout<'a> for Transform<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.derived(&super::payload::fields::TYPE, u64::from(kind::V1_TRANSFORM));
        d.int(&NEXT, &mut self.next)?;
        d.int(&RESERVED, &mut self.reserved)?;
        d.auto(&LEN, &mut self.len, Fix::Own { unit: 1, less: 0 })?;
        if D::READING {
            d.limit(usize::from(self.len.get()))?;
        }
        let attributes = if self.major == 1 {
            d.int(&TRANSFORM, &mut self.kind)?;
            d.int(&TRANSFORM_ID, &mut self.v1_id)?;
            d.int(&RESERVED, &mut self.id)?;
            if self.protocol == 1 { AttributeKind::Phase1 } else { AttributeKind::Phase2 }
        } else {
            d.int(&TYPE, &mut self.kind)?;
            d.int(&RESERVED, &mut self.v1_id)?;
            d.int(id_field(self.kind), &mut self.id)?;
            AttributeKind::Transform
        };
        d.area(Space::IkeAttributes(attributes), &mut self.attributes)
    }

    fn title(&self) -> &'static str {
        "Transform"
    }
}

fn id_field(kind: u8) -> &'static Field {
    match kind {
        1 => &ENCRYPTION,
        2 => &PRF,
        3 => &INTEGRITY,
        4 => &GROUP,
        5 => &ESN,
        _ => &ID,
    }
}

/// A traffic selector, RFC 7296 3.13.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector<'a> {
    /// Type: address family of the range.
    pub kind: u8,
    /// IP protocol, 0 for any.
    pub protocol: u8,
    /// Octets of the selector.
    pub len: Auto<u16>,
    /// First port; for the Mobility Header its type in the upper octet.
    pub start_port: u16,
    /// Last port.
    pub end_port: u16,
    /// First address.
    pub start: Bytes<'a>,
    /// Last address.
    pub end: Bytes<'a>,
}

impl<'a> Layout<'a> for Selector<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&TS_TYPE, &mut self.kind)?;
        d.int(&TS_PROTOCOL, &mut self.protocol)?;
        d.auto(&TS_LEN, &mut self.len, Fix::Own { unit: 1, less: 0 })?;
        if D::READING {
            if self.len.get() < 8 {
                return Err(Halt);
            }
            d.limit(usize::from(self.len.get()))?;
        }
        d.int(&TS_START_PORT, &mut self.start_port)?;
        d.int(&TS_END_PORT, &mut self.end_port)?;
        let (first, last, octets) = match self.kind {
            7 => (&TS_START_IPV4, &TS_END_IPV4, 4),
            8 => (&TS_START_IPV6, &TS_END_IPV6, 16),
            _ => return d.rest(&TS_DATA, &mut self.start),
        };
        d.bytes(first, octets, &mut self.start)?;
        d.bytes(last, octets, &mut self.end)
    }

    fn title(&self) -> &'static str {
        TS_TYPE.name_of(u64::from(self.kind)).unwrap_or("Traffic selector")
    }
}
