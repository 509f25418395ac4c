//! `mip6 node` and `mip6 ask`: a reference node on real interfaces.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use mip6_conformance::case::setting::NodeFile;
use mip6_conformance::case::topology::Role;
use mip6_conformance::case::values::Map;
use mip6_conformance::live::{Client, Quiet, QuietError, Request, Station, StationError, Wires};
use mip6_conformance::roles::{Command, faults};
use mip6_dissect::tree::escape_line;
use mip6_inject::link::{self, Link, LinkError, Options};

use crate::args::{Ask, Node, RoleArg, Switch, What};
use crate::exit::Exit;
use crate::output::{Stop, complain, stdout};
use crate::privilege::drop_all;

/// `mip6 node`.
pub(crate) fn run(args: &Node) -> Result<Exit, Stop> {
    let shown = args.config.display().to_string();
    let text = std::fs::read_to_string(&args.config)
        .map_err(|e| Stop::input(format!("{shown}: cannot read the node's file: {e}")))?;
    let mut file = NodeFile::parse(&shown, &text).map_err(Stop::input)?;
    check_role(args, &file, &shown)?;
    if let Some(interface) = &args.interface {
        file.interface = Some(interface.clone());
        file.further.clear();
        file.interfaces = Map::default();
    }
    if let Some(control) = &args.control {
        file.control = Some(control.display().to_string());
    }
    for name in &args.fault {
        if faults::find(name).is_none() {
            let message = format!("no fault is called `{name}`; `mip6 conform --list-faults`");
            return Err(Stop::input(message));
        }
        file.add_fault(name);
    }
    if args.check {
        return Ok(Exit::Clean);
    }
    let stop = interrupt()?;
    let mut quiet = Quiet::new();
    let by_link = file
        .interfaces
        .iter()
        .map(|(link, interface)| (link.to_owned(), interface.clone()))
        .collect();
    let wires = Wires::open(&file.any(), &by_link, |name| open(name, &mut quiet))
        .map_err(|e| environment(&e))?;
    let mut station = Station::new(&file, wires).map_err(|e| failed(&e))?;
    if let Some(path) = &args.write {
        std::fs::File::create(path)
            .and_then(|file| station.record(Box::new(io::BufWriter::new(file))))
            .map_err(|e| environment(&format!("{}: {e}", path.display())))?;
    }
    drop_all()?;
    let mut out = stdout();
    writeln!(out, "{} stands; interrupt ends it", escape_line(file.name()))?;
    out.flush()?;
    let mut trouble = None;
    let told = station.run(&stop, |at, text| {
        let line = writeln!(out, "{at} {}", escape_line(text)).and_then(|()| out.flush());
        if let Err(e) = line {
            trouble.get_or_insert(e);
        }
    });
    told.map_err(|e| failed(&e))?;
    match trouble {
        Some(e) => Err(e.into()),
        None => Ok(Exit::Clean),
    }
}

fn check_role(args: &Node, file: &NodeFile, shown: &str) -> Result<(), Stop> {
    let wanted: &[Role] = match args.role {
        RoleArg::HomeAgent => &[Role::HomeAgent],
        RoleArg::MobileNode => &[Role::MobileNode],
        RoleArg::Correspondent => &[Role::Correspondent],
        RoleArg::AccessRouter => &[Role::AccessRouter, Role::Router],
    };
    let found = file.node().map(|n| n.role.value);
    match found {
        Some(role) if wanted.contains(&role) => Ok(()),
        Some(role) => Err(Stop::input(format!(
            "{shown}: `play: {}` is a {}: expected a {}",
            file.name(),
            role.name(),
            wanted[0].name()
        ))),
        None => Err(Stop::input(format!("{shown}: no node is to be played"))),
    }
}

/// Opens an interface for a node: frames for other stations are its own, and the
/// kernel keeps out of it.
pub(super) fn open(name: &str, quiet: &mut Quiet) -> Result<Box<dyn Link>, LinkError> {
    let options = Options { promiscuous: true, ..Options::default() };
    let link = link::open(name, &options)?;
    match quiet.hush(link.name()) {
        Ok(()) => {}
        Err(e @ QuietError::Denied { .. }) => complain(&e.to_string()),
        Err(e @ QuietError::InUse { .. }) => {
            return Err(LinkError::System { name: name.to_owned(), error: io::Error::other(e) });
        }
    }
    Ok(link)
}

/// Becomes true when somebody interrupts; the second time the program ends at once.
pub(super) fn interrupt() -> Result<Arc<AtomicBool>, Stop> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        let code = i32::from(Exit::Environment as u8);
        signal_hook::flag::register_conditional_shutdown(signal, code, stop.clone())
            .and_then(|_| signal_hook::flag::register(signal, stop.clone()))
            .map_err(|e| environment(&e))?;
    }
    Ok(stop)
}

pub(super) fn environment(e: &dyn std::fmt::Display) -> Stop {
    Stop::Failed(Exit::Environment, e.to_string())
}

fn failed(e: &StationError) -> Stop {
    let exit = match e {
        StationError::Wrong(_) | StationError::Setup(_) | StationError::NoWire(_) => Exit::Input,
        StationError::Link(_) | StationError::Control { .. } => Exit::Environment,
    };
    Stop::Failed(exit, e.to_string())
}

/// `mip6 ask`.
pub(crate) fn ask(args: &Ask) -> Result<Exit, Stop> {
    let request = match &args.what {
        What::State => Request::State {},
        What::Faults => Request::Faults {},
        What::Fault { name, on } => Request::Fault { name: name.clone(), on: *on == Switch::On },
        What::Do { command } => Request::Command(command_of(command)?),
        What::Stop => Request::Stop {},
    };
    let answer = talk(&args.socket, &request).map_err(|e| {
        environment(&format!("{}: no node answers there: {e}", args.socket.display()))
    })?;
    if let Some(why) = answer.error {
        return Err(Stop::input(why));
    }
    let mut out = stdout();
    for (name, value) in &answer.state {
        writeln!(out, "{}: {}", escape_line(name), escape_line(value))?;
    }
    for fault in &answer.faults {
        writeln!(out, "{}", escape_line(fault))?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn talk(path: &Path, request: &Request) -> io::Result<mip6_conformance::live::Answer> {
    Client::connect(path, Duration::from_secs(5))?.ask(request)
}

fn command_of(text: &str) -> Result<Command, Stop> {
    let json =
        if text.trim_start().starts_with('{') { text.to_owned() } else { format!("\"{text}\"") };
    serde_json::from_str(&json)
        .or_else(|e| {
            // A command all of whose arguments may be left out.
            serde_json::from_str(&format!("{{{json}:{{}}}}")).map_err(|_| e)
        })
        .map_err(|e| Stop::input(format!("`{text}` is no command: {e}")))
}
