//! The conformance suite and the roles: CPU time and memory, with goals.
//!
//! `MIP6_BENCH_BINDINGS` sets how many bindings the home agent holds at the end
//! (100,000).

use std::io::Read;
use std::net::Ipv6Addr;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use mip6_conformance::case::Suite;
use mip6_conformance::roles::home_agent::{HomeAgent, HomeAgentConfig};
use mip6_conformance::roles::host::{Address, HostConfig, Route};
use mip6_conformance::roles::mobility::Mobility;
use mip6_conformance::roles::router::{HomeAgentInformation, PrefixConfig, RouterConfig};
use mip6_conformance::roles::{Config, Input, Interface, Module, Node, Output};
use mip6_conformance::time::Instant;
use mip6_testkit::build::{binding_update, ethernet, home_option, ip, link_ip, mobility_with};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, NaFlags, kind};
use mip6_wire::mobility::{OptionBody, UpdateFlags};
use nix::time::{ClockId, clock_gettime};
use wait4::Wait4;

type Trouble = Box<dyn std::error::Error>;

/// What the bench calls itself with, to measure a home agent alone.
const HOME_AGENT: &str = "--home-agent";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let ran = match args[..] {
        [HOME_AGENT, bindings, apart] => measure(bindings, apart),
        _ => run(),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Trouble> {
    suite()?;
    home_agents()
}

/// All cases on honest nodes, then with every fault.
fn suite() -> Result<(), Trouble> {
    let suite = Suite::embedded()?;
    let (cases, instances) = (suite.cases.len(), suite.instances().count());
    println!("{cases} cases, {instances} with their parameters");
    println!("{:20}{:>10}{:>10}{:>7}{:>12}", "", "CPU", "time", "goal", "memory");
    let tasks: [(&str, &[&str], u32); 3] = [
        ("conform", &["conform", "--format", "json"], 5),
        ("conform --report", &["conform", "--format", "json", "--report"], 10),
        ("conform --faults", &["conform", "--faults"], 120),
    ];
    let folder = tempfile::tempdir()?;
    for (name, arguments, goal) in tasks {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mip6"));
        command.args(arguments);
        if arguments.last() == Some(&"--report") {
            command.arg(folder.path());
        }
        let began = std::time::Instant::now();
        let cost = cost(&mut command)?;
        let (cpu, time) = (cost.cpu.as_secs_f64(), began.elapsed().as_secs_f64());
        let memory = cost.memory as f64 / 1_048_576.0;
        println!("{name:20}{cpu:>8.2} s{time:>8.2} s{goal:>5} s{memory:>8.1} MiB");
    }
    Ok(())
}

/// What a run took.
struct Cost {
    cpu: Duration,
    /// Octets of memory at the peak.
    memory: u64,
}

fn cost(command: &mut Command) -> std::io::Result<Cost> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let used = command.spawn()?.wait4()?.rusage;
    Ok(Cost { cpu: used.utime + used.stime, memory: used.maxrss })
}

/// Home agents with few and with many bindings, each a process of its own.
fn home_agents() -> Result<(), Trouble> {
    const GOAL: u64 = 1024;
    let most: u64 = match std::env::var("MIP6_BENCH_BINDINGS") {
        Ok(n) => n.parse()?,
        Err(_) => 100_000,
    };
    println!("\nA home agent: CPU time of a registration, flags A, H and L, in the clear");
    let few = most / 100;
    let mut sizes = [(0, 0), (0, 0)];
    for bindings in [few, most / 10, most] {
        let (said, peak) = home_agent(bindings, APART)?;
        print!("{said}");
        sizes = [if bindings == few { (bindings, peak) } else { sizes[0] }, (bindings, peak)];
    }
    let each = |[(few, least), (many, peak)]: [(u64, u64); 2]| {
        peak.saturating_sub(least) / (many - few).max(1)
    };
    println!("{} octets at the peak for each binding (goal {GOAL})", each(sizes));
    // While they are tested and announced, there is more to remember.
    let sizes = [(few, home_agent(few, BURST)?.1), (most, home_agent(most, BURST)?.1)];
    println!("{} if all come within a second (goal {GOAL})", each(sizes));
    Ok(())
}

/// What a home agent with bindings that come so far apart says of itself, and its
/// memory at the peak in octets.
fn home_agent(bindings: u64, apart: Duration) -> Result<(String, u64), Trouble> {
    let mut child = Command::new(std::env::current_exe()?)
        .args([HOME_AGENT, &bindings.to_string(), &apart.as_micros().to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    if let Some(out) = child.stdout.as_mut() {
        out.read_to_string(&mut said)?;
    }
    Ok((said, child.wait4()?.rusage.maxrss))
}

fn measure(bindings: &str, apart: &str) -> Result<(), Trouble> {
    serve(bindings.parse()?, Duration::from_micros(apart.parse()?))
}

const PLACE: Interface = Interface(0);
/// Stations of the home agent and its router, as the testkit's frames have them.
const STATION: [u8; 6] = [2, 0, 0, 0, 0, 2];
const ROUTER_STATION: [u8; 6] = [2, 0, 0, 0, 0, 1];
const PREFIX: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0);
const AGENT: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 2);
const ROUTER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1);
const FOREIGN: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 0);

