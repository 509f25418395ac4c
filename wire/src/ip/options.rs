//! IPv6 options, RFC 8200 4.2: Pad1, PadN, Home Address and the others that a
//! mobility capture meets.

use std::net::Ipv6Addr;

use crate::codes::Codes;
use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Reader, Step, Stop, Why};

/// Fields of IPv6 options.
pub mod fields {
    use crate::layout::{Names, fields};

    static TYPES: Names = &[
        (0x00, "Pad1"),
        (0x01, "PadN"),
        (0x04, "Tunnel Encapsulation Limit"),
        (0x05, "Router Alert"),
        (0x07, "CALIPSO"),
        (0x08, "SMF_DPD"),
        (0x0f, "Performance and Diagnostic Metrics"),
        (0x26, "Quick-Start"),
        (0x30, "Minimum Path MTU"),
        (0x63, "RPL Option"),
        (0x6d, "MPL Option"),
        (0x8a, "Endpoint Identification"),
        (0x8b, "ILNP Nonce"),
        (0x8c, "Line-Identification"),
        (0xc2, "Jumbo Payload"),
        (0xc9, "Home Address"),
        (0xee, "IP_DFF"),
    ];
    static ACTIONS: Names = &[
        (0, "Skip and continue"),
        (1, "Discard"),
        (2, "Discard and send ICMP Parameter Problem to any source"),
        (3, "Discard and send ICMP Parameter Problem if not multicast"),
    ];
    static ALERTS: Names =
        &[(0, "Multicast Listener Discovery"), (1, "RSVP"), (2, "Active Networks")];

    fields! {
        TYPE = "ipv6.opt.type", "Type", Hex, names TYPES;
        ACTION = "ipv6.opt.type.action", "Action", Dec, mask 0xc0, names ACTIONS;
        CHANGE = "ipv6.opt.type.change", "May change", Bool, mask 0x20;
        REST = "ipv6.opt.type.rest", "Low-order bits", Hex, mask 0x1f;
        LEN = "ipv6.opt.length", "Length", Dec;
        PADN = "ipv6.opt.padn", "PadN", Bytes;
        TUNNEL_LIMIT = "ipv6.opt.tel", "Tunnel encapsulation limit", Dec;
        ROUTER_ALERT = "ipv6.opt.router_alert", "Router alert", Dec, names ALERTS;
        JUMBO = "ipv6.opt.jumbo", "Payload length", Dec;
        HOME_ADDRESS = "ipv6.opt.mipv6.home_address", "Home Address", Ipv6;
        CAREOF_ADDRESS = "lke.careof_address", "Care-of address", Ipv6;
        UNKNOWN = "ipv6.opt.unknown", "Unknown option payload", Bytes;
        EXTRA = "ipv6.opt.extra", "Octets after the option's format", Bytes;
    }
}
use fields::*;

/// Option types.
pub mod kind {
    /// One octet of padding, RFC 8200 4.2.
    pub const PAD1: u8 = 0x00;
    /// Two or more octets of padding, RFC 8200 4.2.
    pub const PADN: u8 = 0x01;
    /// Tunnel Encapsulation Limit, RFC 2473 5.1.
    pub const TUNNEL_LIMIT: u8 = 0x04;
    /// Router Alert, RFC 2711.
    pub const ROUTER_ALERT: u8 = 0x05;
    /// Jumbo Payload, RFC 2675.
    pub const JUMBO: u8 = 0xc2;
    /// Home Address, RFC 6275 6.3.
    pub const HOME_ADDRESS: u8 = 0xc9;

    /// Names of the options that have a format here, as specs of packets have
    /// them.
    pub const SLUGS: &[(&str, u8)] = &[
        ("pad1", PAD1),
        ("padn", PADN),
        ("tunnel-encapsulation-limit", TUNNEL_LIMIT),
        ("router-alert", ROUTER_ALERT),
        ("jumbo-payload", JUMBO),
        ("home-address", HOME_ADDRESS),
    ];

    /// The alignment of an option, `(n, m)` for a start at a multiple of `n` plus
    /// `m`, counted from the start of the options header.
    pub const fn alignment(kind: u8) -> (usize, usize) {
        match kind {
            HOME_ADDRESS => (8, 6),
            ROUTER_ALERT => (2, 0),
            JUMBO => (4, 2),
            _ => (1, 0),
        }
    }
}

