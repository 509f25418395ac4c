//! Network mobility, RFC 3963.

use mip6_wire::codes::OptionFormat;
use mip6_wire::mobility::options::{Options, fields as option_field};
use mip6_wire::mobility::{Message, Mobility, OptionBody, UpdateFlags, message_fields as field};

use super::id::*;
use super::judge::Judge;

pub(super) fn judge(j: &mut Judge<'_, '_>, h: &Mobility<'_>) {
    let Message::BindingUpdate { flags, .. } = &h.message else { return };
    if flags.contains(UpdateFlags::R) {
        j.holds(NEMO_001, flags.contains(UpdateFlags::H), |d| {
            d.field(&field::BU_R, 8).found("set with H clear").wanted("H set as well")
        });
    }
    if !j.has_any(&[OptionFormat::MobileNetworkPrefix]) {
        return;
    }
    let fixed = j.here().len as usize - h.options.len();
    for o in Options::new(&h.options, h.format(), j.codes()).flatten() {
        if o.format != OptionFormat::MobileNetworkPrefix {
            continue;
        }
        let (at, n) = (fixed + o.offset, o.data.len());
        j.holds(NEMO_002, n == 18, |d| {
            d.field(&option_field::OPTION_LEN, at + 1).found(n).wanted("18")
        });
        let OptionBody::Prefix { reserved, len, .. } = o.body() else { continue };
        j.holds(NEMO_002, reserved == 0, |d| {
            d.field(&option_field::MNP_RESERVED, at + 2)
                .found(format!("{reserved:#04x}"))
                .wanted("0x00")
        });
        j.holds(NEMO_002, len <= 128, |d| {
            d.field(&option_field::MNP_LEN, at + 3).found(len).wanted("at most 128")
        });
    }
}
