//! Rights that are given back once links are open.

use std::env;
use std::io;

use rustix::process::{Gid, Uid, geteuid, getgid, getuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, capability_is_in_bounding_set,
    clear_ambient_capability_set, remove_capability_from_bounding_set, set_capabilities,
    set_no_new_privs, set_thread_groups, set_thread_res_gid, set_thread_res_uid,
};

use crate::exit::Exit;
use crate::output::Stop;

/// Gives back every right that opening links took, for good: all capabilities
/// (permitted, effective, inheritable, ambient and, where allowed, bounding), and
/// what programs started later could gain by set-user-ID bits or file capabilities.
/// Links that are open go on working.
///
/// Root on somebody's behalf, by sudo or a set-user-ID bit, becomes that user, so
/// that files are written where the user may write, and belong to the user. Root
/// that nobody stands behind stays root without capabilities: it writes where root
/// is the owner, as files of others are no longer its to change.
///
/// Capabilities belong to threads: this is called before others are started, which
/// then have none either. Anything that stays makes it fail.
pub(crate) fn drop_all() -> Result<(), Stop> {
    give_back().map_err(|e| {
        Stop::Failed(
            Exit::Environment,
            format!("cannot give privileges back once links are open: {e}"),
        )
    })
}

fn give_back() -> io::Result<()> {
    for number in 0..u64::BITS {
        let capability = CapabilitySet::from_bits_retain(1 << number);
        // Beyond the last one that the kernel knows, it says so.
        if !capability_is_in_bounding_set(capability).unwrap_or(false) {
            continue;
        }
        match remove_capability_from_bounding_set(capability) {
            // Takes CAP_SETPCAP, which a program with `cap_net_raw` alone lacks; it
            // gains nothing by what stays, for want of new privileges.
            Ok(()) | Err(rustix::io::Errno::PERM) => {}
            Err(e) => return Err(e.into()),
        }
    }
    // Linux before 4.3 has no ambient capabilities.
    match clear_ambient_capability_set() {
        Ok(()) | Err(rustix::io::Errno::INVAL) => {}
        Err(e) => return Err(e.into()),
    }
    set_no_new_privs(true)?;
    if let Some((user, group)) = behind() {
        // With the groups of root the user would keep what they may.
        set_thread_groups(&[group])?;
        set_thread_res_gid(group, group, group)?;
        set_thread_res_uid(user, user, user)?;
    }
    let none = CapabilitySet::empty();
    let nothing = CapabilitySets { effective: none, permitted: none, inheritable: none };
    set_capabilities(None, nothing)?;
    if capabilities(None)? != nothing {
        return Err(io::Error::other("the kernel left some capabilities"));
    }
    Ok(())
}

/// On whose behalf this runs as root, and that user's group.
fn behind() -> Option<(Uid, Gid)> {
    if !geteuid().is_root() {
        return None;
    }
    if !getuid().is_root() {
        // By a set-user-ID bit.
        return Some((getuid(), getgid()));
    }
    let number = |name| env::var(name).ok()?.parse::<u32>().ok().filter(|n| *n != u32::MAX);
    let user = number("SUDO_UID").filter(|n| *n != 0)?;
    Some((Uid::from_raw(user), Gid::from_raw(number("SUDO_GID")?)))
}
