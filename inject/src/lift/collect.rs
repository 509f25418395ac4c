//! Everything that can be set in a header, with the values that it has.

use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::items;
use mip6_wire::layout::{Bytes, Field, Filler, Given, Misfit, Sink, Space, Value};

use super::raw;
use crate::craft::{Crafter, title};
use crate::datum::Datum;
use crate::kind::{self, HeaderKind};
use crate::list::{self, Place};
use crate::spec::{Body, HeaderSpec, OptionSpec, Padding, RawSpec, Setting};
use crate::term::Term;

/// The spec of one header that makes `octets`, everything set; `None` if no spec
/// does.
pub(super) fn header(
    header: &Header<'_>,
    octets: &[u8],
    codes: &'static Codes,
) -> Option<HeaderSpec> {
    let kind = HeaderKind::of(header)?;
    if kind == HeaderKind::Raw {
        return Some(raw(octets));
    }
    let mut seen = Seen::default();
    header.visit(octets, 0, codes, &mut seen);
    let mut settable = Settable::default();
    header.clone().fill(&mut settable, codes);
    let mut body = Body::default();
    let area = settable.area.take();
    let range = area.as_ref().map_or(0..0, |a| a.at..a.at + a.octets.len());
    body.fields = settable.fields(|at| !range.contains(&at), &seen);
    if let Some(area) = &area {
        (body.options, body.padding) = options(area, title(header), &seen, area.at, codes);
    }
    let spec = HeaderSpec::Of(kind, body);
    let made = Crafter::new(&(), codes).header(&spec, "").ok()?;
    (write_packet(&[made], codes) == octets).then_some(spec)
}

/// The options of a list that begins at `base` of its header, and how they are
/// padded.
fn options(
    area: &Area,
    title: &'static str,
    seen: &Seen<'_>,
    base: usize,
    codes: &'static Codes,
) -> (Vec<OptionSpec>, Padding) {
    let mut place = Place {
        space: area.space,
        at: area.at,
        padding: false,
        scope: &(),
        codes,
        title,
        path: "",
    };
    let mut plain = Vec::new();
    let mut padded = Vec::new();
    let mut at = base;
    for item in items::refill(area.space, &area.octets, &mut Settable::default(), codes) {
        let spec = option(&item, at, seen, &place);
        if !list::is_padding(area.space, &item) {
            padded.push(spec.clone());
        }
        plain.push(spec);
        at += item.len();
    }
    place.padding = true;
    if list::make(&padded, &place).is_ok_and(|made| made == area.octets) {
        return (padded, Padding::Aligned);
    }
    (plain, Padding::None)
}

/// One option, which begins at `at` of its header.
fn option(item: &[u8], at: usize, seen: &Seen<'_>, place: &Place<'_>) -> OptionSpec {
    let makes = |spec: &OptionSpec| list::one(spec, place, "").is_ok_and(|made| made == item);
    let octets = |o: &[u8]| Term::Literal(Datum::Octets(o.to_vec()));
    if let Some(spec) = named(item, at, seen, place).filter(makes) {
        return spec;
    }
    let data = item.get(2..).filter(|data| !data.is_empty()).map(octets);
    let kind = Term::from(u64::from(item.first().copied().unwrap_or(0)));
    let unknown = OptionSpec::Unknown { kind, data };
    if list::has_unknown(place.space) && makes(&unknown) {
        return unknown;
    }
    OptionSpec::Raw(RawSpec::Octets(octets(item)))
}

/// An option of a format.
fn named(item: &[u8], at: usize, seen: &Seen<'_>, place: &Place<'_>) -> Option<OptionSpec> {
    let name = kind::names_in(place.space)
        .into_iter()
        .find(|name| *name == kind::ITEM || list::is_named(place.space, item, name, place.codes))?;
    let mut settable = Settable::default();
    items::refill(place.space, item, &mut settable, place.codes);
    let mut body = Body::default();
    let inner = settable.area.take();
    let end = at + item.len();
    let range = inner.as_ref().map_or(0..0, |a| at + a.at..at + a.at + a.octets.len());
    body.fields = settable.fields(|o| (at..end).contains(&o) && !range.contains(&o), seen);
    if let Some(area) = &inner {
        (body.options, body.padding) =
            options(area, "this option", seen, at + area.at, place.codes);
    }
    Some(OptionSpec::Of(name.to_owned(), body))
}

/// The values of fields, and where they are.
#[derive(Default)]
struct Seen<'a>(Vec<(&'static Field, usize, Value<'a>)>);

impl<'a> Sink<'a> for Seen<'a> {
    const ACTIVE: bool = true;

    fn leaf(&mut self, f: &'static Field, at: usize, raw: &'a [u8]) {
        self.0.push((f, at, f.value(raw)));
    }
}

/// A list of options as it is in a packet.
struct Area {
    space: Space,
    /// Octets in front of it, from the start of its header or option.
    at: usize,
    octets: Vec<u8>,
}

/// Fields that can be set, and the first list of options.
#[derive(Default)]
struct Settable {
    names: Vec<&'static Field>,
    area: Option<Area>,
}

impl<'a> Filler<'a> for Settable {
    fn give(&mut self, f: &'static Field) -> Option<Given> {
        if !self.names.iter().any(|n| n.id == f.id) {
            self.names.push(f);
        }
        None
    }

    fn has(&self, _: &'static Field) -> bool {
        false
    }

    fn misfit(&mut self, _: &'static Field, _: Misfit) {}

    fn area(&mut self, space: Space, at: usize, octets: &mut Bytes<'a>) {
        self.area.get_or_insert_with(|| Area { space, at, octets: octets.to_vec() });
    }
}

impl Settable {
    /// What the fields are set to, whose places are `within`.
    fn fields(&self, within: impl Fn(usize) -> bool, seen: &Seen<'_>) -> Vec<(String, Setting)> {
        let setting = |f: &&'static Field| {
            let is = |(s, at, _): &&(&Field, usize, Value<'_>)| s.id == f.id && within(*at);
            let mut terms: Vec<Term> =
                seen.0.iter().filter(is).filter_map(|(.., value)| term(*value)).collect();
            let setting = match terms.len() {
                0 => return None,
                1 => Setting::One(terms.remove(0)),
                _ => Setting::Many(terms),
            };
            Some((f.id.to_owned(), setting))
        };
        self.names.iter().filter_map(setting).collect()
    }
}

/// A value as a script writes it. Text that is none it cannot write.
fn term(value: Value<'_>) -> Option<Term> {
    Some(Term::Literal(match value {
        Value::Text(t) => Datum::Text(std::str::from_utf8(t).ok()?.to_owned()),
        Value::Link(_) | Value::Domain(_) => Datum::Text(value.to_string()),
        other => other.into(),
    }))
}
