//! Which of the cases of section 6 a packet is, and the steps of that case.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use mip6_wire::codes::MhFormat;
use mip6_wire::icmpv6;
use mip6_wire::ip::proto;

use super::listing::{Item, Listing, Names};
use crate::association::{Mode, Protocol};

/// Which way a packet goes between a mobile node and its home agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// The mobile node sends it.
    ToHomeAgent,
    /// The home agent sends it.
    ToMobileNode,
}

/// A protected packet between a mobile node and its home agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    way: Way,
    tunnel: bool,
    /// As it is on the wire, what is protected in the clear.
    wire: Listing,
}

/// A section, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its number: `6.1`.
    pub number: &'static str,
    /// Its title, of the packet at hand: `Binding Update to the Home Agent`.
    pub title: String,
    /// The section is about another message that is treated the same.
    pub by_analogy: bool,
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by_analogy {
            write!(f, "{}, as in {}", self.title, self.number)
        } else {
            write!(f, "{} {}", self.number, self.title)
        }
    }
}

/// What a node does with a packet, in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number in its section, from 1.
    pub number: usize,
    /// What is done.
    pub act: Act,
    /// The same in a sentence.
    pub text: String,
    /// The packet after it, where it has changed or is new.
    pub packet: Option<Listing>,
}

/// What is done in a step, in the order in which it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// The packet is made, or comes in to be tunnelled.
    Make,
    /// It is found to belong into the tunnel.
    Tunnel,
    /// The policy is asked.
    Policy,
    /// The Home Address option or the Type 2 routing header is added.
    Add,
    /// ESP or AH is added.
    Protect,
    /// Addresses are exchanged before the packet is sent.
    Exchange,
    /// The packet goes out past the tunnel.
    Send,
    /// The packet comes in.
    Receive,
    /// Home Address option or Type 2 routing header is processed.
    Settle,
    /// ESP or AH is processed.
    Open,
    /// Selectors are compared.
    Select,
    /// The packet is handed on.
    Deliver,
}

/// Selectors of a security association for what comes in, RFC 4301 4.4.1.1.
/// `None` is any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selectors {
    /// Source that upper layers see.
    pub source: Option<Ipv6Addr>,
    /// Destination that upper layers see.
    pub destination: Option<Ipv6Addr>,
    /// Protocol number.
    pub protocol: Option<u8>,
}

impl Selectors {
    /// Whether the first IP header of a packet, and what it carries, are within
    /// them. A protocol that cannot be seen is not.
    pub fn fit(&self, packet: &Listing) -> bool {
        let Some((source, destination)) = packet.addresses() else { return false };
        self.source.is_none_or(|a| source == a)
            && self.destination.is_none_or(|a| destination == a)
            && self.protocol.is_none_or(|p| packet.upper() == Some(p))
    }

    fn text(&self, names: &Names) -> String {
        let address =
            |a: Option<Ipv6Addr>| a.map_or_else(|| "any".into(), |a| names.address(a.into()));
        let protocol = match self.protocol {
            None => String::new(),
            Some(proto::MOBILITY) => ", proto = MH".into(),
            Some(proto::ICMPV6) => ", proto = ICMPv6".into(),
            Some(p) => format!(", proto = {p}"),
        };
        let (source, destination) = (address(self.source), address(self.destination));
        format!("source = {source}, destination = {destination}{protocol}")
    }
}

impl Case {
    /// The case of a packet as it is on the wire, what is protected in the
    /// clear behind ESP or AH. Where the association does not say the mode, the
    /// packet does.
    pub fn new(way: Way, mode: Mode, wire: Listing) -> Self {
        let inside = wire.protection().and_then(|at| wire.0.get(at + 1));
        let tunnel = match mode {
            Mode::Tunnel => true,
            Mode::Transport => false,
            Mode::Any => matches!(inside, Some(Item::Ip { .. })),
        };
        Self { way, tunnel, wire }
    }

    /// Which way the packet goes.
    pub fn way(&self) -> Way {
        self.way
    }

    /// The packet as it is on the wire, what is protected in the clear.
    pub fn wire(&self) -> &Listing {
        &self.wire
    }

