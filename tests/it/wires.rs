//! Packets on interfaces: in network namespaces, with veth pairs. Where that needs
//! rights that are not there, the tests say so and pass.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use mip6_testkit::namespace::Namespace;

use crate::root;

/// A network namespace with a veth pair `mip6a`, `mip6b`.
struct Wire {
    space: Namespace,
}

impl Wire {
    /// `None` where no namespace can be made.
    fn new(test: &str) -> Option<Self> {
        let space = Namespace::new(test)?;
        space.wire("mip6a", &space, "mip6b");
        Some(Self { space })
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.space.command(program);
        command.current_dir(root());
        command
    }

    fn run(&self, program: &str, args: &[&str]) -> Output {
        self.command(program).args(args).output().unwrap()
    }

    fn mip6(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.command(cargo_bin!("mip6")).args(args).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    /// Fields of the first `count` frames that come to the other end while `args` are
    /// run.
    fn caught(&self, count: usize, fields: &[&str], args: &[&str]) -> Vec<String> {
        self.caught_on("mip6b", count, fields, args)
    }

    fn caught_on(
        &self,
        interface: &str,
        count: usize,
        fields: &[&str],
        args: &[&str],
    ) -> Vec<String> {
        let mut catcher = self.command(cargo_bin!("mip6"));
        catcher.args(["dissect", "-i", interface, "-T", "fields", "-c", &count.to_string()]);
        for field in fields {
            catcher.args(["-e", field]);
        }
        let catcher = catcher.stdout(Stdio::piped()).spawn().unwrap();
        self.wait_for_catcher();
        let (code, said) = self.mip6(args);
        assert_eq!(code, Some(0), "{said}");
        let output = catcher.wait_with_output().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    /// Waits until a packet socket is open in the namespace.
    fn wait_for_catcher(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        while Instant::now() < end {
            let sockets = self.run("cat", &["/proc/net/packet"]);
            if String::from_utf8_lossy(&sockets.stdout).lines().count() > 1 {
                // It is bound before it is ready by a moment.
                std::thread::sleep(Duration::from_millis(300));
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("nobody listens");
    }
}

const SPEC: &str = "inject/specs/binding-update-sequence.yaml";

#[test]
fn injected_packets_come_in_order_from_the_interface() {
    let Some(wire) = Wire::new("inject") else { return };
    let args = ["inject", SPEC, "-i", "mip6a", "--rate", "500", "--to", "02:00:00:00:00:77"];
    let caught = wire.caught(10, &["mip6.bu.seqnr", "eth.dst", "eth.src"], &args);
    let station = wire.run("cat", &["/sys/class/net/mip6a/address"]).stdout;
    let station = String::from_utf8(station).unwrap();
    let wanted: Vec<String> =
        (1..=10).map(|n| format!("{n}\t02:00:00:00:00:77\t{}", station.trim())).collect();
    assert_eq!(caught, wanted);
}

#[test]
fn rate_and_count_hold() {
    let Some(wire) = Wire::new("rate") else { return };
    let begin = Instant::now();
    let args = ["inject", SPEC, "-i", "mip6a", "--rate", "100", "--count", "51"];
    let (code, said) = wire.mip6(&args);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("51 frames sent on mip6a in "), "{said}");
    // The last one goes out after 50 hundredths.
    assert!(begin.elapsed() >= Duration::from_millis(500));
}

#[test]
fn frames_go_into_a_vlan() {
    let Some(wire) = Wire::new("vlan") else { return };
    let args = ["inject", "inject/specs/tunnel.yaml", "-i", "mip6a", "--vlan", "42"];
    assert_eq!(wire.caught(1, &["vlan.id"], &args), ["42"]);
}

#[test]
fn a_replayed_capture_has_new_addresses_and_right_checksums() {
    let Some(wire) = Wire::new("replay") else { return };
    let folder = tempfile::tempdir().unwrap();
    let capture = folder.path().join("made.pcapng");
    let capture = capture.to_str().unwrap();
    assert_eq!(wire.mip6(&["craft", SPEC, "-w", capture]).0, Some(0));
    let map = "2001:db8:b::/64=fd00:b::/64";
    let begin = Instant::now();
    let args = ["replay", capture, "-i", "mip6a", "--speed", "10", "--map", map];
    let caught = wire.caught(10, &["ipv6.src", "mip6.acoa.acoa", "mip6.csum"], &args);
    // Nine seconds, ten times as fast.
    assert!(begin.elapsed() >= Duration::from_millis(900));
    let made = folder.path().join("new.yaml");
    let text = std::fs::read_to_string(root().join(SPEC)).unwrap();
    std::fs::write(&made, text.replace("2001:db8:b::99", "fd00:b::99")).unwrap();
    let new = folder.path().join("new.pcapng");
    let (made, new) = (made.to_str().unwrap(), new.to_str().unwrap());
    assert_eq!(wire.mip6(&["craft", made, "-w", new]).0, Some(0));
    let fields = ["-T", "fields", "-e", "ipv6.src", "-e", "mip6.acoa.acoa", "-e", "mip6.csum"];
    let (_, wanted) = wire.mip6(&[&["dissect", new], &fields[..]].concat());
    assert_eq!(caught, wanted.lines().collect::<Vec<_>>());
}

#[test]
fn rights_are_given_back_once_the_link_is_open() {
    let Some(wire) = Wire::new("rights") else { return };
    for (user, variables) in
        [("0", vec![]), ("65534", vec![("SUDO_UID", "65534"), ("SUDO_GID", "65534")])]
    {
        let args = ["inject", SPEC, "-i", "mip6a", "--rate", "50", "--count", "150"];
        let mut command = wire.command(cargo_bin!("mip6"));
        command.args(args).envs(variables).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let status = || std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let of = |status: &str, name: &str| -> Vec<String> {
            let line = status.lines().find_map(|l| l.strip_prefix(name)).unwrap();
            line.split_whitespace().map(str::to_owned).collect()
        };
        let end = Instant::now() + Duration::from_secs(20);
        let status = loop {
            let status = status();
            let mip6 = of(&status, "Name:") == ["mip6"];
            if mip6 && of(&status, "CapEff:") == ["0000000000000000"] || Instant::now() > end {
                break status;
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        for set in ["CapEff:", "CapPrm:", "CapInh:", "CapBnd:", "CapAmb:"] {
            assert_eq!(of(&status, set), ["0000000000000000"], "{set} {status}");
        }
        assert_eq!(of(&status, "NoNewPrivs:"), ["1"]);
        assert_eq!(of(&status, "Uid:"), [user; 4]);
        assert_eq!(of(&status, "Gid:"), [user; 4]);
        // It goes on sending.
        assert!(child.try_wait().unwrap().is_none());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.starts_with(b"150 frames sent"));
    }
}

#[test]
fn frames_go_to_tap_and_tun_interfaces_and_through_libpcap() {
    let Some(wire) = Wire::new("kinds") else { return };
    wire.space.ip(&["tuntap", "add", "mode", "tap", "name", "mip6t"]);
    wire.space.ip(&["tuntap", "add", "mode", "tun", "name", "mip6u"]);
    for (link, on) in [("tap:mip6t", "mip6t"), ("tun:mip6u", "mip6u"), ("pcap:mip6a", "mip6b")] {
        wire.run("sysctl", &["-qw", &format!("net.ipv6.conf.{on}.disable_ipv6=1")]);
        wire.space.ip(&["link", "set", on, "up"]);
        let args = ["inject", SPEC, "-i", link, "--rate", "200"];
        let caught = wire.caught_on(on, 3, &["mip6.bu.seqnr"], &args);
        assert_eq!(caught, ["1", "2", "3"], "{link}");
    }
    let (code, said) = wire.mip6(&["inject", SPEC, "-i", "tun:mip6t"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("mip6t cannot be a tun interface"), "{said}");
}

#[test]
fn what_cannot_be_sent_is_told() {
    let Some(wire) = Wire::new("refusals") else { return };
    let refused = |args: &[&str], wanted: &str| {
        let (code, said) = wire.mip6(args);
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains(wanted), "{said}\nwanted {wanted}");
    };
    refused(&["inject", SPEC, "-i", "nowhere"], "there is no interface nowhere; there are");
    refused(&["inject", SPEC, "-i", "lo"], "interface lo is no Ethernet");
    wire.space.ip(&["link", "set", "mip6a", "mtu", "100"]);
    let long = "4 octets behind the Ethernet header do not fit the MTU of mip6a, which is 100";
    refused(&["inject", "inject/specs/fragments.yaml", "-i", "mip6a"], &long[1..]);
    wire.space.ip(&["link", "set", "mip6a", "down"]);
    refused(&["inject", SPEC, "-i", "mip6a"], "interface mip6a is down");
    if Path::new("/usr/bin/setpriv").exists() {
        wire.space.ip(&["link", "set", "mip6a", "up"]);
        let output = wire
            .command("setpriv")
            .args(["--bounding-set", "-net_raw"])
            .arg(cargo_bin!("mip6"))
            .args(["inject", SPEC, "-i", "mip6a"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(3));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("CAP_NET_RAW"), "{said}");
    }
    // What is wrong with the spec is told before any right is asked for.
    let (code, said) = wire.mip6(&["inject", "Cargo.toml", "-i", "mip6a"]);
    assert_eq!(code, Some(2), "{said}");
}
