//! TUN and TAP interfaces: the kernel is the node at the other end.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::time::{Duration, Instant, SystemTime};

use nix::errno::Errno;
use nix::ifaddrs::getifaddrs;
use nix::libc;
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use nix::unistd::{read, write};

use super::wait::poll;
use super::{ETHERNET, Link, LinkError, Options, Received, carried, sys, vlan};

/// What the interface carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TunKind {
    /// Ethernet frames.
    Tap,
    /// IP packets: Ethernet headers are put on and taken off.
    Tun,
}

impl TunKind {
    /// As `ip tuntap` and [`super::open`] name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tap => "tap",
            Self::Tun => "tun",
        }
    }
}

/// Octets of the longest frame.
const LONGEST: usize = 65_550;
/// Our end of a TUN interface, and the kernel's.
const TUN_STATIONS: [[u8; 6]; 2] = [[0x02, 0, 0, 0, 0, 0x01], [0x02, 0, 0, 0, 0, 0x02]];

/// The other end of a TUN or TAP interface: what the kernel sends on it is received
/// here, and what is sent here the kernel receives.
#[derive(Debug)]
pub struct TunLink {
    name: String,
    kind: TunKind,
    device: File,
    /// Tells of the interface.
    control: OwnedFd,
    station: [u8; 6],
    vlan: Option<u16>,
    buffer: Vec<u8>,
}

impl TunLink {
    /// Opens an interface, and makes it if there is none of this name; then it goes
    /// when the link is dropped. Brings it up. Needs `CAP_NET_ADMIN`, but for an
    /// interface that is there, up and belongs to the user.
    pub fn open(name: &str, kind: TunKind, options: &Options) -> Result<Self, LinkError> {
        let system = |e: Errno| LinkError::System { name: name.to_owned(), error: e.into() };
        let no_right = || LinkError::TunPrivilege { name: name.to_owned(), kind };
        if kind == TunKind::Tun && options.vlan.is_some() {
            return Err(LinkError::NoVlan(name.to_owned()));
        }
        let mut file = OpenOptions::new();
        file.read(true).write(true).custom_flags(libc::O_NONBLOCK);
        let device = file.open("/dev/net/tun").map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => LinkError::NoTun,
            io::ErrorKind::PermissionDenied => no_right(),
            _ => LinkError::System { name: name.to_owned(), error: e },
        })?;
        let flag = if kind == TunKind::Tap { libc::IFF_TAP } else { libc::IFF_TUN };
        sys::attach(&device, name, flag).map_err(|e| match e {
            Errno::EPERM | Errno::EACCES => no_right(),
            Errno::EBUSY => LinkError::Busy(name.to_owned()),
            Errno::EINVAL => LinkError::NotTun { name: name.to_owned(), kind },
            e => system(e),
        })?;
        let control =
            socket(AddressFamily::Inet6, SockType::Datagram, SockFlag::SOCK_CLOEXEC, None)
                .map_err(system)?;
        sys::bring_up(&control, name).map_err(|e| match e {
            Errno::EPERM | Errno::EACCES => LinkError::Down(name.to_owned()),
            e => system(e),
        })?;
        let station = match kind {
            TunKind::Tap => other_station(name).map_err(system)?,
            TunKind::Tun => TUN_STATIONS[0],
        };
        Ok(Self {
            name: name.to_owned(),
            kind,
            device,
            control,
            station,
            vlan: options.vlan,
            buffer: vec![0; ETHERNET + LONGEST],
        })
    }

    fn error(&self, e: Errno) -> LinkError {
        match e {
            // What the device says of an interface that is down, or gone.
            Errno::EIO | Errno::EBADFD => LinkError::Down(self.name.clone()),
            e => LinkError::System { name: self.name.clone(), error: e.into() },
        }
    }

    /// What of a frame goes to the device.
    fn beneath<'f>(&self, frame: &'f [u8]) -> Result<&'f [u8], LinkError> {
        let kind = frame.get(ETHERNET - 2..ETHERNET);
        match (self.kind, kind) {
            (TunKind::Tap, _) => Ok(frame),
            (TunKind::Tun, Some([0x86, 0xdd] | [0x08, 0x00])) => Ok(&frame[ETHERNET..]),
            (TunKind::Tun, _) => Err(LinkError::NotIp(self.name.clone())),
        }
    }

    /// What is here, from where in the buffer to where; of other VLANs nothing.
    fn take(&mut self) -> Result<Option<(usize, usize)>, LinkError> {
        loop {
            let octets =
                match read(&self.device, self.buffer.get_mut(ETHERNET..).unwrap_or_default()) {
                    Ok(octets) => octets,
                    Err(Errno::EAGAIN) => return Ok(None),
                    Err(Errno::EINTR) => continue,
                    Err(e) => return Err(self.error(e)),
                };
            let to = ETHERNET + octets;
            if self.kind == TunKind::Tun {
                self.head();
                return Ok(Some((0, to)));
            }
            let Some(wanted) = self.vlan else { return Ok(Some((ETHERNET, to))) };
            let frame = self.buffer.get_mut(ETHERNET..to).unwrap_or_default();
            if vlan::vlan_of(frame) == Some(wanted) {
                return Ok(Some((ETHERNET + vlan::untag(frame), to)));
            }
        }
    }

    /// Puts an Ethernet header in front of the IP packet in the buffer.
    fn head(&mut self) {
        let v6 = self.buffer.get(ETHERNET).is_some_and(|o| o >> 4 == 6);
        let [ours, kernel] = TUN_STATIONS;
        let to = match self.buffer.get(ETHERNET + 24..ETHERNET + 40) {
            // RFC 2464 7: the last four octets of the group.
            Some(a) if v6 && a[0] == 0xff => [0x33, 0x33, a[12], a[13], a[14], a[15]],
            _ => ours,
        };
        let kind: [u8; 2] = if v6 { [0x86, 0xdd] } else { [0x08, 0x00] };
        let head = [&to[..], &kernel, &kind].concat();
        self.buffer.splice(..ETHERNET, head);
    }
}

