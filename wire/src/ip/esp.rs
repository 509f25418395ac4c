//! The outside of Encapsulating Security Payload, RFC 4303 2.

use crate::layout::{Bytes, Driver, Layout, Step};

/// Fields of ESP that stand in the clear.
pub mod fields {
    use crate::layout::fields;

    fields! {
        SPI = "esp.spi", "SPI", Hex;
        SEQUENCE = "esp.sequence", "Sequence number", Dec;
        DATA = "esp.data", "Protected data", Bytes;
    }
}
use fields::*;

/// ESP from the outside: what follows the sequence number is opaque.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Esp<'a> {
    /// Security Parameters Index.
    pub spi: u32,
    /// Sequence number, its low 32 bits.
    pub sequence: u32,
    /// Initialization vector, ciphertext, trailer and ICV.
    pub data: Bytes<'a>,
}

impl<'a> Layout<'a> for Esp<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&SPI, &mut self.spi)?;
        d.int(&SEQUENCE, &mut self.sequence)?;
        d.rest(&DATA, &mut self.data)
    }

    fn title(&self) -> &'static str {
        "Encapsulating Security Payload"
    }
}
