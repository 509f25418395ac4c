//! Fields of ESP and AH that follow from keys.

use mip6_security::Association;
use mip6_wire::layout::{Field, Kind, Sink, Value};

use crate::packet::{Layer, Packet, Protection, Proto, Verdict};

/// The fields.
pub mod fields {
    use super::{Field, Kind};

    /// The security association by which ESP was opened.
    pub static ESP_ASSOCIATION: Field =
        Field::new("esp.association", "Security association", Kind::Text);
    /// Initialization vector.
    pub static ESP_IV: Field = Field::new("esp.iv", "Initialization vector", Kind::Bytes);
    /// Octets of padding.
    pub static ESP_PAD_LEN: Field = Field::new("esp.pad_len", "Pad length", Kind::Dec);
    /// Protocol of what is inside.
    pub static ESP_PROTOCOL: Field =
        Field::new("esp.protocol", "Next header", Kind::Hex).names(mip6_wire::ip::proto::NAMES);
    /// Integrity check value.
    pub static ESP_ICV: Field = Field::new("esp.icv", "Integrity check value", Kind::Bytes);
    /// It is right.
    pub static ESP_ICV_GOOD: Field =
        Field::new("esp.icv_good", "Integrity check value is right", Kind::Bool);
    /// It is wrong.
    pub static ESP_ICV_BAD: Field =
        Field::new("esp.icv_bad", "Integrity check value is wrong", Kind::Bool);
    /// Why ESP was not opened.
    pub static ESP_UNOPENED: Field = Field::new("esp.unopened", "Not opened", Kind::Text);
    /// The security association by which AH was verified.
    pub static AH_ASSOCIATION: Field =
        Field::new("ah.association", "Security association", Kind::Text);
    /// The integrity check value of AH is right.
    pub static AH_ICV_GOOD: Field =
        Field::new("ah.icv_good", "Integrity check value is right", Kind::Bool);
    /// It is wrong.
    pub static AH_ICV_BAD: Field =
        Field::new("ah.icv_bad", "Integrity check value is wrong", Kind::Bool);
    /// Why AH was not verified.
    pub static AH_UNVERIFIED: Field = Field::new("ah.unverified", "Not verified", Kind::Text);

    /// Those of ESP.
    pub static ESP: &[&Field] = &[
        &ESP_ASSOCIATION,
        &ESP_IV,
        &ESP_PAD_LEN,
        &ESP_PROTOCOL,
        &ESP_ICV,
        &ESP_ICV_GOOD,
        &ESP_ICV_BAD,
        &ESP_UNOPENED,
    ];
    /// Those of AH.
    pub static AH: &[&Field] = &[&AH_ASSOCIATION, &AH_ICV_GOOD, &AH_ICV_BAD, &AH_UNVERIFIED];
}
use fields::*;

/// Visits what keys said of an ESP or AH layer.
pub(super) fn visit<'a>(packet: &Packet<'a>, layer: &Layer, sink: &mut impl Sink<'a>) {
    let Some((protection, association)) = packet.protection(layer) else { return };
    let octets = packet.octets(layer);
    let start = layer.offset as usize;
    let end = start + layer.len as usize;
    if layer.proto == Proto::Authentication {
        return authentication(protection, association, end, sink);
    }
    if let Some(a) = association {
        sink.derived(&ESP_ASSOCIATION, end, Value::Text(a.name.as_bytes()));
    }
    if let Verdict::Opened(o) = &protection.verdict {
        let number = |v: u8, hex_digits| Value::Uint { value: u64::from(v), hex_digits };
        if !o.iv.is_empty() {
            sink.derived(&ESP_IV, start + o.iv.start, Value::Bytes(&octets[o.iv.clone()]));
        }
        sink.derived(&ESP_PAD_LEN, end, number(o.pad_len, 0));
        sink.derived(&ESP_PROTOCOL, end, number(o.next, 2));
        if !o.icv.is_empty() {
            sink.derived(&ESP_ICV, start + o.icv.start, Value::Bytes(&octets[o.icv.clone()]));
        }
    }
    if let Some(right) = protection.verdict.integrity() {
        sink.derived(&ESP_ICV_GOOD, end, Value::Bool(right));
        sink.derived(&ESP_ICV_BAD, end, Value::Bool(!right));
    }
    if let Some(why) = protection.why() {
        sink.derived(&ESP_UNOPENED, end, Value::Text(why.as_bytes()));
    }
}

fn authentication<'a>(
    protection: &'a Protection,
    association: Option<&'a Association>,
    end: usize,
    sink: &mut impl Sink<'a>,
) {
    if let Some(a) = association {
        sink.derived(&AH_ASSOCIATION, end, Value::Text(a.name.as_bytes()));
    }
    if let Some(right) = protection.verdict.integrity() {
        sink.derived(&AH_ICV_GOOD, end, Value::Bool(right));
        sink.derived(&AH_ICV_BAD, end, Value::Bool(!right));
    }
    if let Some(why) = protection.why() {
        sink.derived(&AH_UNVERIFIED, end, Value::Text(why.as_bytes()));
    }
}
