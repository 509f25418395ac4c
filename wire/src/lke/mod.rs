//! What Local Key Exchange (draft-liu-mobileip-lke-01) leaves to its reader.

use crate::codes::{Codes, LkeCodes, MhFormat};
use crate::header::{Header, write_packet};
use crate::layout::{Auto, to_bytes};
use crate::mobility::options::Options;
use crate::mobility::{Mobility, OptionBody};

/// Octets of a request in front of its Key Exchange Data.
const REQUEST_FIXED: usize = 8;
/// Offset of the checksum in a Mobility Header.
const CHECKSUM: usize = 4;

/// The Key Exchange Data of a request. The draft gives them no length: they
/// are as long as the modulus of the key the access router advertised. From
/// the message alone, they end where the Requested Lifetime option begins,
/// sought backwards over padding; where that could be in several places, data of whole
/// 8 octets are likeliest, as those of most keys are. `body` is what follows the
/// checksum: the sequence number, the data, the options.
pub fn key_exchange_data<'a>(body: &'a [u8], codes: &Codes) -> &'a [u8] {
    let Some(rest) = body.get(2..) else { return &[] };
    let all = || ends(rest, codes).map(|at| in_front(rest, at));
    let whole = all().find(|data| data.len().is_multiple_of(8));
    whole.or_else(|| all().next()).unwrap_or(rest)
}

/// Whether the message alone does not tell where the Key Exchange Data of a request end:
/// it could be in several places, or in none. `message` is the Mobility Header.
pub fn is_vague(message: &[u8], codes: &Codes) -> bool {
    message.get(REQUEST_FIXED..).is_none_or(|rest| ends(rest, codes).count() != 1)
}

/// A request as the octets of a modulus divide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Divided<'a> {
    /// Key Exchange Data.
    pub data: &'a [u8],
    /// The first requested lifetime behind them, and its offset in the message.
    pub lifetime: Option<(u16, usize)>,
    /// How many there are.
    pub lifetimes: usize,
    /// What is behind the data is a list of options.
    pub is_list: bool,
}

/// A request by the octets of the modulus that its data are encrypted with; `None` if it
/// has fewer. `message` is the Mobility Header.
pub fn divide<'a>(message: &'a [u8], modulus: usize, codes: &Codes) -> Option<Divided<'a>> {
    let (data, list) = message.get(REQUEST_FIXED..)?.split_at_checked(modulus)?;
    let options = || Options::new(list, MhFormat::KeyExchangeRequest, codes);
    let lifetimes = || {
        options().flatten().filter_map(|o| match o.body() {
            OptionBody::RequestedLifetime { lifetime } => {
                Some((lifetime, REQUEST_FIXED + modulus + o.offset + 2))
            }
            _ => None,
        })
    };
    Some(Divided {
        data,
        lifetime: lifetimes().next(),
        lifetimes: lifetimes().count(),
        is_list: options().all(|o| o.is_ok()),
    })
}

/// The checksum of the Mobility Header that ends a packet, as it is written; `None` if it
/// ends in another header.
pub fn checksum(headers: &[Header<'_>], codes: &Codes) -> Option<u16> {
    let Some(Header::Mobility(m)) = headers.last() else { return None };
    let octets = write_packet(headers, codes);
    let at = octets.len() - to_bytes::<Mobility<'_>>(m, codes).len() + CHECKSUM;
    Some(u16::from_be_bytes(octets.get(at..at + 2)?.try_into().ok()?))
}

/// The same over the source in the IPv6 header, not that in the Home Address option
/// (reading C5); `None` if there is no such option.
pub fn wire_checksum(headers: &[Header<'_>], codes: &Codes) -> Option<u16> {
    let is_home = |h: &&Header<'_>| match h {
        Header::DestinationOptions(d) => d.list().flatten().any(|o| o.home_address().is_some()),
        _ => false,
    };
    // Without the option, the source is what it covers.
    let mut bare: Vec<Header<'_>> = headers.iter().filter(|h| !is_home(h)).cloned().collect();
    if let Some(Header::Mobility(m)) = bare.last_mut() {
        m.checksum = Auto::Computed;
    }
    if bare.len() < headers.len() { checksum(&bare, codes) } else { None }
}

/// Data in front of an option at `at`.
fn in_front(rest: &[u8], at: usize) -> &[u8] {
    if at + 4 == rest.len() { without_padding(&rest[..at]) } else { &rest[..at] }
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

/// Where the Requested Lifetime option (3 in the draft; length 2) may stand: right in
/// front of the padding that ends the message.
fn ends<'a>(rest: &'a [u8], codes: &Codes) -> impl Iterator<Item = usize> + 'a {
    let kind = codes.lke().unwrap_or(&LkeCodes::DRAFT_01).requested_lifetime;
    // A Mobility Header ends on a multiple of 8 octets: at most 7 of padding,
    // as Pad1, PadN or both, or none where the option comes last.
    (0..=7).filter_map(move |pad| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::LKE01;

    /// A request with data of 7s, and what is behind them.
    fn request(octets: usize, behind: &[u8]) -> Vec<u8> {
        [&[59, 0, 8, 0, 0, 0, 0, 1][..], &vec![7; octets], behind].concat()
    }

    #[test]
    fn data_end_where_the_lifetime_begins() {
        let padded: [&[u8]; 5] = [
            &[3, 2, 0, 9, 1, 2, 0, 0],
            &[3, 2, 0, 9, 0, 0, 0, 0],
            &[1, 2, 0, 0, 3, 2, 0, 9],
            // A lifetime that looks like an option itself.
            &[3, 2, 3, 2, 1, 2, 0, 0],
            &[3, 2, 3, 2, 0, 0, 0, 0],
        ];
        for (i, behind) in padded.into_iter().enumerate() {
            let message = request(128, behind);
            assert_eq!(key_exchange_data(&message[6..], &LKE01).len(), 128, "{behind:?}");
            assert_eq!(is_vague(&message, &LKE01), i > 2, "{behind:?}");
            let divided = divide(&message, 128, &LKE01).unwrap();
            let (asked, at) = if i == 2 { (9, 142) } else { (if i > 2 { 770 } else { 9 }, 138) };
            assert_eq!((divided.data.len(), divided.lifetime), (128, Some((asked, at))));
        }
    }

    #[test]
    fn a_modulus_divides_what_the_message_alone_does_not() {
        // A modulus of 1,032 bits.
        let message = request(129, &[3, 2, 3, 2, 1, 1, 0]);
        assert!(is_vague(&message, &LKE01));
        let divided = divide(&message, 129, &LKE01).unwrap();
        assert_eq!((divided.data.len(), divided.lifetime), (129, Some((770, 139))));
        // What is longer than the message is no option.
        let broken = request(128, &[1, 9, 0, 0, 0, 0, 0, 0]);
        assert!(!divide(&broken, 128, &LKE01).unwrap().is_list);
        let bare = request(128, &[1, 6, 0, 0, 0, 0, 0, 0]);
        let divided = divide(&bare, 128, &LKE01).unwrap();
        assert!(divided.is_list && divided.lifetimes == 0 && is_vague(&bare, &LKE01));
        let twice = request(128, &[3, 2, 0, 9, 3, 2, 0, 10]);
        let divided = divide(&twice, 128, &LKE01).unwrap();
        assert_eq!((divided.lifetimes, divided.lifetime), (2, Some((9, 138))));
        assert!(divide(&bare, 512, &LKE01).is_none() && divide(&[], 0, &LKE01).is_none());
    }
}
