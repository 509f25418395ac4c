//! Who said what to whom, and what became of it.

mod build;
mod people;

use std::net::Ipv6Addr;

use mip6_conformance::report::diagram::{Diagram, Row};
use mip6_dissect::capture::Timestamp;

use super::list::List;
use crate::jobs::{Happening, Noted, Protected, Sight};
use people::People;

/// Packets of conversations that are kept.
const ROOM: usize = 50_000;
/// Events that are kept.
const EVENTS: usize = 50_000;
/// Packets that a diagram shows; it begins so many in front of the one asked for
/// where there are more.
const SHOWN: usize = 4_000;

/// Conversations of a capture.
#[derive(Debug, Default)]
pub struct Conversations {
    sights: Vec<Sight>,
    happenings: Vec<Happening>,
    /// How many packets and events there was no room for.
    pub more: u64,
    /// The newest are kept where there is no room for all, else the first.
    pub newest: bool,
    people: People,
    /// Mobile nodes, in the order of their first packet.
    pub nodes: Vec<Mobile>,
    /// Cursor and window among them.
    pub list: List,
    /// What became of the bindings of the chosen one, over time.
    pub lanes: Vec<Lane>,
    /// The first of them that is shown.
    pub lanes_top: usize,
    /// When the capture begins and ends, as far as it has been judged.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The diagram of the chosen one.
    pub diagram: Option<Diagram>,
    /// Cursor and window among rows of the diagram.
    pub rows: List,
    /// Whom the diagram is of, and what was known then.
    drawn: Option<(Ipv6Addr, u64)>,
    /// Rises with what is known.
    known: u64,
    /// What was known when mobile nodes were counted.
    counted: u64,
    /// The frame to which the diagram goes once it is there.
    pub wanted: Option<u64>,
}

/// A mobile node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mobile {
    /// Its home address.
    pub home: Ipv6Addr,
    /// Its home agent, if one is known.
    pub agent: Option<Ipv6Addr>,
    /// Its correspondents.
    pub correspondents: usize,
    /// Packets of its conversations.
    pub packets: u64,
}

/// Something that lives for a while: a binding, a local association, a security
/// association.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What it is, in a few words.
    pub title: String,
    /// When it lived.
    pub spans: Vec<Span>,
}

/// A time of life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// From when.
    pub from: Timestamp,
    /// Until when, if nothing else happens.
    pub until: Timestamp,
    /// What is to be said of it: the care-of address, the lifetime; and in brief,
    /// the lifetime.
    pub note: (String, String),
    /// The mobile node has moved since the one before.
    pub moved: bool,
    /// The first packet of it (index of a frame).
    pub frame: u32,
}

/// Appends to a list of at most `room`; how many there was no room for.
fn push<T>(list: &mut Vec<T>, item: T, room: usize, newest: bool) -> u64 {
    let full = list.len() >= room;
    if full && !newest {
        return 1;
    }
    let gone = if full { room / 8 } else { 0 };
    list.drain(..gone);
    list.push(item);
    gone as u64
}

impl Conversations {
    /// Takes in what has been found.
    pub fn take(&mut self, sights: Vec<Sight>, happenings: Vec<Happening>) {
        self.known += (sights.len() + happenings.len()) as u64;
        for h in happenings {
            self.more += u64::from(!self.people.take(&h));
            self.more += push(&mut self.happenings, h, EVENTS, self.newest);
        }
        for s in sights {
            self.more += push(&mut self.sights, s, ROOM, self.newest);
        }
    }

    /// Lets go what was in frames in front of the one of an index.
    pub fn let_go(&mut self, first: u64) {
        let sights = self.sights.partition_point(|s| u64::from(s.frame) < first);
        let happenings = self.happenings.partition_point(|h| u64::from(h.frame) < first);
        if sights + happenings > 0 {
            self.sights.drain(..sights);
            self.happenings.drain(..happenings);
            self.known += 1;
        }
    }

