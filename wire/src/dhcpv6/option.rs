//! DHCPv6 options, RFC 8415 21 and RFC 6610 3.

use std::net::Ipv6Addr;

use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Space, Step};

/// Fields of DHCPv6 options.
pub mod fields {
    use crate::layout::{Names, fields};

    /// Names of option codes.
    pub static CODES: Names = &[
        (1, "Client Identifier"),
        (2, "Server Identifier"),
        (3, "Identity Association for Non-temporary Address"),
        (4, "Identity Association for Temporary Address"),
        (5, "IA Address"),
        (6, "Option Request"),
        (7, "Preference"),
        (8, "Elapsed Time"),
        (9, "Relay Message"),
        (11, "Authentication"),
        (12, "Server Unicast"),
        (13, "Status Code"),
        (14, "Rapid Commit"),
        (15, "User Class"),
        (16, "Vendor Class"),
        (17, "Vendor-specific Information"),
        (18, "Interface-Id"),
        (19, "Reconfigure Message"),
        (20, "Reconfigure Accept"),
        (23, "DNS Recursive Name Server"),
        (24, "Domain Search List"),
        (25, "Identity Association for Prefix Delegation"),
        (26, "IA Prefix"),
        (32, "Information Refresh Time"),
        (39, "Client FQDN"),
        (49, "MIPv6 Home Network Identifier FQDN"),
        (50, "MIPv6 Visited Home Network Information"),
        (66, "Relay-Supplied Options"),
        (69, "MIPv6 Identified Home Network Information"),
        (70, "MIPv6 Unrestricted Home Network Information"),
        (71, "MIPv6 Home Network Prefix"),
        (72, "MIPv6 Home Agent Address"),
        (73, "MIPv6 Home Agent FQDN"),
    ];
    static STATUS: Names = &[
        (0, "Success"),
        (1, "UnspecFail"),
        (2, "NoAddrsAvail"),
        (3, "NoBinding"),
        (4, "NotOnLink"),
        (5, "UseMulticast"),
        (6, "NoPrefixAvail"),
    ];

    fields! {
        CODE = "dhcpv6.option.type", "Option", Dec, names CODES;
        LEN = "dhcpv6.option.length", "Length", Dec;
        DATA = "dhcpv6.option.value", "Value", Bytes;
        DUID = "dhcpv6.duid.bytes", "DUID", Bytes;
        IAID = "dhcpv6.iaid_octets", "IAID", Bytes;
        T1 = "dhcpv6.iaid.t1", "T1 (s)", Dec;
        T2 = "dhcpv6.iaid.t2", "T2 (s)", Dec;
        IA_ADDRESS = "dhcpv6.iaaddr.ip", "IPv6 address", Ipv6;
        IA_PREFERRED = "dhcpv6.iaaddr.pref_lifetime", "Preferred lifetime (s)", Dec;
        IA_VALID = "dhcpv6.iaaddr.valid_lifetime", "Valid lifetime (s)", Dec;
        REQUESTED = "dhcpv6.requested_option_code", "Requested option", Dec, names CODES;
        PREFERENCE = "dhcpv6.option_preference", "Preference", Dec;
        ELAPSED = "dhcpv6.elapsed_time", "Elapsed time (10 ms units)", Dec;
        STATUS_CODE = "dhcpv6.status_code", "Status code", Dec, names STATUS;
        STATUS_MESSAGE = "dhcpv6.status_msg", "Status message", Text;
        DNS_SERVER = "dhcpv6.dns_server", "DNS server", Ipv6;
        SEARCH_LIST = "dhcpv6.search_list", "Domain search list", Domain;
        PREFIX_PREFERRED = "dhcpv6.iaprefix.pref_lifetime", "Preferred lifetime (s)", Dec;
        PREFIX_VALID = "dhcpv6.iaprefix.valid_lifetime", "Valid lifetime (s)", Dec;
        PREFIX_LEN = "dhcpv6.iaprefix.pref_len", "Prefix length", Dec;
        PREFIX = "dhcpv6.iaprefix.pref_addr", "Prefix", Ipv6;
        HOME_FQDN = "dhcpv6.mip6.hnidf", "Home network identifier", Domain;
        HOME_PREFIX_LEN = "dhcpv6.mip6.hnp.prefix_len", "Prefix length", Dec;
        HOME_PREFIX = "dhcpv6.mip6.hnp.prefix", "Home network prefix", Ipv6;
        HOME_AGENT = "dhcpv6.mip6_home_agent", "Home agent address", Ipv6;
        HOME_AGENT_FQDN = "dhcpv6.mip6.haf", "Home agent FQDN", Domain;
    }
}
use fields::*;

