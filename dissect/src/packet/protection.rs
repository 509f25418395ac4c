//! What keys said of ESP and AH headers.

use std::borrow::Cow;

use mip6_security::ah::Unverified;
use mip6_security::esp::{Opened, Unopened};

/// An ESP or AH header, and what the keys at hand made of it.
#[derive(Clone, Debug)]
pub struct Protection {
    /// Its layer.
    pub layer: usize,
    /// The security association: its number among the keys. `None` if no key
    /// is known.
    pub association: Option<usize>,
    /// What came of it.
    pub verdict: Verdict,
    why: Option<Cow<'static, str>>,
}

impl Protection {
    pub(super) fn new(layer: usize, association: Option<usize>, verdict: Verdict) -> Self {
        let why = match &verdict {
            Verdict::NoKey => Some("no key".into()),
            Verdict::Incomplete => Some("not all of the packet is there".into()),
            Verdict::Unopened(why) => Some(why.to_string().into()),
            Verdict::Unverified(why) => Some(why.to_string().into()),
            Verdict::Opened(_) | Verdict::Verified => None,
        };
        Self { layer, association, verdict, why }
    }

    /// Why the packet was not opened or verified.
    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }
}

/// What came of a protected packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No key is known for it.
    NoKey,
    /// Not all of it was captured, or it is a piece of a packet.
    Incomplete,
    /// ESP was opened.
    Opened(Opened),
    /// ESP could not be opened.
    Unopened(Unopened),
    /// The integrity check value of AH is right.
    Verified,
    /// It is not, or cannot be checked.
    Unverified(Unverified),
}

impl Verdict {
    /// Whether the integrity check value is right; `None` if that cannot be
    /// told.
    pub fn integrity(&self) -> Option<bool> {
        match self {
            Self::Opened(o) if o.checked => Some(true),
            // The ICV covers the padding too: it was right.
            Self::Verified | Self::Unopened(Unopened::Padding { .. }) => Some(true),
            Self::Unopened(Unopened::Icv)
            | Self::Unverified(Unverified::Icv | Unverified::WireAddresses) => Some(false),
            _ => None,
        }
    }
}