/// Time between registrations: a thousand a second.
const APART: Duration = Duration::from_millis(1);
/// The same for all to be tested and announced at one time.
const BURST: Duration = Duration::from_micros(10);
/// Registrations that are measured once all bindings are there.
const MEASURED: u32 = 1000;

/// Fills a home agent with bindings that come so far apart, then measures what
/// further registrations cost it.
fn serve(bindings: u32, apart: Duration) -> Result<(), Trouble> {
    let prefix = PrefixConfig::new(PREFIX, 64).with_address(AGENT);
    let mut link = RouterConfig::new(PLACE).prefix(prefix);
    link.home_agent = Some(HomeAgentInformation { preference: 0, lifetime: None });
    let room = (bindings + MEASURED) as usize;
    let config = HomeAgentConfig { links: vec![link], room, ..HomeAgentConfig::default() };
    let modules: Vec<Box<dyn Module>> =
        vec![Box::new(Mobility::default()), Box::new(HomeAgent::new(config))];
    let way = Route { prefix: Ipv6Addr::UNSPECIFIED, len: 0, interface: PLACE, via: Some(ROUTER) };
    let host = HostConfig {
        stations: vec![STATION],
        addresses: vec![Address::configured(PLACE, AGENT, 64)],
        routes: vec![way],
        forwards: true,
        ..HostConfig::default()
    };
    let mut agent = Agent {
        node: Node::new(Config { host, modules, ..Config::default() }),
        now: Instant::START,
    };
    agent.input(&Input::Link { interface: PLACE, up: true });
    agent.wait(Duration::from_secs(10));
    for n in 0..bindings {
        agent.register(&update(n), apart);
    }
    agent.wait(Duration::from_secs(10));
    let frames: Vec<Vec<u8>> = (bindings..bindings + MEASURED).map(update).collect();
    let began = cpu()?;
    for frame in &frames {
        agent.register(frame, APART);
    }
    agent.wait(Duration::from_secs(10));
    let each = (cpu()?.saturating_sub(began)) / MEASURED;
    let held = agent.node.host().tables.registrations.len();
    if held != room {
        return Err(format!("{held} bindings of {room}").into());
    }
    let rate = 1.0 / each.as_secs_f64();
    println!("{bindings:>7} bindings: {:>6.1} µs, {rate:>8.0} a second", each.as_secs_f64() * 1e6);
    Ok(())
}

/// CPU time of this process.
fn cpu() -> Result<Duration, Trouble> {
    Ok(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.into())
}

/// A home agent and its clock.
struct Agent {
    node: Node,
    now: Instant,
}

impl Agent {
    fn input(&mut self, input: &Input<'_>) {
        self.node.handle(self.now, input);
        let mut resolve = false;
        while let Some(output) = self.node.poll() {
            if let Output::Frame { octets, .. } = output {
                // Its router is the one neighbour that it asks for.
                resolve |=
                    octets.get(54) == Some(&135) && octets.get(62..78) == Some(&ROUTER.octets());
            }
        }
        if resolve {
            let answer = advertisement();
            self.input(&Input::Frame { interface: PLACE, octets: &answer });
        }
    }

    /// Lets time pass.
    fn wait(&mut self, period: Duration) {
        let until = self.now + period;
        while let Some(at) = self.node.deadline().filter(|at| *at <= until) {
            self.now = at.max(self.now);
            self.input(&Input::Timer);
        }
        self.now = until;
    }

    fn register(&mut self, frame: &[u8], apart: Duration) {
        self.input(&Input::Frame { interface: PLACE, octets: frame });
        self.wait(apart);
    }
}

/// The router's answer to who asks for it.
fn advertisement() -> Vec<u8> {
    let mut options = vec![2, 1];
    options.extend(ROUTER_STATION);
    let flags = NaFlags::R | NaFlags::S | NaFlags::O;
    let body = Icmpv6Body::NeighborAdvertisement { flags, target: ROUTER, options: options.into() };
    let message = Header::Icmpv6(Icmpv6::new(kind::NEIGHBOR_ADVERTISEMENT, body));
    write_packet(&[ethernet(), link_ip(ROUTER, AGENT), message], &RFC6275)
}

/// The registration of a mobile node by its number.
fn update(n: u32) -> Vec<u8> {
    let host = |prefix: Ipv6Addr| {
        // As those of mobile nodes are, in no order.
        let identifier = u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 << 63;
        Ipv6Addr::from_bits(prefix.to_bits() | u128::from(identifier))
    };
    let (home, careof) = (host(PREFIX), host(FOREIGN));
    let flags = UpdateFlags::A | UpdateFlags::H | UpdateFlags::L;
    let alternate = OptionBody::AlternateCareof { address: careof };
    let message = mobility_with(binding_update(flags, 60_000), &[alternate]);
    write_packet(&[ethernet(), ip(careof, AGENT), home_option(home), message], &RFC6275)
}
