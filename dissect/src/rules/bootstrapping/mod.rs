//! Rules of the mechanisms that bootstrap Mobile IPv6: RFC 4283, 4285, 5026,
//! 6610 and 6611.

pub(super) mod dhcp;
pub(super) mod options;
