//! Interfaces of this machine, by packet sockets (packet(7)).

mod options;

use std::collections::VecDeque;
use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant, SystemTime};

use nix::errno::Errno;
use nix::ifaddrs::getifaddrs;
use nix::libc;
use nix::net::if_::InterfaceFlags;
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, MultiHeaders, RecvMsg, SockFlag,
    SockProtocol, SockType, bind, getsockopt, recvmmsg, sendmmsg, setsockopt, socket, sockopt,
};
use nix::sys::time::TimeSpec;

use self::options::{
    AUXILIARY, AddMembership, Auxiliary, AuxiliaryData, IgnoreOutgoing, Statistics, everything,
};
use super::vlan::{self, ADDRESSES, TAG, tagged};
use super::wait::poll;
use super::{Link, LinkError, Options, Received, carried, sys};

/// Frames that one call hands to the kernel.
const BATCH: usize = 64;
/// Frames that one call takes from the kernel.
const SLOTS: usize = 32;
/// Octets of the longest frame.
const LONGEST: usize = 65_550;
/// Octets for one frame, and for a tag that the kernel took out.
const SLOT: usize = TAG + LONGEST;

/// An Ethernet interface.
#[derive(Debug)]
pub struct PacketLink {
    name: String,
    socket: OwnedFd,
    /// The number that the kernel has for the interface.
    index: usize,
    station: [u8; 6],
    mtu: usize,
    options: Options,
    /// Slots with room for a tag that the kernel took out, then a frame.
    buffer: Vec<u8>,
    /// Frames in the buffer that nobody has asked for yet.
    held: VecDeque<Held>,
    lost: u64,
}

/// A frame in the buffer.
#[derive(Debug)]
struct Held {
    /// Where it begins and ends.
    from: usize,
    to: usize,
    at: SystemTime,
    own: bool,
    unsummed: bool,
}

impl PacketLink {
    /// Opens an interface. Needs `CAP_NET_RAW`.
    pub fn open(name: &str, options: &Options) -> Result<Self, LinkError> {
        let system = |e: Errno| LinkError::System { name: name.to_owned(), error: e.into() };
        let address = find(name)?;
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
        // Whoever may not have as much as was asked for has what the system allows.
        setsockopt(&socket, sockopt::RcvBufForce, &options.buffer)
            .or_else(|_| setsockopt(&socket, sockopt::RcvBuf, &options.buffer))
            .map_err(system)?;
        bind(socket.as_raw_fd(), &address).map_err(system)?;
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true).map_err(system)?;
        setsockopt(&socket, AuxiliaryData, &true).map_err(system)?;
        if !options.own {
            match setsockopt(&socket, IgnoreOutgoing, &true) {
                // Before Linux 4.20 they come and are left out here.
                Ok(()) | Err(Errno::ENOPROTOOPT) => {}
                Err(e) => return Err(system(e)),
            }
        }
        if options.promiscuous {
            setsockopt(&socket, AddMembership, &everything(address.ifindex())).map_err(system)?;
        }
        let mtu = sys::mtu(&socket, name).map_err(system)?;
        Ok(Self {
            name: name.to_owned(),
            socket,
            index: address.ifindex(),
            station: address.addr().unwrap_or_default(),
            mtu,
            options: options.clone(),
            buffer: vec![0; SLOTS * SLOT],
            held: VecDeque::with_capacity(SLOTS),
            lost: 0,
        })
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

