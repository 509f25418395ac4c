//! Interfaces of this machine, through libpcap.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant, SystemTime};

use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use pcap::{Active, Capture, Direction, Error, Linktype, Precision};

use super::packet::find;
use super::wait::poll;
use super::{Link, LinkError, Options, Received, carried, sys, vlan};

/// Octets of the longest frame.
const LONGEST: usize = 65_550;

/// An Ethernet interface through libpcap. It does as [`super::PacketLink`] does, at
/// some cost in speed, where that is not to be had, and can leave frames out by a
/// capture filter. It cannot tell who sent a frame: [`Received::own`] is never set.
pub struct PcapLink {
    name: String,
    capture: Capture<Active>,
    /// Tells of the interface.
    control: OwnedFd,
    station: [u8; 6],
    vlan: Option<u16>,
    frame: Vec<u8>,
}

impl PcapLink {
    /// Opens an interface. Needs `CAP_NET_RAW`, as far as libpcap is concerned.
    pub fn open(name: &str, options: &Options) -> Result<Self, LinkError> {
        let address = find(name)?;
        let failed = |e: Error| trouble(name, &e);
        let buffer = i32::try_from(options.buffer).unwrap_or(i32::MAX);
        let mut capture = Capture::from_device(name)
            .and_then(|c| {
                // What has come is told at once, and nothing waits here: the
                // time-out of libpcap is no deadline.
                c.immediate_mode(true)
                    .promisc(options.promiscuous)
                    .snaplen(LONGEST as i32)
                    .buffer_size(buffer)
                    .precision(Precision::Nano)
                    .open()
            })
            .and_then(Capture::setnonblock)
            .map_err(failed)?;
        if capture.get_datalink() != Linktype::ETHERNET {
            return Err(LinkError::NotEthernet(name.to_owned()));
        }
        if !options.own {
            capture.direction(Direction::In).map_err(failed)?;
        }
        if let Some(filter) = options.filter.as_deref() {
            capture.filter(filter, true).map_err(|e| LinkError::Filter {
                filter: filter.to_owned(),
                error: e.to_string(),
            })?;
        }
        let control =
            socket(AddressFamily::Inet6, SockType::Datagram, SockFlag::SOCK_CLOEXEC, None)
                .map_err(|e| LinkError::System { name: name.to_owned(), error: e.into() })?;
        Ok(Self {
            name: name.to_owned(),
            capture,
            control,
            station: address.addr().unwrap_or_default(),
            vlan: options.vlan,
            frame: Vec::with_capacity(LONGEST),
        })
    }

    /// Puts the next frame that is here into `frame`, without the tag of the VLAN,
    /// and gives its time and where it begins.
    fn take(&mut self) -> Result<Option<(SystemTime, usize)>, LinkError> {
        loop {
            let at = match self.capture.next_packet() {
                Ok(packet) => {
                    self.frame.clear();
                    self.frame.extend_from_slice(packet.data);
                    let stamp = packet.header.ts;
                    // The precision was asked for: nanoseconds in spite of the name.
                    let since = Duration::new(stamp.tv_sec as u64, stamp.tv_usec as u32);
                    SystemTime::UNIX_EPOCH + since
                }
                Err(Error::TimeoutExpired) => return Ok(None),
                Err(e) => return Err(trouble(&self.name, &e)),
            };
            let Some(wanted) = self.vlan else { return Ok(Some((at, 0))) };
            if vlan::vlan_of(&self.frame) == Some(wanted) {
                return Ok(Some((at, vlan::untag(&mut self.frame))));
            }
        }
    }
}

/// What libpcap says.
fn trouble(name: &str, error: &Error) -> LinkError {
    let said = error.to_string();
    let said_of = |what: &str| said.contains(what);
    if said_of("ermission") || said_of("not permitted") {
        return LinkError::Privilege;
    }
    if said_of("went down") || said_of("Network is down") {
        return LinkError::Down(name.to_owned());
    }
    LinkError::System { name: name.to_owned(), error: std::io::Error::other(said) }
}

impl Link for PcapLink {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, frames: &[&[u8]]) -> Result<usize, LinkError> {
        let mtu = self.mtu();
        for (sent, frame) in frames.iter().enumerate() {
            let octets = carried(frame);
            let tagged = self.vlan.map(|vlan| vlan::tagged(frame, vlan));
            let went = if octets > mtu {
                Err(LinkError::Long { name: self.name.clone(), octets, mtu })
            } else {
                let sent = self.capture.sendpacket(tagged.as_deref().unwrap_or(frame));
                sent.map_err(|e| trouble(&self.name, &e))
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
            let taken = self.take()?;
            if let Some((at, from)) = taken {
                let octets = self.frame.get(from..).unwrap_or_default();
                return Ok(Some(Received { at, octets, own: false, unsummed: false }));
            }
            let rest = within.saturating_sub(begin.elapsed());
            if rest.is_zero() {
                return Ok(None);
            }
            poll(&[self.capture.as_fd()], rest);
        }
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.capture.as_fd())
    }

    fn mtu(&self) -> usize {
        sys::mtu(&self.control, &self.name).unwrap_or(super::USUAL_MTU)
    }

    fn station(&self) -> [u8; 6] {
        self.station
    }

    fn lost(&mut self) -> u64 {
        self.capture.stats().map_or(0, |s| u64::from(s.dropped))
    }
}
