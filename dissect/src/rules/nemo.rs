//! Network mobility, RFC 3963.

use mip6_wire::codes::OptionFormat;
use mip6_wire::mobility::options::fields as option_field;
use mip6_wire::mobility::{Message, OptionBody, UpdateFlags, message_fields as field};

use super::id::*;
use super::judge::Judge;
use super::listed::Listed;

pub(super) fn judge(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    let Message::BindingUpdate { flags, .. } = &h.message else { return };
    if flags.contains(UpdateFlags::R) {
        j.holds(NEMO_001, flags.contains(UpdateFlags::H), |d| {
            d.field(&field::BU_R, 8).found("set with H clear").wanted("H set as well")
        });
    }
    if !h.has_any(&[OptionFormat::MobileNetworkPrefix]) {
        return;
    }
    for o in h.list() {
        if o.format != OptionFormat::MobileNetworkPrefix {
            continue;
        }
        let (at, n) = (h.at(&o), o.data.len());
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
