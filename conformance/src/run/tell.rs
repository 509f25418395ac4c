//! Steps in words.

use mip6_wire::layout::Value;

use crate::case::step::Fields;
use crate::case::step::{Action, Count, Do, Expect, Repeat, Rules, Silence, State};

/// A step in a sentence.
pub(super) fn step(action: &Action) -> String {
    match action {
        Action::Do(s) => told(s),
        Action::Send(s) => {
            let times =
                s.times.filter(|n| *n > 1).map_or(String::new(), |n| format!(", {n} times"));
            format!("a crafted packet from {}{times}", s.from.value)
        }
        Action::Alter(s) => {
            let times = s.times.map_or(String::new(), |n| format!("the next {n} "));
            format!("{times}packets of {} are altered", s.node.value)
        }
        Action::Expect(s) => format!("expect {}", expect(s)),
        Action::Silence(s) => silence(s),
        Action::Count(s) => count(s),
        Action::Repeat(s) => repeat(s),
        Action::Wait(period) => format!("wait {period}"),
        Action::Network(s) => format!("link {} changes", s.link.value),
        Action::Move(s) => match &s.to {
            Some(to) => format!("{} moves to {}", s.node.value, to.value),
            None => format!("{} leaves its link", s.node.value),
        },
        Action::State(s) => state(s),
        Action::Rules(s) => rules(s),
    }
}

/// What a node is told.
pub(super) fn told(s: &Do) -> String {
    format!("{} is told to {}", s.node.value, s.command.value.name())
}

pub(super) fn expect(s: &Expect) -> String {
    let within = s.within.map_or(String::new(), |p| format!(", within {p}"));
    let after = s.after.as_ref().map_or(String::new(), |a| {
        let (least, most) = a.between.value;
        format!(", {least} to {most} after {}", a.packet.value)
    });
    format!("{}{within}{after}", fields(&s.fields))
}

pub(super) fn silence(s: &Silence) -> String {
    format!("silence for {}: no {}", s.period, fields(&s.fields))
}

pub(super) fn count(s: &Count) -> String {
    let bounds = match (s.exactly, s.at_least, s.at_most) {
        (Some(n), ..) => format!("exactly {n}"),
        (_, Some(least), Some(most)) => format!("{least} to {most}"),
        (_, Some(least), None) => format!("at least {least}"),
        (_, None, Some(most)) => format!("at most {most}"),
        _ => "any number".to_owned(),
    };
    format!("{bounds} in {} of {}", s.period, fields(&s.fields))
}

pub(super) fn repeat(s: &Repeat) -> String {
    let factor = s.factor.as_ref().map_or(1, |f| f.value);
    let most = s.at_most.as_ref().map_or(String::new(), |p| format!(" up to {}", p.value));
    format!(
        "{} times {}, after {} and then {factor} times as long each{most}",
        s.times.value,
        fields(&s.fields),
        s.first
    )
}

pub(super) fn state(s: &State) -> String {
    let bindings = s.bindings.map_or(String::new(), |n| format!("{n} bindings"));
    let other = if s.fields.is_empty() { String::new() } else { fields(&s.fields) };
    let both = [bindings, other].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
    format!("the node says: {}", both.join(", "))
}

pub(super) fn rules(s: &Rules) -> String {
    let ids: Vec<&str> = s.hold.iter().map(|id| id.value.as_str()).collect();
    format!("rules find nothing against {}", ids.join(", "))
}

fn fields(fields: &Fields) -> String {
    if fields.is_empty() {
        return "any packet".to_owned();
    }
    let each: Vec<String> =
        fields.iter().map(|(name, predicate)| format!("{name} {}", predicate.value)).collect();
    each.join(", ")
}

/// What a node said, as a value: a number, an address, or text.
pub(super) fn value_of(text: &str) -> Value<'_> {
    if let Ok(value) = text.parse() {
        return Value::Uint { value, hex_digits: 0 };
    }
    match text.parse() {
        Ok(address) => Value::Ipv6(address),
        Err(_) => Value::Text(text.as_bytes()),
    }
}
