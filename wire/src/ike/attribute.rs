//! Attributes: type and value, or type, length and value. RFC 2408 3.3 and
//! RFC 7296 3.3.5 and 3.15.1.

use super::names;
use crate::layout::{Auto, Bytes, Driver, Field, Fix, Layout, Step};

/// Fields of attributes.
pub mod fields {
    use super::names;
    use crate::layout::fields;

    fields! {
        IKE_FORMAT = "isakmp.ike.attr.format", "Format", Bool, mask 0x8000;
        IKE_TYPE = "isakmp.ike.attr.type", "Type", Dec, mask 0x7fff, names names::PHASE1_ATTRIBUTES;
        IKE_LEN = "isakmp.ike.attr.length", "Length", Dec;
        IKE_VALUE = "isakmp.ike.attr.value", "Value", Bytes;
        IPSEC_FORMAT = "isakmp.ipsec.attr.format", "Format", Bool, mask 0x8000;
        IPSEC_TYPE = "isakmp.ipsec.attr.type", "Type", Dec, mask 0x7fff, names names::PHASE2_ATTRIBUTES;
        IPSEC_LEN = "isakmp.ipsec.attr.length", "Length", Dec;
        IPSEC_VALUE = "isakmp.ipsec.attr.value", "Value", Bytes;
        IKE2_FORMAT = "isakmp.ike2.attr.format", "Format", Bool, mask 0x8000;
        IKE2_TYPE = "isakmp.ike2.attr.type", "Type", Dec, mask 0x7fff, names names::TRANSFORM_ATTRIBUTES;
        IKE2_LEN = "isakmp.ike2.attr.length", "Length", Dec;
        IKE2_VALUE = "isakmp.ike2.attr.value", "Value", Bytes;
        IKE2_KEY_LENGTH = "isakmp.ike2.attr.key_length", "Key length (bits)", Dec;
        CFG_FORMAT = "isakmp.cfg.attr.format", "Format", Bool, mask 0x8000;
        CFG_TYPE = "isakmp.cfg.attr.type", "Type", Dec, mask 0x7fff, names names::CONFIGURATION_ATTRIBUTES;
        CFG_LEN = "isakmp.cfg.attr.length", "Length", Dec;
        CFG_VALUE = "isakmp.cfg.attr.value", "Value", Bytes;
    }
}
use fields::*;

/// Whose attributes they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AttributeKind {
    /// Of an IKEv1 phase 1 transform, RFC 2409 Appendix A.
    #[default]
    Phase1,
    /// Of an IKEv1 phase 2 transform, RFC 2407 4.5.
    Phase2,
    /// Of an IKEv2 transform.
    Transform,
    /// Of a Configuration payload.
    Configuration,
}

impl AttributeKind {
    /// Type with format bit, length and value.
    fn fields(self) -> (&'static [&'static Field; 2], &'static Field, &'static Field) {
        match self {
            Self::Phase1 => (const { &[&IKE_FORMAT, &IKE_TYPE] }, &IKE_LEN, &IKE_VALUE),
            Self::Phase2 => (const { &[&IPSEC_FORMAT, &IPSEC_TYPE] }, &IPSEC_LEN, &IPSEC_VALUE),
            Self::Transform => (const { &[&IKE2_FORMAT, &IKE2_TYPE] }, &IKE2_LEN, &IKE2_VALUE),
            Self::Configuration => (const { &[&CFG_FORMAT, &CFG_TYPE] }, &CFG_LEN, &CFG_VALUE),
        }
    }
}

/// One attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Whose attribute it is.
    pub owner: AttributeKind,
    /// Format bit and type.
    pub kind: u16,
    /// Octets of the value, in the long format.
    pub len: Auto<u16>,
    /// The value.
    pub value: Bytes<'a>,
}

impl<'a> Layout<'a> for Attribute<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        let (kind, len, value) = self.owner.fields();
        d.bits(kind, &mut self.kind)?;
        if self.kind & 0x8000 != 0 {
            d.bytes(value, 2, &mut self.value)?;
            if let (AttributeKind::Transform, 0x800e, [h, l]) =
                (self.owner, self.kind, &*self.value)
            {
                d.derived(&IKE2_KEY_LENGTH, u64::from(u16::from_be_bytes([*h, *l])));
            }
            return Ok(());
        }
        d.auto(len, &mut self.len, Fix::Own { unit: 1, less: 4 })?;
        d.bytes(value, usize::from(self.len.get()), &mut self.value)
    }

    fn title(&self) -> &'static str {
        let kind = u64::from(self.kind & 0x7fff);
        self.owner.fields().0[1].name_of(kind).unwrap_or("Attribute")
    }
}
