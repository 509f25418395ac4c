//! What names mean: addresses, SPIs, protocols and types of message.

use std::collections::BTreeMap;
use std::net::IpAddr;

use mip6_wire::ip::proto;

use super::selector::{Network, Selector};
use super::written::{Field, Word, WrittenSelector};
use crate::keys::Fault;

/// Names and what they are bound to. What is no name stands for itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(BTreeMap<String, String>);

impl FromIterator<(String, String)> for Names {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}

impl Word {
    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.line, self.column, message)
    }
}

impl Names {
    /// What a word stands for, read as a value.
    fn read<T>(
        &self,
        word: &Word,
        parse: impl Fn(&str) -> Option<T>,
        wanted: &str,
    ) -> Result<T, Fault> {
        let name = &word.text;
        match self.0.get(name) {
            Some(value) => parse(value).ok_or_else(|| {
                word.fault(format!("`{name}` is bound to something else: expected {wanted}"))
            }),
            None => parse(name).ok_or_else(|| {
                word.fault(format!("`{name}` is no name under `names:`: expected one, or {wanted}"))
            }),
        }
    }

    pub(super) fn network(&self, word: &Word) -> Result<Network, Fault> {
        self.read(word, network, "an IP address, a prefix or any")
    }

    pub(super) fn address(&self, word: &Word) -> Result<IpAddr, Fault> {
        self.read(word, |text| text.parse().ok(), "an IP address")
    }

    pub(super) fn spi(&self, word: &Word) -> Result<u32, Fault> {
        let spi = self.read(word, number, "an SPI, as 4096 or 0x1000")?;
        if spi == 0 {
            return Err(word.fault("an SPI is not 0 (RFC 4303 2.1)"));
        }
        Ok(spi)
    }

    /// An identity is text: a name, or itself.
    pub(super) fn identity(&self, word: &Word) -> String {
        self.0.get(&word.text).unwrap_or(&word.text).clone()
    }

    pub(super) fn selector(&self, s: &WrittenSelector) -> Result<Selector, Fault> {
        fn or_any<T: Copy>(
            parse: impl Fn(&str) -> Option<T>,
        ) -> impl Fn(&str) -> Option<Option<T>> {
            move |text| if is_any(text) { Some(None) } else { parse(text).map(Some) }
        }
        let value = &s.value;
        let selector = match s.field {
            Field::Interface => {
                self.read(value, |text| is_any(text).then_some(()), "any or a tunnel")?;
                None
            }
            Field::TunnelTo => Some(Selector::TunnelTo(self.network(value)?)),
            Field::TunnelFrom => Some(Selector::TunnelFrom(self.network(value)?)),
            Field::Source => Some(Selector::Source(self.network(value)?)),
            Field::Destination => Some(Selector::Destination(self.network(value)?)),
            Field::Proto => self
                .read(value, or_any(protocol), "a protocol by name or number, as MH or 135")?
                .map(Selector::Proto),
            Field::MhType => self
                .read(value, or_any(mh_type), "a type of the Mobility Header, as BU or 5")?
                .map(Selector::MhType),
            Field::IcmpType => self
                .read(value, or_any(icmp_type), "a type of ICMPv6 message, as MPS or 146")?
                .map(Selector::IcmpType),
            Field::SourcePort => {
                self.read(value, or_any(port), "a port")?.map(Selector::SourcePort)
            }
            Field::DestinationPort => {
                self.read(value, or_any(port), "a port")?.map(Selector::DestinationPort)
            }
        };
        Ok(match selector {
            None | Some(Selector::Source(Network::Any) | Selector::Destination(Network::Any)) => {
                Selector::Anything
            }
            Some(selector) => selector,
        })
    }
}

fn is_any(text: &str) -> bool {
    text.eq_ignore_ascii_case("any")
}

fn network(text: &str) -> Option<Network> {
    if is_any(text) {
        return Some(Network::Any);
    }
    match text.split_once('/') {
        Some((address, length)) => Network::prefix(address.parse().ok()?, length.parse().ok()?),
        None => text.parse().ok().map(Network::host),
    }
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

fn port(text: &str) -> Option<u16> {
    text.parse().ok()
}

/// Names that people use, and those of `/etc/protocols`.
pub(super) fn protocol(text: &str) -> Option<u8> {
    const NAMES: [(&str, u8); 10] = [
        ("MH", proto::MOBILITY),
        ("mobility-header", proto::MOBILITY),
        ("ICMP6", proto::ICMPV6),
        ("ipv6-icmp", proto::ICMPV6),
        ("ESP", proto::ESP),
        ("AH", proto::AH),
        ("udplite", 136),
        ("hip", 139),
        ("ospfigp", 89),
        ("ip4", proto::IPV4),
    ];
    let more = proto::NAMES.iter().map(|(number, name)| (*name, *number as u8));
    by_name(text, NAMES.into_iter().chain(more))
}

fn mh_type(text: &str) -> Option<u8> {
    const NAMES: [(&str, u8); 13] = [
        ("BRR", 0),
        ("HoTI", 1),
        ("CoTI", 2),
        ("HoT", 3),
        ("CoT", 4),
        ("BU", 5),
        ("BA", 6),
        ("BAck", 6),
        ("BE", 7),
        ("BErr", 7),
        ("FBU", 8),
        ("FBAck", 9),
        ("FNA", 10),
    ];
    by_name(text, NAMES.into_iter())
}

fn icmp_type(text: &str) -> Option<u8> {
    use mip6_wire::icmpv6::kind;
    const NAMES: [(&str, u8); 6] = [
        ("MPS", kind::PREFIX_SOLICITATION),
        ("MPA", kind::PREFIX_ADVERTISEMENT),
        ("RS", kind::ROUTER_SOLICITATION),
        ("RA", kind::ROUTER_ADVERTISEMENT),
        ("NS", kind::NEIGHBOR_SOLICITATION),
        ("NA", kind::NEIGHBOR_ADVERTISEMENT),
    ];
    by_name(text, NAMES.into_iter())
}

fn by_name<'a>(text: &str, mut names: impl Iterator<Item = (&'a str, u8)>) -> Option<u8> {
    let named = || names.find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, n)| n);
    text.parse().ok().or_else(named)
}
