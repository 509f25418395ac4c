//! A node under test on a wire, among nodes that are played here.

mod told;

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant as Wall};

use mip6_inject::link::{Link, LinkError};
use thiserror::Error;

use super::clock::Clock;
use super::control::{Answer, Client, Request};
use super::description::Live;
use super::hook::{self, HookError, Running};
use super::probe;
use super::wires::Wires;
use crate::case::Instance;
use crate::case::fixed::Station;
use crate::network::{Arrival, LinkId, Outside, Trouble};
use crate::roles::{Command, Interface};
use crate::run::{Options, Wired};
use crate::time::Instant;

/// The way to a node under test, over all cases.
#[derive(Debug)]
pub struct Rig {
    live: Live,
    wires: Wires,
    clock: Clock,
    control: Option<Client>,
    /// What the hook `start` has started.
    running: Option<Running>,
    /// Files for hooks, gone with the rig.
    folder: tempfile::TempDir,
    /// Links of the case at hand, by number.
    links: Vec<String>,
    /// The case at hand, for hooks.
    case: String,
    /// What the node is in it, as `mip6 node` calls it.
    role: &'static str,
    trouble: Option<Trouble>,
    /// What hooks have said since somebody asked.
    said: Vec<String>,
    /// The node was there before a case.
    seen: bool,
    /// How often it was no longer there between two cases.
    losses: u32,
    /// Cases in a row that the node could not be prepared for.
    refused: u32,
    stop: Arc<AtomicBool>,
}

/// Why there is no way to the node.
#[derive(Debug, Error)]
pub enum RigError {
    /// An interface cannot be had.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Files for hooks cannot be written.
    #[error("a folder for what hooks read cannot be made: {0}")]
    Folder(#[source] io::Error),
}

/// Why a case is not begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not apply.
    Skip(String),
    /// The node could not be prepared for it.
    Unprepared(String),
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self::Unprepared(why)
    }
}

/// How long a node may take to answer on its control socket.
const ANSWER: Duration = Duration::from_secs(2);
/// How long a node that has been started may take until it listens.
const START: Duration = Duration::from_secs(10);
/// How often somebody looks whether the run is to end.
const LOOK: Duration = Duration::from_millis(50);
/// Cases in a row without a node after which the others are not tried.
const HOPELESS: u32 = 3;

impl Rig {
    /// Opens the interfaces. `stop` ends waiting, whatever is waited for.
    pub fn open(
        live: &Live,
        stop: Arc<AtomicBool>,
        open: impl FnMut(&str) -> Result<Box<dyn Link>, LinkError>,
    ) -> Result<Self, RigError> {
        let wires = Wires::open(&live.any(), &live.interfaces, open)?;
        Ok(Self {
            live: live.clone(),
            wires,
            clock: Clock::start(1),
            control: None,
            running: None,
            folder: tempfile::tempdir().map_err(RigError::Folder)?,
            links: Vec::new(),
            case: String::new(),
            role: "",
            trouble: None,
            said: Vec::new(),
            seen: false,
            losses: 0,
            refused: 0,
            stop,
        })
    }

    /// Prepares the node for a case, and gives the way to it.
    pub fn begin(
        rig: &Rc<RefCell<Self>>,
        instance: &Instance,
        options: &Options,
    ) -> Result<Wired, Refusal> {
        let mut this = rig.borrow_mut();
        this.applies(instance)?;
        if this.refused >= HOPELESS {
            let message = format!("not tried: the node was not there for {HOPELESS} cases before");
            return Err(Refusal::Unprepared(message));
        }
        let prepared = this.prepare(instance, options);
        let missing = matches!(prepared, Err(Refusal::Unprepared(_)));
        this.refused = if missing { this.refused + 1 } else { 0 };
        prepared?;
        this.trouble = None;
        this.links = instance.topology.links.names().map(str::to_owned).collect();
        this.wires.clear();
        this.clock = Clock::start(this.live.speed.unwrap_or(1));
        Ok(Wired {
            fixed: this.live.fixed(&instance.under_test),
            tolerance: this.live.slack(),
            began: this.clock.began(),
            way: Box::new(Way(rig.clone())),
        })
    }

    /// Whether a case can be run with the wires that there are.
    fn applies(&self, instance: &Instance) -> Result<(), Refusal> {
        let Some(node) = instance.topology.nodes.get(&instance.under_test) else { return Ok(()) };
        let own = |link: &str| self.live.interfaces.contains_key(link);
        let without: Vec<&str> =
            node.on.iter().map(|l| l.value.as_str()).filter(|l| !own(l)).collect();
        let room = self.live.any().len();
        if without.len() > room {
            let message = format!("no interface for link {}", without[room..].join(", "));
            return Err(Refusal::Skip(message));
        }
        Ok(())
    }

