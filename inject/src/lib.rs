//! Packets made from specs and changed by field names. Only [`link`] touches
//! the world; nothing else reads or writes anything but octets.
//!
//! A spec is a list of headers in order; in each stand the fields to set, by
//! their public names. What is not set is computed: lengths, checksums, next
//! headers, padding. What is set is sent as it is.
//!
//! ```
//! use mip6_inject::{Crafter, PacketSpec};
//! use mip6_wire::codes::RFC6275;
//! use mip6_wire::header::write_packet;
//!
//! let spec: PacketSpec = serde_yaml::from_str("
//!     - ipv6: {ipv6.src: 2001:db8:b::99, ipv6.dst: 2001:db8:a::1}
//!     - destination-options:
//!         options:
//!           - home-address: {ipv6.opt.mipv6.home_address: 2001:db8:a::1234}
//!     - mobility:
//!         mip6.mhtype: 5
//!         mip6.bu.seqnr: 7
//!         mip6.bu.h_flag: true
//!         options:
//!           - alternate-care-of-address: {mip6.acoa.acoa: 2001:db8:b::99}
//! ").unwrap();
//! let headers = Crafter::new(&(), &RFC6275).craft(&spec).unwrap();
//! assert_eq!(write_packet(&headers, &RFC6275).len(), 40 + 24 + 32);
//! ```
//!
//! An [`Alteration`] changes packets that somebody else made:
//!
//! ```
//! use mip6_inject::{Alteration, Altered, Crafter, PacketSpec};
//! use mip6_wire::codes::RFC6275;
//!
//! let spec: PacketSpec = serde_yaml::from_str("[{ipv6: {ipv6.hlim: 64}}, udp]").unwrap();
//! let mut headers = Crafter::new(&(), &RFC6275).craft(&spec).unwrap();
//! let alteration: Alteration =
//!     serde_yaml::from_str("{packets: {ipv6.hlim: {above: 1}}, set: {ipv6.hlim: 1}}").unwrap();
//! let altered = alteration.apply(&mut headers, &(), &RFC6275).unwrap();
//! assert_eq!(altered, Altered::Sent { copies: 1 });
//! ```

mod alter;
mod craft;
mod datum;
mod fields;
mod fragment;
mod kind;
mod lift;
pub mod link;
mod list;
mod predicate;
mod rewrite;
mod script;
mod seal;
mod spec;
mod term;
mod unseal;

pub use alter::{
    AlterError, Alteration, Altered, Damage, Flip, HeaderChanges, Insert, OptionChanges, Place,
};
pub use craft::{CraftError, Crafter, Fault};
pub use datum::{Datum, Unfit};
pub use fields::{Fields, Written, is_field};
pub use fragment::{FragmentError, Fragmentation};
pub use kind::HeaderKind;
pub use lift::{lift, write_head, write_item};
pub use predicate::{Condition, Occurrence, Predicate, PredicateError};
pub use rewrite::{Rewrite, Rewriter};
pub use script::{
    Authorize, CodeTable, Item, LinkLayer, Loop, Made, RunError, Script, ScriptError, ScriptFile,
    Single, Span, StationNames, Stations, Values, What,
};
pub use seal::{Keyring, Sealing};
pub use spec::{
    Body, HeaderSpec, IcvSpec, OptionSpec, PacketSpec, Padding, RawSpec, SealSpec, Setting,
};
pub use term::{Resolved, Scope, Term, TermError};
