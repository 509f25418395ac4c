//! Flags of messages.

use bitflags::bitflags;

use crate::layout::flag_word;

bitflags! {
    /// Flags of a Binding Update: RFC 6275 6.1.7 and the registry.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct UpdateFlags: u16 {
        /// Acknowledge.
        const A = 0x8000;
        /// Home Registration.
        const H = 0x4000;
        /// Link-Local Address Compatibility.
        const L = 0x2000;
        /// Key Management Mobility Capability.
        const K = 0x1000;
        /// MAP Registration, RFC 5380.
        const M = 0x0800;
        /// Mobile Router, RFC 3963.
        const R = 0x0400;
        /// Proxy Registration, RFC 5213.
        const P = 0x0200;
        /// Forcing UDP encapsulation, RFC 5555.
        const F = 0x0100;
        /// TLV-header format, RFC 5845.
        const T = 0x0080;
        /// Bulk Binding Update, RFC 6602.
        const B = 0x0040;
        /// Multicast Signaling, RFC 7161.
        const S = 0x0020;
        /// Distributed mobility, RFC 8885.
        const D = 0x0010;
    }
}
flag_word!(UpdateFlags, u16);

bitflags! {
    /// Flags of a Binding Acknowledgement: RFC 6275 6.1.8 and the registry.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct AckFlags: u8 {
        /// Key Management Mobility Capability.
        const K = 0x80;
        /// Mobile Router, RFC 3963.
        const R = 0x40;
        /// Proxy Registration, RFC 5213.
        const P = 0x20;
        /// TLV-header format, RFC 5845.
        const T = 0x10;
        /// Bulk Binding Update, RFC 6602.
        const B = 0x08;
        /// Multicast Signaling, RFC 7161.
        const S = 0x04;
        /// Distributed mobility, RFC 8885.
        const D = 0x02;
    }
}
flag_word!(AckFlags, u8);

bitflags! {
    /// Flags of a Handover Initiate, RFC 5568 6.2.1.1 and RFC 5949 6.1.1. A
    /// Handover Acknowledge has U, P and F one place further left.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct HandoverFlags: u8 {
        /// Assigned address configuration.
        const S = 0x80;
        /// Buffer.
        const U = 0x40;
        /// Proxy.
        const P = 0x20;
        /// Forwarding.
        const F = 0x10;
    }
}
flag_word!(HandoverFlags, u8);
