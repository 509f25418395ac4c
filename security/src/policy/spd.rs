//! A node's databases with values for names, and what they decide.

use std::collections::HashMap;
use std::net::IpAddr;

use smallvec::SmallVec;

use super::cases::Case;
use super::selector::{Interface, Selector, Selectors, Truth};
use super::written::{Condition, Direction};
use crate::association::{Mode, Protocol};

/// A node: its SPD and its SAD.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name, free text.
    pub name: String,
    pub(super) out: Table,
    pub(super) r#in: Table,
    pub(super) associations: Vec<SadEntry>,
}

/// A rule of an SPD.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Which packets.
    pub condition: Condition<Selector>,
    /// What is done with them.
    pub action: Action,
    /// Line of its action.
    pub line: usize,
    /// Column of its action.
    pub column: usize,
}

/// What a rule does with its packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Protects them with the association of this number in
    /// [`Node::associations`].
    Use(usize),
    /// Protects them with an association that is negotiated.
    Create(Pattern),
    /// Lets them pass as they are.
    Bypass,
    /// Lets them not pass.
    Discard,
}

/// An association to be negotiated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// ESP or AH.
    pub protocol: Protocol,
    /// Transport or tunnel mode.
    pub mode: Mode,
    /// Where a tunnel ends; a home address stands for the care-of address.
    pub gateway: Option<IpAddr>,
    /// Identity that the node shows in phase 1.
    pub local_identity: Option<String>,
    /// Identity that its peer must show in phase 1.
    pub peer_identity: Option<String>,
}

/// A security association of a SAD, without its keys.
#[derive(Clone, Debug)]
pub struct SadEntry {
    /// Its name.
    pub name: String,
    /// For packets that the node sends, or receives.
    pub direction: Direction,
    /// Security Parameters Index.
    pub spi: u32,
    /// Destination; a home address may stand for the care-of address.
    pub destination: IpAddr,
    /// ESP or AH.
    pub protocol: Protocol,
    /// Transport or tunnel mode.
    pub mode: Mode,
    /// Which packets it is for.
    pub selectors: Condition<Selector>,
    /// Line of its name.
    pub line: usize,
    /// Column of its name.
    pub column: usize,
}

/// What a policy says of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    /// It is protected with this association.
    Use(&'a SadEntry),
    /// It is protected with an association that is negotiated.
    Create(&'a Pattern),
    /// It goes as it is: no rule is about it, or one that lets it pass.
    None,
    /// It does not pass.
    Discard,
    /// What is not known of it decides.
    Unknown,
}

impl PartialEq for SadEntry {
    /// One node has no two of a name in one place.
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.line, self.column) == (&other.name, other.line, other.column)
    }
}

impl Eq for SadEntry {}

impl Node {
    /// Rules of its SPD in one direction; the first that matches decides.
    pub fn rules(&self, direction: Direction) -> &[Rule] {
        &self.table(direction).rules
    }

    /// Its SAD.
    pub fn associations(&self) -> &[SadEntry] {
        &self.associations
    }

    /// What the first rule that matches a packet says, at a cost that does not
    /// grow with the number of mobile nodes.
    pub fn decide(&self, direction: Direction, packet: &Selectors) -> Decision<'_> {
        let table = self.table(direction);
        // A rule that may match, and one behind it that does: both must say
        // the same.
        let mut maybe: Option<&Action> = None;
        for number in table.index.candidates(packet) {
            let rule = &table.rules[number as usize];
            let truth = packet.hold(&rule.condition);
            if truth == Truth::No {
                continue;
            }
            match maybe {
                Some(action) if *action != rule.action => return Decision::Unknown,
                _ if truth == Truth::Yes => return self.decision(&rule.action),
                _ => maybe = Some(&rule.action),
            }
        }
        match maybe {
            None | Some(Action::Bypass) => Decision::None,
            Some(_) => Decision::Unknown,
        }
    }

    fn decision<'a>(&'a self, action: &'a Action) -> Decision<'a> {
        match action {
            Action::Use(number) => Decision::Use(&self.associations[*number]),
            Action::Create(pattern) => Decision::Create(pattern),
            Action::Bypass => Decision::None,
            Action::Discard => Decision::Discard,
        }
    }

    pub(super) fn table(&self, direction: Direction) -> &Table {
        match direction {
            Direction::Out => &self.out,
            Direction::In => &self.r#in,
        }
    }
}

