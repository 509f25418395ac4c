//! A virtual network: links with delay, loss, duplication, reordering and MTU;
//! nodes that move between them; a clock that jumps to what happens next. The same
//! seed gives the same trace, octet by octet. One of the nodes may be outside, on a
//! wire: then time passes by the clock on the wall.

mod link;
mod outside;
mod trace;

pub use link::{LinkConfig, LinkId};
pub use outside::{Arrival, Outside, Trouble};
pub use trace::{Fate, Sent, Told};

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use mip6_wire::header::Header;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::roles::{Command, Input, Interface, Node, Output};
use crate::time::Instant;
use link::Link;

/// A node in the network, by the order in which they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub usize);

/// One end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The node.
    pub node: NodeId,
    /// Its interface.
    pub interface: Interface,
}

/// A frame under way.
#[derive(Debug)]
struct Delivery {
    to: Place,
    link: LinkId,
    octets: Rc<[u8]>,
}

/// Links, nodes and what is under way between them.
#[derive(Debug)]
pub struct Network {
    links: Vec<Link>,
    nodes: Vec<Attached>,
    queue: BTreeMap<(Instant, u64), Delivery>,
    sequence: u64,
    now: Instant,
    rng: StdRng,
    sent: Vec<Sent>,
    told: Vec<Told>,
    drops: Vec<Drop>,
    outside: Option<Box<dyn Outside>>,
}

/// Says of a frame, from its Ethernet header on, whether it is meant.
pub type Judge = Box<dyn FnMut(&[u8]) -> bool + Send>;

/// Frames that are lost on purpose.
struct Drop {
    link: LinkId,
    from: Option<NodeId>,
    left: Option<u32>,
    judge: Judge,
}

impl fmt::Debug for Drop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drop").field("link", &self.link).finish_non_exhaustive()
    }
}

impl Drop {
    fn takes(&mut self, link: LinkId, from: Place, octets: &[u8]) -> bool {
        let meant = self.link == link
            && self.from.is_none_or(|n| n == from.node)
            && self.left != Some(0)
            && (self.judge)(octets);
        if let (true, Some(left)) = (meant, &mut self.left) {
            *left -= 1;
        }
        meant
    }
}

#[derive(Debug)]
struct Attached {
    /// `None` is the node that is not played here.
    node: Option<Node>,
    /// The link of each interface.
    links: Vec<Option<LinkId>>,
}

/// Frames in one instant after which something goes round in circles.
const MOST_AT_ONCE: usize = 100_000;

impl Network {
    /// A network without links and nodes.
    pub fn new(seed: u64) -> Self {
        Self {
            links: Vec::new(),
            nodes: Vec::new(),
            queue: BTreeMap::new(),
            sequence: 0,
            now: Instant::START,
            rng: StdRng::seed_from_u64(seed),
            sent: Vec::new(),
            told: Vec::new(),
            drops: Vec::new(),
            outside: None,
        }
    }

    /// Adds a link.
    pub fn link(&mut self, config: LinkConfig) -> LinkId {
        self.links.push(Link::new(config));
        LinkId(self.links.len() - 1)
    }

    /// Changes a link; frames under way are not touched.
    pub fn link_mut(&mut self, link: LinkId) -> Option<&mut LinkConfig> {
        self.links.get_mut(link.0).map(|l| &mut l.config)
    }

    /// Adds a node whose interfaces are not connected.
    pub fn node(&mut self, node: Node) -> NodeId {
        let links = node.host().interfaces().map(|_| None).collect();
        self.nodes.push(Attached { node: Some(node), links });
        NodeId(self.nodes.len() - 1)
    }

    /// Adds the node that is not played here, with so many interfaces; there is at
    /// most one.
    pub fn outside(&mut self, interfaces: usize, way: Box<dyn Outside>) -> NodeId {
        self.nodes.push(Attached { node: None, links: vec![None; interfaces] });
        self.now = self.now.max(way.now());
        self.outside = Some(way);
        NodeId(self.nodes.len() - 1)
    }

    /// The way to the node that is not played here.
    pub fn way(&mut self) -> Option<&mut dyn Outside> {
        self.outside.as_deref_mut().map(|way| way as &mut dyn Outside)
    }

    /// A node that is played here.
    pub fn get(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(node.0)?.node.as_ref()
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, node: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(node.0)?.node.as_mut()
    }