    /// What is protected: the packet as its sender made it, and as it is
    /// delivered. The addresses are those that upper layers see.
    pub fn plain(&self) -> Listing {
        if self.tunnel { self.wire.inside() } else { self.wire.exchanged().plain().unprotected() }
    }

    /// The node is away from home: the packet carries its home address apart
    /// from its care-of address.
    fn away(&self) -> bool {
        self.wire.exchanged() != self.wire
    }

    /// Names of what takes part.
    pub fn names(&self) -> Names {
        let mut names = Names::default();
        let outer = self.wire.addresses();
        let inner = self.plain().addresses();
        let turned = |(source, destination)| match self.way {
            Way::ToHomeAgent => (source, destination),
            Way::ToMobileNode => (destination, source),
        };
        let home = |names: &mut Names, a: IpAddr| names.name_address(a, "home address");
        match (inner.map(turned), outer.map(turned)) {
            (Some((mobile, peer)), Some((careof, agent))) if self.tunnel => {
                home(&mut names, mobile);
                names.name_address(careof, "care-of address");
                names.name_address(agent, "home agent");
                names.name_address(peer, "correspondent node");
            }
            (None, Some((careof, agent))) => {
                names.name_address(careof, "care-of address");
                names.name_address(agent, "home agent");
            }
            (Some((mobile, agent)), Some((careof, _))) => {
                home(&mut names, mobile);
                names.name_address(careof, "care-of address");
                names.name_address(agent, "home agent");
            }
            (_, None) => {}
        }
        names
    }

    /// The selectors that the association of such a packet has: the addresses
    /// that upper layers see; in a tunnel only the home address counts.
    pub fn selectors(&self) -> Selectors {
        let plain = self.plain();
        let v6 = |a: IpAddr| match a {
            IpAddr::V6(a) => Some(a),
            IpAddr::V4(_) => None,
        };
        let (source, destination) = plain.addresses().map_or((None, None), |(s, d)| (v6(s), v6(d)));
        match (self.tunnel, self.way) {
            (false, _) => Selectors { source, destination, protocol: plain.upper() },
            (true, Way::ToHomeAgent) => Selectors { source, ..Selectors::default() },
            (true, Way::ToMobileNode) => Selectors { destination, ..Selectors::default() },
        }
    }

    /// The sections about the sender and the receiver.
    pub fn sections(&self) -> [Section; 2] {
        let plain = self.plain();
        let upper = plain.0.iter().find(|i| {
            matches!(i, Item::Mobility { .. } | Item::Icmpv6(_) | Item::Upper(_) | Item::Hidden)
        });
        let format = match upper {
            Some(Item::Mobility { format, .. }) => *format,
            _ => MhFormat::Unknown,
        };
        let kind = match upper {
            Some(Item::Icmpv6(kind)) => *kind,
            _ => 0,
        };
        let message = || match upper {
            Some(Item::Hidden) | None => "Protected Packet".into(),
            Some(Item::Icmpv6(_)) => {
                format!("ICMPv6 {}", upper.map_or(String::new(), Item::message))
            }
            Some(Item::Mobility { .. }) => upper.map_or(String::new(), Item::message),
            Some(_) => "Packet".into(),
        };
        let payload =
            || if upper == Some(&Item::Hidden) { message() } else { "Payload Packet".into() };
        let (sent, received, what, exact) = match (self.tunnel, self.way) {
            (false, Way::ToHomeAgent) if kind == icmpv6::kind::PREFIX_SOLICITATION => {
                ("6.9", "6.10", "Prefix Solicitation Message".into(), true)
            }
            (false, Way::ToMobileNode) if kind == icmpv6::kind::PREFIX_ADVERTISEMENT => {
                ("6.11", "6.12", "Prefix Advertisement Message".into(), true)
            }
            (false, Way::ToHomeAgent) => {
                ("6.1", "6.2", message(), format == MhFormat::BindingUpdate)
            }
            (false, Way::ToMobileNode) => {
                ("6.3", "6.4", message(), format == MhFormat::BindingAcknowledgement)
            }
            (true, Way::ToHomeAgent) if format == MhFormat::HomeTestInit => {
                ("6.5", "6.6", message(), true)
            }
            (true, Way::ToMobileNode) if format == MhFormat::HomeTest => {
                ("6.7", "6.8", message(), true)
            }
            (true, Way::ToHomeAgent) => ("6.13", "6.14", payload(), upper != Some(&Item::Hidden)),
            (true, Way::ToMobileNode) => ("6.15", "6.16", payload(), upper != Some(&Item::Hidden)),
        };
        let (to, from) = match self.way {
            Way::ToHomeAgent => ("to the Home Agent", "from the Mobile Node"),
            Way::ToMobileNode => ("to the Mobile Node", "from the Home Agent"),
        };
        let at_home = if !self.tunnel && !self.away() { ", at home" } else { "" };
        [(sent, to), (received, from)].map(|(number, direction)| Section {
            number,
            title: format!("{what} {direction}{at_home}"),
            by_analogy: !exact,
        })
    }

