//! Local Key Exchange, draft-liu-mobileip-lke-01 2 and 5: the key that a mobile node
//! shares with its access router (`exchange`), duplicate address detection by that
//! router (`detection`), and bindings of addresses that it has left behind
//! (`binding`). Associations begin and end in `life`.

mod binding;
mod commands;
mod detection;
mod exchange;
pub mod faults;
mod life;

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_security::mobility::local::{LocalKey, Reading, RouterPublicKey};

use super::{MobileNode, Task};
use crate::roles::Interface;
use crate::roles::local::Readings;
use crate::roles::node::Context;
use crate::time::Instant;
use binding::{Asked, Granted, Held};
use exchange::Exchange;

/// Routers whose offers are remembered.
const OFFERS: usize = 32;
/// Associations that are remembered; beyond them, the one that ends first goes.
const ROOM: usize = 16;

/// How a mobile node speaks Local Key Exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalConfig {
    /// Lifetime that it asks access routers for, in seconds, as far as they offer it;
    /// `None` is what they offer.
    pub lifetime: Option<u32>,
    /// What it does with its home agent when it moves.
    pub way: Way,
    /// Sequence number of its first request; `None` is random.
    pub first_sequence: Option<u16>,
    /// Time from the first request to the second; not below the 3 s in which an access
    /// router looks at one request (draft 6.2).
    pub initial_timeout: Duration,
    /// Most time between two of them.
    pub max_timeout: Duration,
    /// By which readings of the draft it speaks.
    pub readings: Readings,
}

impl Default for LocalConfig {
    fn default() -> Self {
        Self::by(Readings::default())
    }
}

impl LocalConfig {
    /// By these readings, and else as the draft has it.
    pub fn by(readings: Readings) -> Self {
        Self {
            lifetime: None,
            way: Way::Both,
            first_sequence: None,
            initial_timeout: Duration::from_secs(if readings.has(Reading::OneSecond) {
                1
            } else {
                3
            }),
            max_timeout: Duration::from_secs(32),
            readings,
        }
    }
}

/// The two ways of local mobility, draft 2.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// (1): it registers with its home agent and with the access router before.
    #[default]
    Both,
    /// (2): an access router is its home agent for as long as possible; the real one
    /// hears of it when that ends.
    Temporary,
}

/// What has to be done later, by care-of address of the association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Duty {
    /// The request is to be sent again.
    Request,
    /// An exchange is to begin anew, if one is needed.
    Again,
    /// The access router should have asked for the address by now.
    Unasked(Ipv6Addr),
    /// The association is to be renewed.
    Renewal(Ipv6Addr),
    /// The association ends.
    Expiry(Ipv6Addr),
    /// A Binding Update is to be sent again, or the binding to be refreshed.
    Update(Ipv6Addr),
    /// The binding at the access router ends.
    Bound(Ipv6Addr),
    /// The home agent is to be registered with before the association ends.
    Home(Ipv6Addr),
}

/// What an access router advertises, draft 3.1.1.
#[derive(Clone, Debug)]
struct Offer {
    /// `None` if it cannot be read.
    key: Option<RouterPublicKey>,
    /// Maximum Lifetime in seconds.
    max_lifetime: u16,
}

/// A local binding security association (LBSA), draft 1.1.
#[derive(Clone, Debug)]
struct Association {
    /// The care-of address that it is for.
    careof: Ipv6Addr,
    /// The access router's address for bindings, of its acknowledgement.
    router: Ipv6Addr,
    /// The access router on its link.
    local: Ipv6Addr,
    interface: Interface,
    key: LocalKey,
    since: Instant,
    until: Instant,
    /// When the access router last asked for the address.
    asked: Option<Instant>,
    /// Sequence number of the last Binding Update.
    sequence: Option<u16>,
    /// A Binding Update that has not been acknowledged.
    outstanding: Option<Asked>,
    /// The binding at the access router.
    bound: Option<Held>,
    /// The last Binding Acknowledgement that accepted, for a Finished message.
    granted: Option<Granted>,
    /// The home agent has been sent a Binding Update since the binding was made.
    home_told: bool,
}

/// All that a mobile node knows of Local Key Exchange.
#[derive(Debug, Default)]
pub(super) struct Local {
    offers: BTreeMap<(Interface, Ipv6Addr), Offer>,
    exchange: Option<Exchange>,
    associations: Vec<Association>,
    /// Sequence number of the last request, to whomever.
    sequence: Option<u16>,
    /// The last key, for faults.
    last_key: Option<LocalKey>,
    /// Care-of address of the last Binding Update to the home agent, and the router
    /// that it went by.
    sent: Option<Through>,
    /// The same of the last one that was accepted.
    accepted: Option<Through>,
    /// Routers that want no exchange, and until when.
    barred: BTreeMap<(Interface, Ipv6Addr), Instant>,
}

