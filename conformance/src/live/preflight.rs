//! What has to hold before cases can be run on real interfaces, looked at before the
//! first one, each with a way to mend it.

use std::collections::BTreeSet;
use std::fs;
use std::net::Ipv6Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::description::Live;
use super::rig::Rig;
use crate::roles::host::within;

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How it is.
    pub state: State,
    /// What was looked at, and what was found.
    pub what: String,
    /// How to mend it; empty if it is well.
    pub mend: String,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Well.
    Well,
    /// Cases can be run, and some may suffer.
    Doubtful,
    /// Cases cannot be run.
    Wrong,
}

impl State {
    /// In a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Doubtful => "doubtful",
            Self::Wrong => "wrong",
        }
    }
}

fn well(what: impl Into<String>) -> Check {
    Check { state: State::Well, what: what.into(), mend: String::new() }
}

fn doubtful(what: impl Into<String>, mend: impl Into<String>) -> Check {
    Check { state: State::Doubtful, what: what.into(), mend: mend.into() }
}

fn wrong(what: impl Into<String>, mend: impl Into<String>) -> Check {
    Check { state: State::Wrong, what: what.into(), mend: mend.into() }
}

/// What can be looked at before interfaces are opened: `interfaces` that are there,
/// their MTU, addresses of this machine, the clock, hooks.
pub fn before(live: &Live) -> Vec<Check> {
    let mut checks = Vec::new();
    let names: BTreeSet<&str> = live
        .any()
        .into_iter()
        .chain(live.interfaces.values().map(String::as_str))
        .filter(|name| !name.contains(':'))
        .collect();
    for name in names {
        interface(name, &mut checks);
    }
    clashes(live, &mut checks);
    clock(live, &mut checks);
    hooks(live, &mut checks);
    checks
}

fn read(name: &str, what: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/sys/class/net/{name}/{what}")).ok()?;
    Some(text.trim().to_owned())
}

fn interface(name: &str, checks: &mut Vec<Check>) {
    let Some(mtu) = read(name, "mtu") else {
        let mend = "`ip link` lists those that there are";
        checks.push(wrong(format!("there is no interface {name}"), mend));
        return;
    };
    match read(name, "carrier").as_deref() {
        Some("1") => checks.push(well(format!("interface {name} has a carrier"))),
        Some(_) => checks.push(wrong(
            format!("interface {name} has no carrier"),
            "connect it, and bring up the other end",
        )),
        None => checks
            .push(wrong(format!("interface {name} is down"), format!("`ip link set {name} up`"))),
    }
    if mtu.parse::<u32>().is_ok_and(|mtu| mtu < 1500) {
        checks.push(doubtful(
            format!("interface {name} has an MTU of {mtu}: cases take 1500 for granted"),
            format!("`ip link set {name} mtu 1500`"),
        ));
    }
}

/// Addresses of this machine where those of a run would be.
fn clashes(live: &Live, checks: &mut Vec<Check>) {
    // What is picked where nothing is given (RFC 3849).
    let picked = (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32);
    let given = live.links.values().map(|p| (p.address, p.length));
    let prefixes: Vec<(Ipv6Addr, u8)> = given.chain(std::iter::once(picked)).collect();
    let own = super::quiet::global_addresses();
    let mut clean = true;
    for (address, length, name) in own {
        if prefixes.iter().any(|(prefix, len)| within(address, *prefix, *len)) {
            clean = false;
            checks.push(wrong(
                format!("this machine has address {address} on {name}, among those of the run"),
                format!(
                    "`ip -6 addr del {address}/{length} dev {name}`, or other prefixes in `links`"
                ),
            ));
        }
    }
    if clean {
        checks.push(well("no address of this machine is among those of the run"));
    }
}

/// How late this machine wakes up.
fn clock(live: &Live, checks: &mut Vec<Check>) {
    const NAP: Duration = Duration::from_millis(1);
    let late = (0..50).map(|_| {
        let began = Instant::now();
        thread::sleep(NAP);
        began.elapsed().saturating_sub(NAP)
    });
    let latest = late.max().unwrap_or_default();
    let allowed = live.slack() / live.speed.unwrap_or(1);
    let what = format!(
        "this machine wakes up to {:.1} ms late, the tolerance is {:.1} ms",
        latest.as_secs_f64() * 1000.0,
        allowed.as_secs_f64() * 1000.0
    );
    checks.push(if latest * 2 > allowed {
        doubtful(what, "a greater `tolerance`, a lesser `speed`, or a machine with less to do")
    } else {
        well(what)
    });
}

fn hooks(live: &Live, checks: &mut Vec<Check>) {
    for (name, hook) in live.hooks.named() {
        let Some(program) = hook.run.first() else { continue };
        checks.push(match find(program) {
            Some(path) => well(format!("hook `{name}` is {}", path.display())),
            None => wrong(
                format!("hook `{name}`: there is no program {program}"),
                "a path from the folder where the run is started, or a name that PATH finds",
            ),
        });
    }
}

/// Where a program is.
fn find(program: &str) -> Option<PathBuf> {
    let runs = |path: &Path| {
        fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
    };
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|p| runs(p));
    }
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|p| p.join(program)).find(|p| runs(p))
}

/// What can be looked at once interfaces are open: whether the node is there.
pub fn after(rig: &mut Rig) -> Vec<Check> {
    vec![match rig.look() {
        Ok(Some(found)) => well(found),
        Ok(None) => doubtful(
            "no address of the node is known: whether it is there cannot be seen",
            "key `node` with its `mac` or its `link-local` address",
        ),
        Err(why) => wrong(why, "start the node, connect it, or mend hook `start`"),
    }]
}
