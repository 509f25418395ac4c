//! A hand-over on real links: four nodes of the program, each in a namespace of its
//! own, and a mobile node whose interface is moved from one bridge to another.

use std::fs::File;
use std::net::Ipv6Addr;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use assert_cmd::cargo::cargo_bin;
use mip6_conformance::case::setting::NodeFile;
use mip6_conformance::live::{Client, Request};
use mip6_conformance::roles::command::{Command, Echo};
use mip6_conformance::run::Single;
use mip6_dissect::capture::{Frame, LinkType, Timestamp};
use mip6_dissect::filter::Filter;
use mip6_dissect::packet::Dissector;
use mip6_dissect::profile::Profile;
use mip6_inject::link::{Link, Options, PacketLink};
use nix::sched::{CloneFlags, setns};
use tempfile::TempDir;

use crate::pair::{LINKS, Namespace, can_be_run};

/// The network of all four: ESP for everything between mobile node and home agent but
/// payload, so that the test sees that; all of it through the home agent.
const NETWORK: &str = "
use: [topology/links]
topology:
  nodes:
    cn: {correspondent: {route-optimization: false}}
    mn: {role: mobile-node, on: [foreign], home: home, home-agent: ha}
";

/// A bridge for each link in a namespace, and nodes around it.
struct Switch {
    space: Namespace,
    nodes: Vec<(Namespace, Child)>,
    folder: TempDir,
}

impl Switch {
    fn new() -> Self {
        let space = Namespace::new("switch");
        for link in LINKS {
            let bridge = format!("b-{link}");
            let kind = ["type", "bridge", "forward_delay", "0", "mcast_snooping", "0"];
            space.ip(&[&["link", "add", &bridge][..], &kind].concat());
            space.ip(&["link", "set", &bridge, "addrgenmode", "none", "up"]);
        }
        Self { space, nodes: Vec::new(), folder: tempfile::tempdir().unwrap() }
    }

    /// Puts a node on bridges: port `p-NODE-N` for its interface `i-NODE-N`.
    fn node(&mut self, name: &str, role: &str, links: &[&str]) {
        let space = Namespace::new(name);
        for (n, link) in links.iter().enumerate() {
            let (port, own) = (format!("p-{name}-{n}"), format!("i-{name}-{n}"));
            self.space.ip(&["link", "add", &port, "type", "veth", "peer", "name", &own]);
            self.space.ip(&["link", "set", &own, "netns", &space.0]);
            self.space.ip(&["link", "set", &port, "master", &format!("b-{link}")]);
            self.space.ip(&["link", "set", &port, "addrgenmode", "none", "up"]);
            space.ip(&["link", "set", &own, "addrgenmode", "none", "up"]);
        }
        let interfaces: Vec<String> = (0..links.len()).map(|n| format!("i-{name}-{n}")).collect();
        let file = format!(
            "play: {name}\ninterface: {}\nfurther: [{}]\ncontrol: {}\n{NETWORK}",
            interfaces[0],
            interfaces[1..].join(", "),
            self.socket(name).display()
        );
        let path = self.folder.path().join(format!("{name}.yaml"));
        std::fs::write(&path, file).unwrap();
        let log = File::create(self.folder.path().join(format!("{name}.log"))).unwrap();
        let mut command = space.command(cargo_bin!("mip6"));
        command.args(["node", role, "--config"]).arg(&path);
        command.stdout(Stdio::from(log.try_clone().unwrap())).stderr(Stdio::from(log));
        self.nodes.push((space, command.spawn().unwrap()));
    }

    fn socket(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.sock"))
    }

    fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(format!("{name}.log"))).unwrap()
    }

    /// Asks a node until it says so, or time is up.
    fn until(&self, name: &str, mut says: impl FnMut(&Client, &mut dyn FnMut() -> String) -> bool) {
        let began = Instant::now();
        let mut client = loop {
            if let Ok(client) = Client::connect(&self.socket(name), Duration::from_secs(5)) {
                break client;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{}", self.log(name));
            thread::sleep(Duration::from_millis(20));
        };
        loop {
            let state = client.ask(&Request::State {}).unwrap().state;
            let shown: Vec<String> = state.iter().map(|(k, v)| format!("{k}={v}")).collect();
            let text = shown.join("\n");
            if says(&client, &mut || text.clone()) {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "{text}\n{}", self.log(name));
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        for (_, child) in &mut self.nodes {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// When frames that a filter lets through came to the port of the mobile node.
fn seen(frames: &[(SystemTime, Vec<u8>)], single: &Single, filter: &str) -> Vec<SystemTime> {
    let filter = Filter::parse(filter).unwrap();
    let profile = Profile::rfc6275();
    let mut dissector = Dissector::new(&profile).keys(&single.keys.associations);
    let mut times = Vec::new();
    for (i, (at, octets)) in frames.iter().enumerate() {
        let frame = Frame {
            number: i as u64 + 1,
            time: Timestamp { secs: i as i64, nanos: 0 },
            len: octets.len() as u32,
            data: octets,
            link: LinkType::ETHERNET,
            interface: 0,
            comment: &[],
        };
        if filter.matches(&dissector.dissect(frame)) {
            times.push(*at);
        }
    }
    times
}

#[test]
fn packets_follow_a_mobile_node_to_another_link_within_100_ms() {
    if !can_be_run() {
        return;
    }
    let mut switch = Switch::new();
    switch.node("router", "ar", &LINKS);
    switch.node("ha", "ha", &["home"]);
    switch.node("cn", "cn", &["peer"]);
    switch.node("mn", "mn", &["foreign"]);
    let file = NodeFile::parse("mn", &format!("play: mn\n{NETWORK}")).unwrap();
    let single = Single::new(&file, 1).unwrap();
    let careof = |n: u16| Ipv6Addr::new(0x2001, 0xdb8, n, 0, 0, 0x5eff, 0xfe00, 0x400);
    let home = careof(1);
    let registered = |at: Ipv6Addr| format!("binding.{home}={at}");
    switch.until("ha", |_, state| state().contains(&registered(careof(2))));

    // What comes to the port of the mobile node, from here on.
    let stop = Arc::new(AtomicBool::new(false));
    let listening = {
        let (stop, space) = (stop.clone(), switch.space.0.clone());
        thread::spawn(move || {
            setns(File::open(format!("/run/netns/{space}")).unwrap(), CloneFlags::CLONE_NEWNET)
                .unwrap();
            let mut link =
                PacketLink::open("p-mn-0", &Options { own: true, ..Options::default() }).unwrap();
            let mut frames = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                // The port goes down once.
                if let Ok(Some(f)) = link.receive(Duration::from_millis(20)) {
                    frames.push((f.at, f.octets.to_vec()));
                }
            }
            frames
        })
    };
    // A packet to the home address every ten milliseconds.
    let sending = {
        let (stop, socket) = (stop.clone(), switch.socket("cn"));
        thread::spawn(move || {
            let mut client = Client::connect(&socket, Duration::from_secs(5)).unwrap();
            for sequence in 0.. {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let echo = Echo {
                    to: home,
                    from: None,
                    interface: None,
                    octets: 56,
                    hop_limit: None,
                    identifier: 7,
                    sequence,
                };
                client.ask(&Request::Command(Command::Echo(echo))).unwrap();
                thread::sleep(Duration::from_millis(10));
            }
        })
    };
    thread::sleep(Duration::from_millis(500));
    let moved = SystemTime::now();
    // The carrier goes and comes, as a cable is put into another socket.
    switch.space.ip(&["link", "set", "p-mn-0", "down"]);
    switch.space.ip(&["link", "set", "p-mn-0", "master", "b-visited"]);
    thread::sleep(Duration::from_millis(150));
    switch.space.ip(&["link", "set", "p-mn-0", "up"]);
    switch.until("ha", |_, state| state().contains(&registered(careof(3))));
    thread::sleep(Duration::from_millis(500));
    stop.store(true, Ordering::Relaxed);
    sending.join().unwrap();
    let frames = listening.join().unwrap();

    let accepted = seen(
        &frames,
        &single,
        &format!("mip6.ba.status == 0 && ipv6.dst == {} && esp.spi", careof(3)),
    );
    let accepted = accepted.into_iter().find(|at| *at > moved);
    let accepted = accepted.unwrap_or_else(|| panic!("no acknowledgement\n{}", switch.log("mn")));
    let packets = format!("icmpv6.type == 128 && ipv6.dst == {} && ipv6.dst == {home}", careof(3));
    let first = seen(&frames, &single, &packets).into_iter().find(|at| *at > moved);
    let first = first.unwrap_or_else(|| panic!("no packet comes\n{}", switch.log("ha")));
    let after = first.duration_since(accepted).unwrap_or_default();
    println!(
        "moved; acknowledged {:?} later; the first packet {after:?} after that",
        accepted.duration_since(moved).unwrap_or_default()
    );
    assert!(after < Duration::from_millis(100), "{after:?}");
}
