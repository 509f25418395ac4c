//! Rules from draft-liu-mobileip-lke-01, read as ARCHITECTURE.md says.

pub(super) mod discovery;
pub(super) mod message;

use mip6_security::mobility::local::Reading;
use mip6_wire::layout::Field;

use super::{Judge, Level, Req};

/// A requirement that holds by a reading other than the default is reported at `level`,
/// unless the profile says that this is how the draft is read.
pub(super) fn by_reading(
    j: &mut Judge<'_, '_>,
    r: Req,
    reading: Reading,
    level: Level,
    place: Option<(&'static Field, usize)>,
) {
    if j.packet.profile.readings().has(reading) {
        return;
    }
    j.holds(r, reading.is_default(), |d| {
        let d = d.level(level).read_by(&[(reading, None)]);
        match place {
            Some((field, at)) => d.field(field, at),
            None => d,
        }
    });
}
