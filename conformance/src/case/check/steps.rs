//! Steps: names, fields, bounds.

use std::time::Duration;

use mip6_dissect::rules::{REQUIREMENTS, Req};
use mip6_inject::Alteration;

use super::super::command::CommandDoc;
use super::super::document::Instance;
use super::super::names::unknown;
use super::super::place::{At, Place};
use super::super::step::{
    Action, After, Alter, Count, LocalKeyDoc, Network, Repeat, Step, octets_of,
};
use super::super::topology::Topology;
use super::super::values::{Map, Period};
use super::Checker;
use super::fields::{field, matched};

/// Names that steps have given to packets.
type Given = Vec<String>;

pub(super) fn check(
    c: &mut Checker<'_>,
    instance: &Instance,
    requirements: &[At<String>],
    root: Place,
) {
    if instance.steps.is_empty() {
        c.say(root, "expected key `steps`: what is done and what is expected, one or more");
    } else if !instance.steps.iter().any(|s| s.value.is_expectation()) {
        let place = instance.steps.first().map_or(root, |s| s.place);
        let message = "no step can fail: expected `expect`, `silence`, `count`, `repeat`, `rules` or \
                       `state` among `steps`";
        c.say(place, message);
    }
    let mut given = Given::new();
    for (_, step) in instance.all_steps() {
        one(c, &instance.topology, step, &mut given);
        for id in step.value.requirements() {
            if Req::find(&id.value).is_none() {
                let known = REQUIREMENTS.iter().map(|r| r.id);
                c.say(id.place, unknown("requirement", &id.value, known));
            } else if !requirements.iter().any(|r| r.value == id.value) {
                let message = format!("`{}` is not among the requirements of the case", id.value);
                c.say(id.place, message);
            }
        }
    }
}

fn one(c: &mut Checker<'_>, topology: &Topology, step: &Step, given: &mut Given) {
    let (from, on) = place_of(&step.value);
    for name in from {
        c.known("node", name, topology.nodes.names());
    }
    for name in on {
        c.known("link", name, topology.links.names());
    }
    match &step.value {
        Action::Do(s) => command(c, topology, &s.node, &s.command),
        Action::Send(s) => {
            let only = topology.nodes.get(&s.from.value).filter(|n| n.on.len() > 1);
            if only.is_some() && s.on.is_none() {
                let message = format!("`{}` is on several links: expected key `on`", s.from.value);
                c.say(s.from.place, message);
            }
            if let Some(local) = &s.local_key {
                local_key(c, topology, local);
            }
            name(c, s.name.as_ref(), given);
        }
        Action::Alter(s) => alteration(c, s),
        Action::Expect(s) => {
            matched(c, &s.fields, step.place);
            if let Some(after) = &s.after {
                since(c, after, given);
            }
            saved(c, topology, &s.save);
            name(c, s.name.as_ref(), given);
            if let Some(reading) = &s.tolerates {
                tolerated(c, reading);
                if s.name.is_some() || s.save.iter().next().is_some() {
                    let message = "what may not come cannot be named nor saved: expected `as` or \
                                   `save` without `tolerates`";
                    c.say(reading.place, message);
                }
            }
        }
        Action::Silence(s) => {
            matched(c, &s.fields, step.place);
            if let Some(reading) = &s.tolerates {
                tolerated(c, reading);
            }
            some_time(c, "for", s.period, step.place);
        }
        Action::Count(s) => {
            matched(c, &s.fields, step.place);
            some_time(c, "for", s.period, step.place);
            bounds(c, s, step.place);
        }
        Action::Repeat(s) => {
            matched(c, &s.fields, step.place);
            repeat(c, s, step.place);
            saved(c, topology, &s.save);
            name(c, s.name.as_ref(), given);
        }
        Action::Wait(period) => some_time(c, "wait", *period, step.place),
        Action::Network(s) => network(c, s, step.place),
        Action::Move(_) => {}
        Action::State(s) => {
            if s.bindings.is_none() && s.fields.is_empty() {
                c.say(step.place, "expected `bindings` or `fields`");
            }
        }
        Action::Rules(s) => {
            if s.hold.is_empty() {
                c.say(step.place, "nothing is to hold: expected requirements in `hold`");
            }
        }
    }
}

/// Nodes and links that a step names.
fn place_of(action: &Action) -> (Vec<&At<String>>, Vec<&At<String>>) {
    fn list(of: Option<&At<String>>) -> Vec<&At<String>> {
        of.into_iter().collect()
    }
    match action {
        Action::Do(s) => (vec![&s.node], vec![]),
        Action::Send(s) => (vec![&s.from], list(s.on.as_ref())),
        Action::Alter(s) => (vec![&s.node], vec![]),
        Action::Expect(s) => (list(s.from.as_ref()), list(s.on.as_ref())),
        Action::Silence(s) => (list(s.from.as_ref()), list(s.on.as_ref())),
        Action::Count(s) => (list(s.from.as_ref()), list(s.on.as_ref())),
        Action::Repeat(s) => (list(s.from.as_ref()), list(s.on.as_ref())),
        Action::Wait(_) => (vec![], vec![]),
        Action::Network(s) => (list(s.drop.as_ref().and_then(|d| d.from.as_ref())), vec![&s.link]),
        Action::Move(s) => (vec![&s.node], list(s.to.as_ref())),
        Action::State(s) => (list(s.node.as_ref()), vec![]),
        Action::Rules(s) => (list(s.from.as_ref()), vec![]),
    }
}

