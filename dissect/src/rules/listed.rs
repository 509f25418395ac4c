//! A message whose options have been walked once for all rules.

use std::ops::Deref;

use mip6_wire::codes::{Codes, OptionFormat};
use mip6_wire::layout::Stop;
use mip6_wire::mobility::Mobility;
use mip6_wire::mobility::options::{OptionRef, Options};
use smallvec::SmallVec;

/// A bit for each.
const _: () = assert!(OptionFormat::ALL.len() <= 128, "formats of options in 128 bits");

/// Options of a message that need no memory of their own.
const USUAL: usize = 6;

/// A Mobility Header with its options listed.
pub(crate) struct Listed<'m> {
    header: &'m Mobility<'m>,
    options: SmallVec<[OptionRef<'m>; USUAL]>,
    /// Formats that occur, a bit for each.
    formats: u128,
    /// Octets in front of the options.
    pub(crate) fixed: usize,
    /// Why the list does not end where the header does.
    pub(crate) stop: Option<Stop>,
}

impl<'m> Listed<'m> {
    /// Lists the options of a header that occupies `len` octets.
    #[inline]
    pub(super) fn new(header: &'m Mobility<'m>, len: u32, codes: &'m Codes) -> Self {
        let fixed = len as usize - header.options.len();
        let mut listed = Self { header, options: SmallVec::new(), formats: 0, fixed, stop: None };
        for option in Options::new(&header.options, header.format(), codes) {
            match option {
                Ok(o) => {
                    listed.formats |= 1 << (o.format as u8);
                    listed.options.push(o);
                }
                Err(stop) => listed.stop = Some(stop),
            }
        }
        listed
    }

    /// The options, as far as the list can be read.
    #[inline]
    pub(crate) fn list(&self) -> impl Iterator<Item = OptionRef<'m>> + '_ {
        self.options.iter().copied()
    }

    /// The first option of a format.
    pub(crate) fn find(&self, format: OptionFormat) -> Option<OptionRef<'m>> {
        if !self.has_any(&[format]) {
            return None;
        }
        self.list().find(|o| o.format == format)
    }

    /// Whether there is an option of one of these formats.
    #[inline]
    pub(crate) fn has_any(&self, formats: &[OptionFormat]) -> bool {
        formats.iter().any(|f| self.formats >> (*f as u8) & 1 != 0)
    }

    /// Where an option stands in the header.
    #[inline]
    pub(crate) fn at(&self, o: &OptionRef<'_>) -> usize {
        self.fixed + o.offset
    }
}

impl<'m> Deref for Listed<'m> {
    type Target = Mobility<'m>;

    #[inline]
    fn deref(&self) -> &Mobility<'m> {
        self.header
    }
}
