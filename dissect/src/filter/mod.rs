//! Display filters in Wireshark's syntax.
//!
//! `wirefilter-engine` (0.6, the published one) was tried first: it has one
//! value per field and no slices, so that neither `ipv6.src` of a tunnelled
//! packet nor `eth.src[0:3]` can be asked for.

mod error;
mod eval;
mod lexer;
mod parser;
mod value;

pub use error::FilterError;

use smallvec::SmallVec;

use crate::fields::{Found, Wanted};
use crate::packet::Packet;
use parser::Expr;

/// A display filter, ready to be asked.
///
/// ```
/// use mip6_dissect::filter::Filter;
///
/// Filter::parse("mip6.mhtype == 5 && ipv6.src == 2001:db8::/32").unwrap();
/// let e = Filter::parse("mip6.mhtyp == 5").unwrap_err();
/// assert!(e.to_string().contains("mip6.mhtype"));
/// ```
#[derive(Debug)]
pub struct Filter {
    expr: Expr,
    wanted: Wanted,
}

impl Filter {
    /// Understands a filter.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut wanted = Wanted::default();
        let expr = parser::parse(text, &mut wanted)?;
        Ok(Self { expr, wanted })
    }

    /// Whether a packet matches.
    pub fn matches(&self, packet: &Packet<'_>) -> bool {
        let mut found: SmallVec<[Found<'_>; 8]> = SmallVec::new();
        self.wanted.seek(packet, &mut found);
        eval::matches(&self.expr, packet, &found)
    }
}
