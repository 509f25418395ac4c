//! The messages that a mobile node sends.

use mip6_wire::codes::{Codes, MhFormat, OptionFormat};
use mip6_wire::header::Header;
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{Message, Mobility, OptionBody, UpdateFlags};
use std::net::Ipv6Addr;

/// A Binding Update as it is to be, RFC 6275 6.1.7.
#[derive(Clone, Debug)]
pub(super) struct UpdateMessage {
    pub(super) sequence: u16,
    pub(super) flags: UpdateFlags,
    /// In units of 4 seconds.
    pub(super) lifetime: u16,
    pub(super) alternate: Option<Ipv6Addr>,
    /// Nonce indices, home and care-of.
    pub(super) indices: Option<(u16, u16)>,
    /// With room for an authenticator.
    pub(super) authorized: bool,
}

impl UpdateMessage {
    pub(super) fn header(&self, codes: &Codes) -> Header<'static> {
        let within = MhFormat::BindingUpdate;
        let number = |f| codes.option_number(within, f).unwrap_or_default();
        // Payload Proto to checksum, then sequence number, flags and lifetime.
        let mut options = OptionsBuilder::new(12);
        if let Some(address) = self.alternate {
            let body = OptionBody::AlternateCareof { address };
            options = options.option(number(OptionFormat::AlternateCareof), body, codes);
        }
        if let Some((home, careof)) = self.indices {
            let body = OptionBody::NonceIndices { home, careof };
            options = options.option(number(OptionFormat::NonceIndices), body, codes);
        }
        if self.authorized {
            let body = OptionBody::BindingAuthorization { authenticator: vec![0; 12].into() };
            options = options.option(number(OptionFormat::BindingAuthorization), body, codes);
        }
        let (sequence, flags, lifetime) = (self.sequence, self.flags, self.lifetime);
        let message = Message::BindingUpdate { sequence, flags, lifetime };
        let kind = codes.mh_number(within).unwrap_or_default();
        Header::Mobility(Mobility::new(kind, message, options.build()))
    }
}

/// A Home Test Init or Care-of Test Init, RFC 6275 6.1.3 and 6.1.4, and its MH
/// Type.
pub(super) fn test_init(home: bool, cookie: u64, codes: &Codes) -> (u8, Header<'static>) {
    let (format, message) = if home {
        (MhFormat::HomeTestInit, Message::HomeTestInit { reserved: 0, cookie })
    } else {
        (MhFormat::CareofTestInit, Message::CareofTestInit { reserved: 0, cookie })
    };
    let kind = codes.mh_number(format).unwrap_or_default();
    (kind, Header::Mobility(Mobility::new(kind, message, Vec::new())))
}