    /// What the sender did.
    pub fn sending(&self) -> Vec<Step> {
        let wire = &self.wire;
        let steps = if self.tunnel {
            vec![
                (Act::Make, Some(self.plain())),
                (Act::Tunnel, None),
                (Act::Policy, None),
                (Act::Protect, Some(wire.clone())),
                (Act::Send, None),
            ]
        } else {
            let settled = wire.exchanged();
            let mut steps = vec![(Act::Make, Some(self.plain())), (Act::Policy, None)];
            if self.away() {
                steps.push((Act::Add, Some(settled.unprotected())));
            }
            steps.push((Act::Protect, Some(settled)));
            if self.away() {
                steps.push((Act::Exchange, Some(wire.clone())));
            }
            steps
        };
        self.tell(steps, &Selectors::default())
    }

    /// What the receiver does, if nothing is wrong. The association has
    /// `selectors`.
    pub fn receiving(&self, selectors: &Selectors) -> Vec<Step> {
        let wire = &self.wire;
        let mut steps = vec![(Act::Receive, Some(wire.clone()))];
        let settled = wire.exchanged();
        let opened = if self.tunnel { wire.inside() } else { settled.unprotected() };
        if !self.tunnel && self.away() {
            steps.push((Act::Settle, Some(settled)));
        }
        steps.extend([(Act::Open, Some(opened)), (Act::Select, None), (Act::Deliver, None)]);
        self.tell(steps, selectors)
    }

    /// What the receiver does until, at `act`, it discards the packet.
    pub fn receiving_until(&self, act: Act, why: &dyn fmt::Display) -> Vec<Step> {
        let what = match (act, self.way) {
            (Act::Settle, Way::ToHomeAgent) => "The Home Address option is not accepted",
            (Act::Settle, Way::ToMobileNode) => "The routing header is not accepted",
            (Act::Open, _) => "IPsec processing fails",
            (Act::Select, _) => "The packet does not fit the security association",
            _ => "The packet is not processed",
        };
        self.cut(act, format!("{what}: {why}. The {} discards the packet.", self.receiver()))
    }

    /// What the receiver does, for somebody who cannot see what is protected.
    pub fn receiving_unseen(&self, why: &dyn fmt::Display) -> Vec<Step> {
        let protocol = self.protocol();
        self.cut(
            Act::Open,
            format!("{protocol} is processed; what it protects cannot be seen here: {why}."),
        )
    }

    /// The receiver's steps up to `act`, of which `text` is said.
    fn cut(&self, act: Act, text: String) -> Vec<Step> {
        let mut steps = self.receiving(&Selectors::default());
        let before = steps.iter().take_while(|s| s.act < act).count();
        let packet = steps.first().filter(|_| act == Act::Receive).and_then(|s| s.packet.clone());
        steps.truncate(before);
        steps.push(Step { number: before + 1, act, text, packet });
        steps
    }

    fn tell(&self, steps: Vec<(Act, Option<Listing>)>, selectors: &Selectors) -> Vec<Step> {
        let numbered = steps.into_iter().zip(1..);
        numbered
            .map(|((act, packet), number)| {
                let mut text = self.text(act, selectors);
                text.push(if packet.is_some() { ':' } else { '.' });
                Step { number, act, text, packet }
            })
            .collect()
    }

