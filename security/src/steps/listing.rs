//! A packet as section 6 of the draft prints it: the headers that matter, with
//! the part that each address plays.

use std::net::{IpAddr, Ipv6Addr};

use mip6_wire::codes::MhFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6;
use mip6_wire::ip::proto;
use mip6_wire::layout::Auto;

use crate::association::Protocol;

/// The headers of a packet, outermost first. Padding, alignment and what
/// fragments a packet on its way are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing(pub Vec<Item>);

/// A header in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// IPv6 or IPv4 header.
    Ip {
        /// Source address.
        source: IpAddr,
        /// Destination address.
        destination: IpAddr,
    },
    /// Hop-by-Hop Options.
    HopByHop,
    /// Destination Options, with the address in the last Home Address option.
    DestinationOptions(Option<Ipv6Addr>),
    /// Routing header, with the address that it leads to.
    Routing {
        /// Routing Type.
        kind: u8,
        /// The last address, while segments are left.
        address: Option<Ipv6Addr>,
    },
    /// ESP or AH.
    Protection {
        /// Which of them.
        protocol: Protocol,
        /// Security Parameters Index.
        spi: u32,
    },
    /// Mobility Header.
    Mobility {
        /// MH Type.
        kind: u8,
        /// The message.
        format: MhFormat,
    },
    /// ICMPv6, with its type.
    Icmpv6(u8),
    /// What has this IP protocol number.
    Upper(u8),
    /// Ciphertext.
    Hidden,
}

