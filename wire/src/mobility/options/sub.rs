//! Options inside mobility options.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Step};

/// Fields of options inside options.
pub mod fields {
    use crate::layout::{Names, fields};

    static ANI: Names = &[
        (1, "Network-Identifier"),
        (2, "Geo-Location"),
        (3, "Operator-Identifier"),
        (4, "Civic-Location"),
        (5, "MAG-Group-Identifier"),
        (6, "ANI Update-Timer"),
    ];
    static FLOW: Names = &[
        (0, "Pad"),
        (1, "PadN"),
        (2, "BID Reference"),
        (3, "Traffic Selector"),
        (4, "Flow Binding Action"),
        (5, "Target Care-of Address"),
    ];

    fields! {
        ANI_TYPE = "mip6.acc_net_id.ani", "ANI type", Dec, names ANI;
        ANI_LEN = "mip6.acc_net_id.sub_opt_len", "Length", Dec;
        ANI_E = "mip6.acc_net_id.e_bit", "Encoding (E)", Bool, mask 0x80;
        ANI_RESERVED = "mip6.acc_net_id.reserved", "Reserved", Hex, mask 0x7f;
        ANI_NAME_LEN = "mip6.acc_net_id.net_name_len", "Network name length", Dec;
        ANI_NAME = "mip6.acc_net_id.net_name", "Network name", Text;
        ANI_AP_LEN = "mip6.acc_net_id.ap_name_len", "Access point name length", Dec;
        ANI_AP = "mip6.acc_net_id.ap_name", "Access point name", Text;
        ANI_LATITUDE = "mip6.acc_net_id.geo.latitude", "Latitude (2^-15 degrees)", Int;
        ANI_LONGITUDE = "mip6.acc_net_id.geo.longitude", "Longitude (2^-15 degrees)", Int;
        ANI_OPERATOR_TYPE = "mip6.acc_net_id.op_id.type", "Operator identifier type", Dec;
        ANI_OPERATOR = "mip6.acc_net_id.op_id", "Operator identifier", Bytes;
        ANI_DATA = "mip6.acc_net_id.data", "Data", Bytes;

        FLOW_TYPE = "mip6.flow.sub.type", "Sub-option", Dec, names FLOW;
        FLOW_LEN = "mip6.flow.sub.len", "Length", Dec;
        FLOW_BID = "mip6.flow.sub.bid", "Binding ID", Dec;
        FLOW_TS_FORMAT = "mip6.flow.sub.ts_format", "Traffic selector format", Dec;
        FLOW_RESERVED = "mip6.flow.sub.reserved", "Reserved", Hex;
        FLOW_TS = "mip6.flow.sub.selector", "Traffic selector", Bytes;
        FLOW_ACTION = "mip6.flow.sub.action", "Action", Dec;
        FLOW_COA_IPV4 = "mip6.flow.sub.coa_ipv4", "Target care-of address", Ipv4;
        FLOW_COA_IPV6 = "mip6.flow.sub.coa_ipv6", "Target care-of address", Ipv6;
        FLOW_DATA = "mip6.flow.sub.data", "Data", Bytes;
    }
}
use super::fields::{CONTEXT_DATA, CONTEXT_LEN, CONTEXT_TYPE};
use fields::*;

/// A sub-option of the Access Network Identifier option, RFC 6757 3.1 and RFC
/// 7563 3.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessNetworkOption<'a> {
    kind: u8,
    len: Auto<u8>,
    flags: u8,
    name_len: u8,
    name: Bytes<'a>,
    ap_len: u8,
    ap: Bytes<'a>,
    position: [[u8; 3]; 2],
    data: Bytes<'a>,
}

impl<'a> Layout<'a> for AccessNetworkOption<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&ANI_TYPE, &mut self.kind)?;
        d.auto(&ANI_LEN, &mut self.len, Fix::Own { unit: 1, less: 2 })?;
        d.limit(usize::from(self.len.get()) + 2)?;
        match self.kind {
            1 => {
                d.bits(const { &[&ANI_E, &ANI_RESERVED] }, &mut self.flags)?;
                d.int(&ANI_NAME_LEN, &mut self.name_len)?;
                d.bytes(&ANI_NAME, usize::from(self.name_len), &mut self.name)?;
                d.int(&ANI_AP_LEN, &mut self.ap_len)?;
                d.bytes(&ANI_AP, usize::from(self.ap_len), &mut self.ap)?;
            }
            2 => {
                d.array(&ANI_LATITUDE, &mut self.position[0])?;
                d.array(&ANI_LONGITUDE, &mut self.position[1])?;
            }
            3 => {
                d.int(&ANI_OPERATOR_TYPE, &mut self.flags)?;
                return d.rest(&ANI_OPERATOR, &mut self.data);
            }
            _ => {}
        }
        d.rest(&ANI_DATA, &mut self.data)
    }

    fn title(&self) -> &'static str {
        ANI_TYPE.name_of(u64::from(self.kind)).unwrap_or("Unknown sub-option")
    }
}

/// A sub-option of the Flow Identification option, RFC 6089 4.2.1 and RFC 7109
/// 6.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowOption<'a> {
    kind: u8,
    len: Auto<u8>,
    first: u8,
    second: u8,
    reserved: u16,
    data: Bytes<'a>,
}

impl<'a> Layout<'a> for FlowOption<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&FLOW_TYPE, &mut self.kind)?;
        if self.kind == 0 {
            return Ok(());
        }
        d.auto(&FLOW_LEN, &mut self.len, Fix::Own { unit: 1, less: 2 })?;
        d.limit(usize::from(self.len.get()) + 2)?;
        match self.kind {
            2 => {
                let n = d.left() / 2;
                d.list(&FLOW_BID, 2, n, &mut self.data)
            }
            3 => {
                d.int(&FLOW_TS_FORMAT, &mut self.first)?;
                d.int(&FLOW_RESERVED, &mut self.second)?;
                d.rest(&FLOW_TS, &mut self.data)
            }
            4 => {
                d.int(&FLOW_RESERVED, &mut self.first)?;
                d.int(&FLOW_ACTION, &mut self.second)?;
                d.rest(&FLOW_DATA, &mut self.data)
            }
            5 => {
                d.int(&FLOW_RESERVED, &mut self.reserved)?;
                let (each, f) = if d.left() >= 16 || d.given(&FLOW_COA_IPV6) {
                    (size_of::<Ipv6Addr>(), &FLOW_COA_IPV6)
                } else {
                    (size_of::<Ipv4Addr>(), &FLOW_COA_IPV4)
                };
                let n = (d.left() / each).min(1);
                d.list(f, each, n, &mut self.data)
            }
            _ => d.rest(&FLOW_DATA, &mut self.data),
        }
    }

    fn title(&self) -> &'static str {
        FLOW_TYPE.name_of(u64::from(self.kind)).unwrap_or("Unknown sub-option")
    }
}

/// A request in a Context Request option, RFC 5949 6.2.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContextRequestItem<'a> {
    kind: u8,
    len: Auto<u8>,
    data: Bytes<'a>,
}

impl<'a> Layout<'a> for ContextRequestItem<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&CONTEXT_TYPE, &mut self.kind)?;
        d.auto(&CONTEXT_LEN, &mut self.len, Fix::Own { unit: 1, less: 2 })?;
        d.limit(usize::from(self.len.get()) + 2)?;
        d.rest(&CONTEXT_DATA, &mut self.data)
    }

    fn title(&self) -> &'static str {
        "Requested context"
    }
}
