//! Frames from an interface through libpcap.

use ::pcap::{Active, Capture, Error};

use super::{CaptureError, Frame, LinkType, Timestamp};

/// Octets of frames that wait in the kernel.
const BUFFER: i32 = 32 * 1024 * 1024;

/// An interface being captured from.
pub struct LiveCapture {
    capture: Capture<Active>,
    link: LinkType,
    frames: u64,
}

impl LiveCapture {
    /// Opens an interface, with a capture filter in libpcap's syntax if given; frames
    /// are there as soon as they have come. Needs the privilege to capture.
    pub fn open(interface: &str, filter: Option<&str>) -> Result<Self, CaptureError> {
        Self::new(interface, filter, true)
    }

    /// Opens an interface, likewise, for frames that come fast: they are there up to
    /// 50 ms after they have come, but many more of them may wait, since each takes no
    /// more room than it needs. `next_frame` does not wait: libpcap may wait for ever.
    pub fn open_for_many(interface: &str, filter: Option<&str>) -> Result<Self, CaptureError> {
        let Self { capture, link, frames } = Self::new(interface, filter, false)?;
        let capture = capture.setnonblock().map_err(|e| CaptureError::Live(e.to_string()))?;
        Ok(Self { capture, link, frames })
    }

    fn new(interface: &str, filter: Option<&str>, at_once: bool) -> Result<Self, CaptureError> {
        let failed = |e: Error| {
            CaptureError::Live(format!(
                "cannot capture from interface {interface}: {e}; it takes root or CAP_NET_RAW, \
                 and `ip link` lists the interfaces"
            ))
        };
        let mut capture = Capture::from_device(interface)
            .map_err(failed)?
            .immediate_mode(at_once)
            .promisc(true)
            .snaplen(262_144)
            .buffer_size(BUFFER)
            .timeout(if at_once { 100 } else { 50 })
            .open()
            .map_err(failed)?;
        if let Some(filter) = filter {
            capture
                .filter(filter, true)
                .map_err(|e| CaptureError::Live(format!("capture filter `{filter}`: {e}")))?;
        }
        let link = LinkType(capture.get_datalink().0 as u32);
        Ok(Self { capture, link, frames: 0 })
    }

    /// What its frames begin with.
    pub fn link(&self) -> LinkType {
        self.link
    }

    /// Frames that were lost so far, for want of room or by the interface.
    pub fn dropped(&mut self) -> u64 {
        let stats = self.capture.stats();
        stats.map_or(0, |s| u64::from(s.dropped) + u64::from(s.if_dropped))
    }

    /// The next frame, `None` if none came for a while.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, CaptureError> {
        let packet = match self.capture.next_packet() {
            Ok(packet) => packet,
            Err(Error::TimeoutExpired) => return Ok(None),
            Err(e) => return Err(CaptureError::Live(format!("capture ended: {e}"))),
        };
        self.frames += 1;
        let ts = packet.header.ts;
        Ok(Some(Frame {
            number: self.frames,
            time: Timestamp { secs: ts.tv_sec, nanos: ts.tv_usec as u32 * 1_000 },
            len: packet.header.len,
            data: packet.data,
            link: self.link,
            interface: 0,
            comment: &[],
        }))
    }
}