fn command(c: &mut Checker<'_>, topology: &Topology, node: &At<String>, command: &At<CommandDoc>) {
    let Some(found) = topology.nodes.get(&node.value) else { return };
    let (role, roles) = (found.role.value, command.value.roles());
    if !roles.is_empty() && !roles.contains(&role) {
        let known: Vec<_> = roles.iter().map(|r| r.name()).collect();
        let (name, known) = (command.value.name(), known.join(" or "));
        let message = format!("`{}` is a {}: `{name}` is for a {known}", node.value, role.name());
        c.say(command.place, message);
    }
    if let CommandDoc::Update(update) = &command.value
        && let Some(flags) = &update.flags
    {
        let once = flags.value.chars().enumerate().all(|(i, f)| {
            "AHLKMRP".contains(f) && !flags.value.chars().take(i).any(|other| other == f)
        });
        if !once {
            let message = "expected flags by their letters, of A, H, L, K, M, R and P, each once";
            c.say(flags.place, message);
        }
    }
}

/// The secret of a crafted packet.
fn local_key(c: &mut Checker<'_>, topology: &Topology, local: &LocalKeyDoc) {
    if octets_of(&local.key.value).is_none() {
        c.say(local.key.place, "expected an even number of hexadecimal digits");
    }
    c.readings(&local.readings);
    let Some(router) = &local.router else { return };
    c.known("node", router, topology.nodes.names());
    let node = topology.nodes.get(&router.value);
    if node.is_some_and(|n| n.access_router_options().local_key_exchange.is_none()) {
        let message = format!("`{}` exchanges no keys: expected an access router", router.value);
        c.say(router.place, message);
    }
}

fn alteration(c: &mut Checker<'_>, s: &Alter) {
    if s.change.value == Alteration::default() {
        c.say(s.change.place, "nothing changes: expected `set`, `drop`, `options` or the like");
    }
    if s.times == Some(0) {
        c.say(s.change.place, "`times: 0` changes nothing: expected 1 or more");
    }
}

fn saved(c: &mut Checker<'_>, topology: &Topology, save: &Map<At<String>>) {
    for (place, name, of) in save.placed() {
        c.kebab(&At { place, value: name.to_owned() });
        if topology.nodes.get(name).is_some() || topology.links.get(name).is_some() {
            c.say(place, format!("a node or link is called `{name}` too: expected another name"));
        }
        field(c, of.place, &of.value);
    }
}

fn name(c: &mut Checker<'_>, name: Option<&At<String>>, given: &mut Given) {
    let Some(name) = name else { return };
    c.kebab(name);
    if given.contains(&name.value) {
        let message = format!("a packet is called `{}` already: expected another name", name.value);
        c.say(name.place, message);
    }
    given.push(name.value.clone());
}

fn since(c: &mut Checker<'_>, after: &After, given: &[String]) {
    c.known("packet of an earlier step", &after.packet, given.iter().map(String::as_str));
    let (least, most) = after.between.value;
    if least > most {
        let message = format!("expected the shorter time first, found {least} and {most}");
        c.say(after.between.place, message);
    }
}

/// What `tolerates` says is a reading: a number excuses nothing.
fn tolerated(c: &mut Checker<'_>, name: &At<String>) {
    c.readings([name]);
    if name.value.contains('=') {
        c.say(
            name.place,
            format!("`{}` excuses nothing: expected a reading, as `F21a`", name.value),
        );
    }
}

fn some_time(c: &mut Checker<'_>, what: &str, period: Period, place: Place) {
    if period.0.is_zero() {
        c.say(place, format!("`{what}` of no time: expected some"));
    }
}

fn bounds(c: &mut Checker<'_>, s: &Count, place: Place) {
    match (s.exactly, s.at_least, s.at_most) {
        (None, None, None) => c.say(place, "expected `exactly`, `at-least` or `at-most`"),
        (Some(_), None, None) => {}
        (Some(_), _, _) => {
            c.say(place, "expected `exactly`, or `at-least` and `at-most`, not both");
        }
        (None, Some(least), Some(most)) if least > most => {
            c.say(place, format!("at least {least} and at most {most}: expected some between"));
        }
        (None, Some(0), None) => c.say(place, "at least 0 is always so: expected 1 or more"),
        _ => {}
    }
}

fn repeat(c: &mut Checker<'_>, s: &Repeat, place: Place) {
    if s.times.value < 2 {
        c.say(s.times.place, "expected 2 or more: an interval is between two packets");
    }
    some_time(c, "first", s.first, place);
    if let Some(factor) = s.factor.as_ref().filter(|f| f.value == 0) {
        c.say(factor.place, "expected 1 or more");
    }
    if let Some(most) = s.at_most.as_ref().filter(|m| m.value < s.first) {
        let message = format!("expected at least the first interval, {}", s.first);
        c.say(most.place, message);
    }
}

fn network(c: &mut Checker<'_>, s: &Network, place: Place) {
    super::topology::mtu(c, s.mtu.as_ref());
    if let Some(drop) = &s.drop {
        matched(c, &drop.fields, place);
    }
    let nothing = s.mtu.is_none()
        && s.delay.is_none()
        && s.loss.is_none()
        && s.duplicate.is_none()
        && s.reorder.is_none()
        && s.drop.is_none();
    if nothing {
        c.say(place, "nothing changes: expected `mtu`, `delay`, `loss`, `drop` or the like");
    }
    if s.delay.is_some_and(|d| d.0 > Duration::from_mins(10)) {
        c.say(place, "expected a delay of at most 10 min");
    }
}
