//! What Local Key Exchange (draft-liu-mobileip-lke-01) leaves to its reader.

/// The Key Exchange Data of a request. The draft gives them no length: they
/// are as long as the modulus of the key the access router advertised. From
/// the message alone, they end where the Requested Lifetime option begins,
/// sought backwards over padding. `body` is what follows the checksum: the
/// sequence number, the data, the options.
pub fn key_exchange_data(body: &[u8]) -> &[u8] {
    let Some(rest) = body.get(2..) else { return &[] };
    match lifetime_offset(rest) {
        Some(at) => &rest[..at],
        None => rest,
    }
}

/// Where the Requested Lifetime option (type 3, length 2 by the draft) stands:
/// right in front of the padding that ends the message.
fn lifetime_offset(rest: &[u8]) -> Option<usize> {
    // A Mobility Header ends on a multiple of 8 octets: at most 7 of padding,
    // as Pad1, PadN or both, or none where the option comes last.
    (0..=7).find_map(|pad| {
        let at = rest.len().checked_sub(4 + pad)?;
        let is_option = rest[at] == 3 && rest[at + 1] == 2;
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
