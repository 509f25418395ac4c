//! From a policy as written, and values for its names, to one that decides.

use std::path::PathBuf;

use super::cases::{Case, MAX_CASES, cases};
use super::names::Names;
use super::selector::Selector;
use super::spd::{Action, Node, Pattern, Rule, SadEntry, Table};
use super::written::*;
use super::{Policy, faults};
use crate::keys::Fault;

/// Binds names and looks for contradictions; the first fault of the text.
pub(crate) fn bind(written: Written, names: &Names) -> Result<Policy, Fault> {
    let mut order: Vec<&str> = Vec::new();
    for block in &written.blocks {
        if !order.contains(&block.node.text.as_str()) {
            order.push(&block.node.text);
        }
    }
    let mut faults = Vec::new();
    let mut warnings = Vec::new();
    let mut nodes = Vec::new();
    for name in order {
        let blocks = written.blocks.iter().filter(|b| b.node.text == name);
        let mut binder = Binder { names, faults: Vec::new(), uses: Vec::new(), faulty: Vec::new() };
        let (node, selectors) = binder.node(name, blocks);
        if binder.faults.is_empty() {
            faults::look(&node, &selectors, &binder.uses, &mut binder.faults, &mut warnings);
        }
        faults.append(&mut binder.faults);
        nodes.push(node);
    }
    warnings.sort_by_key(|w| (w.line, w.column));
    match faults.into_iter().min_by_key(Fault::place) {
        Some(fault) => Err(fault),
        None => Ok(Policy { path: PathBuf::new(), nodes, warnings, written }),
    }
}

struct Binder<'a> {
    names: &'a Names,
    faults: Vec<Fault>,
    /// Whether a rule uses the association of this number.
    uses: Vec<bool>,
    /// Associations with a fault of their own: rules may name them.
    faulty: Vec<&'a str>,
}

impl<'a> Binder<'a> {
    /// The node, and the cases of the selectors of each of its associations.
    fn node(
        &mut self,
        name: &str,
        blocks: impl Iterator<Item = &'a Block> + Clone,
    ) -> (Node, Vec<Vec<Case>>) {
        let (mut associations, mut selectors) = (Vec::<SadEntry>::new(), Vec::new());
        for block in blocks.clone() {
            let Part::Sad(entries) = &block.part else { continue };
            for written in entries {
                match self.association(written) {
                    Ok((entry, cases)) => {
                        associations.push(entry);
                        selectors.push(cases);
                    }
                    Err(fault) => {
                        self.faulty.push(&written.name.text);
                        self.faults.push(fault);
                    }
                }
            }
        }
        self.uses = vec![false; associations.len()];
        let (mut out, mut r#in) = (Table::default(), Table::default());
        for block in blocks {
            let Part::Spd(direction, rules) = &block.part else { continue };
            let table = if *direction == Direction::Out { &mut out } else { &mut r#in };
            for written in rules {
                match self.rule(written, name, &associations) {
                    Ok(Some((rule, cases))) => table.push(rule, cases),
                    Ok(None) => {}
                    Err(fault) => self.faults.push(fault),
                }
            }
        }
        (Node { name: name.to_owned(), out, r#in, associations }, selectors)
    }

    fn condition(
        &self,
        condition: &Condition<WrittenSelector>,
    ) -> Result<(Condition<Selector>, Vec<Case>), Fault> {
        let bound = condition.map(&mut |s| self.names.selector(s))?;
        let at = first_word(condition);
        let cases = cases(&bound).map_err(|_| {
            at.fault(format!("this comes to more than {MAX_CASES} cases: expected several entries"))
        })?;
        if cases.is_empty() {
            return Err(at.fault("no packet is like this: the condition contradicts itself"));
        }
        Ok((bound, cases))
    }

    fn association(&self, w: &WrittenAssociation) -> Result<(SadEntry, Vec<Case>), Fault> {
        let spi = self.names.spi(&w.spi)?;
        let destination = self.names.address(&w.destination)?;
        let (selectors, cases) = self.condition(&w.selectors)?;
        let entry = SadEntry {
            name: w.name.text.clone(),
            direction: w.direction,
            spi,
            destination,
            protocol: w.protocol,
            mode: w.mode,
            selectors,
            line: w.name.line,
            column: w.name.column,
        };
        Ok((entry, cases))
    }

    /// `None` if its association has a fault.
    fn rule(
        &mut self,
        w: &WrittenRule,
        node: &str,
        associations: &[SadEntry],
    ) -> Result<Option<(Rule, Vec<Case>)>, Fault> {
        let (condition, cases) = self.condition(&w.condition)?;
        let (action, at) = match &w.action {
            WrittenAction::Use(name) => {
                let number = associations.iter().position(|a| a.name == name.text);
                let Some(number) = number else {
                    if self.faulty.contains(&name.text.as_str()) {
                        return Ok(None);
                    }
                    return Err(name.fault(unknown(&name.text, node, associations)));
                };
                self.uses[number] = true;
                (Action::Use(number), name)
            }
            WrittenAction::Create(p) => {
                let gateway = p.gateway.as_ref().map(|g| self.names.address(g)).transpose()?;
                let identity = |w: &Option<Word>| w.as_ref().map(|w| self.names.identity(w));
                let pattern = Pattern {
                    protocol: p.protocol,
                    mode: p.mode,
                    gateway,
                    local_identity: identity(&p.local_identity),
                    peer_identity: identity(&p.peer_identity),
                };
                (Action::Create(pattern), first_word(&w.condition))
            }
            WrittenAction::Bypass => (Action::Bypass, first_word(&w.condition)),
            WrittenAction::Discard => (Action::Discard, first_word(&w.condition)),
        };
        Ok(Some((Rule { condition, action, line: at.line, column: at.column }, cases)))
    }
}

fn unknown(name: &str, node: &str, associations: &[SadEntry]) -> String {
    const SHOWN: usize = 8;
    let known: Vec<_> = associations.iter().take(SHOWN).map(|a| a.name.as_str()).collect();
    let known = match (known.len(), associations.len() > SHOWN) {
        (0, _) => "it is empty".to_owned(),
        (_, false) => format!("it has {}", known.join(", ")),
        (_, true) => format!("it has {} and others", known.join(", ")),
    };
    format!("`{name}` is not in the SAD of {node}: {known}")
}

/// The first value in a condition: where its faults are put.
fn first_word(condition: &Condition<WrittenSelector>) -> &Word {
    const NOWHERE: &Word = &Word { text: String::new(), line: 0, column: 0 };
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.first().map_or(NOWHERE, first_word),
        Condition::Not(part) => first_word(part),
        Condition::Is(s) => &s.value,
    }
}
