//! IP protocol numbers.

use crate::layout::Names;

/// Hop-by-Hop Options, RFC 8200 4.3.
pub const HOP_BY_HOP: u8 = 0;
/// IPv4 in IP, RFC 2473.
pub const IPV4: u8 = 4;
/// TCP.
pub const TCP: u8 = 6;
/// UDP.
pub const UDP: u8 = 17;
/// IPv6 in IP, RFC 2473.
pub const IPV6: u8 = 41;
/// Routing header, RFC 8200 4.4.
pub const ROUTING: u8 = 43;
/// Fragment header, RFC 8200 4.5.
pub const FRAGMENT: u8 = 44;
/// Encapsulating Security Payload, RFC 4303.
pub const ESP: u8 = 50;
/// Authentication Header, RFC 4302.
pub const AH: u8 = 51;
/// ICMPv6, RFC 4443.
pub const ICMPV6: u8 = 58;
/// No next header, RFC 8200 4.7.
pub const NONE: u8 = 59;
/// Destination Options, RFC 8200 4.6.
pub const DESTINATION_OPTIONS: u8 = 60;
/// Mobility Header, RFC 6275 6.1.
pub const MOBILITY: u8 = 135;

/// Names of protocol numbers.
pub static NAMES: Names = &[
    (0, "IPv6 Hop-by-Hop Options"),
    (1, "ICMP"),
    (2, "IGMP"),
    (4, "IPv4"),
    (6, "TCP"),
    (17, "UDP"),
    (41, "IPv6"),
    (43, "Routing Header for IPv6"),
    (44, "Fragment Header for IPv6"),
    (47, "GRE"),
    (50, "Encapsulating Security Payload"),
    (51, "Authentication Header"),
    (58, "ICMPv6"),
    (59, "No Next Header for IPv6"),
    (60, "Destination Options for IPv6"),
    (89, "OSPF"),
    (103, "PIM"),
    (108, "IPComp"),
    (132, "SCTP"),
    (135, "Mobility Header"),
    (136, "UDP-Lite"),
    (139, "Host Identity Protocol"),
    (140, "Shim6"),
];
