//! Fragments under a case, and parameters in it.

use std::collections::BTreeMap;

use super::names::{Names, is_kebab, unknown};
use super::place::{Mistake, Place};
use super::tree::{Node, Value};

/// Fragments by name.
pub(super) type Fragments = BTreeMap<String, Node>;

/// Keys that a fragment may have.
const FRAGMENT_KEYS: &[&str] = &["use", "topology", "under-test", "security", "needs", "setup"];

/// Checks what a fragment has at its top.
pub(super) fn check_fragment(fragment: &Node, mistakes: &mut Vec<Mistake>) {
    if !matches!(fragment.value, Value::Map(_)) {
        let wanted = FRAGMENT_KEYS.join(", ");
        mistakes.push(Mistake::new(fragment.place, format!("expected a map of {wanted}")));
    }
    for (key, _) in fragment.entries() {
        if !FRAGMENT_KEYS.contains(&key.name.as_str()) {
            let message = format!(
                "unknown key `{}` in a fragment: expected {}",
                key.name,
                FRAGMENT_KEYS.join(", ")
            );
            mistakes.push(Mistake::new(key.place, message));
        }
    }
}

/// Finds fragments that use each other in a circle; each is said once, of the
/// fragment with the first name.
pub(super) fn check_circles(fragments: &Fragments, mistakes: &mut Vec<Mistake>) {
    for (start, fragment) in fragments {
        let mut chain = vec![start.as_str()];
        if let Some(place) = way_back(start, fragment, fragments, &mut chain, &mut Vec::new()) {
            let circle = chain.join(" -> ");
            let message = format!("fragments use each other in a circle: {circle} -> {start}");
            mistakes.push(Mistake::new(place, message));
        }
    }
}

/// Where a fragment leads back to `start` over fragments behind it by name, which
/// are left in `chain`.
fn way_back<'a>(
    start: &str,
    user: &Node,
    fragments: &'a Fragments,
    chain: &mut Vec<&'a str>,
    tried: &mut Vec<&'a str>,
) -> Option<Place> {
    for used in user.get("use").map_or(&[][..], Node::elements) {
        let Some((name, fragment)) = used.text().and_then(|n| fragments.get_key_value(n)) else {
            continue;
        };
        if name == start {
            return Some(used.place);
        }
        if name.as_str() > start && !tried.contains(&name.as_str()) {
            tried.push(name);
            chain.push(name);
            if let Some(place) = way_back(start, fragment, fragments, chain, tried) {
                return Some(place);
            }
            chain.pop();
        }
    }
    None
}

/// Puts the fragments that a case uses under it: each once, those that a
/// fragment uses under that fragment.
pub(super) fn merge(case: &mut Node, fragments: &Fragments, mistakes: &mut Vec<Mistake>) {
    let mut order = Vec::new();
    collect(case, fragments, &mut Vec::new(), &mut order, mistakes);
    // The nearest first, each filling what is still open.
    for name in order.iter().rev() {
        if let Some(fragment) = fragments.get(*name) {
            lay_under(case, fragment);
        }
    }
}

/// Names of fragments, each behind those that it uses.
fn collect<'a>(
    user: &Node,
    fragments: &'a Fragments,
    chain: &mut Vec<&'a str>,
    order: &mut Vec<&'a str>,
    mistakes: &mut Vec<Mistake>,
) {
    for used in user.get("use").map_or(&[][..], Node::elements) {
        let Some(name) = used.text() else { continue };
        let Some((name, fragment)) = fragments.get_key_value(name) else {
            let known = fragments.keys().map(String::as_str);
            mistakes.push(Mistake::new(used.place, unknown("fragment", name, known)));
            continue;
        };
        // A circle is said of its fragments.
        if chain.contains(&name.as_str()) || order.contains(&name.as_str()) {
            continue;
        }
        chain.push(name);
        collect(fragment, fragments, chain, order, mistakes);
        chain.pop();
        order.push(name);
    }
}

/// Lays a fragment under a case.
fn lay_under(case: &mut Node, fragment: &Node) {
    for (key, below) in fragment.entries() {
        let Value::Map(map) = &mut case.value else { return };
        let own = map.iter_mut().find(|(k, _)| k.name == key.name).map(|(_, n)| n);
        match (key.name.as_str(), own) {
            ("use", _) => {}
            (_, None) => map.push((key.clone(), below.clone())),
            ("setup", Some(Node { value: Value::List(own), .. })) => {
                own.splice(0..0, below.elements().iter().cloned());
            }
            ("needs", Some(Node { value: Value::List(own), .. })) => {
                for need in below.elements() {
                    if !own.iter().any(|n| n.value == need.value) {
                        own.push(need.clone());
                    }
                }
            }
            (_, Some(own)) => fill(own, below),
        }
    }
}