/// A care-of address, and the router that it is used by.
type Through = (Ipv6Addr, Interface, Ipv6Addr);

impl Local {
    fn of(&self, careof: Ipv6Addr) -> Option<&Association> {
        self.associations.iter().find(|a| a.careof == careof)
    }

    fn of_mut(&mut self, careof: Ipv6Addr) -> Option<&mut Association> {
        self.associations.iter_mut().find(|a| a.careof == careof)
    }

    /// A Binding Update goes to the home agent by a router.
    pub(super) fn registering(&mut self, through: Option<Through>) {
        self.sent = through;
        for a in &mut self.associations {
            a.home_told = true;
        }
    }

    /// The home agent has accepted a care-of address.
    pub(super) fn registered(&mut self, careof: Ipv6Addr) {
        self.accepted = self.sent.filter(|t| t.0 == careof);
    }

    /// A router offers Local Key Exchange.
    pub(super) fn offers(&self, interface: Interface, router: Ipv6Addr) -> bool {
        self.offers.contains_key(&(interface, router))
    }

    /// What can be asked of it: how many `lbsas` there are, the care-of address of each
    /// as `lbsa.<router>`, and where the router forwards to as `lbsa-binding.<router>`.
    pub(super) fn state(&self, now: Instant, out: &mut Vec<(String, String)>) {
        let alive: Vec<_> = self.associations.iter().filter(|a| a.until > now).collect();
        out.push(("lbsas".into(), alive.len().to_string()));
        out.extend(alive.iter().map(|a| (format!("lbsa.{}", a.router), a.careof.to_string())));
        for a in alive {
            if let Some(held) = a.bound.filter(|b| b.until > now) {
                out.push((format!("lbsa-binding.{}", a.router), held.careof.to_string()));
            }
        }
    }
}

impl MobileNode {
    /// How it speaks Local Key Exchange, if it does by itself.
    fn speaks(&self) -> Option<&LocalConfig> {
        self.config.local.as_ref().filter(|_| self.automatic())
    }

    /// The primary care-of address, and the router that it is used by.
    pub(super) fn through(&self) -> Option<Through> {
        let (careof, interface) = self.careof?;
        let router = self.anchors.get(&interface)?.router;
        Some((careof, interface, router))
    }

    pub(super) fn local_due(&mut self, cx: &mut Context<'_>, duty: Duty) {
        match duty {
            Duty::Request => self.request_due(cx),
            Duty::Again => self.consider(cx),
            Duty::Unasked(careof) => self.unasked(cx, careof),
            Duty::Renewal(careof) => self.renew(cx, careof),
            Duty::Expiry(careof) => self.association_ends(cx, careof),
            Duty::Update(careof) => self.local_update_due(cx, careof),
            Duty::Bound(careof) => self.local_binding_ends(cx, careof),
            Duty::Home(careof) => self.home_before_expiry(cx, careof),
        }
    }

    /// An interface has left its link: what its routers offered is forgotten, what they
    /// have granted stays.
    pub(super) fn local_moved(&mut self, cx: &mut Context<'_>, interface: Interface) {
        self.local.offers.retain(|(i, _), _| *i != interface);
        self.local.barred.retain(|(i, _), _| *i != interface);
        if self.local.exchange.as_ref().is_some_and(|e| e.interface == interface) {
            self.stop_exchange(cx);
        }
        self.local.accepted = self.local.accepted.filter(|t| t.1 != interface);
        let here = self.local.associations.iter().filter(|a| a.interface == interface);
        for careof in here.map(|a| a.careof).collect::<Vec<_>>() {
            self.timers.clear(Task::Local(Duty::Renewal(careof)));
            self.timers.clear(Task::Local(Duty::Unasked(careof)));
        }
    }

    /// Gives up an association, and the binding that was made by it.
    fn forget(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        self.local.associations.retain(|a| a.careof != careof);
        cx.host.tables.previous.remove(&careof);
        if self.local.exchange.as_ref().is_none_or(|e| e.careof != careof) {
            cx.host.tables.local.remove(&careof);
        }
        let duties =
            [Duty::Unasked, Duty::Renewal, Duty::Expiry, Duty::Update, Duty::Bound, Duty::Home];
        for duty in duties {
            self.timers.clear(Task::Local(duty(careof)));
        }
    }
}
