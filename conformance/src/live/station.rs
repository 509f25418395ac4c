//! A reference node that stands alone: on real interfaces, by the clock on the wall,
//! until it is told to end.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use mip6_dissect::capture::{CaptureWriter, LinkType};
use mip6_inject::link::LinkError;
use thiserror::Error;

use super::clock::Clock;
use super::control::{Answer, Request, Server};
use super::wires::{Came, Wires};
use crate::case::Mistakes;
use crate::case::setting::NodeFile;
use crate::roles::{Input, Interface, Node, Output, faults};
use crate::run::Single;
use crate::time::Instant;

/// A node on real interfaces.
pub struct Station {
    node: Node,
    /// Links of its interfaces, by name.
    links: Vec<Option<String>>,
    /// Which of its interfaces are on a link.
    up: Vec<bool>,
    wires: Wires,
    clock: Clock,
    server: Option<Server>,
    counters: Counters,
    /// It goes by the carrier of its interfaces; else it is told.
    by_carrier: bool,
    over: bool,
    /// Where frames are kept.
    record: Option<CaptureWriter<Box<dyn Write>>>,
    /// What is to be told besides what the node tells.
    trouble: Vec<String>,
}

impl std::fmt::Debug for Station {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Station").field("links", &self.links).finish_non_exhaustive()
    }
}

/// What has gone by.
#[derive(Clone, Copy, Debug, Default)]
struct Counters {
    received: u64,
    sent: u64,
    /// Frames that could not be sent.
    failed: u64,
}

