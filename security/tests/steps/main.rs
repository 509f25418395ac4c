//! Packets between a mobile node and its home agent, sent and received step by
//! step: draft-ietf-mobileip-mipv6-ha-ipsec-04 section 6.

mod listings;
mod properties;
mod refusals;
mod round_trip;