/// One IPv6 option: type, length, data. Pad1 is the type alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ipv6Option<'a> {
    /// Type; its two high bits say what a node that does not know it does.
    pub kind: u8,
    /// Octets after the length octet.
    pub len: Auto<u8>,
    /// What the option says.
    pub body: OptionBody<'a>,
    /// Octets of the option behind its format.
    pub extra: Bytes<'a>,
}

/// The data of an IPv6 option.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields carry the names of their formats")]
pub enum OptionBody<'a> {
    /// No format here, or octets that do not fit it.
    Unknown(Bytes<'a>),
    /// RFC 8200 4.2.
    Pad1,
    /// RFC 8200 4.2.
    PadN(Bytes<'a>),
    /// RFC 2473 5.1.
    TunnelLimit { limit: u8 },
    /// RFC 2711 2.1.
    RouterAlert { value: u16 },
    /// RFC 2675 2.
    Jumbo { len: u32 },
    /// RFC 6275 6.3.
    HomeAddress { address: Ipv6Addr },
    /// draft-liu-mobileip-lke-01 2.1, for those who take its "Destination Address
    /// Option" for an option made like the Home Address option.
    CareofAddress { address: Ipv6Addr },
}

impl Default for OptionBody<'_> {
    fn default() -> Self {
        Self::Unknown(Bytes::Borrowed(&[]))
    }
}

impl OptionBody<'_> {
    /// The empty data of an option type.
    pub fn blank(kind: u8, codes: &Codes) -> Self {
        match kind {
            kind::PADN => Self::PadN(Bytes::Borrowed(&[])),
            kind::TUNNEL_LIMIT => Self::TunnelLimit { limit: 0 },
            kind::ROUTER_ALERT => Self::RouterAlert { value: 0 },
            kind::JUMBO => Self::Jumbo { len: 0 },
            kind::HOME_ADDRESS => Self::HomeAddress { address: Ipv6Addr::UNSPECIFIED },
            kind if codes.is_careof_option(kind) => {
                Self::CareofAddress { address: Ipv6Addr::UNSPECIFIED }
            }
            _ => Self::default(),
        }
    }
}

impl<'a> Layout<'a> for OptionBody<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        match self {
            Self::Unknown(data) => d.rest(&UNKNOWN, data),
            Self::Pad1 => Ok(()),
            Self::PadN(data) => d.rest(&PADN, data),
            Self::TunnelLimit { limit } => d.int(&TUNNEL_LIMIT, limit),
            Self::RouterAlert { value } => d.int(&ROUTER_ALERT, value),
            Self::Jumbo { len } => d.int(&JUMBO, len),
            Self::HomeAddress { address } => d.ipv6(&HOME_ADDRESS, address),
            Self::CareofAddress { address } => d.ipv6(&CAREOF_ADDRESS, address),
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "Unknown IPv6 option",
            Self::Pad1 => "Pad1",
            Self::PadN(_) => "PadN",
            Self::TunnelLimit { .. } => "Tunnel Encapsulation Limit",
            Self::RouterAlert { .. } => "Router Alert",
            Self::Jumbo { .. } => "Jumbo Payload",
            Self::HomeAddress { .. } => "Home Address",
            Self::CareofAddress { .. } => "Care-of Address of Local Key Exchange",
        }
    }
}

impl<'a> Ipv6Option<'a> {
    /// An option of type `kind`.
    pub fn new(kind: u8, body: OptionBody<'a>) -> Self {
        Self { kind, body, ..Self::default() }
    }

    /// The Home Address option, RFC 6275 6.3.
    pub fn home_address(address: Ipv6Addr) -> Self {
        Self::new(kind::HOME_ADDRESS, OptionBody::HomeAddress { address })
    }
}

impl<'a> Layout<'a> for Ipv6Option<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.bits(const { &[&TYPE, &ACTION, &CHANGE, &REST] }, &mut self.kind)?;
        if self.kind == kind::PAD1 {
            self.body = OptionBody::Pad1;
            return Ok(());
        }
        d.auto(&LEN, &mut self.len, Fix::Own { unit: 1, less: 2 })?;
        if D::READING {
            d.limit(usize::from(self.len.get()) + 2)?;
            self.body = OptionBody::blank(self.kind, d.codes());
        }
        if !d.attempt(&mut self.body) {
            self.body = OptionBody::default();
            self.body.layout(d)?;
        }
        d.rest(&EXTRA, &mut self.extra)
    }

    fn title(&self) -> &'static str {
        self.body.title()
    }
}

