//! The Authentication Header: what its integrity check value covers, RFC 4302
//! 3.3.3, with what RFC 6275 11.3.2 and 6.4 say of home addresses.

use thiserror::Error;

use crate::association::Association;

/// Octets of AH in front of the ICV.
const FIXED: usize = 12;
const IPV6: usize = 40;

/// Why AH could not be verified.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unverified {
    /// A header in front of it cannot be followed.
    #[error("the headers in front of the Authentication Header cannot be followed")]
    Headers,
    /// The ICV has another size than the algorithm's.
    #[error("an integrity check value of {have} octets, wanted {need}")]
    Size {
        /// Octets wanted.
        need: usize,
        /// Octets there.
        have: usize,
    },
    /// The integrity check value is wrong.
    #[error("wrong integrity check value")]
    Icv,
    /// It is that of the packet with its addresses as they stand on the wire, the
    /// home address not in its place.
    #[error("wrong integrity check value: computed over the addresses on the wire")]
    WireAddresses,
}

/// Verifies the AH that begins `at` octets into an IP packet. `high` is the high
/// half of an extended sequence number; `form` is room to work in.
pub fn verify(
    a: &Association,
    packet: &[u8],
    at: usize,
    high: u32,
    form: &mut Vec<u8>,
) -> Result<(), Unverified> {
    let icv = icv_range(packet, at).ok_or(Unverified::Headers)?;
    let need = a.integrity().icv_octets();
    // Its end may be padding, to a multiple of 8 octets (RFC 4302 2.6).
    if icv.len() < need {
        return Err(Unverified::Size { need, have: icv.len() });
    }
    let sent = &packet[icv.start..icv.start + need];
    let high = high.to_be_bytes();
    let extra: &[u8] = if a.extended { &high } else { &[] };
    let moved = immutable(packet, at, need, form, true).ok_or(Unverified::Headers)?;
    if a.mac.verify(&[form, extra], sent) {
        return Ok(());
    }
    // What senders get wrong.
    if moved {
        immutable(packet, at, need, form, false).ok_or(Unverified::Headers)?;
        if a.mac.verify(&[form, extra], sent) {
            return Err(Unverified::WireAddresses);
        }
    }
    Err(Unverified::Icv)
}

/// Computes the ICV of the AH that begins `at` octets into a packet, and puts it
/// there.
pub fn seal(a: &Association, packet: &mut [u8], at: usize, high: u32) -> Result<(), Unverified> {
    let icv = icv_range(packet, at).ok_or(Unverified::Headers)?;
    let need = a.integrity().icv_octets();
    if icv.len() < need {
        return Err(Unverified::Size { need, have: icv.len() });
    }
    let mut form = Vec::new();
    immutable(packet, at, need, &mut form, true).ok_or(Unverified::Headers)?;
    let high = high.to_be_bytes();
    let target = &mut packet[icv.start..icv.start + need];
    a.mac.sign(&[&form, if a.extended { &high } else { &[] }], target);
    Ok(())
}

/// Where the ICV stands.
fn icv_range(packet: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let len = (usize::from(*packet.get(at.checked_add(1)?)?) + 2) * 4;
    (len >= FIXED && at + len <= packet.len()).then(|| at + FIXED..at + len)
}

/// The packet as its receiver has it in the end, what changes on the way zeroed,
/// and the `need` octets of the ICV; or, unless `arrived`, with the addresses as
/// they stand. Whether that is another packet.
fn immutable(
    packet: &[u8],
    at: usize,
    need: usize,
    form: &mut Vec<u8>,
    arrived: bool,
) -> Option<bool> {
    form.clear();
    form.extend_from_slice(packet);
    // Padding behind the value is covered (RFC 4302 3.3.3.2.1).
    let icv = icv_range(packet, at)?;
    form[icv.start..icv.start + need].fill(0);
    match packet.first()? >> 4 {
        4 => ipv4(form, at).map(|()| false),
        6 => ipv6(form, at, arrived),
        _ => None,
    }
}

/// RFC 4302 3.3.3.1.1: type of service, flags and fragment offset, time to live
/// and checksum change. Options are taken for mutable, but for those that are
/// known not to be.
fn ipv4(form: &mut [u8], at: usize) -> Option<()> {
    let header = usize::from(form.first()? & 0xf) * 4;
    if header < 20 || header > at {
        return None;
    }
    form[1] = 0;
    form[6..9].fill(0);
    form[10..12].fill(0);
    let mut option = 20;
    while option < header {
        match form[option] {
            0 => break,
            1 => option += 1,
            kind => {
                let len = usize::from(*form.get(option + 1)?);
                let end = option + len;
                if len < 2 || end > header {
                    return None;
                }
                // Security, extended security, commercial security, router
                // alert, sender directed multi-destination delivery.
                if !matches!(kind, 130 | 133 | 134 | 148 | 149) {
                    form[option..end].fill(0);
                }
                option = end;
            }
        }
    }
    Some(())
}

/// RFC 4302 3.3.3.1.2: traffic class, flow label and hop limit change, options
/// say themselves whether they do, routing headers are taken as the last node
/// on their way has them.
fn ipv6(form: &mut [u8], at: usize, arrived: bool) -> Option<bool> {
    if at < IPV6 {
        return None;
    }
    form[0] = 0x60;
    form[1..4].fill(0);
    form[7] = 0;
    let (mut next, mut here) = (form[6], IPV6);
    let mut moved = false;
    while here < at {
        let len = match next {
            0 | 43 | 60 => (usize::from(*form.get(here + 1)?) + 1) * 8,
            // What AH covers is not fragmented; other headers hide it.
            _ => return None,
        };
        if here + len > at {
            return None;
        }
        moved |= if next == 43 {
            routing(form, here, len, arrived)?
        } else {
            options(form, here, len, next == 60, arrived)?
        };
        next = form[here];
        here += len;
    }
    (here == at && next == 51).then_some(moved)
}

fn options(
    form: &mut [u8],
    here: usize,
    len: usize,
    destination: bool,
    arrived: bool,
) -> Option<bool> {
    const CHANGES: u8 = 0x20;
    const HOME_ADDRESS: u8 = 0xc9;
    let end = here + len;
    let mut option = here + 2;
    let mut moved = false;
    while option < end {
        if form[option] == 0 {
            option += 1;
            continue;
        }
        let data = option + 2..option + 2 + usize::from(*form.get(option + 1)?);
        if data.end > end {
            return None;
        }
        if form[option] & CHANGES != 0 {
            form[data.clone()].fill(0);
        }
        // The sender signs before it moves the home address into the option
        // (RFC 6275 11.3.2): the IPv6 header has it.
        if destination && form[option] == HOME_ADDRESS && data.len() == 16 {
            moved = true;
            if arrived {
                swap(form, 8, data.start);
            }
        }
        option = data.end;
    }
    Some(moved)
}

fn routing(form: &mut [u8], here: usize, len: usize, arrived: bool) -> Option<bool> {
    let (kind, left) = (form[here + 2], usize::from(form[here + 3]));
    let addresses = here + 8;
    let count = (len - 8) / 16;
    match kind {
        // Both are walked to their end: addresses move up by one at each stop.
        0 | 2 if left <= count => {
            if arrived {
                for i in count - left..count {
                    swap(form, 24, addresses + i * 16);
                }
                form[here + 3] = 0;
            }
            Some(left > 0)
        }
        _ => None,
    }
}

/// Exchanges the address at `a` with the one at `b`.
fn swap(form: &mut [u8], a: usize, b: usize) {
    for i in 0..16 {
        form.swap(a + i, b + i);
    }
}
