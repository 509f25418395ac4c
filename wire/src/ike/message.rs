//! The IKE header, RFC 2408 3.1 and RFC 7296 3.1.

use super::names;
use crate::layout::{Auto, Bytes, Driver, Field, Fix, Layout, Space, Step};

/// Fields of the IKE header.
pub mod fields {
    use super::names;
    use crate::layout::fields;

    fields! {
        INITIATOR_SPI = "isakmp.ispi", "Initiator SPI", Bytes;
        RESPONDER_SPI = "isakmp.rspi", "Responder SPI", Bytes;
        NEXT = "isakmp.nextpayload", "Next payload", Dec, names names::PAYLOADS;
        VERSION = "isakmp.version", "Version", Hex;
        MAJOR = "isakmp.mjver", "Major version", Hex, mask 0xf0;
        MINOR = "isakmp.mnver", "Minor version", Hex, mask 0x0f;
        EXCHANGE = "isakmp.exchangetype", "Exchange type", Dec, names names::EXCHANGES;
        FLAGS = "isakmp.flags", "Flags", Hex;
        FLAG_E = "isakmp.flag_e", "Encryption", Bool, mask 0x01;
        FLAG_C = "isakmp.flag_c", "Commit", Bool, mask 0x02;
        FLAG_A = "isakmp.flag_a", "Authentication", Bool, mask 0x04;
        FLAG_I = "isakmp.flag_i", "Initiator", Bool, mask 0x08;
        FLAG_V = "isakmp.flag_v", "Higher version", Bool, mask 0x10;
        FLAG_R = "isakmp.flag_r", "Response", Bool, mask 0x20;
        MESSAGE_ID = "isakmp.messageid", "Message ID", Hex;
        LEN = "isakmp.length", "Length", Dec;
        ENCRYPTED = "isakmp.enc.octets", "Encrypted payloads", Bytes;
    }
}
use fields::*;

/// An IKE message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IkeMessage<'a> {
    /// Initiator's SPI (cookie in IKEv1).
    pub initiator_spi: [u8; 8],
    /// Responder's SPI (cookie in IKEv1).
    pub responder_spi: [u8; 8],
    /// Type of the first payload.
    pub next: u8,
    /// Major (4 bits) and minor version.
    pub version: u8,
    /// Exchange type.
    pub exchange: u8,
    /// Flags.
    pub flags: u8,
    /// Message ID.
    pub message_id: u32,
    /// Octets of header and payloads.
    pub len: Auto<u32>,
    /// Payloads as they stand; IKEv1 may have encrypted them.
    pub payloads: Bytes<'a>,
}

impl IkeMessage<'_> {
    /// Major version.
    pub fn major(&self) -> u8 {
        self.version >> 4
    }

    /// Whether the payloads are encrypted as a whole, as in IKEv1.
    pub fn is_encrypted(&self) -> bool {
        self.major() == 1 && self.flags & 1 != 0
    }
}

static V1_FLAGS: &[&Field] = &[&FLAGS, &FLAG_E, &FLAG_C, &FLAG_A];
static V2_FLAGS: &[&Field] = &[&FLAGS, &FLAG_I, &FLAG_V, &FLAG_R];

impl<'a> Layout<'a> for IkeMessage<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.array(&INITIATOR_SPI, &mut self.initiator_spi)?;
        d.array(&RESPONDER_SPI, &mut self.responder_spi)?;
        d.int(&NEXT, &mut self.next)?;
        d.bits(const { &[&VERSION, &MAJOR, &MINOR] }, &mut self.version)?;
        d.int(&EXCHANGE, &mut self.exchange)?;
        d.bits(if self.major() == 1 { V1_FLAGS } else { V2_FLAGS }, &mut self.flags)?;
        d.int(&MESSAGE_ID, &mut self.message_id)?;
        d.auto(&LEN, &mut self.len, Fix::Own { unit: 1, less: 0 })?;
        if D::READING {
            d.limit(self.len.get() as usize)?;
        }
        if self.is_encrypted() {
            d.rest(&ENCRYPTED, &mut self.payloads)
        } else {
            let space = Space::Ike { major: self.major(), first: self.next };
            d.area(space, &mut self.payloads)
        }
    }

    fn title(&self) -> &'static str {
        names_title(self.exchange)
    }
}

fn names_title(exchange: u8) -> &'static str {
    EXCHANGE.name_of(u64::from(exchange)).unwrap_or("Internet Key Exchange")
}