    /// What a node says of itself; nothing if it says nothing.
    pub fn state(&mut self, node: NodeId) -> Vec<(String, String)> {
        let played = self.nodes.get(node.0).and_then(|n| n.node.as_ref());
        match (played, &mut self.outside) {
            (Some(played), _) => played.state(self.now),
            (None, Some(way)) => way.state(),
            (None, None) => Vec::new(),
        }
    }

    /// Why there is no use in going on, if so.
    pub fn trouble(&self) -> Option<Trouble> {
        self.outside.as_ref()?.trouble()
    }

    /// Connects an interface to a link, or cuts it off. The node is told.
    pub fn attach(&mut self, place: Place, link: Option<LinkId>) {
        let Some(node) = self.nodes.get_mut(place.node.0) else { return };
        let Some(slot) = node.links.get_mut(place.interface.index()) else { return };
        *slot = link;
        if let (None, Some(way)) = (&node.node, &mut self.outside) {
            way.attach(place.interface, link);
        }
        self.input(place.node, &Input::Link { interface: place.interface, up: link.is_some() });
        let mtu = link.and_then(|l| self.links.get(l.0)).map(|l| l.config.mtu);
        if let (Some(mtu), Some(node)) = (mtu, self.get_mut(place.node)) {
            node.host_mut().set_mtu(place.interface, mtu);
        }
    }

    /// Changes the MTU of a link, and tells those who are on it.
    pub fn set_mtu(&mut self, link: LinkId, mtu: usize) {
        let Some(config) = self.link_mut(link) else { return };
        config.mtu = mtu;
        for node in &mut self.nodes {
            let Some(played) = &mut node.node else { continue };
            for (i, _) in node.links.iter().enumerate().filter(|(_, l)| **l == Some(link)) {
                played.host_mut().set_mtu(Interface(i as u16), mtu);
            }
        }
    }

    /// The link of an interface.
    pub fn attached(&self, place: Place) -> Option<LinkId> {
        *self.nodes.get(place.node.0)?.links.get(place.interface.index())?
    }

    /// Tells a node that is played here to do something.
    pub fn command(&mut self, node: NodeId, command: &Command) {
        self.input(node, &Input::Command(command));
    }

    /// Tells a node to do something, wherever it is; why it cannot be told, if so.
    pub fn request(&mut self, node: NodeId, command: &Command) -> Result<(), String> {
        let outside = self.nodes.get(node.0).is_some_and(|n| n.node.is_none());
        match &mut self.outside {
            Some(way) if outside => way.command(command),
            _ => {
                self.command(node, command);
                Ok(())
            }
        }
    }

    /// Lets a node send a packet that is as it goes over the wire.
    pub fn output(&mut self, node: NodeId, headers: &[Header<'_>], interface: Interface) {
        let now = self.now;
        if let Some(node) = self.get_mut(node) {
            node.host_mut().output(now, headers, Some(interface), None);
        }
        self.drain(node);
    }

    /// Lets a link lose frames that `judge` says yes to: so many, or all from here
    /// on; of one node, or of all.
    pub fn drop_frames(
        &mut self,
        link: LinkId,
        from: Option<NodeId>,
        count: Option<u32>,
        judge: Judge,
    ) {
        self.drops.push(Drop { link, from, left: count, judge });
    }

    /// Puts a frame on a link as if a node had sent it.
    pub fn inject(&mut self, from: Place, octets: &[u8]) {
        self.transmit(from, &octets.into());
    }

    /// The time.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Whether no frame is under way.
    pub fn is_quiet(&self) -> bool {
        self.queue.is_empty()
    }

    /// Every frame that was sent, in order.
    pub fn sent(&self) -> &[Sent] {
        &self.sent
    }

    /// Everything that nodes told, in order.
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// When something happens next.
    pub fn next(&self) -> Option<Instant> {
        let queued = self.queue.keys().next().map(|(at, _)| *at);
        self.nodes.iter().filter_map(|n| n.node.as_ref()?.deadline()).chain(queued).min()
    }

    /// Lets time pass until `until`, or until `enough` says so; it is asked after
    /// each instant in which something happened. Whether it said so.
    pub fn run(&mut self, until: Instant, mut enough: impl FnMut(&Self) -> bool) -> bool {
        if self.outside.is_some() {
            return self.run_by_clock(until, enough);
        }
        while let Some(at) = self.next().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.instant();
            if enough(self) {
                return true;
            }
        }
        self.now = self.now.max(until);
        false
    }

