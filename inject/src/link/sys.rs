//! The calls that nobody wraps: making TUN and TAP interfaces, and what the kernel
//! knows of an interface. All unsafe code of the program is here.
#![allow(unsafe_code, reason = "ioctl(2) takes a pointer to what the request says")]

use std::os::fd::{AsFd, AsRawFd};

use nix::errno::Errno;
use nix::libc::{self, c_int, c_short, ifreq};

nix::ioctl_readwrite_bad!(tun_set_iff, libc::TUNSETIFF, ifreq);
nix::ioctl_write_int_bad!(tun_set_offload, libc::TUNSETOFFLOAD);
nix::ioctl_readwrite_bad!(get_flags, libc::SIOCGIFFLAGS, ifreq);
nix::ioctl_readwrite_bad!(set_flags, libc::SIOCSIFFLAGS, ifreq);
nix::ioctl_readwrite_bad!(get_mtu, libc::SIOCGIFMTU, ifreq);

/// Makes an open `/dev/net/tun` the other end of a TUN or TAP interface (`kind` is
/// `IFF_TUN` or `IFF_TAP`), which comes to be if there is none of this name. Frames
/// have nothing in front, and are no longer than the MTU.
pub(super) fn attach(device: &impl AsFd, name: &str, kind: c_int) -> Result<(), Errno> {
    let mut request = request(name)?;
    request.ifr_ifru.ifru_flags = (kind | libc::IFF_NO_PI) as c_short;
    // SAFETY: TUNSETIFF reads and writes one `ifreq`, which outlives the call, and
    // keeps no pointer to it. The descriptor is open while it is borrowed.
    unsafe { tun_set_iff(device.as_fd().as_raw_fd(), &raw mut request) }?;
    // SAFETY: TUNSETOFFLOAD takes a number. The descriptor is open while borrowed.
    unsafe { tun_set_offload(device.as_fd().as_raw_fd(), 0) }?;
    Ok(())
}

/// Brings an interface up, if it is down. `socket` is any socket of its network
/// namespace.
pub(super) fn bring_up(socket: &impl AsFd, name: &str) -> Result<(), Errno> {
    let mut request = request(name)?;
    let fd = socket.as_fd().as_raw_fd();
    // SAFETY: SIOCGIFFLAGS writes to one `ifreq`, which outlives the call, and keeps
    // no pointer to it. The descriptor is open while it is borrowed.
    unsafe { get_flags(fd, &raw mut request) }?;
    // SAFETY: the kernel has put flags there; any octets are a number.
    let flags = unsafe { request.ifr_ifru.ifru_flags };
    if flags & libc::IFF_UP as c_short != 0 {
        return Ok(());
    }
    request.ifr_ifru.ifru_flags = flags | libc::IFF_UP as c_short;
    // SAFETY: as with SIOCGIFFLAGS; SIOCSIFFLAGS reads.
    unsafe { set_flags(fd, &raw mut request) }?;
    Ok(())
}

/// Octets that a packet on an interface can have. `socket` is any socket of its
/// network namespace.
pub(super) fn mtu(socket: &impl AsFd, name: &str) -> Result<usize, Errno> {
    let mut request = request(name)?;
    // SAFETY: SIOCGIFMTU writes to one `ifreq`, which outlives the call, and keeps no
    // pointer to it. The descriptor is open while it is borrowed.
    unsafe { get_mtu(socket.as_fd().as_raw_fd(), &raw mut request) }?;
    // SAFETY: the kernel has put an MTU there; any octets are a number.
    let mtu = unsafe { request.ifr_ifru.ifru_mtu };
    usize::try_from(mtu).map_err(|_| Errno::EINVAL)
}

/// A request about an interface, with nothing else in it.
fn request(name: &str) -> Result<ifreq, Errno> {
    let mut told = [0; libc::IFNAMSIZ];
    // A zero octet ends the name.
    if name.is_empty() || name.len() >= told.len() || name.contains('\0') {
        return Err(Errno::EINVAL);
    }
    for (to, octet) in told.iter_mut().zip(name.bytes()) {
        *to = octet as libc::c_char;
    }
    let nothing = libc::__c_anonymous_ifr_ifru { ifru_newname: [0; libc::IFNAMSIZ] };
    Ok(ifreq { ifr_name: told, ifr_ifru: nothing })
}
