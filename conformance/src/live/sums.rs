//! Checksums that the kernel has left to hardware. On a veth pair there is none: the
//! frame comes with the sum of the pseudo-header where the checksum is to be, and who
//! takes it for a frame of a real link finds it wrong.

use mip6_wire::ip::proto;

/// Octets of an Ethernet header, and of a VLAN tag in it.
const ETHERNET: usize = 14;
const TAG: usize = 4;
/// Octets of an IPv6 header.
const IPV6: usize = 40;

/// Computes the checksum of the transport header of a frame, which holds the sum of its
/// pseudo-header until then. What is no IPv6 packet with such a header stays as it is.
pub(super) fn finish(frame: &mut [u8]) {
    let Some((from, to, at)) = place(frame) else { return };
    let Some(covered) = frame.get(from..to) else { return };
    let mut sum: u32 = covered
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | pair.get(1).copied().map_or(0, u32::from))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    let sum = match !(sum as u16) {
        // Zero is no checksum (RFC 768).
        0 => 0xffff,
        other => other,
    };
    if let Some(field) = frame.get_mut(from + at..from + at + 2) {
        field.copy_from_slice(&sum.to_be_bytes());
    }
}

/// Where the transport header begins and the packet ends, and where the checksum is
/// behind the former.
fn place(frame: &[u8]) -> Option<(usize, usize, usize)> {
    let word = |at: usize| Some(u16::from_be_bytes([*frame.get(at)?, *frame.get(at + 1)?]));
    let mut ip = ETHERNET;
    while matches!(word(ip - 2)?, 0x8100 | 0x88a8) {
        ip += TAG;
    }
    if word(ip - 2)? != 0x86dd {
        return None;
    }
    let end = ip + IPV6 + usize::from(word(ip + 4)?);
    let (mut next, mut at) = (*frame.get(ip + 6)?, ip + IPV6);
    loop {
        let checksum = match next {
            proto::HOP_BY_HOP | proto::ROUTING | proto::DESTINATION_OPTIONS => {
                next = *frame.get(at)?;
                at += 8 * (usize::from(*frame.get(at + 1)?) + 1);
                continue;
            }
            proto::TCP => 16,
            proto::UDP => 6,
            proto::ICMPV6 => 2,
            _ => return None,
        };
        return Some((at, end, checksum));
    }
}

#[cfg(test)]
mod tests {
    use mip6_wire::codes::RFC6275;
    use mip6_wire::header::{Header, write_packet};
    use mip6_wire::ip::Ipv6;
    use mip6_wire::link::Ethernet;
    use mip6_wire::transport::Udp;

    use super::*;

    /// A datagram with its right checksum.
    fn datagram() -> Vec<u8> {
        let ip = Ipv6::new("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
        let udp = Udp { source: 7, destination: 9, ..Udp::default() };
        let headers = [
            Header::Ethernet(Ethernet::default()),
            Header::Ipv6(ip),
            Header::Udp(udp),
            Header::Raw(b"odd".to_vec().into()),
        ];
        write_packet(&headers, &RFC6275)
    }

    #[test]
    fn a_sum_is_finished() {
        let right = datagram();
        let mut frame = right.clone();
        // The sum of the pseudo-header: addresses, length, protocol.
        let mut sum: u32 =
            (22..54).step_by(2).map(|i| u32::from(frame[i]) << 8 | u32::from(frame[i + 1])).sum();
        sum += 11 + 17;
        sum = (sum & 0xffff) + (sum >> 16);
        frame[60..62].copy_from_slice(&(sum as u16).to_be_bytes());
        assert_ne!(frame, right);
        finish(&mut frame);
        assert_eq!(frame, right);
    }

    #[test]
    fn what_is_cut_or_strange_stays() {
        let whole = datagram();
        for len in 0..whole.len() {
            let mut frame = whole[..len].to_vec();
            finish(&mut frame);
            assert_eq!(frame, whole[..len]);
        }
        let mut other = whole.clone();
        other[20] = 59;
        let before = other.clone();
        finish(&mut other);
        assert_eq!(other, before);
    }
}