/// Option codes.
#[allow(missing_docs, reason = "the names of RFC 8415 21 and RFC 6610 3")]
pub mod code {
    pub const CLIENT_ID: u16 = 1;
    pub const SERVER_ID: u16 = 2;
    pub const IA_NA: u16 = 3;
    pub const IA_TA: u16 = 4;
    pub const IA_ADDRESS: u16 = 5;
    pub const REQUEST: u16 = 6;
    pub const PREFERENCE: u16 = 7;
    pub const ELAPSED: u16 = 8;
    pub const RELAY_MESSAGE: u16 = 9;
    pub const STATUS: u16 = 13;
    pub const DNS_SERVERS: u16 = 23;
    pub const SEARCH_LIST: u16 = 24;
    pub const IA_PD: u16 = 25;
    pub const IA_PREFIX: u16 = 26;
    pub const HOME_NETWORK_FQDN: u16 = 49;
    pub const VISITED_INFO: u16 = 50;
    pub const RELAY_SUPPLIED: u16 = 66;
    pub const IDENTIFIED_INFO: u16 = 69;
    pub const UNRESTRICTED_INFO: u16 = 70;
    pub const HOME_PREFIX: u16 = 71;
    pub const HOME_AGENT: u16 = 72;
    pub const HOME_AGENT_FQDN: u16 = 73;
}

/// One DHCPv6 option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dhcpv6Option<'a> {
    /// Option code.
    pub code: u16,
    /// Octets of the data.
    pub len: Auto<u16>,
    /// The data.
    pub body: OptionBody<'a>,
    /// Octets of the option behind its format.
    pub extra: Bytes<'a>,
}

