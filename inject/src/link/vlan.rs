//! VLAN tags (IEEE 802.1Q) in frames.

use super::ETHERNET;

/// Octets of a VLAN tag.
pub(super) const TAG: usize = 4;
/// Octets in front of the tag: both addresses.
pub(super) const ADDRESSES: usize = ETHERNET - 2;
/// What a tag begins with.
pub(super) const KIND: [u8; 2] = [0x81, 0x00];
/// Bits of the tag that are the VLAN's number.
const NUMBER: u16 = 0x0fff;

/// Octets that a frame carries behind its Ethernet header and VLAN tags, which do
/// not count for the MTU.
pub(crate) fn carried(frame: &[u8]) -> usize {
    let tagged = frame.get(ADDRESSES..ETHERNET) == Some(&KIND[..]);
    frame.len().saturating_sub(ETHERNET + if tagged { TAG } else { 0 })
}

/// A frame with a VLAN tag of this number behind its addresses.
pub(crate) fn tagged(frame: &[u8], vlan: u16) -> Vec<u8> {
    let at = frame.len().min(ADDRESSES);
    let mut octets = Vec::with_capacity(frame.len() + TAG);
    octets.extend_from_slice(&frame[..at]);
    octets.extend_from_slice(&KIND);
    octets.extend_from_slice(&vlan.to_be_bytes());
    octets.extend_from_slice(&frame[at..]);
    octets
}

/// The VLAN that a frame is in, by its first tag.
pub(super) fn vlan_of(frame: &[u8]) -> Option<u16> {
    match frame.get(ADDRESSES..ADDRESSES + TAG)? {
        [a, b, tci @ ..] if [*a, *b] == KIND => {
            Some(u16::from_be_bytes(tci.try_into().ok()?) & NUMBER)
        }
        _ => None,
    }
}

/// Takes the first tag out: the addresses move over it. Where the frame begins now.
pub(super) fn untag(frame: &mut [u8]) -> usize {
    if frame.len() < ADDRESSES + TAG {
        return 0;
    }
    frame.copy_within(..ADDRESSES, TAG);
    TAG
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_stands_behind_the_addresses_and_does_not_count() {
        let frame: Vec<u8> = (0..60).collect();
        let mut with = tagged(&frame, 42);
        assert_eq!(with[..12], frame[..12]);
        assert_eq!(with[12..16], [0x81, 0, 0, 42]);
        assert_eq!(with[16..], frame[12..]);
        assert_eq!((carried(&frame), carried(&with)), (46, 46));
        assert_eq!(carried(&[0; 3]), 0);
        with[14] |= 0xe0;
        assert_eq!((vlan_of(&with), vlan_of(&frame)), (Some(42), None));
        let at = untag(&mut with);
        assert_eq!(with[at..], frame);
        assert_eq!(untag(&mut [0; 15]), 0);
    }
}