    fn prepare(&mut self, instance: &Instance, options: &Options) -> Result<(), Refusal> {
        self.case.clone_from(&instance.id);
        let file = self.node_file(instance, options);
        self.write(&file)?;
        if self.live.control.is_some() {
            let request = Request::Configure { file };
            let there = self.control.is_some();
            if let Err(why) = self.ask(&request) {
                // Who refuses is there.
                let lost = there && self.control.is_none();
                self.restart()?;
                self.ask(&request)?;
                if lost {
                    self.lost_between(&why);
                }
            }
        } else if self.live.hooks.start.is_some() && self.running.is_none() {
            self.restart()?;
        }
        if let Some(hook) = self.live.hooks.reset.clone() {
            let said = hook::run("reset", &hook, &self.environment(&[]), "").map_err(|e| {
                let why = e.to_string();
                match e {
                    HookError::NotForIt(_) => Refusal::Skip(why),
                    HookError::Failed(_) => Refusal::Unprepared(why),
                }
            })?;
            self.keep("reset", &said);
        }
        if self.live.control.is_some() || self.live.link_local().is_none() {
            return Ok(());
        }
        self.connect_all();
        if let Err(why) = self.look() {
            if self.live.hooks.start.is_none() {
                return Err(why.into());
            }
            self.restart()?;
            self.look()?;
            if self.seen {
                self.lost_between(&why);
            }
        }
        self.seen = true;
        Ok(())
    }

    /// The node was no longer there between two cases, and was started again.
    fn lost_between(&mut self, why: &str) {
        self.losses += 1;
        self.said.push(format!("before this case {why}; it was started again"));
    }

    /// Stops the node, if it can be, and starts it again.
    fn restart(&mut self) -> Result<(), String> {
        self.control = None;
        self.halt();
        let Some(start) = self.live.hooks.start.clone() else {
            return match &self.live.control {
                Some(path) => Err(format!(
                    "the node does not listen at {}, and there is no hook `start`",
                    path.display()
                )),
                None => Ok(()),
            };
        };
        let environment = self.environment(&[]);
        if start.stays {
            self.running = Some(Running::start("start", &start, &environment, "")?);
        } else {
            let said = hook::run("start", &start, &environment, "")?;
            self.keep("start", &said);
        }
        let began = Wall::now();
        while self.live.control.is_some() && self.connect().is_err() {
            if let Some(running) = &mut self.running
                && running.ended().is_some()
            {
                let said = running.said();
                self.running = None;
                return Err(format!("the node ended as soon as it was started: {}", said.trim()));
            }
            if began.elapsed() > START.min(start.limit()) {
                return Err("the node was started and does not listen".into());
            }
            if self.stop.load(Ordering::Relaxed) {
                return Err("interrupted".into());
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Stops the node, if it can be.
    fn halt(&mut self) {
        if let Some(hook) = self.live.hooks.stop.clone() {
            let said = hook::run("stop", &hook, &self.environment(&[]), "");
            let said = said.unwrap_or_else(|why| why.to_string());
            self.keep("stop", &said);
        }
        if let Some(mut running) = self.running.take() {
            let said = running.said();
            self.keep("start", &said);
        }
    }

    fn connect(&mut self) -> io::Result<()> {
        let Some(path) = &self.live.control else { return Ok(()) };
        self.control = Some(Client::connect(path, ANSWER)?);
        Ok(())
    }

    /// Asks the node on its control socket; why it did not do it, if so.
    fn ask(&mut self, request: &Request) -> Result<Answer, String> {
        if self.control.is_none() {
            self.connect().map_err(|e| format!("the node's control socket: {e}"))?;
        }
        let Some(control) = &mut self.control else { return Ok(Answer::default()) };
        match control.ask(request) {
            Ok(Answer { error: Some(why), .. }) => Err(why),
            Ok(answer) => Ok(answer),
            Err(e) => {
                self.control = None;
                Err(match e.kind() {
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                        format!("the node under test did not answer within {} s", ANSWER.as_secs())
                    }
                    _ => "the node under test is gone: its control socket was closed".to_owned(),
                })
            }
        }
    }

    /// The same while a case is running: a node that is not there is the trouble.
    fn tell(&mut self, request: &Request) -> Result<Answer, String> {
        let answer = self.ask(request);
        if self.control.is_none()
            && let Err(why) = &answer
        {
            self.trouble = Some(Trouble { what: why.clone(), of_node: true });
        }
        answer
    }

    /// Looks whether the node is there: how it is known, nothing if it cannot be seen.
    /// What has become of it, if it is not there.
    pub(super) fn look(&mut self) -> Result<Option<String>, String> {
        if let Some(path) = self.live.control.clone() {
            if self.control.is_none() && self.connect().is_err() {
                self.restart()?;
            }
            self.ask(&Request::State {})?;
            return Ok(Some(format!("the node answers at {}", path.display())));
        }
        let Some(address) = self.live.link_local() else { return Ok(None) };
        let mut silent = None;
        for i in 0..self.wires.len() {
            let interface = Interface(i as u16);
            let Some(name) = self.wires.name(interface).map(str::to_owned) else { continue };
            match probe::ask(&mut self.wires, interface, address) {
                Ok(Some(station)) => {
                    self.live.node.mac.get_or_insert(Station(station));
                    return Ok(Some(format!("the node answers for {address} on {name}")));
                }
                Ok(None) => {
                    silent = Some(format!(
                        "the node under test is silent: it does not defend {address} on {name}"
                    ));
                }
                Err(e) => return Err(e.to_string()),
            }
        }
        silent.map_or(Ok(None), Err)
    }

    /// Puts the node's interfaces on wires, whatever their links are, to look for it.
    pub fn connect_all(&mut self) {
        let names: Vec<String> = self.live.interfaces.keys().cloned().collect();
        let any = self.live.any().len();
        for (i, name) in names.iter().map(Some).chain((0..any).map(|_| None)).enumerate() {
            let link = name.map_or("any", String::as_str);
            self.wires.attach(Interface(i as u16), Some(link));
        }
    }

    /// What hooks have said since the last time, a line each.
    pub fn said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }

    /// How often the node was no longer there between two cases, and was started again.
    pub fn losses(&self) -> u32 {
        self.losses
    }

    /// Frames that this machine has lost because they were not read in time.
    pub fn lost(&mut self) -> u64 {
        self.wires.lost()
    }

    /// The node is no longer needed.
    pub fn end(&mut self) {
        self.control = None;
        self.halt();
    }

    fn wire_trouble(&mut self, e: &LinkError) {
        self.trouble.get_or_insert(Trouble { what: e.to_string(), of_node: false });
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.end();
    }
}

/// The way of one case.
#[derive(Debug)]
struct Way(Rc<RefCell<Rig>>);

impl Outside for Way {
    fn now(&self) -> Instant {
        self.0.borrow().clock.now()
    }

