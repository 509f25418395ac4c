//! Mobility options (RFC 6275 6.2), every registered one.

mod body;
pub mod fields;
mod list;
mod sub;

pub use body::{AnyAddr, OptionBody};
pub use list::{OptionRef, Options, OptionsBuilder, alignment};
pub(crate) use sub::ContextRequestItem;
pub use sub::{AccessNetworkOption, FlowOption, fields as sub_fields};

use crate::codes::{MhFormat, OptionFormat};
use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Step};
use fields::*;

/// One mobility option: type, length, body. Pad1 is the type alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MobilityOption<'a> {
    /// The message around the option, on which its meaning may depend.
    pub within: Option<MhFormat>,
    /// Option Type.
    pub kind: u8,
    /// Option Length: octets after the length octet, as a rule.
    pub len: Auto<u8>,
    /// What the option says.
    pub body: OptionBody<'a>,
    /// Octets of the option behind its format.
    pub extra: Bytes<'a>,
}

impl<'a> MobilityOption<'a> {
    /// An option with the registered number of its format.
    pub fn new(kind: u8, body: OptionBody<'a>) -> Self {
        Self { kind, body, ..Self::default() }
    }

    /// Which option it is.
    pub fn format(&self) -> OptionFormat {
        self.body.format()
    }
}

impl<'a> Layout<'a> for MobilityOption<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&OPTION_TYPE, &mut self.kind)?;
        let within = self.within.unwrap_or(MhFormat::Unknown);
        if d.codes().option(within, self.kind, 0) == OptionFormat::Pad1 {
            self.body = OptionBody::Pad1;
            return Ok(());
        }
        let fix = match self.body {
            OptionBody::FastBindingAuthorization { .. } => Fix::Own { unit: 1, less: 6 },
            OptionBody::Multicast { .. } => Fix::Own { unit: 4, less: 1 },
            _ => Fix::Own { unit: 1, less: 2 },
        };
        d.auto(&OPTION_LEN, &mut self.len, fix)?;
        if D::READING {
            let format = d.codes().option(within, self.kind, usize::from(self.len.get()));
            d.limit(list::own_octets(format, self.len.get(), d.left() + 2))?;
            self.body = OptionBody::blank(format);
        }
        if !d.attempt(&mut self.body) {
            self.body = OptionBody::Unknown(Bytes::Borrowed(&[]));
            self.body.layout(d)?;
        }
        d.rest(&OPTION_EXTRA, &mut self.extra)
    }

    fn title(&self) -> &'static str {
        self.body.format().title()
    }
}