impl Link for TunLink {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, frames: &[&[u8]]) -> Result<usize, LinkError> {
        for (sent, frame) in frames.iter().enumerate() {
            let tagged = self.vlan.map(|vlan| vlan::tagged(frame, vlan));
            let frame = tagged.as_deref().unwrap_or(frame);
            let (octets, mtu) = (carried(frame), self.mtu());
            let went = if octets > mtu {
                Err(LinkError::Long { name: self.name.clone(), octets, mtu })
            } else {
                self.beneath(frame).and_then(|octets| {
                    loop {
                        match write(&self.device, octets) {
                            Ok(_) => break Ok(()),
                            Err(Errno::EINTR | Errno::EAGAIN) => std::thread::yield_now(),
                            Err(e) => break Err(self.error(e)),
                        }
                    }
                })
            };
            match went {
                Ok(()) => {}
                Err(_) if sent > 0 => return Ok(sent),
                Err(e) => return Err(e),
            }
        }
        Ok(frames.len())
    }

    fn receive(&mut self, within: Duration) -> Result<Option<Received<'_>>, LinkError> {
        let begin = Instant::now();
        loop {
            let rest = within.saturating_sub(begin.elapsed());
            if !rest.is_zero() {
                poll(&[self.device.as_fd()], rest);
            }
            if let Some((from, to)) = self.take()? {
                let octets = self.buffer.get(from..to).unwrap_or_default();
                let at = SystemTime::now();
                return Ok(Some(Received { at, octets, own: false, unsummed: false }));
            }
            if begin.elapsed() >= within {
                return Ok(None);
            }
        }
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.device.as_fd())
    }

    fn mtu(&self) -> usize {
        sys::mtu(&self.control, &self.name).unwrap_or(super::USUAL_MTU)
    }

    fn station(&self) -> [u8; 6] {
        self.station
    }
}

/// An address for this end of a TAP interface: locally administered, and other than
/// that of the interface, which is the kernel's.
fn other_station(name: &str) -> Result<[u8; 6], Errno> {
    let mut station = getifaddrs()?
        .filter(|i| i.interface_name == name)
        .find_map(|i| i.address?.as_link_addr()?.addr())
        .ok_or(Errno::ENODEV)?;
    station[0] = station[0] & 0xfc | 0x02;
    station[5] ^= 0x01;
    Ok(station)
}
