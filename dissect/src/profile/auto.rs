//! Profile `auto`: FMIPv6 (RFC 5568, RFC 4068) and Local Key Exchange use the
//! same Mobility Header types. What surrounds the message tells them apart.

use mip6_wire::codes::MhFormat;
use mip6_wire::lke::bare_authenticator;

use super::Dialect;
use crate::packet::Chain;

/// Why profile `auto` took a Mobility Header for one thing or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A Key Exchange Request.
    Request,
    /// A Key Exchange Acknowledgement.
    Acknowledgement,
    /// Not sent as a Key Exchange message is.
    OffLink,
    /// A Finished message.
    Finished,
    /// Not made as a Finished message is.
    NotFinished,
}

impl Reason {
    /// In words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Request => "link-local addresses, hop limit 255, Home Address option",
            Self::Acknowledgement => {
                "link-local addresses, hop limit 255, access router address option"
            }
            Self::OffLink => "not link-local with hop limit 255 as Local Key Exchange demands",
            Self::Finished => "Home Address option and authenticator after 16 octets",
            Self::NotFinished => {
                "no Home Address option and authenticator as in a Finished message"
            }
        }
    }
}

/// Decides over a Mobility Header of a type that could be either. Options of others look
/// like a bare authenticator: `bare` says whether one is expected.
pub(super) fn decide(lke: MhFormat, octets: &[u8], chain: &Chain, bare: bool) -> Dialect {
    let on_link = chain.wire_source.is_unicast_link_local()
        && chain.wire_destination.is_unicast_link_local()
        && chain.hop_limit == 255;
    let (lke, reason) = match lke {
        // Local Key Exchange runs between link-local addresses with hop limit
        // 255 (draft 3.2.1, 3.2.2); FMIPv6 between global ones.
        MhFormat::KeyExchangeRequest if on_link && chain.home.is_some() => (true, Reason::Request),
        MhFormat::KeyExchangeAcknowledgement if on_link && starts_with_ar_address(octets) => {
            (true, Reason::Acknowledgement)
        }
        MhFormat::KeyExchangeRequest | MhFormat::KeyExchangeAcknowledgement => {
            (false, Reason::OffLink)
        }
        // A Finished message is 16 octets and an authenticator, with a Home
        // Address option; a Fast Neighbor Advertisement has 2 reserved octets
        // and then options (RFC 4068 6.3.3).
        _ if chain.home.is_some()
            && octets.len() >= 28
            && ends_with_authenticator(octets, bare) =>
        {
            (true, Reason::Finished)
        }
        _ => (false, Reason::NotFinished),
    };
    Dialect { lke, reason: Some(reason) }
}

/// The first option of a Key Exchange Acknowledgement: type 4, length 16.
fn starts_with_ar_address(octets: &[u8]) -> bool {
    octets.get(12..14).is_some_and(|o| o[1] == 16)
}

/// Binding Authorization Data of 12 octets at the end: as an option, or bare
/// as the draft's figure has it.
fn ends_with_authenticator(octets: &[u8], bare: bool) -> bool {
    let option = |at: usize| octets.get(at..at + 2) == Some(&[5, 12]);
    octets.len() == 32 && option(18)
        || octets.len() == 30 && option(16)
        || octets.len() == 32 && option(16)
        || bare && octets.len() == 32 && !bare_authenticator(&octets[6..]).is_empty()
}
