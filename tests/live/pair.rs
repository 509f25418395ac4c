//! Two network namespaces with wires between them: in one the tester, in the other
//! the node under test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use assert_cmd::cargo::cargo_bin;
use mip6_testkit::namespace::Namespace;
use tempfile::TempDir;

/// Links that cases know.
pub(crate) const LINKS: [&str; 4] = ["home", "foreign", "visited", "peer"];

/// Whether network namespaces can be made here; says so if not.
pub(crate) fn can_be_run() -> bool {
    static CAN: LazyLock<bool> = LazyLock::new(|| Namespace::new("can").is_some());
    *CAN
}

/// A network namespace where they can be made.
pub(crate) fn namespace(what: &str) -> Namespace {
    Namespace::new(what).unwrap()
}

/// What a namespace has: interfaces, addresses, routes, packet sockets, settings.
pub(crate) fn inventory(space: &Namespace) -> String {
    let script = "ip -o link | sed 's/ state [A-Z]*//'; ip -o addr; ip -6 route show table all | sort; \
                  ip xfrm state; wc -l < /proc/net/packet; \
                  cat /proc/sys/net/ipv6/conf/*/disable_ipv6";
    let output = space.command("sh").args(["-c", script]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Tester and node under test, a veth pair between them for each link.
pub(crate) struct Pair {
    pub(crate) tester: Namespace,
    pub(crate) node: Namespace,
    pub(crate) folder: TempDir,
}

/// How a run ended.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let text = |octets| String::from_utf8(octets).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Pair {
    pub(crate) fn new(what: &str) -> Self {
        let (tester, node) = (namespace(what), namespace(what));
        for link in LINKS {
            tester.wire(&format!("t-{link}"), &node, &format!("n-{link}"));
        }
        Self { tester, node, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The files of a node of a role, and of the description that has it started.
    pub(crate) fn describe(&self, role: &str, speed: u32) -> PathBuf {
        self.describe_with(role, speed, "")
    }

    /// The same with more lines under `live`.
    pub(crate) fn describe_with(&self, role: &str, speed: u32, more: &str) -> PathBuf {
        let play = match role {
            "home-agent" => "ha",
            "mobile-node" => "mn",
            "correspondent" => "cn",
            _ => "router",
        };
        let socket = self.path("socket");
        let wires = |end: &str| {
            let [first, further @ ..] = LINKS.map(|l| format!("{end}-{l}"));
            format!("interface: {first}\nfurther: [{}]\n", further.join(", "))
        };
        let file = self.path("node.yaml");
        let text = format!(
            "play: {play}\nuse: [topology/roaming]\n{}control: {}\n",
            wires("n"),
            socket.display()
        );
        std::fs::write(&file, text).unwrap();
        let live = wires("t").replace('\n', "\n  ");
        let text = format!(
            "name: mip6 node\nroles: [{role}]\nsupports: [ipsec, payload-protection, \
             route-optimization, home-agent-discovery, prefix-discovery, multicast, state, \
             no-mobility]\nlive:\n  {live}control: {}\n  speed: {speed}\n  tolerance: 30 ms\n  \
             longest: 10 min\n{more}  hooks:\n    start:\n      stays: true\n      run: [ip, netns, \
             exec, {}, {}, node, {role}, --config, {}]\n",
            socket.display(),
            self.node.name(),
            cargo_bin!("mip6").display(),
            file.display(),
        );
        let path = self.path("subject.yaml");
        std::fs::write(&path, text).unwrap();
        path
    }

    /// `mip6 conform --live` with a description and more arguments.
    pub(crate) fn conform(&self, subject: &Path, args: &[&str]) -> Run {
        Run::of(self.conform_command(subject, args).output().unwrap())
    }

    pub(crate) fn conform_command(&self, subject: &Path, args: &[&str]) -> Command {
        let mut command = self.tester.command(cargo_bin!("mip6"));
        command.args(["conform", "--live", "--iut"]).arg(subject).args(args);
        command.current_dir(self.folder.path());
        command
    }
}

/// `mip6 conform` in the virtual network.
pub(crate) fn virtually(args: &[&str]) -> Run {
    let mut command = Command::new(cargo_bin!("mip6"));
    Run::of(command.arg("conform").args(args).output().unwrap())
}

/// Verdicts by the ids of cases, of what `--format json` prints; messages behind them.
pub(crate) fn verdicts(run: &Run) -> BTreeMap<String, (String, String)> {
    let lines = run.out.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
    lines
        .filter_map(|line| {
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            line.get("case").map(|_| (text("case"), (text("verdict"), text("message"))))
        })
        .collect()
}
