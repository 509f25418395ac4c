//! Interfaces of this machine, by packet sockets (packet(7)).

use std::fs;
use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{Duration, SystemTime};

use nix::errno::Errno;
use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, MultiHeaders, SockFlag, SockProtocol,
    SockType, bind, recvmsg, sendmmsg, setsockopt, socket, sockopt,
};
use nix::sys::time::{TimeSpec, TimeVal};

use super::{Link, LinkError, Received, carried, tagged};

/// Frames that one call hands to the kernel.
const BATCH: usize = 64;
/// Octets of the longest frame.
const LONGEST: usize = 65_550;
/// What an MTU is where nobody says.
const USUAL_MTU: usize = 1500;

/// An Ethernet interface.
#[derive(Debug)]
pub struct PacketLink {
    name: String,
    socket: OwnedFd,
    station: [u8; 6],
    mtu: usize,
    /// The VLAN that frames are put into.
    vlan: Option<u16>,
    buffer: Vec<u8>,
    control: Vec<u8>,
}

impl PacketLink {
    /// Opens an interface. Frames go into `vlan`, if one is given. Needs
    /// `CAP_NET_RAW`.
    pub fn open(name: &str, vlan: Option<u16>) -> Result<Self, LinkError> {
        let system = |e: Errno| LinkError::System { name: name.to_owned(), error: e.into() };
        let mut there = Vec::new();
        let mut found = None;
        for interface in getifaddrs().map_err(system)? {
            let Some(address) = interface.address.as_ref().and_then(|a| a.as_link_addr().copied())
            else {
                continue;
            };
            if interface.interface_name == name {
                found = Some((interface.flags, address));
            }
            there.push(interface.interface_name);
        }
        let Some((flags, address)) = found else {
            return Err(LinkError::Unknown { name: name.to_owned(), there });
        };
        if address.halen() != 6 || flags.contains(InterfaceFlags::IFF_LOOPBACK) {
            return Err(LinkError::NotEthernet(name.to_owned()));
        }
        if !flags.contains(InterfaceFlags::IFF_UP) {
            return Err(LinkError::Down(name.to_owned()));
        }
        let socket = socket(
            AddressFamily::Packet,
            SockType::Raw,
            SockFlag::SOCK_CLOEXEC,
            SockProtocol::EthAll,
        );
        let socket = socket.map_err(|e| match e {
            Errno::EPERM | Errno::EACCES => LinkError::Privilege,
            e => system(e),
        })?;
        bind(socket.as_raw_fd(), &address).map_err(system)?;
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true).map_err(system)?;
        let mtu = fs::read_to_string(format!("/sys/class/net/{name}/mtu"));
        let mtu = mtu.ok().and_then(|text| text.trim().parse().ok()).unwrap_or(USUAL_MTU);
        let mut link = Self {
            name: name.to_owned(),
            socket,
            station: address.addr().unwrap_or_default(),
            mtu,
            vlan,
            buffer: vec![0; LONGEST],
            control: nix::cmsg_space!(TimeSpec),
        };
        // What came from other interfaces before the socket was bound to this one.
        while link.take(MsgFlags::MSG_DONTWAIT)?.is_some() {}
        Ok(link)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn error(&self, e: Errno, frame: &[u8]) -> LinkError {
        match e {
            Errno::ENETDOWN | Errno::ENXIO => LinkError::Down(self.name.clone()),
            Errno::EMSGSIZE => {
                let (name, octets, mtu) = (self.name.clone(), carried(frame), self.mtu);
                LinkError::Long { name, octets, mtu }
            }
            e => LinkError::System { name: self.name.clone(), error: e.into() },
        }
    }

    /// Octets in the buffer and when they came; nothing if nothing came in time.
    fn take(&mut self, flags: MsgFlags) -> Result<Option<(usize, SystemTime)>, LinkError> {
        let fd = self.socket.as_raw_fd();
        let mut slices = [IoSliceMut::new(&mut self.buffer)];
        let taken = recvmsg::<LinkAddr>(fd, &mut slices, Some(&mut self.control), flags);
        let taken = match taken {
            Ok(message) => {
                let stamp = message.cmsgs().into_iter().flatten().find_map(|c| match c {
                    ControlMessageOwned::ScmTimestampns(t) => Some(t),
                    _ => None,
                });
                Ok((message.bytes, stamp))
            }
            Err(e) => Err(e),
        };
        match taken {
            Ok((octets, stamp)) => {
                let since = stamp.map(Duration::from);
                let at = since.map_or_else(SystemTime::now, |d| SystemTime::UNIX_EPOCH + d);
                Ok(Some((octets, at)))
            }
            Err(Errno::EAGAIN | Errno::EINTR) => Ok(None),
            Err(e) => Err(self.error(e, &[])),
        }
    }
}

impl Link for PacketLink {
    fn send(&mut self, frames: &[&[u8]]) -> Result<usize, LinkError> {
        let tagged: Option<Vec<Vec<u8>>> =
            self.vlan.map(|vlan| frames.iter().map(|f| tagged(f, vlan)).collect());
        let slices: Vec<[IoSlice<'_>; 1]> = match &tagged {
            Some(tagged) => tagged.iter().map(|f| [IoSlice::new(f)]).collect(),
            None => frames.iter().map(|f| [IoSlice::new(f)]).collect(),
        };
        let mut sent = 0;
        for batch in slices.chunks(BATCH) {
            let mut done = 0;
            while let Some(rest) = batch.get(done..).filter(|rest| !rest.is_empty()) {
                let mut headers = MultiHeaders::<LinkAddr>::preallocate(rest.len(), None);
                let addresses = vec![None; rest.len()];
                let fd = self.socket.as_raw_fd();
                let flags = MsgFlags::empty();
                match sendmmsg(fd, &mut headers, rest, &addresses, [], flags) {
                    Ok(results) => done += results.count(),
                    Err(Errno::EINTR) => {}
                    // The queue of the interface is full: it empties as it sends.
                    Err(Errno::ENOBUFS | Errno::EAGAIN) => std::thread::yield_now(),
                    Err(_) if sent + done > 0 => return Ok(sent + done),
                    Err(e) => return Err(self.error(e, rest.first().map_or(&[], |s| &s[0]))),
                }
            }
            sent += done;
        }
        Ok(sent)
    }

    fn receive(&mut self, within: Duration) -> Result<Option<Received<'_>>, LinkError> {
        // A time of zero would be for ever.
        let micros = within.as_micros().clamp(1, i64::MAX as u128) as i64;
        let limit = TimeVal::new(micros / 1_000_000, micros % 1_000_000);
        setsockopt(&self.socket, sockopt::ReceiveTimeout, &limit)
            .map_err(|e| self.error(e, &[]))?;
        let taken = self.take(MsgFlags::empty())?;
        Ok(taken.map(|(n, at)| Received { at, octets: &self.buffer[..n.min(LONGEST)] }))
    }

    fn mtu(&self) -> usize {
        self.mtu
    }

    fn station(&self) -> [u8; 6] {
        self.station
    }
}

impl From<LinkError> for io::Error {
    fn from(e: LinkError) -> Self {
        Self::other(e)
    }
}