/// Why a node cannot stand.
#[derive(Debug, Error)]
pub enum StationError {
    /// Its file says something wrong.
    #[error("{0}")]
    Wrong(Mistakes),
    /// What the file describes cannot be built.
    #[error("the node cannot be set up: {0}")]
    Setup(String),
    /// There is no interface for one of its links.
    #[error(
        "no interface for link {0}: name one in `interfaces`, or one for all links in `interface`"
    )]
    NoWire(String),
    /// An interface cannot be had.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The control socket cannot be had.
    #[error("control socket {path}: {source}")]
    Control {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Frames after which timers and those who ask have their turn.
const MOST_AT_ONCE: usize = 256;
/// Longest that nothing else is looked at.
const LOOK: Duration = Duration::from_millis(100);

impl Station {
    /// A node that is on its links as far as the interfaces have a carrier.
    pub fn new(file: &NodeFile, wires: Wires) -> Result<Self, StationError> {
        let Single { node, links, .. } =
            Single::new(file, fresh_seed()).map_err(StationError::Setup)?;
        let control = file.control.as_deref().map(Path::new);
        let server = control.map(|path| {
            Server::listen(path)
                .map_err(|source| StationError::Control { path: path.to_owned(), source })
        });
        let mut station = Self {
            node,
            up: vec![false; links.len()],
            links,
            wires,
            clock: Clock::start(file.speed.unwrap_or(1)),
            server: server.transpose()?,
            counters: Counters::default(),
            by_carrier: true,
            over: false,
            record: None,
            trouble: Vec::new(),
        };
        for (i, link) in station.links.clone().into_iter().enumerate() {
            let Some(link) = link else { continue };
            if !station.wires.attach(Interface(i as u16), Some(&link)) {
                return Err(StationError::NoWire(link));
            }
        }
        Ok(station)
    }

    /// Keeps all frames from here on as a capture, an interface for each of the node's.
    pub fn record(&mut self, out: Box<dyn Write>) -> io::Result<()> {
        let mut writer = CaptureWriter::pcapng(out)?;
        for link in &self.links {
            writer.named_interface(LinkType::ETHERNET, link.as_deref().unwrap_or("none"))?;
        }
        self.record = Some(writer);
        Ok(())
    }

    /// Keeps a frame, if frames are kept. Where that fails, none is any more.
    fn keep(&mut self, at: SystemTime, interface: Interface, octets: &[u8]) {
        let Some(writer) = &mut self.record else { return };
        let len = octets.len() as u32;
        if let Err(e) = writer.frame(u32::from(interface.0), at.into(), octets, len) {
            self.record = None;
            self.trouble.push(format!("frames are no longer kept: {e}"));
        }
    }

    /// Plays its role until `stop` says so. What comes about is told with its time.
    pub fn run(
        &mut self,
        stop: &AtomicBool,
        mut tell: impl FnMut(Instant, &str),
    ) -> Result<(), StationError> {
        let mut looked: Option<Instant> = None;
        while !self.over && !stop.load(Ordering::Relaxed) {
            if self.by_carrier && looked.is_none_or(|at| self.clock.now().since(at) >= LOOK) {
                self.look(&mut tell);
                looked = Some(self.clock.now());
            }
            let due = self.node.deadline();
            let within = due.map_or(LOOK, |at| self.clock.until(at)).min(LOOK);
            let sockets: Vec<BorrowedFd<'_>> =
                self.server.iter().flat_map(Server::descriptors).collect();
            match self.wires.next(&sockets, within) {
                Ok(came) => self.receive(came)?,
                Err(LinkError::Down(name)) => tell(self.clock.now(), &format!("{name} is down")),
                Err(e) => return Err(e.into()),
            }
            let now = self.clock.now();
            if self.node.deadline().is_some_and(|at| at <= now) {
                self.node.handle(now, &Input::Timer);
            }
            self.serve(&mut tell);
            self.drain(&mut tell);
        }
        Ok(())
    }

    /// Takes in a frame and those behind it: where somebody may ask for something, all
    /// but a flood, since who asks knows what has been on the links before.
    fn receive(&mut self, first: Option<Came>) -> Result<(), LinkError> {
        let mut next = first;
        for _ in 0..MOST_AT_ONCE {
            let Some(came) = next else { return Ok(()) };
            self.counters.received += 1;
            let (interface, octets) = (came.interface, came.octets);
            self.keep(came.at, interface, &octets);
            self.node.handle(self.clock.now(), &Input::Frame { interface, octets: &octets });
            if self.server.is_none() && !self.wires.has_frame() {
                return Ok(());
            }
            next = match self.wires.next(&[], Duration::ZERO) {
                Err(LinkError::Down(_)) => None,
                other => other?,
            };
        }
        Ok(())
    }

    /// Sends what the node has to send, then tells what it has to tell: those on the
    /// link do not wait for who reads.
    fn drain(&mut self, tell: &mut impl FnMut(Instant, &str)) {
        let mut told = Vec::new();
        while let Some(output) = self.node.poll() {
            match output {
                Output::Frame { interface, octets } => match self.send(interface, &octets) {
                    Ok(()) => self.counters.sent += 1,
                    Err(e) => {
                        self.counters.failed += 1;
                        if !matches!(e, LinkError::Down(_)) {
                            told.push((self.clock.now(), e.to_string()));
                        }
                    }
                },
                Output::Event(event) => told.push((self.clock.now(), event.0)),
            }
        }
        for (at, text) in told {
            tell(at, &text);
        }
        for text in std::mem::take(&mut self.trouble) {
            tell(self.clock.now(), &text);
        }
    }

    fn send(&mut self, interface: Interface, octets: &[u8]) -> Result<(), LinkError> {
        self.keep(SystemTime::now(), interface, octets);
        self.wires.send(interface, octets)
    }

    /// Sees whether interfaces have a carrier.
    fn look(&mut self, tell: &mut impl FnMut(Instant, &str)) {
        for i in 0..self.links.len() {
            let interface = Interface(i as u16);
            let Some(wire) = self.wires.name(interface) else { continue };
            let up = has_carrier(wire);
            if self.up.get(i) == Some(&up) {
                continue;
            }
            let what = if up { "has a carrier" } else { "has no carrier" };
            tell(self.clock.now(), &format!("{wire} {what}"));
            self.connect(interface, up);
        }
    }

    fn connect(&mut self, interface: Interface, up: bool) {
        if let Some(slot) = self.up.get_mut(interface.index()) {
            *slot = up;
            let now = self.clock.now();
            self.node.handle(now, &Input::Link { interface, up });
        }
    }

    /// Answers those who ask.
    fn serve(&mut self, tell: &mut impl FnMut(Instant, &str)) {
        let Some(mut server) = self.server.take() else { return };
        server.serve(|request| {
            let answer = self.answer(request);
            // What it brings about comes before what is asked next.
            self.drain(tell);
            answer
        });
        self.server = Some(server);
    }

    fn answer(&mut self, request: Request) -> Answer {
        match request {
            Request::State {} => Answer { state: self.state(), ..Answer::default() },
            Request::Faults {} => self.faults(),
            Request::Fault { name, on } => match faults::find(&name) {
                Some(fault) => {
                    let faults = &mut self.node.host_mut().faults;
                    *faults = std::mem::take(faults).switched(fault, on);
                    self.faults()
                }
                None => Answer::error(&format!("no fault is called `{name}`")),
            },
            Request::Configure { file } => match self.configure(&file) {
                Ok(()) => Answer::default(),
                Err(e) => Answer::error(&e),
            },
            Request::Link { interface, link } => {
                let interface = Interface(interface);
                if !self.wires.attach(interface, link.as_deref()) {
                    return Answer::error(&StationError::NoWire(link.unwrap_or_default()));
                }
                self.connect(interface, link.is_some());
                Answer::default()
            }
            Request::Command(command) => {
                let now = self.clock.now();
                self.node.handle(now, &Input::Command(&command));
                Answer::default()
            }
            Request::Stop {} => {
                self.over = true;
                Answer::default()
            }
        }
    }

    fn faults(&self) -> Answer {
        let faults = self.node.host().faults.names().map(str::to_owned).collect();
        Answer { faults, ..Answer::default() }
    }

    /// Becomes the node of another file, on no link yet.
    fn configure(&mut self, text: &str) -> Result<(), StationError> {
        let file = NodeFile::parse("configuration", text).map_err(StationError::Wrong)?;
        let Single { node, links, .. } =
            Single::new(&file, fresh_seed()).map_err(StationError::Setup)?;
        self.wires.clear();
        self.node = node;
        self.up = vec![false; links.len()];
        self.links = links;
        self.clock = Clock::start(file.speed.unwrap_or(1));
        self.counters = Counters::default();
        self.by_carrier = false;
        Ok(())
    }

    /// What it says of itself.
    fn state(&self) -> BTreeMap<String, String> {
        let now = self.clock.now();
        let mut all: BTreeMap<String, String> = self.node.state(now).into_iter().collect();
        let host = self.node.host();
        for i in 0..self.links.len() {
            let address = host.global(now, Interface(i as u16));
            let address = address.map_or_else(|| "none".to_owned(), |a| a.to_string());
            all.insert(format!("address.{i}"), address);
        }
        all.extend(host.associations());
        let c = self.counters;
        let counters = [("received", c.received), ("sent", c.sent), ("failed", c.failed)];
        all.extend(counters.map(|(name, n)| (format!("frames.{name}"), n.to_string())));
        all.insert("time".into(), now.to_string());
        all
    }
}

/// A seed that nobody has had before.
fn fresh_seed() -> u64 {
    // The one source of chance in the standard library.
    RandomState::new().build_hasher().finish()
}

/// Whether an interface has a carrier; one that says nothing has.
fn has_carrier(interface: &str) -> bool {
    let name = interface.rsplit(':').next().unwrap_or(interface);
    let path = format!("/sys/class/net/{name}/carrier");
    // Of an interface that is down, the file cannot be read.
    match std::fs::read_to_string(path) {
        Ok(text) => text.trim() == "1",
        Err(e) => e.kind() == io::ErrorKind::NotFound,
    }
}