/// Adds what `own` lacks; what both have stays as in `own`, but for maps, which
/// are merged in turn. Those of `below` come first, as they were first.
fn fill(own: &mut Node, below: &Node) {
    let (Value::Map(mine), Value::Map(below)) = (&mut own.value, &below.value) else { return };
    let mut merged = Vec::with_capacity(mine.len() + below.len());
    for (key, value) in below {
        match mine.iter().position(|(k, _)| k.name == key.name) {
            Some(at) => {
                let (key, mut own) = mine.remove(at);
                fill(&mut own, value);
                merged.push((key, own));
            }
            None => merged.push((key.clone(), value.clone())),
        }
    }
    merged.append(mine);
    *mine = merged;
}

/// A row of parameters: its name, its values.
pub(super) struct Row {
    pub(super) name: String,
    values: Vec<(String, Node)>,
}

/// Reads the rows of a case.
pub(super) fn rows(case: &Node, names: &Names, mistakes: &mut Vec<Mistake>) -> Vec<Row> {
    let Some(parameters) = case.get("parameters") else { return Vec::new() };
    let Value::List(list) = &parameters.value else {
        mistakes
            .push(Mistake::new(parameters.place, "expected a list of maps, each with a `name`"));
        return Vec::new();
    };
    let mut rows: Vec<Row> = Vec::new();
    for row in list {
        let name = row.get("name").and_then(Node::text).filter(|n| is_kebab(n));
        let Some(name) = name else {
            let place = row.get("name").map_or(row.place, |n| n.place);
            let message = "expected a row with a `name` in small letters, digits and hyphens";
            mistakes.push(Mistake::new(place, message));
            continue;
        };
        if rows.iter().any(|r| r.name == name) {
            let message = format!("two rows are called `{name}`: expected another name");
            mistakes.push(Mistake::new(row.place, message));
        }
        for (key, value) in row.entries() {
            if !is_kebab(&key.name) {
                let message = "expected a name in small letters, digits and hyphens";
                mistakes.push(Mistake::new(key.place, message));
            } else if names.is_taken(&key.name) {
                let message = format!("a node or link is called `{}` too", key.name);
                mistakes.push(Mistake::new(key.place, message));
            } else if let (Some(first), false) = (rows.first(), key.name == "name")
                && !first.values.iter().any(|(n, _)| *n == key.name)
            {
                let message =
                    format!("row `{}` has no `{}`: expected the same in all", first.name, key.name);
                mistakes.push(Mistake::new(value.place, message));
            }
        }
        for (key, _) in rows.first().iter().flat_map(|r| &r.values) {
            if row.get(key).is_none() {
                let message = format!("row `{name}` has no `{key}`: expected the same in all");
                mistakes.push(Mistake::new(row.place, message));
            }
        }
        let values = row.entries().iter().filter(|(k, _)| k.name != "name");
        let values = values.map(|(k, v)| (k.name.clone(), v.clone())).collect();
        rows.push(Row { name: name.to_owned(), values });
    }
    // What no step uses makes no difference between rows.
    if let Some(first) = list.first() {
        for (key, value) in first.entries().iter().filter(|(k, _)| k.name != "name") {
            let mut used = false;
            for part in PARTS.iter().filter_map(|p| case.get(p)) {
                part.walk(&mut |n| used |= n.name() == Some(&key.name));
            }
            if !used {
                let message = format!("nothing uses `${}`", key.name);
                mistakes.push(Mistake::new(value.place, message));
            }
        }
    }
    rows
}

/// Parts of a case that parameters may stand in.
const PARTS: &[&str] = &["topology", "under-test", "security", "setup", "steps", "cleanup"];

impl Row {
    /// The case with the values of the row in place. They stand where the row has
    /// them, so that what does not fit is said of the row.
    pub(super) fn put_in(&self, case: &Node) -> Node {
        let mut case = case.clone();
        if let Value::Map(map) = &mut case.value {
            for (key, part) in map {
                if PARTS.contains(&key.name.as_str()) {
                    self.replace(part);
                }
            }
        }
        case
    }

    fn replace(&self, node: &mut Node) {
        if let Some(name) = node.name() {
            if let Some((_, value)) = self.values.iter().find(|(n, _)| n == name) {
                node.clone_from(value);
            }
            return;
        }
        match &mut node.value {
            Value::List(list) => list.iter_mut().for_each(|n| self.replace(n)),
            Value::Map(map) => map.iter_mut().for_each(|(_, n)| self.replace(n)),
            _ => {}
        }
    }
}