/// Rules of one direction.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    rules: Vec<Rule>,
    cases: Vec<Vec<Case>>,
    pub(super) index: Index,
}

impl Table {
    pub(super) fn push(&mut self, rule: Rule, cases: Vec<Case>) {
        let number = self.rules.len() as u32;
        for case in &cases {
            self.index.add(case, number);
        }
        self.rules.push(rule);
        self.cases.push(cases);
    }

    /// Rules with their cases.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Rule, &[Case])> {
        self.rules.iter().zip(self.cases.iter().map(Vec::as_slice))
    }

    pub(super) fn get(&self, number: u32) -> (&Rule, &[Case]) {
        (&self.rules[number as usize], &self.cases[number as usize])
    }
}

/// What of a rule is looked up: single addresses in its cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Pair(IpAddr, IpAddr),
    Source(IpAddr),
    Destination(IpAddr),
    Tunnel(IpAddr),
}

/// Numbers of rules by the addresses that they are about. A packet is looked up
/// by its pair of addresses, by each of them, and by the end of its tunnel.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    by_key: HashMap<Key, SmallVec<[u32; 4]>>,
    /// Rules about no single address.
    rest: Vec<u32>,
}

impl Index {
    fn add(&mut self, case: &Case, number: u32) {
        let key = match (case.source(), case.destination(), case.tunnel()) {
            (Some(s), Some(d), _) => Key::Pair(s, d),
            (Some(s), None, _) => Key::Source(s),
            (None, Some(d), _) => Key::Destination(d),
            (None, None, Some(t)) => Key::Tunnel(t),
            (None, None, None) => {
                if self.rest.last() != Some(&number) {
                    self.rest.push(number);
                }
                return;
            }
        };
        let list = self.by_key.entry(key).or_default();
        if list.last() != Some(&number) {
            list.push(number);
        }
    }

    fn candidates(&self, packet: &Selectors) -> Candidates<'_> {
        let tunnel = match packet.interface {
            Interface::Physical => None,
            Interface::TunnelTo(a) | Interface::TunnelFrom(a) => Some(a),
        };
        self.merged(Some(packet.source), Some(packet.destination), tunnel)
    }

    /// Rules that may cover a case: by its single addresses.
    pub(super) fn covering(&self, case: &Case) -> Candidates<'_> {
        self.merged(case.source(), case.destination(), case.tunnel())
    }

    fn merged(
        &self,
        source: Option<IpAddr>,
        destination: Option<IpAddr>,
        tunnel: Option<IpAddr>,
    ) -> Candidates<'_> {
        let list = |key: Option<Key>| {
            key.and_then(|k| self.by_key.get(&k)).map_or(&[][..], SmallVec::as_slice)
        };
        let pair = source.zip(destination).map(|(s, d)| Key::Pair(s, d));
        Candidates {
            lists: [
                list(pair),
                list(source.map(Key::Source)),
                list(destination.map(Key::Destination)),
                list(tunnel.map(Key::Tunnel)),
                &self.rest,
            ],
        }
    }
}

/// Numbers of rules in their order, from several lists.
pub(super) struct Candidates<'a> {
    lists: [&'a [u32]; 5],
}

impl Iterator for Candidates<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let first = *self.lists.iter().filter_map(|l| l.first()).min()?;
        for list in &mut self.lists {
            if list.first() == Some(&first) {
                *list = &list[1..];
            }
        }
        Some(first)
    }
}