    /// Reads what is here, as far as there is room. How many frames, whether they are
    /// for this link or not.
    fn fill(&mut self) -> Result<usize, LinkError> {
        let mut headers =
            MultiHeaders::preallocate(SLOTS, Some(nix::cmsg_space!(TimeSpec, [u8; AUXILIARY])));
        let mut slots: Vec<[IoSliceMut<'_>; 1]> = self
            .buffer
            .chunks_exact_mut(SLOT)
            .map(|slot| [IoSliceMut::new(slot.get_mut(TAG..).unwrap_or_default())])
            .collect();
        let fd = self.socket.as_raw_fd();
        let told: Vec<Told> =
            match recvmmsg(fd, &mut headers, &mut slots, MsgFlags::MSG_DONTWAIT, None) {
                Ok(messages) => messages.map(|m| Told::read(&m)).collect(),
                Err(Errno::EAGAIN | Errno::EINTR) => return Ok(0),
                Err(e) => return Err(self.error(e, &[])),
            };
        let came = told.len();
        for (n, (slot, told)) in self.buffer.chunks_exact_mut(SLOT).zip(told).enumerate() {
            let held = told.accept(slot, self.index, &self.options);
            self.held.extend(held.map(|h| Held {
                from: n * SLOT + h.from,
                to: n * SLOT + h.to,
                ..h
            }));
        }
        Ok(came)
    }
}

/// What the kernel says about a frame.
struct Told {
    octets: usize,
    at: SystemTime,
    interface: usize,
    own: bool,
    auxiliary: Auxiliary,
}

impl Told {
    fn read(message: &RecvMsg<'_, '_, LinkAddr>) -> Self {
        let mut at = None;
        let mut auxiliary = Auxiliary::default();
        for told in message.cmsgs().into_iter().flatten() {
            match told {
                ControlMessageOwned::ScmTimestampns(t) => at = Some(Duration::from(t)),
                ControlMessageOwned::Unknown(u) if u.cmsg_header.cmsg_level == libc::SOL_PACKET => {
                    auxiliary = Auxiliary::read(&u.data_bytes);
                }
                _ => {}
            }
        }
        Self {
            octets: message.bytes.min(LONGEST),
            at: at.map_or_else(SystemTime::now, |d| SystemTime::UNIX_EPOCH + d),
            interface: message.address.map_or(0, |a| a.ifindex()),
            own: message.address.is_some_and(|a| a.pkttype() == libc::PACKET_OUTGOING),
            auxiliary,
        }
    }

    /// The frame in a slot as it is given out, if it is one for this link. Puts the
    /// tag that the kernel took out back, and takes out the one of the link's VLAN.
    fn accept(self, slot: &mut [u8], link: usize, options: &Options) -> Option<Held> {
        // Frames of other interfaces came before the socket was bound to this one.
        if self.interface != link || self.own && !options.own {
            return None;
        }
        let mut from = TAG;
        let to = TAG + self.octets;
        if let Some(tag) = self.auxiliary.tag.filter(|_| self.octets >= ADDRESSES) {
            slot.copy_within(TAG..TAG + ADDRESSES, 0);
            slot.get_mut(ADDRESSES..ADDRESSES + TAG)?.copy_from_slice(&tag);
            from = 0;
        }
        if let Some(vlan) = options.vlan {
            let frame = slot.get_mut(from..to)?;
            if vlan::vlan_of(frame) != Some(vlan) {
                return None;
            }
            from += vlan::untag(frame);
        }
        let unsummed = self.auxiliary.unsummed;
        Some(Held { from, to, at: self.at, own: self.own, unsummed })
    }
}

/// The link-layer address of an interface that frames can be sent on.
pub(super) fn find(name: &str) -> Result<LinkAddr, LinkError> {
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
    Ok(address)
}

impl Link for PacketLink {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, frames: &[&[u8]]) -> Result<usize, LinkError> {
        let tagged: Option<Vec<Vec<u8>>> =
            self.options.vlan.map(|vlan| frames.iter().map(|f| tagged(f, vlan)).collect());
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
        let begin = Instant::now();
        while self.held.is_empty() {
            let rest = within.saturating_sub(begin.elapsed());
            if !rest.is_zero() {
                poll(&[self.socket.as_fd()], rest);
            }
            // A full batch may have more behind it.
            if self.fill()? < SLOTS && begin.elapsed() >= within {
                break;
            }
        }
        let held = self.held.pop_front();
        Ok(held.map(|h| Received {
            at: h.at,
            octets: self.buffer.get(h.from..h.to).unwrap_or_default(),
            own: h.own,
            unsummed: h.unsummed,
        }))
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.socket.as_fd())
    }

    fn has_frame(&self) -> bool {
        !self.held.is_empty()
    }

    fn lost(&mut self) -> u64 {
        // The kernel counts from the last time it was asked.
        if let Ok(counted) = getsockopt(&self.socket, Statistics) {
            self.lost += u64::from(counted.tp_drops);
        }
        self.lost
    }

    fn mtu(&self) -> usize {
        self.mtu
    }

    fn station(&self) -> [u8; 6] {
        self.station
    }
}