    fn sender(&self) -> &'static str {
        match self.way {
            Way::ToHomeAgent => "mobile node",
            Way::ToMobileNode => "home agent",
        }
    }

    fn receiver(&self) -> &'static str {
        match self.way {
            Way::ToHomeAgent => "home agent",
            Way::ToMobileNode => "mobile node",
        }
    }

    fn protocol(&self) -> &'static str {
        match self.wire.protection().map(|at| &self.wire.0[at]) {
            Some(Item::Protection { protocol: Protocol::Ah, .. }) => "AH",
            Some(_) => "ESP",
            None => "IPsec",
        }
    }

    /// The sentence of a step, without its full stop.
    fn text(&self, act: Act, selectors: &Selectors) -> String {
        let (sender, receiver) = (self.sender(), self.receiver());
        let protocol = self.protocol();
        let plain = self.plain();
        let signalling = plain.0.iter().find(|i| match i {
            Item::Mobility { .. } => true,
            Item::Icmpv6(kind) => {
                [icmpv6::kind::PREFIX_SOLICITATION, icmpv6::kind::PREFIX_ADVERTISEMENT]
                    .contains(kind)
            }
            _ => false,
        });
        let what = signalling.map_or("packet".into(), Item::message);
        let to_agent = self.way == Way::ToHomeAgent;
        match act {
            Act::Make if self.tunnel && !to_agent => {
                format!("A {what} for the home address reaches the home agent")
            }
            Act::Make if signalling.is_some() => {
                format!("Mobile IPv6 at the {sender} makes the {what}, addressed as if at home")
            }
            Act::Make => format!("The {sender} has a packet to send, addressed as if at home"),
            Act::Tunnel if to_agent => "Its way leads through the tunnel to the home agent".into(),
            Act::Tunnel => {
                "The mobile node is away from home: the packet has to go through its tunnel".into()
            }
            Act::Policy if self.tunnel => format!(
                "The {sender}'s policy for the tunnel interface asks for {protocol} on this packet"
            ),
            Act::Policy => format!(
                "The {sender}'s policy asks for {protocol} on this packet, which is remembered"
            ),
            Act::Add => format!(
                "The {} is added, with the care-of address in it; the IPv6 header keeps the home \
                 address for now",
                self.carrier()
            ),
            Act::Protect if self.tunnel && to_agent => format!(
                "{protocol} in tunnel mode is applied, and the outer header has the current \
                 care-of address for its source"
            ),
            Act::Protect if self.tunnel => format!(
                "{protocol} in tunnel mode is applied, and the outer header has the current \
                 care-of address for its destination, whatever it was when the association was \
                 made"
            ),
            Act::Protect => {
                format!("{protocol} is applied, and computed over the packet in this form")
            }
            Act::Exchange => format!(
                "Home address and care-of address change places in IPv6 header and {}, and the \
                 packet is sent",
                self.carrier()
            ),
            Act::Send => format!(
                "What came out is no packet for the tunnel any more: it goes straight to the {}",
                if to_agent { "home agent" } else { "care-of address" }
            ),
            Act::Receive => format!("The {receiver} receives the packet"),
            Act::Settle => format!(
                "The {} comes first: home address and care-of address change places again",
                self.carrier()
            ),
            Act::Open if protocol == "AH" => "AH is verified and taken off".into(),
            Act::Open => format!("{protocol} is processed and taken off"),
            Act::Select => format!(
                "The packet is within the selectors of the security association ({})",
                selectors.text(&self.names())
            ),
            Act::Deliver if self.tunnel && to_agent => {
                format!("The {what} is forwarded to its destination")
            }
            Act::Deliver if signalling.is_some() => {
                format!("The {what} is handed to Mobile IPv6 at the {receiver}")
            }
            Act::Deliver => format!("The packet is handed to the upper layer at the {receiver}"),
        }
    }

    /// What carries the other address.
    fn carrier(&self) -> &'static str {
        match self.way {
            Way::ToHomeAgent => "Home Address option",
            Way::ToMobileNode => "Type 2 routing header",
        }
    }
}
