//! A node: an IPv6 host and its modules.

use std::fmt;

use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::transport::Udp;

use super::command::{Command, Datagram, Echo};
use super::host::{Delivery, Host, HostConfig, Notice, Outgoing, Problem, Received};
use super::{Faults, Input, Interface, Output};
use crate::time::Instant;

/// What a module works with.
#[derive(Debug)]
pub struct Context<'a> {
    /// The host.
    pub host: &'a mut Host,
    /// The time.
    pub now: Instant,
}

impl Context<'_> {
    /// Code points that the node speaks.
    pub fn codes(&self) -> &'static Codes {
        self.host.codes()
    }

    /// Sends a packet.
    pub fn send(&mut self, p: Outgoing) {
        self.host.send(self.now, p);
    }

    /// Tells what has come about.
    pub fn event(&mut self, text: impl Into<String>) {
        self.host.event(text);
    }
}

/// Whether a module has dealt with something, so that no other needs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handled {
    /// It has.
    Yes,
    /// It has not, or others may be interested too.
    No,
}

/// What makes a host a mobile node, a home agent, a correspondent or a router.
pub trait Module: fmt::Debug + Send {
    /// The node has been made; its interfaces are not connected yet.
    fn start(&mut self, _cx: &mut Context<'_>) {}

    /// An interface has been connected or cut off.
    fn link(&mut self, _cx: &mut Context<'_>, _interface: Interface, _up: bool) {}

    /// A packet has come in.
    fn received(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled;

    /// The host has found something out.
    fn notice(&mut self, _cx: &mut Context<'_>, _notice: &Notice) {}

    /// Somebody tells the node to do something.
    fn command(&mut self, _cx: &mut Context<'_>, _command: &Command) -> Handled {
        Handled::No
    }

    /// A deadline may have come.
    fn timer(&mut self, _cx: &mut Context<'_>) {}

    /// When it has something to do next.
    fn deadline(&self) -> Option<Instant> {
        None
    }

    /// What can be asked of its state, by names of the field: `bindings`.
    fn state(&self, _now: Instant) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// How a node is set up.
#[derive(Debug, Default)]
pub struct Config {
    /// The host.
    pub host: HostConfig,
    /// What it is besides, in the order in which they are asked.
    pub modules: Vec<Box<dyn Module>>,
    /// Its faults.
    pub faults: Faults,
    /// From which its randomness comes.
    pub seed: u64,
}

/// A node.
#[derive(Debug)]
pub struct Node {
    host: Host,
    modules: Vec<Box<dyn Module>>,
    silent: bool,
}

/// Octets of data that fit behind the header of an upper layer.
const LONGEST: usize = 65_527;
/// Packets and notices for the modules that come of one input; when there are
/// more, something goes round in circles.
const MOST: usize = 1000;

impl Node {
    /// A node whose interfaces are not connected yet.
    pub fn new(config: Config) -> Self {
        let silent = config.host.silent;
        let host = Host::new(config.host, config.faults, config.seed);
        let mut node = Self { host, modules: config.modules, silent };
        node.each(Instant::START, |m, cx| m.start(cx));
        node
    }

    /// The host in it.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The same, to be changed: what it does with packets on their way out.
    pub fn host_mut(&mut self) -> &mut Host {
        &mut self.host
    }

    /// Takes in what has come.
    pub fn handle(&mut self, now: Instant, input: &Input<'_>) {
        match input {
            Input::Frame { interface, octets } => self.host.frame(now, *interface, octets),
            Input::Link { interface, up } => {
                self.host.link(now, *interface, *up);
                self.each(now, |m, cx| m.link(cx, *interface, *up));
            }
            Input::Command(command) => self.command(now, command),
            Input::Timer => {
                self.host.timer(now);
                self.each(now, |m, cx| {
                    if m.deadline().is_some_and(|at| at <= cx.now) {
                        m.timer(cx);
                    }
                });
            }
        }
        self.settle(now);
    }

    /// What it sends or tells next.
    pub fn poll(&mut self) -> Option<Output> {
        self.host.poll()
    }

    /// When it has something to do next.
    pub fn deadline(&self) -> Option<Instant> {
        self.modules.iter().filter_map(|m| m.deadline()).chain(self.host.deadline()).min()
    }

    /// What can be asked of its state: how many `bindings` it has, the care-of address
    /// of each as `binding.<home address>`, and what its modules tell.
    pub fn state(&self, now: Instant) -> Vec<(String, String)> {
        let mut all = Vec::new();
        if self.host.tables.mobility {
            let mut bindings: Vec<_> = self.host.tables.alive().collect();
            bindings.sort_by_key(|(home, _)| *home);
            all.push(("bindings".to_owned(), bindings.len().to_string()));
            let each = bindings.iter().map(|(h, b)| (format!("binding.{h}"), b.careof.to_string()));
            all.extend(each);
        }
        all.extend(self.modules.iter().flat_map(|m| m.state(now)));
        all
    }

    fn each(&mut self, now: Instant, mut f: impl FnMut(&mut dyn Module, &mut Context<'_>)) {
        let mut cx = Context { host: &mut self.host, now };
        for module in &mut self.modules {
            f(module.as_mut(), &mut cx);
        }
    }

    /// Hands on what the host has for the modules, until there is no more.
    fn settle(&mut self, now: Instant) {
        for _ in 0..MOST {
            if let Some(notice) = self.host.notice() {
                self.each(now, |m, cx| m.notice(cx, &notice));
            } else if let Some(p) = self.host.take() {
                let mut handled = Handled::No;
                self.each(now, |m, cx| {
                    if handled == Handled::No {
                        handled = m.received(cx, &p);
                    }
                });
                if handled == Handled::No {
                    self.unhandled(now, &p);
                }
            } else {
                return;
            }
        }
        self.host.event("packets go round in circles: the rest is discarded");
        self.host.discard();
    }

    /// A packet that no module wanted.
    fn unhandled(&mut self, now: Instant, p: &Received) {
        if p.delivery != Delivery::Own || self.silent {
            return;
        }
        match p.protocol {
            // Somebody listens at every port, and says what came.
            mip6_wire::ip::proto::UDP => {
                self.host.event(format!("datagram from {} to {}", p.source, p.destination));
            }
            // A node without mobility does not know the Mobility Header.
            mip6_wire::ip::proto::MOBILITY if !self.host.tables.mobility => {
                self.host.problem(now, &p.wire, Problem::NextHeader(p.next_at));
            }
            _ => {}
        }
    }

    fn command(&mut self, now: Instant, command: &Command) {
        // Each part of a node forgets what is its own.
        let all = matches!(command, Command::Restart);
        if all {
            self.host.restart();
        }
        let mut handled = Handled::No;
        self.each(now, |m, cx| {
            if all || handled == Handled::No {
                handled = m.command(cx, command);
            }
        });
        if all || handled == Handled::Yes {
            return;
        }
        match command {
            Command::Echo(echo) => self.echo(now, echo),
            Command::Datagram(datagram) => self.datagram(now, datagram),
            Command::SolicitRouter => self.host.solicit(now),
            Command::SolicitNeighbor { target, from } => self.host.ask(now, *target, *from),
            other => self.host.event(format!("cannot {other}")),
        }
    }

    fn echo(&mut self, now: Instant, echo: &Echo) {
        let data = vec![0x61; echo.octets.min(LONGEST)].into();
        let body = Icmpv6Body::Echo { identifier: echo.identifier, sequence: echo.sequence, data };
        let message = Icmpv6::new(kind::ECHO_REQUEST, body);
        let mut p = Outgoing::new(echo.to, vec![Header::Icmpv6(message)]);
        p.source = echo.from;
        p.hop_limit = echo.hop_limit;
        p.interface = echo.interface;
        self.host.send(now, p);
    }

    fn datagram(&mut self, now: Instant, d: &Datagram) {
        let udp = Header::Udp(Udp::new(d.source_port, d.destination_port));
        let data = Header::Raw(vec![0x61; d.octets.min(LONGEST)].into());
        let mut p = Outgoing::new(d.to, vec![udp, data]);
        p.source = d.from;
        self.host.send(now, p);
    }
}
