//! What contradicts what in the databases of a node.

use std::collections::HashMap;
use std::net::IpAddr;

use mip6_wire::ip::proto;

use super::Warning;
use super::cases::Case;
use super::spd::{Action, Node, Rule, SadEntry, Table};
use super::written::Direction;
use crate::association::{Mode, Protocol};
use crate::keys::Fault;

/// Looks at a node whose names are bound. `selectors` are the cases of each
/// association's selectors, `uses` whether a rule uses it.
pub(super) fn look(
    node: &Node,
    selectors: &[Vec<Case>],
    uses: &[bool],
    faults: &mut Vec<Fault>,
    warnings: &mut Vec<Warning>,
) {
    twice(node, faults);
    for direction in [Direction::Out, Direction::In] {
        let table = node.table(direction);
        for (number, (rule, cases)) in table.iter().enumerate() {
            if let Action::Use(used) = rule.action {
                let entry = &node.associations[used];
                fits(rule, cases, direction, entry, &selectors[used], faults);
            }
            modes(node, rule, cases, warnings);
            shadowed(node, table, number as u32, faults);
        }
        pairs(node, table, faults);
    }
    for (entry, _) in node.associations.iter().zip(uses).filter(|(_, used)| !**used) {
        let message = format!("no rule in the SPD of {} uses {}", node.name, entry.name);
        warnings.push(Warning { line: entry.line, column: entry.column, message });
    }
}

fn place(line: usize, column: usize) -> String {
    format!("{line}:{column}")
}

impl Rule {
    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.line, self.column, message)
    }

    fn place(&self) -> String {
        place(self.line, self.column)
    }
}

/// Associations of one name, and those that no packet can tell apart.
fn twice(node: &Node, faults: &mut Vec<Fault>) {
    let mut names: HashMap<&str, &SadEntry> = HashMap::new();
    let mut numbers: HashMap<(Protocol, u32, IpAddr), &SadEntry> = HashMap::new();
    for entry in &node.associations {
        let fault = |message: String| Fault::new(entry.line, entry.column, message);
        if let Some(first) = names.insert(&entry.name, entry) {
            let at = place(first.line, first.column);
            faults.push(fault(format!("{} is in this SAD at {at} already", entry.name)));
        }
        let number = (entry.protocol, entry.spi, entry.destination);
        if let Some(first) = numbers.insert(number, entry) {
            let (name, at) = (&first.name, place(first.line, first.column));
            faults.push(fault(format!(
                "{} has the SPI, the destination and the protocol of {name} ({at}): \
                 expected another SPI",
                entry.name
            )));
        }
    }
}

/// A rule and its association must go together.
fn fits(
    rule: &Rule,
    cases: &[Case],
    direction: Direction,
    entry: &SadEntry,
    selectors: &[Case],
    faults: &mut Vec<Fault>,
) {
    let (name, at) = (&entry.name, place(entry.line, entry.column));
    if entry.direction != direction {
        let (found, wanted) = (entry.direction.name(), direction.name());
        faults.push(rule.fault(format!(
            "{name} is for {found} ({at}): expected one for {wanted} in SPD {wanted}"
        )));
        return;
    }
    let all = |case: &Case| selectors.iter().any(|s| s.covers_but_for_interface(case));
    if !cases.iter().all(all) {
        faults.push(rule.fault(format!(
            "the selectors of {name} ({at}) do not take every packet of this rule"
        )));
    }
}

fn modes(node: &Node, rule: &Rule, cases: &[Case], warnings: &mut Vec<Warning>) {
    let (mode, what) = match &rule.action {
        Action::Use(number) => {
            let entry = &node.associations[*number];
            (entry.mode, entry.name.as_str())
        }
        Action::Create(pattern) => (pattern.mode, "the association"),
        Action::Bypass | Action::Discard => return,
    };
    let mut warn = |message: String| {
        warnings.push(Warning { line: rule.line, column: rule.column, message });
    };
    if !cases.iter().any(Case::is_tunnel) {
        return;
    }
    if mode == Mode::Transport {
        warn(format!("{what} is in transport mode, and this rule is about packets in the tunnel"));
    }
    // Section 5.2.4: ESP in ESP need not be supported.
    if cases.iter().any(|c| c.is_proto(proto::ESP) || c.is_proto(proto::AH)) {
        warn("this protects what is protected already: ESP or AH inside ESP or AH".to_owned());
    }
}

/// A rule all of whose packets an earlier one takes.
fn shadowed(node: &Node, table: &Table, number: u32, faults: &mut Vec<Fault>) {
    let (rule, cases) = table.get(number);
    let cover = |case: &Case| {
        table
            .index
            .covering(case)
            .take_while(|n| *n < number)
            .find(|n| table.get(*n).1.iter().any(|c| c.covers(case)))
    };
    let covers: Option<Vec<u32>> = cases.iter().map(cover).collect();
    let Some(first) = covers.and_then(|c| c.into_iter().max()) else { return };
    let (earlier, covering) = table.get(first);
    let same = covering.iter().all(|c| cases.iter().any(|case| case.covers(c)));
    let message = match (&earlier.action, &rule.action) {
        (Action::Use(a), Action::Use(b)) if same && a != b => format!(
            "the rule at {} gives the same packets {}: expected one association for them",
            earlier.place(),
            node.associations[*a].name
        ),
        _ => format!(
            "this rule is never reached: the one at {} takes all its packets; \
             the more special rule comes first",
            earlier.place()
        ),
    };
    faults.push(rule.fault(message));
}

/// Between a home address and a home agent, one association protects a message
/// of the Mobility Header, or one identity authorises it: section 4.2 leaves no
/// choice between two. Rules that types of message keep apart leave none.
fn pairs(node: &Node, table: &Table, faults: &mut Vec<Fault>) {
    struct Protection<'a> {
        rule: &'a Rule,
        name: &'a str,
        case: Case,
    }
    let mut pairs: HashMap<(IpAddr, IpAddr), Vec<Protection<'_>>> = HashMap::new();
    for (rule, cases) in table.iter() {
        let name = match &rule.action {
            Action::Use(number) => &node.associations[*number].name,
            Action::Create(p) => {
                let identity = p.peer_identity.as_ref().or(p.local_identity.as_ref());
                identity.map_or("an unknown identity", String::as_str)
            }
            Action::Bypass | Action::Discard => continue,
        };
        for case in cases.iter().filter(|c| !c.is_tunnel()) {
            let (Some(pair), Some(case)) =
                (case.source().zip(case.destination()), case.with_proto(proto::MOBILITY))
            else {
                continue;
            };
            let earlier = pairs.entry(pair).or_default();
            if earlier.iter().any(|e| e.case.covers(&case)) {
                continue;
            }
            let differs =
                |e: &&Protection<'_>| e.rule.action != rule.action && e.case.overlaps(&case);
            if let Some(first) = earlier.iter().find(differs) {
                faults.push(rule.fault(format!(
                    "{name} and {} ({}) both protect the Mobility Header between {} and {}: \
                     expected one of them, or types of message that tell them apart",
                    first.name,
                    first.rule.place(),
                    pair.0,
                    pair.1
                )));
            }
            earlier.push(Protection { rule, name, case });
        }
    }
}