/// The data of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields carry the names of their formats")]
pub enum OptionBody<'a> {
    /// No format here, or octets that do not fit it.
    Unknown(Bytes<'a>),
    /// RFC 8415 21.2 and 21.3.
    Duid(Bytes<'a>),
    /// RFC 8415 21.4 and 21.21; timers in seconds.
    Association { id: u32, timers: Option<(u32, u32)>, options: Bytes<'a> },
    /// RFC 8415 21.6; lifetimes in seconds.
    Address { address: Ipv6Addr, preferred: u32, valid: u32, options: Bytes<'a> },
    /// RFC 8415 21.22; lifetimes in seconds.
    Prefix { preferred: u32, valid: u32, len: u8, prefix: Ipv6Addr, options: Bytes<'a> },
    /// RFC 8415 21.7: option codes.
    Request(Bytes<'a>),
    /// RFC 8415 21.8.
    Preference(u8),
    /// RFC 8415 21.9.
    Elapsed(u16),
    /// RFC 8415 21.10.
    Relayed(Box<super::Dhcpv6<'a>>),
    /// RFC 8415 21.13.
    Status { code: u16, message: Bytes<'a> },
    /// RFC 3646 3.
    DnsServers(Bytes<'a>),
    /// Names: RFC 3646 4, RFC 6610 3.1 and 3.5.
    Names { code: u16, names: Bytes<'a> },
    /// Options inside: RFC 6610 3.2, RFC 6422.
    Options(Bytes<'a>),
    /// RFC 6610 3.3.
    HomePrefix { len: u8, prefix: Ipv6Addr },
    /// RFC 6610 3.4.
    HomeAgent(Ipv6Addr),
}

const EMPTY: Bytes<'static> = Bytes::Borrowed(&[]);
const ANY: Ipv6Addr = Ipv6Addr::UNSPECIFIED;

impl Default for OptionBody<'_> {
    fn default() -> Self {
        Self::Unknown(EMPTY)
    }
}

impl OptionBody<'_> {
    fn blank(code: u16) -> Self {
        match code {
            code::CLIENT_ID | code::SERVER_ID => Self::Duid(EMPTY),
            code::IA_NA | code::IA_PD => {
                Self::Association { id: 0, timers: Some((0, 0)), options: EMPTY }
            }
            code::IA_TA => Self::Association { id: 0, timers: None, options: EMPTY },
            code::IA_ADDRESS => {
                Self::Address { address: ANY, preferred: 0, valid: 0, options: EMPTY }
            }
            code::IA_PREFIX => {
                Self::Prefix { preferred: 0, valid: 0, len: 0, prefix: ANY, options: EMPTY }
            }
            code::REQUEST => Self::Request(EMPTY),
            code::PREFERENCE => Self::Preference(0),
            code::ELAPSED => Self::Elapsed(0),
            code::RELAY_MESSAGE => Self::Relayed(Box::default()),
            code::STATUS => Self::Status { code: 0, message: EMPTY },
            code::DNS_SERVERS => Self::DnsServers(EMPTY),
            code::SEARCH_LIST | code::HOME_NETWORK_FQDN | code::HOME_AGENT_FQDN => {
                Self::Names { code, names: EMPTY }
            }
            code::VISITED_INFO
            | code::IDENTIFIED_INFO
            | code::UNRESTRICTED_INFO
            | code::RELAY_SUPPLIED => Self::Options(EMPTY),
            code::HOME_PREFIX => Self::HomePrefix { len: 0, prefix: ANY },
            code::HOME_AGENT => Self::HomeAgent(ANY),
            _ => Self::default(),
        }
    }
}

impl<'a> Layout<'a> for OptionBody<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        match self {
            Self::Unknown(data) => d.rest(&DATA, data),
            Self::Duid(duid) => d.rest(&DUID, duid),
            Self::Association { id, timers, options } => {
                d.int(&IAID, id)?;
                if let Some((t1, t2)) = timers {
                    d.int(&T1, t1)?;
                    d.int(&T2, t2)?;
                }
                d.area(Space::Dhcpv6, options)
            }
            Self::Address { address, preferred, valid, options } => {
                d.ipv6(&IA_ADDRESS, address)?;
                d.int(&IA_PREFERRED, preferred)?;
                d.int(&IA_VALID, valid)?;
                d.area(Space::Dhcpv6, options)
            }
            Self::Prefix { preferred, valid, len, prefix, options } => {
                d.int(&PREFIX_PREFERRED, preferred)?;
                d.int(&PREFIX_VALID, valid)?;
                d.int(&PREFIX_LEN, len)?;
                d.ipv6(&PREFIX, prefix)?;
                d.area(Space::Dhcpv6, options)
            }
            Self::Request(codes) => {
                let n = d.left() / 2;
                d.list(&REQUESTED, 2, n, codes)
            }
            Self::Preference(v) => d.int(&PREFERENCE, v),
            Self::Elapsed(v) => d.int(&ELAPSED, v),
            Self::Relayed(message) => d.nest(&mut **message),
            Self::Status { code, message } => {
                d.int(&STATUS_CODE, code)?;
                d.rest(&STATUS_MESSAGE, message)
            }
            Self::DnsServers(servers) => {
                let n = d.left() / 16;
                d.list(&DNS_SERVER, 16, n, servers)
            }
            Self::Names { code, names } => {
                let field = match *code {
                    code::HOME_NETWORK_FQDN => &HOME_FQDN,
                    code::HOME_AGENT_FQDN => &HOME_AGENT_FQDN,
                    _ => &SEARCH_LIST,
                };
                d.rest(field, names)
            }
            Self::Options(options) => d.area(Space::Dhcpv6, options),
            Self::HomePrefix { len, prefix } => {
                d.int(&HOME_PREFIX_LEN, len)?;
                d.ipv6(&HOME_PREFIX, prefix)
            }
            Self::HomeAgent(address) => d.ipv6(&HOME_AGENT, address),
        }
    }

    fn title(&self) -> &'static str {
        "DHCPv6 option data"
    }
}

impl<'a> Dhcpv6Option<'a> {
    /// An option of a code.
    pub fn new(code: u16, body: OptionBody<'a>) -> Self {
        Self { code, body, ..Self::default() }
    }
}

impl<'a> Layout<'a> for Dhcpv6Option<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&CODE, &mut self.code)?;
        d.auto(&LEN, &mut self.len, Fix::Own { unit: 1, less: 4 })?;
        if D::READING {
            d.limit(usize::from(self.len.get()) + 4)?;
            self.body = OptionBody::blank(self.code);
        }
        if !d.attempt(&mut self.body) {
            self.body = OptionBody::default();
            self.body.layout(d)?;
        }
        d.rest(&DATA, &mut self.extra)
    }

    fn title(&self) -> &'static str {
        CODE.name_of(u64::from(self.code)).unwrap_or("DHCPv6 option")
    }
}

/// One option in a list, not yet understood.
#[derive(Clone, Copy, Debug)]
pub struct Dhcpv6OptionRef<'a> {
    /// Offset of the option in the list.
    pub offset: usize,
    /// Option code.
    pub code: u16,
    /// The data.
    pub data: &'a [u8],
}

/// Walks a list of DHCPv6 options; one that is cut ends the walk.
#[derive(Clone, Debug)]
pub struct Dhcpv6Options<'a> {
    list: &'a [u8],
    pos: usize,
}

impl<'a> Dhcpv6Options<'a> {
    /// The options in `list`.
    pub fn new(list: &'a [u8]) -> Self {
        Self { list, pos: 0 }
    }
}

impl<'a> Iterator for Dhcpv6Options<'a> {
    type Item = Dhcpv6OptionRef<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let offset = self.pos;
        let [c0, c1, l0, l1, rest @ ..] = &self.list[offset..] else { return None };
        let len = usize::from(u16::from_be_bytes([*l0, *l1]));
        let data = rest.get(..len)?;
        self.pos += 4 + len;
        Some(Dhcpv6OptionRef { offset, code: u16::from_be_bytes([*c0, *c1]), data })
    }
}
