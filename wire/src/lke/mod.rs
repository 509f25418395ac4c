//! What Local Key Exchange (draft-liu-mobileip-lke-01) leaves to its reader.

use crate::codes::{Codes, LkeCodes};

/// The Key Exchange Data of a request. The draft gives them no length: they
/// are as long as the modulus of the key the access router advertised. From
/// the message alone, they end where the Requested Lifetime option begins,
/// sought backwards over padding. `body` is what follows the checksum: the
/// sequence number, the data, the options.
pub fn key_exchange_data<'a>(body: &'a [u8], codes: &Codes) -> &'a [u8] {
    let Some(rest) = body.get(2..) else { return &[] };
    let kind = codes.lke().unwrap_or(&LkeCodes::DRAFT_01).requested_lifetime;
    match lifetime_offset(rest, kind) {
        Some(at) if at + 4 == rest.len() => without_padding(&rest[..at]),
        Some(at) => &rest[..at],
        None => rest,
    }
}

/// Key Exchange Data as the message alone gives them, by the octets of the modulus:
/// without padding between them and the option.
pub fn data_of_key(data: &[u8], octets: usize) -> &[u8] {
    match data.split_at_checked(octets) {
        Some((exact, padding)) if padding.len() < 8 && is_padding(padding) => exact,
        _ => data,
    }
}

/// Data in front of an option that comes last, without the padding between them that
/// makes the message a multiple of 8 octets: where the data, as those of most keys,
/// are one themselves, it is four octets.
fn without_padding(data: &[u8]) -> &[u8] {
    match data.split_at_checked(data.len().saturating_sub(4)) {
        Some((front, padding)) if data.len() % 8 == 4 && is_padding(padding) => front,
        _ => data,
    }
}

/// The authenticator of a Finished message that has no option for it, but 12 bare
/// octets, as in the draft's figure; empty if there is an option. `body` is what
/// follows the checksum.
pub fn bare_authenticator(body: &[u8]) -> &[u8] {
    const FIXED: usize = 10;
    const OCTETS: usize = 12;
    let Some(rest) = body.get(FIXED..) else { return &[] };
    let option = |at: usize| rest.get(at..at + 2) == Some(&[5, OCTETS as u8]);
    match rest.split_at_checked(OCTETS) {
        Some((bare, behind))
            if behind.len() == 4
                && is_padding(behind)
                && !option(0)
                && !option(2)
                // One that nobody has computed yet is zero; PadN is none.
                && !(bare[0] == 1 && is_padding(rest)) =>
        {
            bare
        }
        _ => &[],
    }
}

/// Octets of padding between the fixed part of an authentication option and its
/// HMAC: none, as in the draft's figure, or four. `rest` is what follows the fixed
/// part.
pub fn padding_before_hmac(rest: &[u8]) -> usize {
    const PADDING: usize = 4;
    let zero = |octets: &[u8]| octets.iter().all(|b| *b == 0);
    // An HMAC that nobody has computed yet is zero, whatever the padding.
    let before = rest.len() == 24
        && zero(&rest[..PADDING])
        && !zero(&rest[PADDING..20])
        && !zero(&rest[20..]);
    if before { PADDING } else { 0 }
}

/// The MH Type of a header with an MH Type of 16 bits, as drafts of Mobile IPv6 before
/// -19 had it: it stands where the reserved octet is now, behind an octet of zero. `None`
/// if it is the type of no message of Local Key Exchange, which `codes` may not know.
pub fn long_type(kind: u8, reserved: u8, codes: &Codes) -> Option<u8> {
    (kind == 0 && codes.mh(reserved).is_lke()).then_some(reserved)
}

/// Where the Requested Lifetime option (of this type, 3 in the draft; length 2) stands:
/// right in front of the padding that ends the message.
fn lifetime_offset(rest: &[u8], kind: u8) -> Option<usize> {
    // A Mobility Header ends on a multiple of 8 octets: at most 7 of padding,
    // as Pad1, PadN or both, or none where the option comes last.
    (0..=7).find_map(|pad| {
        let at = rest.len().checked_sub(4 + pad)?;
        let is_option = rest[at] == kind && rest[at + 1] == 2;
        (is_option && is_padding(&rest[at + 4..])).then_some(at)
    })
}

/// Nothing but Pad1 and PadN.
fn is_padding(mut octets: &[u8]) -> bool {
    while let Some((kind, rest)) = octets.split_first() {
        octets = match (kind, rest.first()) {
            (0, _) => rest,
            (1, Some(len)) => match rest.get(1 + usize::from(*len)..) {
                Some(after) => after,
                None => return false,
            },
            _ => return false,
        };
    }
    true
}
