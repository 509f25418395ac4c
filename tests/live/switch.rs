//! Nodes of the program in namespaces of their own, around bridges that are the links.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::Ipv6Addr;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
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
use mip6_testkit::namespace::{Namespace, enter};
use tempfile::TempDir;

use crate::pair::namespace;

/// The care-of address of a mobile node on a link, both by their numbers.
pub(crate) fn careof(node: u16, link: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, link, 0, 0, 0x5eff, 0xfe00, node << 8)
}

/// A bridge for each link in a namespace, and nodes around it.
pub(crate) struct Switch {
    pub(crate) space: Namespace,
    nodes: Vec<(Namespace, Child)>,
    folder: TempDir,
    /// What all nodes are told of their network.
    network: String,
}

impl Switch {
    pub(crate) fn new(links: &[&str], network: &str) -> Self {
        let space = namespace("switch");
        for link in links {
            let bridge = format!("b-{link}");
            let kind = ["type", "bridge", "forward_delay", "0", "mcast_snooping", "0"];
            space.ip(&[&["link", "add", &bridge][..], &kind].concat());
            space.ip(&["link", "set", &bridge, "addrgenmode", "none", "up"]);
        }
        let network = network.to_owned();
        Self { space, nodes: Vec::new(), folder: tempfile::tempdir().unwrap(), network }
    }

    /// A namespace on bridges: port `p-NAME-N` for its interface `i-NAME-N`.
    pub(crate) fn plug(&self, name: &str, links: &[&str]) -> Namespace {
        let space = namespace(name);
        for (n, link) in links.iter().enumerate() {
            let (port, own) = (format!("p-{name}-{n}"), format!("i-{name}-{n}"));
            self.space.wire(&port, &space, &own);
            self.space.ip(&["link", "set", &port, "master", &format!("b-{link}")]);
        }
        space
    }

    /// Puts a node on bridges.
    pub(crate) fn node(&mut self, name: &str, role: &str, links: &[&str]) {
        let space = self.plug(name, links);
        let interfaces: Vec<String> = (0..links.len()).map(|n| format!("i-{name}-{n}")).collect();
        let file = format!(
            "play: {name}\ninterface: {}\nfurther: [{}]\ncontrol: {}\n{}",
            interfaces[0],
            interfaces[1..].join(", "),
            self.socket(name).display(),
            self.network
        );
        let path = self.folder.path().join(format!("{name}.yaml"));
        std::fs::write(&path, file).unwrap();
        let log = File::create(self.folder.path().join(format!("{name}.log"))).unwrap();
        let mut command = space.command(cargo_bin!("mip6"));
        command.args(["node", role, "--config"]).arg(&path);
        command.stdout(Stdio::from(log.try_clone().unwrap())).stderr(Stdio::from(log));
        self.nodes.push((space, command.spawn().unwrap()));
    }

    pub(crate) fn socket(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.sock"))
    }

    pub(crate) fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(format!("{name}.log"))).unwrap()
    }

    /// Connects to a node, as soon as it listens.
    pub(crate) fn client(&self, name: &str) -> Client {
        let began = Instant::now();
        loop {
            if let Ok(client) = Client::connect(&self.socket(name), Duration::from_secs(5)) {
                return client;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{}", self.log(name));
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks a node until its state is so, or time is up.
    pub(crate) fn until(&self, name: &str, is: impl Fn(&BTreeMap<String, String>) -> bool) {
        let began = Instant::now();
        let mut client = self.client(name);
        loop {
            let state = client.ask(&Request::State {}).unwrap().state;
            if is(&state) {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(40), "{state:#?}\n{}", self.log(name));
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Takes a node's first port to another bridge: the carrier goes and comes, as a
    /// cable is put into another socket.
    pub(crate) fn rewire(&self, name: &str, link: &str) {
        let port = format!("p-{name}-0");
        self.space.ip(&["link", "set", &port, "down"]);
        self.space.ip(&["link", "set", &port, "master", &format!("b-{link}")]);
        thread::sleep(Duration::from_millis(150));
        self.space.ip(&["link", "set", &port, "up"]);
    }

    /// Keeps what goes over a port until it is told to stop.
    pub(crate) fn listen(&self, port: &str, stop: &Arc<AtomicBool>) -> JoinHandle<Frames> {
        let (stop, space, port) = (stop.clone(), self.space.name().to_owned(), port.to_owned());
        thread::spawn(move || {
            enter(&space);
            let options = Options { own: true, ..Options::default() };
            let mut link = PacketLink::open(&port, &options).unwrap();
            let mut frames = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                // The port may go down.
                if let Ok(Some(f)) = link.receive(Duration::from_millis(20)) {
                    frames.push((f.at, f.octets.to_vec()));
                }
            }
            frames
        })
    }

    /// Lets a node send an Echo Request every ten milliseconds until told to stop.
    pub(crate) fn ping(&self, name: &str, to: Ipv6Addr, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
        let (stop, mut client) = (stop.clone(), self.client(name));
        thread::spawn(move || {
            for sequence in 0.. {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let echo = Echo {
                    to,
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
    }

    /// When frames that a filter lets through came, opened with the keys of the
    /// network.
    pub(crate) fn seen(&self, frames: &Frames, filter: &str) -> Vec<SystemTime> {
        let file = NodeFile::parse("mn", &format!("play: mn\n{}", self.network)).unwrap();
        let single = Single::new(&file, 1).unwrap();
        seen(frames, &single, filter)
    }
}

/// Frames and when they came.
pub(crate) type Frames = Vec<(SystemTime, Vec<u8>)>;

impl Drop for Switch {
    fn drop(&mut self) {
        for (_, child) in &mut self.nodes {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

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