    /// The same with a node on a wire, whose frames come when they come.
    fn run_by_clock(&mut self, until: Instant, mut enough: impl FnMut(&Self) -> bool) -> bool {
        loop {
            let due = self.next().map_or(until, |at| at.min(until));
            let Some(way) = &mut self.outside else { return false };
            let arrival = way.wait(due);
            self.now = self.now.max(way.now());
            let given_up = way.trouble().is_some();
            if let Some(Arrival { at, interface, octets }) = arrival {
                let outside = self.nodes.iter().position(|n| n.node.is_none());
                let from = Place { node: NodeId(outside.unwrap_or_default()), interface };
                self.transmit_at(at, from, &octets.into());
            }
            self.instant();
            if enough(self) {
                return true;
            }
            if given_up || self.now >= until {
                return false;
            }
        }
    }

    /// Lets time pass.
    pub fn run_for(&mut self, time: Duration) {
        let until = self.now + time;
        self.run(until, |_| false);
    }

    /// Does everything that is due now.
    fn instant(&mut self) {
        for _ in 0..MOST_AT_ONCE {
            if let Some(entry) = self.queue.first_entry()
                && entry.key().0 <= self.now
            {
                let d = entry.remove();
                // It may have been moved to another link meanwhile.
                if self.attached(d.to) == Some(d.link) {
                    let interface = d.to.interface;
                    self.input(d.to.node, &Input::Frame { interface, octets: &d.octets });
                }
                continue;
            }
            let now = self.now;
            let due = self
                .nodes
                .iter()
                .position(|n| n.node.as_ref().and_then(Node::deadline).is_some_and(|at| at <= now));
            match due {
                Some(node) => self.input(NodeId(node), &Input::Timer),
                None => return,
            }
        }
        self.told.push(Told {
            at: self.now,
            node: None,
            text: "packets go round in circles: time goes on".into(),
        });
        self.now = self.now + Duration::from_micros(1);
    }

    fn input(&mut self, id: NodeId, input: &Input<'_>) {
        let now = self.now;
        let played = self.nodes.get_mut(id.0).and_then(|n| n.node.as_mut());
        match (played, input, &mut self.outside) {
            (Some(node), ..) => {
                node.handle(now, input);
                self.drain(id);
            }
            (None, Input::Frame { interface, octets }, Some(way)) => {
                way.deliver(*interface, octets);
            }
            _ => {}
        }
    }

    /// Takes out what a node has to send and to tell.
    fn drain(&mut self, id: NodeId) {
        let now = self.now;
        while let Some(output) = self.get_mut(id).and_then(Node::poll) {
            match output {
                Output::Frame { interface, octets } => {
                    self.transmit(Place { node: id, interface }, &octets.into());
                }
                Output::Event(event) => {
                    self.told.push(Told { at: now, node: Some(id), text: event.0 });
                }
            }
        }
    }

    /// Puts a frame on the link of a place.
    fn transmit(&mut self, from: Place, octets: &Rc<[u8]>) {
        self.transmit_at(self.now, from, octets);
    }

    /// The same for a frame that was sent at another time.
    fn transmit_at(&mut self, now: Instant, from: Place, octets: &Rc<[u8]>) {
        let Some(id) = self.attached(from) else { return };
        let dropped = self.drops.iter_mut().any(|d| d.takes(id, from, octets));
        let fates =
            if dropped { Vec::new() } else { self.links[id.0].carry(octets, now, &mut self.rng) };
        let fate = match fates.is_empty() {
            _ if dropped => Fate::Dropped,
            true if self.links[id.0].is_too_long(octets) => Fate::TooLong,
            true => Fate::Lost,
            false => Fate::Carried,
        };
        self.sent.push(Sent { at: now, link: id, from, octets: octets.clone(), fate });
        let to: Vec<Place> = self.on(id).filter(|p| *p != from).collect();
        for at in fates {
            for to in &to {
                self.sequence += 1;
                let delivery = Delivery { to: *to, link: id, octets: octets.clone() };
                self.queue.insert((at, self.sequence), delivery);
            }
        }
    }

    /// Who is on a link.
    fn on(&self, link: LinkId) -> impl Iterator<Item = Place> + '_ {
        self.nodes.iter().enumerate().flat_map(move |(n, attached)| {
            attached
                .links
                .iter()
                .enumerate()
                .filter(move |(_, l)| **l == Some(link))
                .map(move |(i, _)| Place { node: NodeId(n), interface: Interface(i as u16) })
        })
    }
}
