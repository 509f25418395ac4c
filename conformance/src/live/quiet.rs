//! The IPv6 of this machine's own kernel, kept away from interfaces that belong to a
//! run: it would answer for itself, and form addresses of what it hears.

use std::fs;
use std::io;
use std::net::Ipv6Addr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use thiserror::Error;

/// Interfaces where the kernel's IPv6 is switched off until this goes, or the program
/// does in whatever way: a watcher, which waits for that, switches it on again. It
/// keeps the rights that this takes, when the program gives its own back.
#[derive(Debug, Default)]
pub struct Quiet {
    watchers: Vec<Child>,
}

/// Why an interface cannot be kept for a run.
#[derive(Debug, Error)]
pub enum QuietError {
    /// The machine uses it.
    #[error(
        "interface {name} has address {address} of this machine's own, which would be lost: \
         `ip -6 addr del {address}/{length} dev {name}` if it is not needed, or take an interface \
         that is free"
    )]
    InUse {
        /// The interface.
        name: String,
        /// A global address.
        address: Ipv6Addr,
        /// Bits of its prefix.
        length: u8,
    },
    /// The setting cannot be changed.
    #[error(
        "the kernel's own IPv6 on {name} cannot be switched off ({error}) and may answer too: \
         `sysctl -w net.ipv6.conf.{name}.disable_ipv6=1`"
    )]
    Denied {
        /// The interface.
        name: String,
        /// What the system says.
        #[source]
        error: io::Error,
    },
}

impl Quiet {
    /// Nothing is switched off yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Switches the kernel's IPv6 off on an interface, unless the machine was given a
    /// global address there. Those that it has formed of advertisements it forms again.
    pub fn hush(&mut self, name: &str) -> Result<(), QuietError> {
        let path = PathBuf::from(format!("/proc/sys/net/ipv6/conf/{name}/disable_ipv6"));
        match fs::read_to_string(&path) {
            // Off, or a kernel without IPv6.
            Ok(text) if text.trim() != "0" => return Ok(()),
            Err(_) => return Ok(()),
            Ok(_) => {}
        }
        if let Some((address, length)) = global_address(name) {
            return Err(QuietError::InUse { name: name.to_owned(), address, length });
        }
        let denied = |error| QuietError::Denied { name: name.to_owned(), error };
        // Nothing is changed that nobody could change back.
        let watcher = watch(&path).map_err(denied)?;
        self.watchers.push(watcher);
        fs::write(&path, "1").map_err(denied)
    }
}

/// Starts what writes `0` to a file as soon as this program is gone or drops it: in a
/// process group of its own, so that no interrupt of a terminal ends it.
fn watch(path: &Path) -> io::Result<Child> {
    Command::new("/bin/sh")
        .args(["-c", "cat >/dev/null; [ -e \"$1\" ] && echo 0 > \"$1\"", "sh"])
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

impl Drop for Quiet {
    fn drop(&mut self) {
        for watcher in &mut self.watchers {
            drop(watcher.stdin.take());
            // It has no other child to wait for.
            let _ = watcher.wait();
        }
    }
}

/// The flag of an address without end (IFA_F_PERMANENT of rtnetlink(7)).
const PERMANENT: u8 = 0x80;

/// A global address that the machine has on an interface.
fn global_address(name: &str) -> Option<(Ipv6Addr, u8)> {
    let mut all = global_addresses().into_iter();
    all.find(|(.., on)| on == name).map(|(address, length, _)| (address, length))
}

/// Global addresses that this machine was given, the lengths of their prefixes and the interfaces
/// that they are on.
pub(super) fn global_addresses() -> Vec<(Ipv6Addr, u8, String)> {
    let Ok(all) = fs::read_to_string("/proc/net/if_inet6") else { return Vec::new() };
    let read = |line: &str| {
        // Address, index, length of the prefix, scope, flags, name.
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [address, _, length, scope, flags, interface] = parts.as_slice() else { return None };
        let permanent = u8::from_str_radix(flags, 16).ok()? & PERMANENT != 0;
        if *scope != "00" || !permanent {
            return None;
        }
        let address = u128::from_str_radix(address, 16).ok()?;
        let length = u8::from_str_radix(length, 16).ok()?;
        Some((Ipv6Addr::from(address), length, (*interface).to_owned()))
    };
    all.lines().filter_map(read).collect()
}
