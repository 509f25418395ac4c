//! Headers by name.

use mip6_wire::codes::{Codes, NdFormat, OptionFormat};
use mip6_wire::header::Header;
use mip6_wire::ip::options::kind as ipv6_option;
use mip6_wire::items::Item;
use mip6_wire::layout::Space;

/// Declares the kinds of header that specs can name.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $header:ident;)*) => {
        /// A header that a spec can name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum HeaderKind {
            $($(#[$doc])* $variant,)*
        }

        impl HeaderKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in specs.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The kind of a header, if specs have a name for it.
            pub const fn of(header: &Header<'_>) -> Option<Self> {
                Some(match header {
                    $(Header::$header(_) => Self::$variant,)*
                    _ => return None,
                })
            }
        }
    };
}

kinds! {
    /// Ethernet II.
    Ethernet = "ethernet", Ethernet;
    /// IEEE 802.1Q tag.
    Vlan = "vlan", Vlan;
    /// IPv6.
    Ipv6 = "ipv6", Ipv6;
    /// Hop-by-Hop Options.
    HopByHop = "hop-by-hop", HopByHop;
    /// Destination Options.
    DestinationOptions = "destination-options", DestinationOptions;
    /// Routing header.
    Routing = "routing", Routing;
    /// Fragment header.
    Fragment = "fragment", Fragment;
    /// Authentication Header.
    Ah = "ah", Authentication;
    /// Encapsulating Security Payload.
    Esp = "esp", Esp;
    /// Mobility Header.
    Mobility = "mobility", Mobility;
    /// ICMPv6.
    Icmpv6 = "icmpv6", Icmpv6;
    /// UDP.
    Udp = "udp", Udp;
    /// TCP.
    Tcp = "tcp", Tcp;
    /// IPv4.
    Ipv4 = "ipv4", Ipv4;
    /// Octets as they are.
    Raw = "raw", Raw;
}

impl HeaderKind {
    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }

    /// The names that options in this header can have; empty if it has none.
    pub(crate) fn option_names(self) -> Vec<&'static str> {
        match self {
            Self::HopByHop | Self::DestinationOptions => ipv6_names().collect(),
            Self::Mobility => mobility_names().collect(),
            Self::Icmpv6 => nd_names().chain([ITEM]).collect(),
            Self::Tcp => vec![ITEM],
            _ => Vec::new(),
        }
    }
}

/// What an item is called whose type is a field like others: a TCP option, a
/// multicast address record, an option inside an option.
pub(crate) const ITEM: &str = "item";

fn ipv6_names() -> impl Iterator<Item = &'static str> {
    ipv6_option::SLUGS.iter().map(|(name, _)| *name).chain([CAREOF_OPTION])
}

/// The destination option of Local Key Exchange for a care-of address, where its numbers
/// are spoken.
const CAREOF_OPTION: &str = "lke.careof-address";

fn mobility_names() -> impl Iterator<Item = &'static str> {
    OptionFormat::ALL.iter().map(|f| f.slug())
}

fn nd_names() -> impl Iterator<Item = &'static str> {
    NdFormat::ALL.iter().map(|f| f.slug())
}

/// Names of all items of all lists.
pub(crate) fn item_names() -> impl Iterator<Item = &'static str> {
    ipv6_names().chain(mobility_names()).chain(nd_names()).chain([ITEM])
}

/// The item of this name in a list, if the list has such and it has a number.
pub(crate) fn item(space: Space, name: &str, codes: &Codes) -> Option<Item> {
    match space {
        Space::Ipv6 => {
            let known = ipv6_option::SLUGS.iter().find(|(slug, _)| *slug == name).map(|(_, k)| *k);
            let careof = || codes.lke().filter(|_| name == CAREOF_OPTION).map(|l| l.careof_option);
            known.or_else(careof).map(Item::Ipv6)
        }
        Space::Mobility(within) => {
            let format = OptionFormat::from_slug(name)?;
            Some(Item::Mobility(codes.option_number(within, format)?, format))
        }
        Space::Nd(_) => {
            let format = NdFormat::from_slug(name)?;
            Some(Item::Nd(codes.nd_number(format)?, format))
        }
        _ => (name == ITEM).then_some(Item::Of(space)),
    }
}

/// Names of the items that a list can have.
pub(crate) fn names_in(space: Space) -> Vec<&'static str> {
    match space {
        Space::Ipv6 => ipv6_names().collect(),
        Space::Mobility(_) => mobility_names().collect(),
        Space::Nd(_) => nd_names().collect(),
        _ => vec![ITEM],
    }
}
