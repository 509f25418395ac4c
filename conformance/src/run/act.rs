//! Steps that bring something about.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use mip6_inject::{CraftError, Crafter, Datum, Keyring, Sealing, Term};
use mip6_wire::header::{Header, write_packet};

use super::engine::{Engine, Failure};
use super::tell;
use crate::case::command::{self, CommandDoc};
use crate::case::step::{Alter, Do, Network, Send};
use crate::case::values::Period;
use crate::network::{LinkId, NodeId, Place};
use crate::roles::Interface;
use crate::roles::command::{
    Command, Datagram, Echo, ExchangeKey, Finish, Prefix, TestInit, Update,
};
use crate::roles::mobility::units;

/// Time between Echo Requests of one command.
const BETWEEN: Duration = Duration::from_secs(1);

impl Engine<'_> {
    /// A node acts.
    pub(super) fn act(&mut self, s: &Do) -> Result<(), Failure> {
        let node = self.node(&s.node.value)?;
        let manual = self.lab.plan.nodes[node].role == crate::case::topology::Role::MobileNode;
        if manual {
            self.lab.await_address(node);
        }
        let (commands, between) = self.commands(node, &s.command.value)?;
        self.stimulus();
        for (i, command) in commands.iter().enumerate() {
            if i > 0 {
                self.pass(between);
            }
            self.lab
                .network
                .request(NodeId(node), command)
                .map_err(|why| Failure::undone(tell::told(s), why))?;
        }
        self.observer.watch(self.lab.network.sent());
        Ok(())
    }

    fn commands(&self, node: usize, doc: &CommandDoc) -> Result<(Vec<Command>, Duration), Failure> {
        let one = |c| Ok((vec![c], Duration::ZERO));
        match doc {
            CommandDoc::Register { lifetime } => {
                one(Command::Register { lifetime: lifetime.map(|p| units(p.0)) })
            }
            CommandDoc::Deregister {} => one(Command::Deregister),
            CommandDoc::Update(u) => one(Command::Update(self.update(u)?)),
            CommandDoc::TestInit(t) => one(Command::TestInit(TestInit {
                peer: self.address(&t.peer)?,
                home: t.home,
                careof: t.careof,
            })),
            CommandDoc::Optimize { peer, lifetime } => one(Command::Optimize {
                peer: self.address(peer)?,
                lifetime: lifetime.map(|p| units(p.0)),
            }),
            CommandDoc::DiscoverHomeAgent { to } => one(Command::DiscoverHomeAgent {
                to: to.as_ref().map(|t| self.address(t)).transpose()?,
            }),
            CommandDoc::SolicitPrefixes {} => one(Command::SolicitPrefixes),
            CommandDoc::ExchangeKey(told) => one(Command::ExchangeKey(ExchangeKey {
                sequence: told.sequence.as_ref().map(|t| self.number(t)).transpose()?,
                lifetime: told.lifetime.as_ref().map(|t| self.number(t)).transpose()?,
                same_key: told.same_key.unwrap_or(false),
            })),
            CommandDoc::Finish(told) => one(Command::Finish(Finish {
                to: told.to.as_ref().map(|t| self.address(t)).transpose()?,
                nonce: told.nonce.as_ref().map(|t| self.number(t)).transpose()?,
                sequence: told.sequence.as_ref().map(|t| self.number(t)).transpose()?,
            })),
            CommandDoc::AdvertisePrefixes { to } => one(Command::AdvertisePrefixes {
                to: to.as_ref().map(|t| self.address(t)).transpose()?,
            }),
            CommandDoc::SetPrefix(told) => one(Command::Prefix(self.prefix(node, told)?)),
            CommandDoc::RefreshRequest { to } => {
                one(Command::RefreshRequest { home: self.address(to)? })
            }
            CommandDoc::Echo(e) => {
                let count = e.count.unwrap_or(1).min(10_000);
                let echo = Echo {
                    to: self.address(&e.to)?,
                    from: e.from.as_ref().map(|t| self.address(t)).transpose()?,
                    interface: None,
                    octets: e.size.as_ref().map_or(56, |n| usize::from(n.value)),
                    hop_limit: e.hop_limit.as_ref().map(|t| self.number(t)).transpose()?,
                    identifier: node as u16 + 1,
                    sequence: 1,
                };
                let commands = (1..=count)
                    .map(|n| Command::Echo(Echo { sequence: n as u16, ..echo.clone() }))
                    .collect();
                Ok((commands, BETWEEN))
            }
            CommandDoc::Datagram(d) => one(Command::Datagram(Datagram {
                to: self.address(&d.to)?,
                from: d.from.as_ref().map(|t| self.address(t)).transpose()?,
                octets: d.size.as_ref().map_or(16, |n| usize::from(n.value)),
                source_port: d.source_port.as_ref().map_or(Ok(40_000), |t| self.number(t))?,
                destination_port: d
                    .destination_port
                    .as_ref()
                    .map_or(Ok(40_001), |t| self.number(t))?,
            })),
            CommandDoc::Advertise {} => one(Command::AdvertiseNow),
            CommandDoc::SolicitRouter {} => one(Command::SolicitRouter),
            CommandDoc::SolicitNeighbor { target, from } => one(Command::SolicitNeighbor {
                target: self.address(target)?,
                from: from.as_ref().map(|t| self.address(t)).transpose()?,
            }),
            CommandDoc::MoveHome { to } => {
                one(Command::MoveHome { to: to.as_ref().map(|t| self.address(t)).transpose()? })
            }
            CommandDoc::Restart {} => one(Command::Restart),
        }
    }

    /// What a router is to advertise of a prefix.
    fn prefix(&self, node: usize, told: &command::SetPrefix) -> Result<Prefix, Failure> {
        let plan = &self.lab.plan;
        let link = match &told.on {
            Some(on) => Some(self.link(&on.value)?),
            None => plan.nodes[node].interfaces.first().and_then(|i| i.link),
        };
        let at = link.and_then(|l| Some((l, plan.interface(node, l)?)));
        let Some((link, interface)) = at else {
            return Err(Failure::undone("a link that the node is on", "it is on none"));
        };
        let planned = &plan.links[link];
        let (prefix, len) =
            told.prefix.map_or((planned.prefix, planned.len), |p| (p.address, p.length));
        let seconds = |p: Period| u32::try_from(p.0.as_secs()).unwrap_or(u32::MAX);
        let (valid, preferred) = (seconds(told.valid), seconds(told.preferred));
        Ok(Prefix { interface, prefix, len, valid, preferred })
    }

    fn update(&self, u: &command::Update) -> Result<Update, Failure> {
        let address = |t: &Option<Term>| t.as_ref().map(|t| self.address(t)).transpose();
        let number = |t: &Option<Term>| t.as_ref().map(|t| self.number(t)).transpose();
        let flags = u.flags.as_ref().map(|letters| {
            letters.value.chars().fold(0u16, |flags, letter| {
                flags
                    | match letter {
                        'A' => 0x8000,
                        'H' => 0x4000,
                        'L' => 0x2000,
                        'K' => 0x1000,
                        _ => 0,
                    }
            })
        });
        let indices = match &u.nonce_indices {
            Some((home, careof)) => Some((self.number(home)?, self.number(careof)?)),
            None => None,
        };
        Ok(Update {
            to: address(&u.to)?,
            home: address(&u.home_address)?,
            careof: address(&u.careof)?,
            alternate: address(&u.alternate_careof)?,
            sequence: number(&u.sequence)?,
            lifetime: number(&u.lifetime)?,
            flags,
            indices,
            send_alternate: u.send_alternate_careof,
            send_home: u.send_home_address,
            send_indices: u.send_nonce_indices,
            send_authenticator: u.send_authenticator,
            protect: u.protect,
            retransmit: u.retransmit,
        })
    }

    fn datum(&self, term: &Term) -> Result<Datum, Failure> {
        term.resolve(&self.names())
            .map(|r| r.datum)
            .map_err(|e| Failure::undone(format!("a value of {term}"), e.to_string()))
    }

    pub(super) fn address(&self, term: &Term) -> Result<Ipv6Addr, Failure> {
        let datum = self.datum(term)?;
        match datum.address() {
            Some(IpAddr::V6(a)) => Ok(a),
            _ => Err(Failure::undone("an IPv6 address", datum.to_string())),
        }
    }

    /// A number in the width of its field: a sum wraps.
    pub(super) fn number<N: TryFrom<i128>>(&self, term: &Term) -> Result<N, Failure> {
        let bits = 8 * size_of::<N>() as u32;
        let resolved = term
            .resolve(&self.names())
            .map_err(|e| Failure::undone(format!("a value of {term}"), e.to_string()))?;
        let datum = resolved.within(bits);
        datum
            .number()
            .and_then(|n| N::try_from(n).ok())
            .ok_or_else(|| Failure::undone(format!("a number of {bits} bits"), datum.to_string()))
    }

    /// A crafted packet is sent.
    pub(super) fn craft(&mut self, s: &Send) -> Result<(), Failure> {
        let node = self.node(&s.from.value)?;
        let interface = match &s.on {
            Some(link) => {
                let link = self.link(&link.value)?;
                self.lab.plan.interface(node, link).ok_or_else(|| {
                    Failure::undone(format!("{} on the link", s.from.value), "it is not")
                })?
            }
            None => Interface(0),
        };
        self.stimulus();
        for n in 0..s.times.unwrap_or(1).min(100_000) {
            if n > 0
                && let Some(every) = s.every
            {
                self.pass(every.0);
            }
            let keys = Keys { lab: self.lab.keys.clone(), sequences: &self.sequences };
            let names = self.names();
            let codes = self.lab.codes();
            // Written by the draft's numbers, and put into those of the run.
            let written = self.lab.written();
            let crafter = Crafter::new(&names, written).with_keys(&keys);
            let undone =
                |e: CraftError| Failure::undone("a packet that can be made", e.to_string());
            let spec = &s.packet.value;
            let mut headers = crafter.craft_open(spec).map_err(undone)?;
            self.lab.put(&mut headers, s.local_key.as_ref());
            if let Some(authorize) = &s.authorize {
                self.sign(authorize, &headers)?.apply(&mut headers, codes);
            }
            if let Some(local) = &s.local_key {
                self.sign_locally(local, &mut headers)?;
            }
            crafter.seal(spec, &mut headers).map_err(undone)?;
            for name in s.packet.value.associations() {
                *self.sequences.entry(name.to_owned()).or_insert(FIRST_SEQUENCE) += 1;
            }
            if matches!(headers.first(), Some(Header::Ethernet(_))) {
                let octets = write_packet(&headers, codes);
                self.lab.network.inject(Place { node: NodeId(node), interface }, &octets);
            } else {
                self.lab.network.output(NodeId(node), &headers, interface);
            }
        }
        self.observer.watch(self.lab.network.sent());
        if let Some(name) = &s.name {
            let last = self.lab.network.sent().len().saturating_sub(1);
            self.named.insert(name.value.clone(), last);
        }
        Ok(())
    }

    /// Packets of a node are changed from here on.
    pub(super) fn alter(&mut self, s: &Alter) -> Result<(), Failure> {
        let node = self.node(&s.node.value)?;
        let scope = Arc::new(self.flat_names());
        let Some(played) = self.lab.network.get_mut(NodeId(node)) else {
            let expected = format!("packets of {} that can be altered", s.node.value);
            return Err(Failure::undone(expected, "the node is on a wire"));
        };
        played.host_mut().alter(s.change.value.clone(), scope, s.times, s.signed);
        Ok(())
    }

    /// A link changes.
    pub(super) fn network(&mut self, s: &Network) -> Result<(), Failure> {
        let link = self.link(&s.link.value)?;
        let from = s
            .drop
            .as_ref()
            .and_then(|d| d.from.as_ref())
            .map(|n| self.node(&n.value))
            .transpose()?;
        if let Some(drop) = &s.drop {
            let names = Arc::new(self.flat_names());
            let fields = drop.fields.clone();
            let keys = self.lab.keys.clone();
            let profile = self.lab.profile();
            let judge = move |octets: &[u8]| {
                super::observe::holds(octets, &fields, &*names, &keys, &profile)
            };
            self.lab.network.drop_frames(
                LinkId(link),
                from.map(NodeId),
                drop.count,
                Box::new(judge),
            );
        }
        if let Some(mtu) = &s.mtu {
            self.lab.network.set_mtu(LinkId(link), mtu.value as usize);
        }
        if let Some(config) = self.lab.network.link_mut(LinkId(link)) {
            if let Some(delay) = s.delay {
                config.delay = delay.0;
            }
            if let Some(loss) = s.loss {
                config.loss = loss.share();
            }
            if let Some(duplicate) = s.duplicate {
                config.duplicate = duplicate.share();
            }
            if let Some(reorder) = s.reorder {
                config.reorder = reorder.share();
            }
        }
        Ok(())
    }

    /// Everything that has been saved, and attributes as they are now.
    fn flat_names(&self) -> super::engine::OwnNames {
        super::engine::OwnNames { plan: self.lab.plan.clone(), saved: self.saved.clone() }
    }
}

/// Crafted packets use sequence numbers far ahead of what nodes use themselves, so
/// that no replay window takes them for old.
const FIRST_SEQUENCE: u64 = 100_000;

/// The associations of a case.
struct Keys<'e> {
    lab: Arc<mip6_security::keys::Keys>,
    sequences: &'e std::collections::BTreeMap<String, u64>,
}

impl Keyring for Keys<'_> {
    fn sealing(&self, name: &str) -> Option<Sealing<'_>> {
        let association = self.lab.associations.iter().find(|a| a.name == name)?;
        let sequence = self.sequences.get(name).copied().unwrap_or(FIRST_SEQUENCE);
        Some(Sealing { association, sequence })
    }
}
