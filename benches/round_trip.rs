//! How long a registration takes with `mip6 node ha` on a veth pair, beside an ICMPv6
//! echo with the kernel on the same pair: medians of one run, goal at most three times
//! the echo. In network namespaces of its own; where none can be made it says so.

use std::io::Write;
use std::net::Ipv6Addr;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use mip6_inject::link::{Link, Options, PacketLink};
use mip6_testkit::build::{home_option, mobility_with};
use mip6_testkit::namespace::Namespace;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, NaFlags, kind};
use mip6_wire::ip::Ipv6;
use mip6_wire::link::Ethernet;
use mip6_wire::mobility::{Message, OptionBody, UpdateFlags};

/// Exchanges that are measured, and those before that are not.
const EXCHANGES: usize = 2000;
const WARM: usize = 100;

/// What the home agent is told of its network: it is the first node, so that its
/// address and station are those below.
const NODE: &str = "
play: ha
interface: rtb
topology:
  links: {home: {advertise: {enabled: false}}, foreign: {}}
  nodes:
    ha: {role: home-agent, on: [home]}
    router: {role: router, on: [home, foreign]}
    mn: {role: mobile-node, on: [foreign], home: home, home-agent: ha, manual: true}
";
const AGENT: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1);
const AGENT_STATION: [u8; 6] = [0x02, 0, 0x5e, 0, 1, 0];
const ROUTER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 2);
const HOME: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0x99);
const CAREOF: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 0x99);
/// Addresses of the kernel and of who asks it.
const KERNEL: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 9, 0, 0, 0, 0, 1);
const ASKER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 9, 0, 0, 0, 0, 2);

/// The tester's end.
struct Tester(PacketLink);

impl Tester {
    fn packet(&self, to: [u8; 6], ip: Ipv6, headers: Vec<Header<'_>>) -> Vec<u8> {
        let source = self.0.station();
        let ethernet = Ethernet { destination: to, source, ..Ethernet::default() };
        let mut all = vec![Header::Ethernet(ethernet), Header::Ipv6(ip)];
        all.extend(headers);
        write_packet(&all, &RFC6275)
    }

    /// Sends a request, and waits for a frame that is an answer; neighbours that ask
    /// meanwhile are answered.
    fn exchange(&mut self, request: &[u8], is_answer: impl Fn(&[u8]) -> bool) -> Duration {
        let began = Instant::now();
        self.0.send(&[request]).expect("the link is there");
        loop {
            assert!(began.elapsed() < Duration::from_secs(10), "no answer");
            let Some(frame) = self.0.receive(Duration::from_secs(10)).expect("it is there") else {
                continue;
            };
            let octets = frame.octets.to_vec();
            if is_answer(&octets) {
                return began.elapsed();
            }
            self.advertise(&octets);
        }
    }

    /// Answers a Neighbor Solicitation for an address of the tester.
    fn advertise(&mut self, frame: &[u8]) {
        let target: Option<[u8; 16]> = frame.get(62..78).and_then(|t| t.try_into().ok());
        let (Some(&kind::NEIGHBOR_SOLICITATION), Some(target)) = (frame.get(54), target) else {
            return;
        };
        let target = Ipv6Addr::from(target);
        let source: [u8; 16] = frame[22..38].try_into().expect("16 octets");
        let source = Ipv6Addr::from(source);
        if ![ROUTER, ASKER].contains(&target) || source.is_unspecified() {
            return;
        }
        let station = self.0.station();
        let options = [&[2, 1][..], &station].concat().into();
        let flags = NaFlags::S | NaFlags::O;
        let body = Icmpv6Body::NeighborAdvertisement { flags, target, options };
        let message = Icmpv6::new(kind::NEIGHBOR_ADVERTISEMENT, body);
        let mut ip = Ipv6::new(target, source);
        ip.hop_limit = 255;
        let to = frame[6..12].try_into().expect("six octets");
        let reply = self.packet(to, ip, vec![Header::Icmpv6(message)]);
        self.0.send(&[&reply]).expect("the link is there");
    }

    fn echo(&mut self, to: [u8; 6], sequence: u16) -> Duration {
        let body = Icmpv6Body::Echo { identifier: 7, sequence, data: vec![0; 56].into() };
        let message = Icmpv6::new(kind::ECHO_REQUEST, body);
        let request = self.packet(to, Ipv6::new(ASKER, KERNEL), vec![Header::Icmpv6(message)]);
        let wanted = sequence.to_be_bytes();
        self.exchange(&request, |f| {
            f.get(54) == Some(&kind::ECHO_REPLY) && f.get(60..62) == Some(&wanted)
        })
    }

    fn register(&mut self, sequence: u16) -> Duration {
        let flags = UpdateFlags::A | UpdateFlags::H;
        let alternate = OptionBody::AlternateCareof { address: CAREOF };
        let update = Message::BindingUpdate { sequence, flags, lifetime: 600 };
        let update = mobility_with(update, &[alternate]);
        let headers = vec![home_option(HOME), update];
        let request = self.packet(AGENT_STATION, Ipv6::new(CAREOF, AGENT), headers);
        // Behind the Type 2 routing header: Mobility Header of type 6, its status and
        // sequence number.
        let wanted = sequence.to_be_bytes();
        self.exchange(&request, |f| {
            f.get(20) == Some(&43)
                && f.get(80) == Some(&6)
                && f.get(84) == Some(&0)
                && f.get(86..88) == Some(&wanted)
        })
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The node, ended when this is dropped.
struct Node(Child);

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() {
    let Some(there) = Namespace::new("node") else { return };
    let Some(here) = Namespace::new("tester") else { return };
    here.wire("rta", &there, "rtb");
    here.enter();
    let options = Options { promiscuous: true, ..Options::default() };
    let mut tester = Tester(PacketLink::open("rta", &options).expect("it is up"));

    // The kernel first: a node keeps it away from its interface.
    let address = format!("{KERNEL}/64");
    there.ip(&["addr", "add", &address, "dev", "rtb", "nodad"]);
    let station = there.command("cat").arg("/sys/class/net/rtb/address").output().expect("cat");
    let octets: Vec<u8> = String::from_utf8_lossy(&station.stdout)
        .trim_end()
        .split(':')
        .map(|o| u8::from_str_radix(o, 16).expect("an octet"))
        .collect();
    let station: [u8; 6] = octets.try_into().expect("six octets");
    let echoes: Vec<Duration> =
        (0..WARM + EXCHANGES).map(|i| tester.echo(station, i as u16)).skip(WARM).collect();
    there.ip(&["addr", "flush", "dev", "rtb"]);

    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(NODE.as_bytes()).expect("there is room");
    let mut command = there.command(env!("CARGO_BIN_EXE_mip6"));
    command.args(["node", "ha", "--config"]).arg(file.path()).stdout(Stdio::null());
    let node = Node(command.spawn().expect("it was built"));
    thread::sleep(Duration::from_secs(2));
    // Duplicate address detection for the home address is of the first alone.
    tester.register(0);
    let registrations: Vec<Duration> =
        (1..=WARM + EXCHANGES).map(|i| tester.register(i as u16)).skip(WARM).collect();
    drop(node);

    let (echo, registration) = (median(echoes), median(registrations));
    println!(
        "round trip: registration with `mip6 node ha` {:.0} us, ICMPv6 echo with the kernel \
         {:.0} us: {:.2} times (goal at most 3)",
        registration.as_secs_f64() * 1e6,
        echo.as_secs_f64() * 1e6,
        registration.as_secs_f64() / echo.as_secs_f64()
    );
}