    fn wait(&mut self, until: Instant) -> Option<Arrival> {
        let mut rig = self.0.borrow_mut();
        let rig = &mut *rig;
        loop {
            if rig.stop.load(Ordering::Relaxed) {
                let what = "interrupted".to_owned();
                rig.trouble.get_or_insert(Trouble { what, of_node: false });
            }
            if rig.trouble.is_some() {
                return None;
            }
            let rest = rig.clock.until(until);
            match rig.wires.next(&[], rest.min(LOOK)) {
                Ok(Some(came)) => {
                    let at = rig.clock.at(came.at);
                    return Some(Arrival { at, interface: came.interface, octets: came.octets });
                }
                Ok(None) if rig.clock.now() >= until => return None,
                Ok(None) => {}
                Err(e) => rig.wire_trouble(&e),
            }
        }
    }

    fn deliver(&mut self, to: Interface, octets: &[u8]) {
        let mut rig = self.0.borrow_mut();
        if let Err(e) = rig.wires.send(to, octets) {
            // One that is too long is lost, as on any link.
            if !matches!(e, LinkError::Long { .. }) {
                rig.wire_trouble(&e);
            }
        }
    }

    fn attach(&mut self, interface: Interface, link: Option<LinkId>) {
        let mut rig = self.0.borrow_mut();
        let rig = &mut *rig;
        let name = link.and_then(|l| rig.links.get(l.0)).cloned();
        if !rig.wires.attach(interface, name.as_deref()) {
            let what = format!("no interface for link {}", name.unwrap_or_default());
            rig.trouble.get_or_insert(Trouble { what, of_node: false });
            return;
        }
        if rig.live.control.is_some() {
            let told = rig.tell(&Request::Link { interface: interface.0, link: name });
            if let Err(what) = told {
                rig.trouble.get_or_insert(Trouble { what, of_node: false });
            }
        } else if let Some(hook) = rig.live.hooks.moves.clone() {
            let environment = rig.environment(&[("MIP6_LINK", name.as_deref().unwrap_or(""))]);
            match hook::run("move", &hook, &environment, "") {
                Ok(said) => rig.keep("move", &said),
                Err(why) => {
                    let what = why.to_string();
                    rig.trouble.get_or_insert(Trouble { what, of_node: false });
                }
            }
        }
    }

    fn command(&mut self, command: &Command) -> Result<(), String> {
        let mut rig = self.0.borrow_mut();
        if rig.live.control.is_some() {
            return rig.tell(&Request::Command(command.clone())).map(|_| ());
        }
        let Some(hook) = rig.live.hooks.trigger.clone() else {
            return Err("the node's description has no hook `trigger`".into());
        };
        let told = serde_json::to_value(command).map_err(|e| e.to_string())?;
        let name = match &told {
            serde_json::Value::Object(map) => map.keys().next().cloned().unwrap_or_default(),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        let environment = rig.environment(&[("MIP6_COMMAND", &name)]);
        let said = hook::run("trigger", &hook, &environment, &told.to_string())?;
        rig.keep("trigger", &said);
        Ok(())
    }

    fn state(&mut self) -> Vec<(String, String)> {
        let mut rig = self.0.borrow_mut();
        if rig.live.control.is_none() {
            return Vec::new();
        }
        rig.tell(&Request::State {}).map(|a| a.state.into_iter().collect()).unwrap_or_default()
    }

    fn look(&mut self) {
        let mut rig = self.0.borrow_mut();
        if rig.trouble.is_none()
            && let Err(what) = rig.look()
        {
            rig.trouble = Some(Trouble { what, of_node: true });
        }
    }

    fn trouble(&self) -> Option<Trouble> {
        self.0.borrow().trouble.clone()
    }
}