    /// Counts mobile nodes and their packets, if there is something new.
    fn count(&mut self) {
        if self.counted != self.known {
            self.counted = self.known;
            self.nodes = self.people.mobiles(&self.sights);
            self.list.fit(self.nodes.len() as u64, u16::MAX);
        }
    }

    /// Forgets all of it.
    pub fn clear(&mut self) {
        *self = Self { wanted: self.wanted, newest: self.newest, ..Self::default() };
    }

    /// The chosen mobile node.
    pub fn chosen(&self) -> Option<&Mobile> {
        self.nodes.get(usize::try_from(self.list.cursor).ok()?)
    }

    /// Chooses the mobile node of a frame, and goes to its row.
    pub fn show(&mut self, frame: u64) {
        self.count();
        self.wanted = Some(frame);
        let at = self.sights.partition_point(|s| u64::from(s.frame) < frame);
        let near = self.sights.get(at).or_else(|| self.sights.last());
        let home = near.and_then(|s| self.people.mobile_of(s));
        if let Some(at) = home.and_then(|h| self.nodes.iter().position(|n| n.home == h)) {
            self.list.cursor = at as u64;
        }
        self.drawn = None;
    }

    /// Makes the diagram and the lanes of the chosen mobile node, if they are not
    /// there yet.
    pub fn draw(&mut self, findings: &[Noted], protected: &[Protected], height: u16) {
        self.count();
        let Some(home) = self.chosen().map(|m| m.home) else {
            self.diagram = None;
            self.lanes.clear();
            return;
        };
        let known = self.known;
        if self.drawn == Some((home, known)) {
            return;
        }
        let whose = self.drawn.map(|(h, _)| h);
        self.drawn = Some((home, known));
        self.span = self.sights.first().map(|s| s.time).zip(self.sights.last().map(|s| s.time));
        let keep = self.frame();
        let near = self.wanted.or(keep.filter(|_| whose == Some(home)));
        let diagram = build::diagram(home, &self.people, &self.sights, findings, near, SHOWN);
        self.lanes = build::lanes(home, &self.people, &self.happenings, protected, self.span);
        self.diagram = Some(diagram);
        if whose != Some(home) {
            self.rows = List::default();
            self.lanes_top = 0;
        }
        if let Some(frame) = near {
            self.go_to(frame, height);
        }
        // What has not come yet may still come.
        let come = |frame: &u64| self.sights.last().is_none_or(|s| u64::from(s.frame) < *frame);
        self.wanted = self.wanted.filter(come);
    }

    fn go_to(&mut self, frame: u64, height: u16) {
        let Some(diagram) = &self.diagram else { return };
        let first = |row: &Row| numbers(row).first().copied();
        let after = diagram.rows.iter().position(|r| first(r).is_some_and(|n| n > frame + 1));
        let at = after.unwrap_or(diagram.rows.len()).saturating_sub(1);
        self.rows.cursor = at as u64;
        self.rows.fit(diagram.rows.len() as u64, height);
    }

    /// When the row under the cursor was captured.
    pub fn time(&self) -> Option<Timestamp> {
        let frame = self.frame()?;
        let at = self.sights.partition_point(|s| u64::from(s.frame) < frame);
        self.sights.get(at).filter(|s| u64::from(s.frame) == frame).map(|s| s.time)
    }

    /// The frame (an index) of the row under the cursor.
    pub fn frame(&self) -> Option<u64> {
        let row = self.diagram.as_ref()?.rows.get(usize::try_from(self.rows.cursor).ok()?)?;
        numbers(row).first().map(|n| n.saturating_sub(1))
    }
}

/// Numbers of the frames of a row.
pub fn numbers(row: &Row) -> Vec<u64> {
    match row {
        Row::Packet(p) => p.hops.iter().map(|h| h.frame).collect(),
        Row::Folded(f) => f.frames.clone(),
        Row::Step(_) => Vec::new(),
    }
}
