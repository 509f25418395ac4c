//! Rules from draft-ietf-mobileip-mipv6-ha-ipsec-04, RFC 3776 and RFC 4877.

pub(super) mod format;
pub(super) mod policy;
