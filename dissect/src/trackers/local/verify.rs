//! What keys make, judged.

use mip6_security::mobility::local::{Coverage, LocalKey, Reading, Signed, Whole};
use mip6_wire::layout::Field;
use mip6_wire::mobility::options::fields as option_field;
use smallvec::SmallVec;

use crate::packet::{HomeAddress, Layer};
use crate::rules::{Judge, Level, Req};

/// A packet that carries an HMAC at `at` in the layer being judged, its checksum
/// at `checksum`; `careof` is an option in the place of a routing header.
pub(super) fn whole<'a>(
    j: &Judge<'_, 'a>,
    checksum: usize,
    at: usize,
    careof: Option<HomeAddress>,
) -> Option<Whole<'a>> {
    let (layer, chain) = (j.here(), j.chain()?);
    let ip = &j.packet.layers[chain.ip];
    let start = ip.offset as usize;
    let inside = |l: &Layer, at: usize| (l.offset as usize + at).checked_sub(start);
    let packet = j.packet.source(ip.source).get(start..chain.end as usize)?;
    // Behind the next header, length, type and segments, and four octets.
    let route = match chain.route {
        Some((l, _)) => Some(inside(&j.packet.layers[l], 8)?),
        None => None,
    };
    let careof = match careof {
        Some(h) => Some(inside(&j.packet.layers[h.layer], 2 + h.offset + 2)?),
        None => None,
    };
    let home = match chain.home {
        Some(h) => Some(inside(&j.packet.layers[h.layer], 2 + h.offset + 2)?),
        None => None,
    };
    Some(Whole {
        packet,
        checksum: inside(layer, checksum)?,
        hmac: inside(layer, at)?,
        home,
        route,
        careof,
    })
}

/// Where the authenticator of a message stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) at: usize,
    /// From mobile node to access router.
    pub(super) upwards: bool,
    /// No option holds it.
    pub(super) bare: bool,
}

impl Mark {
    /// In an option of a message to the access router, or from it.
    pub(super) fn option(at: usize, upwards: bool) -> Self {
        Self { at, upwards, bare: false }
    }
}

/// The message being judged, with an authenticator.
pub(super) fn signed<'a>(j: &Judge<'_, 'a>, mark: Mark) -> Option<Signed<'a>> {
    let chain = j.chain()?;
    let wire = (chain.wire_source, chain.wire_destination);
    Some(Signed {
        message: j.packet.octets(j.here()),
        at: mark.at,
        wire,
        upper: (chain.source(), chain.destination()),
        upwards: mark.upwards,
        bare: mark.bare,
    })
}

/// The key that made something, and how; the first key and none if none did.
pub(super) fn try_keys<H>(
    keys: &[LocalKey],
    verify: impl Fn(&LocalKey) -> Option<H>,
) -> Option<(LocalKey, Option<H>)> {
    let fits = keys.iter().find_map(|k| Some((*k, Some(verify(k)?))));
    fits.or_else(|| Some((*keys.first()?, None)))
}

/// Judges what a key made, or should have made, by the readings that fitted.
pub(super) fn made_by(
    j: &mut Judge<'_, '_>,
    r: Req,
    readings: Option<impl IntoIterator<Item = Reading>>,
    (field, at): (&'static Field, usize),
) {
    let Some(readings) = readings else {
        return j.holds(r, false, |d| {
            d.field(field, at)
                .found("octets that the key does not make by any reading")
                .wanted("HMAC-SHA1 by the key of the association")
        });
    };
    let chosen = j.packet.profile.readings();
    let others = readings.into_iter().filter(|r| !r.is_default() && !chosen.has(*r));
    let others: SmallVec<[_; 4]> = others.map(|r| (r, None)).collect();
    // Without padding the key can be guessed; the others are as good as the default.
    let raw = others.iter().any(|(r, _)| *r == Reading::Raw);
    let level = if raw { Level::Should } else { Level::May };
    j.holds(r, others.is_empty(), |d| {
        d.level(level.min(r.get().level.severity())).field(field, at).read_by(&others)
    });
}

/// Judges the authenticator of the message being judged.
pub(super) fn authenticator(j: &mut Judge<'_, '_>, r: Req, keys: &[LocalKey], mark: Mark) -> bool {
    let Some(signed) = signed(j, mark) else { return false };
    let Some((_, made)) = try_keys(keys, |k| k.verify_authenticator(&signed)) else {
        return false;
    };
    made_by(j, r, made.map(Coverage::others), (&option_field::AUTHENTICATOR, mark.at));
    true
}
