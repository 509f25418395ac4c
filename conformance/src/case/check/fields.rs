//! Fields by name, and what is expected of them.

use std::net::IpAddr;

use mip6_dissect::fields::Registry;
use mip6_dissect::packet::Proto;
use mip6_inject::{Condition, Datum, Term};
use mip6_wire::layout::{Field, Given, Kind};

use super::super::place::Place;
use super::super::step::Fields;
use super::super::values::Prefix;
use super::Checker;

/// Fields that something is matched by: at least one.
pub(super) fn matched(c: &mut Checker<'_>, of: &Fields, place: Place) {
    if of.is_empty() {
        c.say(place, "any packet is like this: expected one or more `fields`");
    }
    fields(c, of);
}

fn fields(c: &mut Checker<'_>, of: &Fields) {
    for (place, name, predicate) in of.placed() {
        field(c, place, name);
        let Ok(of) = Registry::get().lookup(name) else { continue };
        for condition in predicate.value.conditions() {
            // A name may be that of fields of several widths.
            let wrong: Vec<_> = of.iter().filter_map(|f| never(f, condition)).collect();
            if wrong.len() == of.len()
                && let Some(message) = wrong.into_iter().next()
            {
                c.say(predicate.place, message);
            }
        }
    }
}

/// Why a value that is written out can be no value of a field.
fn never(field: &Field, condition: &Condition) -> Option<String> {
    let terms = match condition {
        Condition::Is(t)
        | Condition::Not(t)
        | Condition::Below(t)
        | Condition::Above(t)
        | Condition::AtLeast(t)
        | Condition::AtMost(t)
        | Condition::First(t)
        | Condition::Last(t) => std::slice::from_ref(t),
        Condition::In(terms) => terms,
        // An address alone, or a prefix of IPv4, is one too.
        Condition::Within(Term::Literal(Datum::Text(t)))
            if t.parse::<IpAddr>().is_err() && !t.contains('.') =>
        {
            return t.parse::<Prefix>().err();
        }
        Condition::Count(Term::Literal(n)) => {
            let fits = n.number().is_some_and(|n| n >= 0);
            return (!fits).then(|| format!("{n} is no count: expected a number"));
        }
        Condition::Within(_) | Condition::Count(_) | Condition::Present | Condition::Absent => &[],
    };
    // Times may be compared as people read them.
    if matches!(field.kind, Kind::Ntp | Kind::Send | Kind::Time | Kind::None) {
        return None;
    }
    terms.iter().find_map(|term| {
        let Term::Literal(datum) = term else { return None };
        match datum.given(field) {
            Err(unfit) => Some(unfit.to_string()),
            Ok(Given::Number(n)) if field.mask != 0 && n >> field.bits(8) != 0 => {
                let most = (1u128 << field.bits(8)) - 1;
                Some(format!("{n} does not fit the field: expected at most {most}"))
            }
            Ok(_) => None,
        }
    })
}

pub(super) fn field(c: &mut Checker<'_>, place: Place, name: &str) {
    if Proto::ALL.iter().any(|p| p.id() == name) {
        c.say(place, format!("`{name}` is a protocol: expected one of its fields"));
    } else if let Err(e) = Registry::get().lookup(name) {
        c.say(place, e.to_string());
    }
}