/// One option in a list, not yet understood.
#[derive(Clone, Copy, Debug)]
pub struct Ipv6OptionRef<'a> {
    /// Offset of the type octet in the list.
    pub offset: usize,
    /// Type.
    pub kind: u8,
    /// Octets after type and length; none for Pad1.
    pub data: &'a [u8],
    raw: &'a [u8],
}

impl<'a> Ipv6OptionRef<'a> {
    /// The option, understood.
    pub fn read(&self) -> Ipv6Option<'a> {
        let mut option = Ipv6Option::default();
        let mut reader = Reader::new(self.raw, self.raw.len(), &crate::codes::RFC6275);
        // The walk has checked type and length; nothing is left to fail.
        let _ = reader.read_into(&mut option);
        option
    }

    /// The care-of address in an option for it that Local Key Exchange may have.
    #[inline]
    pub fn careof_address(&self, codes: &Codes) -> Option<Ipv6Addr> {
        if !codes.is_careof_option(self.kind) {
            return None;
        }
        <[u8; 16]>::try_from(self.data).ok().map(Ipv6Addr::from)
    }

    /// The address of a Home Address option of the right length.
    #[inline]
    pub fn home_address(&self) -> Option<Ipv6Addr> {
        if self.kind != kind::HOME_ADDRESS {
            return None;
        }
        <[u8; 16]>::try_from(self.data).ok().map(Ipv6Addr::from)
    }
}

/// Walks a list of IPv6 options.
#[derive(Clone)]
pub struct Ipv6Options<'a> {
    list: &'a [u8],
    pos: usize,
}

impl<'a> Ipv6Options<'a> {
    /// The options in `list`.
    #[inline]
    pub fn new(list: &'a [u8]) -> Self {
        Self { list, pos: 0 }
    }
}

impl<'a> Iterator for Ipv6Options<'a> {
    type Item = Result<Ipv6OptionRef<'a>, Stop>;

    /// The next option; an error ends the walk.
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.list[self.pos..];
        let (&kind, after) = rest.split_first()?;
        let offset = self.pos;
        if kind == kind::PAD1 {
            self.pos += 1;
            return Some(Ok(Ipv6OptionRef { offset, kind, data: &[], raw: &rest[..1] }));
        }
        let own = after.first().map_or(2, |len| usize::from(*len) + 2);
        let Some(raw) = rest.get(..own) else {
            self.pos = self.list.len();
            let why = Why::Overrun { need: own, have: rest.len() };
            return Some(Err(Stop { at: offset, field: Some(&LEN), why }));
        };
        self.pos += own;
        Some(Ok(Ipv6OptionRef { offset, kind, data: &raw[2..], raw }))
    }
}

/// Builds a list of IPv6 options, padding each to its alignment (counted from
/// the start of the options header) and the whole to 8 octets.
#[derive(Clone, Debug, Default)]
pub struct Ipv6OptionsBuilder {
    list: Vec<u8>,
}

impl Ipv6OptionsBuilder {
    /// Octets of the options header in front of its first option.
    const FIXED: usize = 2;

    /// Appends an option after the padding it needs.
    #[must_use]
    pub fn option(mut self, option: &Ipv6Option<'_>) -> Self {
        let (n, m) = kind::alignment(option.kind);
        let at = Self::FIXED + self.list.len();
        self.pad((n + m - at % n) % n);
        self.list.extend(crate::layout::to_bytes(option, &crate::codes::RFC6275));
        self
    }

    /// Appends octets as they are.
    #[must_use]
    pub fn raw(mut self, octets: &[u8]) -> Self {
        self.list.extend_from_slice(octets);
        self
    }

    /// The list, padded so that the header is a multiple of 8 octets.
    pub fn build(mut self) -> Vec<u8> {
        let at = Self::FIXED + self.list.len();
        self.pad((8 - at % 8) % 8);
        self.list
    }

    fn pad(&mut self, n: usize) {
        crate::items::pad(&mut self.list, n);
    }
}