impl Listing {
    /// Of a packet. Headers of the link are left out.
    pub fn of(headers: &[Header<'_>]) -> Self {
        let mut listing = Self::default();
        listing.push(None, headers);
        listing
    }

    /// Appends headers; `next` is the protocol number that announces the first.
    pub fn push(&mut self, mut next: Option<u8>, headers: &[Header<'_>]) {
        for header in headers {
            let announced = next.take();
            let item = match header {
                Header::Ipv6(h) => {
                    next = Some(number(h.next));
                    Item::Ip { source: h.source.into(), destination: h.destination.into() }
                }
                Header::Ipv4(h) => {
                    next = Some(number(h.protocol));
                    Item::Ip { source: h.source.into(), destination: h.destination.into() }
                }
                Header::HopByHop(h) => {
                    next = Some(number(h.next));
                    Item::HopByHop
                }
                Header::DestinationOptions(h) => {
                    next = Some(number(h.next));
                    let home = h.list().flatten().filter_map(|o| o.home_address()).last();
                    Item::DestinationOptions(home)
                }
                Header::Routing(h) => {
                    next = Some(number(h.next));
                    Item::Routing { kind: h.kind, address: h.final_destination() }
                }
                Header::Fragment(h) => {
                    next = Some(number(h.next));
                    continue;
                }
                Header::Authentication(h) => {
                    next = Some(number(h.next));
                    Item::Protection { protocol: Protocol::Ah, spi: h.spi }
                }
                Header::Esp(h) => Item::Protection { protocol: Protocol::Esp, spi: h.spi },
                Header::Mobility(h) => Item::Mobility { kind: h.kind, format: h.format() },
                Header::Icmpv6(h) => Item::Icmpv6(h.kind),
                Header::Udp(_) => Item::Upper(proto::UDP),
                Header::Tcp(_) => Item::Upper(proto::TCP),
                Header::Raw(_) => match announced {
                    Some(protocol) => Item::Upper(protocol),
                    None => continue,
                },
                _ => continue,
            };
            self.0.push(item);
        }
    }

    /// Where ESP or AH stands first.
    pub fn protection(&self) -> Option<usize> {
        self.0.iter().position(|i| matches!(i, Item::Protection { .. }))
    }

    /// Source and destination of the first IP header.
    pub fn addresses(&self) -> Option<(IpAddr, IpAddr)> {
        self.0.iter().find_map(|i| match i {
            Item::Ip { source, destination } => Some((*source, *destination)),
            _ => None,
        })
    }

    /// Protocol number of what the first IP header and its extension headers
    /// carry; `None` if it cannot be seen.
    pub fn upper(&self) -> Option<u8> {
        let ip = self.0.iter().position(|i| matches!(i, Item::Ip { .. }))?;
        self.0[ip + 1..].iter().find_map(|i| match i {
            Item::Ip { source: IpAddr::V4(_), .. } => Some(proto::IPV4),
            Item::Ip { .. } => Some(proto::IPV6),
            Item::Mobility { .. } => Some(proto::MOBILITY),
            Item::Icmpv6(_) => Some(proto::ICMPV6),
            Item::Upper(p) => Some(*p),
            _ => None,
        })
    }

    /// The packet with its final addresses in the IPv6 header: those of a Home
    /// Address option and of a Type 2 routing header change places with those
    /// of the header, up to ESP or AH.
    #[must_use]
    pub(super) fn exchanged(&self) -> Self {
        let mut all = self.clone();
        let end = self.protection().unwrap_or(all.0.len());
        let [Item::Ip { source, destination }, rest @ ..] = &mut all.0[..end] else { return all };
        for item in rest {
            match item {
                Item::DestinationOptions(Some(home)) => exchange(source, home),
                Item::Routing { kind: 2, address: Some(home) } => exchange(destination, home),
                _ => {}
            }
        }
        all
    }

    /// Without the first ESP or AH header.
    #[must_use]
    pub(super) fn unprotected(&self) -> Self {
        let mut all = self.clone();
        if let Some(at) = self.protection() {
            all.0.remove(at);
        }
        all
    }

    /// What stands behind the first ESP or AH header.
    #[must_use]
    pub(super) fn inside(&self) -> Self {
        Self(self.protection().map_or_else(Vec::new, |at| self.0[at + 1..].to_vec()))
    }

    /// Without the headers in front of ESP or AH that Mobile IPv6 adds.
    #[must_use]
    pub(super) fn plain(&self) -> Self {
        let end = self.protection().unwrap_or(self.0.len());
        let added = |i: &Item| {
            matches!(i, Item::DestinationOptions(Some(_)) | Item::Routing { kind: 2, .. })
        };
        let (front, rest) = self.0.split_at(end);
        Self(front.iter().filter(|i| !added(i)).chain(rest).cloned().collect())
    }

    /// The lines of the listing, headers of headers indented.
    pub fn lines(&self, names: &Names) -> Vec<String> {
        self.0.iter().flat_map(|i| i.lines(names)).collect()
    }
}

fn number(next: Auto<u8>) -> u8 {
    match next {
        // In front of octets without a format, that is what is computed.
        Auto::Computed => proto::NONE,
        Auto::Fixed(n) => n,
    }
}

fn exchange(a: &mut IpAddr, b: &mut Ipv6Addr) {
    if let IpAddr::V6(a) = a {
        std::mem::swap(a, b);
    }
}

impl Item {
    fn lines(&self, names: &Names) -> Vec<String> {
        let address = |a: &Ipv6Addr| names.address((*a).into());
        match self {
            Self::Ip { source, destination } => {
                let title = if source.is_ipv6() { "IPv6 header (" } else { "IPv4 header (" };
                let indent = " ".repeat(title.len());
                vec![
                    format!("{title}source = {},", names.address(*source)),
                    format!("{indent}destination = {})", names.address(*destination)),
                ]
            }
            Self::HopByHop => vec!["Hop-by-Hop Options header".into()],
            Self::DestinationOptions(home) => {
                let mut lines = vec!["Destination Options header".into()];
                lines.extend(
                    home.iter().map(|a| format!("   Home Address option ({})", address(a))),
                );
                lines
            }
            Self::Routing { kind, address: to } => {
                let mut lines = vec![format!("Routing header (type {kind})")];
                lines.extend(to.iter().map(|a| format!("   {}", address(a))));
                lines
            }
            Self::Protection { protocol, spi } => {
                let title = match protocol {
                    Protocol::Esp => "ESP header",
                    Protocol::Ah => "Authentication header",
                };
                vec![format!("{title} (SPI = {})", names.spi(*spi))]
            }
            Self::Mobility { .. } | Self::Icmpv6(_) => {
                vec![self.protocol(), format!("   {}", self.message())]
            }
            Self::Upper(_) | Self::Hidden => vec![self.protocol()],
        }
    }

    /// What the header is called, for one that is not IP and its extensions.
    fn protocol(&self) -> String {
        match self {
            Self::Mobility { .. } | Self::Upper(proto::MOBILITY) => "Mobility header".into(),
            Self::Icmpv6(_) | Self::Upper(proto::ICMPV6) => "ICMPv6".into(),
            Self::Upper(p) => match proto::NAMES.iter().find(|(n, _)| *n == u64::from(*p)) {
                Some((_, name)) => (*name).into(),
                None => format!("IP protocol {p}"),
            },
            _ => "(protected data)".into(),
        }
    }

    /// The message that it is: `Binding Update`.
    pub(super) fn message(&self) -> String {
        match self {
            Self::Mobility { kind, format: MhFormat::Unknown } => format!("MH type {kind}"),
            Self::Mobility { format, .. } => format.title().into(),
            Self::Icmpv6(kind) => match icmpv6::fields::TYPE.name_of(u64::from(*kind)) {
                Some(name) => name.into(),
                None => format!("type {kind}"),
            },
            _ => "packet".into(),
        }
    }
}

/// Names of addresses and SPIs. What has none is printed as the number it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    addresses: Vec<(IpAddr, &'static str)>,
    spis: Vec<(u32, String)>,
}

impl Names {
    /// Names an address, unless it has a name.
    pub fn name_address(&mut self, address: IpAddr, name: &'static str) {
        if self.addresses.iter().all(|(a, _)| *a != address) {
            self.addresses.push((address, name));
        }
    }

    /// Names an SPI, unless it has a name.
    pub fn name_spi(&mut self, spi: u32, name: impl Into<String>) {
        if self.spis.iter().all(|(s, _)| *s != spi) {
            self.spis.push((spi, name.into()));
        }
    }

    /// What an address is called.
    pub fn address(&self, address: IpAddr) -> String {
        match self.addresses.iter().find(|(a, _)| *a == address) {
            Some((_, name)) => (*name).into(),
            None => address.to_string(),
        }
    }

    /// What an SPI is called.
    pub fn spi(&self, spi: u32) -> String {
        match self.spis.iter().find(|(s, _)| *s == spi) {
            Some((_, name)) => name.clone(),
            None => format!("{spi:#x}"),
        }
    }

    /// Each name and what it stands for.
    pub fn legend(&self) -> impl Iterator<Item = (&str, String)> {
        let addresses = self.addresses.iter().map(|(a, name)| (*name, a.to_string()));
        addresses.chain(self.spis.iter().map(|(s, name)| (name.as_str(), format!("{s:#x}"))))
    }
}
