//! The messages of RFC 6275 6.1.2 to 6.1.9.

use mip6_wire::codes::{MhFormat, OptionFormat};
use mip6_wire::layout::Field;
use mip6_wire::mobility::{AckFlags, Message, UpdateFlags};
use mip6_wire::mobility::{header_fields, message_fields as field};

use crate::rules::address::is_unicast_routable;
use crate::rules::id::*;
use crate::rules::judge::Judge;
use crate::rules::listed::Listed;
use crate::rules::{Level, Req};

/// Octets of the common header, where the message begins.
const MESSAGE_AT: usize = 6;

/// The least Header Len of a message, without options but with the padding
/// that its size needs.
pub(super) fn least_header_len(format: MhFormat) -> u8 {
    match format {
        MhFormat::HomeTestInit
        | MhFormat::CareofTestInit
        | MhFormat::BindingUpdate
        | MhFormat::BindingAcknowledgement => 1,
        MhFormat::HomeTest | MhFormat::CareofTest | MhFormat::BindingError => 2,
        _ => 0,
    }
}

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    let len = h.len.get();
    match &h.message {
        Message::BindingRefreshRequest { reserved } => {
            reserved_field(j, MIP6_MSG_001, &field::BRR_RESERVED, *reserved);
            if h.options.is_empty() {
                header_len(j, MIP6_MSG_001, len, 0);
            }
        }
        Message::HomeTestInit { reserved, .. } => {
            reserved_field(j, MIP6_MSG_003, &field::HOTI_RESERVED, *reserved);
        }
        Message::CareofTestInit { reserved, .. } => {
            reserved_field(j, MIP6_MSG_005, &field::COTI_RESERVED, *reserved);
        }
        // Too short a Header Len leaves the message unread; it is judged there.
        Message::HomeTest { .. } => j.holds(MIP6_MSG_007, true, |d| d),
        Message::CareofTest { .. } => j.holds(MIP6_MSG_008, true, |d| d),
        Message::BindingUpdate { flags, .. } => update(j, h, *flags),
        Message::BindingAcknowledgement { status, flags, .. } => {
            acknowledgement(j, h, *status, *flags);
        }
        Message::BindingError { status, reserved, home_address } => {
            j.holds(MIP6_MSG_029, *reserved == 0, |d| {
                d.field(&field::BE_RESERVED, MESSAGE_AT + 1)
                    .found(format!("{reserved:#04x}"))
                    .wanted("0x00")
            });
            j.holds(MIP6_MSG_029, matches!(status, 1 | 2), |d| {
                d.field(&field::BE_STATUS, MESSAGE_AT).found(status).wanted("1 or 2")
            });
            if h.options.is_empty() {
                header_len(j, MIP6_MSG_029, len, 2);
            }
            if !home_address.is_unspecified() {
                let ok = is_unicast_routable(*home_address);
                j.holds(MIP6_NODE_002, ok, |d| {
                    d.field(&field::BE_HOME_ADDRESS, MESSAGE_AT + 2)
                        .found(home_address)
                        .wanted("a unicast routable address")
                });
            }
        }
        _ => {}
    }
}

fn reserved_field(j: &mut Judge<'_, '_>, r: Req, f: &'static Field, v: u16) {
    j.holds(r, v == 0, |d| d.field(f, MESSAGE_AT).found(format!("{v:#06x}")).wanted("0x0000"));
}

fn header_len(j: &mut Judge<'_, '_>, r: Req, len: u8, wanted: u8) {
    j.holds(r, len == wanted, |d| {
        d.field(&header_fields::HEADER_LEN, 1)
            .found(len)
            .wanted(format!("{wanted} without options"))
    });
}

fn update(j: &mut Judge<'_, '_>, h: &Listed<'_>, flags: UpdateFlags) {
    let unknown = flags.difference(UpdateFlags::all()).bits();
    j.holds(MIP6_MSG_009, unknown == 0, |d| {
        d.field(&field::BU_RESERVED, MESSAGE_AT + 2)
            .found(format!("{unknown:#06x}"))
            .wanted("no bit without a meaning")
    });
    let mut real = false;
    let mut alternate = None;
    for o in h.list() {
        match o.format {
            OptionFormat::Pad1 | OptionFormat::PadN => continue,
            OptionFormat::AlternateCareof if o.data.len() == 16 => alternate = Some(o),
            _ => {}
        }
        real = true;
    }
    // An option that ends behind the header is one all the same.
    if !real && j.list_whole {
        let len = h.len.get();
        j.holds(MIP6_MSG_011, len == 1, |d| {
            d.field(&header_fields::HEADER_LEN, 1)
                .found(len)
                .wanted("1: four octets of padding when there is no option")
        });
    }
    if !flags.contains(UpdateFlags::H) {
        j.holds(MIP6_MSG_014, !flags.contains(UpdateFlags::K), |d| {
            d.field(&field::BU_K, MESSAGE_AT + 2)
                .found("set")
                .wanted("clear towards a correspondent node (H is clear)")
        });
    }
    if let Some(o) = alternate {
        let mut a = [0; 16];
        a.copy_from_slice(o.data);
        let a = std::net::Ipv6Addr::from(a);
        let at = j.here().len as usize - h.options.len() + o.offset + 2;
        j.holds(MIP6_MSG_016, is_unicast_routable(a), |d| {
            d.field(&mip6_wire::mobility::options::fields::ALTERNATE_COA, at)
                .found(a)
                .wanted("a unicast routable care-of address")
        });
    } else if let Some(chain) = j.chain() {
        let (ip, source) = (chain.ip, chain.wire_source);
        j.holds(MIP6_MSG_016, is_unicast_routable(source), |d| {
            d.layer(ip)
                .field(&mip6_wire::ip::ipv6_fields::SOURCE, 8)
                .found(source)
                .wanted("a unicast routable care-of address")
        });
    }
}

fn acknowledgement(j: &mut Judge<'_, '_>, h: &Listed<'_>, status: u8, flags: AckFlags) {
    let unknown = flags.difference(AckFlags::all()).bits();
    j.holds(MIP6_MSG_023, unknown == 0, |d| {
        d.field(&field::BA_RESERVED, MESSAGE_AT + 1)
            .found(format!("{unknown:#04x}"))
            .wanted("no bit without a meaning")
    });
    let registered = field::BA_STATUS.name_of(u64::from(status)).is_some();
    j.holds(MIP6_MSG_024, registered, |d| {
        d.field(&field::BA_STATUS, MESSAGE_AT)
            .level(Level::May)
            .found(status)
            .wanted("a registered status")
    });
    let fixed = h.fixed;
    let mut from_correspondent = false;
    for o in h.list() {
        from_correspondent |= o.format == OptionFormat::BindingAuthorization;
        let foreign =
            matches!(o.format, OptionFormat::AlternateCareof | OptionFormat::NonceIndices);
        j.holds(MIP6_MSG_028, !foreign, |d| {
            d.at(fixed + o.offset)
                .found(format!("{} option", o.format.title()))
                .wanted("no base option but Binding Refresh Advice and Binding Authorization Data")
        });
    }
    // Only a correspondent authenticates with this option (an access router
    // with Local Key Exchange too, and it has no K either).
    if from_correspondent {
        j.holds(MIP6_MSG_025, !flags.contains(AckFlags::K), |d| {
            d.field(&field::BA_K, MESSAGE_AT + 1).found("set").wanted("clear from a correspondent")
        });
    }
}
