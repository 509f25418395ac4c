//! Selectors with their values, and packets held against them.

use std::net::IpAddr;

use mip6_wire::ip::proto;

use super::written::Condition;

/// Addresses of one prefix, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Network {
    /// Every address of either family.
    Any,
    /// Addresses that share their first bits.
    Prefix {
        /// The first address.
        address: IpAddr,
        /// Bits that are shared.
        length: u8,
    },
}

impl Network {
    /// One address.
    pub const fn host(address: IpAddr) -> Self {
        let length = if address.is_ipv4() { 32 } else { 128 };
        Self::Prefix { address, length }
    }

    /// The prefix that an address lies in; `None` if it is longer than the
    /// address.
    pub fn prefix(address: IpAddr, length: u8) -> Option<Self> {
        let address = match address {
            IpAddr::V4(a) => {
                let host = u32::MAX.checked_shr(u32::from(length)).unwrap_or(0);
                (length <= 32).then(|| IpAddr::V4((a.to_bits() & !host).into()))?
            }
            IpAddr::V6(a) => {
                let host = u128::MAX.checked_shr(u32::from(length)).unwrap_or(0);
                (length <= 128).then(|| IpAddr::V6((a.to_bits() & !host).into()))?
            }
        };
        Some(Self::Prefix { address, length })
    }

    /// Whether an address lies in it.
    pub fn contains(self, a: IpAddr) -> bool {
        self.covers(Self::host(a))
    }

    /// Whether every address of the other lies in it.
    pub fn covers(self, other: Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (_, Self::Any) => false,
            (Self::Prefix { address, length }, Self::Prefix { address: a, length: longer }) => {
                let differ = match (address, a) {
                    (IpAddr::V4(x), IpAddr::V4(y)) => (x.to_bits() ^ y.to_bits()).leading_zeros(),
                    (IpAddr::V6(x), IpAddr::V6(y)) => (x.to_bits() ^ y.to_bits()).leading_zeros(),
                    _ => return false,
                };
                length <= longer && u32::from(length) <= differ
            }
        }
    }

    /// Its address, if it is one only.
    pub fn single(self) -> Option<IpAddr> {
        match self {
            Self::Prefix { address, length } if Self::host(address) == self => {
                debug_assert!(length >= 32);
                Some(address)
            }
            _ => None,
        }
    }
}

/// A field and the values it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `= any`.
    Anything,
    /// The packet enters the tunnel to one of these.
    TunnelTo(Network),
    /// The packet comes out of the tunnel from one of these.
    TunnelFrom(Network),
    /// Source that upper layers see.
    Source(Network),
    /// Destination that upper layers see.
    Destination(Network),
    /// Upper-layer protocol.
    Proto(u8),
    /// A Mobility Header of this type.
    MhType(u8),
    /// An ICMPv6 message of this type.
    IcmpType(u8),
    /// Source port.
    SourcePort(u16),
    /// Destination port.
    DestinationPort(u16),
}

/// Where a packet enters or leaves a node, as far as policy asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interface {
    /// No tunnel between mobile node and home agent.
    Physical,
    /// Into the tunnel to this node.
    TunnelTo(IpAddr),
    /// Out of the tunnel from this node.
    TunnelFrom(IpAddr),
}

/// What of a packet is held against policy, as upper layers see it: with the
/// home address in the place of the care-of address,
/// draft-ietf-mobileip-mipv6-ha-ipsec-04 4.2.
#[derive(Clone, Copy, Debug)]
pub struct Selectors {
    /// Where it enters or leaves the node.
    pub interface: Interface,
    /// Source.
    pub source: IpAddr,
    /// Destination.
    pub destination: IpAddr,
    /// Upper-layer protocol; `None` if nobody knows, as in ESP that stays shut.
    pub proto: Option<u8>,
    /// Type of the Mobility Header or of the ICMPv6 message, if known.
    pub kind: Option<u8>,
    /// Source and destination port, if known.
    pub ports: Option<(u16, u16)>,
}

/// Whether something holds, as far as one can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
    No,
    Unknown,
    Yes,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl Selectors {
    fn typed(&self, proto: u8, kind: u8) -> Truth {
        match (self.proto, self.kind) {
            (Some(p), _) if p != proto => Truth::No,
            (Some(_), Some(k)) => (k == kind).into(),
            _ => Truth::Unknown,
        }
    }

    fn port(&self, of: impl Fn((u16, u16)) -> bool) -> Truth {
        match (self.proto, self.ports) {
            (_, Some(ports)) => of(ports).into(),
            (Some(proto::MOBILITY | proto::ICMPV6), _) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    fn is(&self, selector: &Selector) -> Truth {
        match (*selector, self.interface) {
            (Selector::Anything, _) => Truth::Yes,
            (Selector::TunnelTo(n), Interface::TunnelTo(a))
            | (Selector::TunnelFrom(n), Interface::TunnelFrom(a)) => n.contains(a).into(),
            (Selector::TunnelTo(_) | Selector::TunnelFrom(_), _) => Truth::No,
            (Selector::Source(n), _) => n.contains(self.source).into(),
            (Selector::Destination(n), _) => n.contains(self.destination).into(),
            (Selector::Proto(p), _) => self.proto.map_or(Truth::Unknown, |q| (p == q).into()),
            (Selector::MhType(t), _) => self.typed(proto::MOBILITY, t),
            (Selector::IcmpType(t), _) => self.typed(proto::ICMPV6, t),
            (Selector::SourcePort(p), _) => self.port(|(s, _)| s == p),
            (Selector::DestinationPort(p), _) => self.port(|(_, d)| d == p),
        }
    }

    pub(super) fn hold(&self, condition: &Condition<Selector>) -> Truth {
        match condition {
            Condition::Is(selector) => self.is(selector),
            Condition::All(parts) => parts.iter().map(|p| self.hold(p)).min().unwrap_or(Truth::Yes),
            Condition::Any(parts) => parts.iter().map(|p| self.hold(p)).max().unwrap_or(Truth::No),
            Condition::Not(part) => match self.hold(part) {
                Truth::No => Truth::Yes,
                Truth::Unknown => Truth::Unknown,
                Truth::Yes => Truth::No,
            },
        }
    }
}
