//! What addresses are.

use std::net::Ipv6Addr;

/// A unicast address that routers route: not multicast, unspecified, loopback
/// or link-local (RFC 6275 3.1, RFC 4291 2.4).
#[inline]
pub(crate) fn is_unicast_routable(a: Ipv6Addr) -> bool {
    !(a.is_multicast() || a.is_unspecified() || a.is_loopback() || a.is_unicast_link_local())
}

/// The solicited-node multicast address of a target, RFC 4291 2.7.1.
pub(super) fn solicited_node(target: Ipv6Addr) -> Ipv6Addr {
    let t = target.octets();
    Ipv6Addr::new(
        0xff02,
        0,
        0,
        0,
        0,
        1,
        0xff00 | u16::from(t[13]),
        u16::from_be_bytes([t[14], t[15]]),
    )
}

/// Whether the interface identifier is that of the home-agents anycast address
/// (RFC 2526 2): anycast identifier 126 with the universal/local bit of EUI-64
/// identifiers zero, or all ones around it for prefixes of other lengths.
pub(crate) fn is_home_agents_anycast(a: Ipv6Addr) -> bool {
    const ANYCAST_ID: u8 = 0x7e;
    let o = a.octets();
    let eui64 = o[8..15] == [0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    // Other identifiers are all ones but for the anycast identifier; at least
    // the last 32 bits tell that whatever the prefix length.
    let other = o[12..15] == [0xff, 0xff, 0xff];
    (eui64 || other) && o[15] == 0x80 | ANYCAST_ID
}

/// Whether two addresses share their first 64 bits.
pub(super) fn same_64(a: Ipv6Addr, b: Ipv6Addr) -> bool {
    a.octets()[..8] == b.octets()[..8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_agents_anycast_by_rfc_2526() {
        assert!(is_home_agents_anycast("2001:db8:a:0:fdff:ffff:ffff:fffe".parse().unwrap()));
        assert!(is_home_agents_anycast("2001:db8:a:ffff:ffff:ffff:ffff:fffe".parse().unwrap()));
        assert!(!is_home_agents_anycast("2001:db8:a:0:fdff:ffff:ffff:ffff".parse().unwrap()));
        assert!(!is_home_agents_anycast("2001:db8:a::1".parse().unwrap()));
    }

    #[test]
    fn solicited_node_takes_the_last_24_bits() {
        let a = solicited_node("2001:db8::1:2345:6789".parse().unwrap());
        assert_eq!(a, "ff02::1:ff45:6789".parse::<Ipv6Addr>().unwrap());
    }
}
