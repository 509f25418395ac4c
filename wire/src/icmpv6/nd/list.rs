//! Options as they stand in a message.

use super::fields::LEN;
use super::{NdBody, NdOption};
use crate::codes::{Codes, NdFormat};
use crate::layout::{Reader, Stop, Why};

/// One option in a list, not yet understood.
#[derive(Clone, Copy, Debug)]
pub struct NdOptionRef<'a> {
    /// Offset of the type octet in the list.
    pub offset: usize,
    /// Type.
    pub kind: u8,
    /// Length in units of 8 octets.
    pub units: u8,
    /// What the type means here.
    pub format: NdFormat,
    raw: &'a [u8],
    within: u8,
    codes: &'a Codes,
}

impl<'a> NdOptionRef<'a> {
    /// Octets of the option, type and length included.
    pub fn octets(&self) -> &'a [u8] {
        self.raw
    }

    /// The body, understood.
    pub fn body(&self) -> NdBody<'a> {
        let mut option = NdOption { within: self.within, ..NdOption::default() };
        let mut reader = Reader::new(self.raw, self.raw.len(), self.codes);
        // The walk has checked type and length; nothing is left to fail.
        let _ = reader.read_into(&mut option);
        option.body
    }
}

/// Walks a list of Neighbor Discovery options.
#[derive(Clone)]
pub struct NdOptions<'a> {
    list: &'a [u8],
    pos: usize,
    within: u8,
    codes: &'a Codes,
}

impl<'a> NdOptions<'a> {
    /// The options in `list`, in an ICMPv6 message of type `within`.
    pub fn new(list: &'a [u8], within: u8, codes: &'a Codes) -> Self {
        Self { list, pos: 0, within, codes }
    }
}

impl<'a> Iterator for NdOptions<'a> {
    type Item = Result<NdOptionRef<'a>, Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.list[self.pos..];
        let &kind = rest.first()?;
        let offset = self.pos;
        let units = rest.get(1).copied().unwrap_or(1);
        let own = usize::from(units) * 8;
        let stop = |why| Some(Err(Stop { at: offset, field: Some(&LEN), why }));
        if own == 0 {
            self.pos = self.list.len();
            return stop(Why::Invalid("option of length 0"));
        }
        let Some(raw) = rest.get(..own) else {
            self.pos = self.list.len();
            return stop(Why::Overrun { need: own, have: rest.len() });
        };
        self.pos += own;
        let format = self.codes.nd(self.within, kind, units);
        let (within, codes) = (self.within, self.codes);
        Some(Ok(NdOptionRef { offset, kind, units, format, raw, within, codes }))
    }
}
